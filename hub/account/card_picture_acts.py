"""A member's card as a picture, and on his phone with the code that changes (hub/card_phones/)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.account.act import BY_MEMBER, AccountAct, AccountAsked, ordered, signed_in
from hub.card_phones.linking import make_link, page_at
from hub.card_phones.revoking import revoke
from hub.coupons.faces import card_face
from hub.coupons.written import FORMS
from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.people.cards import his_card
from hub.store.records import CardRow
from hub.store.seam import Reader
from loyalty.utc import utc_text
from sync.account.cards import AskFace, CardDone, FaceTold, PhoneLink, PutOnPhone, TakeOffPhone


def face(hub: Hub, asked: AccountAsked, body: AskFace) -> FaceTold:
    """The number and its QR, which earn from a screen as from plastic."""
    with hub.store.reading() as reader:
        card = _his(reader, asked, body.card)
    if card.status in ("blocked", "replaced"):
        raise ActRefused(f"card_{card.status}", f"card {card.number} is {card.status}")
    drawing = card_face(card.number, hub.programmes[asked.programme], body.language)
    return FaceTold(picture=FORMS[f".{body.form}"](drawing))


def put_on_phone(hub: Hub, asked: AccountAsked, body: PutOnPhone) -> PhoneLink:
    with hub.store.reading() as reader:
        card = _his(reader, asked, body.card)
        page = ordered(lambda: page_at(reader))
    link = ordered(lambda: make_link(hub, card.number, key=f"account/{asked.member}/{asked.key}", by=BY_MEMBER))
    return PhoneLink(url=link.at(page), ends_at=utc_text(link.ends_at))


def take_off_phone(hub: Hub, asked: AccountAsked, body: TakeOffPhone) -> CardDone:
    with hub.store.reading() as reader:
        card = _his(reader, asked, body.card)
    changed = ordered(lambda: revoke(hub, card.number, body.phone, BY_MEMBER))
    return CardDone(card=card.number, changed=bool(changed))


def _his(reader: Reader, asked: AccountAsked, number: str) -> CardRow:
    person = signed_in(reader, asked)
    card: CardRow = ordered(lambda: his_card(person, number))
    return card


CARD_PICTURE_ACTS: Final[Mapping[str, AccountAct]] = {
    "card_face": AccountAct(takes=AskFace, do=face),
    "card_on_phone": AccountAct(takes=PutOnPhone, do=put_on_phone),
    "card_off_phone": AccountAct(takes=TakeOffPhone, do=take_off_phone),
}
