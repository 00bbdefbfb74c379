"""The bytes of one frame → a code, or why they are none: what the scanner put around it is taken off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from drivers.scanner.notation import shown
from drivers.scanner.scan import (
    BAD_CHECK_DIGIT,
    NOT_UTF8,
    check_digit_right,
    trimmed,
    why_refused,
)

NOTHING_LEFT = "there is nothing after the AIM identifier"
NO_READ = "the scanner says that it has read nothing"
NO_IDENTIFIER = "it does not begin with one of the scanner's identifiers"

# AIM identifiers (ISO/IEC 15424): letter after "]" → symbology. None: known, but no symbology of ours.
AIM_LETTERS: dict[str, str | None] = {
    "A": "code39",
    "C": "code128",
    "E": "ean",
    "I": "itf",
    "L": "pdf417",
    "Q": "qr",
    "d": "datamatrix",
    "F": None,  # Codabar
    "G": None,  # Code 93
    "X": None,  # "other"; some scanners say it of UPC
    "e": None,  # GS1 DataBar
    "z": None,  # Aztec
}
# A composite code or an add-on: several messages in one frame. An EAN is digits alone, so what follows one with an
# identifier is certainly another message; in any other code "]C1" may well be text.
EAN_MESSAGE = re.compile(r"\]E[0-9][0-9]+(?=\][A-Za-z][0-9A-Za-z])")
EAN_BY_LENGTH = {13: "ean13", 12: "upca", 8: "ean8"}
EANS = frozenset({"ean", *EAN_BY_LENGTH.values()})

# Two digits stand beside the EAN of a newspaper, five beside that of a book. As a message of its own: ]E1 and ]E2.
ADDON_MESSAGE = re.compile(r"\]E1([0-9]{2})|\]E2([0-9]{5})")
WITH_ADDON = re.compile(r"([0-9]{13}|[0-9]{12}|[0-9]{8})([0-9]{5}|[0-9]{2})")
PRINTED_MATTER = ("977", "978", "979")  # GS1: only these EAN-13 have add-ons

NO_READ_WORDS = frozenset({"noread", "no read", "no-read", "no_read", "nr", "?"})

UTF8 = "utf-8"
UTF8_BOM = b"\xef\xbb\xbf"
ENCODINGS = {UTF8: "UTF-8", "cp1251": "Windows-1251", "cp866": "CP866", "koi8-r": "KOI8-R", "cp1252": "Windows-1252"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a scanner puts around a code, and in which letters it writes."""

    prefix: str = ""
    identifiers: Mapping[str, str] | None = None  # the maker's: letters → symbology; every code has them
    aim: bool = True
    encoding: str = UTF8
    no_read: frozenset[str] = field(default=NO_READ_WORDS)
    addon: str = "auto"  # or "apart" or "keep"


USUAL = Reading()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One code as the line brought it."""

    text: str
    raw: bytes
    symbology: str | None
    flags: frozenset[str]
    addon: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A frame that is no code, and why. Its bytes may be anything; of one too long none are kept."""

    reason: str
    raw: bytes = b""


class NotRead(Exception):
    """There is no code in it; says why."""


def read_frame(
    raw: bytes, flags: frozenset[str], reading: Reading = USUAL, identifier: str = ""
) -> list[Frame | Refusal]:
    """Bytes between two suffixes → a code, or why it is none; of a composite code, each of its messages. `identifier`:
    an AIM identifier that came beside the bytes."""
    try:
        text = decoded(raw, reading.encoding)
        if is_no_read(text, reading) and not flags:
            raise NotRead(NO_READ)
        text = identifier + without_prefix(text, reading.prefix)
    except NotRead as error:
        return [Refusal(reason=str(error), raw=raw)]
    if identifier:
        raw, reading = identifier.encode() + raw, replace(reading, aim=True, identifiers=None)
    first, *others = messages(text) if reading.aim else [text]
    addon = addon_of(others[0]) if len(others) == 1 else None
    if addon is not None:
        return [_read_message(first, raw, flags, reading, addon)]
    if not others:
        return [_read_message(first, raw, flags, reading)]
    return [_read_message(one, one.encode(), flags, reading) for one in (first, *others)]


def decoded(raw: bytes, encoding: str) -> str:
    """Raises NotRead. A byte order mark says that it is UTF-8 after all."""
    try:
        return raw.decode(UTF8 if raw.startswith(UTF8_BOM) else encoding)
    except UnicodeDecodeError:
        raise NotRead(NOT_UTF8 if encoding == UTF8 else f"it is not {ENCODINGS[encoding]} text") from None


def is_no_read(text: str, reading: Reading) -> bool:
    return text.strip().casefold() in reading.no_read


def without_prefix(text: str, prefix: str) -> str:
    if not text.startswith(prefix):
        raise NotRead(f"it does not begin with the prefix {shown(prefix)}")
    return text[len(prefix) :]


def messages(text: str) -> list[str]:
    """`]E04607…]C1(more)` → two; anything else → itself."""
    found = []
    while (ean := EAN_MESSAGE.match(text)) is not None:
        found.append(ean.group())
        text = text[ean.end() :]
    return [*found, text]


def addon_of(message: str) -> str | None:
    found = ADDON_MESSAGE.fullmatch(message)
    return None if found is None else found[1] or found[2]


def _read_message(
    message: str, raw: bytes, flags: frozenset[str], reading: Reading, addon: str | None = None
) -> Frame | Refusal:
    try:
        text, family = strip_identifier(message, reading)
    except NotRead as error:
        return Refusal(reason=str(error), raw=raw)
    text = trimmed(text)
    if is_no_read(text, reading) and not flags:
        return Refusal(reason=NO_READ, raw=raw)
    reason = why_refused(text) or (None if text else NOTHING_LEFT)
    if reason is not None:
        return Refusal(reason=reason, raw=raw)
    if addon is None:
        text, addon = without_addon(text, family, reading.addon)
    symbology = EAN_BY_LENGTH.get(len(text)) if family in EANS else family
    if symbology in EAN_BY_LENGTH.values() and not check_digit_right(text):
        flags |= {BAD_CHECK_DIGIT}
    return Frame(text=text, raw=raw, symbology=symbology, flags=flags, addon=addon)


def without_addon(text: str, family: str | None, habit: str) -> tuple[str, str | None]:
    """`978…` of 18 digits → 13 and 5. Where nobody says that it is an EAN, only printed matter has add-ons: a card may
    well have 18 digits, of which the first 13 happen to check."""
    found = WITH_ADDON.fullmatch(text) if habit != "keep" else None
    if found is None or len(text) in EAN_BY_LENGTH or not check_digit_right(found[1]):
        return text, None
    if (
        family in EANS
        or (habit == "apart" and len(found[1]) == 13)
        or (family is None and len(found[1]) == 13 and found[1].startswith(PRINTED_MATTER))
    ):
        return found[1], found[2]
    return text, None


def strip_identifier(message: str, reading: Reading) -> tuple[str, str | None]:
    """The code and the family that its identifier names. Raises NotRead where every code should have one."""
    if reading.identifiers is None:
        return strip_aim(message) if reading.aim else (message, None)
    for letters in sorted(reading.identifiers, key=len, reverse=True):
        family = reading.identifiers[letters]
        if message.startswith(letters) and fits(message[len(letters) :], family):
            return message[len(letters) :], None if family == "other" else family
    raise NotRead(NO_IDENTIFIER)


def fits(rest: str, family: str) -> bool:
    """Datalogic's F is an EAN-13 and FF an EAN-8: what is left must be digits of that length, or with an add-on."""
    lengths = {length for length, name in EAN_BY_LENGTH.items() if name == family}
    return family not in EANS or (
        rest.isdecimal() and any(len(rest) - one in (0, 2, 5) for one in lengths or {len(rest)})
    )


def strip_aim(text: str) -> tuple[str, str | None]:
    """`]E04607…` → `4607…`, "ean". A hint only: scanners differ in what they call UPC and add-ons."""
    if len(text) < 3 or text[0] != "]" or text[1] not in AIM_LETTERS or not text[2].isalnum():
        return text, None
    return text[3:], AIM_LETTERS[text[1]]
