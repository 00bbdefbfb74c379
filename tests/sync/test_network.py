"""What a network can do to an answer: nothing is lost, nothing happens twice, the same operations are sent again."""

from __future__ import annotations

import gzip
import re
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from hub.audit.verify import verify
from hub.keys import new_keys
from loyalty.operation import Key, hash_operation
from sync.client import HubClient, Patience
from sync.protocol import BODY_BYTES_MAX
from sync.worker import SyncWorker
from tests.sync.conftest import NOW, Open, Reply, Said, Shop, http_answer


def one_line(worker: Any) -> str:
    """The worker failed, and says why in a line."""
    cause: str = worker.state.cause
    assert not worker.state.online and worker.state.failures == 1
    assert cause.isprintable() and 0 < len(cause) < 400 and "Traceback" not in cause
    return cause


@pytest.fixture
def waiting(shop: Shop) -> list[tuple[Key, str]]:
    """Three operations in the outbox."""
    shop.join("anna")
    for number in (1, 2, 3):
        shop.sell(number, earned=number)
    outbox: list[tuple[Key, str]] = shop.cache.outbox(100)
    return outbox


def right_in_the_end(shop: Shop, waiting: list[tuple[Key, str]]) -> None:
    """The same operations are still there; over a good network they are applied once."""
    assert shop.cache.outbox(100) == waiting
    worker = shop.worker()
    shop.drain(worker)
    assert worker.state.online and shop.hub_operations() == 3
    assert shop.till_points() == 106 == shop.hub.balances("alenka")["anna"]
    assert verify(shop.hub.store, shop.hub.zone_of).faults == ()


def answers(waiting: list[tuple[Key, str]]) -> list[dict[str, Any]]:
    return [{"sequence": key.sequence, "hash": hash_operation(text), "result": "applied"} for key, text in waiting]


WRONG: dict[str, Callable[[list[dict[str, Any]]], list[dict[str, Any]]]] = {
    "none": lambda good: [],
    "one too few": lambda good: good[:-1],
    "one too many": lambda good: [*good, good[0] | {"sequence": 4}],
    "in another order": lambda good: good[::-1],
    "one twice": lambda good: [good[0], good[0], good[1]],
    "for another till's operations": lambda good: [answer | {"hash": "f" * 64} for answer in good],
    "of another generation": lambda good: [answer | {"generation": 2} for answer in good],
    "with another result": lambda good: [answer | {"result": "maybe"} for answer in good],
    "with a number as text": lambda good: [answer | {"sequence": str(answer["sequence"])} for answer in good],
}


@pytest.mark.parametrize("case", WRONG)
def test_answers_that_do_not_match_settle_nothing(
    shop: Shop, network: Open, reply: Reply, waiting: list[tuple[Key, str]], case: str
) -> None:
    worker = shop.worker(network(reply(msgspec.json.encode({"answers": WRONG[case](answers(waiting))}))).url)
    assert worker.step(0.0) > 0.0, "not at once again: the hub is ill"
    one_line(worker)
    right_in_the_end(shop, waiting)


NONSENSE = {
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "a hostile line": b"\x1b[2J\x1bp\x00 \xe2\x80\xae" + b"x" * 1_000 + b"\n",
    "nothing": b"",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "no JSON": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "no UTF-8": b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"answers":"\xff"}',
    "half a body": b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"answers":[',
    "half a chunk": b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"answers":[',
    "no chunk at all": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzzz\r\n",
    "JSON of another kind": b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull",
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "an error in words": b"HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nOops",
    "an early hint and no more": b"HTTP/1.1 100 Continue\r\n\r\n",
    "a thousand fields": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1_000 + b"\r\n",
    "an endless field": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000,
}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_an_unreachable_hub(
    shop: Shop, network: Open, waiting: list[tuple[Key, str]], answer: bytes
) -> None:
    worker = shop.worker(network(answer).url)
    assert worker.step(0.0) > 0.0
    one_line(worker)
    right_in_the_end(shop, waiting)


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5, 0.99])
def test_an_answer_cut_anywhere_is_asked_for_again(
    shop: Shop, network: Open, ask: Callable[[str, bytes], bytes], waiting: list[tuple[Key, str]], kept: float
) -> None:
    """The hub has taken the operations; the word of it was torn on the way back."""

    def torn(client: socket.socket, request: bytes) -> None:
        answer = ask(shop.url, request)
        client.sendall(answer[: int(len(answer) * kept)])

    worker = shop.worker(network(torn).url)
    assert worker.step(0.0) > 0.0
    one_line(worker)
    assert shop.hub_operations() == 3
    right_in_the_end(shop, waiting)


def test_the_same_batch_twice_gets_the_same_bytes_and_changes_nothing(
    shop: Shop, network: Open, ask: Callable[[str, bytes], bytes], waiting: list[tuple[Key, str]]
) -> None:
    bodies: list[bytes] = []

    def twice(client: socket.socket, request: bytes) -> None:
        for _ in range(3):
            answer = ask(shop.url, request)
            bodies.append(answer.partition(b"\r\n\r\n")[2])
        client.sendall(answer)

    worker = shop.worker(network(twice).url)
    worker.step(0.0)
    assert worker.state.online and len(bodies) == 3 and len(set(bodies)) == 1
    assert shop.cache.outbox_length() == 0 and shop.hub_operations() == 3
    assert shop.hub.balances("alenka") == {"anna": 106} and verify(shop.hub.store, shop.hub.zone_of).faults == ()


def test_a_retry_carries_the_very_same_bytes(shop: Shop, network: Open, waiting: list[tuple[Key, str]]) -> None:
    deaf = network(b"")
    worker = shop.worker(deaf.url)
    worker.step(0.0)
    worker.step(0.0)
    first, second = (request.partition(b"\r\n\r\n")[2] for request in deaf.requests)
    assert first == second and msgspec.json.decode(first)["operations"] == [text for _, text in waiting]


Forged = Callable[[Said, bytes], bytes]
FORGED: dict[str, Forged] = {
    "not signed": lambda said, request: http_answer(said.body),
    "an older one, played again": lambda said, request: said.to(b"Pos-Request: another\r\n"),
    "another status": lambda said, request: said.to(request).replace(b" 200 ", b" 404 ", 1),
    "another body": lambda said, request: said.to(request).replace(b"applied", b"refused"),
    "another ledger": lambda said, request: re.sub(rb"(?<=Pos-Answerer: ledger=).", b"z", said.to(request)),
    "another epoch": lambda said, request: re.sub(rb"(?<=&epoch=).", b"z", said.to(request)),
    "another hub's key": lambda said, request: replace(said, key=new_keys().signer).to(request),
}


@pytest.mark.parametrize("how", FORGED)
def test_sec3_what_the_hubs_key_did_not_sign_is_not_believed_and_changes_nothing(
    shop: Shop, network: Open, reply: Reply, waiting: list[tuple[Key, str]], how: str
) -> None:
    said = reply(msgspec.json.encode({"answers": answers(waiting)}))
    strange = network(lambda client, request: client.sendall(FORGED[how](said, request)))
    worker = shop.worker(strange.url)
    assert worker.step(0.0) > 0.0
    assert worker.state.code == "strange_hub" and "is not this till's hub" in one_line(worker)
    right_in_the_end(shop, waiting)


def test_sec3_the_same_answer_signed_is_believed(
    shop: Shop, network: Open, reply: Reply, waiting: list[tuple[Key, str]]
) -> None:
    """So that it is the signature alone that makes the difference above."""
    worker = shop.worker(network(reply(msgspec.json.encode({"answers": answers(waiting)}))).url)
    worker.step(0.0)
    assert shop.cache.outbox_length() == 0


def test_a_till_that_has_not_joined_asks_nobody(shop: Shop, network: Open, waiting: list[tuple[Key, str]]) -> None:
    hub = network(b"")
    worker = SyncWorker(shop.cache, HubClient(hub.url, None), programme="alenka", jitter=lambda: 0.0, clock=lambda: NOW)
    assert worker.step(0.0) > 0.0
    assert worker.state.code == "not_joined" and "pos-agent join" in one_line(worker) and hub.requests == []
    right_in_the_end(shop, waiting)


def test_a_redirect_is_not_followed(shop: Shop, network: Open, reply: Reply, waiting: list[tuple[Key, str]]) -> None:
    elsewhere = network(reply(msgspec.json.encode({"answers": answers(waiting)})))
    for status in ("302 Found", "307 Temporary Redirect", "308 Permanent Redirect"):
        worker = shop.worker(network(reply(b"", status, Location=elsewhere.url + "/v3/operations")).url)
        assert worker.step(0.0) > 0.0
        assert f"answered {status[:3]}" in one_line(worker)
    assert elsewhere.requests == []
    right_in_the_end(shop, waiting)


@pytest.mark.parametrize("head", [b"Content-Length: 99999999999", b"Connection: close"])
def test_an_endless_answer_is_cut_off(shop: Shop, network: Open, waiting: list[tuple[Key, str]], head: bytes) -> None:
    sent = []

    def pour(client: socket.socket, request: bytes) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n")
        while True:
            sent.append(client.send(b" " * 65_536))

    worker = shop.worker(network(pour).url)
    assert worker.step(0.0) > 0.0
    assert f"its answer is longer than {BODY_BYTES_MAX} bytes" in one_line(worker)
    right_in_the_end(shop, waiting)


def test_a_packed_answer_is_not_unpacked(
    shop: Shop, network: Open, reply: Reply, waiting: list[tuple[Key, str]]
) -> None:
    """A few kilobytes of gzip can be gigabytes of blanks; the till asks for plain bytes and reads nothing else."""
    packed = gzip.compress(b" " * 50_000_000)
    ill = network(reply(packed, Content_Encoding="gzip"))
    worker = shop.worker(ill.url)
    assert worker.step(0.0) > 0.0
    assert "not as a hub does" in one_line(worker)
    assert b"accept-encoding: identity" in ill.requests[0].lower()
    right_in_the_end(shop, waiting)


@pytest.mark.parametrize(
    "start", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"], ids=["silent", "dripping"]
)
def test_an_answer_that_takes_too_long_is_given_up(
    shop: Shop, network: Open, waiting: list[tuple[Key, str]], start: bytes
) -> None:
    """Each byte comes well before the deadline between two bytes; all of them together do not."""

    def drip(client: socket.socket, request: bytes) -> None:
        client.sendall(start)
        while not slow.closing.wait(0.02):
            client.sendall(b" " if start else b"")

    slow = network(drip)
    worker = shop.worker(slow.url, patience=Patience(read_s=0.25, total_s=0.3))
    assert worker.step(0.0) > 0.0
    assert "time ran out" in one_line(worker)
    right_in_the_end(shop, waiting)


def test_the_desktops_proxy_is_not_asked(
    shop: Shop, network: Open, waiting: list[tuple[Key, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = network(b"")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    right_in_the_end(shop, waiting)
    assert proxy.requests == []
