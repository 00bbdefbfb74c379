"""The shelf reads each programme once, also one that cannot be read."""

from __future__ import annotations

import pytest

from config.programmes import ProgrammeError, load_programme, load_source
from config.shelf import Shelf

ALENKA = load_programme("alenka")


def test_each_is_read_once_and_what_is_not_there_is_asked_for_again() -> None:
    asked: list[str] = []
    there: dict[str, str] = {}

    def source_of(hash: str) -> str | None:
        asked.append(hash)
        return there.get(hash)

    shelf = Shelf(source_of)
    assert shelf.programme(ALENKA.content_hash) is None
    there[ALENKA.content_hash] = load_source("alenka")
    found = shelf.programme(ALENKA.content_hash)
    assert found == ALENKA and shelf.programme(ALENKA.content_hash) is found and len(asked) == 2


def test_one_that_cannot_be_read_is_refused_each_time_and_read_once() -> None:
    asked: list[str] = []

    def source_of(hash: str) -> str:
        asked.append(hash)
        return "no toml ["

    shelf, said = Shelf(source_of), list[str]()
    for _ in range(3):
        with pytest.raises(ProgrammeError) as caught:
            shelf.programme("e" * 64)
        said.append(str(caught.value))
    assert len(asked) == 1 and len(set(said)) == 1
