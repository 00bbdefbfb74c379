"""By which version of a programme receipts were sold, and which tills sold by one when another was in force.

A till that was away when a version was published goes on under the one before: what it sold is right by that one, and
nobody but the office can say whether the customers were promised more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from hub.programmes import rows_begun
from hub.store.records import KeptOperation, PublishedRow
from loyalty.bodies import Sale
from loyalty.operation import BadOperation, Operation, read_operation

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

    def take(self, till: str, at: datetime, in_force: str | None) -> None:
        self.receipts += 1
        if in_force in (None, self.hash):
            return
        self.beside[till] = self.beside.get(till, Stretch(0, at, at)).with_one(at)


def sold_by(kept: Iterable[KeptOperation], programme: str, rows: Sequence[PublishedRow]) -> list[SoldBy]:
    """In the order in which they were first sold by. `rows`: what is published of the programme. Before the first of
    them nothing is in force by the hub's word, so nothing is beside it."""
    found: dict[str, SoldBy] = {}
    for sale in _sales(kept, programme):
        at = datetime.fromisoformat(sale.at)
        begun = rows_begun(rows, at)
        one = found.setdefault(sale.programme_hash, SoldBy(sale.programme_hash))
        one.take(sale.chain, at, begun[-1].hash if begun else None)
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
