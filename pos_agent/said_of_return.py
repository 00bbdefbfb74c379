"""What the cashier hears of goods that come back besides the sum: only what there is."""

from __future__ import annotations

from collections.abc import Iterator

from loyalty.bodies import Return
from loyalty.certificates import CERTIFICATE
from pos_agent.after_return import member_of
from pos_agent.counter import Counter, remark
from pos_agent.desks.certificates import endings
from pos_agent.receipt import BalanceNow, has_member, masked
from pos_agent.return_paper import Balance
from pos_agent.sold_receipts import Sold
from pos_agent.told_return import campaigns_back, certificate_kopecks, find_return

Remark = tuple[str, dict[str, str]]


def remarks(counter: Counter, sold: Sold, body: Return, after: Balance) -> Iterator[Remark]:
    """What else the cashier tells the customer, and only what there is."""
    certificate = certificate_kopecks(body)
    if certificate:
        money = counter.amount(body.refund_kopecks - certificate)
        yield remark("return_by_tender", money=money, certificate=counter.amount(certificate))
    for tender in body.tenders:
        if tender.kind == CERTIFICATE and tender.id is not None:
            yield remark("return_to_certificate", number=masked(tender.id), back=counter.amount(tender.kopecks))
    promise = find_return(counter, body.quote)
    if promise is not None and promise.certificates:
        code = "return_certificates" if body.sale is not None else "return_certificates_will"
        yield remark(code, numbers=endings([one.number for one in promise.certificates]))
    if body.withheld_kopecks > 0:
        yield remark("return_withheld", amount=counter.amount(body.withheld_kopecks))
    if body.restored.points:
        yield remark("return_restored", points=counter.points(body.restored.points))
    if body.clawed_back.points:
        yield remark("return_clawed_back", points=counter.points(body.clawed_back.points))
    if body.stickers is not None and body.stickers.restored:
        yield remark("return_stickers_restored", count=str(body.stickers.restored))
    if body.stickers is not None and body.stickers.taken_back:
        yield remark("return_stickers_taken_back", count=str(body.stickers.taken_back))
    if campaigns_back(sold, body):
        yield remark("return_coupon")
    if any(line.id in {extra.id for extra in sold.sale.extras} for line in body.lines):
        yield from (remark("return_card_stays", card=masked(card)) for card in sold.cards)
    if not sold.rules_known:
        yield remark("return_rules_unknown")
    yield from _of_the_member(counter, sold, after, is_told=body.sale is None)


def _of_the_member(counter: Counter, sold: Sold, after: Balance, *, is_told: bool) -> Iterator[Remark]:
    if not has_member(sold.sale):
        return
    member = member_of(counter, sold)
    if sold.refused:
        yield remark("return_hub_refused")
    elif member is None:
        yield remark("return_member_unknown")
    elif member.told.status == "merged":
        yield remark("return_member_merged")
    elif after == "later":
        yield remark("return_balance_later")
    elif isinstance(after, BalanceNow):
        fine = "return_balance_will" if is_told else "return_balance"
        if after.points < 0:
            yield remark("return_debt", owed=counter.owed(after.points))
        else:
            yield remark(fine, balance=counter.points(after.points))
