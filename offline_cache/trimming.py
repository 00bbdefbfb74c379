"""What stays of an operation that nobody needs here any more: how it is known, and what it came to.

One goes when its goods cannot come back by themselves any more (the term of returns), the hub has answered it, and a
copy of the hub has it, so that a hub that is put back never asks for it. Then its row, its paper and what it was found
by are gone; left are its key, the beginning of its hash, by which the chain holds together, its sums, and what is left
of its number, so that a sale that is told again is still one. The last of each generation stays whole: the next one
names it. So does whatever a person has yet to look at.

Some at a time, each time one transaction, so that no sale waits and nothing is lost when it ends in the middle.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import singledispatch
from typing import Any, Final, NamedTuple

from loyalty.bodies import Return, Sale, SaleNumber
from loyalty.kinds import name_of
from loyalty.operation import BadOperation, Key, Operation, hash_operation, read_operation, utc_text
from offline_cache.packed import unpack_text
from storage import engine
from storage.sqlite_file import SqliteFile

TERM: Final = timedelta(days=30)  # in which goods come back: the shop's word may be another (return_days)
LOOKED_AT: Final = 50  # operations at a time: some milliseconds, for which a sale may have to wait
REST: Final = timedelta(hours=1)  # between two walks through the file: a day's sales are due once a day
LATE: Final = timedelta(days=1)  # so long after the term it is said that nothing is trimmed
HASH_BYTES: Final = 16  # of 32: nobody finds another text with the same beginning
NAME_BYTES: Final = 8  # of a million sales two have the same one in thirty million tills
COVERED: Final = "covered:"  # settings: of each generation, up to where a copy of the hub has it
TRIMMED_DAY: Final = "trimmed_day"  # a setting: the newest day of which something is trimmed

FORGET: Final = (
    "forget_papers",
    "forget_returns",
    "forget_returns_of",
    "forget_returns_elsewhere",
    "forget_fiscal",
    "forget_certificate_moves",
    "forget_operation",
)

BEGINNING: Final = Key(0, 0)

log = logging.getLogger(__name__)


class Sums(NamedTuple):
    """What an operation came to. `kopecks`: paid by the customer; below zero: given back to him."""

    earned_points: int = 0
    spent_points: int = 0
    kopecks: int = 0


class Trimmed(NamedTuple):
    """An operation of which this is left."""

    key: Key
    sums: Sums


class Trimming:
    def __init__(self, file: SqliteFile, till: str) -> None:
        self._file = file
        self._till = till
        self._sql: Any = file.sql
        self._after = BEGINNING  # up to where this walk has come
        self._rests_until: datetime | None = None

    def some(self, at: datetime, term: timedelta) -> bool:
        """The next few are looked at, and trimmed where they are due. `at`: the hub's time. Whether there may be
        more."""
        if self._rests_until is not None and at < self._rests_until:
            return False
        before = utc_text(at - term)
        with self._file.reading() as connection:
            rows = list(self._sql.oldest_operations(connection, **_key(self._after), till=self._till, most=LOOKED_AT))
        old = [row for row in rows if row[2] < before]
        due = [row for row in old if not row[3]]
        if due:
            self._trim(due)
        self._after = Key(*rows[-1][:2]) if old else BEGINNING
        self._rests_until = None if old else at + REST
        if not old:
            self._forget_papers(before)
        return bool(old)

    def _forget_papers(self, before: str) -> None:
        """Of no operation: reports; and what the hub told of sales elsewhere."""
        with self._file.transaction() as connection:
            self._sql.forget_elsewhere(connection, before=before, most=LOOKED_AT)
            self._sql.forget_old_papers(connection, before=before, most=LOOKED_AT)

    def _trim(self, due: list[tuple[Any, ...]]) -> None:
        with self._file.transaction() as connection:
            for generation, sequence, *_, digest, kept in due:
                operation = _whole(digest, unpack_text(kept))
                if operation is None:
                    log.error("Operation %s.%s is damaged, and stays as it is.", generation, sequence)
                    continue
                self._keep(connection, operation, digest)
                self._forget(connection, operation.key)
                self._note_day(connection, operation)

    def _keep(self, connection: engine.Connection, operation: Operation, digest: str) -> None:
        key = _key(operation.key)
        sums = sums_of(operation.body)._asdict()
        self._sql.keep_trimmed(connection, **key, hash=bytes.fromhex(digest)[:HASH_BYTES], **sums)
        for name in names_of(operation):
            self._sql.keep_trimmed_number(connection, **key, name=name)

    def _forget(self, connection: engine.Connection, key: Key) -> None:
        for forget in FORGET:
            getattr(self._sql, forget)(connection, **_key(key))

    def _note_day(self, connection: engine.Connection, operation: Operation) -> None:
        sale: SaleNumber | None = getattr(operation.body, "sale", None)
        if sale is not None and sale.day > (self._sql.setting(connection, name=TRIMMED_DAY) or ""):
            self._sql.set_setting(connection, name=TRIMMED_DAY, value=sale.day)

    # what is left

    def has(self, key: Key) -> bool:
        with self._file.reading() as connection:
            return self._sql.trimmed_hash(connection, **_key(key)) is not None

    def sale(self, number: str, pos: str, *, day: str = "", shift: str = "") -> Trimmed | None:
        """The sale that the POS called so, by its shift where it says one, else by its day."""
        name = _name("sale", pos, number, *(("shift", shift) if shift else ("day", day)))
        with self._file.reading() as connection:
            row = self._sql.trimmed_number(connection, name=name)
        return None if row is None else Trimmed(Key(*row[:2]), Sums(*row[2:]))

    def has_of_day(self, day: str) -> bool:
        """May operations of this day be trimmed?"""
        with self._file.reading() as connection:
            return day <= (self._sql.setting(connection, name=TRIMMED_DAY) or "")

    def uncovered_since(self, at: datetime, term: timedelta) -> str | None:
        """The moment of the oldest operation that should be trimmed, and is in no copy of the hub."""
        with self._file.reading() as connection:
            told = dict(self._sql.settings_like(connection, pattern=f"{COVERED}%"))
            last = max((Key(int(name.removeprefix(COVERED)), int(to)) for name, to in told.items()), default=BEGINNING)
            oldest = self._sql.oldest_answered(connection, **_key(last))
        return oldest if oldest is not None and oldest < utc_text(at - term - LATE) else None


def _key(key: Key) -> dict[str, int]:
    return key._asdict()


def _whole(digest: str, text: str) -> Operation | None:
    """None: it is damaged, and nothing of it is to go before somebody has looked."""
    if hash_operation(text) != digest:
        return None
    try:
        return read_operation(text)
    except BadOperation:
        return None


def names_of(operation: Operation) -> Iterator[bytes]:
    """What is left of what the POS called it. A day's number is found too where the shift was said."""
    sale: SaleNumber | None = getattr(operation.body, "sale", None)
    if sale is None:
        return
    kind = "return" if name_of(operation.body) == "return" else "sale"
    yield _name(kind, sale.pos, sale.number, "day", sale.day)
    if sale.shift:
        yield _name(kind, sale.pos, sale.number, "shift", sale.shift)


def _name(*parts: str) -> bytes:
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=NAME_BYTES).digest()


@singledispatch
def sums_of(body: object) -> Sums:
    return Sums()


@sums_of.register
def _(body: Sale) -> Sums:
    return Sums(body.accrued.points, body.redeemed.points, body.paid_kopecks)


@sums_of.register
def _(body: Return) -> Sums:
    return Sums(body.restored.points, body.clawed_back.points, -body.refund_kopecks)


def cover(sql: Any, connection: engine.Connection, keys: Iterable[Key]) -> None:
    """Inside the caller's transaction: up to these operations a copy of the hub has each generation."""
    for key in keys:
        sql.set_setting(connection, name=f"{COVERED}{key.generation}", value=str(key.sequence))
