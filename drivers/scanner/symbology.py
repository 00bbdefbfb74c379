"""Symbologies: by which names the engines know them, what a right text is, how an EAN is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field

from drivers.scanner.scan import check_digit_right

# Engine's name → ours.
ZXING_FORMATS = {
    "EAN13": "ean13",
    "EAN8": "ean8",
    "UPCA": "upca",
    "Code128": "code128",
    "Code39": "code39",
    "ITF": "itf",
    "QRCode": "qr",
    "DataMatrix": "datamatrix",
    "PDF417": "pdf417",
    "UPCE": "upce",
    "DataBarOmni": "databar",
    "DataBarStk": "databar",
    "DataBarLtd": "databar",
    "DataBarExp": "databar_expanded",
    "DataBarExpStk": "databar_expanded",
}
ZBAR_SYMBOLS = {
    "EAN13": "ean13",
    "EAN8": "ean8",
    "UPCA": "upca",
    "CODE128": "code128",
    "CODE39": "code39",
    "I25": "itf",
    "QRCODE": "qr",
    "UPCE": "upce",
    "DATABAR": "databar",
    "DATABAR_EXP": "databar_expanded",
}
# Off unless a camera's URL asks for them: inside noise UPC-E is the commonest false read, and DataBar is for goods.
ON_REQUEST = frozenset({"upce", "databar", "databar_expanded"})
SHIPPED = frozenset(ZXING_FORMATS.values()) - ON_REQUEST
MATRIX = frozenset({"qr", "datamatrix", "pdf417"})  # they correct their own errors, and know when they could not
DRAWN = frozenset({"ean13", "ean8", "upca"})  # ours to draw, so a reading of them can be compared with the picture
DIGITS = {"ean13": 13, "ean8": 8, "upca": 13, "upce": 13}  # engines write a UPC-E's zeros out: one number, one text
MAIN_DIGITS = {"ean13": (13,), "ean8": (8,), "upca": (13, 12), "upce": (13, 8)}  # in all the ways engines write them
ADD_ON_DIGITS = (2, 5)
MAIN_MODULES = {"ean13": 95, "upca": 95, "ean8": 67, "upce": 51}
ADD_ON_MODULES = {2: 20, 5: 47}
ADD_ON_GAP_MODULES = 9  # ISO/IEC 15420 has 7 to 12
ITF_DIGITS_MIN = 6  # shorter ones are seen in any stripes
STRONG, WEAK = "strong", "weak"

# ISO/IEC 15420: the digits' modules in set A; B is C backwards, C is A inverted. The first of 13 digits is told by
# which sets the next six are of.
SET_A = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
SET_C = tuple(digit.translate(str.maketrans("01", "10")) for digit in SET_A)
SET_B = tuple(digit[::-1] for digit in SET_C)
SETS_BY_FIRST = (
    "AAAAAA",
    "AABABB",
    "AABBAB",
    "AABBBA",
    "ABAABB",
    "ABBAAB",
    "ABBBAA",
    "ABABAB",
    "ABABBA",
    "ABBABA",
)
GUARD, MIDDLE = "101", "01010"
DIGIT_MODULES = 7


@dataclass(frozen=True, slots=True)
class Code:
    """What one barcode says. A UPC-A is written with 13 digits: it *is* an EAN-13 that begins with 0."""

    text: str
    symbology: str
    confidence: str = field(default=STRONG, compare=False)  # the same code, however sure we are of it
    raw: bytes = field(default=b"", compare=False)  # as the code holds it
    guessed: bool = field(default=False, compare=False)  # nothing says by which alphabet `raw` is text
    addon: str = field(default="", compare=False)  # the two or five digits that stand beside a magazine's EAN


def code_of(text: str, symbology: str | None) -> Code | None:
    """Named our way and checked by us: no engine is believed about a check digit."""
    if symbology is None or not text:
        return None
    if symbology == "itf" and len(text) < ITF_DIGITS_MIN:
        return None
    if symbology not in DIGITS:
        return Code(text, symbology)
    # Engines differ in how they tell of a UPC-A: 12 digits, or an EAN-13 with a leading 0. One number, one text.
    main, addon = _apart(text, symbology)
    digits = main.rjust(13, "0") if symbology == "upca" else upca_of(main) if symbology == "upce" else main
    if len(digits) != DIGITS[symbology] or not check_digit_right(digits):
        return None
    if symbology == "ean13" and digits.startswith("0"):
        symbology = "upca"
    return Code(digits, symbology, addon=addon)


def _apart(text: str, symbology: str) -> tuple[str, str]:
    """The number, and the add-on that zxing-cpp writes right behind it."""
    for length in MAIN_DIGITS[symbology]:
        if len(text) - length in (0, *ADD_ON_DIGITS):
            return text[:length], text[length:]
    return text, ""


def upca_of(upce: str) -> str:
    """The number that a UPC-E's eight digits stand for (ISO/IEC 15420, 4.3.3.2); one already written out, as it is."""
    if len(upce) != 8:
        return upce
    system, digits, last, check = upce[0], upce[1:6], upce[6], upce[7]
    if last in "012":
        body = digits[:2] + last + "0000" + digits[2:]
    elif last in "34":
        kept = int(last)
        body = digits[:kept] + "0" * 5 + digits[kept:]
    else:
        body = digits + "0000" + last
    return f"0{system}{body}{check}"


def modules_of(digits: str) -> str:
    """The modules of an EAN-13 or EAN-8, from guard to guard; 1 is black."""
    sets = SETS_BY_FIRST[int(digits[0])] if len(digits) == 13 else "AAAA"
    left = digits[-2 * len(sets) : -len(sets)]
    tables = {"A": SET_A, "B": SET_B}
    near = "".join(tables[name][int(digit)] for name, digit in zip(sets, left, strict=True))
    far = "".join(SET_C[int(digit)] for digit in digits[-len(sets) :])
    return GUARD + near + MIDDLE + far + GUARD


def places_of(modules: int) -> list[tuple[int, tuple[str, ...]]]:
    """Where each digit begins in so many modules, and what else could stand there."""
    half = (modules - 2 * len(GUARD) - len(MIDDLE)) // 2 // DIGIT_MODULES
    left = [len(GUARD) + DIGIT_MODULES * number for number in range(half)]
    right = [place + half * DIGIT_MODULES + len(MIDDLE) for place in left]
    either = SET_A + SET_B if half > 4 else SET_A
    return [(place, either) for place in left] + [(place, SET_C) for place in right]


# Code 39 has 43 characters; the rest of ASCII is written as a shift ($ % / +) and a letter. An engine either reads the
# pairs as what they mean or leaves them as they stand.
CODE39 = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%")
CODE39_PAIRS = {
    **{chr(code): "$" + chr(code + 64) for code in range(1, 27)},
    **{chr(code): "/" + chr(code + 32) for code in range(33, 48) if chr(code) not in "-."},
    **{chr(code): "+" + chr(code - 32) for code in range(97, 123)},
    **dict(zip("\0@`\x7f", ("%U", "%V", "%W", "%T"), strict=True)),
    **dict(zip("\x1b\x1c\x1d\x1e\x1f;<=>?[\\]^_{|}~", (f"%{letter}" for letter in "ABCDEFGHIJKLMNOPQRS"), strict=True)),
    ":": "/Z",
}


def code39_plain(text: str) -> str:
    """A Code 39's text as its 43 characters spell it."""
    if CODE39.issuperset(text):
        return text
    return "".join(CODE39_PAIRS.get(character, character) for character in text)
