"""The only place in which a judge of files opens one: by SQLite itself, with nothing of the product."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def rows(path: Path, sql: str) -> list[list[Any]]:
    """What stands in the file, its log included. Never in a process that has it open by the product: two libraries of
    SQLite in one process take each other's locks away."""
    with closing(sqlite3.connect(path)) as connection:
        return [list(row) for row in connection.execute(sql)]
