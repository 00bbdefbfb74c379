"""The ready files of a hub: made when a till asks that knows nobody, kept for some minutes for all tills of its kind.

What stands in one that is being made is given out already. Whoever makes it leaves a third of the time to the tills'
requests. What cannot be made (a full disk, a ledger that is off) is not there, and then the feed tells all.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, NamedTuple, TypeVar

import msgspec

from hub.hub import Hub
from hub.phone_keys import phone_key_now, turn_of
from hub.ready.contents import Telling, Whose, blocks
from hub.ready.file import FILE_BYTES_MAX, BlockFile, LetGo, TooLarge
from hub.store.errors import LedgerReplaced, StoreOff
from hub.store.records import ChainEnd
from hub.store.seam import Reader
from hub.stores import scope_of, shop_of
from loyalty.phones import phone_key
from loyalty.utc import utc_text
from sync.protocol import READY_MEMBERS_MAX, ReadyFile, Watermark

KEPT_S: Final = 600.0  # a shop's tills are set up within it, and the feed behind it is short still
FILES_MAX: Final = 4  # at once; each takes some 50 MB of the disk for a million members
MAKING_MAX: Final = 1  # at once: it takes most of a core
MEMBERS_MIN: Final = 10_000  # fewer are some seconds of the feed
HEAD_S: Final = 3.0  # so long a till waits until it is known what the file will be; then it asks again
REST: Final = 0.5  # of the time that a block took: the tills' requests come first
ID_BYTES: Final = 16

NONE: Final = ReadyFile(file="")

log = logging.getLogger(__name__)

_T = TypeVar("_T")


class NotYet(Exception):
    """It is being made, or waits until another is made: ask again in a while."""


class NoSuchFile(Exception):
    """It was let go, or never was."""


class Kind(NamedTuple):
    """What tells the hub's ready files apart. `turn`: of the key of phones."""

    programme: str
    scope: str
    turn: int


@dataclass(slots=True)
class _File:
    """One of the shelf. `head`: None as long as it is not known, and where the file could not be made."""

    id: str
    since_s: float
    blocks: BlockFile
    head: ReadyFile | None = None
    ends: dict[str, list[Watermark]] = field(default_factory=dict)
    head_known: threading.Event = field(default_factory=threading.Event)
    ended: bool = False

    def told_to(self, till: str, generation: int) -> ReadyFile:
        """Raises NotYet."""
        if not self.head_known.wait(HEAD_S):
            raise NotYet
        if self.head is None:
            return NONE
        own = (end for end in self.ends.get(till, ()) if end.generation == generation)
        return msgspec.structs.replace(self.head, watermark=next(own, Watermark(generation=generation, sequence=0)))


class Shelf:
    """`now_s`: a clock that only goes on; `members_min`: fewer have no file; `block_members`: of one block;
    `file_bytes_max`: of one file."""

    def __init__(
        self,
        hub: Hub,
        now_s: Callable[[], float] = time.monotonic,
        *,
        members_min: int = MEMBERS_MIN,
        block_members: int = READY_MEMBERS_MAX,
        file_bytes_max: int = FILE_BYTES_MAX,
    ) -> None:
        self._hub = hub
        self._now_s = now_s
        self._members_min = members_min
        self._block_members = block_members
        self._file_bytes_max = file_bytes_max
        self._lock = threading.Lock()
        self._files: dict[Kind, _File] = {}
        self._ended = threading.Event()

    def ask(self, *, till: str, generation: int, programme: str, store: str) -> ReadyFile:
        """What there is for such a till. Raises NotYet, StoreOff."""
        self._hub.look_at_programmes()
        with self._hub.store.reading() as reader:
            whose = Whose(programme, shop_of(reader, store))
            kind = Kind(programme, scope_of(whose.shop), turn_of(reader))
            found = self._kept(kind)
            if found is None and self._are_few(whose.members(reader, self._hub.now())):
                return NONE
        return (found or self._begin(kind, whose)).told_to(till, generation)

    def block(self, file: str, after: str) -> bytes:
        """What of the file comes behind a place; nothing at its end. Raises NotYet, NoSuchFile."""
        with self._lock:
            found = next((one for one in self._files.values() if one.id == file), None)
        if found is None:
            raise NoSuchFile
        ended = found.ended  # before it is looked at: it may end meanwhile, and have the block then
        try:
            block = found.blocks.behind(after)
        except (LetGo, OSError) as error:
            raise NoSuchFile from error
        if block is None:
            raise NoSuchFile if ended else NotYet
        return block

    def end(self) -> None:
        """Nothing more is made."""
        self._ended.set()

    def _are_few(self, members: Iterable[str]) -> bool:
        return sum(1 for _ in islice(members, self._members_min)) < self._members_min

    def _kept(self, kind: Kind) -> _File | None:
        with self._lock:
            found = self._files.get(kind)
            if found is None or not found.ended or self._now_s() - found.since_s < KEPT_S:
                return found
            self._let_go(kind)
            return None

    def _begin(self, kind: Kind, whose: Whose) -> _File:
        """Raises NotYet while as many are made as may be."""
        with self._lock:
            if kind in self._files:
                return self._files[kind]
            if sum(not one.ended for one in self._files.values()) >= MAKING_MAX:
                raise NotYet
            while len(self._files) >= FILES_MAX:
                self._let_go(min(self._files, key=lambda one: self._files[one].since_s))
            file = _File(secrets.token_hex(ID_BYTES), self._now_s(), BlockFile(self._file_bytes_max))
            self._files[kind] = file
        threading.Thread(target=self._make, args=(file, kind, whose), name="ready file", daemon=True).start()
        return file

    def _let_go(self, kind: Kind) -> None:
        self._files.pop(kind).blocks.close()

    def _make(self, file: _File, kind: Kind, whose: Whose) -> None:
        try:
            file.blocks.begin()
            with self._hub.store.reading() as reader:
                self._write(file, kind, whose, reader)
            file.blocks.whole = True
        except (StoreOff, LedgerReplaced, OSError, TooLarge, LetGo) as error:
            log.warning("No ready file could be made for tills that know nobody, which read the feed: %s", error)
        finally:
            if not file.blocks.whole:
                file.head = None
            file.since_s, file.ended = self._now_s(), True
            file.head_known.set()

    def _write(self, file: _File, kind: Kind, whose: Whose, reader: Reader) -> None:
        hub, now = self._hub, self._hub.now()
        key = phone_key_now(reader, hub.keys.phones, whose.programme).key
        file.ends = _ends(reader.all_chains())
        file.head = ReadyFile(
            file=file.id,
            cursor=reader.newest_change(whose.partition),
            at=utc_text(now),
            scope=kind.scope,
            epoch=hub.epoch,
            members=sum(1 for _ in whose.members(reader, now)),
        )
        file.head_known.set()
        how = Telling(now, lambda phone: phone_key(key, phone), hub.programmes.get(whose.programme))
        for block in self._with_rests(blocks(reader, whose, how, self._block_members)):
            file.blocks.add(block)

    def _with_rests(self, things: Iterator[_T]) -> Iterator[_T]:
        began_s = self._now_s()
        for thing in things:
            yield thing
            if self._ended.wait((self._now_s() - began_s) * REST):
                raise LetGo
            began_s = self._now_s()


def _ends(chains: Iterable[ChainEnd]) -> dict[str, list[Watermark]]:
    """By till."""
    found: dict[str, list[Watermark]] = {}
    for end in chains:
        watermark = Watermark(generation=end.generation, sequence=end.sequence, hash=end.last_hash)
        found.setdefault(end.chain, []).append(watermark)
    return found
