"""The first page: what he has, and what dies next (P8, A7, A12)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from account.visit import Page, View, Visit


def _home(visit: Visit) -> Response:
    return visit.show("home.html", title="home", me=visit.me())


HOME: Final = Page(
    path="/",
    title="home",
    icon="home",
    words={
        "home": ("Главная", "Home"),
        "home_balance": ("На счёте", "On your account"),
        "home_ends": ("{points} сгорят после {day}", "{points} die after {day}"),
    },
    views=(View("GET", "/", _home),),
)
