"""A whole crisis at level 3 in a real browser: declare, hold, speak, update twice, answer, review, clear, debrief."""

import re

import pytest
from playwright.sync_api import expect

from planner.base import clock
from planner.crisis.models import Crisis
from planner.posts.models import Placement
from planner.workspaces.models import Membership, RoleAssignment, User
from tests.e2e.conftest import House

pytestmark = pytest.mark.e2e


@pytest.fixture
def pair(house, look, chromium):
    """Two people at two screens: Inès leads, Léo edits."""
    RoleAssignment.objects.create(workspace=house.workspace, role="crisis_lead", person=house.membership)
    leo = User.objects.create_user("leo@example.org", "un autre mot de passe", name="Léo Second", language="en")
    editor = Membership.objects.create(workspace=house.workspace, user=leo, level="planner", joined_at=clock.now())
    RoleAssignment.objects.create(workspace=house.workspace, role="editor", person=editor, position=9)
    watched = look(language="en", viewport={"width": 1280, "height": 900})
    context = chromium.new_context(locale="en", reduced_motion="reduce", viewport={"width": 390, "height": 844})
    context.add_cookies([House(house.url, house.workspace, leo).cookie()])
    yield watched, context.new_page()
    context.close()


def test_a_whole_crisis_at_level_three(house, pair):
    watched, phone = pair
    page, home = watched.page, f"{house.url}/w/{house.workspace.slug}/"
    page.goto(home)
    page.get_by_role("link", name="Crisis").first.click()
    page.get_by_label(re.compile("Level 3")).check()
    page.get_by_label("What is happening").fill("Portal exposed")
    page.get_by_label("Why this level").fill("The provider called.")
    page.get_by_role("button", name="Declare, and hold").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Portal exposed")
    crisis = Crisis.objects.get()
    held = Placement.objects.filter(held_at__isnull=False).count()
    assert held > 0 and not Placement.objects.free().filter(post__status="scheduled").exists()
    for number in range(3):
        speak(page, phone, house, crisis, number)
    assert crisis.statements.filter(published_at__isnull=False).count() == 3
    answer(phone, house, crisis)
    review(page, phone, house, crisis)
    finish(page, crisis, house)
    assert watched.complaints == []


TITLES = {"en": "DRILL · What we know", "fr": "EXERCICE · Ce que nous savons"}
WORDS = {
    "en": "The families’ portal is closed since this morning. We speak again at the promised hour.",
    "fr": "Le portail des familles est fermé depuis ce matin. Nous reparlons à l’heure promise.",
}


def speak(page, phone, house, crisis, number):
    """The first words, then two updates: written, confirmed by two people, published by one."""
    page.goto(f"{house.url}{crisis.link}")
    page.get_by_role("link", name=re.compile("Write the (first words|update)")).click()
    page.get_by_role("button", name="Write it").click()
    statement = crisis.statements.latest("number")
    for code in house.workspace.languages:
        page.goto(f"{house.url}/w/{house.workspace.slug}/posts/{statement.post_id}/text/{code}/")
        page.locator("input[name=title]").fill(f"{TITLES[code]}, {number}")
        page.locator("textarea[name=body]").fill(f"{WORDS[code]} {number}")
        page.locator("main form button.main").first.click()
    for screen in (page, phone):
        screen.goto(f"{house.url}{statement.link}")
        for question in screen.locator("main form input[type=checkbox]").all():
            question.check()
        screen.get_by_role("button", name="I confirm this text").click()
        expect(screen.get_by_text("Confirmed, exactly as it stands")).to_be_visible()
    page.goto(f"{house.url}{statement.link}")
    page.get_by_role("link", name="It is out").first.click()
    page.get_by_label("Address of what was published").fill("https://town.example/portal")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("Recorded. The next promised hour is set.")).to_be_visible()


def answer(phone, house, crisis):
    """A question at the desk, written down on a phone and answered with the words that went out."""
    phone.goto(f"{house.url}{crisis.link}")
    phone.get_by_role("link", name="Write a question down").click()
    phone.get_by_label("What was said").fill("Is my child’s name in it?")
    phone.get_by_role("button", name="Keep the message").click()
    phone.get_by_role("link", name="Is my child’s name in it?", exact=True).click()
    expect(phone.get_by_label("What was answered")).to_have_value(re.compile("heure promise. 2"))
    phone.get_by_role("button", name="It was answered so").click()
    expect(phone.get_by_role("heading", name="Nobody waits")).to_be_visible()


def review(page, phone, house, crisis):
    """One post of the queue: the editor proposes on a phone, the crisis lead agrees."""
    phone.goto(f"{house.url}{crisis.link}queue/")
    phone.get_by_role("link", name="Review").first.click()
    for question in ("hurtful", "resources", "true-useful"):
        phone.locator(f"input[name={question}][value=no]").check()
    phone.locator("input[name=decision][value=cancel]").check()
    phone.get_by_label("Why").fill("Not the moment.")
    phone.get_by_role("button", name="Propose").click()
    proposal = crisis.proposals.get()
    page.goto(f"{house.url}{crisis.link}queue/{proposal.post_id}/")
    page.get_by_role("button", name="I agree: decide so").click()
    expect(page.get_by_text("Decided.")).to_be_visible()


def finish(page, crisis, house):
    """Down to one, the evidence, the all-clear, and what is learnt. A drill does not wait for its hours."""
    for level in (2, 1):
        page.goto(f"{house.url}{crisis.link}level/")
        page.locator(f"input[name=level][value='{level}']").check()
        page.get_by_label("Why").fill("Calmer.")
        page.get_by_role("button", name="Change the level").click()
    for check in crisis.checks.filter(kind="condition"):
        page.goto(f"{house.url}{crisis.link}checks/{check.pk}/")
        page.locator("textarea[name=note]").fill("Called all three schools at noon.")
        page.get_by_role("button", name="It is done").click()
    page.goto(f"{house.url}{crisis.link}clear/")
    page.get_by_label("Why").fill("Nothing new.")
    page.get_by_role("button", name="Declare the all-clear").click()
    expect(page.get_by_text("Nothing returns by itself: the queue is there.")).to_be_visible()
    assert Placement.objects.filter(held_at__isnull=False).exists()
    page.goto(f"{house.url}{crisis.link}debrief/")
    page.locator("textarea[name=lived]").fill("People were afraid for an hour.")
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("link", name="Name a change").click()
    page.get_by_label("What changes").fill("Test the numbers monthly")
    page.get_by_label("Who does it").select_option(index=1)
    page.get_by_label("By when").fill("2031-06-01")
    page.get_by_role("button", name="Name the change").click()
    page.get_by_role("button", name="Close the debrief").click()
    expect(page.get_by_text("The debrief is closed.")).to_be_visible()
    crisis.refresh_from_db()
    assert crisis.debriefed_at is not None
