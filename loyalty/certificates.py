"""Gift certificates: rubles paid in advance (P16). A tender, never a discount; spent in parts; no points.

What is left on one stays its owner's, whole or remainder, and is refunded on demand even after its day (the law
on advances), so nothing here ever expires a ruble.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from loyalty.basket import BadBasket, Line
from loyalty.bodies import SoldLine
from loyalty.money import format_kopecks
from loyalty.programme import Programme
from loyalty.spellings import category_key

CERTIFICATE: Final = "certificate"  # a tender that is one
CATEGORY: Final = "gift_certificate"
ADVANCE_SUBJECT, ADVANCE_METHOD = 10, 3  # fiscal tags 1212 and 1214 of money that was taken in advance
PREPAID_METHODS: Final = (1, 2)  # of tag 1214: goods that are known, paid for in whole or in part


def spend(certificates: Sequence[int], to_pay_kopecks: int) -> tuple[int, ...]:
    """Kopecks taken from each certificate in turn, until the receipt is paid."""
    taken = []
    for left in certificates:
        part = min(left, to_pay_kopecks)
        taken.append(part)
        to_pay_kopecks -= part
    return tuple(taken)


def check_tender(programme: Programme, kopecks: int) -> None:
    """A partly spent certificate may hold little, but none holds more than was ever sold. Raises BadBasket."""
    most = programme.certificates.face_max_kopecks
    if not 0 < kopecks <= most:
        raise BadBasket("amount", f"a certificate holds 0.01 to {format_kopecks(most)}, not {format_kopecks(kopecks)}")


def check_face_value(programme: Programme, kopecks: int) -> None:
    """Whether a certificate of this value is sold. Raises BadBasket."""
    rules = programme.certificates
    if not rules.face_min_kopecks <= kopecks <= rules.face_max_kopecks:
        least, most = format_kopecks(rules.face_min_kopecks), format_kopecks(rules.face_max_kopecks)
        raise BadBasket("amount", f"certificates are sold from {least} to {most}, not for {format_kopecks(kopecks)}")


def is_sold(line: Line | SoldLine) -> bool:
    """Whether a line sells certificates: somebody calls it so, or it is nothing but an advance. Goods that were paid in
    advance are another thing, though they are as closed."""
    if isinstance(line, SoldLine):
        told, subject, method = line.category_told, line.subject, line.method
    else:
        told, subject, method = line.facts.category_told, line.facts.subject, line.facts.method
    if line.category != CATEGORY or line.unit != "pc":
        return False
    if told is not None and category_key(told) != CATEGORY:
        return False
    return method not in PREPAID_METHODS and (method != ADVANCE_METHOD or subject in (None, ADVANCE_SUBJECT))


def faces(line: SoldLine) -> tuple[int, ...]:
    """What each certificate of a line holds: what is paid for it."""
    cheaper, dearer = divmod(line.net_kopecks * 1000, line.quantity_m)
    pieces, more = line.quantity_m // 1000, dearer // 1000
    return tuple([cheaper] * (pieces - more) + [cheaper + 1] * more)


def may_pay(lines: Iterable[Line | SoldLine]) -> bool:
    """Whether a certificate may pay this receipt: not where one is sold on it, for then nobody would know any more
    whose money that is."""
    return all(line.category != CATEGORY for line in lines)
