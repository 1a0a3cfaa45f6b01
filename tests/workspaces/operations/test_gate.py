"""require: the level, and being there at all."""

import pytest

from planner.base.errors import NotAllowed
from planner.workspaces import operations as workspaces
from planner.workspaces.rules import Act, Level, may


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("act", Act)
def test_require_follows_the_table(level, act, colleague):
    colleague.level = level
    if may(level, act):
        workspaces.require(colleague, act)
    else:
        with pytest.raises(NotAllowed):
            workspaces.require(colleague, act)


def test_a_refusal_names_the_level_that_is_needed(reader):
    with pytest.raises(NotAllowed) as refusal:
        workspaces.require(reader, Act.PLAN)
    assert str(Level.PLANNER.label) in str(refusal.value)


def test_who_left_or_was_shut_out_may_not_even_read(colleague, member, now):
    colleague.left_at = now
    member.user.is_active = False
    for gone in (colleague, member):
        with pytest.raises(NotAllowed):
            workspaces.require(gone, Act.READ)
