"""What the ledger keeps of stickers (P31): a record for each of the two tables."""

from __future__ import annotations

from typing import NamedTuple

from hub.store.records import Place


class StickerRow(NamedTuple):
    """A member's stickers of a collection; in `Rows.stickers` what is to be added to them. Less than nothing: he spent
    more than he had."""

    member: str
    collection: str
    stickers: int

    @property
    def key(self) -> tuple[str, str]:
        return self[:2]


class StickerEntryRow(NamedTuple):
    """By how many an operation changed a balance."""

    chain: str
    generation: int
    sequence: int
    member: str
    collection: str
    stickers: int

    @property
    def place(self) -> Place:
        return Place(*self[:3])
