"""A recorded sale told again: every answer is from the record and changes nothing.

The answer to `pay` was lost, or the POS was started anew, and all of it comes once more. Other goods or another member
under the number are said at once, before anybody takes money.
"""

from __future__ import annotations

from msgspec.structs import replace

from pos_agent.counter import Counter, Done
from pos_agent.desks import identify, sale
from pos_agent.events import Code, OfReceipt, Pay, Phone, SetBasket
from pos_agent.known_sales import same_lines, same_member
from pos_agent.visit import Visit


def answer(counter: Counter, visit: Visit, command: OfReceipt) -> Done:
    assert visit.retold is not None and visit.receipt is not None
    stored = counter.cache.sale(visit.retold)
    assert stored is not None, "what was recorded stays"
    told = sale.from_record(counter, visit, stored)
    if isinstance(command, Pay):
        if command.another:
            return sale.pay(counter, replace(visit, retold=None), visit.receipt, command)
        return replace_visit(told, Visit())
    if isinstance(command, SetBasket):
        trial = replace(visit, lines=command.lines)
        if not same_lines(trial, stored, whole=False) or not same_member(trial, stored):
            return _taken(told)
        return replace_visit(told, trial)
    if isinstance(command, Code | Phone):
        find = identify.code if isinstance(command, Code) else identify.phone
        who = find(counter, replace(visit, lines=(), retold=None), command).visit.who  # type: ignore[arg-type]
        if not same_member(replace(visit, who=who), stored):
            return _taken(told)
        return replace_visit(told, replace(visit, who=who))
    return told


def replace_visit(done: Done, visit: Visit) -> Done:
    return Done(visit=visit, code=done.code, facts=done.facts, told=done.told)


def _taken(done: Done) -> Done:
    return Done(visit=done.visit, code="sale_number_taken", facts=done.facts, told=done.told, ok=False)
