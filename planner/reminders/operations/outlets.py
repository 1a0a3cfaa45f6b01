"""Outlets: chat rooms and programs to which a workspace is told things. Set up by managers, carried apart from mails.

What is carried is born in the transaction that told the person, and leaves by a road of its own: a slow chat room never
stands before a reminder. The same promises hold: `sending` is committed before the call, what a crash leaves behind is
in doubt and is never sent again by itself, a failure is tried again later and later.
"""

import secrets
import time
import uuid
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import Invalid, NotFound, Refused
from planner.base.language import LANGUAGES
from planner.history import operations as history
from planner.reminders import rules
from planner.reminders.models import DeliveryState, Errand, Notice, Outlet
from planner.reminders.operations.trial import Tried
from planner.reminders.rules import DeliveryStatus, Reason, Trial, Way
from planner.reminders.transports import (
    CARRIERS,
    CHECKS,
    Carrier,
    Parcel,
    TransportError,
    Uncertain,
    Unreachable,
)  # fmt: skip
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act

history.register(
    {
        "outlet.added": gettext_lazy("set up a chat room or a webhook"),
        "outlet.switched": gettext_lazy("switched a chat room or a webhook"),
        "outlet.removed": gettext_lazy("removed a chat room or a webhook"),
        "outlet.tested": gettext_lazy("sent a test to a chat room or a webhook"),
        "outlet.retried": gettext_lazy("asked for another try of a message to a chat room or a webhook"),
    }
)

CARRY_SECONDS = 10.0


# ---- setting up


@transaction.atomic
def add_outlet(
    *,
    actor: Membership,
    way: str,
    title: str,
    address: str,
    kinds: Collection[str],
    language: str,
    now: datetime,
) -> Outlet:
    """Tell a chat room or a program what the people of this workspace are told, for the kinds chosen.

    The address and, for a webhook, the secret of the signatures are kept and never shown again; the outlet returned
    carries the secret for the one page that shows it.
    """
    workspaces.require(actor, Act.MANAGE_DELIVERY)
    if way not in Way.values:
        raise Invalid(_("Choose a chat room or a webhook."), field="way")
    if not title.strip():
        raise Invalid(_("Give it a name, by which you will know it."), field="title")
    if not kinds or not set(kinds) <= set(rules.CARRIED_KINDS):
        raise Invalid(_("Choose at least one kind of message."), field="kinds")
    if language not in LANGUAGES:
        raise Invalid(_("Choose one of the languages."), field="language")
    CHECKS[way](address)
    outlet = Outlet.objects.create(
        workspace=actor.workspace,
        way=way,
        title=title.strip()[:80],
        address=address.strip(),
        secret=secrets.token_urlsafe(32) if way == Way.WEBHOOK else "",
        kinds=sorted(kinds),
        language=language,
        created_by=actor,
        created_at=now,
    )
    _record("outlet.added", outlet, actor, now, way=way)
    return outlet


@transaction.atomic
def switch_outlet(*, outlet: Outlet, is_on: bool, actor: Membership, now: datetime) -> Outlet:
    """Silence an outlet, or let it speak again; what waited meanwhile is dropped, not poured out."""
    _must_manage(outlet, actor)
    Outlet.objects.filter(pk=outlet.pk).update(is_on=is_on)
    if not is_on:
        waiting = Errand.objects.filter(outlet=outlet, next_at__isnull=False)
        waiting.update(state=DeliveryStatus.FAILED, next_at=None, reason=[{"code": "switched-off"}], at=now)
    _record("outlet.switched", outlet, actor, now, is_on=is_on)
    outlet.refresh_from_db()
    return outlet


@transaction.atomic
def remove_outlet(*, outlet: Outlet, actor: Membership, now: datetime) -> None:
    """Forget an outlet, its address, its secret, and what it was told."""
    _must_manage(outlet, actor)
    _record("outlet.removed", outlet, actor, now, way=outlet.way)
    Outlet.objects.filter(pk=outlet.pk).delete()


def try_outlet(
    *, outlet: Outlet, actor: Membership, now: datetime, carriers: Mapping[str, Callable[[], Carrier]] = CARRIERS
) -> Tried:
    """Send one test, and say what the other side answered. Nothing is tried again."""
    _must_manage(outlet, actor)
    tried = _try(carriers[outlet.way](), _test(outlet, actor, now))
    _record("outlet.tested", outlet, actor, now, outcome=str(tried.trial))
    return tried


def _try(carrier: Carrier, parcel: Parcel) -> Tried:
    try:
        carrier.send(parcel)
    except TransportError as error:
        return Tried(Trial.OUTLET_UNREACHABLE if isinstance(error, Unreachable) else Trial.OUTLET_REFUSED, error.answer)
    except Uncertain as error:
        return Tried(Trial.OUTLET_UNCERTAIN, str(error))
    return Tried(Trial.OUTLET_SENT)


def _test(outlet: Outlet, actor: Membership, now: datetime) -> Parcel:
    card: dict[str, Any] = {}
    for language in LANGUAGES:
        with translation.override(language):
            card[language] = {
                "what": _("A test of Marronnier"),
                "why": "",
                "minutes": 0,
                "link": f"/w/{outlet.workspace.slug}/",
                "action": _("Open Marronnier"),
                "note": _("This message has arrived: reminders can reach you here."),
            }
    return _parcel(outlet, f"test-{outlet.pk}-{now.timestamp():.0f}", str(actor), card, "test", now)


def _parcel(outlet: Outlet, number: str, to: str, card: Mapping[str, Any], kind: str, now: datetime) -> Parcel:
    return Parcel(
        number=number, address=outlet.address, secret=outlet.secret, language=outlet.language, to=to, card=card,
        kind=kind, at=now,
    )  # fmt: skip


def _must_manage(outlet: Outlet, actor: Membership) -> None:
    if outlet.workspace_id != actor.workspace_id:
        raise NotFound(_("There is no such thing in this workspace."))
    workspaces.require(actor, Act.MANAGE_DELIVERY)


def _record(verb: str, outlet: Outlet, actor: Membership, now: datetime, **data: Any) -> None:
    history.record(
        verb=verb, now=now, workspace=actor.workspace, actor=actor, subject=outlet,
        data={"title": outlet.title, **data},
    )  # fmt: skip


@transaction.atomic
def retry_errand(*, errand: Errand, actor: Membership, now: datetime) -> Errand:
    """Send again what was given up, or is in doubt. Only a person may decide that."""
    _must_manage(errand.outlet, actor)
    over = Errand.objects.filter(
        pk=errand.pk, state__in=(DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN), next_at__isnull=True
    )
    if over.update(state=DeliveryStatus.PENDING, attempts=0, next_at=now, reason=[]) != 1:
        raise Refused(_("This message has left, or is tried again by itself."))
    _record("outlet.retried", errand.outlet, actor, now)
    errand.refresh_from_db()
    return errand


# ---- carrying


@dataclass
class Carried:
    """`may_be_more`: it stopped because of its time."""

    counts: Counter[str]
    may_be_more: bool = False


def carry(
    *,
    clock: Callable[[], datetime],
    carriers: Mapping[str, Callable[[], Carrier]] = CARRIERS,
    seconds: float = CARRY_SECONDS,
    monotonic: Callable[[], float] = time.monotonic,
) -> Carried:
    """Carry what waits for chat rooms and programs, one at a time, for `seconds`. Any number may run at once.

    An outlet that cannot be reached is left alone for the rest of the run.
    """
    done, ends, down = Carried(Counter()), monotonic() + seconds, set[int]()
    done.counts["unknown"] += _flag_stuck(clock())
    while True:
        if DeliveryState.objects.filter(paused_at__isnull=False).exists():
            return done
        if monotonic() >= ends:
            done.may_be_more = True
            return done
        due = Errand.objects.due(clock()).exclude(outlet__in=down).select_related("outlet__workspace")
        errand = due.order_by("next_at", "id").first()
        if errand is None:
            return done
        token = uuid.uuid4()
        if _take(errand, token, clock()):
            done.counts[_carry(errand, token, carriers, down, clock)] += 1


def _flag_stuck(now: datetime) -> int:
    lease = timedelta(seconds=settings.REMINDER_LEASE_SECONDS)
    stuck = Errand.objects.filter(state=DeliveryStatus.SENDING, at__lt=now - lease)
    return stuck.update(state=DeliveryStatus.UNKNOWN, token=None, next_at=None, reason=[{"code": "in-doubt"}], at=now)


def _take(errand: Errand, token: uuid.UUID, now: datetime) -> bool:
    free = Errand.objects.due(now).filter(pk=errand.pk)
    taken = free.update(state=DeliveryStatus.SENDING, token=token, attempts=F("attempts") + 1, at=now)
    return bool(taken)


def _carry(
    errand: Errand,
    token: uuid.UUID,
    carriers: Mapping[str, Callable[[], Carrier]],
    down: set[int],
    clock: Callable[[], datetime],
) -> str:
    """The name of what became of it."""
    mine = Errand.objects.filter(pk=errand.pk, token=token)
    try:
        carriers[errand.outlet.way]().send(_parcel_of(errand, clock()))
    except Uncertain as error:
        _settle(mine, DeliveryStatus.UNKNOWN, [{"code": "cut", "answer": str(error)[:300]}], None, clock())
        return "unknown"
    except TransportError as error:
        if isinstance(error, Unreachable):
            down.add(errand.outlet_id)
        _put_off(mine, errand.attempts + 1, error, clock())
        return "failed"
    except Exception as error:  # a message that cannot be worded: this one alone pays for it
        _put_off(mine, errand.attempts + 1, TransportError(f"{type(error).__name__}: {error}"), clock())
        return "failed"
    _settle(mine, DeliveryStatus.SENT, [], None, clock())
    return "sent"


def _parcel_of(errand: Errand, now: datetime) -> Parcel:
    notice = Notice.objects.filter(reminder=errand.reminder_id).select_related("recipient__user").first()
    if notice is None:
        raise TransportError("the message is gone", permanent=True)
    return _parcel(errand.outlet, f"errand-{errand.pk}", str(notice.recipient), notice.card, errand.kind, now)


def _put_off(mine: "models.QuerySet[Errand]", attempts: int, error: TransportError, now: datetime) -> None:
    words: Reason = {"code": "outlet-refused", "answer": error.answer}
    if error.permanent or attempts >= rules.MOST_ATTEMPTS:
        _settle(mine, DeliveryStatus.FAILED, [words, {"code": "given-up", "attempts": attempts}], None, now)
        return
    later = now + rules.backoff(attempts)
    _settle(mine, DeliveryStatus.FAILED, [words, {"code": "retry", "until": later.isoformat()}], later, now)


def _settle(
    mine: "models.QuerySet[Errand]", state: str, reason: list[Reason], next_at: datetime | None, now: datetime
) -> None:
    mine.update(state=state, token=None, reason=reason, next_at=next_at, at=now)
