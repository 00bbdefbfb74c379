"""The hub's books on SQLite: one place that writes members, cards, lots, entries and the change feed.

Every method takes the connection of the caller's transaction, so that an operation and all it does are one commit.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from loyalty.lots import Account, Lot, account_of, accrue_lot, balance, burn_printed, next_expiry
from loyalty.operation import (
    HUB_TILL,
    Body,
    CardIssued,
    CardReissued,
    Grant,
    MemberJoined,
    MemberRegistered,
    Operation,
    Sale,
    utc_text,
)
from loyalty.snapshot import CardSnapshot, ExpiringPoints, MemberSnapshot


class OperationRefused(Exception):
    """The operation stands, but does nothing here; `reason` is told to the till and kept."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Books:
    def __init__(self, sql: Any) -> None:
        self._sql = sql

    def post(self, connection: sqlite3.Connection, operation: Operation) -> None:
        """Do what the operation says. Raises OperationRefused before anything is written."""
        body = operation.body
        if isinstance(body, MemberJoined | MemberRegistered | Grant) and operation.till != HUB_TILL:
            raise OperationRefused("not_from_a_till")
        _POST[type(body)](self, connection, operation, body)
        self._sql.add_change(connection, programme=operation.programme, kind="member", key=body.member)

    # one method for each kind of operation

    def _sale(self, connection: sqlite3.Connection, operation: Operation, sale: Sale) -> None:
        """The receipt is printed already: what the lots do not cover becomes debt. Points of this very receipt
        come after those that paid it."""
        self._must_know(connection, operation, sale.member)
        if sale.redeemed_points:
            self._redeem(connection, operation, sale.member, sale.redeemed_points)
        if sale.accrued_points:
            start = sale.accrued_active_from or operation.at
            self._accrue(connection, operation, sale.member, _lot(sale.accrued_points, start, sale.accrued_expires_at))
        self._sql.add_accumulated(connection, member=sale.member, kopecks=sale.total_kopecks)
        for coupon in sale.coupons:
            self._use_coupon(connection, operation, coupon.serial)

    def _card_issued(self, connection: sqlite3.Connection, operation: Operation, issued: CardIssued) -> None:
        if self._sql.card(connection, number=issued.card):
            raise OperationRefused("card_taken")
        self._add_member(connection, issued.member, operation.programme, registered=False)
        self._sql.add_card(connection, number=issued.card, member=issued.member, status="issued")

    def _card_reissued(self, connection: sqlite3.Connection, operation: Operation, reissued: CardReissued) -> None:
        member = self._must_know(connection, operation, reissued.member)
        old = self._sql.card(connection, number=reissued.old_card)
        if old is None or old[1] != reissued.member:
            raise OperationRefused("unknown_card")
        if old[2] == "replaced":
            raise OperationRefused("card_already_replaced")
        if self._sql.card(connection, number=reissued.new_card):
            raise OperationRefused("card_taken")
        status = ("active" if member[6] else "issued") if old[2] == "blocked" else old[2]  # lost ones are often blocked
        self._sql.add_card(connection, number=reissued.new_card, member=reissued.member, status=status)
        self._sql.replace_card(connection, number=reissued.old_card, successor=reissued.new_card)

    def _member_joined(self, connection: sqlite3.Connection, operation: Operation, joined: MemberJoined) -> None:
        if joined.card and self._sql.card(connection, number=joined.card):
            raise OperationRefused("card_taken")
        self._add_member(connection, joined.member, operation.programme, registered=joined.registered)
        if joined.card:
            status = "active" if joined.registered else "issued"
            self._sql.add_card(connection, number=joined.card, member=joined.member, status=status)

    def _member_registered(
        self, connection: sqlite3.Connection, operation: Operation, registered: MemberRegistered
    ) -> None:
        self._must_know(connection, operation, registered.member)
        self._sql.register_member(connection, member=registered.member)
        self._sql.activate_cards(connection, member=registered.member)

    def _grant(self, connection: sqlite3.Connection, operation: Operation, grant: Grant) -> None:
        self._must_know(connection, operation, grant.member)
        self._accrue(connection, operation, grant.member, _lot(grant.points, grant.active_from, grant.expires_at))

    # the pieces

    def _must_know(self, connection: sqlite3.Connection, operation: Operation, member: str) -> tuple[Any, ...]:
        row: tuple[Any, ...] | None = self._sql.member(connection, member=member)
        if row is None or row[1] != operation.programme:
            raise OperationRefused("unknown_member")
        return row

    def _add_member(self, connection: sqlite3.Connection, member: str, programme: str, *, registered: bool) -> None:
        if self._sql.member(connection, member=member):
            raise OperationRefused("member_exists")
        self._sql.add_member(connection, member=member, programme=programme, registered=registered)

    def _redeem(self, connection: sqlite3.Connection, operation: Operation, member: str, points: int) -> None:
        before = self.account(connection, member)
        after, taken = burn_printed(before, points, datetime.fromisoformat(operation.at))
        for lot, part in taken:
            self._sql.take_from_lot(connection, lot=int(lot.id), points=part)
            self._entry(connection, operation, "member", member, -part, int(lot.id))
        self._entry(connection, operation, "debt", member, before.debt - after.debt)
        self._entry(connection, operation, "redeemed", operation.programme, points)

    def _accrue(self, connection: sqlite3.Connection, operation: Operation, member: str, new: Lot) -> None:
        before = self.account(connection, member)
        paid = before.debt - accrue_lot(before, new).debt
        lot = self._sql.add_lot(
            connection,
            member=member,
            till=operation.till,
            sequence=operation.sequence,
            granted=new.points,
            remaining=new.points - paid,
            active_from=utc_text(new.active_from),
            expires_at=utc_text(new.expires_at) if new.expires_at else None,
        )
        self._entry(connection, operation, "member", member, new.points - paid, lot)
        self._entry(connection, operation, "debt", member, paid)
        self._entry(connection, operation, "issued", operation.programme, -new.points)

    def _entry(
        self,
        connection: sqlite3.Connection,
        operation: Operation,
        account: str,
        owner: str,
        points: int,
        lot: int | None = None,
    ) -> None:
        """One side of a posting; the sides of an operation sum to zero (hub/verify.py)."""
        if points:
            self._sql.add_entry(
                connection,
                till=operation.till,
                sequence=operation.sequence,
                account=account,
                owner=owner,
                lot=lot,
                points=points,
            )

    def _use_coupon(self, connection: sqlite3.Connection, operation: Operation, serial: str) -> None:
        used = {"serial": serial, "till": operation.till, "sequence": operation.sequence}
        if self._sql.use_coupon(connection, **used) != 1:
            self._sql.add_coupon_conflict(connection, **used)
        self._sql.add_change(connection, programme=operation.programme, kind="coupon", key=serial)

    # what is so now

    def account(self, connection: sqlite3.Connection, member: str) -> Account:
        """The member's lots and debt."""
        debt = -self._sql.account_points(connection, account="debt", owner=member)
        return account_of((_stored(row) for row in self._sql.open_lots(connection, member=member)), debt)

    def snapshot(
        self, connection: sqlite3.Connection, member: str, now: datetime, phone_key: Callable[[str], bytes]
    ) -> MemberSnapshot:
        """The member as tills may know it: no phone, only its keyed hash."""
        row = self._sql.member(connection, member=member)
        account = self.account(connection, member)
        return MemberSnapshot(
            member=member,
            points=balance(account, now),
            cards=tuple(
                CardSnapshot(number=number, status=status)
                for number, status in self._sql.cards_of(connection, member=member)
            ),
            accumulated_kopecks=row[5],
            birthday=row[3],
            favourites=tuple(json.loads(row[4])),
            phone_key=phone_key(row[2]).hex() if row[2] else None,
            expires_next=_expires_next(account, now),
        )


def _expires_next(account: Account, now: datetime) -> ExpiringPoints | None:
    """Nothing is told where a till could not say how many are left after a redemption: of points that cannot be
    spent yet, and of an account in debt, whose points are owed."""
    first = next_expiry(account, now)
    if first is None or account.debt or first != next_expiry(_spendable(account, now), now):
        return None
    return ExpiringPoints(points=first[0], at=utc_text(first[1]))


def _spendable(account: Account, now: datetime) -> Account:
    return account_of(lot for lot in account.lots if lot.active(now))


def _lot(points: int, active_from: str, expires_at: str | None) -> Lot:
    """Points that come; the store gives the lot its number."""
    ends = datetime.fromisoformat(expires_at) if expires_at else None
    return Lot(id="", points=points, active_from=datetime.fromisoformat(active_from), expires_at=ends)


def _stored(row: tuple[Any, ...]) -> Lot:
    number, remaining, active_from, expires_at = row
    return replace(_lot(remaining, active_from, expires_at), id=f"{number:018}")  # ids compare as numbers do


_POST: dict[type[Body], Callable[[Books, sqlite3.Connection, Operation, Any], None]] = {
    Sale: Books._sale,
    CardIssued: Books._card_issued,
    CardReissued: Books._card_reissued,
    MemberJoined: Books._member_joined,
    MemberRegistered: Books._member_registered,
    Grant: Books._grant,
}
