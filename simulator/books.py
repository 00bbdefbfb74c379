"""The hub's ledger in the end, read once for all that must hold of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeVar

from hub.store.records import CaseRow, HoldRow, KeptOperation, Place, place_of
from hub.store.seam import Reader
from loyalty.bodies import Adjustment, Return, Sale
from loyalty.kinds import maker_of
from loyalty.operation import Operation, read_operation

_B = TypeVar("_B")


class One(NamedTuple):
    """An operation, and what it was answered: `reason` None, it was applied."""

    place: Place
    kept: KeptOperation
    operation: Operation

    @property
    def reason(self) -> str | None:
        return self.kept.reason


class Books:
    """`applied`: what moved what it says. `corrected`: by the hub itself, for what tills could not know of each other,
    by member; `died`: points that did, by member."""

    def __init__(self, reader: Reader) -> None:
        self.all = [One(kept.place, kept, read_operation(kept.text)) for kept in reader.all_operations()]
        self.applied = [one for one in self.all if one.reason is None]
        self.cases: list[CaseRow] = list(reader.all_cases())
        self.holds: list[HoldRow] = list(reader.all_holds())
        self.debts = {row.member: row.debt for row in reader.all_members() if row.debt}
        self.merged = {row.member: row.merged_into for row in reader.all_members() if row.merged_into is not None}
        self.certificates = list(reader.all_certificates())
        self.stickers = list(reader.all_stickers())
        self.died: Counter[str] = Counter()
        self.by_operation: Counter[Place] = Counter()
        for entry in reader.all_entries():
            self.by_operation[entry.place] += entry.points
            if entry.account == "expired":
                self.died[self.whose(entry.member)] += entry.points
        self.corrected: Counter[str] = Counter()
        for one in self.applied:
            body = one.operation.body
            if isinstance(body, Adjustment) and maker_of(one.place.chain) == "hub":
                self.corrected[self.whose(body.member)] += body.points

    def whose(self, member: str) -> str:
        """Who has now what was his."""
        while member in self.merged:
            member = self.merged[member]
        return member

    def of(self, kind: type[_B]) -> Iterator[tuple[One, _B]]:
        """Applied ones."""
        for one in self.applied:
            if isinstance(one.operation.body, kind):
                yield one, one.operation.body

    @property
    def sold(self) -> Mapping[str, list[One]]:
        """Sales of tills by the quote that was paid, whatever was answered."""
        return self._by_quote(Sale)

    @property
    def came(self) -> Mapping[str, list[One]]:
        """Returns of tills, likewise."""
        return self._by_quote(Return)

    def _by_quote(self, kind: type[Sale | Return]) -> Mapping[str, list[One]]:
        found: defaultdict[str, list[One]] = defaultdict(list)
        for one in self.all:
            if isinstance(one.operation.body, kind) and one.operation.body.quote is not None:
                found[one.operation.body.quote].append(one)
        return found

    @property
    def returns(self) -> Mapping[Place, list[Return]]:
        """By the sale that they are of."""
        found: defaultdict[Place, list[Return]] = defaultdict(list)
        for _, back in self.of(Return):
            found[place_of(back.of)].append(back)
        return found
