"""An order as its shop is told of it: with what came back, also at a till."""

from __future__ import annotations

from hub.errands.errand import errands_of
from hub.hub import Hub
from hub.people.receipts import FoundReceipt, receipts_at
from hub.shop.call import ShopAsked, ShopRefused
from hub.shop.orders.order import ORDER, Found, found, read_order
from hub.shop.promise import line_told
from hub.store.records import KeptOperation
from hub.store.seam import Reader
from loyalty.bodies import Return
from loyalty.operation import ONLINE_CHAIN, Operation
from loyalty.returns import all_left, came_back
from sync.shop.orders import PAGE, AskOrder, AskOrders, LineGone, OrderState, OrdersTold, OrderTold, ReturnTold
from sync.shop.quotes import LineTold


def ask_order(hub: Hub, asked: ShopAsked, body: AskOrder) -> OrderTold:
    with hub.store.reading() as reader:
        return told(reader, found(reader, asked))


def ask_orders(hub: Hub, asked: ShopAsked, body: AskOrders) -> OrdersTold:
    with hub.store.reading() as reader:
        rows = [read_order(row) for row in errands_of(reader, ORDER, asked.member)]
        here = sorted((one for one in rows if one.order.promise.shop == asked.shop.name), key=_placed, reverse=True)
        numbers = [one.order.number for one in here]
        if body.after and body.after not in numbers:
            raise ShopRefused("unknown_order", f"he has no order {body.after} here")
        first = numbers.index(body.after) + 1 if body.after else 0
        page = here[first : first + PAGE]
        return OrdersTold(orders=tuple(told(reader, one) for one in page), more=first + PAGE < len(here))


def _placed(one: Found) -> tuple[str, str]:
    return one.order.placed_at, one.order.number


def told(reader: Reader, one: Found, done: str = "") -> OrderTold:
    """`done`: the return that this very request has made."""
    order, quote = one.order, one.order.promise.told
    receipt = receipt_of(reader, one)
    returns = _returns(receipt) if receipt is not None else []
    return OrderTold(
        number=order.number,
        state=state_of(one, receipt),
        delivery=order.delivery,
        placed_at=order.placed_at,
        pay_until=order.pay_until,
        paid_at=order.paid_at,
        slot=order.slot,
        member=bool(one.row.member),
        lines=quote.lines if receipt is None else _lines(one, receipt),
        before_kopecks=quote.before_kopecks,
        off_kopecks=quote.off_kopecks,
        spends=quote.spends,
        points_kopecks=quote.points_kopecks,
        certificate_kopecks=quote.certificate_kopecks,
        to_pay_kopecks=quote.to_pay_kopecks,
        earns=quote.earns,
        stickers=quote.stickers,
        offers=quote.offers,
        receipt=order.place.id if order.place is not None else "",
        returns=tuple(returns),
        done=next((back for back in returns if done and back.receipt == done), None),
    )


def receipt_of(reader: Reader, one: Found) -> FoundReceipt | None:
    """Its sale, with all that was said of it since."""
    place = one.order.place
    return next(iter(receipts_at(reader, [place])), None) if place is not None else None


def state_of(one: Found, receipt: FoundReceipt | None) -> OrderState:
    """It is returned once nothing of it is left, wherever that came back."""
    states: tuple[OrderState, ...] = ("placed", "paid", "cancelled", "lapsed")
    state = next(known for known in states if known == one.row.state)
    return "returned" if state == "paid" and receipt is not None and nothing_left(receipt) else state


def nothing_left(receipt: FoundReceipt) -> bool:
    return not all_left(receipt.sale, came_back(receipt.sale, receipt.bodies))


def _lines(one: Found, receipt: FoundReceipt) -> tuple[LineTold, ...]:
    excluded = {line.id: line.excluded for line in one.order.promise.told.lines}
    back = came_back(receipt.sale, receipt.bodies)
    return tuple(line_told(line, excluded.get(line.id, ""), back.quantity_m(line)) for line in receipt.sale.lines)


def _returns(receipt: FoundReceipt) -> list[ReturnTold]:
    return [_return(kept, one) for kept, one in receipt.returns]


def _return(kept: KeptOperation, one: Operation) -> ReturnTold:
    back = one.body
    assert isinstance(back, Return), "found so"
    onto = sum(tender.kopecks for tender in back.tenders)
    return ReturnTold(
        receipt=kept.place.id,
        at=one.at,
        lines=tuple(
            LineGone(id=line.id, quantity_m=line.quantity_m, refund_kopecks=line.refund_kopecks) for line in back.lines
        ),
        refund_kopecks=back.refund_kopecks - onto,
        certificate_kopecks=onto,
        restored=back.restored.points,
        taken_back=back.clawed_back.points,
        reason=back.reason,
        here=one.chain == ONLINE_CHAIN,
    )
