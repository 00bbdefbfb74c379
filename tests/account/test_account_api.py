"""The account's face for programs: its table, who is heard, and what is answered."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
import requests

from account.api.calls import CALLS
from account.api.described import PREFIX
from account.api.problems import MEDIA_TYPE
from account.app import A_SECOND, AT_ONCE, WORDS, account_app
from account.codes import TOLD_FROM_ADDRESS
from account.tries import Guessed, Tries
from account.words import SHARED
from hub.account.acts import ACCOUNT_ACTS
from tests.account.conftest import Account
from tests.hub.conftest import NOW
from tests.one_port import Server

NOT_FOR_PROGRAMS: Final = {  # acts, and why not
    "enter": "POST /session is it, which gives the token",
    "enter_first": "an operator's code is typed on the page, which counts tries of an address",
    "not_me": "the number is taken off somebody: on the page, where he reads what follows",
    "register_card": "the page asks it before its form; a program hears the same of register",
    "register_look": "the page asks it before it sends a code; a program hears the same of register",
    "entrance": "the account asks it before it lets anybody in",
    "whose_login": "a login proves nothing: the account asks it beside a password",
    "gone": "the account asks whom it is to forget",
    "prove": "the account asks it for what it keeps itself",
    "profile_phone": "his other sessions end with it: on the page",
    "stop_link": "of whoever has the link in a message: on the page that the link opens",
    "stop_by_link": "of whoever has the link in a message: on the page that the link opens",
    "connect_ask": "a shop sends his browser: on the page, where he reads what it asks for",
    "connect_agree": "a shop sends his browser: on the page, where he reads what it asks for",
    "ticket_by_link": "of whoever has the link: on the page that the link opens",
    "write_by_link": "of whoever has the link: on the page that the link opens",
    "picture_by_link": "of whoever has the link: on the page that the link opens",
    "leave": "what the account keeps of him goes with it: on the page, where he reads what follows",
}


class Program:
    """What an app sends. `token`: of a member's session."""

    def __init__(self, account: Account, member: str = "") -> None:
        self.url = account.url + PREFIX
        self.http = requests.Session()
        self.http.trust_env = False
        if member:
            self.http.headers["Authorization"] = f"Bearer {account.cookie_of(member)}"

    def ask(self, method: str, path: str, **how: Any) -> requests.Response:
        return self.http.request(method, self.url + path, timeout=20, **how)


def test_every_act_of_the_hub_is_a_call_or_it_is_said_why_not() -> None:
    rows = {call.act: call for call in CALLS if call.act}
    assert {*rows} | {*NOT_FOR_PROGRAMS} == {*ACCOUNT_ACTS}
    assert not {*rows} & {*NOT_FOR_PROGRAMS}
    for name, call in rows.items():
        assert (call.takes, call.signed_in) == (ACCOUNT_ACTS[name].takes, ACCOUNT_ACTS[name].signed_in), name


def test_calls_have_words_for_what_they_are_refused_with() -> None:
    for call in CALLS:
        assert re.fullmatch(r"(/[a-z_]+)+", call.path) and call.method in ("GET", "POST", "DELETE")
    codes = {code for call in CALLS for code in call.refused}
    assert not {code for code in codes if f"no_{code}" not in WORDS}


@pytest.mark.parametrize("who", ["anna", ""])
def test_every_call_answers_as_its_description_says(account: Account, who: str) -> None:
    """With its example, for a member and for nobody."""
    account.office.join("anna", points=100, card="2600000000017", phone="+79161234567")
    program, paths = Program(account, who), Program(account).ask("GET", "/openapi.json").json()["paths"]
    for call in CALLS:
        sent = {"json": call.example} if call.method == "POST" else {"params": call.example}
        answer = program.ask(call.method, call.path, **sent)
        described = paths[PREFIX + call.path][call.method.lower()]["responses"]
        assert str(answer.status_code) in described and answer.status_code != 500, (call.name, answer.text)
        assert answer.headers["content-type"] in described[str(answer.status_code)]["content"], call.name
        if call.signed_in and not who:
            assert answer.status_code == 401, call.name
        if call.name == "delete_session" and who:
            program = Program(account, who)


def test_a_member_s_program_is_told_what_his_page_shows(account: Account) -> None:
    account.office.join("anna", points=1_250)
    anna = Program(account, "anna")
    told = anna.ask("GET", "/me")
    assert (told.status_code, told.json()["points"], told.headers["cache-control"]) == (200, 1_250, "no-store")
    assert anna.ask("GET", "/session").json()["member"] == "anna"
    assert anna.ask("DELETE", "/session").status_code == 200
    over = anna.ask("GET", "/me", headers={"Accept-Language": "en"})
    assert (over.status_code, over.headers["www-authenticate"]) == (401, "Bearer")
    assert over.json()["code"] == "wrong_token" and over.json()["text"] == SHARED["no_wrong_token"][1]


def test_nobody_is_heard_by_a_cookie_nor_by_two_tokens(account: Account) -> None:
    account.office.join("anna")
    cookie = account.cookie_of("anna")
    asks = [
        {"cookies": {"account": cookie}},
        {"headers": {"Authorization": cookie}},
        {"headers": {"Authorization": f"Basic {cookie}"}},
        {"headers": {"Authorization": "Bearer "}},
        {"headers": {"Authorization": f"Bearer {cookie}x"}},
    ]
    for how in asks:
        assert Program(account).ask("GET", "/me", **how).status_code == 401, how
    page = requests.get(account.url + "/", headers={"Authorization": f"Bearer {cookie}"}, timeout=20)
    assert page.url.endswith("/sign-in")  # and a token is no cookie


def test_a_page_of_somebody_else_s_asks_nothing(account: Account) -> None:
    account.office.join("anna")
    for method in ("GET", "DELETE"):
        path = "/me" if method == "GET" else "/session"
        answer = Program(account, "anna").ask(method, path, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("PUT", "/me", 405, "wrong_method"),
        ("GET", "/me/", 404, "not_found"),
    ],
)
def test_what_is_no_call_is_a_problem(account: Account, method: str, path: str, status: int, code: str) -> None:
    answer = Program(account, "anna").ask(method, path)
    assert (answer.status_code, answer.json()["code"], answer.headers["content-type"]) == (status, code, MEDIA_TYPE)


def test_who_asks_too_often_is_told_to_wait_and_nobody_else(account: Account, account_server: Server) -> None:
    account.office.join("anna")
    account.office.join("boris")
    clock = [0.0]
    account_server.app = account_app(account.desk, account.store, now=lambda: NOW, now_s=lambda: clock[0])
    anna, boris = Program(account, "anna"), account.client("boris")
    statuses = [anna.ask("GET", "/session").status_code for _ in range(int(AT_ONCE) + 1)]
    assert statuses == [200] * int(AT_ONCE) + [429]
    page = account.client("anna").get("/")  # as a program, as in a browser
    assert (page.status_code, page.text) == (429, SHARED["no_too_many"][0])
    assert boris.get("/").status_code == 200
    clock[0] += 1 / A_SECOND
    assert anna.ask("GET", "/session").status_code == 200


def test_guesses_from_one_place_wait_as_on_the_page_whatever_they_guess_at(account: Account) -> None:
    program, told = Program(account), {"id": "c0ffee", "digits": "0000"}
    statuses = [program.ask("POST", "/codes/check", json=told).status_code for _ in range(TOLD_FROM_ADDRESS + 1)]
    assert statuses == [409] * TOLD_FROM_ADDRESS + [429]
    pair = Guessed("told from address", "127.0.0.1", TOLD_FROM_ADDRESS)
    assert Tries(account.store, lambda: NOW).begin(pair) > 0  # and it is written down


def test_its_description_is_there_for_anybody(account: Account) -> None:
    told = Program(account).ask("GET", "/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    assert {*told["paths"]} == {PREFIX + call.path for call in CALLS}
