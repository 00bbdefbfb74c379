"""What is so of a ledger in a SQLite file alone: its indexes, its neighbours in other processes, its disk."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

import storage.sqlite_file as files
from hub.store.errors import OutcomeUnknown, StoreOff
from hub.store.records import ChangeRow
from hub.store.rows import Rows
from hub.store.sqlite.store import ROOM, SqliteStore
from storage import engine
from tests.hub.store.rows import member


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hub.db"


@pytest.fixture
def ledger(path: Path, new_ledger: Path) -> Iterator[SqliteStore]:
    shutil.copy(new_ledger, path)
    store = SqliteStore(path)
    yield store
    store.close()


def join(store: SqliteStore, name: str = "anna") -> None:
    with store.writing() as writer:
        writer.write(Rows(new_members=[member(name)], changes=[ChangeRow("p", "member", name)]))


def names(store: SqliteStore) -> list[str]:
    with store.reading() as reader:
        return [row.member for row in reader.all_members()]


# the plan of every statement

WHOLE = re.compile(r"^(all_.*|counts|damage|forget_days)$")  # ask for all of it, and say so
MAY_SCAN = {
    "died_between": "USING INDEX lots_open",  # an index of the lots that hold points
    "newest_messages": "USING INDEX messages_made",  # and ends after some
}


def statements() -> dict[str, str]:
    """The named statements, as they are in the file."""
    text = (ROOM.folder / "queries.sql").read_text(encoding="utf-8")
    parts = re.split(r"^-- name: (\w+).*$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("name", sorted(name for name in statements() if not WHOLE.match(name)))
def test_no_statement_looks_through_a_table(ledger: SqliteStore, name: str) -> None:
    """E1: what an operation costs does not grow with the ledger."""
    statement = statements()[name]
    values = dict.fromkeys(re.findall(r":(\w+)", statement))
    with ledger.writing() as writer:
        given = values or (None,) * max(statement.count("?"), *map(int, re.findall(r"\?(\d+)", statement)), 0, 0)
        plan = [row[3] for row in writer.connection.execute(f"EXPLAIN QUERY PLAN {statement}", given)]
    for step in plan:
        assert not re.match(r"SCAN (?!wanted|rich)", step) or MAY_SCAN.get(name, "-") in step, plan
        assert "TEMP B-TREE" not in step or name in SORTED, plan


SORTED = {
    "newest_ends",
    "told_coupons",  # a ready file has them all
    "cards_of",
    "returns_of",
    "naming",
    "with_phones",
    "entries_of",
    "certificate_entries_of",
    "certificate_holds_of",
    "restored",
    "days_of",
    "coupon_conflicts",
    "coupon_uses",
    "coupons_of",
    "campaign_members",
    "died_between",
    "once_of",
    "holds_of",
    "consents_of",
    "stickers_of",
    "seen_of",
}  # few rows


def test_nothing_refers_to_a_row_of_another_key(ledger: SqliteStore) -> None:
    """E1: a foreign key without an index made each operation look through the ledger."""
    with ledger.reading() as reader:
        tables = reader.connection.execute(
            "SELECT name, strict FROM pragma_table_list WHERE schema = 'main'"
        ).fetchall()
        ours = [(name, strict) for name, strict in tables if not name.startswith(("sqlite_", "_sqlite"))]
        assert len(ours) >= 16 and all(strict for _, strict in ours)
        for name, _ in ours:
            assert reader.connection.execute(f"PRAGMA foreign_key_list({name})").fetchall() == [], name


# neighbours


def test_an_office_command_never_checkpoints(path: Path) -> None:
    store = SqliteStore(path)
    with store.writing() as writer:
        assert writer.connection.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)
    store.close()


def test_one_hub_at_a_time_serves_a_file(path: Path) -> None:
    serving, office = SqliteStore(path, serving=True), SqliteStore(path)
    with pytest.raises(StoreOff, match="Another hub is using"):
        SqliteStore(path, serving=True)
    for store in (office, serving):
        store.close()
    SqliteStore(path, serving=True).close()


def test_what_an_office_command_writes_is_there_for_the_hub(ledger: SqliteStore, path: Path) -> None:
    script = """
import sys
from pathlib import Path
from hub.store.records import MemberRow
from hub.store.rows import Rows
from hub.store.sqlite.store import SqliteStore
store = SqliteStore(Path(sys.argv[1]))
with store.writing() as writer:
    writer.write(Rows(new_members=[MemberRow("boris", "alenka", False)]))
store.close()
"""
    join(ledger)
    with ledger.reading() as before:
        subprocess.run([sys.executable, "-c", script, str(path)], check=True, timeout=60)
        assert [row.member for row in before.all_members()] == ["anna"]
    assert names(ledger) == ["anna", "boris"]


def test_a_file_that_another_one_is_writing_is_off_and_nothing_was_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SqliteStore(path).close()
    monkeypatch.setattr(files, "BUSY_TIMEOUT_MS", 20)
    store = SqliteStore(path)
    with closing(engine.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreOff, match="locked") as caught:
            join(store)
        assert not isinstance(caught.value, OutcomeUnknown) and names(store) == []
        other.execute("ROLLBACK")
    join(store)
    assert names(store) == ["anna"]
    store.close()


# the file


@pytest.mark.parametrize("content", [b"a diary" * 1_000, b"SQLite format 3\x00" + b"\xff" * 4_000])
def test_what_is_no_ledger_is_off_in_one_line(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(StoreOff) as caught:
        SqliteStore(path)
    assert "\n" not in str(caught.value) and str(path) in str(caught.value)
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_made_is_off(tmp_path: Path) -> None:
    (tmp_path / "nowhere").write_text("a file")
    with pytest.raises(StoreOff, match=r"Making the folder .*nowhere failed"):
        SqliteStore(tmp_path / "nowhere" / "hub.db")


def test_damage_is_told_and_does_not_stop_the_telling(path: Path) -> None:
    """An index that says another thing than its table."""
    store = SqliteStore(path)
    join(store)
    store.close()
    with closing(engine.connect(path)) as vandal:
        vandal.execute("PRAGMA writable_schema = ON")
        other = "CREATE INDEX members_by_programme ON members (programme, registered)"
        vandal.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'members_by_programme'", (other,))
    store = SqliteStore(path)
    with store.reading() as reader:
        assert any("members_by_programme" in what for what in reader.damage())
        assert names(store) == ["anna"]
    store.close()


FULL = """
import json, os, resource, sys
from pathlib import Path
from hub.store.records import MemberRow
from hub.store.rows import Rows
from hub.store.errors import StoreOff
from hub.store.sqlite.store import SqliteStore

path = Path(sys.argv[1])
store = SqliteStore(path)
told = {"errors": []}

def join(*names):
    with store.writing() as writer:
        writer.write(Rows(new_members=[MemberRow(name, "alenka", False) for name in names]))

def names():
    with store.reading() as reader:
        return [row.member for row in reader.all_members()]

join("anna")
many = [f"m{number:05}" for number in range(2_000)]
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize(f"{path}-wal") + int(sys.argv[2]), hard))
with store.reading() as reader:  # a page of the feed is being made
    told["before"] = [row.member for row in reader.all_members()]
    try:
        join(*many)
    except StoreOff as error:
        told["errors"].append([type(error).__name__, str(error)])
told["read"] = names()
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
if sys.argv[3] == "settled":
    store.settle()
told["settled"] = names()
join("boris")
told["after"] = names()
print(json.dumps(told), flush=True)
os._exit(0)
"""


@pytest.mark.parametrize(("spare", "then"), [(0, "settled"), (30_000, "settled"), (100_000, "went on")])
def test_a_full_disk_halves_nothing_and_is_read_meanwhile(path: Path, spare: int, then: str) -> None:
    """And when there is room again, the same process goes on."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path), str(spare), then], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [kind for kind, _ in told["errors"]] == ["OutcomeUnknown"], told["errors"]
    assert told["before"] == told["read"] == told["settled"] == ["anna"] and told["after"] == ["anna", "boris"]
    store = SqliteStore(path)
    assert names(store) == told["after"]
    store.close()


def test_a_file_may_be_opened_by_many_threads_at_once(path: Path) -> None:
    from tests.hub.store.test_moments import at_once

    def open() -> list[str]:
        store = SqliteStore(path)
        found = names(store)
        store.close()
        return found

    tasks: list[Callable[[], list[str]]] = [open] * 4
    assert at_once(tasks) == [[]] * 4
