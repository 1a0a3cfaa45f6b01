"""Week, list, board, search, filters, layers, the move page and the views page."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from planner.calendar import operations as calendar
from planner.calendar.models import SavedView
from planner.playbook import operations as playbook
from planner.playbook.models import PlaybookItem
from planner.playbook.seeds import read_all
from planner.posts.models import Initiative, Post
from planner.workspaces import operations as workspaces

NOW = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)
AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
BASE = "/w/marbourg/calendar/"
PAGES = ("", "week/?day=2026-11-26", "agenda/?from=2026-11-20", "board/")


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("page", PAGES)
def test_each_way_to_see_shows_the_post_in_a_fixed_number_of_queries(
    browse, member, appear, owe, django_assert_max_num_queries, page
):
    client = browse(member)
    for number in range(20):
        owe(member, appear(f"Compost {number}", AT + timedelta(hours=number // 4)), AT)
        appear(f"Idée {number}", None, status="idea")
    assert "Compost 0" in client.get(BASE + page).text
    with django_assert_max_num_queries(8):
        client.get(BASE + page)


@pytest.mark.parametrize("page", PAGES)
def test_an_outsider_finds_none_of_them(browse, workspace, outsider, page):
    assert browse(outsider).get(BASE + page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_a_filter_of_the_address_holds_everywhere(browse, member, colleague, appear, page):
    appear("Compost", AT, author=colleague, intent="help", tags=["eau"])
    appear("Piscine", AT, author=member, intent="promote")
    glue = "&" if "?" in page else "?"
    client = browse(member)
    for query in (f"owner={colleague.pk}", "intent=help", "tag=eau", "q=compost"):
        found = client.get(f"{BASE}{page}{glue}{query}").text
        assert ("Compost" in found, "Piscine" in found) == (True, False), query


def test_filters_by_state_channel_language_audience_mine_and_problems(browse, member, colleague, appear, owe, channel):
    draft = appear("Un", AT, author=colleague, answerer=member, deputy=colleague, status="draft", audience="Parents")
    appear("Deux", AT, english="Two", author=colleague)
    client = browse(member)

    def shown(query):
        page = client.get(f"{BASE}?{query}").text
        return ["Un" * (">Un<" in page), "Deux" * (">Deux<" in page)]

    assert shown("state=draft") == ["Un", ""]
    assert shown(f"channel={channel.pk}") == ["Un", "Deux"]
    assert shown("channel=0") == ["", ""]
    assert shown("language=en") == ["", "Deux"]
    assert shown("audience=parents") == ["Un", ""]
    assert shown("mine=1") == ["Un", ""]
    assert shown("problems=1") == ["", "Deux"]
    owe(colleague, draft, NOW - timedelta(days=1), roles=["author"])
    assert shown("problems=1") == ["Un", "Deux"]
    assert shown("role=author") == ["Un", ""]


@pytest.mark.parametrize("common", [1, 2000])
def test_a_search_needs_neither_accents_nor_capitals_nor_whole_words(browse, member, appear, monkeypatch, common):
    monkeypatch.setattr("planner.posts.queries.COMMON", common)
    appear("Élagage des cœurs d’arbres, œuvre d’Œdipe", AT)
    appear("La piscine", AT)
    client = browse(member)
    for words in ("elagage", "ÉLAG", "coeurs arbres", "cœur", "oedipe", "Œdi", "d’arbres"):
        page = client.get(BASE + "search/", {"q": words}).text
        assert ("Élagage" in page, "La piscine" in page) == (True, False), words
    assert "piscine" not in client.get(BASE + "search/", {"q": "\"'*()&|!:"}).text
    assert "Aucun titre et aucun texte ne dit cela" in client.get(BASE + "search/", {"q": "tondeuse"}).text


@pytest.mark.parametrize("common", [1, 2000])
def test_a_search_puts_what_has_no_date_first_and_then_the_latest(browse, member, appear, monkeypatch, common):
    monkeypatch.setattr("planner.posts.queries.COMMON", common)
    for number in (3, 1, 2):
        appear(f"Compost {number}", AT + timedelta(days=number))
    appear("Compost 4", None, status="idea")
    appear("La piscine", AT)
    found = browse(member).get(BASE + "search/?q=compost").context["found"]
    assert ([card.title for card in found.cards], found.count) == ([f"Compost {n}" for n in (4, 3, 2, 1)], 4)


def test_a_search_says_that_it_found_more_than_it_counts(browse, member, appear, monkeypatch):
    monkeypatch.setattr("planner.calendar.queries.lists.FOUND_COUNTED", 2)
    monkeypatch.setattr("planner.calendar.queries.FOUND_COUNTED", 2)
    monkeypatch.setattr("planner.calendar.queries.lists.FOUND_SHOWN", 1)
    client = browse(member)
    for number in (1, 2):
        appear(f"Compost {number}", AT)
    assert "ajoutez un mot" in client.get(BASE + "search/?q=compost").text
    appear("Compost 3", AT)
    page = client.get(BASE + "search/?q=compost").text
    assert "plus de 2</span>" in page and "Plus de 2 contenus le disent" in page


def test_a_held_post_is_not_said_to_be_scheduled(browse, member, appear, now):
    post = appear("Compost", AT)
    client = browse(member)
    assert "is-scheduled" in client.get(BASE + "search/?q=compost").text
    post.placements.update(held_at=now)
    for page in ("search/?q=compost", "board/"):
        assert "is-held" in client.get(BASE + page).text.split("<main")[1]


def test_a_list_without_posts_has_nothing_to_choose(browse, member, appear):
    client = browse(member)
    page = BASE + "agenda/?from=2026-11-20"
    assert 'id="bulk"' not in client.get(page).text
    appear("Compost", AT)
    assert 'id="bulk"' in client.get(page).text


def test_an_empty_board_says_what_to_do_next(browse, member, appear):
    client = browse(member)
    assert "Rien n’est encore prévu" in client.get(BASE + "board/").text
    appear("Compost", AT, status="draft")
    assert "Rien n’est encore prévu" not in client.get(BASE + "board/").text


def test_the_month_that_runs_has_a_way_to_today(browse, member):
    client = browse(member)
    page = client.get(BASE).text
    assert page.count('id="today"') == 1 and 'class="skip" href="#today"' in page
    assert "#today" not in client.get(BASE + "?month=2027-03").text


def test_a_column_of_the_board_says_that_it_has_more_than_it_counts(browse, member, appear, monkeypatch):
    monkeypatch.setattr("planner.calendar.queries.lists.BOARD_COUNTED", 2)
    monkeypatch.setattr("planner.calendar.queries.lists.BOARD_SHOWN", 1)
    monkeypatch.setattr("planner.calendar.queries.BOARD_COUNTED", 2)
    client = browse(member)
    for number in (1, 2):
        appear(f"Compost {number}", AT, status="draft")
    page = client.get(BASE + "board/").text
    assert "En voir un autre" in page and "plus de 2</span>" not in page
    appear("Compost 3", AT, status="draft")
    page = client.get(BASE + "board/").text
    assert "plus de 2</span>" in page and "Voir les autres" in page


def test_a_search_of_one_house_finds_nothing_of_another(browse, outsider, appear, monkeypatch):
    monkeypatch.setattr("planner.posts.queries.COMMON", 1)
    appear("Compost", AT)
    found = browse(outsider).get(BASE.replace(BASE.split("/")[2], outsider.workspace.slug) + "search/?q=compost")
    assert found.context["found"].count == 0


def test_a_text_that_changes_is_found_by_its_new_words_alone(workspace, appear):
    text = appear("Compost", AT).texts.get()
    text.body = "Une tondeuse"
    text.save()
    assert Post.objects.saying("tondeuse").count() == 1
    text.title = text.body = "Rien"
    text.save()
    assert not Post.objects.saying("tondeuse").exists()
    text.delete()
    assert not Post.objects.saying("rien").exists()


def test_layers_are_switched_in_the_address(browse, member, manager, colleague, appear, owe, now):
    owe(member, appear("Compost", AT, is_evergreen=True), AT)
    appear("À revoir", NOW - timedelta(days=200), status="published", review_on=date(2026, 11, 25))
    day = {"starts_on": date(2026, 11, 24), "ends_on": date(2026, 11, 25), "now": now}
    workspaces.add_absence(actor=manager, member=colleague, **day)
    workspaces.add_blackout(actor=manager, name="Élections", **day)
    Initiative.objects.create(
        workspace=member.workspace, title="Rien ne se perd", aim="Moins de déchets", owner=member, created_at=now,
        starts_on=date(2026, 11, 21), ends_on=date(2026, 11, 29),
    )  # fmt: skip
    client = browse(member)
    words = {
        "campaigns": "Campagne : Rien ne se perd",
        "work": "1 travail", "review": "1 à revoir", "holidays": "Armistice", "absences": "Karim Belhadj est en congé",
        "blackouts": "Élections",
    }  # fmt: skip
    assert all(word in client.get(BASE).text.replace("\u00a0", " ") for word in words.values())
    for layer, word in words.items():
        assert word not in client.get(f"{BASE}?hide={layer}").text.replace("\u00a0", " "), layer


def test_what_comes_back_is_a_layer_of_meetings_and_one_of_empty_places(
    browse, member, workspace, settings, now, appear
):
    playbook.upsert_bundled(items=read_all(settings.SEEDS_DIR), now=now)
    for slug, at in (("weekly-editorial", time(10, 0)), ("lend-our-voice", time(11, 0)), ("answer-duty", time(9, 0))):
        item = PlaybookItem.objects.visible_to(workspace).of_kind("cadence").get(slug=slug)
        given = {"owner": member, "starts_on": date(2026, 11, 19), "at": at, "minutes": 30, "now": NOW}
        calendar.switch_on(item=item, actor=member, **given)
    client = browse(member)
    for page in ("", "week/?day=2026-12-07", "agenda/?from=2026-12-01"):
        glue = "&" if "?" in page else "?"
        text = client.get(BASE + page).text.replace("\u00a0", " ")
        assert "10 h Conférence de rédaction" in text, page
        assert "Permanence des réponses" not in text
        assert "Nous prêtons notre voix" in client.get(BASE + "agenda/?from=2026-12-05").text
        hidden = client.get(f"{BASE}{page}{glue}hide=meetings&hide=slots").text
        assert "Conférence de rédaction" not in hidden and "Nous prêtons notre voix" not in hidden


def test_a_campaign_is_chosen_in_the_panel_of_the_filter(browse, member, appear):
    campaign = Initiative.objects.create(
        workspace=member.workspace, title="Rien ne se perd", aim="Moins de déchets", owner=member, created_at=NOW,
        starts_on=date(2025, 11, 21), ends_on=date(2025, 11, 29),
    )  # fmt: skip
    appear("Compost", AT, initiative=campaign)
    appear("Piscine", AT)
    client = browse(member)
    panel = client.get(f"{BASE}?filter=1&campaign={campaign.pk}").text
    assert f'name="campaign" value="{campaign.pk}" checked> Rien ne se perd' in panel
    assert ("Compost" in panel, "Piscine" in panel) == (True, False)


def test_the_week_counts_every_entry_by_its_hour_and_offers_to_plan_there(browse, member, appear):
    for minute in range(5):
        appear(f"Post {minute}", AT + timedelta(minutes=minute))
    appear("Tard", datetime(2026, 11, 26, 22, 30, tzinfo=UTC))
    page = browse(member).get(BASE + "week/?day=2026-11-26").text
    assert page.count('class="entry ') == 3
    assert ">+3<" in page
    assert "?on=2026-11-26&amp;at=10:00" in page


@pytest.mark.parametrize("on", ["2026-03-29", "2026-10-25"])
def test_both_days_of_a_clock_change_have_their_hours(browse, member, appear, on):
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC), tick=False):
        for hour in range(26):
            appear("Heure", datetime.fromisoformat(f"{on}T00:30+00:00") - timedelta(hours=2) + timedelta(hours=hour))
        page = browse(member).get(f"{BASE}week/?day={on}")
    shown = page.text.count('class="entry ')
    assert shown >= 23
    assert "02" in page.text


def test_a_member_who_plans_moves_after_seeing_what_follows(browse, member, appear):
    post = appear("Compost", AT, status="draft")
    client = browse(member)
    form = {"post": post.pk, "source": "2026-11-26", "on": "2026-12-03", "version": post.version, "next": BASE}
    assert client.get(f"{BASE}move/?post={post.pk}&from=2026-11-26").status_code == 200
    seen = client.post(BASE + "move/", {**form, "act": "preview"})
    assert "Ce qui suivrait" in seen.text
    part = client.post(BASE + "move/", {**form, "act": "preview"}, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "jeudi 3 décembre 2026" in part
    moved = client.post(BASE + "move/", {**form, "act": "move"})
    assert moved.status_code == 302
    post.refresh_from_db()
    assert post.planned_at == datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
    page = client.get(moved.url).text
    assert 'id="moved"' in page
    number = moved.url.split("moved=")[1]
    back = client.post(f"{BASE}moves/{number}/undo/", {"next": moved.url})
    assert "moved" not in back.url
    post.refresh_from_db()
    assert post.planned_at == AT


def test_a_refused_move_says_why_beside_the_day(browse, member, appear):
    post = appear("Compost", AT, status="draft")
    form = {"post": post.pk, "source": "2026-11-26", "on": "2026-11-01", "act": "move"}
    answer = browse(member).post(BASE + "move/", form)
    assert answer.status_code == 400
    assert "dans le passé" in answer.text


def test_a_contributor_moves_nothing(browse, colleague, appear):
    post = appear("Compost", AT, status="draft")
    client = browse(colleague)
    assert client.post(BASE + "move/", {"post": post.pk, "on": "2026-12-03"}).status_code == 403
    assert "data-moves" not in client.get(BASE).text


def test_several_are_shifted_after_a_preview(browse, member, appear):
    chosen = [appear(f"Post {number}", AT + timedelta(days=number), status="draft") for number in range(2)]
    form = {"act": "shift", "days": "2", "post": [f"{post.pk}:{post.version}" for post in chosen], "next": BASE}
    client = browse(member)
    seen = client.post(BASE + "bulk/", form)
    assert "Déplacer de 2 jours travaillés" in seen.text
    done = client.post(BASE + "bulk/", {**form, "sure": "1"})
    assert "moved=" in done.url
    assert [Post.objects.get(pk=post.pk).planned_at.day for post in chosen] == [30, 1]


def test_several_get_another_author_after_a_preview(browse, member, colleague, appear):
    post = appear("Compost", AT, status="draft")
    form = {"act": "author", "author": colleague.pk, "post": f"{post.pk}:{post.version}", "next": BASE}
    client = browse(member)
    assert "Karim Belhadj" in client.post(BASE + "bulk/", form).text
    client.post(BASE + "bulk/", {**form, "sure": "1"})
    post.refresh_from_db()
    assert post.author == colleague


def test_nothing_chosen_is_said(browse, member):
    answer = browse(member).post(BASE + "bulk/", {"act": "shift", "days": "2", "next": BASE}, follow=True)
    assert "Choisissez entre un et 100 contenus" in answer.text


def test_details_of_an_entry_are_a_part_of_a_page(browse, member, colleague, appear, owe):
    post = appear("Compost", AT, author=colleague)
    owe(colleague, post, AT - timedelta(days=2))
    part = browse(member).get(f"{BASE}posts/{post.pk}/?on=2026-11-26").text
    assert "<html" not in part
    assert all(word in part for word in ("Compost", "Karim Belhadj", "Relire", "from=2026-11-26"))


def test_a_view_is_saved_under_a_name_and_stands_above_the_calendar(browse, member, colleague, appear):
    appear("Compost", AT, status="draft")
    client = browse(member)
    saved = client.post(f"{BASE}views/?page=month&state=draft", {"name": "Brouillons"})
    assert saved.url == f"{BASE}?state=draft"
    assert "Brouillons" in client.get(saved.url).text
    view = SavedView.objects.get()
    client = browse(colleague)
    assert "Brouillons" not in client.get(BASE).text
    browse(member).post(f"{BASE}views/{view.pk}/share/", {"share": "yes"})
    assert "Brouillons" in browse(colleague).get(BASE).text
    assert browse(colleague).post(f"{BASE}views/{view.pk}/delete/").status_code == 403
    browse(member).post(f"{BASE}views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


def test_the_details_of_an_entry_are_a_part_for_the_script_and_the_post_for_a_window(browse, member, outsider, appear):
    post = appear("Compost", AT)
    part = browse(member).get(f"{BASE}posts/{post.pk}/", headers={"Sec-Fetch-Dest": "empty"})
    assert "Compost" in part.text
    assert "<html" not in part.text
    assert browse(member).get(f"{BASE}posts/{post.pk}/", headers={"Sec-Fetch-Dest": "document"}).url == post.link
    assert browse(outsider).get(f"{BASE}posts/{post.pk}/").status_code == 404
