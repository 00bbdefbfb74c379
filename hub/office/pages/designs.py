"""Pictures that buyers have sent for their certificates, looked at before they go."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from hub.desk.act import ActRefused
from hub.desk.certificate_order_acts import BoughtCertificate, CertificateOrdersTold, DesignPicture
from hub.office.pages.cases import zone_of
from hub.office.visit import Page, View, Visit, Words

WORDS: Final[Words] = {
    "designs": ("Картинки сертификатов", "Certificate pictures"),
    "designs_none": ("Смотреть нечего.", "There is nothing to look at."),
    "designs_picture": ("Картинка заказа {id}", "The picture of order {id}"),
    "designs_since": ("Ждёт с {at}", "Waits since {at}"),
    "designs_words": ("Поздравление", "Its words"),
    "designs_goes": ("Подходит", "It goes"),
    "designs_not": ("Не подходит", "It does not go"),
    "designs_reason": ("Почему — это прочтёт покупатель", "Why, which the buyer reads"),
    "designs_gone": ("Картинка заказа {id} идёт.", "The picture of order {id} goes."),
    "designs_refused": ("Покупатель заказа {id} выберет другую.", "The buyer of order {id} chooses another."),
    "designs_why": ("Напишите покупателю, почему.", "Write to the buyer why."),
}


def _list(visit: Visit, refused: str = "") -> Response:
    told: CertificateOrdersTold = visit.do("certificate_orders", {"state": "picture"})
    status = 409 if refused else 200
    zone = zone_of(visit, "")
    return visit.show("designs.html", title="designs", status=status, told_orders=told, zone=zone, refused=refused)


def _picture(visit: Visit) -> Response:
    told: DesignPicture = visit.do("certificate_design_picture", {"id": visit.path["id"][:64]})
    headers = {"Content-Disposition": "inline", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(told.jpeg, 200, headers, "image/jpeg")


def _decide(visit: Visit) -> Response:
    goes, reason = visit.typed.one("goes") == "yes", visit.typed.one("reason")[:200]
    if not goes and not reason:
        return _list(visit, visit.say("designs_why"))
    body = {"id": visit.typed.one("id")[:64] or "-", "goes": goes, "reason": reason}
    try:
        told: BoughtCertificate = visit.do("certificate_design_decide", body)
    except ActRefused as refused:
        if refused.code not in ("certificate_order_step", "no_certificate_order"):
            raise
        return _list(visit, visit.say(f"no_{refused.code}"))
    return visit.go("/designs", visit.say("designs_gone" if goes else "designs_refused", id=told.id))


DESIGNS: Final = Page(
    path="/designs",
    title="designs",
    right="look_at_designs",
    words=WORDS,
    views=(
        View("GET", "/designs", _list),
        View("GET", "/designs/{id}.jpg", _picture),
        View("POST", "/designs", _decide),
    ),
)
