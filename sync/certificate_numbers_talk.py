"""Keeps some numbers of gift certificates ahead, beside the hub's changes: they are sold without it, too."""

from __future__ import annotations

from typing import Final

from offline_cache.cache import Cache
from offline_cache.certificates import Blank
from sync.certificates import NUMBERS, CertificateNumbersAsked, CertificateNumbersTold
from sync.desk_talk import DeskPort, NowAndThen, ask_desk

AHEAD: Final = 20  # a day without the hub, on the eve of a holiday
POLL_S: Final = 3600.0
SOON_S: Final = 30.0  # where they run out
CALLED: Final = "numbers of certificates"


class CertificateNumbersTalk:
    def __init__(self, cache: Cache, desk: DeskPort, programme: str) -> None:
        self._cache = cache
        self._desk = desk
        self._programme = programme
        self._turns = NowAndThen(POLL_S, SOON_S, "There are no more numbers of certificates than before")

    def step(self, now_s: float) -> bool:
        """Never True."""
        if self._cache.training:
            return False
        is_pressing = self._cache.certificates.free() < AHEAD // 2
        return self._turns.step(now_s, is_pressing=is_pressing, ask=self._ask)

    def _ask(self) -> None:
        asked = CertificateNumbersAsked(file=self._cache.file_id, machine=self._cache.leases.machine, count=AHEAD)
        told = ask_desk(self._desk, self._cache, self._programme, NUMBERS, asked, CertificateNumbersTold, called=CALLED)
        self._cache.certificates.keep([Blank(one.number, one.text, one.pin) for one in told.blanks])
