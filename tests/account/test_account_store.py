"""The account's database: one contract on a file and on a server; and what only a server does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from account.app import account_app
from account.hub_desk import HubDesk
from account.sessions import IDLE, VISITOR, Sessions
from account.store import postgres as postgres_engine
from account.store.postgres import MIGRATIONS, PostgresStore
from account.store.seam import Store, StoreOff
from account.store.sqlite import ROOM, SqliteStore
from hub.store.postgres.trial import Trial, start
from storage import engine
from storage.schema import statements
from sync.identity import Own
from tests.account.conftest import Account, Client
from tests.hub.store.servers import schema_at, server_of_its_own
from tests.one_port import Server
from tests.speaking import joined

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
QUERIES = ROOM.folder / "queries.sql"
NAME_LINE = re.compile(r"-- name: (\w+)\(([\w, ]*)\)([\^!$]?)")


@pytest.fixture(scope="module")
def server() -> Iterator[Trial]:
    with server_of_its_own() as server:
        yield server


@pytest.fixture
def url(server: Trial) -> Iterator[str]:
    with schema_at(server.url) as url:
        yield url


@pytest.fixture(params=["file", "server"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """The same database, as often as it is asked for."""
    opened: list[Store] = []
    url = request.getfixturevalue("url") if request.param == "server" else ""

    def open() -> Store:
        opened.append(PostgresStore(url) if url else SqliteStore(tmp_path / "account.db"))
        return opened[-1]

    yield open
    for store in opened:
        store.close()


# what both do


def test_sessions_begin_stand_and_end_on_both(open_store: Callable[[], Store]) -> None:
    clock = [NOW]
    sessions = Sessions(open_store(), lambda: clock[0])
    cookie, session = sessions.begin("anna", "ru", "phone", {"a": "Ж'\"%s"})
    sessions.begin("anna", "en", "desk")
    sessions.begin("boris", "ru", "other")
    assert sessions.of(cookie) == session
    assert {one.device for one in sessions.of_member("anna")} == {"desk", "phone"}
    session.state = {"told": "x"}
    sessions.keep(session)
    found = sessions.of(cookie)
    assert found is not None and found.state == {"told": "x"}
    assert sessions.end_all("anna", but=session.id) == 1
    assert sessions.of(cookie) is not None and len(sessions.of_member("boris")) == 1
    clock[0] += IDLE + timedelta(seconds=1)
    assert sessions.of(cookie) is None and sessions.of_member("anna") == []
    visitor, _ = sessions.begin("", "ru", "")  # which sweeps, too
    assert sessions.of(visitor) is not None
    clock[0] += VISITOR + timedelta(seconds=1)
    assert sessions.of(visitor) is None


def test_what_ended_does_not_come_back_by_a_look_that_began_before(open_store: Callable[[], Store]) -> None:
    """Two processes of the account: one signs him out while the other still shows him a page."""
    here, there = (Sessions(open_store(), lambda: NOW) for _ in range(2))
    cookie, session = here.begin("anna", "ru", "")
    there.end(session.id)
    session.state = {"told": "late"}
    here.keep(session)
    assert here.of(cookie) is None


def test_a_block_is_whole_or_nothing(open_store: Callable[[], Store]) -> None:
    store = open_store()
    sessions = Sessions(store, lambda: NOW)
    cookie, session = sessions.begin("anna", "ru", "")
    with pytest.raises(ZeroDivisionError), store.writing() as book:
        book.do("end_session", id=session.id)
        _ = 1 / 0
    assert sessions.of(cookie) is not None


def test_what_was_written_is_there_after_a_new_start(open_store: Callable[[], Store]) -> None:
    first = open_store()
    cookie, _ = Sessions(first, lambda: NOW).begin("anna", "ru", "")
    first.close()
    assert Sessions(open_store(), lambda: NOW).of(cookie) is not None


def test_both_understand_every_query(open_store: Callable[[], Store]) -> None:
    store = open_store()
    queries = NAME_LINE.findall(QUERIES.read_text(encoding="utf-8"))
    assert len(queries) == QUERIES.read_text(encoding="utf-8").count("-- name:"), "a name line lists its parameters"
    for name, names, mark in queries:
        facts = {one.strip(): "1" for one in names.split(",") if one.strip()}
        with pytest.raises(_Undone), store.writing() as book:
            {"!": book.do, "^": book.one, "$": book.one}.get(mark, book.all)(name, **facts)
            raise _Undone


class _Undone(Exception):
    pass


@pytest.mark.parametrize("had", range(len(MIGRATIONS)))
def test_an_older_database_becomes_one_of_today(url: str, had: int) -> None:
    """Where a session was, it is."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE account_schema (version INTEGER NOT NULL)")
        for number, path in enumerate(MIGRATIONS[:had], start=1):
            connection.execute(path.read_bytes())
            connection.execute("INSERT INTO account_schema (version) VALUES (%s)", (number,))
        if had:
            connection.execute("INSERT INTO sessions VALUES ('i', 't', 'anna', 'ru', 'a', 'b', 'c', '{}')")
    store = PostgresStore(url)
    with store.reading() as book:
        assert len(book.all("sessions_of_member", member="anna")) == bool(had)
    store.close()
    PostgresStore(url).close()  # nothing is left to do
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT version FROM account_schema ORDER BY version").fetchall()
    assert rows == [(number,) for number in range(1, len(MIGRATIONS) + 1)]


def test_both_engines_have_the_same_tables(url: str, tmp_path: Path) -> None:
    SqliteStore(tmp_path / "account.db").close()
    PostgresStore(url).close()
    connection = engine.connect(tmp_path / "account.db")
    of_file = connection.execute(
        "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
        " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\\_%' ESCAPE '\\'"
    ).fetchall()
    connection.close()
    with psycopg.connect(url) as server:
        of_server = server.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name <> 'account_schema'"
        ).fetchall()
    assert sorted(of_file) == sorted(of_server)


def test_a_migration_has_nothing_that_one_engine_alone_knows() -> None:
    alone = re.compile(r"\b(STRICT|AUTOINCREMENT|SERIAL|WITHOUT ROWID|JSONB|BYTEA|BLOB)\b", re.IGNORECASE)
    for path in MIGRATIONS:
        for statement in statements(path.read_text(encoding="utf-8")):
            assert not alone.search(statement), (path.name, statement)


# what only a server does


def test_a_newer_database_is_left_alone(url: str) -> None:
    PostgresStore(url).close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("INSERT INTO account_schema (version) VALUES (99)")
    with pytest.raises(StoreOff, match="newer program"):
        PostgresStore(url)


def test_several_processes_that_start_at_once_make_it_once(url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: PostgresStore(url), range(4)))
    cookie, session = Sessions(stores[0], lambda: NOW).begin("anna", "ru", "")
    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(lambda store: Sessions(store, lambda: NOW).end_all("anna"), stores))
    assert sum(ended) == 1
    assert Sessions(stores[3], lambda: NOW).of(cookie) is None and session.member == "anna"
    for store in stores:
        store.close()


def test_when_all_connections_are_busy_he_is_told_and_they_stay_as_many(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_engine, "CONNECTIONS", 1)
    monkeypatch.setattr(postgres_engine, "FREE_S", 0.0)
    store = PostgresStore(url)
    for _ in range(2):  # the one that was not lent is not given back
        with store.reading(), pytest.raises(StoreOff, match="busy"), store.reading():
            pass
    with store.reading() as book:
        assert book.all("sessions_of_member", member="anna") == []
    store.close()


def test_a_server_that_went_away_is_said_in_words_and_the_next_look_works(
    account: Account, account_server: Server, hub_server: Server
) -> None:
    account.office.join("anna", points=70)
    with server_of_its_own() as mortal:
        store = PostgresStore(mortal.url)
        desk = HubDesk(hub_server.url, Own(joined(account.hub, "account")), "alenka")
        account_server.app = account_app(desk, store, now=lambda: account.office.now)
        cookie, _ = Sessions(store, lambda: account.office.now).begin("anna", "ru", "")
        client = Client(account.url, cookie, "ru")
        assert client.get("/").status_code == 200
        mortal.kill()
        off = client.get("/")
        assert off.status_code == 503 and "обновите страницу" in off.text and off.headers["retry-after"] == "10"
        mortal._guard = start(mortal.folder)._guard
        assert "70" in client.get("/").text
        with psycopg.connect(mortal.url, autocommit=True) as other:  # those that nobody has die unnoticed
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        assert client.get("/").status_code == 200
        store.close()
