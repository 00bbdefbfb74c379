"""Which codes a shared scanner keeps from the POS: the same that the till would take, and never goods."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.programmes import load_programme
from loyalty.ours import OwnCodes, own_codes
from loyalty.programme import CardScheme, Programme
from loyalty.scans import what_is

ALENKA, PEREKRESTOK = load_programme("alenka"), load_programme("perekrestok")
OURS = ("card", "rotating", "coupon", "certificate", "receipt")


def is_ours(text: str, codes: tuple[OwnCodes, ...]) -> bool:
    found = [code for code in codes if re.fullmatch(code.whole, text, re.DOTALL)]
    assert all(text.startswith(code.begins) for code in found), "a code is passed on while it may not begin one"
    return bool(found)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("2600000000017", True),
        ("2600000000018", True),  # a wrong check digit: the cashier is told by the till
        ("260000000001", True),  # a digit too few
        ("02600000000017", True),  # as GTIN-14
        ("PA1:7WU8$AHY-", True),
        ("PAC:1", True),
        ("PAR:7WU8$AHY-", True),
        ("po:till-1:1:7:0123456789abcdef", True),
        ("4600000000015", False),
        ("26000000", False),
        ("2600", False),
        ("0104600439931256215!x\x1d91EE06", False),
        ("t=20260301T1215&s=1042.00&fn=9960440301234567&i=1107&fp=2884136711&n=1", False),  # the POS's own receipt
        ("", False),
    ],
)
def test_what_is_kept_from_the_pos(text: str, ours: bool) -> None:
    assert is_ours(text, own_codes(ALENKA)) is ours


def test_a_scales_label_is_goods_whatever_card_it_would_fit() -> None:
    programme = replace(ALENKA, scans=replace(ALENKA.scans, goods=("27",)))
    wide = replace(
        programme, cards=replace(programme.cards, schemes=(CardScheme(kind="plain", prefix="2", length=13),))
    )
    assert not is_ours("2700000000014", own_codes(wide))
    assert is_ours("2800000000014", own_codes(wide))


def test_a_upc_without_its_zero_is_the_card_that_it_was() -> None:
    scheme = CardScheme(kind="ean13", prefix="0260", length=13)
    codes = own_codes(replace(ALENKA, cards=replace(ALENKA.cards, schemes=(scheme,))))
    assert is_ours("0260000000010", codes) and is_ours("260000000010", codes)


digits = st.text("0123456789", max_size=12)
texts = st.one_of(
    st.text(max_size=40),
    st.builds(
        "{}{}".format, st.sampled_from(["2600", "2700", "26", "27", "02600", "PA1:", "PAC:", "46", "po:"]), digits
    ),
)


@pytest.mark.parametrize("programme", [ALENKA, PEREKRESTOK], ids=lambda programme: programme.id)
@given(text=texts)
def test_goods_are_never_kept_and_what_is_ours_always_is(programme: Programme, text: str) -> None:
    text = text.strip(" \t\r\n")
    meaning, ours = what_is(text, programme, False), is_ours(text, own_codes(programme))
    if meaning.kind == "goods" and not text.startswith("0"):  # with a zero before, a scanner spells a card so
        assert not ours
    if meaning.kind in OURS:
        assert ours
    if ours and meaning.kind == "unknown":
        assert meaning.reason in ("check_digit", "length", "not_ours")
