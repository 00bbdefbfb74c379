"""Numbers are written as babel writes them, whatever they are."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from loyalty.programme import Language
from loyalty.wording import LANGUAGES, amount_text, number_text


@given(st.integers(-(10**13), 10**13) | st.integers(-2_000, 2_000), st.sampled_from(LANGUAGES))
def test_numbers_and_amounts_have_the_marks_of_the_language(number: int, language: Language) -> None:
    assert number_text(number, language) == format_decimal(number, locale=language)
    rubles = format_decimal(Decimal(number).scaleb(-2), format="#,##0.00", locale=language)
    assert amount_text(number, language) == f"{rubles}\N{NO-BREAK SPACE}₽"
