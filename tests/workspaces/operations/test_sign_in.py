"""One-time links and the very first account."""

from datetime import timedelta

import pytest

from planner.base.errors import Invalid, Refused
from planner.history.models import Entry
from planner.workspaces import operations as workspaces
from planner.workspaces.models import SignInLink, User
from tests.conftest import person

SECRET = "une phrase bien longue"


@pytest.fixture
def camille(db):
    return User.objects.create_user("camille@example.org", SECRET, name="Camille Arnaud")


def test_the_token_is_not_stored(camille, now):
    token = workspaces.make_sign_in_link(user=camille, now=now)
    link = SignInLink.objects.get()
    assert token not in (link.token_digest, str(link))
    assert len(link.token_digest) == 64


def test_a_link_signs_its_person_in_once(camille, now):
    token = workspaces.make_sign_in_link(user=camille, now=now)
    assert workspaces.use_sign_in_link(token=token, now=now) == camille
    with pytest.raises(Refused):
        workspaces.use_sign_in_link(token=token, now=now)
    assert Entry.objects.filter(verb="sign_in_link.used").count() == 1


def test_a_link_dies_after_a_day(camille, now):
    token = workspaces.make_sign_in_link(user=camille, now=now)
    assert workspaces.find_sign_in_link(token, now=now + timedelta(hours=23, minutes=59))
    with pytest.raises(Refused):
        workspaces.use_sign_in_link(token=token, now=now + timedelta(hours=24))


def test_looking_at_a_link_does_not_use_it(camille, now):
    token = workspaces.make_sign_in_link(user=camille, now=now)
    for _look in range(3):
        assert workspaces.find_sign_in_link(token, now=now)
    workspaces.use_sign_in_link(token=token, now=now)


def test_a_weak_new_password_does_not_use_the_link_up(camille, now):
    token = workspaces.make_sign_in_link(user=camille, now=now)
    with pytest.raises(Invalid):
        workspaces.use_sign_in_link(token=token, password="12345", now=now)
    workspaces.use_sign_in_link(token=token, password="une autre longue phrase", now=now)
    camille.refresh_from_db()
    assert camille.check_password("une autre longue phrase")


def test_a_link_does_not_open_a_closed_account(camille, now):
    token = workspaces.make_sign_in_link(user=camille, now=now)
    User.objects.filter(pk=camille.pk).update(is_active=False)
    with pytest.raises(Refused):
        workspaces.use_sign_in_link(token=token, now=now)


def test_the_first_link_opens_an_account_that_rules_the_installation(db, now):
    token = workspaces.make_sign_in_link(user=None, now=now)
    user = workspaces.first_account(
        token=token, name="Camille", email="Camille@Example.org", password=SECRET, language="en", now=now
    )
    user.refresh_from_db()
    assert user.email == "camille@example.org"
    assert user.check_password(SECRET)
    assert user.language == "en"
    assert user.is_superuser
    assert user.is_staff


def test_only_one_first_account_is_ever_opened(db, now):
    tokens = [workspaces.make_sign_in_link(user=None, now=now) for _link in range(2)]
    workspaces.first_account(token=tokens[0], name="Camille", email="c@example.org", password=SECRET, now=now)
    for token in tokens:
        with pytest.raises(Refused):
            workspaces.first_account(token=token, name="Eve", email="eve@example.org", password=SECRET, now=now)
    with pytest.raises(Refused):
        workspaces.make_sign_in_link(user=None, now=now)
    assert User.objects.count() == 1


def test_a_link_of_a_person_opens_no_first_account(camille, now):
    token = workspaces.make_sign_in_link(user=camille, now=now)
    with pytest.raises(Refused):
        workspaces.first_account(token=token, name="Eve", email="eve@example.org", password=SECRET, now=now)


def test_the_people_of_a_sample_do_not_stand_in_the_way_of_the_first_account(db, now):
    sample = person("Inès Marchetti", "ines@example.org")
    sample.set_unusable_password()
    sample.save()
    assert workspaces.needs_first_account()


@pytest.mark.parametrize(
    ("values", "field"),
    [({"password": "12345"}, "password"), ({"name": "  "}, "name"), ({"password": "camille arnaud"}, "password")],
)
def test_a_refused_first_account_leaves_the_link_usable(db, now, values, field):
    token = workspaces.make_sign_in_link(user=None, now=now)
    good = {"name": "Camille Arnaud", "email": "camille@example.org", "password": SECRET}
    with pytest.raises(Invalid) as refusal:
        workspaces.first_account(token=token, now=now, **{**good, **values})
    assert refusal.value.field == field
    workspaces.first_account(token=token, now=now, **good)
