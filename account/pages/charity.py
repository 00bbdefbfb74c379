"""Charity (P15): points to a fund, at once and for good, and what the chain adds of its own."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from account.pages.giving import Asked, asked_of, in_his, in_steps, partner_of, partners_of, shown
from account.visit import Page, View, Visit
from loyalty.wording import rubles_text
from sync.account.partners import AskExchanges, ExchangesTold, FundGiven, GiveToFund
from web.language import Words

WORDS: Final[Words] = {
    "charity": ("Благотворительность", "Charity"),
    "charity_why": (
        "Отдайте {currency} фонду: мы переведём ему рубли.",
        "Give {currency} to a fund: we pay it rubles for them.",
    ),
    "charity_none": ("Фондов сейчас нет.", "There are no funds just now."),
    "charity_rate": ("{points} → фонду {units}", "{points} → {units} for the fund"),
    "charity_matched": ("и ещё {units} от нас", "and {units} more from us"),
    "charity_doubled": ("Каждый ваш рубль мы удваиваем.", "We double each ruble of yours."),
    "charity_do": ("Отдать", "Give"),
    "charity_do_to": ("Отдать: {name}", "Give: {name}"),
    "charity_free": ("Можно отдать: {points}", "You may give {points}"),
    "charity_points": ("Сколько {of_currency}", "How many {currency}"),
    "charity_points_how": ("От {least}, делится на {step}", "From {least} on, in steps of {step}"),
    "charity_look": ("Посмотреть, что получит фонд", "See what the fund gets"),
    "charity_check": ("Проверьте", "Check it"),
    "charity_gives": ("Отдаёте", "You give"),
    "charity_from_you": ("Фонд получит за вас", "The fund gets for you"),
    "charity_from_us": ("И от нас", "And from us"),
    "charity_all": ("Всего фонду", "In all"),
    "charity_final": ("Отданное назад не возвращается.", "What was given does not come back."),
    "charity_sure": ("Отдать {points}", "Give {points}"),
    "charity_change": ("Исправить", "Change it"),
    "charity_code": ("Код из SMS", "Code from the message"),
    "charity_code_sent": (
        "Для такой суммы нужен код. Мы отправили его на ваш телефон.",
        "So many need a code. We sent it to your phone.",
    ),
    "charity_done": (
        "Спасибо! Фонд «{name}» получит {all}: {yours} за вас и {ours} от нас.",
        "Thank you! {name} gets {all}: {yours} for you, and {ours} from us.",
    ),
    "charity_done_alone": ("Спасибо! Фонд «{name}» получит {all}.", "Thank you! {name} gets {all}."),
    "charity_to_points": ("Посмотреть в истории", "See it in your history"),
    "charity_funds": ("К фондам", "To the funds"),
}


def _funds(visit: Visit) -> Response:
    return visit.show("charity.html", title="charity", funds=partners_of(visit, charity=True), **shown(visit))


def _form(visit: Visit) -> Response:
    return _shown(visit, Asked(partner_of(visit, charity=True), 0, None))


def _give(visit: Visit) -> Response:
    asked = asked_of(visit, partner_of(visit, charity=True))
    came = in_steps(visit, asked, lambda proof: _given(visit, asked, proof))
    return visit.go("/charity", came) if isinstance(came, str) else _shown(visit, came)


def _given(visit: Visit, asked: Asked, proof: str) -> str:
    """What is said of it."""
    body = GiveToFund(fund=asked.partner.id, points=asked.points, proof=proof)
    told = visit.ask("give_to_fund", body, FundGiven)
    return visit.say(
        "charity_done" if told.matched_kopecks else "charity_done_alone",
        name=in_his(visit, asked.partner.name),
        all=rubles_text(told.kopecks + told.matched_kopecks, visit.language),
        yours=rubles_text(told.kopecks, visit.language),
        ours=rubles_text(told.matched_kopecks, visit.language),
    )


def _shown(visit: Visit, asked: Asked) -> Response:
    return visit.show(
        "charity_one.html",
        title=in_his(visit, asked.partner.name),
        free=visit.ask("exchanges", AskExchanges(), ExchangesTold).free,
        **shown(visit, asked),
    )


CHARITY: Final = Page(
    path="/charity",
    title="charity",
    words=WORDS,
    views=(
        View("GET", "/charity", _funds, open=True),
        View("GET", "/charity/{id}", _form),
        View("POST", "/charity/{id}", _give),
    ),
)
