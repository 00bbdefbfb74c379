"""A member's points, for his own program."""

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

POINTS_CALLS: Final[tuple[Call, ...]] = (
    act_call(
        "GET", "/points/moves", "What came and what went, the newest first", "moves", AskMoves, MovesTold, "bad_page"
    ),
    act_call(
        "GET",
        "/points/receipt",
        "A receipt with its lines and its papers",
        "receipt",
        AskReceipt,
        ReceiptTold,
        "unknown_receipt",
    ),
    act_call("GET", "/points/lots", "Points that live, and when they die", "lots", AskLots, LotsTold),
    act_call("GET", "/points/lot", "What became of points of one source", "lot", AskLot, LotTold, "unknown_lot"),
    act_call("GET", "/points/top", "What he buys most", "top", AskTop, TopTold, "bad_page"),
)
