"""Hands on the keyboard, or no script at all: everything that matters is still there."""

import pytest

pytestmark = pytest.mark.e2e

FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  return {
    name: (one.getAttribute('aria-label') || one.innerText || one.name || one.id || '').trim().slice(0, 60),
    tag: one.tagName, ringed: style.outlineStyle !== 'none' && style.outlineWidth !== '0px',
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""
REACHABLE = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .filter(one => !one.disabled && one.type !== 'hidden' && one.checkVisibility({visibilityProperty: true})).length"""


@pytest.mark.parametrize("page_name", ["", "calendar/", "posts/new/", "inbox/", "settings/people/"])
def test_tab_reaches_everything_in_the_order_of_the_page_and_shows_where_one_is(house, look, page_name):
    page = look(viewport={"width": 1280, "height": 900}).page
    page.goto(f"{house.url}/w/{house.workspace.slug}/{page_name}")
    expected = page.evaluate(REACHABLE)
    met = []
    for _step in range(expected + 5):
        page.keyboard.press("Tab")
        one = page.evaluate(FOCUSED)
        if one["tag"] == "BODY":
            break
        met.append(one)
    assert met[0]["tag"] == "A"
    assert len(met) >= expected * 0.9  # one radio of a group is one stop
    assert [one for one in met if not one["ringed"]] == []
    assert [one for one in met if not one["seen"]] == []


def test_the_first_tab_offers_to_skip_to_the_content(house, look):
    page = look().page
    page.goto(f"{house.url}/w/{house.workspace.slug}/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_menu_opens_and_closes_from_the_keyboard(house, look):
    page = look().page
    page.goto(f"{house.url}/w/{house.workspace.slug}/")
    page.locator(".menu summary").focus()
    page.keyboard.press("Enter")
    assert page.locator(".sheet").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".sheet").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_theme_is_kept_from_page_to_page(house, look):
    page = look(color_scheme="light").page
    page.goto(f"{house.url}/w/{house.workspace.slug}/")
    page.locator("[data-theme-toggle]").click()
    page.locator("[data-theme-toggle]").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.goto(f"{house.url}/w/{house.workspace.slug}/calendar/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_without_scripts_people_sign_in_see_their_month_and_sign_out(house, look):
    page = look(signed_in=False, java_script_enabled=False).page
    page.goto(f"{house.url}/w/{house.workspace.slug}/calendar/")
    page.fill("#id_login", house.user.email)
    page.fill("#id_password", "un mot de passe long")
    page.click("main button")
    assert page.locator("table.month").is_visible()
    assert page.locator("[data-theme-toggle]").is_hidden()
    page.locator(".bar .menu summary").click()
    page.locator(".bar .sheet form button").click()
    assert "/accounts/login/" in page.url


def test_the_month_of_a_telephone_keeps_its_meaning(house, look):
    page = look(viewport={"width": 390, "height": 844}).page
    page.goto(f"{house.url}/w/{house.workspace.slug}/calendar/")
    table = page.get_by_role("table")
    assert table.get_by_role("row").count() >= 4
    assert page.get_by_role("columnheader").count() == 8
    assert page.locator(".rail").is_visible()


def test_the_month_prints_on_paper_without_its_frame(house, look):
    page = look(viewport={"width": 1120, "height": 760}).page
    page.goto(f"{house.url}/w/{house.workspace.slug}/calendar/")
    page.emulate_media(media="print")
    assert page.locator("table.month").is_visible()
    assert page.locator(".rail").is_hidden()
    assert page.locator(".bar").is_hidden()
