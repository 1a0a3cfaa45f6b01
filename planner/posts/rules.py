"""States, intents and the explicit transition map. Pure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    IDEA = "idea", _("Idea")
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")
    CANCELLED = "cancelled", _("Cancelled")


class Intent(TextChoices):
    HELP = "help", _("Help")
    EXPLAIN = "explain", _("Explain")
    TELL = "tell", _("Tell")
    LISTEN = "listen", _("Listen")
    SERVE = "serve", _("Serve")
    PROMOTE = "promote", _("Promote")


class Moment(TextChoices):
    """Where the reader stands with us."""

    DISCOVERING = "discovering", _("discovering us")
    FIRST = "first_purchase", _("first purchase")
    IN_USE = "in_use", _("in use")
    SECOND = "second_purchase", _("second purchase")
    LOYAL = "loyal", _("loyal")
    LEAVING = "leaving", _("leaving")
    NOT_A_CUSTOMER = "not_a_customer", _("not a customer")


class Decision(TextChoices):
    APPROVED = "approved", _("approved")
    CHANGES = "changes", _("asked for changes")
