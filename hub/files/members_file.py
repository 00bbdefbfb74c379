"""A file of members as people have it: how it is written, which column is which, and its rows.

    programme,card,phone,points,registered,birthday,favourites,member
    alenka,2600000000017,+79161234567,150,yes,1990-05-17,chocolate;cookies,

Only a card is required, and a programme, which may be said beside. `member` is an id of the shop's own, else one is
made. How good rows come into the ledger is in hub/importing.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import BinaryIO, Final

from hub.files.checked import CheckedRows
from hub.files.dialect import BadFile, Dialect, dialect_of
from hub.files.headings import Columns, fitted, key_of, known, names_card
from hub.files.rows import Rows
from hub.files.table import Heading, Record, heading_of, is_total, records
from hub.members import BY_PROGRAMME, BadMembers, new_id
from loyalty.programme import Programme


@dataclass(frozen=True, slots=True)
class MembersFile:
    """`totals`: lines with a report's sums."""

    dialect: Dialect
    heading: Heading
    columns: Columns
    rows: CheckedRows
    totals: tuple[int, ...] = ()

    def __str__(self) -> str:
        """How it was read, for whoever must see whether that is right."""
        parts = [f"{self.dialect}; {self.columns}"]
        if self.heading.above:
            parts.append(f"what stands above line {self.heading.record.line} left out")
        parts += [f"line {line} left out: a total" for line in self.totals]
        return "; ".join(parts)

    @property
    def key(self) -> str:
        return key_of_headings(self.heading.record.cells)


REASON: Final = "reason"  # nobody's column, with which rows that were left out are written: they may be imported again


def key_of_headings(cells: Sequence[str]) -> str:
    """The same for the same set of headings, whatever their order, and for the file of those that were left out."""
    return "|".join(sorted(key for key in map(key_of, cells) if key and key != REASON))


def read_members(
    file: BinaryIO,
    programmes: Mapping[str, Programme],
    *,
    programme: str | None = None,
    said: Mapping[str, str] | None = None,
    remembered: Callable[[str], Mapping[str, str] | None] = lambda key: None,
    today: date | None = None,
    new_id: Callable[[], str] = new_id,
    registered: bool = False,
    expires: str = BY_PROGRAMME,
) -> MembersFile:
    """Look at a file and check its rows. `programme`, `registered`, `expires`: of all rows that say none. `said`:
    columns by their headings, as people said; None: as they said it before of the same set of headings. Raises
    BadMembers for a file that is no table of members; what is wrong with its rows is in `rows`."""

    def names_of(cells: Sequence[str]) -> Mapping[str, str]:
        if said is not None:
            return said
        there = set(map(key_of, cells))
        return {key: column for key, column in (remembered(key_of_headings(cells)) or {}).items() if key in there}

    try:
        dialect = dialect_of(file, lambda cells: known(cells, said or {}))
        heading = heading_of(
            file,
            dialect,
            lambda cells: names_card(cells, names_of(cells)),
            lambda cells: known(cells, said or {}),
        )
        names = names_of(heading.record.cells)
        columns = fitted(heading.record.line, heading.record.cells, names, needs_programme=programme is None)
        totals: list[int] = []
        reading = Rows(
            columns,
            programmes,
            programme,
            today or datetime.now(UTC).date(),
            new_id,
            registered=registered,
            expires=expires,
        )
        rows = CheckedRows()
        rows.put(map(reading.row, _below(file, dialect, heading, totals)))
    except BadFile as error:
        raise BadMembers([str(error)]) from error
    return MembersFile(dialect, heading, columns, rows, tuple(totals))


def _below(file: BinaryIO, dialect: Dialect, heading: Heading, totals: list[int]) -> Iterator[Record]:
    """The records under the headings, without a report's sums."""
    for record in records(file, dialect):
        if record.line <= heading.record.line:
            continue
        if is_total(record.cells):
            totals.append(record.line)
        else:
            yield record
