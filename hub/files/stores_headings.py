"""The columns of a table of shops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from hub.files.dialect import BadFile
from hub.files.headings import Columns, Headings, shown_headings

CALLED: Final = {
    "store": (
        *("id", "store id", "shop id", "shop", "store code", "code"),
        *("магазин", "код", "код магазина", "номер магазина", "№ магазина", "торговая точка", "код точки"),
    ),
    "name": ("title", "store name", "shop name", "название", "наименование", "название магазина"),
    "city": ("town", "город", "населенный пункт"),
    "address": ("street", "адрес", "адрес магазина", "улица"),
    "phones": ("phone", "telephone", "tel", "телефон", "телефоны", "тел", "номер телефона"),
    "hours": (
        "opening hours",
        "working hours",
        "open",
        "часы",
        "часы работы",
        "режим работы",
        "время работы",
        "график",
    ),
    "days": ("other days", "special days", "exceptions", "особые дни", "праздники", "исключения", "другие дни"),
    "latitude": ("lat", "широта"),
    "longitude": ("lon", "lng", "long", "долгота"),
    "coordinates": ("lat lon", "latitude longitude", "координаты", "широта долгота", "геокоординаты"),
    "closed": ("closed for good", "закрыт", "закрыт навсегда", "закрыт совсем"),
    "programmes": ("programme", "program", "programs", "программа", "программы", "программа лояльности"),
    "entity": ("legal entity", "юрлицо", "юридическое лицо", "организация"),
    "format": ("store format", "формат", "формат магазина"),
    "timezone": ("time zone", "zone", "часовой пояс", "таймзона", "пояс"),
}
STORES: Final = Headings(CALLED, lambda columns: "store" in columns and len(columns) > 1)


def fitted(line: int, cells: Sequence[str], said: Mapping[str, str]) -> Columns:
    """Which is which. Raises BadFile."""
    columns, wrong = STORES.fitted(cells, said)
    if "store" not in columns.at:
        there = shown_headings(cells)
        wrong.append(f'missing column store; the columns: {there}; --map "Код=store" says which it is')
    if wrong:
        raise BadFile(f"line {line}: {'; '.join(wrong)}")
    return columns
