"""Points that are reserved for a receipt before they are told: what a checkout answers while that is not decided, and
what comes of it. Who asks, and whom, is none of this file's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from loyalty.member import FreeBy
from pos_agent.visit import HoldsAt
from sync.protocol import HoldReply, HoldRequest


class HoldAnswer(NamedTuple):
    """`points` are reserved now, be it none, and `bound` says why fewer than were asked for; None: no answer came in
    time. `free`: how many there were for this receipt, where that was said; `held`: how many other receipts have. Of
    the shop's tills these were `silent`: what the others know stands all the same."""

    hold: str
    points: int | None = None
    bound: FreeBy | None = None
    silent: tuple[str, ...] = ()
    free: int | None = None
    held: int = 0


Reserves = Callable[[HoldRequest, Callable[[HoldAnswer], None]], None]
# Starts asking and comes back at once; calls back exactly once, from whatever thread, within RESERVE_S. Raises nothing.
OUTLIVES_QUOTE = timedelta(minutes=5)  # whoever was told at the last moment still has to pay
RESERVE_S = 0.3  # for the whole of it, however slowly an answer drips: a cashier waits no longer


@dataclass(frozen=True, slots=True)
class Reserve:
    """The command is not answered yet: this is to be asked first, and its answer is to come back."""

    request: HoldRequest
    at: HoldsAt


@dataclass(frozen=True, slots=True)
class Behind:
    """The command is not answered yet: it comes after the answer to this hold."""

    hold: str


def answer_of(request: HoldRequest, reply: HoldReply) -> HoldAnswer:
    """The hub's, as the receipt takes it; an answer to something else is none."""
    if reply.hold != request.hold:
        return HoldAnswer(request.hold)
    whole = reply.points >= request.points
    bound: FreeBy | None = None if whole else "held_elsewhere" if reply.held else "balance_newer"
    free = reply.free if whole else reply.points
    return HoldAnswer(request.hold, min(reply.points, request.points), bound, free=free, held=reply.held)
