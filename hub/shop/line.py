"""What stands in an online basket, as the hub's goods have it: its price of today, its category, and whether it may be
sent at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from hub.goods import GoodsBody, format_of, readable_body, told
from hub.shop.call import Shop, ShopRefused
from hub.store.office_records import GoodsRow
from hub.store.seam import Reader
from loyalty.basket import BadBasket, Line, LineFacts
from loyalty.goods import Goods, Item, decided
from loyalty.lawful import may_be_sent
from loyalty.programme import UNKNOWN, Programme
from sync.shop.quotes import Forbidden, LineAsked, LineRefused

NO_DAY: Final = date.min  # it counts for a table of least prices alone, and what has one is not sold here


@dataclass(frozen=True, slots=True)
class OnSale:
    """Goods of one article, that are sold. `kopecks` None: they have no price today."""

    row: GoodsRow
    body: GoodsBody
    item: Item
    kopecks: int | None


def lines_of(reader: Reader, programme: Programme, shop: Shop, asked: Sequence[LineAsked], day: date) -> list[Line]:
    """As the rules take them. Raises ShopRefused naming all lines that are why; BadBasket."""
    known = goods_of(reader, shop, [line.article for line in asked], day)
    lines = [_line(programme, known.get(one.article), one, index) for index, one in enumerate(asked)]
    _check_forbidden(programme, known, asked, lines)
    _check_prices(shop, known, asked)
    return lines


def goods_of(reader: Reader, shop: Shop, articles: Sequence[str], day: date) -> dict[str, OnSale]:
    """What is sold of these at the prices of the shop's store."""
    format, rows = format_of(reader, shop.store), reader.goods(sorted(set(articles)))
    found = ((article, _goods(row, shop.store, format, day)) for article, row in rows.items())
    return {article: one for article, one in found if one is not None}


def _goods(row: GoodsRow, store: str, format: str, day: date) -> OnSale | None:
    try:
        snapshot = told(row, store, format, day)
    except (ValueError, RecursionError):
        return None
    if snapshot is None:
        return None
    return OnSale(row, readable_body(row), snapshot.item(), snapshot.price_on(day))


def _line(programme: Programme, goods: OnSale | None, asked: LineAsked, index: int) -> Line:
    """At the price that was said, else at the hub's. Raises BadBasket."""
    price = asked.price_kopecks if asked.price_kopecks is not None else goods.kopecks if goods is not None else None
    body = goods.body if goods is not None else GoodsBody()
    try:
        line = Line(
            id=asked.id,
            name=body.name or asked.name,
            price_kopecks=price or 0,
            quantity_m=asked.quantity_m,
            unit="kg" if body.unit == "kg" else "pc",
            category=asked.category or None,
            facts=LineFacts(article=asked.article, brand=body.brand or None, tags=body.tags),
        )
    except BadBasket as error:
        raise error.within(f"lines[{index}]") from None
    items: Mapping[str, Item] = {asked.article: goods.item} if goods is not None else {}
    return decided(
        line, programme, Goods(articles=items), (), date.min
    )  # without a table of least prices no day counts


def forbidden(programme: Programme, goods: OnSale | None, line: Line) -> Forbidden | None:
    """Why these goods may not be sold online; None: they may. What nobody knows may be tobacco."""
    category = programme.category(line.category)
    if goods is None or category.id == UNKNOWN:
        return "unknown"
    return None if may_be_sent(category, goods.item) else "law"


def _check_forbidden(
    programme: Programme, known: Mapping[str, OnSale], asked: Sequence[LineAsked], lines: Sequence[Line]
) -> None:
    found = [(one, forbidden(programme, known.get(one.article), line)) for one, line in zip(asked, lines, strict=True)]
    refused = tuple(LineRefused(id=one.id, article=one.article, why=why) for one, why in found if why is not None)
    if refused:
        raise ShopRefused("may_not_be_sold_online", "these goods may not be sold online", refused)


def _check_prices(shop: Shop, known: Mapping[str, OnSale], asked: Sequence[LineAsked]) -> None:
    """Whoever has prices of his own says them all."""
    if "prices" in shop.scopes:
        none = [one for one in asked if one.price_kopecks is None and not known[one.article].kopecks]
        others: list[LineAsked] = []
    else:
        none = [one for one in asked if not known[one.article].kopecks]
        others = [one for one in asked if one.price_kopecks not in (None, known[one.article].kopecks)]
    if none:
        raise ShopRefused("no_price", lines=tuple(LineRefused(id=one.id, article=one.article) for one in none))
    if others:
        told = (LineRefused(id=one.id, article=one.article, price_kopecks=known[one.article].kopecks) for one in others)
        raise ShopRefused("other_price", lines=tuple(told))
