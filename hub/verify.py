"""Are the books right? Follows every till's chain of operations, works out from them what the ledger must hold, and
rebuilds every balance from the entries.

What operations do not determine is not looked at: from which lots a redemption was taken, and the phones and birthdays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from hub.hub import Hub
from loyalty.operation import (
    FIRST_HASH,
    BadOperation,
    CardIssued,
    CardReissued,
    Grant,
    MemberJoined,
    MemberRegistered,
    Operation,
    Sale,
    hash_operation,
    read_operation,
    utc_text,
)
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
        ledger = _Ledger()
        faults = [
            *(f"the file: {what}" for (what,) in sql.integrity(connection) if what != "ok"),
            *ledger.follow(sql.all_operations(connection)),
            *(
                f"{till} operation {seq}: its entries sum to {n:+d}"
                for till, seq, n in sql.unbalanced_operations(connection)
            ),
            *(
                f"lot {lot} of {member}: holds {held}, its entries say {booked}"
                for lot, member, held, booked in sql.lots_off_the_entries(connection)
            ),
            *(
                f"member {member}: account {booked}, lots {held}"
                for member, booked, held in sql.member_accounts_off_the_lots(connection)
            ),
            *(f"member {member}: debt account is {n:+d}" for member, n in sql.debts_above_zero(connection)),
            *_off("till", ledger.ends, sql.till_ends(connection)),
            *_off("posting", ledger.postings, sql.contra_postings(connection)),
            *_off("account", ledger.accounts, sql.moved_accounts(connection), must_be=False),
            *_off("lot", ledger.lots, sql.lots_made(connection)),
            *_off("member", ledger.member_rows(), sql.members_made(connection)),
            *_off("card", ledger.card_rows(), sql.cards_made(connection)),
            *_off("coupon", ledger.coupons, sql.coupon_uses(connection)),
        ]
        operations, entries, members, conflicts = sql.totals(connection)
    return Verdict(
        operations=operations, entries=entries, members=members, coupon_conflicts=conflicts, faults=tuple(faults)
    )


def _off(what: str, said: set[Row], kept: Iterable[Row], *, must_be: bool = True) -> Iterator[str]:
    """Rows that the ledger has and no operation made, and the other way round."""
    rows = set(kept)
    for row in sorted(rows - said, key=repr):
        yield f"{what} {_shown(row)}: no operation says so"
    for row in sorted(said - rows if must_be else (), key=repr):
        yield f"{what} {_shown(row)}: an operation says so, the ledger does not"


def _shown(row: Row) -> str:
    return " ".join("-" if value is None else str(value) for value in row)


@dataclass(slots=True)
class _Ledger:
    """What the operations say that the ledger's tables must hold."""

    ends: set[Row] = field(default_factory=set)  # till, sequence, hash
    postings: set[Row] = field(default_factory=set)  # till, sequence, contra account, programme, points
    accounts: set[Row] = field(default_factory=set)  # till, sequence, member whose points may move
    lots: set[Row] = field(default_factory=set)  # till, sequence, member, granted, active_from, expires_at
    coupons: set[Row] = field(default_factory=set)  # serial, till, sequence
    members: dict[str, str] = field(default_factory=dict)  # its programme
    registered: set[str] = field(default_factory=set)
    bought: Counter[str] = field(default_factory=Counter)  # kopecks
    cards: dict[str, str] = field(default_factory=dict)  # its member
    replaced: set[str] = field(default_factory=set)

    def member_rows(self) -> set[Row]:
        return {(id, programme, id in self.registered, self.bought[id]) for id, programme in self.members.items()}

    def card_rows(self) -> set[Row]:
        return {(number, member, number in self.replaced) for number, member in self.cards.items()}

    def follow(self, rows: Iterable[Row]) -> Iterator[str]:
        """Take all operations in; tells of damaged and missing ones."""
        ends: dict[str, tuple[int, str]] = {}
        for till, sequence, digest, text, answer in rows:
            before = ends.get(till, (0, FIRST_HASH))
            ends[till] = (sequence, digest)
            try:
                operation = read_operation(text)
                told = msgspec.json.decode(answer, type=OperationAnswer)
            except (BadOperation, msgspec.DecodeError) as error:
                yield f"{till} operation {sequence}: cannot be read: {error}"
                continue
            if hash_operation(text) != digest:
                yield f"{till} operation {sequence}: its text does not match its hash"
            if sequence != before[0] + 1 or operation.previous_hash != before[1]:
                yield f"{till} operation {sequence}: does not follow operation {before[0]}"
            if (operation.till, operation.sequence) != (till, sequence):
                yield f"{till} operation {sequence}: says that it is {operation.till} operation {operation.sequence}"
            if (told.sequence, told.hash) != (sequence, digest):
                yield f"{till} operation {sequence}: its answer is another's"
            if told.result == "applied":
                self._take(operation)
        self.ends = {(till, *end) for till, end in ends.items()}

    def _take(self, operation: Operation) -> None:
        match operation.body:
            case Sale() as sale:
                self._points(operation, sale.accrued_points, sale.accrued_active_from, sale.accrued_expires_at)
                if sale.redeemed_points:
                    self._post(operation, "redeemed", sale.redeemed_points)
                self.bought[sale.member] += sale.total_kopecks
                self.coupons |= {(use.serial, operation.till, operation.sequence) for use in sale.coupons}
            case Grant() as grant:
                self._points(operation, grant.points, grant.active_from, grant.expires_at)
            case CardIssued() as issued:
                self.members[issued.member] = operation.programme
                self.cards[issued.card] = issued.member
            case CardReissued() as reissued:
                self.cards[reissued.new_card] = reissued.member
                self.replaced.add(reissued.old_card)
            case MemberJoined() as joined:
                self.members[joined.member] = operation.programme
                if joined.registered:
                    self.registered.add(joined.member)
                if joined.card:
                    self.cards[joined.card] = joined.member
            case MemberRegistered() as registered:
                self.registered.add(registered.member)

    def _points(self, operation: Operation, points: int, active_from: str | None, expires_at: str | None) -> None:
        if not points:
            return
        self._post(operation, "issued", -points)
        times = (_moment(active_from or operation.at), _moment(expires_at) if expires_at else None)
        self.lots.add((operation.till, operation.sequence, operation.body.member, points, *times))

    def _post(self, operation: Operation, account: str, points: int) -> None:
        identity = (operation.till, operation.sequence)
        self.postings.add((*identity, account, operation.programme, points))
        self.accounts.add((*identity, operation.body.member))


def _moment(text: str) -> str:
    return utc_text(datetime.fromisoformat(text))
