"""What we say: a post that the hold lets pass, confirmed by two people, published by a person, and the next hour."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotAllowed, Refused
from planner.base.language import in_both, pick
from planner.crisis import rules
from planner.crisis.models import Crisis, Statement
from planner.crisis.operations import log, promises
from planner.crisis.queries import conduct_of, questions_of
from planner.crisis.rules import FactKind, StatementKind
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts.models import Approval, Hold, Placement, Post
from planner.posts.rules import FROZEN, Event, PostValues
from planner.work import operations as work
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Channel, Membership, Workspace
from planner.workspaces.rules import Act, EditorialRole, RoleBook

GATE = "crisis"


@transaction.atomic
def prepare_statement(
    *, crisis: Crisis, kind: str, actor: Membership, next_at: datetime | None = None, language: str = "", now: datetime
) -> Statement:
    """The draft of the first words, of an update, or of the closing words: a post with its questions, ready to write.

    What is known and unknown is copied into it. No crisis holds it; it goes out from the crisis room alone.
    `next_at` is the hour promised in it, by default the next one of the level.
    """
    crisis = log.opened(crisis, actor, Act.COMMENT)
    _must_be_time_for(crisis, kind)
    page = conduct_of(crisis.workspace).level(max(crisis.level, 1))
    if next_at is None and kind != StatementKind.CLOSING:
        next_at = promises.next_hour(crisis, page, max(now, crisis.promised_at or now))
    if next_at is not None and next_at <= now:
        raise Invalid(_("Promise an hour to come."), field="next_at")
    book = workspaces.role_book(crisis.workspace)
    spoken = language or crisis.workspace.main_language
    post = posts.create_urgent(
        actor=actor, template=_template(crisis, kind), channels=_channels(crisis, kind),
        values=_values(crisis, kind, book, next_at, actor), title=crisis.title, language=spoken, now=now,
    )  # fmt: skip
    for hold in Hold.objects.open().filter(workspace=crisis.workspace, alert__isnull=False):
        posts.let_pass(hold=hold, post=post, reason=str(OWN_WORDS), actor=actor, now=now)
    statement = Statement.objects.create(
        crisis=crisis, post=post, kind=kind, number=crisis.statements.count() + 1,
        due_at=None if kind == StatementKind.CLOSING else crisis.promised_at, next_at=next_at, created_at=now,
    )  # fmt: skip
    _keep_to_this_room(statement, now)
    log.tell("crisis.statement", crisis, actor, now, _("%(who)s prepares a statement."), values={"who": str(actor)})
    return statement


def _keep_to_this_room(statement: Statement, now: datetime) -> None:
    posts.block(
        post=statement.post, events=[Event.PUBLISH_URGENT, Event.PUBLISH], gate=GATE,
        reason=in_both(_("A statement is confirmed and published from the crisis room.")), link=statement.link, now=now,
    )  # fmt: skip


def _must_be_time_for(crisis: Crisis, kind: str) -> None:
    if kind not in StatementKind.values:
        raise Invalid(_("Choose the kind of statement."), field="kind")
    if crisis.cleared_at is not None and kind != StatementKind.CLOSING:
        raise Refused(_("The crisis is over: what is left to say are the closing words."), link=crisis.link)
    if crisis.cleared_at is None and kind == StatementKind.CLOSING:
        raise Refused(_("The closing words come after the all-clear."), link=crisis.link)
    waiting = crisis.statements.waiting().first()
    if waiting is not None:
        raise Refused(_("A statement is waiting to go out already: finish that one first."), link=waiting.link)


def _template(crisis: Crisis, kind: str) -> PlaybookItem:
    slug = rules.STATEMENTS[kind]
    found = PlaybookItem.objects.visible_to(crisis.workspace).templates().filter(slug=slug).first()
    if found is None:
        raise Refused(_("The templates of a crisis are not in the playbook: load the playbook first."))
    return found


def _channels(crisis: Crisis, kind: str) -> list[Channel]:
    """Those that the template names and the workspace uses, else the first place of our own."""
    slugs = _template(crisis, kind).payload.get("default_channels") or ()
    found = list(crisis.workspace.channels.used().filter(slug__in=slugs))
    return found or list(crisis.workspace.channels.used().filter(owned=True)[:1])


def _values(
    crisis: Crisis, kind: str, book: RoleBook[Membership], next_at: datetime | None, actor: Membership
) -> PostValues:
    """What the crisis room knows already; the rest is asked by the template."""
    asked = {field["key"] for field in _template(crisis, kind).payload.get("fields", ())}
    calendar = workspaces.working_calendar(crisis.workspace)
    spokesperson = book.first(EditorialRole.SPOKESPERSON) or crisis.lead
    known: dict[str, Any] = {
        "known": _facts(crisis, FactKind.KNOWN),
        "not_known": _facts(crisis, FactKind.UNKNOWN),
        "next_update_at": calendar.local(next_at).replace(tzinfo=None).isoformat(timespec="minutes") if next_at else "",
        "spokesperson": spokesperson.pk if spokesperson else None,
    }
    return {"author": actor, "fields": {key: value for key, value in known.items() if key in asked and value}}


def _facts(crisis: Crisis, kind: str) -> list[str]:
    facts = crisis.facts.filter(kind=kind, dropped_at__isnull=True)
    return [f"{fact.text} ({fact.source})" if fact.source else fact.text for fact in facts]


# ---- two confirmations


@transaction.atomic
def confirm_statement(
    *, statement: Statement, actor: Membership, answered: Collection[str] = (), despite: str = "", now: datetime
) -> Approval:  # fmt: skip
    """Confirm the text exactly as it stands. From level 3 on, one of the two speaks or leads.

    `answered` names the questions of its template to which this person says yes, all of them. What the policy stops is
    refused with its words; the director may let it pass with a reason (`despite`).
    """
    crisis = log.opened(statement.crisis, actor, Act.COMMENT)
    given = posts.confirmations(statement.post)
    book = workspaces.role_book(crisis.workspace)
    if crisis.is_drill and not all(rules.says_drill(text.title) for text in statement.post.texts.all() if text.body):
        raise Invalid(_("Begin each title with %(mark)s: whoever reads it must know.") % {"mark": rules.DRILL})
    if not _one_speaks(crisis, book, {*(one.person_id for one in given), actor.pk}):
        raise NotAllowed(
            _("At this level one of the two who confirm is the crisis lead, their deputy, the director or the "
              "spokesperson.")
        )  # fmt: skip
    asked = questions_of(statement.post)
    missing = next((one.slug for one in asked if one.slug not in answered), None)
    if missing:
        raise Invalid(_("Confirm only what you can say yes to: otherwise the text changes first."), field=missing)
    confirmed = posts.confirm_urgent(
        post=statement.post, actor=actor, is_allowed=True, despite=despite, level=crisis.level, now=now
    )
    said = _("%(who)s confirms the statement, exactly as it stands.")
    if confirmed.comment:
        said = _("%(who)s confirms the statement, exactly as it stands, in spite of what the policy says: %(despite)s")
    log.tell(
        "crisis.confirmed", crisis, actor, now, said, values={"who": str(actor), "despite": confirmed.comment},
        reason=" ".join(pick(one.payload["statement"], crisis.workspace.main_language) for one in asked),
    )  # fmt: skip
    return confirmed


def _one_speaks(crisis: Crisis, book: RoleBook[Membership], both: Collection[int]) -> bool:
    """From level 3 on, does one of the two speak or lead? A single one may still be joined by such a person."""
    return crisis.peak < posts.TWO_FROM or len(both) < rules.CONFIRMATIONS or any(speaks(book, pk) for pk in both)


def judge_again(crisis: Crisis, book: RoleBook[Membership], actor: Membership, now: datetime) -> None:
    """When a crisis begins or its level rises, words of any crisis that were confirmed and are not out yet are judged
    anew. What the policy stops now, or what nobody who speaks or leads has confirmed, is to be confirmed again: the log
    says why, and it cannot go out."""
    waiting = Statement.objects.waiting().filter(crisis__workspace=crisis.workspace)
    for statement in waiting.select_related("post__template", "crisis").order_by("pk"):
        statement.crisis.workspace = statement.post.workspace = crisis.workspace
        given = posts.confirmations(statement.post)
        if given:
            _still_holds(statement, {one.person_id for one in given}, crisis, book, actor, now)


def _still_holds(
    statement: Statement, both: Collection[int], crisis: Crisis, book: RoleBook[Membership], actor: Membership,
    now: datetime,
) -> None:  # fmt: skip
    """The alert of `crisis` has risen: do these words bear it, and these two people?"""
    is_own = statement.crisis_id == crisis.pk
    stopped = posts.stopping(statement.post, crisis.level if is_own else statement.crisis.level, now)
    if stopped and is_own:
        why = _("To be confirmed again: at level %(level)s the policy stops the statement (%(rules)s). Mend the text.")
    elif stopped:
        why = _(
            "To be confirmed again: with “%(crisis)s”, level %(level)s, the policy stops the statement (%(rules)s). "
            "Mend the text."
        )
    elif is_own and not _one_speaks(crisis, book, both):
        why = _("To be confirmed again: at level %(level)s one of the two is a spokesperson, leads or directs.")
    else:
        return
    posts.withdraw_confirmations(post=statement.post, now=now)
    values = {"level": crisis.level, "rules": ", ".join(stopped), "crisis": crisis.title}
    log.tell("crisis.unconfirmed", statement.crisis, actor, now, why, values=values)


OWN_WORDS = _("The crisis’s own words")


def own_words(workspace: Workspace) -> dict[int, str]:
    """The statements of this workspace that may still go out somewhere, with the reason: no crisis holds them."""
    ours = Statement.objects.filter(crisis__workspace=workspace).exclude(post__status__in=FROZEN)
    ours = ours.filter(Q(crisis__cleared_at__isnull=True) | Q(kind=StatementKind.CLOSING))
    return dict.fromkeys(ours.values_list("post", flat=True), str(OWN_WORDS))


def speaks(book: RoleBook[Membership], member_id: int) -> bool:
    """Does this person lead or speak? With nobody in these roles, a manager."""
    if any(book.holds(member_id, role) for role in rules.SPEAKING):
        return True
    return member_id in book.managers and not any(book.holders(role) for role in rules.SPEAKING)


@transaction.atomic
def record_statement(
    *, statement: Statement, placement: Placement, actor: Membership, address: str, published_at: datetime,
    now: datetime,
) -> Statement:  # fmt: skip
    """It is out, on one channel: where, and when. The first one keeps the promise and makes the next."""
    crisis = log.opened(statement.crisis, actor, Act.COMMENT)
    statement = Statement.objects.select_related("post").get(pk=statement.pk)
    statement.crisis = crisis
    posts.unblock(post=statement.post, gate=GATE, now=now)
    posts.record_publication(
        placement=placement, actor=actor, address=address, published_at=published_at, is_allowed=True, now=now
    )
    if Placement.objects.open().filter(post=statement.post).exists():
        _keep_to_this_room(statement, now)
    is_first = statement.published_at is None
    if is_first:
        Statement.objects.filter(pk=statement.pk).update(published_at=published_at)
        statement.published_at = published_at
        _keep_the_promise(crisis, statement, actor, now)
    log.tell(
        "crisis.spoke", crisis, actor, now, _("%(who)s publishes the statement on %(channel)s. Confirmed by %(two)s."),
        values={"who": str(actor), "channel": str(placement.channel), "two": _two(statement.post)},
    )  # fmt: skip
    return statement


@transaction.atomic
def tell_inside(*, crisis: Crisis, text: str, actor: Membership, now: datetime) -> Crisis:
    """At a level that promises its hours to colleagues: the note stands in the log, and the next hour is promised. It
    keeps no promise that was made in public."""
    crisis = log.opened(crisis, actor, Act.COMMENT)
    page = conduct_of(crisis.workspace).level(max(crisis.level, 1))
    if crisis.cleared_at is not None or not rules.speaks_inside(page):
        raise Refused(_("At this level the words are said in public: write the update."), link=crisis.link)
    if not text.strip():
        raise Invalid(_("Say in a few sentences where things stand, even with no news."), field="text")
    hours = (promises.next_hour(crisis, page, now), promises.in_public(crisis))
    promised = min((hour for hour in hours if hour is not None), default=None)
    promises.renew(crisis, page, workspaces.role_book(crisis.workspace), promised, actor, now)
    log.tell(
        "crisis.told", crisis, actor, now, _("%(who)s tells colleagues: %(text)s"),
        values={"who": str(actor), "text": text.strip()},
    )  # fmt: skip
    return crisis


def _two(post: Post) -> str:
    return ", ".join(str(one.person) for one in posts.confirmations(post))


def _keep_the_promise(crisis: Crisis, statement: Statement, actor: Membership, now: datetime) -> None:
    if statement.kind == StatementKind.HOLDING:
        work.settle(subject=crisis, key="holding", actor=actor, now=now)
    if statement.kind == StatementKind.CLOSING or crisis.cleared_at is not None:
        crisis.checks.filter(key="closing-statement", done_at__isnull=True).update(done_at=now, done_by=actor)
        work.settle(subject=crisis, key="closing-statement", actor=actor, now=now)
        return
    page = conduct_of(crisis.workspace).level(crisis.level)
    book = workspaces.role_book(crisis.workspace)
    promises.renew(crisis, page, book, statement.next_at or promises.next_hour(crisis, page, now), actor, now)


def said_last(crisis: Crisis) -> Statement | None:
    """The last words that went out."""
    return (
        crisis.statements.filter(published_at__isnull=False).select_related("post").prefetch_related("post__texts")
        .order_by("-published_at", "-number").first()
    )  # fmt: skip
