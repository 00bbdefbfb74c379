"""Receipts of the system that the shop had before: a row a line; rows of one receipt share store, day and number.

store;date;number;card;article;name;quantity;price;sum;total;fn;fd;fp
s1;02.11.2025 14:05;17;2600000000017;1001;Чай;2;89,90;179,80;269,70;9999078900001234;4217;3522207165
s1;02.11.2025 14:05;17;2600000000017;1002;Хлеб;1;89,90;89,90;269,70;9999078900001234;4217;3522207165
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from hub.brought.kind import Around, Found, Kind, Stands, Took, Verdict
from hub.brought.receipt import Receipt, gathered
from hub.brought.receipt_values import (
    article,
    day_of,
    in_fiscal,
    quantity,
    some_rubles,
    time_of,
)
from hub.brought.whose import who_readers
from hub.files import values
from hub.files.checked import Fate
from hub.files.headings import Headings
from hub.files.members_headings import CALLED as MEMBERS_CALLED
from hub.files.reasons import BadValue, Fault
from hub.store.records import EarlierNumber, EarlierRow, EntryRow, Place
from hub.store.seam import Reader
from loyalty.bodies import Body, EarlierSale, Fiscal, SaleNumber, SoldLine, Tender
from loyalty.money import half_up
from loyalty.operation import read_operation
from loyalty.utc import utc_text

PIECE: Final = "pc"
SOLD: Final = "sale"  # of a fiscal document
NAMED: Final = ("store", "day", "number")  # columns by which a receipt is known
PRICED: Final = frozenset(("rubles", "price"))  # either tells what a line came to
CALLED: Final = {
    "store": (
        *("shop", "store id", "store code"),
        *("магазин", "код магазина", "торговая точка", "точка", "точка продаж", "подразделение"),
    ),
    "day": (
        *("date", "datetime", "receipt date", "date time", "sold at"),
        *("дата", "дата чека", "дата продажи", "дата и время", "дата время", "дата покупки"),
    ),
    "time": ("receipt time", "время", "время чека", "время продажи"),
    "number": (
        *("receipt", "receipt number", "receipt no", "check", "document number"),
        *("чек", "номер чека", "чека", "чек номер", "номер", "номер документа"),
    ),
    "pos": ("till", "register", "terminal", "касса", "номер кассы", "код кассы", "ккм", "ккт"),
    "card": MEMBERS_CALLED["card"],
    "article": ("sku", "item code", "code", "артикул", "код", "код товара"),
    "name": ("item", "product", "goods", "наименование", "товар", "название", "номенклатура", "наименование товара"),
    "quantity": ("qty", "количество", "кол во", "колво", "кол"),
    "unit": ("ед", "ед изм", "единица", "единица измерения"),
    "price": ("цена", "цена за единицу", "unit price"),
    "discount": ("скидка", "сумма скидки", "скидка руб"),
    "rubles": (
        *("sum", "amount", "line total", "line sum"),
        *("сумма", "стоимость", "сумма позиции", "сумма со скидкой", "к оплате"),
    ),
    "total": ("receipt total", "receipt sum", "итог", "итого", "сумма чека", "итог чека", "итого по чеку"),
    "cash": ("наличные", "наличными", "оплата наличными"),
    "cashless": ("bank card", "безналичные", "безналичными", "картой", "оплата картой", "безнал"),
    "accrued": ("earned", "points earned", "начислено", "начислено баллов", "начислено бонусов"),
    "redeemed": ("spent", "points spent", "списано", "списано баллов", "списано бонусов", "оплачено баллами"),
    "fn": ("fiscal device", "фн", "номер фн", "заводской номер фн"),
    "fd": ("fiscal document", "фд", "номер фд", "фискальный документ"),
    "fp": ("fiscal sign", "фп", "фпд", "фискальный признак"),
}


def _readers(around: Around) -> Mapping[str, Callable[[str], Any]]:
    return {
        "store": lambda text: _some(text, "store"),
        "day": day_of,
        "number": lambda text: _some(values.long_number(text, "number"), "number"),
        "pos": str,
        "time": str,
        "card": who_readers(around)["card"],
        "article": article,
        "name": str,
        "unit": str,
        "quantity": quantity,
        "price": some_rubles("price"),
        "discount": some_rubles("discount"),
        "rubles": some_rubles("sum"),
        "total": some_rubles("total"),
        "cash": some_rubles("cash"),
        "cashless": some_rubles("cashless"),
        "accrued": lambda text: values.points(text) if text else None,
        "redeemed": lambda text: values.points(text) if text else None,
        "fn": in_fiscal,
        "fd": in_fiscal,
        "fp": in_fiscal,
    }


def _some(text: str, column: str) -> str:
    if not text:
        raise BadValue("receipt", f"{column} is not said")
    return text


def _made(line: int, said: Mapping[str, Any]) -> Receipt:
    """Of one row. Raises BadValue."""
    day, at = said["day"]
    tenders = (("cash", said["cash"]), ("card", said["cashless"]))
    return Receipt(
        line=line,
        day=day,
        time=time_of(said["time"]) or at,
        total_kopecks=said["total"],
        device=said["fn"],
        document=said["fd"],
        sign=said["fp"],
        tenders=tuple(Tender(kind=kind, kopecks=kopecks) for kind, kopecks in tenders if kopecks),
        goods=(_line(said),),
        **{name: said[name] for name in ("store", "number", "pos", "card", "accrued", "redeemed")},
    )


def _line(said: Mapping[str, Any]) -> SoldLine:
    """What is not said of price and sum follows from the other."""
    quantity_m, discount, name = said["quantity"], said["discount"] or 0, said["name"] or said["article"]
    price, net = said["price"], said["rubles"]
    if price is None and net is None:
        raise BadValue("sum", "neither sum nor price is said")
    if net is None:
        net = half_up(price * quantity_m, 1000) - discount
    if price is None:
        price = half_up((net + discount) * 1000, quantity_m)
    if net < 0:
        raise BadValue("sum", "its discount is more than it cost")
    if not name:
        raise BadValue("sum", "neither article nor name is said")
    return SoldLine(
        id="1",
        name=name,
        unit=said["unit"] or PIECE,
        price_kopecks=price,
        quantity_m=quantity_m,
        net_before_kopecks=net,
        discount_kopecks=0,
        net_kopecks=net,
        article=said["article"] or None,
        pos_discount_kopecks=discount,
    )


def _judge(reader: Reader, found: Sequence[Found[Receipt]], around: Around) -> list[Verdict]:
    if around.programme is None:  # then no row was found: each of them is told that none is said
        return []
    numbers = [EarlierNumber(one.row.store, one.row.day, one.row.number) for one in found]
    rows = {row.key: row for row in reader.earlier_sales(numbers)}
    kept = _kept(reader, list(rows.values()))
    shops = reader.named_stores({one.row.store for one in found})
    programme = around.programmes[around.programme]
    verdicts: list[Verdict] = []
    for one in found:
        shop = shops.get(one.row.store)
        zone = ZoneInfo(shop.timezone) if shop is not None and shop.timezone else programme.timezone
        verdicts.append(_verdict(one.row, zone, around.now, kept))
    return verdicts


def _kept(reader: Reader, rows: Sequence[EarlierRow]) -> Mapping[tuple[str, ...], Body]:
    """What the ledger says of receipts that are there, by their numbers."""
    texts = reader.operations([row.place for row in rows])
    return {row.key: read_operation(texts[Place(*row.place)].text).body for row in rows}


def _verdict(row: Receipt, zone: ZoneInfo, now: datetime, kept: Mapping[tuple[str, ...], Body]) -> Verdict:
    if row.day > now.astimezone(zone).date().isoformat():
        return Fault("later", f"{row.day} is not yet")
    sale = sale_of(row, zone)
    there = kept.get((row.store, row.day, row.number, row.pos))
    if there is None:
        return Took(Fate.TAKEN, [sale])
    if there != sale:
        return Fault("receipt_there", f"receipt {row.number} of {row.day} in {row.store} is another in the ledger")
    return Took(Fate.UNCHANGED)


def sale_of(row: Receipt, zone: ZoneInfo) -> EarlierSale:
    day = date.fromisoformat(row.day)
    at = datetime.combine(day, time.fromisoformat(row.time or "00:00"), zone)
    return EarlierSale(
        store=row.store,
        sale=SaleNumber(day=row.day, number=row.number, pos=row.pos),
        sold_at=utc_text(at) if row.time else None,
        card=row.card,
        lines=row.goods,
        total_kopecks=row.sum_kopecks,
        accrued_points=row.accrued,
        redeemed_points=row.redeemed,
        tenders=row.tenders,
        fiscal=_fiscal(row, at),
    )


def _fiscal(row: Receipt, at: datetime) -> tuple[Fiscal, ...]:
    if row.document is None:
        return ()
    names = {"device": row.device or "", "document": row.document, "sign": row.sign or ""}
    return (Fiscal(**names, at=utc_text(at), kopecks=row.sum_kopecks, kind=SOLD),)


def _stands(body: Body, entries: Sequence[EntryRow]) -> Stands:
    assert isinstance(body, EarlierSale), "a row of receipts makes these"
    number = body.sale
    return Stands(len(body.lines), body.total_kopecks, _shown(body.store, number.day, number.number, number.pos))


def _shown(*key: str) -> str:
    return f"receipt {' '.join(filter(None, key))}"


RECEIPTS: Final = Kind(
    name="receipts",
    what="receipts",
    headings=Headings(CALLED, lambda columns: columns >= {*NAMED} and bool(PRICED & columns)),
    needs=(*(frozenset((one,)) for one in NAMED), PRICED),
    row=Receipt,
    readers=_readers,
    made=_made,
    gathered=gathered,
    rows_are="receipts",
    counted="lines",
    judge=_judge,
    says=lambda row: Stands(len(row.goods), row.sum_kopecks, _shown(row.store, row.day, row.number, row.pos)),
    stands=_stands,
)
