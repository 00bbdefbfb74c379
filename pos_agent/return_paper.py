"""The paper of a return as a document for any printer; what stands on it is composed in loyalty/paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from drivers.printer.document import Cut, Document
from loyalty.bodies import Return
from loyalty.operation import Operation
from loyalty.paper import back
from loyalty.paper.back import Balance as Balance
from loyalty.paper.parts import Row
from loyalty.paper.words import PaperWords
from loyalty.programme import Language
from pos_agent.receipt import blocks_of, digest_of
from pos_agent.sold_receipts import Sold


def return_paper(
    operation: Operation, body: Return, sold: Sold, language: Language, balance: Balance, *, lines: bool
) -> Document:
    """As `return_parts` says."""
    digest = digest_of(operation)
    parts = back.return_parts(operation, body, sold.sale, sold.programme, language, balance, digest, lines=lines)
    return Document((*blocks_of(parts), Cut()))


def return_rows(body: Return, sold: Sold, words: PaperWords, at: datetime, balance: Balance) -> Iterator[Row]:
    return back.return_rows(body, sold.sale, words, at, balance)
