"""Acts for certificates that members have bought in their account: which there are by state, longest first; a buyer's
own picture, looked at before it goes; and those that do not go on by themselves. They are of no shop: whoever sees the
things of some shops alone sees none of them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Annotated, Final, Literal

import msgspec

from hub.certificate_orders import settling
from hub.certificate_orders.order import KIND, order_of, state_of
from hub.desk.act import Act, ActRefused, Asked
from hub.hub import Hub
from hub.people.orders import NotDone
from hub.store.errand_records import ErrandRow
from loyalty.bodies import Fiscal
from loyalty.emails import shown_email
from loyalty.utc import utc_text
from sync.account.certificates import OrderState

ORDERS_MAX: Final = 100
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Said = Annotated[str, msgspec.Meta(max_length=200)]


class AskCertificateOrders(msgspec.Struct, frozen=True, kw_only=True):
    state: OrderState = "paid"


class BoughtCertificate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`at`: since when it is in its state; `due_at`: when it is looked at again, "" where somebody has to say how it
    goes on; `why`: what whoever was asked has answered; `happened`: what, when, by whom, why."""

    id: str
    programme: str
    member: str
    state: OrderState
    at: str
    made_at: str
    kopecks: int
    paid_kopecks: int = 0
    certificate: str = ""
    to: str = ""
    deliver_at: str = ""
    payment: str = ""
    receipt: str = ""
    refund_receipt: str = ""
    due_at: str = ""
    why: str = ""
    words: str = ""
    has_picture: bool = False
    happened: tuple[tuple[str, str, str, str], ...] = ()


class CertificateOrdersTold(msgspec.Struct, frozen=True, kw_only=True):
    """Those that are in their state longest first. `more`: there are others behind them."""

    orders: tuple[BoughtCertificate, ...]
    more: bool


class AskDesignPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Refused: no_certificate_order."""

    id: Id


class DesignPicture(msgspec.Struct, frozen=True, kw_only=True):
    jpeg: bytes


class DecideDesign(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`reason`: which the buyer reads, of one that does not go. Refused: no_certificate_order,
    certificate_order_step, not_done."""

    id: Id
    goes: bool
    reason: Said = ""


class SettleCertificateOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`do`: ask again · a document that was made elsewhere (`fn`, `fd`, `fpd`) · the money went back by another way ·
    its money is to go back (both with `reason`). Refused: no_certificate_order, certificate_order_step,
    certificate_used, certificate_document, not_done."""

    id: Id
    do: Literal["again", "receipt", "paid_back", "back"]
    reason: Said = ""
    fn: Said = ""
    fd: Said = ""
    fpd: Said = ""


def _list(hub: Hub, asked: Asked, body: AskCertificateOrders) -> CertificateOrdersTold:
    if not _sees(asked):
        return CertificateOrdersTold(orders=(), more=False)
    with hub.store.reading() as reader:
        rows = reader.errands_in(KIND, body.state, ORDERS_MAX + 1)
        own = {of for _, of in reader.pictures_of([row.id for row in rows])} if rows else set()
    orders = tuple(bought(row, row.id in own) for row in rows[:ORDERS_MAX])
    return CertificateOrdersTold(orders=orders, more=len(rows) > ORDERS_MAX)


def bought(row: ErrandRow, has_picture: bool = False) -> BoughtCertificate:
    order = order_of(row)
    return BoughtCertificate(
        id=row.id,
        programme=order.programme,
        member=row.member,
        state=state_of(row),
        at=utc_text(row.at),
        made_at=order.made_at,
        kopecks=order.kopecks,
        paid_kopecks=order.paid_kopecks,
        certificate=row.about,
        to=shown_email(order.to_mail) if order.to_mail else "",
        deliver_at=order.deliver_at,
        payment=order.payment,
        receipt=_document(order.receipt),
        refund_receipt=_document(order.refund_receipt),
        due_at=utc_text(row.due_at) if row.due_at is not None else "",
        why=order.why,
        words=order.words,
        has_picture=has_picture,
        happened=tuple((one.event, one.at, one.by, one.note) for one in order.happened),
    )


def _document(fiscal: Fiscal | None) -> str:
    return f"ФН {fiscal.device} ФД {fiscal.document} ФПД {fiscal.sign}" if fiscal is not None else ""


def _sees(asked: Asked) -> bool:
    return not asked.till and asked.stores is None


def _picture(hub: Hub, asked: Asked, body: AskDesignPicture) -> DesignPicture:
    with hub.store.reading() as reader:
        row = reader.errands([body.id]).get(body.id)
        is_one = row is not None and row.kind == KIND and _sees(asked)
        ids = [id for id, _ in reader.pictures_of([body.id])] if is_one else []
        found = reader.pictures(ids[-1:]) if ids else {}
    if not found:
        raise ActRefused("no_certificate_order", f"no order {body.id} has a picture")
    return DesignPicture(jpeg=base64.b64decode(found[ids[-1]].body))


def _decide(hub: Hub, asked: Asked, body: DecideDesign) -> BoughtCertificate:
    if body.goes:
        return _done(hub, asked, body.id, lambda: settling.approve(hub, body.id, asked.by))
    return _done(hub, asked, body.id, lambda: settling.decline(hub, body.id, body.reason, asked.by))


def _settle(hub: Hub, asked: Asked, body: SettleCertificateOrder) -> BoughtCertificate:
    match body.do:
        case "again":
            return _done(hub, asked, body.id, lambda: settling.ask_again(hub, body.id, asked.by))
        case "receipt":
            document = (body.fn, body.fd, body.fpd)
            return _done(hub, asked, body.id, lambda: settling.receipt_by_hand(hub, body.id, document, asked.by))
        case "paid_back":
            return _done(hub, asked, body.id, lambda: settling.paid_back_by_hand(hub, body.id, body.reason, asked.by))
        case "back":
            return _done(hub, asked, body.id, lambda: settling.give_back(hub, body.id, body.reason, asked.by))


def _done(hub: Hub, asked: Asked, id: str, do: Callable[[], None]) -> BoughtCertificate:
    """How it is after that. Raises ActRefused."""
    if not _sees(asked):
        raise ActRefused("no_certificate_order", f"there is no certificate order {id}")
    try:
        do()
    except NotDone as why:
        raise ActRefused(why.code, str(why)) from why
    with hub.store.reading() as reader:
        return bought(reader.errands([id])[id])


CERTIFICATE_ORDER_ACTS: Final[Mapping[str, Act]] = {
    "certificate_orders": Act(takes=AskCertificateOrders, right="see_certificates", do=_list),
    "certificate_order_settle": Act(takes=SettleCertificateOrder, right="settle_certificates", do=_settle),
    "certificate_design_picture": Act(takes=AskDesignPicture, right="look_at_designs", do=_picture),
    "certificate_design_decide": Act(takes=DecideDesign, right="look_at_designs", do=_decide),
}
