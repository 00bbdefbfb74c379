"""What the chain sells: what is known of an article, how an import changes it, what a store's tills are told of it.

All tills are told through one partition of the feed. Goods that are sold no more are withdrawn, never dropped: a till
that was away must hear of it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from hub.store.office_records import GoodsRow, StoreRow
from hub.store.records import ChangeRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.goods_snapshot import PRICES_TOLD_MAX, GoodsSnapshot, PriceSince, check_goods

PARTITION: Final = "chain:goods"  # of the feed; no programme is called so
CHAIN_PLACE: Final = ""
PRICES_MAX: Final = 500  # of one article, in all stores: some 20 KB
ZONES_APART: Final = timedelta(days=1)  # it is that day somewhere still


class Price(msgspec.Struct, frozen=True, array_like=True):
    """`place`: the chain (""), `format:` and a format, or `store:` and a store; from one day to another, YYYY-MM-DD, by
    the store's clock."""

    place: str
    since: str
    kopecks: int
    until: str | None = None


class GoodsBody(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`strength_bp`: basis points of alcohol; `subject`: fiscal tag 1212; `picture`: where it is, as text; `since`: the
    day on which a file first told of it, "" for goods that were there before days were kept."""

    name: str = ""
    barcodes: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()
    category: str | None = None
    brand: str = ""
    tags: tuple[str, ...] = ()
    unit: str = ""
    kind: str | None = None
    strength_bp: int | None = None
    volume_ml: int | None = None
    subject: int | None = None
    picture: str = ""
    prices: tuple[Price, ...] = ()
    withdrawn: bool = False
    since: str = ""


class NewGoods(NamedTuple):
    """What a file says of an article: `said` by the names of GoodsBody, what it is silent of left out."""

    article: str
    said: Mapping[str, Any]
    prices: tuple[Price, ...] = ()


class Took(NamedTuple):
    """What an import did. `crowded`: articles with more prices than there is room for; nothing of them was taken."""

    new: int = 0
    changed: int = 0
    same: int = 0
    withdrawn: int = 0
    crowded: tuple[str, ...] = ()

    def plus(self, other: Took) -> Took:
        return Took(*(one + two for one, two in zip(self, other, strict=True)))  # type: ignore[operator]


_body = msgspec.json.Decoder(GoodsBody)


def body_of(row: GoodsRow) -> GoodsBody:
    """Raises msgspec.DecodeError, ValueError."""
    return _body.decode(row.body)


def readable_body(row: GoodsRow) -> GoodsBody:
    """As if nothing was known where it cannot be read: the next import mends it."""
    try:
        return body_of(row)
    except (ValueError, RecursionError):
        return GoodsBody()


def _row(article: str, body: GoodsBody) -> GoodsRow:
    return GoodsRow(article, msgspec.json.encode(body).decode())


# taking


def take(writer: Writer, some: Sequence[NewGoods], today: date) -> Took:
    """Each article once. Only what is another than before is told to tills."""
    there = writer.goods([one.article for one in some])
    others = [one for one in some if _after(there.get(one.article), one, today) != there.get(one.article)]
    there = writer.locked_goods([one.article for one in others])  # few: most of a file is as it was
    rows, new, crowded = list[GoodsRow](), 0, list[str]()
    for one in others:
        before = there.get(one.article)
        row = _after(before, one, today)
        if len(body_of(row).prices) > PRICES_MAX:
            crowded.append(one.article)
        elif row != before:
            rows.append(row)
            new += before is None
    _write(writer, rows)
    return Took(new, len(rows) - new, len(some) - len(rows) - len(crowded), 0, tuple(crowded))


def _after(before: GoodsRow | None, new: NewGoods, today: date) -> GoodsRow:
    body = readable_body(before) if before else GoodsBody(since=today.isoformat())
    prices = _merged(body.prices, new.prices, today)
    return _row(new.article, msgspec.structs.replace(body, **new.said, prices=prices, withdrawn=False))


def _merged(before: Iterable[Price], new: Iterable[Price], today: date) -> tuple[Price, ...]:
    """A price replaces the one of its place and day; one that is so already is none. Those that no day will have any
    more go."""
    there = list(before)
    all_of_them = {(price.place, price.since): price for price in there}
    all_of_them |= {(price.place, price.since): price for price in new if not _is_so(there, price)}
    day = (today - ZONES_APART).isoformat()
    newest: dict[str, str] = {}  # of each place, since when what is in force is so
    for price in all_of_them.values():
        if price.until is None and price.since <= day:
            newest[price.place] = max(price.since, newest.get(price.place, ""))
    kept = (
        price
        for price in all_of_them.values()
        if (price.until is None or price.until >= day) and price.since >= newest.get(price.place, "")
    )
    return tuple(sorted(kept, key=lambda price: (price.place, price.since)))


def _is_so(prices: Iterable[Price], new: Price) -> bool:
    """Whoever sends all prices again each week changes none by it."""
    lasting = (price for price in prices if price.place == new.place and price.until is None)
    now = max((price for price in lasting if price.since <= new.since), key=lambda price: price.since, default=None)
    return new.until is None and now is not None and now.kopecks == new.kopecks


def withdraw(writer: Writer, articles: Iterable[str]) -> Took:
    """These are sold no more: tills forget them."""
    there = writer.locked_goods(list(articles)).values()
    bodies = {row.article: readable_body(row) for row in there}
    gone = [
        _row(article, msgspec.structs.replace(body, withdrawn=True))
        for article, body in sorted(bodies.items())
        if not body.withdrawn
    ]
    _write(writer, gone)
    return Took(withdrawn=len(gone))


def _write(writer: Writer, rows: list[GoodsRow]) -> None:
    if rows:
        writer.write(Rows(goods=rows, changes=[ChangeRow(PARTITION, "goods", row.article) for row in rows]))


# telling


def told(row: GoodsRow, store: str, format: str, day: date) -> GoodsSnapshot | None:
    """What the tills of a store are told, with its prices from that day on; None: it is sold no more. Raises
    ValueError (msgspec's errors are that too) for what no till could keep."""
    body = body_of(row)
    if body.withdrawn:
        return None
    snapshot = GoodsSnapshot(
        article=row.article,
        name=body.name,
        barcodes=body.barcodes,
        beginnings=body.beginnings,
        category=body.category,
        kind=body.kind,
        strength_bp=body.strength_bp,
        volume_ml=body.volume_ml,
        subject=body.subject,
        prices=tuple(_prices(body.prices, store, format, day)),
    )
    check_goods(snapshot)
    return snapshot


def _prices(prices: Sequence[Price], store: str, format: str, day: date) -> Iterator[PriceSince]:
    """Today's and the next ones, as many as a till keeps."""
    places = (f"store:{store}", f"format:{format}", CHAIN_PLACE)
    here = [price for price in prices if price.place in places]
    days = {day.isoformat(), *(price.since for price in here)}
    days |= {next_day(price.until) for price in here if price.until is not None}
    count, last = 0, None
    for since in sorted(one for one in days if one >= day.isoformat()):
        kopecks = _in_force(here, places, since)
        if kopecks != last and count < PRICES_TOLD_MAX:
            yield PriceSince(since, kopecks)
            count, last = count + 1, kopecks


def _in_force(prices: Sequence[Price], places: Sequence[str], day: str) -> int | None:
    """The store's own before its format's, before the chain's; of several the one that began last."""
    for place in places:
        found = [
            price
            for price in prices
            if price.place == place and price.since <= day and (price.until is None or day <= price.until)
        ]
        if found:
            return max(found, key=lambda price: price.since).kopecks
    return None


def next_day(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def format_of(reader: Reader, store: str) -> str:
    """The store's, if it is known."""
    row: StoreRow | None = reader.named_stores([store]).get(store) if store else None
    return row.format if row is not None else ""
