"""Goods come back, whichever till sold them, in two steps: first what the refund would be, then that it was given.

A return is about a sale of before, not about the receipt in front: it may come in the middle of the next customer's
visit and touches nothing of it. What was told is what is recorded; the same return told twice is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from dataclasses import replace as replace_done
from datetime import datetime

import msgspec

from loyalty.basket import BadBasket
from loyalty.bodies import CAME_BACK_TWICE, Deviation, Return, ReturnedLine, SaleNumber
from loyalty.explain import explain_bad
from loyalty.money import BadNumber, parse_quantity_m
from loyalty.operation import Operation
from loyalty.returns import NO_STICKERS, LineReturn, ReturnStep, all_left, came_back, still_out, take_back
from loyalty.sold import return_of
from loyalty.utc import utc_text
from offline_cache.cache import Rules
from offline_cache.records import Paper
from pos_agent.after_return import balance_after, balance_as_it_is, tail_of_return
from pos_agent.after_sale import unnumbered
from pos_agent.counter import Counter, Done
from pos_agent.desks.certificates_back import bodies_of_back, certificates_back
from pos_agent.desks.returns_second import who_answers, with_second
from pos_agent.desks.sale import QUOTE_KEPT
from pos_agent.known_sales import days_of
from pos_agent.placing import name_of
from pos_agent.protocol import ReturnedGoods, ReturnGoods, SoldReceipt, fiscal_documents
from pos_agent.receipt import BalanceNow
from pos_agent.recording import commit, sure_of_room
from pos_agent.refused import Refused
from pos_agent.return_paper import Balance, papers_of_return
from pos_agent.said_of_return import remarks
from pos_agent.sold_anywhere import receipt_known, sold_receipt
from pos_agent.sold_receipts import Sold, sold_of
from pos_agent.told_return import ReturnPromise, find_return, keep_return, told_return
from pos_agent.visit import ReceiptName, Visit
from pos_agent.words import say

REASON_MAX = 200  # characters
IN_VAIN = ("bad_return", "all_came_back", "nothing_comes_back", "which_receipt")  # under whatever number


def take_goods_back(counter: Counter, visit: Visit, command: ReturnGoods) -> Done:
    """`visit` is the receipt in front, and stays as it is."""
    name = name_of(counter, command)
    named = find_return(counter, command.quote)
    known = _recorded(counter, name, named)
    again = next((one for one in known if _is_same(counter, one, named, command)), None)
    if named is not None and named.paid is not None and name is not None:
        _refuse_anothers(counter, named, name, command)
    if again is not None and (not command.another or _is_another(again, named)):
        return _told_again(counter, visit, again)
    if known and not command.another:
        return _number_taken(counter, _told_again(counter, visit, known[0]), named, command)
    if not command.paid:
        sure_of_room(counter)
        if named is not None and command.of is None:
            return _prepared(counter, visit, with_second(counter, named))
        return _prepared(counter, visit, _work_out(counter, command))
    if name is None:
        raise Refused("return_needs_number")
    if named is not None:
        _refuse_anothers(counter, named, name, command)
    told = with_second(counter, named or _work_out(counter, command))
    return _record(counter, visit, name, told, command)


def _refuse_anothers(counter: Counter, named: ReturnPromise, name: ReceiptName, command: ReturnGoods) -> None:
    """A promise is of one sale, and is kept once, under one number. Raises Refused."""
    of_another = command.of is not None and receipt_known(counter, command.of) != named.of
    if of_another or (named.paid is not None and (named.paid.pos, named.paid.number) != (name.pos, name.number)):
        raise Refused("return_quote_of_another", quote=named.id, sale=sold_of(counter, named.of).sale.sale.number)


# the first step


def _prepared(counter: Counter, visit: Visit, told: ReturnPromise) -> Done:
    keep_return(counter, told)
    sold = sold_of(counter, told.of)
    body = _body(counter, sold, told)
    after = balance_after(counter, sold, unnumbered(counter, body))
    return _said(counter, visit, "return_prepared", sold, body, after, tail_of_return(counter, sold, body, after))


def _work_out(counter: Counter, command: ReturnGoods) -> ReturnPromise:
    """From what stands in the command. Raises Refused."""
    if command.of is None:
        raise Refused("unknown_return_quote" if command.quote else "which_receipt")
    reason, without = _reason(command), command.of.id is not None
    if without:
        counter.need("take_back_without_receipt")
    sold = sold_receipt(counter, command.of)
    step = _step(counter, sold, command)
    return ReturnPromise(
        id=counter.house.new_id(),
        told_at=utc_text(counter.now),
        of=sold.ref,
        step=step,
        reason=reason,
        certificates=certificates_back(counter, sold, step, command),
        without_receipt=without,
        second=who_answers(counter, sold, step) if without and command.second is not None else None,
    )


def _reason(command: ReturnGoods) -> str:
    """Money for what a certificate paid is somebody's decision."""
    reason = command.reason.strip()
    if len(reason) > REASON_MAX or not (reason.isprintable() or not reason):
        raise Refused("bad_reason", most=str(REASON_MAX))
    if command.tender == "money" and not reason:
        raise Refused("return_needs_reason")
    if command.of is not None and command.of.id is not None and not reason:
        raise Refused("no_receipt_needs_reason", most=str(REASON_MAX))
    return reason


def _step(counter: Counter, sold: Sold, command: ReturnGoods) -> ReturnStep:
    try:
        lines = all_left(sold.sale, sold.back) if command.whole else tuple(_asked(command.lines))
        if not lines:
            number = sold.sale.sale.number
            raise Refused("all_came_back", sale=number) if command.whole else Refused("nothing_comes_back", sale=number)
        step = take_back(sold.programme, sold.operation, sold.back, lines, command.tender)
    except BadBasket as bad:
        raise Refused("bad_return", field=bad.field or None, why=explain_bad(bad, counter.language)) from None
    return _money_as_told(sold, step, step)


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


def _record(counter: Counter, visit: Visit, name: ReceiptName, told: ReturnPromise, command: ReturnGoods) -> Done:
    """The money has been given back: what was told is recorded, whatever happened since."""
    sold = sold_of(counter, told.of)
    number = _free_number(counter, name)
    body = _paid_body(counter, sold, told, number, command)
    after = balance_after(counter, sold, unnumbered(counter, body))
    rules = Rules(programme=sold.operation.programme, programme_hash=sold.operation.programme_hash)

    def papers(operations: tuple[Operation, ...]) -> list[Paper]:
        return papers_of_return(counter, sold, operations[-1], after)

    commit(
        counter,
        [*bodies_of_back(counter, sold, told.certificates), body],
        number,
        papers,
        is_recorded=lambda: counter.cache.return_numbered(number) is not None,
        rules=rules,
    )
    tail = tail_of_return(counter, sold, body, after)
    keep_return(counter, msgspec.structs.replace(told, paid=number, tail=tail))
    twice = any(deviation.kind == CAME_BACK_TWICE for deviation in body.deviations)
    return _said(counter, visit, "return_recorded_twice" if twice else "return_recorded", sold, body, after, tail)


def _paid_body(counter: Counter, sold: Sold, told: ReturnPromise, number: SaleNumber, command: ReturnGoods) -> Return:
    try:
        fiscal = fiscal_documents(command.fiscal)
    except BadBasket as bad:
        raise Refused("bad_return", field=bad.field or None, why=explain_bad(bad, counter.language)) from None
    fresh = _as_it_is_now(sold, told.step)
    body = _body(counter, sold, msgspec.structs.replace(told, step=_money_as_told(sold, told.step, fresh)))
    deviations = tuple(_deviations(counter, sold, told, fresh, number))
    return msgspec.structs.replace(
        body,
        sale=number,
        fiscal=fiscal,
        deviations=deviations,
        without_receipt=told.without_receipt,
        second=told.second,
    )


def _as_it_is_now(sold: Sold, step: ReturnStep) -> ReturnStep | None:
    """The same goods, as far as they are still out; None when nothing of them is."""
    goods = still_out(sold.sale, sold.back, step.lines)
    return take_back(sold.programme, sold.operation, sold.back, goods) if goods else None


def _money_as_told(sold: Sold, step: ReturnStep, fresh: ReturnStep | None) -> ReturnStep:
    """The money is what was told, for it has been given; points add up to what the sale moved, whatever came back
    meanwhile, and never move twice."""
    none = fresh is None or sold.refused
    return replace(
        step,
        points_restored=0 if fresh is None or none else fresh.points_restored,
        points_clawed_back=0 if fresh is None or none else fresh.points_clawed_back,
        qualifying_kopecks=0 if fresh is None or none else fresh.qualifying_kopecks,
        coupons=() if fresh is None or none else fresh.coupons,
        stickers=NO_STICKERS if fresh is None or none else fresh.stickers,
    )


def _deviations(
    counter: Counter, sold: Sold, told: ReturnPromise, fresh: ReturnStep | None, number: SaleNumber
) -> Iterator[Deviation]:
    """What the office should look at."""
    step, given = told.step, told.step.refund_kopecks
    due = fresh.refund_kopecks if fresh is not None else 0
    goods = _goods(fresh.lines) if fresh is not None else []
    if goods != _goods(step.lines):
        yield Deviation(kind=CAME_BACK_TWICE, cost_kopecks=max(0, given - due), note=number.number)
    elif fresh is not None and _sums(fresh) != _sums(step) and not sold.refused:
        yield Deviation(kind=QUOTE_KEPT, cost_kopecks=max(0, given - due), note="returns")
    if not sold.rules_known:
        yield Deviation(kind="rules_unknown", note=sold.operation.programme_hash[:8])
    if number.again:
        yield Deviation(kind="number_taken", note=number.number)
    if abs(counter.clock_off_s) > counter.house.clock_tolerance_s:
        yield Deviation(kind="clock_off", note=f"{counter.clock_off_s} s")


def _sums(step: ReturnStep) -> tuple[int, ...]:
    return (step.refund_kopecks, step.certificate_kopecks, step.points_restored, step.points_clawed_back)


def _free_number(counter: Counter, name: ReceiptName) -> SaleNumber:
    """Under which number it is recorded; one that was taken gets the moment besides."""
    plain = SaleNumber(day=name.day or counter.today.isoformat(), number=name.number, pos=name.pos, shift=name.shift)
    if counter.cache.return_numbered(plain) is None:
        return plain
    return msgspec.structs.replace(plain, again=utc_text(counter.now))


def _body(counter: Counter, sold: Sold, told: ReturnPromise) -> Return:
    return return_of(
        sold.programme,
        sold.operation,
        told.step,
        counter.now,
        before=sold.returns,
        link=counter.link,
        quote=told.id,
        reason=told.reason,
    )


# told again


def _recorded(counter: Counter, name: ReceiptName | None, named: ReturnPromise | None) -> list[Operation]:
    """The return that the named promise became, or all that are recorded under this number, the newest first."""
    became = _became(counter, named) if named is not None else None
    if became is not None:
        return [became]
    if name is None:
        return []
    newest = counter.cache.newest_return_numbered(name.number, name.pos)
    if newest is not None and _is_asked_again(counter, newest):
        return [newest]
    found = counter.cache.returns_numbered(name.number, name.pos, days_of(counter, name))
    return [one for one in found if _is_meant(counter, name, one)]


def _became(counter: Counter, named: ReturnPromise) -> Operation | None:
    """The return that a promise became, also when the process ended before it could be noted."""
    returns = sold_of(counter, named.of).returns
    body = next((one for one in returns if one.quote == named.id), None)
    return counter.cache.return_numbered(body.sale) if body is not None and body.sale is not None else None


def _is_asked_again(counter: Counter, recorded: Operation) -> bool:
    """By this very command, whatever the till's clock says since."""
    return counter.asked is not None and recorded.asked == counter.asked


def _is_another(recorded: Operation, named: ReturnPromise | None) -> bool:
    """«Another return» told again: a promise is kept once, and it was recorded as another already."""
    return (named is not None and named.paid is not None) or _return_in(recorded)[1].again != ""


def _is_meant(counter: Counter, name: ReceiptName, recorded: Operation) -> bool:
    if name.shift:
        return _return_in(recorded)[1].shift == name.shift
    age = abs(counter.now - datetime.fromisoformat(recorded.at))
    return bool(name.day) or age <= counter.house.retell


def _return_in(recorded: Operation) -> tuple[Return, SaleNumber]:
    body = recorded.body
    assert isinstance(body, Return) and body.sale is not None, "found by its number"
    return body, body.sale


def _told_again(counter: Counter, visit: Visit, recorded: Operation) -> Done:
    """Answered from the record: nothing is done twice."""
    body, _ = _return_in(recorded)
    sold = sold_of(counter, body.of)
    promise = find_return(counter, body.quote)
    kept = promise.tail if promise is not None else ()
    tail = kept or tail_of_return(counter, sold, body, None)  # without the balance, which is another by now
    return _said(counter, visit, "return_recorded_before", sold, body, balance_as_it_is(counter, sold), tail)


def _number_taken(counter: Counter, told: Done, named: ReturnPromise | None, command: ReturnGoods) -> Done:
    """Whether it is another nobody is asked of one that could not come back either: he hears why."""
    taken = replace_done(told, code="return_number_taken", ok=False)
    try:
        _ = named or _work_out(counter, command)
    except Refused as refused:
        if refused.code in IN_VAIN:
            facts = {**taken.facts, "why": say(refused.words, counter.language, **refused.facts)}
            return replace_done(taken, words="return_number_taken_in_vain", facts=facts)
    return taken


def _is_same(counter: Counter, recorded: Operation, named: ReturnPromise | None, command: ReturnGoods) -> bool:
    """By its key, or by what the POS tells of it: the sale, and the goods."""
    if _is_asked_again(counter, recorded):
        return True
    body, _ = _return_in(recorded)
    if named is not None:
        return named.of == body.of and _goods(named.step.lines) == _goods(body.lines)
    if command.of is not None and not _is_of(counter, command.of, body):
        return False
    if command.whole:
        return _nothing_left_after(counter, body)
    if not command.lines:
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


def _is_of(counter: Counter, of: SoldReceipt, body: Return) -> bool:
    """A number without a day was that of the newest sale then; there may be another by now."""
    known = body.of_sale
    if of.code is None and not of.day and not of.shift and known is not None and of.sale == known.number:
        return True
    return receipt_known(counter, of) == body.of


def _nothing_left_after(counter: Counter, body: Return) -> bool:
    """Was this the return with which the whole sale was back?"""
    sold = sold_of(counter, body.of)
    return not all_left(sold.sale, came_back(sold.sale, sold.returns[: sold.returns.index(body) + 1]))


def _goods(lines: tuple[LineReturn | ReturnedLine, ...]) -> list[tuple[str, int, tuple[str, ...]]]:
    return [(line.id, line.quantity_m, line.pieces) for line in lines]


# what is said


def _said(
    counter: Counter,
    visit: Visit,
    code: str,
    sold: Sold,
    body: Return,
    after: Balance,
    tail: tuple[str, ...],
) -> Done:
    besides = tuple(remarks(counter, sold, body, after))
    facts = {
        "sale": sold.sale.sale.number,
        "refund": counter.amount(body.refund_kopecks),
        "number": body.sale.number if body.sale else "",
        "more": "".join(f" {say(code, counter.language, **said)}" for code, said in besides),
    }
    points, stickers = (after.points, after.stickers) if isinstance(after, BalanceNow) else (None, None)
    told = told_return(sold, body, points, tail, stickers)
    aside = besides if code in ("return_prepared", "return_recorded", "return_recorded_twice") else ()
    return Done(visit=visit, code=code, facts=facts, returned=told, aside=aside)
