"""Keeps some numbers of gift certificates ahead, beside the hub's changes: they are sold without it, too."""

from __future__ import annotations

import logging
import secrets
from typing import Final

import msgspec

from offline_cache.cache import Cache
from offline_cache.certificates import Blank
from sync.card_numbers_talk import DeskPort
from sync.certificates import NUMBERS, CertificateNumbersAsked, CertificateNumbersTold
from sync.desk import DeskRequest
from sync.hub_port import HubIsOlder, HubRefused, HubUnclear
from sync.protocol import BUSY, TOO_MANY

AHEAD: Final = 20  # a day without the hub, on the eve of a holiday
POLL_S: Final = 3600.0
SOON_S: Final = 30.0  # where they run out

log = logging.getLogger(__name__)


class CertificateNumbersTalk:
    def __init__(self, cache: Cache, desk: DeskPort, programme: str) -> None:
        self._cache = cache
        self._desk = desk
        self._programme = programme
        self._due_s = 0.0
        self._soon_s = 0.0
        self._logged = ""

    def step(self, now_s: float) -> bool:
        """Never True: nobody waits for it. A hub that does not know the act is there all the same."""
        few = self._cache.certificates.free() < AHEAD // 2
        if self._cache.training or now_s < (self._soon_s if few else self._due_s):
            return False
        self._due_s, self._soon_s = now_s + POLL_S, now_s + SOON_S
        try:
            self._ask()
        except (HubIsOlder, HubUnclear, HubRefused) as error:
            if error.code in (BUSY, TOO_MANY):
                raise
            if str(error) != self._logged:
                self._logged = str(error)
                log.warning("There are no more numbers of certificates than before: %s", error)
        return False

    def _ask(self) -> None:
        asked = CertificateNumbersAsked(file=self._cache.file_id, count=AHEAD)
        reply = self._desk.desk(
            DeskRequest(
                till=self._cache.till,
                programme=self._programme,
                act=NUMBERS,
                key=secrets.token_hex(8),  # asked twice, the hub says the same
                body=msgspec.Raw(msgspec.json.encode(asked)),
            )
        )
        try:
            told = msgspec.json.decode(reply.body, type=CertificateNumbersTold)
        except (ValueError, RecursionError) as error:
            raise HubUnclear(f"The hub's numbers of certificates cannot be read: {error}.") from error
        self._cache.certificates.keep([Blank(one.number, one.text, one.pin) for one in told.blanks])
