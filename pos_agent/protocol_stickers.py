"""Stickers of a collection (P31): an album is exchanged on the receipt for what the collection offers."""

from __future__ import annotations

from pos_agent.command import OfReceiptBase


class ExchangeStickers(OfReceiptBase, frozen=True, kw_only=True, tag="exchange_stickers"):
    """The member gives stickers for this `offer` of the collection: it acts as a coupon does, and they are spent when
    the receipt is paid. Each offer once on a receipt. Refused where it gives nothing on these goods."""

    offer: str


class DropStickers(OfReceiptBase, frozen=True, kw_only=True, tag="drop_stickers"):
    """The member keeps his stickers for another time; without `offer`, all that were to be exchanged."""

    offer: str | None = None


OfReceiptOfStickers = ExchangeStickers | DropStickers
