"""A card that a member has in his hand becomes his in the account (A5, A9): a blank that nobody has, or one that was
handed over with a purchase, with the points that it has earned.

Whoever types numbers one after another would find other people's: of each number that is no such card he is told the
same, and he may try so many in a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, NamedTuple

import msgspec

from hub import feed
from hub.account.act import AccountAct, AccountAsked, order_of, ordered, signed_in
from hub.blanks.free import is_blank
from hub.card_orders.giving import given_to
from hub.card_orders.order import is_open
from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.people.cards import link, merge
from hub.people.orders import NotDone
from hub.people.who import Person, people
from hub.store.office_records import CardOrderRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.cards import form_waits
from loyalty.lots import balance
from loyalty.programme import Programme
from sync.account.cards import CardDone, LinkCard

TRIES_A_DAY: Final = 5
TRIES: Final = "card_tries/"  # settings, by member or hidden phone: how many numbers were typed on which day
CARDS_MAX: Final = 10  # of one member, that are good: a family has fewer
GOOD: Final = ("active", "issued", "pending")

What = Literal["his", "nobodys", "handed_over", "ordered"]


class _Tries(msgspec.Struct, frozen=True):
    day: str
    count: int = 0


class _Found(NamedTuple):
    """`what` None: no card that he may take. `points`: that come with it; `order`: for which it was made."""

    what: What | None
    member: str
    left: int = 0
    points: int = 0
    order: CardOrderRow | None = None


def link_card(hub: Hub, asked: AccountAsked, body: LinkCard) -> CardDone:
    number = typed_number(body.card)
    found = hub.within(lambda writer: _tried(hub, writer, asked, number))
    if found.what is None:
        raise ActRefused("card_not_found", "no card that he may take", tries_left=found.left)
    if found.what == "his":
        return CardDone(card=number, changed=False)
    order = order_of(asked)
    if (made := found.order) is not None:
        ordered(lambda: given_to(hub, made, order))
        return CardDone(card=number)
    if found.what == "nobodys":
        done = ordered(lambda: link(hub, number, found.member, order))
    else:
        done = ordered(lambda: merge(hub, number, found.member, order, check=nobodys_yet))
    return CardDone(card=number, changed=done.changed, points=found.points)


def typed_number(text: str) -> str:
    """As it stands on the card, in groups perhaps."""
    return "".join(text.split()).replace("-", "")


def _tried(hub: Hub, writer: Writer, asked: AccountAsked, number: str) -> _Found:
    """Every number that is not his counts, also a right one. Raises ActRefused."""
    writer.locked_members([signed_in(writer, asked).member])
    person, rules, now = signed_in(writer, asked), hub.programmes[asked.programme], hub.now()
    if any(card.number == number for card in person.cards):
        return _Found("his", person.member)
    check_room(person, now)
    day = rules.day(now).isoformat()
    left = min(one_try(writer, who, day) for who in _counted_by(hub, person))
    return _found(writer, rules, person, number, now)._replace(left=left)


def _counted_by(hub: Hub, person: Person) -> list[str]:
    """Also by his phone, as the hub hides it: by that his tries were counted when he registered."""
    phone = person.profile.phone
    return [person.member, hub.codes.phone(phone)] if phone else [person.member]


def one_try(writer: Writer, who: str, day: str) -> int:
    """How many are left of somebody's numbers of a day. Raises ActRefused."""
    tries = _tries(writer, who, day)
    if tries.count >= TRIES_A_DAY:
        raise ActRefused("card_tries", "he has typed too many numbers today", tries_left=0)
    count = msgspec.structs.replace(tries, count=tries.count + 1)
    writer.write(Rows(settings={TRIES + who: msgspec.json.encode(count).decode()}))
    return TRIES_A_DAY - count.count


def check_room(person: Person, now: datetime) -> None:
    """Raises ActRefused."""
    if any(form_waits(card.status, card.active_from, now) for card in person.cards):
        raise ActRefused("form_waits", "another card would be good before his form on paper is")
    if sum(card.status in GOOD for card in person.cards) >= CARDS_MAX:
        raise ActRefused("too_many_cards", f"he has {CARDS_MAX} cards")


def _tries(reader: Reader, member: str, day: str) -> _Tries:
    kept = reader.setting(TRIES + member)
    tries = msgspec.json.decode(kept, type=_Tries) if kept is not None else _Tries(day)
    return tries if tries.day == day else _Tries(day)


def _found(reader: Reader, rules: Programme, person: Person, number: str, now: datetime) -> _Found:
    card = reader.cards([number]).get(number)
    if card is None:
        return _blank(reader, rules, person, number)
    (owner,) = people(reader, [card.member])
    try:
        nobodys_yet(owner)
    except NotDone:
        return _Found(None, person.member)
    if card.status != "issued" or owner.row.programme != rules.id:
        return _Found(None, person.member)
    points = balance(feed.accounts(reader, [owner.member], now)[owner.member], now)
    return _Found("handed_over", person.member, points=points)


def _blank(reader: Reader, rules: Programme, person: Person, number: str) -> _Found:
    """One that was made for an order is his alone who has ordered it."""
    made = [row for row in reader.card_orders_with([number]) if is_open(row)]
    if not made:
        return _Found("nobodys" if is_blank(reader, rules, number) else None, person.member)
    his = [row for row in made if person.member in {one.member for one in people(reader, [row.member])}]
    if not his or his[0].state == "made":
        return _Found(None, person.member)
    return _Found("ordered", person.member, order=his[0])


def nobodys_yet(person: Person) -> None:
    """A card was handed over, and who has it has never said who he is. Raises NotDone."""
    known = any((person.profile.phone, person.profile.name, person.profile.birthday))
    taken = any(card.status not in ("issued", "replaced") for card in person.cards)
    if person.row.registered or known or taken:
        raise NotDone("The card is another member's.", code="card_not_found")


CARD_LINK_ACTS: Final[Mapping[str, AccountAct]] = {"card_link": AccountAct(takes=LinkCard, do=link_card)}
