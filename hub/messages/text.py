"""The text of a message: a few fields that are each member's own, and how many parts an SMS of it has.

Nothing else of a member goes into it, and no field is anything but text: {name} {points} {dies} {day}.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

from loyalty.programme import Currency, Language
from loyalty.wording import points_text

LETTERS_MAX: Final = 500
FIELDS: Final = ("name", "points", "dies", "day")
DYING: Final = frozenset(("dies", "day"))  # say nothing where nothing dies
NOBODY: Final[Mapping[Language, str]] = {"ru": "покупатель", "en": "customer"}  # who has told us no name
GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE: Final = frozenset("^{}\\[~]|€")  # take the room of two
_FIELD: Final = re.compile(r"{([^{}]*)}")
_CONTROL: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class BadText(ValueError):
    """No message has such a text. `code`: for words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Facts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stood in one member's message. `day`: the last one of the points that die next, YYYY-MM-DD."""

    name: str = ""
    points: int = 0
    dies: int = 0
    day: str = ""


def check_text(text: str) -> None:
    """Raises BadText."""
    if not text.strip():
        raise BadText("mailing_text_none", "A message has a text.")
    if len(text) > LETTERS_MAX:
        raise BadText("mailing_text_long", f"A text has at most {LETTERS_MAX} letters; this one has {len(text)}.")
    if _CONTROL.search(text):
        raise BadText("mailing_text_odd", "A text has no control characters.")
    wrong = [name for name in _FIELD.findall(text) if name not in FIELDS]
    if wrong or "{" in _FIELD.sub("", text) or "}" in _FIELD.sub("", text):
        raise BadText("mailing_field", f"Fields are {' '.join(f'{{{name}}}' for name in FIELDS)} and no others.")


def fields_of(text: str) -> frozenset[str]:
    return frozenset(_FIELD.findall(text))


def filled(text: str, facts: Facts, currency: Currency, language: Language) -> str:
    said = {
        "name": facts.name or NOBODY[language],
        "points": points_text(facts.points, currency, language),
        "dies": points_text(facts.dies, currency, language),
        "day": day_text(facts.day, language) if facts.day else "",
    }
    return _FIELD.sub(lambda field: said[field[1]], text)


def day_text(day: str, language: Language) -> str:
    then = date.fromisoformat(day)
    return f"{then:%d.%m.%Y}" if language == "ru" else day


def sms_parts(text: str) -> int:
    """For each of which a provider takes its price: 160 letters in Latin and 70 in Cyrillic, a few less of each where
    there is more than one."""
    if all(letter in GSM or letter in GSM_TWICE for letter in text):
        units, alone, each = sum(2 if letter in GSM_TWICE else 1 for letter in text), 160, 153
    else:
        units, alone, each = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if units <= alone else -(-units // each)
