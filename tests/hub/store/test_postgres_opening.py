"""Which servers and ledgers are opened, and what is said of the others."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from hub.goods import PARTITION
from hub.store.errors import LedgerReplaced, StoreOff
from hub.store.office_records import GoodsRow, SeenRow, StoreRow
from hub.store.postgres import opening
from hub.store.postgres.named import ROOM
from hub.store.postgres.store import PostgresStore
from hub.store.records import ChangeRow, JobRow
from hub.store.rows import Rows
from tests.hub.store.rows import NOW, case, hold
from tests.hub.store.servers import sql
from tests.hub.store.test_postgres import SALE


@pytest.fixture
def store(postgres_store: PostgresStore) -> PostgresStore:
    return postgres_store


def test_a_ledger_of_a_newer_program_is_refused(store: PostgresStore, url: str) -> None:
    sql(url, "UPDATE settings SET value = '99' WHERE name = 'schema'")
    with pytest.raises(StoreOff, match=r"schema 99.*newer"):
        PostgresStore(url)


def test_a_ledger_of_before_says_until_when_members_were_told_again(url: str) -> None:
    first = (ROOM / "migrations" / "0001_initial.sql").read_text(encoding="utf-8")
    sql(url, first, "INSERT INTO settings VALUES ('schema', '1'), ('retold_until', '2026-03-02T12:00:00.000007+00:00')")
    store = PostgresStore(url)
    with store.reading() as reader:
        until = datetime(2026, 3, 2, 12, 0, 0, 7, tzinfo=UTC)
        assert reader.jobs() == {"retell": JobRow("retell", until)} and reader.all_settings() == {}
    store.close()


def test_many_hubs_that_open_a_new_server_at_once_make_one_ledger(url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        stores = [told.result() for told in [threads.submit(PostgresStore, url) for _ in range(4)]]
    assert len({store._ledger for store in stores}) == 1
    for store in stores:
        store.close()


def test_a_ledger_from_before_there_were_cases_is_brought_up_to_date(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(opening, "MIGRATIONS", opening.MIGRATIONS[:1])
        PostgresStore(url).close()
    sql(
        url,
        "INSERT INTO chains VALUES ('t1', 1, 17, 'a'), ('t1', 2, 3, 'b'), ('t2', 1, -1, '')",
        "INSERT INTO changes VALUES ('alenka', 1, 'member', 'anna')",
    )
    store = PostgresStore(url)
    with store.writing() as writer:
        writer.write(Rows(new_cases=[case()], changes=[ChangeRow("till:t1", "case", case().id)]))
    with store.reading() as reader:
        assert json.loads(reader.setting("cases_since") or "") == {"t1/1": 17, "t1/2": 3}
        assert [change.key for change in reader.changes("till:t1", "", 9)] == [case().id]
        assert [change.key for change in reader.changes("alenka", "", 9)] == ["anna"]
    store.close()


def test_a_ledger_from_before_there_were_holds_is_brought_up_to_date(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(opening, "MIGRATIONS", opening.MIGRATIONS[:3])
        PostgresStore(url).close()
    sql(url, "INSERT INTO once VALUES ('anna', 'birthday/2026')")
    store = PostgresStore(url)
    with store.writing() as writer:
        assert list(writer.all_holds()) == [] == list(writer.all_seen()) and writer.stores() == {}
        writer.write(Rows(new_holds=[hold("h1")], stores=[StoreRow("s1")], seen=[SeenRow("anna", "s1", NOW)]))
    with store.reading() as reader:
        assert reader.holds_of(["anna"]) == [hold("h1")] and len(reader.once_of(["anna"])) == 1
    store.close()


def test_a_ledger_from_before_there_were_goods_takes_them(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        goods = next(n for n, path in enumerate(opening.MIGRATIONS) if path.stem.endswith("_goods"))
        before.setattr(opening, "MIGRATIONS", opening.MIGRATIONS[:goods])
        PostgresStore(url).close()
    store = PostgresStore(url)
    with store.writing() as writer:
        assert list(writer.all_goods()) == []
        writer.write(Rows(goods=[GoodsRow("1", "{}")], changes=[ChangeRow(PARTITION, "goods", "1")]))
    with store.reading() as reader:
        assert [change.key for change in reader.changes(PARTITION, "", 9)] == ["1"]
    store.close()


def test_operations_of_before_are_found_by_whom_they_name_but_those_that_made_a_lot(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        named = next(n for n, path in enumerate(opening.MIGRATIONS) if path.stem.endswith("_named"))
        before.setattr(opening, "MIGRATIONS", opening.MIGRATIONS[:named])
        PostgresStore(url).close()
    texts = {
        1: '{"body":{"member":"anna","card":"c1"}}',
        2: '{"body":{"member":null,"card":"c1"}}',
        3: '{"body":{"member":"vera","into":"anna"}}',
        4: "not even JSON",
        5: '{"body":{"member":"boris"}}',  # made a lot
        6: '{"body":{"member":"a\\u0000b"}}',
    }
    for number, text in texts.items():
        sql(url, f"INSERT INTO operations VALUES ('t1', 1, {number}, '', '{text}', NULL)")
    sql(url, "INSERT INTO entries VALUES ('t1', 1, 5, 1, 'boris', 'member', 't1/1/000000000005', 7)")
    store = PostgresStore(url)
    with store.reading() as reader:
        assert [(row.name, row.sequence) for row in reader.all_named()] == [
            ("anna", 1),
            ("anna", 3),
            ("c1", 2),
            ("vera", 3),
        ]
    store.close()


def test_a_server_too_old_is_refused_in_one_line(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "SERVER_MIN", 990000)
    with pytest.raises(StoreOff, match=r"^[^\n]* is PostgreSQL [0-9.]+[^\n]*needs 99 or newer\.$"):
        PostgresStore(url)


def test_what_would_lose_a_sale_with_the_power_is_said_and_mended(
    store: PostgresStore, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    options = conninfo_to_dict(url)["options"]
    careless = make_conninfo(url, options=f"{options} -csynchronous_commit=off")
    with caplog.at_level(logging.WARNING):
        other = PostgresStore(careless)
    assert "synchronous_commit = off" in caplog.text and other.warnings
    with other.reading() as reader:
        assert reader._connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
    other.close()
    assert store.warnings == []


def test_another_ledger_under_the_same_name_is_not_written_to(store: PostgresStore, url: str) -> None:
    sql(url, "UPDATE settings SET value = 'of another' WHERE name = 'ledger'")
    store._connections.forget()
    with pytest.raises(LedgerReplaced), store.writing() as writer:
        writer.write(SALE)


def test_a_ledger_that_was_dropped_is_not_made_anew(store: PostgresStore, url: str) -> None:
    sql(url, "DROP TABLE settings")
    store._connections.forget()
    with pytest.raises(LedgerReplaced), store.reading():
        pass


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("postgresql://hub@127.0.0.1:1/hub", "Is the server there"),
        ("postgresql://hub:secret@/nobody?host=/nowhere", "Is the server there"),
        ("hub.db", "looks like postgresql://"),
    ],
)
def test_a_url_that_leads_nowhere_says_so_without_its_password(wrong: str, says: str) -> None:
    with pytest.raises(StoreOff, match=says) as caught:
        PostgresStore(wrong)
    assert "secret" not in str(caught.value) and "\n" not in str(caught.value)


def test_a_schema_with_tables_of_somebody_else_is_left_alone(url: str) -> None:
    sql(url, "CREATE TABLE settings (name TEXT, value TEXT)")
    with pytest.raises(StoreOff, match="tables of another program"):
        PostgresStore(url)


def test_a_database_that_is_not_there_says_what_helps(postgres: str) -> None:
    with pytest.raises(StoreOff, match="CREATE DATABASE"):
        PostgresStore(make_conninfo(postgres, dbname="nowhere"))


def test_a_standby_takes_no_writes_and_says_so(store: PostgresStore) -> None:
    with pytest.raises(StoreOff, match="standby"), store.writing() as writer:
        writer._connection.execute("SET LOCAL transaction_read_only = on")
        writer.write(SALE)
