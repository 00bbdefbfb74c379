"""What a till that knows nobody is to know, of one moment of the ledger, as a stream of blocks.

The same that the feed would tell from its beginning, but each thing once: coupons first, then members, both in the
order of their ids. A place in it is an id with the letter of its kind before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple, TypeVar

from hub.coupons.told import left_of
from hub.feed import PhoneKey, told_members
from hub.store.office_records import StoreRow
from hub.store.seam import Reader
from hub.stores import is_seen, partition_of_store
from loyalty.possible import is_text, shown_id
from loyalty.programme import Programme
from loyalty.snapshot import MemberSnapshot
from sync.protocol import READY_MEMBERS_MAX, ReadyBlock

COUPONS: Final = "c"  # before a coupon's serial: its place
MEMBERS: Final = "m"  # before a member's id
BITE: Final = 1_000  # members read with all that is theirs at once
BLOCK_BYTES_WANTED: Final = (
    4_000_000  # a block ends when it is this long; with its last member it can be unpacked still
)

_T = TypeVar("_T")


class Whose(NamedTuple):
    """Of which tills a ready file is: a programme's, in a shop with members of its own or (None) in the chain."""

    programme: str
    shop: StoreRow | None

    @property
    def partition(self) -> str:
        return partition_of_store(self.shop.store, self.programme) if self.shop else self.programme

    def members(self, reader: Reader, now: datetime) -> Iterator[str]:
        """In order; those too who have gone into another."""
        if self.shop is None:
            return (row.member for row in reader.all_members() if row.programme == self.programme)
        return _of_shop(reader, self.shop.store, self.programme, now)


class Telling(NamedTuple):
    """How members are told."""

    now: datetime
    phone_key: PhoneKey
    rules: Programme | None


def blocks(reader: Reader, whose: Whose, how: Telling, members_max: int = READY_MEMBERS_MAX) -> Iterator[ReadyBlock]:
    making = _Making(members_max)
    for serials in _taken(filter(is_text, reader.told_coupons(whose.partition)), BITE):
        coupons = left_of(reader, serials)
        for serial in serials:
            making.add_coupon(serial, used=serial in coupons.used, left=coupons.left.get(serial))
            if making.is_full:
                yield making.made()
    for members in _taken(filter(is_text, whose.members(reader, how.now)), BITE):
        for member, told, size in told_members(reader, members, *how):
            making.add_member(member, told, size)
            if making.is_full:
                yield making.made()
    if making.to:
        yield making.made()


def _of_shop(reader: Reader, store: str, programme: str, now: datetime) -> Iterator[str]:
    seen = (row.member for row in reader.all_seen() if row.store == store and is_seen(row, now))
    for members in _taken(seen, BITE):
        rows = reader.members(members)
        yield from (member for member in members if member in rows and rows[member].programme == programme)


def _taken(things: Iterable[_T], most: int) -> Iterator[list[_T]]:
    things = iter(things)
    while some := list(islice(things, most)):
        yield some


class _Making:
    """A block, and then the next one."""

    def __init__(self, members_max: int) -> None:
        self._members_max = members_max
        self._begin()

    def _begin(self) -> None:
        self.to = ""
        self._size = self._count = 0
        self._members: list[MemberSnapshot] = []
        self._aside: list[str] = []
        self._coupons: dict[bool, list[str]] = {True: [], False: []}  # used; given back
        self._left: dict[str, int] = {}

    @property
    def is_full(self) -> bool:
        return self._count >= self._members_max or self._size >= BLOCK_BYTES_WANTED

    def add_coupon(self, serial: str, *, used: bool, left: int | None = None) -> None:
        """`left`: so many of its uses, where it had several."""
        self._coupons[used].append(serial)
        if left is not None:
            self._left[serial] = left
        self._reach(COUPONS + serial, len(serial))

    def add_member(self, member: str, told: MemberSnapshot | None, size: int) -> None:
        if told is None:
            self._aside.append(shown_id(member))
        else:
            self._members.append(told)
        self._reach(MEMBERS + member, size)

    def _reach(self, place: str, size: int) -> None:
        self.to = place
        self._count += 1
        self._size += size

    def made(self) -> ReadyBlock:
        """All since the one before."""
        block = ReadyBlock(
            to=self.to,
            members=tuple(self._members),
            used_coupons=tuple(self._coupons[True]),
            returned_coupons=tuple(self._coupons[False]),
            coupon_uses_left=self._left,
            set_aside=tuple(self._aside),
        )
        self._begin()
        return block
