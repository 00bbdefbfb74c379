"""A file of shops as people have it: how it is written, which column is which, and what it says of each shop.

    store;name;city;address;phones;hours;days;latitude;longitude;timezone
    omsk-7;Алёнка на Ленина;Омск;ул. Ленина, 7;8 3812 12-34-56;пн-пт 9-21, сб-вс 10-20;;54.9885;73.3242;Asia/Omsk

A shop stands in one row. An empty cell says nothing, as does a dash: what was known stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, Final, NamedTuple

from hub.files.checked import Bad
from hub.files.dialect import BadFile
from hub.files.headings import Columns
from hub.files.read_table import ReadTable, below, outlined
from hub.files.reasons import Fault
from hub.files.stores_headings import STORES, fitted
from hub.files.table import Record, cleaned
from hub.places.place import FIELDS, NOWHERE, BadPlace, place_of, told, with_place
from hub.store.office_records import StoreRow
from hub.stores import STORE_LETTERS_MAX
from loyalty.possible import is_text
from loyalty.utc import is_zone

ROWS_MAX: Final = 50_000  # a country's largest chain has half of that
DEGREES: Final = ("latitude", "longitude")
OWN_FIELDS: Final = ("entity", "format", "timezone")  # of the row itself
_TWO: Final = re.compile(r"(-?\d{1,3}[.,]\d+|-?\d{1,3})\s*[;,\s]\s*(-?\d{1,3}[.,]\d+|-?\d{1,3})", re.ASCII)


class NewStore(NamedTuple):
    """What a row says, each a text; nothing empty."""

    line: int
    store: str
    said: Mapping[str, str]

    def over(self, row: StoreRow, programmes: Mapping[str, Any]) -> StoreRow:
        """The row with what is said. Raises BadPlace."""
        own: dict[str, Any] = {name: self.said[name] for name in OWN_FIELDS if name in self.said}
        place = told(place_of(row), {name: text for name, text in self.said.items() if name in FIELDS}, programmes)
        return with_place(row._replace(**own), place)


class StoresRows:
    """The shops of a file, and its rows that are not taken, with why."""

    def __init__(self) -> None:
        self.stores: dict[str, NewStore] = {}
        self.faults: dict[int, list[Fault]] = {}
        self.count = 0

    def put(self, row: NewStore, faults: list[Fault]) -> None:
        self.count += 1
        if before := self.stores.get(row.store):
            faults.append(Fault("store", f"store {row.store} stands on line {before.line} too"))
        if faults:
            self.faults[row.line] = faults
        else:
            self.stores[row.store] = row

    def bad(self) -> Iterator[Bad]:
        """In the order of the file."""
        for line in sorted(self.faults):
            yield Bad(line, line, "; ".join(fault.words for fault in self.faults[line]))


StoresFile = ReadTable[StoresRows]


def read_stores(
    file: BinaryIO,
    programmes: Mapping[str, Any],
    *,
    said: Mapping[str, str] | None = None,
    remembered: Callable[[str], Mapping[str, str] | None] = lambda key: None,
    sheet: str = "",
) -> StoresFile:
    """Look at a file and check its rows. `said`: columns by their headings, as people said; None: as they said it
    before. Raises BadFile for a file that is no table of shops; what is wrong with its rows is in `rows`."""
    outline = outlined(file, STORES, fitted, said, remembered, sheet)
    rows, totals = StoresRows(), list[int]()
    for record in below(file, outline, totals):
        if rows.count >= ROWS_MAX:
            raise BadFile(f"line {record.line}: more than {ROWS_MAX} rows; import it in parts")
        rows.put(*_read(outline.columns, record, programmes))
    return ReadTable(*outline, rows, tuple(totals))


def _read(columns: Columns, record: Record, programmes: Mapping[str, Any]) -> tuple[NewStore, list[Fault]]:
    cells = [cleaned(cell) for cell in record.cells]
    text, faults = columns.texts(cells), columns.faults(cells)
    store = text.pop("store", "").strip()
    if not is_text(store, STORE_LETTERS_MAX):
        faults.append(Fault("store", f"store must be an id of 1 to {STORE_LETTERS_MAX} letters"))
    text |= _coordinates(text.pop("coordinates", ""), faults)
    row = NewStore(record.line, store, {name: said for name, cell in text.items() if (said := cell.strip())})
    faults += _own_faults(row.said)
    faults += _place_faults(row.said, programmes)
    return row, faults


def _place_faults(said: Mapping[str, str], programmes: Mapping[str, Any]) -> list[Fault]:
    """All of them; the degrees are looked at together."""
    faults = []
    for fields in (*((field,) for field in FIELDS if field not in DEGREES), DEGREES):
        try:
            told(NOWHERE, {field: said[field] for field in fields if field in said}, programmes)
        except BadPlace as error:
            faults.append(Fault(error.field, str(error)))
    return faults


def _coordinates(text: str, faults: list[Fault]) -> dict[str, str]:
    """Both in one cell, the latitude first."""
    if not text.strip():
        return {}
    found = _TWO.fullmatch(text.strip())
    if found is None:
        faults.append(Fault("latitude", f"coordinates {text!r}: write them like 55.755864, 37.617698"))
        return {}
    return {"latitude": found[1], "longitude": found[2]}


def _own_faults(said: Mapping[str, str]) -> list[Fault]:
    faults = [
        Fault("text", f"{name} is too long, or has control characters")
        for name in ("entity", "format")
        if name in said and not is_text(said[name])
    ]
    zone = said.get("timezone", "")
    if zone and not is_zone(zone):
        faults.append(Fault("timezone", f"{zone!r} is no time zone; they are called like Europe/Moscow"))
    return faults
