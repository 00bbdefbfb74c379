"""In by the members' account: the browser goes there with a `state`, and comes back with a code."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from example_shop.hub_api import HubSaysNo
from example_shop.visit import Visit

BACK = "/in"  # what `pos-hub shop add --back` names


def leave_for_account(visit: Visit) -> Response:
    visit.session.state = secrets.token_urlsafe(16)
    visit.keep()
    house = visit.house
    asked = {"shop": house.hub.name, "back": house.here + BACK, "state": visit.session.state, "lang": visit.language}
    return RedirectResponse(f"{house.account}/connect?{urlencode(asked)}", status_code=303)


def come_back(visit: Visit) -> Response:
    """Only what this browser has begun; from then on it has another cookie."""
    state, visit.session.state = visit.session.state, ""
    visit.keep()
    if not state or not secrets.compare_digest(state.encode(), visit.typed.one("state").encode()):
        return visit.go("/", visit.say("wrong_state"))
    code = visit.typed.one("code")
    if not code:
        return visit.go("/", visit.say("not_allowed"))
    try:
        told = visit.house.hub.do("/links", {"code": code[:100]}, f"link-{state}")
    except HubSaysNo as no:
        return visit.go("/", visit.of(no.text))
    _sign_in(visit, told["token"], told["customer"], told.get("name", ""))
    return visit.go("/basket" if visit.house.book.basket(visit.owner) else "/", visit.say("signed_in"))


def _sign_in(visit: Visit, token: str, customer: str, name: str) -> None:
    book, before = visit.house.book, visit.session
    after = book.begin()
    after.token, after.customer, after.name, after.language = token, customer, name, before.language
    book.moved(before.owner, after.owner)
    book.end(before)
    visit.session = after
    visit.keep()


def sign_out(visit: Visit) -> Response:
    token, book = visit.session.token, visit.house.book
    if token:
        visit.house.hub.do("/links/end", {"token": token}, f"end-{secrets.token_hex(8)}")
    language = visit.session.language
    book.end(visit.session)
    visit.session = book.begin()
    visit.session.language = language
    return visit.go("/", visit.say("signed_out"))
