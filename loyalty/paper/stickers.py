"""What our papers say of stickers: given, exchanged, how many there are, and what the next offer lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from loyalty.bodies import Return, Sale
from loyalty.money import format_kopecks
from loyalty.paper.parts import Row
from loyalty.paper.words import PaperWords
from loyalty.programme import Language, StickerOffer
from loyalty.stickers import collection_of, next_offer, offer_named, running


def sticker_rows(sale: Sale, words: PaperWords, at: datetime, after: Mapping[str, int] | None) -> Iterator[Row]:
    """`after`: the balances by collection; None: they are not known."""
    told, rule = sale.stickers, words.programme.stickers
    if told is not None:
        for one in told.spent:
            offer = offer_named(rule, one.offer)
            name = name_of(offer, words.language) if offer is not None else one.offer
            worth = format_kopecks(-one.discount_kopecks) if one.discount_kopecks else ""
            yield Row(words.say("stickers_spent", count=str(one.count), name=name), worth)
        if told.given:
            yield Row(words.say("stickers_given"), str(told.given))
    if after is not None:
        yield from balance_of_stickers(words, at, after)


def balance_of_stickers(words: PaperWords, at: datetime, after: Mapping[str, int]) -> Iterator[Row]:
    """While the collection runs, and there is something to say."""
    rule = running(words.programme, words.local(at).date())
    count = after.get(collection_of(rule), 0) if rule is not None else 0
    if rule is None or not count:
        return
    yield Row(words.say("stickers_owed" if count < 0 else "stickers_balance"), str(abs(count)), bold=True)
    following = next_offer(rule, count)
    if following is not None:
        yield Row(words.say("stickers_next", name=name_of(following[0], words.language)), str(following[1]))


def rows_of_return(back: Return, words: PaperWords, at: datetime, after: Mapping[str, int] | None) -> Iterator[Row]:
    told = back.stickers
    if told is None:
        return
    if told.restored:
        yield Row(words.say("stickers_back"), str(told.restored))
    if told.taken_back:
        yield Row(words.say("stickers_taken_back"), str(told.taken_back))
    if after is not None:
        yield from balance_of_stickers(words, at, after)


def name_of(one: StickerOffer, language: Language) -> str:
    return one.offer.ru if language == "ru" else one.offer.en
