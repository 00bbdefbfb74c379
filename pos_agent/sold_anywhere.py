"""A sale that goods come back of, whichever till sold it: known here, else asked of the hub."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from drivers.scanner.wedge import Repaired, repair_layout
from loyalty.bodies import OperationRef
from loyalty.receipt_codes import FISCAL_SALE, read_fiscal, read_mark
from pos_agent.counter import Counter
from pos_agent.elsewhere import ask_for, found_before, sought_at
from pos_agent.errands import SILENT
from pos_agent.protocol import SoldReceipt
from pos_agent.refused import Refused
from pos_agent.shop_day import shop_day
from pos_agent.sold_receipts import Sold, own_receipt, sold_of
from sync.receipts import SoughtReceipt

UNKNOWN: Final = "unknown_receipt"
OTHERS: Final = frozenset({"no_such_fiscal", "sold_elsewhere"})  # by what it says it may well be another till's
NOT_HERE: Final = frozenset({"no_such_sale", "no_such_fiscal", "sold_elsewhere"})  # it may be another till's


def sold_receipt(counter: Counter, of: SoldReceipt) -> Sold:
    """For the first step: with what the hub says of it now, also of this till's own, of which goods may have come back
    elsewhere. Raises Errand; Refused in words that say what helps."""
    try:
        own = own_receipt(counter, of)
    except Refused as refused:
        return sold_of(counter, _elsewhere(counter, of, refused))
    if counter.link == "online":
        with suppress(Refused):  # it has not come to the hub yet, say
            ask_for(counter, sought_at(own))
    return sold_of(counter, own)


def sought_receipt(counter: Counter, of: SoldReceipt) -> SoughtReceipt:
    """As the hub is asked for any, also one of this till. Raises Refused."""
    sought = _sought_by_code(of.code) if of.code is not None else _sought_by_number(counter, of)
    if sought is None:
        raise Refused("no_receipt_code")
    return sought


def receipt_known(counter: Counter, of: SoldReceipt) -> OperationRef:
    """Which sale it is, as far as that is known here. Raises Refused."""
    try:
        return own_receipt(counter, of)
    except Refused as refused:
        sought = _sought(counter, of, refused)
        found = found_before(counter, sought) if sought is not None else None
        if found is None:
            raise
        return found


def _elsewhere(counter: Counter, of: SoldReceipt, refused: Refused) -> OperationRef:
    sought = _sought(counter, of, refused)
    if sought is None:
        raise refused
    try:
        return ask_for(counter, sought)
    except Refused as why:
        raise _instead(refused, why) from None


def _instead(refused: Refused, why: Refused) -> Refused:
    """What is said where the hub has none, or nothing was heard of it; else its own word."""
    if why.code == SILENT:
        is_old = refused.words == "fiscal_long_ago"
        is_others = refused.code in OTHERS and not is_old
        return Refused(refused.code, words="receipt_needs_hub") if is_others else refused
    if why.code == UNKNOWN:
        return Refused("no_such_sale", words="no_sale_anywhere") if refused.code == "sold_elsewhere" else refused
    return why


def _sought(counter: Counter, of: SoldReceipt, refused: Refused) -> SoughtReceipt | None:
    """None: no till has such a receipt."""
    if refused.code not in NOT_HERE:
        return None
    if of.code is not None:
        return _sought_by_code(of.code)
    return _trimmed_here(counter, of) or _sought_by_number(counter, of)


def _trimmed_here(counter: Counter, of: SoldReceipt) -> SoughtReceipt | None:
    """A sale of this till whose goods it does not have any more, by its number."""
    day = shop_day(of.day, counter.today) if of.day else ""
    if of.sale is None or of.till or of.store or not (day or of.shift):
        return None
    known = counter.cache.trimming.sale(of.sale, counter.pos, day=day, shift=of.shift or "")
    if known is None:
        return None
    return SoughtReceipt(chain=counter.cache.till, generation=known.key.generation, sequence=known.key.sequence)


def _sought_by_number(counter: Counter, of: SoldReceipt) -> SoughtReceipt:
    if of.id is not None:
        return _place(of.id)
    if not of.sale:
        raise Refused("which_receipt")
    day = shop_day(of.day, counter.today) if of.day else counter.today.isoformat()
    here = counter.cache.store.id if counter.cache.store is not None else None
    return SoughtReceipt(number=of.sale, day=day, store=of.store or here, till=of.till or "")


def _place(id: str) -> SoughtReceipt:
    """Raises Refused."""
    chain, _, rest = id.partition("/")
    generation, _, sequence = rest.partition("/")
    if not (chain and generation.isdecimal() and sequence.isdecimal()):
        raise Refused("which_receipt")
    return SoughtReceipt(chain=chain, generation=int(generation), sequence=int(sequence))


def _sought_by_code(text: str) -> SoughtReceipt | None:
    repaired = repair_layout(text.strip())
    text = repaired.text if isinstance(repaired, Repaired) else text
    mark = read_mark(text)
    if mark is not None:
        key = mark.key
        return SoughtReceipt(chain=mark.chain, generation=key.generation, sequence=key.sequence, digest=mark.digest)
    fiscal = read_fiscal(text)
    if fiscal is None or fiscal.kind != FISCAL_SALE:
        return None
    return SoughtReceipt(document=fiscal.document, sign=fiscal.sign, storage=fiscal.storage, kopecks=fiscal.kopecks)
