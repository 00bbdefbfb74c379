"""The columns of a table of goods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from hub.files.dialect import BadFile
from hub.files.headings import Columns, Headings, shown_headings

IDS: Final = frozenset(("article", "barcode"))  # one of them is required
CALLED: Final = {
    "article": (
        *("sku", "code", "item", "item code", "item number", "product code", "plu"),
        *("артикул", "код", "код товара", "код номенклатуры", "номенклатурный номер", "арт", "плу", "№ товара"),
    ),
    "barcode": (
        *("ean", "ean13", "ean-13", "gtin", "barcodes", "bar code"),
        *("штрихкод", "штрих-код", "штрих код", "штрихкоды", "шк", "штрихкод товара"),
    ),
    "name": (
        *("title", "product", "description", "product name", "item name"),
        *("наименование", "название", "товар", "номенклатура", "наименование товара", "название товара"),
    ),
    "category": ("группа", "категория", "товарная группа", "группа товаров", "категория товара", "вид товара", "group"),
    "brand": ("бренд", "марка", "торговая марка", "производитель", "manufacturer", "trademark"),
    "tags": ("метки", "теги", "признаки", "labels"),
    "unit": ("единица", "единица измерения", "ед", "ед изм", "ед. изм.", "ед.изм", "еи", "uom", "unit of measure"),
    "kind": ("вид", "вид алкоголя", "вид продукции", "вид алкогольной продукции", "тип напитка", "вид напитка"),
    "strength": (
        *("abv", "alcohol", "alcohol %", "strength %", "крепость", "крепость %", "содержание спирта", "спирт"),
        *("содержание спирта %", "% спирта", "градус", "об %"),
    ),
    "volume": (
        *("volume l", "litres", "объем", "объем л", "емкость", "емкость л", "литраж", "вместимость"),
        *("емкость тары", "объем тары"),
    ),
    "subject": ("признак предмета расчета", "предмет расчета", "тег 1212", "tag 1212", "1212"),
    "price": ("цена", "розничная цена", "цена розничная", "цена продажи", "цена руб", "цена ₽", "retail price"),
    "store": ("магазин", "код магазина", "точка", "торговая точка", "shop"),
    "format": ("формат", "формат магазина", "store format"),
    "from": (
        "с",
        "с даты",
        "дата начала",
        "действует с",
        "начало действия",
        "дата цены",
        "since",
        "date from",
        "начало",
    ),
    "until": ("по", "по дату", "дата окончания", "действует по", "окончание", "до", "to", "date to", "конец", "till"),
    "picture": ("картинка", "фото", "изображение", "image", "photo", "ссылка на фото", "picture url", "image url"),
}
GOODS: Final = Headings(CALLED, lambda columns: bool(IDS & columns) and len(columns) > 1)


def fitted(line: int, cells: Sequence[str], said: Mapping[str, str]) -> Columns:
    """Which is which. Raises BadFile."""
    columns, wrong = GOODS.fitted(cells, said)
    if not IDS & columns.at.keys():
        there = shown_headings(cells)
        wrong.append(
            f'neither article nor barcode is there; the columns: {there}; --map "Код=article" says which it is'
        )
    if wrong:
        raise BadFile(f"line {line}: {'; '.join(wrong)}")
    return columns
