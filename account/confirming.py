"""A code that comes to a phone or an address, on the pages that ask for one: sent, told back, a proof for one order."""

from __future__ import annotations

from typing import Final

import msgspec

from account.visit import Refused, Visit
from sync.account.codes import CheckCode, CodeProved, CodeSent, SendCode
from web.language import Words

CODE_LETTERS_MAX: Final = 12


def send(visit: Visit, what: str, asked: SendCode) -> str:
    """`what`: what it is for, by which it is remembered. Where it went, masked. Raises Refused."""
    sent = visit.ask("send_code", msgspec.structs.replace(asked, language=visit.language), CodeSent)
    if sent.why:
        raise Refused(f"no_{sent.why}", status=429, again_s=sent.again_s)
    visit.remember(**{f"{what}_code": sent.id, f"{what}_sent": sent.to})
    return sent.to


def is_sent(visit: Visit, what: str) -> bool:
    return bool(visit.remembered(f"{what}_code"))


def sent_to(visit: Visit, what: str) -> str:
    return visit.remembered(f"{what}_sent")


def proof(visit: Visit, what: str) -> str:
    """Of the code that he has typed. Raises HubSaysNo."""
    digits = visit.typed.one("code")[:CODE_LETTERS_MAX] or "-"
    told = CheckCode(id=visit.remembered(f"{what}_code") or "-", digits=digits)
    return visit.ask("check_code", told, CodeProved).proof


def over(visit: Visit, what: str) -> None:
    visit.remember(**{f"{what}_code": "", f"{what}_sent": ""})


WORDS: Final[Words] = {
    "no_code_too_early": (
        "Код уже отправлен. Новый можно запросить через {again_s} с.",
        "A code was sent already. You may ask for another in {again_s} s.",
    ),
    "no_code_limit": (
        "Слишком много кодов. Попробуйте через {again_s} с, или спросите в магазине.",
        "Too many codes. Try again in {again_s} s, or ask in a shop.",
    ),
    "no_code_wrong": (
        "Код не подошёл. Осталось попыток: {tries_left}.",
        "That is not the code. Tries left: {tries_left}.",
    ),
    "no_code_no_tries": ("Попытки закончились. Запросите новый код.", "No tries are left. Ask for another code."),
    "no_code_over": ("Время кода вышло. Запросите новый.", "The code's time is over. Ask for another."),
    "no_code_used": ("Этот код уже использован. Запросите новый.", "This code was used already. Ask for another."),
    "no_code_unknown": ("Этот код не подходит. Запросите новый.", "This code is no good. Ask for another."),
    "no_code_no_phone": ("Сначала укажите телефон в профиле.", "Add a phone to your profile first."),
    "no_bad_phone_told": (
        "Это не номер телефона. Напишите его так: 8 916 123-45-67.",
        "Write a phone number like 8 916 123-45-67.",
    ),
    "no_second_factor_unavailable": (
        "Сообщений программа сейчас не шлёт. Это можно сделать в магазине.",
        "The programme sends no messages just now. A shop can do it.",
    ),
}
