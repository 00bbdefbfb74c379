"""A gift certificate as a signed text for a QR: its number, and nothing of what is on it (docs/tokens.md).

That the hub made it is known without a connection; how much is left on it only the hub knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

from loyalty.sealed_text import Broken, NotSealed, open_sealed, seal
from loyalty.tags import tag

PREFIX: Final = "PAC:"
WHAT: Final = 0x22  # version 2, a certificate
TEXT_CHARACTERS: Final = 122  # as many as QR 5-M holds
TAG_BYTES: Final = 4
NUMBER_BYTES: Final = 8
NUMBER_DIGITS: Final = 16
NUMBERS: Final = range(10**NUMBER_DIGITS)

CertificateReason = Literal["malformed", "unknown_key", "forged", "other_programme"]


class CertificateRefused(Exception):
    """That is no certificate of ours; `reason` says why."""

    def __init__(self, reason: CertificateReason | Broken) -> None:
        super().__init__(reason)
        self.reason: CertificateReason = reason


def seal_certificate(number: str, programme: str, key_id: int, sign: Callable[[bytes], bytes]) -> str:
    """The text of a certificate's number. Raises ValueError for what is no number of one."""
    if len(number) != NUMBER_DIGITS or not (number.isascii() and number.isdigit()):
        raise ValueError(f"a certificate's number has {NUMBER_DIGITS} digits, not {number!r}")
    claims = tag("programme", programme) + int(number).to_bytes(NUMBER_BYTES, "big")
    return seal(PREFIX, WHAT, key_id, claims, sign)


def open_certificate(text: str, keys: Mapping[int, bytes], programme: str) -> str:
    """The number of a genuine one. `keys`: key id → raw public key; `programme`: its id. Raises CertificateRefused."""
    try:
        claims = open_sealed(text, PREFIX, WHAT, (TAG_BYTES + NUMBER_BYTES,), keys)
    except NotSealed as broken:
        raise CertificateRefused(broken.reason) from broken
    if claims[:TAG_BYTES] != tag("programme", programme):
        raise CertificateRefused("other_programme")
    number = int.from_bytes(claims[TAG_BYTES:], "big")
    if number not in NUMBERS:
        raise CertificateRefused("malformed")
    return f"{number:0{NUMBER_DIGITS}}"
