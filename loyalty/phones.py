"""Phone numbers as people say them, and the key that stands for one on a till (152-FZ: no phone is kept there)."""

from __future__ import annotations

import hashlib
from typing import Literal

import phonenumbers

from loyalty.money import shown

REGION = "RU"  # how a number without a country is read: `8 916 …` is Russia's own habit
# said without a plus as often as with one
NEIGHBOURS = (
    "373",
    "374",
    "375",
    "380",
    "992",
    "993",
    "994",
    "995",
    "996",
    "998",
)
TEXT_MAX = 40
KEY_SIZE = 8  # bytes; for a million members two share a key once in 37 million stores


Reason = Literal["no_phone", "not_whole", "plus_eight"]
HELP: dict[Reason, str] = {
    "no_phone": "is not a phone number; say it like 8 916 123-45-67",
    "not_whole": "is not a whole phone number; say it like 8 916 123-45-67",
    "plus_eight": "begins with +8, which is no country; say +7 or 8, like 8 916 123-45-67",
}


class BadPhone(ValueError):
    """A text that is no phone number; `reason` says which help is the right one."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(f"{shown(text)} {HELP[reason]}")
        self.reason = reason


def parse_phone(text: str) -> str:
    """A phone number in E.164 ("+79161234567"), as people of Russia and its neighbours say it. Raises BadPhone."""
    if len(text) > TEXT_MAX:
        raise BadPhone("not_whole", text)
    for spelt in (text, *_with_plus(text)):
        try:
            number = phonenumbers.parse(spelt, REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            e164: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            return e164
    digits = phonenumbers.normalize_digits_only(text)
    if not digits:
        raise BadPhone("no_phone", text)
    raise BadPhone("plus_eight" if _plus_eight(text) else "not_whole", text)


def phone_text(e164: str) -> str:
    """As people write it down: `+7 916 123-45-67`."""
    number = phonenumbers.parse(e164)
    text: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return text


def _with_plus(text: str) -> tuple[str, ...]:
    """A country's code said without its plus: `375 29 …`, `00 49 …`."""
    digits = phonenumbers.normalize_digits_only(text)
    if digits.startswith("00"):
        return (f"+{digits[2:]}",)
    return (f"+{digits}",) if digits.startswith(NEIGHBOURS) else ()


def _plus_eight(text: str) -> bool:
    plain = text.strip()
    return plain.startswith(("+", "\uff0b")) and phonenumbers.normalize_digits_only(plain).startswith("89")


def phone_key(store_key: bytes, e164: str) -> bytes:
    """The 8 bytes that stand for a phone in one store. `store_key` is 16 to 64 bytes from the hub."""
    if not 16 <= len(store_key) <= 64:
        raise ValueError(f"a store key has 16 to 64 bytes, not {len(store_key)}")
    return hashlib.blake2b(e164.encode(), key=store_key, digest_size=KEY_SIZE).digest()
