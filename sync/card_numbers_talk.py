"""Tells the hub of spoiled blanks, and keeps some virtual numbers ahead, now and then, beside the hub's changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from offline_cache.cache import Cache
from sync.card_numbers import ACT, SPOILED_MAX, CardNumbersAsked, CardNumbersTold
from sync.desk_talk import DeskPort, NowAndThen, ask_desk

AHEAD: Final = 20  # virtual numbers: a day without the hub and without blanks
POLL_S: Final = 900.0  # the hub counts the blanks of all its stores for it
SOON_S: Final = 30.0  # where something was spoiled meanwhile, or numbers run out
CALLED: Final = "numbers of cards"


class CardNumbersTalk:
    def __init__(self, cache: Cache, desk: DeskPort, programme: str, clock: Callable[[], datetime]) -> None:
        self._cache = cache
        self._desk = desk
        self._programme = programme
        self._clock = clock
        self._turns = NowAndThen(POLL_S, SOON_S, "Numbers of cards are as they were told last")

    def step(self, now_s: float) -> bool:
        """Never True."""
        if self._cache.training:
            return False
        return self._turns.step(now_s, is_pressing=self._is_pressing(), ask=self._ask)

    def _is_pressing(self) -> bool:
        numbers = self._cache.card_numbers
        return bool(numbers.untold(1)) or numbers.free(self._clock()) < AHEAD // 2

    def _ask(self) -> None:
        numbers = self._cache.card_numbers
        spoiled = tuple(numbers.untold(SPOILED_MAX))
        asked = CardNumbersAsked(
            file=self._cache.file_id, machine=self._cache.leases.machine, virtual=AHEAD, spoiled=spoiled
        )
        told = ask_desk(self._desk, self._cache, self._programme, ACT, asked, CardNumbersTold, called=CALLED)
        numbers.told(spoiled)
        numbers.keep(told.virtual, told.blanks_left, self._clock())
