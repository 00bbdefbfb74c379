"""Who is signed in, as every page of the account shows it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from hub import feed
from hub.account.act import AccountAct, AccountAsked, signed_in
from hub.blanks.virtual import virtual_of
from hub.hub import Hub
from hub.messages.history import new_of
from hub.people.who import Person
from hub.store.records import CardRow
from hub.store.seam import Reader
from hub.tickets.asking import unread_of
from loyalty.cards import CardStatus, status_at
from loyalty.lots import Account, balance, next_expiry
from loyalty.points_life import last_day_of
from loyalty.programme import Programme
from loyalty.utc import utc_text
from sync.account.me import CardHere, Ending, Me, MeTold

ORDER: Final[tuple[CardStatus, ...]] = ("active", "issued", "pending", "blocked")  # in which cards are shown


class Here(NamedTuple):
    """Who is signed in, and what he has at this moment. `virtual`: of his cards; `held`: at tills, until they are done
    with it; `new`: messages that he has not seen;
    `answers`: tickets whose answer he has not."""

    person: Person
    virtual: Collection[str]
    account: Account
    held: int
    new: int
    answers: int = 0


def me(hub: Hub, asked: AccountAsked, body: Me) -> MeTold:
    now = hub.now()
    with hub.store.reading() as reader:
        found = here(reader, asked, now, body.seen)
    return told_of(hub.programmes[asked.programme], found, now)


def here(reader: Reader, asked: AccountAsked, now: datetime, seen: str) -> Here:
    """Raises ActRefused."""
    person = signed_in(reader, asked)
    account = feed.accounts(reader, [person.member], now)[person.member]
    virtual = virtual_of(reader, [card.number for card in person.cards])
    held = sum(hold.holds_at(now) for hold in reader.holds_of([person.member]))
    new, answers = new_of(reader, person.member, seen), unread_of(reader, person.member)
    return Here(person, virtual, account, held, new, answers)


def told_of(programme: Programme, found: Here, now: datetime) -> MeTold:
    person, virtual, account, held, new, answers = found
    return MeTold(
        member=person.member,
        registered=person.row.registered,
        name=person.profile.name or "",
        phone=person.profile.phone or "",
        points=balance(account, now),
        debt=account.debt,
        held=held,
        cards=cards_here(person.cards, virtual, now),
        ends=ending(programme, account, now),
        new=new,
        answers=answers,
    )


def cards_here(cards: tuple[CardRow, ...], virtual: Collection[str], now: datetime) -> tuple[CardHere, ...]:
    statuses = [(card, status_at(card.status, card.active_from, now)) for card in cards]
    shown = [
        CardHere(number=card.number, status=status, virtual=card.number in virtual)
        for card, status in statuses
        if status in ORDER
    ]
    return tuple(sorted(shown, key=lambda one: (ORDER.index(one.status), one.number)))


def ending(programme: Programme, account: Account, now: datetime) -> Ending | None:
    found = next_expiry(account, now)
    if found is None:
        return None
    points, at = found
    return Ending(points=points, at=utc_text(at), day=last_day_of(programme, at).isoformat())


ME_ACTS: Final[Mapping[str, AccountAct]] = {"me": AccountAct(takes=Me, do=me)}
