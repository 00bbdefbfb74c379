"""Every answer of the checkout has words, in both languages, with the same facts."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from pos_agent import words
from pos_agent.visit import VisitState
from pos_agent.words import known_codes

SOURCE = (Path(words.__file__).parent / "checkout.py").read_text(encoding="utf-8")


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("code", sorted(known_codes()))
def test_both_languages_name_the_same_facts(code: str) -> None:
    russian, english = words._WORDS[code]
    assert fields(russian) == fields(english)
    assert re.search("[а-яё]", russian.lower())
    assert not re.search("[а-яё]", english.lower())


def test_every_code_in_the_checkout_has_words() -> None:
    used = set(re.findall(r'Refused\("(\w+)"', SOURCE)) | set(
        re.findall(r'_went\(\s*VisitEvent\.\w+, [^"]*"(\w+)"', SOURCE)
    )
    assert len(used) > 15
    assert used <= known_codes()


@pytest.mark.parametrize("state", VisitState)
def test_every_state_has_words_for_what_does_not_fit(state: VisitState) -> None:
    assert f"not_now_{state.value}" in known_codes()


@pytest.mark.parametrize(
    "reason",
    ["malformed", "unknown_key", "forged", "other_programme", "unknown_campaign", "not_yet", "expired", "used"],
)
def test_every_reason_against_a_coupon_has_words(reason: str) -> None:
    assert f"coupon_{reason}" in known_codes()
