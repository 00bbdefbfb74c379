"""Which certificates a receipt was paid with, and what comes back onto them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from loyalty.bodies import Tender

KIND: Final = "certificate"
NUMBER_DIGITS: Final = 16  # a POS may have certificates of its own, which are called otherwise


def tendered(tenders: Iterable[Tender]) -> Counter[str]:
    """Kopecks by certificate."""
    sums: Counter[str] = Counter()
    for tender in tenders:
        if tender.kind == KIND and tender.id and _is_number(tender.id) and tender.kopecks > 0:
            sums[tender.id] += tender.kopecks
    return sums


def _is_number(id: str) -> bool:
    return len(id) == NUMBER_DIGITS and id.isascii() and id.isdigit()
