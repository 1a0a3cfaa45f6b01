"""The delivery log and the test to oneself, for those who manage."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from planner.history.models import Entry
from planner.reminders import rules, transports
from planner.reminders.models import Delivery, Notice
from planner.reminders.transports import TransportError, Uncertain, Unreachable

pytestmark = pytest.mark.django_db

DUE = datetime(2026, 4, 30, 15, 0, tzinfo=UTC)
AHEAD = datetime(2026, 4, 28, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AHEAD + timedelta(hours=1), tick=False):
        yield


@pytest.fixture(autouse=True)
def in_english(member, manager, workspace):
    for membership in (member, manager):
        membership.user.language = "en"
        membership.user.save(update_fields=["language"])


@pytest.fixture
def leave(make_item, schedule, drain, member):
    """`leave(3)`: that many mails have left."""

    def many(count: int, owner=member) -> list[Delivery]:
        before = set(Delivery.objects.values_list("pk", flat=True))
        schedule(*[make_item(due_at=DUE, owner=owner) for _n in range(count)])
        drain(AHEAD)
        return list(Delivery.objects.exclude(pk__in=before).order_by("pk"))

    return many


def at(name: str, **values) -> str:
    return reverse(f"reminders:{name}", kwargs={"workspace": "marbourg", **values})


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def rows(response) -> list[Delivery]:
    return [one.row for one in response.context["logged"]]


def table(response) -> list[list[str]]:
    whole = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(whole)))


# ---- the page


def test_the_log_says_what_left_to_whom_and_what_became_of_it(leave, office, browse, manager):
    office.answers = [None, TransportError("550 no such box", permanent=True)]
    leave(2)
    words = text(browse(manager).get(at("log")))
    for part in ("Winter compost", "To Inès Marchetti", "sent", "failed", "The mail server refused the message: “550"):
        assert part in words


def test_the_address_holds_the_filters(leave, office, browse, manager, member, colleague):
    office.answers = [TransportError("450 later")]
    mine, hers = leave(2), leave(1, owner=colleague)
    early, late = mine
    Delivery.objects.filter(pk=late.pk).update(at=datetime(2026, 5, 3, 22, 30, tzinfo=UTC))  # the 4th in Paris
    client = browse(manager)
    for query, expected in (
        ("", {*mine, *hers}), ("?state=failed", {early}), (f"?person={colleague.pk}", set(hers)),
        ("?first=2026-05-04", {late}), ("?last=2026-05-03", {early, *hers}),
        ("?first=2026-05-04&last=2026-05-04", {late}),
        (f"?state=failed&person={colleague.pk}", set()),
    ):  # fmt: skip
        page = client.get(at("log") + query)
        assert page.status_code == 200 and set(rows(page)) == expected, query
        assert len(table(client.get(at("log_export") + query))) == 1 + len(expected), query


@pytest.mark.parametrize(
    ("query", "field"),
    [("?state=lost", "state"), ("?person=999999", "person"), ("?first=yesterday", "first"),
     ("?first=2026-05-04&last=2026-05-03", "last")],
)  # fmt: skip
def test_a_filter_that_cannot_be_is_said_beside_its_field(browse, manager, query, field):
    page = browse(manager).get(at("log") + query)
    assert page.status_code == 400 and list(page.context["form"].errors) == [field]


def test_a_long_log_has_pages_that_keep_the_filters(leave, browse, manager):
    leave(51)
    client = browse(manager)
    first = client.get(at("log") + "?state=sent")
    assert len(rows(first)) == 50 and "?state=sent&amp;page=2" in first.content.decode()
    assert len(rows(client.get(at("log") + "?state=sent&page=2"))) == 1


@pytest.mark.parametrize("many", [1, 12])
def test_the_log_takes_the_same_number_of_queries_whatever_it_lists(
    leave, browse, manager, many, django_assert_num_queries
):
    leave(many)
    client = browse(manager)
    client.get(at("log"))
    with django_assert_num_queries(7):
        client.get(at("log"))


@pytest.mark.parametrize("many", [1, 12])
def test_the_table_takes_the_same_number_of_queries_whatever_it_holds(
    leave, browse, manager, many, django_assert_num_queries
):
    leave(many)
    client = browse(manager)
    client.get(at("log_export"))
    with django_assert_num_queries(4):
        table(client.get(at("log_export")))


def test_another_workspace_has_no_line_here(leave, browse, manager, outsider):
    (delivery,) = leave(1)
    client = browse(outsider)
    theirs = reverse("reminders:log", kwargs={"workspace": "lac"})
    assert rows(client.get(theirs)) == []
    assert client.get(f"{theirs}?person={delivery.recipient_id}").status_code == 400


def test_only_those_who_manage_look(leave, browse, member, outsider):
    leave(1)
    for who, status in ((member, 403), (outsider, 404)):
        client = browse(who)
        assert [client.get(at(name)).status_code for name in ("log", "log_export")] == [status] * 2
        assert client.post(at("send_test")).status_code == status
    assert mail.outbox == []


# ---- the table


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_never_is_a_formula(start):
    assert rules.plain_cell(f"{start}cmd") == f"'{start}cmd"
    assert rules.plain_cell(f"a{start}") == f"a{start}"


def test_the_table_holds_the_rows_in_the_readers_words(leave, browse, manager):
    (delivery,) = leave(1)
    notice = Notice.objects.get()
    notice.card["en"]["what"] = '=HYPERLINK("http://example.org"), “Winter”'
    notice.save(update_fields=["card"])
    answer = browse(manager).get(at("log_export"))
    assert answer.streaming and 'filename="deliveries-marbourg.csv"' in answer["Content-Disposition"]
    heads, line = table(answer)
    assert heads[:4] == ["When", "To", "By", "State"]
    assert line[:4] == ["2026-04-28 09:00:00+02:00", "Inès Marchetti", "email", "sent"]
    assert line[4] == "'" + notice.card["en"]["what"] and line[7] == delivery.message_id


# ---- a test to oneself


@pytest.fixture
def by(monkeypatch, office):
    """`by(error)`: the transport of the installation answers with that."""

    def answering(*answers):
        office.answers = list(answers)
        monkeypatch.setattr(transports, "configured", lambda: office)

    return answering


def test_the_test_goes_to_oneself_and_the_page_says_so(browse, manager, settings):
    settings.EMAIL_URL = "smtp://127.0.0.1"
    page = browse(manager).post(at("send_test"), follow=True)
    assert "The mail server took the test." in text(page)
    (sent,) = mail.outbox
    assert sent.to == ['"Maud Gérante" <maud@example.org>'] and sent.subject == "A test of Marronnier’s e-mails"
    assert "/reminders/" not in sent.body and "List-Unsubscribe" not in sent.extra_headers
    assert Entry.objects.get(verb="delivery.tested").data == {"outcome": "sent"}
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("answer", "words"),
    [(TransportError("550 mailbox full"), "refused the test: 550 mailbox full"),
     (Unreachable("Connection refused"), "cannot be reached: Connection refused"),
     (Uncertain("reset by peer"), "perhaps not: reset by peer")],
)  # fmt: skip
def test_what_the_server_said_is_shown(by, office, browse, manager, answer, words):
    by(answer)
    assert words in text(browse(manager).post(at("send_test"), follow=True))
    assert office.closed == 1


def test_without_a_mail_server_the_page_says_so(browse, manager, settings):
    settings.EMAIL_URL = ""
    assert "No mail server is set up: nothing was sent." in text(browse(manager).post(at("send_test"), follow=True))
    settings.REMINDER_TRANSPORT = "null"
    assert "This installation sends nothing" in text(browse(manager).post(at("send_test"), follow=True))


def test_looking_sends_nothing(by, office, browse, manager):
    by()
    assert browse(manager).get(at("send_test")).status_code == 405
    assert office.sent == []


def test_an_account_without_an_address_is_told(by, office, browse, manager):
    manager.user.email = ""
    manager.user.save(update_fields=["email"])
    by()
    assert browse(manager).post(at("send_test")).status_code == 409
    assert office.sent == []
