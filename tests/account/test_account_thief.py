"""A member of the programme who would have what is another's, and whoever would get in without being anybody
(tests/account/thief.py; docs/security.md)."""

from __future__ import annotations

import difflib
import html
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit

import pytest
import requests

from account.api.calls import CALLS
from account.api.described import PREFIX
from account.app import ONE_CLICK, account_app
from account.hub_desk import HubSaysNo
from account.menu import PAGES
from account.passwords import Passwords
from account.store.sqlite import SqliteStore
from account.tries import Guessed, Tries, pause_after
from account.visit import View
from hub.face.tills import hub_app
from sync.account.codes import CheckCode, CodeProved, CodeSent, SendCode
from tests.account.conftest import Account
from tests.account.thief import (
    TALLIED,
    THIEF,
    VICTIM,
    Ask,
    Browser,
    asks,
    card_of,
    leaks_in,
    loot,
    rows_of,
    sample,
    shape,
    unknown_like,
    with_everything,
)
from tests.hub.conftest import NOW
from tests.one_port import Server

ASKED: Final = int(os.environ.get("THIEF_ASKS", "130"))
PASSWORD: Final = "correct horse battery"
POSTS: Final = [view for page in PAGES for view in page.views if view.method == "POST"]
LOOKS: Final = [view for page in PAGES for view in page.views if view.method == "GET" and "{" not in view.path]


@pytest.fixture
def town(account: Account, account_server: Server) -> Iterator[Account]:
    """Nobody asks too often: the clock of rates goes on with each request."""
    turns = iter(range(10**9))
    account_server.app = account_app(account.desk, account.store, now=lambda: NOW, now_s=lambda: float(next(turns)))
    with_everything(account)
    yield account


@pytest.mark.parametrize("who", [THIEF, ""])
def test_nothing_of_another_is_told_or_changed_whatever_id_is_asked_for(town: Account, who: str) -> None:
    seed = int(os.environ.get("THIEF_SEED", random.randrange(10**6)))
    ids = loot(town)
    needles = [VICTIM, card_of(town, 4_002)]
    before = rows_of(town.office.path, needles)
    browser = Browser(town, who)
    asked = sample([ask for ask in asks(ids) if who or ask.open], ASKED, seed)
    leaks, apart, said = [], [], set[str]()
    for ask in asked:
        said.add(ask.id)
        answer = browser.ask(ask)
        leaks += [(ask, told) for told in leaks_in(answer, said, ids)]
        nobody_s = unknown_like(town, ask.id)
        other = Ask(
            ask.method,
            ask.path.replace(quote(ask.id, safe="/"), quote(nobody_s, safe="/")),
            ask.how,
            {name: nobody_s if value == ask.id else value for name, value in ask.sent.items()},
            nobody_s,
        )
        for _ in range(3):  # what differs once is a limit that was reached, or what the one before has done
            told, of_nobody = shape(answer, ask.id), shape(browser.ask(other), nobody_s)
            if told == of_nobody:
                break
            answer = browser.ask(ask)
        else:
            apart.append((ask, nobody_s, *_difference(told, of_nobody)))
        assert answer.status_code < 500, (seed, ask, answer.text)
    assert not leaks, (seed, leaks[:5])
    assert not apart, (seed, apart[:5])
    gone = {row for row in before - rows_of(town.office.path, needles) if row[0] not in TALLIED}
    assert not gone, (seed, gone)


def _difference(told: tuple[int, str], of_nobody: tuple[int, str]) -> list[str]:
    one, other = (f"{status}\n{text}".splitlines() for status, text in (told, of_nobody))
    lines = difflib.unified_diff(one, other, lineterm="", n=0)
    return [line for line in lines if line[:2] not in ("++", "--", "@@")][:6]


# in a member's name


BY_LINK: Final = "/stop/{token}"  # by which mail programs stop advertising (RFC 8058): no cookie counts there
ORIGINS: Final = (None, "null", "https://evil.example", "http://127.0.0.1", "http://localhost:1")


def test_no_other_page_sends_a_form_in_his_name(town: Account) -> None:
    """CSRF: each form and each call, with his cookie."""
    browser = town.client(THIEF)
    for origin in ORIGINS:
        _sends_nothing(town, browser.browser, origin)
    assert town.sessions.of(browser.browser.cookies["account"]) is not None


def _sends_nothing(town: Account, browser: requests.Session, origin: str | None) -> None:
    how: dict[str, Any] = {"headers": {} if origin is None else {"Origin": origin}, "timeout": 20}
    before = rows_of(town.office.path, [THIEF])
    for view in POSTS:
        if origin is None and view.path == BY_LINK:
            continue
        answer = browser.post(town.url + _there(view), data={"key": "k"}, allow_redirects=False, **how)
        by_its_link = origin is None and view.path.startswith(ONE_CLICK)  # of no cookie, and this one leads nowhere
        assert answer.status_code == (409 if by_its_link else 403), (view.path, origin)
    for call in CALLS:
        if origin is not None and call.method != "GET":
            answer = browser.request(call.method, town.url + PREFIX + call.path, json={}, **how)
            assert answer.status_code == 403, (call.path, origin)
    assert rows_of(town.office.path, [THIEF]) == before


def test_a_cookie_that_somebody_else_has_put_there_is_never_his(town: Account) -> None:
    """Session fixation: of a visitor, of nobody, of the thief's own."""
    for fixed in ("x" * 43, town.cookie_of(THIEF)):
        browser = town.client()
        browser.browser.cookies.set("account", fixed)
        browser.post("/sign-in/password", {"login": "+79161112233", "password": "wrong"}, allow_redirects=False)
        found = town.sessions.of(fixed)
        assert found is None or found.member == THIEF
    visitor, session = town.sessions.begin("", "ru", "")
    session.state = {"told": "x"}
    town.sessions.keep(session)
    mine, _ = town.sessions.begin(VICTIM, "ru", "")
    assert mine != visitor and town.sessions.of(visitor) is not None  # and whoever signs in gets another


@pytest.mark.parametrize(("scheme", "name"), [("http", "account"), ("https", "__Host-account")])
def test_a_cookie_is_for_this_host_alone_and_for_no_script(
    town: Account, account_server: Server, scheme: str, name: str
) -> None:
    """Over https, which the shop's proxy says, with a name that browsers take from no neighbour."""
    app = account_server.app
    assert app is not None

    async def brought(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "scheme": scheme}, receive, send)

    account_server.app = brought
    Passwords(town.store, lambda: NOW).keep(THIEF, PASSWORD)
    headers, typed = {"Origin": town.url.replace("http", scheme)}, {"login": "+79161234567", "password": PASSWORD}
    answer = town.client().post("/sign-in/password", typed, headers=headers, allow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{name}=") and "domain" not in cookie.lower()
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
    assert ("Secure" in cookie) is (scheme == "https")
    assert ("strict-transport-security" in answer.headers) is (scheme == "https")


# where he is led, and what stands in headers

AWAY: Final = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/%09/evil.example",
    "/ok\r\nSet-Cookie: account=evil",
    "/\u2028/evil",
    "///evil.example",
    "@evil.example",
)


def test_nobody_is_led_to_another_host(town: Account) -> None:
    """Open redirects: where he is going when he is in, and all links of the pages on the way."""
    Passwords(town.store, lambda: NOW).keep(THIEF, PASSWORD)
    for next in AWAY:
        _is_not_led_away(town, next)


def _is_not_led_away(town: Account, next: str) -> None:
    typed = {"login": "+79161234567", "password": PASSWORD, "next": next}
    answer = town.client().post("/sign-in/password", typed, allow_redirects=False)
    assert answer.status_code == 303, answer.text
    location = answer.headers["location"]
    assert location == "/" or (urljoin(town.url, location).startswith(town.url + "/") and "evil" not in _host(location))
    assert "evil" not in answer.headers.get("set-cookie", "")
    looks = [
        town.client(who).get(path, params={"next": next, "lang": "en"})
        for who, path in (("", "/sign-in"), (THIEF, "/"))
    ]
    for look in looks:
        for link in re.findall(r'(?:href|action|src)="([^"]*)"', look.text):
            assert urlsplit(urljoin(town.url, html.unescape(link).replace("\\", "/"))).hostname == "127.0.0.1", link


def _host(location: str) -> str:
    return urlsplit(location.replace("\\", "/")).netloc


def test_whatever_stands_in_a_header_is_no_header_of_the_answer(town: Account) -> None:
    """Host and header injection; each of them is refused or plays no part."""
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "evil.example:80", ""):
        assert requests.get(town.url + "/sign-in", headers={"Host": host}, timeout=20).status_code in (400, 421), host
    for name in ("X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "Forwarded"):
        answer = town.client(THIEF).get("/", headers={name: "evil.example"})
        assert answer.status_code == 200 and "evil.example" not in f"{answer.headers}{answer.text}"
    answer = town.client().get("/?lang=en%0d%0aSet-Cookie:%20account=evil", allow_redirects=False)
    assert "set-cookie" not in answer.headers and "\n" not in answer.headers["location"]
    method = town.client(THIEF).post("/", {"_method": "DELETE"}, headers={"X-HTTP-Method-Override": "GET"})
    assert method.status_code == 405


def test_who_comes_in_and_what_is_refused_is_noted_without_what_was_typed(
    town: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "account.security")
    Passwords(town.store, lambda: NOW).keep(THIEF, PASSWORD)
    browser = town.client()
    for password in ("wrong horse", PASSWORD):
        browser.post("/sign-in/password", {"login": "+79161234567", "password": password})
    browser.post("/sign-out")
    told = [record.getMessage() for record in caplog.records if record.name == "account.security"]
    assert len(told) == 3 and "403" in told[0] and "now -" in told[2], told
    assert not [word for word in ("horse", "9161234567", THIEF) if word in caplog.text]


def test_every_answer_says_what_a_browser_may_do_with_it(town: Account) -> None:
    """Signed in nothing is kept, nothing is framed, no script but the house's own runs, no foreign host is asked."""
    for who in (THIEF, ""):
        for view in LOOKS:
            answer = town.client(who).get(view.path, allow_redirects=False)
            headers = answer.headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
            assert headers["x-content-type-options"] == "nosniff", view.path
            assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
            assert headers["referrer-policy"] == "same-origin"
            if "text/html" in headers.get("content-type", ""):
                assert headers["cache-control"] == "no-store", view.path
                assert not re.search(r"<script(?![^>]*\ssrc=)|\son\w+=|style=", answer.text), view.path
            assert "server" not in headers or "/" not in headers["server"]


# who is a member


@pytest.mark.parametrize("kind", ["phone", "card"])
def test_known_and_unknown_are_told_the_same(town: Account, kind: str) -> None:
    """By a code and by a password, but for what is drawn. How long it takes: benchmarks/account_pages.py."""
    known = "+79161112233" if kind == "phone" else card_of(town, 4_002)
    answers = set()
    for text in (known, unknown_like(town, known)):
        told = Browser(town, "").ask(Ask("POST", f"{PREFIX}/codes", "json", {"purpose": "enter", kind: text}, text))
        assert told.status_code == 200
        answers.add((len(told.content), *shape(told, text), *sorted({*told.headers} - {"date"})))
        login = {"login": text, "password": "whatever it is"}
        wrong = Browser(town, "").ask(Ask("POST", "/sign-in/password", "form", login, text))
        answers.add((*shape(wrong, text), *sorted({*wrong.headers} - {"date"})))
    assert len(answers) == 2, answers


def test_guesses_at_passwords_wait_longer_whoever_tries_and_a_start_forgets_none(town: Account) -> None:
    """From any number of addresses at one member: 5 at once, then one more after 30 s, 60 s … 15 min: in a day 104; and
    from one address at all members: 30, and then as slowly."""
    tries = Tries(SqliteStore(Path(town.store.name)), lambda: NOW)  # another start of the account
    statuses = Counter(_guess(town, "+79161112233", f"guess {n}") for n in range(7))
    assert statuses == {403: 5, 429: 2}, statuses
    assert tries.begin(Guessed("login", "+79161112233", 5)) > 0
    assert _guesses_in_a_day(5) == 104 and _guesses_in_a_day(30) == 129


def _guess(town: Account, login: str, password: str) -> int:
    return town.client().post("/sign-in/password", {"login": login, "password": password}).status_code


def _guesses_in_a_day(free: int) -> int:
    guessed, at_s = 0, 0
    while at_s < 24 * 3600:
        guessed += 1
        at_s += pause_after(guessed, free)
    return guessed


def test_a_code_is_guessed_once_in_years(town: Account, hub_server: Server) -> None:
    """Ten thousand codes, five tries at each, so many codes a day: docs/security.md reckons it."""
    sent = town.desk.ask("send_code", SendCode(purpose="enter", phone="+79161112233"), CodeSent)
    answers = Counter(_check(town, sent.id, f"{n:04}") for n in range(8))
    assert answers["code_no_tries"] >= 3 and answers["code_wrong"] <= 5, answers
    town.office.restart()  # the hub forgets nothing
    hub_server.app = hub_app(town.hub)
    assert _check(town, sent.id, "9999") == "code_no_tries"


def _check(town: Account, id: str, digits: str) -> str:
    try:
        town.desk.ask("check_code", CheckCode(id=id, digits=digits), CodeProved)
    except HubSaysNo as no:
        return no.code
    return "right"


# what is sent twice


def test_every_form_has_a_key_of_its_own(town: Account) -> None:
    """So that whatever is sent twice is one order: derived from the forms that pages show."""
    without = set()
    for view in LOOKS:
        page = town.client(THIEF).get(view.path)
        for form in re.findall(r"<form[^>]*>.*?</form>", page.text, re.S):
            if 'method="post"' in form and 'name="key"' not in form:
                without.add(re.findall(r'action="([^"]*)"', form)[0])
    assert without <= KEYLESS, without - KEYLESS


KEYLESS: Final = {  # what twice is the same as once, and orders nothing of the hub
    *("/sign-out", "/sign-in/password", "/profile/devices/end", "/profile/devices/others"),
    *("/register/card", "/register/no-card"),
}


def _there(view: View) -> str:
    return re.sub(r"\{\w+(:\w+)?\}", "x", view.path)
