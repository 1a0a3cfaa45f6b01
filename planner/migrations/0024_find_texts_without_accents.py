"""Titles and texts are found by their words, without accents. Each database keeps its own index, at every write.

SQLite: FTS5, filled by triggers. A later migration that makes the table of texts anew must make the triggers anew too:
a test looks for a text that was saved.
"""

from django.db import migrations

WORDS = "replace(replace({row}.title || ' ' || {row}.body, 'œ', 'oe'), 'æ', 'ae')"

SQLITE = [
    'CREATE VIRTUAL TABLE planner_posttext_fts USING fts5(words, tokenize="unicode61 remove_diacritics 2")',
    f"""
    CREATE TRIGGER planner_posttext_fts_insert AFTER INSERT ON planner_posttext BEGIN
      INSERT INTO planner_posttext_fts (rowid, words) VALUES (new.id, {WORDS.format(row="new")});
    END
    """,
    f"""
    CREATE TRIGGER planner_posttext_fts_update AFTER UPDATE OF title, body ON planner_posttext BEGIN
      UPDATE planner_posttext_fts SET words = {WORDS.format(row="new")} WHERE rowid = new.id;
    END
    """,
    """
    CREATE TRIGGER planner_posttext_fts_delete AFTER DELETE ON planner_posttext BEGIN
      DELETE FROM planner_posttext_fts WHERE rowid = old.id;
    END
    """,
    f"INSERT INTO planner_posttext_fts (rowid, words) SELECT t.id, {WORDS.format(row='t')} FROM planner_posttext t",
]
POSTGRES = [
    """
    CREATE FUNCTION planner_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
      SELECT translate(
        replace(replace(replace(lower(words), 'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'),
        'àáâãäåçèéêëìíîïñòóôõöùúûüýÿÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝŸ',
        'aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuyy'
      )
    $$
    """,
    """
    ALTER TABLE planner_posttext ADD COLUMN searched tsvector
      GENERATED ALWAYS AS (to_tsvector('simple', planner_fold(title || ' ' || body))) STORED
    """,
    "CREATE INDEX planner_posttext_searched ON planner_posttext USING gin (searched)",
]
UNDO = {
    "sqlite": [
        *(f"DROP TRIGGER planner_posttext_fts_{event}" for event in ("insert", "update", "delete")),
        "DROP TABLE planner_posttext_fts",
    ],
    "postgresql": ["ALTER TABLE planner_posttext DROP COLUMN searched", "DROP FUNCTION planner_fold(text)"],
}


def make(apps, schema_editor):
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def undo(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("planner", "0023_add_blackout"),
    ]

    operations = [migrations.RunPython(make, undo)]
