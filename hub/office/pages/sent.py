"""What was sent to members' phones: when, to whom (masked), what for, and whether it went out."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from hub.desk.code_acts import SentListed
from hub.office.pages.cases import zone_of
from hub.office.visit import Page, View, Visit, Words

WORDS: Final[Words] = {
    "sent": ("Сообщения", "Messages"),
    "sent_at": ("Когда", "When"),
    "sent_to": ("Кому", "To"),
    "sent_kind": ("Зачем", "What for"),
    "sent_state": ("Что с ним", "State"),
    "sent_code": ("Код", "Code"),
    "sent_why": ("Почему", "Why"),
    "sent_kind_redeem": ("списание", "redeeming"),
    "sent_kind_register": ("регистрация", "registration"),
    "sent_kind_phone": ("смена телефона", "another phone"),
    "sent_kind_account": ("кабинет", "account"),
    "sent_kind_enter": ("вход в кабинет", "signing in"),
    "sent_kind_contact": ("новый номер или адрес", "another number or address"),
    "sent_kind_confirm": ("проверка номера", "confirming a number"),
    "sent_kind_card": ("замена карты", "changing a card"),
    "sent_kind_data": ("выгрузка данных", "downloading data"),
    "sent_kind_leave": ("закрытие счёта", "closing an account"),
    "sent_kind_points": ("передача баллов", "giving points away"),
    "sent_kind_certificate": ("сертификат", "certificate"),
    "sent_kind_mailing": ("рассылка", "mailing"),
    "sent_kind_other": ("письмо участнику", "message to a member"),
    "sent_kind_card_phone": ("карта в телефоне", "card on a phone"),
    "sent_kind_mailing_test": ("проба рассылки", "trial of a mailing"),
    "sent_state_waiting": ("ждёт", "waits"),
    "sent_state_sending": ("отправляется", "is being sent"),
    "sent_state_sent": ("ушло", "sent"),
    "sent_state_failed": ("не ушло", "failed"),
    "sent_none": ("Ничего не отправляли.", "Nothing was sent."),
    "sent_by": ("Отправляет: {sender}", "Sent by: {sender}"),
    "sent_by_nobody": (
        "Отправлять некому: pos-hub serve --sender URL.",
        "Nobody sends: pos-hub serve --sender URL.",
    ),
    "sent_file": (
        "Это пробный ящик: коды из него видны здесь всем, кому видна страница.",
        "This is a trial's outbox: whoever sees this page sees its codes.",
    ),
}


def _list(visit: Visit) -> Response:
    found: SentListed = visit.do("sent", {})
    return visit.show("sent.html", title="sent", found=found, zone=zone_of(visit, ""), kind_word=kind_word)


def kind_word(kind: str) -> str:
    """What newer programs send is something too."""
    word = f"sent_kind_{kind}"
    return word if word in WORDS else "sent_kind_other"


SENT: Final = Page(path="/sent", title="sent", right="see_sent", words=WORDS, views=(View("GET", "/sent", _list),))
