"""Certificates that a member buys (P16), as the account asks for them. Of what he has bought he sees how much is left,
and nothing with which somebody could pay: that has whoever he has given it to."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final

from hub.account.act import AccountAct, AccountAsked, ordered, signed_in
from hub.certificate_orders import ordering
from hub.certificate_orders.designs import picture_of
from hub.certificate_orders.order import KIND, may, order_of, state_of
from hub.certificate_orders.selling import last_of
from hub.coupons.as_png import png
from hub.desk.act import ActRefused
from hub.errands.errand import errands_of
from hub.hub import Hub
from hub.outside.known import has_services
from hub.store.errand_records import ErrandRow
from hub.store.seam import Reader
from loyalty.bodies import Fiscal
from loyalty.utc import utc_text
from sync.account.certificates import (
    SHIPPED,
    AskCertificateOrder,
    AskCertificates,
    AskDesign,
    CancelCertificateOrder,
    CertificateOrderDone,
    CertificateOrderTold,
    CertificatesTold,
    ChooseDesign,
    Design,
    DesignTold,
    LookCertificateOrder,
    OrderCertificate,
    ResendCertificate,
)

PIXELS_A_MM: Final = 4
ENDING: Final = 4  # digits of its number that are said
NOT_BY_HIM: Final = ("delivered", "odd")  # what goes back there is the office's to say


def certificates(hub: Hub, asked: AccountAsked, body: AskCertificates) -> CertificatesTold:
    rules = hub.programmes[asked.programme].certificates
    with hub.store.reading() as reader:
        person = signed_in(reader, asked)
        told = tuple(_told(reader, row) for row in errands_of(reader, KIND, person.member))
        sells = has_services(reader, "payment", "fiscal", "letters")
    return CertificatesTold(
        sells=sells,
        face_min_kopecks=rules.face_min_kopecks,
        face_max_kopecks=rules.face_max_kopecks,
        mail=person.profile.email or "",
        orders=tuple(sorted(told, key=lambda one: one.made_at, reverse=True)),
    )


def one(hub: Hub, asked: AccountAsked, body: AskCertificateOrder) -> CertificateOrderTold:
    with hub.store.reading() as reader:
        return _told(reader, _his(reader, asked, body.id))


def order(hub: Hub, asked: AccountAsked, body: OrderCertificate) -> CertificateOrderDone:
    with hub.store.reading() as reader:
        member = signed_in(reader, asked).member
        if not has_services(reader, "payment", "fiscal", "letters"):
            raise ActRefused("certificate_no_payment", "nobody takes payments for this hub")
    row = ordered(lambda: ordering.order_certificate(hub, member, body, asked.key))
    return CertificateOrderDone(id=row.id)


def look(hub: Hub, asked: AccountAsked, body: LookCertificateOrder) -> CertificateOrderDone:
    member = _member(hub, asked)
    ordered(lambda: ordering.look(hub, member, body.id))
    return CertificateOrderDone(id=body.id)


def cancel(hub: Hub, asked: AccountAsked, body: CancelCertificateOrder) -> CertificateOrderDone:
    member = _member(hub, asked)
    ordered(lambda: ordering.cancel(hub, member, body.id))
    return CertificateOrderDone(id=body.id)


def choose(hub: Hub, asked: AccountAsked, body: ChooseDesign) -> CertificateOrderDone:
    member = _member(hub, asked)
    ordered(lambda: ordering.choose(hub, member, body.id, body.design, body.picture))
    return CertificateOrderDone(id=body.id)


def resend(hub: Hub, asked: AccountAsked, body: ResendCertificate) -> CertificateOrderDone:
    member = _member(hub, asked)
    ordered(lambda: ordering.resend(hub, member, body.id, body.to_mail))
    return CertificateOrderDone(id=body.id)


def design(hub: Hub, asked: AccountAsked, body: AskDesign) -> DesignTold:
    name, jpeg = body.design, b""
    if body.id:
        with hub.store.reading() as reader:
            row = _his(reader, asked, body.id)
            name, jpeg = _design(row), picture(reader, row)
    return DesignTold(picture=png(picture_of(hub.programmes[asked.programme], name, jpeg), PIXELS_A_MM))


def picture(reader: Reader, row: ErrandRow) -> bytes:
    """The buyer's own, a JPEG; empty: it has none."""
    ids = [id for id, _ in reader.pictures_of([row.id])]
    return base64.b64decode(reader.pictures(ids)[ids[-1]].body) if ids else b""


def _member(hub: Hub, asked: AccountAsked) -> str:
    with hub.store.reading() as reader:
        return signed_in(reader, asked).member


def _his(reader: Reader, asked: AccountAsked, id: str) -> ErrandRow:
    member = signed_in(reader, asked).member
    found = next((row for row in errands_of(reader, KIND, member) if row.id == id), None)
    if found is None:
        raise ActRefused("no_certificate_order", f"he has no order {id}")
    return found


def _design(row: ErrandRow) -> Design:
    return next((name for name in (*SHIPPED, ordering.OWN) if name == order_of(row).design), SHIPPED[0])


def _told(reader: Reader, row: ErrandRow) -> CertificateOrderTold:
    order, state = order_of(row), state_of(row)
    last = last_of(reader, row.about) if row.about and order.delivered_at else None
    return CertificateOrderTold(
        id=row.id,
        state=state,
        at=utc_text(row.at),
        made_at=order.made_at,
        kopecks=order.kopecks,
        design=_design(row),
        deliver_at=order.deliver_at,
        to_name=order.to_name,
        to_mail=order.to_mail,
        words=order.words,
        mail=order.mail,
        pay_url=order.pay_url if state == "paying" else "",
        pay_until=order.pay_until,
        paid_kopecks=order.paid_kopecks,
        receipt=_document(order.receipt),
        refund_receipt=_document(order.refund_receipt),
        left_kopecks=last.left if last is not None else None,
        ending=last.number[-ENDING:] if last is not None else "",
        declined=order.declined,
        may_cancel=state not in NOT_BY_HIM and (may(row, "back") or may(row, "cancelled")) and state != "ending",
        may_resend=may(row, "again") and bool(order.to_mail) and order.resent < ordering.RESENT_MAX,
    )


def _document(fiscal: Fiscal | None) -> str:
    """As one finds it: the storage's number, the document's, its sign."""
    return f"ФН {fiscal.device} ФД {fiscal.document} ФПД {fiscal.sign}" if fiscal is not None else ""


CERTIFICATE_ACTS: Final[Mapping[str, AccountAct]] = {
    "certificates": AccountAct(takes=AskCertificates, do=certificates),
    "certificate_order_one": AccountAct(takes=AskCertificateOrder, do=one),
    "certificate_order": AccountAct(takes=OrderCertificate, do=order),
    "certificate_order_look": AccountAct(takes=LookCertificateOrder, do=look),
    "certificate_order_cancel": AccountAct(takes=CancelCertificateOrder, do=cancel),
    "certificate_order_design": AccountAct(takes=ChooseDesign, do=choose),
    "certificate_order_resend": AccountAct(takes=ResendCertificate, do=resend),
    "certificate_design": AccountAct(takes=AskDesign, do=design),
}
