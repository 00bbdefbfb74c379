"""What the account says is what the hub's books say, what a till says that has pulled, and what the papers said: to the
point and to the lot, for members with histories as they come."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.programmes import read_source
from drivers.printer.document import Columns, Cut, Document, Text, from_json
from hub.account.act import AccountAsked
from hub.account.acts import ACCOUNT_ACTS
from hub.audit.verify import verify
from hub.build import build_hub, build_programmes
from hub.hub import Hub
from hub.importing import import_members
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.members import NewMember
from hub.people.cards import merge
from hub.people.orders import Order
from loyalty.bodies import Adjustment, Body, CouponMade, Grant, Sale
from loyalty.operation import Key
from loyalty.paper.parts import Code, Line, Part, Row, Title
from loyalty.snapshot import LAST_LOT, LOTS_MAX
from loyalty.utc import utc_text
from pos_agent.answers import Reply
from pos_agent.errands import Desk, Errand
from pos_agent.protocol import (
    BasketLine,
    Cancel,
    Command,
    Pay,
    Redeem,
    ReturnedGoods,
    ReturnGoods,
    SetBasket,
    SoldReceipt,
)
from pos_agent.protocol import Code as Scanned
from pos_agent.receipt import blocks_of
from simulator.terms import ONCE
from sync.account.me import Me, MeTold
from sync.account.points import (
    AskLot,
    AskLots,
    AskMoves,
    AskReceipt,
    LotNow,
    LotsTold,
    LotTold,
    Move,
    MovesTold,
    Paper,
    PaperPart,
    ReceiptTold,
)
from tests.life.terms import walk_source
from tests.life.walk import ean13
from tests.life.walking import WalkingTill

MEMBERS = int(os.environ.get("ACCOUNT_MEMBERS", "40"))
STEPS = 7  # of each member, on an average
DIED_MAX = 10  # of the lots that a till was told one by one, since it was told
BEGIN = datetime.fromisoformat("2026-03-02T06:00:00+00:00")
CATEGORIES = {"alenka": ("chocolate", "sweets", "tobacco"), "perekrestok": ("dairy", "bread", "tobacco")}
PREFIX = {"alenka": "2600", "perekrestok": "2700"}
OF_THEN = ("Баланс", "Долг", "Потрачено дважды", "Сгорит", "Без связи", "Уточнится", "Наклеек", "До «", "  на нём")
OF_CARDS = ("Для списания нужна", "Анкета карты", "Карта заблокирована")


class Histories:
    """Two tills and a hub in one process, and members who do as they like."""

    def __init__(self, folder: Path, programme: str, seed: int) -> None:
        self.folder, self.programme, self.now, self.losses = folder, programme, BEGIN, 0.0
        self.chance = random.Random(seed)
        self.counts: Counter[str] = Counter()
        source = walk_source(programme)
        self.rules = read_source(source)
        programmes = build_programmes() | {programme: self.rules}
        self.hub: Hub = build_hub(folder / "hub.db", programmes, serving=False, now=lambda: self.now)
        self.cards = {f"m{number}": ean13(f"{PREFIX[programme]}{number:08}") for number in range(MEMBERS // 2)}
        self._join()
        self.tills = [
            WalkingTill(self, name, timedelta(seconds=off), lines=True) for name, off in (("t1", -40), ("t2", 3))
        ]
        self.sold: list[tuple[WalkingTill, Sale]] = []
        self.numbers = 0
        for till in self.tills:
            till.cache.programmes.keep(self.rules.content_hash, source)
            till.sync()

    def _join(self) -> None:
        rows = [
            NewMember(
                line=number,
                programme=self.programme,
                card=card,
                phone=None,
                points=self.chance.choice((0, 70, 3_000)),
                registered=True,
                birthday=None,
                favourites=(),
                member=member,
            )
            for number, (member, card) in enumerate(self.cards.items())
        ]
        assert len(list(import_members(self.hub, rows))) == len(rows)
        for _ in range(LOTS_MAX + 5):  # one has more lots than a till is told one by one
            self._grant("m0")

    def close(self) -> None:
        for till in self.tills:
            till.close()
        self.hub.close()

    # what happens

    def step(self) -> None:
        self.now += timedelta(minutes=self.chance.choice((1, 7, 45, 240)))
        member, till = self.chance.choice(list(self.cards)), self.chance.choice(self.tills)
        luck = self.chance.random()
        if luck < 0.03:
            self.now += timedelta(days=self.chance.randint(1, 40))
        elif luck < 0.04:
            self.jobs()
        elif luck < 0.08:
            till.online = not till.online
        elif luck < 0.2:
            self._grant(member)
        elif luck < 0.25:
            self._less(member)
        elif luck < 0.3:
            self._coupon(member)
        elif luck < 0.33:
            self._merge(member)
        elif luck < 0.5 and self.sold:
            self._back(till)
        else:
            self.buy(till, member)
        if self.chance.random() < 0.4:
            till.sync()

    def jobs(self) -> None:
        for job in JOBS:
            self.counts[job.name] += sum(Running(self.hub).run(job, self.now))

    def _born(self, body: Body, chain: str = "hub") -> None:
        (answer,) = self.hub.bear(self.programme, body, chain=chain)
        self.counts[answer.reason or answer.result] += 1

    def _grant(self, member: str) -> None:
        begin = self.now + timedelta(days=self.chance.choice((0, 0, 2)))
        end = self.chance.choice((None, begin + timedelta(days=self.chance.randint(1, 60))))
        points, ends = self.chance.randint(1, 500), utc_text(end) if end else None
        self._born(Grant(member=member, points=points, reason="gift", active_from=utc_text(begin), expires_at=ends))

    def _less(self, member: str) -> None:
        self._born(Adjustment(member=member, points=self.chance.choice((-300, -20, 40)), reason="x"), "office")

    def _coupon(self, member: str) -> None:
        at, serial = utc_text(self.now), f"{self.chance.getrandbits(128):032x}"
        made = {"valid_from": at, "valid_to": at, "points": 7}
        self._born(CouponMade(serial=serial, campaign=ONCE, member=member, **made), "account")  # type: ignore[arg-type]

    def _merge(self, member: str) -> None:
        into = self.chance.choice(list(self.cards))
        if into != member:
            merge(self.hub, member, into, Order(by="Olga", key=f"merge {member}"))
            del self.cards[member]
            self.counts["merged"] += 1

    def buy(self, till: WalkingTill, member: str) -> Sale:
        """Raises no question that is answered with no: the sale is paid, whatever is said."""
        self.tell(till, Cancel())
        self.tell(till, Scanned(text=self.cards[member]))
        self.tell(till, SetBasket(lines=self._lines()))
        if self.chance.random() < 0.5:
            self.tell(till, Redeem(points=self.chance.choice((None, 10, 300))))
        self.numbers += 1
        before = till.operations()
        self.tell(till, Pay(sale=str(self.numbers)))
        newest = [body for _, body in till.newest(till.operations() - before)]
        (sale,) = (body for body in newest if isinstance(body, Sale))
        self.sold.append((till, sale))
        return sale

    def _lines(self) -> tuple[BasketLine, ...]:
        chance = self.chance
        return tuple(
            BasketLine(
                id=str(number),
                name=f"Товар {chance.randrange(9)}",
                price=f"{chance.randint(20, 900)}.{chance.randrange(100):02}",
                quantity=str(chance.randint(1, 3)),
                category=chance.choice(CATEGORIES[self.programme]),
                discount=chance.choice(("0", "0", "5.00")),
            )
            for number in range(chance.randint(1, 4))
        )

    def _back(self, till: WalkingTill) -> None:
        at, sale = self.chance.choice(self.sold)
        of = SoldReceipt(sale=sale.sale.number, day=sale.sale.day, till=None if at is till else at.name)
        lines = tuple(
            ReturnedGoods(id=line.id, quantity=str(self.chance.randint(1, line.quantity_m // 1000)))
            for line in self.chance.sample(sale.lines, self.chance.randint(1, len(sale.lines)))
        )
        told = self.tell(till, ReturnGoods(of=of, lines=lines))
        if told.ok and told.returned is not None and told.returned.quote:
            self.numbers += 1
            self.tell(till, ReturnGoods(quote=told.returned.quote, paid=True, sale=f"R{self.numbers}"))

    def tell(self, till: WalkingTill, command: Command) -> Reply:
        desk = Desk(key=f"{self.chance.getrandbits(48):012x}")
        while isinstance(reply := till.ask(command, "right", desk), Errand):
            desk = desk._replace(said=(*desk.said, till.run(reply)))
        self.counts[reply.code] += 1
        return reply

    # what the account says

    def settle(self) -> None:
        """All is told, what died is booked, what came back twice is put right, and all is told again."""
        for till in self.tills:
            till.online = True
        for _ in range(2):
            for till in self.tills:
                till.sync()
            self.jobs()
        for till in self.tills:
            till.sync()
            assert till.cache.outbox_length() == 0

    def ask(self, act: str, body: msgspec.Struct, member: str) -> Any:
        return ACCOUNT_ACTS[act].do(self.hub, AccountAsked(member, self.programme, "key"), body)

    def moves(self, member: str) -> list[Move]:
        found: list[Move] = []
        told = MovesTold(after="")
        while True:
            told = self.ask("moves", AskMoves(after=told.after, most=self.chance.choice((3, 50))), member)
            found += told.moves
            if not told.after:
                return found

    def lots(self, member: str) -> list[LotNow]:
        told = self.ask("lots", AskLots(), member)
        assert isinstance(told, LotsTold) and not told.more
        return list(told.lots)


@pytest.fixture(params=("alenka", "perekrestok"))
def histories(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Histories]:
    seed = int(os.environ.get("POS_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"POS_TEST_SEED={seed}")
    made = Histories(tmp_path, request.param, seed)
    yield made
    made.close()


@pytest.mark.timeout(120 if MEMBERS <= 100 else 36_000)
def test_p5_p10_a28_account_hub_till_and_paper_say_the_same(histories: Histories) -> None:
    members = list(histories.cards)
    for _ in range(len(members) * STEPS):
        histories.step()
    histories.settle()
    assert verify(histories.hub.store, histories.hub.zone_of).faults == ()
    for member in members:  # also those who have gone into others
        _account_is_the_hub(histories, member)
        _lots_are_whole(histories, member)
        _tills_say_the_same(histories, member)
    _papers_say_the_same(histories)
    for member in histories.cards:
        _the_last_paper_says_the_balance(histories, histories.chance.choice(histories.tills), member)
    counts = histories.counts
    print(dict(counts))
    for code in ("recorded", "return_recorded", "merged", "applied"):
        assert counts[code], code


def _account_is_the_hub(histories: Histories, member: str) -> None:
    me: MeTold = histories.ask("me", Me(), member)
    moves = histories.moves(member)
    assert me.points == histories.hub.balances(histories.programme)[me.member]
    assert sum(one.came - one.went for one in moves) == me.points, member
    assert len({one.id for one in moves}) == len(moves)
    assert [one.at for one in moves] == sorted((one.at for one in moves), reverse=True)
    assert sum(one.points for one in histories.lots(member)) - me.debt == me.points


def _lots_are_whole(histories: Histories, member: str) -> None:
    """What was given is what is left and what was taken, operation by operation; also of lots that are empty."""
    me: MeTold = histories.ask("me", Me(), member)
    with histories.hub.store.reading() as reader:
        rows = {row.lot: row for row in reader.lots_of([me.member])}
    for row in rows.values():
        chain, generation, sequence = row.lot.split("/")
        told: LotTold = histories.ask("lot", AskLot(id=f"{chain}/{generation}/{int(sequence)}"), member)
        lot = told.lot
        assert (lot.granted, lot.points, lot.died) == (row.granted, row.remaining, row.expired)
        assert lot.granted - told.to_debt + sum(fate.points for fate in told.fates) == lot.points, row
        died = -sum(fate.points for fate in told.fates if fate.move.kind == "expiry")
        assert died >= lot.died


def _tills_say_the_same(histories: Histories, member: str) -> None:
    """To the lot, up to their bound: what lies behind it is one lot there, also when one before it has died since."""
    me: MeTold = histories.ask("me", Me(), member)
    for till in histories.tills:
        record = till.cache.members.member(me.member)
        assert record is not None
        account = record.standing(histories.rules).account
        one_by_one = [lot for lot in account.lots if lot.id != LAST_LOT]
        here = {(lot.points, utc_text(lot.expires_at) if lot.expires_at else "") for lot in one_by_one}
        told = histories.lots(member)
        bound = len(one_by_one)
        assert bound == len(told) or LOTS_MAX - DIED_MAX <= bound <= LOTS_MAX
        assert here == {(lot.points, lot.ends_at) for lot in told[:bound]}, (till.name, member)
        rest = sum(lot.points for lot in account.lots if lot.id == LAST_LOT)
        assert rest == sum(lot.points for lot in told[bound:]) and account.debt == me.debt


# papers


def _papers_say_the_same(histories: Histories) -> None:
    """Each paper that a till printed is the account's, but for what only that day knew."""
    papers = 0
    for member in histories.cards:
        for receipt in {one.receipt for one in histories.moves(member) if one.receipt}:
            told: ReceiptTold = histories.ask("receipt", AskReceipt(id=receipt, language="ru"), member)
            for paper in told.papers:
                chain, generation, sequence = paper.id.split("/")
                till = next(one for one in histories.tills if one.name == chain)
                job = till.cache.print_jobs.paper_of(Key(int(generation), int(sequence)))
                assert job is not None
                assert _shown(paper) == _without_then(from_json(job.document)), paper.id
                papers += 1
    assert papers > len(histories.cards) / 2
    histories.counts["papers"] = papers


def _shown(paper: Paper) -> list[Any]:
    return blocks_of(map(_part, paper.parts))


def _part(part: PaperPart) -> Part:
    match part.what:
        case "row":
            return Row(part.left, part.right, part.bold)
        case "title":
            return Title(part.left, part.bold, part.double)
        case "code":
            return Code(part.left)
        case _:
            return Line()


def _without_then(document: Document) -> list[Any]:
    return [one for one in document.blocks if not isinstance(one, Cut) and not _is_of_then(one)]


def _is_of_then(block: object) -> bool:
    text = block.left if isinstance(block, Columns) else block.text if isinstance(block, Text) else ""
    return text.startswith((*OF_THEN, *OF_CARDS))


def _the_last_paper_says_the_balance(histories: Histories, till: WalkingTill, member: str) -> None:
    histories.now += timedelta(minutes=1)  # more than the tills' clocks are off
    till.sync()
    sale = histories.buy(till, member)
    till.sync()
    me: MeTold = histories.ask("me", Me(), member)
    ((place, _),) = till.newest(1)
    job = till.cache.print_jobs.paper_of(Key(place.generation, place.sequence))
    assert job is not None
    rows = [one for one in from_json(job.document).blocks if isinstance(one, Columns)]
    (said,) = (one for one in rows if one.left.startswith(("Баланс", "Долг")))
    points = int("".join(one for one in said.right if one.isdecimal()))
    assert (points if said.left.startswith("Баланс") else -points) == me.points, member
    newest = histories.moves(member)[0]
    assert (newest.number, newest.came, newest.went) == (sale.sale.number, sale.accrued.points, sale.redeemed.points)
