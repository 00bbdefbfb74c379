"""Are the books right? Follows every till's chain of operations, works out from them what the ledger must hold, and
rebuilds every balance from the entries.

What operations do not determine is not looked at: from which lots a redemption was taken, and the phones and birthdays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from hub.hub import Hub
from loyalty.bodies import (
    Adjustment,
    CardBlocked,
    CardIssued,
    CardMadeVirtual,
    CardReissued,
    CardUnblocked,
    Expiry,
    FiscalAdded,
    Grant,
    MemberJoined,
    MemberMerged,
    MemberRegistered,
    Return,
    Sale,
)
from loyalty.kinds import KindReserved, kind_of, row_for
from loyalty.operation import (
    FIRST_HASH,
    BadOperation,
    Key,
    Operation,
    hash_operation,
    is_canonical,
    read_operation,
    utc_text,
)
from loyalty.standing import day_of, shop_day
from sync.protocol import OperationAnswer

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    operations: int
    entries: int
    members: int
    coupon_conflicts: int
    faults: tuple[str, ...]


def verify(hub: Hub) -> Verdict:
    """Everything that must hold of the ledger; `faults` is empty when it does."""
    with hub.file.transaction() as connection:
        sql = hub.file.sql
        ledger = _Ledger(hub.books.days.zone_of)
        faults = [
            *(f"the file: {what}" for (what,) in sql.integrity(connection) if what != "ok"),
            *ledger.follow(sql.all_operations(connection)),
            *(
                f"{_named(*place)}: its entries sum to {total:+d}"
                for *place, total in sql.unbalanced_operations(connection)
            ),
            *(
                f"lot {lot} of {member}: holds {held}, its entries say {booked}"
                for lot, member, held, booked in sql.lots_off_the_entries(connection)
            ),
            *(
                f"lot {lot} of {member}: {held} of it expired, its entries say {booked}"
                for lot, member, held, booked in sql.expired_off_the_entries(connection)
            ),
            *(
                f"member {member}: account {booked}, lots {held}"
                for member, booked, held in sql.member_accounts_off_the_lots(connection)
            ),
            *(f"member {member}: debt account is {n:+d}" for member, n in sql.debts_above_zero(connection)),
            *_off("chain", ledger.ends, sql.chain_ends(connection)),
            *_off("posting", ledger.postings, sql.contra_postings(connection)),
            *_off("account", ledger.moved(), sql.moved_accounts(connection), must_be=False),
            *_off("contra account", ledger.contra, sql.other_postings(connection), must_be=False),
            *_off("lot", ledger.lot_rows(), _lots(sql.lots_made(connection), ledger.may_make_lots)),
            *_off("member", ledger.member_rows(), sql.members_made(connection)),
            *_off("card", ledger.card_rows(), sql.cards_made(connection)),
            *_off("coupon", ledger.coupons, sql.coupon_uses(connection)),
            *_off("redeemed", ledger.redeemed_rows(), sql.redeemed_all(connection)),
            *_off("spent", ledger.spent_rows(), sql.spent_all(connection)),
        ]
        operations, entries, members, conflicts = sql.totals(connection)
    return Verdict(
        operations=operations, entries=entries, members=members, coupon_conflicts=conflicts, faults=tuple(faults)
    )


def _lots(rows: Iterable[Row], may: set[Row]) -> Iterator[Row]:
    """Lots without those that a return may have made: whether it did is not in the operations."""
    return (row for row in rows if row[:3] not in may)


def _off(what: str, said: set[Row], kept: Iterable[Row], *, must_be: bool = True) -> Iterator[str]:
    """Rows that the ledger has and no operation made, and the other way round."""
    rows = set(kept)
    for row in sorted(rows - said, key=repr):
        yield f"{what} {_shown(row)}: no operation says so"
    for row in sorted(said - rows if must_be else (), key=repr):
        yield f"{what} {_shown(row)}: an operation says so, the ledger does not"


def _shown(row: Row) -> str:
    return " ".join("-" if value is None else str(value) for value in row)


def _named(chain: str, generation: int, sequence: int) -> str:
    """An operation as people call it; the generation only when it is not the first."""
    return f"{chain} operation {sequence}" if generation == 1 else f"{chain} operation {generation}.{sequence}"


@dataclass(slots=True)
class _Ledger:
    """What the operations say that the ledger's tables must hold. Rows begin with chain, generation, sequence."""

    zone_of: Callable[[str], ZoneInfo]
    ends: set[Row] = field(default_factory=set)  # chain, generation, sequence, hash
    postings: set[Row] = field(default_factory=set)  # identity, contra account, programme, points
    contra: set[Row] = field(default_factory=set)  # identity, contra account that it may move
    accounts: set[Row] = field(default_factory=set)  # identity, member whose points may move
    lots: dict[Row, list[Any]] = field(default_factory=dict)  # identity: member, granted, active_from, expires_at
    may_make_lots: set[Row] = field(default_factory=set)  # identity
    coupons: set[Row] = field(default_factory=set)  # serial, identity
    members: dict[str, str] = field(default_factory=dict)  # its programme
    registered: set[str] = field(default_factory=set)
    merged: dict[str, str] = field(default_factory=dict)  # into whom, at last
    redeemed: Counter[Row] = field(default_factory=Counter)  # member, day
    redeemed_offline: Counter[Row] = field(default_factory=Counter)
    spent: Counter[Row] = field(default_factory=Counter)  # member, day
    cards: dict[str, str] = field(default_factory=dict)  # its member
    replaced: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)

    def owners(self, member: str) -> Iterator[str]:
        """Whose the points were, one merge after another."""
        yield member
        while member in self.merged:
            member = self.merged[member]
            yield member

    def owner(self, member: str) -> str:
        """Whose the points are in the end."""
        *_, last = self.owners(member)
        return last

    def member_rows(self) -> set[Row]:
        return {(id, programme, id in self.registered, self.merged.get(id)) for id, programme in self.members.items()}

    def card_rows(self) -> set[Row]:
        return {
            (number, self.owner(member), number in self.replaced, number in self.blocked - self.replaced)
            for number, member in self.cards.items()
        }

    def lot_rows(self) -> set[Row]:
        return {(*identity, self.owner(member), *rest) for identity, (member, *rest) in self.lots.items()}

    def moved(self) -> set[Row]:
        """A posting stands with whoever the member was when it was made."""
        return {(*identity, owner) for *identity, member in self.accounts for owner in self.owners(member)}

    def redeemed_rows(self) -> set[Row]:
        days: Counter[Row] = Counter()
        offline: Counter[Row] = Counter()
        for (member, day), points in self.redeemed.items():
            days[self.owner(member), day] += points
            offline[self.owner(member), day] += self.redeemed_offline[member, day]
        return {(*key, points, offline[key]) for key, points in days.items() if points}

    def spent_rows(self) -> set[Row]:
        days: Counter[Row] = Counter()
        for (member, day), kopecks in self.spent.items():
            days[self.owner(member), day] += kopecks
        return {(*key, kopecks) for key, kopecks in days.items() if kopecks}

    def follow(self, rows: Iterable[Row]) -> Iterator[str]:
        """Take all operations in; tells of damaged and missing ones."""
        ends: dict[tuple[str, int], tuple[int, str]] = {}
        applied = []
        for chain, generation, sequence, digest, text, answer in rows:
            before = ends.get((chain, generation), (0, FIRST_HASH))
            ends[chain, generation] = (sequence, digest)
            named = _named(chain, generation, sequence)
            try:
                operation = read_operation(text)
                told = msgspec.json.decode(answer, type=OperationAnswer)
            except (BadOperation, msgspec.DecodeError) as error:
                yield f"{named}: cannot be read: {error}"
                continue
            if hash_operation(text) != digest:
                yield f"{named}: its text does not match its hash"
            elif not is_canonical(text):
                yield f"{named}: its text is not how version {operation.v} writes it"
            if sequence != before[0] + 1 or operation.previous_hash != before[1]:
                yield f"{named}: does not follow operation {before[0]}"
            if (operation.chain, operation.key) != (chain, Key(generation, sequence)):
                yield f"{named}: says that it is {_named(operation.chain, *operation.key)}"
            if (told.generation, told.sequence, told.hash) != (generation, sequence, digest):
                yield f"{named}: its answer is another's"
            if told.result == "applied":
                applied.append(operation)
        self.ends = {(*chain, *end) for chain, end in ends.items()}
        yield from self._take_all(applied)

    def _take_all(self, applied: list[Operation]) -> Iterator[str]:
        """Adjustments name lots and returns name sales, of whichever chain: they are looked at last."""
        for operation in sorted(applied, key=lambda one: isinstance(one.body, Adjustment | Return)):
            try:
                row_for("verify", CHECKS, operation.body)(self, operation, operation.body)
            except KindReserved as error:
                yield f"{_named(operation.chain, *operation.key)}: was applied, and {error}"

    # one method for each kind of operation

    def _sale(self, operation: Operation, sale: Sale) -> None:
        self.coupons |= {(use.serial, *_identity(operation)) for use in sale.coupons}
        member = sale.member or self.cards.get(sale.card or "")
        if member is None:
            return
        earned = sale.accrued
        self._points(operation, member, earned.points, earned.active_from, earned.expires_at)
        self._post(operation, member, "redeemed", sale.redeemed.points)
        self._may(operation, "expired")
        day = shop_day(operation, self.zone_of(operation.programme))
        self.spent[member, day] += sale.qualifying_kopecks
        self.redeemed[member, day] += sale.redeemed.points
        if sale.link == "offline":
            self.redeemed_offline[member, day] += sale.redeemed.points

    def _return(self, operation: Operation, back: Return) -> None:
        of = (back.of.chain, back.of.generation, back.of.sequence)
        self.coupons -= {(serial, *of) for serial in back.coupons}
        member = back.member or self.cards.get(back.card or "")
        if member is None:
            return
        self._post(operation, member, "redeemed", -back.restored.points)
        self._post(operation, member, "issued", back.clawed_back.points)
        self._may(operation, "expired")
        self.may_make_lots.add(_identity(operation))
        day = day_of(back.sold_at, operation, self.zone_of(operation.programme))
        self.spent[member, day] -= back.qualifying_kopecks
        self.redeemed[member, day] -= back.restored.points
        if back.sold_offline:
            self.redeemed_offline[member, day] -= back.restored.points

    def _fiscal_added(self, operation: Operation, added: FiscalAdded) -> None:
        """It moves nothing."""

    def _card_issued(self, operation: Operation, issued: CardIssued) -> None:
        self.members[issued.member] = operation.programme
        self.cards[issued.card] = issued.member

    def _card_reissued(self, operation: Operation, reissued: CardReissued | CardMadeVirtual) -> None:
        self.cards[reissued.new_card] = reissued.member
        self.replaced.add(reissued.old_card)

    def _card_blocked(self, operation: Operation, body: CardBlocked) -> None:
        self.blocked.add(body.card)

    def _card_unblocked(self, operation: Operation, body: CardUnblocked) -> None:
        self.blocked.discard(body.card)

    def _member_joined(self, operation: Operation, joined: MemberJoined) -> None:
        self.members[joined.member] = operation.programme
        if joined.registered:
            self.registered.add(joined.member)
        if joined.card:
            self.cards[joined.card] = joined.member

    def _member_registered(self, operation: Operation, registered: MemberRegistered) -> None:
        self.registered.add(self.owner(registered.member))

    def _member_merged(self, operation: Operation, merged: MemberMerged) -> None:
        gone, into = self.owner(merged.member), self.owner(merged.into)
        self.merged[gone] = into
        self.accounts |= {(*_identity(operation), gone), (*_identity(operation), into)}

    def _grant(self, operation: Operation, grant: Grant) -> None:
        self._points(operation, grant.member, grant.points, grant.active_from, grant.expires_at)

    def _adjustment(self, operation: Operation, change: Adjustment) -> None:
        self._moves(operation, change.member)
        self._may(operation, "adjusted")
        self._may(operation, "expired")
        if change.points > 0:
            self._lot(operation, change.member, change.points, change.active_from, change.expires_at)
        for end in change.ends:
            chain, generation, sequence = end.lot.split("/")
            self.lots[chain, int(generation), int(sequence)][3] = _moment(end.expires_at) if end.expires_at else None

    def _expiry(self, operation: Operation, expiry: Expiry) -> None:
        self._moves(operation, expiry.member)
        self._may(operation, "expired")

    # the pieces

    def _points(
        self, operation: Operation, member: str, points: int, active_from: str | None, expires_at: str | None
    ) -> None:
        if points:
            self._post(operation, member, "issued", -points)
            self._lot(operation, member, points, active_from, expires_at)

    def _lot(
        self, operation: Operation, member: str, points: int, active_from: str | None, expires_at: str | None
    ) -> None:
        times = (_moment(active_from or operation.at), _moment(expires_at) if expires_at else None)
        self.lots[_identity(operation)] = [member, points, *times]

    def _post(self, operation: Operation, member: str, account: str, points: int) -> None:
        if points:
            self.postings.add((*_identity(operation), account, operation.programme, points))
            self._may(operation, account)
            self._moves(operation, member)

    def _may(self, operation: Operation, account: str) -> None:
        assert "points" in kind_of(operation.body).moves or "lot_ends" in kind_of(operation.body).moves
        self.contra.add((*_identity(operation), account))

    def _moves(self, operation: Operation, member: str) -> None:
        self.accounts.add((*_identity(operation), member))


def _identity(operation: Operation) -> tuple[str, int, int]:
    return operation.chain, operation.generation, operation.sequence


def _moment(text: str) -> str:
    return utc_text(datetime.fromisoformat(text))


CHECKS: Final[Mapping[str, Callable[[_Ledger, Operation, Any], None]]] = {
    "sale": _Ledger._sale,
    "return": _Ledger._return,
    "fiscal_added": _Ledger._fiscal_added,
    "card_issued": _Ledger._card_issued,
    "card_reissued": _Ledger._card_reissued,
    "card_made_virtual": _Ledger._card_reissued,
    "card_blocked": _Ledger._card_blocked,
    "card_unblocked": _Ledger._card_unblocked,
    "member_joined": _Ledger._member_joined,
    "member_registered": _Ledger._member_registered,
    "member_merged": _Ledger._member_merged,
    "grant": _Ledger._grant,
    "adjustment": _Ledger._adjustment,
    "expiry": _Ledger._expiry,
}
