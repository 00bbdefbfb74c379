"""What a file may bring besides members: how its rows are read, judged, and counted again in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

import msgspec

from hub.brought.holders import Holder
from hub.files.checked import Fate
from hub.files.headings import Headings
from hub.files.reasons import Fault
from hub.files.rows import Row
from hub.members import BY_PROGRAMME
from hub.store.records import EntryRow, MemberRow
from hub.store.seam import Reader
from loyalty.bodies import Body
from loyalty.operation import HUB_CHAIN
from loyalty.programme import Programme

WHO: Final = frozenset(("card", "phone", "member"))  # columns by which a member is found


class Who(NamedTuple):
    """Whose a row is, by as much as it says; all of it must be one member."""

    card: str | None = None
    phone: str | None = None
    member: str | None = None


class BroughtRow(Protocol):
    """A good row of a file. `whose` with nothing in it: of no member."""

    @property
    def line(self) -> int: ...

    @property
    def whose(self) -> Who: ...


class OfMember(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """How a row begins that says by any of the three whose it is."""

    line: int
    card: str | None
    phone: str | None
    member: str | None

    @property
    def whose(self) -> Who:
        return Who(self.card, self.phone, self.member)


RowT = TypeVar("RowT", bound=BroughtRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a file is read against, and what was said beside it. `programme`: of all rows, else each member's own;
    `expires`: the last day of points of rows that say none."""

    programmes: Mapping[str, Programme]
    now: datetime
    programme: str | None = None
    update: bool = False
    expires: str = BY_PROGRAMME

    @property
    def today(self) -> date:
        """Where it is latest."""
        return max(programme.day(self.now) for programme in self.programmes.values())


class Found(NamedTuple, Generic[RowT]):
    """A row and whose it is, as he stands; None: it names nobody."""

    number: int
    row: RowT
    owner: MemberRow | None


class Took(NamedTuple):
    """A row that is taken, and what happens by it: at least one operation, but where it changes nothing."""

    fate: Fate
    bodies: Sequence[Body] = ()


class Stands(NamedTuple):
    """What a row says, and what the ledger holds of it: the two must be the same. `what`: besides sums."""

    points: int = 0
    kopecks: int = 0
    what: str = ""


Verdict = Took | Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[RowT]):
    """`needs`: of each group a column must be there. `readers`: by columns, from a cell's text to its value (raise
    BadValue); `points` and `rubles` among the values are summed. `made` makes the row of all values (may raise
    BadValue). `once`: what stands once in a file, by columns `card`, `phone`, `member`. `together`: what is wrong with
    rows of one member that stand in one file.

    `judge` is asked of the file first, and in each transaction again; rows of one member may stand in one batch.
    `says` is the row's side of the sheet, `stands` what one operation and its entries add to the ledger's; `continues`:
    is an operation of the same row as one before?"""

    name: str
    what: str  # for people: "lots", "cards"
    headings: Headings
    needs: tuple[frozenset[str], ...]
    row: type[RowT]
    readers: Callable[[Around], Mapping[str, Callable[[str], Any]]]
    made: Callable[[int, Mapping[str, Any]], RowT]
    judge: Callable[[Reader, Sequence[Found[RowT]], Around], Sequence[Verdict]]
    says: Callable[[RowT], Stands]
    stands: Callable[[Body, Sequence[EntryRow]], Stands]
    gathered: Callable[[Iterable[Row[RowT]]], Iterator[Row[RowT]]] = iter  # several records are one row
    rows_are: str = "rows"  # as a sheet calls them
    counted: str = "points"  # what `points` are, where they are something else
    continues: Callable[[Body, Body], bool] = lambda first, body: False
    once: Mapping[str, str] = field(default_factory=dict)
    together: Callable[[Sequence[tuple[int, RowT]]], Iterable[tuple[int, Fault]]] | None = None
    chain: str = HUB_CHAIN
    updates: str = ""  # what --update does; "" where it does nothing
    helped_by_update: frozenset[str] = frozenset()  # faults that it takes away
    spread: Callable[[Programme, Body], str] | None = None  # points by months, and the like
    spread_as: str = ""
    beside: Callable[[Reader, Iterable[Holder]], str] = lambda reader, holders: ""  # of what may be there twice
    note: Callable[[Programme], str] = lambda programme: ""  # what a shop with members of it would not expect
