"""The hub's books on SQLite: one place that writes members, cards, lots, entries and the change feed.

Every method takes the connection of the caller's transaction, so that an operation and all it does are one commit.
What an operation does to points is worked out by `loyalty/effects.py`, as of the operation's own moment; here the
difference is booked.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from hub.days import Days
from loyalty.bodies import (
    Accrued,
    Adjustment,
    CardBlocked,
    CardIssued,
    CardMadeVirtual,
    CardReissued,
    CardUnblocked,
    ClawedBack,
    Expiry,
    FiscalAdded,
    Grant,
    MemberJoined,
    MemberMerged,
    MemberRegistered,
    OperationRef,
    Redeemed,
    Restored,
    Return,
    Sale,
)
from loyalty.cards import CardStatus, next_status, status_at
from loyalty.effects import Impossible, affected, lot_id
from loyalty.kinds import KindReserved, maker_of, may_make, row_for
from loyalty.lots import Account, Lot, Taken, account_of
from loyalty.operation import Key, Operation, read_operation, utc_text
from loyalty.programme import Programme
from loyalty.snapshot import LOTS_MAX, CardSnapshot, MemberSnapshot, RedeemedDay, SpentDay, told_days, told_lots
from loyalty.tiers import window_start
from loyalty.utc import moment

TOLD_DAYS_BACK = timedelta(days=2)  # a day limit looks at today, in whichever zone that is

Movement = Redeemed | Accrued | Restored | ClawedBack | Grant | Adjustment | Expiry


class OperationRefused(Exception):
    """The operation stands, but does nothing here; `reason` is told to the till and kept."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Books:
    def __init__(self, sql: Any, zone_of: Callable[[str], ZoneInfo]) -> None:
        """`zone_of`: the time zone of a programme, for what happened in a store that does not say its own."""
        self._sql = sql
        self.days = Days(sql, zone_of)

    def post(self, connection: sqlite3.Connection, operation: Operation) -> None:
        """Do what the operation says. Raises OperationRefused before anything is written."""
        if not may_make(operation):
            raise OperationRefused(f"not_from_{_MAKERS[maker_of(operation.chain)]}")
        try:
            members = row_for("books", POSTINGS, operation.body)(self, connection, operation, operation.body)
        except (KindReserved, Impossible) as error:
            raise OperationRefused(error.reason) from error
        named = getattr(operation.body, "member", None)  # who has gone into another must be told of too
        for member in dict.fromkeys((*members, named)):
            if member is not None:
                self._sql.add_change(connection, programme=operation.programme, kind="member", key=member)

    # receipts: each method for a kind of operation answers with the members that it changed

    def _sale(self, connection: sqlite3.Connection, operation: Operation, sale: Sale) -> tuple[str, ...]:
        """The receipt is printed already: what the lots did not cover then becomes debt. A sale without a member
        uses its rights up all the same."""
        owner = self._owner(connection, operation, sale.member, sale.card, sale.redeemed, sale.accrued)
        if owner is None and (sale.redeemed.points or sale.accrued.points):
            raise OperationRefused("unknown_card" if sale.card else "unknown_member")
        if owner is not None:
            contra = {"redeemed": sale.redeemed.points, "issued": -sale.accrued.points}
            self._book(connection, operation, owner, contra)
            self.days.count(connection, operation, owner)
        for coupon in sale.coupons:
            self._use_coupon(connection, operation, coupon.serial)
        return (owner,) if owner else ()

    def _return(self, connection: sqlite3.Connection, operation: Operation, back: Return) -> tuple[str, ...]:
        """Points go back to where the sale took them from; how much came back before is known."""
        owner = self._owner(connection, operation, back.member, back.card, back.restored, back.clawed_back)
        if owner is None and (back.restored.points or back.clawed_back.points):
            raise OperationRefused("unknown_member")
        sold = self._sold(connection, back.of)
        restored_before = self._sql.restored_of(connection, **_place(back.of))
        if restored_before + back.restored.points > sold.redeemed.points:
            raise OperationRefused("more_than_was_redeemed")
        if back.clawed_back.points > sold.accrued.points or back.refund_kopecks > sold.total_kopecks:
            raise OperationRefused("more_than_was_sold")
        if owner != self._owner(connection, operation, sold.member, sold.card, sold.redeemed):
            raise OperationRefused("not_whose_sale")
        self._sql.add_return(
            connection,
            of_chain=back.of.chain,
            of_generation=back.of.generation,
            of_sequence=back.of.sequence,
            restored=back.restored.points,
            **_identity(operation),
        )
        if owner is not None:
            taken = _without_newest(self._taken(connection, back.of), restored_before)
            contra = {"redeemed": -back.restored.points, "issued": back.clawed_back.points}
            self._book(connection, operation, owner, contra, taken=taken, also=back.of)
            self.days.count(connection, operation, owner)
        for serial in back.coupons:
            self._give_coupon_back(connection, operation, serial, back.of)
        return (owner,) if owner else ()

    def _sold(self, connection: sqlite3.Connection, of: OperationRef) -> Sale:
        """The sale that a return is of, when it stands in the books."""
        row = self._sql.operation(connection, **_place(of))
        answer = json.loads(row[1]) if row else {}
        body = read_operation(row[2]).body if row else None
        if not isinstance(body, Sale) or answer.get("result") != "applied":
            raise OperationRefused("unknown_sale")
        return body

    def _taken(self, connection: sqlite3.Connection, of: OperationRef) -> tuple[Taken, ...]:
        """What the sale took of which lot, oldest first."""
        lots = (_stored(row) for row in self._sql.lots_taken_by(connection, **_place(of)))
        return tuple(Taken(lot, lot.points) for lot in lots)

    def _fiscal_added(
        self, connection: sqlite3.Connection, operation: Operation, added: FiscalAdded
    ) -> tuple[str, ...]:
        """It moves nothing: it stands beside its sale."""
        self._sold(connection, added.of)
        return ()

    # cards

    def _card_issued(self, connection: sqlite3.Connection, operation: Operation, issued: CardIssued) -> tuple[str, ...]:
        self._must_be_free(connection, issued.card)
        self._add_member(connection, issued.member, operation.programme, registered=False)
        self._add_card(connection, issued.card, issued.member, "issued")
        return (issued.member,)

    def _card_reissued(
        self, connection: sqlite3.Connection, operation: Operation, reissued: CardReissued | CardMadeVirtual
    ) -> tuple[str, ...]:
        owner, registered = self._must_know(connection, operation, reissued.member)
        status, active_from = self._must_have(connection, owner, reissued.old_card)
        if status == "replaced":
            raise OperationRefused("card_already_replaced")
        self._must_be_free(connection, reissued.new_card)
        if status == "blocked":  # lost ones are often blocked
            status = "active" if registered else "issued"
        self._add_card(connection, reissued.new_card, owner, status, active_from)
        self._sql.replace_card(connection, number=reissued.old_card, successor=reissued.new_card)
        return (owner,)

    def _card_blocked(self, connection: sqlite3.Connection, operation: Operation, body: CardBlocked) -> tuple[str, ...]:
        owner, _ = self._must_know(connection, operation, body.member)
        status, _ = self._must_have(connection, owner, body.card)
        if status == "replaced":
            raise OperationRefused("card_already_replaced")
        self._sql.set_card(connection, number=body.card, status="blocked")
        return (owner,)

    def _card_unblocked(
        self, connection: sqlite3.Connection, operation: Operation, body: CardUnblocked
    ) -> tuple[str, ...]:
        owner, registered = self._must_know(connection, operation, body.member)
        status, _ = self._must_have(connection, owner, body.card)
        if status != "blocked":
            raise OperationRefused("card_not_blocked")
        free = next_status("blocked", "unblocked")
        self._sql.set_card(connection, number=body.card, status=next_status(free, "registered") if registered else free)
        return (owner,)

    # members

    def _member_joined(
        self, connection: sqlite3.Connection, operation: Operation, joined: MemberJoined
    ) -> tuple[str, ...]:
        if joined.card:
            self._must_be_free(connection, joined.card)
        self._add_member(connection, joined.member, operation.programme, registered=joined.registered)
        if joined.card:
            self._add_card(connection, joined.card, joined.member, "active" if joined.registered else "issued")
        return (joined.member,)

    def _member_registered(
        self, connection: sqlite3.Connection, operation: Operation, registered: MemberRegistered
    ) -> tuple[str, ...]:
        """At once, or from a later moment on, when the form is on paper (P19)."""
        owner, _ = self._must_know(connection, operation, registered.member)
        self._sql.register_member(connection, member=owner)
        if registered.active_from is None:
            self._sql.activate_cards(connection, member=owner)
        else:
            self._sql.form_taken(connection, member=owner, active_from=registered.active_from)
        return (owner,)

    def _member_merged(
        self, connection: sqlite3.Connection, operation: Operation, merged: MemberMerged
    ) -> tuple[str, ...]:
        """Lots, debt, cards and what counts for tiers go over; what is told of the old member later goes there too."""
        gone, _ = self._must_know(connection, operation, merged.member)
        into, _ = self._must_know(connection, operation, merged.into)
        if gone == into:
            raise OperationRefused("same_member")
        for lot, remaining, _ in list(self._sql.lots_of(connection, member=gone)):
            self._entry(connection, operation, "member", gone, -remaining, lot)
            self._entry(connection, operation, "member", into, remaining, lot)
        debt = self._sql.account_points(connection, account="debt", owner=gone)
        self._entry(connection, operation, "debt", gone, -debt)
        self._entry(connection, operation, "debt", into, debt)
        self._sql.move_lots(connection, member=gone, into=into)
        self._sql.move_cards(connection, member=gone, into=into)
        self.days.move(connection, gone, into)
        self._sql.merge_member(connection, member=gone, into=into)
        return (gone, into)

    # points without a receipt

    def _grant(self, connection: sqlite3.Connection, operation: Operation, grant: Grant) -> tuple[str, ...]:
        return self._points(connection, operation, grant, {"issued": -grant.points})

    def _adjustment(self, connection: sqlite3.Connection, operation: Operation, change: Adjustment) -> tuple[str, ...]:
        named = [end.lot for end in change.ends]
        return self._points(connection, operation, change, {"adjusted": -change.points}, named)

    def _expiry(self, connection: sqlite3.Connection, operation: Operation, expiry: Expiry) -> tuple[str, ...]:
        return self._points(connection, operation, expiry, {})

    def _points(
        self,
        connection: sqlite3.Connection,
        operation: Operation,
        body: Grant | Adjustment | Expiry,
        contra: dict[str, int],
        named: Sequence[str] = (),
    ) -> tuple[str, ...]:
        owner = self._owner(connection, operation, body.member, None, body)
        assert owner is not None, "the body names a member"
        self._book(connection, operation, owner, contra, named=named)
        return (owner,)

    # the pieces

    def _owner(
        self,
        connection: sqlite3.Connection,
        operation: Operation,
        member: str | None,
        card: str | None,
        *movements: Movement,
    ) -> str | None:
        """Whose points move: the member's that is named, else the card's, as the hub knows it; None: nobody's."""
        if any(movement.account is not None or movement.currency is not None for movement in movements):
            raise OperationRefused("unknown_account")  # nobody has another yet
        if member is None and card is not None:
            row = self._sql.card(connection, number=card)
            member = row[1] if row else None
        return None if member is None else self._must_know(connection, operation, member)[0]

    def _must_know(self, connection: sqlite3.Connection, operation: Operation, member: str) -> tuple[str, bool]:
        """The member who answers to this id now, and is he registered."""
        row = self._sql.member(connection, member=member)
        while row is not None and row[5] is not None:
            row = self._sql.member(connection, member=row[5])
        if row is None or row[1] != operation.programme:
            raise OperationRefused("unknown_member")
        return row[0], bool(row[6])

    def _must_have(self, connection: sqlite3.Connection, member: str, number: str) -> tuple[CardStatus, str | None]:
        card = self._sql.card(connection, number=number)
        if card is None or card[1] != member:
            raise OperationRefused("unknown_card")
        return card[2], card[3]

    def _must_be_free(self, connection: sqlite3.Connection, number: str) -> None:
        if self._sql.card(connection, number=number):
            raise OperationRefused("card_taken")

    def _add_member(self, connection: sqlite3.Connection, member: str, programme: str, *, registered: bool) -> None:
        if self._sql.member(connection, member=member):
            raise OperationRefused("member_exists")
        self._sql.add_member(connection, member=member, programme=programme, registered=registered)

    def _add_card(
        self,
        connection: sqlite3.Connection,
        number: str,
        member: str,
        status: CardStatus,
        active_from: str | None = None,
    ) -> None:
        self._sql.add_card(connection, number=number, member=member, status=status, active_from=active_from)

    def _use_coupon(self, connection: sqlite3.Connection, operation: Operation, serial: str) -> None:
        used = {"serial": serial, **_identity(operation)}
        if self._sql.use_coupon(connection, **used) != 1:
            self._sql.add_coupon_conflict(connection, **used)
        self._sql.add_change(connection, programme=operation.programme, kind="coupon", key=serial)

    def _give_coupon_back(
        self, connection: sqlite3.Connection, operation: Operation, serial: str, of: OperationRef
    ) -> None:
        """The sale no longer uses it. Where another one does too, it is that one's now, and stays used."""
        known = self._sql.forget_coupon_conflict(connection, serial=serial, **_place(of))
        if self._sql.unuse_coupon(connection, serial=serial, **_place(of)):
            other = self._sql.first_coupon_conflict(connection, serial=serial)
            if other is not None:
                place = dict(zip(("chain", "generation", "sequence"), other, strict=True))
                self._sql.forget_coupon_conflict(connection, serial=serial, **place)
                self._sql.use_coupon(connection, serial=serial, **place)
            known = True
        if known or self._sql.coupon_used(connection, serial=serial):  # the till believes that it is free
            self._sql.add_change(connection, programme=operation.programme, kind="coupon", key=serial)

    # double entry

    def _book(
        self,
        connection: sqlite3.Connection,
        operation: Operation,
        owner: str,
        contra: Mapping[str, int],
        *,
        taken: tuple[Taken, ...] | None = None,
        also: OperationRef | None = None,
        named: Sequence[str] = (),
    ) -> None:
        """What the operation does to the member's lots and debt, as entries that sum to zero. `also`, `named`: lots
        that it looks at though they are empty."""
        rows = self._lot_rows(connection, owner, operation.at, also, named)
        debt = -self._sql.account_points(connection, account="debt", owner=owner)
        before = account_of(map(_stored, rows.values()), debt)
        after, granted = affected(before, operation, taken)
        total = self._book_lots(connection, operation, owner, before, after, rows, granted)
        self._entry(connection, operation, "debt", owner, before.debt - after.debt)
        total += before.debt - after.debt
        for account, points in contra.items():
            self._entry(connection, operation, account, operation.programme, points)
            total += points
        self._entry(connection, operation, "expired", operation.programme, -total)  # came back too late to live

    def _lot_rows(
        self,
        connection: sqlite3.Connection,
        owner: str,
        at: str,
        also: OperationRef | None,
        named: Sequence[str],
    ) -> dict[str, tuple[Any, ...]]:
        rows = list(self._sql.lots_at(connection, member=owner, at=at))
        places = [_place(also)] if also else []
        places += [place for place in map(_place_of_lot, named) if place is not None]
        rows += filter(None, (self._sql.lot_made_by(connection, **place) for place in places))
        return {_stored(row).id: row for row in rows}

    def _book_lots(
        self,
        connection: sqlite3.Connection,
        operation: Operation,
        owner: str,
        before: Account,
        after: Account,
        rows: Mapping[str, tuple[Any, ...]],
        granted: int,
    ) -> int:
        """The lots' entries; their sum."""
        old = {lot.id: lot for lot in before.lots}
        new = {lot.id: lot for lot in after.lots}
        total = 0
        for id, was in old.items():
            now = new.pop(id, None)
            points, expired = (now.points, now.expired) if now else (0, 0)
            ends = now.expires_at if now else was.expires_at
            if (points, expired, ends) != (was.points, was.expired, was.expires_at):
                total += self._move_lot(connection, operation, owner, rows[id][0], was, points, expired)
                self._sql.set_lot(
                    connection, lot=rows[id][0], remaining=points, expired=expired, expires_at=_text(ends)
                )
        total += self._make_lots(connection, operation, owner, new, granted)
        return total

    def _move_lot(
        self,
        connection: sqlite3.Connection,
        operation: Operation,
        owner: str,
        lot: int,
        was: Lot,
        points: int,
        expired: int,
    ) -> int:
        """An expiry takes points out of a lot, or is reversed; then what else moved."""
        by_expiry = was.expired - expired
        self._entry(connection, operation, "expired", operation.programme, -by_expiry, lot)
        self._entry(connection, operation, "member", owner, by_expiry, lot)
        self._entry(connection, operation, "member", owner, points - was.points - by_expiry, lot)
        return points - was.points - by_expiry

    def _make_lots(
        self,
        connection: sqlite3.Connection,
        operation: Operation,
        owner: str,
        new: Mapping[str, Lot],
        granted: int,
    ) -> int:
        """The lot that the operation makes, though a debt may have taken all of it; and those that a return fills
        again, which were empty."""
        total = 0
        own = lot_id(operation.chain, operation.generation, operation.sequence)
        for id, lot in new.items():
            if id == own:
                continue
            row = self._sql.lot_made_by(connection, **(_place_of_lot(id) or {}))
            self._entry(connection, operation, "member", owner, lot.points, row[0])
            self._sql.set_lot(
                connection, lot=row[0], remaining=lot.points, expired=row[7], expires_at=_text(lot.expires_at)
            )
            total += lot.points
        if granted:
            total += self._make_lot(connection, operation, owner, new.get(own), granted)
        return total

    def _make_lot(
        self, connection: sqlite3.Connection, operation: Operation, owner: str, lot: Lot | None, granted: int
    ) -> int:
        remaining = lot.points if lot else 0
        start, end = _life(operation)
        row = self._sql.add_lot(
            connection,
            member=owner,
            granted=granted,
            remaining=remaining,
            active_from=start,
            expires_at=end,
            **_identity(operation),
        )
        self._entry(connection, operation, "member", owner, remaining, row)
        return remaining

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
                connection, account=account, owner=owner, lot=lot, points=points, **_identity(operation)
            )

    # what is so now

    def account(self, connection: sqlite3.Connection, member: str, at: datetime) -> Account:
        """The member's lots and debt, as of a moment."""
        debt = -self._sql.account_points(connection, account="debt", owner=member)
        return account_of(map(_stored, self._sql.lots_at(connection, member=member, at=utc_text(at))), debt)

    def tell_again(self, connection: sqlite3.Connection, programme: str, now: datetime) -> None:
        """Members with more lots than are told one by one, of whom what was told is no longer the truth."""
        at = utc_text(now)
        for (member,) in list(self._sql.to_tell_again(connection, programme=programme, at=at)):
            self._sql.add_change(connection, programme=programme, kind="member", key=member)
            self._sql.told_again(connection, member=member)

    def remember_to_tell(self, connection: sqlite3.Connection, told: MemberSnapshot) -> None:
        """When half of the lots that a till was told one by one are gone, it is told of those behind them."""
        if len(told.lots) > LOTS_MAX and (end := told.lots[LOTS_MAX // 2].expires_at):
            self._sql.tell_again_at(connection, member=told.member, at=end)

    def snapshot(
        self,
        connection: sqlite3.Connection,
        member: str,
        now: datetime,
        phone_key: Callable[[str], bytes],
        programme: Programme | None = None,
    ) -> MemberSnapshot:
        """The member as tills may know it: no phone, only its keyed hash."""
        row = self._sql.member(connection, member=member)
        account = self.account(connection, member, now)
        since = (now - TOLD_DAYS_BACK).date().isoformat()
        window = window_start(programme, now.date() - TOLD_DAYS_BACK).isoformat() if programme else ""
        redeemed = self._sql.redeemed_since(connection, member=member, day=since)
        spent = self._sql.spent_since(connection, member=member, day=window)
        return MemberSnapshot(
            member=member,
            cards=tuple(
                CardSnapshot(
                    number=number,
                    status=status_at(status, moment(active_from), now),
                    active_from=active_from if status == "pending" else None,
                )
                for number, status, active_from in self._sql.cards_of(connection, member=member)
            ),
            lots=told_lots(account, now),
            debt=account.debt,
            redeemed=tuple(
                RedeemedDay(day=day, points=max(0, points), offline=max(0, offline))
                for day, points, offline in redeemed
            ),
            spent=told_days(SpentDay(day=day, kopecks=kopecks) for day, kopecks in spent),
            birthday=row[3],
            favourites=tuple(json.loads(row[4])),
            phone_key=phone_key(row[2]).hex() if row[2] and row[5] is None else None,
            status="member" if row[5] is None else "merged",
        )


def _life(operation: Operation) -> tuple[str, str | None]:
    """From when to when the lot lives that an operation makes."""
    body = operation.body
    start: str | None = operation.at
    end: str | None = None
    if isinstance(body, Sale):
        start, end = body.accrued.active_from, body.accrued.expires_at
    elif isinstance(body, Return):
        end = body.restored.dead_until
    elif isinstance(body, Grant | Adjustment):
        start, end = body.active_from, body.expires_at
    begins = datetime.fromisoformat(start or operation.at)
    return utc_text(begins), _text(moment(end))


def _text(at: datetime | None) -> str | None:
    return utc_text(at) if at else None


def _stored(row: tuple[Any, ...]) -> Lot:
    _, chain, generation, sequence, remaining, active_from, expires_at, expired = row
    return Lot(
        id=lot_id(chain, generation, sequence),
        points=remaining,
        active_from=datetime.fromisoformat(active_from),
        expires_at=moment(expires_at),
        expired=expired,
    )


def _identity(operation: Operation) -> dict[str, Any]:
    return {"chain": operation.chain, "generation": operation.generation, "sequence": operation.sequence}


def _place(of: OperationRef) -> dict[str, Any]:
    return {"chain": of.chain, "generation": of.generation, "sequence": of.sequence}


def _place_of_lot(id: str) -> dict[str, Any] | None:
    """Which operation made a lot, from its id; None for what is no id."""
    chain, _, rest = id.partition("/")
    generation, _, sequence = rest.partition("/")
    if not (generation.isdecimal() and sequence.isdecimal()):
        return None
    key = Key(int(generation), int(sequence))
    return {"chain": chain, "generation": key.generation, "sequence": key.sequence}


def _without_newest(taken: tuple[Taken, ...], points: int) -> tuple[Taken, ...]:
    """What is still to come back when so many points, taken last, are back already."""
    still = list(taken)
    while points and still:
        lot, had = still.pop()
        back = min(points, had)
        points -= back
        if had > back:
            still.append(Taken(lot, had - back))
    return tuple(still)


_MAKERS: Final = {"till": "a_till", "hub": "the_hub", "office": "the_office", "account": "the_account"}
POSTINGS: Final[Mapping[str, Callable[[Books, sqlite3.Connection, Operation, Any], tuple[str, ...]]]] = {
    "sale": Books._sale,
    "return": Books._return,
    "fiscal_added": Books._fiscal_added,
    "card_issued": Books._card_issued,
    "card_reissued": Books._card_reissued,
    "card_made_virtual": Books._card_reissued,
    "card_blocked": Books._card_blocked,
    "card_unblocked": Books._card_unblocked,
    "member_joined": Books._member_joined,
    "member_registered": Books._member_registered,
    "member_merged": Books._member_merged,
    "grant": Books._grant,
    "adjustment": Books._adjustment,
    "expiry": Books._expiry,
}
