"""The audit log as people read it: what was done, to what, and how it ended. Names that stand in no table, of a log of
another version, are shown as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from loyalty.programme import Language
from pos_agent.day_words import REASONS, say_part
from pos_agent.short_words import SHORT_WORDS

UNSAID: Final = "…"
ACTS: Final[dict[str, tuple[str, str]]] = {
    "block_card": ("блокировка карты", "block a card"),
    "block_certificate": ("блокировка сертификата", "block a certificate"),
    "cancel": ("отмена чека", "cancel a receipt"),
    "case": ("просмотр случая", "look at a case"),
    "cases": ("просмотр случаев", "look at cases"),
    "change_phone": ("смена телефона", "change a phone"),
    "change_profile": ("исправление анкеты", "change a profile"),
    "claim_sale": ("начисление по обращению", "add a purchase afterwards"),
    "confirm_form": ("подтверждение анкеты", "confirm a form"),
    "confirm_phone": ("проверка кода из SMS", "confirm a phone"),
    "card_on_phone": ("карта в телефон", "a card to a phone"),
    "correct": ("исправление баллов", "correct points"),
    "drawer": ("открытие ящика", "open the drawer"),
    "enter_code": ("код покупателя", "enter a customer's code"),
    "find_member": ("поиск участника", "find a member"),
    "issue_card": ("выдача карты", "give out a card"),
    "issue_virtual": ("выдача виртуальной карты", "give out a virtual card"),
    "link_card": ("ещё одна карта участнику", "one more card"),
    "look_at_claim": ("проверка обращения", "look at a claim"),
    "make_virtual": ("карта стала виртуальной", "make a card virtual"),
    "member": ("просмотр участника", "look at a member"),
    "member_sales": ("поиск покупок участника", "look for purchases"),
    "merge_members": ("объединение участников", "make two members one"),
    "paper": ("вопрос о бумаге", "answer about a paper"),
    "phone_code": ("отправка кода", "send a code"),
    "print_form": ("печать анкеты", "print a form"),
    "refund_certificate": ("возврат денег за сертификат", "refund a certificate"),
    "register": ("регистрация", "register a member"),
    "registration_form": ("открытие анкеты", "open the form"),
    "reissue_card": ("замена карты", "replace a card"),
    "replace_certificate": ("замена сертификата", "replace a certificate"),
    "reprint": ("копия чека", "print a copy"),
    "return": ("возврат", "return"),
    "send_code": ("отправка кода покупателю", "send a code"),
    "settings": ("настройки кассы", "settings"),
    "settle_case": ("решение случая", "settle a case"),
    "sign_in": ("вход", "sign in"),
    "sign_out": ("выход", "sign out"),
    "swap_card": ("замена испорченного бланка", "swap a spoiled blank"),
    "take_form": ("приём анкеты", "take a form"),
    "unblock_card": ("снятие блокировки", "set a card free"),
    "velocity": ("больше обычного", "more than ordinary"),
}
ENDS: Final[dict[str, tuple[str, str]]] = {
    "accepted": ("принято", "accepted"),
    "rang": ("замечено", "noticed"),
}
FIELDS: Final[dict[str, tuple[str, str]]] = {
    "card": ("карта", "card"),
    "case": ("случай", "case"),
    "changes": ("изменений", "changes"),
    "count": ("сколько", "count"),
    "day": ("день", "day"),
    "into": ("на карту", "into"),
    "most": ("обычно до", "up to"),
    "new_card": ("новая карта", "new card"),
    "number": ("номер", "number"),
    "old_card": ("прежняя карта", "card before"),
    "person": ("кто", "who"),
    "points": ("баллов", "points"),
    "pos": ("касса POS", "POS"),
    "remedy": ("решение", "remedy"),
    "sale": ("чек", "receipt"),
    "second": ("второй", "second"),
    "shift": ("смена", "shift"),
}
_FACT: Final = re.compile(r"[ «]*\{\w+\}[»]*")


def act_words(act: str, language: Language) -> str:
    return say_part(ACTS, act, language)


def fields_words(fields: Mapping[str, str], language: Language) -> str:
    """What was typed and is not told stands in the log alone."""
    told = [(name, value) for name, value in sorted(fields.items()) if value != UNSAID]
    return ", ".join(f"{say_part(FIELDS, name, language)} {value}" for name, value in told)


def ended_words(code: str, language: Language) -> str:
    """The short words, without the card or the receipt that they name."""
    if code in ENDS or code in REASONS or code not in SHORT_WORDS:
        return say_part(ENDS if code in ENDS else REASONS, code, language)
    first, *rest = SHORT_WORDS[code][0 if language == "ru" else 1].split("\n")
    lines = [first, *(line for line in rest[:1] if line[:1].islower())]
    words = " ".join(" ".join(_FACT.sub("", line).split()) for line in lines).strip()
    return words.rstrip(" :.,") or code
