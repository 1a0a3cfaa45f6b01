"""What deserves a look: each reason as a pure rule, then on the pages, in the fixed number of queries."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from planner.calendar import rules
from planner.calendar.rules import Caution, Day, Entry, Limits, Look, Mark, Mix, Stretch, Traffic
from planner.playbook import operations as playbook
from planner.playbook.seeds import read_all
from planner.policy.models import PolicyVersion
from planner.workspaces.models import Channel, Duty

TODAY = date(2026, 11, 19)  # a Thursday
NOW = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)
LIMITS = Limits(a_day=3, hours=2, likeness=0.8, days=90, least_posts=5, promo_percent=20)
BASE = "/w/marbourg/calendar/"


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def entry(title: str, moment: datetime, post_id: int = 1, **fields) -> Entry:
    return Entry(post_id, moment, title, "scheduled", (Mark("Si", True, {"fr": "Site"}),), **fields)


def day(on: date, *entries: Entry, **fields) -> Day:
    return Day(
        on, in_month=True, is_today=on == TODAY, is_past=on < TODAY, is_working=on.weekday() < 5,
        entries=tuple(entries), count=fields.pop("count", len(entries)), **fields,
    )  # fmt: skip


def looks(found) -> list[tuple[Look, date | None]]:
    return [(one.look, one.on) for one in found]


def is_working(on: date) -> bool:
    return on.weekday() < 5


class TestTheRules:
    def test_a_channel_is_crowded_beyond_what_the_policy_allows_in_a_day(self):
        full = Traffic(TODAY, 7, tuple(at(19, hour) for hour in (6, 9, 12, 15)))
        near = Traffic(TODAY, 8, (at(19, 9), at(19, 10, 59)))
        apart = Traffic(TODAY, 9, (at(19, 9), at(19, 11)))
        found = list(rules.crowding([full, near, apart], LIMITS))
        assert [(one.look, one.values["channel"]) for one in found] == [(Look.CROWDED, 7), (Look.NEAR, 8)]

    @pytest.mark.parametrize(
        ("first", "second", "is_told"),
        [
            ("Élaguer les arbres en hiver", "élaguer les arbres en HIVER", True),
            ("Composter sans odeur au balcon chaque jour", "Composter sans odeur au balcon chaque soir", False),
            ("Composter chez soi sans aucune odeur", "Composter chez soi sans aucune mauvaise odeur", True),
            ("La lettre", "La lettre", False),
        ],
    )
    def test_a_title_that_says_what_another_says(self, first, second, is_told):
        entries = [entry(second, at(24), 2), entry(first, at(20), 1)]
        found = looks(rules.repetition(entries, "Europe/Paris", TODAY, LIMITS))
        assert found == ([(Look.REPEATED, date(2026, 11, 24))] if is_told else [])

    def test_the_same_post_elsewhere_repeats_nothing_nor_does_what_lies_too_far_back(self):
        title = "Élaguer les arbres en hiver"
        again = [entry(title, at(20)), entry(title, at(24))]
        old = [entry(title, at(20) - timedelta(days=91), 1), entry(title, at(20), 2)]
        for entries in (again, old):
            assert not list(rules.repetition(entries, "Europe/Paris", TODAY, LIMITS))

    def test_two_posts_of_one_day_under_one_tag(self):
        water = {"tags": ("eau", "ville")}
        two = day(TODAY, entry("Un", at(19), 1, **water), entry("Deux", at(19, 12), 2, **water))
        one = day(TODAY, entry("Un", at(19), 1, **water), entry("Un", at(19, 12), 1, **water))
        assert looks(rules.same_subject([two, one])) == [(Look.SAME_SUBJECT, TODAY)]

    def test_a_friday_needs_somebody_on_duty_and_so_does_a_saturday(self):
        week = [day(date(2026, 11, number), entry("Un", at(number))) for number in range(19, 23)]
        friday, saturday, sunday = (one.on for one in week[1:])
        found = list(rules.nobody_on_duty(week, (), is_working))
        assert looks(found) == [(Look.NOBODY, on) for on in (friday, saturday, sunday)]
        assert found[0].values == {"day": saturday}
        assert looks(rules.nobody_on_duty(week, {saturday}, is_working)) == [(Look.NOBODY, sunday)]
        assert not list(rules.nobody_on_duty([day(friday)], (), is_working))

    def test_a_sober_day_is_told_of_when_something_appears(self):
        sober = rules.Season("s", {"sober": True, "title": {"fr": "Deuil"}}, TODAY, TODAY, TODAY, is_whole_month=False)
        assert looks(rules.on_sober_days([day(TODAY, entry("Un", at(19)))], [sober])) == [(Look.SOBER, TODAY)]
        assert not list(rules.on_sober_days([day(TODAY)], [sober]))

    def test_a_week_without_content_is_told_of_unless_it_is_over_or_closed_or_far(self):
        def weeks(first, **fields):
            return [day(on, **fields) for on in rules.days_from(first, 7)]

        closed = Stretch("blackout", 1, "Élections", "", date(2026, 12, 1), date(2027, 12, 31))
        monday = date(2026, 11, 23)
        assert looks(rules.empty_weeks(weeks(monday), TODAY)) == [(Look.EMPTY_WEEK, monday)]
        assert looks(rules.empty_weeks(weeks(date(2026, 11, 16)), TODAY)) == [(Look.EMPTY_WEEK, TODAY)]
        assert not list(rules.empty_weeks(weeks(date(2026, 11, 9)), TODAY))
        assert not list(rules.empty_weeks(weeks(monday, count=1), TODAY))
        assert not list(rules.empty_weeks(weeks(date(2027, 6, 7)), TODAY))
        assert not list(rules.empty_weeks(weeks(monday, stretches=(closed,)), TODAY))

    @pytest.mark.parametrize(("total", "promoted", "is_told"), [(5, 1, False), (5, 2, True), (4, 4, False)])
    def test_promotion_above_its_share_of_enough_posts(self, total, promoted, is_told):
        found = list(rules.promotion(Mix(TODAY, total, promoted), LIMITS, TODAY))
        assert looks(found) == [(Look.PROMOTION, None)] * is_told
        assert not list(rules.promotion(Mix(TODAY - timedelta(days=1), 9, 9), LIMITS, TODAY))

    def test_a_silence_is_told_of_where_today_stands(self):
        assert looks(rules.silences([7], [day(TODAY)])) == [(Look.SILENT, None)]
        assert not list(rules.silences([7], [day(TODAY + timedelta(days=1))]))

    def test_each_day_gets_its_own(self):
        found = [Caution(Look.NOBODY, TODAY), Caution(Look.PROMOTION, None)]
        [first, second] = rules.with_cautions([day(TODAY), day(TODAY + timedelta(days=1))], found)
        assert (first.cautions, second.cautions) == ((found[0],), ())


@pytest.fixture
def november():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def troubled(november, workspace, member, appear, channel, settings, now):
    """A month in which everything deserves a look."""
    playbook.upsert_bundled(items=read_all(settings.SEEDS_DIR), now=now)
    for number in range(4):
        appear(f"Compost {number}", at(24, 9 + number), intent="promote", tags=["eau"])
    appear("Élaguer les arbres en hiver", at(26))
    appear("Élaguer les arbres en hiver", at(27))
    appear("Souvenirs", datetime(2027, 1, 27, 9, tzinfo=UTC))
    Channel.objects.create(
        workspace=workspace, slug="lettre", title={"fr": "La lettre", "en": "The letter"}, mark="Le", family="owned",
        pace=7, paced_since=NOW - timedelta(days=30), position=2,
    )  # fmt: skip
    return workspace


WORDS = (
    "Trop serré", "Déjà dit", "Deux sur un même sujet", "Personne de permanence", "Une semaine sans contenu",
    "Se sont tus", "Beaucoup de promotion",
)  # fmt: skip


@pytest.mark.parametrize("page", ["", "agenda/?from=2026-11-23"])
def test_the_panel_says_what_deserves_a_look(browse, troubled, member, page):
    text = browse(member).get(BASE + page).text
    absent = [word for word in WORDS if word not in text]
    assert absent == (["Se sont tus"] if page else [])  # today is not among those days
    assert f"{BASE}2026/11/24/#look" in text
    text = browse(member).get(f"{BASE}{page}{'&' if '?' in page else '?'}hide=cautions").text
    assert 'id="cautions"' not in text
    assert 'class="s look"' not in text


def test_the_week_says_it_too_and_a_month_gone_by_says_nothing(browse, troubled, member):
    client = browse(member)
    assert "Trop serré" in client.get(BASE + "week/?day=2026-11-24").text
    assert 'id="cautions"' not in client.get(BASE + "?month=2026-06").text


@pytest.mark.parametrize("page", ["", "week/?day=2026-11-24", "agenda/?from=2026-11-23"])
def test_a_filter_hides_posts_and_no_warning(browse, troubled, member, django_assert_num_queries, page):
    client = browse(member)
    filtered = f"{BASE}{page}{'&' if '?' in page else '?'}intent=help&tag=nothing"
    everything, found = client.get(BASE + page), client.get(filtered)
    assert "Compost 0" not in found.text
    of_entries = {Look.REPEATED, Look.SAME_SUBJECT}
    whole = {group.look: group.days for group in everything.context["cautions"] if group.look not in of_entries}
    assert {group.look: group.days for group in found.context["cautions"]} == whole
    assert {Look.CROWDED, Look.NOBODY} <= whole.keys()
    note = "ce qui est compté ici l’est sur tous les contenus"
    assert (note in found.text, note in everything.text) == (True, False)
    with django_assert_num_queries(8):
        client.get(filtered)


def test_the_day_says_what_to_do(browse, troubled, member):
    client = browse(member)
    page = client.get(BASE + "2026/11/24/").text.replace("\u00a0", " ")
    assert "Plus de 3 contenus sur Site" in page
    assert "choisissez un autre jour" in page
    page = client.get(BASE + "2027/1/27/").text.replace("\u00a0", " ")
    assert "Journée de la mémoire de l’Holocauste : ce jour-là" in page


def test_a_sober_day_and_a_season_stand_in_the_calendar(browse, troubled, member):
    page = browse(member).get(BASE + "?month=2027-01").text.replace("\u00a0", " ")
    assert "Journée de la mémoire de l’Holocauste<" in page
    assert "Ce qui change au 1er janvier" in page
    assert 'href="seasons/?year=2027#holocaust-remembrance"' in page
    hidden = browse(member).get(BASE + "?month=2027-01&hide=seasons").text
    assert "Ce qui change au 1er janvier" not in hidden


def test_the_policy_of_the_house_says_how_much_is_too_much(browse, troubled, member):
    PolicyVersion.objects.create(
        workspace=troubled, number=1, made_at=NOW, reason="Plus de place",
        changes={"parameters": {"R22": {"a_day": 9, "hours": 0}, "R02": {"warn_percent": 90}}},
    )  # fmt: skip
    text = browse(member).get(BASE).text
    assert [word for word in ("Trop serré", "Trop près", "Beaucoup de promotion") if word in text] == []


def test_somebody_on_duty_answers_for_the_weekend(browse, troubled, member):
    Duty.objects.create(workspace=troubled, member=member, day=date(2026, 11, 28))
    assert "Personne de permanence" not in browse(member).get(BASE).text


@pytest.mark.parametrize("page", ["", "week/?day=2026-11-24", "agenda/?from=2026-11-19"])
def test_nothing_of_it_takes_another_query(browse, troubled, member, django_assert_num_queries, page):
    client = browse(member)
    assert 'id="cautions"' in client.get(BASE + page).text
    with django_assert_num_queries(8):
        client.get(BASE + page)


def test_the_topics_of_a_whole_month_stand_together_on_its_first_day(browse, troubled, member):
    page = browse(member).get(BASE + "?month=2026-12").text
    assert " sujets du mois<" in page
    assert "Les horaires des fêtes" not in page
