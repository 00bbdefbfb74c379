"""The door: in and out."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from account.visit import Page, View, Visit


def _door(visit: Visit) -> Response:
    return visit.show("door.html", title="door")


def _out(visit: Visit) -> Response:
    visit.sign_out()
    return visit.go("/sign-in")


DOOR: Final = Page(
    path="/sign-in",
    title="door",
    words={"door": ("Вход", "Sign in")},
    views=(View("GET", "/sign-in", _door, open=True), View("POST", "/sign-out", _out, open=True)),
)
