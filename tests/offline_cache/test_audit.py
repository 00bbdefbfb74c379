"""The till's audit log on disk: months, torn rows, several writers."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from loyalty.audit import Fault, Head
from offline_cache.audit import AuditLog

AT = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)


@pytest.fixture
def log(tmp_path: Path) -> AuditLog:
    return AuditLog(tmp_path / "audit")


def write(log: AuditLog, rows: int, at: datetime = AT) -> None:
    for number in range(rows):
        assert log.note(at, "p1", "drawer", "done", {"number": str(number)}) is not None


def test_months_have_files_and_the_chain_goes_on(log: AuditLog) -> None:
    write(log, 2)
    write(log, 2, AT + timedelta(hours=2))
    write(log, 1, AT - timedelta(days=90))  # a clock that was set back
    assert [path.name for path in sorted(log.folder.glob("*.ndjson"))] == ["2026-11.ndjson", "2026-12.ndjson"]
    assert log.faults() == [] and log.head().number == 5
    assert [row.number for row in log.newest(3)] == [5, 4, 3] and log.newest(9)[-1].number == 1
    assert oct((log.folder / "2026-11.ndjson").stat().st_mode & 0o777) == "0o600"


@pytest.mark.parametrize(
    "old", ['"number":2', '"who":"p1"', '"act":"drawer"', '"code":"done"', '"number":"1"', "2026-11-30"]
)
def test_an_edited_row_is_found_at_that_row(log: AuditLog, old: str) -> None:
    write(log, 4)
    path = log.folder / "2026-11.ndjson"
    rows = path.read_text().splitlines(keepends=True)
    rows[1] = rows[1].replace(old, old[:-2] + "9" + old[-1] if old.endswith('"') else old[:-1] + "9")
    path.write_text("".join(rows))
    assert [fault.number for fault in log.faults()] == [2]


def test_a_month_that_is_gone_and_rows_that_were_cut_off_are_found(log: AuditLog) -> None:
    write(log, 3)
    write(log, 3, AT + timedelta(days=1))
    anchor = log.head()
    assert log.faults(anchor) == [] and log.hash_at(6) == anchor.hash and log.hash_at(7) == ""
    (log.folder / "2026-12.ndjson").unlink()
    assert log.faults() == [] and log.faults(anchor) == [Fault(4, "missing")]
    write(log, 3, AT + timedelta(days=1))
    assert log.faults() == [] or log.faults(anchor) == []
    (log.folder / "2026-11.ndjson").unlink()
    assert log.faults() == [Fault(1, "missing")]


def test_what_was_half_written_when_the_power_went_was_not_kept(log: AuditLog) -> None:
    write(log, 2)
    path = log.folder / "2026-11.ndjson"
    with path.open("ab") as file:
        file.write(b'{"number":3,"at":"2026')
    assert log.head().number == 2 and len(list(log.rows())) == 2
    write(log, 1)
    assert log.faults() == [] and log.head().number == 3


def test_several_writers_make_one_chain(log: AuditLog) -> None:
    threads = [threading.Thread(target=write, args=(AuditLog(log.folder), 10)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert log.faults() == [] and log.head().number == 40


def test_a_log_that_is_not_there_has_nothing_wrong(log: AuditLog) -> None:
    assert log.faults() == [] and log.head() == Head() and log.newest(5) == [] and log.hash_at(0) == Head().hash
