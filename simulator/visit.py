"""One visit: who comes to which till, under which number the POS rings it up, and the chance that is its own."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from loyalty.bodies import SaleNumber
from pos_agent.answers import Reply
from simulator.people import Person, Receipt

if TYPE_CHECKING:
    from simulator.world import World


@dataclass(frozen=True, slots=True)
class Visit:
    """`name` is the same in every playing of a plan, whatever else is left out of it."""

    world: World
    till: str
    name: str
    number: str
    person: Person
    chance: Random

    def is_of(self, person: Person) -> None:
        """Whoever shows his card is whose points they are."""
        self.world.oracle.whose[self.name] = person.member

    def brings(self, receipt: Receipt) -> None:
        """The points are those of whoever had bought."""
        self.world.oracle.goods.back_of[self.name] = receipt.visit
        if receipt.member is not None:
            self.world.oracle.whose[self.name] = receipt.member

    def keeps(self, paid: Reply) -> None:
        """The customer takes his receipt with him."""
        assert paid.told is not None
        told = paid.told
        receipt = Receipt(
            visit=self.name,
            till=self.world.tills[self.till].till,
            sale=SaleNumber(day=self.world.day_of(self.till), number=self.number),
            member=self.world.oracle.whose.get(self.name),
            earned=told.accrued.points,
            spent=told.redeemed.points,
            bought={line.id: sum(int(one.quantity) for one in line.positions) for line in told.lines},
        )
        self.person.receipts.append(receipt)
