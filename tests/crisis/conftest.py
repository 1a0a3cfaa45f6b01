"""A newsroom with a cell: who leads, who deputises, who speaks."""

from datetime import timedelta

import pytest

from planner.crisis import operations as crises
from planner.posts.rules import Release
from planner.workspaces.rules import Level
from tests.conftest import join, person
from tests.posts.conftest import (  # noqa: F401
    answerer,
    approved,
    approver,
    channels,
    draft,
    english,
    give_role,
    in_review,
    lawyer,
    newsroom,
    out,
    playbook_items,
    published,
    scheduled,
    template,
    values,
    write,
)

YES = ("H02", "H03", "H07")
"""The questions of the templates, answered with yes."""
ANSWERS = {"hurtful": "no", "resources": "no", "true-useful": "yes"}
TEXT = "Data of the families’ portal has been exposed. We have closed it. We speak again at 16:00."
TEXTE = "Des données du portail des familles ont été exposées. Nous l’avons fermé. Nous reparlons à 16 h."


def say(post, actor, body, at, title="What we know"):
    """The text in both languages, as an organisation that promises both must."""
    write(post, actor, body, at, title=title)
    write(post, actor, TEXTE, at, title="Ce que nous savons", language="fr")


@pytest.fixture
def lead(newsroom, now):  # noqa: F811
    """Léa, who leads in a crisis."""
    one = join(newsroom, person("Léa Mène", "lea@example.org", phone="06 00 00 00 11"), Level.CONTRIBUTOR)
    give_role(one, "crisis_lead")
    return one


@pytest.fixture
def spokesperson(newsroom, now):  # noqa: F811
    one = join(newsroom, person("Hugo Parle", "hugo@example.org"), Level.CONTRIBUTOR)
    give_role(one, "spokesperson")
    return one


@pytest.fixture
def reads(browse):
    """A browser of somebody who reads English."""

    def as_member(membership):
        membership.user.language = "en"
        membership.user.save(update_fields=["language"])
        return browse(membership)

    return as_member


@pytest.fixture
def declare(lead, now):
    def one(level=3, *, actor=None, at=None, **more):
        said = {"title": "Portal exposed", "reason": "The provider called.", "triggers": ["data-leak"], **more}
        return crises.declare(actor=actor or lead, level=level, now=at or now, **said)

    return one


@pytest.fixture
def speak(member, lead):
    """Prepare, write, confirm by two, publish; at an hour."""

    def one(crisis, at, kind="holding", *, upto="record"):
        statement = crises.prepare_statement(crisis=crisis, kind=kind, actor=member, language="en", now=at)
        if upto == "prepare":
            return statement
        say(statement.post, member, f"{TEXT} {at:%H:%M}", at)
        for person_ in (member, lead):
            crises.confirm_statement(statement=statement, actor=person_, answered=YES, now=at)
        if upto == "confirm":
            return statement
        placement = statement.post.placements.select_related("channel", "post").first()
        return crises.record_statement(
            statement=statement, placement=placement, actor=member, address="https://m.example/portal",
            published_at=at, now=at + timedelta(minutes=1),
        )  # fmt: skip

    return one


@pytest.fixture
def review(member, lead):
    """The editor proposes, the crisis lead agrees."""

    def one(crisis, post, decision=Release.UNCHANGED, *, at, to=None):
        proposal = crises.review(
            crisis=crisis, post=post, actor=member, decision=decision, reason="Looked at", answers=ANSWERS, to=to,
            now=at,
        )  # fmt: skip
        return crises.confirm_review(review=proposal, actor=lead, now=at)

    return one


@pytest.fixture
def clear(lead):
    """Come down, give the evidence, wait, and declare the all-clear."""

    def one(crisis, at):
        for level in range(crisis.level - 1, 0, -1):
            crises.change_level(crisis=crisis, level=level, reason="Calmer", actor=lead, now=at)
            crisis.refresh_from_db()
        for check in crisis.checks.filter(kind="condition"):
            crises.tick(check=check, actor=lead, note="Called all three schools", now=at)
        later = at + timedelta(hours=49)
        return crises.clear(crisis=crisis, actor=lead, reason="Nothing new", now=later), later

    return one
