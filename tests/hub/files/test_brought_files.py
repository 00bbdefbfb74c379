"""N1, N2: files of what members have come in as they are, or are told what is wrong with them."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest

from hub.brought.kind import Around
from hub.brought.kinds import BROUGHT
from hub.brought.reading import BroughtFile, read_brought
from hub.build import build_programmes
from hub.files.dialect import BadFile
from tests.hub.files.brought_as_people_have_it import FILES, File

AROUND = Around(programmes=build_programmes(), now=datetime(2026, 3, 2, 12, tzinfo=UTC), programme="alenka")


def read(file: File) -> BroughtFile:
    return read_brought(io.BytesIO(file.content), BROUGHT[file.kind], AROUND)


def said(row: Any) -> tuple[Any, ...]:
    """All but its line."""
    return tuple(getattr(row, name) for name in row.__struct_fields__[1:])


@pytest.mark.parametrize("name", [name for name, file in FILES.items() if not file.refused])
def test_n1_a_file_as_people_have_it_gives_its_rows_and_says_why_of_the_others(name: str) -> None:
    file = FILES[name]
    table = read(file)
    assert tuple(map(said, table.rows)) == file.rows
    told = [str(bad) for bad in table.rows.bad()]
    assert len(told) == len(file.bad), told
    for one, begin in zip(told, file.bad, strict=True):
        assert one.startswith(begin)
    assert file.read in str(table)


@pytest.mark.parametrize("name", [name for name, file in FILES.items() if file.refused])
def test_n2_what_is_no_such_table_is_refused_with_what_helps(name: str) -> None:
    with pytest.raises(BadFile) as caught:
        read(FILES[name])
    assert str(caught.value).startswith(FILES[name].refused) and "--map" in str(caught.value)


def test_there_are_files_of_every_kind() -> None:
    assert {file.kind for file in FILES.values()} == {"lots", "turnover", "cards"} <= BROUGHT.keys() and len(FILES) >= 8
