"""What the till asks the hub about a member, and what comes of it: nobody waits for either."""

from __future__ import annotations

from dataclasses import dataclass, field

from pos_agent.visit import ReceiptName
from sync.protocol import MemberNow


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """About whoever has this card, this phone (E.164), or this id: one of them. `receipt`: that which it is for, by its
    name, where it has one. `balance`: somebody only asks what is on the account, and no receipt is touched; `told`: the
    points that he has been told already, of the card of which he asked. `typed`: by hand, so that it may be a guess."""

    card: str | None = None
    phone: str | None = None
    member: str | None = None
    receipt: ReceiptName | None = None
    balance: bool = False
    told: int | None = None
    typed: bool = field(default=False, compare=False)  # how it was asked for, not what


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the hub said; `now` is None where no answer came."""

    inquiry: Inquiry
    now: MemberNow | None = None
