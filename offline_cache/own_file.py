"""Which file a till has, for whoever looks in beside a running agent: nothing is written, nothing is held."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from offline_cache.chain import GENERATION


def own_file(path: Path) -> tuple[str, int] | None:
    """The file's id and the generation under which it works; None where there is none, or none that has an id yet."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT value FROM settings WHERE name = 'file_id'").fetchone()
            (newest,) = connection.execute("SELECT max(generation) FROM operations").fetchone()
    except sqlite3.Error:
        return None
    return (row[0], newest or GENERATION) if row is not None else None
