"""A workspace with many reminders of one person, written as rows: `manage.py shell -c "...sow(1000)"`."""

from datetime import timedelta

from django.contrib.contenttypes.models import ContentType

from planner.base import clock
from planner.models import Membership, Post, Reminder, User, WorkItem, Workspace


def sow(many: int, *, works: int | None = None, due_in: float = 0.0, slug: str = "marbourg") -> None:
    """`many` reminders that fall due in so many seconds, at any hour; the last of `works` has those that are left."""
    works = works or many
    now = clock.now()
    workspace = Workspace.objects.create(name="Marbourg", slug=slug, languages=["fr"], created_at=now)
    user = User.objects.create(name="Inès Marchetti", email=f"ines@{slug}.example.org", password="!")
    ines = Membership.objects.create(workspace=workspace, user=user, level="manager", joined_at=now)
    post = Post.objects.create(workspace=workspace, author=ines, created_at=now, updated_at=now)
    items = WorkItem.objects.bulk_create(
        (
            WorkItem(
                workspace=workspace, subject=post, key=f"draft-{n}", owner=ines, roles=["author"], offset="D-6",
                title={"fr": "Écrire", "en": "Write"}, due_at=now, created_at=now,
            )
            for n in range(works)
        ),
        batch_size=1000,
    )  # fmt: skip
    kind, due_at = ContentType.objects.get_for_model(WorkItem), now + timedelta(seconds=due_in)
    Reminder.objects.bulk_create(
        (
            Reminder(
                workspace=workspace, subject_type=kind, subject_id=items[min(n, works - 1)].pk, step="due",
                occurrence=max(0, n - works + 1), addressee="owner", profile="e-ans", work_due_at=due_at,
                due_at=due_at, next_at=due_at, quiet="never", message={"fr": "À l’heure"}, created_at=now,
            )
            for n in range(many)
        ),
        batch_size=1000,
    )  # fmt: skip
