"""A shop's goods file: CSV, one row for each article, barcode, or beginning of barcodes → a frozen `Goods`.

    article;barcode;category;kind;strength;volume;subject
    1001;4600000000015;dairy;;;;
    ;22*;vegetables;;;;
    2002;4600000000022;alcohol_strong;vodka;40;0,5;2

UTF-8, commas or semicolons. `article` or `barcode` names the goods (a `*` ends the beginning of barcodes), `category`
is one of the programme's. `kind`, `strength` (percent) and `volume` (litres) find the least price; `subject` is fiscal
tag 1212.
Strict: a row that is taken for another one sells tobacco at a discount.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from stdnum import ean

from config.law import known_kinds
from config.strict_table import has_control
from loyalty.goods import STRENGTHS_BP, VOLUMES_ML, Goods, Item
from loyalty.money import BadNumber, parse_kopecks, parse_quantity_m
from loyalty.programme import EAN_LENGTHS
from loyalty.spellings import BARCODE_MAX, article_keys, barcode_key, category_key, kind_key

ROWS_MAX = 200_000  # a hypermarket has 60,000 articles
FILE_MAX_BYTES = 32_000_000  # so many rows of 160 bytes
ARTICLE_MAX = 64  # characters
SUBJECT_MAX = 99  # tag 1212 has two digits
COLUMNS = ("article", "barcode", "category", "kind", "strength", "volume", "subject")
NEEDED = ("category",)
SPREADSHEET_NUMBER = re.compile(r"[0-9][.,]?[0-9]*[eE]\+?[0-9]+")


class GoodsError(ValueError):
    """A goods file that cannot be used: which row and column, what is wrong, what is allowed."""

    def __init__(self, file: str, row: int | None, column: str | None, problem: str, remedy: str) -> None:
        where = "".join((f", row {row}" if row else "", f", {column}" if column else ""))
        super().__init__(f"{file}{where}: {problem}; {remedy}")
        self.row = row
        self.column = column


@dataclass(frozen=True, slots=True)
class _Row:
    """One row with its number, for complaints."""

    file: str
    number: int
    values: Mapping[str, str]

    def text(self, column: str) -> str:
        return self.values.get(column, "")

    def bad(self, column: str, problem: str, remedy: str) -> GoodsError:
        return GoodsError(self.file, self.number, column, problem, remedy)


def load_goods(path: Path, categories: Collection[str]) -> Goods:
    """The goods in a file; `categories`: those of the programme. Raises GoodsError."""
    articles: dict[str, Item] = {}
    barcodes: dict[str, Item] = {}
    prefixes: dict[str, Item] = {}
    bare: dict[str, Item] = {}  # articles without zeros before, where the file has no other row of that name
    same: dict[Item, Item] = {}  # most goods of a shop are alike: one value for all of them
    for row in _rows(path):
        item = _item(row, categories)
        item = same.setdefault(item, item)
        article, barcode = _article(row), row.text("barcode")
        if not article and not barcode:
            raise row.bad("article", "is empty, and so is barcode", "write one of them")
        if article:
            _add(row, "article", articles, article, item)
            bare.setdefault(article_keys(article)[-1], item)
        if barcode.endswith("*"):
            _add(row, "barcode", prefixes, _prefix(row, barcode[:-1]), item)
        elif barcode:
            _add(row, "barcode", barcodes, _barcode(row, barcode), item)
    articles = bare | articles
    return Goods(articles=articles, barcodes=barcodes, prefixes=prefixes)


def _add(row: _Row, column: str, items: dict[str, Item], key: str, item: Item) -> None:
    if key in items:
        raise row.bad(column, f"{key!r} stands in a row before", "let each stand in one row alone")
    items[key] = item


# rows


def _rows(path: Path) -> Iterator[_Row]:
    file, text = str(path), _text(path)
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = _header(file, next(reader, []))
        for count, values in enumerate(reader):
            if count >= ROWS_MAX:
                raise GoodsError(file, None, None, "has too many rows", f"the most is {ROWS_MAX}")
            row = _Row(file, reader.line_num, dict(zip(header, map(str.strip, values), strict=False)))
            if len(values) > len(header) and any(values[len(header) :]):
                raise GoodsError(
                    file,
                    row.number,
                    None,
                    "has more cells than the header",
                    "quote the cell that has the separator in it",
                )
            if any(row.values.values()):
                yield row
    except csv.Error as error:
        raise GoodsError(file, reader.line_num, None, f"is no CSV: {error}", "save it as CSV in UTF-8") from None


def _text(path: Path) -> str:
    if path.exists() and not path.is_file():  # a pipe would wait for ever
        raise GoodsError(str(path), None, None, "is not a file", "give a CSV file in UTF-8")
    try:
        with path.open("rb") as file:
            data = file.read(FILE_MAX_BYTES + 1)
    except OSError as error:
        raise GoodsError(str(path), None, None, f"cannot be read: {error.strerror}", "give a CSV file") from None
    if len(data) > FILE_MAX_BYTES:
        raise GoodsError(str(path), None, None, "is too large", f"the most is {FILE_MAX_BYTES} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        remedy = "save it as CSV in UTF-8 (a spreadsheet calls it «CSV UTF-8»)"
        raise GoodsError(str(path), data.count(b"\n", 0, error.start) + 1, None, "is not UTF-8", remedy) from None


def _delimiter(text: str) -> str:
    header = text.partition("\n")[0]
    return ";" if header.count(";") > header.count(",") else ","


def _header(file: str, cells: list[str]) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    known = f"there are: {', '.join(COLUMNS)}"
    for column in header:
        if column not in COLUMNS:
            raise GoodsError(file, 1, None, f"the column {column!r} is unknown", known)
        if header.count(column) > 1:
            raise GoodsError(file, 1, None, f"the column {column} stands twice", "leave one of them")
    if not {"article", "barcode"} & set(header) or not set(NEEDED) <= set(header):
        raise GoodsError(file, 1, None, "needs category, and article or barcode", known)
    return header


# cells


def _item(row: _Row, categories: Collection[str]) -> Item:
    kind = kind_key(row.text("kind"))
    if kind is not None and kind not in known_kinds():
        raise row.bad("kind", f"{row.text('kind')!r} is unknown", f"there are: {_listed(known_kinds())}")
    return Item(
        category=_category(row, categories),
        kind=kind,
        strength_bp=_strength(row),
        volume_ml=_volume(row),
        subject=_subject(row),
    )


def _category(row: _Row, categories: Collection[str]) -> str:
    written = row.text("category")
    category = written if written in categories else category_key(written)
    if category not in categories:
        raise row.bad("category", f"{written!r} is no category of the programme", f"it has {_listed(categories)}")
    return category


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names))


def _strength(row: _Row) -> int | None:
    if not (text := row.text("strength")):
        return None
    try:
        strength_bp = parse_kopecks(text.replace(",", "."))  # hundredths, as kopecks are
    except BadNumber:
        strength_bp = -1
    if strength_bp not in STRENGTHS_BP:
        raise row.bad("strength", f"{text[:40]!r} is no strength", "write percent, like 40 or 37.5")
    return strength_bp


def _volume(row: _Row) -> int | None:
    if not (text := row.text("volume")):
        return None
    try:
        volume_ml = parse_quantity_m(text.replace(",", "."))
    except BadNumber:
        volume_ml = 0
    if volume_ml not in VOLUMES_ML:
        raise row.bad("volume", f"{text[:40]!r} is no volume", "write litres, like 0.5 or 0.75, from 0.02 to 100")
    return volume_ml


def _subject(row: _Row) -> int | None:
    if not (text := row.text("subject")):
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text[:3]) <= SUBJECT_MAX and len(text) < 3):
        raise row.bad("subject", f"{text[:40]!r} is no value of tag 1212", f"write 1 to {SUBJECT_MAX}")
    return int(text)


def _article(row: _Row) -> str:
    article = row.text("article")
    if len(article) > ARTICLE_MAX or has_control(article):
        raise row.bad("article", "is too long or has control characters", f"write up to {ARTICLE_MAX} characters")
    return article


def _barcode(row: _Row, barcode: str) -> str:
    if SPREADSHEET_NUMBER.fullmatch(barcode):
        raise row.bad("barcode", f"{barcode!r} is a number of a spreadsheet", "format the column as text")
    if not (barcode.isascii() and barcode.isalnum() and len(barcode) <= BARCODE_MAX):
        raise row.bad("barcode", f"{barcode[:BARCODE_MAX]!r} is no barcode", "write its digits and letters alone")
    if barcode.isdigit() and len(barcode) in EAN_LENGTHS and not ean.is_valid(barcode):
        raise row.bad("barcode", f"{barcode} has a wrong check digit", "check the number")
    return barcode_key(barcode)


def _prefix(row: _Row, prefix: str) -> str:
    if not (prefix.isascii() and prefix.isdigit() and len(prefix) < max(EAN_LENGTHS)):
        raise row.bad("barcode", f"{prefix[:BARCODE_MAX]!r}* is no beginning of barcodes", "write digits, like 22*")
    return prefix
