"""I close my account (152-FZ, article 14 and 21): what goes with it is said first, and then it is done at once."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from account import confirming, forgetting
from account.hub_desk import HubSaysNo
from account.visit import Page, View, Visit
from sync.account.codes import SendCode
from sync.account.mine import AskLeaving, Leave, Leaving
from sync.account.profile import Changed
from web.language import Words

CODE: Final = "leave"


def _leaving(visit: Visit, refused: str = "") -> Response:
    return visit.show(
        "leave.html",
        title="leave",
        status=409 if refused else 200,
        refused=refused,
        leaving=visit.ask("leaving", AskLeaving(), Leaving),
        is_sent=confirming.is_sent(visit, CODE),
        to=confirming.sent_to(visit, CODE),
    )


def _send(visit: Visit) -> Response:
    to = confirming.send(visit, CODE, SendCode(purpose="confirm", doing="leave"))
    return visit.go("/profile/leave", visit.say("leave_sent", to=to))


def _leave(visit: Visit) -> Response:
    """The page that says so is the last one: there is nobody any more who could be led to another."""
    if not visit.typed.one("sure"):
        return _leaving(visit, visit.say("leave_unsure"))
    known_as = {visit.member, visit.me().member}
    try:
        visit.ask("leave", Leave(proof=confirming.proof(visit, CODE)), Changed)
    except HubSaysNo as refused:
        if refused.code == "member_gone":
            raise
        return _leaving(visit, visit.say(f"no_{refused.code}", tries_left=refused.tries_left or 0))
    visit.sign_out()
    forgetting.forget(visit.house.store, known_as)
    return visit.show("leave_done.html", title="leave_done")


WORDS: Final[Words] = {
    "leave": ("Закрыть кабинет", "Close the account"),
    "leave_what": ("Что произойдёт сразу", "What happens at once"),
    "leave_points": (
        "Пропадут {points}: потратить их больше нельзя.",
        "You lose {points}: they cannot be spent any more.",
    ),
    "leave_points_until": (
        "Если не закрывать, последние из них жили бы до {day}.",
        "If you stay, the last of them would live until {day}.",
    ),
    "leave_cards": ("Карты перестанут действовать: {cards}.", "Your cards are no good any more: {cards}."),
    "leave_person": (
        "Имя, телефон, почта, день рождения и предпочтения стираются.",
        "Your name, phone, e-mail address, birthday and likings are erased.",
    ),
    "leave_consents": ("Согласия заканчиваются: {consents}.", "Your consents end: {consents}."),
    "leave_receipts": (
        "Чеки остаются у магазина без вашего имени: их требует закон. Остаётся и запись, что согласия были.",
        "The shop keeps its receipts, without your name: the law asks for them, and for a note that you had agreed.",
    ),
    "leave_sessions": ("На всех устройствах вы выйдете.", "You are signed out on all devices."),
    "leave_never": (
        "Вернуть ничего нельзя. Можно зарегистрироваться заново, с нуля.",
        "Nothing of it comes back. You may register anew, from nothing.",
    ),
    "leave_held": (
        "Сейчас отложены ваши {currency}: {points}, для покупки или обмена. Закройте кабинет, когда это закончится.",
        "{Currency} of yours are held for a purchase or a partner: {points}. Close the account when that is over.",
    ),
    "leave_mine": ("Сначала скачать мои данные", "First download my data"),
    "leave_spend": ("Или сначала потратьте {currency} в магазине.", "Or spend your {currency} in a shop first."),
    "leave_code_how": (
        "Чтобы закрыть кабинет, нужен код с вашего телефона.",
        "To close it a code from your phone is needed.",
    ),
    "leave_no_phone": (
        "В профиле нет телефона, и код прислать некуда. Добавьте телефон или напишите заявление в магазине.",
        "Your profile has no phone to send a code to. Add one, or ask in writing in a shop.",
    ),
    "leave_add_phone": ("Добавить телефон", "Add a phone"),
    "leave_send": ("Прислать код", "Send a code"),
    "leave_send_again": ("Прислать ещё раз", "Send another"),
    "leave_sent": ("Код отправлен: {to}.", "A code was sent: {to}."),
    "leave_code": ("Код", "Code"),
    "leave_sure": ("Понимаю: вернуть счёт нельзя", "I understand that the account does not come back"),
    "leave_do": ("Закрыть кабинет и счёт", "Close the account"),
    "leave_unsure": (
        "Отметьте, что понимаете: вернуть счёт нельзя.",
        "Tick that you understand: the account does not come back.",
    ),
    "leave_done": ("Кабинет закрыт", "The account is closed"),
    "leave_done_how": (
        "Ваши данные стёрты, карты не действуют, согласия закончились. Спасибо, что были с нами.",
        "Your data are erased, your cards are no good any more, your consents have ended. Thank you.",
    ),
    "no_points_held": (
        "Сейчас с вашего счёта идёт списание или обмен. Закройте кабинет, когда они закончатся.",
        "Your account is being spent from just now, at a till or a partner. Close it when that is over.",
    ),
}

LEAVE: Final = Page(
    path="/profile/leave",
    title="leave",
    words=WORDS,
    views=(
        View("GET", "/profile/leave", _leaving),
        View("POST", "/profile/leave/code", _send),
        View("POST", "/profile/leave", _leave),
    ),
)
