"""A member at a desk: found, looked at, a card of his blocked or let go again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Final

import msgspec

from hub.cases.office_words import masked_phone
from hub.desk.act import Act, ActRefused, Asked
from hub.hub import Hub
from hub.people import cards
from hub.people.history import Act as Past
from hub.people.history import history
from hub.people.orders import Done, NotDone, Order
from hub.people.view import View, viewed, views_of
from hub.people.who import NotFound, Person, found_by, person_called
from loyalty.names import masked

FOUND_MAX: Final = 20
HISTORY_MAX: Final = 200
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class FindMember(msgspec.Struct, frozen=True, kw_only=True):
    """`text`: a card, a phone, an id, or the beginnings of a name."""

    text: Text


class Found(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Enough to see who is meant: at a till the phone is masked, and the name but for its first letter."""

    member: str
    programme: str
    name: str | None = None
    phone: str | None = None
    cards: tuple[str, ...] = ()
    points: int = 0
    erased: bool = False


class MembersFound(msgspec.Struct, frozen=True, kw_only=True):
    members: tuple[Found, ...]
    more: bool


class ShowMember(msgspec.Struct, frozen=True, kw_only=True):
    """`who`: a card, a phone, an id. `history`: so many of the newest acts."""

    who: Text
    history: Annotated[int, msgspec.Meta(ge=0, le=HISTORY_MAX)] = 20


class MemberTold(msgspec.Struct, frozen=True, kw_only=True):
    """`acts`: of so many `history` has the newest, the newest first; in both languages by place."""

    member: View
    history: tuple[Past, ...]
    history_ru: tuple[str, ...]
    acts: int


class OfCard(msgspec.Struct, frozen=True, kw_only=True):
    card: Text
    reason: Text


def find_member(hub: Hub, asked: Asked, wanted: FindMember) -> MembersFound:
    with hub.store.reading() as reader:
        try:
            found = found_by(reader, programmes_of(hub, asked), wanted.text, most=FOUND_MAX + 1)
        except NotFound as error:
            raise ActRefused("nobody_found", str(error)) from error
    views = views_of(hub, [one for one in found if _is_of(one, asked)][:FOUND_MAX])
    return MembersFound(members=tuple(_found(asked, one) for one in views), more=len(found) > FOUND_MAX)


def show_member(hub: Hub, asked: Asked, wanted: ShowMember) -> MemberTold:
    person = called(hub, asked, wanted.who)
    numbers = [card.number for card in person.cards]
    with hub.store.reading() as reader:
        acts = history(reader, person.member, numbers)
        russian = history(reader, person.member, numbers, "ru")
    newest = slice(None, -wanted.history - 1, -1)
    return MemberTold(
        member=_seen(asked, viewed(hub, person)),
        history=tuple(acts[newest]),
        history_ru=tuple(act.words for act in russian[newest]),
        acts=len(acts),
    )


def block_card(hub: Hub, asked: Asked, of: OfCard) -> Done:
    return ordered_by(asked, lambda order: cards.block(hub, _his_card(hub, asked, of.card), order, of.reason))


def unblock_card(hub: Hub, asked: Asked, of: OfCard) -> Done:
    return ordered_by(asked, lambda order: cards.unblock(hub, _his_card(hub, asked, of.card), order, of.reason))


MEMBER_ACTS: Final[Mapping[str, Act]] = {
    "find_member": Act(takes=FindMember, right="find_members", do=find_member),
    "member": Act(takes=ShowMember, right="find_members", do=show_member),
    "block_card": Act(takes=OfCard, right="block_cards", do=block_card),
    "unblock_card": Act(takes=OfCard, right="unblock_cards", do=unblock_card),
}


# the pieces, for other acts of members too


def order_of(asked: Asked) -> Order:
    return Order(by=asked.by, key=asked.key or None, person=asked.person)


def ordered_by(asked: Asked, give: Callable[[Order], Done]) -> Done:
    """Carry an order out for whoever asks. Raises ActRefused."""
    try:
        return give(order_of(asked))
    except NotDone as error:
        raise ActRefused("not_done", str(error)) from error
    except NotFound as error:
        raise ActRefused("nobody_found", str(error)) from error


def called(hub: Hub, asked: Asked, who: str) -> Person:
    """Raises ActRefused."""
    with hub.store.reading() as reader:
        try:
            return person_called(reader, programmes_of(hub, asked), who)
        except NotFound as error:
            raise ActRefused("nobody_found", str(error)) from error


def programmes_of(hub: Hub, asked: Asked) -> list[str]:
    """A till sees those of its programme; whoever names none, all."""
    return [asked.programme] if asked.programme else list(hub.programmes)


def _is_of(person: Person, asked: Asked) -> bool:
    return asked.programme in ("", person.row.programme)


def _his_card(hub: Hub, asked: Asked, number: str) -> str:
    called(hub, asked, number)
    return number


def _found(asked: Asked, view: View) -> Found:
    shown = _seen(asked, view)
    return Found(
        member=view.member,
        programme=view.programme,
        name=shown.name,
        phone=shown.phone,
        cards=tuple(card.number for card in view.cards if card.status != "replaced"),
        points=view.points,
        erased=view.erased,
    )


def _seen(asked: Asked, view: View) -> View:
    """A till shows no more of a person than whoever stands before it says himself."""
    if not asked.till:
        return view
    return msgspec.structs.replace(
        view,
        name=masked(view.name) if view.name else None,
        phone=masked_phone(view.phone) if view.phone else None,
        birthday=None,
    )
