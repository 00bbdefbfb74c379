"""Which recorded sale a number means, and whether what is told now is that sale again.

A sale is known by (POS, day or shift, number), for ever. Without day and shift a number means the newest sale under it
for some hours: then the same content is the same sale. The content is what the POS told (member or card, coupons,
lines), never what we answered.
"""

from __future__ import annotations

from datetime import datetime
from itertools import chain

import msgspec

from loyalty.bodies import CardIssued, CardReissued, Sale, SaleNumber, SoldLine
from loyalty.returns import is_undone
from loyalty.stickers import spent_offers
from loyalty.utc import utc_text
from offline_cache.records import StoredSale
from offline_cache.trimming import Trimmed
from pos_agent.counter import Counter
from pos_agent.priced import told_lines
from pos_agent.refused import Refused
from pos_agent.shop_day import NEAR
from pos_agent.stickers import exchanged
from pos_agent.visit import ReceiptName, Visit
from storage.sqlite_file import FileError


def recorded(counter: Counter, name: ReceiptName, quote: str | None = None) -> StoredSale | None:
    """The sale that this name means: the one that this very command recorded, that of the quote, where one is said,
    else the newest; None for a new one."""
    meant = all_recorded(counter, name)
    asked = (stored for stored in meant if is_asked_again(counter, stored))
    quoted = (stored for stored in meant if quote is not None and quote_of(stored) == quote)
    return next(chain(asked, quoted, meant), None)


def paid_as(counter: Counter, name: ReceiptName, quote: str | None, visit: Visit) -> StoredSale | None:
    """The sale that a payment is already: as `recorded`, and before all else what this very command, its quote or
    its visit's was recorded as, whatever the clock says since: the till may have died before it could say so."""
    newest, told = counter.cache.newest_sale_numbered(name.number, name.pos), quote or visit.quote
    if newest is None:
        return None
    stored = counter.cache.sale(newest)
    if stored is not None and not _is_undone(counter, stored):
        is_kept = told is not None and quote_of(stored) == told
        if is_kept or is_asked_again(counter, stored):
            return stored
    return recorded(counter, name, quote)


def all_recorded(counter: Counter, name: ReceiptName) -> list[StoredSale]:
    """Every sale that this name can mean, the newest first; more than one where its number was taken again."""
    numbered = counter.cache.sales_numbered(name.number, name.pos, days_of(counter, name))
    found = [counter.cache.sale(sale) for sale, at in numbered if _meant(counter, name, sale, at)]
    return [stored for stored in found if stored is not None and not _is_undone(counter, stored)]


def refuse_long_ago(counter: Counter, name: ReceiptName | None, *, another: bool) -> None:
    """A sale whose goods the till does not know any more is one sale still, and whether this is the same nobody here
    can say. Raises Refused."""
    known = None if another or name is None else _long_ago(counter, name)
    if known is not None:
        sale, to_pay = name.number if name else "", counter.amount(known.sums.kopecks)
        raise Refused("sale_number_taken", words="sale_number_long_taken", sale=sale, to_pay=to_pay)


def _long_ago(counter: Counter, name: ReceiptName) -> Trimmed | None:
    if not name.day and not name.shift:
        return None  # a number alone is of these hours
    return counter.cache.trimming.sale(name.number, name.pos, day=name.day, shift=name.shift)


def _is_undone(counter: Counter, stored: StoredSale) -> bool:
    """A sale that came back as a whole (a bank card was declined, say) leaves its number free: what is paid under it
    now is another sale."""
    sold = next((operation for operation in stored.operations if isinstance(operation.body, Sale)), None)
    if sold is None:
        return False
    assert isinstance(sold.body, Sale)
    return is_undone(sold.body, counter.cache.returns_of(sold.key))


def days_of(counter: Counter, name: ReceiptName) -> tuple[str, str]:
    """The days in which a sale or a return of this name can be."""
    if name.shift:
        return ("0001-01-01", "9999-12-31")
    if name.day:
        return (name.day, name.day)
    around = counter.house.retell + 2 * NEAR  # the POS's day may be another than the moment's
    return ((counter.now - around).date().isoformat(), (counter.now + around).date().isoformat())


def _meant(counter: Counter, name: ReceiptName, sale: SaleNumber, at: datetime) -> bool:
    if name.shift:
        return sale.shift == name.shift
    if name.day:
        return sale.day == name.day
    return abs(counter.now - at) <= counter.house.retell


def quote_of(stored: StoredSale) -> str | None:
    """The quote that was recorded."""
    sale = sale_of_record(stored)
    return sale.quote if sale else None


def sale_of_record(stored: StoredSale) -> Sale | None:
    """The sale itself; None where only a card changed hands."""
    bodies = (operation.body for operation in stored.operations)
    return next((body for body in bodies if isinstance(body, Sale)), None)


def same_sale(visit: Visit, stored: StoredSale) -> bool:
    """Is what the POS told of this visit what it told of the recorded sale, or its beginning? A visit without lines is
    one: after a power loss it is back as it was before its basket, and the sale was recorded."""
    whole = bool(visit.lines)
    return same_member(visit, stored) and same_lines(visit, stored, whole=whole) and _same_coupons(visit, stored)


def is_asked_again(counter: Counter, stored: StoredSale) -> bool:
    """Was it recorded by this very command? Its key says so, whatever the power has left of the visit."""
    return counter.asked is not None and any(one.asked == counter.asked for one in stored.operations)


def without_recorded(visit: Visit, name: ReceiptName, stored: StoredSale) -> Visit:
    """What stands in front, but for a receipt that was recorded since: the power took that back."""
    receipt = visit.receipt
    is_it = receipt is not None and (receipt.pos, receipt.number) == (name.pos, name.number)
    return Visit() if is_it and visit.touched_at <= stored.operations[-1].at else visit


def is_paid(counter: Counter, visit: Visit) -> bool:
    """It was recorded as it was told: the power, or the end of the process, took back that it is over. Where that
    cannot be read it is asked again when somebody pays."""
    if visit.receipt is None or visit.quote is None:
        return False
    try:
        newest = counter.cache.newest_sale_numbered(visit.receipt.number, visit.receipt.pos)
        stored = counter.cache.sale(newest) if newest is not None else None
    except FileError:
        return False
    return stored is not None and visit.quote == quote_of(stored)


def same_member(visit: Visit, stored: StoredSale) -> bool:
    """Whoever is not told yet is no other."""
    who = visit.who
    if who is None:
        return True
    cards: set[str | None] = set()
    members: set[str | None] = set()
    for operation in stored.operations:
        body = operation.body
        members.add(getattr(body, "member", None))
        if isinstance(body, Sale | CardIssued):
            cards.add(body.card)
        elif isinstance(body, CardReissued):
            cards |= {body.old_card, body.new_card}
    by_card = who.member is None or members == {None}  # a stranger's then, whoever he is known to be now
    return who.card in cards if by_card else who.member in members


def same_lines(visit: Visit, stored: StoredSale, *, whole: bool) -> bool:
    """The POS's own lines: id, price, quantity, its own discount. Not `whole`: or the first of them."""
    sale = sale_of_record(stored)
    told = [(line.id, line.price_kopecks, line.quantity_m, line.discount_kopecks) for line in told_lines(visit)]
    kept = [_line(line) for line in sale.lines] if sale else []
    return told == kept if whole else told == kept[: len(told)]


def _line(line: SoldLine) -> tuple[str, int, int, int]:
    return (line.id, line.price_kopecks, line.quantity_m, line.pos_discount_kopecks)


def _same_coupons(visit: Visit, stored: StoredSale) -> bool:
    sale = sale_of_record(stored)
    used = {use.serial for use in sale.coupons} if sale else set()
    spent = spent_offers(sale) if sale else ()
    return {shown.serial for shown in visit.coupons} <= used and set(exchanged(visit)) <= set(spent)


def free_number(counter: Counter, name: ReceiptName) -> SaleNumber:
    """Under which number the sale is recorded; one that was taken gets the moment besides."""
    plain = SaleNumber(day=name.day or counter.today.isoformat(), number=name.number, pos=name.pos, shift=name.shift)
    if counter.cache.sale(plain) is None and _long_ago(counter, name) is None:
        return plain
    return msgspec.structs.replace(plain, again=utc_text(counter.now))
