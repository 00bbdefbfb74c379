"""Members: found by a card, a phone, a name or an id; an account with all that is known; a card blocked, points put
right."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import HTMLResponse, Response

from hub.desk.correct_acts import Corrected
from hub.desk.member_acts import MembersFound, MemberTold, called
from hub.office.pages.cases import address as case_address
from hub.office.pages.cases import number_in, zone_of
from hub.office.pages.phones import PHONE_VIEWS
from hub.office.pages.phones import WORDS as PHONES
from hub.office.pages.phones import address as phones_address
from hub.office.visit import Page, Refused, View, Visit, Words
from hub.people.orders import Done
from hub.people.statement import page_of, statement_of
from loyalty.consents import SOURCES
from loyalty.consents import WORDS as CONSENTS

WORDS: Final[Words] = {
    "members": ("Участники", "Members"),
    "members_find_how": ("Карта, телефон, имя или номер участника", "A card, a phone, a name or a member's id"),
    "members_found_none": ("Никого не нашли.", "Nobody is found."),
    "members_found_more": ("Нашли не всех: уточните имя.", "There are more: say more of the name."),
    "members_name": ("Имя", "Name"),
    "members_phone": ("Телефон", "Phone"),
    "members_email": ("Эл. почта", "E-mail"),
    "members_birthday": ("День рождения", "Birthday"),
    "members_cards": ("Карты", "Cards"),
    "members_points": ("Баллы", "Points"),
    "members_programme": ("Программа", "Programme"),
    "members_erased": ("забыт по его просьбе", "erased"),
    "members_no_name": ("без имени", "no name"),
    "members_account": ("Счёт", "Account"),
    "members_debt": ("Должен", "Owes"),
    "members_held": ("Отложено", "Reserved"),
    "members_stickers": ("Наклейки с {day}", "Stickers since {day}"),
    "members_bought": ("Покупки для уровня", "Bought, as tiers count"),
    "members_lots": ("Баллы по срокам", "Points with their ends"),
    "members_lot": ("{points} из {granted}", "{points} of {granted}"),
    "members_from": ("с {day}", "from {day}"),
    "members_until": ("до {day}", "until {day}"),
    "members_endless": ("без срока", "without end"),
    "members_card_pending": ("ждёт анкеты", "pending"),
    "members_card_issued": ("выдана", "issued"),
    "members_card_active": ("работает", "active"),
    "members_card_blocked": ("заблокирована", "blocked"),
    "members_card_replaced": ("заменена на {card}", "replaced by {card}"),
    "members_block": ("Заблокировать", "Block"),
    "members_unblock": ("Разблокировать", "Unblock"),
    "members_reason_how": ("Причина останется в истории", "The reason stays in the history"),
    "members_consents": ("Согласия", "Consents"),
    "members_consent": ("{what}, с {day}, {how}", "{what}, since {day}, {how}"),
    "members_withdrawn": ("отозвано {day}", "withdrawn {day}"),
    "members_open_cases": ("Открытые случаи", "Open cases"),
    "members_history": ("История", "History"),
    "members_history_of": ("последние {shown} из {acts}", "the newest {shown} of {acts}"),
    "members_history_all": ("Показать больше", "Show more"),
    "members_statement": ("Выписка", "Statement"),
    "members_correct": ("Исправить баллы", "Correct the points"),
    "members_correct_points": ("Сколько: больше или, с минусом, меньше", "How many: more or, with a minus, less"),
    "members_correct_last_day": (
        "Последний день прибавленных (пусто: как купленные)",
        "Last day of points more (empty: as bought)",
    ),
    "members_into_debt": ("Снять и то, чего нет: станет долгом", "Take also what is not there: it is owed then"),
    "members_correct_do": ("Исправить", "Correct"),
    "members_corrected": (
        "Исправлено: {points}. Теперь на счёте {now}.",
        "Corrected: {points}. {now} on the account now.",
    ),
    "members_waits": (
        "Столько один человек не даёт: подарок {gift} ждёт второго.",
        "One person alone gives less: gift {gift} waits for a second one.",
    ),
    "members_blocked": ("Карта {card} заблокирована.", "Card {card} is blocked."),
    "members_unblocked": ("Карта {card} разблокирована.", "Card {card} is not blocked any more."),
    "members_as_before": ("Ничего не изменилось: так уже и есть.", "Nothing changed: it is so already."),
    "members_why": ("Напишите причину.", "Say the reason."),
    "members_how_many": ("Напишите, сколько баллов.", "Say how many points."),
    "members_no_day": ("День пишут так: 2026-12-31.", "A day is written like 2026-12-31."),
    "no_too_few_points": (
        "На счёте меньше, чем снимают. Отметьте, что остаток станет долгом.",
        "The account has less than is taken. Tick that the rest is owed.",
    ),
    "no_how_many": ("Столько баллов не бывает.", "So many points are none."),
    "no_until_of_more": (
        "Последний день бывает у прибавленных баллов, не у снятых.",
        "A last day is of points more, not of those that are taken.",
    ),
    "no_day_over": ("Этот день уже прошёл.", "That day is over."),
    "no_no_card": ("Это не карта участника.", "That is no card of the member's."),
    "no_card_replaced": ("Карту уже заменили другой.", "The card was replaced by another."),
    "no_no_card_for_gift": (
        "У участника нет карты, а столько дают только по карте.",
        "The member has no card: so much is given by a card alone.",
    ),
    "no_look_again": (
        "Пока вы смотрели, это стал другой участник. Откройте страницу заново.",
        "It is another member by now. Open the page anew.",
    ),
    "no_reason": ("Причина: одна строка до 200 букв.", "A reason is one line of up to 200 letters."),
    "no_key": ("Форма устарела: откройте страницу заново.", "The form is too old: open the page anew."),
    "no_nobody_found": ("Такого участника нет.", "There is no such member."),
}
SHOWN: Final = 20
SHOWN_MORE: Final = 200


def _find(visit: Visit) -> Response:
    text = visit.typed.one("text")
    found: MembersFound | None = visit.do("find_member", {"text": text}) if text else None
    return visit.show("members.html", title="members", text=text, found=found, address=address)


def _one(visit: Visit) -> Response:
    shown = SHOWN_MORE if visit.typed.one("more") else SHOWN
    told: MemberTold = visit.do("member", {"who": visit.path["member"], "history": shown})
    view = told.member
    return visit.show(
        "member.html",
        title=view.name or view.member,
        view=view,
        history=list(zip(told.history, told.history_ru, strict=True)),
        acts=told.acts,
        zone=zone_of(visit, view.programme),
        address=address,
        case_address=case_address,
        phones_address=phones_address,
        consents=CONSENTS,
        sources=SOURCES,
        at=0 if visit.language == "ru" else 1,
    )


def _statement(visit: Visit) -> Response:
    """For him, to be printed. It has a style of its own in it, which this desk's pages may not; it runs nothing."""
    person = called(visit.hub, visit.asked(), visit.path["member"])
    document = page_of(statement_of(visit.hub, person.member, language=visit.language))
    csp = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return HTMLResponse(document, headers={"Content-Security-Policy": csp})


def _correct(visit: Visit) -> Response:
    member, points = visit.path["member"], number_in(visit, "points")
    if not points:
        raise Refused("members_how_many")
    body: dict[str, Any] = {"who": member, "points": points, "reason": _reason(visit)}
    body |= {"into_debt": bool(visit.typed.one("into_debt")), "last_day": _day(visit)}
    done: Corrected = visit.do("correct_points", body)
    if done.gift is not None:
        return visit.go(address(done.member), visit.say("members_waits", gift=done.gift))
    words = visit.say("members_corrected", points=f"{points:+}", now=done.points)
    if done.before is not None:
        words = visit.say("done_before", words=words)
    return visit.go(address(done.member), words)


def _block(visit: Visit) -> Response:
    return _card(visit, "block_card", "members_blocked")


def _unblock(visit: Visit) -> Response:
    return _card(visit, "unblock_card", "members_unblocked")


def _card(visit: Visit, act: str, word: str) -> Response:
    card = visit.typed.one("card")
    done: Done = visit.do(act, {"card": card, "reason": _reason(visit)})
    words = visit.say(word, card=card) if done.changed else visit.say("members_as_before")
    return visit.go(address(visit.path["member"]), words)


def _reason(visit: Visit) -> str:
    reason = visit.typed.one("reason")
    if not reason:
        raise Refused("members_why")
    return reason


def _day(visit: Visit) -> date | None:
    text = visit.typed.one("last_day")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refused("members_no_day") from error


def address(member: str) -> str:
    return f"/members/{quote(member)}"


MEMBERS: Final = Page(
    path="/members",
    title="members",
    right="find_members",
    words={**WORDS, **PHONES},
    views=(
        View("GET", "/members", _find),
        View("GET", "/members/{member}", _one),
        View("GET", "/members/{member}/statement", _statement),
        View("POST", "/members/{member}/correct", _correct, "correct_points"),
        View("POST", "/members/{member}/block", _block, "block_cards"),
        View("POST", "/members/{member}/unblock", _unblock, "unblock_cards"),
        *PHONE_VIEWS,
    ),
)
