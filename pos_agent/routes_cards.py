"""The calls of the card desk (pos_agent/protocol_cards.py)."""

from __future__ import annotations

from typing import Final

from pos_agent.protocol_cards import BlockCard, CardOnPhone, IssueVirtual, MakeVirtual, SwapCard, UnblockCard
from pos_agent.route import CARD, OF_RECEIPT, RETOLD, SECOND, Route, command_route
from pos_agent.routes_staff import PROOF

_FOUND: Final = "unknown_card card_replaced no_cards_yet coupon_is_no_card not_ours goods receipt certificate"
_READ: Final = "guessing check_digit length layout empty too_long phone_code_forged phone_code_malformed"
_BY_PHONE: Final = "unknown_phone phone_shared no_phones_yet bad_phone several_cards which_card"
_WRITTEN: Final = "disk_full not_recorded"

CARD_ROUTES: Final[tuple[Route, ...]] = (
    command_route(
        IssueVirtual,
        "No blank is left: a virtual card goes out with the purchase",
        f"virtual_will_be_issued {RETOLD}",
        f"{OF_RECEIPT} no_virtual_numbers virtual_unproven purchase_too_small bad_basket",
        "not_now_idle not_now_member not_now_ready not_now_reserving",
        sale="1042",
    ),
    command_route(
        SwapCard,
        "The blank card of this receipt is spoiled: another one instead",
        f"card_swapped {RETOLD}",
        f"{OF_RECEIPT} nothing_to_swap card_is_the_spoiled_one card_not_blank card_spoiled not_a_card length guessing",
        "bad_basket",
        sale="1042",
        card=CARD,
    ),
    command_route(
        BlockCard,
        "A card is lost: no points are spent by it any more",
        "card_is_blocked_now card_looked_at",
        f"card_blocked_already bad_reason {_FOUND} {_READ} {_BY_PHONE} {_WRITTEN}",
        f"{SECOND} {PROOF}",
        card=CARD,
        reason="lost",
    ),
    command_route(
        UnblockCard,
        "A blocked card was found again",
        "card_is_free card_looked_at",
        f"card_not_blocked bad_reason {_FOUND} {_READ} {_WRITTEN}",
        card=CARD,
        reason="found",
    ),
    command_route(
        MakeVirtual,
        "The plastic becomes a virtual card, free and without a purchase (A31)",
        "card_is_virtual card_looked_at",
        f"no_virtual_numbers card_on_receipt reissue_needs_manager {_FOUND} {_READ} {_BY_PHONE} {_WRITTEN}",
        f"virtual_unproven card_virtual_already {SECOND} {PROOF}",
        card=CARD,
    ),
    command_route(
        CardOnPhone,
        "The member's card goes to his phone, by a link",
        "card_link_made card_link_sent card_looked_at",
        f"card_blocked_already card_page_missing card_phones_full card_links_full card_no_room {_FOUND} {_READ}",
        "code_no_phone second_factor_unavailable desk_hub_silent desk_refused",
        card=CARD,
    ),
)
