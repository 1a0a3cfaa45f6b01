"""Questions that come in while it lasts: answered with the words that went out, or put off until the promised hour.

They are messages of the dialogue room: sorting, joining and declining happen there, and here what a crisis adds.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import NotFound, Refused
from planner.crisis.models import Crisis
from planner.crisis.operations import log
from planner.crisis.queries import questions_in
from planner.dialogue import operations as dialogue
from planner.dialogue.models import Signal
from planner.dialogue.rules import Decision
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act


@transaction.atomic
def answer_question(
    *, crisis: Crisis, question: Signal, actor: Membership, text: str, address: str = "", now: datetime
) -> Signal:
    """A person has answered, with the words that went out or their own: the message is sorted by it, and answered."""
    crisis = log.opened(crisis, actor, Act.COMMENT)
    question = _of(crisis, question)
    if not question.decision:
        question = dialogue.sort(signal=question, actor=actor, decision=Decision.ANSWER, owner=actor, now=now)
    return dialogue.answer(signal=question, actor=actor, text=text, address=address, now=now)


@transaction.atomic
def put_off_question(*, crisis: Crisis, question: Signal, actor: Membership, now: datetime) -> Signal:
    """The facts are not confirmed: whoever asks is told the promised hour, and somebody is in charge of answering."""
    crisis = log.opened(crisis, actor, Act.COMMENT)
    question = _of(crisis, question)
    if crisis.promised_at is None or crisis.promised_at <= now:
        raise Refused(_("No hour to come is promised: sort the question, and give it an hour of its own."),
                      link=question.link)  # fmt: skip
    return dialogue.sort(
        signal=question, actor=actor, decision=Decision.LATER, owner=question.owner or actor, theme=question.theme,
        is_critical=question.is_critical, promised=crisis.promised_at, now=now,
    )  # fmt: skip


def _of(crisis: Crisis, question: Signal) -> Signal:
    found = questions_in(crisis).filter(pk=question.pk).first()
    if found is None:
        raise NotFound(_("This question did not come in during this crisis."))
    found.workspace = crisis.workspace
    return found
