"""The part of the ledger that a batch is about: as it was read, and as decisions change it. In memory, one batch long.

Decisions (hub/books/postings.py) look here and write here; `rows` is then all that they did, as rows of tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from hub.blanks.odd import Odd
from hub.books.certificate_ledger import CertificateLedger, LoadedCertificates
from hub.books.coupon_rows import NO_RULES, CouponRules, Coupons, LoadedCoupons
from hub.books.sticker_book import StickerBook
from hub.cases.opening import told_of
from hub.merges import stands_for
from hub.store.named import NamedRow
from hub.store.records import (
    Account,
    CardRow,
    CaseRow,
    ChangeKind,
    ChangeRow,
    ConsentKey,
    ConsentRow,
    DayRow,
    EarlierRow,
    EntryRow,
    HoldKey,
    HoldRow,
    KeptOperation,
    LotKey,
    LotRow,
    MemberRow,
    OnceRow,
    Place,
    ReturnRow,
    place_of,
)
from hub.store.rows import MovedCard, Rows
from hub.store.sticker_records import StickerRow
from hub.stores import Happened
from loyalty.bodies import SaleClaimed
from loyalty.operation import Operation

_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass(slots=True)
class Loaded:
    """What was read for a batch (loading.py). What is not here is not in the ledger, as far as the batch asks."""

    members: dict[str, MemberRow] = field(default_factory=dict)
    cards: dict[str, CardRow] = field(default_factory=dict)
    lots: dict[LotKey, LotRow] = field(default_factory=dict)
    sales: dict[Place, KeptOperation] = field(default_factory=dict)  # that returns are of
    claims: dict[Place, SaleClaimed] = field(default_factory=dict)  # of those sales
    taken: dict[Place, list[EntryRow]] = field(default_factory=dict)  # the entries of those sales
    restored: dict[Place, int] = field(default_factory=dict)
    coupons: LoadedCoupons = field(default_factory=LoadedCoupons)
    days: dict[str, list[DayRow]] = field(default_factory=dict)  # of members who go into another
    once: dict[str, set[str]] = field(default_factory=dict)  # of those, and of those they go into
    holds: dict[HoldKey, HoldRow] = field(default_factory=dict)  # of members whose holds end or go over

    consents: dict[ConsentKey, ConsentRow] = field(default_factory=dict)  # of members who say something of theirs
    earlier: dict[tuple[str, str, str, str], EarlierRow] = field(default_factory=dict)  # of those that are brought
    stickers: list[StickerRow] = field(default_factory=list)  # of members who spend some, or go into another
    certificates: LoadedCertificates = field(default_factory=LoadedCertificates)


class Ledger:
    """`now`: when it is posted, by the hub's clock."""

    def __init__(self, loaded: Loaded, now: datetime, coupons: CouponRules = NO_RULES) -> None:
        self.now = now
        self.coupons = Coupons(loaded.coupons, coupons)
        self._loaded = loaded
        self._members = dict(loaded.members)
        self._cards = dict(loaded.cards)
        self._held: dict[str, dict[str, None]] = {}
        for card in loaded.cards.values():
            self._held.setdefault(card.member, {})[card.number] = None
        self._lots: dict[str, dict[str, LotRow]] = {}
        for lot in loaded.lots.values():
            self._lots.setdefault(lot.member, {})[lot.lot] = lot
        self._touched: dict[LotKey, LotRow] = {}
        self._posted: dict[Place, Operation] = {}  # applied in this batch
        self._claims = dict(loaded.claims)
        self._entries: list[EntryRow] = []
        self._restored = dict(loaded.restored)
        self._returns: list[ReturnRow] = []
        self._days: dict[tuple[str, str], tuple[int, int, int]] = {}
        self._once = {member: dict.fromkeys(sorted(done)) for member, done in loaded.once.items()}
        self._done: list[OnceRow] = []
        self._holds = dict(loaded.holds)
        self._consents = dict(loaded.consents)
        self._earlier = dict(loaded.earlier)
        self.stickers = StickerBook(loaded.stickers)
        self.certificates = CertificateLedger(loaded.certificates)
        self._changes: dict[ChangeRow, None] = {}
        self.cases: list[CaseRow] = []
        self.odd_blanks: Mapping[Place, Odd] = {}
        self.happened: list[Happened] = []  # what was applied, for the shops
        self.operations: list[KeptOperation] = []
        self.named: list[NamedRow] = []
        self._place = Place("", 0, 0)
        self._numbered = 0
        self.made_lot = False  # the operation that is being posted: it is found by that
        self.unbalanced = 0  # sum of the entries of the operation that is being posted

    # the operation that is being posted

    def begin(self, operation: Operation) -> None:
        """From now on entries are this operation's."""
        self._place = place_of(operation)
        self._numbered = 0
        self.unbalanced = 0
        self.made_lot = False

    def enter(self, member: str, account: Account, points: int, lot: str | None = None) -> None:
        """One side of a posting; the sides of an operation sum to zero (hub/audit/verify.py)."""
        if points:
            self._numbered += 1
            self.unbalanced += points
            self._entries.append(EntryRow(*self._place, self._numbered, member, account, lot, points))

    def applied(self, operation: Operation) -> None:
        self._posted[self._place] = operation

    def tell(self, partition: str, kind: ChangeKind, key: str) -> None:
        self._changes[ChangeRow(partition, kind, key)] = None

    def open_case(self, case: CaseRow) -> None:
        """Written with the operation that it came of."""
        self.cases.append(case)
        for change in told_of(case):
            self._changes[change] = None

    # members

    def member(self, id: str) -> MemberRow | None:
        """The row under this id, also of one who has gone into another."""
        return self._members.get(id)

    def stands_for(self, id: str) -> MemberRow | None:
        """Who answers to this id now."""
        return stands_for(self._members.get, id)

    def put_member(self, row: MemberRow) -> None:
        self._members[row.member] = row

    def owe(self, member: str, points: int) -> None:
        """So many points more (or less) of debt."""
        if points:
            row = self._members[member]
            self._members[member] = row._replace(debt=row.debt + points)
            self.enter(member, "debt", -points)

    # cards

    def card(self, number: str) -> CardRow | None:
        return self._cards.get(number)

    def cards_of(self, member: str) -> list[CardRow]:
        return [self._cards[number] for number in self._held.get(member, ())]

    def put_card(self, row: CardRow) -> None:
        """New, changed, or another member's from now on."""
        before = self._cards.get(row.number)
        if before is not None and before.member != row.member:
            del self._held[before.member][row.number]
        self._cards[row.number] = row
        self._held.setdefault(row.member, {})[row.number] = None

    # lots

    def lot(self, member: str, lot: str) -> LotRow | None:
        return self._lots.get(member, {}).get(lot)

    def lots_of(self, member: str) -> list[LotRow]:
        """As far as they were read: open ones, and those that the batch names."""
        return list(self._lots.get(member, {}).values())

    def put_lot(self, row: LotRow) -> None:
        """New or changed. What the member account and an expiry moved become entries."""
        before = self.lot(row.member, row.lot)
        remaining, expired = (before.remaining, before.expired) if before else (0, 0)
        self.enter(row.member, "expired", row.expired - expired, row.lot)
        self.enter(row.member, "member", expired - row.expired, row.lot)
        self.enter(row.member, "member", row.remaining - remaining - (expired - row.expired), row.lot)
        self._lots.setdefault(row.member, {})[row.lot] = row
        self._touched[row.key] = row

    def put_own_lot(self, row: LotRow) -> None:
        """The one that the operation makes which is being posted."""
        self.made_lot = True
        self.put_lot(row)

    # receipts

    def sale(self, place: Place) -> Operation | KeptOperation | None:
        """A sale that goods come back from: applied in this batch, or kept before (refused ones too)."""
        return self._posted.get(place) or self._loaded.sales.get(place)

    def claim(self, of: Place) -> SaleClaimed | None:
        """Who got a sale of nobody afterwards."""
        return self._claims.get(of)

    def put_claim(self, of: Place, claim: SaleClaimed) -> None:
        self._claims[of] = claim

    def entries_of(self, place: Place) -> list[EntryRow]:
        if place in self._posted:
            return [entry for entry in self._entries if entry.place == place]
        return self._loaded.taken.get(place, [])

    def restored(self, place: Place) -> int:
        """Points that returns of this sale have given back."""
        return self._restored.get(place, 0)

    def put_return(self, of: Place, points: int) -> None:
        self._restored[of] = self.restored(of) + points
        self._returns.append(ReturnRow(*of, *self._place, points))

    # days

    def add_day(self, member: str, day: str, redeemed: int, offline: int, spent_kopecks: int) -> None:
        if redeemed or offline or spent_kopecks:
            before = self._days.get((member, day), (0, 0, 0))
            self._days[member, day] = (before[0] + redeemed, before[1] + offline, before[2] + spent_kopecks)

    def days_of(self, member: str) -> list[DayRow]:
        """All days of a member who goes into another, with what this batch added."""
        sums = {row.day: (row.redeemed, row.offline, row.spent_kopecks) for row in self._loaded.days.get(member, ())}
        for (whose, day), more in self._days.items():
            if whose == member:
                before = sums.get(day, (0, 0, 0))
                sums[day] = (before[0] + more[0], before[1] + more[1], before[2] + more[2])
        return [DayRow(member, day, *values) for day, values in sums.items()]

    # what is done once

    def once_of(self, member: str) -> list[str]:
        """What was done for a member who goes into another, or whom another goes into."""
        return list(self._once.get(member, ()))

    def put_once(self, member: str, what: str) -> None:
        """From now on it is done, if it was not."""
        done = self._once.setdefault(member, {})
        if what not in done:
            done[what] = None
            self._done.append(OnceRow(member, what))

    # holds

    def hold(self, member: str, hold: str) -> HoldRow | None:
        return self._holds.get(HoldKey(member, hold))

    def put_hold(self, row: HoldRow | None) -> None:
        """New or changed; None: nothing is."""
        if row is not None:
            self._holds[row.key] = row

    def move_holds(self, member: str, into: str) -> None:
        """What is reserved of one who goes into another. An id that is known there already stays what it is."""
        for row in [row for row in self._holds.values() if row.member == member]:
            del self._holds[row.key]
            self._holds.setdefault(HoldKey(into, row.hold), row._replace(member=into))

    # consents

    def consent(self, key: ConsentKey) -> ConsentRow | None:
        return self._consents.get(key)

    def put_consent(self, row: ConsentRow) -> None:
        """New or changed."""
        self._consents[row.key] = row

    def move_consents(self, member: str, into: str) -> None:
        """What one agreed to who goes into another. Of two of one moment the one that was withdrawn counts, and the
        other stays where nobody looks for it."""
        for row in [row for row in self._consents.values() if row.member == member]:
            key = ConsentKey(into, row.what, row.given_at)
            there = self._consents.get(key)
            if there is not None and (row.withdrawn_at is None or there.withdrawn_at is not None):
                continue
            del self._consents[row.key]
            self._consents[key] = row._replace(member=into)
            if there is not None:
                self._consents[row.key] = there._replace(member=member)

    # receipts of before

    def earlier(self, row: EarlierRow) -> EarlierRow | None:
        """The one that is known under the same number."""
        return self._earlier.get(row.key)

    def put_earlier(self, row: EarlierRow) -> None:
        self._earlier[row.key] = row

    # all that was done

    def rows(self) -> Rows:
        rows = Rows(operations=self.operations, entries=self._entries, returns=self._returns)
        rows.new_cases = self.cases
        rows.named = self.named
        rows.changes = list(self._changes)
        rows.once = self._done
        rows.stickers, rows.sticker_entries = self.stickers.added, self.stickers.entries
        rows.days = [DayRow(*key, *sums) for key, sums in self._days.items() if any(sums)]
        rows.new_members, rows.members = _split(self._members, self._loaded.members)
        rows.new_lots, rows.lots = _split(self._touched, self._loaded.lots)
        rows.new_holds, rows.holds = _split(self._holds, self._loaded.holds)
        rows.gone_holds = [key for key in self._loaded.holds if key not in self._holds]
        rows.new_consents, rows.consents = _split(self._consents, self._loaded.consents)
        rows.gone_consents = [key for key in self._loaded.consents if key not in self._consents]
        rows.earlier_sales, _ = _split(self._earlier, self._loaded.earlier)
        new, changed = _split(self._cards, self._loaded.cards)
        rows.new_cards = new
        for card in changed:
            before = self._loaded.cards[card.number]
            if before.member == card.member:
                rows.cards.append(card)
            else:
                rows.moved_cards.append(MovedCard(before.member, card))
        self.coupons.tell_rows(rows)
        self.certificates.add_to(rows)
        return rows


def _split(now: Mapping[_K, _V], before: Mapping[_K, _V]) -> tuple[list[_V], list[_V]]:
    """Rows that are new, and rows that are others than were read."""
    new: list[_V] = []
    changed: list[_V] = []
    for key, row in now.items():
        was = before.get(key)
        if was is None:
            new.append(row)
        elif was is not row and was != row:
            changed.append(row)
    return new, changed
