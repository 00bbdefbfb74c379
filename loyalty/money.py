"""Money, quantities and rounding, in integers: kopecks and thousandths. No float ever comes near a price."""

from __future__ import annotations

import re

AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")  # under a thousand million rubles: more is a mistyped price
QUANTITY = re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})?")


class BadNumber(ValueError):
    """A text that is no amount or quantity; the message says how to write one, from the sentence and its facts."""

    def __init__(self, sentence: str, **facts: object) -> None:
        super().__init__(sentence.format(**facts))
        self.sentence = sentence
        self.facts = facts


def half_up(numerator: int, denominator: int) -> int:
    """Nearest whole, halves upwards: how a cash register rounds (EX-R1). For a positive denominator."""
    return (2 * numerator + denominator) // (2 * denominator)


def ceil_div(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator)


def parse_kopecks(text: str) -> int:
    """Rubles as a decimal string ("89.90", "300") to kopecks. Raises BadNumber."""
    if not AMOUNT.fullmatch(text):
        raise BadNumber("{text} is not an amount in rubles; write it like 89.90, not negative", text=shown(text))
    whole, _, fraction = text.partition(".")
    return int(whole) * 100 + int(fraction.ljust(2, "0"))


def format_kopecks(kopecks: int) -> str:
    """Kopecks to rubles as a decimal string: 8990 → "89.90"."""
    sign = "-" if kopecks < 0 else ""
    rubles, rest = divmod(abs(kopecks), 100)
    return f"{sign}{rubles}.{rest:02}"


def parse_quantity_m(text: str) -> int:
    """A quantity as a decimal string ("2", "0.347") to thousandths. Raises BadNumber."""
    if not QUANTITY.fullmatch(text):
        raise BadNumber("{text} is not a quantity; write it like 2 or 0.347, not negative", text=shown(text))
    whole, _, fraction = text.partition(".")
    return int(whole) * 1000 + int(fraction.ljust(3, "0"))


def format_quantity_m(quantity_m: int) -> str:
    """Thousandths to a decimal string: whole without a dot ("2"), else three digits ("0.347")."""
    whole, rest = divmod(quantity_m, 1000)
    return f"{whole}.{rest:03}" if rest else str(whole)


def shown(text: str) -> str:
    """A hostile text made fit for an error message: short, quoted, and nothing in it that a terminal would obey."""
    return repr(text if len(text) <= 40 else text[:37] + "...")
