"""The same life on both databases: the same answers, and in the end the same rows in every table."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hub.audit.verify import verify
from hub.books.holds import AskRefused
from hub.build import build_programmes
from hub.hub import Hub
from hub.keys import new_keys
from hub.store.seam import Store
from loyalty.bodies import (
    Accrued,
    Adjustment,
    Body,
    CardBlocked,
    CardIssued,
    CardReissued,
    CardUnblocked,
    ClawedBack,
    CouponMade,
    CouponRevoked,
    CouponUse,
    Expiry,
    FiscalAdded,
    Grant,
    HoldVoided,
    LotEnd,
    LotPoints,
    MemberJoined,
    MemberMerged,
    MemberRegistered,
    OperationRef,
    Redeemed,
    Restored,
    Return,
    ReturnCompleted,
    ReturnStickers,
    Sale,
    SaleNumber,
    SaleStickers,
    StickersSpent,
)
from loyalty.effects import lot_id
from loyalty.operation import FIRST_HASH, VERSION, Operation, hash_operation, utc_text, write_operation
from sync.protocol import HoldReply, HoldRequest, MemberNow, MemberRequest, Unsent

BEGIN = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MEMBERS = tuple(f"m{number}" for number in range(6))
TILLS = ("t1", "t2", "t3")
ROUNDS = 50
PROGRAMMES = build_programmes()
KEYS = new_keys(random.Random(8).randbytes)  # codes of coupons are hashed with them
TABLES = (
    "chains",
    "operations",
    "members",
    "cards",
    "lots",
    "entries",
    "days",
    "stickers",
    "sticker_entries",
    "coupon_uses",
    "conflicts",
    "made_coupons",
    "campaigns",
    "campaign_members",
    "returns",
    "cases",
    "holds",
)


class Life:
    """What happens, written once for both: each step is a batch of a till, or operations of a hub's own."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = BEGIN
        self.ends = dict.fromkeys(TILLS, (0, FIRST_HASH))
        self.sales: list[tuple[OperationRef, Sale]] = []
        self.numbers = 0
        self.till = TILLS[0]
        self.said: dict[str, list[str]] = {till: [] for till in TILLS}
        self.asked = [HoldRequest(till="t1", programme="alenka", member="m0", hold="h0", points=1, until="")]

    def batch(self, till: str) -> list[str]:
        """New operations, with some that were told before in front of them."""
        again = self.said[till][-self.chance.randint(0, 3) or len(self.said[till]) :]
        self.till = till
        fresh = [self._written(till, self._body(till)) for _ in range(self.chance.randint(1, 6))]
        self.said[till] += fresh
        return again + fresh

    def own(self) -> list[Body]:
        bodies: list[Callable[[], Body]] = [
            self._grant,
            self._adjustment,
            self._expiry,
            self._merge,
            self._joined,
            self._coupon,
            self._completed,
        ]
        return [self.chance.choice(bodies)() for _ in range(self.chance.randint(1, 3))]

    def _written(self, till: str, body: Body) -> str:
        sequence, last = self.ends[till]
        operation = Operation(
            v=VERSION,
            chain=till,
            generation=1,
            sequence=sequence + 1,
            previous_hash=last,
            at=utc_text(self.now - timedelta(hours=self.chance.choice((0, 0, 30)))),
            programme="alenka",
            programme_hash="a" * 64,
            body=body,
        )
        text = write_operation(operation)
        self.ends[till] = (sequence + 1, hash_operation(text))
        if isinstance(body, Sale):
            self.sales.append((OperationRef(chain=till, generation=1, sequence=sequence + 1), body))
        return text

    def _body(self, till: str) -> Body:
        bodies: list[Callable[[], Body]] = [self._issued, self._reissued, self._blocked, self._fiscal]
        return self.chance.choice([self._sale] * 6 + [self._return] * 3 + [self._void] * 2 + bodies)()

    def hold(self) -> HoldRequest:
        """A new one, or one that is known to another till or member, ended, or over."""
        till, member = self.chance.choice(TILLS), self._member()
        unsent = Unsent(generation=1, sequence=self.ends[till][0] + self.chance.randint(0, 1), points=9)
        request = HoldRequest(
            till=till,
            programme="alenka",
            member=member,
            hold=self._known(member).hold if self.chance.random() < 0.2 else f"h{len(self.asked)}",
            points=self.chance.randint(0, 90),
            until=utc_text(self.now + timedelta(minutes=self.chance.choice((0, 20, 100, 10_000, 10_000)))),
            replaces=self._known(member).hold if self.chance.random() < 0.4 else None,
            unsent=(unsent,) if self.chance.random() < 0.4 else (),
        )
        self.asked.append(request)
        return request

    def _known(self, member: str) -> HoldRequest:
        """One that was asked for, mostly of this member and by the till that writes now."""
        his = [one for one in self.asked if (one.member, one.till) == (member, self.till)] or self.asked
        return self.chance.choice(his if self.chance.random() < 0.8 else self.asked[-20:])

    def _void(self) -> HoldVoided:
        member = self._member()
        holds = tuple(self._known(member).hold for _ in range(self.chance.randint(1, 3)))
        return HoldVoided(member=member, holds=(*holds, f"late{len(self.asked)}"), reason="cancelled")

    def _member(self) -> str:
        return self.chance.choice(MEMBERS)

    def _card(self) -> str:
        return f"c{self.chance.randrange(12)}"

    def _number(self) -> SaleNumber:
        self.numbers += 1
        return SaleNumber(day="2026-03-02", number=str(self.numbers))

    def _sale(self) -> Sale:
        earned, spent = self.chance.randint(0, 60), self.chance.choice((0, 0, self.chance.randint(1, 90)))
        life = self.chance.choice((None, 1, 5, 40))
        by_card = self.chance.random() < 0.2
        member = self._member()
        hold = self._known(member).hold if self.chance.random() < 0.5 else None
        return Sale(
            sale=self._number(),
            member=None if by_card else member,
            card=self._card() if by_card else None,
            link=self.chance.choice(("online", "offline")),
            lines=(),
            total_kopecks=100_000,
            paid_kopecks=100_000,
            qualifying_kopecks=self.chance.randint(0, 100_000),
            redeemed=Redeemed(points=spent, kopecks=spent * 100, hold=hold),
            accrued=Accrued(points=earned, expires_at=utc_text(self.now + timedelta(days=life)) if life else None),
            coupons=tuple(
                CouponUse(serial=f"{self.chance.randrange(12):032x}", campaign="c", discount_kopecks=1)
                for _ in range(self.chance.choice((0, 0, 1)))
            ),
            stickers=self._stickers() if self.chance.random() < 0.6 else None,
        )

    def _stickers(self) -> SaleStickers:
        count = self.chance.randint(1, 9)
        spent = (StickersSpent(offer="knife", count=count, discount_kopecks=1_000 * count),)
        day = self.chance.choice(("2025-09-01", "2026-02-01"))
        return SaleStickers(collection=day, given=self.chance.randint(0, 6), spent=self.chance.choice((spent, ())))

    def _return(self) -> Body:
        if not self.sales:
            return self._sale()
        of, sold = self.chance.choice(self.sales)
        restored = self.chance.randint(0, sold.redeemed.points + 1)
        return Return(
            of=of,
            sold_at=utc_text(self.now),
            member=sold.member,
            card=sold.card,
            lines=(),
            refund_kopecks=self.chance.choice((100, 100_000)),
            qualifying_kopecks=sold.qualifying_kopecks // 2,
            restored=Restored(
                points=restored,
                dead_until=utc_text(self.now + timedelta(days=3)) if self.chance.random() < 0.5 else None,
            ),
            clawed_back=ClawedBack(points=self.chance.randint(0, sold.accrued.points)),
            coupons=tuple(use.serial for use in sold.coupons),
            stickers=self._back(sold.stickers),
        )

    def _completed(self) -> Body:
        """Also of a sale that was refused, or of which nothing is used any more."""
        if not self.sales:
            return self._grant()
        of, sold = self.chance.choice(self.sales)
        return ReturnCompleted(
            of=of,
            of_sale=sold.sale,
            day=sold.sale.day,
            sold_offline=sold.link == "offline",
            member=sold.member,
            coupons=tuple(use.serial for use in sold.coupons),
            redeemed=self.chance.randint(0, sold.redeemed.points) if sold.member is not None else 0,
        )

    def _back(self, sold: SaleStickers | None) -> ReturnStickers | None:
        """Now and then more than the sale gave."""
        if sold is None:
            return None
        taken, spent = self.chance.randint(0, sold.given), sum(one.count for one in sold.spent)
        return ReturnStickers(collection=sold.collection, taken_back=taken, restored=self.chance.choice((0, spent, 9)))

    def _issued(self) -> CardIssued:
        return CardIssued(sale=self._number(), member=f"new{self.numbers}", card=self._card())

    def _reissued(self) -> CardReissued:
        old, new = self._card(), f"r{self.numbers}"
        return CardReissued(sale=self._number(), member=self._member(), old_card=old, new_card=new, fee_kopecks=0)

    def _blocked(self) -> Body:
        kind = self.chance.choice((CardBlocked, CardUnblocked))
        return kind(member=self._member(), card=self._card())

    def _fiscal(self) -> FiscalAdded:
        of = self.sales[-1][0] if self.sales else OperationRef(chain="t1", generation=1, sequence=1)
        return FiscalAdded(of=of, of_sale=self._number(), fiscal=())

    def _grant(self) -> Grant:
        life = self.chance.choice((None, 2, 9))
        end = utc_text(self.now + timedelta(days=life)) if life else None
        points = self.chance.randint(1, 200)
        return Grant(member=self._member(), points=points, reason="g", active_from=utc_text(self.now), expires_at=end)

    def _adjustment(self) -> Adjustment:
        ends = (LotEnd(lot=lot_id("hub", 1, self.chance.randint(1, 30)), expires_at=None),)
        more: dict[str, Any] = {"ends": ends} if self.chance.random() < 0.5 else {}
        if self.chance.random() < 0.2:
            more |= {"stickers": self.chance.choice((-4, 5)), "collection": "2026-02-01"}
        return Adjustment(member=self._member(), reason="r", points=self.chance.choice((-40, 0, 25)), **more)

    def _expiry(self) -> Expiry:
        lots = (LotPoints(lot=lot_id(self.chance.choice(("hub", "t1")), 1, self.chance.randint(1, 30)), points=1),)
        return Expiry(member=self._member(), lots=lots)

    def _merge(self) -> Body:
        if self.chance.random() < 0.8:
            return MemberRegistered(member=self._member())
        return MemberMerged(member=self._member(), into=self._member())

    def _coupon(self) -> Body:
        serial = f"{self.chance.randrange(5, 60):032x}"
        if self.chance.random() < 0.2:
            return CouponRevoked(serial=serial)
        return CouponMade(
            serial=serial,
            campaign=self.chance.choice("cd"),
            valid_from=utc_text(self.now),
            valid_to=utc_text(self.now + timedelta(days=9)),
            member=self._member() if self.chance.random() < 0.7 else None,
            uses=self.chance.randint(1, 3),
            points=0,
        )

    def _joined(self) -> MemberJoined:
        return MemberJoined(member=self._member(), card=self._card(), registered=self.chance.random() < 0.7)


def asked(hub: Hub, request: HoldRequest) -> tuple[HoldReply, MemberNow] | str:
    try:
        reply = hub.hold(request)
    except AskRefused as refused:
        return refused.code
    who = MemberRequest(till=request.till, generation=1, programme="alenka", member=request.member)
    return reply, hub.member_now(who)


@pytest.fixture
def stores(sqlite_ledger: Callable[[], Store], postgres_ledger: Callable[[], Store]) -> list[Store]:
    return [sqlite_ledger(), postgres_ledger()]


@pytest.mark.parametrize("number", range(2))
def test_a_life_is_the_same_on_both(stores: list[Store], number: int) -> None:
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")
    life = Life(seed)
    hubs = [Hub(store, keys=KEYS, now=lambda: life.now, programmes=PROGRAMMES) for store in stores]
    results, held = set(), set()
    for hub in hubs:
        hub.bear("alenka", *(MemberJoined(member=one, card=f"c{one[1:]}", registered=True) for one in MEMBERS[:4]))
    for _ in range(ROUNDS):
        life.now += timedelta(hours=life.chance.choice((0, 1, 20)))
        till = life.chance.choice(TILLS)
        texts, bodies = life.batch(till), life.own()
        first, second = (hub.take(till, texts) for hub in hubs)
        assert first == second and first.stopped is None and len(first.answers) == len(texts)
        for request in [life.hold() for _ in range(life.chance.randint(1, 4))]:
            told, other_told = (asked(hub, request) for hub in hubs)
            assert told == other_told
            held.add(told if isinstance(told, str) else "held")
        mine, other = (hub.bear("alenka", *bodies) for hub in hubs)
        assert mine == other
        results |= {answer.reason for answer in (*first.answers, *mine)}
    assert None in results and len(results) > 3, "much was applied, and refused for several reasons"
    assert len(held) > 2, "much was held, and refused for several reasons"
    with stores[0].reading() as one, stores[1].reading() as other_one:
        for table in TABLES:
            rows, others = (list(getattr(reader, f"all_{table}")()) for reader in (one, other_one))
            assert rows == others, table
            if table == "holds":
                assert {row.state for row in rows} == {"open", "confirmed", "voided"}
            assert rows or table == "conflicts", table
    for hub in hubs:
        assert verify(hub.store, hub.zone_of).faults == ()
        hub.close()
