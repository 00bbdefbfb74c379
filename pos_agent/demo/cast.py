"""Who comes to the shop of the demo, and what they buy."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from loyalty.card_numbers import make_number
from loyalty.programme import Language, Programme
from pos_agent.protocol import BasketLine

Basket = tuple[BasketLine, ...]

BASKETS: dict[str, dict[str, Basket]] = {
    "alenka": {
        "small": (BasketLine(id="1", name="Шоколад «Алёнка» 90 г", price="89.90", category="chocolate"),),
        "usual": (
            BasketLine(id="1", name="Шоколад «Алёнка» 90 г", price="89.90", quantity="3", category="chocolate"),
            BasketLine(
                id="2",
                name="Конфеты «Мишка косолапый» весовые",
                price="649.00",
                quantity="0.347",
                unit="kg",
                category="sweets",
            ),
        ),
        "large": (
            BasketLine(id="1", name="Набор конфет «Вдохновение» 450 г", price="899.00", quantity="2", category="gifts"),
            BasketLine(id="2", name="Чай чёрный байховый 100 пакетиков", price="412.50", category="tea"),
            BasketLine(id="3", name="Сигареты", price="189.00", category="tobacco"),
        ),
    },
    "perekrestok": {
        "small": (BasketLine(id="1", name="Хлеб бородинский", price="45.50", category="bread"),),
        "usual": (
            BasketLine(
                id="1", name="Яблоки сезонные", price="129.99", quantity="1.234", unit="kg", category="vegetables"
            ),
            BasketLine(id="2", name="Йогурт питьевой 290 г", price="54.90", quantity="4", category="dairy"),
            BasketLine(
                id="3", name="Сыр «Российский» весовой", price="899.00", quantity="0.218", unit="kg", category="dairy"
            ),
        ),
        "large": (
            BasketLine(id="1", name="Водка 0,5 л", price="449.00", category="alcohol_strong", min_unit_price="409.00"),
            BasketLine(id="2", name="Стейк из говядины", price="1290.00", quantity="0.850", unit="kg", category="meat"),
            BasketLine(id="3", name="Сигареты", price="189.00", category="tobacco"),
        ),
    },
}

IN_ENGLISH = {  # a story that is told in English has English goods
    "Шоколад «Алёнка» 90 г": "Alenka chocolate 90 g",
    "Конфеты «Мишка косолапый» весовые": "Mishka sweets by weight",
    "Набор конфет «Вдохновение» 450 г": "Vdokhnovenie sweets in a box 450 g",
    "Чай чёрный байховый 100 пакетиков": "Black tea 100 bags",
    "Сигареты": "Cigarettes",
    "Хлеб бородинский": "Borodino bread",
    "Яблоки сезонные": "Apples in season",
    "Йогурт питьевой 290 г": "Drinking yogurt 290 g",
    "Сыр «Российский» весовой": "Rossiysky cheese by weight",
    "Водка 0,5 л": "Vodka 0.5 l",
    "Стейк из говядины": "Beef steak",
}


def baskets_of(programme: str, language: Language) -> dict[str, Basket]:
    """What is bought, by the names of the story's language."""
    if language == "ru":
        return BASKETS[programme]
    return {
        name: tuple(replace(line, name=IN_ENGLISH[line.name]) for line in basket)
        for name, basket in BASKETS[programme].items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the story. `points` and `registered` are what the hub knows at the start."""

    en: str
    ru: str
    card: str
    phone: str
    points: int
    registered: bool = True


BLANKS = 3


class Cast:
    """The members of one programme, and the blank cards in the drawer."""

    def __init__(self, programme: Programme, photo_code: str | None) -> None:
        scheme = programme.cards.schemes[0]
        cards = [make_number(scheme, 1_000_100 + number) for number in range(6 + BLANKS)]
        scale = 100 // programme.currency.kop_per_point  # so that the story's points are worth about the same
        base = 10 if programme.id == "perekrestok" else 20
        self.anna = Person(
            en="Anna", ru="Анна", card=photo_code or cards[0], phone=f"+791612345{base + 1}", points=40 * scale
        )
        self.boris = Person(en="Boris", ru="Борис", card=cards[1], phone=f"+791612345{base + 2}", points=1_500 * scale)
        self.vera = Person(en="Vera", ru="Вера", card=cards[2], phone=f"+791612345{base + 3}", points=300 * scale)
        self.gleb = Person(
            en="Gleb", ru="Глеб", card=cards[3], phone=f"+791612345{base + 4}", points=0, registered=False
        )
        self.veras_new_card = cards[4]
        self.stranger = cards[5]
        self.blanks = tuple(cards[6:])  # for whoever plays on when the story is told

    def known_to_hub(self) -> list[Person]:
        return [self.anna, self.boris, self.vera]
