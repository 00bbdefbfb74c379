"""What a member did is found in the order of moments, a page at a time; a ledger of before is given what it needs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from hub.books.named import found_by, name_of_merges, name_of_moment, named_by, names_after
from hub.store.named import NamedRow
from hub.store.postgres.named import ROOM as POSTGRES
from hub.store.records import KeptOperation, Place
from hub.store.rows import Rows
from hub.store.seam import Store
from hub.store.sqlite.store import ROOM as SQLITE
from loyalty.bodies import (
    Accrued,
    Body,
    CertificateReplaced,
    Grant,
    MemberMerged,
    OperationRef,
    Sale,
    SaleClaimed,
    SaleNumber,
)
from loyalty.operation import hash_operation, read_operation, utc_text
from tests.hub.conftest import NOW, Pen

MARK = "\x1f"


def row(name: str, sequence: int, chain: str = "t1") -> NamedRow:
    return NamedRow(name, chain, 1, sequence)


def test_rows_of_a_name_are_read_from_the_last_one_back(store: Store) -> None:
    first, second = name_of_moment("анна", "2026-03-02T09"), name_of_moment("анна", "2026-03-02T10")
    his = [row(first, 9), row(second, 2), row(second, 1, "t2")]
    names = ("анна", name_of_moment("анн", "2026-03-02T11"), name_of_moment("анна2", "2026"))
    others = [row(name, 5) for name in names]
    with store.writing() as writer:
        writer.write(Rows(named=[*his, *others]))
    behind, begin = row(names_after("анна"), 0, ""), name_of_moment("анна", "")
    with store.reading() as reader:
        assert reader.named_before(begin, behind, 9) == his[::-1]
        assert reader.named_before(begin, behind, 2) == his[:0:-1]
        assert reader.named_before(begin, his[2], 9) == his[1::-1], "of one moment in the order of places"
        assert reader.named_before(second, behind, 9) == his[:0:-1], "from that moment on"
        assert reader.named_before(begin, his[0], 9) == []


def texts() -> list[str]:
    """Of every kind of name, and one that nobody can read."""
    pen, number, at = Pen(), SaleNumber(day="2026-03-02", number="7"), utc_text(NOW)
    sale: dict[str, Any] = {"sale": number, "lines": (), "total_kopecks": 1, "paid_kopecks": 1}
    bodies: tuple[Body, ...] = (
        Sale(member="anna", card="2600", **sale),
        Sale(card="2601", **sale),
        Sale(**sale),
        MemberMerged(member="boris", into="анна"),
        Grant(member="anna", points=1, reason="x", active_from=at),
        SaleClaimed(
            of=OperationRef(chain="t1", generation=1, sequence=3),
            of_sale=number,
            sold_at=at,
            member="anna",
            accrued=Accrued(points=1),
        ),
        CertificateReplaced(certificate="1" * 16, into="2" * 16),
    )
    return [*map(pen.write, bodies), "no operation"]


def keep(store: Store) -> set[tuple[Any, ...]]:
    """As a hub of before had them; what it should find them by now."""
    kept = [KeptOperation("t1", 1, place, hash_operation(text), text, None) for place, text in enumerate(texts(), 1)]
    with store.writing() as writer:
        writer.write(Rows(operations=kept))
    read = [(one.place, read_operation(one.text)) for one in kept[:-1]]
    rows = [found for place, operation in read for found in (*named_by(operation, place), *found_by(operation, place))]
    return {tuple(one) for one in rows if one.name.startswith((f"{MARK}did", f"{MARK}into"))}


def test_the_names_are_those_of_members_cards_and_merges() -> None:
    merged = read_operation(texts()[3])
    found = [one.name for one in found_by(merged, Place("t1", 1, 4))]
    moments = [name_of_moment(one, merged.at) for one in ("boris", "анна")]
    assert found == [name_of_merges("анна"), *moments]
    assert msgspec.structs.asdict(merged.body)["member"] == "boris"


def test_a_file_of_before_is_given_the_names(sqlite_ledger: Any, tmp_path: Path) -> None:
    store = sqlite_ledger()
    wanted = keep(store)
    store.close()
    with closing(sqlite3.connect(tmp_path / "hub.db")) as connection:
        connection.executescript((SQLITE.folder / "migrations" / "0029_moments.sql").read_text(encoding="utf-8"))
        assert set(connection.execute("SELECT name, chain, generation, sequence FROM named")) == wanted
    assert len(wanted) == 7


def test_a_database_of_before_is_given_the_names(postgres_ledger: Any, postgres_schema: str) -> None:
    store = postgres_ledger()
    wanted = keep(store)
    store.close()
    with psycopg.connect(postgres_schema) as connection:
        connection.execute((POSTGRES / "migrations" / "0027_moments.sql").read_bytes())
        assert set(connection.execute("SELECT name, chain, generation, sequence FROM named")) == wanted
