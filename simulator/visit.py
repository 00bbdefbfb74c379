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

    def keeps(self, paid: Reply) -> None:
        """The customer takes his receipt with him."""
        assert paid.told is not None
        day = self.world.day_of(self.till)
        sale = SaleNumber(day=day, number=self.number)
        told = paid.told
        receipt = Receipt(
            self.till,
            sale,
            earned=told.accrued.points,
            spent=told.redeemed.points,
            is_of_nobody=self.name not in self.world.oracle.whose,
        )
        self.person.receipts.append(receipt)
