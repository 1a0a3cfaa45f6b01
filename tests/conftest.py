"""People and places that every test may meet: a member, a colleague, a reader, a manager, and an outsider."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.contrib.contenttypes.models import ContentType
from hypothesis import HealthCheck, settings

from planner.base import catalogs
from planner.posts.models import Placement, Post, PostText
from planner.work.models import WorkItem
from planner.workspaces.models import Channel, Membership, User, Workspace
from planner.workspaces.rules import Level

settings.register_profile(
    "house", max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")

NOW = datetime(2026, 4, 27, 8, 0, tzinfo=UTC)  # a Monday, 10:00 in Paris


def pytest_configure():
    """French pages read compiled catalogues, which are not in git."""
    catalogs.compile_stale(Path(__file__).parents[1] / "planner" / "locale")


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """Tests need no collected files, and never write where a person's data is."""
    settings.WHITENOISE_AUTOREFRESH = True
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def no_watch(settings):
    """Pages ask a fixed number of queries; the watch looks on whichever request comes when its time has come."""
    settings.REMINDER_WATCH_SECONDS = 0


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def now():
    return NOW


def person(name: str, email: str, **fields) -> User:
    return User.objects.create(name=name, email=email, password="!", **fields)


def join(workspace: Workspace, user: User, level: str) -> Membership:
    return Membership.objects.create(workspace=workspace, user=user, level=level, joined_at=NOW)


@pytest.fixture
def workspace(db):
    return Workspace.objects.create(
        name="Ville de Marbourg", slug="marbourg", languages=["fr", "en"], time_zone="Europe/Paris", country="FR",
        created_at=NOW,
    )  # fmt: skip


@pytest.fixture
def other_workspace(db):
    return Workspace.objects.create(
        name="Assurances du Lac", slug="lac", languages=["fr"], time_zone="Europe/Zurich", country="CH", region="GE",
        created_at=NOW,
    )  # fmt: skip


@pytest.fixture
def member(workspace):
    """Inès, who plans."""
    return join(workspace, person("Inès Marchetti", "ines@example.org"), Level.PLANNER)


@pytest.fixture
def colleague(workspace):
    """Karim, who contributes."""
    return join(workspace, person("Karim Belhadj", "karim@example.org"), Level.CONTRIBUTOR)


@pytest.fixture
def reader(workspace):
    return join(workspace, person("Rose Lecteur", "rose@example.org"), Level.READER)


@pytest.fixture
def manager(workspace):
    return join(workspace, person("Maud Gérante", "maud@example.org"), Level.MANAGER)


@pytest.fixture
def outsider(other_workspace):
    """Otto, who manages somewhere else."""
    return join(other_workspace, person("Otto Ailleurs", "otto@example.org", language="en"), Level.MANAGER)


@pytest.fixture
def channel(workspace):
    """The website, a place of ours."""
    return Channel.objects.create(
        workspace=workspace, slug="site", title={"fr": "Site", "en": "Website"}, mark="Si", family="owned", owned=True
    )


@pytest.fixture
def appear(member, channel):
    """`appear("Title", instant)` writes a post that stands at that hour, without any operation: for pages that read."""

    def one(title: str, at: datetime | None, *, status: str = "scheduled", channels=(), english: str = "", **fields):
        published = at if status == "published" else None
        here = at.astimezone(ZoneInfo("Europe/Paris")) if at else None
        post = Post.objects.create(
            workspace=member.workspace, status=status, author=fields.pop("author", member), planned_at=at,
            published_at=published, created_at=NOW, updated_at=NOW, **fields,
        )  # fmt: skip
        for language, text in (("fr", title), ("en", english)):
            if text:
                PostText.objects.create(post=post, language=language, title=text, updated_at=NOW)
        for number, place in enumerate(channels or (channel,)):
            Placement.objects.create(
                workspace=post.workspace, post=post, channel=place, leads=not number,
                cancelled_at=NOW if status == "cancelled" else None,
                planned_on=here.date() if here else None, planned_time=here.time() if here else None,
                planned_zone="Europe/Paris", planned_at=at, shown_at=at, published_at=published,
                recorded_by=member if published else None,
            )  # fmt: skip
        return post

    return one


@pytest.fixture
def owe(workspace):
    """`owe(member, post, due_at)` writes an open work item, without any operation."""

    def one(owner: Membership | None, post: Post, due_at: datetime | None, *, key: str = "review", **fields):
        return WorkItem.objects.create(
            workspace=workspace, subject_type=ContentType.objects.get_for_model(Post), subject_id=post.pk, key=key,
            title={"fr": "Relire", "en": "Review"}, verb={"fr": "Relire", "en": "Review"}, owner=owner, offset="D-4",
            subject_title={"fr": post.title("fr"), "en": post.title("en")}, due_at=due_at, created_at=NOW, **fields,
        )  # fmt: skip

    return one


@pytest.fixture
def browse(client):
    """`browse(member)` gives a client signed in as that member."""

    def as_member(membership: Membership):
        client.force_login(membership.user)
        return client

    return as_member
