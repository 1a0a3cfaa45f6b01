"""A communications director, alone, from the one-time link of the installation to a scheduled post.

What they see is asserted on the way: the fields, the work and its dates, one rule that warns, and who will answer.
"""

from datetime import date, timedelta

import pytest
from django.conf import settings
from playwright.sync_api import expect

from planner.base import clock
from planner.playbook import operations as playbook
from planner.playbook.seeds import read_all
from planner.posts.models import Post
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from tests.e2e.conftest import Watched

pytestmark = pytest.mark.e2e

MOST_PAGES = 30
"""At thirty seconds a page, a quarter of an hour."""
BOASTING = "Offre exceptionnelle, profitez-en vite ! Nos prix cassés, notre savoir-faire unique, le meilleur compost."
PLAIN = (
    "## La question\n\nVotre compost sent mauvais depuis une semaine ?\n\n## Ce qu’il faut savoir\n\n"
    "Il manque d’air. Remuez-le, ajoutez autant de feuilles sèches que d’épluchures, puis attendez dix jours. "
    "Si l’odeur reste, appelez-nous : Karim vient voir."
)


def a_tuesday() -> date:
    """Far enough for all the work that comes before."""
    day = clock.now().date() + timedelta(days=40)
    return day + timedelta(days=(1 - day.weekday()) % 7)


@pytest.fixture
def installed(transactional_db, live_server, chromium):
    """A page on a new installation, with nobody in it: what `up` prints is its first address."""
    playbook.upsert_bundled(items=read_all(settings.SEEDS_DIR), now=clock.now())
    context = chromium.new_context(locale="fr", viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    watched = Watched(context.new_page())
    token = workspaces.make_sign_in_link(user=None, now=clock.now())
    yield watched, f"{live_server.url}/start/{token}/"
    context.close()


def test_from_the_link_of_the_installation_to_a_scheduled_post(installed):
    watched, first_address = installed
    page = watched.page
    pages: list[str] = []
    page.on("load", lambda _page: pages.append(page.url))

    # an account, four questions, a month to try things with
    page.goto(first_address)
    page.fill("#id_name", "Dora Directrice")
    page.fill("#id_email", "dora@example.org")
    page.fill("#id_password", "un mot de passe bien long")
    page.click("main button.main")
    page.fill("#id_name", "Ville de Marbourg")
    page.click("main button.main")
    page.click('form[action$="/sample/add/"] button')
    me = Membership.objects.get(user__email="dora@example.org")
    colleague = me.workspace.memberships.filter(level="planner").exclude(pk=me.pk).order_by("pk").first()

    # a template: its questions, its work, its dates
    page.click('.rail a[href$="/playbook/"]')
    page.click('main a[href$="/playbook/expert-how-to/"]')
    page.fill("#id_on", a_tuesday().isoformat())
    page.fill("#id_at", "10:00")
    page.click('form[action="#dated"] button')
    expect(page.locator("#questions")).to_be_visible()
    expect(page.locator('[aria-labelledby="dated"] tbody tr')).not_to_have_count(0)
    dated = page.locator('[aria-labelledby="dated"] tbody time')
    assert dated.count() >= 10

    # the answers, what will be created, then the post
    page.click(".begin a.main")
    page.fill("#id_title", "Le compost qui sent la forêt")
    page.fill("#id_audience", "Les familles de Marbourg qui compostent depuis ce printemps.")
    page.fill("#id_objective", "Remettre d’aplomb un compost qui sent mauvais.")
    page.fill("#id_success_measure", "Moins d’appels au sujet des odeurs.")
    page.fill("[name=field-key_question]", "Pourquoi mon compost sent-il mauvais ?")
    page.select_option("[name=field-expert_person]", str(colleague.pk))
    page.check('[name=field-route][value="alone"]')
    page.fill("[name=field-steps]", "Remuer\nAjouter des feuilles\nAttendre")
    page.fill("[name=field-common_mistake]", "Trop de tonte de gazon.")
    page.fill("[name=field-limits]", "Des rats : appelez la mairie.")
    page.select_option("#id_author", str(colleague.pk))
    page.click('button[value="preview"]')
    expect(page.locator("#preview tbody tr")).not_to_have_count(0)
    page.click('button[value="create"]')
    post = Post.objects.exclude(is_sample=True).get()

    # one rule warns while one types, and is content once the words are plain
    page.click(f'main a[href$="/posts/{post.pk}/text/fr/"]')
    body = page.locator("#id_body")
    body.fill(BOASTING)
    warned = page.locator("#findings .finding")
    expect(warned.first).to_be_visible()
    expect(page.locator("#findings")).to_contain_text("R01")
    body.fill(PLAIN)
    expect(page.locator("#findings")).not_to_contain_text("R01")
    page.click('button[value="save"]')

    # who answers, and who stands in
    page.click(f'main a[href$="/posts/{post.pk}/people/"]')
    page.select_option("#id_answerer", str(colleague.pk))
    page.select_option("#id_deputy", str(me.pk))
    page.click("main button.main")

    # review, approval, the work that comes before, the schedule
    page.click('form[action$="/do/submit/"] button')
    page.click('a[href$="/do/approve/"]')
    for box in page.locator('input[type=radio][value="yes"]').all():
        box.check()
    page.click("main form button.main")
    while page.locator('form[action$="/do/schedule/"] button').count() == 0:
        assert len(pages) < MOST_PAGES, page.locator("#checks").inner_text()
        page.locator("#checks a").first.click()
        work = page.locator(".timeline li:target details.act")
        work.locator("summary").click() if not work.evaluate("one => one.open") else None
        work.locator("button:not([formaction])").first.click()
    page.click('form[action$="/do/schedule/"] button')

    post.refresh_from_db()
    assert post.status == "scheduled"
    assert (post.answerer_id, post.deputy_id) == (colleague.pk, me.pk)
    expect(page.locator("#people")).to_contain_text(str(colleague))
    assert len(pages) <= MOST_PAGES
    assert watched.complaints == []
