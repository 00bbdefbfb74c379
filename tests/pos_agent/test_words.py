"""Every answer of the checkout has words, in both languages, with the same facts."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import get_args

import pytest

from loyalty.offers import Refusal
from pos_agent import words
from pos_agent.visit import VisitState
from pos_agent.words import known_codes

HERE = Path(words.__file__).parent
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in (*HERE.glob("*.py"), *HERE.glob("desks/*.py")))


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("code", sorted(known_codes()))
def test_both_languages_name_the_same_facts(code: str) -> None:
    russian, english = words._WORDS[code]
    assert fields(russian) == fields(english)
    assert re.search("[а-яё]", russian.lower())
    assert not re.search("[а-яё]", english.lower())


def test_every_code_of_the_desks_has_words() -> None:
    refused = set(re.findall(r'Refused\("(\w+)"(?!, words)', SOURCE)) | set(re.findall(r'words="(\w+)"', SOURCE))
    done = set(re.findall(r'code="(\w+)"', SOURCE))
    assert len(refused) > 15 and len(done) > 15
    assert refused | done <= known_codes()


@pytest.mark.parametrize("cause", ["link", "balance", "day", "offer", "coupon", "coupon_used", "age"])
def test_every_change_of_a_quote_has_words(cause: str) -> None:
    assert f"changed_{cause}" in known_codes()


@pytest.mark.parametrize("reason", get_args(Refusal))
def test_every_reason_why_a_coupon_gives_nothing_has_words(reason: str) -> None:
    assert f"coupon_waits_{reason}" in known_codes()


@pytest.mark.parametrize("state", VisitState)
def test_every_state_has_words_for_what_does_not_fit(state: VisitState) -> None:
    assert f"not_now_{state.value}" in known_codes()


@pytest.mark.parametrize(
    "reason",
    ["malformed", "unknown_key", "forged", "other_programme", "unknown_campaign", "not_yet", "expired", "used"],
)
def test_every_reason_against_a_coupon_has_words(reason: str) -> None:
    assert f"coupon_{reason}" in known_codes()
