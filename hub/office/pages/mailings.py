"""Mailings to members (P9): made, looked at before they go, started, stopped; and what each did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from hub.desk.mailing_acts import MailingLook, MailingsTold, Tried
from hub.messages.mailing import Mailing
from hub.messages.report import DAYS, Report
from hub.messages.rules import MailingRules
from hub.office.pages.cases import zone_of
from hub.office.visit import Page, Refused, View, Visit, Words
from web.form import Form

WORDS: Final[Words] = {
    "mailings": ("Рассылки", "Mailings"),
    "mailings_name": ("Название", "Name"),
    "mailings_channel": ("Как", "How"),
    "mailings_sms": ("SMS", "SMS"),
    "mailings_mail": ("e-mail", "e-mail"),
    "mailings_inbox": ("в личном кабинете", "in the account"),
    "mailings_state": ("Состояние", "State"),
    "mailings_state_draft": ("черновик", "a draft"),
    "mailings_state_waits": ("ждёт второго человека", "waits for a second person"),
    "mailings_state_on": ("идёт", "goes on"),
    "mailings_state_done": ("разослана", "done"),
    "mailings_state_stopped": ("остановлена", "stopped"),
    "mailings_at": ("Когда", "When"),
    "mailings_to": ("Кому", "To"),
    "mailings_everybody": ("всем участникам", "every member"),
    "mailings_wrote": ("Написано", "Written"),
    "mailings_new": ("Новая рассылка", "A new mailing"),
    "mailings_programme": ("Программа", "Programme"),
    "mailings_ru": ("Текст по-русски", "Text in Russian"),
    "mailings_en": ("Текст по-английски (для кабинета)", "Text in English (for the account)"),
    "mailings_fields": (
        "Можно вставить: {name} имя, {points} баллы, {dies} сколько сгорит, {day} до какого дня.",
        "May be put in: {name}, {points}, {dies} what dies next, {day} its last day.",
    ),
    "mailings_who": ("Кому: пусто — не важно", "To whom: empty means any"),
    "mailings_within": ("Покупал за последние дни", "Bought within days"),
    "mailings_not_within": ("Не покупал дней", "Bought nothing within days"),
    "mailings_points_from": ("Баллов не меньше", "Points at least"),
    "mailings_points_to": ("Баллов не больше", "Points at most"),
    "mailings_tier": ("Уровень", "Tier"),
    "mailings_month": ("Месяц рождения", "Birthday month"),
    "mailings_favourite": ("Любимая категория", "Favourite category"),
    "mailings_stickers": ("Наклеек не меньше", "Stickers at least"),
    "mailings_store": ("Магазин, где его знают", "Store that knows him"),
    "mailings_registered": ("Только с анкетой", "Only registered"),
    "mailings_active": ("Только с действующей картой", "Only with a good card"),
    "mailings_virtual": ("Только с виртуальной картой", "Only with a virtual card"),
    "mailings_plastic": ("Только с пластиковой картой", "Only with a plastic card"),
    "mailings_day": ("День", "Day"),
    "mailings_hour": ("Час", "Hour"),
    "mailings_control": ("Не писать контрольной группе, %", "Keep out a control group, %"),
    "mailings_articles": ("О каких товарах: артикулы через пробел", "About which goods: articles, by spaces"),
    "mailings_make": ("Сохранить черновик", "Save the draft"),
    "mailings_made": ("Черновик сохранён. Проверьте, кому он уйдёт.", "The draft is saved. See to whom it goes."),
    "mailings_look": ("Кому уйдёт сейчас", "To whom it goes now"),
    "mailings_fit": ("Подходят: {fit}. Согласны и доступны: {reached}.", "Fit: {fit}. Agreed and reached: {reached}."),
    "mailings_examples": ("Например", "For example"),
    "mailings_text": ("Так это придёт", "As it comes"),
    "mailings_parts": ("Частей SMS: {parts}", "Parts of the SMS: {parts}"),
    "mailings_doubtful": (
        "Эти слова могут быть о товарах, рекламу которых закон запрещает или ограничивает: {words}.",
        "These words may be of goods whose advertising the law forbids or narrows: {words}.",
    ),
    "mailings_phone": ("Телефон для пробы", "A phone to try it on"),
    "mailings_try": ("Прислать себе", "Send it to me"),
    "mailings_tried": ("Отправлено на {phone}.", "Sent to {phone}."),
    "mailings_start": ("Запустить", "Start"),
    "mailings_second": ("Подтвердить как второй человек", "Let it go, as the second person"),
    "mailings_started": ("Рассылка запущена.", "The mailing goes."),
    "mailings_waits": (
        "Получателей много: её запустит второй человек.",
        "It goes to many: a second person lets it go.",
    ),
    "mailings_stop": ("Остановить", "Stop"),
    "mailings_stopped": ("Остановлена: больше никому не уйдёт.", "Stopped: nobody else gets it."),
    "mailings_stopped_by": ("{by}, {at}. {why}", "{by}, {at}. {why}"),
    "mailings_started_by": ("Запустил", "Started by"),
    "mailings_why": ("Напишите причину.", "Say the reason."),
    "mailings_number": ("Числа пишут цифрами, день — 2026-12-31.", "Numbers are figures, a day is 2026-12-31."),
    "mailings_report": ("Что вышло", "What it did"),
    "mailings_group_sent": ("Получили", "Got it"),
    "mailings_group_control": ("Контрольная группа", "Control group"),
    "mailings_members": ("Участников", "Members"),
    "mailings_bought": ("Купили за {days} дней", "Bought within {days} days"),
    "mailings_spent": ("На сумму", "For"),
    "mailings_waiting": ("Ждут отправки", "Wait to be sent"),
    "mailings_failed": ("Не ушло", "Failed"),
    "mailings_opted_out": ("Отказались после неё", "Opted out after it"),
    "mailings_not_sent": ("Не отправлено", "Not sent"),
    "mailings_not_no_consent": ("нет согласия", "no consent"),
    "mailings_not_no_address": ("нет телефона или e-mail", "no phone or e-mail"),
    "mailings_not_month": ("хватит на этот месяц", "enough for this month"),
    "mailings_not_stopped": ("остановлена раньше", "stopped before"),
    "mailings_not_late": ("не успела", "too late"),
    "mailings_not_gone": ("участника больше нет", "the member is gone"),
    "mailings_not_nothing_dies": ("нечему сгорать", "nothing dies"),
    "mailings_rules": ("Правила", "Rules"),
    "mailings_most": ("Не больше в месяц одному", "At most a month to one"),
    "mailings_quiet_from": ("Тихие часы с", "Quiet from"),
    "mailings_quiet_until": ("до", "until"),
    "mailings_second_over": ("Второй человек, если больше", "A second person over"),
    "mailings_url": ("Адрес личного кабинета", "Where the account is"),
    "mailings_rules_done": ("Правила сохранены.", "The rules are kept."),
    "mailings_keep": ("Сохранить", "Save"),
    "no_no_such_mailing": ("Такой рассылки нет.", "There is no such mailing."),
    "no_mailing_name": ("Назовите рассылку, до 100 букв.", "Give it a name of at most 100 letters."),
    "no_mailing_number": ("Час — от 0 до 23, группа — до 90 %.", "An hour is 0 to 23, the group at most 90 %."),
    "no_mailing_text_none": ("Напишите текст.", "Write a text."),
    "no_mailing_text_long": ("Текст не длиннее 500 букв.", "A text has at most 500 letters."),
    "no_mailing_text_odd": ("В тексте есть непечатные знаки.", "The text has letters that cannot be seen."),
    "no_mailing_field": (
        "В скобках {} бывает только name, points, dies, day.",
        "Between {} stand only name, points, dies, day.",
    ),
    "no_mailing_article": ("Такого артикула нет.", "There is no such article."),
    "no_mailing_unlawful": (
        "Закон не разрешает рекламу этого товара: уберите его.",
        "The law does not allow advertising of these goods: take them out.",
    ),
    "no_mailing_yours": ("Вы её и запустили: нужен другой человек.", "You started it: another person is needed."),
    "no_mailing_no_sender": (
        "Отправлять некому: pos-hub serve --sender URL.",
        "Nobody sends: pos-hub serve --sender URL.",
    ),
    "no_mailing_no_mailer": (
        "Отправитель не умеет e-mail: --sender smtp://…",
        "The sender reaches no mailbox: --sender smtp://…",
    ),
    "no_mailing_no_url": (
        "Укажите в правилах адрес личного кабинета: по нему от рассылки отказываются.",
        "Say in the rules where the account is: there a mailing is stopped.",
    ),
    "no_mailing_url": ("Адрес начинается с https://", "An address begins with https://"),
}
AUDIENCE: Final = {  # a field of the form, and the word that it is
    "within": "bought-within",
    "not_within": "not-bought-within",
    "points_from": "points-from",
    "points_to": "points-to",
    "tier": "tier",
    "month": "birthday-month",
    "favourite": "favourite",
    "stickers": "stickers-from",
    "store": "seen-in",
}
SWITCHES: Final = {  # likewise, whole
    "registered": "registered",
    "active": "has-card active",
    "virtual": "has-card virtual",
    "plastic": "has-card plastic",
}
SAID: Final = {word: f"mailings_{field}" for field, word in AUDIENCE.items()}
SAID_WHOLE: Final = {words: f"mailings_{field}" for field, words in SWITCHES.items()}


def _list(visit: Visit) -> Response:
    told: MailingsTold = visit.do("mailings", {})
    zone = zone_of(visit, "")
    return visit.show(
        "mailings.html",
        title="mailings",
        told_mailings=told,
        rules=told.rules,
        audience=AUDIENCE,
        switches=SWITCHES,
        to=lambda one: _to(visit, one),
        today=visit.hub.now().astimezone(zone).date() + timedelta(days=1),
        path=_path,
        zone=zone,
    )


def _to(visit: Visit, mailing: Mailing) -> str:
    """«Покупал за последние дни: 30; Только с анкетой»"""
    return "; ".join(_said(visit, word) for word in mailing.where) or visit.say("mailings_everybody")


def _said(visit: Visit, text: str) -> str:
    if text in SAID_WHOLE:
        return visit.say(SAID_WHOLE[text])
    word, _, value = text.partition(" ")
    return f"{visit.say(SAID[word])}: {value}" if word in SAID else text


def _path(mailing: Mailing) -> str:
    return f"/mailings/{quote(mailing.id, safe='')}"


def _make(visit: Visit) -> Response:
    typed = visit.typed
    body = {
        "name": typed.one("name")[:200],
        "channel": typed.one("channel"),
        "ru": typed.one("ru").replace("\r\n", "\n")[:2_000],
        "en": typed.one("en").replace("\r\n", "\n")[:2_000],
        "where": list(_where(typed)),
        "day": typed.one("day"),
        "hour": _number(typed, "hour", 12),
        "control_percent": _number(typed, "control", 0),
        "articles": typed.one("articles").split()[:200],
    }
    made: Mailing = visit.do("mailing_make", body, programme=typed.one("programme"))
    return visit.go(_path(made), visit.say("mailings_made"))


def _where(typed: Form) -> Iterator[str]:
    for field, word in AUDIENCE.items():
        if value := typed.one(f"who_{field}"):
            yield f"{word} {value}"
    for field, words in SWITCHES.items():
        if typed.one(f"who_{field}"):
            yield words


def _number(typed: Form, name: str, otherwise: int) -> int:
    text = typed.one(name) or str(otherwise)
    if not (text.isascii() and text.isdecimal()):
        raise Refused("mailings_number")
    return int(text)


def _one(visit: Visit) -> Response:
    id = visit.path["id"]
    told: Report = visit.do("mailing_report", {"mailing": id, "days": _number(visit.typed, "days", DAYS)})
    wanted = visit.typed.one("look") or (told.mailing.state in ("draft", "waits") and not told.mailing.counted_at)
    looked: MailingLook | None = visit.do("mailing_look", {"mailing": id}) if wanted else None
    return visit.show(
        "mailing.html",
        title="mailings",
        one=told.mailing,
        told_report=told,
        looked=looked,
        to=_to(visit, told.mailing),
        path=_path(told.mailing),
        zone=zone_of(visit, told.mailing.programme),
    )


def _start(visit: Visit) -> Response:
    started: Mailing = visit.do("mailing_start", {"mailing": visit.path["id"]})
    return visit.go(_path(started), visit.say("mailings_waits" if started.waits else "mailings_started"))


def _stop(visit: Visit) -> Response:
    reason = visit.typed.one("reason")
    if not reason:
        raise Refused("mailings_why")
    stopped: Mailing = visit.do("mailing_stop", {"mailing": visit.path["id"], "reason": reason[:200]})
    return visit.go(_path(stopped), visit.say("mailings_stopped"))


def _try(visit: Visit) -> Response:
    phone = visit.typed.one("phone")[:40]
    tried: Tried = visit.do("mailing_try", {"mailing": visit.path["id"], "phone": phone})
    assert tried.text
    return visit.go(f"/mailings/{quote(visit.path['id'], safe='')}", visit.say("mailings_tried", phone=phone))


def _rules(visit: Visit) -> Response:
    typed, programme = visit.typed, visit.path["programme"]
    told: MailingsTold = visit.do("mailings", {})
    kept = told.rules.get(programme, MailingRules())
    body: dict[str, Any] = {
        "most_a_month": _number(typed, "most", kept.most_a_month),
        "quiet_from": _number(typed, "quiet_from", kept.quiet_from),
        "quiet_until": _number(typed, "quiet_until", kept.quiet_until),
        "second_over": _number(typed, "second_over", kept.second_over),
        "account_url": typed.one("url")[:200],
        "service": list(kept.service),
    }
    visit.do("mailing_rules", body, programme=programme)
    return visit.go("/mailings", visit.say("mailings_rules_done"))


MAILINGS: Final = Page(
    path="/mailings",
    title="mailings",
    right="see_mailings",
    words=WORDS,
    views=(
        View("GET", "/mailings", _list),
        View("POST", "/mailings", _make, "keep_mailings"),
        View("POST", "/mailings/rules/{programme}", _rules, "keep_mailings"),
        View("GET", "/mailings/{id}", _one),
        View("POST", "/mailings/{id}/start", _start, "keep_mailings"),
        View("POST", "/mailings/{id}/stop", _stop, "keep_mailings"),
        View("POST", "/mailings/{id}/try", _try, "keep_mailings"),
    ),
)
