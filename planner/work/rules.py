"""States of a work item. Pure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class WorkState(TextChoices):
    OPEN = "open", _("to do")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


COUNTS = ("received", "answered", "private", "unanswered", "complaints")
"""The figures with which an answer item closes; `unanswered` above zero asks for a reason."""
