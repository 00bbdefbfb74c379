"""Forms on paper (P19): a card is good when the programme's days are over, or when somebody has looked at the form."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from hub.hub import Hub
from hub.people.orders import Deed, Done, NotDone, Order, check_not_erased, ordered
from hub.people.who import Person, people
from hub.store.records import CardRow
from hub.store.seam import Writer
from loyalty.bodies import MemberRegistered
from loyalty.cards import form_confirmed_at, form_waits

DAYS_MAX: Final = 366  # no form waits longer (config/programmes.py)
SHOWN_MAX: Final = 200  # in one look: more is no list for people
DAY: Final = timedelta(days=1)


class Waiting(NamedTuple):
    """A card whose form is not good yet. `days`: so many begun ones are left."""

    card: str
    member: str
    programme: str
    taken_at: datetime
    active_from: datetime
    days: int


def waiting_forms(hub: Hub, programme: str | None = None, most: int = SHOWN_MAX) -> list[Waiting]:
    """Those that become good next come first."""
    now = hub.now()
    with hub.store.reading() as reader:
        cards = [card for card in reader.due_cards(now + timedelta(days=DAYS_MAX), most) if _waits(card, now)]
        persons = {person.member: person for person in people(reader, [card.member for card in cards])}
    found = (_waiting(hub, card, persons[card.member], now) for card in cards if card.member in persons)
    return [one for one in found if one is not None and programme in (None, one.programme)]


def _waiting(hub: Hub, card: CardRow, person: Person, now: datetime) -> Waiting | None:
    programme = hub.programmes.get(person.row.programme)
    assert card.active_from is not None
    if programme is None:
        return None
    taken_at = card.active_from - (form_confirmed_at(programme, now) - now)
    days = -((now - card.active_from) // DAY)
    return Waiting(card.number, person.member, programme.id, taken_at, card.active_from, days)


def _waits(card: CardRow, now: datetime) -> bool:
    return form_waits(card.status, card.active_from, now)


def confirm_form(hub: Hub, whom: str, order: Order) -> Done:
    """Somebody has looked at it before its days are over: the cards are good now. Raises NotDone."""

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        check_not_erased(writer, person)
        if any(_waits(card, now) for card in person.cards):
            words = f"The form of member {person.member} is confirmed: his cards are good."
            return Deed(words, [MemberRegistered(member=person.member)])
        if person.row.registered:
            return Deed(f"No form of member {person.member} waits any more.")
        raise NotDone(f"Nobody took a form of member {person.member}.", code="no_form")

    return ordered(hub, whom, order, decide)
