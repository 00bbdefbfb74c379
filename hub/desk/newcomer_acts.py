"""The office's operator registers somebody on the telephone who has no card (P18), and reads out the code with which he
comes into his account for the first time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from hub.account.narrowing import check_age
from hub.account.registering import Newcomer, register_here
from hub.codes.first import LIFE, give_first
from hub.desk.act import Act, ActRefused, Asked
from hub.desk.register_acts import birthday_of, name_of, phone_of, programme_of, refused_as, signed
from hub.hub import Hub
from hub.people.orders import Order
from hub.people.registering import Form, Signed
from hub.people.who import is_erased, person_called
from hub.store.seam import Writer
from sync.registration import FirstCodeBody, FirstCodeReply, NewcomerBody, NewcomerReply

HOUR: Final = timedelta(hours=1)


def register_new(hub: Hub, asked: Asked, body: NewcomerBody) -> NewcomerReply:
    """He has agreed aloud. Who has the phone already is somebody whom the operator looks up."""
    check_office(asked)
    programme = programme_of(hub, asked)
    phone, birthday = phone_of(body.phone), birthday_of(body.birthday, hub, programme)
    check_age(birthday, programme.day(hub.now()))

    def check(writer: Writer, member: str) -> None:
        if writer.with_phone(programme.id, phone):
            raise ActRefused("phone_taken", "a member has the phone")

    newcomer = Newcomer(
        form=Form(phone, name_of(body.name), birthday),
        consents=signed(hub, programme, body.rules, [Signed(one.what, one.document) for one in body.consents]),
        card="",
        check=check,
        source="phone",
    )
    order = Order(by=asked.by, key=asked.key, person=asked.person)
    with refused_as():
        done = register_here(hub, programme, newcomer, order)
    return NewcomerReply(member=done.member, card=done.card, granted=done.granted)


def first_code(hub: Hub, asked: Asked, body: FirstCodeBody) -> FirstCodeReply:
    check_office(asked)
    with refused_as(), hub.store.reading() as reader:
        person = person_called(reader, hub.programmes, body.card)
        if is_erased(reader, person.member):
            raise ActRefused("member_erased", "the member was erased")
    return FirstCodeReply(code=give_first(hub, person), hours=LIFE // HOUR)


def check_office(asked: Asked) -> None:
    """At a till he stands there, with his phone. Raises ActRefused."""
    if asked.till:
        raise ActRefused("not_at_a_till", "an operator of the office does it, on the telephone")


NEWCOMER_ACTS: Final[Mapping[str, Act]] = {
    "register_new": Act(takes=NewcomerBody, right="register_members", do=register_new),
    "first_code": Act(takes=FirstCodeBody, right="change_profiles", do=first_code),
}
