"""Forms: those on paper that wait, and a member whom an operator registers while he speaks with him (P18, P19)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from starlette.responses import Response

from hub.desk.act import ActRefused
from hub.office.visit import Page, Refused, View, Visit, Words
from loyalty.programme import Programme
from sync.registration import FirstCodeReply, NewcomerReply, WaitingReply

WORDS: Final[Words] = {
    "forms": ("Анкеты", "Forms"),
    "forms_waiting": ("Бумажные анкеты, которые ждут", "Forms on paper that wait"),
    "forms_none": ("Ни одна анкета не ждёт.", "No form waits."),
    "forms_more": ("Показаны первые; остальные — после них.", "These are the first; there are more behind them."),
    "forms_card": ("Карта", "Card"),
    "forms_taken": ("Принята", "Taken"),
    "forms_good": ("Станет действительной", "Good from"),
    "forms_days": ("Осталось дней", "Days left"),
    "forms_confirm": ("Подтвердить", "Confirm"),
    "forms_confirmed": ("Анкета карты {card} подтверждена.", "The form of card {card} is confirmed."),
    "forms_confirmed_before": ("Эта анкета уже не ждёт.", "This form does not wait any more."),
    "forms_register": ("Зарегистрировать по телефону", "Register by telephone"),
    "forms_register_how": (
        "Прочтите участнику каждое согласие вслух и отметьте то, с чем он согласен.",
        "Read each consent to the member, and tick what he agrees to.",
    ),
    "forms_programme": ("Программа", "Programme"),
    "forms_name": ("Имя и фамилия", "Full name"),
    "forms_phone": ("Телефон", "Phone"),
    "forms_birthday": ("День рождения, если хочет", "Birthday, if he likes"),
    "forms_agrees": ("Согласен", "He agrees"),
    "forms_needed": ("нужно", "needed"),
    "forms_optional": ("по желанию", "as he likes"),
    "forms_document": ("Документ", "Document"),
    "forms_same": ("Телефон у другого участника, и это он сам", "Another member has the phone, and it is he himself"),
    "forms_do": ("Зарегистрировать", "Register"),
    "forms_registered": (
        "Карта {card} зарегистрирована, начислено: {granted}.",
        "Card {card} is registered, given: {granted}.",
    ),
    "forms_new": (
        "Участник зарегистрирован, виртуальная карта {card}, начислено: {granted}.",
        "The member is registered: virtual card {card}, given: {granted}.",
    ),
    "forms_no_card": ("Номер карты; пусто — виртуальная", "Card number; empty: a virtual one"),
    "forms_first": (
        "Первый код для входа в личный кабинет: {code}. Прочтите его: второй раз он не показывается. Действует"
        " {hours} ч., один раз: «Войти» → «Код от оператора», телефон и код.",
        "The first code for the account: {code}. Read it out: it is not shown again. It is good for {hours} hours,"
        " once: “Sign in” → “Code from the operator”, the phone and the code.",
    ),
    "forms_first_of": ("Первый код для входа", "First code for the account"),
    "forms_first_how": (
        "Тому, кто говорит по телефону и ещё не подтвердил свой номер. Прежний код перестаёт действовать.",
        "For who is on the telephone and has not confirmed his number yet. The code of before is good no more.",
    ),
    "forms_first_card": ("Карта, телефон или id участника", "Card, phone or id of the member"),
    "forms_first_do": ("Выдать код", "Give a code"),
    "no_phone_confirmed": (
        "Участник уже подтвердил телефон: он входит по коду из SMS.",
        "The member has confirmed his phone: he signs in by a code that goes to it.",
    ),
    "no_not_at_a_till": ("Это делает оператор офиса.", "An operator of the office does it."),
    "no_too_young": ("Личный кабинет — с 14 лет.", "An account is for those of 14 and more."),
    "no_several_here": ("Этот телефон у нескольких участников.", "Several members have this phone."),
    "forms_linked": (
        "Карта {card} теперь у участника с этим телефоном.",
        "Card {card} is of the member who has the phone.",
    ),
    "forms_before": ("Карта {card} уже зарегистрирована.", "Card {card} is registered already."),
    "no_card_not_at_hub": ("Этой карты ни у кого нет.", "Nobody has this card."),
    "no_registered_already": (
        "Участник этой карты зарегистрирован с другим телефоном.",
        "The member of this card is registered with another phone.",
    ),
    "no_phone_taken": (
        "Этот телефон у другого участника. Если это он сам, отметьте это внизу анкеты.",
        "Another member has this phone. If it is he himself, tick that below.",
    ),
    "no_bad_phone_told": ("Это не номер телефона: 8 916 123-45-67.", "That is no phone number: 8 916 123-45-67."),
    "no_bad_name": ("Имя — одна строка до 100 букв.", "A name is one line of up to 100 letters."),
    "no_bad_birthday": ("Такого дня рождения не бывает: 17.05.1990.", "There is no such birthday: 17.05.1990."),
    "no_consent_needed": (
        "Без согласия на обработку персональных данных не регистрируют.",
        "Nobody is registered without the consent to use personal data.",
    ),
    "no_consent_unknown": (
        "Текст согласия сменился: откройте страницу заново.",
        "A text has changed: open the page anew.",
    ),
    "no_member_erased": ("Участник этой карты удалён.", "The member of this card was erased."),
    "no_no_form": ("Анкеты на эту карту не принимали.", "Nobody took a form for this card."),
    "no_another_programme": ("Это карта другой программы.", "That card is of another programme."),
}


def _show(visit: Visit) -> Response:
    programme = _programme(visit)
    told: WaitingReply = visit.do("waiting_forms", {})
    rows = [(one, datetime.fromisoformat(one.taken_at), datetime.fromisoformat(one.active_from)) for one in told.forms]
    documents = [(one, programme.consent_text(one, visit.language)) for one in programme.consents]
    return visit.show(
        "forms.html",
        title="forms",
        rows=rows,
        more=told.more,
        programme=programme,
        programmes=sorted(visit.hub.programmes.values(), key=lambda one: one.id),
        documents=documents,
        zone=visit.hub.zone_of(programme.id),
        may_register=visit.clerk.may("register_members"),
        may_give_first=visit.clerk.may("change_profiles"),
        may_merge=visit.clerk.may("merge_members"),
    )


def _programme(visit: Visit) -> Programme:
    programmes = visit.hub.programmes
    chosen = visit.typed.one("programme") or next(iter(sorted(programmes)), "")
    if chosen not in programmes:
        raise Refused("no_another_programme")
    return programmes[chosen]


def _confirm(visit: Visit) -> Response:
    card = visit.typed.one("card")
    changed = visit.do("confirm_form", {"card": card}).changed
    return visit.go(
        "/forms", visit.say("forms_confirmed", card=card) if changed else visit.say("forms_confirmed_before")
    )


def _register(visit: Visit) -> Response:
    programme, card = _programme(visit), visit.typed.one("card")
    agreed = set(visit.typed.get("agreed", ()))
    body: dict[str, Any] = {name: visit.typed.one(name) for name in ("card", "phone", "name", "birthday")}
    body["consents"] = [
        {"what": one.what, "document": one.version}
        for one in programme.consents
        if f"{one.what}/{one.version}" in agreed
    ]
    if not card:
        return _newcomer(visit, programme, body)
    act = "register_same" if visit.typed.one("same") else "register"
    done = visit.do(act, body, programme=programme.id)
    word = "forms_linked" if done.linked else "forms_before" if done.granted is None else "forms_registered"
    words = visit.say(word, card=card, granted=done.granted or 0)
    return visit.go(f"/forms?programme={programme.id}", words if done.linked else _with_first(visit, words, card))


def _newcomer(visit: Visit, programme: Programme, body: dict[str, Any]) -> Response:
    body.pop("card")
    done: NewcomerReply = visit.do("register_new", body, programme=programme.id)
    words = visit.say("forms_new", card=done.card or "—", granted=done.granted)
    return visit.go(f"/forms?programme={programme.id}", _with_first(visit, words, done.member))


def _with_first(visit: Visit, words: str, whom: str) -> str:
    """And the code to be read out, where the clerk may give one and he needs it."""
    if not visit.clerk.may("change_profiles"):
        return words
    try:
        return f"{words} {_first_words(visit, whom)}"
    except ActRefused:
        return words


def _first(visit: Visit) -> Response:
    return visit.go("/forms", _first_words(visit, visit.typed.one("card")))


def _first_words(visit: Visit, whom: str) -> str:
    """Raises ActRefused."""
    told: FirstCodeReply = visit.do("first_code", {"card": whom})
    return visit.say("forms_first", code=f"{told.code[:3]} {told.code[3:]}", hours=told.hours)


FORMS: Final = Page(
    path="/forms",
    title="forms",
    right="confirm_forms",
    words=WORDS,
    views=(
        View("GET", "/forms", _show),
        View("POST", "/forms/confirm", _confirm),
        View("POST", "/forms/register", _register, "register_members"),
        View("POST", "/forms/first-code", _first, "change_profiles"),
    ),
)
