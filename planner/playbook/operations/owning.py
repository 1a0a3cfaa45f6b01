"""What an organisation makes its own: edited, copied and retired items, and those that it brings from elsewhere.

A bundled item is never touched: the first edit makes a copy of the same short name, which pages and operations then
use instead (`PlaybookItem.objects.visible_to`). The copy remembers the bundled content that it was made from, so that
a later version can be shown beside it, field by field. Payloads come checked, from `seeds.check_item`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import NotFound, Refused, Stale, Words
from planner.base.language import LANGUAGES
from planner.history import operations as history
from planner.history.models import Revision
from planner.history.rules import digest
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.operations.loading import Bundled
from planner.policy import operations as policy
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import Act, may

EDITABLE = (
    Kind.TEMPLATE,
    Kind.WORKFLOW,
    Kind.CHECKLIST,
    Kind.REMINDER_PROFILE,
    Kind.CADENCE,
    Kind.OBSERVANCE,
    Kind.CRISIS,
    Kind.QUESTION,
    Kind.STAGE,
    Kind.ASSESSMENT,
    Kind.RULE,
    Kind.GATE,
)
"""What an organisation may change here. Channels, the rules that a machine checks, word lists and the charter have
forms of their own, where they act; the advice and its sources are what they are."""

OF_THE_POLICY = (Kind.RULE, Kind.GATE)
"""Changed by those who may change the policy."""

COUNTED: Mapping[str, Words] = {
    Kind.QUESTION: _(
        "The audit counts its twenty-seven questions: none is copied or retired, but their words are yours."
    ),
    Kind.STAGE: _(
        "The audit climbs its five stages in order: none is copied or retired, but what they say and ask is yours."
    ),
    Kind.ASSESSMENT: _("The audit needs each of its pages: none is copied or retired, but what they say is yours."),
    Kind.CRISIS: _(
        "A crisis needs each of its levels and pages: none is copied or retired, but what they say is yours."
    ),
    Kind.RULE: _(
        "Whoever approves a text answers all ten questions: none is copied or retired, but their words are yours."
    ),
    Kind.GATE: _(
        "A gate stops what it stops, whatever its page says: none is copied or retired, but their words are yours."
    ),
}
"""Of which there are as many as the product counts on: changed, but neither copied nor retired, and why in words."""

history.register(
    {
        "playbook.item_saved": _("changed an item of the playbook"),
        "playbook.item_copied": _("copied an item of the playbook"),
        "playbook.item_retired": _("retired an item of the playbook"),
        "playbook.item_taken_back": _("took an item of the playbook back"),
        "playbook.imported": _("imported items into the playbook"),
    }
)

_COPY = {"fr": "%s (copie)", "en": "%s (copy)"}


def is_editable(kind: str, slug: str) -> bool:
    """Is this item changed here? Of the rules, those that people check; the others have their form in the policy."""
    return kind in EDITABLE and (kind != Kind.RULE or slug.startswith("H"))


def may_change(actor: Membership, kind: str) -> bool:
    """May this member change items of this kind?"""
    return policy.may_change(actor) if kind in OF_THE_POLICY else may(actor.level, Act.PLAN)


def require_change(actor: Membership, kind: str) -> None:
    """Raises `NotAllowed` unless the member may change items of this kind."""
    if kind in OF_THE_POLICY:
        policy.require_change(actor)
    else:
        workspaces.require(actor, Act.PLAN)


def _opened(actor: Membership, kind: str, slug: str) -> Workspace:
    require_change(actor, kind)
    if not is_editable(kind, slug):
        raise Refused(_("This part of the playbook is not changed here."))
    return workspaces.lock(actor.workspace)


def _must_not_be_counted(kind: str) -> None:
    if kind in COUNTED:
        raise Refused(COUNTED[kind])


def _own(workspace: Workspace, kind: str, slug: str) -> PlaybookItem | None:
    own = PlaybookItem.objects.own(workspace).of_kind(kind).filter(slug=slug)
    return own.select_for_update(of=("self",), no_key=True).first()


def _bundled(kind: str, slug: str) -> PlaybookItem | None:
    return PlaybookItem.objects.bundled().of_kind(kind).filter(slug=slug).first()


@transaction.atomic
def save_own(
    *,
    actor: Membership,
    kind: str,
    slug: str,
    payload: Mapping[str, Any],
    version: int | None = None,
    settles_update: bool = False,
    now: datetime,
) -> PlaybookItem:
    """Keep this content as the organisation's own; the first time, beside the bundled item of the same short name.

    `version` is that of the organisation's item as the form showed it, 0 while there was none. With `settles_update`
    the bundled content of now counts as seen: nothing more is offered until it changes again.
    Raises `Stale` when somebody saved in between, and `NotFound` for an item that is neither bundled nor theirs.
    """
    workspace = _opened(actor, kind, slug)
    own, bundled = _own(workspace, kind, slug), _bundled(kind, slug)
    if own is None and bundled is None:
        raise NotFound(_("There is no such item in your playbook."))
    if version is not None and version != (own.version if own else 0):
        raise Stale(_("Somebody changed this item meanwhile: look at it as it is now, then try again."))
    item = own or _new(workspace, kind, slug)
    if bundled is not None and (own is None or settles_update):
        _stand_on(item, bundled)
    was = item.checksum
    item = _write(item, payload, actor, now)
    if item.checksum != was:
        _record("playbook.item_saved", item, actor, now, version=item.version)
    return item


def _new(workspace: Workspace, kind: str, slug: str) -> PlaybookItem:
    return PlaybookItem(workspace=workspace, kind=kind, slug=slug, version=0, checksum="")


def _stand_on(item: PlaybookItem, bundled: PlaybookItem) -> None:
    item.base, item.base_checksum, item.based_on_version = bundled.payload, bundled.checksum, bundled.version


def _write(item: PlaybookItem, payload: Mapping[str, Any], actor: Membership, now: datetime) -> PlaybookItem:
    """A new version when the content differs, with its revision."""
    checksum = digest(payload)
    if checksum != item.checksum:
        item.payload, item.checksum, item.loaded_at = dict(payload), checksum, now
        item.version += 1
    item.save()
    history.revise(subject=item, workspace=actor.workspace, payload=item.payload, actor=actor, now=now)
    return item


def _record(verb: str, item: PlaybookItem, actor: Membership, now: datetime, **data: Any) -> None:
    told = {"kind": str(item.kind), "slug": item.slug, "title": item.title, **data}
    history.record(verb=verb, now=now, workspace=actor.workspace, actor=actor, subject=item, data=told)


@transaction.atomic
def copy_item(*, actor: Membership, item: PlaybookItem, now: datetime) -> PlaybookItem:
    """Another item beside this one, to be made into something else. It stands alone: no update will be offered."""
    workspace = _opened(actor, item.kind, item.slug)
    _must_not_be_counted(item.kind)
    taken = set(PlaybookItem.objects.of_kind(item.kind).filter(slug__startswith=item.slug[:50]).values_list("slug"))
    names = (f"{item.slug[:50].rstrip('-')}-{number}" for number in range(2, len(taken) + 3))
    slug = next(name for name in names if (name,) not in taken)
    title = {code: _COPY[code] % item.payload["title"].get(code, "") for code in LANGUAGES}
    copy = _write(
        _new(workspace, item.kind, slug), {**item.payload, "slug": slug, "version": 1, "title": title}, actor, now
    )
    _record("playbook.item_copied", copy, actor, now, of=item.slug)
    return copy


@transaction.atomic
def retire(*, actor: Membership, item: PlaybookItem, now: datetime) -> PlaybookItem:
    """Take an item out of the organisation's playbook. What was made from it stays as it is.

    Raises `Refused` while another item needs it, naming those that do.
    """
    workspace = _opened(actor, item.kind, item.slug)
    _must_not_be_counted(item.kind)
    needed_by = users_of(workspace, item)
    if needed_by:
        raise Refused(
            _("Other items need it: %(items)s. Change them first.")
            % {"items": ", ".join(user.title for user in needed_by[:5])}
        )
    own = _own(workspace, item.kind, item.slug)
    if own is None:
        own = _new(workspace, item.kind, item.slug)
        _stand_on(own, item)
    own.retired_at = now
    own = _write(own, item.payload, actor, now)
    _record("playbook.item_retired", own, actor, now)
    return own


@transaction.atomic
def take_back(*, actor: Membership, item: PlaybookItem, now: datetime) -> PlaybookItem:
    """Put a retired item back in use."""
    workspace = _opened(actor, item.kind, item.slug)
    own = _own(workspace, item.kind, item.slug)
    if own is None or own.retired_at is None:
        raise Stale(_("This item is in use already."))
    own.retired_at = None
    own.save(update_fields=["retired_at"])
    _record("playbook.item_taken_back", own, actor, now)
    return own


@transaction.atomic
def restore(*, actor: Membership, item: PlaybookItem, number: int, now: datetime) -> PlaybookItem:
    """Go back to an earlier version, as a new one."""
    revision = Revision.objects.of(item).filter(number=number, workspace=actor.workspace).first()
    if revision is None:
        raise NotFound(_("There is no such version."))
    return save_own(actor=actor, kind=item.kind, slug=item.slug, payload=revision.payload, now=now)


def users_of(workspace: Workspace, item: PlaybookItem) -> list[PlaybookItem]:
    """The items of the organisation's playbook that cannot do without this one."""
    if item.kind not in (Kind.WORKFLOW, Kind.REMINDER_PROFILE):
        return []
    others = PlaybookItem.objects.visible_to(workspace).of_kinds(Kind.TEMPLATE, Kind.WORKFLOW, Kind.CADENCE)
    return [other for other in others if item.slug in _named(other.payload, item.kind)]


def _named(payload: Mapping[str, Any], kind: str) -> Iterable[str]:
    if kind == Kind.WORKFLOW:
        return [payload.get("workflow", "")]
    tasks = [task for key in ("tasks", "tasks_add", "tasks_override") for task in payload.get(key, ())]
    return [payload.get("reminder", ""), *(task.get("reminder", "") for task in tasks)]


@transaction.atomic
def import_items(*, actor: Membership, items: Sequence[Bundled], now: datetime) -> dict[str, int]:
    """Make these items the organisation's own, by kind and short name. What is the same already stays as it is.

    Returns how many are `new`, `changed` and `unchanged`; the same file a second time changes nothing.
    """
    workspaces.require(actor, Act.PLAN)
    workspace = workspaces.lock(actor.workspace)
    outcomes = Counter(_bring(workspace, actor, item, now) for item in items)
    counts = {name: outcomes[name] for name in ("new", "changed", "unchanged")}
    if counts["new"] or counts["changed"]:
        history.record(
            verb="playbook.imported", now=now, workspace=workspace, actor=actor, subject=workspace, data=counts
        )
    return counts


def _bring(workspace: Workspace, actor: Membership, item: Bundled, now: datetime) -> str:
    own, bundled = _own(workspace, item.kind, item.slug), _bundled(item.kind, item.slug)
    present = own or bundled
    if present is not None and present.checksum == digest(item.payload) and present.retired_at is None:
        return "unchanged"
    _opened(actor, item.kind, item.slug)
    if present is None:
        _must_not_be_counted(item.kind)
    target = own or _new(workspace, item.kind, item.slug)
    if own is None and bundled is not None:
        _stand_on(target, bundled)
    target.retired_at = None
    _write(target, item.payload, actor, now)
    return "changed" if present else "new"
