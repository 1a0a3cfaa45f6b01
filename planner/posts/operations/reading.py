"""What the rules must know of a post, read from the database."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from planner.base.errors import Words
from planner.base.worktime import DUE_TIME, WorkingCalendar
from planner.history.models import Revision
from planner.history.rules import digest
from planner.playbook.rules import Anchor, LaidItem, Layout, lay_out
from planner.posts import rules
from planner.posts.models import Approval, Block, Guest, Placement, Post
from planner.posts.rules import Decision, Facts, Missing, OpenWork, PostValues
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Channel, Membership, Workspace
from planner.workspaces.rules import ChannelStage, EditorialRole, RoleBook


def calendar_of(workspace: Workspace, *moments: datetime | None) -> WorkingCalendar:
    """The working calendar of the years around these moments."""
    return workspaces.working_calendar(workspace, around=[moment.date() for moment in moments if moment])


def payload_of(post: Post) -> dict[str, Any]:
    """The whole text as it stands, as a Revision keeps it."""
    placements = Placement.objects.filter(post=post, cancelled_at__isnull=True).select_related("channel")
    return rules.payload(
        texts={text.language: (text.title, text.body) for text in post.texts.all()},
        placements={placement.channel.slug: placement.text for placement in placements},
        media=[{"name": upload.name, "digest": upload.digest, "alt": upload.alt} for upload in post.uploads.all()],
        links=post.links,
    )


def digest_of(post: Post) -> str:
    """What an approval must carry to be valid for the text as it stands."""
    return digest(payload_of(post))


def revision_of(post: Post) -> Revision | None:
    """The last saved revision."""
    return Revision.objects.of(post).order_by("-number").first()


def valid_approvals(post: Post, mark: str | None = None) -> list[Approval]:
    """Approvals in force: given on exactly this text, by approvers, not voided."""
    return [one for one in in_force(post, mark) if one.role == EditorialRole.APPROVER]


def in_force(post: Post, mark: str | None = None) -> list[Approval]:
    """Approvals, signatures and confirmations given on exactly this text, not voided."""
    return list(
        Approval.objects.filter(
            post=post, decision=Decision.APPROVED, digest=mark or digest_of(post), voided_at__isnull=True
        ).select_related("person__user")
    )


def values_of(post: Post) -> dict[str, Any]:
    """The frame as `PostValues`, for the conditions of tasks."""
    return {"fields": post.fields, **{key: getattr(post, key) for key in rules.PLAIN}}


def anchors_of(post: Post, calendar: WorkingCalendar) -> dict[str, Anchor]:
    """What the work of the post is counted from besides its publication."""
    return rules.anchors_of(post.template_payload, post.fields, post.received_at, calendar)


def names_in(post: Post) -> rules.Names:
    """The names of the members and files that the answers of a post speak of."""
    asked = post.template_payload.get("fields") or ()
    ids = {kind: {post.fields.get(one["key"]) for one in asked if one["type"] == kind} for kind in rules.NAMED}
    members = Membership.objects.filter(workspace=post.workspace, pk__in=ids["person"] - {None}).select_related("user")
    people = {("person", member.pk): str(member) for member in members}
    return {**people, **{("file", upload.pk): upload.name for upload in post.uploads.all()}}


def _listening(post: Post) -> "QuerySet[Channel, dict[str, str]]":
    """The names of its channels that are still being listened to, where it has not appeared."""
    open_ones = Placement.objects.open().filter(post=post)
    channels = Channel.objects.filter(pk__in=open_ones.values("channel"), stage=ChannelStage.LISTENING)
    return channels.values_list("title", flat=True)


def facts_of(post: Post, now: datetime, stopped_by: rules.Stops = ()) -> Facts:
    """Everything that `rules.missing_for` asks of a post, in a fixed number of queries.

    What the policy stops is given by whoever asks about an event before which it is judged: see `gating`.
    """
    texts = {text.language: (text.title, text.body) for text in post.texts.all()}
    blocking = WorkItem.objects.about(post).open().wanted().exclude(blocking="").order_by("position")
    given = in_force(post)
    approvals = [one for one in given if one.role == EditorialRole.APPROVER and one.person_id != post.author_id]
    return Facts(
        status=post.status,
        language=post.language,
        now=now,
        texts=texts,
        audience=post.audience,
        objective=post.objective,
        intent=post.intent,
        success_measure=post.success_measure,
        channels=sum(one.cancelled_at is None for one in post.placements.all()),
        author_id=post.author_id,
        answerer_id=post.answerer_id,
        deputy_id=post.deputy_id,
        unanswered=tuple(rules.unanswered(post.template_payload, post.fields)),
        planned_at=post.planned_at,
        approvals=len(approvals),
        open_work=tuple(OpenWork(item.pk, item.key, item.title, item.blocking) for item in blocking),
        is_held=post.is_held,
        is_urgent=post.is_urgent,
        confirmations=len({one.person_id for one in given if one.role == rules.CONFIRMATION}),
        listening=tuple(_listening(post)),
        is_regulated=post.is_regulated,
        signatures=sum(one.role == EditorialRole.LEGAL for one in given),
        in_a_hurry=rules.rules_in_a_hurry(post.template_payload),
        stopped_by=stopped_by,
        awaited=_awaited(post, now),
        blocks=tuple((tuple(one.events), one.reason, one.link) for one in Block.objects.open().filter(post=post)),
    )


def _awaited(post: Post, now: datetime) -> tuple[str, ...]:
    """Readers without an account whose agreement is awaited; one whose link has expired is waited for no longer."""
    waiting = list(Guest.objects.open(now).filter(post=post, is_awaited=True))
    mark = digest_of(post) if waiting else ""
    return tuple(guest.name for guest in waiting if not guest.agrees_with(mark))


def refused_by(sentence: Words, found: list[Missing]) -> str:
    """One sentence for an error that names all that is missing."""
    return " ".join(str(text) for text in (sentence, *(one.sentence for one in found)) if text)


def answers_by_turn(
    workspace: Workspace, answerer_id: int | None, at: datetime | None, calendar: WorkingCalendar
) -> bool:
    """Is it the answerer's turn on the day of publication? Then their answers do not wait for office hours."""
    if answerer_id is None or at is None:
        return False
    return workspaces.on_duty(workspace, calendar.local(at).date()) == answerer_id


def layout_of(post: Post, items: list[WorkItem], calendar: WorkingCalendar, now: datetime) -> Layout:
    """The dates that these items should have. The review day is the clock of lasting content: its item follows it."""
    layout = lay_out(
        work.tasks_of(items),
        planned_at=post.planned_at,
        published_at=post.published_at,
        calendar=calendar,
        now=now,
        facts=rules.facts_of(values_of(post)),
        anchors=anchors_of(post, calendar),
        on_duty=answers_by_turn(post.workspace, post.answerer_id, post.published_at or post.planned_at, calendar),
    )
    if post.review_on is None:
        return layout
    due = calendar.at(calendar.next_working_day(post.review_on), DUE_TIME)
    return replace(layout, items=tuple(_reviewed_on(laid, due, post, now) for laid in layout.items))


def _reviewed_on(laid: LaidItem, due: datetime, post: Post, now: datetime) -> LaidItem:
    if laid.task.key != LASTING:
        return laid
    is_late = post.published_at is not None and due < now
    return replace(laid, due_at=now if is_late else due, is_projection=post.published_at is None, late_start=is_late)


LASTING = "evergreen"
"""The key of the item that looks at lasting content again."""


def book_of(workspace: Workspace, now: datetime) -> RoleBook[Membership]:
    """Roles as they are held today."""
    today = calendar_of(workspace).local(now).date()
    return workspaces.role_book(workspace, day_from=today, day_to=today)


def may_decide(book: RoleBook[Membership], member: Membership, role: str, now: datetime, zone: WorkingCalendar) -> bool:
    """Does this member hold the role, or stand in today for an absent holder whose second person they are?"""
    today = zone.local(now).date()
    return member.pk in book.people and any(
        entry.person_id == member.pk or (entry.second_id == member.pk and book.is_absent(entry.person_id, today))
        for entry in book.assigned
        if entry.role == role
    )


def deciding_roles(post: Post, member: Membership, now: datetime) -> list[str]:
    """The roles that decide about a text, of those in which this member may decide today."""
    book, calendar = book_of(post.workspace, now), calendar_of(post.workspace)
    return [role for role in rules.DECIDING_ROLES if may_decide(book, member, role, now, calendar)]


def people_of(workspace: Workspace, values: PostValues, book: RoleBook[Membership]) -> dict[str, Membership | None]:
    """Who owns the work of each role of a post: the people named on it, else the first holder of the role.

    The expert is the person whom the template's question names, if it asks. Work of an empty role goes to the editor,
    and without an editor to a manager.
    """
    people: dict[str, Membership | None] = {role: book.first(role) for role in EditorialRole.values}
    manager = next((book.people[pk] for pk in book.managers if pk in book.people), None)
    people[EditorialRole.EDITOR] = people[EditorialRole.EDITOR] or manager
    expert = (values.get("fields") or {}).get("expert_person")
    named = {
        EditorialRole.AUTHOR: values.get("author"),
        EditorialRole.ANSWERER: values.get("answerer"),
        EditorialRole.DEPUTY: values.get("deputy"),
        EditorialRole.EXPERT: book.people.get(getattr(expert, "pk", expert) or 0),
    }
    return {**people, **{str(role): person for role, person in named.items() if person is not None}}
