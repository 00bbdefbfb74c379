"""The kit passes our own face and catches faces that are nearly ours: each wrong one breaks a single thing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from docs.till_of_examples import BORIS, TOKEN, VERA, ExampleTill
from pos_agent.conformance.refusals import DIALOGUES
from pos_agent.conformance.talk import Face, Means
from pos_agent.conformance.verdict import Verdict, verdicts

Headers = dict[str, str]


@dataclass
class Answer:
    status: int
    media: str
    body: Any  # None: not JSON


def same(path: str, headers: Headers, body: Any) -> tuple[Headers, Any]:
    return headers, body


@dataclass
class Wrong:
    """Stands before the real face. `asks` changes what is asked, `says` what is answered."""

    name: str
    caught_by: str
    asks: Callable[[str, Headers, Any], tuple[Headers, Any]] = same
    says: Callable[[str, Answer], None] = lambda path, answer: None

    def __call__(self, app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            sent = [part async for part in _body(receive)]
            headers = {name.decode(): value.decode() for name, value in scope["headers"]}
            headers, body = self.asks(scope["path"], headers, _read(b"".join(sent)))
            raw = b"".join(sent) if body is None else json.dumps(body).encode()
            inner = {**scope, "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
            heard: list[Message] = []

            async def again() -> Message:
                return {"type": "http.request", "body": raw, "more_body": False}

            async def hear(message: Message) -> None:
                heard.append(message)

            await app(inner, again, hear)
            await _send(send, heard, scope["path"], self.says)

        return wrapped


async def _body(receive: Receive) -> Any:
    while True:
        message = await receive()
        yield message.get("body", b"")
        if not message.get("more_body"):
            return


def _read(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None


async def _send(send: Send, heard: list[Message], path: str, says: Callable[[str, Answer], None]) -> None:
    headers = dict(heard[0]["headers"])
    raw = b"".join(message.get("body", b"") for message in heard[1:])
    answer = Answer(heard[0]["status"], headers.get(b"content-type", b"").decode(), _read(raw))
    says(path, answer)
    out = raw if answer.body is None else json.dumps(answer.body).encode()
    plain = [(b"content-type", answer.media.encode()), (b"content-length", str(len(out)).encode())]
    await send({"type": "http.response.start", "status": answer.status, "headers": plain})
    await send({"type": "http.response.body", "body": out})


# what they get wrong


def code_of(answer: Answer) -> str:
    return str(answer.body.get("code", "")) if isinstance(answer.body, dict) else ""


def told_of(answer: Answer) -> Any:
    return answer.body.get("told") if isinstance(answer.body, dict) else None


def swallows_the_quote(path: str, answer: Answer) -> None:
    if told := told_of(answer):
        told["quote"] = None


def refuses_with_200(path: str, answer: Answer) -> None:
    if answer.status == 409:
        answer.status = 200


def forgets_what_was_told_again(path: str, answer: Answer) -> None:
    if code_of(answer) == "recorded_before":
        answer.body["code"] = "recorded"


def positions_off_by_one(path: str, answer: Answer) -> None:
    if (told := told_of(answer)) and told["lines"]:
        position = told["lines"][-1]["positions"][-1]
        position["amount"] = f"{float(position['amount']) + 0.01:.2f}"


def problems_as_plain_json(path: str, answer: Answer) -> None:
    answer.media = "application/json"


def problems_without_the_other_sale(path: str, answer: Answer) -> None:
    if code_of(answer) == "sale_number_taken":
        del answer.body["told"]


def redeems_more_than_may_be(path: str, answer: Answer) -> None:
    if path == "/v1/redeem" and (told := told_of(answer)) and told["redeemed"]["points"]:
        told["redeemed"]["points"] += 1


def restores_too_little(path: str, answer: Answer) -> None:
    if path == "/v1/return" and answer.status == 200 and answer.body["returned"]["restored"]:
        answer.body["returned"]["restored"] -= 1


def names_no_field(path: str, answer: Answer) -> None:
    if isinstance(answer.body, dict):
        answer.body.pop("field", None)


def lets_everybody_in(path: str, headers: Headers, body: Any) -> tuple[Headers, Any]:
    return {**headers, "authorization": f"Bearer {TOKEN}"}, body


def answers_under_any_name(path: str, headers: Headers, body: Any) -> tuple[Headers, Any]:
    return {**headers, "host": "127.0.0.1"}, body


def pays_without_looking_at_the_quote(path: str, headers: Headers, body: Any) -> tuple[Headers, Any]:
    if path == "/v1/pay" and isinstance(body, dict):
        body.pop("quote", None)
    return headers, body


def every_sale_is_another(path: str, headers: Headers, body: Any) -> tuple[Headers, Any]:
    if path == "/v1/pay" and isinstance(body, dict):
        body["another"] = True
    return headers, body


def one_receipt_for_everybody(path: str, headers: Headers, body: Any) -> tuple[Headers, Any]:
    if path in ("/v1/basket", "/v1/prepare") and isinstance(body, dict) and body.get("sale", "").endswith("-b"):
        body["sale"] = body["sale"].removesuffix("-b") + "-a"
    return headers, body


def knows_its_own_fields_alone(path: str, headers: Headers, body: Any) -> tuple[Headers, Any]:
    if path == "/v1/basket" and isinstance(body, dict) and any("colour" in line for line in body.get("lines", ())):
        body["colour"] = "of none of ours"
    return headers, body


WRONG = [
    Wrong("swallows the quote", "basket", says=swallows_the_quote),
    Wrong("refuses with 200", "prepare_pay", says=refuses_with_200),
    Wrong("forgets what was told", "told_again", says=forgets_what_was_told_again),
    Wrong("a position is a kopeck off", "basket", says=positions_off_by_one),
    Wrong("problems as plain JSON", "identify", says=problems_as_plain_json),
    Wrong("does not say whose number it is", "number_taken", says=problems_without_the_other_sale),
    Wrong("over the limit", "redeem", says=redeems_more_than_may_be),
    Wrong("restores too little", "points_come_back", says=restores_too_little),
    Wrong("names no field", "bad_commands", says=names_no_field),
    Wrong("lets everybody in", "strangers", asks=lets_everybody_in),
    Wrong("answers under any name", "strangers", asks=answers_under_any_name),
    Wrong("does not look at the quote", "quote_of_another", asks=pays_without_looking_at_the_quote),
    Wrong("every sale is another", "number_taken", asks=every_sale_is_another),
    Wrong("one receipt for everybody", "whose_receipt", asks=one_receipt_for_everybody),
    Wrong("knows its own fields alone", "unknown_fields", asks=knows_its_own_fields_alone),
]


@pytest.fixture
def till(request: pytest.FixtureRequest) -> Iterator[ExampleTill]:
    till = ExampleTill(wrap=request.param) if hasattr(request, "param") else ExampleTill()
    yield till
    till.close()


def tried(till: ExampleTill, *names: str) -> dict[str, Verdict]:
    wanted = [dialogue for dialogue in DIALOGUES if not names or dialogue.name in names]
    found = verdicts(Face(till.url, TOKEN), Means(card=BORIS, coupon=till.coupon()), "K", wanted)
    return {verdict.dialogue: verdict for verdict in found}


def test_our_own_face_passes_every_dialogue(till: ExampleTill) -> None:
    results = tried(till)
    assert len(results) == len(DIALOGUES) >= 20
    assert {verdict.result for verdict in results.values()} == {"passed"}, results
    assert not till.agent.view().visit.put_aside, "no receipt stays open"


def test_the_other_programmes_face_passes_too() -> None:
    till = ExampleTill(programme="perekrestok")
    try:
        means = Means(card=VERA, category="dairy", coupon=till.coupon("double"))
        results = list(verdicts(Face(till.url, TOKEN), means, "K", DIALOGUES))
    finally:
        till.close()
    assert {verdict.result for verdict in results} == {"passed"}, results


@pytest.mark.parametrize("till", WRONG, indirect=True, ids=lambda wrong: wrong.name)
def test_a_face_that_breaks_one_thing_is_caught(till: ExampleTill, request: pytest.FixtureRequest) -> None:
    wrong = request.node.callspec.params["till"]
    verdict = tried(till, wrong.caught_by)[wrong.caught_by]
    assert verdict.result == "failed"
    assert verdict.what and verdict.expected != verdict.came


def test_the_wrapper_alone_breaks_nothing() -> None:
    till = ExampleTill(wrap=Wrong("right", ""))
    try:
        assert {verdict.result for verdict in tried(till).values()} == {"passed"}
    finally:
        till.close()


def test_every_dialogue_has_a_name_in_both_languages() -> None:
    assert len({dialogue.name for dialogue in DIALOGUES}) == len(DIALOGUES)
    for dialogue in DIALOGUES:
        assert re.search("[а-яё]", dialogue.ru) and not re.search("[а-яё]", dialogue.en), dialogue.name


def command(till: ExampleTill, *words: str, card: str = BORIS) -> subprocess.CompletedProcess[str]:
    asked = ["conformance", "--url", till.url, "--token", TOKEN, "--card", card, *words]
    return subprocess.run(
        [sys.executable, "-P", "-m", "pos_agent", *asked], capture_output=True, text=True, check=False, timeout=60
    )


def test_the_command_says_which_in_both_languages_and_as_json(till: ExampleTill) -> None:
    done = command(till, "--only", "basket", "--only", "a_coupon")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Passed 1 of 2.")
    assert "✓ A basket adds up" in done.stdout and "– A coupon" in done.stdout
    assert "✓ Чек складывается" in command(till, "--only", "basket", "--language", "ru").stdout
    told = json.loads(command(till, "--only", "basket", "--json").stdout)
    assert (told["dialogue"], told["result"]) == ("basket", "passed")


def test_what_went_otherwise_is_said_and_ends_with_1(till: ExampleTill) -> None:
    done = command(till, "--only", "identify", card="2600000000093")
    assert done.returncode == 1
    assert "✗ Who the customer is" in done.stdout
    assert "expected: 200 member_found" in done.stdout and "came: 404 unknown_card" in done.stdout
    assert command(till, "--only", "no such dialogue").returncode == 1


def test_nobody_there_is_no_traceback() -> None:
    words = ["conformance", "--url", "http://127.0.0.1:9", "--token", "x", "--card", BORIS, "--only", "basket"]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pos_agent", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "an answer" in done.stdout and "Traceback" not in done.stderr
