"""What is said of goods that came back: on our paper, and at the end of the POS's own receipt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from drivers.printer.document import QR, Block, Columns, Cut, Document, Rule, Text
from loyalty.bodies import Return, SoldLine
from loyalty.certificates import CERTIFICATE
from loyalty.money import format_kopecks
from loyalty.operation import Operation
from loyalty.programme import Language
from loyalty.returns import all_lines
from pos_agent.paper_words import PaperWords
from pos_agent.receipt import (
    QR_SIZE,
    BalanceNow,
    Row,
    balance_rows,
    card_information_header,
    masked,
    operation_mark,
    quantity_text,
    shop_header,
    title_of,
    whose,
)
from pos_agent.sold_receipts import Sold
from pos_agent.sticker_rows import rows_of_return
from pos_agent.told_return import campaigns_back, certificate_kopecks

# `later`: only the hub can tell; None: nobody here knows the member, or what it was then
Balance = BalanceNow | Literal["later"] | None


def return_paper(
    operation: Operation, body: Return, sold: Sold, language: Language, balance: Balance, *, lines: bool
) -> Document:
    """Made from the operation as it is, and the sale that it undoes a part of. `lines`: the goods too."""
    words = PaperWords(sold.programme, language, operation.store)
    at, sale = datetime.fromisoformat(operation.at), sold.sale
    blocks: list[Block] = [
        *shop_header(words),
        *card_information_header(words, title_of(sale)),
        Text(words.say("return"), align="center", bold=True),
        Columns(words.say("receipt", number=sale.sale.number), words.say("till", till=operation.chain)),
        whose(sale, words, at),
        Rule(),
        *(row.block() for row in return_rows(body, sold, words, at, balance)),
        *(_goods(body, sold, words) if lines else ()),
        QR(operation_mark(operation), size=QR_SIZE),
        Cut(),
    ]
    return Document(tuple(blocks))


def return_rows(body: Return, sold: Sold, words: PaperWords, at: datetime, balance: Balance) -> Iterator[Row]:
    """What became of points and coupons, and what went back to which certificate."""
    if body.restored.points:
        yield Row(words.say("points_back"), words.points(body.restored.points))
    if body.clawed_back.points:
        yield Row(words.say("points_taken_back"), words.points(body.clawed_back.points))
    if isinstance(balance, BalanceNow):
        yield from balance_rows(words, at, balance)
    if balance == "later":
        yield Row(words.say("balance_later"))
    yield from rows_of_return(body, words, at, balance.stickers if isinstance(balance, BalanceNow) else None)
    for campaign in campaigns_back(sold, body):
        offer = words.programme.coupon(campaign)
        name = campaign if offer is None else offer.ru if words.language == "ru" else offer.en
        yield Row(words.say("coupon_back", name=name))
    for tender in body.tenders:
        if tender.kind == CERTIFICATE and tender.id is not None:
            yield Row(words.say("certificate_back", number=masked(tender.id)), format_kopecks(tender.kopecks))


def _goods(body: Return, sold: Sold, words: PaperWords) -> Iterator[Block]:
    lines = {line.id: line for line in all_lines(sold.sale)}
    yield Rule()
    for part in body.lines:
        yield Columns(_named(lines[part.id], part.quantity_m, words), format_kopecks(part.refund_kopecks))
    if body.withheld_kopecks > 0:
        yield Columns(words.say("withheld"), format_kopecks(body.withheld_kopecks))
    yield Rule()
    certificate = certificate_kopecks(body)
    yield Columns(words.say("refund_money"), format_kopecks(body.refund_kopecks - certificate), bold=True)
    if certificate:
        yield Columns(words.say("refund_certificate"), format_kopecks(certificate))


def _named(line: SoldLine, quantity_m: int, words: PaperWords) -> str:
    """The goods and how much of them."""
    if line.unit == "pc" and quantity_m == 1000:
        return line.name
    unit = f" {words.say('kg')}" if line.unit == "kg" else ""
    return f"{line.name} x {quantity_text(quantity_m)}{unit}"
