"""The audit log and the day in words: no command and no code of a program is left in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from pos_agent import protocol as p
from pos_agent.audit_words import ACTS, act_words, ended_words, fields_words
from pos_agent.audited import PLAIN
from pos_agent.short_words import SHORT_WORDS

NOTED_BESIDES = {"settings", "velocity"}


def _commands(of: Any) -> Iterator[Any]:
    if hasattr(of, "__struct_config__"):
        yield of
    for one in get_args(of):
        yield from _commands(one)


def test_every_act_that_is_noted_has_words() -> None:
    noted = {one.__struct_config__.tag for one in _commands(p.Command) if one not in PLAIN}
    assert set(ACTS) == noted | NOTED_BESIDES
    assert act_words("of_a_newer_till", "ru") == "of_a_newer_till"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_outcome_is_said_without_its_facts(language: Any) -> None:
    for code in SHORT_WORDS:
        said = ended_words(code, language)
        assert not re.search(r"[{}=]|_|:$|\n", said), (code, said)


def test_an_outcome_as_it_reads() -> None:
    assert [
        ended_words(code, "ru") for code in ("card_is_blocked_now", "card_on_receipt", "signed_in", "second_needed")
    ] == [
        "Карта заблокирована",
        "Карта стоит в чеке",
        "Вошли",
        "Нужен второй человек",
    ]
    assert fields_words({"sale": "101", "reason": "…"}, "ru") == "чек 101"
