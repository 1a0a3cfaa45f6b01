"""Whatever people do in a crisis, in whatever order and whoever they are: the log only grows, and nothing slips out."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.base.errors import PlannerError, Refused
from planner.crisis import operations as crises
from planner.crisis.models import Crisis, LogLine, Statement
from planner.dialogue import operations as dialogue
from planner.posts.models import HeldPlacement, Hold, Placement, Post
from planner.posts.operations.release import released_today
from planner.posts.rules import RELEASES_A_DAY, Release, Status, WallTime
from tests.crisis.conftest import ANSWERS, YES, say
from tests.posts.conftest import PLANNED, write

ACTS = (
    "declare_2", "declare_3", "raise_level", "lower", "hand_over", "note", "correct", "fact", "drop", "tick", "untick",
    "prepare", "write", "confirm", "publish", "propose", "agree", "clear", "lessons", "change", "close", "ask",
    "answer", "put_off", "tell_inside", "erase", "rewrite_line", "tomorrow", "speak", "decide", "end", "debrief",
)  # fmt: skip
FREEING = ("propose", "agree", "decide")
"""At level 2 the editor alone decides, by what is a proposal above."""


WHO = (0, 0, 0, 1, 1, 1, 2, 3, 4, 5, 6)
"""The lead and the editor most often; whoever may not, now and then."""


class Cell:
    """Does one act after the other, each by somebody; what is refused in words is no fault."""

    def __init__(self, post, people, now):
        self.post, self.people, self.now, self.count = post, people, now, 0
        self.actor = people[0]

    def do(self, act, who):
        self.now += timedelta(minutes=7)
        self.count += 1
        self.actor = self.people[who % len(self.people)]
        log, held, status = self.log(), self.held(), Post.objects.get(pk=self.post.pk).status
        try:
            with transaction.atomic():
                getattr(self, act)()
        except PlannerError as refusal:
            assert str(refusal)
        self.must_hold(act, log, held, status)

    def must_hold(self, act, log, held, status):
        after = self.log()
        assert log.items() <= after.items(), f"{act} changed or took away what the log said"
        freed = held - self.held()
        assert not freed or act in FREEING, f"{act} freed what was held"
        post = Post.objects.get(pk=self.post.pk)
        if held and act not in FREEING and status != Status.SCHEDULED:
            assert post.status != Status.SCHEDULED
        assert post.published_at is None, "only statements go out here"
        for hold in Hold.objects.all():
            waits = HeldPlacement.objects.waiting().filter(hold=hold).values("placement__post").distinct().count()
            assert hold.waiting == waits, f"{act} lost count of the queue"
        assert all(n <= RELEASES_A_DAY for n in released_today(self.post.workspace, self.now).values())

    def log(self):
        return {
            row[0]: row for row in LogLine.objects.values_list("pk", "at", "writer", "decision", "reason", "corrects")
        }

    def held(self):
        return set(Placement.objects.filter(held_at__isnull=False).values_list("pk", flat=True))

    @property
    def crisis(self):
        found = Crisis.objects.with_people().filter(workspace=self.post.workspace).order_by("-pk").first()
        if found is None:
            raise Refused("No crisis yet.")
        return found

    def one_of(self, rows):
        found = list(rows[: self.count + 1])
        if not found:
            raise Refused("There is none.")
        return found[self.count % len(found)]

    def act(self, operation, **values):
        return operation(actor=self.actor, now=self.now, **values)

    def each(self, *steps):
        """Several acts in a row by those who may: alone, chance seldom gets so far."""
        for step, who in steps:
            self.actor = self.people[who]
            getattr(self, step)()

    # ---- the acts

    def speak(self):
        self.each(("prepare", 1), ("write", 1), ("confirm", 0), ("confirm", 1), ("publish", 1))

    def decide(self):
        self.each(("propose", 1), ("agree", 0))

    def end(self):
        self.each(*[("lower", 0)] * (self.crisis.level - 1), ("clear", 0))

    def debrief(self):
        self.each(("lessons", 1), ("change", 1), ("close", 0))

    def declare_2(self):
        self.act(crises.declare, level=2, title="Fault", reason="Calls", scope={"posts": [self.post.pk]})

    def declare_3(self):
        self.act(crises.declare, level=3, title="Leak", reason="A call")

    def raise_level(self):
        self.act(crises.change_level, crisis=self.crisis, level=min(4, self.crisis.level + 1), reason="Worse")

    def lower(self):
        self.act(crises.change_level, crisis=self.crisis, level=self.crisis.level - 1, reason="Calmer")

    def hand_over(self):
        self.act(crises.hand_over, crisis=self.crisis, to=self.one_of(self.people))

    def note(self):
        self.act(crises.note, crisis=self.crisis, decision=f"Keep on, {self.count}")

    def correct(self):
        line = self.one_of(self.crisis.lines.all())
        self.act(crises.note, crisis=self.crisis, decision="It was noon", corrects=line)

    def fact(self):
        self.act(crises.add_fact, crisis=self.crisis, kind="known", text=f"Fact {self.count}", source="Nadia")

    def drop(self):
        self.act(crises.drop_fact, fact=self.one_of(self.crisis.facts.filter(dropped_at__isnull=True)))

    def tick(self):
        check = self.one_of(self.crisis.checks.filter(done_at__isnull=True))
        self.act(crises.tick, check=check, note="Called them")

    def untick(self):
        self.act(crises.tick, check=self.one_of(self.crisis.checks.filter(done_at__isnull=False)), done=False)

    def prepare(self):
        kind = "closing" if self.crisis.cleared_at else "update"
        self.act(crises.prepare_statement, crisis=self.crisis, kind=kind, language="en")

    def write(self):
        say(self.statement().post, self.actor, f"We know this, {self.count}.", self.now)

    def confirm(self):
        self.act(crises.confirm_statement, statement=self.statement(), answered=YES)

    def publish(self):
        statement = self.statement()
        place = statement.post.placements.select_related("channel", "post").first()
        self.act(
            crises.record_statement, statement=statement, placement=place, address="https://m.example/1",
            published_at=self.now,
        )  # fmt: skip

    def statement(self):
        return self.one_of(Statement.objects.filter(published_at__isnull=True).select_related("crisis", "post"))

    def propose(self):
        decision = (Release.UNCHANGED, Release.REDATE, Release.REWRITE)[self.count % 3]
        to = WallTime(PLANNED.on + timedelta(days=30 + self.count), PLANNED.at) if decision == Release.REDATE else None
        self.act(
            crises.review, crisis=self.crisis, post=self.post, decision=decision, reason="Looked at", answers=ANSWERS,
            to=to,
        )  # fmt: skip

    def agree(self):
        waits = self.crisis.proposals.filter(settled_at__isnull=True).select_related("crisis", "post")
        self.act(crises.confirm_review, review=self.one_of(waits))

    def clear(self):
        for check in self.crisis.checks.filter(kind="condition", done_at__isnull=True):
            self.act(crises.tick, check=check, note="Called all of them")
        self.now += timedelta(hours=50)
        self.act(crises.clear, crisis=self.crisis, reason="Nothing new")

    def lessons(self):
        self.act(crises.save_lessons, crisis=self.crisis, lessons={"lived": "Fear"})

    def change(self):
        due = (self.now + timedelta(days=9)).date()
        self.act(
            crises.add_change, crisis=self.crisis, text="Test the numbers", owner=self.one_of(self.people), due_on=due
        )

    def close(self):
        self.act(crises.close_debrief, crisis=self.crisis)

    def ask(self):
        self.act(
            dialogue.receive, kind="question", text=f"Why, {self.count}?", origin="phone", received_at=self.now
        )  # fmt: skip

    def answer(self):
        self.act(crises.answer_question, crisis=self.crisis, question=self.question(), text="We do not know yet.")

    def put_off(self):
        self.act(crises.put_off_question, crisis=self.crisis, question=self.question())

    def question(self):
        return self.one_of(self.crisis.workspace.signals.order_by("-pk"))

    def tell_inside(self):
        self.act(crises.tell_inside, crisis=self.crisis, text="Nothing new.")

    def erase(self):
        """Past the model, in the database itself."""
        lines = LogLine.objects.filter(crisis=self.crisis)
        with pytest.raises(DatabaseError), transaction.atomic():
            lines._raw_delete(lines.db)

    def rewrite_line(self):
        line = self.one_of(self.crisis.lines.all())
        line.decision = "Something else"
        line.save()

    def tomorrow(self):
        self.now += timedelta(days=1)
        write(self.post, self.people[0], f"Words, {self.count}.", self.now)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    first=st.sampled_from(("declare_2", "declare_3")),
    acts=st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(WHO)), min_size=10, max_size=24),
)
def test_the_log_only_grows_and_what_is_held_leaves_by_the_queue_alone(
    scheduled, member, lead, spokesperson, reader, colleague, approver, outsider, now, first, acts
):  # fmt: skip
    with transaction.atomic():
        cell = Cell(scheduled, [lead, member, approver, spokesperson, colleague, reader, outsider], now)
        for act, who in ((first, 0), *acts):
            cell.do(act, who)
        transaction.set_rollback(True)
