"""Cases: what waits for a person's word, one of them with what helps to decide, and the word that settles it."""

from __future__ import annotations

from datetime import tzinfo
from typing import Final
from urllib.parse import quote, urlencode

from starlette.responses import Response

from hub.cases.spoken import kind_said
from hub.office.visit import Page, Refused, View, Visit, Words
from sync.cases import CasesListed, CaseTold, InBoth

WORDS: Final[Words] = {
    "cases": ("Случаи", "Cases"),
    "cases_one": ("Случай", "Case"),
    "cases_kind": ("Вид", "Kind"),
    "cases_store": ("Магазин", "Store"),
    "cases_till": ("Касса", "Till"),
    "cases_state": ("Состояние", "State"),
    "cases_open": ("открытые", "open"),
    "cases_settled": ("решённые", "settled"),
    "cases_opened": ("Открыт", "Opened"),
    "cases_what": ("Что случилось", "What happened"),
    "cases_sale": ("Чек", "Receipt"),
    "cases_cost": ("Цена вопроса", "Cost"),
    "cases_cost_points": ("{points} баллов", "{points} points"),
    "cases_none": ("Открытых случаев нет.", "No case is open."),
    "cases_more": ("Дальше", "More"),
    "cases_member": ("Участник", "Member"),
    "cases_nobody": ("не назван", "none is named"),
    "cases_card": ("Карта", "Card"),
    "cases_card_of_nobody": ("{card}, ни у кого", "{card}, nobody has it"),
    "cases_card_of": ("{card}, сейчас у {member}", "{card}, {member} has it now"),
    "cases_promised": ("Обещано покупателю", "Promised to the customer"),
    "cases_promised_redeemed": ("списано {points}", "{points} spent"),
    "cases_promised_earned": ("начислено {points}", "{points} earned"),
    "cases_history": ("До и после", "Before and after"),
    "cases_history_none": ("По участнику и карте больше ничего нет.", "Nothing else for its member or card."),
    "cases_decide": ("Что сделать", "What to do"),
    "cases_decide_how": ("Цифра выбирает, Enter решает.", "A digit chooses, Enter settles."),
    "cases_points": ("Сколько баллов", "How many points"),
    "cases_points_how": (
        "Пусто: сколько сказано в случае. У «Исправить счёт» минус снимает.",
        "Empty: as many as the case says. For «Adjust» a minus takes.",
    ),
    "cases_books": ("{points} баллов", "{points} points"),
    "cases_asks_points": ("впишите, сколько", "say how many"),
    "cases_asks_member": ("впишите, чей счёт", "say whose account"),
    "cases_asks_operation": ("впишите операцию", "say the operation"),
    "cases_whose": ("Чей счёт: карта, телефон или номер участника", "Whose account: a card, a phone or a member's id"),
    "cases_operation": ("Операция, которой записано заново", "The operation by which it was recorded again"),
    "cases_note": ("Заметка", "Note"),
    "cases_settle": ("Решить", "Settle"),
    "cases_done": ("{id}: решено. {remedy}", "{id}: settled. {remedy}"),
    "cases_settled_by": ("Решил", "Settled by"),
    "cases_booked": ("Проведено", "Booked"),
    "cases_next": ("Следующий случай", "The next case"),
    "cases_choose": ("Выберите, что сделать.", "Choose what to do."),
    "cases_not_number": ("Сколько баллов, пишут числом.", "How many points is a number."),
    "cases_missing_points": ("Впишите, сколько баллов.", "Say how many points."),
    "cases_missing_member": ("Впишите, чей это счёт.", "Say whose account it is."),
    "cases_missing_operation": (
        "Впишите операцию, которой записано заново.",
        "Say by which operation it was recorded.",
    ),
    "no_no_such_case": ("Такого случая здесь нет.", "There is no such case here."),
    "no_case_too_much": (
        "Столько один человек не начисляет. Исправьте баллы на странице участника: подарок подождёт второго.",
        "One person alone adds less. Correct the points on the member's page: the gift waits for a second one.",
    ),
    "no_case_owes_nothing": (
        "Долга уже нет, списывать нечего. Выберите «Взыскать в следующий визит».",
        "Nothing is owed any more. Choose to collect on the next visit.",
    ),
    "no_case_nobody": (
        "Такого участника нет. Впишите карту, телефон или номер участника.",
        "There is no such member. Say a card, a phone or a member's id.",
    ),
    "no_case_of_another": ("Этот участник другой программы.", "That member is of another programme."),
    "no_case_no_operation": ("Такой операции нет.", "There is no such operation."),
    "no_case_operation_refused": (
        "Эту операцию тоже не приняли. Впишите ту, которой записано заново.",
        "That operation was refused too. Say the one by which it was recorded again.",
    ),
    "no_case_note": ("Заметка: одна строка до 200 букв.", "A note is one line of up to 200 letters."),
    "no_case_how_many": ("Впишите, сколько баллов: минус снимает.", "Say how many points: a minus takes."),
    "no_case_no_sign": ("Впишите, сколько баллов, без минуса.", "Say how many points, without a minus."),
    "no_case_books_none": (
        "Это решение ничего не проводит: уберите баллы и участника, или выберите другое.",
        "That books nothing: take points and member away, or choose another.",
    ),
    "no_case_only_again": (
        "Операцию называют только для «записано заново».",
        "An operation is named only where it was recorded again.",
    ),
    "no_case_not_so": ("Так этот случай не решают.", "This case is not settled so."),
    "no_case_settled": ("Случай уже решён кем-то другим.", "Somebody has settled the case already."),
}


def _list(visit: Visit) -> Response:
    chosen = {name: visit.typed.one(name) for name in ("kind", "store", "till", "after")}
    chosen["state"] = visit.typed.one("state", "open")
    found: CasesListed = visit.do("cases", chosen)
    return visit.show(
        "cases.html",
        title="cases",
        found=found,
        chosen=chosen,
        more=_more(chosen, found),
        kind_words=lambda kind: kind_said(kind, visit.language),
        zone=zone_of(visit, ""),
        in_words=lambda said: in_words(visit, said),
        address=address,
    )


def _more(chosen: dict[str, str], found: CasesListed) -> str | None:
    if not found.more:
        return None
    return "/cases?" + urlencode({**chosen, "after": found.cases[-1].id})


def _one(visit: Visit) -> Response:
    told: CaseTold = visit.do("case", {"id": visit.path["id"]})
    return visit.show(
        "case.html",
        title=f"{visit.say('cases_one')} {told.line.id}",
        told_case=told,
        zone=zone_of(visit, told.programme),
        in_words=lambda said: in_words(visit, said),
        address=address,
    )


def _settle(visit: Visit) -> Response:
    """Then the next one, so that a queue is worked off by two keys each."""
    id, remedy = visit.path["id"], visit.typed.one("remedy")
    if not remedy:
        raise Refused("cases_choose")
    before: CaseTold = visit.do("case", {"id": id})
    body = {"id": id, "remedy": remedy, "note": visit.typed.one("note"), "points": number_in(visit, "points")}
    body |= {name: visit.typed.one(name) or None for name in ("member", "operation")}
    for asked in next((one.asks for one in before.remedies if one.remedy == remedy), ()):
        if not body[asked]:
            raise Refused(f"cases_missing_{asked}")
    told: CaseTold = visit.do("settle_case", body)
    done = told.settled.remedy if told.settled is not None else InBoth("", "")
    to = address(before.next) if before.next is not None else "/cases"
    return visit.go(to, visit.say("cases_done", id=id, remedy=in_words(visit, done)))


CASES: Final = Page(
    path="/cases",
    title="cases",
    right="see_day",
    words=WORDS,
    views=(
        View("GET", "/cases", _list),
        View("GET", "/cases/{id:path}", _one),
        View("POST", "/cases/{id:path}", _settle, "settle_cases"),
    ),
)


# the pieces, for other pages too


def address(id: str) -> str:
    return f"/cases/{quote(id)}"


def in_words(visit: Visit, said: InBoth) -> str:
    return said.ru if visit.language == "ru" else said.en


def number_in(visit: Visit, name: str) -> int:
    """0 where nothing was typed. Raises Refused."""
    text = "".join(visit.typed.one(name).split()).replace("−", "-")
    if not text:
        return 0
    digits = text[1:] if text[:1] in "+-" else text
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 9):
        raise Refused("cases_not_number")
    return int(text)


def zone_of(visit: Visit, programme: str) -> tzinfo:
    return visit.hub.zone_of(programme or next(iter(visit.hub.programmes), ""))
