"""The policy asked again about 10,000 scheduled posts: `python -m tests.bench.night [sqlite] [postgres] [10000]`.

The worst night: every post fails a rule for the first time, so each gets a work item with its reminders. Then a night
in which nothing is new, and an alert over all of them. A worker that also delivers is kept from its reminders for one
slice at most, which is why the longest slice has a bar. Nothing fails here.
"""

import json
import resource
import sys
import time
from collections import Counter
from datetime import timedelta
from typing import Any

from tests.bench.calendar import installed, row

MANY = 10_000
NIGHT_BAR, MEMORY_BAR, SLICE_BAR = 3600.0, 100.0, 2.5


def sow() -> None:
    """The posts of the sample, all scheduled over the next 30 days, in a workspace of people."""
    from planner.base import clock  # noqa: PLC0415 - in the process of the installation
    from planner.models import Placement, Post, Workspace  # noqa: PLC0415

    now = clock.now()
    Workspace.objects.update(is_sample=False)
    every = list(Post.objects.order_by("pk").values_list("pk", flat=True))
    for day in range(1, 30):
        at, of_day = now + timedelta(days=day), every[day - 1 :: 29]
        Placement.objects.filter(post__in=of_day).update(
            planned_on=at.date(), planned_time=at.time(), planned_at=at, shown_at=at, published_at=None
        )
        Post.objects.filter(pk__in=of_day).update(status="scheduled", planned_at=at, published_at=None)


def a_run(*, ahead: bool) -> dict[str, Any]:
    """Slice after slice until nothing is left: seconds, the longest slice, what was done."""
    from planner.base import clock  # noqa: PLC0415
    from planner.posts import operations as posts  # noqa: PLC0415

    counts: Counter[str] = Counter()
    longest, started = 0.0, time.perf_counter()
    while True:
        begun = time.perf_counter()
        done = posts.recheck(now=clock.now(), nightly=ahead)
        longest = max(longest, time.perf_counter() - begun)
        counts += done.counts
        if not done.may_be_more:
            found = {"seconds": time.perf_counter() - started, "longest": longest, **counts}
            print(found, file=sys.stderr, flush=True)  # it takes minutes: say how far it is
            return found


def measure() -> None:
    """The three runs; figures as one line of JSON."""
    from planner.base import clock  # noqa: PLC0415
    from planner.models import Membership, PolicyCheck  # noqa: PLC0415
    from planner.policy import operations as policy  # noqa: PLC0415
    from planner.posts import operations as posts  # noqa: PLC0415

    lead = Membership.objects.select_related("workspace").order_by("pk").first()
    assert lead is not None
    policy.house_of(lead.workspace)  # as in a worker that has checked before
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = {"first": a_run(ahead=True)}
    PolicyCheck.objects.update(checked_at=clock.now() - timedelta(days=1))
    found["second"] = a_run(ahead=True)
    posts.raise_alert(workspace=lead.workspace, level=2, scope={"all": True}, actor=lead, now=clock.now())
    found["alert"] = a_run(ahead=False)
    print(json.dumps(found | {"mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024}))


def main(words: list[str]) -> None:
    kinds = [kind for kind in ("sqlite", "postgres") if kind in words] or ["sqlite", "postgres"]
    many = next((int(word) for word in words if word.isdigit()), MANY)
    for kind in kinds:
        with installed(kind) as house:
            house.manage("load_playbook", "-v", "0")
            house.manage("seed_demo", "--posts", str(many), "-v", "0")
            house.manage("shell", "-v", "0", "-c", "from tests.bench import night; night.sow()")
            said = house.manage("shell", "-v", "0", "-c", "from tests.bench import night; night.measure()")
        found = json.loads(said.splitlines()[-1])
        for key, name in (
            ("first", "a night, all fail anew"),
            ("second", "a night, nothing new"),
            ("alert", "an alert"),
        ):
            one = found[key]
            note = f", {one.get('looked', 0):,} looked at, {one.get('asked', 0):,} asked, {one.get('failed', 0)} failed"
            row(f"{kind}, {many:,} posts: {name}", one["seconds"], NIGHT_BAR, "s", note)
            row(f"{kind}, {many:,} posts: {name}, longest slice", one["longest"], SLICE_BAR, "s")
        row(f"{kind}, {many:,} posts: memory more", found["mb"], MEMORY_BAR, "MB")


if __name__ == "__main__":
    main(sys.argv[1:])
