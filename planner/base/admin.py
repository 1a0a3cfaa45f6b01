"""Administration of what has a state: looked at, and changed through one operation only."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from planner.base.forms import OperationForm


class OperationModelForm(OperationForm, forms.ModelForm):
    """A form of the admin whose last step of validation is an operation: a refusal stands beside its field.

    Django's admin opens a transaction around the whole, so that nothing is kept when the page shows an error.
    """

    request: HttpRequest

    def operate(self) -> Model:
        """Call the operation with `cleaned_data`; returns what it changed."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        if not self.errors:
            self.attempt(self.operate)

    def save(self, commit: bool = True) -> Any:
        """The operation has saved already."""
        return self.outcome

    def save_m2m(self) -> None:
        """And all that belongs to it."""


class LookedAtAdmin(admin.ModelAdmin):
    """Nothing is added, changed or deleted unless a subclass offers a form that calls an operation.

    `shown` are the columns of the table, `asked` the fields of the form. Rows come from `seen_by`.
    """

    actions = None
    list_per_page = 50
    show_full_result_count = False
    shown: tuple[str, ...] = ()

    def seen_by(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows that this person may see."""
        raise NotImplementedError

    def asked(self, request: HttpRequest, obj: Any) -> tuple[str, ...]:
        """The fields of the form for this row, or for a new one."""
        return ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.seen_by(request)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        asked = self.asked(request, obj)
        return asked if obj is None else (*asked, *self.shown)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.shown if obj is not None else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"request": request})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The operation has saved already."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and bool(self.asked(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active)
