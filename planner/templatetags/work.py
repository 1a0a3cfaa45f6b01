"""Work items on the pages of higher rooms: a room never imports another room's forms, a page may show them."""

from django import template

from planner.work.forms import CompleteForm
from planner.work.models import WorkItem

register = template.Library()


@register.simple_tag
def completion_form(item: WorkItem) -> CompleteForm:
    """The form that closes this work, its fields named apart from those of the other items of the page."""
    return CompleteForm(item, auto_id=f"work-{item.pk}-%s")
