"""Receipts of the system that was there before, in the books: each once, and by what it is found."""

from __future__ import annotations

from hub.books.ledger import Ledger
from hub.store.records import EarlierRow, place_of
from loyalty.bodies import EarlierSale
from loyalty.effects import Impossible
from loyalty.operation import Operation


def bring_earlier_sale(ledger: Ledger, operation: Operation, sale: EarlierSale) -> None:
    """Raises Impossible."""
    number, place = sale.sale, place_of(operation)
    document = sale.fiscal[0].document if sale.fiscal else None
    row = EarlierRow(sale.store, number.day, number.number, number.pos, *place, sale.card, document)
    if ledger.earlier(row) is not None:
        raise Impossible("receipt_known")
    ledger.put_earlier(row)
