"""Days and prices as people say them."""

from __future__ import annotations

from datetime import date

import pytest

from loyalty.programme import Language
from loyalty.wording import day_this_year_text, days_text, rubles_text


@pytest.mark.parametrize(
    ("days", "language", "text"),
    [(1, "ru", "1 день"), (22, "ru", "22 дня"), (11, "ru", "11 дней"), (0, "en", "0 days"), (1, "en", "1 day")],
)
def test_days_have_their_plurals(days: int, language: Language, text: str) -> None:
    assert days_text(days, language) == text


@pytest.mark.parametrize(
    ("kopecks", "language", "text"),
    [(150_000, "ru", "1 500 ₽"), (7_642, "ru", "76,42 ₽"), (150_000, "en", "1,500 ₽"), (7_640, "en", "76.40 ₽")],
)
def test_whole_rubles_have_no_kopecks(kopecks: int, language: Language, text: str) -> None:
    assert rubles_text(kopecks, language).replace("\xa0", " ") == text


def test_a_day_of_this_year_has_no_year() -> None:
    day = date(2026, 12, 31)
    assert (day_this_year_text(day, "ru"), day_this_year_text(day, "en")) == ("31 декабря", "December 31")
