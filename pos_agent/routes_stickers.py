"""The calls about stickers (pos_agent/protocol_stickers.py)."""

from __future__ import annotations

from typing import Final

from pos_agent.protocol_stickers import DropStickers, ExchangeStickers
from pos_agent.route import OF_RECEIPT, RETOLD, Route, command_route

STICKER_ROUTES: Final[tuple[Route, ...]] = (
    command_route(
        ExchangeStickers,
        "Stickers for an offer of the collection",
        f"stickers_exchanged {RETOLD}",
        f"{OF_RECEIPT} stickers_too_few stickers_give_nothing stickers_no_collection stickers_no_such_offer",
        "stickers_offer_taken stickers_unknown_member stickers_need_card bad_basket",
        "not_now_idle not_now_member not_now_basket",
        sale="1042",
        offer="knife",
    ),
    command_route(
        DropStickers,
        "The stickers stay with the member",
        f"stickers_kept {RETOLD}",
        f"{OF_RECEIPT} no_stickers_exchanged not_now_idle not_now_member not_now_basket",
        sale="1042",
    ),
)
