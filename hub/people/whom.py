"""Whom points are given: those who are named by their cards, or those whom some words find."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from hub.batches import batches
from hub.counted import counted
from hub.hub import Hub
from hub.members import shown
from hub.merges import erased_of
from hub.people.gifts import AT_ONCE, Given
from hub.people.orders import NotDone, check_programme
from hub.people.where import Where, found
from hub.people.who import Person, people
from hub.store.seam import Reader
from loyalty.member import POINTS_MAX
from loyalty.names import masked


class Gift(NamedTuple):
    """Points for whoever has this card. `line`: where it stands."""

    card: str
    points: int
    line: int = 0


class Share(NamedTuple):
    member: str
    points: int


class Looked(NamedTuple):
    """`shares` may be asked for more than once, and are the same as long as the ledger is looked at in one moment."""

    programme: str
    shares: Callable[[], Iterator[Share]]


class Size(NamedTuple):
    """Of all of it; `most`: for one member."""

    members: int
    points: int
    most: int


class Whom(Protocol):
    @property
    def where(self) -> str | None:
        """The words that find them, if it is words."""
        ...

    def looked(self, hub: Hub, reader: Reader) -> Looked:
        """Raises NotDone with all that is wrong."""
        ...

    def is_like(self, given: Given) -> bool:
        """Whether it was ordered for these, as far as that can be told without looking for them anew."""
        ...


class Named(NamedTuple):
    """By a card each, with points of their own."""

    gifts: Sequence[Gift]

    @property
    def where(self) -> str | None:
        return None

    def looked(self, hub: Hub, reader: Reader) -> Looked:
        shares, programmes, wrong = _named(reader, self.gifts)
        if not self.gifts:
            wrong.append("nobody is named")
        if len(programmes) > 1:
            wrong.append(f"they are members of several programmes: {', '.join(sorted(programmes))}")
        if wrong:
            raise NotDone(f"Nobody got any:\n{shown(wrong, len(wrong))}")
        (programme,) = programmes
        check_programme(hub, programme)
        return Looked(programme, lambda: iter(shares))

    def is_like(self, given: Given) -> bool:
        size = (len(self.gifts), sum(gift.points for gift in self.gifts))
        return given.where is None and (given.members, given.points) == size


class Found(NamedTuple):
    """All whom the words fit, with as many points each."""

    programme: str
    words: str
    wheres: Sequence[Where]
    points: int

    @property
    def where(self) -> str | None:
        return self.words

    def looked(self, hub: Hub, reader: Reader) -> Looked:
        if not 0 < self.points <= POINTS_MAX:
            raise NotDone(f"Nobody got any: {self.points} points are none to give.")
        check_programme(hub, self.programme)
        programme = hub.programmes[self.programme]
        now = hub.now()
        if next(found(reader, programme, self.wheres, now), None) is None:
            raise NotDone(f"Nobody got any: no member of {programme.id} is found by {self.words}.")
        return Looked(
            programme.id,
            lambda: (Share(member, self.points) for member in found(reader, programme, self.wheres, now)),
        )

    def is_like(self, given: Given) -> bool:
        each = given.points == self.points * given.members
        return each and (given.where, given.programme) == (self.words, self.programme)


def size_of(shares: Iterator[Share]) -> Size:
    members = points = most = 0
    for share in shares:
        members, points, most = members + 1, points + share.points, max(most, share.points)
    return Size(members, points, most)


def share_words(reader: Reader, shares: Sequence[Share]) -> list[str]:
    """«Анна П., card …0017: 300 points»: enough to see who is meant, and no more of anybody."""
    persons = {one.member: one for one in people(reader, [share.member for share in shares])}
    return [f"{_masked(persons.get(share.member))}: {counted(share.points, 'point')}" for share in shares]


def _masked(person: Person | None) -> str:
    if person is None:
        return "a member who is not there any more"
    cards = [f"card …{card.number[-4:]}" for card in person.cards if card.status != "replaced"]
    name = masked(person.profile.name) if person.profile.name else "a member without a name"
    return ", ".join([name, *cards[:1]])


def _twice(gift: Gift, other: Gift) -> str:
    if gift.card != other.card:
        return f"card {gift.card} is of the same member as card {other.card}"
    return f"card {gift.card} stands on line {other.line} too" if other.line else f"card {gift.card} is named twice"


def _named(reader: Reader, gifts: Sequence[Gift]) -> tuple[list[Share], set[str], list[str]]:
    """Each one's share, their programmes, and what is wrong with the others."""
    shares: list[Share] = []
    programmes: set[str] = set()
    wrong: list[str] = []
    before: dict[str, Gift] = {}
    for some in batches(gifts, AT_ONCE):
        cards = reader.cards([gift.card for gift in some])
        rows = reader.members({card.member for card in cards.values()})
        erased = erased_of(reader, rows)
        for gift in some:
            where = f"line {gift.line}: " if gift.line else ""
            card = cards.get(gift.card)
            if card is None:
                wrong.append(f"{where}nobody has card {gift.card}")
            elif gift.points <= 0:
                wrong.append(f"{where}{gift.points} points are none to give")
            elif (other := before.get(card.member)) is not None:
                wrong.append(f"{where}{_twice(gift, other)}")
            elif card.member in erased:
                wrong.append(f"{where}the member of card {gift.card} was erased")
            else:
                before[card.member] = gift
                shares.append(Share(card.member, gift.points))
                programmes.add(rows[card.member].programme)
    return shares, programmes, wrong
