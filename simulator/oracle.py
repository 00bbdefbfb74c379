"""What must be true, by what cashier, guest and paper were told, and by nothing else.

It shares nothing with the program: plain sums for each member. It is asked at each answer, and at the end, when all
faults are over and every till has told the hub what it had to tell.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from pos_agent.answers import Reply
from pos_agent.protocol import Command, Pay
from simulator.broken import Broken


@dataclass(slots=True)
class Told:
    """Of one member: points by what happened to them."""

    began: int = 0
    earned: int = 0
    spent: int = 0
    given: int = 0


@dataclass(slots=True)
class Oracle:
    """`whose`: the member of a visit, by its name."""

    whose: dict[str, str] = field(default_factory=dict)
    members: defaultdict[str, Told] = field(default_factory=lambda: defaultdict(Told))
    paid: Counter[str] = field(default_factory=Counter)

    def told(self, till: str, visit: str, command: Command, reply: Reply, at: datetime) -> None:
        """Raises Broken."""
        member = self.whose.get(visit)
        if isinstance(command, Pay) and reply.code == "recorded" and member is not None and reply.told is not None:
            self.paid[visit] += 1
            self.members[member].earned += reply.told.accrued.points
            self.members[member].spent += reply.told.redeemed.points

    def ended(self, member: str, points: int) -> None:
        """What the hub's books say of him in the end. Raises Broken."""
        told = self.members[member]
        expected = told.began + told.given + told.earned - told.spent
        if points != expected:
            raise Broken("points are what was told", f"{member} has {points}, and was told of {expected}: {told}")
