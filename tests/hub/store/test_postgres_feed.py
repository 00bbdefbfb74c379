"""What holds the feed back on a server: our own unfinished writers, and nobody else who works there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from hub.store.errors import StoreOff
from hub.store.postgres import checking, connections
from hub.store.postgres.checking import check
from hub.store.postgres.store import PostgresStore
from hub.store.postgres.trial import start
from hub.store.records import ChainKey, ChangeRow
from hub.store.rows import Rows
from hub.store.seam import Store
from tests.hub.store.servers import schema_at, server_of_its_own, sql

DRAW = "SELECT pg_current_xact_id()"  # a number, as whoever writes has one
T1 = ChainKey("t1", 1)


@pytest.fixture
def store(postgres_store: PostgresStore) -> PostgresStore:
    return postgres_store


def change(key: str) -> Rows:
    return Rows(changes=[ChangeRow("alenka", "member", key)])


def tell(store: Store, key: str) -> None:
    with store.writing() as writer:
        writer.write(change(key))


def told(store: Store) -> list[str]:
    with store.reading() as reader:
        return [change.key for change in reader.changes("alenka", "", 100)]


@contextmanager
def stranger(url: str, *statements: str) -> Iterator[None]:
    """One who writes, and does not come to an end."""
    with psycopg.connect(url) as connection:
        for statement in (DRAW, *statements):
            connection.execute(statement.encode())
        yield
        connection.rollback()


@contextmanager
def database(url: str, name: str, template: str = "template1") -> Iterator[str]:
    sql(url, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield make_conninfo(url, dbname=name)
    finally:
        sql(url, f"DROP DATABASE {name} WITH (FORCE)")


# strangers


def test_a_long_write_in_the_same_database_holds_nothing_back(store: PostgresStore, url: str) -> None:
    with stranger(url, "CREATE TABLE holidays (day TEXT)", "SAVEPOINT one", "INSERT INTO holidays VALUES ('may')"):
        tell(store, "anna")
        assert told(store) == ["anna"]


def test_a_long_write_in_another_database_holds_nothing_back(store: PostgresStore, postgres: str) -> None:
    with database(postgres, "holidays") as elsewhere, stranger(elsewhere, "CREATE TABLE plans (day TEXT)"):
        tell(store, "anna")
        assert told(store) == ["anna"]


def test_a_ledger_in_another_schema_holds_nothing_back(store: PostgresStore, postgres: str) -> None:
    with schema_at(postgres) as beside:
        other = PostgresStore(beside)
        with other.writing() as writer:
            writer.write(change("boris"))
            tell(store, "anna")
            assert told(store) == ["anna"] and told(other) == []
        other.close()


def test_a_ledger_in_a_copy_of_the_database_holds_nothing_back(postgres: str) -> None:
    """There its tables have the very same numbers."""
    with database(postgres, "ours") as url:
        PostgresStore(url).close()
        with database(postgres, "copied", template="ours") as copied:
            store, other = PostgresStore(url), PostgresStore(copied)
            with other.writing() as writer:
                writer.write(change("boris"))
                tell(store, "anna")
                assert told(store) == ["anna"] and told(other) == []
            store.close()
            other.close()


def test_who_reads_our_feed_by_other_means_holds_nothing_back(store: PostgresStore, url: str) -> None:
    with stranger(url, "SELECT count(*) FROM changes", "SELECT count(*) FROM settings"):
        tell(store, "anna")
        assert told(store) == ["anna"]


# ours


def test_a_writer_who_has_a_number_and_no_change_yet_holds_back_what_is_later(store: PostgresStore) -> None:
    """Chains and members are locked first, and that draws the number that its changes will have."""
    tell(store, "first")
    with store.writing() as early:
        early.locked_chains([T1])
        tell(store, "late")
        assert told(store) == ["first"]
        early.write(change("early"))
        assert told(store) == ["first"]
    assert told(store) == ["first", "early", "late"]


def test_a_writer_who_has_no_number_yet_holds_nothing_back(store: PostgresStore) -> None:
    """Whatever he will write comes after what is there now."""
    with store.writing() as later:
        tell(store, "sooner")
        assert told(store) == ["sooner"]
        later.write(change("later"))
        assert told(store) == ["sooner"]
    assert told(store) == ["sooner", "later"]


def test_of_several_writers_the_earliest_counts(store: PostgresStore, url: str) -> None:
    with stranger(url), store.writing() as first:
        first.locked_chains([T1])
        tell(store, "a")
        with store.writing() as second:
            second.write(change("b"))
            tell(store, "c")
            assert told(store) == []
            first._connection.execute(b"ROLLBACK; BEGIN")  # it is undone
            assert told(store) == ["a"]
        assert told(store) == ["a", "b", "c"]


def test_what_was_begun_within_a_writer_counts_with_him(store: PostgresStore) -> None:
    """A savepoint has a number of its own; changes have the transaction's."""
    with store.writing() as early:
        early._connection.execute(b"SAVEPOINT one")
        early.locked_chains([T1])
        early._connection.execute(b"ROLLBACK TO SAVEPOINT one")
        tell(store, "late")
        assert told(store) == []
        early.write(change("early"))
    assert told(store) == ["early", "late"]


def test_a_hub_of_another_role_sees_the_writers_too(store: PostgresStore, url: str) -> None:
    """Who may not see what others do (pg_stat_activity) must not pass over what they write."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT current_schema()").fetchone()
        assert row is not None
        grants = "GRANT USAGE ON SCHEMA {0} TO clerk; GRANT ALL ON ALL TABLES IN SCHEMA {0} TO clerk".format(*row)
        connection.execute(f"CREATE ROLE clerk LOGIN; {grants}".encode())
        clerk = PostgresStore(make_conninfo(url, user="clerk", options=f"-csearch_path={row[0]}"))
        try:
            with store.writing() as early:
                early.locked_chains([T1])
                tell(clerk, "late")
                assert told(clerk) == []
                early.write(change("early"))
            assert told(clerk) == ["early", "late"]
            with clerk.writing() as early:
                early.locked_chains([T1])
                tell(store, "later")
                assert told(store) == ["early", "late"]
        finally:
            clerk.close()
            connection.execute("DROP OWNED BY clerk; DROP ROLE clerk")


def test_a_prepared_writer_counts_until_it_is_decided() -> None:
    """The hub prepares nothing; but whoever does it with our tables is still to come, and has no session."""
    with server_of_its_own() as server:
        sql(server.url, "ALTER SYSTEM SET max_prepared_transactions = 4")
        server.stop()
        server._guard = start(server.folder)._guard
        store = PostgresStore(server.url)
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f"BEGIN; {DRAW}; PREPARE TRANSACTION 'strange'".encode())
            connection.execute(b"BEGIN; LOCK TABLE changes IN ROW EXCLUSIVE MODE")
            connection.execute(f"{DRAW}; PREPARE TRANSACTION 'ours'".encode())
            tell(store, "late")
            assert told(store) == []
            connection.execute("ROLLBACK PREPARED 'ours'")
            assert told(store) == ["late"]
        store.close()


def test_a_number_whose_lock_does_not_show_yet_counts(store: PostgresStore, url: str) -> None:
    """A server hands a number out a moment before it shows its lock: here that moment lasts."""
    sql(url, "CREATE VIEW pg_locks AS SELECT * FROM pg_catalog.pg_locks WHERE locktype <> 'transactionid'")
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_schema()").fetchone()
        assert row is not None
    blinded = PostgresStore(make_conninfo(url, options=f"-csearch_path={row[0]},pg_catalog"))
    with stranger(url):
        tell(store, "first")
        assert told(blinded) == ["first"]
    with store.writing() as early:
        early.locked_chains([T1])
        tell(store, "late")
        assert told(blinded) == ["first"]
        early.write(change("early"))
    assert told(blinded) == ["first", "early", "late"]
    blinded.close()


# what `check` says


def test_check_counts_the_writers_that_hold_the_feed_back(
    store: PostgresStore, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "LONGEST_WRITE_S", -1)

    def found() -> str:
        with psycopg.connect(url) as connection:
            return next(one.found for one in check(connection) if one.what == "open transactions")

    with stranger(url, "CREATE TABLE holidays (day TEXT)"):
        assert found() == "0 longer than -1 s"
        with store.writing() as writer:
            writer.write(change("anna"))
            assert found() == "1 longer than -1 s"


# whoever locks the table


def test_a_table_that_somebody_locks_is_waited_for_once(
    store: PostgresStore, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not once for every idle connection: a till waits. Readers are not held up."""
    monkeypatch.setattr(connections, "SESSION", connections.SESSION + b"; SET lock_timeout = 50")
    store._connections.forget()
    with store.reading(), store.reading(), store.reading():
        pass
    with psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE changes IN EXCLUSIVE MODE")
        with pytest.raises(StoreOff, match="lock timeout"), store.writing():
            pass
        assert len(store._connections._idle) == 2
        assert told(store) == []
    tell(store, "anna")
    assert told(store) == ["anna"]
