from planner.workspaces import operations as workspaces
from tests.conftest import person


def test_smoke(db, now):
    token = workspaces.make_sign_in_link(user=None, now=now)
    user = workspaces.first_account(token=token, name="Anne Roy", email="a@b.org", password="un-long-secret-9", now=now)
    ws = workspaces.create_workspace(actor=user, name="Ville", language="fr", country="CA", region="QC", now=now)
    m = user.memberships.get()
    inv, t = workspaces.invite(actor=m, email="k@b.org", name="Karim", level="planner", roles=["legal"], now=now)
    k = workspaces.accept_invitation(token=t, password="un-long-secret-9", now=now)
    assert k.user.is_staff
    book = workspaces.role_book(ws, day_from=now.date(), day_to=now.date())
    assert book.first("legal") == k
    assert workspaces.working_calendar(ws).is_working_day(now.date())
    workspaces.remove_member(actor=m, member=k, now=now)
