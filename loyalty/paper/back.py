"""What is said of goods that came back, part by part: on our paper, and at the end of the POS's own receipt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from loyalty.bodies import Return, Sale, SoldLine
from loyalty.certificates import CERTIFICATE
from loyalty.money import format_kopecks
from loyalty.operation import Operation
from loyalty.paper.parts import Code, Line, Part, Row, Title
from loyalty.paper.sale import (
    BalanceNow,
    balance_rows,
    card_information,
    mark_of,
    masked,
    quantity_text,
    shop_titles,
    title_of,
    where_sold,
    whose,
)
from loyalty.paper.stickers import rows_of_return
from loyalty.paper.words import PaperWords
from loyalty.programme import Language, Programme
from loyalty.returns import all_lines

# `later`: only the hub can tell; None: nobody here knows the member, or what it was then
Balance = BalanceNow | Literal["later"] | None


def return_parts(
    operation: Operation,
    body: Return,
    sale: Sale,
    programme: Programme,
    language: Language,
    balance: Balance,
    digest: str,
    *,
    lines: bool,
) -> list[Part]:
    """Made from the operation as it is, and the sale that it undoes a part of, under the rules of that. `digest`: the
    operation's hash; `lines`: the goods too."""
    words = PaperWords(programme, language, operation.store)
    at = datetime.fromisoformat(operation.at)
    return [
        *shop_titles(words),
        *card_information(words, title_of(sale)),
        Title(words.say("return"), bold=True),
        Row(words.say("receipt", number=sale.sale.number), where_sold(operation.chain, words)),
        whose(sale, words, at),
        Line(),
        *return_rows(body, sale, words, at, balance),
        *(_goods(body, sale, words) if lines else ()),
        Code(mark_of(operation, digest)),
    ]


def return_rows(body: Return, sale: Sale, words: PaperWords, at: datetime, balance: Balance) -> Iterator[Row]:
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
    for campaign in campaigns_back(sale, body):
        offer = words.programme.coupon(campaign)
        name = campaign if offer is None else offer.ru if words.language == "ru" else offer.en
        yield Row(words.say("coupon_back", name=name))
    for tender in body.tenders:
        if tender.kind == CERTIFICATE and tender.id is not None:
            yield Row(words.say("certificate_back", number=masked(tender.id)), format_kopecks(tender.kopecks))


def _goods(body: Return, sale: Sale, words: PaperWords) -> Iterator[Part]:
    lines = {line.id: line for line in all_lines(sale)}
    yield Line()
    for part in body.lines:
        yield Row(_named(lines[part.id], part.quantity_m, words), format_kopecks(part.refund_kopecks))
    if body.withheld_kopecks > 0:
        yield Row(words.say("withheld"), format_kopecks(body.withheld_kopecks))
    yield Line()
    certificate = certificate_kopecks(body)
    yield Row(words.say("refund_money"), format_kopecks(body.refund_kopecks - certificate), bold=True)
    if certificate:
        yield Row(words.say("refund_certificate"), format_kopecks(certificate))


def _named(line: SoldLine, quantity_m: int, words: PaperWords) -> str:
    """The goods and how much of them."""
    if line.unit == "pc" and quantity_m == 1000:
        return line.name
    unit = f" {words.say('kg')}" if line.unit == "kg" else ""
    return f"{line.name} x {quantity_text(quantity_m)}{unit}"


def certificate_kopecks(body: Return) -> int:
    """Of the refund, what goes back to certificates."""
    return sum(tender.kopecks for tender in body.tenders if tender.kind == CERTIFICATE)


def campaigns_back(sale: Sale, body: Return) -> tuple[str, ...]:
    """Of the coupons that may be used again."""
    return tuple(use.campaign for use in sale.coupons if use.serial in body.coupons)
