"""What the chain sells, as the hub told of it. A line that comes by its article or barcode alone is looked up here.

Looked up in the file, a line at a time, never read as a whole: a till holds a hypermarket's goods in no memory, and a
page that comes in is known from the next line on.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final, NamedTuple

import msgspec

from loyalty.goods import Item
from loyalty.goods_snapshot import GoodsSnapshot
from loyalty.spellings import BARCODE_MAX, article_keys, barcode_key, beginnings_of
from storage import engine
from storage.sqlite_file import FileError, SqliteFile

FOUND_KEPT_MAX: Final = 1_000  # lines whose goods are known without looking; a basket is told again with each line
FORGOTTEN_AT_ONCE: Final = 500  # goods: some 20 ms, for which a sale may have to wait

log = logging.getLogger(__name__)

_decode = msgspec.json.Decoder(GoodsSnapshot).decode
_Found = dict[tuple[str | None, str | None], tuple[Item, ...]]


class GoodsFeed(NamedTuple):
    """How far the till has read the hub's feed of goods; `scope`: whose prices it tells."""

    cursor: str
    scope: str


class HubGoods:
    """The tables in the till's file. Every method may be called from any thread."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file
        self._sql: Any = file.sql
        self._found: _Found = {}  # another one with each page
        self._any: bool | None = None  # None: not looked yet

    # looking

    def find(self, article: str | None, barcode: str | None) -> tuple[Item, ...]:
        """All that the hub says of these goods: by the article, and by the barcode or else by the longest beginning of
        it. Nothing where the file cannot be read: no sale waits for that."""
        found, key = self._found, (article, barcode)
        if key not in found:
            if len(found) >= FOUND_KEPT_MAX:
                found.clear()
            try:
                items = tuple(dict.fromkeys(goods.item() for goods in self.goods_of(article, barcode)))
            except FileError as error:
                log.error("%s", error)
                return ()
            found[key] = items
        return found[key]

    def price_on(self, article: str | None, barcode: str | None, day: date) -> int | None:
        """Where goods of one barcode cost differently, nobody but the cashier sees which they are."""
        try:
            prices = {goods.price_on(day) for goods in self.goods_of(article, barcode)} - {None}
        except FileError as error:
            log.error("%s", error)
            return None
        return prices.pop() if len(prices) == 1 else None

    def goods_of(self, article: str | None, barcode: str | None) -> list[GoodsSnapshot]:
        """Raises FileError."""
        if not (article or barcode) or not self._has_any():
            return []
        codes = list(dict.fromkeys(_codes(article, barcode)))
        with self._file.reading() as connection:
            rows = list(self._sql.goods_with(connection, codes=json.dumps(codes)))
        with_code: dict[str, dict[str, str]] = {}
        for code, goods, told in rows:
            with_code.setdefault(code, {})[goods] = told
        chosen = [*_by_article(article, with_code), *_by_barcode(barcode, with_code)]
        return [_decode(told) for told in dict.fromkeys(chosen)]

    def _has_any(self) -> bool:
        if self._any is None:
            with self._file.reading() as connection:
                self._any = self._sql.has_goods(connection) is not None
        return self._any

    def count(self) -> int:
        with self._file.reading() as connection:
            count: int = self._sql.goods_count(connection)
        return count

    def all(self) -> list[GoodsSnapshot]:
        """In the order of their articles."""
        with self._file.reading() as connection:
            rows = list(self._sql.all_goods(connection))
        return [_decode(told) for _, told in rows]

    # the way down

    def feed(self) -> GoodsFeed:
        with self._file.reading() as connection:
            return self._feed(connection)

    def _feed(self, connection: engine.Connection) -> GoodsFeed:
        return GoodsFeed(*(self._sql.setting(connection, name=name) or "" for name in ("goods_cursor", "goods_scope")))

    def keep(self, goods: Sequence[GoodsSnapshot], gone: Sequence[str], *, cursor: str, scope: str) -> None:
        """One page of the feed. Where it tells the prices of another store than before, it is the beginning."""
        before = self.feed()
        if not goods and not gone and before == (cursor, scope):
            return
        with self._changing() as connection:
            if scope != before.scope or not before.cursor:
                self._begin(connection)
            feed = self._sql.setting(connection, name="goods_feed")
            self._forget(connection, [*gone, *(one.article for one in goods)])
            self._sql.keep_goods(
                connection, [(one.article, msgspec.json.encode(one).decode(), int(feed)) for one in goods]
            )
            self._sql.keep_goods_codes(connection, [(code, one.article) for one in goods for code in one.codes()])
            self._sql.set_setting(connection, name="goods_cursor", value=cursor)
            self._sql.set_setting(connection, name="goods_scope", value=scope)

    def begin_anew(self) -> None:
        """The cursor means nothing to the hub any more: its ledger is another."""
        with self._changing() as connection:
            self._begin(connection)
            self._sql.set_setting(connection, name="goods_cursor", value="")

    def forget_some(self) -> bool:
        """Goods that a feed read from its beginning to its end did not tell, some of them. Whether there may be
        more."""
        with self._file.reading() as connection:
            if self._sql.setting(connection, name="goods_begun") is None:
                return False
        with self._changing() as connection:
            feed = int(self._sql.setting(connection, name="goods_feed"))
            old = [article for (article,) in self._sql.goods_before(connection, feed=feed, most=FORGOTTEN_AT_ONCE)]
            self._forget(connection, old)
            if not old:
                self._sql.drop_setting(connection, name="goods_begun")
        return bool(old)

    def _begin(self, connection: engine.Connection) -> None:
        feed = int(self._sql.setting(connection, name="goods_feed") or 0) + 1
        self._sql.set_setting(connection, name="goods_feed", value=str(feed))
        self._sql.set_setting(connection, name="goods_begun", value="1")

    def _forget(self, connection: engine.Connection, articles: Sequence[str]) -> None:
        codes = list[tuple[str, str]]()
        for article in articles:
            told = self._sql.goods_told(connection, article=article)
            if told is not None:
                codes += [(code, article) for code in _decode(told).codes()]
        self._sql.forget_goods_codes(connection, codes)
        self._sql.forget_goods(connection, [(article,) for article in articles])

    @contextmanager
    def _changing(self) -> Iterator[engine.Connection]:
        """A transaction after which nothing is remembered of before."""
        with self._file.transaction(synced=False) as connection:
            yield connection
        self._found, self._any = {}, None


def _codes(article: str | None, barcode: str | None) -> Iterator[str]:
    yield from (f"a{key}" for key in article_keys(article or ""))
    if barcode:
        yield f"b{barcode_key(barcode)}"
        for code in beginnings_of(barcode):
            yield from (f"p{code[:length]}" for length in _lengths(code))


def _lengths(code: str) -> range:
    return range(len(code), 0, -1) if len(code) <= BARCODE_MAX else range(0)


def _by_article(article: str | None, with_code: dict[str, dict[str, str]]) -> Iterator[str]:
    """Those that are called so, before those that are but for zeros."""
    for key in article_keys(article or ""):
        found = with_code.get(f"a{key}", {})
        yield from [found[key]] if key in found else found.values()


def _by_barcode(barcode: str | None, with_code: dict[str, dict[str, str]]) -> Iterator[str]:
    if not barcode:
        return
    whole = with_code.get(f"b{barcode_key(barcode)}")
    if whole:
        yield from whole.values()
        return
    for code in beginnings_of(barcode):
        longest = (with_code[f"p{code[:length]}"] for length in _lengths(code) if f"p{code[:length]}" in with_code)
        yield from next(longest, {}).values()
