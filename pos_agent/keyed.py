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
        self._unused = "", 1  # of which day, as far as it was looked at

    def next(self, today: date, open_visits: tuple[Visit, ...]) -> str:
        """From any thread."""
        day = today.isoformat()
        of_day, number = self._unused
        number = self._not_recorded(day, number if day == of_day else 1)
        self._unused = day, number
        here = {visit.receipt.number for visit in open_visits if visit.receipt}
        while f"{MARK}{number}" in here:  # what is behind it may be recorded: an older one stands aside still
            number = self._not_recorded(day, number + 1)
        return f"{MARK}{number}"

    def _not_recorded(self, day: str, number: int) -> int:
        while self._cache.is_number_used(day, f"{MARK}{number}"):
            number += 1
        return number
