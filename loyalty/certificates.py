"""Gift certificates: rubles paid in advance (P16). A tender, never a discount; spent in parts; no points.

What is left on one stays its owner's, whole or remainder, and is refunded on demand even after its day (the law
on advances), so nothing here ever expires a ruble.
"""

from __future__ import annotations

from collections.abc import Sequence

from loyalty.basket import BadBasket
from loyalty.money import format_kopecks
from loyalty.programme import Programme


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
