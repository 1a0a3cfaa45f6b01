"""The bar of the crisis room as one table: `python -m tests.bench.crisis [sqlite] [postgres] [100000]`.

Declaring over 100,000 placements with 400,000 reminders: time and memory of the one act. The war room with 5,000 lines
of log against the floor: a bare page with the visible rows, each list by one indexed query, in a plain table. Its poll,
when nothing has changed, against the same. Nothing fails here.
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
    from django.db import connection  # noqa: PLC0415

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
    if connection.vendor == "postgresql":
        connection.cursor().execute("ANALYZE")  # it would do so by itself, but only a minute later


FLOOR = """<table>{% for rows in tables %}{% for row in rows %}
<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}{% endfor %}</table>"""


def visible(crisis: Any) -> list[Any]:
    """What the war room shows, as a bare view would ask for it: one indexed query for each list."""
    from planner.models import CheckLine, Fact, HeldPlacement, LogLine, Statement, WorkItem  # noqa: PLC0415

    kinds = ("place", "outside", "drill", "closing")
    return [
        WorkItem.objects.about(crisis).wanted().values_list("due_at", "title", "why", "owner__user__name", "state"),
        CheckLine.objects.filter(crisis=crisis, kind__in=kinds).values_list("text", "owner__user__name", "done_at"),
        Fact.objects.filter(crisis=crisis).values_list("kind", "text", "source"),
        Statement.objects.filter(crisis=crisis).values_list("kind", "due_at", "published_at", "post__language"),
        HeldPlacement.objects.undecided().filter(hold=crisis.hold_id).order_by("planned_at").values_list(
            "planned_at", "placement__channel__mark", "placement__post__language")[:3],
        LogLine.objects.filter(crisis=crisis).values_list("at", "writer", "decision")[:12],
    ]  # fmt: skip


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
    from planner.models import LogLine, Membership, Placement  # noqa: PLC0415
    from tests.bench.floor import fastest  # noqa: PLC0415

    lead = Membership.objects.select_related("user", "workspace").get()
    plain = engines["django"].from_string(FLOOR)

    def floor(_request: Any) -> HttpResponse:
        return HttpResponse(plain.render({"tables": visible(crisis)}))

    class Urls:
        urlpatterns = [path("", include("config.urls")), path("floor/", login_required(floor))]

    with override_settings(ROOT_URLCONF=Urls, ALLOWED_HOSTS=["*"], STORAGES={
        **settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }):  # fmt: skip
        client = Client()
        client.force_login(lead.user)
        client.get("/w/marbourg/crisis/declare/")  # as in a process that has served pages before
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        crisis = crises.declare(actor=lead, level=3, title="Leak", reason="A call.", now=clock.now())
        seconds = time.perf_counter() - started
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        LogLine.objects.bulk_create(
            LogLine(crisis=crisis, kind="decision", at=clock.now(), writer="Léa Mène", decision=f"Decision {n}")
            for n in range(LINES)
        )
        poll = client.get(f"{crisis.link}now/").content.decode().split('hx-get="')[1].split('"')[0]
        best = fastest({"room": lambda: client.get(crisis.link), "floor": lambda: client.get("/floor/"),
                        "poll": lambda: client.get(poll)})  # fmt: skip
    figures = {
        "seconds": seconds, "mb": grown, **best,
        "held": Placement.objects.filter(held_at__isnull=False).count(),
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
        note = f", {one['held']:,} held"
        row(f"{kind}: declaring over {many:,} placements", one["seconds"], 5.0, "s", note)
        row(f"{kind}: memory that the act adds", one["mb"], 50.0, "MB")
        note = f", {one['room']:.1f} ms against {one['floor']:.1f} ms"
        row(f"{kind}: war room with {LINES:,} lines / floor", one["room"] / one["floor"], 3.0, note=note)
        row(f"{kind}: its poll, nothing new / floor", one["poll"] / one["floor"], 3.0, note=f", {one['poll']:.1f} ms")


if __name__ == "__main__":
    main(sys.argv[1:])
