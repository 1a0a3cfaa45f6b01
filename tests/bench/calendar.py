"""The bar of the calendar as one table: `python -m tests.bench.calendar [sqlite] [postgres] [1000 10000 100000]`.

Ratios, in one run: the floor is a bare Django view (tests/bench/floor.py: session, one indexed query, the same rows in
a plain table) on the same server and database, asked in turn with the page. Each figure is the best of many. Nothing
fails here; a ratio of 1 or more in the last column meets the bar.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.services.conftest import Installation, on_sqlite
from tests.services.servers import PostgreSQL

SIZES = (1_000, 10_000, 100_000)
Figures = dict[str, Any]


def row(what: str, measured: float, bar: float | None, unit: str = "x", note: str = "") -> None:
    """The bar is the most. Without one, the figure is printed only."""
    ratio = f"{bar / max(measured, 1e-9):.2f}" if bar else ""
    print(
        f"{what:<66} {measured:>9,.2f} {f'≤ {bar:>7,.2f}' if bar else ' ' * 9} {unit:<3} {ratio:>6}  "
        f"load {os.getloadavg()[0]:.1f}{note}",
        flush=True,
    )


@contextmanager
def installed(kind: str) -> Iterator[Installation]:
    with tempfile.TemporaryDirectory(prefix="marronnier-bench-") as folder:
        if kind == "sqlite":
            yield on_sqlite(Path(folder))
            return
        with closing(PostgreSQL(is_durable=True)) as server:
            yield Installation(Path(folder), server.ask, DATABASE_URL=server.url)


def measured(house: Installation, posts: int) -> Figures:
    started = time.monotonic()
    house.manage("seed_demo", "--posts", str(posts), "-v", "0")
    sown = time.monotonic() - started
    said = house.manage("shell", "-v", "0", "-c", f"from tests.bench import floor; floor.measure('demo-{posts}')")
    return {**json.loads(said.splitlines()[-1]), "sown": sown}


def table(kind: str, found: dict[int, Figures]) -> None:
    for posts, one in found.items():
        name = f"{kind}, {posts:,} posts"
        note = f", {one['ms']['month']:.1f} ms against {one['ms']['floor']:.1f} ms for {one['rows']:,} rows"
        bar = {10_000: 1.3, 100_000: 0.2}.get(posts)
        row(f"{name}: month of six weeks / floor that draws all", one["month"], bar, note=note)
        for page in ("week", "agenda", "board"):
            if page in one:
                row(f"{name}: {page} / floor", one[page], bar)
        row(f"{name}: queries of the month", one["queries"], 8, "")
        row(f"{name}: HTML of the month", one["bytes"] / 1000, 120, "kB")
        row(f"{name}: month with its script and style", one["whole"] / 1000, 250, "kB")
        for page, most in (("search", 3.0), ("feed", 4.0), ("move", 3.0)):
            if page in one:
                beside = {
                    "search": "the month",
                    "feed": f"a floor that joins strings, {one['fed']:,} entries",
                    "move": "a bare update of the same rows",
                }[page]
                row(f"{name}: {page} / {beside}", one[page], None if page == "move" and kind != "sqlite" else most)
        row(f"{name}: sown in", one["sown"], None, "s")


def growth(kind: str, found: dict[int, Figures]) -> None:
    if {10_000, 100_000} <= found.keys():
        for page in ("month", "week", "agenda", "board"):
            grown = found[100_000]["ms"][page] / found[10_000]["ms"][page]
            row(f"{kind}: {page}, from 10,000 to 100,000 posts", grown, 1.3)


def beside(sqlite: dict[int, Figures], postgres: dict[int, Figures]) -> None:
    for posts in sqlite.keys() & postgres.keys():
        for page, here in postgres[posts]["ms"].items():
            bar = 1.5 if page not in ("move", "update") else None  # rows that write are printed only
            row(f"PostgreSQL / SQLite, {posts:,} posts: {page}", here / sqlite[posts]["ms"][page], bar)


def main(words: list[str]) -> None:
    sizes = [int(word) for word in words if word.isdigit()] or list(SIZES)
    kinds = [word for word in words if not word.isdigit()] or ["sqlite", "postgres"]
    found: dict[str, dict[int, Figures]] = {}
    for kind in kinds:
        found[kind] = {}
        for posts in sizes:
            with installed(kind) as house:
                found[kind][posts] = measured(house, posts)
                table(kind, {posts: found[kind][posts]})
        growth(kind, found[kind])
    if len(found) == 2:
        beside(found["sqlite"], found["postgres"])


if __name__ == "__main__":
    started = time.monotonic()
    print(f"{'what':<66} {'measured':>9}       bar     {'ratio':>6}")
    main(sys.argv[1:])
    print(f"In {time.monotonic() - started:.0f} s. A ratio of 1 or more meets the bar.")
