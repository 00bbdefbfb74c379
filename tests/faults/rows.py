"""The only place in which a judge opens a file or a database: by its own library, with nothing of the product."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

LEDGER: Final = "ledger"  # a file beside, with the URL of the database that the ledger is really in


class Unreadable(Exception):
    """What was left behind is no file of SQLite's, or not one that has what it should."""


def rows(path: Path, question: str) -> list[list[Any]]:
    """What stands in the file, its log included. Never in a process that has it open by the product: two libraries of
    SQLite in one process take each other's locks away."""
    url = path.with_name(LEDGER)
    if url.exists():
        return _of_server(url.read_text(), question)
    try:
        with closing(sqlite3.connect(path)) as connection:
            return [list(row) for row in connection.execute(question)]
    except sqlite3.DatabaseError as error:
        raise Unreadable(f"{path.name}: {error}: {question}") from error


def _of_server(url: str, question: str) -> list[list[Any]]:
    import psycopg

    with psycopg.connect(url) as connection:
        found = connection.execute(question.encode()).fetchall()
    return [[int(value) if isinstance(value, Decimal) else value for value in row] for row in found]


def unsound(path: Path) -> list[list[Any]]:
    """What SQLite says of the file, if it is not whole; a server looks after its own."""
    if path.with_name(LEDGER).exists():
        return []
    told = rows(path, "PRAGMA integrity_check")
    return [] if told == [["ok"]] else told
