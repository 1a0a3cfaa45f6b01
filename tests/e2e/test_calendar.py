"""The calendar in a real browser: plan, drag, keys, take back, filter, save, share, print; twelve zones; two people."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from planner.base import clock
from planner.calendar import rules
from planner.calendar.models import SavedView
from planner.playbook.models import PlaybookItem
from planner.posts import operations as posts
from planner.posts.models import Post
from planner.posts.rules import WallTime
from planner.workspaces.models import Membership, User, Workspace
from tests.e2e.conftest import House

pytestmark = pytest.mark.e2e

SCREEN = {"width": 1440, "height": 1000}
TITLE = "Compost that smells of forest"
ZONES = [
    "Europe/Paris", "America/Toronto", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Auckland", "America/Havana",
    "Pacific/Chatham", "America/Vancouver", "Africa/Cairo", "America/Santiago", "Asia/Beirut", "Europe/London",
]  # fmt: skip
"""Twelve that change their clocks: by an hour or by half of one, at night or at midnight, east and west."""


def day_to_come(house: House) -> date:
    """A Tuesday in the middle of a month that the sample does not reach: the week around it is empty."""
    today = rules.local_day(clock.now(), house.workspace.time_zone)
    first = rules.next_month(rules.next_month(today.replace(day=1)))
    return rules.week_of(first + timedelta(days=13)) + timedelta(days=1)


def calendar_of(house: House, page: str = "", **query: object) -> str:
    words = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{house.url}/w/{house.workspace.slug}/calendar/{page}?{words}"


def month_of(house: House, on: date) -> str:
    return calendar_of(house, month=f"{on:%Y-%m}")


def cell(page, on: date):
    return page.locator(f'td[data-on="{on}"]')


def local_day(house: House, post: Post) -> date:
    post.refresh_from_db()
    return rules.local_day(post.planned_at, house.workspace.time_zone)


@pytest.fixture
def on(house):
    return day_to_come(house)


@pytest.fixture
def post(house, on):
    """A draft at ten, on one channel, whose work is still to do."""
    return posts.create_from_template(
        actor=house.membership,
        template=PlaybookItem.objects.templates().get(slug="expert-how-to", workspace=None),
        planned=WallTime(on, time(10, 0)),
        channels=[house.workspace.channels.used().first()],
        title=TITLE,
        language="en",
        now=clock.now(),
    )


@pytest.fixture
def watched(look):
    return look(language="en", viewport=SCREEN)


@pytest.fixture
def second(house, chromium):
    """Léo, who plans too, at another screen."""
    leo = User.objects.create_user("leo@example.org", "un autre mot de passe", name="Léo Second", language="en")
    Membership.objects.create(workspace=house.workspace, user=leo, level="planner", joined_at=clock.now())
    context = chromium.new_context(locale="en", reduced_motion="reduce", viewport=SCREEN)
    context.add_cookies([House(house.url, house.workspace, leo).cookie()])
    yield context.new_page()
    context.close()


def drag(page, link, target) -> None:
    """By the mouse, in the steps that a hand makes."""
    link.scroll_into_view_if_needed()
    link.hover()
    page.mouse.down()
    target.hover()
    target.hover()


def plan_from_a_click(page, title: str) -> None:
    """From the templates that a click on a day offers, to the post."""
    page.wait_for_url("**/posts/new/**")
    page.locator(".tile a", has_text=re.compile(".")).first.click()
    page.locator("#id_title").fill(title)
    page.locator('button[value="preview"]').click()
    page.locator('button[value="create"]').click()
    page.wait_for_url(re.compile(r"/posts/\d+/"))


def test_a_click_on_a_day_plans_a_post_there_and_the_month_shows_it(house, watched, on):
    page = watched.page
    page.goto(month_of(house, on))
    cell(page, on).click(position={"x": 60, "y": 60})
    plan_from_a_click(page, TITLE)
    page.goto(month_of(house, on))
    expect(cell(page, on).get_by_role("link", name=TITLE)).to_be_visible()
    assert watched.complaints == []


def test_a_drag_says_the_new_day_then_what_follows_and_is_taken_back(house, watched, post, on):
    page, to = watched.page, on + timedelta(days=2)
    page.goto(month_of(house, on))
    drag(page, cell(page, on).get_by_role("link", name=TITLE), cell(page, to))
    expect(page.locator(".ghost")).to_contain_text(f"Thursday, {to:%B} {to.day}")
    page.mouse.up()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(r"\d+ work items? moves?"))
    assert local_day(house, post) == on
    dialog.get_by_role("button", name="Move").click()
    expect(page.locator("#moved")).to_contain_text("One post is moved")
    expect(cell(page, to).get_by_role("link", name=TITLE)).to_be_visible()
    assert local_day(house, post) == to
    page.get_by_role("button", name="Take back").click()
    expect(cell(page, on).get_by_role("link", name=TITLE)).to_be_visible()
    assert local_day(house, post) == on
    assert watched.complaints == []


def test_an_hour_of_the_week_takes_what_is_dragged_to_it(house, watched, post, on):
    page = watched.page
    page.goto(calendar_of(house, "week/", day=on))
    target = page.locator(f'td[data-on="{on}"][data-at="15"]')
    drag(page, page.get_by_role("link", name=TITLE), target)
    page.mouse.up()
    page.get_by_role("dialog").get_by_role("button", name="Move").click()
    expect(target.get_by_role("link", name=TITLE)).to_be_visible()
    post.refresh_from_db()
    assert post.planned_at.astimezone(ZoneInfo(house.workspace.time_zone)).time() == time(15, 0)
    assert watched.complaints == []


def test_keys_move_a_post_and_a_screen_reader_hears_each_step(house, watched, post, on):
    page, to = watched.page, on + timedelta(days=8)
    page.goto(month_of(house, on))
    told, link = page.locator("#told[aria-live=assertive]"), cell(page, on).get_by_role("link", name=TITLE)
    link.focus()
    page.keyboard.press("m")
    expect(told).to_contain_text(f"“{TITLE}” is picked up, on Tuesday, {on:%B} {on.day}")
    page.keyboard.press("Escape")
    expect(told).to_have_text("It stays where it is.")
    page.keyboard.press("m")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(told).to_have_text(f"Wednesday, {to:%B} {to.day}")
    page.keyboard.press("Enter")
    expect(told).to_contain_text(re.compile(r"work items? moves?"))
    page.get_by_role("dialog").get_by_role("button", name="Leave it where it is").press("Enter")
    expect(link).to_be_focused()
    assert local_day(house, post) == on
    for key in ("m", "ArrowDown", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.get_by_role("dialog").get_by_role("button", name="Move").press("Enter")
    expect(page.get_by_role("status").filter(has_text="One post is moved")).to_be_visible()
    assert local_day(house, post) == to
    page.get_by_role("button", name="Take back").press("Enter")
    expect(cell(page, on).get_by_role("link", name=TITLE)).to_be_visible()
    assert local_day(house, post) == on
    assert watched.complaints == []


def test_a_filter_is_saved_as_a_view_and_shared_by_a_link_until_it_is_revoked(house, look, watched, post):
    page, near = watched.page, rules.local_day(clock.now(), house.workspace.time_zone) + timedelta(days=20)
    posts.move(post=post, actor=house.membership, to=WallTime(near, time(10, 0)), now=clock.now())
    page.goto(month_of(house, near))
    page.get_by_role("link", name="Filter", exact=True).click()
    page.get_by_role("group", name="State").get_by_label("Draft").check()
    page.get_by_label("Words of the title or the text").fill("compost forest")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("table.month .entry")).to_have_count(1)
    assert "state=draft" in page.url
    page.get_by_role("link", name="Views, feeds, export").click()
    page.get_by_label("Name of the view").fill("Compost to write")
    page.get_by_role("button", name="Save the view").click()
    tabs = page.get_by_role("navigation", name="Saved views")
    expect(tabs.get_by_role("link", name="Compost to write")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Views, feeds, export").click()
    page.get_by_label("Days until it expires").fill("20")
    page.get_by_role("button", name="Make a public link").click()
    address = page.locator("code").inner_text()
    assert SavedView.objects.get().query == "state=draft&q=compost+forest"

    outside = look(signed_in=False, language="en").page
    there = house.url + re.sub(r"^https?://[^/]+", "", address)
    outside.goto(there)
    expect(outside.get_by_role("heading", level=1)).to_have_text("Compost to write")
    expect(outside.locator(".entry")).to_have_count(1)
    assert house.user.name not in outside.content()
    page.get_by_role("region", name="Public links").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("it answers no longer")).to_be_visible()
    assert outside.goto(there).status == 404
    assert watched.complaints == []


def test_each_way_to_see_prints_its_posts_without_the_frame(house, watched, post, on):
    page = watched.page
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1 }")
    for name in ("", "week/", "agenda/", "board/"):
        page.emulate_media(media="screen")
        page.goto(calendar_of(house, name, month=f"{on:%Y-%m}", day=on, **{"from": on}))
        page.get_by_role("button", name="Print").click()
        assert page.evaluate("window.printed") == 1
        page.emulate_media(media="print")
        expect(page.locator(f'.entry[href$="/posts/{post.pk}/"]')).to_be_visible()
        for part in page.locator(".rail, .bar, .tools, #tray").all():
            expect(part).not_to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"], name
    assert watched.complaints == []


def clock_changes(zone: str) -> list[date]:
    """The next two days on which this clock is changed."""
    here, today = ZoneInfo(zone), clock.now().astimezone(ZoneInfo(zone)).date()

    def offset(on: date) -> timedelta | None:
        return datetime.combine(on, time(0), tzinfo=here).utcoffset()

    ahead = (today + timedelta(days=number) for number in range(2, 400))
    return [on for on in ahead if offset(on) != offset(on + timedelta(days=1))][:2]


@pytest.mark.parametrize("view", ["month", "week"])
def test_a_click_on_a_day_creates_that_day_in_twelve_zones_on_both_clock_changes(house, look, view):
    """Whoever clicks sits before a clock of yet another zone."""
    for number, zone in enumerate(ZONES):
        Workspace.objects.filter(pk=house.workspace.pk).update(time_zone=zone)
        watched = look(language="en", viewport=SCREEN, timezone_id=ZONES[number - 3])
        page = watched.page
        for change in clock_changes(zone):
            title = f"{zone} {change}"
            addresses = {"month": month_of(house, change), "week": calendar_of(house, "week/", day=change)}
            page.goto(addresses[view])
            place = cell(page, change) if view == "month" else page.locator(f'td[data-on="{change}"][data-at="09"]')
            place.click(position={"x": 40, "y": 24})
            plan_from_a_click(page, title)
            made = Post.objects.get(texts__title=title)
            planned_at = made.planned_at.astimezone(ZoneInfo(zone))
            assert (planned_at.date(), planned_at.hour) == (change, 10 if view == "month" else 9), title
            for address in addresses.values():
                page.goto(address)
                expect(page.locator(f'td[data-on="{change}"]').get_by_role("link", name=title)).to_be_visible()
            made.placements.update(cancelled_at=clock.now())  # the next zone clicks on the same days
        assert watched.complaints == []
        page.context.close()


def test_of_two_who_move_the_same_post_the_second_is_told(house, watched, second, post, on):
    page, address = watched.page, month_of(house, on)
    for screen in (page, second):
        screen.goto(address)
    for screen, days in ((page, 1), (second, 2)):
        drag(screen, cell(screen, on).get_by_role("link", name=TITLE), cell(screen, on + timedelta(days=days)))
        screen.mouse.up()
        expect(screen.get_by_role("dialog")).to_contain_text(re.compile("work items? moves?"))
    page.get_by_role("dialog").get_by_role("button", name="Move").click()
    expect(page.locator("#moved")).to_be_visible()
    second.get_by_role("dialog").get_by_role("button", name="Move").click()
    expect(second.get_by_role("alert")).to_contain_text("Somebody moved this post meanwhile")
    assert local_day(house, post) == on + timedelta(days=1)

    second.goto(address)
    expect(cell(second, on + timedelta(days=1)).get_by_role("link", name=TITLE)).to_be_visible()
