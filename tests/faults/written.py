"""What a disk is told: written, cut, synced, removed; and what the till said meanwhile."""

from __future__ import annotations

from typing import NamedTuple


class Wrote(NamedTuple):
    name: str
    offset: int
    data: bytes


class Cut(NamedTuple):
    name: str
    size: int


class Synced(NamedTuple):
    name: str


class Removed(NamedTuple):
    name: str


class Acked(NamedTuple):
    """The till was told that this operation is recorded."""

    hash: str


Event = Wrote | Cut | Synced | Removed | Acked
