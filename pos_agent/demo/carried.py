"""What the demo's guests carry once its story is told: their cards, blank ones from the drawer, fresh coupons, and what
they would buy; the wallet of the emulated till (pos_agent/page/wallet.py)."""

from __future__ import annotations

from typing import Any

import msgspec
import phonenumbers

from loyalty.programme import Language, Programme
from pos_agent.demo.cast import Basket, Cast, baskets_of
from pos_agent.demo.office import Office
from pos_agent.page.wallet import Coupon, Guest, NamedBasket, Wallet

COUPONS_EACH = 2  # of a campaign: one to honour, one more to try again with
Pair = tuple[str, str]  # Russian and English

BASKETS: dict[str, Pair] = {
    "small": ("Мелочь", "A trifle"),
    "usual": ("Обычная покупка", "The usual"),
    "large": ("Большая покупка", "A large one"),
}
ANNA: Pair = ("покупает часто", "comes often")
BORIS: Pair = ("копит на большую покупку", "saves up for something large")
VERA: Pair = ("с новой картой вместо потерянной", "with a new card for the one she lost")
GLEB: Pair = ("получил карту с покупкой", "got his card with a purchase")
LOST: Pair = ("Кто-то с картой Веры", "Somebody with Vera's card")
LOST_NOTE: Pair = ("её потеряли и заменили", "which was lost and replaced")
EXPIRED: Pair = ("{name}, просрочен", "{name}, expired")


def carried(programme: Programme, cast: Cast, language: Language, coupons: tuple[Coupon, ...] = ()) -> Wallet:
    """While the story plays it makes coupons of its own."""

    def word(pair: Pair) -> str:
        return pair[0 if language == "ru" else 1]

    people = [
        (cast.anna, cast.anna.card, ANNA),
        (cast.boris, cast.boris.card, BORIS),
        (cast.vera, cast.veras_new_card, VERA),
        (cast.gleb, cast.gleb.card, GLEB),
    ]
    guests = [
        Guest(name=word((person.ru, person.en)), card=card, phone=_spoken(person.phone), note=word(note))
        for person, card, note in people
    ]
    return Wallet(
        people=(*guests, Guest(name=word(LOST), card=cast.vera.card, note=word(LOST_NOTE))),
        blank_cards=(cast.stranger, *cast.blanks),
        coupons=coupons,
        baskets=tuple(
            NamedBasket(name=word(BASKETS[name]), lines=_as_sent(basket))
            for name, basket in baskets_of(programme.id, language).items()
        ),
    )


def _spoken(phone: str) -> str:
    """As it is said to a cashier."""
    parsed = phonenumbers.parse(phone)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _as_sent(basket: Basket) -> tuple[dict[str, Any], ...]:
    """Only what a line says."""
    lines = [msgspec.to_builtins(line) for line in basket]
    return tuple({name: value for name, value in line.items() if value not in (None, [])} for line in lines)


def minted(programme: Programme, office: Office, language: Language) -> tuple[Coupon, ...]:
    """Fresh coupons of every campaign, and one that is over. Raises StoryFailed."""
    found = []
    for offer in programme.coupons:
        name = offer.ru if language == "ru" else offer.en
        found += [Coupon(name=name, text=text) for text in _mint(office, programme, offer.id, COUPONS_EACH)]
    first = programme.coupons[0]
    over = EXPIRED[0 if language == "ru" else 1].format(name=first.ru if language == "ru" else first.en)
    (text,) = _mint(office, programme, first.id, 1, "--days", "-1")
    return (*found, Coupon(name=over, text=text))


def _mint(office: Office, programme: Programme, campaign: str, count: int, *more: str) -> list[str]:
    words = ("--programme", programme.id, "--campaign", campaign, "--count", str(count))
    return office.do("coupon", "mint", *words, *more).splitlines()
