"""Receipts of purchases without a card, which a member brings."""

from __future__ import annotations

from typing import Final

from account.api.call import Call, act_call
from sync.account.claims import AskBrought, BringReceipt, BroughtTold, LookAtReceipt, ReceiptBrought

CODE: Final = "po:till-1:1:42:0123456789abcdef"
REFUSED: Final = "no_receipt_code unknown_receipt claims_guesses"

CLAIM_CALLS: Final[tuple[Call, ...]] = (
    act_call(
        "GET",
        "/claim",
        "What a receipt without a card would give him, by the text of its QR code",
        "receipt_claim_look",
        LookAtReceipt,
        ReceiptBrought,
        REFUSED,
        code=CODE,
    ),
    act_call(
        "POST",
        "/claim",
        "Its points are given to him, once; one that has not come yet is waited for",
        "receipt_claim",
        BringReceipt,
        ReceiptBrought,
        f"{REFUSED} claims_day claims_month member_erased",
        code=CODE,
    ),
    act_call("GET", "/claims", "Receipts that he has brought", "receipt_claims", AskBrought, BroughtTold),
)
