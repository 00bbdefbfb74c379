"""Calls about purchases of before."""

from __future__ import annotations

from typing import Final

from pos_agent.protocol_receipts import ClaimSale, LookAtClaim, MemberPurchases
from pos_agent.route import CARD, Route, command_route

OF_HUB: Final = "desk_hub_silent desk_refused nobody_called_so"
OF_RECEIPT: Final = (
    *("which_receipt no_receipt_code not_a_sales_receipt unknown_receipt several_receipts receipt_of_before",),
    *("which_purchase not_claimed bad_total bad_sale which_member_of_hub",),
)
NOT_GIVEN: Final = (
    *("claim_given_before claim_had_member claim_of_another claim_too_old claim_came_back claim_earns_nothing",),
    *("claim_paid_by_points claim_other_programme",),
)
RECEIPT_ROUTES: Final[tuple[Route, ...]] = (
    command_route(
        MemberPurchases,
        "What a member has bought of which goods could come back without the receipt",
        "purchases_told no_purchases",
        f"{OF_HUB} which_member_of_hub bad_total bad_sale",
        who=CARD,
    ),
    command_route(
        LookAtClaim,
        "Why a purchase earned nothing, and what it would have earned",
        "claim_to_give",
        OF_HUB,
        *OF_RECEIPT,
        *NOT_GIVEN,
        who=CARD,
        of={"sale": "1042", "day": "2026-11-28"},
    ),
    command_route(
        ClaimSale,
        "A purchase without a card is given to a member, once",
        "claim_given",
        f"{OF_HUB} claim_needs_reason",
        *OF_RECEIPT,
        *NOT_GIVEN,
        who=CARD,
        of={"sale": "1042", "day": "2026-11-28"},
        reason="forgot the card",
    ),
)
