"""Somebody registers by himself, in his account (A1, A5, A8, P17, P29), and his phone is proven by a code.

Who has the phone already is that member, and welcomed once (A21). A card in his hand becomes his where it is nobody's:
a blank, or one that was handed over with a purchase and never registered. Who has no card gets a virtual number.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from hub.account.card_link_acts import nobodys_yet
from hub.bearing import Said
from hub.blanks.free import is_blank
from hub.blanks.virtual import File, ahead
from hub.card_orders.order import is_open
from hub.hub import Hub
from hub.members import new_ids
from hub.people.orders import NotDone, Order, bear
from hub.people.registering import ENROLLED, Form, How, Registered, Signed, alone, linked, welcomed, with_papers
from hub.people.who import Person, people
from hub.store.records import ProfileRow
from hub.store.seam import Reader, Writer
from loyalty.bodies import Body, CardLinked, MemberJoined
from loyalty.consents import ConsentSource
from loyalty.operation import ACCOUNT_CHAIN
from loyalty.programme import Programme
from sync.account.entering import Enrolled


def nothing_more(writer: Writer, member: str) -> object:
    """He asks for nothing besides."""
    return None


class Newcomer(NamedTuple):
    """What he says of himself; the phone is E.164. `card`: in his hand, "" for none. `check`: raises within the
    transaction, where it is told who he is from now on."""

    form: Form
    consents: Sequence[Signed]
    card: str
    check: Callable[[Writer, str], object] = nothing_more
    source: ConsentSource = "site"


class _There(NamedTuple):
    person: Person | None  # who has the phone
    holder: Person | None  # who has the card


def register_here(hub: Hub, programme: Programme, newcomer: Newcomer, order: Order) -> Enrolled:
    """Raises NotDone, ActRefused."""
    done: Enrolled | None = None

    def decide(writer: Writer) -> Said:
        nonlocal done
        kept = writer.setting(f"{ENROLLED}{order.key}")
        if kept is not None:
            done = msgspec.json.decode(kept, type=Enrolled)
            return Said(())
        done, said = _registered(hub, writer, programme, newcomer)
        newcomer.check(writer, done.member)
        return said._replace(settings={f"{ENROLLED}{order.key}": msgspec.json.encode(done).decode()}, whole=True)

    bear(hub, programme.id, decide, order.key, order.by, chain=order.chain)
    assert done is not None
    return done


def _registered(hub: Hub, writer: Writer, programme: Programme, newcomer: Newcomer) -> tuple[Enrolled, Said]:
    there = _there(writer, programme, newcomer)
    writer.locked_members([one.member for one in there if one is not None])
    person, holder = _there(writer, programme, newcomer)  # as they stay until this is written
    if holder is not None and (person is None or holder.member != person.member):
        return _with_his_card(hub, programme, newcomer, person, holder)
    number = _number(hub, writer, programme, newcomer, person, holder)
    if person is None:
        return _born(hub, programme, newcomer, number)
    return _known(hub, programme, newcomer, person, number)


def _there(reader: Reader, programme: Programme, newcomer: Newcomer) -> _There:
    """Raises NotDone."""
    phone, card = newcomer.form.phone, newcomer.card
    known = people(reader, reader.with_phone(programme.id, phone)) if phone else []
    if len(known) > 1:
        raise NotDone("Several members have the phone.", code="several_here")
    row = reader.cards([card]).get(card) if card else None
    holder = people(reader, [row.member])[0] if row is not None else None
    person = known[0] if known else None
    if holder is not None and (person is None or holder.member != person.member):
        _check_card(row.status if row is not None else "", holder, programme)
    return _There(person, holder)


def _check_card(status: str, holder: Person, programme: Programme) -> None:
    """Raises NotDone, which says nothing of whose it is."""
    nobodys_yet(holder)
    if status != "issued" or holder.row.programme != programme.id:
        raise NotDone("The card is no good, or of another programme.", code="card_not_found")


def _number(
    hub: Hub, writer: Writer, programme: Programme, newcomer: Newcomer, person: Person | None, holder: Person | None
) -> str:
    """Of the card that becomes his besides those that he has; "": none. Raises NotDone."""
    if holder is not None:
        return ""
    if newcomer.card:
        taken = any(is_open(row) for row in writer.card_orders_with([newcomer.card]))
        if taken or not is_blank(writer, programme, newcomer.card):
            raise NotDone("The card is none that nobody has.", code="card_not_found")
        return newcomer.card
    if person is not None and person.cards:
        return ""
    file = File(ACCOUNT_CHAIN, programme.id, "")
    found = ahead(writer, programme, file, 1, draw=secrets.randbelow, now=hub.now())
    return found[0] if found else ""


def _born(hub: Hub, programme: Programme, newcomer: Newcomer, number: str) -> tuple[Enrolled, Said]:
    """Nobody knew him."""
    member, form, now = next(new_ids()), newcomer.form, hub.now()
    bodies, granted = welcomed(member, programme, now)
    joined = MemberJoined(member=member, card=number or None, registered=False)
    profile = ProfileRow(member, form.phone, form.birthday, (), form.name)
    said = Said([joined, *bodies], [profile])
    done = Registered(member=member, granted=granted)
    return Enrolled(member=member, granted=granted, card=number), _with_consents(said, done, newcomer, now)


def _known(hub: Hub, programme: Programme, newcomer: Newcomer, person: Person, number: str) -> tuple[Enrolled, Said]:
    """He has a phone that is known here."""
    now = hub.now()
    done, said = alone(person, newcomer.form, programme, now)
    card: list[Body] = [CardLinked(member=person.member, card=number)] if number else []
    said = _with_consents(said, done, newcomer, now)
    return _told(done, person, number), said._replace(bodies=[*said.bodies, *card])


def _with_his_card(
    hub: Hub, programme: Programme, newcomer: Newcomer, person: Person | None, holder: Person
) -> tuple[Enrolled, Said]:
    """A card that was handed over and never registered, with what it has earned."""
    now, form = hub.now(), newcomer.form
    if person is None:
        done, said = alone(holder, form, programme, now)
    else:
        done, said = linked(holder, [person], newcomer.card, form, programme, now)
    return _told(done, person, newcomer.card), _with_consents(said, done, newcomer, now)


def _with_consents(said: Said, done: Registered, newcomer: Newcomer, now: datetime) -> Said:
    """Of one who is registered now."""
    consents = newcomer.consents if done.granted is not None else ()
    return with_papers(said, done, How(consents=consents, source=newcomer.source), now)


def _told(done: Registered, person: Person | None, card: str) -> Enrolled:
    was_here = person is not None and person.row.registered
    return Enrolled(member=done.member, was_here=was_here, granted=done.granted or 0, card=card)
