"""What the returns of one sale at several tills left of it, besides points: rights that none of them freed, for none
knew of all; rubles of a refused one, which go back onto certificates; and cases that are settled by that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from hub.books.certificate_tenders import KIND, tendered
from hub.cases.kinds import AGAIN
from hub.people.receipts import UNCOUNTED, FoundReceipt
from hub.store.records import CaseKey, CaseRow, Place
from hub.store.seam import Reader, Writer
from loyalty.bodies import OperationRef, Return, ReturnCompleted, Tender
from loyalty.operation import HUB_CHAIN
from loyalty.returns import counted_refunds, is_undone, own_rights

BY: Final = HUB_CHAIN  # who settles such a case


class Rubles(NamedTuple):
    """`tenders`: what still goes back onto the sale's certificates. `lacks`: of what customers were told, the kopecks
    for which there is no room: the sale did not take so much."""

    tenders: tuple[Tender, ...] = ()
    lacks: int = 0


def completed(
    writer: Writer, found: FoundReceipt, rubles: Rubles, day: str, owner: str | None, redeemed: int
) -> ReturnCompleted | None:
    """None: nothing is left to be put right. `day`: of the sale; `redeemed`: points that it no longer counts."""
    coupons, redeemed = _used_still(writer, found), redeemed if owner is not None else 0
    if not (coupons or rubles.tenders or redeemed):
        return None
    sold, sale = found.sold, found.sale
    return ReturnCompleted(
        of=OperationRef(chain=sold.chain, generation=sold.generation, sequence=sold.sequence),
        of_sale=sale.sale,
        day=day,
        sold_offline=sale.link == "offline",
        member=owner,
        coupons=coupons,
        tenders=rubles.tenders,
        redeemed=redeemed,
    )


def _used_still(writer: Writer, found: FoundReceipt) -> tuple[str, ...]:
    """Rights of a sale that came back whole, as far as the books hold that it uses them."""
    rights = own_rights(found.sale) if is_undone(found.sale, found.bodies) else ()
    if not rights:
        return ()
    rows = writer.coupon_uses(rights) + writer.coupon_conflicts(rights)
    mine = {row.serial for row in rows if row.place == found.kept.place}
    return tuple(serial for serial in dict.fromkeys(rights) if serial in mine)


def rubles_due(found: FoundReceipt) -> Rubles:
    """Of refused returns: what their customers were told comes onto certificates, as far as the sale took it and nobody
    has got it back. What was told for goods that were back already is nobody's."""
    used = tendered(found.sale.tenders)
    if not used or found.kept.reason is not None:
        return Rubles()
    back = [*(one.tenders for one in found.booked), *(one.tenders for one in found.completed)]
    room = used.total() - sum(tendered(tenders).total() for tenders in back)
    refused = [body for kept, one in found.returns if kept.reason is not None and isinstance(body := one.body, Return)]
    due, lacks = Counter[str](), 0
    for body, kopecks in counted_refunds(found.sale, found.bodies):
        for number, told in tendered(body.tenders).items() if any(body is one for one in refused) else ():
            part = -(-told * kopecks // body.refund_kopecks) if body.refund_kopecks else 0
            if number in used:
                due[number] += part
            else:
                lacks += part
    for one in found.completed:
        due.subtract(tendered(one.tenders))
    tenders = []
    for number, kopecks in due.items():
        fits = max(0, min(kopecks, room))
        lacks += max(0, kopecks) - fits
        room -= fits
        tenders += [Tender(kind=KIND, kopecks=fits, id=number)] if fits else []
    return Rubles(tuple(tenders), lacks)


def settled(reader: Reader, found: FoundReceipt, rubles: Rubles, by: Place | None, at: datetime) -> Iterator[CaseRow]:
    """Cases of refused returns of which nothing is left to be done: what was due of them is booked by the hub, or was
    by other returns (`by` None). Not where a customer was told of rubles that nobody has, nor where money was given
    that the sale never took."""
    booked = [by] if by is not None else [kept.place for kept, _ in found.returns if kept.reason is None]
    if rubles.lacks or not booked:
        return
    for kept, one in found.returns:
        assert isinstance(one.body, Return), "found so"
        case = _refused(reader, kept.place) if kept.reason in UNCOUNTED else None
        if case is None or case.state != "open" or one.body.refund_kopecks > found.sale.total_kopecks:
            continue
        others = tuple(dict.fromkeys((*case.others, *booked)))
        yield case._replace(state="settled", settled_at=at, settled_by=BY, remedy=AGAIN, others=others)


def _refused(reader: Reader, place: Place) -> CaseRow | None:
    key = CaseKey(*place, "refused")
    return reader.cases([key]).get(key)
