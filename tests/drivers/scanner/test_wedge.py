"""Scans typed under the Russian layout: turned back when it is certain, never turned into something else."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner.wedge import BACK, HINTS, RU, US, Refused, Repaired, repair_layout

# Written again, key by key, from xkb's symbols/ru (winkeys): what the Russian layout makes of each US character.
LAYOUT = str.maketrans(
    "`qwertyuiop[]asdfghjkl;'zxcvbnm,./~@#$^&QWERTYUIOP{}|ASDFGHJKL:\"ZXCVBNM<>?",
    'ёйцукенгшщзхъфывапролджэячсмитьбю.Ё"№;:?ЙЦУКЕНГШЩЗХЪ/ФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,',
)
PRINTABLE = st.text(string.ascii_letters + string.digits + string.punctuation + " ", min_size=1)


def test_the_tables_are_one_to_one() -> None:
    assert len(set(US)) == len(set(RU)) == len(US) == len(RU) == len(string.printable.strip()) + 1
    assert {us: ru for ru, us in BACK.items()} == {us: us.translate(LAYOUT) for us in US}


@given(PRINTABLE)
def test_typed_under_russian_it_is_restored_exactly_or_refused(text: str) -> None:
    answer = repair_layout(text.translate(LAYOUT))
    assert isinstance(answer, Refused) or answer.text == text


@given(PRINTABLE)
def test_typed_under_us_it_is_left_alone_or_refused(text: str) -> None:
    answer = repair_layout(text)
    assert isinstance(answer, Refused) or answer == Repaired(text, changed=False)


@given(st.text(string.digits, min_size=1))
def test_card_numbers_of_digits_are_never_refused(text: str) -> None:
    assert repair_layout(text) == Repaired(text, changed=False)


@given(PRINTABLE.filter(lambda text: any(letter.isalpha() for letter in text)))
def test_a_code_with_a_letter_is_always_restored(text: str) -> None:
    assert repair_layout(text.translate(LAYOUT)) == Repaired(text, changed=True)
    assert repair_layout(text) == Repaired(text, changed=False)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("12.5", "ambiguous"), ("46/07", "ambiguous"), (";", "ambiguous"), ("фd12", "mixed"), ("12\x1d", "foreign"),
     ("12é", "foreign"), ("№@", "mixed")],
)  # fmt: skip
def test_what_is_not_certain_is_refused_with_a_reason(typed: str, reason: str) -> None:
    assert repair_layout(typed) == Refused(reason)  # type: ignore[arg-type]


def test_every_reason_tells_the_cashier_what_to_do_in_both_languages() -> None:
    for reason, (russian, english) in HINTS.items():
        assert "EN" in russian and "EN" in english
        assert Refused(reason).hints == (russian, english)


def test_a_coupon_typed_under_russian_is_restored() -> None:
    assert repair_layout("РЕЕЗЫЖ..ырщз,2?ф=1") == Repaired("HTTPS://shop?2&a=1", changed=True)
