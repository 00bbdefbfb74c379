"""Whatever a ledger may hold has words in both languages: what is forgotten would be shown as a code."""

from __future__ import annotations

from hub.cases.kinds import KINDS, REMEDIES
from hub.cases.office_words import REFUSED
from hub.cases.spoken import KIND_WORDS, REFUSED_RU, REMEDY_WORDS
from hub.people import history, history_ru


def test_every_kind_of_case_and_every_remedy_is_said_in_both_languages() -> None:
    assert KIND_WORDS.keys() == KINDS.keys()
    assert REMEDY_WORDS.keys() == REMEDIES.keys()
    assert REFUSED_RU.keys() == REFUSED.keys()


def test_whatever_happened_to_a_member_is_said_in_russian_too() -> None:
    assert history_ru._WORDS.keys() == history._WORDS.keys()
