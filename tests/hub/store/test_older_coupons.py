"""Ledgers from before a coupon could have several uses: whose they were, and what is counted, the receipts say."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from hub.audit.verify import verify
from hub.store.coupon_records import CampaignMemberRow, CampaignRow
from hub.store.postgres import opening
from hub.store.postgres.store import PostgresStore
from hub.store.records import CouponRow
from hub.store.seam import Store
from hub.store.sqlite.store import ROOM, UTC, SqliteStore
from loyalty.bodies import Body, CouponUse, MemberJoined, MemberMerged, Sale, SaleNumber
from storage.schema import Room
from storage.sqlite_file import SqliteFile
from tests.hub.conftest import AA, BB, DAY, Pen
from tests.hub.store.servers import schema_at

SQLITE_BEFORE, POSTGRES_BEFORE = 20, 18  # migrations
MEMBERS = {"anna": None, "boris": "vera", "vera": "anna"}  # who went into whom
CC = "cc" * 16


def sale(serial: str, member: str | None, card: str | None, off: int) -> Sale:
    uses = (CouponUse(serial=serial, campaign="c", discount_kopecks=off),)
    number = SaleNumber(day=DAY, number=f"{serial[:1]}{off}")
    return Sale(sale=number, member=member, card=card, lines=(), total_kopecks=1_000, paid_kopecks=1_000, coupons=uses)


def ledger() -> list[str]:
    """What the hub of then wrote, as SQL that both databases read."""
    said: dict[str, list[Body]] = {
        "hub": [
            *(MemberJoined(member=one, card=f"card{one}", registered=False) for one in MEMBERS),
            MemberMerged(member="boris", into="vera"),
            MemberMerged(member="vera", into="anna"),
        ],
        "t1": [sale(AA, "boris", None, 70), sale(BB, None, None, 30)],
        "t2": [sale(AA, "nobody", "cardanna", 5), sale(CC, "anna", None, 100)],
    }
    lines = []
    for chain, bodies in said.items():
        pen = Pen(chain)
        for body in bodies:
            text = pen.write(body).replace("'", "''")
            lines.append(
                "INSERT INTO operations (chain, generation, sequence, hash, text, reason)"
                f" VALUES ('{chain}', 1, {pen.sequence}, '{pen.last_hash}', '{text}', NULL)"
            )
        lines.append(
            f"INSERT INTO chains (chain, generation, sequence, last_hash) VALUES ('{chain}', 1, {pen.sequence},"
            f" '{pen.last_hash}')"
        )
    for member, into in MEMBERS.items():
        gone = f"'{into}'" if into else "NULL"
        lines += [
            "INSERT INTO members (member, programme, registered, debt, merged_into)"
            f" VALUES ('{member}', 'alenka', FALSE, 0, {gone})",
            f"INSERT INTO cards (number, member, status) VALUES ('card{member}', 'anna', 'issued')",
        ]
    for serial, chain, sequence in ((AA, "t1", 1), (BB, "t1", 2), (CC, "t2", 2)):
        lines.append(f"INSERT INTO used_coupons VALUES ('{serial}', '{chain}', 1, {sequence})")
    return [*lines, f"INSERT INTO coupon_conflicts VALUES ('{AA}', 't2', 1, 1)"]


def check(store: Store) -> None:
    with store.reading() as reader:
        assert list(reader.all_coupon_uses()) == [
            CouponRow(AA, "t1", 1, 1, 1, "alenka", "c", "boris", 70),
            CouponRow(BB, "t1", 1, 2, 1, "alenka", "c", "", 30),
            CouponRow(CC, "t2", 1, 2, 1, "alenka", "c", "anna", 100),
        ]
        assert list(reader.all_conflicts()) == [CouponRow(AA, "t2", 1, 1, 0, "alenka", "c", "anna", 5)]
        assert list(reader.all_campaigns()) == [CampaignRow("alenka", "c", 4, 205)]
        assert list(reader.all_campaign_members()) == [CampaignMemberRow("anna", "alenka", "c", 3, 175)]
    words = ("coupon", "campaign", "uses", "kopecks")
    faults = verify(store, lambda programme: UTC).faults
    assert [fault for fault in faults if any(word in fault for word in words)] == []


def test_a_file(tmp_path: Path) -> None:
    old, path = tmp_path / "old" / "hub", tmp_path / "hub.db"
    (old / "migrations").mkdir(parents=True)
    (old / "queries.sql").write_text("-- name: nothing()\nSELECT 1;\n", encoding="utf-8")
    for migration in sorted((ROOM.folder / "migrations").glob("*.sql"))[:SQLITE_BEFORE]:
        shutil.copy(migration, old / "migrations")
    SqliteFile(path, Room(old, "hub")).close()
    with closing(sqlite3.connect(path)) as connection:
        days = "INSERT INTO settings VALUES ('days_worked_out', '1')"
        connection.executescript(f"BEGIN; {days};{';'.join(ledger())}; COMMIT;")
    store = SqliteStore(path)
    check(store)
    store.close()


def test_a_database(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with schema_at(postgres) as url:
        with monkeypatch.context() as before:
            before.setattr(opening, "MIGRATIONS", opening.MIGRATIONS[:POSTGRES_BEFORE])
            PostgresStore(url).close()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(";".join(ledger()).encode())
        store = PostgresStore(url)
        check(store)
        store.close()
