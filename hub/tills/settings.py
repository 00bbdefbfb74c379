"""What the office says of tills' settings, by store or for the whole chain, and what a till of a store is told of it.

A till takes none of it by itself: a person there sees the difference and agrees (`pos-agent settings`). What was said
and taken back stays as a row without a value, with who took it back. The store's own word goes before the chain's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final

import msgspec

from hub.store.office_records import SettingRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.utc import utc_text
from sync.protocol import ToldSetting, ToldSettings

ALL_STORES: Final = "*"  # no store is called so: ids have letters, digits, dashes and dots
EDITION_LETTERS: Final = 16  # of a hash: two words of one till never meet by chance

Value = bool | int | str


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """Of one setting. `value` None: nothing any more."""

    value: Value | None
    by: str
    at: str


_read = msgspec.json.Decoder(Said).decode


def say(writer: Writer, store: str, values: Mapping[str, Value | None], *, by: str, now: datetime) -> None:
    """From now on this is the office's word; of settings that are not named it stays what it was."""
    said = {name: Said(value=value, by=by, at=utc_text(now)) for name, value in values.items()}
    rows = [SettingRow(store, name, msgspec.json.encode(one).decode()) for name, one in said.items()]
    writer.write(Rows(till_settings=rows))


def said_to(reader: Reader, store: str) -> tuple[ToldSetting, ...]:
    """What holds for a store's tills, by name; of a till without a store, what was said to all."""
    rows = reader.till_settings({ALL_STORES, store or ALL_STORES})
    chain = _told(row for row in rows if row.store == ALL_STORES)
    own = _told(row for row in rows if row.store != ALL_STORES)
    return tuple(one for _, one in sorted((chain | own).items()))


def said_everywhere(reader: Reader) -> list[ToldSetting]:
    """All that stands, by store and name."""
    return [one for row in reader.all_till_settings() if (one := _setting(row)) is not None]


def unsaid(reader: Reader, store: str, names: Collection[str]) -> list[str]:
    """Those of which nothing stands for just this store, or just for all."""
    stands = _told(row for row in reader.till_settings([store]))
    return [name for name in names if name not in stands]


def told_if_news(reader: Reader, store: str, known: str | None) -> ToldSettings | None:
    """`known`: the edition that the till has; None: it takes none."""
    if known is None:
        return None
    settings = said_to(reader, store)
    edition = edition_of(settings)
    return ToldSettings(edition=edition, settings=settings) if edition != known else None


def edition_of(settings: tuple[ToldSetting, ...]) -> str:
    """The same for the same word; what is said again is said anew."""
    return hashlib.sha256(msgspec.json.encode(settings)).hexdigest()[:EDITION_LETTERS] if settings else ""


def _told(rows: Iterable[SettingRow]) -> dict[str, ToldSetting]:
    return {one.name: one for row in rows if (one := _setting(row)) is not None}


def _setting(row: SettingRow) -> ToldSetting | None:
    said = _read(row.body)
    if said.value is None:
        return None
    return ToldSetting(name=row.name, value=said.value, store=row.store, by=said.by, at=said.at)
