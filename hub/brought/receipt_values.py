"""What people write into cells of a table of receipts, as values. Every function raises BadValue."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from hub.files import values
from hub.files.reasons import BadValue
from loyalty.basket import QUANTITY_MAX_M
from loyalty.goods_snapshot import ARTICLE_MAX
from loyalty.money import BadNumber, parse_quantity_m

TIME: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,]\d+)?)?", re.ASCII)
MOMENT: Final = re.compile(r"(\S+)[ T](\d{1,2}:\S+?)Z?", re.ASCII)
FISCAL_DIGITS_MAX: Final = 20  # a device's number has 16


def day_of(text: str) -> tuple[str, str | None]:
    """Its day, and its time where one stands behind it."""
    moment = MOMENT.fullmatch(text)
    if moment is None:
        return values.day(text, "date"), None
    return values.day(moment[1], "date"), time_of(moment[2])


def time_of(text: str) -> str | None:
    """HH:MM:SS; nothing is none."""
    if not text:
        return None
    found = TIME.fullmatch(text)
    if found is None:
        raise BadValue("day", f"time {text!r} is none; write it like 14:05")
    return f"{int(found[1]):02}:{found[2]}:{found[3] or '00'}"


def quantity(text: str) -> int:
    """Thousandths; three digits behind a comma are grams. Nothing is one piece."""
    if not text:
        return 1000
    whole, _, parts = text.replace(" ", "").replace(",", ".").partition(".")
    try:
        found = parse_quantity_m(f"{whole}.{parts.rstrip('0')}" if parts.strip("0") else whole)
    except BadNumber:
        found = 0
    if not 0 < found <= QUANTITY_MAX_M:
        raise BadValue("quantity", f"quantity {text!r} is none; write it like 2 or 0.347")
    return found


def some_rubles(column: str) -> Callable[[str], int | None]:
    """In kopecks; None: it is not said."""
    return lambda text: values.rubles(text, column) if text else None


def article(text: str) -> str:
    values.check_digits(text, "article")
    if len(text) > ARTICLE_MAX:
        raise BadValue("article", f"article {text[:ARTICLE_MAX]!r}… is longer than {ARTICLE_MAX} characters")
    return text


def in_fiscal(text: str) -> str | None:
    """A number of a fiscal document, as its digits."""
    found = values.long_number(text, "fiscal number")
    if found and not (found.isascii() and found.isdigit() and len(found) <= FISCAL_DIGITS_MAX):
        raise BadValue("fiscal", f"fiscal number {text[:FISCAL_DIGITS_MAX]!r} must be digits")
    return found or None
