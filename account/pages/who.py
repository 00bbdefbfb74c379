"""A phone is not yet a person. Where two share it, or its number may have changed hands, whoever has proven it says by
a card or a birthday which member he is; or that he is another, whose number it is now."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from account.codes import PHONE, PROOF
from account.entering import let_in
from account.hub_desk import HubSaysNo
from account.visit import Page, View, Visit
from sync.account.entering import Enter, Entered, Freed, NotMe
from web.language import Words

WORDS: Final[Words] = {
    "who": ("Кто входит?", "Who is signing in?"),
    "who_several_here": (
        "Этим телефоном пользуются несколько участников. Введите номер своей карты или день рождения.",
        "Several members use this phone. Type the number of your card, or your birthday.",
    ),
    "who_phone_silent": (
        "Этот номер давно не подтверждали, а номера меняют хозяев. Если вы участник, введите номер своей карты или"
        " день рождения.",
        "This number was not confirmed for long, and numbers change hands. If you are the member, type the number of"
        " your card, or your birthday.",
    ),
    "who_known_by": ("Номер карты или день рождения", "Card number or birthday"),
    "who_how": (
        "День рождения — так: 17.05.1990.",
        "A birthday is written like 17.05.1990.",
    ),
    "who_other": ("Это не я", "It is not me"),
    "who_other_how": (
        "Номер недавно стал вашим? Прежний участник перестанет с ним быть связан — его {currency} и карты останутся у "
        "него, — а вы зарегистрируетесь с ним сами.",
        "Has the number been yours for a short time only? It is taken off the member of before, who keeps his "
        "{currency} and cards, and you register with it yourself.",
    ),
    "who_other_do": ("Это не я, номер теперь мой", "It is not me, the number is mine now"),
    "who_freed": (
        "Номер свободен. Заполните короткую анкету.",
        "The number is free. Fill in a short form.",
    ),
    "who_no_way": (
        "Нет ни карты, ни дня рождения в анкете? Подойдите в магазин с картой или чеком или позвоните по горячей линии:"
        " оператор проверит и поможет войти.",
        "No card, and no birthday on the form? Come to a shop with a receipt, or call the hotline: an operator looks it"
        " up and helps you in.",
    ),
    "who_tries": (
        "На сегодня попытки кончились. Войдите по номеру карты завтра или позвоните по горячей линии.",
        "No tries are left for today. Sign in by a card number tomorrow, or call the hotline.",
    ),
    "no_several_here": (
        "Этим телефоном пользуются несколько участников. Войдите по номеру карты.",
        "Several members use this phone. Sign in by a card number.",
    ),
    "no_phone_silent": (
        "Этот номер записан за участником, который давно его не подтверждал. Войдите по номеру карты.",
        "This number is of a member who has not confirmed it for long. Sign in by a card number.",
    ),
    "no_not_known_by": (
        "Такой карты или дня рождения здесь нет. Проверьте цифры.",
        "There is no such card or birthday here. Look at the figures.",
    ),
    "no_not_freed": (
        "Освободить номер сейчас нельзя: его подтверждали недавно. Позвоните по горячей линии.",
        "The number cannot be freed now: it was confirmed lately. Call the hotline.",
    ),
}
NEXT: Final = "door_next"  # remembered: where he was going
WHY: Final = "who_why"  # remembered: why the phone alone does not say who he is
ASKED_WHO: Final = ("several_here", "phone_silent")
KNOWN_BY_LETTERS_MAX: Final = 40


def enter(visit: Visit, known_by: str = "") -> Response:
    """With the phone, or the card's phone, that was proven. Raises HubSaysNo."""
    asked = Enter(proof=visit.remembered(PROOF) or "-", phone=visit.remembered(PHONE), known_by=known_by)
    try:
        entered = visit.ask("enter", asked, Entered)
    except HubSaysNo as refused:
        if refused.code not in ASKED_WHO:
            raise
        return ask_who(visit, refused.code)
    answer = let_in(visit, entered.member, next=visit.remembered(NEXT), proved=True)
    if entered.form:
        visit.remember(told=visit.say("entering_form_confirmed"))
    return answer


def ask_who(visit: Visit, why: str) -> Response:
    """`why`: one of ASKED_WHO."""
    visit.remember(**{WHY: why})
    return visit.go("/sign-in/who")


def _who(visit: Visit) -> Response:
    return _page(visit)


def _page(visit: Visit, status: int = 200, refused: str = "") -> Response:
    why = visit.remembered(WHY)
    if visit.member or not (visit.remembered(PROOF) and why):
        return visit.go("/" if visit.member else "/sign-in")
    return visit.show(
        "who.html",
        title="who",
        status=status,
        refused=refused,
        why=f"who_{why}",
        may_be_another=why == "phone_silent" and bool(visit.remembered(PHONE)),
    )


def _is_me(visit: Visit) -> Response:
    if visit.member or not visit.remembered(PROOF):
        return visit.go("/" if visit.member else "/sign-in")
    try:
        return enter(visit, visit.typed.one("known_by")[:KNOWN_BY_LETTERS_MAX] or "-")
    except HubSaysNo as refused:
        if refused.code not in ("not_known_by", "card_tries"):
            raise
        word = "no_not_known_by" if refused.code == "not_known_by" else "who_tries"
        return _page(visit, 409, visit.say(word))


def _not_me(visit: Visit) -> Response:
    if visit.member or not visit.remembered(PROOF):
        return visit.go("/" if visit.member else "/sign-in")
    visit.ask("not_me", NotMe(proof=visit.remembered(PROOF), phone=visit.remembered(PHONE)), Freed)
    visit.remember(**{WHY: ""})
    return visit.go("/register", visit.say("who_freed"))


WHO: Final = Page(
    path="/sign-in/who",
    title="who",
    words=WORDS,
    views=(
        View("GET", "/sign-in/who", _who, open=True),
        View("POST", "/sign-in/who", _is_me, open=True),
        View("POST", "/sign-in/not-me", _not_me, open=True),
    ),
)
