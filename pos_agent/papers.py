"""The papers that a sale brings: its receipt, and after it the form for a card that changed hands."""

from __future__ import annotations

from collections.abc import Sequence

from drivers.printer.document import to_json
from loyalty.operation import CardIssued, CardReissued, Operation, Sale
from loyalty.programme import Language, Programme
from offline_cache.records import Paper
from pos_agent.receipt import BalanceNow, masked, receipt
from pos_agent.slip import slip


def papers_of_sale(
    operations: Sequence[Operation], programme: Programme, language: Language, balance: BalanceNow
) -> list[Paper]:
    """In the order they must come out. The sale's own operation is the last."""
    sale = operations[-1].body
    assert isinstance(sale, Sale)
    document = receipt(operations, programme, language, balance)
    papers = [Paper(kind="receipt", label=sale.sale.number, document=to_json(document))]
    for operation in operations[:-1]:
        if (form := slip(operation, programme, language)) is not None:
            papers.append(Paper(kind="slip", label=_card_label(operation), document=to_json(form)))
    return papers


def _card_label(operation: Operation) -> str:
    assert isinstance(operation.body, CardIssued | CardReissued)
    return masked(operation.body.card if isinstance(operation.body, CardIssued) else operation.body.new_card)
