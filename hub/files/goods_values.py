"""What people write into cells of a table of goods, as values. Every function raises BadValue, with words for whoever
mends the file."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from stdnum import ean

from hub.files.headings import key_of
from hub.files.reasons import BadValue
from hub.files.values import (
    DAY_FIRST,
    ISO,
    MIDNIGHT,
    ONE_GROUP,
    RUBLES,
    amount_of,
    check_digits,
    long_number,
)
from loyalty.basket import PRICE_MAX_KOPECKS
from loyalty.goods import STRENGTHS_BP, VOLUMES_ML
from loyalty.goods_snapshot import ARTICLE_MAX, CODES_MAX, SUBJECTS
from loyalty.money import BadNumber, parse_kopecks, parse_quantity_m
from loyalty.programme import EAN_LENGTHS
from loyalty.spellings import BARCODE_MAX, barcode_key, category_key, is_weak, kind_key

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2999
BETWEEN_CODES: Final = re.compile(r"[;,|\s]+")
UNITS: Final = {"шт": "pc", "штука": "pc", "pcs": "pc", "piece": "pc", "ea": "pc", "796": "pc", "166": "kg", "кг": "kg"}
PERCENT: Final = re.compile(r"\s*(?:%|°|проц\.?)?\s*(?:об\.?|vol\.?)?\s*%?\Z", re.IGNORECASE)
MEASURED: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*(мл|ml|л|l|литр(?:а|ов)?|cl|сл)?\.?", re.IGNORECASE)
MILLILITRES: Final = frozenset(("мл", "ml"))
CENTILITRES: Final = frozenset(("cl", "сл"))


def article(text: str) -> str:
    check_digits(text, "article")
    if len(text) > ARTICLE_MAX:
        raise BadValue("article", f"article {text[:ARTICLE_MAX]!r}… is longer than {ARTICLE_MAX} characters")
    return text


def codes(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Barcodes as `barcode_key` spells them, and beginnings of barcodes (`22*`)."""
    parts = (
        [part for part in BETWEEN_CODES.split(text) if part] if not long_number(text, "barcode").isalnum() else [text]
    )
    if len(parts) > CODES_MAX:
        raise BadValue("barcode", f"barcode: more than {CODES_MAX} of one article")
    barcodes = [_barcode(part) for part in parts if not part.endswith("*")]
    beginnings = [_beginning(part[:-1]) for part in parts if part.endswith("*")]
    return tuple(dict.fromkeys(barcodes)), tuple(dict.fromkeys(beginnings))


def _barcode(text: str) -> str:
    code = long_number(text, "barcode")
    if not (code.isascii() and code.isalnum() and len(code) <= BARCODE_MAX):
        raise BadValue("barcode", f"barcode {text[:BARCODE_MAX]!r} must be digits and letters")
    if code.isdigit() and len(code) in EAN_LENGTHS and not ean.is_valid(code):
        raise BadValue("check_digit", f"barcode {code} has a wrong check digit")
    return barcode_key(code)


def _beginning(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) < max(EAN_LENGTHS)):
        raise BadValue(
            "barcode", f"barcode {text[:BARCODE_MAX]!r}* is no beginning of barcodes; write digits, like 22*"
        )
    return text


def category(text: str, categories: Collection[str], said: Mapping[str, str]) -> str | None:
    """As programmes call it. `said`: by people, of what the file calls it; nothing there leaves it out."""
    if not text:
        return None
    meant = said.get(key_of(text), text)
    if not meant:
        return None
    for name in (meant, category_key(meant)):
        if name in categories:
            return name
    raise BadValue("category", f'category {text!r} is none of the programmes\'; --category "{text}=…" says which it is')


def kind(text: str, kinds: Collection[str]) -> str | None:
    key = kind_key(text)
    if key is None or key in kinds or is_weak(key):
        return key
    raise BadValue(
        "kind", f"kind {text!r} is none that the law knows; there are {', '.join(sorted(kinds))}, beer, wine"
    )


def strength(text: str) -> int | None:
    """Basis points of alcohol; 0 and nothing are none."""
    plain = PERCENT.sub("", text).replace(",", ".")
    if not plain:
        return None
    try:
        strength_bp = parse_kopecks(plain)  # hundredths, as kopecks are
    except BadNumber:
        strength_bp = -1
    if strength_bp and strength_bp not in STRENGTHS_BP:
        raise BadValue("strength", f"strength {text!r} is none; write percent, like 40 or 37.5")
    return strength_bp or None


def volume(text: str) -> int | None:
    """Millilitres; a number alone is litres. 0 and nothing are none."""
    if not text:
        return None
    found = MEASURED.fullmatch(text)
    try:
        volume_ml = _millilitres(found[1].replace(",", "."), (found[2] or "").lower()) if found else -1
    except BadNumber:
        volume_ml = -1
    if volume_ml and volume_ml not in VOLUMES_ML:
        raise BadValue("volume", f"volume {text!r} is none; write litres, like 0.5, from 0.02 to 100")
    return volume_ml or None


def _millilitres(number: str, unit: str) -> int:
    thousandths = parse_quantity_m(number)
    if unit in MILLILITRES or unit in CENTILITRES:
        thousandths = thousandths // 100 if unit in CENTILITRES else thousandths // 1000
    return thousandths


def subject(text: str) -> int | None:
    if not text or text == "0":
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 3 and int(text) in SUBJECTS):
        raise BadValue("subject", f"subject {text!r} is no value of tag 1212; write 1 to {SUBJECTS[-1]}")
    return int(text)


def unit(text: str) -> str:
    plain = text.casefold().strip(". ")
    return UNITS.get(plain, plain)


def kopecks(text: str) -> int | None:
    """`1 500,00 ₽`; nothing is no price."""
    plain = RUBLES.sub("", text)
    if not plain:
        return None
    check_digits(plain, "price")
    amount = amount_of(plain)
    if amount is None or not 0 < amount <= PRICE_MAX_KOPECKS:
        why = "is no price; write rubles, like 89.90"
        if ONE_GROUP.fullmatch(plain):
            why = "has three digits behind a comma or a point, and nobody knows which it is; write it like 1500.00"
        raise BadValue("price", f"price {text!r} {why}")
    return amount


def day(text: str, column: str) -> str | None:
    """YYYY-MM-DD; of 05.06.2026 the day comes first."""
    plain = MIDNIGHT.sub("", text)
    if not plain:
        return None
    try:
        found = _date(plain)
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadValue("day", f"{column} {text!r} is not a day; write it like 2026-12-01 or 01.12.2026")
    return found.isoformat()


def _date(text: str) -> date | None:
    if iso := ISO.fullmatch(text):
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    if (found := DAY_FIRST.fullmatch(text)) and found[2] != "/":
        return date(int(found[4]) + (2000 if len(found[4]) == 2 else 0), int(found[3]), int(found[1]))
    return None
