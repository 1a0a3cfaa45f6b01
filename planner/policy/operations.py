"""What an organisation changes in its policy, and who has read its charter. Start with `house_of`."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotAllowed, NotFound, Stale
from planner.base.language import LANGUAGES
from planner.history import operations as history
from planner.policy import queries
from planner.policy.models import Acknowledgement, Charter, PolicyVersion
from planner.policy.rules import House, Rule, house_from
from planner.policy.rules.lexicon import lines_of, problems
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership, Workspace
from planner.workspaces.rules import Act, EditorialRole, may

MOST_ENTRIES = 2000

history.register(
    {
        "policy.changed": _("changed the editorial policy"),
        "policy.charter_written": _("wrote the editorial policy"),
        "policy.charter_read": _("has read the editorial policy"),
    }
)


# ---- what holds ------------------------------------------------------------------------


def house_of(workspace: Workspace) -> House:
    """The rules and lists in force for an organisation: the bundled ones with its changes, and its name as brand."""
    return house_at(workspace, PolicyVersion.objects.last_of(workspace))


def house_at(workspace: Workspace, version: PolicyVersion | None) -> House:
    """The same for somebody who has read the last version already."""
    own = version.changes if version else {}
    return _house(queries.stamps(), _Frozen(workspace.pk, version.number if version else 0, own), workspace.name)


def with_changes(changes: Mapping[str, Any]) -> House:
    """The house as it would be with these changes: for trying them before they are kept."""
    return house_from(**queries.declared(queries.folder()), own=changes)


def figures_typed(declared: Rule, typed: Mapping[str, str]) -> dict[str, Any]:
    """The figures that somebody typed, as the rule uses them: those that differ from the bundled ones. Raises `Invalid`
    where one cannot be read."""
    read: dict[str, Any] = {}
    for key in declared.parameters.keys() & typed.keys():
        try:
            value = lines_of(typed[key]) if isinstance(declared[key], list) else type(declared[key])(typed[key])
        except ValueError as fault:
            raise Invalid(_("This is not a value that the rule can use."), field=key) from fault
        if value != declared[key]:
            read[key] = value
    return read


class _Frozen:
    """The changes of a version, told apart by workspace and number."""

    def __init__(self, workspace: int, number: int, changes: Mapping[str, Any]) -> None:
        self.key, self.changes, self.number = (workspace, number), changes, number

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and self.key == other.key and self.changes == other.changes


@lru_cache(maxsize=64)
def _house(stamps: tuple[int, ...], own: _Frozen, name: str) -> House:
    """Kept whole, because the word lists of a house are made ready once, when they are first read."""
    house = queries.bundled()
    if own.changes:
        house = house_from(**queries.declared(queries.folder()), own=own.changes, number=own.number)
    return house.with_brand([name])


def may_change(member: Membership) -> bool:
    """The policy belongs to managers and to whoever approves."""
    book = workspaces.role_book(member.workspace)
    return may(member.level, Act.MANAGE_SETTINGS) or book.holds(member.pk, EditorialRole.APPROVER)


def require_change(actor: Membership) -> None:
    """Raises `NotAllowed` unless the member may change the policy."""
    workspaces.require(actor, Act.READ)
    if not may_change(actor):
        raise NotAllowed(_("Only a manager or the communications director changes the policy: ask one of them."))


# ---- lists and parameters -----------------------------------------------------------------


@transaction.atomic
def change_words(
    *,
    actor: Membership,
    language: str,
    name: str,
    entries: Sequence[str],
    but_not: Sequence[str],
    reason: str,
    number: int | None = None,
    now: datetime,
) -> PolicyVersion:
    """Keep this word list as the organisation's own. `number` is the version that the form showed.

    Raises `Invalid`, naming the entries, when some cannot be read; `Stale` when the policy changed in between.
    """
    require_change(actor)
    if (language, name) not in queries.bundled().lists:
        raise NotFound(_("There is no such word list."))
    wrong = problems([*entries, *but_not])
    if wrong:
        raise Invalid(_("These entries cannot be read: %(entries)s.") % {"entries": ", ".join(wrong[:5])})
    if len(entries) + len(but_not) > MOST_ENTRIES:
        raise Invalid(_("A list holds at most %(most)s entries.") % {"most": MOST_ENTRIES})
    own = {"entries": list(entries), "but_not": list(but_not)}
    return _change(actor, ("lists", language, name), own, reason, number, now, {"list": name, "language": language})


@transaction.atomic
def change_parameters(
    *,
    actor: Membership,
    rule: str,
    values: Mapping[str, Any],
    reason: str,
    number: int | None = None,
    now: datetime,
) -> PolicyVersion:
    """Keep these figures of a rule as the organisation's own; the keys not given go back to the bundled ones."""
    require_change(actor)
    declared = queries.bundled().rules.get(rule)
    if declared is None or not values.keys() <= declared.parameters.keys():
        raise NotFound(_("There is no such rule, or figure of it."))
    for key, value in values.items():
        if type(value) not in _LIKE.get(type(declared[key]), (type(declared[key]),)):
            raise Invalid(_("This is not a value that the rule can use."), field=key)
    return _change(actor, ("parameters", rule), dict(values), reason, number, now, {"rule": rule})


_LIKE: Mapping[type, tuple[type, ...]] = {int: (int, float), float: (int, float)}


def _change(
    actor: Membership,
    path: Sequence[str],
    own: Mapping[str, Any],
    reason: str,
    number: int | None,
    now: datetime,
    told: Mapping[str, Any],
) -> PolicyVersion:
    workspace = workspaces.lock(actor.workspace)
    if len(reason.strip()) < 10:
        raise Invalid(_("Say why, in ten characters or more: colleagues will read it."), field="reason")
    last = PolicyVersion.objects.last_of(workspace)
    if number is not None and number != (last.number if last else 0):
        raise Stale(_("Somebody changed the policy meanwhile: look at it as it is now, then try again."))
    changes = changed(last.changes if last else {}, path, own)
    version = PolicyVersion.objects.create(
        workspace=workspace,
        number=(last.number if last else 0) + 1,
        changes=changes,
        reason=reason.strip(),
        made_by=actor,
        made_at=now,
    )
    history.record(
        verb="policy.changed", now=now, workspace=workspace, actor=actor, subject=version,
        data={**told, "reason": version.reason, "version": version.number},
    )  # fmt: skip
    return version


def changed(changes: Mapping[str, Any], path: Sequence[str], own: Mapping[str, Any]) -> dict[str, Any]:
    """The changes with one place of them set; a place set to nothing goes away."""
    result: dict[str, Any] = deepcopy(dict(changes))
    at = result
    for key in path[:-1]:
        at = at.setdefault(key, {})
    if own:
        at[path[-1]] = dict(own)
    else:
        at.pop(path[-1], None)
    return result


# ---- the charter ---------------------------------------------------------------------------


@transaction.atomic
def write_charter(
    *,
    actor: Membership,
    text: Mapping[str, str],
    owner: Membership,
    review_on: date,
    is_major: bool,
    now: datetime,
) -> Charter:
    """Keep a new version of the charter. A major one asks everybody to read it again."""
    require_change(actor)
    workspaces.same_house(actor, owner)
    workspace = workspaces.lock(actor.workspace)
    if not owner.is_active:
        raise Invalid(_("Choose somebody who is a member here."), field="owner")
    if review_on <= now.date():
        raise Invalid(_("Choose a day to come."), field="review_on")
    for code in LANGUAGES:
        if not text.get(code, "").strip():
            raise Invalid(_("The policy is written in both languages."), field=f"text_{code}")
    last = Charter.objects.last_of(workspace)
    charter = Charter.objects.create(
        workspace=workspace,
        number=(last.number if last else 0) + 1,
        text={code: text[code] for code in LANGUAGES},
        is_major=is_major or last is None,
        owner=owner,
        review_on=review_on,
        made_by=actor,
        made_at=now,
    )
    history.record(
        verb="policy.charter_written", now=now, workspace=workspace, actor=actor, subject=charter,
        data={"version": charter.number, "major": charter.is_major},
    )  # fmt: skip
    return charter


@transaction.atomic
def acknowledge(*, actor: Membership, charter: Charter, now: datetime) -> Acknowledgement:
    """The member has read this version. Saying it twice changes nothing. Raises `Stale` for an earlier version."""
    workspaces.require(actor, Act.READ)
    workspaces.same_house(actor, charter)
    last = Charter.objects.last_of(actor.workspace)
    if last is None or last.pk != charter.pk:
        raise Stale(_("There is a newer version: read that one."))
    given, is_new = Acknowledgement.objects.get_or_create(charter=charter, member=actor, defaults={"given_at": now})
    if is_new:
        history.record(
            verb="policy.charter_read", now=now, workspace=actor.workspace, actor=actor, subject=charter,
            data={"version": charter.number},
        )  # fmt: skip
    return given


def has_read(member: Membership, charter: Charter, today: date) -> bool:
    """Has the member read it within the year, this version or a minor one before it?"""
    since = Charter.objects.last_major_of(charter.workspace)
    given = Acknowledgement.objects.filter(member=member, charter__workspace=charter.workspace)
    if since is not None:
        given = given.filter(charter__number__gte=since.number)
    last = given.order_by("-given_at").first()
    return last is not None and (today - last.given_at.date()).days <= YEAR


YEAR = 365
