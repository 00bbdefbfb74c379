"""A sticker collection (P31): what a sale gives of it, what an album is exchanged for, what a return takes back.

How stickers are earned is in accrual.py. An exchange acts in the quote as a coupon does, by the right of its offer; a
collection is known by its first day, and each has a balance of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple

from loyalty.accrual import Receipt, stickers_earned
from loyalty.bodies import Adjustment, CouponMade, Return, ReturnStickers, Sale, SaleStickers, StickersSpent
from loyalty.programme import Offer, Programme, StickerOffer, Stickers

RIGHT = "stickers/"  # how the id of such a right begins: no coupon's campaign is called so

Unexchangeable = Literal["no_collection", "no_such_offer", "too_few"]


class NotExchangeable(ValueError):
    """These stickers buy nothing. `missing`: so many more would, where they are too few."""

    def __init__(self, reason: Unexchangeable, message: str, missing: int = 0) -> None:
        super().__init__(message)
        self.reason = reason
        self.missing = missing


def collection_of(rule: Stickers) -> str:
    return rule.first_day.isoformat()


def running(programme: Programme, day: date) -> Stickers | None:
    """The collection that gives stickers on this day, and exchanges them."""
    rule = programme.stickers
    return rule if rule is not None and rule.first_day <= day <= rule.last_day else None


def affordable(rule: Stickers, stickers: int) -> tuple[StickerOffer, ...]:
    """The offers that so many stickers buy, in the programme's order."""
    return tuple(offer for offer in rule.offers if offer.stickers <= stickers)


def offer_named(rule: Stickers | None, id: str) -> StickerOffer | None:
    offers = rule.offers if rule is not None else ()
    return next((one for one in offers if one.offer.id == id), None)


def chosen(programme: Programme, offer_id: str, stickers: int, day: date) -> StickerOffer:
    """The offer that so many stickers buy. Raises NotExchangeable."""
    rule = running(programme, day)
    if rule is None:
        raise NotExchangeable("no_collection", "no sticker collection is running")
    one = offer_named(rule, offer_id)
    message = f"{stickers} stickers do not buy {offer_id}"
    if one is None:
        raise NotExchangeable("no_such_offer", message)
    if one.stickers > stickers:
        raise NotExchangeable("too_few", message, one.stickers - stickers)
    return one


def exchange(programme: Programme, offer_id: str, stickers: int, day: date) -> tuple[Offer, int]:
    """The coupon's right for an offer, and the stickers left. Raises NotExchangeable."""
    one = chosen(programme, offer_id, stickers, day)
    return one.offer, stickers - one.stickers


def next_offer(rule: Stickers, stickers: int) -> tuple[StickerOffer, int] | None:
    """The cheapest offer that so many stickers do not buy yet, and how many are missing."""
    dearer = [one for one in rule.offers if one.stickers > stickers]
    if not dearer:
        return None
    one = min(dearer, key=lambda offer: offer.stickers)
    return one, one.stickers - stickers


# what the rules are asked with


def right(rule: Stickers, one: StickerOffer) -> Offer:
    """What an exchange gives, for whoever works a receipt out: only to a member, and only while the collection runs."""
    offer = one.offer
    return replace(
        offer,
        id=f"{RIGHT}{offer.id}",
        members_only=True,
        first_day=max(offer.first_day or rule.first_day, rule.first_day),
        last_day=min(offer.last_day or rule.last_day, rule.last_day),
    )


def rights(programme: Programme, offers: Iterable[str]) -> tuple[Offer, ...]:
    """Of these offers, in the collection's order whoever names them; one that it does not have gives nothing."""
    rule, named = programme.stickers, set(offers)
    return () if rule is None else tuple(right(rule, one) for one in rule.offers if one.offer.id in named)


def rights_spent(programme: Programme, sale: Sale) -> tuple[Offer, ...]:
    """Those that a recorded sale used up, as far as the programme of that day has them."""
    return rights(programme, spent_offers(sale))


def spent_offers(sale: Sale) -> tuple[str, ...]:
    return tuple(one.offer for one in sale.stickers.spent) if sale.stickers is not None else ()


def is_right(id: str) -> bool:
    return id.startswith(RIGHT)


def offer_of_right(id: str) -> str:
    return id.removeprefix(RIGHT)


# what a sale does to them


class _Gave(NamedTuple):
    discount_kopecks: int
    points: int


def stickers_of(
    programme: Programme, given: int, gave: Iterable[tuple[str, int, int]], *, is_member: bool
) -> SaleStickers | None:
    """What a sale says of them; None: nothing. `gave`: each right that was used, the kopecks that it took off, and the
    points that it added."""
    rule = programme.stickers
    if rule is None or not is_member:
        return None
    used = {offer_of_right(id): _Gave(kopecks, points) for id, kopecks, points in gave}
    spent = tuple(
        StickersSpent(
            offer=one.offer.id,
            count=one.stickers,
            discount_kopecks=used[one.offer.id].discount_kopecks,
            points=used[one.offer.id].points,
        )
        for one in rule.offers
        if one.offer.id in used
    )
    if not given and not spent:
        return None
    return SaleStickers(collection=collection_of(rule), given=given, spent=spent)


# what a return does to them


@dataclass(frozen=True, slots=True, kw_only=True)
class StickersBack:
    """Taken back of those that were given, given back of those that were spent."""

    taken_back: int = 0
    restored: int = 0

    def plus(self, other: StickersBack) -> StickersBack:
        return StickersBack(taken_back=self.taken_back + other.taken_back, restored=self.restored + other.restored)

    def but(self, before: StickersBack) -> StickersBack:
        """What is left to move; a step never gives back what an earlier one took."""
        return StickersBack(
            taken_back=max(0, self.taken_back - before.taken_back), restored=max(0, self.restored - before.restored)
        )


def back_of(sale: Sale, receipt: Receipt, programme: Programme, *, is_all_back: bool) -> StickersBack:
    """All that is to have moved by what came back of the sale. `receipt`: what stays of it. Those that were spent come
    back as a coupon does: when nothing of the goods remains."""
    if sale.stickers is None:
        return StickersBack()
    kept = stickers_earned(programme, receipt)
    return StickersBack(
        taken_back=max(0, sale.stickers.given - kept),
        restored=spent_count(sale.stickers) if is_all_back else 0,
    )


def returned(sale: Sale, step: StickersBack) -> ReturnStickers | None:
    """What a return says of them; None: nothing."""
    if sale.stickers is None or step == StickersBack():
        return None
    return ReturnStickers(collection=sale.stickers.collection, taken_back=step.taken_back, restored=step.restored)


def told_back(back: Return) -> StickersBack:
    told = back.stickers
    return StickersBack(taken_back=told.taken_back, restored=told.restored) if told is not None else StickersBack()


def given_count(told: SaleStickers | None) -> int:
    return told.given if told is not None else 0


def spent_count(told: SaleStickers | None) -> int:
    return sum(one.count for one in told.spent) if told is not None else 0


# what an operation does to a balance


def moved(body: object) -> Sequence[tuple[str, int]]:
    """By how many an operation changes the balances of its member, by collection."""
    if isinstance(body, Sale) and body.stickers is not None:
        return [(body.stickers.collection, body.stickers.given - spent_count(body.stickers))]
    if isinstance(body, Return) and body.stickers is not None:
        return [(body.stickers.collection, body.stickers.restored - body.stickers.taken_back)]
    if isinstance(body, Adjustment) and body.collection is not None:
        return [(body.collection, body.stickers)]
    if isinstance(body, CouponMade) and body.collection is not None:
        return [(body.collection, -body.stickers)]
    return []
