"""Which column of a file of goods is which: by our names, by what people call them, by what they said (`--map`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from hub.files.dialect import BadFile
from hub.files.headings import Columns, key_of
from hub.files.table import cleaned

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
COLUMNS: Final = tuple(CALLED)
COLUMN_CALLED: Final[Mapping[str, str]] = {
    key_of(name): column for column, names in CALLED.items() for name in (column, *names)
}


def known(cells: Sequence[str], said: Mapping[str, str]) -> int:
    """How many columns these cells name."""
    return len({column for cell in cells if (column := _column(cell, said))})


def names_goods(cells: Sequence[str], said: Mapping[str, str]) -> bool:
    """An article or a barcode, and anything else."""
    columns = {_column(cell, said) for cell in cells}
    return bool({"article", "barcode"} & columns) and len(columns - {""}) > 1


def _column(heading: str, said: Mapping[str, str]) -> str:
    key = key_of(heading)
    return said[key] if key in said else COLUMN_CALLED.get(key, "")


def fitted(line: int, headings: Sequence[str], said: Mapping[str, str]) -> Columns:
    """Which is which. Raises BadFile."""
    names = [cleaned(heading) for heading in headings]
    columns = [_column(name, said) for name in names]
    at: dict[str, int] = {column: columns.index(column) for column in COLUMNS if column in columns}
    wrong = [
        f"{' and '.join(f'«{name}»' for name, one in zip(names, columns, strict=True) if one == column)}"
        f" are both {column}: say which with --map"
        for column in at
        if columns.count(column) > 1
    ]
    wrong += [f"no column is called «{key}», which --map says" for key in said if key not in map(key_of, names)]
    if not {"article", "barcode"} & set(at):
        there = ", ".join(f"«{name}»" for name in names if name) or "none"
        wrong.append(
            f'neither article nor barcode is there; the columns: {there}; --map "Код=article" says which it is'
        )
    if wrong:
        raise BadFile(f"line {line}: {'; '.join(wrong)}")
    left_out = tuple(name for name, column in zip(names, columns, strict=True) if name and not column)
    width = max(number for number, name in enumerate(names, start=1) if name)
    return Columns(at, {column: names[at[column]] for column in at}, left_out, width, dict(said))


def said_from(words: Sequence[str], allowed: Sequence[str] | None, option: str) -> dict[str, str]:
    """What `--map "Heading=column"` says, by the headings' spelling; likewise of categories (`allowed` None: whatever
    stands behind =). Raises BadFile."""
    said: dict[str, str] = {}
    for one in words:
        heading, sign, meant = (part.strip() for part in one.rpartition("="))
        if not sign or not key_of(heading) or (allowed is not None and meant.lower() not in (*allowed, "")):
            known = f"; columns: {', '.join(allowed)}" if allowed is not None else ""
            raise BadFile(f'{option} {one!r}: write "what the file calls it=what it is"{known}')
        said[key_of(heading)] = meant.lower() if allowed is not None else meant
    return said
