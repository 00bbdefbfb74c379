"""In by a code that an operator has read out on the telephone (P18): once, and then he confirms his phone."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from account.codes import place_of
from account.entering import let_in
from account.hub_desk import HubSaysNo
from account.pages.password import ADDRESS_FREE, LOGIN_FREE, LOGIN_LETTERS_MAX, one_spelling
from account.tries import Guessed
from account.visit import Page, View, Visit
from sync.account.entering import Entered, EnterFirst
from web.language import Words

WORDS: Final[Words] = {
    "first": ("Код от оператора", "Code from the operator"),
    "first_how": (
        "Оператор зарегистрировал вас по телефону и прочёл код? Он действует сутки и один раз. Потом подтвердите"
        " телефон, и дальше входите по коду из SMS.",
        "Did an operator register you on the telephone and read out a code? It is good for a day and once. Then confirm"
        " your phone, and from then on sign in by a code that comes to it.",
    ),
    "first_login": ("Телефон или номер карты", "Phone or card number"),
    "first_code": ("Код, 6 цифр", "Code, 6 figures"),
    "first_wait": (
        "Слишком много попыток. Следующая — через {wait_s} с.",
        "Too many tries. The next one is in {wait_s} s.",
    ),
    "first_confirm": (
        "Вы вошли. Осталось подтвердить телефон: пришлём на него код.",
        "You are in. Now confirm your phone: we send a code to it.",
    ),
    "no_first_code_wrong": (
        "Код не подошёл, уже использован или просрочен. Проверьте телефон и цифры; новый прочтёт оператор горячей"
        " линии.",
        "The code is wrong, was used, or is too old. Look at the phone and the figures; an operator of the hotline"
        " reads out a new one.",
    ),
}
DIGITS_MAX: Final = 20


def _ask(visit: Visit) -> Response:
    return _page(visit)


def _page(visit: Visit, status: int = 200, refused: str = "") -> Response:
    login = visit.typed.one("login")[:LOGIN_LETTERS_MAX]
    return visit.show("first.html", title="first", status=status, refused=refused, login=login)


def _enter(visit: Visit) -> Response:
    login = visit.typed.one("login")[:LOGIN_LETTERS_MAX]
    guessed = (
        Guessed("first", one_spelling(login), LOGIN_FREE),
        Guessed("address", place_of(visit.address), ADDRESS_FREE),
    )
    if wait_s := visit.house.tries.begin(*guessed):
        return _page(visit, 429, visit.say("first_wait", wait_s=wait_s))
    digits = visit.typed.one("code")[:DIGITS_MAX]
    try:
        member = visit.ask("enter_first", EnterFirst(login=login or "-", digits=digits or "-"), Entered).member
    except HubSaysNo as refused:
        if refused.code != "first_code_wrong":
            raise
        return _page(visit, 403, visit.say("no_first_code_wrong"))
    visit.house.tries.was_right(guessed[0])
    answer = let_in(visit, member, next="/profile/confirm")
    visit.remember(told=visit.say("first_confirm"))
    return answer


FIRST: Final = Page(
    path="/sign-in/first",
    title="first",
    words=WORDS,
    views=(View("GET", "/sign-in/first", _ask, open=True), View("POST", "/sign-in/first", _enter, open=True)),
)
