"""A member's cards."""

from __future__ import annotations

from typing import Final

from account.api.call import Call, act_call
from sync.account.card_orders import AskOrders, CancelOrder, NewOrderCode, OrderCard, OrderDone, OrdersTold
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
    act_call("GET", "/cards/orders", "Plastic cards that he has ordered", "card_orders", AskOrders, OrdersTold),
    act_call(
        "POST",
        "/cards/orders",
        "A plastic card by the form (A3)",
        "card_order",
        OrderCard,
        OrderDone,
        "card_order_name card_order_address card_order_store card_order_open card_order_many form_waits not_registered",
        name="ANNA PETROVA",
        address="101000, Москва, ул. Ленина, 1",
    ),
    act_call(
        "POST",
        "/cards/orders/cancel",
        "It is not to be made after all",
        "card_order_cancel",
        CancelOrder,
        OrderDone,
        "no_card_order card_order_step",
        id="9f2c",
    ),
    act_call(
        "POST",
        "/cards/orders/code",
        "Another code to show in the shop",
        "card_order_code",
        NewOrderCode,
        OrderDone,
        "no_card_order card_order_step",
        id="9f2c",
    ),
)
