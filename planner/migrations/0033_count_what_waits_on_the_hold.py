from django.db import migrations, models


def fill(apps, schema_editor):
    Hold, Held = apps.get_model("planner.Hold"), apps.get_model("planner.HeldPlacement")
    for hold in Hold.objects.iterator():
        rows = Held.objects.filter(hold=hold, decision="").filter(
            placement__cancelled_at__isnull=True, placement__published_at__isnull=True
        )
        rows = rows.exclude(placement__post__status__in=("cancelled", "retired"))
        Hold.objects.filter(pk=hold.pk).update(waiting=rows.values("placement__post").distinct().count())


class Migration(migrations.Migration):
    dependencies = [
        ("planner", "0032_let_a_text_pass"),
    ]

    operations = [
        migrations.AddField(
            model_name="hold",
            name="waiting",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
