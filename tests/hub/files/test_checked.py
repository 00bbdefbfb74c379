"""Rows lie on the disk while they are checked: flat memory, and a word when there is no room."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest

from hub.files.checked import BEGINNING, CheckedRows, rows_of
from hub.files.reasons import Fault
from hub.files.rows import Row
from hub.members import NewMember
from hub.store.errors import StoreOff


def members(count: int) -> Iterator[NewMember]:
    for number in range(count):
        yield NewMember(
            line=number + 2,
            programme=("perekrestok", "alenka")[number % 2],
            card=f"c{number}",
            phone=None,
            points=number,
            registered=True,
            birthday=None,
            favourites=("чай",),
            member=f"m{number}",
        )


def test_rows_are_taken_by_programmes_and_in_the_order_of_the_file() -> None:
    rows = rows_of(members(6))
    taken = [(at.programme, row.points) for at, row in rows.in_order()]
    assert taken == [("alenka", 1), ("alenka", 3), ("alenka", 5), *(("perekrestok", one) for one in (0, 2, 4))]
    assert [row.points for row in rows] == list(range(6))
    ((at, _),) = rows.after(BEGINNING, 1)
    rows.leave_out([(at.number, Fault("card_there", "is there"))])
    assert [row.points for row in rows] == [0, 2, 3, 4, 5]
    assert [str(bad) for bad in rows.bad()] == ["line 3: is there"]


def test_ten_times_the_rows_take_no_more_memory() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        rows = rows_of(members(count))
        for _ in rows.in_order():
            pass
        rows.close()
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(2_000)
    assert peak(20_000) < 1.5 * peak(2_000)


def test_no_room_is_said_in_words() -> None:
    rows = CheckedRows(NewMember)
    rows._file.execute("PRAGMA max_page_count = 20")
    with pytest.raises(StoreOff, match=r"room among the temporary files of this machine: database or disk is full"):
        rows.put(Row(member.line, {}, (), member) for member in members(2_000))
