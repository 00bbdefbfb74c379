"""What a PIN, a badge and a spoken code come to: the same at the hub and at its tills.

A PIN has ten thousand or a million values, and whoever has the list would try them all. So each is hashed slowly
(argon2id), and before that with the pepper, a key that lies apart from the list: without it even the right PIN does
not verify.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PEPPER_BYTES: Final = 32
PIN_DIGITS: Final = range(4, 7)
BADGE: Final = "ps:"  # how a badge's text begins; none of ours, no goods and no receipt do
BADGE_LETTERS: Final = 26  # of base 32: 128 bits
CODE_DIGITS: Final = 6
CODE_MINUTES: Final = 15  # so long the office's word for a step is good
LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 that are told apart when they are spoken and written
CHALLENGE_LETTERS: Final = 8
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
HASHED: Final = "$argon2id$v=19$m=19456,t=2,p=1$"  # so every hash of ours begins: no other costs a till its memory


def is_pin(text: str) -> bool:
    return len(text) in PIN_DIGITS and text.isascii() and text.isdecimal()


def is_badge(text: str) -> bool:
    return text[: len(BADGE)].lower() == BADGE


def pin_hash(pepper: bytes, pin: str, salt: bytes | None = None) -> str:
    return _HASHER.hash(_peppered(pepper, "pin", pin), salt=salt)


def pin_fits(pepper: bytes, pin: str, hashed: str) -> bool:
    """Takes some ten milliseconds, on purpose."""
    try:
        return hashed.startswith(HASHED) and _HASHER.verify(hashed, _peppered(pepper, "pin", pin))
    except (VerificationError, InvalidHashError):
        return False


def badge_hash(pepper: bytes, badge: str) -> str:
    """Nobody tries 2^128 of them: a fast hash will do."""
    return _peppered(pepper, "badge", badge.strip()[len(BADGE) :].upper())


def challenge_of(pepper: bytes, *bound: str) -> str:
    """Bound to what is said in it; the last of it is random."""
    number = int.from_bytes(_mac(pepper, "challenge", "\0".join(bound)), "big")
    return "".join(LETTERS[(number >> 5 * place) % len(LETTERS)] for place in range(CHALLENGE_LETTERS))


def answer_code(pepper: bytes, challenge: str, person: str) -> str:
    """What is read out: bound to the challenge, which binds to the step, and to the id of who answers for it."""
    number = int.from_bytes(_mac(pepper, "answer", f"{plain_challenge(challenge)}\0{person}"), "big")
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def plain_challenge(text: str) -> str:
    """As somebody typed it who heard it on the telephone."""
    return "".join(text.split()).replace("-", "").upper()


def is_challenge(text: str) -> bool:
    plain = plain_challenge(text)
    return len(plain) == CHALLENGE_LETTERS and all(letter in LETTERS for letter in plain)


def _peppered(pepper: bytes, what: str, text: str) -> str:
    return _mac(pepper, what, text).hex()


def _mac(pepper: bytes, what: str, text: str) -> bytes:
    return hmac.new(pepper, f"{what}\0{text}".encode(), hashlib.sha256).digest()
