"""People and places that every test may meet: a member, a colleague, a reader, a manager, and an outsider."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings

from planner.workspaces.models import Membership, User, Workspace
from planner.workspaces.rules import Level

settings.register_profile(
    "house", max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

NOW = datetime(2026, 4, 27, 8, 0, tzinfo=UTC)  # a Monday, 10:00 in Paris


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """Tests need no collected files, and never write where a person's data is."""
    settings.WHITENOISE_AUTOREFRESH = True
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def now():
    return NOW


def person(name: str, email: str, **fields) -> User:
    return User.objects.create(name=name, email=email, password="!", **fields)


def join(workspace: Workspace, user: User, level: str) -> Membership:
    return Membership.objects.create(workspace=workspace, user=user, level=level, joined_at=NOW)


@pytest.fixture
def workspace(db):
    return Workspace.objects.create(
        name="Ville de Marbourg", slug="marbourg", languages=["fr", "en"], time_zone="Europe/Paris", country="FR",
        created_at=NOW,
    )  # fmt: skip


@pytest.fixture
def other_workspace(db):
    return Workspace.objects.create(
        name="Assurances du Lac", slug="lac", languages=["fr"], time_zone="Europe/Zurich", country="CH", region="GE",
        created_at=NOW,
    )  # fmt: skip


@pytest.fixture
def member(workspace):
    """Inès, who plans."""
    return join(workspace, person("Inès Marchetti", "ines@example.org"), Level.PLANNER)


@pytest.fixture
def colleague(workspace):
    """Karim, who contributes."""
    return join(workspace, person("Karim Belhadj", "karim@example.org"), Level.CONTRIBUTOR)


@pytest.fixture
def reader(workspace):
    return join(workspace, person("Rose Lecteur", "rose@example.org"), Level.READER)


@pytest.fixture
def manager(workspace):
    return join(workspace, person("Maud Gérante", "maud@example.org"), Level.MANAGER)


@pytest.fixture
def outsider(other_workspace):
    """Otto, who manages somewhere else."""
    return join(other_workspace, person("Otto Ailleurs", "otto@example.org", language="en"), Level.MANAGER)


@pytest.fixture
def browse(client):
    """`browse(member)` gives a client signed in as that member."""

    def as_member(membership: Membership):
        client.force_login(membership.user)
        return client

    return as_member
