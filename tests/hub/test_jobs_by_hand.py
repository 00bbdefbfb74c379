"""`pos-hub jobs`, and the jobs inside `pos-hub serve`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from hub.cli import cli
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.store.records import JobRow, LotRow, MemberRow
from hub.store.rows import Rows
from hub.store.sqlite.store import SqliteStore
from loyalty.utc import utc_text
from tests.hub.conftest import Office

SOON_S = 20.0  # a process starts, and looks what is due after a second


def said(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(cli, ["jobs", *words])
    assert done.exit_code == code, done.output
    return done.output


def with_dead_points(path: Path) -> None:
    """Points that died a second ago, in the books as if a grant had made them."""
    now = datetime.now(UTC)
    store = SqliteStore(path)
    with store.writing() as writer:
        lot = LotRow("anna", "office/1/000000000001", 5, 5, 0, now - timedelta(days=9), now - timedelta(seconds=1))
        writer.write(Rows(new_members=[MemberRow("anna", "alenka", True)], new_lots=[lot]))
    store.close()


def expired(path: Path) -> list[tuple[int, int]]:
    store = SqliteStore(path)
    with store.reading() as reader:
        found = [(row.remaining, row.expired) for row in reader.all_lots()]
    store.close()
    return found


def test_the_office_looks_at_the_jobs_and_does_them(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    assert "There is no ledger" in said("list", "--db", str(path), code=1)
    with_dead_points(path)
    before = said("list", "--db", str(path))
    assert "expiry    books points that died unspent: never done yet; due now" in before
    assert len(before.splitlines()) == len(JOBS)
    told = said("run", "expiry", "--db", str(path))
    assert "expiry: books points that died unspent. Done up to" in told and expired(path) == [(0, 5)]
    assert told.rstrip().endswith("UTC, for 1 member.")
    assert "UTC, then for 1 member; due at" in said("list", "--db", str(path))
    for _ in range(2):
        idle = [line for line in said("run", "--db", str(path)).splitlines() if line.endswith("UTC, nothing was due.")]
        assert len(idle) == len(JOBS)
    after = json.loads(said("list", "--json", "--db", str(path)))
    assert [row["job"] for row in after] == [job.name for job in JOBS]
    assert all(row["done_until"] and row["holder"] is None and row["due"] > row["done_until"] for row in after)
    assert "is not one of" in said("run", "tidy", "--db", str(path), code=2)


def test_the_last_run_that_did_something_is_not_forgotten(
    tmp_path: Path, open_office: Callable[[Path], Office]
) -> None:
    """Ten minutes later the next one finds nothing to do, and that says little."""
    path = tmp_path / "hub.db"
    with_dead_points(path)
    office = open_office(path)
    first, second = datetime.now(UTC), datetime.now(UTC) + timedelta(minutes=10)
    for now in (first, second):
        office.now = now
        assert sum(Running(office.hub).run(JOBS[0], now)) == (now is first)
    expiry, *others = json.loads(said("list", "--json", "--db", str(path)))
    assert (expiry["did"], expiry["last_did"], expiry["last_did_at"]) == (0, 1, utc_text(first))
    assert all((job["last_did"], job["last_did_at"]) == (0, None) for job in others)
    at = f"{second:%Y-%m-%d %H:%M} UTC, last for 1 member at {first:%Y-%m-%d %H:%M} UTC"
    assert f"done up to {at}; due" in said("list", "--db", str(path))
    office.tamper("UPDATE settings SET value = 'nonsense' WHERE name = 'job_did/expiry'")
    assert f"done up to {second:%Y-%m-%d %H:%M} UTC, nothing was due" in said("list", "--db", str(path))


def test_a_job_of_which_only_its_row_is_known_says_what_that_says(
    tmp_path: Path, open_office: Callable[[Path], Office]
) -> None:
    office, now = open_office(tmp_path / "hub.db"), datetime.now(UTC)
    with office.hub.store.writing() as writer:
        writer.write(Rows(jobs=[JobRow("rules", now, did=2), JobRow("pending", now, did=1)]))
    listed = said("list", "--db", str(office.path))
    assert "UTC, then for 2 sales that are not by them;" in listed and "UTC, then for 1 card;" in listed


def test_a_job_that_a_hub_is_doing_is_left_to_it(tmp_path: Path, open_office: Callable[[Path], Office]) -> None:
    office = open_office(tmp_path / "hub.db")
    hub, now = office.hub, datetime.now(UTC)
    with hub.store.writing() as writer:
        assert writer.take_job("expiry", "shop-1", now, now + timedelta(seconds=60))
    assert "expiry: shop-1 is at it just now." in said("run", "--db", str(office.path), code=1)
    listed = said("list", "--db", str(office.path))
    assert "expiry    books points that died unspent: never done yet; shop-1 is at it" in listed
    assert "birthday  gives points for birthdays: done up to" in listed, "the others are done"
    Running(hub, holder="shop-1").close()


def test_a_hub_that_serves_does_the_jobs_by_itself(tmp_path: Path, serve: Any) -> None:
    path = tmp_path / "hub.db"
    with_dead_points(path)
    served = serve(path)
    until = time.monotonic() + SOON_S
    while json.loads(said("list", "--json", "--db", str(path)))[0]["did"] != 1:
        assert time.monotonic() < until and served.process.poll() is None, served.log()
    assert expired(path) == [(0, 5)]
    served.stop()
    assert all(job["holder"] is None for job in json.loads(said("list", "--json", "--db", str(path))))
    assert "Traceback" not in served.log()
