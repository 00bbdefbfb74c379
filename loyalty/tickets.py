"""What a programme's members may ask its people about, and what these answer most (P34)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Pair = tuple[str, str]  # Russian, English

QUIET_DAYS: Final = 14
REASONS_MAX: Final = 20
ANSWERS_MAX: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReason:
    """`answers`: texts from which whoever answers may begin."""

    id: str
    title: Pair
    answers: tuple[Pair, ...] = ()


SHIPPED: Final[tuple[TicketReason, ...]] = (
    TicketReason(
        id="points",
        title=("Баллы по чеку", "Points of a receipt"),
        answers=(
            (
                "Здравствуйте! Мы нашли ваш чек и начислили по нему баллы: они уже на счёте.",
                "Hello! We have found your receipt and added its points: they are on your account.",
            ),
            (
                "Здравствуйте! Пришлите, пожалуйста, фотографию чека целиком: номер, дата и сумма должны читаться.",
                "Hello! Please send a photo of the whole receipt: its number, date and sum should be readable.",
            ),
        ),
    ),
    TicketReason(
        id="card",
        title=("Карта", "My card"),
        answers=(
            (
                "Здравствуйте! Карту можно заменить в личном кабинете: «Карты». Баллы сохранятся.",
                "Hello! You can replace the card in your account: Cards. The points are kept.",
            ),
        ),
    ),
    TicketReason(
        id="goods",
        title=("Товар или цена", "Goods or a price"),
        answers=(
            (
                "Здравствуйте! Спасибо, что сказали: мы передали это в магазин и напишем, что он ответит.",
                "Hello! Thank you for telling us: we have passed it to the shop and will write what it answers.",
            ),
        ),
    ),
    TicketReason(id="shop", title=("Работа магазина", "A shop and its people")),
    TicketReason(id="account", title=("Вход и личные данные", "Signing in and my data")),
    TicketReason(id="other", title=("Другое", "Something else")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRules:
    """`quiet_days`: after so many without a word an answered one closes itself."""

    reasons: tuple[TicketReason, ...] = SHIPPED
    quiet_days: int = QUIET_DAYS

    def reason(self, id: str) -> TicketReason | None:
        return next((one for one in self.reasons if one.id == id), None)
