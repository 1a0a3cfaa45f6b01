"""Reading the playbook."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

if TYPE_CHECKING:
    from planner.playbook.models import PlaybookItem
    from planner.workspaces.models import Workspace


class PlaybookItemQuerySet(models.QuerySet["PlaybookItem"]):
    def in_use(self) -> "PlaybookItemQuerySet":
        """Without what a later version of the playbook took away."""
        return self.filter(retired_at__isnull=True)

    def own(self, workspace: "Workspace") -> "PlaybookItemQuerySet":
        """What an organisation made its own, retired or not."""
        return self.filter(workspace=workspace)

    def bundled(self) -> "PlaybookItemQuerySet":
        """The items that come with the product, in use."""
        return self.in_use().filter(workspace__isnull=True)

    def of_kind(self, kind: str) -> "PlaybookItemQuerySet":
        return self.filter(kind=kind)

    def of_kinds(self, *kinds: str) -> "PlaybookItemQuerySet":
        return self.filter(kind__in=kinds)

    def register(self) -> "PlaybookItemQuerySet":
        """All the advice, and the sources that its titles come from."""
        return self.of_kinds("advice", "source")

    def templates(self) -> "PlaybookItemQuerySet":
        return self.of_kind("template")

    def visible_to(self, workspace: "Workspace") -> "PlaybookItemQuerySet":
        """The workspace's own items, and the bundled ones of which it has made no copy."""
        own = self.model._default_manager.filter(workspace=workspace, kind=OuterRef("kind"), slug=OuterRef("slug"))
        return self.in_use().filter(Q(workspace=workspace) | Q(~Exists(own), workspace__isnull=True)).defer("base")

    def payloads_for(self, workspace: "Workspace") -> dict[str, Any]:
        """By slug, what `visible_to` would find of one kind; one plain query, for pages that are read every moment.

        The workspace's own item comes after the bundled one, whose place it takes, even when it is retired.
        """
        both = self.filter(Q(workspace=workspace) | Q(workspace__isnull=True))
        rows = both.order_by(F("workspace").asc(nulls_first=True)).values_list("slug", "payload", "retired_at")
        last = {slug: (payload, retired_at) for slug, payload, retired_at in rows}
        return {slug: payload for slug, (payload, retired_at) in last.items() if retired_at is None}
