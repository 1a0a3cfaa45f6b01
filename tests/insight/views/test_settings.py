"""Settings that reach the posts: the change and what follows, together."""

from datetime import date, time

import pytest
from django.urls import reverse

from planner.insight.views import settings as settings_views
from planner.workspaces.models import HolidayChange, Membership
from planner.workspaces.rules import Level


@pytest.fixture
def page(workspace):
    def address(name, at=workspace, **kwargs):
        return reverse(f"workspaces:{name}", kwargs={"workspace": at.slug, **kwargs})

    return address


@pytest.fixture
def relaid(monkeypatch):
    """What was asked of the posts, instead of doing it."""
    asked = []
    monkeypatch.setattr(settings_views.upkeep, "relay_open_work", lambda **values: asked.append(values))
    return asked


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("year", ["", "?year=2027", "?year=rubbish", "?year=99999"])
def test_the_closed_days_of_a_year_are_shown(browse, reader, page, language, year):
    reader.user.language = language
    reader.user.save()
    response = browse(reader).get(page("holidays") + year)
    assert response.status_code == 200
    assert len(response.context["days"]) >= 11


def test_a_day_of_ours_is_closed_and_work_dated_again(browse, manager, page, relaid):
    browse(manager).post(page("close_day"), {"day": "2026-05-15", "name": "Pont"})
    assert HolidayChange.objects.get().day == date(2026, 5, 15)
    assert [asked["actor"] for asked in relaid] == [manager]


def test_a_refused_day_dates_nothing_again(browse, manager, page, relaid):
    response = browse(manager).post(page("close_day"), {"day": "2026-05-14", "name": "Pont"})
    assert response.status_code == 409
    assert response.context["closed_form"].errors.keys() == {"day"}
    assert not relaid


def test_a_failure_while_dating_again_undoes_the_change(browse, manager, page, monkeypatch):
    def fail(**_values):
        raise RuntimeError

    monkeypatch.setattr(settings_views.upkeep, "relay_open_work", fail)
    with pytest.raises(RuntimeError):
        browse(manager).post(page("close_day"), {"day": "2026-05-15", "name": "Pont"})
    assert not HolidayChange.objects.exists()


def test_a_legal_holiday_is_worked_then_given_back(browse, manager, page, relaid):
    browse(manager).post(page("open_day"), {"day": "2026-05-14"})
    change = HolidayChange.objects.get()
    assert not change.closed
    browse(manager).post(page("restore_day", change=change.pk))
    assert not HolidayChange.objects.exists()
    assert len(relaid) == 2


def test_working_time_is_changed_and_work_dated_with_it(browse, manager, page, relaid, workspace):
    values = {"working_days": ["0", "1"], "day_starts": "08:00", "day_ends": "12:00"}
    browse(manager).post(page("working_time"), values)
    workspace.refresh_from_db()
    assert (workspace.working_days, workspace.day_ends) == ([0, 1], time(12))
    assert [asked["workspace"].day_ends for asked in relaid] == [time(12)]


def test_the_zone_is_shown_first_and_changed_by_a_button(browse, manager, page, workspace):
    shown = browse(manager).get(page("zone") + "?zone=America/Toronto")
    assert shown.context["chosen"] == "America/Toronto"
    workspace.refresh_from_db()
    assert workspace.time_zone == "Europe/Paris"
    assert browse(manager).post(page("zone"), {"zone": "America/Toronto"}).status_code == 302
    workspace.refresh_from_db()
    assert workspace.time_zone == "America/Toronto"


def test_an_unknown_zone_changes_nothing(browse, manager, page, workspace):
    assert browse(manager).post(page("zone"), {"zone": "Mars/Olympus"}).status_code == 200
    workspace.refresh_from_db()
    assert workspace.time_zone == "Europe/Paris"


def test_removing_asks_first(browse, manager, colleague, page):
    assert browse(manager).get(page("remove", member=colleague.pk)).status_code == 200
    assert Membership.objects.get(pk=colleague.pk).is_active
    assert browse(manager).post(page("remove", member=colleague.pk))["Location"] == page("people")
    assert not Membership.objects.get(pk=colleague.pk).is_active


def test_anybody_may_leave_but_the_last_manager(browse, reader, manager, page):
    assert browse(reader).post(page("remove", member=reader.pk))["Location"] == "/"
    assert browse(reader).get(page("people")).status_code == 404
    assert browse(manager).post(page("remove", member=manager.pk)).status_code == 409
    assert Membership.objects.get(pk=manager.pk).level == Level.MANAGER


@pytest.mark.parametrize("who", ["reader", "colleague", "member"])
def test_only_managers_change_any_of_it(who, request, browse, page, manager, workspace):
    change = HolidayChange.objects.create(workspace=workspace, day=date(2026, 5, 15), name="Pont")
    client = browse(request.getfixturevalue(who))
    for address, values in {
        page("close_day"): {"day": "2026-06-15", "name": "Pont"},
        page("open_day"): {"day": "2026-05-14"},
        page("restore_day", change=change.pk): {},
        page("working_time"): {"working_days": ["0"], "day_starts": "08:00", "day_ends": "12:00"},
        page("zone"): {"zone": "America/Toronto"},
        page("remove", member=manager.pk): {},
    }.items():
        assert client.post(address, values).status_code == 403, address
    assert HolidayChange.objects.count() == 1


def test_an_outsider_finds_none_of_it(browse, outsider, page, manager, other_workspace, workspace):
    change = HolidayChange.objects.create(workspace=workspace, day=date(2026, 5, 15), name="Pont")
    client = browse(outsider)
    for address in (page("holidays"), page("zone"), page("remove", member=manager.pk)):
        assert client.get(address).status_code == 404
    twisted = (
        page("restore_day", at=other_workspace, change=change.pk),
        page("remove", at=other_workspace, member=manager.pk),
    )
    for address in twisted:
        assert client.post(address).status_code == 404
    assert HolidayChange.objects.exists()
    assert Membership.objects.get(pk=manager.pk).is_active
