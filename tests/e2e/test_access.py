"""What axe, the keyboard and the console say of every page: light and dark, wide and narrow, French and English."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.addresses import VISITOR_PAGES, admin_candidates, candidates, pages

pytestmark = pytest.mark.e2e

SIZES = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 390, "height": 844}}
THEMES = {"fr": {"wide": "light", "narrow": "dark"}, "en": {"wide": "dark", "narrow": "light"}}
"""Between the two languages each page is seen in both themes at both widths."""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,  # it would write style sheets into the page, which our content policy refuses
}


def faults(page: Page, place: str) -> list[str]:
    """Serious and critical findings of axe on the page as it stands, one line each."""
    answer = Axe().run(page, options=RULES).response
    return [
        f"{place}: {found['id']} ({found['impact']}) {found['help']}\n    {found['nodes'][0]['html'][:160]}"
        for found in answer["violations"]
        if found["impact"] in ("serious", "critical")
    ]


def walk(watched, url: str, addresses: list[str], language: str) -> list[str]:
    """Open each page once, then look at it in both widths."""
    wrong = []
    for address in addresses:
        watched.complaints.clear()
        watched.page.set_viewport_size(SIZES["wide"])
        watched.page.goto(url + address)
        for size, viewport in SIZES.items():
            watched.page.set_viewport_size(viewport)
            width = watched.page.evaluate("document.documentElement.scrollWidth")
            if width > viewport["width"]:
                wrong.append(f"{address} {language} {size}: wider than the window, {width}")
            theme = THEMES[language][size]
            watched.page.emulate_media(color_scheme=theme)
            wrong += faults(watched.page, f"{address} {language} {theme} {size}")
        wrong += [f"{address} {language}: {said}" for said in watched.complaints if "404 (Not Found)" not in said]
    return wrong


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_of_a_member_can_be_used_by_everybody(house, look, client, language):
    client.force_login(house.user)
    found = pages(client, candidates(house))
    assert len(found) > 15
    wrong = walk(look(language=language), house.url, found, language)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_of_a_visitor_can_be_used_by_everybody(house, look, language):
    wrong = walk(look(language=language, signed_in=False), house.url, list(VISITOR_PAGES), language)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_of_the_admin_can_be_used_by_everybody(house, look, client, language):
    client.force_login(house.user)
    found = pages(client, admin_candidates(house.user))
    assert len(found) > 10
    wrong = walk(look(language=language), house.url, found, language)
    assert not wrong, "\n".join(wrong)
