"""What a scanned text is: a card, a phone's rotating code, a coupon, a certificate, a receipt's code, goods, or
nothing we know.

A known member's card comes first, whatever it looks like: shops have linked all kinds of cards. Then the
programme's own prefixes, then goods.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from stdnum import ean

from loyalty.card_numbers import is_digits, scheme_of, wrong_with
from loyalty.programme import EAN_LENGTHS, Programme
from loyalty.receipt_codes import read_fiscal, read_mark
from loyalty.rotating_code import PREFIX as ROTATING

TELLING_PREFIX = 4  # digits: whatever begins with so many of a card's is meant as one
TEXT_MAX = 4_096  # characters; the largest QR code holds 4,296 and ours are far shorter

SURROUNDING = " \t\r\n\0\ufeff"  # blanks, zeros that fill up a field, a byte order mark (D08)

Kind = Literal["card", "rotating", "coupon", "certificate", "receipt", "goods", "unknown"]
Reason = Literal["empty", "too_long", "check_digit", "length", "not_ours"]

EAN_WITH_ADDON, ADDON_LENGTHS = 13, (2, 5)  # digits

MARKED_GOODS = re.compile(r"01[0-9]{14}21.+", re.DOTALL)  # Chestny Znak: GTIN, then the piece's own serial
GS1_MARKS = ("\x1d", "\xe8", "]d2", "]C1", "]e0", "]Q3")  # FNC1 as scanners send it
PRINTED_GS1 = re.compile(r"\(01\)[0-9]{14}.*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanMeaning:
    """What the text is and the text without its surrounding blanks; for `unknown` also why."""

    kind: Kind
    text: str
    reason: Reason | None = None


def what_is(text: str, programme: Programme, is_known_card: bool, *, typed: bool = False) -> ScanMeaning:
    """What a scan means to this programme. Never raises: a scanner may read anything. `typed`: by a person, who types
    cards and no goods."""
    if len(text) > TEXT_MAX:
        return ScanMeaning(kind="unknown", text=text[:TEXT_MAX], reason="too_long")
    text = text.strip(SURROUNDING)
    if not text:
        return ScanMeaning(kind="unknown", text="", reason="empty")
    if is_known_card:
        return ScanMeaning(kind="card", text=text)
    if read_mark(text) is not None or read_fiscal(text) is not None:
        return ScanMeaning(kind="receipt", text=text)
    if text.startswith(ROTATING):
        return ScanMeaning(kind="rotating", text=text)
    return _by_prefix(text, programme, typed) or _goods(text)


def _by_prefix(text: str, programme: Programme, typed: bool) -> ScanMeaning | None:
    if text.startswith(programme.scans.coupons):
        return ScanMeaning(kind="coupon", text=text)
    if text.startswith(programme.scans.certificates):
        return ScanMeaning(kind="certificate", text=text)
    if len(text) in EAN_LENGTHS and is_digits(text) and text.startswith(programme.scans.goods):
        return _goods(text)  # a scale's label, whatever scheme its number would fit (R16)
    scheme = scheme_of(text, programme.cards.schemes)
    if scheme is None:
        return None
    reason = wrong_with(text, scheme)
    # A short prefix may also begin goods' numbers of another length; a card with a digit too few or too many is one
    # that somebody typed, or that begins as no goods do by chance.
    slipped = abs(len(text) - scheme.length) == 1 and (typed or len(scheme.prefix) >= TELLING_PREFIX)
    if reason == "length" and not slipped and len(text) in EAN_LENGTHS and ean.is_valid(text):
        return None
    return ScanMeaning(kind="card" if reason is None else "unknown", text=text, reason=reason)


def _goods(text: str) -> ScanMeaning:
    if (main := _without_addon(text)) is not None:
        return ScanMeaning(kind="goods", text=main)
    if is_digits(text) and len(text) in EAN_LENGTHS:
        right = ean.is_valid(text)
        return ScanMeaning(kind="goods" if right else "unknown", text=text, reason=None if right else "check_digit")
    if text.startswith(GS1_MARKS) or MARKED_GOODS.fullmatch(text) or PRINTED_GS1.fullmatch(text):
        return ScanMeaning(kind="goods", text=text)
    return ScanMeaning(kind="unknown", text=text, reason="not_ours")


def _without_addon(text: str) -> str | None:
    """An EAN-13 with the two or five digits beside it that newspapers and books have, read as one (D10). A number of a
    card was looked for before."""
    main = text[:EAN_WITH_ADDON]
    addon = len(text) - EAN_WITH_ADDON in ADDON_LENGTHS and is_digits(text)
    return main if addon and ean.is_valid(main) else None
