"""What happens in the random walk: whatever command comes next, at whichever till, and what must hold after it."""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

from config.programmes import read_source
from hub.audit.verify import verify
from hub.books.bounds import Fault
from hub.build import build_hub, build_programmes
from hub.hub import Hub
from hub.importing import import_members
from hub.members import NewMember
from loyalty.bodies import CARD_TAKEN, CertificateRefunded, Return, Sale
from loyalty.lots import balance
from pos_agent.answers import Reply, ToldAccrued, ToldReturn, ToldSale
from pos_agent.errands import Desk, Errand
from pos_agent.protocol import (
    Command,
    Pay,
    ReturnGoods,
)
from pos_agent.two_lines import LINE_MAX, LINES_MAX
from tests.life.certificates import Certificates
from tests.life.commands import Commands
from tests.life.coupons import Coupons
from tests.life.kept import Kept
from tests.life.rights import Rights
from tests.life.shop import by_the_rules
from tests.life.stickers import Stickers
from tests.life.terms import BEGIN, MEMBERS, PREFIX, walk_source
from tests.life.walking import WalkingTill

COMMANDS = int(os.environ.get("WALK_COMMANDS", "7000")) // 2  # for each of the two programmes
RECORDED = ("recorded", "no_member", "card_recorded")
BESIDE = ("certificate_is_refunded", "certificate_is_blocked")
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
        source = walk_source(programme)
        self.rules = read_source(source)
        programmes = build_programmes() | {programme: self.rules}
        self.hub: Hub = build_hub(folder / "hub.db", programmes, serving=False, now=lambda: self.now)
        self.cards = [ean13(f"{PREFIX[programme]}{number:08}") for number in range(MEMBERS)]
        self.blanks = [ean13(f"{PREFIX[programme]}{number:08}") for number in range(500, 600 + COMMANDS // 50)]
        self._join()
        self.tills = [WalkingTill(self, name, timedelta(seconds=off)) for name, off in (("t1", -40), ("t2", 3))]
        for till in self.tills:
            till.cache.programmes.keep(self.rules.content_hash, source)
            till.sync()
        self.said: dict[str, tuple[Any, ...]] = {}  # what was told, by quote
        self.paid: Counter[str] = Counter()  # sales by quote
        self.sold: list[tuple[str, Sale]] = []  # by whom
        self.refunds: dict[str, str] = {}  # told, by quote
        self.given_back: set[str] = set()  # quotes
        self.meanwhile = False  # a command waits for the hub, and others are answered
        self.counts: Counter[str] = Counter()
        self.rights: tuple[Rights, ...] = (Coupons(self), Certificates(self), Stickers(self))
        self.commands = Commands(self)

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
            till.online = self.chance.random() < 0.7
        elif luck < 0.04:
            self.kill(till)
        elif luck < 0.09:
            self.sync(till)
        sales = self.counts["sales"]
        self.command(till, self.chance.choice(("left", "right")))
        if self.counts["sales"] > sales and self.chance.random() < 0.5:
            self.sync(till)  # as a worker does that has something to tell

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
        reply = self.tell(till, pos, self.commands.next(till))
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
            said = till.run(reply)
            desk = desk._replace(said=(*desk.said, said))
            for rights in self.rights:
                rights.heard(till, reply, said)
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
        told_again = reply.code == "coupon_shown"  # its receipt comes to the front, with what was told of it
        if not reply.ok and not in_dispute and not told_again and not reply.code.startswith("changed_"):
            assert till.checkout.receipts == receipts, "what is refused changes nothing"
        if in_dispute:
            assert till.checkout.visit.disputed and not made
        if isinstance(command, ReturnGoods):
            assert till.checkout.receipts == receipts, "a return touches no receipt"
            self.returned(till, command, reply, made)
            return reply
        if reply.code in BESIDE:
            assert made <= 1 and till.checkout.receipts == receipts
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
        newest = till.newest(made)
        for rights in self.rights:
            for place, body in newest:
                rights.recorded(till, place, body)
        sales = [body for _, body in newest if isinstance(body, Sale)]
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
        assert bool(made) == (reply.code in RETURNED), (command, reply)
        told = reply.returned
        if reply.code == "return_prepared":
            assert isinstance(told, ToldReturn) and told.quote is not None
            self.refunds[told.quote] = told.refund
        elif made:
            bodies = [body for _, body in till.newest(made)]
            (body,) = (one for one in bodies if isinstance(one, Return))
            assert all(isinstance(one, CertificateRefunded) for one in bodies if one is not body)
            assert body.quote is not None and isinstance(told, ToldReturn)
            assert self.refunds.get(body.quote, told.refund) == told.refund
            assert sum(line.refund_kopecks for line in body.lines) == body.refund_kopecks
            assert body.quote not in self.given_back, "money is given back once"
            self.given_back.add(body.quote)

    # what must hold

    def agree(self, till: WalkingTill) -> None:
        assert till.cache.outbox_length() == 0
        for rights in self.rights:
            rights.synced(till)
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
        assert verify(self.hub.store, self.hub.zone_of).faults == ()
        with self.hub.store.reading() as reader:
            kept = Kept(reader)
            impossible = {reason for _, reason in kept.refused} & set(get_args(Fault))
            assert not impossible, "nothing that a till of ours records is past the hub's bounds"
            for rights in self.rights:
                rights.check(kept)


def find(till: WalkingTill, quote: str) -> str | None:
    """Does this till remember having told it?"""
    return quote if till.checkout.house.find_quote(quote) is not None else None


def _sums(told: ToldSale) -> tuple[Any, ...]:
    lines = [(line.id, line.net, line.positions) for line in (*told.lines, *told.extras)]
    return (told.to_pay, told.redeemed, told.accrued, lines)
