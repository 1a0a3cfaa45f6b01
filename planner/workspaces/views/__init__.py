"""The pages of this room: `doors` (before one is in), `people`, `places`."""

from django.http import HttpRequest, QueryDict

from planner.base.forms import OperationForm


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even when it is empty; nothing when the page is only looked at."""
    return request.POST if request.method == "POST" else None


def status_of(form: OperationForm) -> int:
    """The status of a page that shows a form again because an operation refused."""
    return form.refusal.status if form.refusal else 200
