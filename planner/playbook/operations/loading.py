"""Loading the bundled playbook, equipping a workspace with what it needs from it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from planner.history import operations as history
from planner.history.rules import digest
from planner.playbook.models import Kind, PlaybookItem
from planner.workspaces.models import Channel, Workspace
from planner.workspaces.rules import CHANNEL_LIMITS

history.register(
    {
        "playbook.loaded": _("loaded the bundled playbook"),
        "playbook.channels_added": _("added the channels of the playbook"),
    }
)


class Bundled(Protocol):
    """An item as the seed files give it, already checked."""

    @property
    def kind(self) -> Kind: ...
    @property
    def slug(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def payload(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Counts:
    """What a load did to the items of one kind."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    @property
    def changes(self) -> int:
        return self.new + self.changed + self.removed


@transaction.atomic
def upsert_bundled(*, items: Sequence[Bundled], now: datetime) -> dict[Kind, Counts]:
    """Make the bundled playbook what `items` say, by (kind, slug); a second time changes nothing.

    What they no longer hold is retired, not deleted, since posts point to it. Copies made by workspaces stay as they
    are. Records one history entry when anything changed.
    """
    stored = {(item.kind, item.slug): item for item in PlaybookItem.objects.filter(workspace__isnull=True)}
    fresh: list[PlaybookItem] = []
    outcomes = [(item.kind, _upsert(item, stored.pop((item.kind, item.slug), None), fresh, now)) for item in items]
    PlaybookItem.objects.bulk_create(fresh)  # hundreds at the first load
    outcomes += [(Kind(item.kind), "removed") for item in stored.values() if _retire(item, now)]
    counts = {kind: Counts(**Counter(outcome for of, outcome in outcomes if of == kind)) for kind in Kind}
    if any(count.changes for count in counts.values()):
        data = {str(kind): count.changes for kind, count in counts.items() if count.changes}
        history.record(verb="playbook.loaded", now=now, workspace=None, data=data)
    return counts


def _upsert(item: Bundled, stored: PlaybookItem | None, fresh: list[PlaybookItem], now: datetime) -> str:
    """Says what becomes of the item; one that is not there yet is added to `fresh`, to be written with its like."""
    checksum = digest(item.payload)
    if stored and stored.checksum == checksum and stored.version == item.version and stored.retired_at is None:
        return "unchanged"
    row = stored or PlaybookItem(kind=item.kind, slug=item.slug)
    row.version, row.payload, row.checksum = item.version, item.payload, checksum
    row.loaded_at, row.retired_at = now, None
    if stored is None:
        fresh.append(row)
        return "new"
    row.save()
    return "changed"


def _retire(item: PlaybookItem, now: datetime) -> bool:
    if item.retired_at is not None:
        return False
    item.retired_at = now
    item.save(update_fields=["retired_at"])
    return True


@transaction.atomic
def equip(*, workspace: Workspace, now: datetime) -> list[Channel]:
    """Give the workspace the playbook's channels that it has not got yet, in their order; returns those added.

    Never touches a channel that is there: its limits may have been edited.
    """
    present = set(workspace.channels.values_list("slug", flat=True))
    wanted = PlaybookItem.objects.visible_to(workspace).of_kind(Kind.CHANNEL).order_by("pk")
    added = Channel.objects.bulk_create(_channels(workspace, (item for item in wanted if item.slug not in present)))
    if added:
        history.record(
            verb="playbook.channels_added",
            now=now,
            workspace=workspace,
            subject=workspace,
            data={"channels": [channel.slug for channel in added]},
        )
    return added


def _channels(workspace: Workspace, items: Iterable[PlaybookItem]) -> list[Channel]:
    last = workspace.channels.aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    return [
        Channel(
            workspace=workspace,
            slug=item.slug,
            title=item.payload["title"],
            mark=item.payload["mark"],
            family=item.payload["family"],
            owned=item.payload["owned"],
            limits={key: item.payload[key] for key in (*_COUNTED, *CHANNEL_LIMITS) if key in item.payload},
            notes=item.payload["notes"],
            position=position,
        )
        for position, item in enumerate(items, first)
    ]


_COUNTED = ("count", "captions_required")
"""How the limits are counted, and whether a video needs captions: kept beside them."""
