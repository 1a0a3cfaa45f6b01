"""Titles and texts are found by their words, without accents. Each database keeps its own index, at every write.

SQLite: FTS5, filled by triggers. A later migration that makes the table of texts anew must make the triggers anew too:
a test looks for a text that was saved. PostgreSQL: a generated column. Both find the same words: capitals and ligatures
count no more than others, and every mark ends a word; in a cluster of locale C, PostgreSQL's parser would take a
typographic apostrophe for a letter, and everywhere it would keep addresses and numbers whole.
"""

from django.db import migrations

LIGATURES = {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"}
MARKS = "!\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~’‘ʼ“”„«»‹›…–—‐‑·•¡¿°€\u00a0\u2009\u202f"


def unfolded(sql):
    for ligature, letters in LIGATURES.items():
        sql = f"replace({sql}, '{ligature}', '{letters}')"
    return sql


def words_of(row):
    return unfolded(f"{row}.title || ' ' || {row}.body")


SQLITE = [
    'CREATE VIRTUAL TABLE planner_posttext_fts USING fts5(words, tokenize="unicode61 remove_diacritics 2")',
    f"""
    CREATE TRIGGER planner_posttext_fts_insert AFTER INSERT ON planner_posttext BEGIN
      INSERT INTO planner_posttext_fts (rowid, words) VALUES (new.id, {words_of("new")});
    END
    """,
    f"""
    CREATE TRIGGER planner_posttext_fts_update AFTER UPDATE OF title, body ON planner_posttext BEGIN
      UPDATE planner_posttext_fts SET words = {words_of("new")} WHERE rowid = new.id;
    END
    """,
    """
    CREATE TRIGGER planner_posttext_fts_delete AFTER DELETE ON planner_posttext BEGIN
      DELETE FROM planner_posttext_fts WHERE rowid = old.id;
    END
    """,
    f"INSERT INTO planner_posttext_fts (rowid, words) SELECT t.id, {words_of('t')} FROM planner_posttext t",
]
POSTGRES = [
    f"""
    CREATE FUNCTION planner_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
      SELECT translate(
        {unfolded("lower(words)")},
        'àáâãäåçèéêëìíîïñòóôõöùúûüýÿÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝŸ{MARKS}',
        'aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuyy{" " * len(MARKS.replace("''", "'"))}'
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
        *(f"DROP TRIGGER IF EXISTS planner_posttext_fts_{event}" for event in ("insert", "update", "delete")),
        "DROP TABLE IF EXISTS planner_posttext_fts",
    ],
    "postgresql": [
        "ALTER TABLE planner_posttext DROP COLUMN IF EXISTS searched",
        "DROP FUNCTION IF EXISTS planner_fold(text)",
    ],
}


def make(apps, schema_editor):
    undo(apps, schema_editor)
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, None)


def undo(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [
        ("planner", "0002_only_add_to_the_log"),
    ]

    operations = [migrations.RunPython(make, undo)]
