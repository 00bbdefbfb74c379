"""Receipts that are keyed in at the till's page, where no POS tells them: what they are called.

Their numbers begin with a mark that no POS's do, so that neither takes the other's; digits and a dash are the same
under every keyboard layout.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from offline_cache.cache import Cache
from pos_agent.visit import Visit

MARK: Final = "0-"


def is_keyed(visit: Visit) -> bool:
    return visit.receipt is not None and not visit.receipt.pos and visit.receipt.number.startswith(MARK)


class KeyedNumbers:
    """0-1, 0-2 … of a day: the first that nothing was recorded under, and that no receipt here has."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._day = ""
        self._number = 1

    def next(self, today: date, open_visits: tuple[Visit, ...]) -> str:
        day = today.isoformat()
        if day != self._day:
            self._day, self._number = day, 1
        here = {visit.receipt.number for visit in open_visits if visit.receipt}
        while self._is_recorded(self._number):
            self._number += 1
        number = self._number
        while f"{MARK}{number}" in here or self._is_recorded(number):  # an older one may stand aside still
            number += 1
        return f"{MARK}{number}"

    def _is_recorded(self, number: int) -> bool:
        return self._cache.is_number_used(self._day, f"{MARK}{number}")
