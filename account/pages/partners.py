"""Partners (P7): who takes points for what, open to everybody; and exchange (P13, P14): my number there, how many
points, what comes for them, and then what became of it."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from account.pages import giving
from account.pages.giving import Asked, asked_of, in_his, in_steps, partner_of, partners_of, shown
from account.visit import Page, View, Visit
from sync.account.partners import (
    NUMBER_LETTERS_MAX,
    AskExchanges,
    AskOneExchange,
    Exchange,
    ExchangesTold,
    ExchangeTold,
)
from web.language import Words

WORDS: Final[Words] = {
    **giving.WORDS,
    "partners": ("Партнёры", "Partners"),
    "partners_why": (
        "Здесь {currency} превращаются в рубли и мили у наших партнёров.",
        "Here your {currency} become rubles and miles at our partners.",
    ),
    "partners_none": ("Партнёров сейчас нет.", "There are no partners just now."),
    "partners_rate": ("{points} → {units}", "{points} → {units}"),
    "partners_least": ("Обмен от {points}", "From {points} on"),
    "partners_from": ("с {day}", "from {day}"),
    "partners_until": ("по {day} включительно", "until {day}"),
    "partners_always": ("без срока", "without an end"),
    "partners_terms": ("Условия", "Conditions"),
    "partners_do": ("Обменять", "Exchange"),
    "partners_do_at": ("Обменять: {name}", "Exchange: {name}"),
    "partners_not_now": ("Обмен сейчас не идёт.", "Nothing is exchanged here just now."),
    "partners_in": ("Войдите, чтобы обменять.", "Sign in to exchange."),
    "partners_charity": ("Отдать {currency} на благотворительность", "Give {currency} to charity"),
    "partners_mine": ("Мои обмены", "My exchanges"),
    "partners_free": ("Можно обменять: {points}", "You may exchange {points}"),
    "partners_number_how": ("Например, {example}", "For example, {example}"),
    "partners_number_sure": (
        "Проверьте номер: обменянное назад не возвращается.",
        "Check the number: what was exchanged does not come back.",
    ),
    "partners_points": ("Сколько {of_currency}", "How many {currency}"),
    "partners_lacks": (
        "Обмен от {least}. До него вам не хватает: {points}.",
        "Exchanges begin with {least}. You lack {points}.",
    ),
    "partners_points_how": ("От {least}, делится на {step}", "From {least} on, in steps of {step}"),
    "partners_day_most": ("За день до {points}", "Up to {points} a day"),
    "partners_month_most": ("За месяц до {points}", "Up to {points} a month"),
    "partners_look": ("Посмотреть, что получится", "See what comes of it"),
    "partners_check": ("Проверьте", "Check it"),
    "partners_gives": ("Отдаёте", "You give"),
    "partners_gets": ("Получаете", "You get"),
    "partners_where": ("Куда", "Where"),
    "partners_sure": ("Обменять {points}", "Exchange {points}"),
    "partners_change": ("Исправить", "Change it"),
    "partners_code": ("Код из SMS", "Code from the message"),
    "partners_code_sent": (
        "Для такой суммы нужен код. Мы отправили его на ваш телефон.",
        "So many need a code. We sent it to your phone.",
    ),
    "partners_one": ("Обмен", "Exchange"),
    "partners_made": ("Заказан", "Ordered"),
    "partners_id": ("Номер обмена", "Exchange number"),
    "partners_state": ("Что с ним", "What of it"),
    "partners_is_new": ("Спрашиваем партнёра", "We are asking the partner"),
    "partners_is_asked": ("Партнёр не ответил", "The partner has not answered"),
    "partners_is_odd": ("Разбираемся с партнёром", "We are sorting it out with the partner"),
    "partners_is_done": ("Готово", "Done"),
    "partners_is_refused": ("Партнёр отказал", "The partner refused"),
    "partners_is_voided": ("Отменён", "Cancelled"),
    "partners_then_new": (
        "{points} отложены. Обычно партнёр отвечает сразу: обновите страницу.",
        "{points} are put aside. The partner mostly answers at once: look again.",
    ),
    "partners_then_asked": (
        "Партнёр не отвечает с {at}. {points} отложены и никуда не денутся: спрашиваем снова, и наши сотрудники это"
        " видят.",
        "The partner has not answered since {at}. {points} are put aside and safe: we ask again, and our people see"
        " it.",
    ),
    "partners_then_odd": (
        "Партнёр ответил не то, о чём мы просили. {points} отложены, наши сотрудники разберутся.",
        "The partner answered something else than we asked. {points} are put aside, and our people sort it out.",
    ),
    "partners_then_done": ("{units} у партнёра.", "{units} are with the partner."),
    "partners_then_refused": (
        "{points} снова ваши. Проверьте свой номер у партнёра и попробуйте ещё раз.",
        "{points} are yours again. Check your number at the partner, and try again.",
    ),
    "partners_then_unknown_number": (
        "Партнёр не знает такого номера. {points} снова ваши: проверьте номер и попробуйте ещё раз.",
        "The partner does not know this number. {points} are yours again: check the number, and try again.",
    ),
    "partners_then_voided": ("{points} снова ваши.", "{points} are yours again."),
    "partners_again": ("Обновить", "Look again"),
    "partners_all": ("К партнёрам", "To the partners"),
    "no_no_exchange": ("У вас нет такого обмена. Откройте список.", "You have no such exchange. Open the list."),
}


def _partners(visit: Visit) -> Response:
    mine = visit.ask("exchanges", AskExchanges(), ExchangesTold).exchanges if visit.member else ()
    return visit.show(
        "partners.html",
        title="partners",
        partners=partners_of(visit, charity=False),
        has_funds=bool(partners_of(visit, charity=True)),
        mine=mine,
        **shown(visit),
    )


def _form(visit: Visit) -> Response:
    return _shown(visit, Asked(partner_of(visit, charity=False), 0, None))


def _exchange(visit: Visit) -> Response:
    partner = partner_of(visit, charity=False)
    came = in_steps(visit, asked_of(visit, partner), lambda proof: _ordered(visit, partner.id, proof))
    return visit.go(came) if isinstance(came, str) else _shown(visit, came)


def _ordered(visit: Visit, partner: str, proof: str) -> str:
    points = asked_of(visit, partner_of(visit, charity=False)).points
    body = Exchange(partner=partner, number=_number(visit), points=points, proof=proof)
    told = visit.ask("exchange", body, ExchangeTold)
    return f"/partners/exchanges/{told.id}"


def _number(visit: Visit) -> str:
    return visit.typed.one("number")[:NUMBER_LETTERS_MAX]


def _shown(visit: Visit, asked: Asked) -> Response:
    return visit.show(
        "partners_one.html",
        title=in_his(visit, asked.partner.name),
        number=_number(visit),
        number_most=NUMBER_LETTERS_MAX,
        free=visit.ask("exchanges", AskExchanges(), ExchangesTold).free,
        **shown(visit, asked),
    )


def _one(visit: Visit) -> Response:
    told = visit.ask("exchange_one", AskOneExchange(id=visit.path["id"][:64]), ExchangeTold)
    then = told.why if f"partners_then_{told.why}" in WORDS else told.state
    return visit.show("partners_exchange.html", title="partners_one", one=told, then=then, **shown(visit))


PARTNERS: Final = Page(
    path="/partners",
    title="partners",
    words=WORDS,
    views=(
        View("GET", "/partners", _partners, open=True),
        View("GET", "/partners/exchanges/{id}", _one),
        View("GET", "/partners/{id}", _form),
        View("POST", "/partners/{id}", _exchange),
    ),
)
