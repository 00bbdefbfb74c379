"""An order goes on by itself: each state that waits for somebody outside has a step here, that asks him once.

What came of it is written only where the order is still in the state in which it was asked for: somebody may have
ordered something else meanwhile. All that changes something outside is asked under a key of its own that stays the
same, until it is refused for good and begun anew by hand.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from hub.certificate_orders.letter import letter
from hub.certificate_orders.order import (
    ENDING_FOR,
    KEPT,
    CertificateOrder,
    Event,
    changed,
    forgotten,
    order_of,
    rows_of,
    state_of,
    stepped,
)
from hub.certificate_orders.selling import last_of, sell
from hub.errands.due import TAKEN_FOR, again_at
from hub.hub import Hub
from hub.outside.fiscal import DOCUMENTS, AskDocument, DocumentTold, Item
from hub.outside.payment import (
    PAYMENTS,
    REFUNDS,
    STATE,
    AskPayment,
    AskPaymentState,
    AskRefund,
    PaymentStateTold,
    PaymentTold,
    RefundTold,
    check_pay_url,
)
from hub.outside.services import NoAnswer, SaysNo, Service, Services
from hub.sender.sender import NotSent
from hub.store.errand_records import ErrandRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.bodies import Fiscal
from loyalty.certificates import ADVANCE_METHOD, ADVANCE_SUBJECT
from loyalty.utc import utc_text
from sync.account.certificates import OrderState

BY_HUB: Final = "hub"
OWN: Final = "own"
TRIED_FOR: Final = timedelta(days=1)  # a letter; then whoever bought it is told
TITLE: Final = "Подарочный сертификат"  # on fiscal documents, and where one pays
SALE, REFUND, MONEY = "sale", "refund", "money"  # what is begun anew by hand: CertificateOrder.asks


def step(hub: Hub, services: Services, row: ErrandRow) -> None:
    """Raises NoAnswer."""
    STEPS[state_of(row)](hub, services, row)


# paid


def _ask_for_payment(hub: Hub, services: Services, row: ErrandRow) -> None:
    order = order_of(row)
    ask = AskPayment(
        amount=order.kopecks,
        description=TITLE,
        return_url=f"{order.return_url}{row.id}/back" if order.return_url else "",
        until=order.pay_until,
    )
    try:
        told = _there(services.payment, "payment").ask(PAYMENTS, ask, PaymentTold, f"{row.id}/payment")
        url = check_pay_url(told.pay_url)
    except SaysNo as no:
        _goes_on(hub, row, "refused", why=_no(no))
        return
    _goes_on(hub, row, "told", again=True, payment=told.id, pay_url=url)


def _look_whether_paid(hub: Hub, services: Services, row: ErrandRow) -> None:
    order, now = order_of(row), hub.now()
    told = _payment(services, row, order)
    if told.state == "paid" and told.amount == order.kopecks:
        _goes_on(hub, row, "paid", again=True, paid_kopecks=told.amount, had_receipt=True, pay_url="")
    elif told.state == "paid":
        _goes_on(hub, row, "odd", paid_kopecks=told.amount, pay_url="")
    elif told.state in ("refused", "expired"):
        _goes_on(hub, row, "refused")
    elif now >= datetime.fromisoformat(order.pay_until):
        _goes_on(hub, row, "ended", again=True, pay_url="")
    else:
        _looks_later(hub, row)


def _look_whether_paid_late(hub: Hub, services: Services, row: ErrandRow) -> None:
    """Whoever ordered it was told that it is over: what comes now goes back."""
    now = hub.now()
    told = _payment(services, row, order_of(row))
    if told.state == "paid":
        _goes_on(hub, row, "back", again=True, paid_kopecks=told.amount)
    elif told.state in ("refused", "expired"):
        _goes_on(hub, row, "refused")
    elif now - row.at > ENDING_FOR:
        _goes_on(hub, row, "ended")
    else:
        _looks_later(hub, row)


def _payment(services: Services, row: ErrandRow, order: CertificateOrder) -> PaymentStateTold:
    """Each look is a question of its own: it is not to be answered as the one before. Raises NoAnswer."""
    key = f"{row.id}/state/{secrets.token_hex(8)}"
    try:
        ask = AskPaymentState(id=order.payment)
        return _there(services.payment, "payment").ask(STATE, ask, PaymentStateTold, key)
    except SaysNo as no:
        raise NoAnswer(f"payment: {_no(no)}") from no


# its fiscal document, and sold


def _receipt_and_sell(hub: Hub, services: Services, row: ErrandRow) -> None:
    order = order_of(row)
    if order.receipt is None:
        document = _document(hub, services, row, SALE)
        if document is None or not _note(hub, row, receipt=document):
            return
    if order.design == OWN:
        _goes_on(hub, row, "looked_at")
    else:
        sell(hub, row.id, BY_HUB)


def _document(hub: Hub, services: Services, row: ErrandRow, kind: str) -> Fiscal | None:
    """None: it was refused, and people look at it. Raises NoAnswer."""
    order = order_of(row)
    item = Item(name=TITLE, amount=order.kopecks, subject=ADVANCE_SUBJECT, method=ADVANCE_METHOD)
    ask = AskDocument(
        kind="sale" if kind == SALE else "refund",
        payment=order.payment,
        items=(item,),
        amount=order.kopecks,
        mail=order.mail,
    )
    try:
        told = _there(services.fiscal, "fiscal").ask(DOCUMENTS, ask, DocumentTold, _key(row, order, kind))
    except SaysNo as no:
        _stops(hub, row, no)
        return None
    return Fiscal(device=told.fn, document=told.fd, sign=told.fpd, at=told.at, kopecks=order.kopecks, kind=ask.kind)


# it goes out


def _send(hub: Hub, services: Services, row: ErrandRow) -> None:
    """While it is sent it is nobody's to take back. A letter that may have gone out goes out again: it is the same
    certificate, and the same letter to whoever looks at its Message-ID."""
    if state_of(row) == "waiting":
        begun = _goes_on(hub, row, "begun", due=hub.now() + TAKEN_FOR)
        if begun is None:
            return
        row = begun
    with hub.store.reading() as reader:
        certificate = last_of(reader, row.about)
        pictures = reader.pictures([id for id, _ in reader.pictures_of([row.id])])
    if certificate.state != "open" or not certificate.left:
        _goes_on(hub, row, "bounced", why="certificate")
        return
    if services.letters is None:
        raise NoAnswer("nobody sends letters: pos-hub serve --mail URL")
    message = letter(hub, row, certificate, tuple(pictures.values()))
    try:
        services.letters.send(f"certificate-{row.id}-{order_of(row).resent}", message, hub.now())
    except NotSent as error:
        if (error.again or error.unknown) and hub.now() - row.at < TRIED_FOR:
            raise NoAnswer(f"letter: {error}") from error
        _goes_on(hub, row, "bounced", why="mail")
        return
    at = hub.now()
    _goes_on(hub, row, "sent", due=at + KEPT, delivered_at=utc_text(at))


def _forget(hub: Hub, services: Services, row: ErrandRow) -> None:
    def work(writer: Writer, now: ErrandRow) -> ErrandRow:
        gone = [id for id, _ in writer.pictures_of([row.id])]
        writer.write(Rows(gone_pictures=gone))
        return forgotten(now)._replace(due_at=None)

    _written(hub, row, work)


# its money goes back


def _give_back(hub: Hub, services: Services, row: ErrandRow) -> None:
    order = order_of(row)
    ask = AskRefund(payment=order.payment, amount=order.paid_kopecks)
    try:
        _there(services.payment, "payment").ask(REFUNDS, ask, RefundTold, _key(row, order, MONEY))
    except SaysNo as no:
        _stops(hub, row, no)
        return
    _goes_on(hub, row, "returned", again=True)


def _receipt_of_refund(hub: Hub, services: Services, row: ErrandRow) -> None:
    """Where a sale was to have its document it has it first, though that may be made only now."""
    order = order_of(row)
    if order.had_receipt and order.receipt is None:
        document = _document(hub, services, row, SALE)
        if document is None or not _note(hub, row, receipt=document):
            return
    if order.had_receipt and order.refund_receipt is None:
        document = _document(hub, services, row, REFUND)
        if document is None or not _note(hub, row, refund_receipt=document):
            return
    _goes_on(hub, row, "receipted")


STEPS: Final[Mapping[OrderState, Callable[[Hub, Services, ErrandRow], None]]] = {
    "new": _ask_for_payment,
    "paying": _look_whether_paid,
    "ending": _look_whether_paid_late,
    "paid": _receipt_and_sell,
    "waiting": _send,
    "sending": _send,
    "delivered": _forget,
    "refunding": _give_back,
    "unreceipted": _receipt_of_refund,
}


# the pieces


def _there(service: Service | None, name: str) -> Service:
    if service is None:
        raise NoAnswer(f"there is no {name} service: pos-hub serve --services FILE")
    return service


def _key(row: ErrandRow, order: CertificateOrder, what: str) -> str:
    return f"{row.id}/{what}/{order.asks.get(what, 0)}"


def _no(no: SaysNo) -> str:
    return f"{no.code}: {no}"[:200]


def _written(hub: Hub, row: ErrandRow, work: Callable[[Writer, ErrandRow], ErrandRow]) -> ErrandRow | None:
    """None: it is in another state by now."""

    def kept(writer: Writer) -> ErrandRow | None:
        now = writer.locked_errands([row.id]).get(row.id)
        if now is None or now.state != row.state:
            return None
        after = work(writer, now)
        writer.write(rows_of(writer, after))
        return after

    return hub.within(kept)


def _goes_on(
    hub: Hub, row: ErrandRow, event: Event, *, again: bool = False, due: datetime | None = None, **fields: object
) -> ErrandRow | None:
    """`again`: the next step is due at once. `fields`: of its body."""
    due = hub.now() if again else due
    return _written(hub, row, lambda _, now: _after(now, event, hub.now(), due, fields))


def _after(
    row: ErrandRow, event: Event, now: datetime, due: datetime | None, fields: Mapping[str, object]
) -> ErrandRow:
    return changed(stepped(row, event, now, BY_HUB, due=due), **fields)


def _note(hub: Hub, row: ErrandRow, **fields: object) -> bool:
    """False: it is in another state by now; what was made outside is asked for again, and answered the same."""
    return _written(hub, row, lambda _, now: changed(now, **fields)) is not None


def _looks_later(hub: Hub, row: ErrandRow) -> None:
    _written(hub, row, lambda _, now: now._replace(due_at=again_at(now, hub.now())))


def _stops(hub: Hub, row: ErrandRow, no: SaysNo) -> None:
    """Until people say how it goes on: under this key it will never be done."""
    _written(hub, row, lambda _, now: changed(now, why=_no(no))._replace(due_at=None))
