"""Whom and what a case is about, so that whoever settles it need not look elsewhere: the member with his cards, the
card that its receipt names and whose that is, the points that were promised, what had spent them before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple

from hub.books.claims import claims_of
from hub.people.history import Act, history
from hub.people.who import Person, people
from hub.store.records import CaseKey, CaseRow, KeptOperation, Place
from hub.store.seam import Reader
from loyalty.bodies import Adjustment, Sale
from loyalty.kinds import maker_of
from loyalty.operation import BadOperation, Operation, read_operation
from loyalty.programme import Language

SPENT_MAX: Final = 5  # sales, the last: more were no answer
LATER_MAX: Final = 3  # operations that may be the one that somebody means


class Adjusted(NamedTuple):
    """Points that the office booked for it, less with a minus. `member`: as its operation names him."""

    member: str
    person: Person | None
    points: int


class About(NamedTuple):
    """`person`: whose account it is; None: nobody's, or nobody who is known. `card`: that the operation names, `owner`:
    whose it is now. `redeemed` and `earned`: points that a refused receipt told its customer and that
    nobody got since."""

    person: Person | None = None
    card: str | None = None
    owner: Person | None = None
    redeemed: int = 0
    earned: int = 0
    adjusted: tuple[Adjusted, ...] = ()

    def concerns(self) -> Iterator[str]:
        """Ids and cards of all who have to do with it."""
        if self.card is not None:
            yield self.card
        for one in (self.person, self.owner, *(each.person for each in self.adjusted)):
            if one is not None:
                yield one.member
                yield from (card.number for card in one.cards)


class Spent(NamedTuple):
    """A sale that took points of the account."""

    place: Place
    at: datetime
    points: int
    receipt: str


def about(reader: Reader, case: CaseRow) -> About:
    office = [place for place in case.others if maker_of(place.chain) == "office"]
    kept = reader.operations([case.place, *office])
    operation = _read(kept.get(case.place))
    card = _card(operation)
    redeemed, earned = _promised(operation) if case.kind == "refused" else (0, 0)
    if earned and claims_of(reader, [case.place]):  # they were given to whoever claimed it
        earned = 0
    return About(
        person=_person(reader, case.member),
        card=card,
        owner=_owner(reader, card),
        redeemed=redeemed,
        earned=earned,
        adjusted=tuple(_adjusted(reader, [kept[place] for place in office if place in kept])),
    )


def spent_before(reader: Reader, case: CaseRow, whose: Person) -> list[Spent]:
    """The last sales that took points of the account, booked before the case was opened: oldest first. Which of them
    came first is told by their own clocks, for the ledger's order of tills is not kept."""
    sales = (act for act in reversed(_acts(reader, whose)) if act.kind == "sale" and not act.refused)
    taken = (_spent(reader, place) for place in map(_place_of, sales) if not _is_it_or_behind(place, case))
    before = (spent for spent in taken if spent is not None and spent.at <= case.opened_at)
    return list(islice(before, SPENT_MAX))[::-1]


def later(reader: Reader, case: CaseRow, about: About, language: Language = "en") -> list[Act]:
    """The newest of what was recorded for the member or the card of a case after its operation."""
    whose = about.person or about.owner
    if whose is None:
        return []
    operation = _read(reader.operations([case.place]).get(case.place))
    since = operation.at if operation is not None else ""
    acts = [
        act for act in _acts(reader, whose, language) if not act.refused and act.at >= since and act.id != case.place.id
    ]
    return acts[-LATER_MAX:]


# the pieces


def _place_of(act: Act) -> Place:
    chain, generation, sequence = act.id.split("/")
    return Place(chain, int(generation), int(sequence))


def _is_it_or_behind(place: Place, case: CaseRow) -> bool:
    """The case's own operation, or later in its chain."""
    return place[:2] == case.place[:2] and place.sequence >= case.sequence


def _acts(reader: Reader, whose: Person, language: Language = "en") -> list[Act]:
    return history(reader, whose.member, [card.number for card in whose.cards], language)


def _read(kept: KeptOperation | None) -> Operation | None:
    try:
        return read_operation(kept.text) if kept is not None else None
    except BadOperation:  # refused, and of nobody
        return None


def _card(operation: Operation | None) -> str | None:
    body = operation.body if operation is not None else None
    card: str | None = getattr(body, "card", None) or getattr(body, "new_card", None)
    return card


def _promised(operation: Operation | None) -> tuple[int, int]:
    body = operation.body if operation is not None else None
    return (body.redeemed.points, body.accrued.points) if isinstance(body, Sale) else (0, 0)


def _person(reader: Reader, member: str | None) -> Person | None:
    return next(iter(people(reader, [member])), None) if member is not None else None


def _owner(reader: Reader, number: str | None) -> Person | None:
    card = reader.cards([number]).get(number) if number is not None else None
    return _person(reader, card.member) if card is not None else None


def _adjusted(reader: Reader, booked: list[KeptOperation]) -> Iterator[Adjusted]:
    for kept in booked:
        operation = _read(kept)
        if operation is not None and isinstance(operation.body, Adjustment) and kept.reason is None:
            member = operation.body.member
            yield Adjusted(member, _person(reader, member), operation.body.points)


def _spent(reader: Reader, place: Place) -> Spent | None:
    """What of its redemption was there: the rest became debt, and spent nothing."""
    operation = _read(reader.operations([place]).get(place))
    if operation is None or not isinstance(operation.body, Sale) or not operation.body.redeemed.points:
        return None
    debt = CaseKey(*place, "debt")
    case = reader.cases([debt]).get(debt)
    points = operation.body.redeemed.points - (case.cost_points if case is not None else 0)
    if points <= 0:
        return None
    return Spent(place, datetime.fromisoformat(operation.at), points, operation.body.sale.number)
