"""A member's cards in his account: what he sees of them (A12), one blocked as lost, one that becomes virtual (A31)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from hub import feed
from hub.account.act import AccountAct, AccountAsked, order_of, ordered, signed_in
from hub.blanks.virtual import File, ahead, virtual_of
from hub.card_phones.linking import PAGE_AT
from hub.card_phones.revoking import phones_of
from hub.codes.checking import use
from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.messages.service import tell
from hub.people import orders
from hub.people.cards import blocking, check_not_replaced, his_card
from hub.people.orders import Deed, NotDone
from hub.people.who import Person
from hub.store.records import CardRow
from hub.store.seam import Reader, Writer
from loyalty.bodies import CardMadeVirtual
from loyalty.cards import CardStatus, status_at
from loyalty.lots import balance
from loyalty.operation import ACCOUNT_CHAIN
from loyalty.utc import utc_text
from sync.account.cards import AskCards, BlockCard, CardDone, CardsTold, CardTold, MakeVirtual, PhoneHere

ORDER: Final[tuple[CardStatus, ...]] = ("active", "issued", "pending", "blocked", "replaced")  # in which they are shown
LOST: Final = "lost, says the member"


def cards(hub: Hub, asked: AccountAsked, body: AskCards) -> CardsTold:
    rules, now = hub.programmes[asked.programme].cards, hub.now()
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
        shown = _shown(reader, person, now)
        points = balance(feed.accounts(reader, [person.member], now)[person.member], now)
        phone_page = bool(reader.setting(PAGE_AT))
    return CardsTold(
        cards=shown,
        points=points,
        reissue_kopecks=rules.reissue_fee_kopecks,
        form_kopecks=rules.form_fee_kopecks,
        phone_page=phone_page,
        has_phone=person.profile.phone is not None,
    )


def _shown(reader: Reader, person: Person, now: datetime) -> tuple[CardTold, ...]:
    virtual = virtual_of(reader, [card.number for card in person.cards])
    told = [_told(reader, card, card.number in virtual, now) for card in person.cards]
    return tuple(sorted(told, key=lambda one: (ORDER.index(one.status), one.number)))


def _told(reader: Reader, card: CardRow, virtual: bool, now: datetime) -> CardTold:
    status = status_at(card.status, card.active_from, now)
    waits = status == "pending" and card.active_from is not None
    return CardTold(
        number=card.number,
        status=status,
        virtual=virtual,
        active_from=utc_text(card.active_from) if waits and card.active_from is not None else "",
        successor=card.successor or "",
        phones=tuple(
            PhoneHere(id=row.id, took_at=phone.took_at, name=phone.name, until=phone.until)
            for row, phone in phones_of(reader, card.number)
            if not phone.revoked_at
        ),
    )


def block(hub: Hub, asked: AccountAsked, body: BlockCard) -> CardDone:
    """It asks for nothing more: whoever has lost his card is to be quick."""

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        deed = blocking(person, body.card, LOST)
        if deed.bodies:
            tell(hub, writer, person.member, "card_blocked", str(order_of(asked).key), about=body.card[-4:])
        return deed

    done = ordered(lambda: orders.ordered(hub, asked.member, order_of(asked), decide))
    return CardDone(card=body.card, changed=done.changed)


def make_virtual(hub: Hub, asked: AccountAsked, body: MakeVirtual) -> CardDone:
    """It takes the plastic away, so he shows that he has his phone too. The balance and its lots stay his."""
    programme = hub.programmes[asked.programme]

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        card = his_card(person, body.card)
        check_not_replaced(card)
        if card.status != "blocked" and virtual_of(writer, [card.number]):
            raise NotDone(f"Card {card.number} is virtual already.", code="card_virtual_already")
        prove(hub, writer, body.proof, person)
        found = ahead(writer, programme, File(ACCOUNT_CHAIN, programme.id, ""), 1, draw=secrets.randbelow, now=now)
        if not found:
            raise NotDone("The programme's numbers have no room.", code="no_virtual_numbers")
        tell(hub, writer, person.member, "card_virtual", str(order_of(asked).key), about=card.number[-4:])
        made = CardMadeVirtual(member=person.member, old_card=card.number, new_card=found[0])
        return Deed(f"Card {card.number} is virtual now: {found[0]}.", [made])

    done = ordered(lambda: orders.ordered(hub, asked.member, order_of(asked), decide))
    return CardDone(card=_in_place_of(hub, body.card), changed=done.changed)


def prove(hub: Hub, writer: Writer, proof: str, person: Person) -> None:
    """Raises ActRefused."""
    try:
        use(hub, writer, proof, "confirm", member=person.member)
    except ActRefused as refused:
        raise ActRefused("phone_not_proven", str(refused)) from refused


def _in_place_of(hub: Hub, number: str) -> str:
    with hub.store.reading() as reader:
        return reader.cards([number])[number].successor or number


CARD_ACTS: Final[Mapping[str, AccountAct]] = {
    "cards": AccountAct(takes=AskCards, do=cards),
    "card_block": AccountAct(takes=BlockCard, do=block),
    "card_virtual": AccountAct(takes=MakeVirtual, do=make_virtual),
}
