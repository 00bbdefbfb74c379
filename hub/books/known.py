"""What an operation names, as the books know it: its member, his card; and how it is refused where they do not."""

from __future__ import annotations

from hub.books.ledger import Ledger
from hub.store.records import ERASED, CardRow, MemberRow
from loyalty.bodies import (
    Accrued,
    Adjustment,
    ClawedBack,
    Expiry,
    Grant,
    PointsToCharity,
    PointsToPartner,
    Redeemed,
    Restored,
)
from loyalty.operation import Operation

Movement = Redeemed | Accrued | Restored | ClawedBack | Grant | Adjustment | Expiry | PointsToPartner | PointsToCharity


class OperationRefused(Exception):
    """The operation stands, but does nothing here; `reason` is told to the till and kept."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def owner_of(
    ledger: Ledger, operation: Operation, member: str | None, card: str | None, *movements: Movement
) -> str | None:
    """Whose points move: the member's that is named, else the card's, as the hub knows it; None: nobody's. A till that
    issued a card anew names a member who never came to be: it was somebody's, and what was bought with it is his."""
    if any(movement.account is not None or movement.currency is not None for movement in movements):
        raise OperationRefused("unknown_account")  # nobody has another yet
    held = ledger.card(card) if card is not None and (member is None or ledger.stands_for(member) is None) else None
    if held is not None:
        member = held.member
    return None if member is None else must_know(ledger, operation, member).member


def must_know(ledger: Ledger, operation: Operation, member: str) -> MemberRow:
    """The member who answers to this id now."""
    row = ledger.stands_for(member)
    if row is None or row.programme != operation.programme:
        raise OperationRefused("unknown_member")
    return row


def must_not_be_erased(ledger: Ledger, owner: MemberRow) -> MemberRow:
    if ERASED in ledger.once_of(owner.member):
        raise OperationRefused("member_erased")
    return owner


def must_have(ledger: Ledger, member: str, number: str) -> CardRow:
    card = ledger.card(number)
    if card is None or card.member != member:
        raise OperationRefused("unknown_card")
    return card


def must_be_free(ledger: Ledger, number: str) -> None:
    if ledger.card(number):
        raise OperationRefused("card_taken")


def add_member(ledger: Ledger, row: MemberRow) -> None:
    if ledger.member(row.member):
        raise OperationRefused("member_exists")
    ledger.put_member(row)
