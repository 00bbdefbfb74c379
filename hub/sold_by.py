"""By which version of a programme receipts were sold, and which tills sold by one when another was in force.

A till that was away when a version was published goes on under the one before: what it sold is right by that one, and
nobody but the office can say whether the customers were promised more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from hub.programmes import rows_begun
from hub.store.office_records import PublishedRow
from hub.store.records import KeptOperation
from loyalty.bodies import Sale
from loyalty.by_rules import earned_by
from loyalty.operation import BadOperation, Operation, read_operation
from loyalty.programme import Programme

A_SALE: Final = '"sale"'  # stands in the text of each, and in few others


class Stretch(NamedTuple):
    """Receipts of a till from one moment to another."""

    receipts: int
    first_at: datetime
    last_at: datetime

    def with_one(self, at: datetime) -> Stretch:
        return Stretch(self.receipts + 1, min(self.first_at, at), max(self.last_at, at))


@dataclass(slots=True)
class SoldBy:
    """Of one version, by its hash: how many receipts, and by till those of a moment at which it was not in force."""

    hash: str
    receipts: int = 0
    beside: dict[str, Stretch] = field(default_factory=dict)


@dataclass(slots=True)
class Difference:
    """What receipts would have earned more by the version in force: by member. `unknown`: receipts of members that
    would have been others by it, or of which nobody can say it. `rules`: the programmes, by hash."""

    rules: Mapping[str, Programme | None]
    points: Counter[str] = field(default_factory=Counter)
    unknown: int = 0

    def take(self, sold: Operation, in_force: str) -> None:
        sale, rules = sold.body, self.rules.get(in_force)
        if not isinstance(sale, Sale) or sale.member is None:
            return
        earned = earned_by(sold, rules) if rules is not None else None
        if earned is None:
            self.unknown += 1
        elif earned > sale.accrued.points:
            self.points[sale.member] += earned - sale.accrued.points


def sold_by(
    kept: Iterable[KeptOperation],
    programme: str,
    rows: Sequence[PublishedRow],
    beside: Callable[[Operation, str], None] = lambda sold, in_force: None,
) -> list[SoldBy]:
    """In the order in which they are met. `rows`: what is published of the programme. Before the first of them nothing
    is in force by the hub's word, so nothing is beside it. `beside` hears of each receipt that is."""
    found: dict[str, SoldBy] = {}
    for sold in _sales(kept, programme):
        one = found.setdefault(sold.programme_hash, SoldBy(sold.programme_hash))
        one.receipts += 1
        at = datetime.fromisoformat(sold.at)
        begun = rows_begun(rows, at)
        if begun and begun[-1].hash != sold.programme_hash:
            one.beside[sold.chain] = one.beside.get(sold.chain, Stretch(0, at, at)).with_one(at)
            beside(sold, begun[-1].hash)
    return list(found.values())


def _sales(kept: Iterable[KeptOperation], programme: str) -> Iterator[Operation]:
    """Those that were applied."""
    for one in kept:
        if one.reason is not None or A_SALE not in one.text:
            continue
        try:
            operation = read_operation(one.text)
        except BadOperation:  # `verify` tells of it
            continue
        if operation.programme == programme and isinstance(operation.body, Sale):
            yield operation
