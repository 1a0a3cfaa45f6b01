"""The bar of the crisis room as one table: `python -m tests.bench.crisis [sqlite] [postgres] [100000]`.

Declaring over 100,000 placements with 400,000 reminders: time and memory of the one act. The war room with 5,000 lines
of log against the floor: session, one indexed query, the visible lines in a plain table. Nothing fails here.
"""

import json
import resource
import sys
import time
from datetime import timedelta
from typing import Any

from tests.bench.calendar import installed, row

MANY, LINES = 100_000, 5_000


def sow(many: int) -> None:
    """Scheduled placements written as rows, four reminders each."""
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415 - in the process of the installation

    from planner.base import clock  # noqa: PLC0415
    from planner.models import Channel, Membership, Placement, Post, Reminder, User, WorkItem, Workspace  # noqa: PLC0415

    now = clock.now()
    house = Workspace.objects.create(name="Marbourg", slug="marbourg", languages=["fr"], created_at=now)
    user = User.objects.create(name="Léa Mène", email="lea@example.org", password="!", language="en")
    lead = Membership.objects.create(workspace=house, user=user, level="manager", joined_at=now)
    channel = Channel.objects.create(workspace=house, slug="site", title={"fr": "Site"}, mark="Si", family="web")
    at = now + timedelta(days=20)
    posts = Post.objects.bulk_create(
        (
            Post(workspace=house, author=lead, status="scheduled", planned_at=at, created_at=now, updated_at=now)
            for _n in range(many)
        ),
        batch_size=2_000,
    )
    Placement.objects.bulk_create(
        (
            Placement(
                workspace=house, post=post, channel=channel, planned_on=at.date(), planned_time=at.time(),
                planned_at=at, shown_at=at,
            )
            for post in posts
        ),
        batch_size=2_000,
    )  # fmt: skip
    item, kind = ContentType.objects.get_for_model(WorkItem), ContentType.objects.get_for_model(Post)
    Reminder.objects.bulk_create(
        (
            Reminder(
                workspace=house, subject_type=item, subject_id=post.pk, group_type=kind, group_id=post.pk, step=f"s{n}",
                addressee="owner", profile="e-std", work_due_at=at, due_at=at, next_at=at, created_at=now,
            )
            for post in posts
            for n in range(4)
        ),
        batch_size=2_000,
    )  # fmt: skip


def measure() -> None:
    """Declare, fill the log, ask for the war room and for the floor; figures as one line of JSON."""
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth.decorators import login_required  # noqa: PLC0415
    from django.http import HttpResponse  # noqa: PLC0415
    from django.template import engines  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import override_settings  # noqa: PLC0415
    from django.urls import include, path  # noqa: PLC0415

    from planner.base import clock  # noqa: PLC0415
    from planner.crisis import operations as crises  # noqa: PLC0415
    from planner.models import LogLine, Membership, Placement, Reminder  # noqa: PLC0415
    from tests.bench.floor import fastest  # noqa: PLC0415

    lead = Membership.objects.select_related("user", "workspace").get()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    crisis = crises.declare(actor=lead, level=3, title="Leak", reason="A call.", now=clock.now())
    seconds = time.perf_counter() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    LogLine.objects.bulk_create(
        LogLine(crisis=crisis, kind="decision", at=clock.now(), writer="Léa Mène", decision=f"Decision {n}")
        for n in range(LINES)
    )
    plain = engines["django"].from_string(
        "<table>{% for at, writer, said in rows %}<tr><td>{{ at|date:'H:i' }}</td><td>{{ writer }}</td>"
        "<td>{{ said }}</td></tr>{% endfor %}</table>"
    )

    def floor(_request: Any) -> HttpResponse:
        rows = LogLine.objects.filter(crisis=crisis).values_list("at", "writer", "decision")[:80]
        return HttpResponse(plain.render({"rows": rows}))

    class Urls:
        urlpatterns = [path("", include("config.urls")), path("floor/", login_required(floor))]

    with override_settings(ROOT_URLCONF=Urls, ALLOWED_HOSTS=["*"], STORAGES={
        **settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }):  # fmt: skip
        client = Client()
        client.force_login(lead.user)
        best = fastest({"room": lambda: client.get(crisis.link), "floor": lambda: client.get("/floor/"),
                        "poll": lambda: client.get(f"{crisis.link}now/")})  # fmt: skip
    figures = {
        "seconds": seconds, "mb": grown, **best,
        "held": Placement.objects.filter(held_at__isnull=False).count(),
        "paused": Reminder.objects.filter(state="paused").count(),
    }  # fmt: skip
    print(json.dumps(figures))


def main(words: list[str]) -> None:
    kinds = [kind for kind in ("sqlite", "postgres") if kind in words] or ["sqlite", "postgres"]
    many = next((int(word) for word in words if word.isdigit()), MANY)
    for kind in kinds:
        with installed(kind) as house:
            house.manage("load_playbook", "-v", "0")
            house.manage("shell", "-v", "0", "-c", f"from tests.bench import crisis; crisis.sow({many})")
            said = house.manage("shell", "-v", "0", "-c", "from tests.bench import crisis; crisis.measure()")
            one = json.loads(said.splitlines()[-1])
        note = f", {one['held']:,} held, {one['paused']:,} reminders silent"
        row(f"{kind}: declaring over {many:,} placements", one["seconds"], 5.0, "s", note)
        row(f"{kind}: memory that the act adds", one["mb"], 50.0, "MB")
        note = f", {one['room']:.1f} ms against {one['floor']:.1f} ms"
        row(f"{kind}: war room with {LINES:,} lines / floor", one["room"] / one["floor"], 3.0, note=note)
        row(f"{kind}: its poll / floor", one["poll"] / one["floor"], 3.0)


if __name__ == "__main__":
    main(sys.argv[1:])
