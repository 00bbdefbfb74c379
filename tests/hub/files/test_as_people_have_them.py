"""N1, N2: a shop's file comes in as it is, or is told what is wrong with it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import pytest

from hub.build import build_programmes
from hub.files.headings import said_from
from hub.files.members_file import MembersFile, read_members
from hub.files.members_headings import MEMBERS
from hub.members import BadMembers
from tests.hub.files.as_people_have_them import FILES, File, Said

PROGRAMMES = build_programmes()
TODAY = date(2026, 3, 2)


def read(file: File) -> MembersFile:
    return read_members(
        io.BytesIO(file.content),
        PROGRAMMES,
        programme=file.programme,
        said=said_from(file.said, MEMBERS.columns) if file.said else None,
        today=TODAY,
    )


def rows_in(table: MembersFile) -> Sequence[Said]:
    return tuple(
        Said(row.card, row.phone, row.points, row.registered, row.birthday, row.favourites, row.programme, row.name)
        for row in table.rows
    )


@pytest.mark.parametrize("name", [name for name, file in FILES.items() if not file.refused])
def test_n1_a_file_as_people_have_it_gives_its_rows_and_says_why_of_the_others(name: str) -> None:
    file = FILES[name]
    table = read(file)
    assert rows_in(table) == file.rows
    told = [str(bad) for bad in table.rows.bad()]
    assert len(told) == len(file.bad)
    for one, begin in zip(told, file.bad, strict=True):
        assert one.startswith(begin)
    assert file.read in str(table)


@pytest.mark.parametrize("name", [name for name, file in FILES.items() if file.refused])
def test_n2_what_is_no_table_of_members_is_refused_with_what_helps(name: str) -> None:
    file = FILES[name]
    with pytest.raises(BadMembers) as caught:
        read(file)
    (told,) = caught.value.problems
    assert told.startswith(file.refused)


def test_there_are_files_enough() -> None:
    assert len(FILES) >= 30


def test_the_sums_of_a_file_are_those_of_its_rows_and_of_what_was_left_out() -> None:
    rows = read(FILES["points_in_many_ways"]).rows
    assert rows.all() == (10, 4_500, 0, 0)
    assert {kind: tuple(one) for kind, one in rows.sums().items()} == {
        "points": (5, 0, 5, 0),
        "damaged": (1, 0, 1, 0),
    }
