"""What is said where the hub's desk had to be asked (pos_agent/errands.py)."""

from __future__ import annotations

from typing import Final

from pos_agent.code_words import CODE_REFUSALS
from pos_agent.office_desk_words import OFFICE_REFUSALS
from pos_agent.registration_words import REGISTRATION_REFUSALS

ERRAND_WORDS: dict[str, tuple[str, str]] = {
    "desk_hub_silent": (
        "Хаб не отвечает, ничего не сделано наверняка. Повторите, когда появится связь; второй раз не запишется.",
        "The hub does not answer, and it is not certain what was done. Try again later; it is never done twice.",
    ),
    "desk_refused": ("Офис не разрешает: {why}.", "The office refuses: {why}."),
}
ERRAND_SHORT: dict[str, tuple[str, str]] = {
    "desk_hub_silent": ("Хаб не отвечает\nПовторите позже", "The hub does not answer\nTry again later"),
    "desk_refused": ("Офис не разрешает", "The office refuses"),
}
# codes of the hub's desk that have words here; {tries}: that are left
HUB_REFUSALS: Final = frozenset((*ERRAND_WORDS, *CODE_REFUSALS, *OFFICE_REFUSALS, *REGISTRATION_REFUSALS))
