"""Forms that call one operation and show its refusal where it belongs."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from planner.base.errors import PlannerError


class OperationForm(forms.Form):
    """A form whose valid values go to one operation: `if form.is_valid() and form.attempt(lambda: ...)`.

    After a success `outcome` holds what the operation returned; after a refusal `refusal` holds the error.
    """

    beside: ClassVar[Mapping[str, str]] = {}
    """Where the form asks for a value under another name than the operation: its field for that of the operation."""
    outcome: Any = None
    refusal: PlannerError | None = None

    def attempt(self, call: Callable[[], Any]) -> bool:
        """Run the operation; a refusal stands beside its field, or at the top with a link to what is missing."""
        try:
            self.outcome = call()
        except PlannerError as refusal:
            self.refusal = refusal
            field = self.beside.get(refusal.field or "", refusal.field)
            self.add_error(field if field in self.fields else None, _words(refusal))
            return False
        return True


def _words(refusal: PlannerError) -> Any:
    if not refusal.link:
        return str(refusal)
    return format_html('{} <a href="{}">{}</a>', str(refusal), refusal.link, _("See what is missing"))


def next_page(request: HttpRequest, default: str) -> str:
    """Where a page was asked to go afterwards (`next`), when that is a page of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else default
