"""The feed of goods as a till reads it: one page, of one moment. What cannot be told is left out and logged."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

import msgspec

from hub.goods import PARTITION, ZONES_APART, format_of, told
from hub.hub import Hub
from hub.store.office_records import GoodsRow
from hub.store.records import Change
from hub.store.seam import Reader
from loyalty.goods_snapshot import GoodsSnapshot
from loyalty.possible import shown_id
from loyalty.utc import utc_text
from sync.protocol import BODY_BYTES_WANTED, GoodsPage

LOGGED_MAX: Final = 1_000  # what cannot be told is logged once, as long as it is so little

log = logging.getLogger(__name__)


def tell_goods(hub: Hub, *, after: str, limit: int, store: str = "", scope: str = "") -> GoodsPage:
    """Raises BadCursor, StoreOff."""
    with hub.store.reading() as reader:
        return goods_page(reader, now=hub.now(), store=store, scope=scope, after=after, limit=limit)


def goods_page(reader: Reader, *, now: datetime, store: str, scope: str, after: str, limit: int) -> GoodsPage:
    """What changed after a cursor, as it is now, for a store's tills. `scope`: whose prices the feed told that the
    cursor is of; where they are another's by now, the page is the beginning of it. Raises BadCursor."""
    format = format_of(reader, store)
    here = scope_of_prices(store, format)
    after = after if scope == here else ""
    changes = reader.changes(PARTITION, after, limit + 1)
    rows = reader.goods({change.key for change in changes[:limit]})
    page = _Page(rows, store, format, now)
    count = page.tell(changes[:limit])
    return GoodsPage(
        cursor=changes[count - 1].cursor if count else after,
        more=count < len(changes),
        at=utc_text(now),
        goods=tuple(page.goods),
        gone=tuple(page.gone),
        scope=here,
    )


def scope_of_prices(store: str, format: str) -> str:
    """Where a store is of another format from now on, its prices are others."""
    return hashlib.sha256(f"{store}\n{format}".encode()).hexdigest()[:16]


class _Page:
    def __init__(self, rows: dict[str, GoodsRow], store: str, format: str, now: datetime) -> None:
        self._rows = rows
        self._where = (store, format, (now - ZONES_APART).date())
        self._seen: set[str] = set()
        self._size = 0
        self.goods: list[GoodsSnapshot] = []
        self.gone: list[str] = []

    def tell(self, changes: Sequence[Change]) -> int:
        """How many of the changes are told: the page ends when it is long enough, never before its first."""
        for number, change in enumerate(changes):
            if self._size > BODY_BYTES_WANTED:
                return number
            if change.key not in self._seen:
                self._seen.add(change.key)
                self._tell(change.key)
        return len(changes)

    def _tell(self, article: str) -> None:
        try:
            snapshot = told(self._rows[article], *self._where)
        except (ValueError, KeyError, RecursionError) as error:
            _log_once(shown_id(article), str(error))
            return
        if snapshot is None:
            self.gone.append(article)
            self._size += len(article)
        else:
            self.goods.append(snapshot)
            self._size += len(msgspec.json.encode(snapshot))


@lru_cache(maxsize=LOGGED_MAX)
def _log_once(article: str, why: str) -> None:
    log.warning("Goods %s cannot be told to tills: %s", article, repr(why))
