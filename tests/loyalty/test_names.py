"""A name with the given name first, and as much of it as a guest may read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.names import TOLD_LETTERS_MAX, called, given_first, masked
from loyalty.possible import ImpossibleMember, check_member, is_text
from loyalty.snapshot import MemberSnapshot


@pytest.mark.parametrize(
    ("text", "family_first", "name"),
    [
        ("Петрова Анна Сергеевна", True, "Анна Сергеевна Петрова"),
        ("Петрова Анна Сергеевна", False, "Анна Сергеевна Петрова"),
        ("Анна Сергеевна Петрова", True, "Анна Сергеевна Петрова"),
        ("Петрова Анна", True, "Анна Петрова"),
        ("Anna Petrova", False, "Anna Petrova"),
        ("  Анна  ", True, "Анна"),
        ("", True, ""),
    ],
)
def test_the_given_name_stands_first(text: str, family_first: bool, name: str) -> None:
    assert given_first(text, family_first=family_first) == name


@pytest.mark.parametrize(
    ("name", "told"),
    [("Анна Сергеевна Петрова", "Анна П."), ("Анна", "Анна"), ("", ""), ("A" * 99 + " B", "A" * 37 + " B.")],
)
def test_a_guest_reads_the_given_name_and_a_letter(name: str, told: str) -> None:
    assert masked(name) == told
    assert told.startswith(called(name)[:37]), "he is greeted as the till calls him"


@given(st.text(min_size=1, max_size=300).filter(lambda text: text.isprintable() and bool(text.strip())))
def test_every_name_that_is_kept_may_be_told(text: str) -> None:
    assert is_text(masked(given_first(text)), TOLD_LETTERS_MAX)


@pytest.mark.parametrize("name", ["", "Анна\n", "Анна\u202e", "А" * 41, "\x1b[2J"])
def test_sec3_a_name_that_no_hub_of_ours_tells_is_set_aside(name: str) -> None:
    check_member(MemberSnapshot(member="anna", cards=(), name="Анна П."))
    with pytest.raises(ImpossibleMember):
        check_member(MemberSnapshot(member="anna", cards=(), name=name))
