"""Errors are sentences for an editor: what happened, and what to do.

Operations raise them, the edges show them in the reader's language, nobody swallows them.
"""

from django.utils.functional import Promise

Words = str | Promise


class PlannerError(Exception):
    """A refusal in words. `field` names the form field beside which it belongs, `link` leads to what is missing."""

    status = 409

    def __init__(self, message: Words, *, field: str | None = None, link: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.link = link

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(PlannerError):
    """The person's access level or editorial role does not allow the act."""

    status = 403


class NotFound(PlannerError):
    """There is nothing there, for this person at least."""

    status = 404


class Refused(PlannerError):
    """The state of the thing, or a rule, forbids the act for now."""


class Invalid(PlannerError):
    """A value cannot be accepted as it is."""

    status = 400


class Stale(PlannerError):
    """Somebody else changed the thing first."""
