"""A post is made from a template: questions, people, dated work and its reminders; or it is proposed as an idea."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotFound
from planner.base.language import LANGUAGES
from planner.history import operations as history
from planner.playbook import rules as playbook
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.rules import LaidItem, Layout, Task, chain, day_of, lay_out, parse_offset
from planner.posts import rules
from planner.posts.models import Application, Comment, Initiative, Placement, Post, PostText
from planner.posts.operations import reading, writing
from planner.posts.operations.applying import settle_application
from planner.posts.operations.comments import read_remark
from planner.posts.operations.consents import Given, keep_consent
from planner.posts.operations.frame import read_values
from planner.posts.operations.initiatives import join
from planner.posts.operations.lasting import renew
from planner.posts.rules import PostValues, Status, WallTime
from planner.work import operations as work
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Channel, Membership, Workspace
from planner.workspaces.rules import Act, EditorialRole


@dataclass(frozen=True)
class PreviewItem:
    """A piece of work that would be made: its date, who would own it, and whether its role has nobody."""

    laid: LaidItem
    person: Membership | None
    is_role_vacant: bool


@dataclass(frozen=True)
class Preview:
    """What applying a template would make, in the order of the dates."""

    items: tuple[PreviewItem, ...]
    review_days_lost: int
    planned_at: datetime | None
    values: PostValues
    """With the people and flags that the template and the roles fill in."""


def chain_of(workspace: Workspace, template: PlaybookItem) -> tuple[Task, ...]:
    """The tasks of a template and its workflow. Raises `NotFound` in words when the workflow is not loaded."""
    return chain(_workflow_of(workspace, template), template.payload)


def usual_day(
    *, workspace: Workspace, template: PlaybookItem, received_at: datetime | None = None, now: datetime
) -> date | None:
    """The day on which such a post usually appears, counted from the message that it answers, or from now.

    None when the template leaves it to a choice, counts from a date that is not known yet, or the day has passed.
    """
    offset = playbook.usual_day(_workflow_of(workspace, template), template.payload)
    if offset is None:
        return None
    calendar = reading.calendar_of(workspace, now)
    day = day_of(offset, rules.anchors_of(template.payload, {}, received_at or now, calendar), calendar)
    return day if day and day > calendar.local(now).date() else None


def _workflow_of(workspace: Workspace, template: PlaybookItem) -> dict[str, Any]:
    slug = template.payload["workflow"]
    workflow = PlaybookItem.objects.visible_to(workspace).of_kind(Kind.WORKFLOW).filter(slug=slug).first()
    if workflow is None:
        raise NotFound(_("The workflow “%(workflow)s” is not in the playbook: load the playbook.") % {"workflow": slug})
    payload: dict[str, Any] = workflow.payload
    return payload


def preview(
    *,
    actor: Membership,
    template: PlaybookItem,
    planned: WallTime | None,
    values: PostValues | None = None,
    channels: Iterable[Channel] = (),
    now: datetime,
) -> Preview:
    """What `create_from_template` would make with these values. Reads only; raises nothing for what is still empty."""
    workspaces.require(actor, Act.PROPOSE)
    plan = _plan(actor, template, planned, values or {}, _House(actor.workspace, now), now)
    return Preview(
        items=tuple(PreviewItem(laid, *work.owner_of(laid.task.role, plan.people)) for laid in plan.layout.items),
        review_days_lost=plan.layout.review_days_lost,
        planned_at=plan.planned_at,
        values=plan.values,
    )


@transaction.atomic
def create_from_template(
    *,
    actor: Membership,
    template: PlaybookItem,
    planned: WallTime | None,
    channels: Sequence[Channel],
    values: PostValues | None = None,
    title: str,
    language: str,
    application: Application | None = None,
    consents: Sequence[Given] = (),
    now: datetime,
) -> Post:
    """A draft with its texts, placements, dated work and reminders, in one go.

    `planned` is the wall time of every placement; None leaves the post undated. `received_at` among the values is when
    the signal came that work counted from `R` answers; without it, that work is counted from now. Needs the right to
    plan; without it, see `propose`.
    Raises `Invalid` with the field for a past hour, an unknown language, an empty title.
    """
    workspaces.require(actor, Act.PLAN)
    made = _Made(application, consents, Status.DRAFT, "post.created")
    return _create(actor, template, planned, channels, values or {}, title, language, made, now)


@transaction.atomic
def propose(
    *,
    actor: Membership,
    template: PlaybookItem,
    values: PostValues | None = None,
    channels: Sequence[Channel] = (),
    title: str,
    language: str,
    application: Application | None = None,
    consents: Sequence[Given] = (),
    now: datetime,
) -> Post:
    """An idea without a date, open to everyone who contributes; somebody who plans gives it its date."""
    workspaces.require(actor, Act.PROPOSE)
    made = _Made(application, consents, Status.IDEA, "post.proposed")
    return _create(actor, template, None, channels, values or {}, title, language, made, now)


@dataclass(frozen=True)
class Piece:
    """A post that was planned elsewhere, as far as it is known. Without a template it has no questions and no work."""

    title: str
    language: str
    planned: WallTime | None = None
    channels: Sequence[Channel] = ()
    values: PostValues = field(default_factory=lambda: PostValues())
    template: PlaybookItem | None = None
    body: str = ""
    initiative: Initiative | None = None
    remark: str = ""
    """What the team should know; it stays inside."""


@transaction.atomic
def bring_in(*, actor: Membership, pieces: Sequence[Piece], now: datetime) -> list[Post]:
    """Drafts of what was planned elsewhere, all of them or none; needs the right to plan.

    Raises what `create_from_template` raises, at the first that cannot be made. The workspace is read once for all.
    """
    workspaces.require(actor, Act.PLAN)
    house = _House(workspaces.lock(actor.workspace), now)
    return [_brought(actor, piece, house, now) for piece in pieces]


def _brought(actor: Membership, piece: Piece, house: "_House", now: datetime) -> Post:
    made = _Made(None, (), Status.DRAFT, "post.created", piece.body, house)
    post = _create(
        actor, piece.template, piece.planned, piece.channels, piece.values, piece.title, piece.language, made, now
    )
    if piece.initiative is not None:
        join(post=post, initiative=piece.initiative, actor=actor, now=now)
    if piece.remark:
        Comment.objects.create(post=post, author=actor, body=read_remark(piece.remark), at=now)
    return post


class _House:
    """What making a post reads of its workspace, which is the same for all that are made in one act."""

    def __init__(self, workspace: Workspace, now: datetime) -> None:
        self.workspace = workspace
        self.calendar = reading.calendar_of(workspace, now)
        self.book = reading.book_of(workspace, now)
        self._chains: dict[int, tuple[Task, ...]] = {}
        self._open_days: set[date] = set()

    def tasks(self, template: PlaybookItem | None) -> tuple[Task, ...]:
        if template is None:
            return ()
        if template.pk not in self._chains:
            self._chains[template.pk] = chain_of(self.workspace, template)
        return self._chains[template.pk]

    def refuse_blackout(self, day: date) -> None:
        if day not in self._open_days:
            workspaces.refuse_blackout(self.workspace, day)
            self._open_days.add(day)


@dataclass(frozen=True)
class _Made:
    """What the post comes from, and as what it begins."""

    application: Application | None
    consents: Sequence[Given]
    status: Status
    verb: str
    body: str = ""
    """Its text where it is written already, instead of the headings of the template."""
    house: _House | None = None
    """Read and locked already, where several are made."""

    @property
    def uploads(self) -> set[int]:
        return set(self.application.uploads.values_list("pk", flat=True)) if self.application else set()


def make(
    actor: Membership, template: PlaybookItem, channels: Sequence[Channel], values: PostValues, title: str,
    language: str, now: datetime,
) -> Post:  # fmt: skip
    """The undated draft itself, for operations that have asked whether it may be made."""
    made = _Made(None, (), Status.DRAFT, "post.created")
    return _create(actor, template, None, channels, values, title, language, made, now)


@dataclass(frozen=True)
class _Plan:
    tasks: tuple[Task, ...]
    layout: Layout
    people: dict[str, Membership | None]
    planned_at: datetime | None
    values: PostValues


def _plan(
    actor: Membership,
    template: PlaybookItem | None,
    planned: WallTime | None,
    values: PostValues,
    house: _House,
    now: datetime,
) -> _Plan:
    workspace, calendar, book = house.workspace, house.calendar, house.book
    filled = _filled(actor, template, values, book.first)
    tasks = house.tasks(template)
    planned_at = calendar.at(planned.on, planned.at) if planned else None
    answerer = filled.get("answerer")
    if filled.get("received_at") is None and any(parse_offset(task.offset).anchor == "R" for task in tasks):
        filled["received_at"] = now
    layout = lay_out(
        tasks,
        planned_at=planned_at,
        published_at=None,
        calendar=calendar,
        now=now,
        facts=rules.facts_of(filled),
        anchors=rules.anchors_of(_payload(template), filled.get("fields") or {}, filled.get("received_at"), calendar),
        on_duty=reading.answers_by_turn(workspace, answerer.pk if answerer else None, planned_at, calendar),
    )
    return _Plan(tasks, layout, reading.people_of(workspace, filled, book), planned_at, filled)


def _payload(template: PlaybookItem | None) -> dict[str, Any]:
    return template.payload if template else {}


def _filled(actor: Membership, template: PlaybookItem | None, values: PostValues, first: Any) -> PostValues:
    """What the template and the roles say when the form says nothing."""
    answerer = values.get("answerer") or (first(EditorialRole.ANSWERER) if "answerer" not in values else None)
    deputy = values.get("deputy") or (first(EditorialRole.DEPUTY) if "deputy" not in values else None)
    if answerer is not None and deputy is not None and answerer.pk == deputy.pk:
        deputy = None if "deputy" not in values else deputy
    payload = _payload(template)
    defaults: dict[str, Any] = {
        "intent": payload.get("intent") or rules.Intent.HELP,
        "is_evergreen": bool(payload.get("evergreen")),
        "is_regulated": bool(payload.get("regulated")),
        "fields": {},
    }
    people = {"author": values.get("author") or actor, "answerer": answerer, "deputy": deputy}
    return PostValues(**{**defaults, **values, **people})  # type: ignore[typeddict-item]


def _create(
    actor: Membership,
    template: PlaybookItem | None,
    planned: WallTime | None,
    channels: Sequence[Channel],
    values: PostValues,
    title: str,
    language: str,
    made: _Made,
    now: datetime,
) -> Post:
    house = made.house or _House(workspaces.lock(actor.workspace), now)
    workspace = house.workspace
    _check(workspace, template, channels, title, language)
    plan = _plan(actor, template, planned, values, house, now)
    if plan.planned_at is not None and plan.planned_at <= now:
        raise Invalid(_("A post cannot be planned into the past: choose an hour to come."), field="on")
    if planned is not None:
        house.refuse_blackout(planned.on)
    post = Post(
        workspace=workspace,
        template=template,
        template_payload=_payload(template),
        status=made.status,
        derived_from=made.application.source if made.application else None,
        language=language,
        planned_at=plan.planned_at,
        review_days_lost=plan.layout.review_days_lost,
        created_by=actor,
        created_at=now,
        updated_at=now,
    )
    for name, value in read_values(post, plan.values, actor, made.uploads).items():
        setattr(post, name, value)
    post.people_shown = _shown(post, made.consents)
    post.save(force_insert=True)
    if made.application is not None:
        settle_application(made.application, post, actor, now)
    PostText.objects.create(
        post=post,
        language=language,
        title=title.strip(),
        body=made.body or _first_body(post, template, language),
        updated_at=now,
    )
    Placement.objects.bulk_create(_placements(post, channels, planned, plan, workspace.time_zone))
    for given in made.consents:
        keep_consent(post, given, actor, now)
    history.revise(subject=post, workspace=workspace, payload=reading.payload_of(post), actor=actor, now=now)
    if plan.tasks:
        work.plan_items(
            workspace=workspace,
            subject=post,
            group=post,
            tasks=plan.tasks,
            layout=plan.layout,
            people=plan.people,
            subject_title=dict.fromkeys(LANGUAGES, title.strip()),
            actor=actor,
            now=now,
        )
    slug = template.slug if template else ""
    if slug == rules.REFRESH and post.derived_from is not None:
        renew(post.derived_from, _next_review(post), actor, now)
    writing.write_down(
        made.verb, post, actor, now, template=slug, planned_at=plan.planned_at and plan.planned_at.isoformat()
    )
    return post


def _shown(post: Post, consents: Sequence[Given]) -> list[dict[str, str]]:
    """Those who are shown, and those who agreed to be."""
    known = rules.names_shown(post.people_shown)
    added = dict.fromkeys(given.person.strip() for given in consents)
    return [*post.people_shown, *({"name": name} for name in added if name and name not in known)]


def _first_body(post: Post, template: PlaybookItem | None, language: str) -> str:
    """The headings, and under each the answers that belong there; what is brought up to date stands in its place."""
    if template is None:
        return ""
    original = _text_of_source(post, language) if template.slug == rules.REFRESH else ""
    return rules.skeleton(
        template.payload, language, post.fields, reading.names_in(post), {"original": original} if original else None
    )


def _next_review(post: Post) -> date | None:
    """The day that the answers give for looking again."""
    answer = post.fields.get("next_review")
    return date.fromisoformat(answer) if answer else None


def _text_of_source(post: Post, language: str) -> str:
    texts = {text.language: text.body for text in post.derived_from.texts.all()} if post.derived_from else {}
    return texts.get(language) or texts.get(post.derived_from.language if post.derived_from else "", "")


def _check(
    workspace: Workspace, template: PlaybookItem | None, channels: Sequence[Channel], title: str, language: str
) -> None:
    if template and (template.kind != Kind.TEMPLATE or template.workspace_id not in (None, workspace.pk)):
        raise NotFound(_("This template is not in your playbook."))
    if not title.strip():
        raise Invalid(_("Give a title, even a provisional one."), field="title")
    if len(title.strip()) > 200:
        raise Invalid(_("A title has 200 characters at most."), field="title")
    if language not in LANGUAGES or language not in (workspace.languages or LANGUAGES):
        raise Invalid(_("Choose one of the languages of the workspace."), field="language")
    if any(channel.workspace_id != workspace.pk for channel in channels):
        raise Invalid(_("Choose channels of this workspace."), field="channels")


def _placements(
    post: Post, channels: Sequence[Channel], planned: WallTime | None, plan: _Plan, zone: str
) -> list[Placement]:
    placements = [
        Placement(workspace=post.workspace, post=post, channel=channel, leads=not number, text=_own_text(post, channel))
        for number, channel in enumerate({channel.pk: channel for channel in channels}.values())
    ]
    for placement in placements:
        writing.place(placement, planned, plan.planned_at, zone)
    return placements


def _own_text(post: Post, channel: Channel) -> dict[str, dict[str, str]]:
    """What the template asks for this channel alone, such as the text message of a notice."""
    field = post.template_payload.get("own_texts", {}).get(channel.slug, "")
    answer = post.fields.get(field)
    return {post.language: {"title": "", "body": answer}} if answer else {}


def titles_of(post: Post) -> dict[str, str]:
    """The title in each language, for lists and reminders."""
    return {code: post.title(code) for code in LANGUAGES}
