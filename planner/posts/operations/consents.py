"""What people who are shown or quoted agreed to, and when they take it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotFound, Stale
from planner.base.language import in_both
from planner.posts import rules
from planner.posts.models import Consent, Post, Upload
from planner.posts.operations import reading, writing
from planner.posts.rules import Agreed
from planner.reminders import operations as reminders
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act


@dataclass(frozen=True)
class Given:
    """A consent as a form says it."""

    person: str
    scope: str
    given_on: date
    expires_on: date | None = None
    channels: tuple[str, ...] = ()
    evidence: Upload | None = None


@transaction.atomic
def give_consent(*, post: Post, actor: Membership, given: Given, now: datetime) -> Consent:
    """Write down that somebody agreed. The person is named among those who are shown."""
    post = writing.opened(post, actor, Act.WRITE)
    writing.must_be_writable(post)
    consent = keep_consent(post, given, actor, now)
    _show(post, [consent.person], now)
    writing.write_down("post.consent_given", post, actor, now, name=consent.person)
    return consent


def keep_consent(post: Post, given: Given, actor: Membership, now: datetime) -> Consent:
    """Check a consent and keep it. For operations that hold the post already."""
    return Consent.objects.create(post=post, recorded_by=actor, created_at=now, **_checked(post, given, now))


def _checked(post: Post, given: Given, now: datetime) -> dict[str, Any]:
    """The columns of a consent, or `Invalid` with the field."""
    if not given.person.strip():
        raise Invalid(_("Name the person who agreed."), field="person")
    if not given.scope.strip():
        raise Invalid(_("Say what the person agreed to: which words, which pictures."), field="scope")
    today = reading.calendar_of(post.workspace, now).local(now).date()
    if given.given_on > today:
        raise Invalid(_("This day is still to come: give the one on which the person agreed."), field="given_on")
    if given.expires_on is not None and given.expires_on < given.given_on:
        raise Invalid(_("The last day comes before the first."), field="expires_on")
    if given.evidence is not None and given.evidence.post_id != post.pk:
        raise NotFound(_("This file does not exist, or no longer."))
    return {
        "person": given.person.strip()[:150],
        "scope": given.scope.strip()[:500],
        "channels": list(given.channels),
        "given_on": given.given_on,
        "expires_on": given.expires_on,
        "evidence": given.evidence,
    }


@transaction.atomic
def change_consent(*, consent: Consent, actor: Membership, given: Given, now: datetime) -> Consent:
    """Put right what was written down of a consent, or what it covers since; one that was withdrawn stays as it is."""
    post = writing.opened(consent.post, actor, Act.WRITE)
    writing.must_be_writable(post)
    values = _checked(post, given, now)
    if Consent.objects.filter(pk=consent.pk, post=post, withdrawn_at__isnull=True).update(**values) != 1:
        raise Stale(_("This consent was withdrawn: write down a new one if the person agrees again."))
    consent.refresh_from_db()
    _show(post, [consent.person], now)
    writing.write_down("post.consent_changed", post, actor, now, name=consent.person)
    return consent


def _show(post: Post, people: Sequence[str], now: datetime) -> None:
    """Name these people among those who are shown; work that waits for that appears."""
    known = rules.names_shown(post.people_shown)
    added = [{"name": name} for name in people if name not in known]
    if added:
        writing.keep(post, now, people_shown=[*post.people_shown, *added])
        writing.relay(post, now)


@transaction.atomic
def withdraw_consent(*, consent: Consent, actor: Membership, now: datetime) -> Consent:
    """The person takes their consent back, at any time and without a reason: author and answerer are told at once."""
    post = writing.opened(consent.post, actor, Act.WRITE)
    if Consent.objects.filter(pk=consent.pk, post=post, withdrawn_at__isnull=True).update(withdrawn_at=now) != 1:
        raise Stale(_("This consent was withdrawn already."))
    consent.refresh_from_db()
    writing.write_down("post.consent_withdrawn", post, actor, now, name=consent.person)
    message = in_both(_("%(person)s withdrew their consent"), person=consent.person)
    for person in {one.pk: one for one in (post.author, post.answerer) if one and one.pk != actor.pk}.values():
        reminders.notify(
            workspace=post.workspace, subject=post, group=post, person=person, message=message, actor=actor, now=now
        )
    return consent


def agreed_on(post: Post) -> list[Agreed]:
    """The consents of a post as rules read them."""
    return [
        Agreed(one.person, tuple(one.channels), one.given_on, one.expires_on, one.withdrawn_at is not None)
        for one in post.consents.all()
    ]
