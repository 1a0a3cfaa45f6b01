"""The policy asked again about scheduled posts: `python -m tests.bench.night [sqlite] [postgres] [beside] [10000]`.

The worst night: every post fails a rule for the first time, so each gets a work item with its reminders. Then a night
in which nothing is new, and an alert over all of them. A worker that also delivers is kept from its reminders for one
slice at most, which is why the longest slice has a bar; `beside` measures it in `up`, whose one worker does both.
Nothing fails here.
"""

import json
import resource
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from tests.bench.calendar import installed, row
from tests.bench.reminders import TICK, Running
from tests.services.conftest import Installation, on_sqlite
from tests.services.servers import until

MANY = 10_000
NIGHT_BAR, MEMORY_BAR, SLICE_BAR = 3600.0, 100.0, 2.5
LOOKED_AT, TRICKLE, APART = 2_000, 200, 0.2
"""Posts that are looked at while so many reminders fall due, so many seconds apart."""


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


def all_looked() -> None:
    """As after a night."""
    from planner.base import clock  # noqa: PLC0415
    from planner.models import PolicyCheck, Post  # noqa: PLC0415

    now = clock.now()
    PolicyCheck.objects.bulk_create(PolicyCheck(post=post, checked_at=now) for post in Post.objects.all())


def beside() -> None:
    """How late reminders are in `up` while nothing else happens, and while its worker looks at posts."""
    with tempfile.TemporaryDirectory(prefix="marronnier-bench-") as folder:
        house = on_sqlite(Path(folder), REMINDER_TRANSPORT="null", REMINDER_LEASE_SECONDS="60")
        house.manage("load_playbook", "-v", "0")
        house.manage("seed_demo", "--posts", str(LOOKED_AT), "-v", "0")
        for call in ("night.sow()", "night.all_looked()"):
            house.manage("shell", "-v", "0", "-c", f"from tests.bench import night; {call}")
        house.sow(2 * TRICKLE, due_in=86_400)
        last = house.ask("SELECT max(id) FROM planner_reminder")[0][0]
        running = Running(house)
        try:
            alone = trickle(house, last - 2 * TRICKLE)
            write(house, "DELETE FROM planner_policycheck")
            until(lambda: looked(house), "the first look", within=120, meanwhile=partial(time.sleep, 0.25))
            busy = trickle(house, last - TRICKLE)
            left = LOOKED_AT - looked(house)
        finally:
            running.stop()
    for what, late, bar in (("alone", alone, TICK + 0.5), ("while posts are looked at", busy, TICK + SLICE_BAR)):
        row(f"up, {TRICKLE} reminders, one after the other, {what}: lateness, half", late[len(late) // 2], None, "s")
        row(f"up, {TRICKLE} reminders, {what}: lateness, 99 %", late[int(len(late) * 0.99)], bar, "s")
    row("up, posts that were still to be looked at in the end", left, None, "")


def write(house: Installation, sql: str, *rows: tuple[object, ...]) -> None:
    with closing(sqlite3.connect(house.folder / "db.sqlite3", timeout=30)) as database, database:
        database.executemany(sql, rows or [()])


def looked(house: Installation) -> int:
    return int(house.ask("SELECT count(*) FROM planner_policycheck")[0][0])


def trickle(house: Installation, after: int) -> list[float]:
    """The reminders after this one fall due one by one; by how many seconds each was late, sorted."""
    ids, begins = range(after + 1, after + TRICKLE + 1), datetime.now(UTC) + timedelta(seconds=2)
    due = {pk: begins + timedelta(seconds=APART * n) for n, pk in enumerate(ids)}
    moments = [(f"{at:%Y-%m-%d %H:%M:%S.%f}",) * 2 + (pk,) for pk, at in due.items()]
    write(house, "UPDATE planner_reminder SET due_at = ?, next_at = ? WHERE id = ?", *moments)
    sent = (
        "SELECT reminder_id, at FROM planner_delivery "
        f"WHERE state = 'sent' AND reminder_id BETWEEN {ids[0]} AND {ids[-1]}"  # noqa: S608 - ours
    )
    until(
        lambda: len(house.ask(sent)) >= TRICKLE, "all delivered", within=TRICKLE * APART + 60,
        meanwhile=partial(time.sleep, 1),
    )  # fmt: skip
    return sorted(
        (datetime.fromisoformat(at).replace(tzinfo=UTC) - due[pk]).total_seconds() for pk, at in house.ask(sent)
    )


def main(words: list[str]) -> None:
    many = next((int(word) for word in words if word.isdigit()), MANY)
    for kind in [word for word in words if not word.isdigit()] or ["sqlite", "postgres", "beside"]:
        if kind == "beside":
            beside()
            continue
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
