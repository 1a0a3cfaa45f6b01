"""The log is only ever added to: the model says so, and so does the database."""

import pytest
from django.db import DatabaseError, connection, transaction

from planner.base.errors import Invalid, NotFound, Refused
from planner.crisis import operations as crises
from planner.crisis.models import LogLine
from planner.workspaces.models import Workspace


@pytest.fixture
def crisis(declare):
    return declare()


def test_a_line_keeps_its_columns(crisis, colleague, now):
    line = crises.note(
        crisis=crisis, actor=colleague, decision="Keep level 3", rejected="Level 4", reason="Nobody is in danger",
        known_then="2,140 homes", now=now,
    )  # fmt: skip
    assert (line.decider, line.rejected, line.writer) == ("Karim Belhadj", "Level 4", "Karim Belhadj")


def test_a_correction_is_one_more_line(crisis, colleague, now):
    wrong = crises.note(crisis=crisis, actor=colleague, decision="2,140 homes", now=now)
    right = crises.note(crisis=crisis, actor=colleague, decision="2,410 homes", corrects=wrong, now=now)
    assert (right.corrects, right.kind) == (wrong, "correction")
    assert LogLine.objects.get(pk=wrong.pk).decision == "2,140 homes"


def test_the_model_refuses_to_change_or_remove(crisis):
    line = crisis.lines.first()
    for act in (line.save, line.delete, LogLine.objects.all().delete, lambda: LogLine.objects.update(decision="x")):
        with pytest.raises(Refused, match="only ever added to"):
            act()


@pytest.mark.parametrize("sql", ["UPDATE planner_logline SET decision = ''", "DELETE FROM planner_logline"])
def test_the_database_refuses_too(crisis, sql):
    count = crisis.lines.count()
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert crisis.lines.count() == count > 0


def test_lines_of_a_sample_go_with_it(newsroom, declare):
    Workspace.objects.filter(pk=newsroom.pk).update(is_sample=True)
    crisis = declare(is_drill=True)
    crisis.delete()
    assert not LogLine.objects.exists()


def test_an_empty_line_and_a_line_of_elsewhere_are_refused(crisis, colleague, outsider, now):
    with pytest.raises(Invalid):
        crises.note(crisis=crisis, actor=colleague, decision=" ", now=now)
    with pytest.raises(NotFound):
        crises.note(crisis=crisis, actor=outsider, decision="Mine", now=now)


def test_a_line_of_another_crisis_is_not_corrected_here(crisis, declare, colleague, reads, now):
    other = declare(2, scope={"tags": ["a"]})
    line = other.lines.first()
    with pytest.raises(NotFound, match="no such line"):
        crises.note(crisis=crisis, actor=colleague, decision="It was noon", corrects=line, now=now)
    reads(colleague).post(f"{crisis.link}log/?corrects={line.pk}", {"decision": "It was noon"})
    assert not LogLine.objects.filter(corrects=line).exists()


def test_the_export_has_every_line_and_no_formula(crisis, browse, reader, colleague, now):
    crises.note(crisis=crisis, actor=colleague, decision="=1+1", now=now)
    answer = browse(reader).get(f"{crisis.link}log.csv")
    text = b"".join(answer.streaming_content).decode()
    assert text.count("\r\n") == crisis.lines.count() + 1
    assert ",=1+1" not in text
