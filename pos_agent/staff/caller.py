"""Who asks, and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from loyalty.operation import Channel
from loyalty.staff import Right, Role

FREE: Final[frozenset[Right]] = frozenset(("sell", "give_cards", "block_cards"))  # whatever tills did before


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`id` "": a POS, as far as its token goes. `name`: as operations name him; "": nobody was named."""

    id: str
    name: str
    role: Role


class Caller(NamedTuple):
    """Who a command comes from. `role`: what his token may; None: whoever stands at the till, and signs in there.
    `cashier`: as the POS names him. `guest`: from the guest's side, where nobody of the shop stands."""

    pos: str = ""
    channel: Channel | None = None
    role: Role | None = None
    cashier: str = ""
    guest: bool = False

    @property
    def place(self) -> str:
        """Where somebody has signed in: at the till itself, or at a POS with a name of its own."""
        return self.pos


AT_THE_TILL: Final = Caller()


class OverWhich(NamedTuple):
    """Amounts over which a second person answers for a step."""

    kopecks: int
    points: int


@dataclass(frozen=True, slots=True)
class Step:
    """What a second person answers for: of which kind, over how much (kopecks or points), of what (a receipt, a member;
    nothing that says who somebody is)."""

    what: str
    amount: int = 0
    of: str = ""
