"""He has his phone in his hand: a code to his own number, told back. Whoever came in by another way than his phone
confirms it so: after a first code that an operator read out (P18), before a new password, for a form on paper (P19)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from account import confirming
from account.entering import PROVED
from account.visit import Page, View, Visit
from loyalty.utc import utc_text
from sync.account.codes import SendCode
from sync.account.whose import ConfirmPhone, PhoneConfirmed
from web.language import Words, is_here

WORDS: Final[Words] = {
    "confirm": ("Подтвердить телефон", "Confirm your phone"),
    "confirm_why": (
        "Пришлём код на ваш номер {phone}. Так мы знаем, что телефон у вас.",
        "We send a code to your number {phone}, and so know that you have your phone.",
    ),
    "confirm_no_phone": (
        "Телефона в анкете нет: код прислать некуда. Телефон записывают в магазине или по горячей линии.",
        "There is no phone in your form to send a code to. It is written down in a shop or on the hotline.",
    ),
    "confirm_send": ("Прислать код", "Send a code"),
    "confirm_again": ("Прислать ещё раз", "Send another"),
    "confirm_code": ("Код из SMS", "Code from the message"),
    "confirm_sent": ("Код отправлен на {to}.", "A code was sent to {to}."),
    "confirm_done": ("Телефон подтверждён.", "Your phone is confirmed."),
    "confirm_never": (
        "SMS не приходит? Проверьте номер и попробуйте через минуту. Номер другой — его меняют на странице профиля, в"
        " магазине или по горячей линии.",
        "No message? Look at the number and try again in a minute. Another number is written down on the page of your"
        " profile, in a shop or on the hotline.",
    ),
}
WHAT: Final = "confirm"
HOME: Final = "/profile/confirm"


def _page(visit: Visit) -> Response:
    return visit.show(
        "confirm.html",
        title="confirm",
        phone=visit.me().phone,
        is_sent=confirming.is_sent(visit, WHAT),
        next=_next(visit),
    )


def _send(visit: Visit) -> Response:
    to = confirming.send(visit, WHAT, SendCode(purpose="confirm"))
    return visit.go(_here(visit), visit.say("confirm_sent", to=to))


def _check(visit: Visit) -> Response:
    proof = confirming.proof(visit, WHAT)
    done = visit.ask("confirm_phone", ConfirmPhone(proof=proof), PhoneConfirmed)
    confirming.over(visit, WHAT)
    visit.remember(**{PROVED: utc_text(visit.house.now())})
    word = "entering_form_confirmed" if done.form else "confirm_done"
    return visit.go(_next(visit) or "/", visit.say(word))


def _here(visit: Visit) -> str:
    return f"{HOME}?next={_next(visit)}" if _next(visit) else HOME


def _next(visit: Visit) -> str:
    """Of ours: one of the pages that lead here."""
    next = visit.typed.one("next")
    return next if next.startswith("/profile/") and is_here(next) else ""


CONFIRM: Final = Page(
    path=HOME,
    title="confirm",
    words=WORDS,
    views=(
        View("GET", HOME, _page),
        View("POST", HOME, _send),
        View("POST", f"{HOME}/code", _check),
    ),
)
