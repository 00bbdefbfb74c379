"""The paper of goods that came back: what became of points and coupons, and the refund by tender."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from drivers.printer.document import QR, Block, Columns, Cut, Document, Rule, Text, to_json
from loyalty.bodies import Return, SoldLine
from loyalty.money import format_kopecks
from loyalty.operation import Operation
from loyalty.programme import Language
from loyalty.returns import all_lines
from pos_agent.paper_words import PaperWords
from pos_agent.receipt import QR_SIZE, BalanceNow, masked, operation_mark, shop_header
from pos_agent.sold_receipts import Sold
from pos_agent.told_return import campaigns_back, certificate_kopecks


def return_paper(operation: Operation, body: Return, sold: Sold, language: Language, now: BalanceNow | None) -> bytes:
    """For any printer, made from the operation as it is and the sale that it undoes a part of. `now` None: the hub will
    tell the balance."""
    words = PaperWords(sold.programme, language, operation.store)
    at = datetime.fromisoformat(operation.at)
    sale = sold.sale
    blocks: list[Block] = [
        *shop_header(words),
        Rule(),
        Text(words.say("return"), align="center", bold=True),
        Columns(words.say("of_receipt", number=sale.sale.number), words.say("till", till=operation.chain)),
        Columns(words.say("card", card=masked(sale.card)) if sale.card else words.say("by_phone"), words.time(at)),
        Rule(),
        *_points(body, sold, words, now, at),
        Rule(),
        *_goods(body, sold, words),
        QR(operation_mark(operation), size=QR_SIZE),
        Cut(),
    ]
    return to_json(Document(tuple(blocks)))


def _points(body: Return, sold: Sold, words: PaperWords, now: BalanceNow | None, at: datetime) -> Iterator[Block]:
    if body.restored.points:
        yield Columns(words.say("points_back"), words.points(body.restored.points))
    if body.clawed_back.points:
        yield Columns(words.say("points_taken_back"), words.points(body.clawed_back.points))
    yield from _balance(words, now, at) if now is not None else (Text(words.say("balance_later")),)
    for campaign in campaigns_back(sold, body):
        offer = words.programme.coupon(campaign)
        name = campaign if offer is None else offer.ru if words.language == "ru" else offer.en
        yield Text(words.say("coupon_back", name=name))


def _balance(words: PaperWords, now: BalanceNow, at: datetime) -> Iterator[Block]:
    named = words.say("balance")
    if now.offline and now.as_of is not None:
        named = words.say("balance_at", at=words.short_time(now.as_of, at))
    yield Columns(named, words.points(now.points), bold=True)
    if now.points < 0:
        yield Text(words.say("debt"))
    if now.expiring is not None and now.expiring[0] <= now.points:
        points, end = now.expiring
        yield Columns(words.say("expiring", day=words.last_day(end)), words.points(points))
    if now.offline:
        yield Text(words.say("offline"))


def _goods(body: Return, sold: Sold, words: PaperWords) -> Iterator[Block]:
    lines = {line.id: line for line in all_lines(sold.sale)}
    for part in body.lines:
        yield Columns(_named(lines[part.id], part.quantity_m, words), format_kopecks(part.refund_kopecks))
    if body.withheld_kopecks > 0:
        yield Text(words.say("withheld", amount=format_kopecks(body.withheld_kopecks)))
    yield Columns(words.say("refund"), format_kopecks(body.refund_kopecks), bold=True)
    certificate = certificate_kopecks(body)
    if certificate:
        yield Columns(words.say("refund_money"), format_kopecks(body.refund_kopecks - certificate))
        yield Columns(words.say("refund_certificate"), format_kopecks(certificate))


def _named(line: SoldLine, quantity_m: int, words: PaperWords) -> str:
    """The goods and how much of them."""
    if line.unit == "pc" and quantity_m == 1000:
        return line.name
    unit = f" {words.say('kg')}" if line.unit == "kg" else ""
    whole, part = divmod(quantity_m, 1000)
    return f"{line.name} x {f'{whole}.{part:03d}' if part else whole}{unit}"
