"""Goods come back to the till that sold them, in two steps: first what the refund would be, then that it was given.

A return is about a sale of before, not about the receipt in front: it may come in the middle of the next customer's
visit and touches nothing of it. What was told is what is recorded; the same return told twice is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import msgspec

from drivers.printer.document import to_json
from loyalty.basket import BadBasket
from loyalty.bodies import Deviation, Return, SaleNumber
from loyalty.effects import affected
from loyalty.explain import explain_bad
from loyalty.lots import Account, balance, next_expiry
from loyalty.money import BadNumber, parse_quantity_m
from loyalty.operation import Key, Operation
from loyalty.returns import Back, LineReturn, ReturnStep, all_left, all_lines, take_back
from loyalty.sold import return_of
from loyalty.utc import utc_text
from offline_cache.cache import Rules
from offline_cache.records import MemberRecord, Paper
from pos_agent.after_sale import unnumbered
from pos_agent.counter import Counter, Done
from pos_agent.paper_words import PaperWords
from pos_agent.placing import name_of
from pos_agent.protocol import ReturnedGoods, ReturnGoods, fiscal_documents
from pos_agent.receipt import BalanceNow, masked
from pos_agent.recording import commit
from pos_agent.refused import Refused
from pos_agent.return_paper import return_paper, return_rows
from pos_agent.shop_day import NEAR
from pos_agent.sold_receipts import Sold, sold_at, sold_receipt
from pos_agent.tail import tail
from pos_agent.told_return import (
    ToldReturn,
    campaigns_back,
    certificate_kopecks,
    find_return,
    keep_return,
    return_view,
)
from pos_agent.visit import ReceiptName, Visit
from pos_agent.words import say

REASON_MAX = 200  # characters
CAME_BACK_TWICE = "came_back_twice"  # a deviation: money was given for goods that had come back already
EVER = ("0001-01-01", "9999-12-31")


def take_goods_back(counter: Counter, visit: Visit, command: ReturnGoods) -> Done:
    """`visit` is the receipt in front, and stays as it is."""
    name = name_of(counter, command)
    named = find_return(counter, command.quote)
    known = _recorded(counter, name, named)
    if known is not None and not command.another:
        return _told_again(counter, visit, known, named, command)
    if not command.paid:
        return _prepare(counter, visit, command)
    if name is None:
        raise Refused("return_needs_number")
    return _record(counter, visit, name, named or _work_out(counter, command), command)


# the first step


def _prepare(counter: Counter, visit: Visit, command: ReturnGoods) -> Done:
    told = _work_out(counter, command)
    keep_return(counter, told)
    sold = sold_at(counter, told.sold)
    body = _body(counter, sold, told)
    after = _balance_after(counter, sold, unnumbered(counter, body))
    return _said(counter, visit, "return_prepared", sold, body, told.id, after)


def _work_out(counter: Counter, command: ReturnGoods) -> ToldReturn:
    """From what stands in the command. Raises Refused."""
    if command.of is None:
        raise Refused("unknown_return_quote" if command.quote else "which_receipt")
    reason = _reason(command)
    sold = sold_receipt(counter, command.of)
    return ToldReturn(
        id=counter.house.new_id(),
        told_at=utc_text(counter.now),
        of=sold.ref,
        step=_step(counter, sold, command),
        reason=reason,
    )


def _reason(command: ReturnGoods) -> str:
    """Money for what a certificate paid is somebody's decision."""
    reason = command.reason.strip()
    if len(reason) > REASON_MAX or not (reason.isprintable() or not reason):
        raise Refused("bad_reason", most=str(REASON_MAX))
    if command.tender == "money" and not reason:
        raise Refused("return_needs_reason")
    return reason


def _step(counter: Counter, sold: Sold, command: ReturnGoods) -> ReturnStep:
    try:
        lines = all_left(sold.sale, sold.back) if command.whole else tuple(_asked(command.lines))
        if not lines:
            words = "all_came_back" if command.whole else "nothing_comes_back"
            raise Refused("nothing_to_return", words=words, sale=sold.sale.sale.number)
        step = take_back(sold.programme, sold.operation, sold.back, lines, command.tender)
    except BadBasket as bad:
        raise Refused("bad_return", why=explain_bad(bad, counter.language)) from None
    if sold.refused:  # the hub never took the sale's points, so none come back
        return replace(step, points_restored=0, points_clawed_back=0, qualifying_kopecks=0, coupons=())
    return step


def _asked(lines: tuple[ReturnedGoods, ...]) -> Iterator[LineReturn]:
    for index, line in enumerate(lines):
        quantity_m = len(line.pieces) * 1000
        if line.quantity is not None:
            try:
                quantity_m = parse_quantity_m(line.quantity)
            except BadNumber as error:
                raise BadBasket.of(f"lines[{index}].quantity", error) from None
        yield LineReturn(id=line.id, quantity_m=quantity_m, pieces=line.pieces)


# the second step


def _record(counter: Counter, visit: Visit, name: ReceiptName, told: ToldReturn, command: ReturnGoods) -> Done:
    """The money has been given back: what was told is recorded, whatever happened since."""
    sold = sold_at(counter, told.sold)
    number = _free_number(counter, name)
    body = _paid_body(counter, sold, told, number, command)
    after = _balance_after(counter, sold, unnumbered(counter, body))
    rules = Rules(programme=sold.operation.programme, programme_hash=sold.operation.programme_hash)

    def papers(operations: tuple[Operation, ...]) -> list[Paper]:
        return _papers(counter, sold, operations[-1])

    commit(
        counter,
        [body],
        number,
        papers,
        is_recorded=lambda: counter.cache.return_numbered(number) is not None,
        rules=rules,
    )
    keep_return(counter, msgspec.structs.replace(told, paid=number))
    return _said(counter, visit, "return_recorded", sold, body, None, after)


def _paid_body(counter: Counter, sold: Sold, told: ToldReturn, number: SaleNumber, command: ReturnGoods) -> Return:
    deviations = []
    try:
        fiscal = fiscal_documents(command.fiscal)
    except BadBasket as bad:
        raise Refused("bad_return", why=explain_bad(bad, counter.language)) from None
    step = told.step
    if not _still_fits(sold, step):
        deviations.append(Deviation(kind=CAME_BACK_TWICE, cost_kopecks=step.refund_kopecks, note=number.number))
        step = _as_far_as_it_goes(sold, step)
    if abs(counter.clock_off_s) > counter.house.clock_tolerance_s:
        deviations.append(Deviation(kind="clock_off", note=f"{counter.clock_off_s} s"))
    body = _body(counter, sold, msgspec.structs.replace(told, step=step))
    return msgspec.structs.replace(body, sale=number, fiscal=fiscal, deviations=tuple(deviations))


def _still_fits(sold: Sold, step: ReturnStep) -> bool:
    """Or did the same goods come back under another number meanwhile?"""
    lines, back = {line.id: line for line in all_lines(sold.sale)}, sold.back
    return all(
        part.quantity_m <= back.left_m(lines[part.id]) and not back.keys(lines[part.id]) & set(part.pieces)
        for part in step.lines
    )


def _as_far_as_it_goes(sold: Sold, step: ReturnStep) -> ReturnStep:
    """The money is gone; points that have moved already do not move twice."""
    back: Back = sold.back
    return replace(
        step,
        points_restored=min(step.points_restored, sold.sale.redeemed.points - back.points_restored),
        points_clawed_back=min(step.points_clawed_back, sold.sale.accrued.points - back.points_clawed_back),
        qualifying_kopecks=min(step.qualifying_kopecks, sold.sale.qualifying_kopecks - back.qualifying_kopecks),
        coupons=(),
    )


def _free_number(counter: Counter, name: ReceiptName) -> SaleNumber:
    """Under which number it is recorded; one that was taken gets the moment besides."""
    plain = SaleNumber(day=name.day or counter.today.isoformat(), number=name.number, pos=name.pos, shift=name.shift)
    if counter.cache.return_numbered(plain) is None:
        return plain
    return msgspec.structs.replace(plain, again=utc_text(counter.now))


def _body(counter: Counter, sold: Sold, told: ToldReturn) -> Return:
    return return_of(
        sold.programme,
        sold.operation,
        told.step,
        counter.now,
        before=sold.returns,
        link=counter.link,
        reason=told.reason,
    )


def _papers(counter: Counter, sold: Sold, operation: Operation) -> list[Paper]:
    """Of a sale without a member there was none, and there is none of its return; none where the POS prints the tail
    on its own receipt."""
    body = operation.body
    assert isinstance(body, Return) and body.sale is not None
    choice = counter.house.paper
    if sold.sale.member is None or choice.kind == "tail":
        return []
    now = _balance_after(counter, sold, operation)
    document = return_paper(operation, body, sold, counter.house.receipt_language, now, lines=choice.lines)
    return [Paper(kind="return", label=body.sale.number, document=to_json(document))]


# told again


def _recorded(counter: Counter, name: ReceiptName | None, named: ToldReturn | None) -> Operation | None:
    """The return that the named promise became, or that is recorded under this number."""
    if named is not None and named.paid is not None:
        return counter.cache.return_numbered(named.paid)
    if name is None:
        return None
    found = counter.cache.returns_numbered(name.number, name.pos, _days(counter, name))
    return next((one for one in found if _is_meant(counter, name, one)), None)


def _days(counter: Counter, name: ReceiptName) -> tuple[str, str]:
    if name.shift:
        return EVER
    if name.day:
        return (name.day, name.day)
    around = counter.house.retell + 2 * NEAR
    return ((counter.now - around).date().isoformat(), (counter.now + around).date().isoformat())


def _is_meant(counter: Counter, name: ReceiptName, recorded: Operation) -> bool:
    if name.shift:
        return _return_in(recorded)[1].shift == name.shift
    age = abs(counter.now - datetime.fromisoformat(recorded.at))
    return bool(name.day) or age <= counter.house.retell


def _return_in(recorded: Operation) -> tuple[Return, SaleNumber]:
    body = recorded.body
    assert isinstance(body, Return) and body.sale is not None, "found by its number"
    return body, body.sale


def _told_again(
    counter: Counter, visit: Visit, recorded: Operation, named: ToldReturn | None, command: ReturnGoods
) -> Done:
    """The same once more is answered from the record; another under its number is said, and nothing is recorded."""
    body, _ = _return_in(recorded)
    sold = sold_at(counter, Key(body.of.generation, body.of.sequence))
    member = _member(counter, sold)
    now = _balance_now(counter, counter.member(member.told.member)[1].account) if member else None
    same = _is_same(counter, body, sold, named, command)
    done = _said(counter, visit, "return_recorded_before", sold, body, None, now)
    return done if same else replace(done, code="return_number_taken", ok=False)


def _is_same(counter: Counter, body: Return, sold: Sold, named: ToldReturn | None, command: ReturnGoods) -> bool:
    """By what the POS tells of it: the sale, and the goods."""
    if named is not None:
        return named.of == body.of and _goods(named.step.lines) == _goods_of(body)
    if command.of is not None and sold_receipt(counter, command.of).ref != body.of:
        return False
    if command.whole or not command.lines:
        return True
    try:
        asked = tuple(_asked(command.lines))
    except BadBasket:
        return False
    quantities = {part.id: part.quantity_m for part in asked}
    pieces = {part.id: set(part.pieces) for part in asked}
    return quantities == {line.id: line.quantity_m for line in body.lines} and all(
        pieces[line.id] <= set(line.pieces) for line in body.lines
    )


def _goods(lines: tuple[LineReturn, ...]) -> list[tuple[str, int, tuple[str, ...]]]:
    return [(line.id, line.quantity_m, line.pieces) for line in lines]


def _goods_of(body: Return) -> list[tuple[str, int, tuple[str, ...]]]:
    return [(line.id, line.quantity_m, line.pieces) for line in body.lines]


# the member


def _member(counter: Counter, sold: Sold) -> MemberRecord | None:
    """Whose points move, as far as this till knows him."""
    return counter.cache.members.member(sold.sale.member) if sold.sale.member is not None else None


def _balance_after(counter: Counter, sold: Sold, operation: Operation) -> BalanceNow | None:
    """As the account will be; None where only the hub can tell."""
    member = _member(counter, sold)
    assert isinstance(operation.body, Return)
    if member is None or _earned_died(counter, sold, operation.body):
        return None
    return _balance_now(counter, affected(counter.member(member.told.member)[1].account, operation).account)


def _balance_now(counter: Counter, account: Account) -> BalanceNow:
    return BalanceNow(
        points=balance(account, counter.now),
        as_of=counter.feed.pulled_at,
        card_status=None,
        offline=counter.link == "offline",
        expiring=None if account.debt else next_expiry(account, counter.now),
    )


def _earned_died(counter: Counter, sold: Sold, body: Return) -> bool:
    """What the sale earned has died since, and only the hub knows how much of it was spent before: the rest is nobody's
    loss."""
    end = sold.sale.accrued.expires_at
    return bool(body.clawed_back.points) and end is not None and datetime.fromisoformat(end) <= counter.now


# what is said


def _said(
    counter: Counter, visit: Visit, code: str, sold: Sold, body: Return, quote: str | None, after: BalanceNow | None
) -> Done:
    facts = {
        "sale": sold.sale.sale.number,
        "refund": counter.amount(body.refund_kopecks),
        "number": body.sale.number if body.sale else "",
        "more": "".join(f" {sentence}" for sentence in _sentences(counter, sold, body, after)),
    }
    view = return_view(sold, body, quote, after.points if after else None, _tail(counter, sold, body, after))
    return Done(visit=visit, code=code, facts=facts, told=view)


def _tail(counter: Counter, sold: Sold, body: Return, after: BalanceNow | None) -> tuple[str, ...]:
    if sold.sale.member is None:
        return ()
    words = PaperWords(sold.programme, counter.house.receipt_language, counter.cache.store)
    return tail(return_rows(body, sold, words, counter.now, after), counter.house.paper.tail_width)


def _sentences(counter: Counter, sold: Sold, body: Return, after: BalanceNow | None) -> Iterator[str]:
    """What else the cashier tells the customer, and only what there is."""

    def sentence(code: str, **facts: str) -> str:
        return say(code, counter.language, **facts)

    certificate = certificate_kopecks(body)
    if certificate:
        money = counter.amount(body.refund_kopecks - certificate)
        yield sentence("return_by_tender", money=money, certificate=counter.amount(certificate))
    if body.withheld_kopecks > 0:
        yield sentence("return_withheld", amount=counter.amount(body.withheld_kopecks))
    if body.restored.points:
        yield sentence("return_restored", points=counter.points(body.restored.points))
    if body.clawed_back.points:
        yield sentence("return_clawed_back", points=counter.points(body.clawed_back.points))
    if campaigns_back(sold, body):
        yield sentence("return_coupon")
    if any(line.id in {extra.id for extra in sold.sale.extras} for line in body.lines):
        yield from (sentence("return_card_stays", card=masked(card)) for card in sold.cards)
    if any(one.kind == CAME_BACK_TWICE for one in body.deviations):
        yield sentence("return_came_back_twice")
    yield from _of_the_member(counter, sold, after)


def _of_the_member(counter: Counter, sold: Sold, after: BalanceNow | None) -> Iterator[str]:
    if sold.sale.member is None:
        return
    member = _member(counter, sold)
    if sold.refused:
        yield say("return_hub_refused", counter.language)
    elif member is None:
        yield say("return_member_unknown", counter.language)
    elif member.told.status == "merged":
        yield say("return_member_merged", counter.language)
    elif after is None:
        yield say("return_balance_later", counter.language)
    else:
        code = "return_balance" if after.points >= 0 else "return_debt"
        yield say(code, counter.language, balance=counter.points(after.points))
