"""The door: in by a phone or a card and a code that comes to the phone (P21, P30), and out."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from account.codes import CARD, CODE, PHONE, PROOF, TO, again_s, check_code, send_code
from account.hub_desk import HubSaysNo
from account.pages.register import FOR_FORM, register_now
from account.pages.who import NEXT, enter
from account.visit import Page, Refused, View, Visit
from sync.account.codes import Doing
from sync.account.entering import Whose, WhoseTold
from web.language import Words, is_here

LETTERS_MAX: Final = 40
OUT: Final = "out"  # in the address: he has just signed out
WORDS: Final[Words] = {
    "door": ("Вход", "Sign in"),
    "door_out": ("Вы вышли.", "You have signed out."),
    "door_phone": ("Номер телефона", "Phone number"),
    "door_phone_how": ("Пришлём код из 4 цифр в SMS.", "A code of 4 figures comes in a text message."),
    "door_card": ("Номер карты", "Card number"),
    "door_card_how": (
        "Код придёт на телефон, который указан для этой карты.",
        "The code comes to the phone that this card has.",
    ),
    "door_by_card": ("Войти по номеру карты", "Sign in by card number"),
    "door_by_phone": ("Войти по телефону", "Sign in by phone"),
    "door_by_password": ("Войти по паролю", "Sign in by password"),
    "door_by_network": ("Войти через {network}", "Sign in by {network}"),
    "door_ways": ("По-другому", "Another way"),
    "door_new": ("Ещё не участник?", "Not a member yet?"),
    "door_code": ("Код из SMS", "The code from the message"),
    "door_code_digits": ("Код, 4 цифры", "Code, 4 figures"),
    "door_sent_to": ("Код отправлен на {to}. Он действует 5 минут.", "A code went to {to}. It is good for 5 minutes."),
    "door_sent_by_card": (
        "Если у карты есть телефон, код уже в пути к нему. Он действует 5 минут.",
        "If the card has a phone, a code is on its way there. It is good for 5 minutes.",
    ),
    "door_again": ("Прислать новый код", "Send another code"),
    "door_again_in": ("Новый код можно запросить через {again_s} с.", "Another may be asked for in {again_s} s."),
    "door_again_done": ("Новый код отправлен. Прежний больше не нужен.", "Another code was sent. Forget the first."),
    "door_not_come": ("SMS не приходит?", "No message?"),
    "door_not_come_phone": (
        "Подождите минуту и запросите код ещё раз. Проверьте номер и связь. Номер сменился — войдите по паролю: код и"
        " по карте придёт на прежний номер. Пароля нет — подойдите в магазин или позвоните по горячей линии: номер"
        " заменят.",
        "Wait a minute and ask for another. Look at the number and the signal. If your number is another now, sign in"
        " by password: by card too the code goes to the old number. Without a password, ask in a shop or call the"
        " hotline: they change the number.",
    ),
    "door_not_come_card": (
        "Подождите минуту и запросите код ещё раз. Он приходит на телефон, записанный для карты: другого номера этот"
        " вход не знает. Номер сменился — войдите по паролю. Пароля нет — подойдите в магазин или позвоните по горячей"
        " линии: номер заменят.",
        "Wait a minute and ask for another. It goes to the phone that is written down for the card, and to no other. If"
        " your number is another now, sign in by password. Without one, ask in a shop or call the hotline: they change"
        " the number.",
    ),
    "door_not_come_form": (
        "Подождите минуту и запросите код ещё раз. Проверьте связь и номер: ошибку исправьте в анкете, она"
        " сохранилась. Если не выходит, зарегистрируйтесь в магазине или по горячей линии.",
        "Wait a minute and ask for another. Look at the signal and the number: mend a mistake in the form, which is"
        " kept. If nothing helps, register in a shop or on the hotline.",
    ),
    "door_other_number": ("Ввести другой номер", "Type another number"),
    "door_start": ("Время вышло. Начните ещё раз.", "It took too long. Begin again."),
    "door_form": (
        "Телефон подтверждён. Осталась короткая анкета.",
        "Your phone is confirmed. A short form is left to fill in.",
    ),
    "codes_from_here": (
        "Отсюда уже много попыток. Следующая — через {wait_s} с.",
        "There were many tries from here. The next one is in {wait_s} s.",
    ),
    "codes_code_too_early": (
        "Код уже отправлен. Новый можно запросить через {again_s} с.",
        "A code was sent already. Another may be asked for in {again_s} s.",
    ),
    "codes_code_limit": (
        "На этот номер запросили слишком много кодов. Следующий — через {again_s} с. Сейчас можно войти по паролю.",
        "Too many codes were asked for this number. The next one is in {again_s} s. You may sign in by password now.",
    ),
    "no_code_wrong": (
        "Код не подошёл. Осталось попыток: {tries_left}.",
        "That is not the code. Tries left: {tries_left}.",
    ),
    "no_code_no_tries": (
        "Попытки кончились. Запросите новый код.",
        "No tries are left. Ask for another code.",
    ),
    "no_code_over": ("Время кода вышло. Запросите новый.", "The code's time is over. Ask for another."),
    "no_code_used": ("Этот код уже использован. Запросите новый.", "This code was used. Ask for another."),
    "no_code_unknown": ("Этот код не подходит. Запросите новый.", "This code is no good. Ask for another."),
    "no_code_not_proved": (
        "Подтверждение устарело. Запросите код ещё раз.",
        "The confirmation is over. Ask for a code again.",
    ),
    "no_code_no_phone": (
        "В профиле нет телефона. Укажите его в магазине или по горячей линии.",
        "Your profile has no phone. Give it in a shop or on the hotline.",
    ),
    "no_second_factor_unavailable": (
        "Сейчас коды не отправляются. Войдите по паролю или попробуйте позже.",
        "No codes are sent just now. Sign in by password, or try later.",
    ),
    "no_bad_phone_told": (
        "Это не похоже на номер телефона. Наберите его целиком: 8 916 123-45-67.",
        "That is no phone number. Type it whole: 8 916 123-45-67.",
    ),
    "no_bad_card_told": (
        "У наших карт таких номеров нет. Проверьте цифры.",
        "No card of ours has such a number. Look at the figures.",
    ),
    "no_nobody_here": (
        "По этому номеру никого нет. Зарегистрируйтесь или войдите по другому номеру.",
        "Nobody is here by this number. Register, or sign in by another.",
    ),
}


# whom to send it to


def _door(visit: Visit) -> Response:
    return _asked(visit, "phone")


def _by_card(visit: Visit) -> Response:
    return _asked(visit, "card")


def _asked(visit: Visit, by: str, refused: str = "", status: int = 200) -> Response:
    if visit.member:
        return visit.go(_next(visit) or "/")
    return visit.show(
        "door.html",
        title="door",
        status=status,
        refused=refused,
        by=by,
        typed=visit.typed.one(by)[:LETTERS_MAX],
        next=_next(visit),
        networks=visit.house.networks.all,
        told=visit.say("door_out") if visit.typed.one(OUT) else "",
    )


def _send_to_phone(visit: Visit) -> Response:
    return _sent(visit, "phone")


def _send_to_card(visit: Visit) -> Response:
    return _sent(visit, "card")


def _sent(visit: Visit, by: str) -> Response:
    typed = visit.typed.one(by)[:LETTERS_MAX]
    try:
        send_code(visit, phone=typed if by == "phone" else "", card=typed if by == "card" else "")
    except Refused as refused:
        return _asked(visit, by, visit.say(refused.word, **refused.facts), refused.status)
    except HubSaysNo as refused:
        word = {"bad_request": f"no_bad_{by}_told"}.get(refused.code, f"no_{refused.code}")
        if word not in visit.house.words:
            raise
        return _asked(visit, by, visit.say(word), 409)
    visit.remember(**{NEXT: _next(visit), FOR_FORM: ""})
    return visit.go("/sign-in/code")


def _next(visit: Visit) -> str:
    """Where he was going: a page of ours, or none."""
    wanted = visit.typed.one("next")
    return wanted if is_here(wanted) else ""


# the code


def _code(visit: Visit) -> Response:
    return _code_page(visit)


def _code_page(visit: Visit, refused: str = "", status: int = 200) -> Response:
    if visit.member or not visit.remembered(CODE):
        return visit.go("/" if visit.member else "/sign-in")
    return visit.show(
        "door_code.html",
        title="door_code",
        status=status,
        refused=refused,
        to=visit.remembered(TO),
        again_s=again_s(visit),
        is_form=bool(visit.remembered(FOR_FORM)),
        not_come="form" if visit.remembered(FOR_FORM) else "phone" if visit.remembered(PHONE) else "card",
    )


def _again(visit: Visit) -> Response:
    if not visit.remembered(CODE):
        return visit.go("/sign-in")
    left = again_s(visit)
    if left:
        return _code_page(visit, visit.say("codes_code_too_early", again_s=left), 429)
    before = visit.remembered(CODE)
    try:
        doing: Doing = "register" if visit.remembered(FOR_FORM) else ""
        send_code(visit, phone=visit.remembered(PHONE), card=visit.remembered(CARD), doing=doing)
    except Refused as refused:
        return _code_page(visit, visit.say(refused.word, **refused.facts), refused.status)
    if visit.remembered(CODE) == before:
        return _code_page(visit, visit.say("codes_code_limit", again_s=again_s(visit)), 429)
    return visit.go("/sign-in/code", visit.say("door_again_done"))


def _told(visit: Visit) -> Response:
    if visit.member or not visit.remembered(CODE):
        return visit.go("/" if visit.member else "/sign-in")
    try:
        check_code(visit, "".join(visit.typed.one("code").split())[:20])
    except Refused as refused:
        return _code_page(visit, visit.say(refused.word, **refused.facts), refused.status)
    except HubSaysNo as refused:
        if not refused.code.startswith("code_"):
            raise
        return _code_page(visit, visit.say(f"no_{refused.code}", tries_left=refused.tries_left or 0), 409)
    if visit.remembered(FOR_FORM):
        return register_now(visit)
    return _comes_in(visit)


def _comes_in(visit: Visit) -> Response:
    """Whoever has the phone that was proven."""
    asked = Whose(proof=visit.remembered(PROOF) or "-", phone=visit.remembered(PHONE))
    told = visit.ask("whose", asked, WhoseTold)
    by_phone = bool(visit.remembered(PHONE))
    if by_phone and told.people < 2 and not told.registered:
        return visit.go("/register", visit.say("door_form"))
    return enter(visit)


def _out(visit: Visit) -> Response:
    visit.sign_out()
    return visit.go(f"/sign-in?{OUT}=1")  # nothing is remembered of a browser that has just been forgotten


DOOR: Final = Page(
    path="/sign-in",
    title="door",
    words=WORDS,
    views=(
        View("GET", "/sign-in", _door, open=True),
        View("POST", "/sign-in", _send_to_phone, open=True),
        View("GET", "/sign-in/card", _by_card, open=True),
        View("POST", "/sign-in/card", _send_to_card, open=True),
        View("GET", "/sign-in/code", _code, open=True),
        View("POST", "/sign-in/code", _told, open=True),
        View("POST", "/sign-in/again", _again, open=True),
        View("POST", "/sign-out", _out, open=True),
    ),
)
