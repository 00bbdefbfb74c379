"""What an operation does to a member's stickers: given and spent with a sale, taken back and given back with a return,
put right by the office, joined when two members become one.

The paper is printed: what was spent beyond what there was is owed, and it is a case.
"""

from __future__ import annotations

from hub.books.known import OperationRefused
from hub.books.ledger import Ledger
from hub.cases.opening import case_of
from hub.store.records import place_of
from loyalty.bodies import Return, Sale
from loyalty.operation import Operation
from loyalty.stickers import moved, spent_count

OWED = "stickers_owed"  # the kind of the case


def move_stickers(ledger: Ledger, operation: Operation, owner: str | None) -> None:
    """Raises OperationRefused where they would be nobody's."""
    for collection, count in moved(operation.body):
        if owner is None:
            raise OperationRefused("unknown_member")
        if isinstance(operation.body, Sale):
            _case_of_owed(ledger, operation, operation.body, owner)
        ledger.stickers.enter(place_of(operation), owner, collection, count)


def _case_of_owed(ledger: Ledger, operation: Operation, sale: Sale, owner: str) -> None:
    """Those that this very receipt gives come after those that paid for it. The cost is that part of what the shop took
    off."""
    told, spent = sale.stickers, spent_count(sale.stickers)
    if told is None or not spent:
        return
    owed = spent - min(spent, max(0, ledger.stickers.balance(owner, told.collection)))
    if owed:
        off = sum(one.discount_kopecks for one in told.spent)
        cost, note = -(-off * owed // spent), f"{owed} {told.collection}"
        ledger.open_case(
            case_of(place_of(operation), OWED, ledger.now, operation, member=owner, cost_kopecks=cost, note=note)
        )


def must_have_stickers(ledger: Ledger, owner: str | None, collection: str, count: int) -> None:
    """What a member makes for them costs no debt. Raises OperationRefused."""
    if owner is None:
        raise OperationRefused("unknown_member")
    if ledger.stickers.balance(owner, collection) < count:
        raise OperationRefused("not_that_many_stickers")


def check_returned(sold: Sale, back: Return) -> None:
    """Raises OperationRefused for more than the sale gave or spent, or of another collection."""
    told, gave = back.stickers, sold.stickers
    if told is None:
        return
    if gave is None or told.collection != gave.collection:
        raise OperationRefused("more_than_was_sold")
    if told.taken_back > gave.given or told.restored > spent_count(gave):
        raise OperationRefused("more_than_was_sold")


def join_stickers(ledger: Ledger, operation: Operation, member: str, into: str) -> None:
    """All of one who goes into another, debts too."""
    for collection, count in ledger.stickers.of(member):
        ledger.stickers.enter(place_of(operation), member, collection, -count)
        ledger.stickers.enter(place_of(operation), into, collection, count)
