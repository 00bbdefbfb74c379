"""The papers that operations bring: of a sale its receipt, and the form for a card that changed hands.

`PAPERS` has a row for each kind that brings one (loyalty/kinds.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from drivers.printer.document import to_json
from loyalty.bodies import CardIssued, CardMadeVirtual, CardReissued, Sale
from loyalty.kinds import kind_of, row_for
from loyalty.operation import Operation
from loyalty.paper.claim import promises
from loyalty.programme import Language, Programme
from offline_cache.records import Paper
from pos_agent.house import SalePaper
from pos_agent.receipt import NOTHING_KNOWN, BalanceNow, masked, receipt
from pos_agent.slip import slip


def papers_of_sale(
    operations: Sequence[Operation],
    programme: Programme,
    language: Language,
    balance: BalanceNow | None,
    choice: SalePaper,
    left: Mapping[str, int] = NOTHING_KNOWN,
) -> list[Paper]:
    """In the order they must come out: the receipt first. The sale's own operation is the last. `left`: what is on the
    certificates that paid."""
    papers = []
    for number in (len(operations) - 1, *range(len(operations) - 1)):
        if kind_of(operations[number].body).paper is not None:
            paper = row_for("papers", PAPERS, operations[number].body)
            papers += paper(operations[: number + 1], programme, language, balance, choice, left)
    return papers


def _receipt(
    operations: Sequence[Operation],
    programme: Programme,
    language: Language,
    balance: BalanceNow | None,
    choice: SalePaper,
    left: Mapping[str, int],
) -> list[Paper]:
    """With what the cards' operations before it say. None where the POS prints the tail on its own receipt."""
    if choice.kind == "tail":
        return []
    sale = operations[-1].body
    assert isinstance(sale, Sale)
    claims = choice.claims and promises(programme, operations[-1])
    document = receipt(operations, programme, language, balance, lines=choice.lines, left=left, claims=claims)
    return [Paper(kind="receipt", label=sale.sale.number, document=to_json(document))]


def _form(
    operations: Sequence[Operation],
    programme: Programme,
    language: Language,
    balance: BalanceNow | None,
    choice: SalePaper,
    left: Mapping[str, int],
) -> list[Paper]:
    operation = operations[-1]
    assert isinstance(operation.body, CardIssued | CardReissued | CardMadeVirtual)
    label = masked(operation.body.card if isinstance(operation.body, CardIssued) else operation.body.new_card)
    form = slip(operation, programme, language)
    return [] if form is None else [Paper(kind="slip", label=label, document=to_json(form))]


def _nothing(
    operations: Sequence[Operation],
    programme: Programme,
    language: Language,
    balance: BalanceNow | None,
    choice: SalePaper,
    left: Mapping[str, int],
) -> list[Paper]:
    """The desk that takes goods back, and whoever sells or replaces certificates, makes papers of its own."""
    return []


_Make = Callable[
    [Sequence[Operation], Programme, Language, BalanceNow | None, SalePaper, Mapping[str, int]], list[Paper]
]
PAPERS: Final[Mapping[str, _Make]] = {
    "sale": _receipt,
    "return": _nothing,
    "card_issued": _form,
    "card_reissued": _form,
    "card_made_virtual": _form,
    "certificate_sold": _nothing,
    "certificate_refunded": _nothing,
    "certificate_replaced": _nothing,
}
