"""A seasonal topic, or a public holiday, becomes a post: its day and its question stand in the answers."""

from datetime import date, datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base.errors import NotFound
from planner.base.language import in_both, pick
from planner.base.worktime import DUE_TIME
from planner.calendar import rules
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.rules import LaidItem, Layout, Task, season
from planner.posts import operations as posts
from planner.posts.models import Application
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import Act, EditorialRole

TEMPLATE = "expert-how-to"
"""A seasonal topic asks what can be taught: without a template of its own, its post is one that teaches."""

LONGEST_QUESTION = 300


def begin_season(*, item: PlaybookItem, year: int, actor: Membership, now: datetime) -> Application:
    """Begin to write for a topic of that year, on a working day of its season, its angle being the question."""
    if item.kind != Kind.OBSERVANCE or item.workspace_id not in (None, actor.workspace_id):
        raise NotFound(_("This seasonal topic is not in your playbook."))
    found = season(item.slug, item.payload, year)
    answers = {"title": item.title, "key_question": pick(item.payload["angle"])[:LONGEST_QUESTION]}
    fitting = item.payload.get("template") or TEMPLATE
    return _begin(actor, found.first, answers, f"season-{year}-{item.pk}", now, fitting=fitting)


def begin_feast(*, day: date, name: str, actor: Membership, now: datetime) -> Application:
    """Begin to write for a public holiday."""
    return _begin(actor, day, {"title": name}, f"feast-{day.isoformat()}", now)


@transaction.atomic
def _begin(
    actor: Membership, first: date, answers: dict[str, str], origin: str, now: datetime, fitting: str = TEMPLATE
) -> Application:
    """Keeps the person's own answers, and records nothing: nothing happened yet."""
    workspaces.require(actor, Act.PROPOSE)
    known = PlaybookItem.objects.visible_to(actor.workspace).templates().filter(slug__in=[fitting, TEMPLATE])
    template = next(iter(sorted(known, key=lambda item: item.slug != fitting)), None)
    if template is None:
        raise NotFound(_("The template for seasonal topics is retired: choose another under New post."))
    calendar = workspaces.working_calendar(actor.workspace, around=[first])
    typed = {**answers, "on": rules.day_to_plan(first, calendar).isoformat()}
    return posts.start_application(
        actor=actor, template=template, answers={name: [text] for name, text in typed.items()}, origin=origin, now=now
    )


# ---- once a year, the list is looked at again

A_SLICE = 50


def ask_to_review(*, now: datetime) -> int:
    """From October on, give the editor of each workspace the list of next year to look through, once."""
    if now.month < rules.REVIEW_FROM:
        return 0
    key = f"seasons-{now.year + 1}"
    kind = ContentType.objects.get_for_model(Workspace)
    asked = WorkItem.objects.filter(subject_type=kind, subject_id=OuterRef("pk"), key=key)
    waiting = list(Workspace.objects.filter(~Exists(asked), is_sample=False).order_by("pk")[:A_SLICE])
    for workspace in waiting:
        _ask(workspace, key, now)
    return len(waiting)


@transaction.atomic
def _ask(workspace: Workspace, key: str, now: datetime) -> None:
    workspace = workspaces.lock(workspace)
    if WorkItem.objects.about(workspace).keyed([key]).exists():
        return
    calendar = workspaces.working_calendar(workspace, around=[now.date()])
    today = calendar.local(now).date()
    due_on = calendar.shift(max(date(now.year, 11, 1), today), rules.REVIEW_DAYS)
    task = Task(
        key=key,
        title=in_both(_REVIEW),
        why=in_both(_WHY),
        verb=in_both(_VERB),
        roles=(EditorialRole.EDITOR,),
        offset="R+0wd",
        minutes=45,
        reminder="e-std",
    )
    work.plan_items(
        workspace=workspace,
        subject=workspace,
        group=workspace,
        tasks=[task],
        layout=Layout((LaidItem(task, calendar.at(due_on, DUE_TIME)),)),
        people={
            EditorialRole.EDITOR: workspaces.role_book(workspace, day_from=today, day_to=today).fallback(
                EditorialRole.EDITOR
            )
        },
        subject_title={"fr": str(now.year + 1), "en": str(now.year + 1)},
        actor=None,
        now=now,
    )


_REVIEW = gettext_lazy("Look through the seasonal topics")
_WHY = gettext_lazy("Dates move from one year to the next; each is checked before somebody relies on it.")
_VERB = gettext_lazy("Look through the list")
