"""A real browser on a living sample workspace."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import override_settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from planner.base import clock
from planner.playbook import operations as playbook
from planner.playbook.seeds import read_all
from planner.posts import operations as posts
from planner.workspaces.models import Membership, User, Workspace

CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None)
SLOW = 30_000
expect.set_options(timeout=SLOW)


@pytest.fixture(scope="session", autouse=True)
def files_served_as_they_are() -> Iterator[None]:
    """The living server starts before any test, so that the fixture for all tests comes too late for it."""
    with override_settings(
        WHITENOISE_AUTOREFRESH=True,
        STORAGES={
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    ):
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all walks; that of the system where there is one."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver runs a loop in this thread
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class House:
    """A sample workspace, its address, and the person who looks at it: a manager who may open the admin too."""

    url: str
    workspace: Workspace
    user: User

    @property
    def membership(self) -> Membership:
        return Membership.objects.get(workspace=self.workspace, user=self.user)

    def cookie(self) -> dict[str, str]:
        session = SessionStore()
        session[SESSION_KEY] = str(self.user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = self.user.get_session_auth_hash()
        session.save()
        return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or "", "url": self.url}


@pytest.fixture
def house(transactional_db, live_server) -> House:
    now = clock.now()
    playbook.upsert_bundled(items=read_all(settings.SEEDS_DIR), now=now)
    user = User.objects.create_user("ines@example.org", "un mot de passe long", name="Inès Marchetti")
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    user.refresh_from_db()
    workspace = posts.open_sample_workspace(user=user, language="fr", now=now)
    return House(live_server.url, workspace, user)


class Watched:
    """A page whose complaints are kept: errors of scripts, refusals of the content policy."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.set_default_timeout(SLOW)
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))


@pytest.fixture
def look(chromium, house):
    """`look(**options)` opens a page as the member of the house, in a context of its own."""
    contexts = []

    def open_page(*, signed_in: bool = True, language: str = "fr", **options) -> Watched:
        context = chromium.new_context(locale=language, reduced_motion="reduce", **options)
        contexts.append(context)
        User.objects.filter(pk=house.user.pk).update(language=language)
        if signed_in:
            context.add_cookies([house.cookie()])
        return Watched(context.new_page())

    yield open_page
    for context in contexts:
        context.close()
