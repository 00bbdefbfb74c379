"""A member filled the form in (A8). Whoever has the phone already is one person with him, and welcomed once (A21)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from hub.bearing import Said
from hub.hub import Hub
from hub.members import UnknownCard
from hub.people.cards import merging
from hub.people.orders import NotDone, bear
from hub.people.who import Person, is_erased, people
from hub.store.records import ProfileRow
from hub.store.seam import Reader, Writer
from loyalty.bodies import Body, ConsentGiven, Grant, MemberRegistered, ProfileChanged
from loyalty.cards import form_confirmed_at, form_waits
from loyalty.consents import ConsentSource, ConsentTo
from loyalty.operation import utc_text
from loyalty.points_life import grant_times
from loyalty.programme import Programme

ENROLLED = "enrolled/"  # settings: what came of a form, by the key of whoever brought it


class Form(NamedTuple):
    """What it says besides the card. `phone` is E.164."""

    phone: str | None = None
    name: str | None = None
    birthday: str | None = None


class Signed(NamedTuple):
    """A document that came with the form, and its version."""

    what: ConsentTo
    document: str


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """`granted` None: he was registered before. `linked`: the member who has the phone, whose card it is now.
    `active_from`: when a form on paper becomes good by itself."""

    member: str
    granted: int | None
    linked: str | None = None
    active_from: str | None = None


class Standing(NamedTuple):
    """Whose card it is, and whoever else has the phone, as they stand in the transaction that registers."""

    person: Person
    others: Sequence[Person]


def nothing_more(writer: Writer, standing: Standing) -> None:
    """Whoever registers asks for nothing besides."""


class How(NamedTuple):
    """How the form came. `check` raises where something else is missing: only for one who is registered now, within the
    transaction. `key`: under which it is done once. `on_paper`: it is good after the programme's days (P19)."""

    consents: Sequence[Signed] = ()
    source: ConsentSource = "paper"
    on_paper: bool = False
    check: Callable[[Writer, Standing], None] = nothing_more
    key: str | None = None


PLAINLY = How()


def register_member(
    hub: Hub,
    card: str,
    programme: Programme,
    phone: str | None = None,
    *,
    form: Form | None = None,
    by: str | None = None,
    how: How = PLAINLY,
) -> Registered:
    """The cards become active, the welcome grant is given once. Raises UnknownCard, NotDone."""
    form = form or Form(phone)
    done: Registered | None = None

    def decide(writer: Writer) -> Said:
        nonlocal done
        kept = None if how.key is None else writer.setting(ENROLLED + how.key)
        if kept is not None:
            done = msgspec.json.decode(kept, type=Registered)
            return Said(())
        writer.locked_members([one.member for one in _concerned(writer, card, programme, form.phone)])
        person, *others = _concerned(writer, card, programme, form.phone)  # as they stay until this is written
        how.check(writer, Standing(person, others))
        if others:
            done, said = linked(person, others, card, form, programme, hub.now())
        else:
            done, said = alone(person, form, programme, hub.now(), on_paper=how.on_paper)
        return with_papers(said, done, how, hub.now())

    bear(hub, programme.id, decide, how.key, by)
    assert done is not None
    return done


def with_papers(said: Said, done: Registered, how: How, now: datetime) -> Said:
    """His consents, and what came of it under the key; of a form that changes nothing, nothing."""
    if not said.bodies:
        return said
    signed = how.consents if done.granted is not None or done.linked is not None else ()
    given = [
        ConsentGiven(
            member=done.member, what=one.what, given_at=utc_text(now), document=one.document, source=how.source
        )
        for one in signed
    ]
    kept = {} if how.key is None else {ENROLLED + how.key: msgspec.json.encode(done).decode()}
    return said._replace(bodies=[*said.bodies, *given], settings=kept)


def _to_register(reader: Reader, number: str, programme: Programme) -> Person:
    card = reader.cards([number]).get(number)
    if card is None:
        raise UnknownCard(
            f"No member has card {number}, so there is nobody to register. Issue it at a till (it is known here once"
            " its receipt has come), or import its holder from a table: pos-hub import FILE. A member who is here"
            f" already gets it as one more card: pos-hub member link {number} --to WHO."
        )
    (person,) = people(reader, [card.member])
    if person.row.programme != programme.id:
        raise UnknownCard(f"Card {number} is of the programme {person.row.programme}, not of {programme.id}.")
    if is_erased(reader, person.member):
        raise NotDone(f"The member of card {number} was erased: take another card.", code="member_erased")
    return person


def _concerned(reader: Reader, card: str, programme: Programme, phone: str | None) -> list[Person]:
    """Whose card it is, and whoever else has the phone."""
    person = _to_register(reader, card, programme)
    others = people(reader, reader.with_phone(programme.id, phone)) if phone else []
    return [person, *(one for one in others if one.member != person.member)]


def alone(
    person: Person, form: Form, programme: Programme, now: datetime, *, on_paper: bool = False
) -> tuple[Registered, Said]:
    """Whoever has neither a phone that another has, nor another's card: registered, or as he was."""
    if person.row.registered:
        waits = waits_until(person, now)
        if waits is not None and not on_paper:  # whose phone is proven since waits for no paper
            return Registered(member=person.member, granted=None), Said([MemberRegistered(member=person.member)])
        return Registered(member=person.member, granted=None, active_from=waits), Said(())
    good_at = form_confirmed_at(programme, now) if on_paper else now
    active_from = utc_text(good_at) if good_at > now else None
    bodies, granted = welcomed(person.member, programme, now, active_from)
    profile, changed = _filled(person.profile, form)
    registered = Registered(member=person.member, granted=granted, active_from=active_from)
    return registered, Said([*bodies, *changed], known=[profile], whole=True)


def waits_until(person: Person, now: datetime) -> str | None:
    """Until when his paper form is not good yet."""
    waits = [card.active_from for card in person.cards if form_waits(card.status, card.active_from, now)]
    return min((utc_text(one) for one in waits if one is not None), default=None)


def linked(
    person: Person, others: list[Person], card: str, form: Form, programme: Programme, now: datetime
) -> tuple[Registered, Said]:
    """R13: one phone is one person. Raises NotDone."""
    other = others[0]
    if len(others) > 1 or person.row.registered:
        raise NotDone(
            f"Phone {form.phone} is member {other.member}'s already. If it is one person:"
            f" pos-hub member merge {card} --into {other.member}",
            code="phone_taken",
        )
    deed = merging(person, other, confirmed=True)
    welcome: list[Body] = []
    granted: int | None = None
    if not other.row.registered:
        welcome, granted = welcomed(other.member, programme, now)
    profile, changed = _filled(deed.known[0], form)
    known = [profile, *deed.known[1:]]
    return Registered(member=other.member, granted=granted, linked=other.member), Said(
        [*deed.bodies, *welcome, *changed], known=known, whole=True
    )


def _filled(profile: ProfileRow, form: Form) -> tuple[ProfileRow, list[Body]]:
    """What the form says is the newest; what it does not say stays."""
    full = profile._replace(
        phone=form.phone or profile.phone,
        name=form.name or profile.name,
        birthday=form.birthday or profile.birthday,
    )
    changed = tuple(name for name in ("phone", "birthday", "name") if getattr(full, name) != getattr(profile, name))
    return full, [ProfileChanged(member=profile.member, changed=changed)] if changed else []


def welcomed(
    member: str, programme: Programme, now: datetime, active_from: str | None = None
) -> tuple[list[Body], int]:
    """`active_from`: of a form on paper; his points are there from the day that it was taken."""
    welcome = programme.grants.welcome
    registered = MemberRegistered(member=member, active_from=active_from)
    if welcome is None:
        return [registered], 0
    times = grant_times(programme, welcome, now)
    grant = Grant(
        member=member,
        points=welcome.points,
        reason="welcome",
        active_from=utc_text(times.active_from),
        expires_at=utc_text(times.expires_at) if times.expires_at else None,
    )
    return [registered, grant], welcome.points
