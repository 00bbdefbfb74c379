"""The recorded sale that goods come back of: by its number, by our paper's code, by the fiscal receipt's QR."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from drivers.scanner.wedge import Repaired, repair_layout
from loyalty.bodies import CardIssued, CardReissued, OperationRef, Return, Sale
from loyalty.operation import Key, Operation, zone_of
from loyalty.programme import Programme
from loyalty.receipt_codes import FISCAL_SALE, FiscalCode, Mark, read_fiscal, read_mark
from loyalty.returns import Back, came_back, is_undone
from pos_agent.counter import Counter
from pos_agent.known_sales import recorded
from pos_agent.placing import SALE_NUMBER_MAX
from pos_agent.protocol import SoldReceipt
from pos_agent.refused import Refused
from pos_agent.shop_day import NEAR, shop_day
from pos_agent.visit import ReceiptName
from pos_agent.words import as_typed

HISTORY: Final = "pos-hub member show"  # where what a till let go of is found
FISCAL_NEAR = timedelta(
    minutes=5
)  # between our moment and the fiscal device's clock, where only sum and time are known


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """A sale of this till, under the rules of its day, with what came back of it."""

    operation: Operation
    sale: Sale
    programme: Programme
    returns: tuple[Return, ...]
    cards: tuple[str, ...]  # that the same receipt gave out
    refused: bool  # by the hub: its points never moved
    rules_known: bool  # else those of today, for this file is older than the shelf of programmes

    @property
    def back(self) -> Back:
        return came_back(self.sale, self.returns)

    @property
    def ref(self) -> OperationRef:
        key = self.operation.key
        return OperationRef(chain=self.operation.chain, generation=key.generation, sequence=key.sequence)


def sold_receipt(counter: Counter, of: SoldReceipt) -> Sold:
    """Raises Refused where there is no such sale here, in words that say what helps."""
    if of.code is not None:
        return sold_at(counter, _by_code(counter, of.code))
    if of.sale is None:
        raise Refused("which_receipt")
    return sold_at(counter, _by_number(counter, of.sale, of.day, of.shift or ""))


def sold_at(counter: Counter, key: Key) -> Sold:
    """The sale whose operation this is."""
    operation = counter.cache.operation(key)
    sale = operation.body if operation is not None else None
    if operation is None and counter.cache.trimming.has(key):
        raise Refused("no_such_sale", words="sale_long_ago", sale=str(key.sequence), history=HISTORY)
    if operation is None or not isinstance(sale, Sale):
        raise Refused("no_such_sale", sale=str(key.sequence))
    kept = _programme(counter, operation)
    stored = counter.cache.sale(sale.sale)
    beside = [one.body for one in stored.operations] if stored else []
    return Sold(
        operation=operation,
        sale=sale,
        programme=kept or counter.programme,
        returns=tuple(counter.cache.returns_of(key)),
        cards=tuple(
            body.card if isinstance(body, CardIssued) else body.new_card
            for body in beside
            if isinstance(body, CardIssued | CardReissued)
        ),
        refused=counter.cache.was_refused(key),
        rules_known=kept is not None,
    )


def _programme(counter: Counter, operation: Operation) -> Programme | None:
    """That of the day of sale: a till keeps every one that it made operations under, since there is a shelf."""
    if operation.programme_hash == counter.programme.content_hash:
        return counter.programme
    return counter.house.shelf.programme(operation.programme_hash)


# by its number


def _by_number(counter: Counter, number: str, day: str | None, shift: str) -> Key:
    """The newest sale of this POS under the number; else that of another POS of the till, where only one has it."""
    on = shop_day(day, counter.today) if day else ""
    found = recorded(counter, ReceiptName(pos=counter.pos, number=number[:SALE_NUMBER_MAX], day=on, shift=shift))
    if found is not None:
        sales = [operation.key for operation in found.operations if isinstance(operation.body, Sale)]
    else:
        others = counter.cache.sales_of_day(on or counter.today.isoformat(), number)
        sales = [key for sale, key in others if not shift or sale.shift == shift]
    if len(sales) != 1:
        if not sales and counter.cache.trimming.sale(number, counter.pos, day=on, shift=shift) is not None:
            raise Refused("no_such_sale", words="sale_long_ago", sale=as_typed(number), history=HISTORY)
        if on:
            raise Refused("no_such_sale", words="no_such_sale_of_day", sale=as_typed(number), day=on)
        raise Refused("no_such_sale", sale=as_typed(number))
    return sales[0]


# by a code


def _by_code(counter: Counter, text: str) -> Key:
    repaired = repair_layout(text.strip())
    text = repaired.text if isinstance(repaired, Repaired) else text
    mark = read_mark(text)
    if mark is not None:
        return _by_mark(counter, mark)
    fiscal = read_fiscal(text)
    if fiscal is None:
        raise Refused("no_receipt_code")
    return _by_fiscal(counter, fiscal)


def _by_mark(counter: Counter, mark: Mark) -> Key:
    if mark.chain != counter.cache.till:
        raise Refused("sold_elsewhere", till=mark.chain)
    hash = counter.cache.own_chain.hash_at(mark.key)
    if hash is None or not hash.startswith(mark.digest):
        raise Refused("no_such_sale", sale=str(mark.key.sequence))
    operation = counter.cache.operation(mark.key)
    if operation is not None and isinstance(operation.body, Return):  # the paper of an earlier return
        return Key(operation.body.of.generation, operation.body.of.sequence)
    return mark.key


def _by_fiscal(counter: Counter, code: FiscalCode) -> Key:
    """By the document, as the POS told it; else by sum and time, where one sale alone fits."""
    if code.kind != FISCAL_SALE:
        raise Refused("not_a_sales_receipt")
    keys = counter.cache.sales_of_fiscal(code.document, code.sign) or _by_sum_and_time(counter, code)
    if not keys and counter.cache.trimming.has_of_day(code.at.date().isoformat()):
        raise Refused("no_such_fiscal", words="fiscal_long_ago", document=code.document, history=HISTORY)
    if len(keys) != 1:
        raise Refused("no_such_fiscal", document=code.document)
    return keys[0]


def _by_sum_and_time(counter: Counter, code: FiscalCode) -> list[Key]:
    zone = zone_of(counter.cache.store, counter.programme.timezone)
    days = {(code.at + near).date().isoformat() for near in (-NEAR, timedelta(), NEAR)}  # a shift may pass midnight
    found = []
    for done in (done for day in sorted(days) for done in counter.cache.shifts.of(day).operations):
        sale = done.operation.body
        if not isinstance(sale, Sale) or code.kopecks not in (sale.paid_kopecks, sale.total_kopecks):
            continue
        key = done.operation.key
        if counter.cache.has_fiscal(key) or is_undone(sale, counter.cache.returns_of(key)):  # it is not this one
            continue
        at = datetime.fromisoformat(done.operation.at).astimezone(zone).replace(tzinfo=None)
        if abs(at - code.at) <= FISCAL_NEAR:
            found.append(done.operation.key)
    return found
