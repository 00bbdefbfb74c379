"""Documents of the fiscal device, as a POS tells of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

import msgspec

from loyalty.basket import BadBasket
from loyalty.bodies import Fiscal
from loyalty.money import BadNumber, parse_kopecks
from loyalty.utc import utc_text

FISCAL_TEXT_MAX = 64  # characters


def number(field: str, parse: Callable[[str], int], text: str) -> int:
    try:
        return parse(text)
    except BadNumber as error:
        raise BadBasket.of(field, error) from None


class FiscalDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document of the fiscal device: the device's number, the document's number and sign, when (ISO, with its zone),
    how much (`sum` in rubles), of what kind."""

    device: str
    document: str
    sign: str
    at: str
    sum: str
    kind: Literal["sale", "return", "correction"] = "sale"

    def fiscal(self) -> Fiscal:
        """As it is recorded. Raises BadBasket naming the field."""
        for field in ("device", "document", "sign"):
            if not 0 < len(getattr(self, field)) <= FISCAL_TEXT_MAX or not getattr(self, field).isprintable():
                raise BadBasket(field, "must have 1 to {most} printable characters", most=FISCAL_TEXT_MAX)
        try:
            at = datetime.fromisoformat(self.at)
            if at.tzinfo is None:
                raise ValueError("whose clock?")
        except ValueError:
            raise BadBasket("at", "is not an ISO time with its zone; write it like 2026-03-01T12:00:00+03:00") from None
        kopecks = number("sum", parse_kopecks, self.sum)
        return Fiscal(
            device=self.device, document=self.document, sign=self.sign, at=utc_text(at), kopecks=kopecks, kind=self.kind
        )


def fiscal_documents(told: tuple[FiscalDocument, ...]) -> tuple[Fiscal, ...]:
    """As they are recorded. Raises BadBasket naming the field."""
    documents = []
    for index, document in enumerate(told):
        try:
            documents.append(document.fiscal())
        except BadBasket as error:
            raise error.within(f"fiscal[{index}]") from None
    return tuple(documents)
