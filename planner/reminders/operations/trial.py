"""A mail to oneself, to see whether mail leaves this installation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import Refused
from planner.base.language import LANGUAGES
from planner.history import operations as history
from planner.reminders.rules import Trial
from planner.reminders.transports import Message, NullTransport, Transport, TransportError, Uncertain
from planner.reminders.transports.email import trial_id
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act

history.register({"delivery.tested": gettext_lazy("sent themselves a test")})


@dataclass(frozen=True)
class Tried:
    """What became of it, with the server's own words."""

    trial: Trial
    answer: str = ""


def send_test(*, actor: Membership, transport: Transport | None, now: datetime) -> Tried:
    """Send one mail to oneself by the road of every reminder, and say what the server answered.

    Nothing is kept but a line of history, and nothing is tried again.
    """
    workspaces.require(actor, Act.MANAGE_DELIVERY)
    if not actor.user.email:
        raise Refused(_("Your account has no e-mail address: there is nowhere to send a test."))
    tried = _try(transport, _message(actor, now))
    history.record(
        verb="delivery.tested", now=now, workspace=actor.workspace, actor=actor, data={"outcome": tried.trial}
    )
    return tried


def _try(transport: Transport | None, message: Message) -> Tried:
    if transport is None:
        return Tried(Trial.NO_SERVER)
    if isinstance(transport, NullTransport):
        return Tried(Trial.SENDS_NOTHING)
    try:
        transport.send(message)
    except TransportError as error:
        return Tried(Trial(error.code), error.answer)
    except Uncertain as error:
        return Tried(Trial.UNCERTAIN, str(error))
    finally:
        transport.close()
    return Tried(Trial.SENT)


def _message(actor: Membership, now: datetime) -> Message:
    inbox = reverse("reminders:inbox", kwargs={"workspace": actor.workspace.slug})
    card: dict[str, Any] = {"because": [{"code": "tested"}]}
    for language in LANGUAGES:
        with translation.override(language):
            card[language] = {
                "what": _("A test of Marronnier’s e-mails"),
                "why": _("This e-mail has arrived: reminders can reach you here."),
                "minutes": 0,
                "link": inbox,
                "action": _("See my reminders"),
                "note": "",
                "call": None,
            }
    return Message(trial_id(actor.pk, now), actor, card)
