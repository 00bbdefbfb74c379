"""The recorded sale that goods come back of: by its number, by our paper's code, by the fiscal receipt's QR."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from drivers.scanner.wedge import Repaired, repair_layout
from loyalty.bodies import CardIssued, CardReissued, OperationRef, Return, Sale
from loyalty.claims import as_claimed
from loyalty.operation import Key, Operation, read_operation, zone_of
from loyalty.programme import Programme
from loyalty.receipt_codes import FISCAL_SALE, FiscalCode, Mark, read_fiscal, read_mark
from loyalty.returns import Back, came_back, is_undone
from loyalty.stickers import StickersBack
from pos_agent.counter import Counter
from pos_agent.elsewhere import claim_in, ref_of, told_elsewhere, with_returns
from pos_agent.known_sales import recorded
from pos_agent.placing import SALE_NUMBER_MAX
from pos_agent.protocol import SoldReceipt
from pos_agent.refused import Refused
from pos_agent.shop_day import NEAR, shop_day
from pos_agent.visit import ReceiptName
from pos_agent.words import as_typed
from sync.receipts import FoundSale, MovedOf

HISTORY: Final = "pos-hub member show"  # where what a till let go of is found
FISCAL_NEAR = timedelta(
    minutes=5
)  # between our moment and the fiscal device's clock, where only sum and time are known


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """A recorded sale, under the rules of its day, with what came back of it as far as is known here. `moved`: what the
    books and this till's own returns have moved of it; None: what the returns say."""

    operation: Operation
    sale: Sale
    programme: Programme
    returns: tuple[Return, ...]
    cards: tuple[str, ...]  # that the same receipt gave out
    refused: bool  # by the hub: its points never moved
    rules_known: bool  # else those of today, for this file is older than the shelf of programmes
    moved: MovedOf | None = None

    @property
    def back(self) -> Back:
        back = came_back(self.sale, self.returns)
        if self.moved is None:
            return back
        return replace(
            back,
            points_restored=self.moved.restored,
            points_clawed_back=self.moved.clawed_back,
            qualifying_kopecks=self.moved.qualifying_kopecks,
            stickers=_stickers(self.moved, back.stickers),
        )

    @property
    def ref(self) -> OperationRef:
        return ref_of(self.operation)


def _stickers(moved: MovedOf, told: StickersBack) -> StickersBack:
    """`told`: as the returns say."""
    if moved.stickers_taken_back is None or moved.stickers_restored is None:
        return told
    return StickersBack(taken_back=moved.stickers_taken_back, restored=moved.stickers_restored)


def own_receipt(counter: Counter, of: SoldReceipt) -> OperationRef:
    """Of a sale of this till. Raises Refused where there is no such one here, in words that say what helps."""
    if of.code is not None:
        return _own(counter, _by_code(counter, of.code))
    if of.id is not None:
        raise Refused("sold_elsewhere", till=as_typed(of.id))  # by the hub's word, also where it is of this till
    if of.sale is None:
        raise Refused("which_receipt")
    if of.till or of.store:
        raise Refused("sold_elsewhere", till=as_typed(of.till or of.store or ""))
    return _own(counter, _by_number(counter, of.sale, of.day, of.shift or ""))


def _own(counter: Counter, key: Key) -> OperationRef:
    """Where it is whole here."""
    if counter.cache.operation(key) is None and counter.cache.trimming.has(key):
        raise Refused("no_such_sale", words="sale_long_ago", sale=str(key.sequence), history=HISTORY)
    return OperationRef(chain=counter.cache.till, generation=key.generation, sequence=key.sequence)


def sold_of(counter: Counter, of: OperationRef) -> Sold:
    """The sale whose operation this is: of this till, or as the hub has told of it."""
    told = told_elsewhere(counter, of)
    own = _own_operation(counter, of)
    operation = own or (read_operation(told.text) if told is not None else None)
    if operation is None or not isinstance(operation.body, Sale):
        raise Refused("no_such_sale", sale=str(of.sequence))
    kept = _programme(counter, operation)
    operation = as_claimed(operation, claim_in(told))
    assert isinstance(operation.body, Sale)
    returns, moved = _came_back(counter, of, told)
    return Sold(
        operation=operation,
        sale=operation.body,
        programme=kept or counter.programme,
        returns=returns,
        cards=_cards(counter, operation.body) if own is not None else (),
        refused=(told is not None and told.refused) or (own is not None and counter.cache.was_refused(own.key)),
        rules_known=kept is not None,
        moved=moved,
    )


def _own_operation(counter: Counter, of: OperationRef) -> Operation | None:
    if of.chain != counter.cache.till:
        return None
    return counter.cache.operation(Key(of.generation, of.sequence))


def _came_back(counter: Counter, of: OperationRef, told: FoundSale | None) -> tuple[tuple[Return, ...], MovedOf | None]:
    """What the hub has told of, and what this till took back that the hub had not heard of then."""
    if of.chain == counter.cache.till:
        here = counter.cache.taken_back(Key(of.generation, of.sequence))
    else:
        here = counter.cache.elsewhere.returns_of(of)
    heard = [read_operation(text) for text in told.returns] if told is not None else []
    places = {(one.chain, one.key) for one in heard}
    since = [one.body for one in here if (one.chain, one.key) not in places and isinstance(one.body, Return)]
    returns = (*(one.body for one in heard if isinstance(one.body, Return)), *since)
    return returns, None if told is None else with_returns(told.moved, since)


def _cards(counter: Counter, sale: Sale) -> tuple[str, ...]:
    stored = counter.cache.sale(sale.sale)
    beside = [one.body for one in stored.operations] if stored else []
    return tuple(
        body.card if isinstance(body, CardIssued) else body.new_card
        for body in beside
        if isinstance(body, CardIssued | CardReissued)
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
