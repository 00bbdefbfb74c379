"""Ledgers of before, of the second schema and of the first: what they hold is carried over, and their sums hold.

The ledger of the second schema is made here by SQL, row by row as the hub of then wrote it.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hub.goods import PARTITION
from hub.store.errors import StoreOff
from hub.store.named import NamedRow
from hub.store.office_records import GoodsRow, SeenRow, StoreRow
from hub.store.records import (
    CardRow,
    ChainEnd,
    ChangeRow,
    CouponRow,
    DayRow,
    EntryRow,
    JobRow,
    LotRow,
    MemberRow,
    Place,
    ProfileRow,
    ReturnRow,
)
from hub.store.rows import Rows
from hub.store.sqlite.store import ROOM, SqliteStore
from storage.schema import Room
from storage.sqlite_file import FileError, SqliteFile
from tests.hub.store.rows import hold, member

BEFORE = ("0001_initial.sql", "0002_chains.sql")
SCHEMA = len(list((ROOM.folder / "migrations").glob("*.sql")))
FIRST_KIND = Path(__file__).parents[2] / "upgrade" / "hub.db"
START = "2026-03-02T09:00:00.000000+00:00"
END = "2026-06-01T00:00:00.000000+00:00"

# Anna: a grant that expired and came back to life, sales, one of them not covered, a return of it that was late. Vera
# went into Boris and Boris into Anna. Zoe redeemed without cover what she earned at once. Texts need not be sales here.
LEDGER = f"""
INSERT INTO settings VALUES ('days_worked_out', '1'), ('coupon_private_key', 'secret');
INSERT INTO chains VALUES ('hub', 1, 5, 'h5'), ('office', 1, 4, 'o4'), ('t1', 1, 10, 'x10'), ('t1', 2, 1, 'y1');
INSERT INTO members (member, programme, registered, phone, birthday, favourites, merged_into) VALUES
  ('anna', 'alenka', 1, '+79161234567', '1990-05-17', '["чай"]', NULL),
  ('boris', 'alenka', 1, NULL, NULL, '[]', 'anna'),
  ('petr', 'perekrestok', 1, NULL, NULL, '[]', NULL),
  ('vera', 'alenka', 0, NULL, NULL, '[]', 'boris'),
  ('zoe', 'alenka', 0, NULL, NULL, '[]', NULL);
INSERT INTO cards (number, member, status, active_from) VALUES
  ('c1', 'anna', 'replaced', NULL), ('c2', 'anna', 'active', NULL),
  ('c3', 'anna', 'pending', '2026-03-05T09:00:00+00:00'), ('c4', 'zoe', 'issued', NULL);
UPDATE cards SET successor = 'c2' WHERE number = 'c1';
INSERT INTO operations VALUES
  ('hub', 1, 1, 'h1', '{{"n":"grant  to anna"}}', '{{"result":"applied","reason":null}}'),
  ('hub', 1, 2, 'h2', '{{"n":"expiry"}}', '{{"result":"applied","reason":null}}'),
  ('hub', 1, 3, 'h3', '{{"n":"grant to vera"}}', '{{"generation":1,"result":"applied","reason":null}}'),
  ('hub', 1, 4, 'h4', '{{"n":"expiry of vera"}}', '{{"result":"applied"}}'),
  ('hub', 1, 5, 'h5', '{{"n":"a grant that her debt takes"}}', '{{"result":"applied","reason":null}}'),
  ('office', 1, 1, 'o1', '{{"n":"another end"}}', '{{"result":"applied","reason":null}}'),
  ('office', 1, 2, 'o2', '{{"n":"vera into boris"}}', '{{"result":"applied","reason":null}}'),
  ('office', 1, 3, 'o3', '{{"n":"points away"}}', '{{"result":"applied","reason":null}}'),
  ('office', 1, 4, 'o4', '{{"n":"boris into anna"}}', '{{"result":"applied","reason":null}}'),
  ('t1', 1, 1, 'x1', '{{"n":"sale"}}', '{{"result":"applied","reason":null}}'),
  ('t1', 1, 2, 'x2', 'not even JSON 😀', '{{"result":"refused","reason":"unknown_member"}}'),
  ('t1', 1, 3, 'x3', '{{"n":"sale on credit"}}', '{{"result":"applied","reason":null}}'),
  ('t1', 1, 4, 'x4', '{{"n":"return, a part too late"}}', '{{"result":"applied","reason":null}}'),
  ('t1', 1, 5, 'x5', '{{"n":"sale to petr"}}', '{{"result":"applied","reason":null}}'),
  ('t1', 1, 6, 'x6', '{{"n":"made a lot of zoe"}}', '{{"result":"applied","reason":null}}'),
  ('t1', 1, 7, 'x7', '{{"body":{{"member":"zoe"}}}}', '{{"result":"applied","reason":null}}'),
  ('t1', 1, 8, 'x8', '{{"n":"sale to boris"}}', '{{"result":"applied","reason":null}}'),
  ('t1', 1, 9, 'x9', '{{"n":"sale to vera on credit"}}', '{{"result":"applied","reason":null}}'),
  ('t1', 1, 10, 'x10', '{{"body":{{"member":null,"card":"c4"}}}}', '{{"result":"applied","reason":null}}'),
  ('t1', 2, 1, 'y1', '{{"n":"no points"}}', '{{"result":"applied","reason":null}}');
INSERT INTO lots VALUES
  (1, 'anna', 'hub', 1, 1, 100, 60, 0, '{START}', '{END}'),
  (2, 'anna', 't1', 1, 1, 10, 0, 0, '{START}', NULL),
  (3, 'anna', 'hub', 1, 3, 50, 0, 20, '{START}', '{START}'),
  (4, 'petr', 't1', 1, 5, 7, 7, 0, '{START}', NULL),
  (5, 'zoe', 't1', 1, 6, 5, 0, 0, '{START}', NULL),
  (6, 'anna', 't1', 1, 8, 9, 9, 0, '{START}', '{END}'),
  (7, 'anna', 'hub', 1, 5, 4, 0, 0, '{START}', NULL);
INSERT INTO entries (chain, generation, sequence, account, owner, lot, points) VALUES
  ('hub', 1, 1, 'member', 'anna', 1, 100), ('hub', 1, 1, 'issued', 'alenka', NULL, -100),
  ('hub', 1, 2, 'expired', 'alenka', 1, 100), ('hub', 1, 2, 'member', 'anna', 1, -100),
  ('hub', 1, 3, 'member', 'vera', 3, 50), ('hub', 1, 3, 'issued', 'alenka', NULL, -50),
  ('hub', 1, 4, 'expired', 'alenka', 3, 20), ('hub', 1, 4, 'member', 'vera', 3, -20),
  ('office', 1, 1, 'expired', 'alenka', 1, -100), ('office', 1, 1, 'member', 'anna', 1, 100),
  ('t1', 1, 1, 'member', 'anna', 1, -40), ('t1', 1, 1, 'member', 'anna', 2, 10),
  ('t1', 1, 1, 'redeemed', 'alenka', NULL, 40), ('t1', 1, 1, 'issued', 'alenka', NULL, -10),
  ('t1', 1, 9, 'debt', 'vera', NULL, -4), ('t1', 1, 9, 'redeemed', 'alenka', NULL, 4),
  ('hub', 1, 5, 'debt', 'vera', NULL, 4), ('hub', 1, 5, 'issued', 'alenka', NULL, -4),
  ('t1', 1, 8, 'member', 'boris', 6, 9), ('t1', 1, 8, 'issued', 'alenka', NULL, -9),
  ('t1', 1, 3, 'member', 'anna', 2, -10), ('t1', 1, 3, 'debt', 'anna', NULL, -25),
  ('t1', 1, 3, 'redeemed', 'alenka', NULL, 35),
  ('t1', 1, 4, 'debt', 'anna', NULL, 5), ('t1', 1, 4, 'redeemed', 'alenka', NULL, -8),
  ('t1', 1, 4, 'expired', 'alenka', NULL, 3),
  ('t1', 1, 5, 'member', 'petr', 4, 7), ('t1', 1, 5, 'issued', 'perekrestok', NULL, -7),
  ('t1', 1, 6, 'redeemed', 'alenka', NULL, 5), ('t1', 1, 6, 'issued', 'alenka', NULL, -5),
  ('t1', 1, 7, 'redeemed', 'alenka', NULL, -3), ('t1', 1, 7, 'issued', 'alenka', NULL, 3),
  ('t1', 1, 10, 'redeemed', 'alenka', NULL, 2), ('t1', 1, 10, 'issued', 'alenka', NULL, -2),
  ('office', 1, 2, 'member', 'vera', 3, -30), ('office', 1, 2, 'member', 'boris', 3, 30),
  ('office', 1, 3, 'member', 'boris', 3, -30), ('office', 1, 3, 'debt', 'boris', NULL, -6),
  ('office', 1, 3, 'adjusted', 'alenka', NULL, 36),
  ('office', 1, 4, 'member', 'boris', 6, -9), ('office', 1, 4, 'member', 'anna', 6, 9),
  ('office', 1, 4, 'debt', 'boris', NULL, 6), ('office', 1, 4, 'debt', 'anna', NULL, -6);
INSERT INTO redeemed_days VALUES ('anna', '2026-03-02', 40, 0), ('anna', '2026-03-03', 35, 35);
INSERT INTO spent_days VALUES ('anna', '2026-03-02', 29541), ('petr', '2026-03-01', 190);
INSERT INTO retell VALUES ('anna', '{END}');
INSERT INTO returns VALUES ('t1', 1, 3, 't1', 1, 4, 8);
INSERT INTO used_coupons VALUES ('s1', 't1', 1, 1);
INSERT INTO coupon_conflicts VALUES ('s1', 't1', 1, 3);
INSERT INTO programmes VALUES ('p1', 'id: alenka');
INSERT INTO changes (programme, kind, key) VALUES ('alenka', 'member', 'anna'), ('alenka', 'coupon', 's1'),
  ('perekrestok', 'member', 'petr'), ('alenka', 'member', 'zoe'), ('alenka', 'member', 'lost');
DELETE FROM changes WHERE cursor = 5;
"""
SCHEMA = len(list((ROOM.folder / "migrations").glob("*.sql")))
BEGAN, ENDS = datetime.fromisoformat(START), datetime.fromisoformat(END)


def old_room(folder: Path, migrations: Collection[str] = BEFORE) -> Room:
    """The hub's room as it was."""
    (folder / "migrations").mkdir(parents=True)
    (folder / "queries.sql").write_text("-- name: nothing()\nSELECT 1;\n", encoding="utf-8")
    for name in migrations:
        shutil.copy(ROOM.folder / "migrations" / name, folder / "migrations")
    return Room(folder, "hub")


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A ledger of the second schema."""
    path = tmp_path / "hub.db"
    SqliteFile(path, old_room(tmp_path / "old" / "hub")).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"PRAGMA foreign_keys = ON; BEGIN; {LEDGER} COMMIT;")
    return path


@pytest.fixture
def store(before: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(before)
    yield store
    store.close()


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_what_was_said_is_kept_letter_by_letter_and_answers_are_their_reasons(before: Path) -> None:
    query = "SELECT chain, generation, sequence, hash, text FROM operations ORDER BY 1, 2, 3"
    said = rows(before, query)
    store = SqliteStore(before)
    with store.reading() as reader:
        kept = list(reader.all_operations())
    store.close()
    assert [one[:5] for one in kept] == said == rows(before, query) and len(said) == 20
    assert {one.place: one.reason for one in kept if one.reason} == {Place("t1", 1, 2): "unknown_member"}


def test_members_cards_and_the_rest_are_as_they_were(store: SqliteStore) -> None:
    with store.reading() as reader:
        assert list(reader.all_members()) == [
            MemberRow("anna", "alenka", True, debt=26),
            MemberRow("boris", "alenka", True, merged_into="anna"),
            MemberRow("petr", "perekrestok", True),
            MemberRow("vera", "alenka", False, merged_into="boris"),
            MemberRow("zoe", "alenka", False),
        ]
        assert reader.profiles(["anna"]) == {"anna": ProfileRow("anna", "+79161234567", "1990-05-17", ("чай",))}
        assert list(reader.all_cards()) == [
            CardRow("c1", "anna", "replaced", None, "c2"),
            CardRow("c2", "anna", "active"),
            CardRow("c3", "anna", "pending", datetime(2026, 3, 5, 9, tzinfo=UTC)),
            CardRow("c4", "zoe", "issued"),
        ]
        ends = [("hub", 1, 5, "h5"), ("office", 1, 4, "o4"), ("t1", 1, 10, "x10"), ("t1", 2, 1, "y1")]
        assert list(reader.all_chains()) == [ChainEnd(*end) for end in ends]
        assert list(reader.all_returns()) == [ReturnRow("t1", 1, 3, "t1", 1, 4, 8)]
        assert list(reader.all_coupon_uses()) == [CouponRow("s1", "t1", 1, 1)]
        assert list(reader.all_conflicts()) == [CouponRow("s1", "t1", 1, 3, number=0)]
        assert reader.programmes(["p1"]) == {"p1": "id: alenka"} and reader.setting("coupon_private_key") == "secret"
        assert list(reader.all_days()) == [
            DayRow("anna", "2026-03-02", 40, 0, 29_541),
            DayRow("anna", "2026-03-03", 35, 35, 0),
            DayRow("petr", "2026-03-01", 0, 0, 190),
        ]
        assert list(reader.damage()) == []


def test_lots_bear_the_name_of_their_operation_and_stand_empty_at_whoever_had_them(store: SqliteStore) -> None:
    with store.reading() as reader:
        assert list(reader.all_lots()) == [
            LotRow("anna", "hub/1/000000000001", 100, 60, 0, BEGAN, ENDS),
            LotRow("anna", "hub/1/000000000003", 50, 0, 20, BEGAN, BEGAN),
            LotRow("anna", "hub/1/000000000005", 4, 0, 0, BEGAN, None),
            LotRow("anna", "t1/1/000000000001", 10, 0, 0, BEGAN, None),
            LotRow("anna", "t1/1/000000000008", 9, 9, 0, BEGAN, ENDS),
            LotRow("boris", "hub/1/000000000003", 50, 0, 0, BEGAN, BEGAN),
            LotRow("boris", "hub/1/000000000005", 4, 0, 0, BEGAN, None),
            LotRow("boris", "t1/1/000000000008", 9, 0, 0, BEGAN, ENDS),
            LotRow("petr", "t1/1/000000000005", 7, 7, 0, BEGAN, None),
            LotRow("vera", "hub/1/000000000003", 50, 0, 0, BEGAN, BEGAN),
            LotRow("vera", "hub/1/000000000005", 4, 0, 0, BEGAN, None),
            LotRow("zoe", "t1/1/000000000006", 5, 0, 0, BEGAN, None),
        ]


def test_entries_stand_with_the_member_whose_points_moved(store: SqliteStore) -> None:
    """In the order in which they were made, which the old row numbers say."""
    with store.reading() as reader:
        places = [Place("t1", 1, number) for number in (1, 4, 6, 7, 10)]
        entries = reader.entries_of([*places, Place("hub", 1, 4), Place("office", 1, 4)])
        whole = reader.counts().entries
    assert entries == [
        EntryRow("hub", 1, 4, 1, "anna", "expired", "hub/1/000000000003", 20),  # it stands where its lot does
        EntryRow("hub", 1, 4, 2, "vera", "member", "hub/1/000000000003", -20),
        EntryRow("office", 1, 4, 1, "boris", "member", "t1/1/000000000008", -9),
        EntryRow("office", 1, 4, 2, "anna", "member", "t1/1/000000000008", 9),
        EntryRow("office", 1, 4, 3, "boris", "debt", None, 6),
        EntryRow("office", 1, 4, 4, "anna", "debt", None, -6),
        EntryRow("t1", 1, 1, 1, "anna", "member", "hub/1/000000000001", -40),
        EntryRow("t1", 1, 1, 2, "anna", "member", "t1/1/000000000001", 10),
        EntryRow("t1", 1, 1, 3, "anna", "redeemed", None, 40),
        EntryRow("t1", 1, 1, 4, "anna", "issued", None, -10),
        EntryRow("t1", 1, 4, 1, "anna", "debt", None, 5),
        EntryRow("t1", 1, 4, 2, "anna", "redeemed", None, -8),
        EntryRow("t1", 1, 4, 3, "anna", "expired", None, 3),
        EntryRow("t1", 1, 6, 1, "zoe", "redeemed", None, 5),  # by the lot that it made
        EntryRow("t1", 1, 6, 2, "zoe", "issued", None, -5),
        EntryRow("t1", 1, 7, 1, "zoe", "redeemed", None, -3),  # by its text
        EntryRow("t1", 1, 7, 2, "zoe", "issued", None, 3),
        EntryRow("t1", 1, 10, 1, "zoe", "redeemed", None, 2),  # by the card that its text names
        EntryRow("t1", 1, 10, 2, "zoe", "issued", None, -2),
    ]
    assert whole == 43


def test_the_sums_hold(store: SqliteStore) -> None:
    """Those that `pos-hub verify` looks at: of each operation, each lot, each member's debt."""
    moved: Counter[tuple[str, str]] = Counter()
    died: Counter[tuple[str, str]] = Counter()
    debts: Counter[str] = Counter()
    sums: Counter[Place] = Counter()
    with store.reading() as reader:
        for entry in reader.all_entries():
            sums[entry.place] += entry.points
            if entry.lot is not None:
                (moved if entry.account == "member" else died)[entry.member, entry.lot] += entry.points
            if entry.account == "debt":
                debts[entry.member] -= entry.points
        assert set(sums.values()) == {0} and len(sums) == 18
        assert {row.key: row.remaining for row in reader.all_lots()} == {
            row.key: moved[row.key] for row in reader.all_lots()
        }
        assert {row.key: row.expired for row in reader.all_lots()} == {
            row.key: died[row.key] for row in reader.all_lots()
        }
        assert {row.member: row.debt for row in reader.all_members()} == {
            row.member: debts[row.member] for row in reader.all_members()
        }


def test_cursors_of_the_feed_go_on(before: Path) -> None:
    """A till's cursor is good for ever; no number is given twice, not even one whose row is gone."""
    told = rows(before, "SELECT cursor, key FROM changes WHERE programme = 'alenka' ORDER BY cursor")
    assert told == [(1, "anna"), (2, "s1"), (4, "zoe")]
    store = SqliteStore(before)
    with store.writing() as writer:
        writer.write(Rows(new_members=[member("new")]))
    with store.reading() as reader:
        assert [(int(one.cursor), one.key) for one in reader.changes("alenka", "", 9)] == told
        assert [one.key for one in reader.changes("alenka", "2", 9)] == ["zoe"]
        assert [one.key for one in reader.changes("alenka", "0", 1)] == ["anna"], "where tills of today begin"
        assert [one.key for one in reader.changes("perekrestok", "", 9)] == ["petr"]
    with closing(sqlite3.connect(before)) as connection, connection:
        connection.execute("INSERT INTO changes (partition, kind, key) VALUES ('alenka', 'member', 'next')")
    with store.reading() as reader:
        assert [one.cursor for one in reader.changes("alenka", "4", 9)] == ["6"]
    store.close()


def test_cases_begin_where_the_chains_of_before_ended(store: SqliteStore) -> None:
    with store.reading() as reader:
        ends = {f"{end.chain}/{end.generation}": end.sequence for end in reader.all_chains()}
        assert json.loads(reader.setting("cases_since") or "") == ends and list(reader.all_cases()) == []


def test_nobody_of_a_ledger_of_before_has_reserved_anything(store: SqliteStore) -> None:
    with store.writing() as writer:
        assert list(writer.all_holds()) == [] == list(writer.all_seen()) and writer.stores() == {}
        writer.write(Rows(new_holds=[hold("h1")], stores=[StoreRow("s1")], seen=[SeenRow("anna", "s1", BEGAN)]))
        assert writer.holds_of(["anna"]) == [hold("h1")] and writer.stores() == {"s1": StoreRow("s1")}


def test_a_ledger_of_before_takes_goods_and_tells_of_them_behind_all_else(store: SqliteStore) -> None:
    with store.reading() as reader:
        last = max((int(change.cursor) for change in reader.all_changes()), default=0)
    with store.writing() as writer:
        assert list(writer.all_goods()) == []
        writer.write(Rows(goods=[GoodsRow("1", "{}")], changes=[ChangeRow(PARTITION, "goods", "1")]))
    with store.reading() as reader:
        (change,) = reader.changes(PARTITION, "", 9)
        assert (change.kind, change.key) == ("goods", "1") and int(change.cursor) > last


def test_a_ledger_of_before_is_opened_again_and_again(before: Path) -> None:
    for _ in range(3):
        SqliteStore(before).close()
    assert rows(before, "PRAGMA user_version") == [(SCHEMA,)] and rows(before, "SELECT count(*) FROM entries") == [
        (43,)
    ]
    tables = {name for (name,) in rows(before, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"went", "whose", "kept", "people", "held", "parcels", "sides", "retell", "redeemed_days"}.isdisjoint(tables)


def test_the_program_of_before_refuses_it_in_one_line(before: Path, tmp_path: Path) -> None:
    SqliteStore(before).close()
    with pytest.raises(FileError, match=rf"newer pos-agent \(schema {SCHEMA}, this one knows 2\)"):
        SqliteFile(before, Room(tmp_path / "old" / "hub", "hub"))


def test_who_was_told_again_until_when_is_a_job_s_by_now(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    SqliteFile(path, old_room(tmp_path / "old" / "hub", (*BEFORE, "0003_keys.sql"))).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO settings VALUES ('retold_until', ?), ('colour', 'red')", (START,))
    store = SqliteStore(path)
    with store.reading() as reader:
        assert reader.jobs() == {"retell": JobRow("retell", BEGAN)} and reader.all_settings() == {"colour": "red"}
    store.close()


def test_a_till_s_file_is_no_ledger(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    SqliteFile(path, Room(ROOM.folder, "offline_cache")).close()
    with pytest.raises(StoreOff, match="not a file of hub"):
        SqliteStore(path)


# the first schema: operations, and no sums of days yet


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return Path(shutil.copy(FIRST_KIND, tmp_path / "first.db"))


def moscow(programme: str) -> ZoneInfo:
    return ZoneInfo("Europe/Moscow")


def test_days_of_a_ledger_of_the_first_kind_are_worked_out_once(first: Path) -> None:
    for _ in range(2):
        store = SqliteStore(first, zone_of=moscow)
        with store.reading() as reader:
            assert list(reader.all_days()) == [
                DayRow("anna", "2026-03-02", 150, 0, 29_541),
                DayRow("boris", "2026-03-02", 60, 0, 34_000),
                DayRow("petr", "2026-03-02", 880, 0, 190),
                DayRow("t1-2026-03-02-2", "2026-03-02", 0, 0, 49_490),
                DayRow("vera", "2026-03-02", 0, 0, 31_970),
            ]
        with store.writing() as writer:
            writer.write(Rows(days=[DayRow("anna", "2026-03-02", 0, 0, 0)]))
        store.close()


def test_days_are_those_of_the_programmes_own_clock(first: Path) -> None:
    store = SqliteStore(first, zone_of=lambda programme: ZoneInfo("Pacific/Kiritimati"))
    with store.reading() as reader:
        assert {row.day for row in reader.all_days()} == {"2026-03-02", "2026-03-03"}
    store.close()


def test_days_that_are_broken_off_are_worked_out_from_the_beginning(
    first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power goes after some of the batches."""
    import hub.store.sqlite.older as older

    real = older._days
    done: list[int] = []

    def torn(*args: object) -> list[DayRow]:
        done.append(1)
        if len(done) == 4:
            raise KeyboardInterrupt
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(older, "BATCH", 3)
    monkeypatch.setattr(older, "_days", torn)
    with pytest.raises(KeyboardInterrupt):
        SqliteStore(first, zone_of=moscow)
    assert rows(first, "SELECT count(*) FROM days") == [(0,)]
    monkeypatch.setattr(older, "_days", real)
    store = SqliteStore(first, zone_of=moscow)
    with store.reading() as reader:
        assert sum(row.spent_kopecks for row in reader.all_days()) == 29_541 + 34_000 + 190 + 49_490 + 31_970
    store.close()


def test_operations_of_before_are_found_by_whom_they_name_but_those_that_made_a_lot(store: SqliteStore) -> None:
    with store.reading() as reader:
        assert list(reader.all_named()) == [NamedRow("c4", "t1", 1, 10), NamedRow("zoe", "t1", 1, 7)]
