"""What the cashier may say of what the customer could still gain: one sentence."""

from __future__ import annotations

from datetime import date
from typing import Final

from loyalty.bodies import Advice
from loyalty.programme import Language, Programme
from loyalty.wording import amount_text, percent_text, points_text

ADVICE_WORDS: Final[dict[str, tuple[str, str]]] = {
    "tier": ("Ещё {more} — и {rate} вместо {before}.", "{more} more, and it is {rate} instead of {before}."),
    "coupon": ("Ещё {more} — и действует купон «{name}».", "{more} more, and the coupon “{name}” holds."),
    "card": ("Ещё {more} — и можно выдать карту.", "{more} more, and a card can be issued."),
    "expiring": ("{day} сгорает {points}.", "{day} {points} will expire."),
}
TODAY: Final = ("Сегодня", "Today")
TOMORROW: Final = ("Завтра", "Tomorrow")
ON_DAY: Final = (  # Monday first
    ("В понедельник", "On Monday"),
    ("Во вторник", "On Tuesday"),
    ("В среду", "On Wednesday"),
    ("В четверг", "On Thursday"),
    ("В пятницу", "On Friday"),
    ("В субботу", "On Saturday"),
    ("В воскресенье", "On Sunday"),
)


def explain_advice(told: Advice, programme: Programme, language: Language, today: date) -> str:
    offer = programme.coupon(told.offer) if told.offer is not None else None
    return _words(
        told.kind,
        language,
        more=amount_text(told.more_kopecks, language),
        rate=percent_text(told.rate_bp, language),
        before=percent_text(told.before_bp, language),
        name="" if offer is None else offer.ru if language == "ru" else offer.en,
        points=points_text(told.points, programme.currency, language),
        day=_day(date.fromisoformat(told.last_day), language, today) if told.last_day else "",
    )


def explain_more_for_card(kopecks: int, language: Language) -> str:
    """Said where a card was asked for and the purchase is too small."""
    return _words("card", language, more=amount_text(kopecks, language))


def _words(kind: str, language: Language, **facts: str) -> str:
    return ADVICE_WORDS[kind][0 if language == "ru" else 1].format(**facts)


def _day(day: date, language: Language, today: date) -> str:
    """A day of this week."""
    at = 0 if language == "ru" else 1
    if (day - today).days in (0, 1):
        return (TODAY, TOMORROW)[(day - today).days][at]
    return f"{ON_DAY[day.weekday()][at]} ({day:%d.%m})"
