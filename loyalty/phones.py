"""Phone numbers as people say them, and the key that stands for one on a till (152-FZ: no phone is kept there)."""

from __future__ import annotations

import hashlib

import phonenumbers

from loyalty.money import shown

REGION = "RU"  # how a number without a country is read: `8 916 …` is Russia's own habit
TEXT_MAX = 40
KEY_SIZE = 8  # bytes; for a million members two share a key once in 37 million stores


class BadPhone(ValueError):
    """A text that is no phone number."""


def parse_phone(text: str) -> str:
    """A phone number in E.164 ("+79161234567"). Raises BadPhone."""
    try:
        number = phonenumbers.parse(text[:TEXT_MAX], REGION)
    except phonenumbers.NumberParseException:
        raise BadPhone(f"{shown(text)} is not a phone number; say it like 8 916 123-45-67") from None
    if len(text) > TEXT_MAX or not phonenumbers.is_valid_number(number):
        raise BadPhone(f"{shown(text)} is not a whole phone number; say it like 8 916 123-45-67")
    e164: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return e164


def phone_key(store_key: bytes, e164: str) -> bytes:
    """The 8 bytes that stand for a phone in one store. `store_key` is 16 to 64 bytes from the hub."""
    if not 16 <= len(store_key) <= 64:
        raise ValueError(f"a store key has 16 to 64 bytes, not {len(store_key)}")
    return hashlib.blake2b(e164.encode(), key=store_key, digest_size=KEY_SIZE).digest()
