"""Nonces that the hub gives: each is good for one request that must not be heard twice, for some minutes.

Nothing is kept of those that nobody uses: a nonce says itself until when it is good, under a key that this process
alone has. (Another process of the same hub does not know it, and gives one of its own.)
"""

from __future__ import annotations

import hmac
import secrets
from collections import deque
from collections.abc import Callable
from typing import Final

GOOD_S: Final = 300.0
USED_MAX: Final = 100_000  # in those minutes; a hub answers a tenth of that


class Nonces:
    """`now_s`: a clock that only goes on."""

    def __init__(self, now_s: Callable[[], float], random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._now_s = now_s
        self._random_bytes = random_bytes
        self._key = random_bytes(32)
        self._used: set[str] = set()
        self._order: deque[tuple[float, str]] = deque()

    def give(self) -> str:
        said = f"{int(self._now_s() + GOOD_S)}-{self._random_bytes(9).hex()}"
        return f"{said}-{self._mark(said)}"

    def take(self, nonce: str) -> bool:
        """Is it one of these, still good, and heard for the first time?"""
        now_s = self._now_s()
        self._forget(now_s)
        said, _, mark = nonce.rpartition("-")
        if not hmac.compare_digest(self._mark(said).encode(), mark.encode()) or nonce in self._used:
            return False
        ends_s = float(said.partition("-")[0])
        if ends_s < now_s or len(self._used) >= USED_MAX:
            return False
        self._used.add(nonce)
        self._order.append((now_s + GOOD_S, nonce))
        return True

    def _forget(self, now_s: float) -> None:
        while self._order and self._order[0][0] < now_s:
            self._used.discard(self._order.popleft()[1])

    def _mark(self, said: str) -> str:
        return hmac.new(self._key, said.encode(), "sha256").hexdigest()[:32]
