"""A sheet as files: CSV that 1С and Excel load in Russian settings (`;`, BOM, 1500,00, 02.03.2026), and JSON.

Both hold nothing but what the closings keep and the operations say, so the same days are the same bytes for ever.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import date
from io import StringIO
from typing import Any, Final

from hub.accounting import certificates
from hub.accounting.sheet import RowKey, Sheet
from hub.files.cell import text_cell
from loyalty.money import format_kopecks

BOM: Final = "\ufeff"
HEADINGS: Final = (
    *("Дата", "За дату", "Программа", "Организация", "Магазин", "Показатель", "Операция", "Ставка НДС"),
    *("Операций", "Баллы", "Сумма"),
)
WHAT: Final[Mapping[str, str]] = {
    "issued": "Начислено баллов",
    "redeemed": "Списано баллов",
    "expired": "Сгорело баллов",
    "adjusted": "Исправлено баллов",
    "debt": "Долг баллами",
    "sold": "Продано",
    "fee": "Плата за карты",
    "discount_points": "Скидка баллами",
    "discount_offers": "Скидка по акциям и купонам",
    "of_it_coupons": "В том числе по купонам",
    "refund": "Возвращено",
    **certificates.WHAT,
}
KINDS: Final[Mapping[str, str]] = {
    "sale": "Продажа",
    "return": "Возврат",
    "return_completed": "Возврат",
    "sale_claimed": "Начисление по чеку",
    "grant": "Подарок",
    "adjustment": "Исправление",
    "expiry": "Сгорание",
    **certificates.KINDS,
    "coupon_made": "Купон за баллы",
    "points_to_partner": "Обмен у партнёра",
    "points_to_charity": "Благотворительность",
}


def as_csv(sheet: Sheet) -> Iterator[str]:
    yield BOM + _line(HEADINGS)
    for key, (operations, points, kopecks) in sheet.sorted():
        yield _line((*_named(key), str(operations), str(points), rubles(kopecks)))


def _named(key: RowKey) -> tuple[str, ...]:
    names = (key.programme, key.entity, key.store)
    late_of = _day(key.late_of) if key.late_of else ""
    kind = KINDS.get(key.kind, key.kind)
    return (_day(key.day), late_of, *map(text_cell, names), WHAT[key.what], kind, text_cell(key.tax))


def as_json(sheet: Sheet, days: tuple[str, ...]) -> Iterator[str]:
    """One object, a row a line."""
    head: dict[str, Any] = {"first": days[0], "last": days[-1], "operations": sheet.operations}
    control = {programme: dict(sorted(sums.items())) for programme, sums in sorted(sheet.control.items())}
    if sheet.certificates:
        head["certificates"] = {programme: dict(sums) for programme, sums in sorted(sheet.certificates.items())}
    yield json.dumps({**head, "control": control}, ensure_ascii=False)[:-1] + ', "rows": ['
    before = "\n"
    for key, (operations, points, kopecks) in sheet.sorted():
        row = key._asdict() | {"late_of": key.late_of or None}
        row |= {"operations": operations, "points": points, "kopecks": kopecks}
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "\n]}\n"


def rubles(kopecks: int) -> str:
    return format_kopecks(kopecks).replace(".", ",")


def _day(day: str) -> str:
    return date.fromisoformat(day).strftime("%d.%m.%Y")


def _line(cells: tuple[str, ...]) -> str:
    out = StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(cells)
    return out.getvalue()
