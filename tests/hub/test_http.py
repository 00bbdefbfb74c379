"""The hub's HTTP face: what is taken, what is refused as a whole with which status, and that nothing of it stays."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from hub.build import build_hub
from hub.face.tills import hub_app
from hub.store.errors import LedgerReplaced
from loyalty.bodies import Grant
from loyalty.operation import FIRST_HASH, hash_operation, utc_text
from storage import engine, sqlite_file
from sync.protocol import BATCH_OPERATIONS_MAX, BODY_BYTES_MAX
from tests.hub.conftest import PROGRAMMES, Office, Pen
from tests.speaking import asking

Push = Callable[..., requests.Response]


def repr_of(value: Any) -> str:
    """A case's name, however long the case is."""
    return ascii(value[:20])


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


def said(office: Office, field: str, value: str) -> str:
    """An operation where this is said instead of something else; the till goes on after it."""
    text = office.pen.write(office.sale(earned=11))
    assert field in text
    return wrote(office, text.replace(field, value))


def wrote(office: Office, text: str, *, next: int = 0) -> str:
    """The till's last text is this. `next`: so many later than what its pen wrote."""
    office.pen.sequence += next
    office.pen.last_hash = hash_operation(text)
    return text


TABLES = ("operations", "chains", "entries", "lots", "changes WHERE kind <> 'case'")
Batch = Callable[[Any, Any], list[str]]
REFUSED: dict[str, tuple[int, str, str, Batch]] = {  # status, code, from which till; it has told of one good operation
    "another operation with a known identity": (
        *(409, "identity_conflict", "t1"),
        lambda o, pen: odd(o, sequence=1, previous_hash=FIRST_HASH),
    ),
    "a gap": (409, "sequence_gap", "t1", lambda o, pen: odd(o, sequence=4)),
    "a gap at the beginning": (409, "sequence_gap", "t2", lambda o, pen: other(o, pen, sequence=2)),
    "a broken chain": (409, "chain_broken", "t1", lambda o, pen: odd(o, previous_hash="f" * 64)),
    "a first one after another": (409, "chain_broken", "t2", lambda o, pen: other(o, pen, previous_hash="f" * 64)),
    "another till's operation": (400, "wrong_till", "t1", lambda o, pen: other(o, pen)),
    "a till that is called hub": (400, "wrong_till", "hub", lambda o, pen: other(o, pen, "hub")),
    "a till that is called office": (400, "wrong_till", "office", lambda o, pen: other(o, pen, "office")),
    "a field to come": (409, "newer_operation", "t1", lambda o, pen: [said(o, '{"v"', '{"weather":"sunny","v"')]),
    "a version to come": (409, "newer_operation", "t1", lambda o, pen: [said(o, '"v":2', '"v":3')]),
    "what no text holds": (400, "not_text", "t1", lambda o, pen: ["{\0}"]),
    "too many": (400, "batch_too_long", "t1", lambda o, pen: ["{}"] * (BATCH_OPERATIONS_MAX + 1)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_batch_that_cannot_be_taken_is_a_problem_and_leaves_nothing(
    office: Office, url: str, push: Push, new_pen: type[Pen], case: str
) -> None:
    office.join("anna", points=50)
    push(url, "t1", office.pen.write(office.sale(earned=3)))
    before = [office.rows(f"SELECT * FROM {table}") for table in TABLES]
    status, code, till, batch = REFUSED[case]
    response = push(url, till, *batch(office, new_pen))
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert "\n" not in response.json()["message"] and response.headers["content-type"] == "application/json"
    assert [office.rows(f"SELECT * FROM {table}") for table in TABLES] == before and office.verdict().faults == ()


ILL: dict[str, tuple[str, Callable[[Any], str]]] = {  # why, and the text
    "no operation": ("unreadable", lambda o: wrote(o, "{}", next=1)),
    "nothing": ("unreadable", lambda o: wrote(o, "null", next=1)),
    "brackets without end": ("unreadable", lambda o: wrote(o, "[" * 100_000, next=1)),
    "brackets without end in it": ("unreadable", lambda o: said(o, '{"v"', '{"x":' + "[" * 100_000 + ',"v"')),
    "half a letter": ("unreadable", lambda o: said(o, '"alenka"', '"\\ud800"')),
    "negative points": ("unreadable", lambda o: said(o, '"points":11', '"points":-11')),
    "points past all numbers": ("unreadable", lambda o: said(o, '"points":11', '"points":' + "1" * 400)),
    "points of all shops together": ("bad_amount", lambda o: said(o, '"points":11', '"points":' + "1" * 15)),
    "a time that is none": ("unreadable", lambda o: said(o, utc_text(o.NOW), "yesterday")),
    "the year 1": ("bad_moment", lambda o: said(o, utc_text(o.NOW), "0001-01-01T00:00:00.000000+00:00")),
    "the year 9999": ("bad_moment", lambda o: said(o, utc_text(o.NOW), "9999-12-31T23:59:59.999999+00:00")),
    "NUL in a name": ("bad_identity", lambda o: said(o, '"anna"', '"an\\u0000na"')),
    "a name of thousands of letters": ("bad_identity", lambda o: said(o, '"anna"', '"' + "a" * 5_000 + '"')),
    "blanks between": ("not_canonical", lambda o: said(o, '{"v":2', '{"v": 2')),
}


@pytest.mark.parametrize("why", ILL)
def test_one_ill_operation_is_answered_in_its_place_and_the_chain_goes_on(
    office: Office, url: str, push: Push, why: str
) -> None:
    """SEC3: it was HTTP 500 for ever, or stopped the batch; now it stands refused, and what came with it is taken."""
    office.join("anna")
    reason, write = ILL[why]
    texts = [office.pen.write(office.sale(earned=1)), write(office), office.pen.write(office.sale(earned=2))]
    first = push(url, "t1", *texts)
    assert first.status_code == 200 and "stopped" not in first.json()
    assert [answer.get("reason") for answer in first.json()["answers"]] == [None, reason, None]
    assert push(url, "t1", *texts).content == first.content and push(url, "t1", texts[1]).status_code == 200
    assert office.balance() == 3 and office.verdict().faults == ()
    assert asking.get(url + "/v3/changes", params={"programme": "alenka"}).status_code == 200


STOPPED: dict[str, tuple[str, Batch]] = {
    "a gap": ("sequence_gap", lambda o, pen: odd(o, sequence=9)),
    "a broken chain": ("chain_broken", lambda o, pen: odd(o, previous_hash="f" * 64)),
    "a version to come": ("newer_operation", lambda o, pen: [said(o, '"v":2', '"v":3')]),
    "what no text holds": ("not_text", lambda o, pen: ["{\0}"]),
}


@pytest.mark.parametrize("case", STOPPED)
def test_a_batch_is_taken_up_to_where_it_stops(
    office: Office, url: str, push: Push, new_pen: type[Pen], case: str
) -> None:
    office.join("anna")
    code, batch = STOPPED[case]
    texts = [office.pen.write(office.sale(earned=1)), office.pen.write(office.sale(earned=2)), *batch(office, new_pen)]
    response = push(url, "t1", *texts)
    assert response.status_code == 200 and response.json()["stopped"]["code"] == code
    assert [answer["sequence"] for answer in response.json()["answers"]] == [1, 2] and office.balance() == 3
    assert push(url, "t1", *texts[:2]).json()["answers"] == response.json()["answers"]


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
        b'{"news":' + b"[" * 100_000,
        b'{"till":"t1","operations":' + b"[" * 100_000,
        b'{"till":"t1","operations":[],"programmes":{"a":1}}',
    ],
    ids=repr_of,
)
def test_what_is_no_batch_is_a_bad_request(url: str, body: bytes) -> None:
    response = asking.post(url + "/v3/operations", data=body)
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_long_is_not_read_to_its_end(url: str, chunked: bool) -> None:
    body = b" " * (BODY_BYTES_MAX + 1)
    response = asking.post(url + "/v3/operations", data=iter([body]) if chunked else body)
    assert (response.status_code, response.json()["code"]) == (400, "too_long")
    fits = asking.post(url + "/v3/operations", data=b'{"till":"t1","operations":[]}'.ljust(BODY_BYTES_MAX), timeout=20)
    assert fits.status_code == 200


@pytest.mark.parametrize(
    "source", ["a = " + "[" * 100_000, "a = " + "9" * 100_000, "\0", "[" + "a." * 20_000 + "b]", ""], ids=repr_of
)
def test_a_file_that_is_no_programme_is_not_kept(office: Office, url: str, source: str) -> None:
    body = json.dumps({"till": "t1", "operations": [], "programmes": {"f" * 64: source}}).encode()
    assert asking.post(url + "/v3/operations", data=body).status_code == 200
    assert office.hub.programme_source("f" * 64) is None


@pytest.mark.parametrize("value", ["-1", "1.5", "x", "", "٣", "9" * 30])
@pytest.mark.parametrize("name", ["limit", "generation"])
def test_numbers_in_a_query_are_whole_and_bounded(url: str, name: str, value: str) -> None:
    response = asking.get(url + "/v3/changes", params={name: value})
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    "value", ["-1", "1.", ".", "1.x", "1.5.2", "x", "٣", "9" * 30, "9" * 5_000, "a\0", " 1", "1\n"], ids=repr_of
)
def test_a_cursor_that_the_ledger_never_gave_is_said_so(url: str, value: str) -> None:
    response = asking.get(url + "/v3/changes", params={"after": value})
    assert (response.status_code, response.json()["code"]) == (400, "bad_cursor")


@pytest.mark.parametrize("name", ["store", "programme"])
@pytest.mark.parametrize("value", ["a\0", "a\n", "a" * 5_000, "a\u202e"], ids=repr_of)
def test_names_in_a_query_are_short_texts(url: str, name: str, value: str) -> None:
    response = asking.get(url + "/v3/changes", params={name: value})
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


def test_points_are_granted_by_the_hub_alone(office: Office, url: str, push: Push) -> None:
    """Not by a till, however well its chain looks."""
    office.join("anna")
    grant = Grant(member="anna", points=1_000_000, reason="gift", active_from=utc_text(office.NOW))
    (answer,) = push(url, "t1", office.pen.write(grant)).json()["answers"]
    assert (answer["result"], answer["reason"]) == ("refused", "not_from_a_till")
    assert office.balance() == 0 and office.verdict().faults == ()


# health


def health(url: str) -> tuple[int, str]:
    response = requests.get(url + "/v1/health", timeout=20)
    return response.status_code, response.json().get("code") or response.json()["hub"]


def test_a_ledger_that_cannot_be_written_is_a_problem_of_the_hub(
    office: Office, url: str, push: Push, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing half; whoever only reads is not held up (B5), and health tells how the last write went."""
    monkeypatch.setattr(sqlite_file, "BUSY_TIMEOUT_MS", 20)
    office.join("anna")
    office.restart()
    server.app = hub_app(office.hub)
    assert push(url, "t1").status_code == 200 and health(url) == (200, "ready")
    holder = engine.connect(office.path)
    holder.execute("BEGIN IMMEDIATE")
    text = office.pen.write(office.sale(earned=5))
    response = push(url, "t1", text)
    assert (response.status_code, response.json()["code"]) == (503, "ledger_off")
    assert health(url) == (503, "ledger_off")
    assert asking.get(url + "/v3/changes", params={"programme": "alenka"}).status_code == 200
    holder.execute("ROLLBACK")
    holder.close()
    assert push(url, "t1", text).status_code == 200 and office.balance() == 5
    assert health(url) == (200, "ready")


def test_a_ledger_that_was_replaced_is_told_to_whoever_serves(tmp_path: Path, server: Any, push: Push) -> None:
    """B6: nothing is answered as taken that lands in a file without a name."""
    told: list[LedgerReplaced] = []
    hub = build_hub(tmp_path / "hub.db", PROGRAMMES, serving=True)
    server.app = hub_app(hub, on_replaced=told.append)
    asking.there(server.url, lambda: hub)
    pen = Pen("t1")
    assert push(server.url, "t1").status_code == 200 and not told
    (tmp_path / "hub.db").unlink()
    sale = Grant(member="anna", points=1, reason="gift", active_from=utc_text(datetime.now(UTC)))
    response = push(server.url, "t1", pen.write(sale))
    assert (response.status_code, response.json()["code"]) == (503, "ledger_replaced")
    assert len(told) == 1 and health(server.url) == (503, "ledger_replaced")


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
            connection.sendall(b'POST /v3/operations HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\n\r\n{"till":"t1",')
    assert push(served.url, "t1").status_code == 200
    assert served.stop() in (0, -15) and served.log() == ""
