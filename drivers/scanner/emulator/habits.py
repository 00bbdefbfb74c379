"""How emulated scanners write what they have read, by tables of their own: written from scanners' manuals and from
Windows, never from the driver.

A code becomes a text as the scanner would say it (prefix, identifier, code); a line's way makes bytes or keys of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Zebra "Symbol Code Identifiers"; Honeywell "Symbology Charts"; Newland "Code ID Table"; Datalogic "Label ID:
# Pre-loaded Sets". UPC-A has 12 digits here.
IDENTIFIERS: dict[str, dict[str, str]] = {
    "zebra": {"ean13": "A", "ean8": "A", "upca": "A", "code39": "B", "code128": "D", "itf": "F", "qr": "P01",
              "datamatrix": "P00", "pdf417": "X"},
    "honeywell": {"ean13": "d", "ean8": "D", "upca": "c", "code39": "b", "code128": "j", "itf": "e", "qr": "s",
                  "datamatrix": "w", "pdf417": "r"},
    "newland": {"ean13": "d", "ean8": "d", "upca": "c", "code39": "b", "code128": "j", "itf": "e", "qr": "s",
                "datamatrix": "u", "pdf417": "r"},
    "datalogic": {"ean13": "B", "ean8": "A", "upca": "C", "code39": "V", "code128": "T", "itf": "N"},
    "datalogic-us": {"ean13": "F", "ean8": "FF", "upca": "A", "code39": "*", "code128": "#", "itf": "i"},
}  # fmt: skip
AIM = {"ean13": "]E0", "ean8": "]E4", "upca": "]E0", "code39": "]A0", "code128": "]C0", "itf": "]I0", "qr": "]Q1",
       "datamatrix": "]d2", "pdf417": "]L2"}  # fmt: skip
IDENTIFIERS["aim"] = AIM
MAKER_OF_MODEL = {"zebra-ssi": "zebra", "honeywell": "honeywell", "newland": "newland"}
BY_DIGITS = {13: "ean13", 12: "upca", 8: "ean8"}
ENCODINGS = ("utf-8", "cp1251", "cp866", "koi8-r", "cp1252")
NO_READ = "NOREAD"  # Microscan's; Zebra and Honeywell say NR
SIGN = re.compile(r"<x([0-9A-Fa-f]{2})>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands before every code."""

    prefix: str = ""
    maker: str | None = None  # whose letters say which kind of code it is
    aim: str = ""  # "]E0"; the same before every code

    def said(self, code: str, aim: str = "") -> str:
        """`aim` is the identifier of this one code, as a scan script has it."""
        if self.maker is None:
            return f"{self.prefix}{aim or self.aim}{code}"
        return f"{self.prefix}{self._letters(kind_of(code, aim))}{code}"

    def _letters(self, kind: str) -> str:
        table = IDENTIFIERS[self.maker or ""]
        return table.get(kind, table["code128"])


def kind_of(code: str, aim: str = "") -> str:
    """What kind of code this would be printed as, where nobody says it."""
    told = next(
        (kind for kind, written in AIM.items() if aim[:2] == written[:2] and kind not in BY_DIGITS.values()), None
    )
    if told is not None:
        return told
    return BY_DIGITS.get(len(code), "code128") if code.isascii() and code.isdigit() else "code128"


def characters(written: str) -> str:
    """`A1` or `<x1C>` as an option has it → the characters."""
    return SIGN.sub(lambda sign: chr(int(sign[1], 16)), written)
