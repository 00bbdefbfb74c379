"""Whose receipt a guest means: what he typed counts for the visit that he saw, and for no other.

He is slow, the queue is not: between his first digit and his last one the cashier may have finished with him. So his
command names the visit, and where money is concerned the quote, that stood on his display.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from pos_agent.protocol import Code, Command, OfReceipt, Phone, Prepare, Redeem
from pos_agent.visit import Visit, is_empty

PHONE_TRIES_MAX: Final = 5  # of one visit: a finger slips twice, and whoever looks members up needs hundreds


class Turns:
    """The names of visits: each has its own from its first fact on, and keeps it when it is put aside."""

    def __init__(self, new_turn: Callable[[], str]) -> None:
        self._new_turn = new_turn
        self._next = new_turn()

    def of(self, visit: Visit) -> str:
        """Of the one in front; while it is nobody's yet, that of the one that begins next."""
        return visit.turn or self._next

    def named(self, visit: Visit) -> Visit:
        """With its name, where it has begun."""
        if visit.turn or is_empty(visit):
            return visit
        named = replace(visit, turn=self._next)
        self._next = self._new_turn()
        return named


class Seen(NamedTuple):
    """What stood on the guest's display when he sent a command."""

    turn: str
    quote: str | None = None


class GuestSide:
    """In the agent's loop alone. Dropping a card begins no new visit, so it gives no new tries either."""

    def __init__(self) -> None:
        self._turn = ""
        self._tries = 0

    def refusal(self, seen: Seen, command: Command, visit: Visit, turn: str) -> str | None:
        """Why this one is not done, as a code; None: it may go on to its desk."""
        if seen.turn != turn:
            return "guest_turn_over"
        if isinstance(command, Redeem) and command.preview:
            return None
        if visit.prepared or visit.retold is not None:  # his money is being taken for what was told
            return "guest_too_late"
        if isinstance(command, Redeem | Prepare) and seen.quote != visit.quote:
            return "guest_sum_changed"
        if isinstance(command, Phone | Code) and not self._may_try(turn):
            return "guest_tries_over"
        return None

    def _may_try(self, turn: str) -> bool:
        self._tries = self._tries + 1 if turn == self._turn else 1
        self._turn = turn
        return self._tries <= PHONE_TRIES_MAX


def of_front(command: OfReceipt, visit: Visit) -> OfReceipt:
    """The command by the name of the receipt in front: without one, a card would be kept for the next customer."""
    name = visit.receipt
    if name is None:
        return command
    said: dict[str, Any] = {"sale": name.number, "day": name.day or None, "shift": name.shift or None}
    return replace(command, **said, pos=name.pos or None)
