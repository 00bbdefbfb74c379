"""The wallet of an emulated till: what its guests carry, and what a POS sends for them, as a JSON file.

    {"people": [{"name": "Anna", "card": "2600000000017", "phone": "+79161234521", "note": "has 66 points"}],
     "blank_cards": ["2600000000055"],
     "coupons": [{"name": "10 %", "text": "PO1:…"}],
     "baskets": [{"name": "Sweets", "lines": [{"id": "1", "name": "Chocolate", "price": "89.90"}]}]}

Lines are those of the `basket` command. Everything may be left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import msgspec

from pos_agent.protocol import BasketLine

WALLET_BYTES_MAX: Final = 200_000  # a page shows a few dozen things; more is another file
Short = Annotated[str, msgspec.Meta(max_length=80)]  # characters that a button or a line has room for
CodeText = Annotated[str, msgspec.Meta(min_length=1, max_length=4_296)]  # the most that a QR code holds


class WalletError(ValueError):
    """The wallet cannot be read; the message names the file and what is wrong."""


class Guest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Short
    card: CodeText | None = None
    phone: Short | None = None
    note: Short = ""


class Coupon(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Short
    text: CodeText


class NamedBasket(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`lines` go to the till as they stand here."""

    name: Short
    lines: tuple[dict[str, Any], ...]

    def __post_init__(self) -> None:
        msgspec.convert(self.lines, tuple[BasketLine, ...])


class Wallet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    people: tuple[Guest, ...] = ()
    blank_cards: tuple[CodeText, ...] = ()
    coupons: tuple[Coupon, ...] = ()
    baskets: tuple[NamedBasket, ...] = ()


def load_wallet(path: Path) -> Wallet:
    """Raises WalletError."""
    try:
        with path.open("rb") as file:
            text = file.read(WALLET_BYTES_MAX + 1)
    except OSError as error:
        raise WalletError(f"{path}: {error.strerror}") from None
    if len(text) > WALLET_BYTES_MAX:
        raise WalletError(f"{path} is longer than {WALLET_BYTES_MAX} bytes")
    try:
        return msgspec.json.decode(text, type=Wallet)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise WalletError(f"{path}: {error}") from None
