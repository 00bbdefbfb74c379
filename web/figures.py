"""Points, rubles and moments as people of a language write them: filters of the templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from typing import Any, Final

from web.language import Language

THIN: Final = "\u202f"


def points(count: int, language: Language, *, signed: bool = False) -> str:
    """1 250, in Russian as in English: a sheet is read down, and a comma is no help."""
    text = f"{abs(count):,}".replace(",", THIN)
    sign = "−" if count < 0 else "+" if signed and count else ""
    return sign + text


def rubles(kopecks: int, language: Language) -> str:
    whole, rest = divmod(abs(kopecks), 100)
    mark = "," if language == "ru" else "."
    return f"{'−' if kopecks < 0 else ''}{points(whole, language)}{mark}{rest:02}{THIN}₽"


def when(at: datetime | str, language: Language, zone: tzinfo, *, day: bool = False) -> str:
    """By the clock of those who live there."""
    then = (datetime.fromisoformat(at) if isinstance(at, str) else at).astimezone(zone)
    date = f"{then:%d.%m.%Y}" if language == "ru" else f"{then:%Y-%m-%d}"
    return date if day else f"{date} {then:%H:%M}"


def day(at: date | str, language: Language) -> str:
    """A day, which is the same by every clock."""
    told = date.fromisoformat(at) if isinstance(at, str) else at
    return f"{told:%d.%m.%Y}" if language == "ru" else f"{told:%Y-%m-%d}"


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {"points": points, "rubles": rubles, "when": when, "day": day}
