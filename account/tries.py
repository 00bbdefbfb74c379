"""How long whoever guesses has to wait: counted in the account's database, so that a start of it forgets nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from account.store.seam import Book, Store
from loyalty.utc import utc_text

FIRST_PAUSE_S: Final = 30
PAUSE_MAX_S: Final = 15 * 60
KEPT: Final = timedelta(days=1)  # after the last one
SWEEP_EVERY: Final = timedelta(minutes=10)


class Guessed(NamedTuple):
    """What is guessed at, or whence. `free`: so many wrong ones make nobody wait. What it names is kept as a hash."""

    kind: str
    text: str
    free: int

    @property
    def whose(self) -> str:
        return f"{self.kind}/{hashlib.sha256(self.text.encode()).hexdigest()[:32]}"


class _Waits(Exception):
    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


class Tries:
    """Each counts as wrong before it is looked at, so that many at once are no more than many in a row."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._swept_at = now()

    def begin(self, *guessed: Guessed) -> int:
        """In seconds, how long this one has to wait, which counts for nothing then; 0: it is heard."""
        now = self._now()
        try:
            with self._store.writing() as book:
                self._sweep(book, now)
                for one in guessed:
                    _count(book, one, now)
        except _Waits as waits:
            return waits.wait_s
        return 0

    def was_right(self, *guessed: Guessed) -> None:
        with self._store.writing() as book:
            for one in guessed:
                book.do("forget_tries", whose=one.whose)

    def _sweep(self, book: Book, now: datetime) -> None:
        if now - self._swept_at >= SWEEP_EVERY:
            self._swept_at = now
            book.do("sweep_tries", before=utc_text(now - KEPT))


def pause_after(wrong: int, free: int) -> int:
    """In seconds: none before as many are wrong as are free, then twice as long each time."""
    return min(PAUSE_MAX_S, FIRST_PAUSE_S << min(wrong - free, 10)) if wrong >= free else 0


def _count(book: Book, one: Guessed, now: datetime) -> None:
    """Raises _Waits."""
    book.do("count_try", whose=one.whose, at=utc_text(now))  # first: whoever tries beside us waits for this row
    row = book.one("tries_of", whose=one.whose)
    assert row is not None
    wrong, until_at = row
    if until_at > utc_text(now):
        raise _Waits(max(1, -int(-(datetime.fromisoformat(until_at) - now).total_seconds() // 1)))
    if pause_s := pause_after(wrong, one.free):
        book.do("pause_tries", whose=one.whose, until_at=utc_text(now + timedelta(seconds=pause_s)))
