import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("planner", "0010_tell_placements_their_workspace"),
    ]

    operations = [
        migrations.AlterField(
            model_name="placement",
            name="workspace",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="planner.workspace"
            ),
        ),
        migrations.RemoveIndex(
            model_name="placement",
            name="placements_by_hour",
        ),
        migrations.RemoveIndex(
            model_name="workitem",
            name="open_work_by_workspace",
        ),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(
                condition=models.Q(("cancelled_at__isnull", True), ("leads", True)),
                fields=["workspace", "shown_at", "post", "leads", "cancelled_at"],
                name="entries_by_hour",
            ),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(
                condition=models.Q(("applies", True), ("is_projection", False), ("state", "open")),
                fields=["workspace", "due_at", "owner", "state", "applies", "is_projection"],
                name="actual_work_by_workspace",
            ),
        ),
    ]
