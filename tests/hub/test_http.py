"""The hub's HTTP face: what is taken, what is refused as a whole with which status, and that nothing of it stays."""

from __future__ import annotations

import json
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from loyalty.bodies import Grant
from loyalty.operation import FIRST_HASH, utc_text
from sync.protocol import BATCH_OPERATIONS_MAX, BODY_BYTES_MAX
from tests.hub.conftest import Office, Pen

Push = Callable[..., requests.Response]


def test_each_operation_is_answered(office: Office, url: str, push: Push) -> None:
    office.join("anna")
    texts = [office.pen.write(office.sale(who)) for who in ("anna", "nobody")]
    response = push(url, "t1", *texts)
    assert response.status_code == 200 and response.headers["content-type"] == "application/json"
    answers = response.json()["answers"]
    assert [(a["sequence"], a["result"], a.get("reason")) for a in answers] == [
        (1, "applied", None),
        (2, "refused", "unknown_member"),
    ]
    assert office.verdict().faults == ()


def test_an_empty_batch_is_answered_with_nothing(url: str, push: Push) -> None:
    assert push(url, "t1").json() == {"answers": []}


def test_the_same_answer_is_given_for_ever_byte_for_byte(office: Office, url: str, push: Push, server: Any) -> None:
    from hub.app import hub_app

    office.join("anna")
    texts = [office.pen.write(office.sale(who, earned=7)) for who in ("anna", "nobody", "anna")]
    first = push(url, "t1", *texts).content
    state = office.rows("SELECT * FROM entries"), office.rows("SELECT * FROM changes"), office.balance()
    for _ in range(2):
        assert push(url, "t1", *texts).content == first
        office.join(f"m{office.pen.sequence}-{_}")  # the world goes on
        office.restart()
        server.app = hub_app(office.hub)
    assert push(url, "t1", *texts[:2]).json()["answers"] == json.loads(first)["answers"][:2]
    assert push(url, "t1", texts[2]).json()["answers"] == json.loads(first)["answers"][2:]
    assert state[0] == office.rows("SELECT * FROM entries") and state[2] == office.balance() == 14
    assert len(office.rows("SELECT * FROM changes")) == len(state[1]) + 2


def test_a_batch_may_begin_with_what_was_taken_before(office: Office, url: str, push: Push) -> None:
    office.join("anna")
    texts = [office.pen.write(office.sale(earned=1)) for _ in range(3)]
    push(url, "t1", *texts[:2])
    assert [a["sequence"] for a in push(url, "t1", *texts).json()["answers"]] == [1, 2, 3]
    assert office.balance() == 3


def odd(office: Office, **changes: Any) -> list[str]:
    """An operation that t1 writes next, but for these fields."""
    return [office.pen.write(office.sale(earned=9), **changes)]


def other(office: Office, new_pen: type[Pen], till: str = "t2", **changes: Any) -> list[str]:
    """The first operation of another till."""
    return [new_pen(till).write(office.sale(), **changes)]


def after_a_good_one(office: Office, text: str) -> list[str]:
    return [office.pen.write(office.sale(earned=5)), text]


def said(office: Office, field: str, value: str) -> list[str]:
    """An operation where this is said instead of something else."""
    text = office.pen.write(office.sale(earned=11))
    assert field in text
    return [text.replace(field, value)]


Batch = Callable[[Any, Any], list[str]]
REFUSED: dict[str, tuple[int, str, str, Batch]] = {  # status, code, from which till; it has told of one good operation
    "another operation with a known identity": (
        *(409, "identity_conflict", "t1"),
        lambda o, pen: odd(o, sequence=1, previous_hash=FIRST_HASH),
    ),
    "a gap": (409, "sequence_gap", "t1", lambda o, pen: odd(o, sequence=4)),
    "a gap at the beginning": (409, "sequence_gap", "t2", lambda o, pen: other(o, pen, sequence=2)),
    "a gap in the batch": (409, "sequence_gap", "t1", lambda o, pen: after_a_good_one(o, odd(o, sequence=9)[0])),
    "a broken chain": (409, "chain_broken", "t1", lambda o, pen: odd(o, previous_hash="f" * 64)),
    "a first one after another": (409, "chain_broken", "t2", lambda o, pen: other(o, pen, previous_hash="f" * 64)),
    "another till's operation": (400, "wrong_till", "t1", lambda o, pen: other(o, pen)),
    "a till that is called hub": (400, "wrong_till", "hub", lambda o, pen: other(o, pen, "hub")),
    "no operation": (400, "bad_operation", "t1", lambda o, pen: ["{}"]),
    "no operation after a good one": (400, "bad_operation", "t1", lambda o, pen: after_a_good_one(o, "null")),
    "negative points": (400, "bad_operation", "t1", lambda o, pen: said(o, '"points":11', '"points":-11')),
    "points past all numbers": (
        400,
        "bad_operation",
        "t1",
        lambda o, pen: said(o, '"points":11', '"points":' + "1" * 40),
    ),
    "a text that is not written as its version does": (
        *(400, "not_canonical", "t1"),
        lambda o, pen: said(o, '{"v"', '{"weather":"sunny","v"'),
    ),
    "a version to come": (400, "bad_operation", "t1", lambda o, pen: said(o, '"v":2', '"v":3')),
    "a till that is called office": (400, "wrong_till", "office", lambda o, pen: other(o, pen, "office")),
    "a time that is none": (400, "bad_operation", "t1", lambda o, pen: said(o, utc_text(o.NOW), "yesterday")),
    "too many": (400, "batch_too_long", "t1", lambda o, pen: ["{}"] * (BATCH_OPERATIONS_MAX + 1)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_batch_that_cannot_be_taken_is_a_problem_and_leaves_nothing(
    office: Office, url: str, push: Push, new_pen: type[Pen], case: str
) -> None:
    office.join("anna", points=50)
    first = office.pen.write(office.sale(earned=3))
    push(url, "t1", first)
    before = [office.rows(f"SELECT * FROM {table}") for table in ("operations", "chains", "entries", "lots", "changes")]
    status, code, till, batch = REFUSED[case]
    response = push(url, till, *batch(office, new_pen))
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert "\n" not in response.json()["message"] and response.headers["content-type"] == "application/json"
    after = [office.rows(f"SELECT * FROM {table}") for table in ("operations", "chains", "entries", "lots", "changes")]
    assert after == before and office.verdict().faults == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'{"till":"t1"}',
        b'{"till":1,"operations":[]}',
        b'{"till":"t1","operations":[1]}',
        b'{"till":"t1","operations":["\xff"]}',
        b'{"till":"\\ud800","operations":[]}',
        b"[" * 100_000,
    ],
    ids=lambda body: repr(body[:30]),
)
def test_what_is_no_batch_is_a_bad_request(url: str, body: bytes) -> None:
    response = requests.post(url + "/v2/operations", data=body, timeout=20)
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_long_is_not_read_to_its_end(url: str, chunked: bool) -> None:
    body = b" " * (BODY_BYTES_MAX + 1)
    response = requests.post(url + "/v2/operations", data=iter([body]) if chunked else body, timeout=20)
    assert (response.status_code, response.json()["code"]) == (400, "too_long")
    fits = requests.post(
        url + "/v2/operations", data=b'{"till":"t1","operations":[]}'.ljust(BODY_BYTES_MAX), timeout=20
    )
    assert fits.status_code == 200


@pytest.mark.parametrize("name", ["after", "limit", "generation"])
@pytest.mark.parametrize("value", ["-1", "1.5", "x", "", "٣", "9" * 30])
def test_numbers_in_a_query_are_whole_and_bounded(url: str, name: str, value: str) -> None:
    response = requests.get(url + "/v2/changes", params={name: value}, timeout=20)
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


def test_points_are_granted_by_the_hub_alone(office: Office, url: str, push: Push) -> None:
    """Not by a till, however well its chain looks."""
    office.join("anna")
    grant = Grant(member="anna", points=1_000_000, reason="gift", active_from=utc_text(office.NOW))
    (answer,) = push(url, "t1", office.pen.write(grant)).json()["answers"]
    assert (answer["result"], answer["reason"]) == ("refused", "not_from_a_till")
    assert office.balance() == 0 and office.verdict().faults == ()


def test_a_ledger_that_cannot_be_written_is_a_problem_of_the_hub(office: Office, url: str, push: Push) -> None:
    office.join("anna")
    with office.hub.file.reading() as connection:
        connection.execute("PRAGMA busy_timeout = 20")
    holder = sqlite3.connect(office.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    text = office.pen.write(office.sale(earned=5))
    response = push(url, "t1", text)
    assert (response.status_code, response.json()["code"]) == (503, "ledger_off")
    holder.execute("ROLLBACK")
    holder.close()
    assert push(url, "t1", text).status_code == 200 and office.balance() == 5


def test_an_answer_that_was_deleted_is_told_and_not_made_up(office: Office, url: str, push: Push) -> None:
    office.join("anna")
    text = office.pen.write(office.sale(earned=5))
    push(url, "t1", text)
    office.tamper("DELETE FROM operations WHERE chain = 't1'")
    assert push(url, "t1", text).json()["code"] == "ledger_damaged" and office.balance() == 5


def test_a_till_that_hangs_up_in_the_middle_is_nobodys_error(
    tmp_path: Path, serve: Any, push: Push, new_pen: type[Pen]
) -> None:
    served = serve(tmp_path / "hub.db")
    host, port = served.url.removeprefix("http://").split(":")
    for _ in range(3):
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(b'POST /v2/operations HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\n\r\n{"till":"t1",')
    assert push(served.url, "t1").status_code == 200
    assert served.stop() in (0, -15) and served.log() == ""
