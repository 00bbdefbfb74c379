"""Certificates that members have bought in their account, by state, those that are in it longest first: which of them
wait for somebody, and what people may say of them."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from hub.certificate_orders.order import TRANSITIONS
from hub.desk.act import ActRefused
from hub.desk.certificate_order_acts import BoughtCertificate, CertificateOrdersTold
from hub.office.pages.cases import zone_of
from hub.office.visit import Page, View, Visit, Words
from loyalty.staff import Right

WORDS: Final[Words] = {
    "certificate_orders": ("Заказы сертификатов", "Certificate orders"),
    "certificate_orders_new": ("новые", "new"),
    "certificate_orders_paying": ("ждут оплаты", "waiting for their payment"),
    "certificate_orders_ending": ("закрыты без оплаты", "closed unpaid"),
    "certificate_orders_unpaid": ("не оплачены", "not paid"),
    "certificate_orders_odd": ("другая сумма", "another sum"),
    "certificate_orders_paid": ("оплачены, нет чека", "paid, without a receipt"),
    "certificate_orders_picture": ("ждут просмотра картинки", "waiting for a look at the picture"),
    "certificate_orders_redraw": ("картинка не подошла", "the picture does not go"),
    "certificate_orders_waiting": ("ждут своего времени", "waiting for their time"),
    "certificate_orders_sending": ("отправляются", "being sent"),
    "certificate_orders_undelivered": ("не доставлены", "not delivered"),
    "certificate_orders_delivered": ("доставлены", "delivered"),
    "certificate_orders_refunding": ("деньги возвращаются", "money going back"),
    "certificate_orders_unreceipted": ("возвращены, нет чека", "paid back, without a receipt"),
    "certificate_orders_refunded": ("возвращены", "paid back"),
    "certificate_orders_none": ("Таких заказов нет.", "There are none."),
    "certificate_orders_more": ("Показаны первые; остальные — после них.", "These are the first; there are more."),
    "certificate_orders_order": ("Заказ", "Order"),
    "certificate_orders_sum": ("Сумма", "Sum"),
    "certificate_orders_came": ("пришло {sum}", "{sum} came"),
    "certificate_orders_since": ("С какого времени", "Since"),
    "certificate_orders_next": ("спросим снова {at}", "asked again {at}"),
    "certificate_orders_documents": ("Документы", "Documents"),
    "certificate_orders_payment": ("Оплата {id}", "Payment {id}"),
    "certificate_orders_step": ("Что сделать", "What to do"),
    "certificate_orders_happened": ("Что было", "What happened"),
    "certificate_orders_reason": ("Почему", "Why"),
    "certificate_orders_do_again": ("Спросить сейчас", "Ask now"),
    "certificate_orders_do_receipt": ("Внести чек вручную", "Enter the receipt by hand"),
    "certificate_orders_do_paid_back": ("Деньги уже вернули", "The money is back already"),
    "certificate_orders_do_back": ("Вернуть деньги", "Give the money back"),
    "certificate_orders_fn": ("ФН", "Storage (ФН)"),
    "certificate_orders_fd": ("ФД", "Document (ФД)"),
    "certificate_orders_fpd": ("ФПД", "Sign (ФПД)"),
    "certificate_orders_done": ("Заказ {id}: {state}.", "Order {id}: {state}."),
    "no_no_certificate_order": ("Такого заказа нет.", "There is no such order."),
    "no_certificate_order_step": (
        "Заказ уже в другом состоянии: откройте страницу заново.",
        "The order is in another state by now: open the page anew.",
    ),
    "no_certificate_used": (
        "Сертификатом платили, или он заблокирован: деньги за него здесь не вернуть.",
        "The certificate was used, or is blocked: its money does not go back here.",
    ),
    "no_certificate_document": ("Внесите три номера чека.", "Enter the receipt's three numbers."),
}
WAITS: Final = ("paid", "refunding", "unreceipted", "new", "paying", "ending", "waiting", "sending")
FIELDS: Final = ("id", "do", "reason", "fn", "fd", "fpd")
BACK: Final = ("odd", "paid", "picture", "redraw", "waiting", "undelivered", "delivered")
SETTLE: Final[Right] = "settle_certificates"


def _list(visit: Visit, refused: str = "") -> Response:
    state = visit.typed.one("state")
    state = state if state in TRANSITIONS else "paid"
    told: CertificateOrdersTold = visit.do("certificate_orders", {"state": state})
    return visit.show(
        "certificate_orders.html",
        title="certificate_orders",
        status=409 if refused else 200,
        state=state,
        states=tuple(TRANSITIONS),
        told_orders=told,
        ways=ways_of if visit.clerk.may(SETTLE) else lambda order: (),
        zone=zone_of(visit, ""),
        refused=refused,
    )


def ways_of(order: BoughtCertificate) -> tuple[str, ...]:
    """What people may say of it."""
    is_unpaid = order.state == "unpaid" and order.payment
    ways = ["again"] if is_unpaid or (order.state in WAITS and (order.due_at or order.why)) else []
    ways += ["receipt"] if order.state in ("paid", "unreceipted") and order.due_at + order.why else []
    ways += ["paid_back"] if order.state == "refunding" else []
    return (*ways, *(["back"] if order.state in BACK else []))


def _settle(visit: Visit) -> Response:
    body = {name: visit.typed.one(name) for name in FIELDS if visit.typed.one(name)}
    try:
        told: BoughtCertificate = visit.do("certificate_order_settle", body)
    except ActRefused as refused:
        if f"no_{refused.code}" not in WORDS:
            raise
        return _list(visit, visit.say(f"no_{refused.code}"))
    said = visit.say("certificate_orders_done", id=told.id, state=visit.say(f"certificate_orders_{told.state}"))
    return visit.go(f"/certificate-orders?state={told.state}", said)


CERTIFICATE_ORDERS: Final = Page(
    path="/certificate-orders",
    title="certificate_orders",
    right="see_certificates",
    words=WORDS,
    views=(
        View("GET", "/certificate-orders", _list),
        View("POST", "/certificate-orders/settle", _settle, SETTLE),
    ),
)
