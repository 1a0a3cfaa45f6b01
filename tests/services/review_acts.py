"""Approvers and an author at the same instant: each in a process of its own, all let go by one file.

`from tests.services import review_acts; review_acts.review()`, then `review_acts.act("first", "go")`.
"""

import time
from pathlib import Path

from planner.base import clock
from planner.models import Approval, Membership, Post, RoleAssignment, User, Workspace
from planner.posts import operations as posts
from planner.posts.operations.reading import digest_of
from planner.posts.rules import Status
from tests.services import crisis_acts
from tests.services.crisis_acts import WITHIN

APPROVERS = ("approver", "second", "third")
YES = {f"H{number:02}": {"said": "yes"} for number in range(1, 11)}


def review() -> None:
    """Eight posts in review, three people who approve."""
    crisis_acts.newsroom()
    now, house = clock.now(), Workspace.objects.get()
    for name in APPROVERS[1:]:
        user = User.objects.create(name=name, email=f"{name}@example.org", password="!", language="en")
        member = Membership.objects.create(workspace=house, user=user, level="contributor", joined_at=now)
        RoleAssignment.objects.create(workspace=house, role="approver", person=member)
    for post in Post.objects.filter(status=Status.APPROVED):
        _write(post, "We answer your questions, each week.")


def _write(post: Post, body: str) -> None:
    last = posts.revision_of(post)
    posts.save_text(
        post=post, actor=crisis_acts._people()["author"], language="en", title=post.title(), body=body,
        base_revision=last.number, now=clock.now(),
    )  # fmt: skip


def act(name: str, go: str) -> None:
    """Wait for the file, then decide on every post, or change one letter of each."""
    person = crisis_acts._people()[name]

    def do(post: Post) -> None:
        if name == "author":
            _write(post, f"We answer your questions, each weak {time.monotonic()}.")
        else:
            posts.approve(post=post, actor=person, answers=YES, now=clock.now())

    waiting = list(Post.objects.filter(status=Status.IN_REVIEW).order_by("pk"))
    deadline = time.monotonic() + WITHIN
    while not Path(go).exists():
        if time.monotonic() > deadline:
            raise TimeoutError(go)
        time.sleep(0.001)
    print(crisis_acts.each(do, waiting), flush=True)  # noqa: T201 - the test reads it


def verdict() -> dict[str, int]:
    """How many posts there are, how many stand as they should, and how many were approved twice."""
    reviewed = list(Post.objects.filter(status__in=[Status.IN_REVIEW, Status.APPROVED]))
    return {
        "posts": len(reviewed),
        "sound": sum(_is_sound(post) for post in reviewed),
        "approved": sum(post.status == Status.APPROVED for post in reviewed),
        "most": max(len(_standing(post)) for post in reviewed),
    }


def _standing(post: Post) -> list[Approval]:
    return list(Approval.objects.filter(post=post, role="approver", voided_at__isnull=True))


def _is_sound(post: Post) -> bool:
    """Approved is exactly the text as it stands, by one or two different people; in review, nobody's approval holds."""
    standing = _standing(post)
    if post.status == Status.IN_REVIEW:
        return not standing
    people = {one.person_id for one in standing}
    return len(people) == len(standing) in (1, 2) and {one.digest for one in standing} == {digest_of(post)}
