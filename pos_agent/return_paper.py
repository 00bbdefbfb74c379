"""The paper of a return as a document for any printer; what stands on it is composed in loyalty/paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from drivers.printer.document import Cut, Document, to_json
from loyalty.bodies import Return
from loyalty.operation import Operation
from loyalty.paper import back
from loyalty.paper.back import Balance as Balance
from loyalty.paper.parts import Row
from loyalty.paper.words import PaperWords
from loyalty.programme import Language
from offline_cache.records import Paper
from pos_agent.counter import Counter
from pos_agent.receipt import blocks_of, digest_of, has_member
from pos_agent.sold_receipts import Sold
from pos_agent.told_return import certificate_kopecks


def return_paper(
    operation: Operation, body: Return, sold: Sold, language: Language, balance: Balance, *, lines: bool
) -> Document:
    """As `return_parts` says."""
    digest = digest_of(operation)
    parts = back.return_parts(operation, body, sold.sale, sold.programme, language, balance, digest, lines=lines)
    return Document((*blocks_of(parts), Cut()))


def papers_of_return(counter: Counter, sold: Sold, operation: Operation, after: Balance) -> list[Paper]:
    """Of a sale without a member there was none, and there is none of its return, but for what goes back to a
    certificate; none where the POS prints the tail on its own receipt."""
    body = operation.body
    assert isinstance(body, Return) and body.sale is not None
    choice = counter.house.paper
    if not (has_member(sold.sale) or certificate_kopecks(body)) or choice.kind == "tail":
        return []
    document = return_paper(operation, body, sold, counter.house.receipt_language, after, lines=choice.lines)
    return [Paper(kind="return", label=body.sale.number, document=to_json(document))]


def return_rows(body: Return, sold: Sold, words: PaperWords, at: datetime, balance: Balance) -> Iterator[Row]:
    return back.return_rows(body, sold.sale, words, at, balance)
