"""A block of the hub's ready file as the till reads it: unpacked, its frame as a whole, its rows one by one as those of
a page (sync/pages.py), some of them at a time."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import islice

import msgspec

from offline_cache.ready import TAKEN_AT_ONCE, Part
from offline_cache.records import SetAside
from sync.pages import named_by_hub, read_members, read_serials
from sync.protocol import READY_BYTES_MAX, Place


class PulledBlock(msgspec.Struct, frozen=True, kw_only=True):
    """sync.protocol.ReadyBlock, its rows not read yet."""

    to: Place
    members: tuple[msgspec.Raw, ...] = ()
    used_coupons: tuple[msgspec.Raw, ...] = ()
    returned_coupons: tuple[msgspec.Raw, ...] = ()
    set_aside: tuple[msgspec.Raw, ...] = ()

    def parts(self) -> Iterator[Part]:
        """So much of its members as is kept at once, and in the end what there is besides."""
        rows = iter(self.members)
        while some := list(islice(rows, TAKEN_AT_ONCE)):
            aside: list[SetAside] = []
            members = list(read_members(some, aside))
            yield Part(members, aside)
        yield self._besides()

    def _besides(self) -> Part:
        """With the place that is reached when all of it is kept."""
        aside: list[SetAside] = []
        used, returned = (list(read_serials(rows, aside)) for rows in (self.used_coupons, self.returned_coupons))
        return Part((), (*aside, *named_by_hub(self.set_aside)), used, returned, self.to)


_block = msgspec.json.Decoder(PulledBlock)


def read_block(packed: bytes) -> PulledBlock | None:
    """None: the file has ended. Raises ValueError for what is no block, or is too long, RecursionError for an endless
    one."""
    if not packed:
        return None
    try:
        unpacking = zlib.decompressobj()
        body = unpacking.decompress(packed, READY_BYTES_MAX)
    except zlib.error as error:
        raise ValueError(f"it is not packed: {error}") from error
    if not unpacking.eof:
        raise ValueError(f"it is longer than {READY_BYTES_MAX} bytes, or torn")
    return _block.decode(body)
