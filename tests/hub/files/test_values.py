"""Single cells: the quick way to read a phone agrees with the thorough one, cards against the programme's schemes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.files import values
from hub.files.cards import card
from hub.files.reasons import BadValue
from loyalty.card_numbers import make_number
from loyalty.phones import BadPhone, parse_phone
from loyalty.programme import CardScheme

LOST = (CardScheme(kind="ean13", prefix="0026", length=13), CardScheme(kind="plain", prefix="00", length=6))
LUHN = (CardScheme(kind="luhn", prefix="7777", length=16),)


@given(st.from_regex(re.compile(r"(\+7|8|7|\+8|9|)[ (-]{0,2}9[0-9 ()-]{8,13}", re.ASCII), fullmatch=True))
def test_the_quick_way_to_read_a_phone_agrees_with_the_thorough_one(text: str) -> None:
    assert_alike(text)


def test_it_agrees_for_every_beginning() -> None:
    for begin in range(9_000, 10_000):
        for spelt in ("+7", "8", "7", "", "+8"):
            assert_alike(f"{spelt}{begin}000000")


def assert_alike(text: str) -> None:
    try:
        thorough = parse_phone(text)
    except BadPhone:
        with pytest.raises(BadValue):
            values.phone(text)
    else:
        assert values.phone(text) == thorough


@pytest.mark.parametrize("text", ["+375 29 123-45-67", "8 495 123-45-67", "+49 30 901820"])
def test_other_phones_are_read_as_they_are_everywhere(text: str) -> None:
    assert values.phone(text) == parse_phone(text)


@given(st.integers(0, 10**8 - 1))
def test_a_card_that_lost_its_zeros_is_told_and_not_taken(serial: int) -> None:
    whole = make_number(LOST[0], serial)
    assert card(whole, LOST) == whole
    with pytest.raises(BadValue, match=f"card {whole.lstrip('0')} is {whole} whose zeros a spreadsheet took away"):
        card(whole.lstrip("0"), LOST)


def test_zeros_of_a_plain_number_are_missed_too() -> None:
    assert card("001234", LOST) == "001234"
    with pytest.raises(BadValue, match="card 1234 is 001234 whose zeros"):
        card("1234", LOST)


def test_what_fits_no_scheme_is_a_card_of_long_ago() -> None:
    for text in ("500", "AB12", "12345678901234567890"):
        assert card(text, LUHN) == text
    with pytest.raises(BadValue, match="must be letters and digits"):
        card("AB-12", LUHN)


def test_a_long_number_that_a_spreadsheet_rounded_has_a_wrong_check_digit() -> None:
    """It keeps fifteen digits and makes the rest zeros."""
    whole = make_number(LUHN[0], 12_345)
    assert card(f"{whole[:4]} {whole[4:8]} {whole[8:12]} {whole[12:]}", LUHN) == whole
    rounded = f"{whole[:15]}{(int(whole[15]) + 1) % 10}"
    with pytest.raises(BadValue) as caught:
        card(rounded, LUHN)
    assert caught.value.kind == "check_digit"
