"""Gift certificates: looked up by number or QR, with all that happened to one; given, blocked, replaced, refunded."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from hub.certificates.picture import qr_path
from hub.desk.certificate_acts import CertificateDone, CertificatePaper
from hub.office.pages.cases import zone_of
from hub.office.visit import Page, Refused, View, Visit, Words
from loyalty.money import BadNumber, format_kopecks, parse_kopecks

WORDS: Final[Words] = {
    "certificates": ("Сертификаты", "Certificates"),
    "certificates_what": ("Номер сертификата или текст его QR", "Its number, or the text of its QR"),
    "certificates_find": ("Найти", "Look it up"),
    "certificates_number": ("Сертификат {number}", "Certificate {number}"),
    "certificates_state": ("Состояние", "State"),
    "certificates_state_open": ("действует", "good"),
    "certificates_state_not_sold": ("хаб ещё не знает, что он продан", "the hub has not heard that it was sold"),
    "certificates_state_blocked": ("заблокирован, деньги ждут владельца", "blocked; its rubles wait for its owner"),
    "certificates_state_replaced": ("заменён на {number}", "replaced by {number}"),
    "certificates_state_ended": ("срок вышел", "ended"),
    "certificates_left": ("На нём", "On it"),
    "certificates_face": ("Номинал", "Face"),
    "certificates_held": ("Отложено для чеков", "Kept for receipts"),
    "certificates_beyond": ("За счёт магазина", "Borne by the shop"),
    "certificates_store": ("Продан в магазине", "Sold in"),
    "certificates_until": ("Подарен, действует до", "Given, good until"),
    "certificates_instead": ("Выпущен вместо", "Made instead of"),
    "certificates_pins": ("Неверных ПИН-кодов подряд", "Wrong PINs in a row"),
    "certificates_when": ("Когда", "When"),
    "certificates_where": ("Где", "Where"),
    "certificates_by": ("Кто", "Who"),
    "certificates_event": ("Что было", "What happened"),
    "certificates_moved": ("Изменение", "Change"),
    "certificates_refused": ("не принято: {why}", "refused: {why}"),
    "certificates_reason": ("Почему", "Why"),
    "certificates_block": ("Заблокировать", "Block"),
    "certificates_replace": ("Заменить новым номером", "Replace by a new number"),
    "certificates_refund": ("Вернуть деньгами", "Give back in money"),
    "certificates_refund_sum": ("Сколько, ₽ (пусто: всё)", "How much, ₽ (empty: all)"),
    "certificates_give": ("Подарить сертификат", "Give a certificate"),
    "certificates_give_sum": ("На сумму, ₽", "Of how much, ₽"),
    "certificates_programme": ("Программа", "Programme"),
    "certificates_new": (
        "Новый сертификат: отдайте его владельцу. ПИН-код спросят там, где номер набирают руками.",
        "A new certificate: hand it to its owner. The PIN is asked where the number is typed.",
    ),
    "certificates_pin": ("ПИН-код", "PIN"),
    "certificates_qr": ("QR сертификата", "The certificate's QR"),
    "certificates_blocked": ("Сертификат {number} заблокирован.", "Certificate {number} is blocked."),
    "certificates_refunded": (
        "Деньги по сертификату {number} возвращены.",
        "Money for certificate {number} is given back.",
    ),
    "certificates_no_sum": ("Сумму пишут так: 494.90.", "A sum is written like 494.90."),
    "certificates_why": ("Напишите, почему.", "Say why."),
    "no_certificate_unknown": ("Такого сертификата нет.", "There is no such certificate."),
    "no_certificate_not_sold": (
        "Номер наш, но хаб ещё не знает, что сертификат продан.",
        "The number is ours, and the hub has not heard that it was sold.",
    ),
    "no_certificate_forged": (
        "Это не сертификат этого хаба. Наберите номер.",
        "That is no certificate of this hub. Type its number.",
    ),
    "no_certificate_replaced": ("Сертификат уже заменён другим.", "The certificate was replaced by another."),
    "no_certificate_blocked": (
        "Сертификат заблокирован: замените его, потом верните деньги.",
        "It is blocked: replace it, then give the money back.",
    ),
    "no_certificate_ended": ("Срок подаренного сертификата вышел.", "It had been given, and has ended."),
    "no_certificate_empty": ("На сертификате ничего нет.", "Nothing is on it."),
    "no_certificate_given": (
        "Сертификат подарен: за него не платили, деньги не возвращают.",
        "It was given: nobody had paid for it.",
    ),
    "no_certificate_more_than_left": (
        "Столько на сертификате нет, или часть отложена для чека.",
        "There is less on it, or a receipt has a part of it just now.",
    ),
    "no_certificate_sum": ("Сертификатов на такую сумму нет.", "There are no certificates of such a sum."),
    "no_certificate_alone": (
        "Столько за день один человек не выдаёт: пусть оформит другой.",
        "One person alone lets no more go in a day: another one orders this.",
    ),
    "no_which_programme": ("Назовите программу.", "Say which programme."),
}


def _look(visit: Visit) -> Response:
    typed = visit.typed.one("certificate")
    found = visit.do("certificate_history", {"certificate": typed[:300]}) if typed else None
    return _page(visit, typed=typed, found=found)


def _page(visit: Visit, *, typed: str = "", found: Any = None, paper: CertificatePaper | None = None) -> Response:
    size, path = qr_path(paper.text) if paper is not None else (0, "")
    return visit.show(
        "certificates.html",
        title="certificates",
        typed="" if typed.startswith("PAC:") else typed,
        found=found,
        paper=paper,
        qr={"size": size, "path": path},
        programmes=tuple(visit.hub.programmes),
        zone=zone_of(visit, found.programme if found is not None else ""),
        most=format_kopecks(found.left_kopecks) if found is not None else "",
        may={right: visit.clerk.may(right) for right in RIGHTS},
    )


RIGHTS: Final = ("give_certificates", "block_certificates", "replace_certificates", "refund_certificates")


def _give(visit: Visit) -> Response:
    kopecks = _kopecks(visit.typed.one("sum"))
    if not kopecks:
        raise Refused("certificates_no_sum")
    body = {"kopecks": kopecks, "reason": _reason(visit)}
    paper: CertificatePaper = visit.do("certificate_give", body, programme=visit.typed.one("programme")[:60])
    return _page(visit, paper=paper)


def _block(visit: Visit) -> Response:
    done: CertificateDone = visit.do("certificate_block", _ordered(visit))
    return visit.go(_at(done.number), visit.say("certificates_blocked", number=done.number))


def _replace(visit: Visit) -> Response:
    paper: CertificatePaper = visit.do("certificate_replace", _ordered(visit))
    return _page(visit, paper=paper)


def _refund(visit: Visit) -> Response:
    kopecks = _kopecks(visit.typed.one("sum"))
    done: CertificateDone = visit.do("certificate_refund", _ordered(visit) | ({"kopecks": kopecks} if kopecks else {}))
    return visit.go(_at(done.number), visit.say("certificates_refunded", number=done.number))


def _ordered(visit: Visit) -> dict[str, Any]:
    return {"certificate": visit.typed.one("certificate")[:300] or "?", "reason": _reason(visit)}


def _reason(visit: Visit) -> str:
    reason = visit.typed.one("reason")
    if not reason:
        raise Refused("certificates_why")
    return reason[:200]


def _kopecks(text: str) -> int:
    try:
        return parse_kopecks(text.replace(",", ".")) if text else 0
    except BadNumber:
        raise Refused("certificates_no_sum") from None


def _at(number: str) -> str:
    return f"/certificates?certificate={number}"


CERTIFICATES: Final = Page(
    path="/certificates",
    title="certificates",
    right="see_certificates",
    words=WORDS,
    views=(
        View("GET", "/certificates", _look),
        View("POST", "/certificates/give", _give, "give_certificates"),
        View("POST", "/certificates/block", _block, "block_certificates"),
        View("POST", "/certificates/replace", _replace, "replace_certificates"),
        View("POST", "/certificates/refund", _refund, "refund_certificates"),
    ),
)
