"""From “a customer complained” to a scheduled post, with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from planner.dialogue.models import Signal
from planner.posts.models import Post
from planner.work.models import WorkItem
from planner.workspaces.models import RoleAssignment
from planner.workspaces.rules import EditorialRole

pytestmark = pytest.mark.e2e

MOST_TABS = 260
SAME_IN_ANY_ORDER = "12122026"
"""A day that is its own month, whichever of the two the browser asks for first."""


class Hands:
    """Somebody who has a keyboard and no mouse: everything is reached with Tab."""

    def __init__(self, page) -> None:
        self.page = page

    def reach(self, selector: str) -> None:
        """Tab until the thing has the focus, from the top of the page."""
        for _step in range(MOST_TABS):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {selector} on {self.page.url}")

    def press(self, selector: str, key: str = "Enter") -> None:
        """A link, a button: waits for the page that comes."""
        self.reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def type(self, selector: str, words: str) -> None:
        self.reach(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)

    def tick(self, selector: str) -> None:
        """A box or a radio button; radio buttons are gone through with the arrows."""
        self.reach(selector)
        if not self.page.evaluate("document.activeElement.checked"):
            self.page.keyboard.press("Space")

    def choose(self, selector: str, first_letters: str) -> None:
        self.reach(selector)
        self.page.keyboard.type(first_letters)

    def radio(self, name: str, value: str) -> None:
        """Tab to the group, arrows to the answer."""
        self.reach(f'input[type=radio][name="{name}"]')
        self.page.keyboard.press("Space")
        for _step in range(12):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not reach {value}")


@pytest.fixture
def colleague(house):
    """Somebody else writes: whoever approves has not written the text."""
    return house.workspace.memberships.exclude(user=house.user).filter(level="planner").order_by("pk").first() or (
        house.workspace.memberships.exclude(user=house.user).order_by("pk").first()
    )


def test_a_complaint_becomes_a_scheduled_post_by_the_keyboard_alone(house, look, colleague):
    RoleAssignment.objects.get_or_create(
        workspace=house.workspace, role=EditorialRole.APPROVER, person=house.membership
    )
    watched = look(viewport={"width": 1280, "height": 900})
    page, hands = watched.page, Hands(watched.page)

    # somebody complains; it is written down, sorted, and made into a post
    page.goto(f"{house.url}/w/{house.workspace.slug}/")
    hands.press('.rail a[href$="/dialogue/"]')
    hands.press('main a[href$="/dialogue/new/"]')
    hands.radio("kind", "complaint")
    hands.type("#id_text", "Votre lettre donnait le mauvais jour pour le verre. J’ai attendu deux fois.")
    hands.choose("#id_origin", "Au g")
    hands.press("main button.main")
    signal = Signal.objects.get()
    hands.radio("decision", "answer")
    hands.choose("#id_owner", house.user.name[:4])
    hands.press('form[action$="/sort/"] button')
    hands.press('form[action$="/start/complaint-to-improvement/"] button')

    # the questions, then what will be created, then the post
    hands.type("#id_audience", "Les familles de la rue du Port qui sortent leur verre le mardi.")
    hands.type("#id_objective", "Savoir quel jour sortir le verre.")
    hands.type("#id_success_measure", "Plus un appel sur ce sujet.")
    hands.type('[name="field-what_was_wrong"]', "Nous avons recopié l’ancien calendrier.")
    hands.type('[name="field-decision"]', "Chaque lettre est relue par la tournée.")
    hands.radio("field-scope", "all-past-too")
    hands.type('[name="field-applied_on"]', SAME_IN_ANY_ORDER)
    hands.type('[name="field-person_consent"]', "Accord oral, sans son nom.")
    hands.choose("#id_author", str(colleague)[:6])
    hands.press('button[value="preview"]')
    assert page.locator("#preview").is_visible(), page.locator(".wrong, [role=alert]").all_inner_texts()
    hands.press('button[value="create"]')
    post = Post.objects.exclude(received_at=None).get()
    assert post.received_at == signal.received_at
    assert Signal.objects.get().piece == post

    # the text, the people who answer, review, approval
    hands.press(f'a[href$="/posts/{post.pk}/text/fr/"]')
    hands.reach("#id_body")
    page.keyboard.press("Control+End")
    page.keyboard.type("\n\nVous aviez raison : le verre est ramassé le jeudi.")
    hands.press('button[value="save"]')
    hands.press(f'a[href$="/posts/{post.pk}/people/"]')
    hands.choose("#id_answerer", str(colleague)[:6])
    hands.choose("#id_deputy", house.user.name[:4])
    hands.press("main button.main")
    hands.press('form[action$="/do/submit/"] button')
    hands.press('a[href$="/do/approve/"]')
    names = page.eval_on_selector_all('input[type=radio][value="yes"]', "all => all.map(one => one.name)")
    assert len(names) == 10
    for name in names:
        hands.radio(name, "yes")
    hands.press("main form button.main")

    # the work that comes before, then the schedule
    for item in WorkItem.objects.about(post).open().wanted().filter(blocking="scheduled"):
        page.goto(f"{house.url}/w/{house.workspace.slug}/work/{item.pk}/complete/")
        hands.press("main form button.main")
    page.goto(f"{house.url}{post.link}")
    hands.press('form[action$="/do/schedule/"] button')
    post.refresh_from_db()
    assert post.status == "scheduled"
    assert watched.complaints == []


def test_answers_are_kept_while_one_types(house, look):
    watched = look(viewport={"width": 1280, "height": 900})
    page = watched.page
    page.goto(f"{house.url}/w/{house.workspace.slug}/posts/new/?template=expert-how-to")
    page.locator("#id_title").type("Un compost qui sent la forêt")
    expect(page.locator("[data-kept]").first).not_to_be_empty()
    page.goto(f"{house.url}/w/{house.workspace.slug}/posts/new/?template=expert-how-to")
    assert page.input_value("#id_title") == "Un compost qui sent la forêt"
    assert watched.complaints == []
