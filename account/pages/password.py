"""In by a login and a password (A10), and a password of one's own.

The login is a phone or a card. Whoever has forgotten it comes in by a code. A new one needs the old one, or a code of a
moment ago; all other browsers are out then.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from starlette.responses import Response

from account.codes import place_of
from account.entering import PROVED, let_in
from account.passwords import LETTERS_MAX, LETTERS_MIN, Busy, Hint, weakness
from account.tries import Guessed
from account.visit import MARK, Page, Refused, View, Visit
from loyalty.phones import BadPhone, parse_phone
from sync.account.whose import LoginTold, WhoseLogin
from web.language import Words

WORDS: Final[Words] = {
    "password": ("Вход по паролю", "Sign in by password"),
    "password_login": ("Телефон или номер карты", "Phone or card number"),
    "password_text": ("Пароль", "Password"),
    "password_by_code": ("Войти по коду из SMS", "Sign in by a code"),
    "password_forgotten": (
        "Забыли пароль или не задавали его? Войдите по коду и задайте новый в разделе «Пароль».",
        "Forgotten it, or never had one? Sign in by a code, and set a new one on the page “Password”.",
    ),
    "password_two": (
        "Если этим телефоном пользуются двое, войдите по номеру карты.",
        "If two people use this phone, sign in by the card number.",
    ),
    "password_wrong": (
        "Логин или пароль другой. Проверьте раскладку и попробуйте ещё раз — или войдите по коду из SMS.",
        "The login or the password is another. Look at the keyboard's language and try again, or sign in by a code.",
    ),
    "password_wait": (
        "Слишком много попыток. Следующая — через {wait_s} с. По коду из SMS можно войти сейчас.",
        "Too many tries. The next one is in {wait_s} s. You can sign in by a code now.",
    ),
    "password_busy": (
        "Сейчас много входов. Попробуйте ещё раз через несколько секунд.",
        "Many are signing in just now. Try again in a few seconds.",
    ),
    "password_own": ("Пароль", "Password"),
    "password_is_set": ("Пароль задан.", "You have a password."),
    "password_is_none": (
        "Пароля нет: вы входите по коду. С паролем можно войти без SMS.",
        "You have no password: you sign in by a code. With a password you need no message.",
    ),
    "password_old": ("Нынешний пароль", "The present password"),
    "password_new": ("Новый пароль", "New password"),
    "password_again": ("Новый пароль ещё раз", "The new password again"),
    "password_rules": (
        "От {least} до {most} символов, любых. Хорошо работают несколько слов подряд. Вставлять из хранилища паролей"
        " можно.",
        "{least} to {most} characters of any kind. A few words in a row work well. You may paste it.",
    ),
    "password_others": (
        "Во всех других браузерах вход после этого завершится.",
        "All other browsers are signed out then.",
    ),
    "password_or_code": ("Не помните нынешний?", "You do not remember the present one?"),
    "password_needs_code": (
        "Чтобы задать пароль, подтвердите, что телефон у вас.",
        "To set a password, show that you have your phone.",
    ),
    "password_confirm": ("Подтвердить телефон кодом", "Confirm your phone by a code"),
    "password_drop": ("Убрать пароль", "Have no password"),
    "password_kept": ("Пароль сохранён.", "The password is saved."),
    "password_dropped": ("Пароля больше нет: входите по коду.", "You have no password now: sign in by a code."),
    "password_differ": ("Два новых пароля разные.", "The two new passwords are different."),
    "password_needs": (
        "Введите нынешний пароль или подтвердите телефон кодом.",
        "Type the present password, or confirm your phone by a code.",
    ),
    "password_old_wrong": (
        "Нынешний пароль другой. Не помните — подтвердите телефон кодом.",
        "The present password is another. If you do not remember it, confirm your phone by a code.",
    ),
    "password_hint_short": ("Пароль короче {least} символов.", "The password is shorter than {least} characters."),
    "password_hint_long": ("Пароль длиннее {most} символов.", "The password is longer than {most} characters."),
    "password_hint_common": (
        "Этот пароль — среди самых частых, его подбирают первым. Возьмите несколько слов, не связанных между собой.",
        "This password is among the most common and is tried first. Take a few words that do not belong together.",
    ),
    "password_hint_keys": (
        "Соседние клавиши подбирают сразу. Возьмите несколько слов, не связанных между собой.",
        "Keys in a row are tried first. Take a few words that do not belong together.",
    ),
    "password_hint_repeat": (
        "Повтор не делает пароль длиннее. Добавьте слово или два, других.",
        "A repeat makes it no longer. Add a word or two that are different.",
    ),
    "password_hint_sequence": (
        "Ряды вроде «abc» и «6543» подбирают сразу. Добавьте слово или два.",
        "Rows like “abc” and “6543” are tried first. Add a word or two.",
    ),
    "password_hint_date": (
        "Даты и годы подбирают сразу. Добавьте слово или два.",
        "Dates and years are tried first. Add a word or two.",
    ),
    "password_hint_yours": (
        "В пароле ваши имя, телефон или карта: их знают другие. Возьмите слова, с вами не связанные.",
        "It has your name, phone or card in it, which others know. Take words that have nothing to do with you.",
    ),
    "password_hint_words": (
        "Такой пароль подберут. Добавьте слово или два: чем реже слова, тем лучше.",
        "This password can be guessed. Add a word or two: the rarer, the better.",
    ),
}
LOGIN_FREE: Final = 5
ADDRESS_FREE: Final = 30  # a family, a café, a whole street behind one address
FRESH: Final = timedelta(minutes=15)  # so long a code that was told back stands for the old password
LOGIN_LETTERS_MAX: Final = 64


def _ask(visit: Visit) -> Response:
    return visit.show("password_in.html", title="password", login="", next=visit.typed.one("next"))


def _enter(visit: Visit) -> Response:
    login = visit.typed.one("login")[:LOGIN_LETTERS_MAX]
    guessed = (
        Guessed("login", one_spelling(login), LOGIN_FREE),
        Guessed("address", place_of(visit.address), ADDRESS_FREE),
    )
    if wait_s := visit.house.tries.begin(*guessed):
        return _again(visit, login, 429, "password_wait", wait_s=wait_s)
    member = visit.ask("whose_login", WhoseLogin(login=login or "-"), LoginTold).member
    if not _fits(visit, member, _typed(visit, "password")):
        return _again(visit, login, 403, "password_wrong")
    visit.house.tries.was_right(guessed[0])
    return let_in(visit, member, next=visit.typed.one("next"))


def _again(visit: Visit, login: str, status: int, word: str, **facts: object) -> Response:
    return visit.show(
        "password_in.html",
        title="password",
        status=status,
        login=login,
        next=visit.typed.one("next"),
        refused=visit.say(word, **facts),
    )


def _own(visit: Visit) -> Response:
    return _own_page(visit)


def _own_page(visit: Visit, status: int = 200, refused: str = "") -> Response:
    return visit.show(
        "password.html",
        title="password_own",
        status=status,
        refused=refused,
        has=visit.house.passwords.has(_whose(visit)),
        is_fresh=_is_fresh(visit),
        has_phone=bool(visit.me().phone),
        login=visit.me().phone or next((card.number for card in visit.me().cards), ""),
        least=LETTERS_MIN,
        most=LETTERS_MAX,
    )


def _keep(visit: Visit) -> Response:
    member, new = _whose(visit), _typed(visit, "new")
    if new != _typed(visit, "again"):
        return _own_page(visit, 409, visit.say("password_differ"))
    hint = weakness(new, _known(visit))
    if hint is not None:
        return _own_page(visit, 409, _hint(visit, hint))
    _check_old(visit, member)
    try:
        visit.house.passwords.keep(member, new)
    except Busy as error:
        raise Refused("password_busy", status=503) from error
    _alone_from_now_on(visit, member)
    return visit.go("/profile/password", visit.say("password_kept"))


def _drop(visit: Visit) -> Response:
    member = _whose(visit)
    _check_old(visit, member)
    visit.house.passwords.forget(member)
    _alone_from_now_on(visit, member)
    return visit.go("/profile/password", visit.say("password_dropped"))


def _alone_from_now_on(visit: Visit, member: str) -> None:
    """Who has come in by the one before is out, and this browser has another cookie."""
    visit.sign_in(member, **{MARK: visit.remembered(MARK)})
    assert visit.session is not None
    visit.house.sessions.end_all(member, but=visit.session.id)


def _check_old(visit: Visit, member: str) -> None:
    """Raises Refused."""
    if _is_fresh(visit):
        return
    old = _typed(visit, "old")
    if not old:
        raise Refused("password_needs")
    guessed = Guessed("old password", member, LOGIN_FREE)
    if wait_s := visit.house.tries.begin(guessed):
        raise Refused("password_wait", status=429, wait_s=wait_s)
    if not _fits(visit, member, old):
        raise Refused("password_old_wrong", status=403)
    visit.house.tries.was_right(guessed)


def _fits(visit: Visit, member: str, password: str) -> bool:
    try:
        return visit.house.passwords.fits(member, password[: LETTERS_MAX + 1])
    except Busy as error:
        raise Refused("password_busy", status=503) from error


def _is_fresh(visit: Visit) -> bool:
    proved = visit.remembered(PROVED)
    return bool(proved) and visit.house.now() < datetime.fromisoformat(proved) + FRESH


def _whose(visit: Visit) -> str:
    """Who he is now: a password of who has gone into him is nobody's."""
    return visit.me().member


def _known(visit: Visit) -> list[str]:
    me = visit.me()
    words = [*me.name.split(), me.phone.lstrip("+"), me.phone[2:], *(card.number for card in me.cards)]
    return [word for word in words if word]


def _hint(visit: Visit, hint: Hint) -> str:
    return visit.say(f"password_hint_{hint}", least=LETTERS_MIN, most=LETTERS_MAX)


def _typed(visit: Visit, name: str) -> str:
    """As it was typed: a password may begin with a space."""
    return visit.typed.get(name, [""])[-1]


def one_spelling(login: str) -> str:
    """However the same is typed, it is one count."""
    try:
        return parse_phone(login)
    except BadPhone:
        return "".join(login.split()).casefold()


SIGN_IN: Final = Page(
    path="/sign-in/password",
    title="password",
    words=WORDS,
    views=(
        View("GET", "/sign-in/password", _ask, open=True),
        View("POST", "/sign-in/password", _enter, open=True),
    ),
)
PASSWORD: Final = Page(
    path="/profile/password",
    title="password_own",
    words={},
    views=(
        View("GET", "/profile/password", _own),
        View("POST", "/profile/password", _keep),
        View("POST", "/profile/password/drop", _drop),
    ),
)
