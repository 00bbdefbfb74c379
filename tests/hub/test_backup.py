"""B6: a copy of the ledger is made, and comes back: by `pos-hub backup` and `restore`, or by hand. Real processes."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from hub.build import build_hub
from hub.cli import cli
from hub.store.office_records import SeenRow, StoreRow
from hub.store.records import HoldRow
from hub.store.rows import Rows
from loyalty.bodies import MemberJoined
from storage import engine
from tests.hub.conftest import PROGRAMMES
from tests.hub.store.rows import LATEST

MEMBERS = "programme,card,phone,points,registered,birthday,favourites,member\n"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "hub.db"
    hub = build_hub(path, PROGRAMMES, serving=False)
    hub.bear("alenka", MemberJoined(member="m0", card="c0", registered=False))
    with hub.store.writing() as writer:
        hold, seen = HoldRow("m0", "h1", "t1", 5, LATEST), SeenRow("m0", "s1", LATEST)
        writer.write(Rows(new_holds=[hold], stores=[StoreRow("s1")], seen=[seen]))
    hub.close()
    return path


@pytest.fixture
def members(tmp_path: Path) -> Any:
    """A file of so many members that nobody has yet."""

    def make(first: int, count: int) -> str:
        path = tmp_path / f"members{first}.csv"
        rows = (f"alenka,{9_600_000_000_000 + first + number},,10,yes,,,\n" for number in range(count))
        path.write_text(MEMBERS + "".join(rows), encoding="utf-8")
        return str(path)

    return make


def files(ledger: Path) -> dict[str, bytes]:
    found = (one for one in ledger.parent.glob("hub.db*") if one.is_file() and one.suffix != ".lock")
    return {one.name: one.read_bytes() for one in found}


def joined(path: Path) -> int:
    """How many members there are, read by nobody of ours."""
    with closing(engine.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute("SELECT count(*) FROM members").fetchone()[0])


def promised(path: Path) -> list[list[Any]]:
    """What no operation says."""
    with closing(engine.connect(path)) as connection:
        return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("holds", "stores", "seen")]


def refused(done: Any) -> str:
    """In one line, with nothing done."""
    assert done.returncode == 1 and done.stdout == ""
    (line,) = done.stderr.splitlines()
    return str(line)


def test_b6_a_backup_copied_over_a_dead_hubs_ledger_is_refused_in_words_and_restored_by_the_command(
    ledger: Path, serve: Any, pos_hub: Any, members: Any, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    with closing(engine.connect(ledger)) as source, closing(engine.connect(backup)) as target:
        list(engine.copy_pages(source, target))
    assert pos_hub("import", members(100, 60)).returncode == 0
    served = serve(ledger)
    assert pos_hub("import", members(200, 20)).returncode == 0
    served.kill()
    shutil.copyfile(backup, ledger)
    before = files(ledger)

    for command in (["serve", "--port", "0"], ["verify"], ["backup", "second.db"]):
        line = refused(pos_hub(*command))
        assert "hub.db was replaced while no hub ran" in line and "`pos-hub restore FILE`" in line
    assert files(ledger) == before and not (tmp_path / "second.db").exists()

    done = pos_hub("restore", "backup.db")
    assert done.returncode == 0 and "hub.db is backup.db now: 1 operations." in done.stdout
    assert "Tills send again what this copy does not have" in done.stdout
    (kept,) = (one for one in tmp_path.glob("hub.db.before-restore-*Z"))
    there = {name: content for name, content in files(ledger).items() if name.startswith(kept.name)}
    assert {name.replace(kept.name, "hub.db"): content for name, content in there.items()} == before
    assert not os.path.exists(f"{ledger}-wal")
    again = serve(ledger)
    assert requests.get(again.url + "/v1/health", timeout=20).status_code == 200
    assert pos_hub("verify").returncode == 0
    again.kill()
    assert joined(ledger) == 1


def test_a_hub_that_was_killed_and_a_command_after_it_are_followed_by_the_next_hub(
    ledger: Path, serve: Any, pos_hub: Any, members: Any
) -> None:
    serve(ledger).kill()
    served = serve(ledger)
    assert pos_hub("import", members(100, 20)).returncode == 0
    served.kill()
    assert pos_hub("member", "--card", "c0").returncode == 0
    serve(ledger).kill()
    assert joined(ledger) == 21


def test_a_backup_is_made_while_the_hub_serves_and_is_whole(
    ledger: Path, serve: Any, pos_hub: Any, members: Any, tmp_path: Path
) -> None:
    served = serve(ledger)
    assert pos_hub("import", members(100, 20)).returncode == 0
    done = pos_hub("backup", "copy.db")
    assert done.returncode == 0 and done.stdout.startswith("hub.db was copied to copy.db, whole: 41 operations.\n")
    assert "Its keys are not in the copy: they lie in hub.db.keys." in done.stdout
    assert [one.name for one in tmp_path.glob("copy.db*")] == ["copy.db"]
    assert "copy.db is there already" in refused(pos_hub("backup", "copy.db"))
    assert "Another hub is using" in refused(pos_hub("restore", "copy.db"))
    assert requests.get(served.url + "/v1/health", timeout=20).status_code == 200
    served.kill()
    assert served.log() == "" and joined(ledger) == joined(tmp_path / "copy.db") == 21
    assert promised(ledger) == promised(tmp_path / "copy.db") and all(promised(ledger))


def test_what_is_no_whole_ledger_is_not_restored(ledger: Path, pos_hub: Any, tmp_path: Path) -> None:
    (tmp_path / "words.db").write_text("no ledger at all\n" * 1_000, encoding="utf-8")
    with closing(engine.connect(tmp_path / "others.db")) as connection:
        connection.execute("CREATE TABLE operations (text)")
    (tmp_path / "empty.db").touch()
    content = bytearray(ledger.read_bytes())
    content[8_192:] = os.urandom(len(content) - 8_192)
    (tmp_path / "damaged.db").write_bytes(content)
    before = files(ledger)
    for name in ("words.db", "others.db", "empty.db", "damaged.db"):
        assert f"{name} is not put in the place of hub.db" in refused(pos_hub("restore", name))
    assert pos_hub("restore", "hub.db").returncode == 1
    assert pos_hub("restore", "missing.db").returncode == 1
    assert files(ledger) == before


def test_a_ledger_in_a_database_is_left_to_the_databases_own_tools(tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    for command in ("backup", "restore"):
        done = CliRunner().invoke(cli, [command, str(copy), "--database", "postgresql://hub:secret@nowhere/hub"])
        assert done.exit_code == 1 and "pg_dump" in done.output and "docs/scaling.md" in done.output
        assert "secret" not in done.output
    assert not copy.exists()
