"""What the cashier hears of goods that come back besides the sum: only what there is."""

from __future__ import annotations

from collections.abc import Iterator

from loyalty.bodies import CAME_BACK_TWICE, Return
from pos_agent.after_return import member_of
from pos_agent.counter import Counter
from pos_agent.receipt import BalanceNow, masked
from pos_agent.return_paper import Balance
from pos_agent.sold_receipts import Sold
from pos_agent.told_return import campaigns_back, certificate_kopecks
from pos_agent.words import say


def sentences(counter: Counter, sold: Sold, body: Return, after: Balance) -> Iterator[str]:
    """What else the cashier tells the customer, and only what there is."""

    said = counter.language
    certificate = certificate_kopecks(body)
    if certificate:
        money = counter.amount(body.refund_kopecks - certificate)
        yield say("return_by_tender", said, money=money, certificate=counter.amount(certificate))
    if body.withheld_kopecks > 0:
        yield say("return_withheld", said, amount=counter.amount(body.withheld_kopecks))
    if body.restored.points:
        yield say("return_restored", said, points=counter.points(body.restored.points))
    if body.clawed_back.points:
        yield say("return_clawed_back", said, points=counter.points(body.clawed_back.points))
    if campaigns_back(sold, body):
        yield say("return_coupon", said)
    if any(line.id in {extra.id for extra in sold.sale.extras} for line in body.lines):
        yield from (say("return_card_stays", said, card=masked(card)) for card in sold.cards)
    if any(one.kind == CAME_BACK_TWICE for one in body.deviations):
        yield say("return_came_back_twice", said)
    if not sold.rules_known:
        yield say("return_rules_unknown", said)
    yield from _of_the_member(counter, sold, after)


def _of_the_member(counter: Counter, sold: Sold, after: Balance) -> Iterator[str]:
    if sold.sale.member is None:
        return
    member = member_of(counter, sold)
    if sold.refused:
        yield say("return_hub_refused", counter.language)
    elif member is None:
        yield say("return_member_unknown", counter.language)
    elif member.told.status == "merged":
        yield say("return_member_merged", counter.language)
    elif after == "later":
        yield say("return_balance_later", counter.language)
    elif isinstance(after, BalanceNow):
        code = "return_balance" if after.points >= 0 else "return_debt"
        yield say(code, counter.language, balance=counter.points(after.points))
