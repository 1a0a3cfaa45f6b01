"""Links by which a calendar is read outside: the token is shown once, its digest is kept, each is revoked alone."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base import language
from planner.base.errors import Invalid, NotFound, Stale
from planner.calendar.models import Feed, PublicLink, SavedView
from planner.history import operations as history
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.operations.tokens import digest_of, new_token
from planner.workspaces.rules import Act, may

history.register(
    {
        "feed.opened": gettext_lazy("made a calendar feed"),
        "feed.revoked": gettext_lazy("revoked a calendar feed"),
        "link.published": gettext_lazy("made a public link to a view of the calendar"),
        "link.revoked": gettext_lazy("revoked a public link to a view of the calendar"),
    }
)

LONGEST_LINK = 366
"""Days after which a public link expires at the latest."""
SEEN_EVERY = timedelta(minutes=5)
"""How exactly the last reading is written down: calendar programs ask often."""


@transaction.atomic
def open_feed(
    *, actor: Membership, view: SavedView | None = None, alarm_minutes: int | None = None, now: datetime
) -> tuple[Feed, str]:
    """A feed of one's own, of everything or of one view that one sees; the token is given this once."""
    workspaces.require(actor, Act.READ)
    _must_be_seen(actor, view)
    token = new_token()
    feed = Feed.objects.create(
        person=actor, view=view, token_digest=digest_of(token), language=language.current(),
        alarm_minutes=alarm_minutes, created_at=now,
    )  # fmt: skip
    _record("feed.opened", actor, view, now)
    return feed, token


@transaction.atomic
def revoke_feed(*, actor: Membership, feed: Feed, now: datetime) -> None:
    """It answers 404 from now on."""
    if feed.person_id != actor.pk:
        raise NotFound(_("There is no such thing in this workspace."))
    if not Feed.objects.filter(pk=feed.pk, revoked_at__isnull=True).update(revoked_at=now):
        raise Stale(_("This link was revoked a moment ago."))
    _record("feed.revoked", actor, feed.view, now)


def read_feed(*, token: str, now: datetime) -> Feed | None:
    """The feed of a token, if it still answers: not revoked, its person still there, its view still shown to them."""
    found: Feed | None = (
        Feed.objects.open()
        .select_related("person__user", "person__workspace", "view")
        .filter(token_digest=digest_of(token))
        .first()
    )
    if found is None or not may(found.person.level, Act.READ):
        return None
    if found.view is not None and not SavedView.objects.seen_by(found.person).filter(pk=found.view.pk).exists():
        return None
    _see(Feed.objects.filter(pk=found.pk), found.last_read_at, now)
    return found


@transaction.atomic
def publish_view(*, actor: Membership, view: SavedView, days: int, now: datetime) -> tuple[PublicLink, str]:
    """A page for whoever has the link, without internal notes, that expires; the token is given this once."""
    workspaces.require(actor, Act.PLAN)
    _must_be_seen(actor, view)
    if not 1 <= days <= LONGEST_LINK:
        raise Invalid(_("Choose between one day and %(most)s days.") % {"most": LONGEST_LINK}, field="days")
    token = new_token()
    link = PublicLink.objects.create(
        view=view, token_digest=digest_of(token), language=language.current(), created_by=actor, created_at=now,
        expires_at=now + timedelta(days=days),
    )  # fmt: skip
    _record("link.published", actor, view, now)
    return link, token


@transaction.atomic
def revoke_link(*, actor: Membership, link: PublicLink, now: datetime) -> None:
    """It answers 404 from now on."""
    workspaces.require(actor, Act.PLAN)
    if link.view.workspace_id != actor.workspace_id:
        raise NotFound(_("There is no such thing in this workspace."))
    if not PublicLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=now):
        raise Stale(_("This link was revoked a moment ago."))
    _record("link.revoked", actor, link.view, now)


def read_link(*, token: str, now: datetime) -> PublicLink | None:
    """The link of a token, if it still answers."""
    found = (
        PublicLink.objects.open(now)
        .select_related("view__workspace", "view__owner__user", "view__owner__workspace")
        .filter(token_digest=digest_of(token))
        .first()
    )
    if found is not None:
        _see(PublicLink.objects.filter(pk=found.pk), found.last_read_at, now)
    return found


def _see(row: "object", before: datetime | None, now: datetime) -> None:
    if before is None or before + SEEN_EVERY <= now:
        row.update(last_read_at=now)  # type: ignore[attr-defined]


def _must_be_seen(actor: Membership, view: SavedView | None) -> None:
    if view is not None and not SavedView.objects.seen_by(actor).filter(pk=view.pk).exists():
        raise NotFound(_("There is no such thing in this workspace."))


def _record(verb: str, actor: Membership, view: SavedView | None, now: datetime) -> None:
    data = {"name": view.name if view else ""}
    history.record(verb=verb, actor=actor, workspace=actor.workspace, subject=view, data=data, now=now)
