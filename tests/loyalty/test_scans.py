"""What a scanned or spoken text is: card numbers, phone numbers, codes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from stdnum import ean

from loyalty.card_numbers import as_number, check_digit, make_number, scheme_of, spellings, wrong_with
from loyalty.phones import BadPhone, parse_phone, phone_key
from loyalty.programme import CardScheme, Programme
from loyalty.scans import what_is

EAN = CardScheme(kind="ean13", prefix="2600", length=13)
LUHN = CardScheme(kind="luhn", prefix="77", length=16)
PLAIN = CardScheme(kind="plain", prefix="9", length=8)


@pytest.mark.parametrize(
    ("scheme", "serial", "number"),
    [
        (EAN, 0, "2600000000000"),
        (EAN, 1, "2600000000017"),
        (EAN, 99999999, "2600999999996"),
        (LUHN, 123, "7700000000001238"),
        (PLAIN, 42, "90000042"),
    ],
)
def test_a_number_is_made_and_recognised(scheme: CardScheme, serial: int, number: str) -> None:
    assert make_number(scheme, serial) == number
    assert wrong_with(number, scheme) is None
    assert scheme_of(number, (EAN, LUHN, PLAIN)) == scheme


@pytest.mark.parametrize(("scheme", "serial"), [(EAN, 100_000_000), (EAN, -1), (PLAIN, 10_000_000)])
def test_a_serial_that_does_not_fit_is_refused(scheme: CardScheme, serial: int) -> None:
    with pytest.raises(ValueError, match=f"^serial {serial} does not fit {scheme.length} digits beginning with "):
        make_number(scheme, serial)


def test_check_digits_are_those_of_the_standards() -> None:
    assert check_digit("400638133393", EAN) == "1"  # the EAN-13 everybody's manual shows
    assert check_digit("7992739871", LUHN) == "3"  # the Luhn number everybody's manual shows


def test_every_single_wrong_digit_is_found() -> None:
    for scheme in (EAN, LUHN):
        number = make_number(scheme, 4711)
        for place in range(len(scheme.prefix), scheme.length):
            for digit in "0123456789":
                if digit != number[place]:
                    wrong = number[:place] + digit + number[place + 1 :]
                    assert wrong_with(wrong, scheme) == "check_digit"


def test_the_length_is_looked_at_before_the_digit() -> None:
    assert wrong_with("26000000000", EAN) == "length"
    assert wrong_with("900000421", PLAIN) == "length"


@pytest.mark.parametrize(
    "text",
    [
        "2600 0000 00017",
        "2600-0000-00017",
        "2600\u20110000\u201300017",
        "２６０００００００００１７",
        " 2600\xa0000000017\t",
    ],
)
def test_a_number_as_people_type_it(text: str) -> None:
    assert as_number(text) == ALENKA_CARD


@pytest.mark.parametrize("text", ["", "-", "0104600439931256\x1d21", "PA1:7WU8$AHY-", "2600 0000 0001x", "hello world"])
def test_what_is_no_number_stays_as_it_is(text: str) -> None:
    assert as_number(text) == text


def test_r15_a_upc_is_told_with_or_without_its_zero() -> None:
    assert spellings("012345678905") == ("012345678905", "0012345678905")
    assert spellings("0012345678905") == ("0012345678905", "012345678905")
    assert spellings(ALENKA_CARD) == (ALENKA_CARD,)
    assert spellings(f"0{ALENKA_CARD}") == (f"0{ALENKA_CARD}", ALENKA_CARD)
    assert spellings("00012345678905") == ("00012345678905", "0012345678905", "012345678905")
    assert spellings("000123456789050") == ("000123456789050",)
    assert spellings("PA1:HELLO123") == ("PA1:HELLO123",)


def test_a_number_belongs_to_the_scheme_of_its_length_if_one_has_it() -> None:
    short = CardScheme(kind="plain", prefix="26", length=10)
    assert scheme_of("2600000000", (EAN, short)) == short
    assert scheme_of("26000000", (EAN, short)) == EAN
    assert scheme_of("4600000000", (EAN, short)) is None
    assert scheme_of("26٣0000000", (short,)) is None


@pytest.mark.parametrize(
    "text",
    [
        "8 916 123-45-67",
        "+7 (916) 123-45-67",
        "89161234567",
        "9161234567",
        "7 916 1234567",
        " 8(916)1234567 ",
        "8-916-123-45-67",
    ],
)
def test_a_phone_as_people_say_it(text: str) -> None:
    assert parse_phone(text) == "+79161234567"


def test_a_foreign_phone_needs_its_country() -> None:
    assert parse_phone("+375 29 123-45-67") == "+375291234567"


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("375291234567", "+375291234567"),
        ("996 700 123456", "+996700123456"),
        ("998901234567", "+998901234567"),
        ("0049 30 901820", "+4930901820"),
        ("８９１６１２３４５６７", "+79161234567"),  # full width
    ],
)
def test_r17_a_country_said_without_its_plus_is_taken_where_a_plus_makes_it_valid(text: str, e164: str) -> None:
    assert parse_phone(text) == e164


@pytest.mark.parametrize(
    ("text", "reason"),
    [("+8 916 123-45-67", "plus_eight"), ("мама", "no_phone"), ("", "no_phone"), ("916 123", "not_whole")],
)
def test_r17_what_is_no_phone_has_the_help_that_fits(text: str, reason: str) -> None:
    with pytest.raises(BadPhone) as bad:
        parse_phone(text)
    assert bad.value.reason == reason


@pytest.mark.parametrize(
    "text", ["", "abc", "123", "8 916 123-45-6", "+7 916 123 45 678", "8 916 123-45-67" + " " * 40, "0" * 5000]
)
def test_what_is_no_phone_is_told_how_to_say_one(text: str) -> None:
    with pytest.raises(BadPhone, match=r"; say it like 8 916 123-45-67$"):
        parse_phone(text)


def test_a_phone_of_the_longest_length_is_read() -> None:
    assert parse_phone("8 916 123-45-67".rjust(40)) == "+79161234567"
    with pytest.raises(BadPhone):
        parse_phone("8 916 123-45-67".rjust(41))


def test_a_phone_key_is_eight_bytes_and_differs_by_store() -> None:
    key = phone_key(b"k" * 32, "+79161234567")
    assert key.hex() == "4f9afb1e73e5a394"
    assert phone_key(b"l" * 32, "+79161234567") != key
    assert phone_key(b"k" * 32, "+79161234568") != key


@pytest.mark.parametrize("size", [0, 15, 65])
def test_a_store_key_of_a_wrong_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"^a store key has 16 to 64 bytes, not {size}$"):
        phone_key(b"k" * size, "+79161234567")
    assert len(phone_key(b"k" * 16, "+79161234567")) == len(phone_key(b"k" * 64, "+79161234567")) == 8


ALENKA_CARD = "2600000000017"


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        (ALENKA_CARD, "card", None),
        (f" {ALENKA_CARD}\r\n", "card", None),
        ("2600000000012", "unknown", "check_digit"),
        ("260000000001", "unknown", "length"),  # no goods have this number: a card, and a digit short
        ("26000008", "goods", None),  # a right EAN-8
        ("26000000000", "unknown", "length"),
        ("PA1:7WU8$AHY", "coupon", None),
        ("PAC:12345", "certificate", None),
        ("pa1:7WU8", "unknown", "not_ours"),
        ("4006381333931", "goods", None),
        ("4006381333932", "unknown", "check_digit"),
        ("96385074", "goods", None),
        ("036000291452", "goods", None),
        ("14006381333938", "goods", None),
        ("2201234512347", "goods", None),  # in-store weighed goods
        ("2700000000014", "goods", None),  # another programme's card, unless a member is known by it
        ("010460043993125621JgXJ5.T\x1d8005112000", "goods", None),
        ("\x1d0104600439931256215abc", "goods", None),
        ("]d20104600439931256215abc", "goods", None),
        ("(01)04600439931256", "goods", None),
        ("01046004399312562", "unknown", "not_ours"),
        ("123456789", "unknown", "not_ours"),
        ("https://example.com", "unknown", "not_ours"),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", "unknown", "not_ours"),
        ("", "unknown", "empty"),
        (" \t\r\n", "unknown", "empty"),
    ],
)
def test_what_a_scan_is(alenka: Programme, text: str, kind: str, reason: str | None) -> None:
    meaning = what_is(text, alenka, is_known_card=False)
    assert (meaning.kind, meaning.reason) == (kind, reason)
    assert meaning.text == text.strip(" \t\r\n")


@pytest.mark.parametrize("text", ["4006381333931", "2600000000012", "PA1:X", "Ivan"])
def test_a_known_members_card_comes_first_whatever_it_looks_like(alenka: Programme, text: str) -> None:
    meaning = what_is(f"{text}\r", alenka, is_known_card=True)
    assert (meaning.kind, meaning.text, meaning.reason) == ("card", text, None)


@pytest.mark.parametrize("text", ["260000000011", "26000000000116"])
def test_a_card_with_a_digit_too_few_or_too_many_is_no_goods_by_chance(alenka: Programme, text: str) -> None:
    """Both have a right check digit as EAN-12 and GTIN-14; a short prefix says so only of what a person typed."""
    right = text[:-1] + ean.calc_check_digit(text[:-1])
    short = replace(alenka, cards=replace(alenka.cards, schemes=(CardScheme(kind="ean13", prefix="26", length=13),)))
    for programme, typed, meant in (
        (alenka, False, ("unknown", "length")),
        (alenka, True, ("unknown", "length")),
        (short, False, ("goods", None)),
        (short, True, ("unknown", "length")),
    ):
        meaning = what_is(right, programme, False, typed=typed)
        assert (meaning.kind, meaning.reason) == meant
    ean8 = "2600000" + ean.calc_check_digit("2600000")
    assert what_is(ean8, alenka, False, typed=True).kind == "goods", "five digits too few are no slip"


def test_a_scan_has_a_longest_length(alenka: Programme) -> None:
    meaning = what_is("9" * 4097, alenka, is_known_card=True)
    assert (meaning.kind, meaning.reason, len(meaning.text)) == ("unknown", "too_long", 4096)
    assert what_is("9" * 4096, alenka, is_known_card=True).kind == "card"


def test_a_programme_without_prefixes_has_only_cards_and_goods(alenka: Programme) -> None:
    bare = replace(alenka, scans=replace(alenka.scans, coupons=(), certificates=()))
    assert what_is("PA1:X", bare, is_known_card=False).reason == "not_ours"
    assert what_is(ALENKA_CARD, bare, is_known_card=False).kind == "card"


@pytest.mark.parametrize(
    ("text", "goods", "kind", "reason"),
    [
        ("2700000000014", ("27001",), "card", None),
        ("2700112345676", ("27001",), "goods", None),
        ("2700112345677", ("27001",), "unknown", "check_digit"),
        ("2700112345676", (), "card", None),
        ("27001123", ("27001",), "unknown", "check_digit"),
        ("270011234", ("27001",), "unknown", "length"),  # no goods' number is so long
        ("A700112345670", ("27001",), "unknown", "not_ours"),
    ],
)
def test_r16_a_scales_label_is_goods_whatever_scheme_it_fits(
    perekrestok: Programme, text: str, goods: tuple[str, ...], kind: str, reason: str | None
) -> None:
    programme = replace(perekrestok, scans=replace(perekrestok.scans, goods=goods))
    meaning = what_is(text, programme, False)
    assert (meaning.kind, meaning.reason) == (kind, reason)
    assert what_is(text, programme, True).kind == "card", "a known member's card comes first"
