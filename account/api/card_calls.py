"""A member's cards."""

from __future__ import annotations

from typing import Final

from account.api.call import Call, act_call
from sync.account.cards import (
    AskCards,
    AskFace,
    BlockCard,
    CardDone,
    CardsTold,
    FaceTold,
    LinkCard,
    MakeVirtual,
    PhoneLink,
    PutOnPhone,
    TakeOffPhone,
)

CARD: Final = "2600000000017"
_FOUND: Final = "no_card card_replaced"

CARD_CALLS: Final[tuple[Call, ...]] = (
    act_call("GET", "/cards", "His cards, and what each of them is now", "cards", AskCards, CardsTold),
    act_call(
        "POST",
        "/cards/link",
        "A card in hand becomes his (A5)",
        "card_link",
        LinkCard,
        CardDone,
        "card_not_found card_tries form_waits too_many_cards",
        card=CARD,
    ),
    act_call("POST", "/cards/block", "A card is lost", "card_block", BlockCard, CardDone, _FOUND, card=CARD),
    act_call(
        "POST",
        "/cards/virtual",
        "The plastic becomes a virtual card, free, with all that is on it (A31)",
        "card_virtual",
        MakeVirtual,
        CardDone,
        f"{_FOUND} card_virtual_already phone_not_proven",
        card=CARD,
    ),
    act_call(
        "GET",
        "/cards/face",
        "The card as a picture",
        "card_face",
        AskFace,
        FaceTold,
        f"{_FOUND} card_blocked",
        card=CARD,
        form="png",
    ),
    act_call(
        "POST",
        "/cards/phone",
        "A link by which a phone shows the card",
        "card_on_phone",
        PutOnPhone,
        PhoneLink,
        f"{_FOUND} card_blocked card_page_missing card_phones_full card_links_full",
        card=CARD,
    ),
    act_call(
        "POST",
        "/cards/phone/remove",
        "A phone shows the card no more",
        "card_off_phone",
        TakeOffPhone,
        CardDone,
        "no_card no_such_phone",
        card=CARD,
        phone="9f2c",
    ),
)
