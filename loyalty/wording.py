"""Words for people: gettext catalogues, plurals and amounts, in Russian and English.

The catalogues are the .po files beside, compiled when first asked for, so that no binary can go stale.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from io import BytesIO
from typing import Final, NamedTuple

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol

from loyalty.programme import Currency, Language, PluralWords

DAYS: dict[Language, PluralWords] = {
    "ru": PluralWords(one="день", few="дня", many="дней", other="дня"),
    "en": PluralWords(one="day", few="days", many="days", other="days"),
}
MILES: dict[Language, PluralWords] = {
    "ru": PluralWords(one="миля", few="мили", many="миль", other="мили"),
    "en": PluralWords(one="mile", few="miles", many="miles", other="miles"),
}
MONTHS: dict[Language, PluralWords] = {
    "ru": PluralWords(one="месяц", few="месяца", many="месяцев", other="месяца"),
    "en": PluralWords(one="month", few="months", many="months", other="months"),
}
MINUTES: dict[Language, PluralWords] = {
    "ru": PluralWords(one="минуту", few="минуты", many="минут", other="минуты"),
    "en": PluralWords(one="minute", few="minutes", many="minutes", other="minutes"),
}
TEXTS_KEPT: Final = 4_096  # a day's numbers come again and again, as do their words
HISSING = ("г", "к", "х", "ж", "ч", "ш", "щ")  # after which Russian writes no «ы»
LANGUAGES: tuple[Language, ...] = ("ru", "en")


@cache
def catalogue(language: Language) -> NullTranslations:
    """The sentences of a language. English is what the source says, so it has no file."""
    if language == "en":
        return NullTranslations()
    po = resources.files("loyalty").joinpath("locale", f"{language}.po").read_bytes()
    mo = BytesIO()
    write_mo(mo, read_po(BytesIO(po), locale=_locale(language)))
    mo.seek(0)
    return GNUTranslations(mo)


def points_text(points: int, currency: Currency, language: Language) -> str:
    """A number of points with its noun: «2 балла», "1 bonus"."""
    words = currency.ru if language == "ru" else currency.en
    noun: str = getattr(words, _plural_form(points, language))
    return f"{number_text(points, language)} {noun}"


def currency_text(currency: Currency, language: Language) -> str:
    """How points are called where no number stands before them: «бонусы», "bonuses"."""
    return _several(currency.ru) if language == "ru" else currency.en.other


def _several(words: PluralWords) -> str:
    """The Russian nominative plural, which no number takes: made of the form after 2, 3 and 4, which is the genitive
    («бонуса» → «бонусы», «рубля» → «рубли»); «монеты» and «мили» are it already."""
    stem, end = words.few[:-1], words.few[-1:]
    if end == "я":
        return f"{stem}и"
    if end == "а":
        return stem + ("и" if stem.endswith(HISSING) else "ы")
    return words.few


@lru_cache(TEXTS_KEPT)
def _plural_form(number: int, language: Language) -> str:
    """The CLDR category of a number: one, few, many, other."""
    form: Callable[[int], str] = _locale(language).plural_form
    return form(number)


class _Marks(NamedTuple):
    """Between the digits of a number: before each three of them, and before the hundredths."""

    group: str
    point: str


@cache
def _marks(language: Language) -> _Marks:
    """Babel's own; it takes twenty times as long to put them in."""
    return _Marks(get_group_symbol(_locale(language)), get_decimal_symbol(_locale(language)))


@cache
def _locale(language: Language) -> Locale:
    """Read once: babel would look a name up again for every number."""
    return Locale(language)


def days_text(days: int, language: Language) -> str:
    return _counted(days, DAYS, language)


def months_text(months: int, language: Language) -> str:
    return _counted(months, MONTHS, language)


def minutes_text(minutes: int, language: Language) -> str:
    """How long it takes: «через 1 минуту»."""
    return _counted(minutes, MINUTES, language)


def _counted(number: int, words: dict[Language, PluralWords], language: Language) -> str:
    noun: str = getattr(words[language], _plural_form(number, language))
    return f"{number_text(number, language)} {noun}"


@lru_cache(TEXTS_KEPT)
def number_text(number: int, language: Language) -> str:
    return f"{number:,}".replace(",", _marks(language).group)


@lru_cache(TEXTS_KEPT)
def amount_text(kopecks: int, language: Language) -> str:
    """Rubles for reading: «1 234,50 ₽» with narrow blanks of the language."""
    sign, (rubles, rest) = "-" if kopecks < 0 else "", divmod(abs(kopecks), 100)
    return f"{sign}{number_text(rubles, language)}{_marks(language).point}{rest:02}\N{NO-BREAK SPACE}₽"


def rubles_text(kopecks: int, language: Language) -> str:
    """As a price is said: whole rubles without kopecks, «1 500 ₽»."""
    if kopecks % 100:
        return amount_text(kopecks, language)
    return f"{number_text(kopecks // 100, language)}\N{NO-BREAK SPACE}₽"


def miles_text(miles: int, language: Language) -> str:
    noun: str = getattr(MILES[language], _plural_form(miles, language))
    return f"{number_text(miles, language)} {noun}"


@lru_cache(TEXTS_KEPT)
def percent_text(basis_points: int, language: Language) -> str:
    percent = format_decimal(Decimal(basis_points).scaleb(-2), locale=_locale(language))
    return f"{percent}\N{NO-BREAK SPACE}%" if language == "ru" else f"{percent}%"


@lru_cache(TEXTS_KEPT)
def day_text(day: date, language: Language) -> str:
    return format_date(day, format="long", locale=_locale(language))


def day_this_year_text(day: date, language: Language) -> str:
    """«31 декабря», "31 December": where the year goes without saying."""
    return format_skeleton("MMMMd", day, locale=_locale(language))
