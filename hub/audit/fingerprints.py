"""Two accounts of the same rows, compared in flat memory.

Each row that one side tells of adds its coefficient times its amount to a number, each row of the other side takes it
away; the coefficient is a keyed hash of the row's key. Nothing left means that both sides tell the same: the key is
drawn anew for every run, so nobody can make rows whose differences cancel. Rows are spread over `BUCKETS` such
numbers for each table. Only where one is left over are its rows looked at one by one, in another reading (`Exact`).
"""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import msgspec

BUCKETS: Final = 4_096  # one row off means that a 4,096th of its table is read into memory
COEFFICIENT_BYTES: Final = 12  # 12 bits of them choose the bucket, the other 84 are drawn beside it
ROWS_AT_ONCE: Final = 100_000  # some 50 MB of rows that are looked at one by one

Key = tuple[Any, ...]
PERHAPS: Final = "perhaps"  # said, but it may as well not be so
BACK: Final = "back"  # takes back for good what was said
LOOK: Final = -(2**40)  # an amount that no table makes up for: the row is always looked at


class Says(Protocol):
    """Somebody who listens to both sides. `how`: what a sum alone does not tell of an amount."""

    def said(self, table: str, key: Key, amount: int = 1, how: str = "") -> None:
        """An operation or an entry says so."""
        ...

    def kept(self, table: str, key: Key, amount: int = 1) -> None:
        """A table holds it."""
        ...


class Marks:
    """A row's number: its coefficient, of which the lowest bits are its bucket."""

    def __init__(self, secret: bytes | None = None) -> None:
        key = secret or secrets.token_bytes(hashlib.blake2b.MAX_KEY_SIZE)
        self._keyed = hashlib.blake2b(key=key, digest_size=COEFFICIENT_BYTES)
        self._encode = msgspec.msgpack.Encoder().encode

    def mark(self, table: str, key: Key) -> int:
        keyed = self._keyed.copy()
        keyed.update(self._encode((table, key)))
        return int.from_bytes(keyed.digest(), "little")


class _Sums:
    def __init__(self) -> None:
        self.left = [0] * BUCKETS
        self.rows = 0


class Fingerprints:
    """The first reading: nothing of a row stays but what it adds."""

    def __init__(self, marks: Marks) -> None:
        self._mark = marks.mark
        self._tables: defaultdict[str, _Sums] = defaultdict(_Sums)

    def said(self, table: str, key: Key, amount: int = 1, how: str = "") -> None:
        if amount:
            number, sums = self._mark(table, key), self._tables[table]
            sums.rows += 1
            sums.left[number % BUCKETS] += number * amount

    def kept(self, table: str, key: Key, amount: int = 1) -> None:
        if amount:
            number, sums = self._mark(table, key), self._tables[table]
            sums.rows += 1
            sums.left[number % BUCKETS] -= number * amount

    def differing(self) -> list[tuple[str, int]]:
        """Tables and buckets in which the two sides do not tell the same."""
        return [(table, n) for table, sums in self._tables.items() for n, left in enumerate(sums.left) if left]

    def at_once(self, differing: list[tuple[str, int]]) -> list[tuple[str, int]]:
        """As many of the first of them as may be in memory together."""
        chosen: list[tuple[str, int]] = []
        rows = 0.0
        for table, bucket in differing:
            rows += self._tables[table].rows / BUCKETS
            if chosen and rows > ROWS_AT_ONCE:
                break
            chosen.append((table, bucket))
        return chosen


@dataclass(slots=True)
class Row:
    """What both sides say of one key."""

    said: int = 0
    kept: int = 0
    how: list[tuple[str, int]] = field(default_factory=list)


class Exact:
    """A later reading: the rows of some buckets as they are."""

    def __init__(self, marks: Marks, buckets: Collection[tuple[str, int]]) -> None:
        self._mark = marks.mark
        self._buckets = frozenset(buckets)
        self.tables = frozenset(table for table, _ in buckets)
        self._rows: dict[tuple[str, Key], Row] = {}

    def said(self, table: str, key: Key, amount: int = 1, how: str = "") -> None:
        row = self._row(table, key) if amount else None
        if row is not None:
            row.said += amount
            if how:
                row.how.append((how, amount))

    def kept(self, table: str, key: Key, amount: int = 1) -> None:
        row = self._row(table, key) if amount else None
        if row is not None:
            row.kept += amount

    def _row(self, table: str, key: Key) -> Row | None:
        if table not in self.tables or (table, self._mark(table, key) % BUCKETS) not in self._buckets:
            return None
        return self._rows.get((table, key)) or self._rows.setdefault((table, key), Row())

    def faults(self) -> Iterator[str]:
        """What differs, and is not to be explained by an order of operations that nobody knows any more."""
        for (table, key), row in sorted(self._rows.items(), key=repr):
            if not _AGREES.get(table, _same)(row):
                yield WORDS.get(table, _said_or_kept)(table, key, row)


def _same(row: Row) -> bool:
    return row.said == row.kept


def _any(row: Row) -> bool:
    """Said twice is as good as once."""
    return bool(row.said) == bool(row.kept)


def _unless_back(row: Row) -> bool:
    """Used by a sale, and no return gave it back, however often."""
    backs = [amount for how, amount in row.how if how == BACK]
    return bool(row.kept) == (not backs and row.said > 0)


def _told(row: Row) -> bool:
    """What is kept was said; what was said is not kept any more where goods came back."""
    return row.kept <= row.said


def _blocked(row: Row) -> bool:
    """Blocked and unblocked in turn, at several places: each knows its own order, and the last word of all is the last
    one of some place. What was blocked already may be blocked again, what was not is never unblocked."""
    last = dict(row.how)  # of each chain
    blocks = sum(1 if amount > 0 else -1 for _, amount in row.how)
    if row.kept:
        return blocks > 0 and any(amount > 0 for amount in last.values())
    return not last or any(amount < 0 for amount in last.values())


def _perhaps(row: Row) -> bool:
    """Some of the amounts may not be so. Of many, only the bounds are looked at: 2^n subsets are no way to look."""
    off = row.said - row.kept
    doubts = [amount for how, amount in row.how if how == PERHAPS]
    if len(doubts) > DOUBTS_MAX:
        return sum(n for n in doubts if n < 0) <= off <= sum(n for n in doubts if n > 0)
    sums = {0}
    for amount in doubts:
        sums |= {amount + other for other in sums}
    return off in sums


def _found(row: Row) -> bool:
    """A row too many leads to an operation that is then read and left out."""
    return row.kept >= row.said or _perhaps(row)


DOUBTS_MAX: Final = 12  # 4,096 sums

_AGREES: Final = {
    "registered": _any,
    "coupon": _unless_back,
    "coupon use": _told,
    "coupon member": _told,
    "coupon revoked": _any,
    "blocked": _blocked,
    "certificate blocked": _any,
    "named": _found,
    "redeemed": _perhaps,
    "offline": _perhaps,
    "spent": _perhaps,
}


def shown(key: Key) -> str:
    return " ".join("-" if value is None else str(value) for value in key)


def _said_or_kept(table: str, key: Key, row: Row) -> str:
    if row.kept > row.said:
        return f"{table} {shown(key)}: no operation says so"
    return f"{table} {shown(key)}: an operation says so, the ledger does not"


def _holding(table: str, key: Key, row: Row) -> str:
    return f"lot {key[1]} of {key[0]}: holds {row.kept}, its entries say {row.said}"


def _expired(table: str, key: Key, row: Row) -> str:
    return f"lot {key[1]} of {key[0]}: {row.kept} of it expired, its entries say {row.said}"


def _debt(table: str, key: Key, row: Row) -> str:
    return f"member {key[0]}: owes {row.kept}, the entries say {row.said}"


def _day(table: str, key: Key, row: Row) -> str:
    return f"{table} by {key[0]} on {key[1]}: the ledger holds {row.kept}, the operations say {row.said}"


def _stickers(table: str, key: Key, row: Row) -> str:
    return f"stickers {key[1]} of {key[0]}: the ledger holds {row.kept}, its entries say {row.said}"


def _sticker_entry(table: str, key: Key, row: Row) -> str:
    return f"stickers {shown(key)}: the ledger holds {row.kept:+d}, the operation says {row.said:+d}"


def _certificate(table: str, key: Key, row: Row) -> str:
    return f"{table} of {key[0]}: the ledger holds {row.kept}, the entries say {row.said}"


WORDS: Final[Mapping[str, Any]] = {
    "certificate left": _certificate,
    "certificate beyond": _certificate,
    "certificate face": _certificate,
    "holding": _holding,
    "expired": _expired,
    "debt": _debt,
    "redeemed": _day,
    "offline": _day,
    "spent": _day,
    "stickers": _stickers,
    "sticker entry": _sticker_entry,
}
