"""Passwords of members (A10): hashed slowly (argon2id), and none that is among the first that anybody tries.

Where there is none, a hash of nobody's is tried, so that the answer takes as long: nobody learns who has one.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from account.store.seam import Store
from loyalty.utc import utc_text

LETTERS_MIN: Final = 8
LETTERS_MAX: Final = 128
SCORE_MIN: Final = 3  # of 4: ten thousand million guesses
LOOKED_AT_MAX: Final = 72  # letters: what stands behind them makes it no worse
WAIT_S: Final = 3.0
WAITING_MAX: Final = 4

Hint = Literal["short", "long", "common", "keys", "repeat", "sequence", "date", "yours", "words"]
_HINTS: Final[dict[str, Hint]] = {
    "spatial": "keys",
    "repeat": "repeat",
    "sequence": "sequence",
    "date": "date",
    "regex": "date",
}

_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_AS_TYPED: Final = str.maketrans(  # a Russian word in the letters of the keys that it is typed with
    "йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
)
_LOOKING: Final = threading.Lock()  # the library keeps one dictionary of what is known of whoever is asked about


class Busy(Exception):
    """Too many are being looked at: each takes 19 MiB and a core."""


class Passwords:
    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._one = threading.Lock()
        self._waiting = threading.BoundedSemaphore(WAITING_MAX)
        self._nobodys = _HASHER.hash("nobody's")

    def has(self, member: str) -> bool:
        return self._kept(member) is not None

    def fits(self, member: str, password: str) -> bool:
        """`member` "": nobody's, which takes as long. Raises Busy."""
        kept = self._kept(member)
        with self._alone():
            right = _is(kept or self._nobodys, password)
        return right and kept is not None

    def keep(self, member: str, password: str) -> None:
        """Raises Busy."""
        with self._alone():
            hashed = _HASHER.hash(_plain(password))
        with self._store.writing() as book:
            book.do("keep_password", member=member, hash=hashed, set_at=utc_text(self._now()))

    def forget(self, member: str) -> None:
        with self._store.writing() as book:
            book.do("forget_password", member=member)

    def _kept(self, member: str) -> str | None:
        with self._store.reading() as book:
            row = book.one("password_of", member=member)
        return row[0] if row is not None else None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._waiting.acquire(blocking=False):
            raise Busy
        try:
            if not self._one.acquire(timeout=WAIT_S):
                raise Busy
            try:
                yield
            finally:
                self._one.release()
        finally:
            self._waiting.release()


def weakness(password: str, known: Sequence[str] = ()) -> Hint | None:
    """What is wrong with it; None: nothing. `known`: what others know of him."""
    plain = _plain(password)
    if len(plain) < LETTERS_MIN:
        return "short"
    if len(plain) > LETTERS_MAX:
        return "long"
    looked_at = dict.fromkeys((plain[:LOOKED_AT_MAX], plain[:LOOKED_AT_MAX].casefold().translate(_AS_TYPED)))
    with _LOOKING:
        found = [zxcvbn(text, list(known)) for text in looked_at]
    worst = min(found, key=lambda one: int(one["score"]))
    return None if worst["score"] >= SCORE_MIN else _hint(worst["sequence"])


def _hint(sequence: Sequence[dict[str, Any]]) -> Hint:
    """Of what most of it is."""
    most = max(sequence, key=lambda match: len(match["token"]))
    if most["pattern"] != "dictionary":
        return _HINTS.get(most["pattern"], "words")
    return {"user_inputs": "yours", "passwords": "common"}.get(most["dictionary_name"], "words")  # type: ignore[return-value]


def _is(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, _plain(password))
    except (VerificationError, InvalidHashError):
        return False


def _plain(password: str) -> str:
    """The same however a keyboard puts its letters together."""
    return unicodedata.normalize("NFC", password)
