"""Orders for a member's cards, and two members who are one person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hub.files.cards import card as checked_card
from hub.files.reasons import BadValue
from hub.hub import Hub
from hub.messages.keeping import carry
from hub.people.orders import Deed, Done, NotDone, Order, check_not_erased, check_reason, ordered
from hub.people.who import Person, person_called
from hub.store.records import CardRow, ProfileRow
from hub.store.seam import Writer
from loyalty.bodies import Body, CardBlocked, CardLinked, CardUnblocked, MemberMerged, MemberRegistered, ProfileChanged
from loyalty.cards import form_waits
from loyalty.utc import utc_text


def block(hub: Hub, number: str, order: Order, reason: str) -> Done:
    """No till takes the card any more, but for points that it earns."""
    check_reason(reason)
    return ordered(hub, number, order, lambda writer, person, now: blocking(person, number, reason))


def blocking(person: Person, number: str, reason: str) -> Deed:
    """Raises NotDone where the card is not his."""
    card = his_card(person, number)
    if card.status == "blocked":
        return Deed(f"Card {number} is blocked already.")
    check_not_replaced(card)
    return Deed(f"Card {number} is blocked.", [CardBlocked(member=person.member, card=number, reason=reason)])


def unblock(hub: Hub, number: str, order: Order, reason: str) -> Done:
    check_reason(reason)

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        card = his_card(person, number)
        check_not_replaced(card)
        if card.status != "blocked":
            return Deed(f"Card {number} is not blocked: it is {card.status}.")
        check_not_erased(writer, person)
        body = CardUnblocked(member=person.member, card=number, reason=reason)
        return Deed(f"Card {number} is not blocked any more.", [body])

    return ordered(hub, number, order, decide)


def link(hub: Hub, number: str, to: str, order: Order) -> Done:
    """One more card for a member: one that nobody has yet."""
    return ordered(hub, to, order, lambda writer, person, now: linking(hub, writer, person, number, now))


def linking(hub: Hub, writer: Writer, person: Person, number: str, now: datetime) -> Deed:
    """Raises NotDone."""
    card = writer.cards([number]).get(number)
    if card is not None and card.member == person.member:
        return Deed(f"Card {number} is member {person.member}'s already.")
    if card is not None:
        raise NotDone(
            f"Card {number} is member {card.member}'s. If the two are one person:"
            f" pos-hub member merge {number} --into {person.member}",
            code="card_of_another",
        )
    check_not_erased(writer, person)
    if any(form_waits(card.status, card.active_from, now) for card in person.cards):
        raise NotDone(
            f"The paper form of member {person.member} is still being confirmed: another card would be good before"
            f" it. Confirm it first: pos-hub member confirm {person.member}",
            code="form_waits",
        )
    try:
        checked_card(number, hub.programmes[person.row.programme].cards.schemes)
    except BadValue as error:
        raise NotDone(f"{error.words[:1].upper()}{error.words[1:]}.", code="card_not_ours") from error
    return Deed(f"Card {number} is member {person.member}'s now.", [CardLinked(member=person.member, card=number)])


def whoever_it_is(person: Person) -> None:
    """The office answers for it that the two are one."""


def merge(
    hub: Hub,
    whom: str,
    into: str,
    order: Order,
    reason: str = "",
    check: Callable[[Person], None] = whoever_it_is,
) -> Done:
    """All that the one has goes to the other: points, debt, cards, what counts for tiers, what was done once; what is
    known of the person where the other's is not known. Nothing is known under the old id any more. `check` raises where
    the one may not go so, within the transaction."""
    if reason:
        check_reason(reason)

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        writer.locked_members([person_called(writer, hub.programmes, whom).member])
        gone = person_called(writer, hub.programmes, whom)  # as he stays until this is written
        if gone.member == person.member:
            return Deed(f"{whom} and {into} are one member already: {person.member}.")
        if gone.row.programme != person.row.programme:
            programmes = f"{gone.row.programme} and {person.row.programme}"
            raise NotDone(
                f"They are members of two programmes, {programmes}: their points are not the same.",
                code="another_programme",
            )
        for one in (gone, person):
            check_not_erased(writer, one)
        check(gone)
        carry(writer, gone.member, person.member)
        return merging(gone, person, reason)

    return ordered(hub, into, order, decide)


def merging(gone: Person, into: Person, reason: str = "", *, confirmed: bool = False) -> Deed:
    """The operations of a merge, and what is known then. `confirmed`: somebody answers for a form on paper that still
    waits."""
    bodies: list[Body] = [MemberMerged(member=gone.member, into=into.member, reason=reason)]
    if _registers(gone, into):
        active_from = None if confirmed else _form_of(gone, into)
        bodies.append(MemberRegistered(member=into.member, active_from=active_from))
    profile = _joined(gone.profile, into.profile)
    fields = [name for name in ProfileRow._fields[1:] if getattr(profile, name) != getattr(into.profile, name)]
    if fields:
        bodies.append(ProfileChanged(member=into.member, changed=tuple(fields)))
    lost = lost_in(gone, into)
    words = f"Member {gone.member} has gone into {into.member}, with all that he had."
    if lost:
        words += f" The {' and '.join(lost)} of {into.member} is kept."
    return Deed(words, bodies, [profile, ProfileRow(gone.member, None, None, ())])


def lost_in(gone: Person, into: Person) -> list[str]:
    """What is known of both, and not the same: the other's is kept."""
    return [name for name in ("phone", "birthday", "name", "email") if _differ(gone.profile, into.profile, name)]


def _registers(gone: Person, into: Person) -> bool:
    """Who filled a form in is registered with the other too, and so are the cards that come to him."""
    if not into.row.registered:
        return gone.row.registered
    return any(card.status in ("issued", "pending") for card in gone.cards)


def _form_of(*persons: Person) -> str | None:
    """When the form that registers them becomes good by itself; None: one of them has a better one (P19)."""
    forms = [_waiting_form(person) for person in persons if person.row.registered]
    waiting = [form for form in forms if form is not None]
    return utc_text(min(waiting)) if waiting and len(waiting) == len(forms) else None


def _waiting_form(person: Person) -> datetime | None:
    if any(card.status == "active" for card in person.cards):
        return None
    return min((card.active_from for card in person.cards if card.active_from is not None), default=None)


def _joined(gone: ProfileRow, into: ProfileRow) -> ProfileRow:
    return ProfileRow(
        into.member,
        into.phone or gone.phone,
        into.birthday or gone.birthday,
        into.favourites or gone.favourites,
        into.name or gone.name,
        into.email or gone.email,
    )


def _differ(gone: ProfileRow, into: ProfileRow, name: str) -> bool:
    return getattr(gone, name) not in (None, getattr(into, name)) and getattr(into, name) is not None


def his_card(person: Person, number: str) -> CardRow:
    """Raises NotDone."""
    card = next((card for card in person.cards if card.number == number), None)
    if card is None:
        raise NotDone(f"{number} is no card. `pos-hub member show {number}` shows the member's cards.", code="no_card")
    return card


def check_not_replaced(card: CardRow) -> None:
    """Raises NotDone."""
    if card.status == "replaced":
        raise NotDone(f"Card {card.number} was replaced by {card.successor}.", code="card_replaced")
