"""What concerns no points: to what members agreed, and receipts of the system that was there before."""

from __future__ import annotations

from datetime import datetime

from hub.books.ledger import Ledger
from hub.store.records import ConsentKey, ConsentRow, EarlierRow
from loyalty.bodies import ConsentGiven, ConsentWithdrawn, EarlierSale
from loyalty.effects import Impossible
from loyalty.operation import Operation


def give_consent(ledger: Ledger, owner: str, body: ConsentGiven) -> None:
    """Raises Impossible."""
    row = ConsentRow(owner, body.what, datetime.fromisoformat(body.given_at), body.document, body.source)
    if ledger.consent(row.key) is not None:
        raise Impossible("consent_known")
    ledger.put_consent(row)


def withdraw_consent(ledger: Ledger, owner: str, body: ConsentWithdrawn) -> None:
    """Raises Impossible."""
    given = ledger.consent(ConsentKey(owner, body.what, datetime.fromisoformat(body.given_at)))
    if given is None:
        raise Impossible("unknown_consent")
    if given.withdrawn_at is not None:
        raise Impossible("consent_withdrawn")
    ledger.put_consent(given._replace(withdrawn_at=datetime.fromisoformat(body.withdrawn_at)))


def bring_earlier_sale(ledger: Ledger, operation: Operation, sale: EarlierSale) -> None:
    """Raises Impossible."""
    row = earlier_row(operation, sale)
    if ledger.earlier(row) is not None:
        raise Impossible("receipt_known")
    ledger.put_earlier(row)


def earlier_row(operation: Operation, sale: EarlierSale) -> EarlierRow:
    """By what it is found."""
    number, place = sale.sale, (operation.chain, operation.generation, operation.sequence)
    document = sale.fiscal[0].document if sale.fiscal else None
    return EarlierRow(sale.store, number.day, number.number, number.pos, *place, sale.card, document)
