"""From a situation to a template, from a template to one's own version: by keyboard alone."""

import re

import pytest

from planner.playbook.models import PlaybookItem

pytestmark = pytest.mark.e2e


def reach(page, name, most=400):
    """Press Tab until what has the focus is called so."""
    wanted = re.compile(name)
    for _step in range(most):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "() => { const one = document.activeElement;"
            " return (one.getAttribute('aria-label') || one.innerText || one.labels?.[0]?.innerText || '').trim() }"
        )
        if wanted.fullmatch(said):
            return
    raise AssertionError(f"“{name}” is not reached by Tab")


@pytest.fixture
def page(look):
    return look(language="en", viewport={"width": 1280, "height": 900}).page


def test_from_a_customer_complained_to_the_form_of_a_new_post(house, page):
    page.goto(f"{house.url}/w/{house.workspace.slug}/playbook/")
    reach(page, "A word of your situation")
    page.keyboard.type("a customer complained")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    reach(page, "The complaint that improved us")
    page.keyboard.press("Enter")
    page.wait_for_url("**/playbook/complaint-to-improvement/")
    assert page.get_by_role("heading", level=1).inner_text() == "The complaint that improved us"
    reach(page, "Create for .*")
    page.keyboard.press("Enter")
    page.wait_for_url("**/posts/new/**")


def test_a_point_is_added_and_saved_from_the_keyboard(house, page):
    page.goto(f"{house.url}/w/{house.workspace.slug}/playbook/checklist/copy-check/")
    reach(page, "Change")
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/")
    reach(page, "Add to “The points”")
    page.keyboard.press("Enter")
    page.wait_for_url("**#in-items")
    new = page.locator("details.entry[open]").last
    new.locator("textarea").first.focus()
    for position, text in enumerate(("Neuf", "New", "Aide", "Help")):
        if position:
            page.keyboard.press("Tab")
        page.keyboard.type(text)
    reach(page, "Save")
    page.keyboard.press("Enter")
    page.wait_for_url("**/playbook/checklist/copy-check/**")
    own = PlaybookItem.objects.get(workspace=house.workspace, kind="checklist", slug="copy-check")
    assert own.payload["items"][-1] == {
        "key": "new",
        "text": {"fr": "Neuf", "en": "New"},
        "help": {"fr": "Aide", "en": "Help"},
    }
