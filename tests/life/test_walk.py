"""A random walk through every command: two POS at each of two tills and a hub in one process; links that drop,
processes that die, midnights, numbers used again, receipts put aside, goods that come back at either till, and the
hub's desk asked about them.

What must hold, whatever comes: what is recorded is what the quote told; a paid sale is recorded once; a right is used
once, but for deviations and conflicts that are counted; a command that is refused changes nothing; after a sync till
and hub agree.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from hub.audit.verify import verify
from hub.books.bounds import Fault
from hub.build import build_hub, build_programmes
from hub.hub import Hub
from hub.importing import import_members
from hub.members import NewMember
from hub.store.records import KeptOperation, Place, place_of
from loyalty.bodies import CARD_TAKEN, COUPON_USED, OperationRef, Return, Sale
from loyalty.coupon_token import CouponClaims
from loyalty.lots import balance
from loyalty.operation import read_operation
from pos_agent.answers import Reply, ToldAccrued, ToldReturn, ToldSale
from pos_agent.errands import Desk, Errand
from pos_agent.protocol import (
    Balance,
    BasketLine,
    Cancel,
    Code,
    Command,
    DropCard,
    DropCoupon,
    IssueCard,
    Pay,
    Phone,
    Prepare,
    PutAside,
    Redeem,
    ReissueCard,
    Reprint,
    ReturnedGoods,
    ReturnGoods,
    SetBasket,
    SoldReceipt,
    TakeUp,
    XReport,
)
from pos_agent.two_lines import LINE_MAX, LINES_MAX
from tests.life.shop import by_the_rules
from tests.life.walking import WalkingTill

COMMANDS = int(os.environ.get("WALK_COMMANDS", "10000")) // 2  # for each of the two programmes
BEGIN = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
PREFIX = {"alenka": "2600", "perekrestok": "2700"}
CATEGORIES = {
    "alenka": ("chocolate", "chocolate", "sweets", "sweets", "tobacco", None, "moon rock"),
    "perekrestok": ("dairy", "dairy", "bread", "bread", "tobacco", None, "moon rock"),
}
MEMBERS = 12
RECORDED = ("recorded", "no_member", "card_recorded")
RETURNED = ("return_recorded", "return_recorded_twice")


def ean13(body: str) -> str:
    total = sum(int(digit) * (1 if place % 2 == 0 else 3) for place, digit in enumerate(body))
    return body + str(-total % 10)


class Walk:
    def __init__(self, folder: Path, programme: str, seed: int) -> None:
        self.folder = folder
        self.programme = programme
        self.chance = random.Random(seed)
        self.now = BEGIN
        self.losses = 0.0
        programmes = build_programmes()
        self.rules = programmes[programme]
        self.hub: Hub = build_hub(folder / "hub.db", programmes, serving=False, now=lambda: self.now)
        self.cards = [ean13(f"{PREFIX[programme]}{number:08}") for number in range(MEMBERS)]
        self.blanks = [ean13(f"{PREFIX[programme]}{number:08}") for number in range(500, 600 + COMMANDS // 50)]
        self._join()
        self.coupons = [self._mint(number) for number in range(60)]
        self.tills = [WalkingTill(self, name, timedelta(seconds=off)) for name, off in (("t1", -40), ("t2", 3))]
        for till in self.tills:
            till.sync()
        self.said: dict[str, tuple[Any, ...]] = {}  # what was told, by quote
        self.paid: Counter[str] = Counter()  # sales by quote
        self.sold: list[tuple[str, Sale]] = []  # by whom
        self.refunds: dict[str, str] = {}  # told, by quote
        self.given_back: set[str] = set()  # quotes
        self.meanwhile = False  # a command waits for the hub, and others are answered
        self.counts: Counter[str] = Counter()

    def _join(self) -> None:
        rows = [
            NewMember(
                line=number,
                programme=self.programme,
                card=card,
                phone=f"+7916000{number:04}",
                points=self.chance.choice((0, 70, 3_000)),
                registered=number % 4 != 0,
                birthday=None,
                favourites=(),
                member=f"m{number}",
            )
            for number, card in enumerate(self.cards)
        ]
        assert len(list(import_members(self.hub, rows))) == MEMBERS

    def _mint(self, number: int) -> str:
        campaign = self.rules.coupons[number % len(self.rules.coupons)].id
        claims = CouponClaims(
            serial=number.to_bytes(16, "big").hex(),
            programme=self.programme,
            campaign=campaign,
            valid_from=BEGIN - timedelta(minutes=1),
            valid_to=BEGIN + timedelta(days=300),
            zone=self.rules.timezone.key,
        )
        return self.hub.mint(claims)

    def close(self) -> None:
        for till in self.tills:
            till.close()
        self.hub.close()

    # what happens

    def step(self) -> None:
        self.now += timedelta(seconds=self.chance.choice((1, 5, 5, 20, 60)))
        till = self.chance.choice(self.tills)
        luck = self.chance.random()
        if luck < 0.01:
            self.now += timedelta(hours=self.chance.choice((1, 5, 14)))  # midnights among them
        elif luck < 0.03:
            till.online = not till.online
        elif luck < 0.05:
            self.kill(till)
        elif luck < 0.08:
            self.sync(till)
        self.command(till, self.chance.choice(("left", "right")))

    def kill(self, till: WalkingTill) -> None:
        """The process dies between two commands and comes again."""
        receipts = till.checkout.receipts
        till.close()
        till.open()
        waiting_forgotten = (receipts.front, receipts.aside)
        assert (till.checkout.receipts.front, till.checkout.receipts.aside) == waiting_forgotten
        self.counts["kills"] += 1

    def sync(self, till: WalkingTill) -> None:
        self.losses = self.chance.choice((0.0, 0.0, 0.2))
        till.sync()
        self.losses = 0.0
        if till.online and till.worker.state.online:
            self.agree(till)

    def command(self, till: WalkingTill, pos: str) -> None:
        """Anything; of what is asked then, half is answered, and nothing is asked in vain."""
        reply = self.tell(till, pos, self._any(till))
        assert 0 < len(reply.say) <= LINES_MAX and max(map(len, reply.say)) <= LINE_MAX, reply
        if reply.ask is None or self.chance.random() < 0.5:
            return
        self.counts["answers"] += 1
        answer = self.chance.choice(reply.ask.answers).command
        if answer is not None:
            answered = self.tell(till, pos, answer)
            assert not answered.code.startswith(("not_now_", "bad_")), (reply, answered)

    def tell(self, till: WalkingTill, pos: str, command: Command) -> Reply:
        """What the hub must say first is asked, and the command comes again, after others perhaps, or after the till
        died and the POS told it anew."""
        desk = Desk(key=f"{self.chance.getrandbits(48):012x}")
        asked = None if not isinstance(command, Pay) or command.quote is None else find(till, command.quote)
        while True:
            receipts, before = till.checkout.receipts, till.operations()
            reply = till.ask(command, pos, desk)
            made = till.operations() - before
            if not isinstance(reply, Errand):
                break
            assert till.checkout.receipts == receipts and not made, "nothing is done before the hub has said so"
            desk = desk._replace(said=(*desk.said, till.run(reply)))
            self.counts["errands"] += 1
            luck = self.chance.random()
            if luck < 0.05:
                self.kill(till)
                desk = Desk(key=desk.key)
            elif luck < 0.2 and not self.meanwhile:
                self.meanwhile = True
                self.command(till, self.chance.choice(("left", "right")))
                self.meanwhile = False
        self.counts[reply.code] += 1
        in_dispute = reply.code == "sale_number_taken" and not isinstance(command, Pay)
        if not reply.ok and not in_dispute and not reply.code.startswith("changed_"):
            assert till.checkout.receipts == receipts, "what is refused changes nothing"
        if in_dispute:
            assert till.checkout.visit.disputed and not made
        if isinstance(command, ReturnGoods):
            assert till.checkout.receipts == receipts, "a return touches no receipt"
            self.returned(till, command, reply, made)
            return reply
        if reply.told is not None and reply.told.limit is not None:  # a quote, and not what a record says
            assert reply.told.quote is not None
            self.said[reply.told.quote] = _sums(reply.told)
        if made:
            assert isinstance(command, Pay) and reply.code in RECORDED, (command, reply)
            self.recorded(till, reply, made, asked)
        else:
            assert reply.code not in ("recorded", "card_recorded"), reply
        return reply

    def recorded(self, till: WalkingTill, reply: Reply, made: int, asked: str | None) -> None:
        """What was told is what is recorded: the quote that `pay` asked for, else the last one told."""
        sales = [body for body in till.newest(made) if isinstance(body, Sale)]
        assert len(sales) == (reply.code != "card_recorded")
        for sale in sales:
            assert reply.told is not None and sale.quote is not None
            if sale.quote in self.said:
                to_pay, redeemed, accrued, lines = self.said[sale.quote]
                nobody = sale.member is None and CARD_TAKEN in {one.kind for one in sale.deviations}
                earned = ToldAccrued(points=0, parts=()) if nobody else accrued  # the card is another's by now
                assert (to_pay, redeemed, earned, lines) == _sums(reply.told)
            else:  # put aside for more than a day, or another sale under a number that was told again
                self.counts["anew"] += 1
            if asked is not None and not self.paid[asked]:
                assert sale.quote == asked
            self.paid[sale.quote] += 1
            assert self.paid[sale.quote] == 1, "a promise is kept once"
            assert sum(line.net_kopecks for line in (*sale.lines, *sale.extras)) == sale.total_kopecks
            self.counts["sales"] += 1
            self.sold.append((till.name, sale))

    def returned(self, till: WalkingTill, command: ReturnGoods, reply: Reply, made: int) -> None:
        """The money that was told is the money that is recorded, once."""
        assert made == (reply.code in RETURNED), (command, reply)
        told = reply.returned
        if reply.code == "return_prepared":
            assert isinstance(told, ToldReturn) and told.quote is not None
            self.refunds[told.quote] = told.refund
        elif made:
            (body,) = till.newest(1)
            assert isinstance(body, Return) and body.quote is not None and isinstance(told, ToldReturn)
            assert self.refunds.get(body.quote, told.refund) == told.refund
            assert sum(line.refund_kopecks for line in body.lines) == body.refund_kopecks
            assert body.quote not in self.given_back, "money is given back once"
            self.given_back.add(body.quote)

    def _any(self, till: WalkingTill) -> Command:
        chance, visit = self.chance, till.checkout.visit
        kinds = ("basket", "code", "coupon", "redeem", "prepare", "pay", "phone", "issue", "reissue", "drop", "cancel")
        kind = chance.choices((*kinds, "wait", "look", "back"), (24, 20, 5, 10, 9, 20, 2, 3, 3, 3, 2, 3, 2, 4))[0]
        if kind == "back" and self.sold:
            return self._back(till)
        name = self._name(till)
        match kind:
            case "basket":
                return SetBasket(lines=self._lines(), redemption_forbidden=chance.random() < 0.03, **name)
            case "code":
                return Code(text=chance.choice((*self.cards, *self._drawer(60), "4607012345677", "junk")), **name)
            case "coupon":
                return Code(text=chance.choice(self.coupons), **name)
            case "redeem":
                return Redeem(points=chance.choice((None, None, 10, 300)), **name)
            case "prepare":
                return Prepare(another=chance.random() < 0.1, **name)
            case "phone":
                return Phone(number=f"+7916000{chance.randrange(MEMBERS):04}", **name)
            case "issue":
                return IssueCard(card=chance.choice(self._drawer()), **name)
            case "reissue":
                return ReissueCard(new_card=chance.choice(self._drawer()), manager=chance.random() < 0.5, **name)
            case "drop":
                return chance.choice((DropCard(**name), DropCoupon(**name)))
            case "cancel":
                return Cancel(**name)
            case "wait":
                up = TakeUp(**name | {"sale": name["sale"] or self._number()})
                return chance.choice((PutAside(**name), up))
            case "look":
                card = Balance(text=chance.choice(self.cards))
                return chance.choice((XReport(show=True), Reprint(), card))
        quote = chance.choice((None, None, visit.quote, chance.choice((*self.said, "x")) if self.said else "x"))
        number = name.pop("sale") or self._number()
        return Pay(sale=number, quote=quote, another=chance.random() < 0.1, **name)

    def _back(self, till: WalkingTill) -> ReturnGoods:
        """Goods of a sale, mostly a late one, at whichever till; asked first, or at once, or told again."""
        chance, number = self.chance, f"R{self.chance.randint(1, 4 + len(self.given_back))}"
        if self.refunds and chance.random() < 0.5:
            return ReturnGoods(quote=chance.choice(list(self.refunds)[-6:]), paid=True, sale=number)
        chain, sale = chance.choice(self.sold[-20:])
        of = SoldReceipt(sale=sale.sale.number, day=sale.sale.day, till=None if chain == till.name else chain)
        lines = tuple(
            ReturnedGoods(id=line.id, quantity=str(chance.randint(1, line.quantity_m // 1000)))
            for line in chance.sample(sale.lines, chance.randint(0, len(sale.lines)))
        )
        whole, paid = chance.random() < 0.3, chance.random() < 0.3
        return ReturnGoods(of=of, whole=whole, lines=lines, paid=paid, sale=number if paid else None)

    def _drawer(self, before: int = 0) -> list[str]:
        """The next blank cards, and those `before` them: new ones keep coming, however long the walk."""
        used = self.counts["card_will_be_issued"] + self.counts["card_will_be_reissued"]
        return self.blanks[max(0, used - before) : used + 40]

    def _number(self) -> str:
        """Numbers come again: within a shift by mistake, over the days by right."""
        return str(1 + (int((self.now - BEGIN).total_seconds()) // 300 + self.chance.randint(-2, 1)) % 40)

    def _name(self, till: WalkingTill) -> dict[str, Any]:
        chance, front = self.chance, till.checkout.visit.receipt
        if chance.random() < 0.4:
            return {"sale": None}
        if front is not None and chance.random() < 0.7:
            return {"sale": front.number, "day": front.day or None, "shift": front.shift or None}
        more: dict[str, Any] = chance.choice(
            ({}, {}, {"shift": str(self.now.day)}, {"day": self.now.date().isoformat()})
        )
        return {"sale": self._number(), **more}

    def _lines(self) -> tuple[BasketLine, ...]:
        chance = self.chance
        return tuple(
            BasketLine(
                id=str(number),
                name="Товар",
                price=f"{chance.choice((9, 120, 900))}.{chance.choice((0, 50, 99)):02}",
                quantity=str(chance.randint(1, 3)),
                category=chance.choice(CATEGORIES[self.programme]),
            )
            for number in range(chance.choice((0, 1, 1, 2, 4)))
        )

    # what must hold

    def agree(self, till: WalkingTill) -> None:
        assert till.cache.outbox_length() == 0
        balances = self.hub.balances(self.programme)
        for number in range(MEMBERS):
            record = till.cache.members.member(f"m{number}")
            assert record is not None
            points = balance(record.standing(self.rules).account, self.now)
            assert points == balances[f"m{number}"], number
        self.counts["agreed"] += 1

    def finish(self) -> None:
        for till in self.tills * 2:
            till.online = True
            till.sync()
            self.agree(till)
        by_the_rules(self.hub, self.now)
        verdict = verify(self.hub.store, self.hub.zone_of)
        assert verdict.faults == ()
        with self.hub.store.reading() as reader:
            kept = list(reader.all_operations())
            twice = {(Place(*case[:3]), case.note) for case in reader.all_cases() if case.kind == "coupon_twice"}
            conflicts = [(Place(*row[1:]), row.serial) for row in reader.all_conflicts()]
        self.rights_once(kept, verdict.coupon_conflicts)
        self.rights_back(kept)
        named = {(place, serial) for place, note in twice for serial in note.split(",")}
        assert set(conflicts) <= named, "each use too many is somebody's to settle"

    def rights_once(self, kept: list[KeptOperation], conflicts: int) -> None:
        """At one till twice only with a deviation; in all, as often too much as the hub counts conflicts."""
        impossible = {one.reason for one in kept} & set(get_args(Fault))
        assert not impossible, "nothing that a till of ours records is past the hub's bounds"
        told = [(one, read_operation(one.text).body) for one in kept if not one.reason]
        freed = {(body.of, serial) for _, body in told if isinstance(body, Return) for serial in body.coupons}
        used: Counter[str] = Counter()
        here: set[tuple[str, str]] = set()
        for one, body in told:
            if not isinstance(body, Sale):
                continue
            place = OperationRef(chain=one.chain, generation=one.generation, sequence=one.sequence)
            known = {deviation.note for deviation in body.deviations if deviation.kind == COUPON_USED}
            for use in body.coupons:
                if (place, use.serial) in freed:
                    continue
                assert (one.chain, use.serial) not in here or use.serial in known
                here.add((one.chain, use.serial))
                used[use.serial] += 1
        assert sum(count - 1 for count in used.values()) == conflicts

    def rights_back(self, kept: list[KeptOperation]) -> None:
        """A right comes back with the last of the goods."""
        bodies = [(Place(*one[:3]), read_operation(one.text).body) for one in kept if not one.reason]
        sold = {place: sum(line.quantity_m for line in body.lines) for place, body in bodies if isinstance(body, Sale)}
        for _, body in bodies:
            if isinstance(body, Return):
                of = place_of(body.of)
                sold[of] -= sum(line.quantity_m for line in body.lines)
        for _, body in bodies:
            if isinstance(body, Return) and body.coupons:
                assert sold[place_of(body.of)] <= 0, "goods of it are still sold"
                self.counts["rights back"] += 1


def find(till: WalkingTill, quote: str) -> str | None:
    """Does this till remember having told it?"""
    return quote if till.checkout.house.find_quote(quote) is not None else None


def _sums(told: ToldSale) -> tuple[Any, ...]:
    lines = [(line.id, line.net, line.positions) for line in (*told.lines, *told.extras)]
    return (told.to_pay, told.redeemed, told.accrued, lines)


@pytest.fixture(params=("alenka", "perekrestok"))
def walk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Walk]:
    seed = int(os.environ.get("POS_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"POS_TEST_SEED={seed}")
    walk = Walk(tmp_path, request.param, seed)
    yield walk
    walk.close()


@pytest.mark.timeout(120 if COMMANDS <= 5_000 else 36_000)
def test_a_promise_is_kept_whatever_is_told(walk: Walk) -> None:
    for _ in range(COMMANDS):
        walk.step()
    walk.finish()
    print(dict(walk.counts))
    assert walk.counts["anew"] < walk.counts["sales"] / 6  # 5 to 13 %, since people put receipts aside themselves
    assert walk.counts["errands"] > COMMANDS / 200
    assert walk.counts["sales"] > COMMANDS / 40 and walk.counts["agreed"] > COMMANDS / 500
    counted = "recorded_before sale_number_taken prepared no_member card_will_be_issued put_aside taken_up balance_told"
    for code in f"{counted} return_prepared return_recorded".split():
        assert walk.counts[code] > 0, code
