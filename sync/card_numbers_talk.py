"""Tells the hub of spoiled blanks, and keeps some virtual numbers ahead, now and then, beside the hub's changes."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

import msgspec

from offline_cache.cache import Cache
from sync.card_numbers import ACT, SPOILED_MAX, CardNumbersAsked, CardNumbersTold
from sync.desk import DeskReply, DeskRequest
from sync.hub_port import HubIsOlder, HubRefused, HubUnclear
from sync.protocol import BUSY, TOO_MANY

AHEAD: Final = 20  # virtual numbers: a day without the hub and without blanks
POLL_S: Final = 900.0  # the hub counts the blanks of all its stores for it
SOON_S: Final = 30.0  # where something was spoiled meanwhile, or numbers run out

log = logging.getLogger(__name__)


class DeskPort(Protocol):
    """Raises HubUnreachable or HubRefused."""

    def desk(self, request: DeskRequest) -> DeskReply: ...


class CardNumbersTalk:
    def __init__(self, cache: Cache, desk: DeskPort, programme: str, clock: Callable[[], datetime]) -> None:
        self._cache = cache
        self._desk = desk
        self._programme = programme
        self._clock = clock
        self._due_s = 0.0
        self._soon_s = 0.0
        self._logged = ""

    def step(self, now_s: float) -> bool:
        """Never True: nobody waits for it. A hub that does not know the act is there all the same."""
        if self._cache.training or now_s < (self._soon_s if self._is_pressing() else self._due_s):
            return False
        self._due_s, self._soon_s = now_s + POLL_S, now_s + SOON_S
        try:
            self._ask()
        except (HubIsOlder, HubUnclear, HubRefused) as error:
            if error.code in (BUSY, TOO_MANY):
                raise
            if str(error) != self._logged:
                self._logged = str(error)
                log.warning("Numbers of cards are as they were told last: %s", error)
        return False

    def _is_pressing(self) -> bool:
        numbers = self._cache.card_numbers
        return bool(numbers.untold(1)) or numbers.free(self._clock()) < AHEAD // 2

    def _ask(self) -> None:
        numbers = self._cache.card_numbers
        spoiled = tuple(numbers.untold(SPOILED_MAX))
        asked = CardNumbersAsked(file=self._cache.file_id, virtual=AHEAD, spoiled=spoiled)
        reply = self._desk.desk(
            DeskRequest(
                till=self._cache.till,
                programme=self._programme,
                act=ACT,
                key=secrets.token_hex(8),  # asked twice, the hub says the same
                body=msgspec.Raw(msgspec.json.encode(asked)),
            )
        )
        try:
            told = msgspec.json.decode(reply.body, type=CardNumbersTold)
        except (ValueError, RecursionError) as error:
            raise HubUnclear(f"The hub's numbers of cards cannot be read: {error}.") from error
        numbers.told(spoiled)
        numbers.keep(told.virtual, told.blanks_left, self._clock())
