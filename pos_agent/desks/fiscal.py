"""Fiscal documents of a sale that come after it."""

from __future__ import annotations

from loyalty.bodies import FiscalAdded, OperationRef, Sale
from offline_cache.records import StoredSale
from pos_agent.counter import Counter
from pos_agent.protocol import Pay, fiscal_documents
from pos_agent.recording import write


def add_fiscal(counter: Counter, stored: StoredSale, command: Pay) -> None:
    """Fiscal documents that came after the sale was recorded, each once."""
    sold = next((operation for operation in stored.operations if isinstance(operation.body, Sale)), None)
    if sold is None or not command.fiscal:
        return
    assert isinstance(sold.body, Sale)
    known = set(sold.body.fiscal)
    known |= {fiscal for added in counter.cache.added_fiscal(sold.key) for fiscal in added}
    fresh = tuple(document for document in fiscal_documents(command.fiscal) if document not in known)
    if fresh:
        of = OperationRef(chain=sold.chain, generation=sold.generation, sequence=sold.sequence)
        body = FiscalAdded(of=of, of_sale=stored.sale, fiscal=fresh)
        write(counter, [body], None)
