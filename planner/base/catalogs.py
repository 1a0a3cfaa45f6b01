"""Translations as the program reads them: `.po` files compiled to `.mo`, without `msgfmt`, which may be missing."""

import os
from pathlib import Path

import polib


def compile_stale(folder: Path) -> int:
    """Compile every catalogue under `folder` whose `.mo` is missing or older; returns how many were compiled."""
    stale = [po for po in sorted(folder.glob("*/LC_MESSAGES/*.po")) if is_stale(po)]
    for po in stale:
        compile_one(po)
    return len(stale)


def is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns


def compile_one(po: Path) -> None:
    """Written aside and moved into place, so that a reader never sees half a file."""
    aside = po.with_suffix(f".mo.{os.getpid()}")
    aside.write_bytes(polib.pofile(str(po)).to_binary())
    aside.replace(po.with_suffix(".mo"))
