"""Every reason for which the hub refuses an operation has words at the till."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

import pytest

from hub.books import certificates, known, postings, stickers
from hub.books.bounds import Fault
from loyalty import effects
from loyalty.kinds import RESERVED_REASON
from pos_agent.refusal_words import REFUSAL_WORDS, why_refused

NOT_FROM = {f"not_from_{maker}" for maker in postings._MAKERS.values()}


def said_in(path: Path) -> set[str]:
    """The reasons that a module gives."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    refusals = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in NAMES and call.args]
    words = [node for call in refusals for node in ast.walk(call.args[0]) if isinstance(node, ast.Constant)]
    return {str(word.value) for word in words} - {"not_from_"}


NAMES = ("OperationRefused", "Impossible")
MODULES = (postings, certificates, known, stickers, effects)
REASONS = (
    {reason for module in MODULES for reason in said_in(Path(str(module.__file__)))} | NOT_FROM | {RESERVED_REASON}
)


def test_every_reason_has_words_and_all_words_are_of_a_reason() -> None:
    assert REASONS | set(get_args(Fault)) == set(REFUSAL_WORDS)


@pytest.mark.parametrize("reason", sorted(REFUSAL_WORDS))
def test_the_words_fit_into_a_sentence(reason: str) -> None:
    assert len(reason) <= 40
    for words in REFUSAL_WORDS[reason]:
        assert words[0].islower() and not words.endswith(".") and len(words) < 60


def test_the_code_stands_behind_the_words_and_alone_where_there_are_none() -> None:
    assert why_refused("card_taken", "ru") == "карта уже у другого (card_taken)"
    assert why_refused("bad_sum", "en") == "the lines do not come to the total (bad_sum)"
    assert why_refused("of_a_newer_hub", "en") == "of_a_newer_hub"
