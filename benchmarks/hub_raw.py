"""The opponent of benchmarks.hub: the rows that the engine wrote, inserted again by the plainest means there are.

Into the same tables with the same indexes, in a copy of the same ledger, a transaction for each batch, as durable. Rows
that the engine changed are inserted too: what stands under their keys is taken away before the clock starts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import psycopg

from hub.store.records import ChainEnd, ChangeRow, CouponRow, DayRow, EntryRow, KeptOperation, LotRow, MemberRow
from hub.store.rows import Rows
from loyalty.utc import utc_text

FIRST_CURSOR = 1 << 61  # above all that the copied ledger has


class Table(NamedTuple):
    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    key: int  # so many of the first columns are the key of what may be there already; 0: nothing is


class Raw(Protocol):
    def prepared(self, rows: Rows) -> list[Table]:
        """As this database likes them; before the clock starts, and room is made."""
        ...

    def write(self, tables: Sequence[Table]) -> None:
        """One transaction, durable when it returns."""
        ...

    def close(self) -> None: ...


def tables_of(rows: Rows) -> list[Table]:
    assert not (rows.new_cards or rows.cards or rows.returns or rows.conflicts), "sales make none"
    found = (
        Table("operations", KeptOperation._fields, list(rows.operations), 0),
        Table("chains", ChainEnd._fields, list(rows.chains), 2),
        Table("members", MemberRow._fields, [*rows.new_members, *rows.members], 1),
        Table("lots", LotRow._fields, [*rows.new_lots, *rows.lots], 2),
        Table("entries", EntryRow._fields, list(rows.entries), 0),
        Table("days", DayRow._fields, list(rows.days), 2),
        Table("used_coupons", CouponRow._fields, list(rows.used_coupons), 0),
        Table("changes", ChangeRow._fields, list(rows.changes), 0),
    )
    return [table for table in found if table.rows]


def row_count(tables: Iterable[Table]) -> int:
    return sum(len(table.rows) for table in tables)


class SqliteRaw:
    """`executemany` for each table."""

    def __init__(self, path: Path, checkpoint_pages: int) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute(f"PRAGMA wal_autocheckpoint = {checkpoint_pages}")

    def prepared(self, rows: Rows) -> list[Table]:
        tables = [table._replace(rows=[_plain(row) for row in table.rows]) for table in tables_of(rows)]
        self._connection.execute("BEGIN IMMEDIATE")
        for table in tables:
            if table.key:
                where = " AND ".join(f"{column} = ?" for column in table.columns[: table.key])
                keys = [row[: table.key] for row in table.rows]
                self._connection.executemany(f"DELETE FROM {table.name} WHERE {where}", keys)
        self._connection.execute("COMMIT")
        return tables

    def write(self, tables: Sequence[Table]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for table in tables:
            marks = ", ".join("?" * len(table.columns))
            into = f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({marks})"
            self._connection.executemany(into, table.rows)
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(utc_text(value) if isinstance(value, datetime) else value for value in row)


class PostgresRaw:
    """`COPY` for each table."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._cursors = count(FIRST_CURSOR)

    def prepared(self, rows: Rows) -> list[Table]:
        tables = [self._numbered(table) if table.name == "changes" else table for table in tables_of(rows)]
        with self._connection.transaction(), self._connection.cursor() as cursor:
            for table in tables:
                if table.key:
                    where = " AND ".join(f"{column} = %s" for column in table.columns[: table.key])
                    keys = [row[: table.key] for row in table.rows]
                    cursor.executemany(f"DELETE FROM {table.name} WHERE {where}", keys)
        return tables

    def _numbered(self, table: Table) -> Table:
        rows = [(*row, next(self._cursors)) for row in table.rows]
        return table._replace(columns=(*table.columns, "cursor"), rows=rows)

    def write(self, tables: Sequence[Table]) -> None:
        with self._connection.transaction(), self._connection.cursor() as cursor:
            for table in tables:
                into = f"COPY {table.name} ({', '.join(table.columns)}) FROM STDIN"
                with cursor.copy(into) as copy:
                    for row in table.rows:
                        copy.write_row(row)

    def close(self) -> None:
        self._connection.close()
