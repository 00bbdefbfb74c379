"""Which file a till has, for whoever looks in beside a running agent: nothing is written, nothing is held."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from offline_cache.lease import NOT_YET

OWN = "SELECT name, value FROM settings WHERE name IN ('file_id', 'generation')"


def own_file(path: Path) -> tuple[str, int] | None:
    """The file's id and the generation under which it works; None where there is none, or none that has an id yet."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            said = dict(connection.execute(OWN).fetchall())
    except sqlite3.Error:
        return None
    return (said["file_id"], int(said.get("generation", NOT_YET))) if "file_id" in said else None
