"""A file of goods as people have it: how it is written, which column is which, and what it says of each article.

    article;barcode;name;category;brand;tags;unit;kind;strength;volume;subject;price;store;format;from;until;picture
    2001;4600000000022;Водка;alcohol_strong;;;шт;vodka;40;0,5;2;449,00;;;01.12.2026;;

An article may stand in several rows, one for each barcode or price. An empty cell says nothing: what was known stays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, BinaryIO, Final, NamedTuple

from hub.files import goods_values as values
from hub.files.checked import Bad
from hub.files.dialect import BadFile
from hub.files.goods_headings import GOODS, fitted
from hub.files.headings import Columns
from hub.files.read_table import ReadTable, below, outlined
from hub.files.reasons import BadValue, Fault
from hub.files.table import Record, cleaned
from hub.files.values import several
from hub.goods import CHAIN_PLACE, NewGoods, Price
from hub.store.office_records import StoreRow

ROWS_MAX: Final = 1_000_000  # a hypermarket has 60,000 articles; some 600 MB while they are read
TEXT_CHARACTERS_MAX: Final = 300  # of a cell; a till keeps a name of so many


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a file is read against. `said`: categories by what the file calls them; `since`: of prices without a day."""

    categories: Collection[str]
    kinds: Collection[str]
    stores: Mapping[str, StoreRow]
    since: date
    said: Mapping[str, str] = field(default_factory=dict)


class GoodsRows:
    """The articles of a file, and its rows that are not taken, with why."""

    def __init__(self) -> None:
        self.drafts: dict[str, _Draft] = {}
        self.faults: dict[int, list[Fault]] = {}
        self.count = 0

    def goods(self) -> Iterator[NewGoods]:
        """In the order of the file."""
        return (draft.goods() for draft in self.drafts.values() if not draft.differs)

    def bad(self) -> Iterator[Bad]:
        """In the order of the file."""
        for line in sorted(self.faults):
            yield Bad(line, line, "; ".join(fault.words for fault in self.faults[line]))

    def shared(self) -> int:
        """Barcodes that stand at several articles: at tills the stricter counts."""
        owners: dict[str, int] = {}
        for draft in self.drafts.values():
            for code in draft.said.get("barcodes", ()):
                owners[code] = owners.get(code, 0) + 1
        return sum(count > 1 for count in owners.values())

    def add_fault(self, line: int, fault: Fault) -> None:
        self.faults.setdefault(line, []).append(fault)

    def leave_out(self, article: str, fault: Fault) -> None:
        """Of an article that is not taken after all."""
        for line in self.drafts[article].lines:
            self.add_fault(line, fault)

    def put(self, row: _Row) -> None:
        self.count += 1
        if row.faults:
            self.faults[row.line] = list(row.faults)
            return
        draft = self.drafts.setdefault(row.article, _Draft(row.article))
        draft.lines.append(row.line)
        differs = draft.add(row)
        if differs and not draft.differs:
            draft.differs = True
            for line in draft.lines:
                self.add_fault(line, differs)
        elif draft.differs:
            self.add_fault(row.line, Fault("differs", f"article {row.article} is left out: its rows differ"))


class _Row(NamedTuple):
    line: int
    article: str
    said: Mapping[str, Any]
    price: Price | None
    faults: tuple[Fault, ...]


class _Draft:
    """What the rows of one article say together."""

    def __init__(self, article: str) -> None:
        self.article = article
        self.lines: list[int] = []
        self.said: dict[str, Any] = {}
        self.prices: dict[tuple[str, str], Price] = {}
        self.differs = False

    def add(self, row: _Row) -> Fault | None:
        """What it says otherwise than a row before."""
        for name, value in row.said.items():
            before = self.said.get(name, value)
            if name in ("barcodes", "beginnings", "tags"):
                self.said[name] = tuple(dict.fromkeys((*before, *value)))
            elif before != value:
                return self._fault(f"{name} {value!r}", f"{before!r}")
            else:
                self.said[name] = value
        if row.price is not None:
            price = self.prices.setdefault((row.price.place, row.price.since), row.price)
            if price != row.price:
                return self._fault(f"a price from {price.since} on", "another")
        return None

    def _fault(self, here: str, there: str) -> Fault:
        return Fault("differs", f"article {self.article} has {here} and {there}, on lines {self._lines()}")

    def _lines(self) -> str:
        return ", ".join(map(str, self.lines[:5])) + (" …" if len(self.lines) > 5 else "")

    def goods(self) -> NewGoods:
        return NewGoods(self.article, self.said, tuple(self.prices.values()))


GoodsFile = ReadTable[GoodsRows]


def read_goods(
    file: BinaryIO,
    around: Around,
    *,
    said: Mapping[str, str] | None = None,
    remembered: Callable[[str], Mapping[str, str] | None] = lambda key: None,
    sheet: str = "",
) -> GoodsFile:
    """Look at a file and check its rows. `said`: columns by their headings, as people said; None: as they said it
    before of the same set of headings. Raises BadFile for a file that is no table of goods; what is wrong with its rows
    is in `rows`."""
    outline = outlined(file, GOODS, fitted, said, remembered, sheet)
    reading, rows, totals = _Reading(outline.columns, around), GoodsRows(), list[int]()
    for record in below(file, outline, totals):
        if rows.count >= ROWS_MAX:
            raise BadFile(f"line {record.line}: more than {ROWS_MAX} rows; import it in parts")
        rows.put(reading.row(record))
    return ReadTable(*outline, rows, tuple(totals))


class _Reading:
    """Reads one file's records."""

    def __init__(self, columns: Columns, around: Around) -> None:
        self._columns = columns
        self._around = around
        self._formats = {store.format for store in around.stores.values()} - {""}
        self._readers: Mapping[str, tuple[str, Callable[[str], Any]]] = {
            "name": ("name", str),
            "category": ("category", lambda text: values.category(text, around.categories, around.said)),
            "brand": ("brand", str),
            "tags": ("tags", several),
            "unit": ("unit", values.unit),
            "kind": ("kind", lambda text: values.kind(text, around.kinds)),
            "strength": ("strength_bp", values.strength),
            "volume": ("volume_ml", values.volume),
            "subject": ("subject", values.subject),
            "picture": ("picture", str),
        }

    def row(self, record: Record) -> _Row:
        cells = [" ".join(cleaned(cell).split()) for cell in record.cells]
        text, faults = self._columns.texts(cells), self._columns.faults(cells)
        faults += [
            Fault("text", f"{name} must be at most {TEXT_CHARACTERS_MAX} printable characters")
            for name, cell in text.items()
            if (len(cell) > TEXT_CHARACTERS_MAX and name != "barcode") or not cell.isprintable()
        ]
        said: dict[str, Any] = {}
        for column, (name, read) in self._readers.items():
            if cell := text.get(column, ""):
                self._say(said, name, self._try(faults, partial(read, cell)))
        article = self._try(faults, lambda: self._article(text, said)) or ""
        price = self._try(faults, lambda: self._price(text))
        return _Row(record.line, article, said, price, tuple(faults))

    def _try(self, faults: list[Fault], read: Callable[[], Any]) -> Any:
        try:
            return read()
        except BadValue as error:
            faults.append(Fault(error.kind, error.words))
            return None

    def _say(self, said: dict[str, Any], name: str, value: Any) -> None:
        if value not in (None, "", ()):
            said[name] = value

    def _article(self, text: Mapping[str, str], said: dict[str, Any]) -> str:
        """Goods without one are called by their barcode."""
        article = values.article(text.get("article", ""))
        barcodes, beginnings = values.codes(text.get("barcode", ""))
        self._say(said, "barcodes", barcodes)
        self._say(said, "beginnings", beginnings)
        found = article or next(iter((*barcodes, *(f"{code}*" for code in beginnings))), "")
        if not found:
            raise BadValue("article", "neither article nor barcode")
        return found

    def _price(self, text: Mapping[str, str]) -> Price | None:
        kopecks = values.kopecks(text.get("price", ""))
        since = values.day(text.get("from", ""), "from") or self._around.since.isoformat()
        until = values.day(text.get("until", ""), "until")
        place = self._place(text.get("store", ""), text.get("format", ""))
        if until is not None and until < since:
            raise BadValue("day", f"until {until} lies before {since}")
        return Price(place, since, kopecks, until) if kopecks is not None else None

    def _place(self, store: str, format: str) -> str:
        if store and format:
            raise BadValue("place", "a price is of a store or of a format, not of both")
        if store and store not in self._around.stores:
            raise BadValue("place", f"there is no store {store!r}; `pos-hub store add` adds it")
        if format and format not in self._formats:
            raise BadValue("place", f"no store has the format {format!r}; `pos-hub store add` says which has")
        return f"store:{store}" if store else f"format:{format}" if format else CHAIN_PLACE
