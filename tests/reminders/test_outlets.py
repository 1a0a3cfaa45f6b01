"""Chat rooms and programs: who may set them up, where they may lead, what reaches them, what becomes of a failure."""

import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.urls import reverse

from planner.base.errors import Invalid, NotAllowed, NotFound
from planner.history.models import Entry
from planner.reminders import operations as reminders
from planner.reminders.models import Errand, Outlet
from planner.reminders.rules import DeliveryStatus, Trial
from planner.reminders.transports import CHECKS, Parcel, TransportError, Uncertain, Unreachable
from planner.reminders.transports.chat import ChatTransport
from planner.reminders.transports.chat.sending import _failure, _Heard
from planner.reminders.transports.webhook import WebhookTransport, signature

pytestmark = pytest.mark.django_db

DUE = datetime(2026, 4, 30, 15, 0, tzinfo=UTC)
AHEAD = datetime(2026, 4, 28, 7, 0, tzinfo=UTC)
CHAT = "mmosts://chat.example.org/3ccdd113474722377935511fc85d3dd4"
HOOK = "https://hooks.example.org/marronnier"


@pytest.fixture(autouse=True)
def named_hosts(settings):
    settings.PLANNER_WEBHOOK_HOSTS = ["chat.example.org", "hooks.example.org", "hooks.slack.com", "127.0.0.1:8099"]


@pytest.fixture
def add(manager, now):
    def one(way="webhook", address=HOOK, kinds=("work",), actor=manager):
        return reminders.add_outlet(
            actor=actor, way=way, title="Newsroom", address=address, kinds=kinds, language="en", now=now
        )

    return one


class Runner:
    """A carrier that keeps what it got; `answers` scripts what happens to the next messages."""

    def __init__(self) -> None:
        self.parcels: list[Parcel] = []
        self.answers: list[Exception | None] = []

    def __call__(self) -> "Runner":
        return self

    def send(self, parcel: Parcel) -> None:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.parcels.append(parcel)


@pytest.fixture
def runner():
    return Runner()


@pytest.fixture
def carry(runner):
    def run(at: datetime):
        return dict(reminders.carry(clock=lambda: at, carriers={"chat": runner, "webhook": runner}).counts)

    return run


# ---- setting up


@pytest.mark.parametrize(
    ("way", "address"),
    [
        ("webhook", "http://hooks.example.org/x"), ("webhook", "https://10.0.0.1/x"), ("webhook", "file:///etc/passwd"),
        ("webhook", "https://hooks.example.org:8443/x"), ("webhook", "https://me:secret@hooks.example.org/x"),
        ("webhook", "https://hooks.example.org.evil.example/x"), ("webhook", "https://[::1"), ("webhook", ""),
        ("webhook", "http://127.0.0.1/x"), ("webhook", "https://hooks.example.org@evil.example/x"),
        ("chat", "json://chat.example.org/x"), ("chat", "mmosts://evil.example/x"), ("chat", "file:///etc/passwd"),
        ("chat", CHAT + "?verify=no"), ("chat", "workflows://chat.example.org/a/b?template=/etc/passwd"),
        ("chat", "mmosts://chat.example.org/"), ("chat", "discord://123/abc"),
        ("chat", "mmosts://chat.example.org/a b"), ("chat", f"rocket://chat.example.org/{'a' * 24}@evil.example/room"),
        ("chat", f"rockets://{'a' * 24}/{'b' * 24}@chat.example.org/room"),
    ],
)  # fmt: skip
def test_nothing_leads_where_nobody_named_it(way, address):
    with pytest.raises(Invalid) as refused:
        CHECKS[way](address)
    assert refused.value.field == "address"


@pytest.mark.parametrize(
    ("way", "address"),
    [
        ("webhook", HOOK),
        ("webhook", "http://127.0.0.1:8099/x"),
        ("chat", CHAT),
        ("chat", "slack://T1/B1/xyz"),
        ("chat", f"rockets://{'a' * 24}%2F{'b' * 24}@chat.example.org/room"),
    ],
)
def test_named_hosts_are_taken(way, address):
    CHECKS[way](address)


def test_only_those_who_manage_delivery_set_one_up(add, colleague, outsider, now):
    with pytest.raises(NotAllowed):
        add(actor=colleague)
    outlet = add()
    with pytest.raises(NotFound):
        reminders.remove_outlet(outlet=outlet, actor=outsider, now=now)


def test_neither_the_address_nor_the_secret_is_shown_again_or_written_down(add, manager, browse):
    outlet = add("chat", CHAT)
    hook = add()
    page = browse(manager).get(reverse("reminders:outlets", kwargs={"workspace": "marbourg"})).content.decode()
    assert "Newsroom" in page
    for secret in (CHAT.rsplit("/", 1)[1], hook.secret, HOOK):
        assert secret not in page
        assert not any(secret in json.dumps(entry.data) for entry in Entry.objects.all())
    assert outlet.secret == ""


def test_the_secret_of_a_webhook_is_shown_once_when_it_is_made(manager, browse):
    address = reverse("reminders:outlets", kwargs={"workspace": "marbourg"})
    values = {"way": "webhook", "title": "Board", "address": HOOK, "kinds": ["work"], "language": "fr"}
    page = browse(manager).post(address, values).content.decode()
    assert Outlet.objects.get().secret in page


def test_a_refused_address_is_said_beside_its_field(manager, browse):
    address = reverse("reminders:outlets", kwargs={"workspace": "marbourg"})
    values = {
        "way": "webhook",
        "title": "Board",
        "address": "https://evil.example/",
        "kinds": ["work"],
        "language": "fr",
    }
    answer = browse(manager).post(address, values)
    assert answer.status_code == 400
    assert "PLANNER_WEBHOOK_HOSTS" in answer.content.decode()
    assert not Outlet.objects.exists()


def test_the_page_takes_a_fixed_number_of_queries(add, manager, browse, django_assert_max_num_queries):
    client, address = browse(manager), reverse("reminders:outlets", kwargs={"workspace": "marbourg"})
    for _n in range(4):
        add()
    with django_assert_max_num_queries(14):
        client.get(address)


# ---- what reaches them


def test_what_a_person_is_told_reaches_the_outlets_of_its_kind(add, make_item, schedule, drain, carry, runner):
    add(kinds=("work",))
    add("chat", CHAT, kinds=("crisis",))
    schedule(make_item(due_at=DUE))
    drain(AHEAD)
    assert carry(AHEAD) == {"sent": 1, "unknown": 0}
    assert [(parcel.to, parcel.card["en"]["note"]) for parcel in runner.parcels] == [
        ("Inès Marchetti", "In two working days")
    ]
    assert carry(AHEAD) == {"unknown": 0}


def test_nothing_of_another_workspace_reaches_it(add, outsider, make_item, schedule, drain, carry, runner, now):
    add(actor=outsider)
    schedule(make_item(due_at=DUE))
    drain(AHEAD)
    assert not Errand.objects.exists()


def test_a_failure_is_tried_later_with_the_same_number_then_given_up(add, make_item, schedule, drain, carry, runner):
    add()
    schedule(make_item(due_at=DUE))
    drain(AHEAD)
    at = AHEAD
    runner.answers = [TransportError("500 broken")] * 8
    for _try in range(8):
        assert carry(at)["failed"] == 1
        errand = Errand.objects.get()
        at = errand.next_at or at
    assert (errand.state, errand.next_at, errand.attempts) == (DeliveryStatus.FAILED, None, 8)
    assert carry(at + timedelta(days=2)) == {"unknown": 0}


def test_a_refusal_for_ever_is_not_tried_again_and_a_manager_may_ask_for_it(
    add, make_item, schedule, drain, carry, runner, manager
):
    add()
    schedule(make_item(due_at=DUE))
    drain(AHEAD)
    runner.answers = [TransportError("410 Gone", permanent=True)]
    carry(AHEAD)
    assert Errand.objects.get().next_at is None
    reminders.retry_errand(errand=Errand.objects.get(), actor=manager, now=AHEAD)
    assert carry(AHEAD)["sent"] == 1


def test_a_cut_connection_is_in_doubt_and_not_sent_again(add, make_item, schedule, drain, carry, runner):
    add("chat", CHAT)
    schedule(make_item(due_at=DUE))
    drain(AHEAD)
    runner.answers = [Uncertain("cut")]
    assert carry(AHEAD)["unknown"] == 1
    assert carry(AHEAD + timedelta(days=1)) == {"unknown": 0}
    assert runner.parcels == []


def test_what_a_dead_process_was_sending_is_in_doubt(add, make_item, schedule, drain, carry, runner):
    add()
    schedule(make_item(due_at=DUE))
    drain(AHEAD)
    Errand.objects.update(state=DeliveryStatus.SENDING, at=AHEAD)
    assert carry(AHEAD + timedelta(minutes=2)) == {"unknown": 1}
    assert Errand.objects.get().state == DeliveryStatus.UNKNOWN


def test_an_outlet_that_is_down_does_not_hold_up_the_others(add, make_item, schedule, drain, carry, runner):
    add()
    add("chat", CHAT, kinds=("work",))
    schedule(make_item(due_at=DUE), make_item(due_at=DUE))
    drain(AHEAD)
    runner.answers = [Unreachable("no route")]
    assert carry(AHEAD) == {"failed": 1, "sent": 2, "unknown": 0}


def test_a_silent_outlet_gets_nothing_and_later_nothing_is_poured_out(
    add, make_item, schedule, drain, carry, runner, manager
):
    outlet = add()
    schedule(make_item(due_at=DUE))
    drain(AHEAD)
    reminders.switch_outlet(outlet=outlet, is_on=False, actor=manager, now=AHEAD)
    reminders.switch_outlet(outlet=outlet, is_on=True, actor=manager, now=AHEAD)
    assert carry(AHEAD) == {"unknown": 0}


def test_delivery_paused_is_paused_for_them_too(add, make_item, schedule, drain, carry, manager):
    add()
    schedule(make_item(due_at=DUE))
    drain(AHEAD)
    reminders.pause_delivery(actor=manager, reason="Moving house.", now=AHEAD)
    assert carry(AHEAD) == {"unknown": 0}


# ---- a test, in words


@pytest.mark.parametrize(
    ("answer", "trial"),
    [
        (None, Trial.OUTLET_SENT), (TransportError("404 Not Found"), Trial.OUTLET_REFUSED),
        (Unreachable("no route"), Trial.OUTLET_UNREACHABLE), (Uncertain("cut"), Trial.OUTLET_UNCERTAIN),
    ],
)  # fmt: skip
def test_a_test_says_what_became_of_it(add, manager, runner, now, answer, trial):
    runner.answers = [answer]
    tried = reminders.try_outlet(outlet=add(), actor=manager, now=now, carriers={"webhook": runner})
    assert (tried.trial, tried.answer) == (trial, str(answer) if answer else "")


# ---- the request itself


@pytest.fixture
def receiver(settings):
    """A program that checks signatures, and answers as `status` says."""

    class Program(BaseHTTPRequestHandler):
        got: list = []  # noqa: RUF012
        status = 204
        location = ""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.got.append((dict(self.headers), body))
            self.send_response(self.status)
            if self.location:
                self.send_header("Location", self.location)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Nothing on the terminal."""

    server = HTTPServer(("127.0.0.1", 0), Program)
    Thread(target=server.serve_forever, daemon=True).start()
    Program.port = server.server_port
    settings.PLANNER_WEBHOOK_HOSTS = [f"127.0.0.1:{server.server_port}"]
    yield Program
    server.shutdown()
    server.server_close()


def parcel_to(receiver) -> Parcel:
    card = {"what": "Write", "why": "", "minutes": 5, "action": "Write", "note": "Today", "link": "/w/marbourg/"}
    return Parcel(
        number="errand-7", address=f"http://127.0.0.1:{receiver.port}/in", secret="s3cret", language="en",
        to="Inès", card={"fr": card, "en": card}, kind="work", at=AHEAD,
    )  # fmt: skip


def test_a_request_is_signed_over_its_hour_and_its_body(receiver):
    WebhookTransport().send(parcel_to(receiver))
    headers, body = receiver.got[-1]
    timestamp = headers["Marronnier-Timestamp"]
    assert timestamp == f"{AHEAD.timestamp():.0f}"
    assert hmac.compare_digest(headers["Marronnier-Signature"], signature("s3cret", timestamp, body))
    assert headers["Marronnier-Signature"] != signature("s3cret", str(int(timestamp) + 1), body)
    assert headers["Marronnier-Delivery"] == "errand-7"
    assert json.loads(body)["en"]["what"] == "Write"


def test_a_redirect_is_not_followed(receiver):
    receiver.status, receiver.location = 302, f"http://127.0.0.1:{receiver.port}/elsewhere"
    before = len(receiver.got)
    with pytest.raises(TransportError):
        WebhookTransport().send(parcel_to(receiver))
    assert len(receiver.got) == before + 1


@pytest.mark.parametrize(("status", "is_final"), [(400, True), (410, True), (429, False), (500, False), (503, False)])
def test_what_the_answer_means(receiver, status, is_final):
    receiver.status = status
    with pytest.raises(TransportError) as refused:
        WebhookTransport().send(parcel_to(receiver))
    assert refused.value.permanent == is_final


def test_a_host_no_longer_named_is_not_called(receiver, settings):
    settings.PLANNER_WEBHOOK_HOSTS = []
    before = len(receiver.got)
    with pytest.raises(TransportError) as refused:
        WebhookTransport().send(parcel_to(receiver))
    assert refused.value.permanent and len(receiver.got) == before


def test_nobody_there_is_tried_later(settings):
    settings.PLANNER_WEBHOOK_HOSTS = ["127.0.0.1:9"]

    class Nobody:
        port = 9

    with pytest.raises(Unreachable):
        WebhookTransport().send(parcel_to(Nobody))


# ---- apprise


def test_a_cut_is_told_from_a_refusal_and_the_address_stays_secret():
    heard = _Heard()
    heard.lines = ["Failed to send to /3ccdd113474722377935511fc85d3dd4: 404"]
    answer = heard.first(CHAT)
    assert "3ccdd1134" not in answer
    assert isinstance(_failure("A Connection error occurred sending"), Uncertain)
    assert isinstance(_failure("Failed: 404"), TransportError)


# ---- a chat room, through apprise


def room_of(receiver, begins: str, path: str) -> Parcel:
    return replace(parcel_to(receiver), address=f"{begins}127.0.0.1:{receiver.port}/{path}", secret="")


@pytest.mark.parametrize(
    ("begins", "path"),
    [
        ("mmost://", "3ccdd113474722377935511fc85d3dd4"),
        ("ntfy://", "newsroom"),
        (f"rocket://{'a' * 24}%2F{'b' * 24}@", "newsroom"),
    ],
)
def test_a_chat_room_reads_for_whom_what_and_where(receiver, begins, path, settings):
    receiver.status = 200
    ChatTransport().send(room_of(receiver, begins, path))
    said = str(json.loads(receiver.got[-1][1]))
    assert "apprise" not in said.lower()
    assert all(words in said for words in ("Write", "Inès", "Today", f"{settings.PLANNER_URL}/w/marbourg/"))


@pytest.mark.parametrize(("status", "location"), [(404, ""), (500, ""), (302, "elsewhere")])
def test_a_chat_room_that_refuses_is_said_without_its_address(receiver, status, location):
    receiver.status, receiver.location = status, location and f"http://127.0.0.1:{receiver.port}/{location}"
    before = len(receiver.got)
    with pytest.raises(TransportError) as refused:
        ChatTransport().send(room_of(receiver, "mmost://", "3ccdd113474722377935511fc85d3dd4"))
    assert "3ccdd113474722377935511fc85d3dd4" not in refused.value.answer
    assert len(receiver.got) == before + 1


def test_a_chat_room_on_a_host_no_longer_named_is_not_called(receiver, settings):
    settings.PLANNER_WEBHOOK_HOSTS = []
    before = len(receiver.got)
    with pytest.raises(TransportError) as refused:
        ChatTransport().send(room_of(receiver, "mmost://", "3ccdd113474722377935511fc85d3dd4"))
    assert refused.value.permanent
    assert len(receiver.got) == before
