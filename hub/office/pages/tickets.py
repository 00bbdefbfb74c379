"""The operator's desk (P28): questions of members and of others, those that wait longest first; one of them with what
was said, an answer, a note for colleagues. What one operator has typed stays when another has answered first."""

from __future__ import annotations

import base64
from typing import Final

from starlette.responses import Response

from hub.desk.act import ActRefused
from hub.desk.ticket_acts import TicketsTold, TicketTold
from hub.office.pages.cases import zone_of
from hub.office.visit import Page, View, Visit, Words
from sync.account.tickets import TEXT_LETTERS_MAX, Pair, PictureTold

WORDS: Final[Words] = {
    "tickets": ("Обращения", "Requests"),
    "tickets_one": ("Обращение {number}", "Request {number}"),
    "tickets_waiting": ("ждут ответа", "waiting for an answer"),
    "tickets_new": ("новое", "new"),
    "tickets_open": ("в работе", "in work"),
    "tickets_answered": ("отвечено", "answered"),
    "tickets_closed": ("закрыто", "closed"),
    "tickets_none": ("Никто не ждёт ответа.", "Nobody waits for an answer."),
    "tickets_more": ("Показаны первые; остальные — после них.", "These are the first; there are more."),
    "tickets_what": ("Вопрос", "Question"),
    "tickets_since": ("Ждёт с", "Waits since"),
    "tickets_from": ("От кого", "From"),
    "tickets_visitor": ("не участник или не вошёл", "no member, or not signed in"),
    "tickets_visitor_how": (
        "Кто это, не проверено: не говорите о счёте и личных данных. Ответ придёт ссылкой на {email}.",
        "Who it is was not proved: say nothing of an account or a person. The answer goes as a link to {email}.",
    ),
    "tickets_member": ("Открыть участника", "Open the member"),
    "tickets_email": ("Почта", "Mail"),
    "tickets_store": ("Магазин", "Shop"),
    "tickets_taken": ("Занимается", "At it"),
    "tickets_taken_by": ("Занимается {who}", "{who} is at it"),
    "tickets_take": ("Взять себе", "Take it"),
    "tickets_talk": ("Переписка", "Conversation"),
    "tickets_by_member": ("Покупатель", "Customer"),
    "tickets_by_shop": ("Ответ, {who}", "Answer, {who}"),
    "tickets_by_note": ("Заметка для своих, {who}", "Note for colleagues, {who}"),
    "tickets_photo": ("Фотография {number}", "Photo {number}"),
    "tickets_answer": ("Ответ", "Answer"),
    "tickets_prepared": ("Начать с готового текста", "Begin with a prepared text"),
    "tickets_send": ("Отправить ответ", "Send the answer"),
    "tickets_note": (
        "Передать: заметка для коллег, покупатель её не увидит",
        "Pass on: a note for colleagues alone",
    ),
    "tickets_pass_on": ("Передать", "Pass on"),
    "tickets_close": ("Закрыть без ответа", "Close without an answer"),
    "tickets_sent": ("Ответ на обращение {number} отправлен.", "Request {number} is answered."),
    "tickets_taken_now": ("Обращение {number} ваше.", "Request {number} is yours."),
    "tickets_passed_on": ("Обращение {number} передано.", "Request {number} is passed on."),
    "tickets_closed_now": ("Обращение {number} закрыто.", "Request {number} is closed."),
    "no_no_ticket": ("Такого обращения нет.", "There is no such request."),
    "no_no_picture": ("Такой фотографии нет.", "There is no such photo."),
    "no_ticket_text": ("Напишите текст: до 4 000 знаков.", "Write a text: up to 4,000 letters."),
    "no_ticket_long": (
        "В обращении слишком много сообщений: закройте его, покупатель откроет новое.",
        "There are too many messages in it: close it, the customer opens another.",
    ),
    "no_ticket_step": (
        "Обращение уже в другом состоянии: откройте страницу заново.",
        "The request is in another state by now: open the page anew.",
    ),
    "no_ticket_answered_meanwhile": (
        "Другой уже ответил, пока вы писали. Прочтите его ответ; ваш текст остался ниже.",
        "Another has answered while you wrote. Read that answer; your text is kept below.",
    ),
    "no_ticket_written_meanwhile": (
        "Покупатель дописал, пока вы писали. Прочтите; ваш текст остался ниже.",
        "The customer has written while you wrote. Read it; your text is kept below.",
    ),
}
STATES: Final = ("", "new", "open", "answered", "closed")
KEEPS: Final = frozenset(("ticket_answered_meanwhile", "ticket_written_meanwhile", "ticket_text"))
OF_PICTURES: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Content-Disposition": 'inline; filename="photo.jpg"',
}


def _list(visit: Visit) -> Response:
    state = visit.typed.one("state")
    state = state if state in STATES else ""
    told: TicketsTold = visit.do("tickets", {"state": state})
    return visit.show(
        "tickets.html",
        title="tickets",
        state=state,
        states=STATES,
        told_tickets=told,
        zone=zone_of(visit, ""),
        in_words=lambda pair: _in_words(visit, pair),
    )


def _in_words(visit: Visit, pair: Pair) -> str:
    return pair[0 if visit.language == "ru" else 1]


def _one(visit: Visit) -> Response:
    return _shown(visit)


def _shown(visit: Visit, refused: str = "") -> Response:
    told: TicketTold = visit.do("ticket", {"id": visit.path["id"]})
    return visit.show(
        "ticket.html",
        title=visit.say("tickets_one", number=told.line.number),
        status=409 if refused else 200,
        refused=refused,
        ticket=told,
        text=visit.typed.one("text") if refused else _prepared(visit, told),
        text_most=TEXT_LETTERS_MAX,
        zone=zone_of(visit, told.line.programme),
        in_words=lambda pair: _in_words(visit, pair),
    )


def _prepared(visit: Visit, told: TicketTold) -> str:
    """The text that was chosen to begin with."""
    chosen = visit.typed.one("text")
    return told.answers[int(chosen)] if chosen in map(str, range(len(told.answers))) else ""


def _take(visit: Visit) -> Response:
    told: TicketTold = visit.do("take_ticket", {"id": visit.path["id"]})
    return visit.go(f"/tickets/{told.line.id}", visit.say("tickets_taken_now", number=told.line.number))


def _answer(visit: Visit) -> Response:
    seen = visit.typed.one("seen")
    body = {"id": visit.path["id"], "text": visit.typed.one("text"), "seen": int(seen) if seen.isdecimal() else 0}
    try:
        told: TicketTold = visit.do("answer_ticket", body)
    except ActRefused as refused:
        if refused.code not in KEEPS:
            raise
        return _shown(visit, visit.say(f"no_{refused.code}"))
    return visit.go("/tickets", visit.say("tickets_sent", number=told.line.number))


def _pass_on(visit: Visit) -> Response:
    told: TicketTold = visit.do("pass_ticket_on", {"id": visit.path["id"], "text": visit.typed.one("text")})
    return visit.go("/tickets", visit.say("tickets_passed_on", number=told.line.number))


def _close(visit: Visit) -> Response:
    told: TicketTold = visit.do("close_ticket", {"id": visit.path["id"]})
    return visit.go("/tickets", visit.say("tickets_closed_now", number=told.line.number))


def _picture(visit: Visit) -> Response:
    """Nothing but a picture, whatever a browser may find in it."""
    told: PictureTold = visit.do("ticket_picture", {"id": visit.path["id"]})
    return Response(base64.b64decode(told.body), media_type="image/jpeg", headers=OF_PICTURES)


TICKETS: Final = Page(
    path="/tickets",
    title="tickets",
    right="answer_tickets",
    words=WORDS,
    views=(
        View("GET", "/tickets", _list),
        View("GET", "/tickets/{id}", _one),
        View("POST", "/tickets/{id}/take", _take),
        View("POST", "/tickets/{id}/answer", _answer),
        View("POST", "/tickets/{id}/pass-on", _pass_on),
        View("POST", "/tickets/{id}/close", _close),
        View("GET", "/tickets/pictures/{id}", _picture),
    ),
)
