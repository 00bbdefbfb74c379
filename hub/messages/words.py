"""What members are told of their own account, and how a code stands in their history, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.messages.text import Facts, day_text
from loyalty.programme import Language, Programme
from loyalty.wording import points_text

CODE: Final = "code"
Pair = tuple[str, str]
SERVICES: Final[Mapping[str, Pair]] = {
    "phone_changed": (
        "Телефон участника изменён. Если это не вы, позвоните на горячую линию. {programme}",
        "The member's phone was changed. If it was not you, call the hotline. {programme}",
    ),
    "email_changed": (
        "Адрес e-mail участника изменён. Если это не вы, позвоните на горячую линию. {programme}",
        "The member's e-mail was changed. If it was not you, call the hotline. {programme}",
    ),
    "card_blocked": (
        "Карта …{about} заблокирована. Баллы сохранены. {programme}",
        "Card …{about} is blocked. The points are kept. {programme}",
    ),
    "card_virtual": (
        "Карта …{about} заменена виртуальной. Баллы сохранены. Если это не вы, позвоните на горячую линию. {programme}",
        "Card …{about} was replaced by a virtual one. The points are kept. If it was not you, call the hotline. "
        "{programme}",
    ),
    "card_ready": (
        "Карта готова и ждёт вас: {about}. {programme}",
        "The card is ready and waits for you: {about}. {programme}",
    ),
    "ticket_answered": (
        "На обращение {about} ответили: смотрите «Помощь» в личном кабинете. {programme}",
        "Your request {about} was answered: see Help in your account. {programme}",
    ),
    "points_die": (
        "{points} сгорят, если их не потратить по {day} включительно. {programme}",
        "{points} die if they are not spent by {day}. {programme}",
    ),
}
CODES: Final[Mapping[str, Pair]] = {
    "redeem": ("Код для списания баллов", "A code to spend points"),
    "reissue": ("Код для замены карты", "A code to replace a card"),
    "register": ("Код для регистрации", "A code to register"),
    "phone": ("Код для смены телефона", "A code to change the phone"),
    "sign_in": ("Код для входа", "A code to sign in"),
}
SOME_CODE: Final[Pair] = ("Код подтверждения", "A code")


def service_text(kind: str, about: str, facts: Facts, programme: Programme, language: Language) -> str:
    text = SERVICES[kind][0 if language == "ru" else 1]
    return text.format(
        about=about,
        programme=programme.name(language),
        points=points_text(facts.dies, programme.currency, language),
        day=day_text(facts.day, language) if facts.day else "",
    )


def code_text(purpose: str, language: Language) -> str:
    """Without its digits, which nobody keeps."""
    return CODES.get(purpose, SOME_CODE)[0 if language == "ru" else 1]
