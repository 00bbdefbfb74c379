"""Whose account it is, and how he stands who is about to be let in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from hub.account.act import AccountAct, AccountAsked, signed_in
from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.people.registering import waits_until
from hub.people.who import Person, is_erased, people
from hub.store.seam import Reader
from loyalty.cards import status_at
from loyalty.phones import BadPhone, parse_phone
from sync.account.whose import AskEntrance, Entrance, LoginTold, WhoseLogin

AGE_MIN: Final = 14  # years: younger ones make no contract of their own (Civil Code, article 28)


def whose_login(hub: Hub, asked: AccountAsked, body: WhoseLogin) -> LoginTold:
    """By a card, else by a phone that no other member has. The account tells nobody what came of it."""
    with hub.store.reading() as reader:
        found = called_so(reader, asked.programme, body.login)
        alone = len(found) == 1 and not is_erased(reader, found[0].member)
    return LoginTold(member=found[0].member if alone else "")


def entrance(hub: Hub, asked: AccountAsked, body: AskEntrance) -> Entrance:
    """Raises ActRefused: `member_gone` also for one who was erased, `too_young`."""
    now = hub.now()
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
        if is_erased(reader, person.member):
            raise ActRefused("member_gone", "the member was erased")
    check_age(person, hub.programmes[asked.programme].day(now))
    return Entrance(member=person.member, waits_until=waits_until(person, now) or "", all_blocked=_blocked(person, now))


def check_age(person: Person, today: date) -> None:
    """Nobody has an account of his own who is under 14; whose birthday is not known is believed. Raises ActRefused."""
    born = person.profile.birthday
    if born is not None and years_old(date.fromisoformat(born), today) < AGE_MIN:
        raise ActRefused("too_young", f"the member is under {AGE_MIN}")


def years_old(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def called_so(reader: Reader, programme: str, login: str) -> list[Person]:
    """Members of the programme who have this card, else this phone."""
    cards = reader.cards(["".join(login.split())])
    found = people(reader, [card.member for card in cards.values()])
    if not found:
        found = people(reader, _with_phone(reader, programme, login))
    return [one for one in found if one.row.programme == programme]


def _with_phone(reader: Reader, programme: str, login: str) -> list[str]:
    try:
        return list(reader.with_phone(programme, parse_phone(login)))
    except BadPhone:
        return []


def _blocked(person: Person, now: datetime) -> bool:
    statuses = [status_at(card.status, card.active_from, now) for card in person.cards]
    here = [status for status in statuses if status != "replaced"]
    return bool(here) and all(status == "blocked" for status in here)


WHOSE_ACTS: Final[Mapping[str, AccountAct]] = {
    "whose_login": AccountAct(takes=WhoseLogin, do=whose_login, signed_in=False),
    "entrance": AccountAct(takes=AskEntrance, do=entrance),
}
