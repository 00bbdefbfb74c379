"""Whose account it is, and how he stands who is about to be let in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from hub.account.act import AccountAct, AccountAsked, mark_of, order_of, ordered, signed_in
from hub.account.narrowing import check_age
from hub.codes.checking import use
from hub.codes.first import told_first
from hub.hub import Hub
from hub.people.forms import confirm_form
from hub.people.orders import Done
from hub.people.registering import waits_until
from hub.people.who import Person, is_erased, people
from hub.store.seam import Reader
from loyalty.cards import status_at
from loyalty.phones import BadPhone, parse_phone
from sync.account.entering import Entered, EnterFirst
from sync.account.whose import AskEntrance, ConfirmPhone, Entrance, LoginTold, PhoneConfirmed, WhoseLogin


def whose_login(hub: Hub, asked: AccountAsked, body: WhoseLogin) -> LoginTold:
    """By a card, else by a phone that no other member has. The account tells nobody what came of it."""
    with hub.store.reading() as reader:
        found = called_so(reader, asked.programme, body.login)
        alone = len(found) == 1 and not is_erased(reader, found[0].member)
    return LoginTold(member=found[0].member if alone else "")


def enter_first(hub: Hub, asked: AccountAsked, body: EnterFirst) -> Entered:
    """By the code that an operator has read out (P18); it is good once."""
    member = whose_login(hub, asked, WhoseLogin(login=body.login)).member
    told_first(hub, asked.programme, member, "".join(body.digits.split()) or "-", f"account/{asked.key}")
    return Entered(member=member)


def entrance(hub: Hub, asked: AccountAsked, body: AskEntrance) -> Entrance:
    """Raises ActRefused: `member_gone` also for one who was erased, `too_young`."""
    now = hub.now()
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
    check_age(person.profile.birthday, hub.programmes[asked.programme].day(now))
    return Entrance(
        member=person.member,
        waits_until=waits_until(person, now) or "",
        all_blocked=_blocked(person, now),
        mark=mark_of(person),
    )


def confirm_phone(hub: Hub, asked: AccountAsked, body: ConfirmPhone) -> PhoneConfirmed:
    """The code has come to the phone that stands on his form: nothing is left for the form to wait for (P19)."""
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
    hub.within(lambda writer: use(hub, writer, body.proof, "confirm", person.profile.phone, person.member))
    return PhoneConfirmed(form=form_confirmed(hub, asked, person))


def form_confirmed(hub: Hub, asked: AccountAsked, person: Person) -> bool:
    """Whether there was one that waited."""
    if waits_until(person, hub.now()) is None:
        return False
    done: Done = ordered(lambda: confirm_form(hub, person.member, order_of(asked)))
    return done.changed


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
    "enter_first": AccountAct(takes=EnterFirst, do=enter_first, signed_in=False),
    "confirm_phone": AccountAct(takes=ConfirmPhone, do=confirm_phone),
    "entrance": AccountAct(takes=AskEntrance, do=entrance),
}
