"""A sticker collection (P31): what a full album is exchanged for. How stickers are earned is in accrual.py."""

from __future__ import annotations

from datetime import date

from loyalty.programme import Offer, Programme, StickerOffer, Stickers


class NotExchangeable(ValueError):
    """These stickers buy nothing: no such offer, too few, or the collection is over."""


def affordable(rule: Stickers, stickers: int) -> tuple[StickerOffer, ...]:
    """The offers that so many stickers buy, in the programme's order."""
    return tuple(offer for offer in rule.offers if offer.stickers <= stickers)


def exchange(programme: Programme, offer_id: str, stickers: int, day: date) -> tuple[Offer, int]:
    """The coupon's right for an offer, and the stickers left. Raises NotExchangeable."""
    rule = programme.stickers
    if rule is None or not rule.first_day <= day <= rule.last_day:
        raise NotExchangeable("no sticker collection is running")
    for offer in affordable(rule, stickers):
        if offer.offer.id == offer_id:
            return offer.offer, stickers - offer.stickers
    raise NotExchangeable(f"{stickers} stickers do not buy {offer_id}")
