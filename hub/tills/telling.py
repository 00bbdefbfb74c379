"""Whom a till was told of: its programme, its scope and up to where it has read, written now and then; and so whose
data is out when it is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from hub.cases.telling import split_cursor
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from hub.stores import partition_of_store
from hub.tills.joining import held
from hub.tills.till import HEARD_MINUTES, Till, Told
from sync.protocol import CHAIN, SHOP, ChangesPage

PAGE_CHANGES: Final = 1_000  # read at a time


class Exposed(NamedTuple):
    """`certain`: he was told before the till's place was written down last; else it may have heard of him since."""

    member: str
    certain: bool


def told_by(page: ChangesPage, programme: str, before: Told | None) -> Told:
    """What the till was told with this page, and before."""
    cursor, _ = split_cursor(page.cursor)
    same = before if before and (before.programme, before.scope) == (programme, page.scope) else None
    since = same.since if same else page.at
    return Told(programme=programme, scope=page.scope, since=since, until=page.at, cursor=cursor, whole=not page.more)


def is_worth_it(before: Told | None, told: Told) -> bool:
    """Is it to be written? Tills ask every few seconds, and fifty thousand of them are not many writes."""
    if before is None or (before.programme, before.scope) != (told.programme, told.scope):
        return True
    if before.cursor == told.cursor:
        return False
    is_end = told.whole and not before.whole
    return is_end or _at(told.until) - _at(before.until) >= timedelta(minutes=HEARD_MINUTES)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def has_news(till: Till, programme: str, page: ChangesPage) -> bool:
    return is_worth_it(till.told, told_by(page, programme, till.told))


def note_told(writer: Writer, till: str, programme: str, page: ChangesPage) -> None:
    """Whoever asks may know the till as it was some seconds ago: it is looked at again."""
    known = held(writer, till)
    if known is not None and has_news(known, programme, page):
        told = told_by(page, programme, known.told)
        writer.write(Rows(tills=[msgspec.structs.replace(known, told=told).row]))


def exposed(reader: Reader, told: Told) -> Iterator[Exposed]:
    """Each member once, in the order in which the feed told of them first."""
    shop = told.scope.removeprefix(SHOP)
    partition = told.programme if told.scope == CHAIN else partition_of_store(shop, told.programme)
    seen: set[str] = set()
    certain, after = bool(told.cursor), ""
    while changes := reader.changes(partition, after, PAGE_CHANGES):
        for change in changes:
            if change.kind == "member" and change.key not in seen:
                seen.add(change.key)
                yield Exposed(change.key, certain)
            certain = certain and change.cursor != told.cursor
        after = changes[-1].cursor
