"""One template: what it asks, the work that it would date, its example, and the advice it embodies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from planner.base import clock, language
from planner.base.errors import NotFound, Words
from planner.base.worktime import WorkingCalendar
from planner.playbook import rules
from planner.playbook.forms import WhenForm
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.views.advising import embodied
from planner.playbook.views.shelves import INTENTS, days_ahead, facts_of
from planner.playbook.views.showing import owning
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Channel, Membership, Workspace
from planner.workspaces.rules import Act, EditorialRole, RoleBook, may

USUAL_HOUR = time(10, 0)
USUAL_NOTICE = 15
"""Working days between today and the publication that a page offers: three weeks, or what the template needs."""


@dataclass(frozen=True)
class DatedTask:
    """A line of the table: the item, who would get it, and whether its role has nobody."""

    item: rules.LaidItem
    role: Words
    person: Membership | None
    is_vacant: bool


@require_safe
def template(request: MemberRequest, slug: str) -> HttpResponse:
    """One template: what it asks, the work that it would date, and its example."""
    item = PlaybookItem.objects.visible_to(request.workspace).templates().filter(slug=slug).first()
    if item is None:
        raise Http404
    now = clock.now()
    workflow = workflow_of(request.workspace, item)
    tasks = rules.chain(workflow, item.payload)
    usual = rules.usual_day(workflow, item.payload)
    chosen_day, chosen_hour, form = _when(request, days_ahead(tasks, usual), usual, now)
    lines, days_lost = _dated(request.membership, tasks, item.payload, usual, chosen_day, chosen_hour, now)
    vacant, stand_in = _vacant(lines)
    channels = channels_of(request.workspace, item.payload)
    spoken = request.GET.get("example") if request.GET.get("example") in language.LANGUAGES else language.current()
    return render(
        request,
        "planner/playbook/template.html",
        {
            "item": item,
            "template": item.payload,
            "workflow": workflow,
            "intent": INTENTS.get(item.payload.get("intent", ""), ""),
            "channels": channels,
            "form": form,
            "on": chosen_day,
            "at": chosen_hour,
            "lines": lines,
            "total_minutes": sum(line.item.task.minutes for line in lines),
            "days_lost": days_lost,
            "is_past": any(line.item.late_start for line in lines),
            "vacant": vacant,
            "stand_in": stand_in,
            "is_from_signal": any(rules.parse_offset(task.offset).anchor == "R" for task in tasks),
            "rules": _rules(request.workspace, item.payload),
            "depending": [task for task in tasks if not rules.applies(task.condition, facts_of(item.payload))],
            "example": example_in(item.payload, str(spoken), channels),
            "example_languages": language.LANGUAGES,
            "spoken": spoken,
            **owning(request, item),
            "embodied": embodied(item, request.workspace),
            "may_plan": may(request.membership.level, Act.PLAN),
            "may_propose": may(request.membership.level, Act.PROPOSE),
        },
    )


def workflow_of(workspace: Workspace, item: PlaybookItem) -> Mapping[str, Any]:
    slug = item.payload["workflow"]
    found = PlaybookItem.objects.visible_to(workspace).of_kind("workflow").filter(slug=slug).first()
    if found is None:
        raise NotFound(_("The workflow “%(workflow)s” is not in the playbook: load the playbook.") % {"workflow": slug})
    payload: Mapping[str, Any] = found.payload
    return payload


def _rules(workspace: Workspace, payload: Mapping[str, Any]) -> list[PlaybookItem]:
    """The rules and gates that matter most for this template, in its order."""
    named = [*payload.get("rules", ()), *payload.get("human_rules", ()), *payload.get("gates", ())]
    found = PlaybookItem.objects.visible_to(workspace).of_kinds(Kind.RULE, Kind.GATE).filter(slug__in=named)
    return sorted(found, key=lambda one: named.index(one.slug))


def _when(
    request: MemberRequest, days_ahead: int, usual: rules.Offset | None, now: datetime
) -> tuple[date, time, WhenForm]:
    """The day and hour in the address, else a working day that leaves time for everything."""
    form = WhenForm(request.GET if "on" in request.GET else None)
    if form.is_bound and form.is_valid():
        return form.cleaned_data["on"], form.cleaned_data["at"], form
    calendar = workspaces.working_calendar(request.workspace, around=[now.date()])
    after_signal = rules.day_of(usual, {"R": now}, calendar) if usual else None
    day = after_signal or calendar.shift(calendar.local(now).date(), max(USUAL_NOTICE, days_ahead + 2))
    if not form.is_bound:
        form = WhenForm(initial={"on": day, "at": USUAL_HOUR})
    return day, USUAL_HOUR, form


def _as_if(
    usual: rules.Offset | None, on: date, at: time, now: datetime, calendar: WorkingCalendar
) -> dict[str, rules.Anchor]:
    """The signal as if it had come now; the event as if the publication were on its usual day before it."""
    event = calendar.at(calendar.shift(on, -usual.amount), at) if usual and usual.anchor == "S" else None
    return {"R": now, **({"S": event, "E": event} if event else {})}


def _dated(
    membership: Membership,
    tasks: Iterable[rules.Task],
    payload: Mapping[str, Any],
    usual: rules.Offset | None,
    on: date,
    at: time,
    now: datetime,
) -> tuple[list[DatedTask], int]:
    workspace = membership.workspace
    calendar: WorkingCalendar = workspaces.working_calendar(workspace, around=[on, now.date()])
    layout = rules.lay_out(
        tuple(tasks),
        planned_at=calendar.at(on, at),
        published_at=None,
        calendar=calendar,
        now=now,
        facts=facts_of(payload),
        anchors=_as_if(usual, on, at, now, calendar),
    )
    days = [calendar.local(item.due_at).date() for item in layout.items if item.due_at]
    book = workspaces.role_book(workspace, day_from=min(days, default=on), day_to=max(days, default=on))
    return [_line(item, membership, book, calendar, on) for item in layout.items], layout.review_days_lost


def _line(
    item: rules.LaidItem, membership: Membership, book: RoleBook[Membership], calendar: WorkingCalendar, on: date
) -> DatedTask:
    role = item.task.role
    words = EditorialRole(role).label
    if role == EditorialRole.AUTHOR:
        return DatedTask(item, words, membership, is_vacant=False)
    found = book.resolve(role, calendar.local(item.due_at).date() if item.due_at else on)
    return DatedTask(item, words, found.member, found.is_vacant)


def _vacant(lines: Iterable[DatedTask]) -> tuple[list[Words], Membership | None]:
    """The roles without anybody, each once, and the person to whom the first of that work goes meanwhile."""
    waiting = [line for line in lines if line.is_vacant]
    return list(dict.fromkeys(line.role for line in waiting)), next((line.person for line in waiting), None)


def channels_of(workspace: Workspace, payload: Mapping[str, Any]) -> list[Channel]:
    return list(Channel.objects.filter(workspace=workspace, slug__in=payload.get("default_channels") or ()))


def example_in(payload: Mapping[str, Any], spoken: str, channels: Iterable[Channel]) -> dict[str, Any]:
    """The filled example in one language: its answers beside their questions, its text under its headings, and the own
    texts of these channels."""
    example = (payload.get("example") or {}).get(spoken) or {}
    answers, texts = example.get("fields") or {}, example.get("body") or {}
    own = example.get("channel_texts") or {}
    return {
        **example,
        "answers": [
            (field, _shown(field, answers[field["key"]], spoken))
            for field in payload.get("fields", ())
            if answers.get(field["key"]) not in (None, "", [])
        ],
        "text": [
            (language.pick(block["heading"], spoken), texts[block["key"]])
            for block in payload.get("body", ())
            if texts.get(block["key"])
        ],
        "own": [(channel, own[channel.slug]) for channel in channels if own.get(channel.slug)],
    }


def _shown(field: Mapping[str, Any], answer: object, spoken: str) -> list[str]:
    """An answer in words, line by line: choices by their labels, a flag as yes or no."""
    labels = {choice["value"]: language.pick(choice["label"], spoken) for choice in field.get("choices") or ()}
    if isinstance(answer, bool):
        return [str(_("Yes") if answer else _("No"))]
    values = answer if isinstance(answer, list) else [answer]
    return [labels.get(value, str(value)) for value in values]
