"""What a till asks the hub's desk about gift certificates (sync/desk.py): the acts by their names.

A refusal says why: `certificate_unknown`, `certificate_empty`, `certificate_blocked`, `certificate_ended`,
`certificate_not_sold` (it has a number and nothing on it yet), `certificate_replaced`, `certificate_held` (another
receipt has it just now), `certificate_pin` (with `tries_left`), `certificate_pin_tries` (none are left).
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from loyalty.bodies import CertificateNumber, Positive

NUMBERS: Final = "certificate_numbers"  # of a till, for nobody: those that it may sell
LOOK: Final = "certificate_look"  # of a till, for whoever has it
HOLD: Final = "certificate_hold"  # of a till: so many rubles of it are kept for a receipt
FREE: Final = "certificate_free"
HISTORY: Final = "certificate_history"  # for people: what happened to it
GIVE: Final = "certificate_give"  # by the office: nobody pays for it
BLOCK: Final = "certificate_block"
REPLACE: Final = "certificate_replace"
REFUND: Final = "certificate_refund"

AHEAD_MAX: Final = 100  # numbers that one till's file may have ahead

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
_Code = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
_Pin = Annotated[str, msgspec.Meta(max_length=12)]


class CertificateNumbersAsked(msgspec.Struct, frozen=True, kw_only=True):
    """`file`: the till's file, and on which `machine`, for no two may have the same numbers."""

    file: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    machine: Annotated[str, msgspec.Meta(pattern=r"^\S{0,64}$")] = ""
    count: Annotated[int, msgspec.Meta(ge=0, le=AHEAD_MAX)]


class CertificateBlank(msgspec.Struct, frozen=True, kw_only=True):
    """One that nobody has bought yet: its number, the text of its QR, and the PIN that is asked where the number is
    typed."""

    number: CertificateNumber
    text: _Code
    pin: _Pin


class CertificateNumbersTold(msgspec.Struct, frozen=True, kw_only=True):
    blanks: tuple[CertificateBlank, ...]


class CertificateLookAsked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`text`: of its QR; or the number with its PIN."""

    text: _Code | None = None
    number: CertificateNumber | None = None
    pin: _Pin = ""


class CertificateTold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`left_kopecks`: without what other receipts have reserved."""

    number: CertificateNumber
    left_kopecks: int
    face_kopecks: int
    paid: bool
    until: str | None = None


class CertificateHoldAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Asked again under the same `hold`, it is the same one with another sum."""

    number: CertificateNumber
    hold: _Text
    kopecks: Positive


class CertificateHeld(msgspec.Struct, frozen=True, kw_only=True):
    """`kopecks`: as many as asked, or as are left."""

    kopecks: int
    until: str


class CertificateFreeAsked(msgspec.Struct, frozen=True, kw_only=True):
    hold: _Text


class CertificateFreed(msgspec.Struct, frozen=True, kw_only=True):
    pass


# what people ask for, as far as a till does it for them; the hub's desk tells more (hub/desk/certificate_acts.py)


class CertificateNamed(msgspec.Struct, frozen=True, kw_only=True):
    """`certificate`: its number, or the text of its QR."""

    certificate: _Code


class CertificateOrdered(msgspec.Struct, frozen=True, kw_only=True):
    certificate: _Code
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class CertificateSeen(msgspec.Struct, frozen=True, kw_only=True):
    state: str
    left_kopecks: int


class CertificateInstead(msgspec.Struct, frozen=True, kw_only=True):
    """The one that takes the place of another: `text` of its QR."""

    number: CertificateNumber
    text: _Code
    pin: _Pin
