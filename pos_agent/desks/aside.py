"""Receipts that wait: put aside and taken up by a person's own wish, and what is said of one that found no room."""

from __future__ import annotations

from dataclasses import replace as replace_done

from pos_agent.counter import Counter, Done, Remarks, remark
from pos_agent.placing import name_of
from pos_agent.protocol import Placing, PutAside, TakeUp
from pos_agent.receipts import Receipts
from pos_agent.refused import Refused
from pos_agent.telling import find, told_quote
from pos_agent.visit import ReceiptName, Visit, is_empty


def moved(counter: Counter, receipts: Receipts, command: Placing) -> tuple[Receipts, Done]:
    """The receipts as they stand then. Raises Refused."""
    rested = receipts.at(None, counter.now, counter.house.idle)
    if isinstance(command, PutAside):
        return _put_aside(counter, rested, command)
    return _take_up(counter, rested, command)


def _put_aside(counter: Counter, receipts: Receipts, command: PutAside) -> tuple[Receipts, Done]:
    """Told twice, it is done once."""
    front, name = receipts.front, name_of(counter, command)
    if name is not None and not _means(name, front) and any(_means(name, one) for one in receipts.aside):
        return receipts, Done(visit=front, code="put_aside", facts={"sale": name.number})
    anothers = front.receipt is not None and counter.pos not in ("", front.receipt.pos)
    if is_empty(front) or anothers or (name is not None and not _means(name, front)):
        raise Refused("nothing_in_front")
    if front.receipt is None:
        raise Refused("receipt_without_number")
    return receipts.put_aside(), Done(visit=Visit(), code="put_aside", facts={"sale": front.receipt.number})


def _take_up(counter: Counter, receipts: Receipts, command: TakeUp) -> tuple[Receipts, Done]:
    """What stands in front goes aside for it, so it must have a number."""
    name, front = name_of(counter, command), receipts.front
    assert name is not None, "it names the receipt"
    found = [one for one in (front, *receipts.aside) if _means(name, one)]
    if not found:
        raise Refused("not_put_aside", sale=name.number)
    if len(found) > 1:
        raise Refused("several_put_aside", sale=name.number)
    visit = found[0].touched(counter.now)
    if found[0] is not front and front.receipt is None and not is_empty(front):
        raise Refused("receipt_without_number")
    receipts = receipts if found[0] is front else receipts.taken_up(found[0])
    told = find(counter, visit.quote)
    done = Done(
        visit=visit, code="taken_up", facts={"sale": name.number}, told=told_quote(told) if told is not None else None
    )
    return receipts.with_front(visit), done


def _means(name: ReceiptName, visit: Visit) -> bool:
    """A day or a shift that is not said is any; so is the POS, for the till's own page."""
    receipt = visit.receipt
    if receipt is None or receipt.number != name.number or is_empty(visit):
        return False
    pairs = ((name.pos, receipt.pos), (name.day, receipt.day), (name.shift, receipt.shift))
    return all(said in ("", has) for said, has in pairs)


def with_lost(done: Done, before: Receipts, after: Receipts) -> Done:
    """One that found no room among those put aside any more is said: whoever waits for it must come anew."""
    return replace_done(done, more=(*done.more, *_said_of(after.pushed_out(before))))


def _said_of(lost: tuple[ReceiptName, ...]) -> Remarks:
    return tuple(remark("pushed_out", sale=name.number) for name in lost)
