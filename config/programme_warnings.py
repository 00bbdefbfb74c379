"""What a programme may say and somebody should look at again: the shop's lawyer, or whoever knows its scales."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from loyalty.categories import BUILT_IN, CLOSED, CLOSED_BY_LAW, STRONG
from loyalty.programme import LEAST_PRICED, UNKNOWN, Category, Offer, Programme

IN_STORE = "2"  # EAN-13 from 20 to 29 are a shop's own: cards, and the labels of its scales
NO_GOODS = ("02", "04", "05", "2", "98", "99")  # ranges of EAN-13 that GS1 gives to no goods: in-store, and coupons
SOUNDS = tuple(
    (id, re.compile(pattern))
    for id, pattern in (
        ("tobacco", r"табак|табач|сигар|кальян|снюс|tobacco|cigar|hookah|snus"),
        ("nicotine", r"никотин|вейп|\bvap|nicotin|e-liquid"),
        ("gift_certificate", r"сертификат|подарочн\w* карт|certificate|gift.?card"),
        ("lottery", r"лотере|lotter"),
        (STRONG, r"алкогол|водк|коньяк|виски|шампан|игрист|\bпив[оа]\b|\bвин[оа]\b|\bром\b|ликёр|ликер|настойк"),
        (STRONG, r"alcohol|vodka|cognac|brandy|whisk|liquor|liqueur|champagne|\bbeers?\b|\bwines?\b|\brum\b|spirits"),
    )
)
FORBIDDEN = ("tobacco", "nicotine", "lottery", STRONG)  # of what may sound in a text: what nobody may offer
REWARDS = ("extra_points", "multiplier")


class Warned(NamedTuple):
    """One line, in each language."""

    ru: str
    en: str


def warnings_of(programme: Programme) -> tuple[Warned, ...]:
    """None for a programme that needs no second look."""
    return (
        *_opened(programme),
        *_unknown_opened(programme),
        *_without_excise(programme),
        *_sounding(programme),
        *_alcohol(programme),
        *_clipped(programme),
        *_of_no_use(programme),
        *_schemes(programme),
        *_partners_sounding(programme),
    )


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


def _unknown_opened(programme: Programme) -> Iterator[Warned]:
    unknown = programme.categories[UNKNOWN]
    if unknown.discount or unknown.redeem != "no":
        yield Warned(
            "categories.unknown открыта: товар, которого касса не знает, может быть табаком или водкой, и станет "
            "дешевле. Закройте её или назовите все товары в файле товаров",
            "categories.unknown is open: goods that the till does not know may be tobacco or vodka, and get cheaper. "
            "Close it, or name all goods in the goods file",
        )


def _without_excise(programme: Programme) -> Iterator[Warned]:
    for id, known in BUILT_IN.items():
        if known.excise and not programme.categories[id].excise:
            yield Warned(
                f"categories.{id}: excise = false, хотя это подакцизный товар: касса примет его за неизвестный. "
                "Уберите excise",
                f"categories.{id}: excise = false, though these are excise goods: the till takes them for unknown "
                "ones. Leave excise out",
            )


def _sounding(programme: Programme) -> Iterator[Warned]:
    """Categories of the shop's own that are called as what the law closes, and are open."""
    own = [category for id, category in programme.categories.items() if id not in BUILT_IN]
    for category in own:
        name = f"{category.id} {category.ru} {category.en}".casefold().replace("_", " ")
        closed = category.redeem == "no" and not category.discount
        found = next((id for id, sounds in SOUNDS if sounds.search(name)), None)
        if found == STRONG and not (closed or _is_alcohol(category)):
            yield Warned(
                f"categories.{category.id} называется как алкоголь, но открыта: спросите юриста и поставьте "
                'excise = true, а для крепкого — redeem = "above_min_price"',
                f"categories.{category.id} is called like alcohol and is open: ask a lawyer, and set "
                'excise = true, and for strong drinks redeem = "above_min_price"',
            )
        elif found not in (None, STRONG) and not closed:
            yield Warned(
                f"categories.{category.id} называется как {found}, но открыта для скидок или списания. Зовите такие "
                f"товары {found}: эта категория есть в каждой программе",
                f"categories.{category.id} is called like {found} and is open to discounts or points. Call such goods "
                f"{found}: every programme has that category",
            )


def _of_no_use(programme: Programme) -> Iterator[Warned]:
    """Offers that name only goods of which they may touch nothing."""
    for offer in (*programme.promotions, *programme.coupons):
        named = [programme.categories[id] for id in offer.categories]
        if offer.kind in REWARDS:
            useful = any(category.earn for category in named)
        else:
            useful = any(
                category.discount and not (offer.kind == "gift" and _is_alcohol(category)) for category in named
            )
        if named and not useful:
            goods = ", ".join(offer.categories)
            yield Warned(
                f"{offer.id} называет только {goods}: такие товары закрыты, и предложение никогда ничего не даст",
                f"{offer.id} names {goods} alone: such goods are closed, and the offer never gives anything",
            )


def _is_alcohol(category: Category) -> bool:
    drinks = category.excise and category.id not in CLOSED_BY_LAW
    return drinks or category.id in LEAST_PRICED or category.redeem == "above_min_price"


def _alcohol(programme: Programme) -> Iterator[Warned]:
    alcohol = [id for id, category in programme.categories.items() if _is_alcohol(category)]
    bought = programme.stickers.offers if programme.stickers is not None else ()
    for_stickers = [one.offer for one in bought]
    offers = [one for one in (*programme.promotions, *programme.coupons) if one not in for_stickers]
    yield from _tied("баллы", "points", (offer for offer in offers if offer.kind in REWARDS), alcohol)
    yield from _tied("скидка", "a discount", (offer for offer in offers if offer.kind not in REWARDS), alcohol)
    yield from _tied("наклейки", "stickers", for_stickers, alcohol)
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


def _clipped(programme: Programme) -> Iterator[Warned]:
    for offer in programme.coupons:
        if offer.terms.clip_days is not None and offer.terms.per_member is None:
            yield Warned(
                f"{offer.id}: участник собирает новый купон, как только использовал прежний. Назовите в terms"
                " per_member, сколько раз можно одному",
                f"{offer.id}: a member clips another one as soon as one is used. Say in terms how many he may use:"
                " per_member",
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
    for scheme in programme.cards.schemes:
        if scheme.kind == "plain":
            yield Warned(
                f"cards.schemes: у номеров {scheme.prefix}… нет контрольной цифры: набранный с ошибкой номер — чужая "
                'карта. Выберите kind = "ean13" или "luhn"',
                f"cards.schemes: numbers of {scheme.prefix}… have no check digit: one mistyped is another's card. "
                'Choose kind = "ean13" or "luhn"',
            )
        if scheme.kind == "ean13":
            yield from _among_goods(scheme.prefix, programme.scans.goods)


def _among_goods(prefix: str, labels: tuple[str, ...]) -> Iterator[Warned]:
    if not prefix.startswith(NO_GOODS):
        yield Warned(
            f"cards.schemes: с {prefix} начинаются штрихкоды обычных товаров: такой товар станет картой. Возьмите "
            "номера, которые начинаются с 20–29",
            f"cards.schemes: barcodes of ordinary goods begin with {prefix}: such goods become a card. Take numbers "
            "that begin with 20 to 29",
        )
    elif len(prefix) <= 2 and prefix.startswith(IN_STORE):
        yield Warned(
            f"cards.schemes: {prefix} занимает целый ряд среди 20–29, и всякая этикетка весов, которой нет в "
            "scans.goods, станет картой. Возьмите начало подлиннее, как 2700",
            f"cards.schemes: {prefix} takes a whole range of 20 to 29, and every label of a scale that is not in "
            "scans.goods becomes a card. Take a longer beginning, like 2700",
        )
    elif not labels and prefix.startswith(IN_STORE):
        yield Warned(
            f"cards.schemes: {prefix} лежит среди 20–29, где весы печатают этикетки с весом внутри. "
            "Назовите в scans.goods, с чего начинаются этикетки магазина",
            f"cards.schemes: {prefix} lies in 20 to 29, where scales print labels with the weight in them. "
            "Say in scans.goods how the shop's labels begin",
        )


def _partners_sounding(programme: Programme) -> Iterator[Warned]:
    """Whoever sells them may be a partner; nobody may offer them (38-FZ art. 21, 15-FZ art. 16)."""
    for partner in programme.partners:
        texts = (text for one in partner.offers for text in (one.ru, one.en, one.terms_ru, one.terms_en))
        if any(pattern.search(text.lower()) for text in texts for id, pattern in SOUNDS if id in FORBIDDEN):
            yield Warned(
                f"partners.{partner.id}: в предложении слышится алкоголь, табак или лотерея, а предлагать их нельзя. "
                "Напишите его иначе",
                f"partners.{partner.id}: an offer sounds like alcohol, tobacco or a lottery, which nobody may offer. "
                "Write it in other words",
            )
