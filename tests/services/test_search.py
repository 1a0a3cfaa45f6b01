"""A search on PostgreSQL, in a cluster of locale C: it finds what SQLite finds."""

import json

import pytest

from tests.services.conftest import Installation

pytestmark = pytest.mark.services

SAID = ("eau", "l’eau", "OEDIPE", "cœur ete", "exemple fr", "13")
NOT_SAID = ("tondeuse", "eau tondeuse", "dipe", "’’")
LOOK = """
import json
from planner.base import clock
from planner.models import Post, PostText
from planner.posts import queries
from tests.services.sowing import sow
sow(1)
words = {"title": "L’eau au cœur d’Œdipe", "body": "«\u202fÉté\u202f» 12-13, exemple.fr"}
PostText.objects.create(post=Post.objects.get(), language="fr", updated_at=clock.now(), **words)
for queries.COMMON in (1, 2000):
    print(json.dumps([one for one in %r if Post.objects.first_saying(one, 5)]))
"""


def test_words_are_found_whatever_their_marks_and_accents_and_however_many_say_them(tmp_path, postgres):
    house = Installation(tmp_path, postgres.ask, DATABASE_URL=postgres.url)
    found = house.manage("shell", "-v", "0", "-c", LOOK % ((*SAID, *NOT_SAID),)).splitlines()
    assert [json.loads(line) for line in found] == [list(SAID), list(SAID)]
