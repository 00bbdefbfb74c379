"""Registration (A1, A8, P1, P17); with a card in the hand (A5, P29) its number first, then who one is, then a code.

Nothing is ticked beforehand; each document is read and agreed to by itself (152-FZ, article 9).
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from account.codes import CARD, PHONE, PROOF, send_code
from account.entering import let_in
from account.hub_desk import HubSaysNo
from account.pages.who import ASKED_WHO, ask_who
from account.visit import Page, View, Visit
from loyalty.wording import points_text
from sync.account.entering import Agreed, Enrolled, FormRight, LookAtCard, LookAtForm, Register
from web.language import Words

FOR_FORM: Final = "register_code"  # remembered: the code that was sent is for the form
MY_CARD: Final = "register_card"
FIELDS: Final = {"name": 200, "phone": 40, "birthday": 20}  # and how long what is typed may be
CARD_LETTERS_MAX: Final = 40
WRONG: Final = {  # which field is meant by a refusal
    "bad_name": "name",
    "bad_phone_told": "phone",
    "bad_birthday": "birthday",
    "birthday_missing": "birthday",
    "too_young": "birthday",
    "bad_card_told": "card",
    "card_not_found": "card",
    "card_tries": "card",
    "consent_needed": "agree",
}
WORDS: Final[Words] = {
    "register": ("Регистрация", "Register"),
    "register_have_card": ("У меня есть карта", "I have a card"),
    "register_have_card_how": (
        "Получили карту в магазине? Начните с её номера: {currency} с неё останутся.",
        "Did you get a card in a shop? Begin with its number: what it has earned stays.",
    ),
    "register_card": ("Номер карты", "Card number"),
    "register_card_how": (
        "Номер — это самый длинный ряд цифр на карте.",
        "The number is the longest row of figures on the card.",
    ),
    "register_card_title": ("Ваша карта", "Your card"),
    "register_other_card": ("Другой номер", "Another number"),
    "register_no_card": ("У меня нет карты", "I have no card"),
    "register_name": ("Имя и фамилия", "Name and surname"),
    "register_phone": ("Номер телефона", "Phone number"),
    "register_phone_how": ("На него придёт код в SMS.", "A code comes to it in a text message."),
    "register_phone_proven": ("Телефон подтверждён: {phone}", "Your phone is confirmed: {phone}"),
    "register_other_phone": ("Другой телефон", "Another phone"),
    "register_birthday": ("Дата рождения", "Date of birth"),
    "register_birthday_how": ("День, месяц и год: 17.05.1990.", "Day, month and year: 17.05.1990."),
    "register_read": ("Прочитать", "Read"),
    "register_version": ("Версия {version}", "Version {version}"),
    "register_needed": ("Нужно для участия", "Needed to take part"),
    "register_wished": ("По желанию", "As you like"),
    "register_agree_rules": ("Принимаю: {title}", "I accept: {title}"),
    "register_have": ("Уже участник?", "A member already?"),
    "register_new": ("Добро пожаловать!", "Welcome!"),
    "register_granted": ("Начислено: {points}.", "You got {points}."),
    "register_new_card": ("Номер вашей карты: {card}.", "Your card's number: {card}."),
    "register_was_here": (
        "Вы уже участник: это ваш кабинет. Второй раз регистрироваться не нужно.",
        "You are a member already: this is your account. There is no need to register again.",
    ),
    "no_bad_name": ("Напишите имя одной строкой, буквами.", "Write your name in one line, in letters."),
    "no_bad_birthday": (
        "Такой даты нет. Напишите день, месяц и год: 17.05.1990.",
        "There is no such day. Write day, month and year: 17.05.1990.",
    ),
    "no_birthday_missing": ("Напишите дату рождения.", "Write your date of birth."),
    "no_consent_needed": (
        "Без отмеченных «нужно для участия» документов зарегистрировать нельзя. Прочитайте и отметьте их.",
        "Nobody is registered without the documents that are needed to take part. Read and tick them.",
    ),
    "no_consent_unknown": (
        "Документы за это время обновились. Прочитайте и отметьте их ещё раз.",
        "The documents have changed meanwhile. Read and tick them again.",
    ),
}


# the card in one's hand


def _card(visit: Visit) -> Response:
    return _card_page(visit, visit.remembered(MY_CARD))


def _card_page(visit: Visit, typed: str, refused: str = "") -> Response:
    status = 409 if refused else 200
    return visit.show("register_card.html", title="register_card_title", status=status, refused=refused, typed=typed)


def _keep_card(visit: Visit) -> Response:
    typed = visit.typed.one("card")[:CARD_LETTERS_MAX]
    try:
        visit.ask("register_card", LookAtCard(card=typed), FormRight)
    except HubSaysNo as refused:
        if refused.code != "bad_card_told":
            raise
        return _card_page(visit, typed, visit.say("no_bad_card_told"))
    visit.remember(**{MY_CARD: typed})
    return visit.go("/register")


def _no_card(visit: Visit) -> Response:
    visit.remember(**{MY_CARD: ""})
    return visit.go("/register")


# the form


def _form(visit: Visit) -> Response:
    return visit.go("/") if visit.member else _form_page(visit)


def _form_page(visit: Visit, code: str = "", tries_left: int = 0) -> Response:
    """`code`: why it was refused."""
    wrong = WRONG.get(code, "")
    return visit.show(
        "register.html",
        title="register",
        status=409 if code else 200,
        refused=visit.say(f"no_{code}", tries_left=tries_left) if code else "",
        wrong=wrong,
        typed={name: visit.remembered(f"register_{name}") for name in FIELDS} | {"card": visit.remembered(MY_CARD)},
        phone=visit.remembered(PHONE) if visit.remembered(PROOF) else "",
        agreed=visit.remembered("register_agree").split(),
        documents=sorted(visit.house.programme().documents, key=lambda one: not one.needed),
    )


def _fill_in(visit: Visit) -> Response:
    _keep(visit)
    try:
        visit.ask("register_look", _look(visit), FormRight)
        if visit.remembered(PROOF) and not visit.remembered(CARD):
            return register_now(visit)
        send_code(visit, phone=visit.remembered("register_phone"), doing="register")
    except HubSaysNo as refused:
        return _refused(visit, refused)
    visit.remember(**{FOR_FORM: "yes"})
    return visit.go("/sign-in/code")


def _keep(visit: Visit) -> None:
    """What was typed, so that nobody types it twice."""
    facts = {f"register_{name}": visit.typed.one(name)[:most] for name, most in FIELDS.items()}
    known = {one.what for one in visit.house.programme().documents}
    agreed = " ".join(what for what in visit.typed.get("agree", []) if what in known)
    if visit.remembered(PROOF):
        facts["register_phone"] = visit.remembered(PHONE)
    visit.remember(**facts, register_agree=agreed, register_rules=visit.typed.one("rules")[:64])


def _look(visit: Visit) -> LookAtForm:
    return LookAtForm(
        phone=visit.remembered("register_phone"),
        name=visit.remembered("register_name"),
        birthday=visit.remembered("register_birthday"),
        card=visit.remembered(MY_CARD),
        consents=_agreed(visit),
        rules=visit.remembered("register_rules"),
    )


def _agreed(visit: Visit) -> tuple[Agreed, ...]:
    """In the version that was shown to him."""
    agreed = visit.remembered("register_agree").split()
    return tuple(
        Agreed(what=one.what, document=one.version) for one in visit.house.programme().documents if one.what in agreed
    )


def register_now(visit: Visit) -> Response:
    """The phone is proven."""
    form = _look(visit)
    order = Register(
        proof=visit.remembered(PROOF),
        phone=visit.remembered(PHONE),
        name=form.name,
        birthday=form.birthday,
        card=form.card,
        consents=form.consents,
        rules=form.rules,
    )
    try:
        done = visit.ask("register", order, Enrolled)
    except HubSaysNo as refused:
        return _refused(visit, refused)
    answer = let_in(visit, done.member, proved=True)
    visit.remember(told=" ".join(filter(None, (*_welcome(visit, done), visit.remembered("told")))))
    return answer


def _welcome(visit: Visit, done: Enrolled) -> list[str]:
    currency = visit.house.programme().currency
    said = [visit.say("register_was_here" if done.was_here else "register_new")]
    if done.granted:
        said.append(visit.say("register_granted", points=points_text(done.granted, currency, visit.language)))
    if done.card:
        said.append(visit.say("register_new_card", card=done.card))
    return said


def _refused(visit: Visit, refused: HubSaysNo) -> Response:
    if refused.code == "code_not_proved":
        visit.remember(**{PROOF: ""})
    if refused.code in ASKED_WHO and visit.remembered(PROOF):
        return ask_who(visit, refused.code)
    if f"no_{refused.code}" not in visit.house.words:
        raise refused
    return _form_page(visit, refused.code, refused.tries_left or 0)


def _other_phone(visit: Visit) -> Response:
    visit.remember(**{PROOF: "", PHONE: "", "register_phone": ""})
    return visit.go("/register")


REGISTER: Final = Page(
    path="/register",
    title="register",
    words=WORDS,
    views=(
        View("GET", "/register", _form, open=True),
        View("POST", "/register", _fill_in, open=True),
        View("GET", "/register/card", _card, open=True),
        View("POST", "/register/card", _keep_card, open=True),
        View("POST", "/register/no-card", _no_card, open=True),
        View("POST", "/register/other-phone", _other_phone, open=True),
    ),
)
