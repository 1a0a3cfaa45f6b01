import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english():
    """Sentences are compared in English, whatever the translations say."""
    with translation.override("en"):
        yield
