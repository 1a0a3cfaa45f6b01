"""Mail: what it says, and whether it left, did not leave, or may have left."""

import contextlib
import email
import socket
import threading
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.core.mail import EmailMultiAlternatives
from hypothesis import example, given
from hypothesis import strategies as st

from planner.reminders import transports
from planner.reminders.transports.email import EmailTransport, message_id, render
from planner.reminders.transports.email.sending import as_bytes

pytestmark = pytest.mark.django_db


def card(language: str) -> dict:
    words = {"fr": ("Écrire : « Compost d’hiver »", "Écrire", "C’est pour aujourd’hui"),
             "en": ("Write: “Winter compost”", "Write", "Due today")}[language]  # fmt: skip
    return {
        "what": words[0], "why": "Karim <reads> it & tomorrow.", "minutes": 20, "link": "/w/marbourg/posts/3/#work-7",
        "action": words[1], "note": words[2], "call": None,
    }  # fmt: skip


@pytest.fixture
def message(member):
    both = {"fr": card("fr"), "en": card("en"), "because": [{"code": "owner"}]}
    return transports.Message(message_id(12, member.pk), member, both)


def read(mail) -> EmailMessage:
    return email.message_from_bytes(as_bytes(mail), policy=default)


# ---- what it says


@pytest.mark.parametrize(
    ("language", "what"), [("fr", "Écrire : « Compost d’hiver »"), ("en", "Write: “Winter compost”")]
)
def test_a_mail_speaks_the_recipients_language_in_text_and_html(message, member, language, what):
    member.user.language = language
    mail = read(render(message))
    assert mail["Subject"] == what
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    link = f"{django_settings.PLANNER_URL}/w/marbourg/posts/3/#work-7"
    assert link in plain and f'href="{link}"' in html and f'<html lang="{language}">' in html
    assert "Karim <reads> it & tomorrow." in plain and "Karim &lt;reads&gt; it &amp; tomorrow." in html


def test_a_mail_has_one_action_and_says_why(message, member):
    member.user.language = "en"
    html = read(render(message)).get_body(("html",)).get_content()
    assert html.count("background:#2c5f37") == 1
    assert "This work is yours." in html


def test_a_mail_names_itself_and_says_that_a_machine_wrote_it(message, member):
    mail = read(render(message))
    assert mail["Message-ID"] == f"<reminder-12-{member.pk}@127.0.0.1>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["To"].addresses[0].display_name == "Inès Marchetti"


def test_a_name_cannot_add_a_header_or_an_address(message, member):
    member.user.name = 'Eve" <eve@example.net>\r\nBcc: all@example.org'
    mail = read(render(message))
    assert [one.addr_spec for one in mail["To"].addresses] == ["ines@example.org"] and mail["Bcc"] is None


def test_a_call_card_gives_the_number(message, member):
    member.user.language = "en"
    message.card["en"]["call"] = {"name": "Karim", "phone": "06 00 00 00 27"}
    html = read(render(message)).get_body(("html",)).get_content()
    assert "Call Karim rather than write again." in html and 'href="tel:0600000027"' in html


def test_the_bytes_that_leave_say_what_django_would_say(message, member):
    member.user.name = "Véronique-Éléonore de La Rochefoucauld-Montbel d’Évreux-Château-Thierry, élue"
    mail = render(message)
    ours, djangos = read(mail), email.message_from_bytes(mail.message().as_bytes(), policy=default)
    assert set(ours.keys()) == set(djangos.keys())
    for name in ("From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version"):
        assert ours[name] == djangos[name]
    for mine, theirs in zip(ours.iter_parts(), djangos.iter_parts(), strict=True):
        assert mine.get_content_type() == theirs.get_content_type()
        assert mine.get_content().splitlines() == theirs.get_content().splitlines()


@given(st.text(st.characters(codec="utf-8"), max_size=200), st.text(st.characters(codec="utf-8")))
@example("Été\r\nBcc: all@example.org", "--=_next--\n.\n" + "é " * 90 + "\n\t\n=")
def test_nothing_typed_changes_the_shape_of_a_mail(subject, text):
    mail = EmailMultiAlternatives(subject, text, "a@example.org", ["b@example.org"])
    mail.attach_alternative(text, "text/html")
    sent = as_bytes(mail)
    assert max(map(len, sent.split(b"\r\n"))) < 998
    assert b"\n" not in sent.replace(b"\r\n", b"")
    raw = email.message_from_bytes(sent)["Subject"]
    assert raw.isascii() and max(map(len, raw.split("\n"))) <= 76 or subject.isascii()
    assert str(make_header(decode_header(raw))) == " ".join(subject.splitlines()) or subject.isascii()
    found = email.message_from_bytes(sent, policy=default)
    assert found["To"] == "b@example.org" and found["Bcc"] is None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for part in found.iter_parts():
        assert part.get_payload(decode=True).decode().split("\r\n") == lines


# ---- whether it left


class Server:
    """A mail server of a few lines that misbehaves where it is told to."""

    def __init__(self, plan: list[str]) -> None:
        self.plan, self.got, self.connections = plan, [], 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(timeout=5)

    def serve(self) -> None:
        while True:
            try:
                client, _address = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            with client, client.makefile("rwb") as lines:
                try:
                    self.talk(lines)
                except OSError:
                    continue

    def talk(self, lines) -> None:
        def say(words: str) -> None:
            lines.write(words.encode() + b"\r\n")
            lines.flush()

        say("220 here")
        while line := lines.readline():
            verb = line[:4].upper()
            act = self.plan[0] if self.plan else "accept"
            if verb == b"RCPT" and act in ("refuse", "postpone"):
                self.plan.pop(0)
                say("550 no such user" if act == "refuse" else "450 later")
            elif verb == b"MAIL" and act == "hang-up":
                self.plan.pop(0)
                return
            elif verb == b"DATA":
                say("354 go on")
                body = b""
                while (part := lines.readline()) not in (b".\r\n", b""):
                    body += part
                self.got.append(body)
                if act == "cut":
                    self.plan.pop(0)
                    return
                if act != "accept":
                    self.plan.pop(0)
                say("554 unwanted" if act == "unwanted" else "250 kept")
            elif verb == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 yes")


@pytest.fixture
def serve(settings):
    servers = []

    def start(*plan: str) -> SimpleNamespace:
        server = Server(list(plan))
        servers.append(server)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 5
        return server

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def way_to(serve):
    """`way_to("cut")`: a server with its plan, and a transport that uses it, closed at the end."""
    ways = []

    def start(*plan: str):
        server = serve(*plan)
        ways.append(EmailTransport())
        return server, ways[-1]

    yield start
    for way in ways:
        way.close()


def test_several_messages_leave_over_one_connection(way_to, message):
    server, way = way_to()
    for _n in range(3):
        way.send(message)
    way.close()
    assert (len(server.got), server.connections) == (3, 1)


def test_a_connection_cut_after_the_end_of_the_message_is_in_doubt(way_to, message):
    server, way = way_to("cut")
    with pytest.raises(transports.Uncertain):
        way.send(message)
    way.send(message)
    assert (len(server.got), server.connections) == (2, 2)


def test_a_connection_closed_before_the_message_is_opened_again(way_to, message):
    server, way = way_to()
    way.send(message)
    server.plan = ["hang-up"]
    way.send(message)
    assert (len(server.got), server.connections) == (2, 2)


def test_a_server_that_hangs_up_at_once_is_unreachable(way_to, message):
    _server, way = way_to("hang-up")
    with pytest.raises(transports.Unreachable):
        way.send(message)


@pytest.mark.parametrize(("plan", "is_permanent"), [("refuse", True), ("postpone", False), ("unwanted", True)])
def test_a_refusal_is_for_ever_or_not_as_its_number_says(way_to, message, plan, is_permanent):
    _server, way = way_to(plan)
    with pytest.raises(transports.TransportError) as refused:
        way.send(message)
    assert refused.value.permanent is is_permanent and not isinstance(refused.value, transports.Unreachable)
    way.send(message)


def test_nobody_at_the_address_of_the_server(way_to, message):
    server, way = way_to()
    server.socket.shutdown(socket.SHUT_RDWR)
    with pytest.raises(transports.Unreachable):
        way.send(message)


def test_a_backend_of_another_kind_may_have_sent_what_it_complains_about(message, settings, monkeypatch):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def fails(backend, messages):
        raise ConnectionError("timed out")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fails)
    with pytest.raises(transports.Uncertain):
        EmailTransport().send(message)


def test_the_way_out_is_chosen_by_the_settings(settings):
    settings.EMAIL_URL, settings.REMINDER_TRANSPORT = "", "email"
    assert transports.configured() is None
    settings.EMAIL_URL = "smtp://127.0.0.1"
    assert isinstance(transports.configured(), EmailTransport)
    settings.REMINDER_TRANSPORT = "null"
    assert transports.configured().channel == "email"
