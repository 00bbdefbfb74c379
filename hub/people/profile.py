"""Orders for what is known of a person. Operations say who changed which of it and when, never what it was or is."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

from hub.codes.forgetting import forget
from hub.files import values
from hub.files.reasons import BadValue
from hub.hub import Hub
from hub.people.consents import standing_consents, withdrawn
from hub.people.history import gone_into
from hub.people.orders import Deed, Done, NotDone, Order, check_reason, ordered
from hub.people.who import Person, is_erased, person_called
from hub.store.records import ERASED, OnceRow, ProfileRow
from hub.store.seam import Writer
from loyalty.bodies import Body, CardBlocked, ProfileChanged
from loyalty.emails import BadEmail, parse_email
from loyalty.names import LETTERS_MAX, given_first
from loyalty.phones import BadPhone, parse_phone
from loyalty.possible import is_text

ALL: Final = ProfileRow._fields[1:]


def asked_nothing(writer: Writer, person: Person) -> None:
    """The office answers for it alone."""


def change_phone(
    hub: Hub,
    whom: str,
    text: str,
    order: Order,
    check: Callable[[Writer, Person], None] = asked_nothing,
    *,
    quiet: bool = False,
) -> Done:
    """`text` "": he has none any more. `check` raises where something else is missing, within the transaction. `quiet`:
    nothing is said of a number that is somebody's before that."""
    try:
        number = parse_phone(text) if text else None
    except BadPhone as error:
        raise NotDone(f"Phone {error}.", code="bad_phone_told") from error

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        changes = person.profile.phone != number
        if changes and quiet:
            check(writer, person)
        others = writer.with_phone(person.row.programme, number) if number else []
        others = [one for one in others if one != person.member]
        if others:
            raise NotDone(
                f"Phone {number} is member {others[0]}'s. If the two are one person:"
                f" pos-hub member merge {person.member} --into {others[0]}",
                code="phone_taken",
            )
        if changes and not quiet:
            check(writer, person)
        return _changed(writer, person, "phone", number)

    return ordered(hub, whom, order, decide)


def change_email(
    hub: Hub,
    whom: str,
    text: str,
    order: Order,
    check: Callable[[Writer, Person], None] = asked_nothing,
) -> Done:
    """`text` "": he has none any more. `check`: as of a phone."""
    try:
        email = parse_email(text) if text else None
    except BadEmail as error:
        raise NotDone(f"The address {error}.", code="bad_email") from error

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        if person.profile.email != email:
            check(writer, person)
        return _changed(writer, person, "email", email)

    return ordered(hub, whom, order, decide)


def change_birthday(
    hub: Hub,
    whom: str,
    text: str,
    order: Order,
    check: Callable[[Writer, Person], None] = asked_nothing,
) -> Done:
    try:
        day = values.birthday(text, hub.now().date())
    except BadValue as error:
        raise NotDone(f"{error.words[:1].upper()}{error.words[1:]}.", code="bad_birthday") from error

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        if person.profile.birthday != day:
            check(writer, person)
        return _changed(writer, person, "birthday", day)

    return ordered(hub, whom, order, decide)


def change_name(hub: Hub, whom: str, text: str, order: Order) -> Done:
    name = given_first(text) or None
    if name is not None and not (is_text(name, LETTERS_MAX) and name.isprintable()):
        raise NotDone(f"A name is one line of at most {LETTERS_MAX} letters.", code="bad_name")
    return ordered(hub, whom, order, lambda writer, person, now: _changed(writer, person, "name", name))


def change_favourites(
    hub: Hub,
    whom: str,
    categories: tuple[str, ...],
    order: Order,
    check: Callable[[Writer, Person], Collection[OnceRow]],
) -> Done:
    """P24. `check` raises where they are not to be changed, and says what is noted of the choice."""

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        if person.profile.favourites == categories:
            return _changed(writer, person, "favourites", categories)
        return _changed(writer, person, "favourites", categories)._replace(once=tuple(check(writer, person)))

    return ordered(hub, whom, order, decide)


def _changed(writer: Writer, person: Person, field: str, value: str | tuple[str, ...] | None) -> Deed:
    what = field
    if getattr(person.profile, field) == value:
        return Deed(f"The {what} of member {person.member} is that already." if value else f"He has no {what}.")
    if value is not None and is_erased(writer, person.member):
        raise NotDone(f"Member {person.member} was erased: nothing is known of him any more.", code="member_erased")
    words = f"The {what} of member {person.member} is {'changed' if value else 'forgotten'}."  # kept: no value in it
    body = ProfileChanged(member=person.member, changed=(field,))
    return Deed(words, [body], [ProfileRow(**(person.profile._asdict() | {field: value}))])


def erase(
    hub: Hub,
    whom: str,
    order: Order,
    reason: str,
    check: Callable[[Writer, Person], None] = asked_nothing,
) -> Done:
    """The ledger stays, without the person: what is known of him is forgotten, no card of his is good any more. Points
    that he had stay until they die. His consents end; that he gave them stays, for the shop has to prove by what right
    it knew him, and says nothing of who he was."""
    check_reason(reason)
    with hub.store.reading() as reader:
        before = gone_into(reader, person_called(reader, hub.programmes, whom).member)

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        member = person.member
        if is_erased(writer, member):
            return Deed(f"Member {member} was erased already.")
        check(writer, person)
        bodies: list[Body] = [
            CardBlocked(member=member, card=card.number, reason=ERASED)
            for card in person.cards
            if card.status not in ("blocked", "replaced")
        ]
        known = tuple(field for field in ALL if getattr(person.profile, field))
        bodies.append(ProfileChanged(member=member, changed=known, forgotten=True, reason=reason))
        forget(hub, writer, (member, *before), _reached_at(writer, person, before))
        words = f"Member {member} is erased: nothing is known of him but what the ledger says of points."
        if ended := withdrawn(standing_consents(writer, member), now):
            bodies += ended
            words += f" Consents that end with it: {len(ended)}; that they were given stays, with their days."
        return Deed(words, bodies, [_nothing(one) for one in (member, *before)], [OnceRow(member, ERASED)])

    return ordered(hub, whom, order, decide)


def _reached_at(writer: Writer, person: Person, before: Collection[str]) -> set[str]:
    profiles = (person.profile, *writer.profiles(before).values())
    return {there for one in profiles for there in (one.phone, one.email) if there is not None}


def _nothing(member: str) -> ProfileRow:
    return ProfileRow(member, None, None, ())
