"""Recording a sale: the transaction that makes it exist, against the least that could be as durable.

    python -m benchmarks.commit [--short]

Ours: `Cache.record` of a sale of ten lines with a member, with identity, hash, outbox row and a receipt, on a file that
holds 20,000 members and 5,000 operations already. The opponent writes the same bytes in as many rows (operation, place
in the outbox, paper) into another file in WAL mode with synchronous=FULL, by sqlite3 alone, on tables as long and
without an index; another one writes them into tables with the same keys and indexes, so that they are found again. In
turns in the same run; processor time and wall time, medians. The last line is a JSON object of the figures.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from benchmarks.quote import basket_of
from config.programmes import load_programme
from loyalty.bodies import Sale, SaleNumber
from loyalty.lots import account_of
from loyalty.member import MemberView
from loyalty.operation import Key, utc_text
from loyalty.quote import quote
from loyalty.snapshot import CardSnapshot, LotSnapshot, MemberSnapshot
from loyalty.sold import sale_of
from offline_cache.cache import Cache, Rules
from offline_cache.records import Page, Paper

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
RATIO_MOST = 1.3
WHO = ("ours", "plain", "keyed")
TABLES = ("operations", "outbox", "print_jobs")
SCHEMA = f"SELECT sql FROM sqlite_master WHERE tbl_name IN {TABLES} AND sql IS NOT NULL ORDER BY type DESC"
LAST = tuple((table, f"{'job' if table == 'print_jobs' else 'sequence'} DESC LIMIT 1") for table in TABLES)
LINES = 10
RECEIPT_BYTES = 3_000  # of its document
PROGRAMME = load_programme("perekrestok")
RULES = Rules(programme=PROGRAMME.id, programme_hash=PROGRAMME.content_hash)


def member(number: int) -> MemberSnapshot:
    begun = utc_text(NOW - timedelta(days=30))
    lots = tuple(
        LotSnapshot(id=str(lot), points=500, active_from=begun, expires_at=utc_text(NOW + timedelta(days=lot + 1)))
        for lot in range(6)
    )
    return MemberSnapshot(member=f"m{number}", cards=(CardSnapshot(number=f"c{number}", status="active"),), lots=lots)


def sale(number: int, chance: random.Random) -> Sale:
    who = member(chance.randrange(1_000))
    basket = basket_of(random.Random(1), LINES)
    view = MemberView(points_active=3_000, favourites=("dairy",))
    answer = quote(PROGRAMME, basket, view, at=NOW, requested_points=500)
    told = SaleNumber(day="2026-06-01", number=str(number))
    return sale_of(
        PROGRAMME, basket, view, answer, NOW, number=told, member=who.member, account=account_of(who.account.lots)
    )


def filled(path: Path, members: int, operations: int) -> Cache:
    """A till's file as it is after some weeks."""
    cache = Cache(path, "t1")
    for start in range(0, members, 1_000):
        cache.changes.apply(
            Page(
                members=[member(number) for number in range(start, start + 1_000)],
                used_coupons=(),
                coupon_keys={},
                phone_hash_key=bytes(32),
                watermark=Key(1, 0),
                cursor=str(start + 1),
                pulled_at=NOW,
            )
        )
    chance = random.Random(7)
    for number in range(operations):
        record(cache, sale(-number - 1, chance))
    return cache


def record(cache: Cache, body: Sale) -> None:
    paper = Paper(kind="receipt", label=body.sale.number, document=bytes(RECEIPT_BYTES))
    cache.record([body], sale=body.sale, rules=RULES, papers=lambda made: [paper], at=NOW)


def bare(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    return connection


def plain(path: Path, text: str, rows: int) -> Callable[[int], None]:
    connection = bare(path)
    connection.execute("CREATE TABLE operations (number INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    connection.execute("CREATE TABLE outbox (number INTEGER PRIMARY KEY)")
    connection.execute("CREATE TABLE papers (number INTEGER PRIMARY KEY, document BLOB NOT NULL)")

    def insert(number: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO operations VALUES (?, ?)", (number, text))
        connection.execute("INSERT INTO outbox VALUES (?)", (number,))
        connection.execute("INSERT INTO papers VALUES (?, ?)", (number, bytes(RECEIPT_BYTES)))
        connection.execute("COMMIT")

    for number in range(rows):
        insert(number + 1)
    return insert


class Keyed:
    """The same rows in tables with the same keys and indexes."""

    def __init__(self, path: Path, cache: Cache) -> None:
        self._cache = cache
        self._bare = bare(path)
        with cache.file.reading() as ours:
            for (made,) in list(ours.execute(SCHEMA)):
                self._bare.execute(made)
            for table in TABLES:
                self._insert(table, ours.execute(f"SELECT * FROM {table}").fetchall())

    def last(self) -> list[tuple[str, list[tuple[Any, ...]]]]:
        """What ours wrote just now."""
        with self._cache.file.reading() as ours:
            return [(table, ours.execute(f"SELECT * FROM {table} ORDER BY {last}").fetchall()) for table, last in LAST]

    def write(self, rows: list[tuple[str, list[tuple[Any, ...]]]]) -> None:
        self._bare.execute("BEGIN IMMEDIATE")
        for table, written in rows:
            self._insert(table, written)
        self._bare.execute("COMMIT")

    def _insert(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * len(rows[0]))
        self._bare.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def measure(members: int, operations: int, sales: int) -> dict[str, float]:
    """Microseconds for one sale, medians of turns taken in alternation."""
    times: dict[str, list[float]] = {f"{who}_{what}": [] for who in WHO for what in ("cpu", "wall")}
    with tempfile.TemporaryDirectory() as folder:
        cache = filled(Path(folder) / "till.db", members, operations)
        (_, text), *_ = cache.outbox(1)
        insert = plain(Path(folder) / "plain.db", text, operations)
        keyed = Keyed(Path(folder) / "keyed.db", cache)
        chance = random.Random(8)
        for number in range(sales):
            body = sale(number, chance)
            _timed(times, "ours", lambda body=body: record(cache, body))  # type: ignore[misc]
            _timed(times, "plain", lambda number=number: insert(operations + number + 1))  # type: ignore[misc]
            rows = keyed.last()
            _timed(times, "keyed", lambda rows=rows: keyed.write(rows))  # type: ignore[misc]
        cache.close()
    return {name: median(values) * 1e6 for name, values in times.items()} | {"text_bytes": float(len(text.encode()))}


def _timed(times: dict[str, list[float]], name: str, act: Callable[[], None]) -> None:
    cpu, wall = process_time(), perf_counter()
    act()
    times[f"{name}_cpu"].append(process_time() - cpu)
    times[f"{name}_wall"].append(perf_counter() - wall)


def main() -> int:
    short = "--short" in sys.argv
    found = measure(*((1_000, 200, 200) if short else (20_000, 5_000, 2_000)))
    ratio = found["ours_wall"] / found["plain_wall"]
    good = ratio <= RATIO_MOST
    sys.stdout.write(
        f"commit of a sale, {LINES} lines: {found['ours_wall']:.0f} µs ({found['ours_cpu']:.0f} of the processor); "
        f"as many plain rows, as durable: {found['plain_wall']:.0f} µs ({found['plain_cpu']:.0f}); "
        f"ratio {ratio:.2f} (target {RATIO_MOST:.1f}) {'good' if good else 'MISSED'}; "
        f"the same with its keys: {found['keyed_wall']:.0f} µs ({found['keyed_cpu']:.0f}), "
        f"ratio {found['ours_wall'] / found['keyed_wall']:.2f}\n"
    )
    sys.stdout.write(json.dumps({name: round(value, 1) for name, value in found.items()} | {"ratio": ratio}) + "\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
