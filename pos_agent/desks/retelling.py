"""A recorded sale told again: every answer is from the record and changes nothing.

The answer to `pay` was lost, or the POS was started anew, and all of it comes once more. Other goods or another member
under the number are said at once, before anybody takes money; the visit is then *disputed*: it has what
was told, and is recorded when the POS says that it is another sale.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as replace_done

from msgspec.structs import replace

from pos_agent.counter import Counter, Done
from pos_agent.desks import basket, identify, sale
from pos_agent.desks.fiscal import add_fiscal
from pos_agent.known_sales import all_recorded, quote_of, same_lines, same_member
from pos_agent.protocol import Code, OfReceipt, Pay, Phone, Prepare, SetBasket
from pos_agent.refused import Refused
from pos_agent.visit import Visit

ANSWERED = (Code, Phone, SetBasket, Prepare, Pay)  # here, also of a disputed visit


def answer(counter: Counter, visit: Visit, command: OfReceipt) -> Done:
    assert visit.retold is not None and visit.receipt is not None
    stored = counter.cache.sale(visit.retold)
    assert stored is not None, "what was recorded stays"
    told = sale.from_record(counter, visit, stored)
    plain = replace(visit, retold=None, disputed=False)
    match command:
        case Pay():
            if visit.disputed or command.another or command.quote not in (None, quote_of(stored)):
                return sale.pay(counter, plain, visit.receipt, command)
            add_fiscal(counter, stored, command)
            return _with(told, Visit())
        case Prepare() if visit.disputed:
            if command.another:
                return _still(sale.prepare(counter, plain, command), visit)
            return sale.number_taken(told, visit)
        case SetBasket():
            trial = replace(visit, lines=command.lines, disputed=False)
            for one in all_recorded(counter, visit.receipt):
                if same_lines(trial, one, whole=False) and same_member(trial, one):
                    return sale.from_record(counter, replace(trial, retold=one.sale), one)
            return _taken(told, _still(basket.basket(counter, plain, command), visit))
        case Code() if command.text.strip().startswith(counter.programme.scans.certificates) and not visit.disputed:
            return told  # it has paid already, as far as it did
        case Code() | Phone():
            try:
                done = _identified(counter, plain, command)
            except Refused as refused:
                if refused.code == "coupon_used" and not visit.disputed:  # by this very sale
                    return told
                raise
            if not visit.disputed and same_member(done.visit, stored):
                return _with(told, replace(visit, who=done.visit.who))
            return _taken(told, _still(done, visit))
    return told


def _taken(told: Done, mine: Done) -> Done:
    """The recorded sale is told, so nobody hears what was found to advise on this one."""
    return sale.number_taken(told, replace(mine.visit, advised=None))


def beside(visit: Visit, desk: Callable[[Visit], Done]) -> Done:
    """What another desk makes of a disputed visit; the dispute goes on."""
    return _still(desk(replace(visit, retold=None, disputed=False)), visit)


def _identified(counter: Counter, visit: Visit, command: Code | Phone) -> Done:
    if isinstance(command, Code):
        return identify.code(counter, visit, command)
    return identify.phone(counter, visit, command)


def _still(done: Done, visit: Visit) -> Done:
    """Another sale is meant, but the number is a recorded one's until somebody confirms it."""
    return _with(done, replace(done.visit, retold=visit.retold, disputed=True))


def _with(done: Done, visit: Visit) -> Done:
    return replace_done(done, visit=visit)
