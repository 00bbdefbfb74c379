"""Answers by `Idempotency-Key`: the same command under the same key is asked once, and answered as often as it comes.

Commands that matter have numbers of their own, which hold for ever; a key holds for an hour and in this process, and is
for whoever sends what has no number (a reprint, a report), or does not know whether the first try arrived.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

KEPT_S: Final = 3_600.0  # a POS that tries for longer has been restarted, and has lost its keys
KEYS_MAX: Final = 1_000  # an hour of one command every four seconds
KEPT_BYTES_MAX: Final = 8_000_000  # of all answers; one about thirty lines has five thousand
KEY_CHARS_MAX: Final = 255


class KeyReused(Exception):
    """Another command came under this key before."""


class BadKey(ValueError):
    """A key cannot be written so."""


def key_in(headers: Sequence[str]) -> str | None:
    """The request's key, from all headers of that name. Raises BadKey."""
    if not headers:
        return None
    key = headers[0]
    if len(headers) > 1 or not (0 < len(key) <= KEY_CHARS_MAX and key.isascii() and key.isprintable()):
        raise BadKey(key)
    return key


def fingerprint(path: str, body: bytes) -> bytes:
    return hashlib.sha256(b"%b\n%b" % (path.encode(), body)).digest()


@dataclass(frozen=True, slots=True)
class Kept:
    asked: bytes  # fingerprint of the command
    answer: asyncio.Task[Response]
    until_s: float


class Once:
    """In the HTTP face's loop alone."""

    def __init__(self, clock_s: Callable[[], float]) -> None:
        self._clock_s = clock_s
        self._kept: OrderedDict[tuple[str, str], Kept] = OrderedDict()  # by POS and key, the oldest first
        self._bytes = 0

    def answer(
        self, pos: str, key: str, asked: bytes, ask: Callable[[], Coroutine[Any, Any, Response]]
    ) -> asyncio.Task[Response]:
        """The answer of before, also while it is still being worked out; else what `ask` gives. Raises KeyReused."""
        self._forget_old()
        kept = self._kept.get((pos, key))
        if kept is None:
            kept = Kept(asked, asyncio.create_task(ask()), self._clock_s() + KEPT_S)
            self._kept[pos, key] = kept
            kept.answer.add_done_callback(lambda done: self._answered((pos, key), done))
        elif kept.asked != asked:
            raise KeyReused(key)
        return kept.answer

    def _answered(self, key: tuple[str, str], done: asyncio.Task[Response]) -> None:
        """Keep it; but what was not done for a reason that may pass (5xx) is asked anew."""
        kept = self._kept.get(key)
        if kept is None or kept.answer is not done:
            return
        self._bytes += _size(kept)
        if done.cancelled() or done.exception() is not None or done.result().status_code >= 500:
            self._forget(key)
        self._forget_old()

    def _forget_old(self) -> None:
        while self._kept:
            key, oldest = next(iter(self._kept.items()))
            too_many = len(self._kept) > KEYS_MAX or self._bytes > KEPT_BYTES_MAX
            if not too_many and oldest.until_s > self._clock_s():
                return
            self._forget(key)

    def _forget(self, key: tuple[str, str]) -> None:
        self._bytes -= _size(self._kept.pop(key))


def _size(kept: Kept) -> int:
    """What is not answered yet weighs nothing."""
    done = kept.answer
    return len(done.result().body) if done.done() and not done.cancelled() and done.exception() is None else 0
