"""The second person from afar: somebody at a till reads a challenge out, and is read the code that answers for it."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from hub.desk.staff_acts import AnswerCode
from hub.office.pages.cases import zone_of
from hub.office.visit import Page, Refused, View, Visit, Words
from hub.staff.book import answers

SHOWN_MAX: Final = 20

WORDS: Final[Words] = {
    "second": ("Второй человек", "Second person"),
    "second_how": (
        "С кассы звонят и читают запрос из 8 знаков. Спросите, что за шаг, и ответьте кодом: вы отвечаете за этот шаг.",
        "A till calls and reads out 8 letters and digits. Ask for what step, and read the code back: you answer.",
    ),
    "second_challenge": ("Запрос с кассы", "The till's challenge"),
    "second_about": ("Что за шаг: касса, чек, сумма", "What step: till, receipt, sum"),
    "second_answer": ("Дать код", "Give the code"),
    "second_code_is": (
        "Код для {challenge}: {code}. Действует на этот один шаг, 15 минут.",
        "The code for {challenge} is {code}. It is good for this one step, for 15 minutes.",
    ),
    "second_why": ("Напишите, за какой шаг отвечаете.", "Say what step you answer for."),
    "second_given": ("Ответы офиса", "What the office answered for"),
    "second_who": ("Кто", "Who"),
    "second_when": ("Когда", "When"),
    "no_no_challenge": (
        "В запросе 8 букв и цифр, как K7Q2-M4XD.",
        "A challenge has 8 letters and digits, like K7Q2-M4XD.",
    ),
}


def _page(visit: Visit) -> Response:
    with visit.hub.store.reading() as reader:
        given = answers(reader)[: -SHOWN_MAX - 1 : -1]
    return visit.show("second.html", title="second", given=given, zone=zone_of(visit, ""))


def _answer(visit: Visit) -> Response:
    challenge, about = visit.typed.one("challenge"), visit.typed.one("about")
    if not about:
        raise Refused("second_why")
    done: AnswerCode = visit.do("answer_for_step", {"challenge": challenge[:40], "about": about})
    return visit.go("/second", visit.say("second_code_is", challenge=challenge, code=done.code))


SECOND: Final = Page(
    path="/second",
    title="second",
    right="be_second",
    words=WORDS,
    views=(View("GET", "/second", _page), View("POST", "/second", _answer)),
)
