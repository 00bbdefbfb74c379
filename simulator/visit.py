"""One visit: who comes to which till, under which number the POS rings it up, and the chance that is its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from loyalty.bodies import SaleNumber
from pos_agent.answers import Reply
from simulator.people import Person, Receipt
from simulator.story import Story

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

    @property
    def works_as(self) -> str:
        """What the till is called on papers: a copy of its disk is called so too."""
        return self.world.tills[self.till].till

    def is_of(self, person: Person) -> None:
        """Whoever shows his card is whose points they are."""
        self.world.oracle.whose[self.name] = person.member

    def has_new_card(self, person: Person, card: str) -> None:
        person.card = card

    def is_of_holder(self, card: str) -> None:
        """Of whoever gets this card: what he is called is known when it is his."""
        self.world.oracle.whose[self.name] = f"holder of {card}"

    def is_now(self, person: Person) -> Person:
        oracle = self.world.oracle
        holder = oracle.whose[self.name]
        oracle.merged(holder, person.member)
        oracle.whose[self.name] = person.member
        return person

    def brings(self, receipt: Receipt) -> None:
        """The points are those of whoever had bought."""
        self.world.oracle.goods.back_of[self.name] = receipt.visit
        if receipt.member is not None:
            self.world.oracle.whose[self.name] = receipt.member

    def beside(self, till: str, story: Callable[[Visit], Story]) -> None:
        """At the same time another till serves the same person, or one of his with his card in hand."""
        name = f"{self.name}+"
        chance = self.world.stream(f"visit/{name}")
        other = Visit(self.world, till, name, f"{self.number}-{self.till}", self.person, chance)
        self.world.cashiers[till].serve(name, story(other))

    def later(self, after_s: float, story: Story) -> None:
        """Somebody comes back to this till, to what he has begun; where it is there still."""
        name = f"{self.name}+"
        if (member := self.world.oracle.whose.get(self.name)) is not None:
            self.world.oracle.whose[name] = member
        self.world.oracle.goes_on(self.name, name)

        def back() -> None:
            if (cashier := self.world.cashiers.get(self.till)) is not None:
                cashier.serve(name, story)

        self.world.moments.after(after_s, back)

    def keeps(self, paid: Reply) -> None:
        """The customer takes his receipt with him."""
        assert paid.told is not None
        told = paid.told
        receipt = Receipt(
            visit=self.name,
            till=self.works_as,
            sale=SaleNumber(day=self.world.day_of(self.till), number=self.number),
            member=self.world.oracle.whose.get(self.name),
            earned=told.accrued.points,
            spent=told.redeemed.points,
            bought={line.id: sum(int(one.quantity) for one in line.positions) for line in told.lines},
        )
        self.person.receipts.append(receipt)

    def throws_away(self, number: str) -> None:
        """His receipt of today under this number: the number means a newer one, whatever goods he has in mind."""
        told = (self.works_as, self.world.day_of(self.till), number)
        self.person.receipts[:] = [
            one for one in self.person.receipts if (one.till, one.sale.day, one.sale.number) != told
        ]
