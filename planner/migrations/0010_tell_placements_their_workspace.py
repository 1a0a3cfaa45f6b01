import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Exists, OuterRef, Subquery


def fill(apps, schema_editor):
    Placement, Post = apps.get_model("planner.Placement"), apps.get_model("planner.Post")
    Placement.objects.update(
        workspace_id=Subquery(Post.objects.filter(pk=OuterRef("post_id")).values("workspace_id")[:1])
    )
    earlier = Placement.objects.filter(
        post=OuterRef("post_id"), planned_at=OuterRef("planned_at"), pk__lt=OuterRef("pk"), cancelled_at__isnull=True
    )
    Placement.objects.filter(Exists(earlier)).update(leads=False)


class Migration(migrations.Migration):
    dependencies = [
        ("planner", "0009_share_late_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="placement",
            name="workspace",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="planner.workspace",
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="leads",
            field=models.BooleanField(default=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
