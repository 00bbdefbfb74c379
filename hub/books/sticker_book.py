"""Stickers of the members that a batch is about: as they were read, and as decisions change them. In memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from hub.store.records import Place
from hub.store.sticker_records import StickerEntryRow, StickerRow


class StickerBook:
    def __init__(self, loaded: Iterable[StickerRow] = ()) -> None:
        self._loaded = {row.key: row.stickers for row in loaded}
        self._added: Counter[tuple[str, str]] = Counter()
        self.entries: list[StickerEntryRow] = []

    def balance(self, member: str, collection: str) -> int:
        """Of a member whose stickers were read."""
        return self._loaded.get((member, collection), 0) + self._added[member, collection]

    def of(self, member: str) -> list[tuple[str, int]]:
        """Likewise; by collection, those that he has, or owes."""
        keys = {key for key in (*self._loaded, *self._added) if key[0] == member}
        return [(collection, count) for _, collection in sorted(keys) if (count := self.balance(member, collection))]

    def enter(self, place: Place, member: str, collection: str, count: int) -> None:
        if count:
            self._added[member, collection] += count
            self.entries.append(StickerEntryRow(*place, member, collection, count))

    @property
    def added(self) -> list[StickerRow]:
        """What is to be added to each balance, one row for each."""
        touched = dict.fromkeys((entry.member, entry.collection) for entry in self.entries)
        return [StickerRow(*key, self._added[key]) for key in touched]
