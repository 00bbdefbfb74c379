"""What somebody wants of the chain away from the tills: of the office, in his account, of the online shop.

A story asks, hears the answer, and goes on, as one at a till does (simulator/story.py). Who tells it asks again, under
the same key, until the hub has answered: a story never sees that the hub was away, or that an answer was lost.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Any, Final

import msgspec

from hub.account.act import AccountAsked
from hub.account.acts import ACCOUNT_ACTS
from hub.desk.acts import ACTS, Asked
from hub.hub import Hub
from simulator.people import Person, Receipt

if TYPE_CHECKING:
    from simulator.world import World

CLERK: Final = ("p1", "Ольга")
SECOND: Final = ("p2", "Ира")


def nothing() -> None:
    """All is as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """`do` asks the hub under a key, and raises ActRefused or ShopRefused where it says no; `after_s`: so long the
    person takes before; `begins`: what is not certain any more as soon as it is asked."""

    what: str
    do: Callable[[Hub, str], Any]
    after_s: float = 5.0
    begins: Callable[[], None] = nothing

    def later(self, after_s: float, begins: Callable[[], None] = nothing) -> Ask:
        return replace(self, after_s=after_s, begins=begins)


@dataclass(frozen=True, slots=True)
class Refused:
    """The hub said no, and nothing was done."""

    code: str


Errand = Generator[Ask, Any, None]


@dataclass(frozen=True, slots=True)
class Matter:
    """`name` is the same in every playing of a plan, whatever else is left out of it; `person`: whose it is."""

    world: World
    name: str
    person: Person
    chance: Random

    def office(
        self, act: str, body: msgspec.Struct, by: tuple[str, str] = CLERK, begins: Callable[[], None] = nothing
    ) -> Ask:
        """At its desk, by somebody who may."""
        id, name = by

        def do(hub: Hub, key: str) -> Any:
            return ACTS[act].do(hub, Asked(id, name, "", "", self.world.programme, key), body)

        return Ask(what=act, do=do)

    def account(self, act: str, body: msgspec.Struct, person: Person | None = None) -> Ask:
        """By the member himself, who has signed in."""
        of = person or self.person

        def do(hub: Hub, key: str) -> Any:
            return ACCOUNT_ACTS[act].do(hub, AccountAsked(of.member, self.world.programme, key), body)

        return Ask(what=act, do=do)

    def concerns(self, person: Person) -> None:
        """Until it is over nobody knows for certain what he has."""
        self.world.oracle.asks(person.member, self.name)

    def of_nobody(self) -> tuple[Person, Receipt] | None:
        """Somebody's receipt of a purchase that earned him nothing, for he had shown no card."""
        found = [
            (one, receipt)
            for one in self.world.people
            for receipt in one.receipts
            if receipt.is_of_nobody and not self.world.desks.was_honoured(receipt)
        ]
        return self.chance.choice(found[-5:]) if found else None

    def honoured(self, person: Person, receipt: Receipt, points: int) -> None:
        """Its points are his. Raises Broken where they were somebody's before."""
        self.world.desks.honour(receipt, self.name, person)
        self.given(person, points)

    def given(
        self, person: Person, points: int, *, begins: datetime | None = None, ends: datetime | None = None
    ) -> None:
        """He is told that he has so many more until then, or less with a minus."""
        oracle, now = self.world.oracle, self.world.moments.now
        oracle.given(person.member, points, now, begins=begins, ends=ends, why=self.name)
