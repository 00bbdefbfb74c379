"""A block of the hub's ready file as the till reads it: unpacked, and its members together where all of them can be;
else its frame as a whole and its rows one by one, as those of a page (sync/pages.py)."""

from __future__ import annotations

import zlib

import msgspec

from loyalty.many import PlainMember, are_possible
from offline_cache.ready import Part
from offline_cache.records import SetAside
from sync.pages import named_by_hub, read_members, read_serials, read_uses_left
from sync.protocol import READY_BYTES_MAX, Place


class _Rows(msgspec.Struct, frozen=True, kw_only=True):
    """sync.protocol.ReadyBlock, its rows not read yet."""

    to: Place
    members: tuple[msgspec.Raw, ...] = ()
    used_coupons: tuple[msgspec.Raw, ...] = ()
    returned_coupons: tuple[msgspec.Raw, ...] = ()
    coupon_uses_left: dict[str, msgspec.Raw] = {}
    set_aside: tuple[msgspec.Raw, ...] = ()


class _Together(msgspec.Struct, frozen=True, kw_only=True):
    """The same, its members read all at once."""

    to: Place
    members: tuple[PlainMember, ...] = ()
    used_coupons: tuple[msgspec.Raw, ...] = ()
    returned_coupons: tuple[msgspec.Raw, ...] = ()
    coupon_uses_left: dict[str, msgspec.Raw] = {}
    set_aside: tuple[msgspec.Raw, ...] = ()


_rows = msgspec.json.Decoder(_Rows)
_together = msgspec.json.Decoder(_Together)


def read_block(packed: bytes) -> Part | None:
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
    return _part(_read_together(body) or _rows.decode(body))


def _read_together(body: bytes) -> _Together | None:
    """None: one of its members cannot be read, or cannot be."""
    try:
        block = _together.decode(body)
    except (ValueError, RecursionError):
        return None
    return block if are_possible(block.members) else None


def _part(block: _Together | _Rows) -> Part:
    aside: list[SetAside] = []
    members = block.members if isinstance(block, _Together) else tuple(read_members(block.members, aside))
    used, returned = (list(read_serials(rows, aside)) for rows in (block.used_coupons, block.returned_coupons))
    left = dict(read_uses_left(block.coupon_uses_left, aside))
    return Part(members, (*aside, *named_by_hub(block.set_aside)), used, returned, left, block.to)
