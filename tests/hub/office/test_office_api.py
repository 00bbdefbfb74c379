"""The desk's table of acts for programs: by a person's key, as his role may; what is not done is a problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from hub.desk.act import Act, ActRefused, Asked
from hub.desk.acts import ACTS
from hub.hub import Hub
from tests.hub.office.desk import ANTON, OLEG, VERA, Desk

Open = Callable[[], Desk]


class Told(msgspec.Struct):
    text: str


def echo(hub: Hub, asked: Asked, told: Told) -> Told:
    if told.text == "no":
        raise ActRefused("not_now", "it is not the time")
    return Told(f"{asked.by}: {told.text} {asked.key}")


@pytest.fixture(autouse=True)
def echoing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An act of the test's own: what other acts do is tested with them."""
    monkeypatch.setattr("hub.office.api.ACTS", {**ACTS, "echo": Act(takes=Told, right="see_audit", do=echo)})


def call(desk: Desk, of: str, act: str, /, **told: Any) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {of}"} if of else {}
    answer = desk.browser.post(f"{desk.url}/office/api/acts/{act}", json={"key": "k1"} | told, headers=headers)
    if answer.status_code != 200 and answer.headers["content-type"].startswith("application/"):
        assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()


def test_a_program_asks_as_the_person_whose_key_it_has(desk: Open) -> None:
    assert call(desk(), "key-s-oleg", "echo", body={"text": "hello"}) == (200, {"text": "Олег: hello office/s-oleg/k1"})


@pytest.mark.parametrize(
    ("key", "act", "told", "status", "code"),
    [
        ("nobody", "echo", {"body": {"text": "x"}}, 401, "wrong_key"),
        ("key-s-vera", "echo", {"body": {"text": "x"}}, 403, "not_allowed"),
        ("key-s-oleg", "nothing", {}, 404, "unknown_act"),
        ("key-s-oleg", "echo", {"body": {"text": 1}}, 400, "bad_request"),
        ("key-s-oleg", "echo", {"key": ""}, 400, "bad_request"),
        ("key-s-oleg", "echo", {"more": 1}, 400, "bad_request"),
        ("key-s-oleg", "echo", {"body": {"text": "no"}}, 409, "not_now"),
    ],
)
def test_what_is_not_done_is_a_problem(
    desk: Open, key: str, act: str, told: dict[str, Any], status: int, code: str
) -> None:
    got, problem = call(desk(), key, act, **told)
    assert (got, problem["status"], problem["code"]) == (status, status, code)
    assert problem["type"] == f"urn:pos-hub:problem:{code}" and problem["title"]


def test_a_page_cannot_ask_by_a_cookie(desk: Open) -> None:
    oleg = desk()
    oleg.sign_in(OLEG)
    oleg.browser.headers["Origin"] = oleg.url
    assert call(oleg, "", "echo", body={"text": "x"})[0] == 401


def test_what_there_is_is_told_with_what_it_takes(desk: Open) -> None:
    anton = desk()
    told = anton.get("/office/api/acts", headers={"Authorization": f"Bearer key-{ANTON.id}"}).json()
    assert told["acts"]["echo"] == {
        "right": "see_audit",
        "allowed": True,
        "takes": {"$ref": "#/components/Told"},
    }
    assert told["components"]["Told"]["required"] == ["text"]
    assert VERA.id not in str(told)
