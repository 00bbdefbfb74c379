"""Help without people (P35): the hotline, questions with their answers, and the way to ask somebody. For everybody."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from account.figures import figures_in_words
from account.phones import phone_shown
from account.questions import LOOKED_FOR_LETTERS_MAX, Answered, answered, joined, looked_for, ours
from account.shops import opening_text
from account.visit import Page, View, Visit
from loyalty.opening import opening_at, week_lines
from web.language import Words

OPEN_AT_ONCE: Final = 3  # of what was found, so many answers are read without a press

WORDS: Final[Words] = {
    "help": ("Помощь", "Help"),
    "help_hotline": ("Горячая линия", "Hotline"),
    "help_hotline_free": ("Звонок по России бесплатный.", "Calls within Russia are free."),
    "help_mail": ("Написать: {mail}", "Write to {mail}"),
    "help_look": ("О чём спросить", "What is it about"),
    "help_look_do": ("Найти ответ", "Find the answer"),
    "help_look_how": ("Например: сколько живут, потерял карту", "Such as: how long, lost my card"),
    "help_found": ("Нашлось", "Found"),
    "help_not_found": (
        "Такого вопроса здесь нет. Скажите иначе или посмотрите все вопросы.",
        "There is no such question here. Say it otherwise, or see all questions.",
    ),
    "help_all": ("Все вопросы", "All questions"),
    "help_questions": ("Вопросы и ответы", "Questions and answers"),
    "help_more": ("Не нашли ответа?", "No answer here?"),
    "help_shops": ("Магазины и часы работы", "Shops and their hours"),
}


def _help(visit: Visit) -> Response:
    text = visit.typed.one("q").strip()[:LOOKED_FOR_LETTERS_MAX]
    all_of_them = _questions(visit)
    return visit.show(
        "help.html",
        title="help",
        text=text,
        questions=looked_for(all_of_them, text),
        at_once=OPEN_AT_ONCE if text else 0,
        hotline=_hotline(visit),
    )


def _questions(visit: Visit) -> list[Answered]:
    house, language = visit.house, visit.language
    programme = house.programme()
    figures = figures_in_words(house.figures(), programme, house.settings, language)
    return answered(joined(ours(programme.id), house.settings.questions), figures, language)


def _hotline(visit: Visit) -> dict[str, object]:
    hotline = visit.house.settings.hotline
    if hotline is None:
        return {}
    local = visit.local()
    opening = opening_at(hotline.hours, local)
    return {
        "phones": [(phone, phone_shown(phone)) for phone in hotline.phones],
        "is_free": any(phone.startswith("+7800") for phone in hotline.phones),
        "hours": week_lines(hotline.hours.week, visit.language),
        "is_open": opening.is_open,
        "now": opening_text(visit.house.words, opening, local, visit.language) if opening.is_known else "",
    }


HELP: Final = Page(path="/help", title="help", words=WORDS, views=(View("GET", "/help", _help, open=True),))
