"""What a programme may say and somebody should look at again: the shop's lawyer, or whoever knows its scales."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from loyalty.categories import BUILT_IN, CLOSED, CLOSED_BY_LAW
from loyalty.programme import LEAST_PRICED, Category, Offer, Programme

IN_STORE = "2"  # EAN-13 from 20 to 29 are a shop's own: cards, and the labels of its scales
REWARDS = ("extra_points", "multiplier")


class Warned(NamedTuple):
    """One line, in each language."""

    ru: str
    en: str


def warnings_of(programme: Programme) -> tuple[Warned, ...]:
    """None for a programme that needs no second look."""
    return (*_opened(programme), *_alcohol(programme), *_schemes(programme))


def _opened(programme: Programme) -> Iterator[Warned]:
    for id in CLOSED:
        category, closed = programme.categories[id], BUILT_IN[id]
        keys = [key for key in ("redeem", "earn", "discount") if getattr(category, key) != getattr(closed, key)]
        if keys and id not in CLOSED_BY_LAW:
            opened = ", ".join(keys)
            yield Warned(
                f"categories.{id} открыта ({opened}): такие товары — деньги или сборы, они нигде не копят баллов и не "
                "дешевеют. Спросите юриста",
                f"categories.{id} is open ({opened}): such goods are money or duties, "
                "and everywhere else neither earn nor get cheaper. Ask a lawyer",
            )


def _is_alcohol(category: Category) -> bool:
    drinks = category.excise and category.id not in CLOSED_BY_LAW
    return drinks or category.id in LEAST_PRICED or category.redeem == "above_min_price"


def _alcohol(programme: Programme) -> Iterator[Warned]:
    alcohol = [id for id, category in programme.categories.items() if _is_alcohol(category)]
    offers = (*programme.promotions, *programme.coupons)
    bought = programme.stickers.offers if programme.stickers is not None else ()
    yield from _tied("баллы", "points", (offer for offer in offers if offer.kind in REWARDS), alcohol)
    yield from _tied("наклейки", "stickers", (one.offer for one in bought), alcohol)
    rule = programme.favourite
    if rule is not None:
        liked = [id for id in alcohol if not rule.categories or id in rule.categories]
        if liked:
            yield Warned(
                f"favourite.categories разрешает выбрать любимой категорией {', '.join(liked)}: награда за алкоголь "
                "может быть его рекламой. Назовите категории, которые можно выбрать",
                f"favourite.categories lets {', '.join(liked)} be a favourite: rewards for alcohol may be "
                "advertising of it. Name the categories that may be one",
            )


def _tied(ru: str, en: str, offers: Iterable[Offer], alcohol: list[str]) -> Iterator[Warned]:
    for offer in offers:
        if tied := [id for id in offer.categories if id in alcohol]:
            goods = ", ".join(tied)
            yield Warned(
                f"{offer.id}: {ru} за {goods}: награда за алкоголь может быть его рекламой. Спросите юриста",
                f"{offer.id}: {en} for {goods}: rewards for alcohol may be advertising of it. Ask a lawyer",
            )


def _schemes(programme: Programme) -> Iterator[Warned]:
    if programme.scans.goods:
        return
    for scheme in programme.cards.schemes:
        if scheme.kind == "ean13" and scheme.prefix.startswith(IN_STORE):
            yield Warned(
                f"cards.schemes: {scheme.prefix} лежит среди 20–29, где весы печатают этикетки с весом внутри. "
                "Назовите в scans.goods, с чего начинаются этикетки магазина",
                f"cards.schemes: {scheme.prefix} lies in 20 to 29, where scales print labels with the weight in them. "
                "Say in scans.goods how the shop's labels begin",
            )
