"""The editorial policy asked about a post: its draft, what surrounds it, and what the pages say."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from planner.policy.rules import Severity, Wording, check
from planner.posts import operations as posts
from planner.posts.models import Post, PostText
from planner.posts.operations import checking, findings
from planner.posts.rules import WallTime
from planner.workspaces.models import Absence, Duty
from tests.posts.conftest import PLANNED, write

pytestmark = pytest.mark.django_db

LOUD = "Buy now! Order now! Last chance: a special offer, while stocks last. Don't miss our unbeatable prices."


def page_of(name, **named):
    return reverse(f"posts:{name}", kwargs={"workspace": "marbourg", **named})


def rules_of(post, now, typed=None):
    post = Post.objects.get(pk=post.pk)
    return {one.rule: one for one in check(checking.draft_of(post, typed), checking.context_of(post, now))}


def test_a_text_that_sells_is_found_with_its_exact_words(draft, colleague, now):
    write(draft, colleague, LOUD, now)
    found = rules_of(draft, now)["R01"]
    assert found.severity == Severity.BLOCK
    span = found.evidence[0]
    assert LOUD[span.start : span.end] == span.excerpt


def test_what_is_typed_is_judged_in_place_of_what_is_saved(draft, now):
    assert "R01" not in rules_of(draft, now)
    assert "R01" in rules_of(draft, now, typed={draft.language: Wording("A title", LOUD)})


def test_an_absence_of_both_answerers_is_seen(draft, answerer, member, now):
    assert "R07" not in {rule for rule, one in rules_of(draft, now).items() if one.severity == Severity.BLOCK}
    day = draft.planned_at.date()
    for one in (answerer, member):
        Absence.objects.create(membership=one, starts_on=day - timedelta(days=1), ends_on=day + timedelta(days=2))
    assert rules_of(draft, now)["R07"].severity == Severity.BLOCK


def test_somebody_whose_turn_it_is_answers_for_a_late_hour(draft, member, now):
    late = WallTime(PLANNED.on, time(16, 30))
    posts.move(post=draft, actor=member, to=late, now=now)
    assert "R07" in rules_of(draft, now)
    Duty.objects.create(workspace=draft.workspace, day=PLANNED.on, member=member)
    assert "R07" not in rules_of(draft, now)


def test_a_post_is_compared_with_the_nearest_ones_in_time(draft, appear, now, monkeypatch):
    monkeypatch.setattr(checking, "MOST_BEFORE", 3)  # itself among them
    monkeypatch.setattr(checking, "MOST_AFTER", 1)
    hours = {name: draft.planned_at + timedelta(hours=n) for n, name in enumerate("abcdefg", start=-4)}
    made = {appear(name, at).pk: name for name, at in hours.items() if name != "e"}
    others = checking.context_of(Post.objects.get(pk=draft.pk), now).other_posts
    assert [made[one.post] for one in others] == ["f", "d", "c"]


def test_what_surrounds_posts_asked_about_together_is_what_surrounds_each(
    draft, appear, answerer, colleague, member, now
):
    appear("Tri", draft.planned_at - timedelta(days=40))
    Duty.objects.create(workspace=draft.workspace, day=PLANNED.on, member=member)
    for one in (answerer, colleague):
        Absence.objects.create(membership=one, starts_on=PLANNED.on, ends_on=PLANNED.on)
    made = [appear(f"Compost {n}", draft.planned_at + timedelta(days=9 * n), author=colleague) for n in range(4)]
    found = list(Post.objects.filter(pk__in=[draft.pk, *(one.pk for one in made)]).prefetch_related(*checking.READ))
    known = checking.Known(checking.Together(found, now))
    for post in found:
        assert checking.context_of(post, now, known) == checking.context_of(post, now)


def test_between_two_looks_an_alert_and_an_absence_are_seen(draft, colleague, member, workspace, now):
    known = checking.Known(checking.Together([draft], now), is_slow=True)
    before = checking.context_of(draft, now, known)
    posts.raise_alert(workspace=workspace, level=2, scope={"all": True}, actor=member, now=now)
    Absence.objects.create(membership=colleague, starts_on=PLANNED.on, ends_on=PLANNED.on)
    after = checking.context_of(draft, now, known)
    assert (before.level, after.level) == (None, 2)
    assert (before.people[colleague.pk].away, after.people[colleague.pk].away) == ((), ((PLANNED.on, PLANNED.on),))


def test_an_alert_makes_selling_a_block(draft, colleague, member, workspace, now):
    write(draft, colleague, "It is the perfect time to discover our range: a special offer.", now)
    assert "R12" not in rules_of(draft, now)
    posts.raise_alert(workspace=workspace, level=3, scope={"all": True}, actor=member, now=now)
    assert rules_of(draft, now)["R12"].severity == Severity.BLOCK


def test_an_alert_about_something_else_does_not(draft, colleague, member, workspace, now):
    write(draft, colleague, "It is the perfect time to discover our range: a special offer.", now)
    posts.raise_alert(workspace=workspace, level=3, scope={"posts": [draft.pk + 1]}, actor=member, now=now)
    assert "R12" not in rules_of(draft, now)


def test_the_page_shows_what_was_found_and_why(browse, draft, colleague, now):
    write(draft, colleague, LOUD, now)
    html = browse(colleague).get(draft.link).content.decode()
    assert 'id="policy"' in html
    assert "<mark>Buy now</mark>" in html


def test_the_editor_checks_what_is_typed_and_keeps_nothing(browse, draft, colleague, now):
    before = Post.objects.get(pk=draft.pk).version
    address = page_of("check_typing", post=draft.pk, code=draft.language)
    answer = browse(colleague).post(address, {"title": "A title", "body": LOUD, "base_revision": 0})
    assert "<mark>Buy now</mark>" in answer.content.decode()
    assert Post.objects.get(pk=draft.pk).version == before


def test_without_scripts_a_button_checks_the_text(browse, draft, colleague):
    address = page_of("edit_text", post=draft.pk, code=draft.language)
    typed = {"title": "A title", "body": LOUD, "base_revision": 0, "act": "check"}
    html = browse(colleague).post(address, typed).content.decode()
    assert "<mark>Buy now</mark>" in html
    assert LOUD.split(":")[0] in html


def test_an_outsider_is_not_told(browse, draft, outsider):
    address = page_of("check_typing", post=draft.pk, code=draft.language)
    assert browse(outsider).post(address, {"title": "x", "body": "y", "base_revision": 0}).status_code == 404


def test_a_passage_is_cut_between_words(draft, colleague, now):
    around = "Plain words about a garden that everybody may visit without any hurry. "
    body = f"{around * 2}{LOUD} {around * 2}".strip()
    write(draft, colleague, body, now)
    line = next(one for one in findings.of_verdict(posts.judge(draft, now)) if one.rule == "R01")
    assert any(one.before.startswith("…") or one.after.endswith("…") for one in line.passages)
    for one in line.passages:
        shown = f"{one.before}{one.words}{one.after}".strip("… ")
        start = body.index(shown)
        assert body[:start][-1:] in ("", " ")
        assert body[start + len(shown) :][:1] in ("", " ")


def test_of_two_languages_each_finding_names_its_own(draft, colleague, now):
    for code in ("fr", "en"):
        PostText.objects.update_or_create(
            post=draft, language=code, defaults={"body": "Lorem ipsum.", "updated_at": now}
        )
    post = Post.objects.get(pk=draft.pk)
    said = [one.language for one in findings.of_verdict(posts.judge(post, now)) if one.rule == "R18"]
    assert sorted(said) == ["en", "fr"]
