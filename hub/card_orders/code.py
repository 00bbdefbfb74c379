"""The code against which a card is handed over in a shop: the member's account shows it, the office knows it by the
ledger's secret, and nobody reads it in the ledger."""

from __future__ import annotations

import hmac
from typing import Final

from hub.card_orders.order import CardOrder, order_of, state_of
from hub.card_phones.keys import derived
from hub.store.office_records import CardOrderRow

DIGITS: Final = 6
TRIES: Final = 5  # wrong ones: then he asks for another in his account


def code_of(master: bytes, row: CardOrderRow) -> str:
    """That is shown; "" where there is none to show."""
    order = order_of(row)
    return _digits(master, row.id, order) if state_of(row) == "waiting" and order.tries < TRIES else ""


def is_right(master: bytes, row: CardOrderRow, told: str) -> bool:
    """As people say it."""
    code = code_of(master, row)
    return bool(code) and hmac.compare_digest(code, "".join(filter(str.isdigit, told)))


def _digits(master: bytes, id: str, order: CardOrder) -> str:
    digest = hmac.digest(derived(master, "codes of card orders"), f"{id}/{order.codes}".encode(), "sha256")
    return f"{int.from_bytes(digest) % 10**DIGITS:0{DIGITS}}"
