"""The members of a chain, and what each has in his pocket: cards, papers, and what he was told of his points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final
from zlib import crc32

from hub.members import NewMember
from loyalty.bodies import SaleNumber
from loyalty.card_numbers import make_number
from loyalty.programme import Programme

POINTS_AT_FIRST: Final = (0, 70, 3_000)
BLANKS_FROM: Final = 500_000  # the numbers of cards that nobody has yet
BLANKS_AWAY_FROM: Final = 700_000
BLANKS_AWAY: Final = 100_000


@dataclass(slots=True, eq=False)
class Receipt:
    """What a customer has in his hand: of which till, under which number, whose points, and what was told of it. `has`:
    how many of each line he has not brought back, of those that he `bought`."""

    visit: str
    till: str
    sale: SaleNumber
    member: str | None
    earned: int
    spent: int
    bought: dict[str, int]
    has: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.has = dict(self.bought)

    @property
    def is_of_nobody(self) -> bool:
        """No card was shown."""
        return self.member is None

    def gives(self, goods: Mapping[str, int]) -> None:
        for line, count in goods.items():
            self.has[line] = max(0, self.has[line] - count)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A paper with so much on it when it was sold."""

    number: str
    text: str
    pin: str
    kopecks: int


@dataclass(slots=True)
class Person:
    """`lost`: cards that he has blocked; `kin`: who come with a card of their own that he got them. `pocket` of
    whatever else he has, by what it is called: the stories' own."""

    member: str
    card: str
    phone: str
    receipts: list[Receipt] = field(default_factory=list)
    coupons: list[str] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    kin: list[Person] = field(default_factory=list)
    pocket: dict[str, list[str]] = field(default_factory=dict)

    def has(self, what: str) -> list[str]:
        return self.pocket.setdefault(what, [])


def people(rules: Programme, count: int) -> list[Person]:
    return [
        Person(member=f"m{number}", card=_card(rules, number), phone=f"+7916000{number:04}") for number in range(count)
    ]


def till_blank(rules: Programme, name: str) -> str:
    """A card of a till's drawer, that nobody has, by the name of the visit that takes it."""
    return _card(rules, BLANKS_FROM + crc32(name.encode()) % BLANKS_AWAY)


def away_blank(rules: Programme, name: str) -> str:
    """One that somebody has found at home, by the name of what he does with it."""
    return _card(rules, BLANKS_AWAY_FROM + crc32(name.encode()) % BLANKS_AWAY)


def _card(rules: Programme, serial: int) -> str:
    return make_number(rules.cards.schemes[0], serial)


def as_members(everybody: list[Person], programme: str, chance: Random) -> list[NewMember]:
    """As the hub's import takes them."""
    return [
        NewMember(
            line=line,
            programme=programme,
            card=one.card,
            phone=one.phone,
            points=chance.choice(POINTS_AT_FIRST),
            registered=line % 4 != 0,
            birthday=None,
            favourites=(),
            member=one.member,
        )
        for line, one in enumerate(everybody, start=2)
    ]


def shares(count: int, skew: float) -> list[float]:
    """How often each of them comes."""
    return [1.0 / (place**skew) for place in range(1, count + 1)]
