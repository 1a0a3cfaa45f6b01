"""A spreadsheet is uploaded, looked at, and brought in: by the operation that makes any post, all lines or none.

Nothing is written before somebody has seen what each line would make, and what they confirm is exactly that.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planner.base import tables
from planner.base.errors import Invalid, NotFound, Refused, Stale
from planner.calendar.models import Import
from planner.calendar.queries import incoming as reading
from planner.calendar.rules import incoming
from planner.calendar.rules.incoming import Judged, Line, Verdict
from planner.history import operations as history
from planner.history.rules import digest
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts.models import Initiative
from planner.posts.operations import Piece
from planner.posts.rules import PostValues
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Channel, Membership
from planner.workspaces.rules import Act

history.register(
    {
        "import.made": gettext_lazy("brought posts in from a spreadsheet"),
        "import.taken_back": gettext_lazy("put aside what a spreadsheet had brought in"),
    }
)


@transaction.atomic
def upload_sheet(*, actor: Membership, name: str, content: bytes, first: str, now: datetime) -> Import:
    """Keep the lines of a file for its person to look at; one that they had not brought in makes room.

    `first` says how `05/12/2026` is read. Raises `Invalid`, in words, for what is no table of posts.
    """
    workspaces.require(actor, Act.PLAN)
    table = tables.read(content, incoming.known_in)
    top = incoming.heading_row(table.rows)
    lines = [(number, row) for number, row in enumerate(table.rows, 1) if number > top + 1 and any(row)]
    if not lines:
        raise Invalid(_("There is no line below the headings: choose another file."), field="file")
    if len(lines) > tables.MOST_LINES:
        raise tables.too_long()
    Import.objects.of(actor).waiting().delete()
    return Import.objects.create(
        workspace=actor.workspace, person=actor, file_name=name[-150:], separator=table.separator, first=first,
        heads=table.rows[top], lines=lines, uploaded_at=now,
    )  # fmt: skip


@dataclass(frozen=True)
class Look:
    """What the lines of a spreadsheet would make, line by line."""

    judged: Sequence[Judged]
    columns: incoming.Columns
    names: dict[str, incoming.Names]
    usual_language: str
    mark: str
    """What a confirmation repeats, to say that this is what it confirms."""

    @property
    def counts(self) -> Counter[Verdict]:
        return Counter(one.verdict for one in self.judged)

    @property
    def posts(self) -> int:
        return len(incoming.pieces(self.judged, again=False))

    @property
    def too_much(self) -> str:
        """Why all of it cannot be made in one act; empty when it can."""
        return incoming.too_much(one.line for one in self.judged if one.verdict in incoming.GOOD)


def look_at(*, actor: Membership, sheet: Import, now: datetime) -> Look:
    """Read its lines against the workspace as it is now. Reads only, in a fixed number of queries."""
    workspaces.require(actor, Act.PLAN)
    columns = incoming.columns_of(sheet.heads)
    known = reading.known(actor.workspace, sheet.first, now)
    lines = [incoming.read_line(number, cells, columns, known) for number, cells in sheet.lines]
    remembered = Import.objects.all().remembered(actor.workspace_id)
    judged = incoming.judge(lines, reading.standing_like(actor.workspace, lines, remembered))
    names = {"channels": known.channels, "templates": known.templates, "people": known.people,
             "initiatives": known.initiatives}  # fmt: skip
    return Look(judged, columns, names, known.languages[0], digest({"lines": incoming.mark_of(judged)}))


@transaction.atomic
def bring_in(*, actor: Membership, sheet: Import, mark: str, again: bool = False, now: datetime) -> Import:
    """Make the posts of all lines that are good, in one act; those that are here already only `again`.

    Raises `Stale` when the lines would no longer make what was looked at, of which `mark` is the digest.
    """
    workspaces.require(actor, Act.PLAN)
    workspaces.lock(actor.workspace)
    found = Import.objects.of(actor).filter(pk=sheet.pk).first()
    if found is None:
        raise NotFound(_("There is no such thing in this workspace."))
    look = look_at(actor=actor, sheet=found, now=now)
    if found.brought_in_at is not None:
        raise Stale(_("This spreadsheet was brought in already."))
    if look.mark != mark:
        raise Stale(_("Something has changed since you looked: look at the lines as they are now, then bring them in."))
    lines = incoming.pieces(look.judged, again=again)
    if incoming.too_much(lines):
        raise Refused(incoming.too_much(lines))
    if not lines:
        raise Refused(_("No line can be brought in: mend the file, and choose it again."))
    made = posts.bring_in(actor=actor, pieces=_pieces(actor, lines), now=now)
    told = [incoming.told(post.pk, line) for post, line in zip(made, lines, strict=True)]
    if Import.objects.waiting().filter(pk=found.pk).update(brought_in_at=now, posts=told) != 1:
        raise Stale(_("This spreadsheet was brought in already."))
    found.brought_in_at, found.posts = now, told
    history.record(
        verb="import.made", now=now, workspace=actor.workspace, actor=actor, subject=found,
        data={"file": found.file_name, "posts": len(told), "lines": len(found.lines)},
    )  # fmt: skip
    return found


def _pieces(actor: Membership, lines: Sequence[Line]) -> list[Piece]:
    workspace = actor.workspace
    channels = Channel.objects.filter(workspace=workspace).in_bulk()
    templates = PlaybookItem.objects.in_bulk({line.template for line in lines if line.template})
    people = Membership.objects.with_people().in_bulk({line.author for line in lines if line.author})
    initiatives = Initiative.objects.in_bulk({line.initiative for line in lines if line.initiative})

    def values(line: Line) -> PostValues:
        said = PostValues()
        if line.author:
            said["author"] = people[line.author]
        if line.intent:
            said["intent"] = line.intent
        return said

    return [
        Piece(
            title=line.title, language=line.language, planned=line.wall, body=line.text, remark=line.remark,
            channels=[channels[pk] for pk in line.channels], values=values(line),
            template=templates[line.template] if line.template else None,
            initiative=initiatives[line.initiative] if line.initiative else None,
        )
        for line in lines
    ]  # fmt: skip


MOST_BACK = 500
"""Posts put aside in one act: each is some twenty statements, and everybody else waits for the end of them."""


@transaction.atomic
def take_back(*, actor: Membership, sheet: Import, now: datetime) -> int:
    """Cancel the posts of a spreadsheet on which nobody has worked since, `MOST_BACK` at once; the others stay.

    Returns how many.
    """
    workspaces.require(actor, Act.PLAN)
    workspaces.lock(actor.workspace)
    found = Import.objects.of(actor).filter(pk=sheet.pk).first()
    if found is None:
        raise NotFound(_("There is no such thing in this workspace."))
    untouched = list(reading.untouched(found)[:MOST_BACK])
    if not untouched:
        raise Refused(_("Nothing is left to put aside: somebody has worked on these posts, or they are put aside."))
    reason = _("Brought in from “%(file)s”, and put aside again.") % {"file": found.file_name}
    for post in untouched:
        posts.cancel(post=post, actor=actor, reason=reason, now=now)
    history.record(
        verb="import.taken_back", now=now, workspace=actor.workspace, actor=actor, subject=found,
        data={"file": found.file_name, "posts": len(untouched)},
    )  # fmt: skip
    return len(untouched)


@dataclass(frozen=True)
class Forgotten:
    """How many spreadsheets lost their words, and whether there may be more."""

    count: int
    may_be_more: bool


_AT_ONCE = 50


def forget_sheets(*, now: datetime) -> Forgotten:
    """Forget the words of spreadsheets uploaded more than `KEPT_DAYS` ago; which posts they made stays known.

    It may be stopped at any moment and run again.
    """
    old = Import.objects.filter(uploaded_at__lt=now - timedelta(days=incoming.KEPT_DAYS)).exclude(lines=[])
    keys = list(old.order_by("uploaded_at").values_list("pk", flat=True)[:_AT_ONCE])
    Import.objects.waiting().filter(pk__in=keys).delete()
    Import.objects.filter(pk__in=keys).update(lines=[], heads=[])
    return Forgotten(len(keys), may_be_more=len(keys) == _AT_ONCE)
