"""Inserting many rows, several times faster than `bulk_create`: it runs while a claim holds its locks."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def insert_many(model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows whose values are already as the database wants them; columns left out are null."""
    if not rows:
        return
    names, marks = ", ".join(f'"{column}"' for column in columns), f"({', '.join(['%s'] * len(columns))})"
    head = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES '  # noqa: S608 - names of ours
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # one statement on its way instead of one for each row
            cursor.execute(head + ", ".join([marks] * len(rows)), [value for row in rows for value in row])
        else:  # prepared once
            cursor.executemany(head + marks, rows)
