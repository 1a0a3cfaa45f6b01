"""An item in a form: changed, copied, retired, taken back, its versions. The first change makes it one's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.base import clock
from planner.base.errors import PlannerError, Words
from planner.base.language import pick
from planner.base.payloads import Change, changes, taken_over
from planner.base.seeds import Report
from planner.history.models import Revision
from planner.playbook import operations as playbook
from planner.playbook import rules, seeds
from planner.playbook.forms import editing, labels
from planner.playbook.forms.editing import KEPT, Offered
from planner.playbook.forms.labels import label_of
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.views.addresses import READING, link_to
from planner.playbook.views.shelves import INTENTS
from planner.playbook.views.showing import Shown, shown, with_names
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Workspace
from planner.workspaces.rules import Act, EditorialRole

Choices = list[tuple[str, Words]]
Faults = list[tuple[str, str]]

SAVE = "save"


def _item(request: MemberRequest, kind: str, slug: str) -> PlaybookItem:
    """The organisation's item, retired or not, else the bundled one."""
    playbook.require_change(request.membership, kind)
    same = PlaybookItem.objects.of_kind(kind).filter(slug=slug)
    item = same.own(request.workspace).first() or same.bundled().first()
    if item is None or not playbook.is_editable(kind, slug):
        raise Http404
    return item


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, kind: str, slug: str) -> HttpResponse:
    """The whole item in one form. A button of a list sends the form too, and shows it again with all that was typed."""
    item = _item(request, kind, slug)
    known = seeds.known_to(request.workspace)
    content: dict[str, Any] = item.payload
    faults: Faults = []
    if request.method == "POST":
        act = request.POST.get("act", SAVE)
        sent = editing.content_of(request.POST)
        content = {name: value for name, value in sent.items() if name not in editing.kept(kind)}
        if act == SAVE:
            checked, faults = _checked(request.workspace, item, editing.tidied(content), known)
            content = editing.tidied(content) if faults else checked
            if not faults and not (faults := _save(request, item, checked)):
                return redirect(link_to(request.workspace, kind, slug))
        else:
            content = editing.acted(kind, content, act)
    return render(
        request,
        "planner/playbook/edit.html",
        {
            "item": item,
            "nodes": editing.fields_of(
                kind, content, _offered(request.workspace, kind, content, known), faults, item.payload
            ),
            "faults": [(f"#in-{_anchor(key)}", sentence) for key, sentence in faults],
            "version": request.POST.get("version") or (item.version if item.workspace_id else 0),
            "link": link_to(request.workspace, kind, slug),
        },
        status=422 if faults else 200,
    )


def _anchor(key: str) -> str:
    return key.replace("[", "-").replace("]", "").replace(".", "-")


def _checked(
    workspace: Workspace, item: PlaybookItem, content: Mapping[str, Any], known: seeds.Known
) -> tuple[dict[str, Any], Faults]:
    """The content as its file would be read, and what is wrong with it."""
    whole = {**{name: item.payload[name] for name in editing.kept(item.kind) if name in item.payload}, **content}
    report = Report(called=editing.called)
    checked = seeds.check_item(item.kind, whole, known, report)
    if not report.faults and item.kind == Kind.WORKFLOW:
        report.faults += _broken_chains(workspace, item, checked)
    return checked, report.faults


def _broken_chains(workspace: Workspace, item: PlaybookItem, workflow: Mapping[str, Any]) -> Faults:
    """Templates that change a task which the workflow no longer has."""
    faults: Faults = []
    for template in playbook.users_of(workspace, item):
        try:
            rules.chain(workflow, template.payload)
        except rules.BadChain as fault:
            faults.append(("tasks", f"{template.title}: {fault}"))
    return faults


def _save(request: MemberRequest, item: PlaybookItem, payload: Mapping[str, Any]) -> Faults:
    try:
        playbook.save_own(
            actor=request.membership,
            kind=item.kind,
            slug=item.slug,
            payload=payload,
            version=int(request.POST.get("version") or 0),
            now=clock.now(),
        )
    except PlannerError as refusal:
        return [("", str(refusal))]
    messages.success(request, _("The item is saved. It is yours from now on; posts made before stay as they are."))
    return []


def _offered(workspace: Workspace, kind: str, content: Mapping[str, Any], known: seeds.Known) -> Offered:
    """What each field may choose from, in words."""
    wanted = [Kind.WORKFLOW, Kind.REMINDER_PROFILE, Kind.CHANNEL]
    wanted += [Kind.TEMPLATE, Kind.CHECKLIST] if kind == Kind.CADENCE else []
    wanted += [Kind.TEMPLATE] if kind == Kind.OBSERVANCE else []
    wanted += [Kind.ASSESSMENT] if kind in (Kind.QUESTION, Kind.STAGE) else []
    wanted += [Kind.QUESTION] if kind == Kind.STAGE else []
    wanted += [Kind.STAGE, Kind.TEMPLATE, Kind.CHECKLIST, Kind.CADENCE] if kind == Kind.ASSESSMENT else []
    named: dict[str, Choices] = {}
    scores: Mapping[str, Any] = {}
    for one in PlaybookItem.objects.visible_to(workspace).of_kinds(*wanted):
        named.setdefault(one.kind, []).append((one.slug, one.title))
        if one.kind == Kind.ASSESSMENT and one.slug == READING:
            scores = one.payload
    roles: Choices = [(str(value), label) for value, label in EditorialRole.choices]
    questions = [one for one in content.get("fields") or () if isinstance(one, Mapping) and one.get("key")]
    choices: dict[str, Choices] = {
        "roles": roles,
        "up": roles,
        "to": [*labels.ADDRESSEES.items(), *roles],
        "intent": list(INTENTS.items()),
        "type": list(labels.FIELD_TYPES.items()),
        "blocking": list(labels.BLOCKED.items()),
        "mode": list(labels.MODES.items()),
        "quiet": list(labels.QUIET.items()),
        "form": list(labels.FORMS.items()),
        "regions": list(labels.REGIONS.items()),
        "weekday": list(labels.WEEKDAYS.items()),
        "outcome": list(labels.OUTCOMES.items()),
        "decision": list(labels.DECISIONS.items()),
        "workflow": named.get(Kind.WORKFLOW, []),
        "reminder": named.get(Kind.REMINDER_PROFILE, []),
        "default_channels": named.get(Kind.CHANNEL, []),
        "rules": [(one, one) for one in seeds.MACHINE_RULES],
        "human_rules": [(one, one) for one in seeds.HUMAN_RULES],
        "gates": [(one, one) for one in seeds.GATES],
        "from_fields": [(one["key"], pick(one.get("label"))) for one in questions],
        "date_fields": [
            (one["key"], pick(one.get("label"))) for one in questions if one.get("type") in seeds.DATE_TYPES
        ],
        "tasks_remove": [(key, key) for key in known.workflows.get(str(content.get("workflow")), ())],
    }
    if kind == Kind.CADENCE:
        choices |= {"templates": named.get(Kind.TEMPLATE, []), "checklist": named.get(Kind.CHECKLIST, [])}
    if kind == Kind.OBSERVANCE:
        choices["template"] = named.get(Kind.TEMPLATE, [])
    if kind == Kind.QUESTION:
        choices["dimension"] = [(one["id"], pick(one["title"])) for one in scores.get("dimensions", ())]
        choices["scale"] = [(one["slug"], pick(one["title"])) for one in scores.get("scales", ())]
    if kind == Kind.REMINDER_PROFILE:
        choices |= {"only_if": list(labels.ONLY_IF.items()), "until": list(labels.UNTIL.items())}
    if kind == Kind.STAGE:
        dimensions = [(one["id"], f"{one['id']}. {pick(one['title'])}") for one in scores.get("dimensions", ())]
        questions_asked = [(slug, f"{slug}. {title}") for slug, title in named.get(Kind.QUESTION, [])]
        choices["measure"] = [("index", labels.MEASURES["index"]), *dimensions, *questions_asked]
    if kind == Kind.ASSESSMENT:
        choices |= {
            "answer": list(labels.ANSWERS.items()),
            "stage": named.get(Kind.STAGE, []),
            "templates": named.get(Kind.TEMPLATE, []),
            "checklists": named.get(Kind.CHECKLIST, []),
            "cadences": named.get(Kind.CADENCE, []),
        }
    if kind == Kind.CRISIS:
        del choices["type"], choices["mode"]
    return Offered(choices)


# ---- copies, retirement


@require_POST
def copy(request: MemberRequest, kind: str, slug: str) -> HttpResponse:
    """A second item beside this one, straight to its form."""
    made = playbook.copy_item(actor=request.membership, item=_item(request, kind, slug), now=clock.now())
    messages.success(request, _("Here is your copy: give it a title of its own."))
    return redirect("playbook:edit", workspace=request.workspace.slug, kind=kind, slug=made.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: MemberRequest, kind: str, slug: str) -> HttpResponse:
    """Asked once more, with what needs the item."""
    item = _item(request, kind, slug)
    refusal = playbook.COUNTED.get(kind, "")
    needed_by = playbook.users_of(request.workspace, item)
    if request.method == "POST":
        playbook.retire(actor=request.membership, item=item, now=clock.now())
        messages.success(request, _("The item is retired. It is kept on this page, from where it can be taken back."))
        return redirect("playbook:own", workspace=request.workspace.slug)
    back = link_to(request.workspace, kind, slug)
    context = {"item": item, "needed_by": needed_by, "refusal": refusal, "link": back}
    return render(request, "planner/playbook/retire.html", context)


@require_POST
def take_back(request: MemberRequest, kind: str, slug: str) -> HttpResponse:
    item = _item(request, kind, slug)
    playbook.take_back(actor=request.membership, item=item, now=clock.now())
    messages.success(request, _("The item is in use again."))
    return redirect(link_to(request.workspace, kind, slug))


# ---- versions and updates


@dataclass(frozen=True)
class Difference:
    """A field that changed, for a page: where it is, and both texts."""

    change: Change
    label: str
    before: Shown | None
    after: Shown | None


def differences(found: Iterable[Change]) -> list[Difference]:
    return [
        Difference(
            change,
            " › ".join(str(label_of(name)) for name in change.path),
            shown(change.path[-1], change.before) if change.before is not None else None,
            shown(change.path[-1], change.after) if change.after is not None else None,
        )
        for change in found
        if change.path not in _OF_THE_FILE
    ]


def named(found: Iterable[Difference], workspace: Workspace) -> None:
    """Call the items that these differences name by their titles; one query for all of them."""
    with_names([side for one in found for side in (one.before, one.after) if side is not None], workspace)


_OF_THE_FILE = (("version",), ("slug",))
"""What changes with the file itself: nobody decides on it."""


@dataclass(frozen=True)
class Version:
    revision: Revision
    differences: list[Difference]


@require_http_methods(["GET", "HEAD", "POST"])
def versions(request: MemberRequest, kind: str, slug: str) -> HttpResponse:
    """Every version of the organisation's item with what it changed; an earlier one is taken up as a new one."""
    item = _item(request, kind, slug)
    if request.method == "POST":
        number = request.POST.get("number", "")
        playbook.restore(
            actor=request.membership, item=item, number=int(number) if number.isdigit() else 0, now=clock.now()
        )
        messages.success(request, _("The earlier version is in use again, as a new one."))
        return redirect(link_to(request.workspace, kind, slug))
    kept = list(Revision.objects.of(item).select_related("actor").order_by("-number")) if item.workspace_id else []
    earlier = [*(revision.payload for revision in kept[1:]), item.base or {}]
    told = [
        Version(revision, differences(changes(before, revision.payload)) if before else [])
        for revision, before in zip(kept, earlier, strict=False)
    ]
    named((difference for version in told for difference in version.differences), request.workspace)
    return render(
        request,
        "planner/playbook/versions.html",
        {
            "item": item,
            "versions": told,
            "link": link_to(request.workspace, kind, slug),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def update(request: MemberRequest, kind: str, slug: str) -> HttpResponse:
    """What the bundled item changed since the organisation made it its own: each field taken or left."""
    item = _item(request, kind, slug)
    bundled = PlaybookItem.objects.bundled().of_kind(kind).filter(slug=slug).first()
    if bundled is None or not item.is_outdated(bundled.checksum):
        messages.info(request, _("There is no update for this item."))
        return redirect(link_to(request.workspace, kind, slug))
    offered = changes(item.base or {}, bundled.payload)
    faults: Faults = []
    if request.method == "POST":
        accepted = set(request.POST.getlist("accepted"))
        taken = [one for one in offered if one.mark in accepted or one.path in _OF_THE_FILE]
        merged = taken_over(item.payload, taken)
        content = {name: value for name, value in merged.items() if name not in KEPT or name == "version"}
        checked, faults = _checked(request.workspace, item, editing.tidied(content), seeds.known_to(request.workspace))
        if not faults:
            playbook.save_own(
                actor=request.membership,
                kind=kind,
                slug=slug,
                payload=checked,
                version=item.version,
                settles_update=True,
                now=clock.now(),
            )
            messages.success(request, _("The update is settled: what you ticked is taken, the rest stays yours."))
            return redirect(link_to(request.workspace, kind, slug))
    shown_offers, own_now = differences(offered), _own_now(item.payload, offered)
    named(shown_offers, request.workspace)
    with_names(list(own_now.values()), request.workspace)
    return render(
        request,
        "planner/playbook/update.html",
        {
            "item": item,
            "bundled": bundled,
            "differences": shown_offers,
            "own": own_now,
            "accepted": request.POST.getlist("accepted"),
            "faults": [("", sentence) for _key, sentence in faults],
            "link": link_to(request.workspace, kind, slug),
        },
        status=422 if faults else 200,
    )


def _own_now(payload: Mapping[str, Any], offered: Iterable[Change]) -> dict[str, Shown]:
    """What the organisation has at the place of each change, where it differs from what it started from."""
    found = {}
    for change in offered:
        value = _value_at(payload, change.path)
        if value not in (change.before, None):
            found[change.mark] = shown(change.path[-1], value)
    return found


def _value_at(payload: Any, path: Iterable[str]) -> Any:
    for name in path:
        if isinstance(payload, list):
            tables = (one for one in payload if isinstance(one, Mapping))
            payload = next((one for one in tables if name in (one.get("key"), one.get("value"))), None)
        elif isinstance(payload, Mapping):
            payload = payload.get(name)
        else:
            return None
    return payload


@require_safe
def own(request: MemberRequest) -> HttpResponse:
    """What the organisation made its own: changed, added, retired, and what has an update."""
    workspaces.require(request.membership, Act.PLAN)
    items = list(PlaybookItem.objects.own(request.workspace).of_kinds(*playbook.EDITABLE).defer("base"))
    marks = _marks()
    in_use = [item for item in items if item.retired_at is None]
    return render(
        request,
        "planner/playbook/own.html",
        {
            "lines": [_own_line(request.workspace, item, marks.get((item.kind, item.slug))) for item in in_use],
            "retired": [item for item in items if item.retired_at is not None],
        },
    )


@dataclass(frozen=True)
class OwnLine:
    item: PlaybookItem
    link: str
    is_outdated: bool


def _own_line(workspace: Workspace, item: PlaybookItem, mark: str | None) -> OwnLine:
    return OwnLine(item, link_to(workspace, item.kind, item.slug), item.is_outdated(mark))


def _marks() -> dict[tuple[str, str], str]:
    """The checksums of the bundled items."""
    bundled = PlaybookItem.objects.bundled().of_kinds(*playbook.EDITABLE)
    return {(kind, slug): checksum for kind, slug, checksum in bundled.values_list("kind", "slug", "checksum")}
