"""Which desk answers a command, on which receipt. The stories are in `desks/`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, Unpack

from msgspec.structs import replace

from loyalty.basket import BadBasket
from loyalty.explain import explain_bad
from loyalty.operation import Channel
from loyalty.programme import Programme
from offline_cache.cache import Cache
from pos_agent.answers import Reply
from pos_agent.counter import Counter, Done
from pos_agent.desks import aside, basket, cards, coupons, identify, retelling, sale
from pos_agent.desks.account import tell_balance
from pos_agent.desks.drawer import open_drawer
from pos_agent.desks.papers import PaperDesk
from pos_agent.desks.returns import take_goods_back
from pos_agent.guest_turn import Turns
from pos_agent.hearing import inquire, reply_of_heard
from pos_agent.house import Choices, House
from pos_agent.inquiry import Heard
from pos_agent.keyed import KeyedNumbers
from pos_agent.placing import for_the_next, name_of, placed
from pos_agent.protocol import (
    Balance,
    Beside,
    Cancel,
    Code,
    Command,
    DropCard,
    DropCoupon,
    IssueCard,
    OfReceipt,
    OpenDrawer,
    PaperAnswer,
    Pay,
    Phone,
    Placing,
    PointsReport,
    Prepare,
    Redeem,
    ReissueCard,
    Reprint,
    ReturnGoods,
    SetBasket,
)
from pos_agent.receipts import Receipts, read_receipts
from pos_agent.refused import Refused
from pos_agent.replying import plain_reply, refusal, reply_of
from pos_agent.telling import Told, find, work_out
from pos_agent.visit import IllegalEvent, ReceiptName, Visit, is_empty
from storage.sqlite_file import FileError

DESKS: Final[Mapping[type[OfReceipt], Callable[[Counter, Visit, Any], Done]]] = {
    Code: identify.code,
    Phone: identify.phone,
    DropCard: identify.drop_card,
    DropCoupon: coupons.drop_coupon,
    SetBasket: basket.basket,
    Redeem: basket.redeem,
    IssueCard: cards.issue,
    ReissueCard: cards.reissue,
    Prepare: sale.prepare,
}  # Pay and Cancel know the receipt's name besides
BESIDE: Final[Mapping[type[Beside], Callable[[Counter, Visit, Any], Done]]] = {
    ReturnGoods: take_goods_back,
    Balance: tell_balance,
    OpenDrawer: open_drawer,
}


class Checkout:
    """Takes a command at a moment, keeps the receipts that are open."""

    def __init__(self, cache: Cache, programme: Programme, **choices: Unpack[Choices]) -> None:
        """With `told`, promises and open receipts outlive the process."""
        self.house = House(cache=cache, programme=programme, **choices)
        told = self.house.told
        self.receipts = read_receipts(told.visits()) if told is not None else Receipts()
        self._keyed = KeyedNumbers(cache)
        self.turns = Turns(self.house.new_turn)
        self._papers = PaperDesk(cache, programme, self.house.language, self.house.paper)

    @property
    def visit(self) -> Visit:
        """The receipt in front."""
        return self.receipts.front

    def handle(
        self, command: Command, now: datetime, clock_off_s: int = 0, pos: str = "", channel: Channel | None = None
    ) -> Reply:
        """Do what the command asks, or refuse it in one line and change nothing. `now` is the corrected moment, with
        `clock_off_s` in it; `pos`: who asks, in which `channel`."""
        counter = Counter(self.house, now, clock_off_s, pos, channel)
        try:
            done = self._do(counter, command)
        except Refused as refused:
            inquire(counter, command, refused.inquiry)
            return refusal(counter, self._front(counter, command), command, refused)
        except IllegalEvent as illegal:
            return plain_reply(False, f"not_now_{illegal.state.value}", counter.language)
        except BadBasket as bad:
            plain = plain_reply(False, "bad_basket", counter.language, why=explain_bad(bad, counter.language))
            return replace(plain, field=bad.field or None)
        inquire(counter, command, done.inquiry)
        return reply_of(counter, command, done)

    def heard(self, heard: Heard, now: datetime, clock_off_s: int = 0) -> Reply | None:
        """The hub's word of somebody. None: there is nothing to say of it."""
        visit, reply = reply_of_heard(self.house, self.visit, heard, now, clock_off_s)
        self._keep(self.receipts.with_front(visit))
        return reply

    def _front(self, counter: Counter, command: Command) -> Visit:
        """The receipt that a refused command was about."""
        if not isinstance(command, OfReceipt):
            return self.visit
        try:
            return placed(counter, self.receipts, command, name_of(counter, command)).front
        except Refused:  # its name is none
            return self.visit

    def _do(self, counter: Counter, command: Command) -> Done:
        if isinstance(command, Reprint | PointsReport):
            code, facts = self._papers.answer(command, counter.now, counter.pos)
            return Done(visit=self.visit, code=code, facts=facts)
        if isinstance(command, Beside):
            return BESIDE[type(command)](counter, self.visit, command)
        if isinstance(command, Placing):
            receipts, done = aside.moved(counter, self.receipts, command)
            done = aside.with_lost(done, self.receipts, receipts)
            self._keep(receipts.with_next_up(counter.now))
            return done
        assert not isinstance(command, PaperAnswer), "the agent's own"
        return self._of_receipt(counter, command)

    # receipts

    def _of_receipt(self, counter: Counter, command: OfReceipt) -> Done:
        """On the receipt that it names, or the one in front. What is refused changes nothing."""
        name = name_of(counter, command)
        receipts = placed(counter, self.receipts, command, name)
        if name is not None:
            name = receipts.front.receipt or name  # with the day and shift that another command said
        waits = for_the_next(counter, receipts, command, name)
        if waits is not None:
            waits = aside.with_lost(waits, self.receipts, receipts)
            self._keep(replace(receipts, waiting=waits.waiting))
            return waits
        visit = receipts.front
        done = self._answer(counter, visit, command, name)
        told_again = isinstance(command, Pay) and is_empty(visit) and done.code == "recorded_before"
        refused = isinstance(command, Pay | Cancel) and not done.ok
        preview = isinstance(command, Redeem) and command.preview
        if not (told_again or refused or preview):  # else whoever stands in front is not touched
            front = done.visit if is_empty(done.visit) else done.visit.touched(counter.now)
            done = aside.with_lost(done, self.receipts, receipts)
            self._keep(receipts.with_front(front).with_next_up(counter.now))
        return done

    def _answer(self, counter: Counter, visit: Visit, command: OfReceipt, name: ReceiptName | None) -> Done:
        if visit.retold is None or isinstance(command, Cancel):
            return self._desk(counter, visit, command, name)
        if visit.disputed and not isinstance(command, retelling.ANSWERED):
            return retelling.beside(visit, lambda plain: self._desk(counter, plain, command, name))
        return retelling.answer(counter, visit, command)

    def _keep(self, receipts: Receipts) -> None:
        receipts = receipts.with_front(self.turns.named(receipts.front))
        changed, self.receipts = receipts != self.receipts, receipts
        if changed and self.house.told is not None:
            with suppress(FileError):  # a disk that cannot be written stops no sale
                self.house.told.keep_visits(receipts.written())

    def _desk(self, counter: Counter, visit: Visit, command: OfReceipt, name: ReceiptName | None) -> Done:
        """The desk that answers."""
        if isinstance(command, Pay):
            assert name is not None, "a payment has a number"
            return sale.pay(counter, visit, name, command)
        if isinstance(command, Cancel):
            return sale.cancel(counter, visit, name)
        return DESKS[type(command)](counter, visit, command)

    # for whoever only looks

    def balance(self, now: datetime) -> int | None:
        """The balance of the visit's member; None when there is none, or the card is only being issued."""
        who = self.visit.who
        return Counter(self.house, now).balance(who) if who and who.member else None

    def shown(self, now: datetime) -> Told | None:
        """What was told of the receipt in front; None while it has no line."""
        counter = Counter(self.house, now)
        visit = self.visit
        told = find(counter, visit.quote)
        if told is not None or not visit.lines:
            return told
        return work_out(counter, visit, "")

    def next_number(self, now: datetime) -> str:
        """What the till's page calls the next receipt that is keyed in there."""
        return self._keyed.next(Counter(self.house, now).today, (self.receipts.front, *self.receipts.aside))
