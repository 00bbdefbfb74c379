"""A typed code: 60 random bits, read however it is typed, and a slip of the finger is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.typed_codes import CODE_LETTERS, LETTERS, make_code, read_code, shown_code

bits = st.integers(0, 2**60 - 1)
CODE = make_code(0x123456789ABCDEF)


@given(bits)
def test_what_is_made_is_read_as_it_is_shown(random_bits: int) -> None:
    code = make_code(random_bits)
    assert len(code) == CODE_LETTERS == 13 and set(code) <= set(LETTERS)
    assert read_code(code) == read_code(shown_code(code)) == code
    assert [len(part) for part in shown_code(code).split("-")] == [4, 4, 5]


@given(bits, bits)
def test_other_bits_are_another_code_but_for_those_of_digits_alone(one: int, other: int) -> None:
    digits = [all(bits >> shift & 31 < 10 for shift in range(0, 60, 5)) for bits in (one, other)]
    assert one == other or any(digits) or make_code(one)[:12] != make_code(other)[:12]


@pytest.mark.parametrize("random_bits", [0, 1, int("00001" * 12, 2), int("01001" * 12, 2)])
def test_no_code_is_all_digits(random_bits: int) -> None:
    """A number of thirteen digits is a card's or some goods'."""
    assert not make_code(random_bits).isdigit()


@pytest.mark.parametrize("random_bits", [-1, 2**60])
def test_more_bits_than_a_code_has_are_told(random_bits: int) -> None:
    with pytest.raises(ValueError, match="60 bits"):
        make_code(random_bits)


def test_its_letters_may_be_typed_in_many_ways() -> None:
    ambiguous = next(code for n in range(10**4) if {"0", "1"} <= set(code := make_code(n * 7_919 << 20)))
    for zero in ("0", "O", "o", "О", "о"):
        for one in ("1", "I", "i", "L", "l"):
            assert read_code(ambiguous.replace("0", zero).replace("1", one)) == ambiguous
    assert read_code(f"  {shown_code(CODE).lower()}\t") == CODE
    assert read_code(" ".join(CODE)) == CODE, "with a blank after each"
    assert read_code(CODE.translate(str.maketrans("ABCEHKMPTXY", "АВСЕНКМРТХУ"))) == CODE, "on a Russian keyboard"


def test_every_wrong_letter_and_every_two_that_changed_places_are_noticed() -> None:
    for at in range(CODE_LETTERS):
        for letter in set(LETTERS) - {CODE[at]}:
            assert read_code(CODE[:at] + letter + CODE[at + 1 :]) is None
        for other in range(at):
            if CODE[at] != CODE[other]:
                swapped = list(CODE)
                swapped[at], swapped[other] = swapped[other], swapped[at]
                assert read_code("".join(swapped)) is None


NO_CODES = ["", CODE[:-1], CODE + "0", "U" + CODE[1:], "4006381333931", "0" * 13, "Ж" * 13, "-" * 13]


@pytest.mark.parametrize("text", NO_CODES)
def test_other_texts_are_no_codes(text: str) -> None:
    assert read_code(text) is None


@given(st.text())
def test_any_text_is_read_or_is_none(text: str) -> None:
    assert read_code(text) is None or len(text) >= CODE_LETTERS


def test_a_long_text_is_none() -> None:
    assert read_code(CODE + " " * 100) is None
