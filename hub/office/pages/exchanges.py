"""Points that were to go to a partner who has not answered, or says something else: asked again, or settled by hand
after a talk with him (P13, P14)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from hub.desk.act import ActRefused
from hub.desk.exchange_acts import OpenExchange, OpenExchanges
from hub.office.pages.cases import zone_of
from hub.office.visit import Page, View, Visit, Words

WORDS: Final[Words] = {
    "exchanges": ("Обмен у партнёров", "Exchanges at partners"),
    "exchanges_why": (
        "Баллы отложены, пока партнёр не ответит. Позвоните ему, назовите номер обмена и решите по его слову.",
        "Points are put aside until the partner answers. Call him, name the exchange, and settle it by what he says.",
    ),
    "exchanges_none": ("Партнёры ответили на всё.", "Partners have answered everything."),
    "exchanges_one": ("Обмен", "Exchange"),
    "exchanges_partner": ("Партнёр и номер у него", "Partner, and the number there"),
    "exchanges_sum": ("Баллы и что за них", "Points, and for what"),
    "exchanges_kopecks": ("{points} → {rubles}", "{points} → {rubles}"),
    "exchanges_miles": ("{points} → {units} миль", "{points} → {units} miles"),
    "exchanges_state": ("Что с ним", "What of it"),
    "exchanges_new": ("спрашиваем с {at}", "being asked for since {at}"),
    "exchanges_asked": ("партнёр не отвечает с {at}", "no answer since {at}"),
    "exchanges_odd": ("ждёт решения с {at}", "waits for you since {at}"),
    "exchanges_told": ("Партнёр говорит: {units}, номер {theirs}", "The partner says: {units}, number {theirs}"),
    "exchanges_told_kopecks": ("{rubles}", "{rubles}"),
    "exchanges_told_miles": ("{units} миль", "{units} miles"),
    "exchanges_no_number": ("номер забыт вместе с участником", "the number is forgotten with its member"),
    "exchanges_settle": ("Решить", "Settle"),
    "exchanges_ask": ("Спросить ещё раз", "Ask again"),
    "exchanges_asked_now": ("{id}: партнёра сейчас спросят.", "{id}: the partner is asked now."),
    "exchanges_reason": ("Что сказал партнёр", "What the partner said"),
    "exchanges_do_paid": ("Он дал: списать баллы", "He has given it: take the points"),
    "exchanges_do_freed": ("Он не даст: вернуть баллы", "He will not: free the points"),
    "exchanges_paid": ("{id}: баллы списаны.", "{id}: the points are taken."),
    "exchanges_freed": ("{id}: баллы снова у участника.", "{id}: the member has his points again."),
    "no_no_exchange": ("Такого обмена нет.", "There is no such exchange."),
    "no_exchange_step": (
        "Обмен уже в другом состоянии: откройте страницу заново.",
        "The exchange is in another state by now: open the page anew.",
    ),
    "no_reason": ("Напишите, что сказал партнёр: одной строкой.", "Say what the partner said, on one line."),
}


def _list(visit: Visit, refused: str = "") -> Response:
    told: OpenExchanges = visit.do("exchanges", {})
    return visit.show(
        "exchanges.html",
        title="exchanges",
        status=409 if refused else 200,
        told_exchanges=told.exchanges,
        differs=_differs,
        zone=zone_of(visit, ""),
        refused=refused,
    )


def _differs(exchange: OpenExchange) -> bool:
    return bool(exchange.told_units)


def _ask(visit: Visit) -> Response:
    return _done(visit, "exchange_ask", {"id": visit.typed.one("id")}, "exchanges_asked_now")


def _settle(visit: Visit) -> Response:
    outcome = "paid" if visit.typed.one("outcome") == "paid" else "freed"
    body = {"id": visit.typed.one("id"), "outcome": outcome, "reason": visit.typed.one("reason")}
    return _done(visit, "exchange_settle", body, f"exchanges_{outcome}")


def _done(visit: Visit, act: str, body: dict[str, str], said: str) -> Response:
    try:
        told: OpenExchange = visit.do(act, body)
    except ActRefused as refused:
        if f"no_{refused.code}" not in WORDS:
            raise
        return _list(visit, visit.say(f"no_{refused.code}"))
    return visit.go("/exchanges", visit.say(said, id=told.id))


EXCHANGES: Final = Page(
    path="/exchanges",
    title="exchanges",
    right="settle_exchanges",
    words=WORDS,
    views=(
        View("GET", "/exchanges", _list),
        View("POST", "/exchanges/ask", _ask),
        View("POST", "/exchanges/settle", _settle),
    ),
)
