"""Members at an online shop: a code for a token, who he is, and that he has signed out."""

from __future__ import annotations

from typing import Final

from hub import feed
from hub.hub import Hub
from hub.people.orders import NotDone
from hub.people.who import Person, people
from hub.shop.call import Call, ShopAsked, ShopRefused
from hub.shop.links import end_link, exchange, links_of
from loyalty.cards import status_at
from loyalty.lots import balance
from sync.shop.members import AskMember, EndLink, LinkEnded, LinkTold, MemberTold, NewLink

CARD_SHOWN: Final = 4  # figures


def link(hub: Hub, asked: ShopAsked, body: NewLink) -> LinkTold:
    try:
        token, linked = exchange(hub, asked.shop.name, asked.shop.key, body.code, asked.key)
    except NotDone as error:
        raise ShopRefused(error.code, str(error)) from error
    person = linked.person
    return LinkTold(
        token=token,
        customer=_customer(hub, asked, person.member),
        until=linked.body.until,
        name=person.profile.name or "",
    )


def end(hub: Hub, asked: ShopAsked, body: EndLink) -> LinkEnded:
    return LinkEnded(ended=hub.within(lambda writer: end_link(writer, asked.shop.name, body.token, hub.now())))


def me(hub: Hub, asked: ShopAsked, body: AskMember) -> MemberTold:
    now = hub.now()
    with hub.store.reading() as reader:
        (person,) = people(reader, [asked.member])
        account = feed.accounts(reader, [person.member], now)[person.member]
        held = sum(hold.holds_at(now) for hold in reader.holds_of([person.member]))
        links = [one for one in links_of(reader, person.member, now) if one.shop.name == asked.shop.name]
    return MemberTold(
        customer=_customer(hub, asked, person.member),
        name=person.profile.name or "",
        points=balance(account, now),
        held=held,
        card=_card(person, hub),
        until=links[0].body.until if links else "",
    )


def _customer(hub: Hub, asked: ShopAsked, member: str) -> str:
    """Two shops that compare what they know find nobody."""
    return hub.codes.letter_id(f"customer of {asked.shop.name}/{member}")


def _card(person: Person, hub: Hub) -> str:
    good = (card.number for card in person.cards if status_at(card.status, card.active_from, hub.now()) == "active")
    return next(good, "")[-CARD_SHOWN:]


MEMBER_CALLS: Final[tuple[Call, ...]] = (
    Call(
        method="POST",
        path="/links",
        summary="The code with which a member's browser came back, for the token by which the shop knows him",
        scope="members",
        takes=NewLink,
        gives=LinkTold,
        do=link,
        refused=("link_unknown", "link_over", "link_used"),
        example={"code": "5f2c1d9e0b7a4c36.Qm9udXM"},
    ),
    Call(
        method="POST",
        path="/links/end",
        summary="A member has signed out of the shop: his token is good no more",
        scope="members",
        takes=EndLink,
        gives=LinkEnded,
        do=end,
        example={"token": "pm1.5f2c1d9e0b7a4c36.c0ffee"},
    ),
    Call(
        method="GET",
        path="/members/me",
        summary="Who the member is whose Member-Token it is, and what he has",
        scope="members",
        takes=AskMember,
        gives=MemberTold,
        do=me,
        member="must",
    ),
)
