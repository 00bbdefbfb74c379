"""What becomes of a command: what is said of it, or what must be asked before it can be answered."""

from __future__ import annotations

from collections.abc import Callable

from loyalty.basket import BadBasket
from pos_agent.after_command import note_done
from pos_agent.answers import Reply
from pos_agent.counter import Counter, Done
from pos_agent.errands import Errand
from pos_agent.guarding import let_nobody_guess, note_guess
from pos_agent.hearing import inquire
from pos_agent.holds import Behind, Reserve
from pos_agent.placing import front_for
from pos_agent.protocol import Command
from pos_agent.receipts import Receipts
from pos_agent.refused import Refused
from pos_agent.replying import refusal, reply_of
from pos_agent.staff.gate import admitted, done_with
from pos_agent.staff.proving import ProvePin
from pos_agent.visit import IllegalEvent

Waits = Reserve | Behind | Errand | ProvePin  # what must come first
Does = Callable[[Counter, Command], Done | Behind]


def outcome(counter: Counter, command: Command, do: Does, receipts: Callable[[], Receipts]) -> Waits | Reply:
    """`do` does it, or raises; `receipts`: as they are then. What is noted of it is noted once there is a reply."""
    before = counter.person  # whoever signs out is nobody afterwards
    answer = _answer(counter, command, do, receipts)
    if isinstance(answer, Reply):
        note_done(counter, command, answer, before)
    return answer


def _answer(counter: Counter, command: Command, do: Does, receipts: Callable[[], Receipts]) -> Waits | Reply:
    try:
        command = admitted(counter, command)
        let_nobody_guess(counter, command)
        done = do(counter, command)
    except (Errand, ProvePin) as first:
        return first
    except (Refused, IllegalEvent, BadBasket) as refused:
        if isinstance(refused, Refused):
            inquire(counter, command, refused.inquiry)
            note_guess(counter, command, refused.code, refused.inquiry)
        return refusal(counter, front_for(counter, receipts(), command), command, refused)
    if isinstance(done, Behind):
        return done
    inquire(counter, command, done.inquiry)
    note_guess(counter, command, done.code, done.inquiry)
    if done.reserve is not None:
        return done.reserve
    done_with(counter)
    return reply_of(counter, command, done)
