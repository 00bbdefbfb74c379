"""Which receipt a command is about, and what becomes of the receipts. The stories are in `desks/`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Unpack

from msgspec.structs import replace

from loyalty.operation import Channel
from loyalty.programme import Programme
from offline_cache.cache import Cache
from pos_agent import certificate_holds
from pos_agent.answers import Reply
from pos_agent.counter import Counter, Done
from pos_agent.coupon_holds import end_coupon_holds
from pos_agent.desks import aside
from pos_agent.desks.by_command import BESIDE, answer
from pos_agent.desks.identify import as_known, unless_forgotten
from pos_agent.desks.papers import PaperDesk
from pos_agent.errands import Desk
from pos_agent.guest_turn import Turns
from pos_agent.hearing import reply_of_heard
from pos_agent.holds import Behind, HoldAnswer
from pos_agent.house import Choices, House
from pos_agent.inquiry import Heard
from pos_agent.keyed import KeyedNumbers
from pos_agent.known_sales import is_paid
from pos_agent.outcome import Does, Waits, outcome
from pos_agent.placing import for_the_next, name_of, placed
from pos_agent.protocol import (
    Beside,
    Cancel,
    Command,
    OfReceipt,
    PaperAnswer,
    Pay,
    Placing,
    PointsReport,
    Prepare,
    Redeem,
    Reprint,
)
from pos_agent.receipts import Receipts, read_receipts
from pos_agent.refused import Refused
from pos_agent.reserving import end_holds, inside
from pos_agent.staff.caller import Caller
from pos_agent.telling import unheard
from pos_agent.visit import Visit, is_empty


class Checkout:
    """Takes a command at a moment, keeps the receipts that are open."""

    def __init__(self, cache: Cache, programme: Programme, **choices: Unpack[Choices]) -> None:
        """With `told`, promises and open receipts outlive the process."""
        self.house = House(cache=cache, programme=programme, **choices)
        told = self.house.told
        self.receipts = read_receipts(told.visits()) if told is not None else Receipts()
        self.house.visits = self.receipts.visits
        self._keyed = KeyedNumbers(cache)
        self.turns = Turns(self.house.new_turn)
        self._papers = PaperDesk(
            cache,
            self.house.programme_at,
            self.house.language,
            self.house.paper,
            self.house.prints,
            self.house.receipt_language,
        )

    @property
    def visit(self) -> Visit:
        """The receipt in front."""
        return self.receipts.front

    def begin(self, now: datetime, clock_off_s: int = 0) -> None:
        """Before the first command: whoever was waiting for points when the process ended waits no more, and a receipt
        that was paid does not stand there again."""
        counter = Counter(self.house, now, clock_off_s)
        before = self.receipts.but_for([visit for visit in self.receipts.visits if is_paid(counter, visit)])
        self._keep(before.unasked())
        self.house.open_receipts(self.receipts.visits)
        end_holds(counter, None, before, self.receipts)

    def handle(
        self, command: Command, now: datetime, clock_off_s: int = 0, pos: str = "", channel: Channel | None = None
    ) -> Reply:
        """Do what the command asks, or refuse it in one line and change nothing. `now` is the corrected moment, with
        `clock_off_s` in it; `pos`: who asks, in which `channel`. Nothing is reserved for it."""
        reply = self._reply(Counter(self.house, now, clock_off_s, pos, channel), command, self._do)
        assert isinstance(reply, Reply), "only who may wait has to"
        return reply

    def ask(self, command: Command, now: datetime, off_s: int, caller: Caller, desk: Desk) -> Waits | Reply:
        """The same, where points may have to be reserved first: then `answered` is called with what came of it; or
        where the hub's desk must be asked, or a PIN be checked: then this is called again, with what that said."""
        counter = Counter(self.house, now, off_s, caller.pos, caller.channel, may_wait=True, desk=desk, caller=caller)
        return self._reply(counter, command, self._do)

    def answered(
        self, command: Command, answer: HoldAnswer, now: datetime, off_s: int, caller: Caller, desk: Desk
    ) -> Reply:
        """The reply to a command that had to wait, on its receipt as it is by now."""
        counter = Counter(self.house, now, off_s, caller.pos, answer=answer, desk=desk, caller=caller)
        reply = self._reply(counter, command, self._do_reserved)
        assert isinstance(reply, Reply), "nobody waits twice"
        return reply

    def _reply(self, counter: Counter, command: Command, do: Does) -> Waits | Reply:
        return outcome(counter, command, do, lambda: self.receipts)

    def heard(self, heard: Heard, now: datetime, clock_off_s: int = 0) -> Reply | None:
        """The hub's word of somebody. None: there is nothing to say of it."""
        visit, reply = reply_of_heard(self.house, self.visit, heard, now, clock_off_s)
        self._keep(self.receipts.with_front(unheard(self.visit, visit)))
        return reply

    def _do(self, counter: Counter, command: Command) -> Done | Behind:
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
        before, result = self.receipts, self._of_receipt(counter, command)
        end_holds(counter, command, before, self.receipts, None if isinstance(result, Behind) else result.spent)
        end_coupon_holds(counter, before, self.receipts)
        certificate_holds.follow(counter, command, before, self.receipts)
        return result

    # receipts

    def _of_receipt(self, counter: Counter, command: OfReceipt) -> Done | Behind:
        """On the receipt that it names, or the one in front. What is refused changes nothing."""
        name = name_of(counter, command)
        receipts = placed(counter, self.receipts, command, name)
        counter.visits = receipts.visits
        if name is not None:
            name = receipts.front.receipt or name  # with the day and shift that another command said
        waits = for_the_next(counter, receipts, command, name)
        if waits is not None:
            waits = aside.with_lost(waits, self.receipts, receipts)
            self._keep(replace(receipts, waiting=waits.waiting))
            return waits
        is_over = isinstance(command, Pay | Cancel)
        visit = unless_forgotten(counter, receipts.front) if is_over else as_known(counter, receipts.front)
        preview = isinstance(command, Redeem) and command.preview
        if counter.may_wait and visit.reserving and isinstance(command, Redeem | Prepare | Pay) and not preview:
            return Behind(visit.reserving.id)
        done = answer(counter, visit, command, name)
        told_again = isinstance(command, Pay) and is_empty(visit) and done.code == "recorded_before"
        refused = isinstance(command, Pay | Cancel) and not done.ok
        if not (told_again or refused or preview):  # else whoever stands in front is not touched
            front = done.visit if is_empty(done.visit) else done.visit.touched(counter.now)
            done = aside.with_lost(done, self.receipts, receipts)
            self._keep(receipts.with_front(front).with_next_up(counter.now))
        return done

    def _do_reserved(self, counter: Counter, command: Command) -> Done:
        """On the receipt that waited, wherever it stands now; one that is over, or another's by now, waits no more."""
        assert counter.answer is not None and isinstance(command, OfReceipt)
        before = self.receipts
        visit = before.waiting_for(counter.answer.hold)
        if visit is None:
            raise Refused("hold_overtaken")
        after = replace(visit, hold=None, reserving=None)
        try:
            done = answer(counter, inside(counter, visit, counter.answer), command, visit.receipt)
            after = done.visit.touched(counter.now)
        finally:
            self._keep(before.instead(visit, after))
            end_holds(counter, command, before, self.receipts)
        return done

    def _keep(self, receipts: Receipts) -> None:
        receipts = receipts.with_front(self.turns.named(receipts.front))
        changed, self.receipts = receipts != self.receipts, receipts
        if changed:
            self.house.keep_receipts(receipts.visits, receipts.written)

    # for whoever only looks

    def next_number(self, today: date, receipts: Receipts) -> str:
        """What the till's page calls the next receipt that is keyed in there."""
        return self._keyed.next(today, receipts.visits)
