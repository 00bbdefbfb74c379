"""The chain of audit rows: an edited row is found at that row."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from loyalty.audit import AuditRow, Fault, Head, faults, hash_of, head_of, next_row, read_row, write_row

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def log(rows: int = 6) -> list[AuditRow]:
    written, head = list[AuditRow](), Head()
    for number in range(rows):
        written.append(next_row(head, AT, "p1", "block_card", "done", {"card": f"{number}", "by": "x"}))
        head = head_of(written[-1])
    return written


EDITS: dict[str, Any] = {
    "number": 9,
    "at": "2026-03-02T13:00:00Z",
    "who": "p2",
    "act": "balance",
    "code": "refused",
    "fields": {"card": "777"},
    "before": "f" * 64,
    "hash": "f" * 64,
}


def test_a_log_is_whole_and_every_field_is_in_its_hash() -> None:
    assert list(faults(log())) == [] == list(faults([])) and set(EDITS) == set(AuditRow.__struct_fields__)
    row = log(1)[0]
    assert read_row(write_row(row)) == row and write_row(row).count(b"\n") == 0


@pytest.mark.parametrize("field", EDITS)
@pytest.mark.parametrize("at", range(6))
def test_an_edited_field_is_found_at_its_row(field: str, at: int) -> None:
    rows: list[AuditRow | None] = list(log())
    rows[at] = msgspec.structs.replace(log()[at], **{field: EDITS[field]})
    assert list(faults(rows)) == [Fault(at + 1, "edited")]


@pytest.mark.parametrize("at", range(5))
def test_one_that_was_edited_with_a_hash_that_fits_is_found_by_the_next(at: int) -> None:
    rows = log()
    edited = msgspec.structs.replace(rows[at], who="p2")
    rows[at] = msgspec.structs.replace(edited, hash=hash_of(edited))
    assert list(faults(rows)) == [Fault(at + 1, "edited")]


@pytest.mark.parametrize("at", range(5))
def test_one_that_is_gone_or_cannot_be_read_is_found_at_its_place(at: int) -> None:
    rows: list[AuditRow | None] = list(log())
    assert list(faults(rows[:at] + rows[at + 1 :])) == [Fault(at + 1, "missing")]
    rows[at] = None
    assert list(faults(rows)) == [Fault(at + 1, "unreadable")]


def test_what_was_written_anew_or_cut_off_is_found_by_the_anchor() -> None:
    rows = log()
    anchor = head_of(rows[3])
    assert list(faults(rows, anchor)) == [] == list(faults(rows, Head()))
    assert list(faults(rows[:3], anchor)) == [Fault(4, "missing")] and list(faults([], anchor)) == [Fault(1, "missing")]
    anew, head = list[AuditRow](), Head()
    for number in range(6):
        anew.append(next_row(head, AT, "p9", "balance", "done", {"card": str(number)}))
        head = head_of(anew[-1])
    assert list(faults(anew)) == [] and list(faults(anew, anchor)) == [Fault(4, "other")]
    assert len({row.hash for row in itertools.chain(rows, anew)}) == 12
