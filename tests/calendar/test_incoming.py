"""A spreadsheet is looked at line by line, then brought in: what is good becomes posts, what is not comes back."""

import csv
import io
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from planner.base.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from planner.calendar import operations as calendar
from planner.calendar.models import Import
from planner.calendar.rules import incoming
from planner.calendar.rules.incoming import Verdict
from planner.history.models import Entry
from planner.posts import operations as posts
from planner.posts.models import Comment, Placement, Post
from planner.posts.rules import Status, WallTime
from planner.reminders.models import Reminder
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from tests.conftest import join, person
from tests.posts.conftest import YES, finish, finish_before, write

BASE = "/w/marbourg/calendar/"
HEADS = "Titre;Date;Heure;Canal;Modèle;Auteur;Texte;Brief;Intention;Langue;Initiative"


@pytest.fixture(autouse=True)
def clock(now):
    with time_machine.travel(now, tick=False), translation.override("en"):
        yield


def upload(member, *lines, heads=HEADS, first="day", now=datetime(2026, 4, 27, 8, tzinfo=UTC)):
    content = "\n".join([heads, *lines]).encode()
    return calendar.upload_sheet(actor=member, name="plan.csv", content=content, first=first, now=now)


def look(member, sheet, now):
    return calendar.look_at(actor=member, sheet=sheet, now=now)


def bring(member, sheet, now, **more):
    return calendar.bring_in(actor=member, sheet=sheet, mark=look(member, sheet, now).mark, now=now, **more)


def verdicts(member, sheet, now):
    return [one.verdict for one in look(member, sheet, now).judged]


def faults(member, sheet, now):
    return [(fault.column, fault.sentence) for one in look(member, sheet, now).judged for fault in one.line.faults]


# ---- what a line makes


def test_a_line_becomes_a_post_with_all_that_it_says(newsroom, member, colleague, channels, now):
    initiative = posts.open_initiative(
        actor=member, now=now,
        brief={"title": "L’hiver ensemble", "aim": "Que chacun sache où se chauffer.", "metric": "", "owner": member,
               "starts_on": now.date(), "ends_on": now.date() + timedelta(days=30), "proof_on": None},
    )  # fmt: skip
    sheet = upload(
        member,
        "Le compost;21/05/2026;9h30;Article du site, newsletter;;karim;On remue.;Voir Paul;Expliquer;anglais;"
        "l'hiver ensemble",
    )
    bring(member, sheet, now)
    post = Post.objects.get()
    assert (post.title(), post.status, post.intent, post.language) == ("Le compost", Status.DRAFT, "explain", "en")
    assert (post.author, post.initiative, post.template) == (colleague, initiative, None)
    assert post.planned_at == datetime(2026, 5, 21, 7, 30, tzinfo=UTC)
    assert [text.body for text in post.texts.all()] == ["On remue."]
    assert {one.channel.slug for one in post.placements.all()} == {"site-article", "newsletter"}
    assert Comment.objects.get(post=post).body == "Voir Paul"
    assert not WorkItem.objects.about(post).exists()


def test_a_line_that_names_a_template_has_its_work_and_reminders(newsroom, member, template, now):
    bring(member, upload(member, "Le compost;21/05/2026;;Article du site;Le savoir-faire d’un collègue"), now)
    post = Post.objects.get()
    assert post.template == template
    assert post.texts.get().body.startswith("## ")
    assert WorkItem.objects.about(post).count() > 10
    assert Reminder.objects.filter(group_id=post.pk).exists()


def test_so_many_lines_with_a_template_come_in_at_once(browse, newsroom, member, now, monkeypatch):
    monkeypatch.setattr(incoming, "MOST_WITH_TEMPLATE", 2)
    sheet = upload(member, *(f"{n};21/05/2026;;;expert-how-to" for n in range(3)))
    with pytest.raises(Refused, match="at most 2"):
        bring(member, sheet, now)
    page = browse(member).get(sheet.link).content.decode()
    assert "au plus 2" in page
    assert '<button class="btn main"' not in page
    bring(member, upload(member, *(f"{n};21/05/2026;;;expert-how-to" for n in range(2))), now)
    assert Post.objects.count() == 2


def test_the_workspace_is_read_once_for_all_lines(newsroom, member, channels, now):
    """Each post more takes what is written of it, and what is read of it alone."""
    counted = []
    for count in (1, 2, 12):  # the first finds the kinds of things, which are remembered
        sheet = upload(member, *(f"{count}-{n};15/06/2026;10:00;newsletter" for n in range(count)))
        with CaptureQueriesContext(connection) as queries:
            bring(member, sheet, now)
        counted.append(len(queries))
    assert counted[2] - counted[1] == 10 * EACH


EACH = 10


def test_a_post_without_a_template_goes_its_whole_way(newsroom, member, colleague, approver, answerer, now):
    bring(member, upload(member, "Le compost;21/05/2026;;Article du site;;Karim;On remue."), now)
    post = Post.objects.get()
    frame = {"audience": "Those who began to compost.", "objective": "They mend it.", "success_measure": "Calls",
             "answerer": answerer, "deputy": member}  # fmt: skip
    posts.update_frame(post=post, actor=member, values=frame, now=now)
    posts.submit(post=post, actor=colleague, now=now)
    posts.approve(post=post, actor=approver, answers=YES, now=now)
    finish_before(post, member, now, "scheduled")
    posts.schedule(post=post, actor=member, now=now)
    post.refresh_from_db()
    assert post.status == Status.SCHEDULED


def test_a_line_without_a_day_waits_beside_the_calendar(newsroom, member, now):
    bring(member, upload(member, "Une idée", heads="Titre"), now)
    post = Post.objects.get()
    assert post.planned_at is None
    assert post.author == member


def test_the_act_stands_in_the_history_once_and_each_post_has_its_own(newsroom, member, now):
    sheet = bring(member, upload(member, "Un;21/05/2026", "Deux;22/05/2026", ";23/05/2026"), now)
    entry = Entry.objects.get(verb="import.made")
    assert entry.data == {"file": "plan.csv", "posts": 2, "lines": 3}
    assert entry.subject == sheet
    assert Entry.objects.filter(verb="post.created").count() == 2
    assert sheet.made == list(Post.objects.order_by("pk").values_list("pk", flat=True))


def test_lines_that_differ_by_their_channel_are_one_post(newsroom, member, now):
    sheet = upload(
        member, "Un;21/05/2026;10:00;Article du site", "Un;21/05/2026;10:00;newsletter", 
        "Un;22/05/2026;10:00;newsletter", "Un;21/05/2026;10:00;newsletter",
    )  # fmt: skip
    assert verdicts(member, sheet, now) == [Verdict.NEW, Verdict.JOINS, Verdict.NEW, Verdict.TWIN]
    bring(member, sheet, now)
    assert sorted(post.placements.count() for post in Post.objects.all()) == [1, 2]


# ---- what cannot come in


def test_each_fault_is_said_beside_its_field_with_what_to_do(newsroom, member, colleague, now):
    workspaces.add_blackout(
        actor=manager_of(newsroom), name="Elections", starts_on=date(2026, 6, 1), ends_on=date(2026, 6, 3), now=now
    )
    sheet = upload(
        member,
        ";21/05/2026",
        "Un;20/04/2026",
        "Deux;31/06/2026;matin",
        "Trois;;10:00",
        "Quatre;02/06/2026",
        "Cinq;21/05/2026;;Article du sitee, LinkedIn;Rien;Personne;;;Vendre;klingon;Aucune",
        f"{'x' * 201};21/05/2026",
    )
    found = faults(member, sheet, now)
    assert [column for column, _words in found] == [
        "title", "day", "day", "hour", "day", "day", "channels", "template", "author", "intent", "language",
        "initiative", "title",
    ]  # fmt: skip
    said = [words for _column, words in found]
    assert "into the past" in said[1]
    assert "no such day" in said[2]
    assert "09:30" in said[3]
    assert "no day" in said[4]
    assert "Elections" in said[5]
    assert "“Article du sitee”" in said[6] and "Site article" in said[6]
    assert "Karim Belhadj" in said[8]
    assert Post.objects.count() == 0


def manager_of(workspace):
    return join(workspace, person("Maud Gérante", "maud@example.org"), "manager")


def test_a_name_that_may_be_several_is_not_guessed(newsroom, member, now):
    newsroom.channels.update(is_used=True)
    ((column, words),) = faults(member, upload(member, "Un;21/05/2026;;LinkedIn"), now)
    assert column == "channels"
    assert "organisation page" in words and "personal profile" in words


def test_good_lines_come_in_while_the_bad_ones_stay(newsroom, member, now):
    sheet = upload(member, "Un;21/05/2026", "Deux;32/05/2026", "Trois;23/05/2026")
    bring(member, sheet, now)
    assert sorted(post.title() for post in Post.objects.all()) == ["Trois", "Un"]


def test_a_day_that_is_special_is_a_warning_and_no_fault(newsroom, member, now):
    sheet = upload(member, "Un;01/05/2026;10:00", "Deux;11/11/2026;10:00")
    first, second = (one.line for one in look(member, sheet, now).judged)
    assert not first.faults and not second.faults
    assert "holiday" in first.warnings[0]
    assert any("nothing sells" in words for words in second.warnings)


def test_another_time_zone_keeps_the_instant(newsroom, member, now):
    sheet = upload(member, "Un;2026-05-21;10:00;America/Montreal", "Deux;2026-05-21;10:00;Mars/Olympus",
                   heads="Titre;Date;Heure;Fuseau horaire")  # fmt: skip
    first, second = (one.line for one in look(member, sheet, now).judged)
    assert first.wall == WallTime(date(2026, 5, 21), time(16, 0))
    assert [fault.column for fault in second.faults] == ["zone"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Date;Canal\n2026-05-21;Site\n", "Title"), (b"Titre;Date\n;\n", "below the headings"), (b"", "empty"),
        (b"Titre\n" + b"Un\n" * 1001, "1000 lines"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_plan_is_refused_whole(newsroom, member, now, content, words):
    with pytest.raises(Invalid, match=words):
        calendar.upload_sheet(actor=member, name="x.csv", content=content, first="", now=now)
    assert not Import.objects.exists()


# ---- twice


def test_a_second_upload_doubles_nothing(newsroom, member, now):
    lines = ["Un;21/05/2026;10:00;newsletter", "Deux;;", "Trois;22/05/2026;10:00"]
    bring(member, upload(member, *lines), now)
    sheet = upload(member, *lines, "Quatre;22/05/2026")
    assert verdicts(member, sheet, now) == [Verdict.HERE] * 3 + [Verdict.NEW]
    bring(member, sheet, now)
    assert Post.objects.count() == 4


def test_what_was_moved_or_renamed_since_is_still_recognised(newsroom, member, now):
    line = "Un;21/05/2026;10:00;newsletter"
    bring(member, upload(member, line, "Deux;21/05/2026"), now)
    one, two = Post.objects.order_by("pk")
    posts.move(post=one, actor=member, to=WallTime(date(2026, 5, 28), time(10)), now=now)
    write(two, member, "", now, language="fr", title="Trois")
    sheet = upload(
        member, line, "Deux;21/05/2026", "Un;28/05/2026;10:00;newsletter", "Trois;21/05/2026", "Un;29/05/2026"
    )
    assert verdicts(member, sheet, now) == [Verdict.HERE] * 4 + [Verdict.NEW]


def test_unless_somebody_chooses_to(newsroom, member, now):
    bring(member, upload(member, "Un;21/05/2026"), now)
    sheet = upload(member, "Un;21/05/2026")
    with pytest.raises(Refused, match="No line"):
        bring(member, sheet, now)
    bring(member, sheet, now, again=True)
    assert Post.objects.count() == 2


def test_what_was_cancelled_is_not_here(newsroom, member, now):
    bring(member, upload(member, "Un;21/05/2026;10:00;newsletter"), now)
    posts.cancel(post=Post.objects.get(), actor=member, reason="By mistake", now=now)
    assert verdicts(member, upload(member, "Un;21/05/2026;10:00;newsletter"), now) == [Verdict.NEW]


def test_a_sheet_is_brought_in_once(newsroom, member, now):
    sheet = upload(member, "Un;21/05/2026")
    mark = look(member, sheet, now).mark
    calendar.bring_in(actor=member, sheet=sheet, mark=mark, now=now)
    with pytest.raises(Stale, match="already"):
        calendar.bring_in(actor=member, sheet=sheet, mark=mark, again=True, now=now)
    assert Post.objects.count() == 1


def test_what_is_confirmed_is_what_was_seen(newsroom, member, now):
    sheet = upload(member, "Un;21/05/2026;10:00;newsletter")
    mark = look(member, sheet, now).mark
    with translation.override("fr"):
        assert look(member, sheet, now).mark == mark
    newsroom.channels.filter(slug="newsletter").update(is_used=False)
    with pytest.raises(Stale, match="changed since you looked"):
        calendar.bring_in(actor=member, sheet=sheet, mark=mark, now=now)
    assert Post.objects.count() == 0


def test_one_that_cannot_be_made_leaves_none(newsroom, member, now, monkeypatch):
    sheet = upload(member, "Un;21/05/2026", "Deux;22/05/2026")
    made, real = [], posts.create.__dict__["_create"]

    def failing(*given):
        if made:
            raise Refused("No.")
        made.append(1)
        return real(*given)

    monkeypatch.setattr(posts.create, "_create", failing)
    with pytest.raises(Refused):
        bring(member, sheet, now)
    assert Post.objects.count() == 0
    assert not Entry.objects.filter(verb="import.made").exists()
    assert Import.objects.waiting().count() == 1


# ---- who


def test_it_needs_the_right_to_plan(newsroom, member, colleague, now):
    sheet = upload(member, "Un;21/05/2026")
    for act in (lambda: upload(colleague, "Un"), lambda: look(colleague, sheet, now),
                lambda: calendar.bring_in(actor=colleague, sheet=sheet, mark="", now=now)):  # fmt: skip
        with pytest.raises(NotAllowed):
            act()


def test_a_sheet_is_seen_by_its_person_alone(newsroom, member, browse, now):
    other = join(newsroom, person("Paule Planifie", "paule@example.org"), "planner")
    sheet = upload(member, "Un;21/05/2026")
    with pytest.raises(NotFound):
        calendar.bring_in(actor=other, sheet=sheet, mark=look(member, sheet, now).mark, now=now)
    client = browse(other)
    assert [client.get(f"{BASE}import/{sheet.pk}/{more}").status_code for more in ("", "to-mend/")] == [404, 404]
    assert client.post(f"{BASE}import/{sheet.pk}/").status_code == 404


def test_what_comes_in_during_a_crisis_is_held_once_it_is_ready(newsroom, member, colleague, approver, now):
    posts.hold(workspace=newsroom, scope={"all": True}, reason="A leak", actor=member, now=now)
    bring(member, upload(member, "Le compost;21/05/2026;;Article du site;;Karim;On remue."), now)
    post = Post.objects.get()
    frame = {"audience": "Those who compost.", "objective": "They mend it.", "success_measure": "Calls"}
    posts.update_frame(post=post, actor=member, values=frame, now=now)
    posts.submit(post=post, actor=colleague, now=now)
    posts.approve(post=post, actor=approver, answers=YES, now=now)
    assert Placement.objects.get(post=post).held_at == now


# ---- pages


@pytest.mark.parametrize("place", ["calendar/views/", "calendar/", "", "posts/"])
def test_nothing_leads_there_whoever_may_not_plan(browse, newsroom, colleague, place):
    assert f"{BASE}import/" not in browse(colleague).get(f"/w/marbourg/{place}").content.decode()
    assert browse(colleague).get(f"{BASE}import/").status_code == 403


def send(client, content, name="plan.csv", **more):
    return client.post(f"{BASE}import/", {"file": SimpleUploadedFile(name, content), "first": "day", **more})


def test_the_page_leads_from_the_file_to_the_posts(browse, newsroom, member, now):
    client = browse(member)
    for place in ("calendar/views/", "calendar/", "", "posts/"):
        assert f'href="{BASE}import/"' in client.get(f"/w/marbourg/{place}").content.decode()
    page = client.get(f"{BASE}import/").content.decode()
    assert "Importer un tableur" in page
    answer = send(client, "Titre;Date;Canaal\nLe compost;21/05/2026;x\nRaté;32/05/2026;x\n".encode("cp1252"))
    sheet = Import.objects.get()
    assert answer.url == sheet.link == f"{BASE}import/{sheet.pk}/"
    page = client.get(answer.url).content.decode()
    assert "Canaal" in page
    assert "jeudi 21 mai 2026" in page
    assert "n’existe pas" in page
    mark = page.split('name="mark" value="')[1].split('"')[0]
    done = client.post(answer.url, {"mark": mark}, follow=True)
    page = done.content.decode()
    assert "Le compost" in page
    assert "to-mend/" in page
    assert Post.objects.count() == 1


def test_a_stale_confirmation_shows_the_lines_as_they_are(browse, newsroom, member):
    client = browse(member)
    address = send(client, b"Titre\nUn\n").url
    answer = client.post(address, {"mark": "other"})
    assert answer.status_code == 409
    assert "changé" in answer.content.decode()


def test_a_second_click_leads_to_what_the_first_has_made(browse, newsroom, member):
    client = browse(member)
    address = send(client, b"Titre\nUn\n").url
    mark = client.get(address).content.decode().split('name="mark" value="')[1].split('"')[0]
    assert [client.post(address, {"mark": mark}).status_code for _click in range(2)] == [302, 302]
    page = client.get(address).content.decode()
    assert "déjà été importé" in page and "Ce qui a été importé" in page
    assert Post.objects.count() == 1


def test_a_file_that_cannot_be_read_is_said_beside_it(browse, newsroom, member):
    answer = send(browse(member), b"PK\x03\x04 no", name="plan.xlsx")
    assert answer.status_code == 400
    assert "field wrong" in answer.content.decode()


@pytest.mark.parametrize("count", [2, 90])
def test_looking_at_lines_takes_so_many_queries_at_any_size(
    browse, newsroom, member, channels, django_assert_num_queries, count
):
    client = browse(member)
    lines = [f"Numéro {n};{n % 28 + 1}/{n % 6 + 6}/2026;10:00;newsletter;;Karim;Texte" for n in range(count)]
    upload(member, *lines)
    address = Import.objects.get().link
    client.get(address)
    with django_assert_num_queries(LOOKS):
        client.get(address)
    mark = client.get(address).content.decode().split('name="mark" value="')[1].split('"')[0]
    client.post(address, {"mark": mark})
    with django_assert_num_queries(DONE):
        client.get(address)


LOOKS, DONE = 14, 14


def test_the_lines_to_mend_come_back_as_the_same_file_with_what_to_do(browse, newsroom, member, now):
    client = browse(member)
    address = send(client, "Date;Titre;À corriger\n21/05/2026;Un;\n32/05/2026;=Raté;vieux\n".encode()).url
    answer = client.get(f"{address}to-mend/")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Date", "Titre", "À corriger"]
    assert rows[1][:2] == ["32/05/2026", "'=Raté"]
    assert "n’existe pas" in rows[1][2]
    assert len(rows) == 2
    mended = answer.content.decode("utf-8-sig").replace("32/05", "22/05").encode()
    bring(member, upload_bytes(member, mended, now), now)
    assert Post.objects.get().title() == "=Raté"


def upload_bytes(member, content, now, name="plan.csv"):
    return calendar.upload_sheet(actor=member, name=name, content=content, first="", now=now)


@pytest.mark.parametrize("spoken", ["fr", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_to_start_from_comes_in_as_it_is(browse, newsroom, member, now, kind, spoken):
    member.user.language = spoken
    member.user.save()
    answer = browse(member).get(f"{BASE}import/start/{kind}/")
    sheet = upload_bytes(member, answer.content, now, f"x.{kind}")
    (one,) = look(member, sheet, now).judged
    assert one.line.faults == ()
    assert len(one.line.channels) == 2
    assert len(look(member, sheet, now).columns) == len(sheet.heads) == 11


@pytest.mark.parametrize("spoken", ["fr", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_our_export_comes_in_again_elsewhere(
    browse, newsroom, member, colleague, channels, other_workspace, now, kind, spoken
):
    member.user.language = spoken
    member.user.save()
    lines = [
        "=Un;21/05/2026;10:00;newsletter, Article du site;;Karim", "Deux;22/05/2026;23:30;newsletter",
        "L’été à la mairie;24/05/2026;;Article du site",
    ]  # fmt: skip
    bring(member, upload(member, *lines), now)
    exported = browse(member).get(f"{BASE}export/{kind}/", {"from": "2026-05-01", "to": "2026-05-31"}).content
    before = standing(newsroom)
    Post.objects.all().delete()
    sheet = upload_bytes(member, exported, now, f"x.{kind}")
    assert {one.verdict for one in look(member, sheet, now).judged} == {Verdict.NEW, Verdict.JOINS}
    bring(member, sheet, now)
    assert standing(newsroom) == before
    assert Post.objects.count() == 3


def standing(workspace):
    rows = Placement.objects.filter(workspace=workspace).select_related("channel", "post__author").order_by("pk")
    return sorted((one.planned_at, one.channel.slug, one.post.title(), one.post.author_id) for one in rows)


# ---- taken back


def test_what_nobody_has_touched_is_put_aside_in_one_act(newsroom, member, template, colleague, now):
    later = now + timedelta(hours=1)
    sheet = bring(
        member,
        upload(member, *(f"{title};21/05/2026;;newsletter;Le savoir-faire d’un collègue" for title in "abcdefg")),
        now,
    )
    worked, written, remarked, held = (Post.objects.get(texts__title=title) for title in "abcd")
    finish(worked, member, later, "frame")
    write(written, member, "On remue.", later, language="fr", title="b")
    posts.comment(post=remarked, actor=colleague, body="Et les vers ?", now=later)
    posts.hold_post(post=held, actor=member, reason="To be looked at", now=later)
    assert calendar.take_back(actor=member, sheet=sheet, now=later) == 3
    gone = Post.objects.filter(status=Status.CANCELLED)
    assert sorted(post.title() for post in gone) == ["e", "f", "g"]
    assert not WorkItem.objects.filter(subject_id__in=gone.values("pk")).open().exists()
    assert Entry.objects.get(verb="import.taken_back").data["posts"] == 3
    with pytest.raises(Refused, match="Nothing is left"):
        calendar.take_back(actor=member, sheet=sheet, now=later)


def test_many_are_put_aside_in_several_acts(browse, newsroom, member, now, monkeypatch):
    monkeypatch.setattr(calendar.incoming, "MOST_BACK", 2)
    monkeypatch.setattr(calendar, "MOST_BACK", 2)
    sheet = bring(member, upload(member, "Un", "Deux", "Trois", heads="Titre"), now)
    client = browse(member)
    assert "2 contenus sur 3" in client.get(sheet.link).content.decode()
    assert [calendar.take_back(actor=member, sheet=sheet, now=now) for _act in range(2)] == [2, 1]


def test_what_was_put_aside_may_come_in_again(browse, newsroom, member, now):
    client = browse(member)
    sheet = bring(member, upload(member, "Un;21/05/2026"), now)
    assert "take-back/" in client.get(sheet.link).content.decode()
    assert client.post(f"{sheet.link}take-back/").status_code == 302
    assert Post.objects.get().status == Status.CANCELLED
    assert "take-back/" not in client.get(sheet.link).content.decode()
    assert verdicts(member, upload(member, "Un;21/05/2026"), now) == [Verdict.NEW]


def test_only_its_person_takes_it_back(newsroom, member, colleague, now):
    other = join(newsroom, person("Paule Planifie", "paule@example.org"), "planner")
    sheet = bring(member, upload(member, "Un;21/05/2026"), now)
    for actor, refusal in ((other, NotFound), (colleague, NotAllowed)):
        with pytest.raises(refusal):
            calendar.take_back(actor=actor, sheet=sheet, now=now)
    assert Post.objects.get().status == Status.DRAFT


# ---- forgetting


def test_what_was_not_brought_in_is_forgotten_and_what_was_keeps_its_posts(newsroom, member, now):
    kept = bring(member, upload(member, "Un;21/05/2026"), now)
    upload(member, "Deux;21/05/2026")
    assert calendar.forget_sheets(now=now + timedelta(days=7)).count == 0
    assert calendar.forget_sheets(now=now + timedelta(days=8)).count == 2
    assert calendar.forget_sheets(now=now + timedelta(days=8)).count == 0
    (left,) = Import.objects.all()
    assert (left.pk, left.lines, left.posts) == (kept.pk, [], kept.posts)
