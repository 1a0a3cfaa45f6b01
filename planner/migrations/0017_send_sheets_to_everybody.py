"""Whoever chose their kinds of e-mails before the sheets of Monday existed gets these too, as everybody does."""

from django.db import migrations

SHEETS = {"week", "meeting"}


def add_sheets(apps, schema_editor):
    for preference in apps.get_model("planner.Preference").objects.all():
        preference.by_email = sorted({*preference.by_email, *SHEETS})
        preference.save(update_fields=["by_email"])


class Migration(migrations.Migration):
    dependencies = [
        ("planner", "0016_add_digests"),
    ]

    operations = [
        migrations.RunPython(add_sheets, migrations.RunPython.noop),
    ]
