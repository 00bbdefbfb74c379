"""Which scans are the programme's own, as data: for whoever passes a shared scanner's codes on and knows no programme.

What is certainly ours goes to the till; all else, and all that is doubtful, goes to the shop's POS, because a sale
must not wait for us. A card that fits no scheme of the programme, and which the shop has linked all the same, is known
by the till's file alone: there `forward_what = "all"` lets both read everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from loyalty.programme import EAN_LENGTHS, CardScheme, Programme
from loyalty.receipt_codes import MARK, claim_link
from loyalty.rotating_code import PREFIX as ROTATING
from loyalty.scans import TELLING_PREFIX

MARK_BEGINS = "po:"


@dataclass(frozen=True, slots=True)
class OwnCodes:
    """Codes that begin with `begins` and, come to their end, are `whole` (a regular expression): until then a code
    that may still become one is known by its beginning alone."""

    begins: str
    whole: str


def own_codes(programme: Programme) -> tuple[OwnCodes, ...]:
    """Cards, phones' rotating codes, coupons, certificates, and the codes of our own papers. The QR of a fiscal receipt
    is the POS's."""
    scans = programme.scans
    return (
        *(OwnCodes(prefix, f"{re.escape(prefix)}.*") for prefix in (ROTATING, *scans.coupons, *scans.certificates)),
        *(code for scheme in programme.cards.schemes for code in _cards(scheme, scans.goods)),
        OwnCodes(MARK_BEGINS, MARK.pattern),
        *_links(programme.claims.account),
    )


def _links(account: str) -> Iterator[OwnCodes]:
    """The same as links of the members' account."""
    if account:
        begins = claim_link(account, MARK_BEGINS)
        yield OwnCodes(begins, re.escape(claim_link(account, "")) + MARK.pattern)


def _cards(scheme: CardScheme, goods: tuple[str, ...]) -> Iterator[OwnCodes]:
    """A number as it is printed, and as scanners spell it that make 12 digits of 13, or 14."""
    whole = "|".join(_digits(scheme.prefix, length, goods) for length in _lengths(scheme))
    yield OwnCodes(scheme.prefix, whole)
    if scheme.length == 13:
        yield OwnCodes(f"0{scheme.prefix}", _digits(f"0{scheme.prefix}", 14, goods))
        if scheme.prefix.startswith("0"):
            yield OwnCodes(scheme.prefix[1:], _digits(scheme.prefix[1:], 12, goods))


def _lengths(scheme: CardScheme) -> tuple[int, ...]:
    """With a digit too few or too many it is a card that was read wrong, where the prefix tells so much."""
    slips = (-1, 0, 1) if len(scheme.prefix) >= TELLING_PREFIX else (0,)
    return tuple(scheme.length + slip for slip in slips)


def _digits(prefix: str, length: int, goods: Iterable[str]) -> str:
    """A scale's label is goods, whatever scheme its number would fit."""
    but = "".join(f"(?!{one})" for one in goods) if length in EAN_LENGTHS else ""
    return f"{but}{prefix}[0-9]{{{max(length - len(prefix), 0)}}}"
