"""Pages of people: who sees them, who may write, how many questions they ask the database."""

from datetime import date

import pytest
import time_machine

from planner.workspaces import operations as workspaces
from planner.workspaces.models import Absence, Invitation, Membership, RoleAssignment
from planner.workspaces.rules import Act, Level
from tests.conftest import join, person

PAGES = ("settings", "me", "rights", "people", "channels", "audiences")


@pytest.fixture(autouse=True)
def the_day(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("who", ["reader", "colleague", "member", "manager"])
def test_every_page_opens_for_every_level_in_both_languages(who, language, request, browse, page, channel, manager):
    me = request.getfixturevalue(who)
    me.user.language = language
    me.user.save()
    addresses = [page(name) for name in PAGES]
    addresses += [page("person", member=manager.pk), page("person", member=me.pk), page("channel", slug=channel.slug)]
    for address in addresses:
        response = browse(me).get(address)
        assert response.status_code == 200, address
        assert f'<html lang="{language}">' in response.content.decode()


@pytest.fixture
def writes(page, colleague, manager, channel, now):
    """Every address of this room that changes something, with values it would accept."""
    held = workspaces.assign_role(actor=manager, member=colleague, role="legal", now=now)
    absence = workspaces.add_absence(
        actor=colleague, member=colleague, starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 2), now=now
    )
    invitation, _token = workspaces.invite(actor=manager, email="luc@example.org", now=now)
    audience = workspaces.add_audience(actor=manager, sentence="Parents", now=now)
    return {
        page("people"): {"email": "nadia@example.org", "level": "reader"},
        page("change_level", member=colleague.pk): {"level": "planner"},
        page("describe", member=colleague.pk): {"job": "Juriste"},
        page("assign_role", member=colleague.pk): {"role": "expert"},
        page("add_absence", member=colleague.pk): {"starts_on": "2026-07-01", "ends_on": "2026-07-02"},
        page("set_second", assignment=held.pk): {"second": manager.pk},
        page("put_first", assignment=held.pk): {},
        page("remove_absence", absence=absence.pk): {},
        page("remove_role", assignment=held.pk): {},
        page("revoke", invitation=invitation.pk): {},
        page("settings"): {"name": "Autre", "languages": "en"},
        page("channel", slug=channel.slug): {"address": "https://example.org/"},
        page("use_channel", slug=channel.slug): {"use": "yes"},
        page("audiences"): {"sentence": "Voisins"},
        page("use_audience", audience=audience.pk): {"use": "no"},
    }


def everything():
    rows = (Membership, RoleAssignment, Absence, Invitation)
    return [list(model.objects.order_by("pk").values()) for model in rows]


def test_a_reader_writes_nothing(browse, reader, writes, workspace):
    before = everything()
    for address, values in writes.items():
        assert browse(reader).post(address, values).status_code == 403, address
    workspace.refresh_from_db()
    assert (everything(), workspace.name) == (before, "Ville de Marbourg")


def test_an_outsider_and_a_visitor_see_nothing(browse, client, outsider, writes, page, manager):
    before = everything()
    addresses = [*writes, *(page(name) for name in PAGES), page("person", member=manager.pk)]
    for address in addresses:
        assert client.get(address).status_code in (302, 405)
        client.logout()
    for address in addresses:
        assert browse(outsider).get(address).status_code in (404, 405), address
        assert browse(outsider).post(address, writes.get(address, {})).status_code == 404, address
    assert everything() == before


def test_a_manager_of_elsewhere_reaches_nothing_through_their_own_address(
    browse, outsider, writes, workspace, other_workspace
):
    before = everything()
    for address, values in writes.items():
        twisted = address.replace(workspace.slug, other_workspace.slug)
        if twisted.rstrip("/").rsplit("/", 1)[-1] in ("people", "settings", "audiences"):
            continue  # their own list
        assert browse(outsider).post(twisted, values).status_code == 404, twisted
    assert everything() == before


def test_a_manager_may_write_all_of_it(browse, manager, writes):
    refused = {a: r.status_code for a, v in writes.items() if (r := browse(manager).post(a, v)).status_code != 302}
    assert set(refused) <= {a for a in refused if a.endswith("/use/")}  # the channel is in use already
    assert Membership.objects.get(user__email="karim@example.org").level == Level.PLANNER


def test_the_personal_link_is_shown_once(browse, manager, page):
    browse(manager).post(page("people"), {"email": "nadia@example.org", "level": "reader"})
    shown = browse(manager).get(page("people")).context["invited"]
    assert "/invitation/" in shown["address"]
    assert shown["address"].rsplit("/", 2)[1] not in str(Invitation.objects.values_list("token_digest"))
    assert browse(manager).get(page("people")).context["invited"] is None


def test_a_refused_level_says_why_on_the_page_of_the_person(browse, manager, page):
    response = browse(manager).post(page("change_level", member=manager.pk), {"level": "reader"})
    assert response.status_code == 409
    assert "Maud Gérante" in str(response.context["level_form"].errors)


def test_my_page_changes_my_language(browse, reader, page):
    values = {"name": "Rose", "language": "en", "time_zone": "", "phone": ""}
    assert browse(reader).post(page("me"), values).status_code == 302
    assert '<html lang="en">' in browse(reader).get(page("me")).content.decode()


def test_my_absence_brings_me_back_to_my_page(browse, reader, page):
    values = {"starts_on": "2026-07-01", "ends_on": "2026-07-02", "next": page("me")}
    assert browse(reader).post(page("add_absence", member=reader.pk), values)["Location"] == page("me")
    values["next"] = "https://evil.example/"
    values["starts_on"] = values["ends_on"] = "2026-08-01"
    elsewhere = browse(reader).post(page("add_absence", member=reader.pk), values)["Location"]
    assert elsewhere == page("person", member=reader.pk)


def test_the_page_of_rights_is_the_table(browse, reader, page):
    response = browse(reader).get(page("rights"))
    assert [act for act, _allowed in response.context["table"]] == [act.label for act in Act]
    assert sum(sum(allowed) for _act, allowed in response.context["table"]) == 1 + 4 + 6 + 9


def fill(workspace, manager, now, start, number):
    for n in range(start, start + number):
        member = join(workspace, person(f"Personne {n}", f"p{n}@example.org"), Level.CONTRIBUTOR)
        workspaces.assign_role(actor=manager, member=member, role="author", second=manager, now=now)
        day = date(2026, 6, 1)
        workspaces.add_absence(actor=manager, member=member, starts_on=day, ends_on=day, now=now)
        workspaces.invite(actor=manager, email=f"i{n}@example.org", now=now)


@pytest.mark.parametrize("name", ["people", "person"])
def test_a_page_asks_as_much_for_twelve_people_as_for_two(
    name, browse, page, workspace, manager, now, django_assert_num_queries, django_assert_max_num_queries
):
    address = page("people") if name == "people" else page("person", member=manager.pk)
    fill(workspace, manager, now, 0, 2)
    client = browse(manager)
    client.get(address)
    with django_assert_max_num_queries(16) as few:
        client.get(address)
    fill(workspace, manager, now, 2, 10)
    with django_assert_num_queries(len(few)):
        assert "Personne 11" in client.get(address).content.decode()
