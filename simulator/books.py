"""The hub's ledger in the end, read once for all that must hold of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple, TypeVar

from hub.store.records import CaseRow, HoldRow, KeptOperation, Place, place_of
from hub.store.seam import Reader
from loyalty.bodies import Adjustment, Return, Sale, SaleClaimed
from loyalty.kinds import maker_of
from loyalty.operation import Operation, read_operation

UNKNOWN_CARD: Final = "unknown_card"  # why the hub refuses such a sale
UNKNOWN_SALE: Final = "unknown_sale"  # why it refuses a return
TOO_MUCH: Final = frozenset({"more_than_was_redeemed", "more_than_was_sold", "more_than_was_used"})  # or such a return

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
    by member; `died`: points that did, by member; `coupons`: serials that sales have used up, by their places;
    `taken_up`: sales that were refused, for the hub did not know their card yet, and stand since."""

    def __init__(self, reader: Reader) -> None:
        self.all = [One(kept.place, kept, read_operation(kept.text)) for kept in reader.all_operations()]
        self.applied = [one for one in self.all if one.reason is None]
        self.cases: list[CaseRow] = list(reader.all_cases())
        self.holds: list[HoldRow] = list(reader.all_holds())
        self.debts = {row.member: row.debt for row in reader.all_members() if row.debt}
        self.merged = {row.member: row.merged_into for row in reader.all_members() if row.merged_into is not None}
        self.cards = {row.number for row in reader.all_cards()}
        self.taken_up = {place_of(claimed.of) for _, claimed in self.of(SaleClaimed) if claimed.whole}
        self.certificates = list(reader.all_certificates())
        self.stickers = list(reader.all_stickers())
        self.coupons: defaultdict[Place, set[str]] = defaultdict(set)
        for use in (*reader.all_coupon_uses(), *reader.all_conflicts()):
            self.coupons[use.place].add(use.serial)
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

    def is_of_lost_card(self, one: One) -> bool:
        """A sale that was refused, for nobody had its card, and nobody ever will: what gave it out is lost."""
        body = one.operation.body
        return isinstance(body, Sale) and one.reason == UNKNOWN_CARD and body.card not in self.cards

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
    def back_too_often(self) -> frozenset[str]:
        """Returns of tills, by their quotes, that the books took for too much, or that came before their sale to a hub
        which was put back: they moved nothing."""
        there = {one.place for one, _ in self.of(Sale)}
        return frozenset(
            quote
            for quote, found in self.came.items()
            for one in found
            if one.reason in TOO_MUCH or (one.reason == UNKNOWN_SALE and _is_of(one, there))
        )

    @property
    def returns(self) -> Mapping[Place, list[Return]]:
        """By the sale that they are of."""
        found: defaultdict[Place, list[Return]] = defaultdict(list)
        for _, back in self.of(Return):
            found[place_of(back.of)].append(back)
        return found


def _is_of(one: One, sales: Collection[Place]) -> bool:
    body = one.operation.body
    return isinstance(body, Return) and place_of(body.of) in sales
