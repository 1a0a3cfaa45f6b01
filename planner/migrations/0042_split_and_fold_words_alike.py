"""Both databases find the same words: capitals of ligatures count no more than others, and every mark ends a word.

“Œuvre” was not found by “oeuvre”. In a PostgreSQL cluster of locale C, a typographic apostrophe was a letter, so that
“eau” did not find “l’eau”; and everywhere its parser kept addresses and numbers whole, where FTS5 splits them.
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
    "DROP TRIGGER planner_posttext_fts_insert",
    "DROP TRIGGER planner_posttext_fts_update",
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
    "DELETE FROM planner_posttext_fts",
    f"INSERT INTO planner_posttext_fts (rowid, words) SELECT t.id, {words_of('t')} FROM planner_posttext t",
]
POSTGRES = [
    "ALTER TABLE planner_posttext DROP COLUMN searched",
    f"""
    CREATE OR REPLACE FUNCTION planner_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
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


def split(apps, schema_editor):
    for statement in POSTGRES if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):
    dependencies = [
        ("planner", "0041_put_a_warning_aside"),
    ]

    operations = [migrations.RunPython(split, migrations.RunPython.noop)]
