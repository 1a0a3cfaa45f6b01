import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from planner.posts.models import Placement, Post, PostText
from planner.posts.operations import demo, writing
from planner.work.models import WorkItem
from planner.workspaces.models import Workspace


def titles(workspace):
    return list(PostText.objects.filter(post__workspace=workspace).order_by("pk").values_list("title", flat=True))


def test_the_same_seed_gives_the_same_posts_in_batches(db, monkeypatch, capsys):
    monkeypatch.setattr(demo, "BATCH", 40)
    call_command("seed_demo", posts=100, seed=7)
    call_command("seed_demo", posts=100, seed=7)
    assert capsys.readouterr().out.count("100") >= 2
    first, second = Workspace.objects.filter(is_sample=True).order_by("pk")
    assert titles(first) == titles(second)
    assert Post.objects.filter(workspace=first).count() == 100
    assert WorkItem.objects.filter(workspace=first).exists()
    span = Post.objects.filter(workspace=first, planned_at__isnull=False).order_by("planned_at")
    assert (span.last().planned_at - span.first().planned_at).days > 600


def test_its_entries_are_those_that_operations_would_make(db):
    call_command("seed_demo", posts=40, verbosity=0)
    leads = set(Placement.objects.filter(leads=True).values_list("pk", flat=True))
    for post in Post.objects.select_related("workspace"):
        writing.gather(post)
    dated = Placement.objects.filter(shown_at__isnull=False, leads=True)
    assert set(dated.values_list("pk", flat=True)) <= leads


def test_it_is_opened_to_somebody_who_has_an_account(member):
    call_command("seed_demo", posts=1, member=member.user.email, verbosity=0)
    assert member.user.memberships.filter(workspace__is_sample=True, level="manager").exists()


@pytest.mark.parametrize("options", [{"posts": 0}, {"posts": 1, "member": "nobody@example.org"}])
def test_what_cannot_be_written_is_said(db, options):
    with pytest.raises(CommandError):
        call_command("seed_demo", **options)


def test_its_work_can_be_laid_out_again(db, now):
    call_command("seed_demo", posts=30, verbosity=0)
    post = Post.objects.filter(status="draft", planned_at__isnull=False).select_related("workspace").first()
    writing.relay(post, now)
    assert WorkItem.objects.about(post).open().count() == 3
