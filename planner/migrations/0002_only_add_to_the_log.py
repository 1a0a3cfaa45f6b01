"""The log of a crisis is only ever added to: the database itself refuses to change or remove a line.

Lines of a sample workspace may be removed with it. Tests that empty every table take the guard away, and put it back.
"""

from django.db import migrations

GUARD = {
    "sqlite": (
        """
        CREATE TRIGGER planner_logline_stays BEFORE UPDATE ON planner_logline
        BEGIN SELECT RAISE(ABORT, 'the log of a crisis is only added to'); END
        """,
        """
        CREATE TRIGGER planner_logline_kept BEFORE DELETE ON planner_logline WHEN OLD.is_sample = 0
        BEGIN SELECT RAISE(ABORT, 'the log of a crisis is only added to'); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION planner_logline_guard() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' AND OLD.is_sample THEN RETURN OLD; END IF;
            RAISE EXCEPTION 'the log of a crisis is only added to' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        """
        CREATE TRIGGER planner_logline_guard BEFORE UPDATE OR DELETE ON planner_logline
        FOR EACH ROW EXECUTE FUNCTION planner_logline_guard()
        """,
    ),
}

UNGUARD = {
    "sqlite": ("DROP TRIGGER IF EXISTS planner_logline_stays", "DROP TRIGGER IF EXISTS planner_logline_kept"),
    "postgresql": (
        "DROP TRIGGER IF EXISTS planner_logline_guard ON planner_logline",
        "DROP FUNCTION IF EXISTS planner_logline_guard()",
    ),
}


def run(statements, connection):
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)


def guard(apps, schema_editor):
    run(UNGUARD, schema_editor.connection)
    run(GUARD, schema_editor.connection)


def unguard(apps, schema_editor):
    run(UNGUARD, schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("planner", "0001_initial"),
    ]

    operations = [migrations.RunPython(guard, unguard)]
