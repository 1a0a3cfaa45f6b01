"""Revisions: what was saved, the difference between two, and the way back."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from planner.base import clock
from planner.history.models import Revision
from planner.history.rules import Piece, difference
from planner.posts import operations as posts
from planner.posts.models import Approval, Post
from planner.posts.rules import FROZEN
from planner.posts.views.found import post_of
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act, may


@require_safe
def revisions(request: MemberRequest, post: int) -> HttpResponse:
    """All revisions; `?from=2&to=4` chooses the two that are compared, by default the last two; what differs first."""
    found = post_of(request, post)
    kept = list(Revision.objects.of(found).select_related("actor").defer("payload"))
    numbers = [revision.number for revision in kept]
    newer = _number(request, "to", numbers, max(numbers, default=0))
    older = _number(request, "from", numbers, newer - 1 if newer - 1 in numbers else newer)
    pair = {
        revision.number: revision.payload for revision in Revision.objects.of(found).filter(number__in=[older, newer])
    }
    return render(
        request,
        "planner/posts/revisions.html",
        {
            "post": found,
            "revisions": kept,
            "older": older,
            "newer": newer,
            "parts": sorted(
                _compared(pair.get(older) or {}, pair.get(newer) or {}),
                key=lambda part: (not _differs(part), part[1] != found.language),
            ),
            "may_restore": may(request.membership.level, Act.WRITE) and found.status not in FROZEN,
            "last": max(numbers, default=0),
        },
    )


def _number(request: MemberRequest, name: str, numbers: list[int], default: int) -> int:
    wanted = request.GET.get(name, "")
    if not wanted:
        return default
    if not wanted.isdigit() or int(wanted) not in numbers:
        raise Http404
    return int(wanted)


Part = tuple[str, str, list[Piece], list[Piece]]
"""A channel (empty: the post's own text), a language, the pieces of the title and those of the body."""


def _compared(before: dict[str, Any], after: dict[str, Any]) -> list[Part]:
    """For each language, then each channel with a text of its own: where, which language, title and body."""
    parts = []
    for where, code, old, new in _pairs(before, after):
        titles = difference(old.get("title", ""), new.get("title", ""))
        bodies = difference(old.get("body", ""), new.get("body", ""))
        part = (where, code, titles, bodies)
        if _differs(part) or not where:
            parts.append(part)
    return parts


def _differs(part: Part) -> bool:
    return any(piece.kind != "same" for piece in (*part[2], *part[3]))


def _pairs(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, dict[str, str], dict[str, str]]]:
    texts_before, texts_after = before.get("texts") or {}, after.get("texts") or {}
    found = [
        ("", code, texts_before.get(code) or {}, texts_after.get(code) or {})
        for code in sorted(texts_before.keys() | texts_after.keys())
    ]
    own_before, own_after = before.get("placements") or {}, after.get("placements") or {}
    for channel in sorted(own_before.keys() | own_after.keys()):
        old, new = own_before.get(channel) or {}, own_after.get(channel) or {}
        found += [(channel, code, old.get(code) or {}, new.get(code) or {}) for code in sorted(old.keys() | new.keys())]
    return found


@dataclass(frozen=True)
class Changed:
    """What is different since somebody last decided about the text."""

    decision: Approval
    newer: int
    parts: list[Part]


def since_the_last_decision(post: Post, reader: Membership) -> Changed | None:
    """From the revision on which this reader last decided, else anybody, to the last one; None when it is the same."""
    last = Revision.objects.of(post).order_by("-number").first()
    decided = list(post.approvals.exclude(revision_number=0).select_related("person__user").order_by("at", "id"))
    mine = [one for one in decided if one.person_id == reader.pk]
    decision = next(reversed(mine or decided), None)
    if last is None or decision is None or decision.digest == last.digest:
        return None
    before = Revision.objects.of(post).numbered(decision.revision_number)
    parts = _compared(before.payload if before else {}, last.payload)
    return Changed(decision, last.number, list(filter(_differs, parts)))


@require_POST
def restore(request: MemberRequest, post: int, number: int) -> HttpResponse:
    """Make the texts of an earlier revision the present ones."""
    found = post_of(request, post)
    posts.restore_revision(post=found, actor=request.membership, number=number, now=clock.now())
    messages.success(request, _("Revision %(number)s stands again, as a new revision.") % {"number": number})
    return redirect(found.link)
