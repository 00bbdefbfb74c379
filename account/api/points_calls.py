"""What came to a member's points and what went, his receipts, and the lots that he has."""

from __future__ import annotations

from typing import Final

from account.api.call import Call, act_call
from sync.account.points import (
    AskLot,
    AskLots,
    AskMoves,
    AskReceipt,
    AskTop,
    LotsTold,
    LotTold,
    MovesTold,
    ReceiptTold,
    TopTold,
)

OPERATION: Final = "till-1/1/17"

POINTS_CALLS: Final[tuple[Call, ...]] = (
    act_call(
        "GET",
        "/points",
        "What came and what went, the newest first",
        "moves",
        AskMoves,
        MovesTold,
        "bad_page",
        most=20,
    ),
    act_call(
        "GET",
        "/receipt",
        "One receipt, with its lines and papers",
        "receipt",
        AskReceipt,
        ReceiptTold,
        "unknown_receipt",
        id=OPERATION,
        language="ru",
    ),
    act_call("GET", "/lots", "Points that he has, whose end is nearest first", "lots", AskLots, LotsTold),
    act_call(
        "GET",
        "/lot",
        "What became of the points of one gift or purchase",
        "lot",
        AskLot,
        LotTold,
        "unknown_lot",
        id=OPERATION,
    ),
    act_call("GET", "/top", "What he buys most", "top", AskTop, TopTold, "bad_page", since="2026-01-01T00:00:00+00:00"),
)
