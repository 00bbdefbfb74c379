"""What a programme may say and somebody should look at again: the shop's lawyer, or whoever knows its scales."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from loyalty.categories import BUILT_IN, CLOSED, CLOSED_BY_LAW
from loyalty.programme import LEAST_PRICED, Category, Offer, Programme

IN_STORE = "2"  # EAN-13 from 20 to 29 are a shop's own: cards, and the labels of its scales
REWARDS = ("extra_points", "multiplier")


def warnings_of(programme: Programme) -> tuple[str, ...]:
    """One line each; none for a programme that needs no second look."""
    return (*_opened(programme), *_alcohol(programme), *_schemes(programme))


def _opened(programme: Programme) -> Iterator[str]:
    for id in CLOSED:
        category, closed = programme.categories[id], BUILT_IN[id]
        keys = [key for key in ("redeem", "earn", "discount") if getattr(category, key) != getattr(closed, key)]
        if keys and id not in CLOSED_BY_LAW:
            yield (
                f"categories.{id} is open ({', '.join(keys)}): such goods are money or duties, "
                "and everywhere else neither earn nor get cheaper. Ask a lawyer"
            )


def _is_alcohol(category: Category) -> bool:
    drinks = category.excise and category.id not in CLOSED_BY_LAW
    return drinks or category.id in LEAST_PRICED or category.redeem == "above_min_price"


def _alcohol(programme: Programme) -> Iterator[str]:
    alcohol = [id for id, category in programme.categories.items() if _is_alcohol(category)]
    offers = (*programme.promotions, *programme.coupons)
    bought = programme.stickers.offers if programme.stickers is not None else ()
    yield from _tied("points", (offer for offer in offers if offer.kind in REWARDS), alcohol)
    yield from _tied("stickers", (one.offer for one in bought), alcohol)
    rule = programme.favourite
    if rule is not None:
        liked = [id for id in alcohol if not rule.categories or id in rule.categories]
        if liked:
            yield (
                f"favourite.categories lets {', '.join(liked)} be a favourite: rewards for alcohol may be "
                "advertising of it. Name the categories that may be one"
            )


def _tied(what: str, offers: Iterable[Offer], alcohol: list[str]) -> Iterator[str]:
    for offer in offers:
        if tied := [id for id in offer.categories if id in alcohol]:
            yield (
                f"{offer.id}: {what} for {', '.join(tied)}: rewards for alcohol may be advertising of it. Ask a lawyer"
            )


def _schemes(programme: Programme) -> Iterator[str]:
    if programme.scans.goods:
        return
    for scheme in programme.cards.schemes:
        if scheme.kind == "ean13" and scheme.prefix.startswith(IN_STORE):
            yield (
                f"cards.schemes: {scheme.prefix} lies in 20 to 29, where scales print labels with the weight in them. "
                "Say in scans.goods how the shop's labels begin"
            )
