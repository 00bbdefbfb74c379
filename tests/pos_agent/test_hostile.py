"""What a page of another site, or a program that means no good, may send to the till: refused, and nothing happened.

Bytes on a socket, since no HTTP client sends most of these.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from pos_agent.connection import CONNECTIONS_MAX
from pos_agent.front import our_hosts, refusal
from pos_agent.route import EVERYWHERE
from pos_agent.routes import ROUTES
from pos_agent.strict_json import DEPTH_MAX, depth
from tests.pos_agent.running import TIMEOUT_S, running

HALF_OPEN = 1_100
PAY = b'{"sale": "1"}'
LINES = b'"lines": [{"id": "1", "name": "Tea", "price": "1.00"}]'

Agent = tuple[str, str]  # url and token


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """With a receipt in front, so that there is something to spoil."""
    with running(tmp_path_factory.mktemp("hostile")) as (url, token):
        basket = b'{"do": "basket", "sale": "1", %b}' % LINES
        assert asked(url, token, "/v1/commands", basket)["code"] == "basket_without_member"
        yield url, token


def asked(url: str, token: str, path: str, body: bytes | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    method = "GET" if body is None else "POST"
    answer = requests.request(method, url + path, data=body, headers=headers, timeout=TIMEOUT_S)
    return answer.json()


def state(url: str, token: str) -> Any:
    """All that a request could have changed."""
    status = asked(url, token, "/v1/status")
    return asked(url, token, "/v1/visit"), {key: status[key] for key in ("outbox", "papers", "visit", "last_reply")}


def told(url: str, sent: bytes) -> bytes:
    """What comes back until the till closes; whoever sends does not close first."""
    at = urlsplit(url)
    with socket.create_connection((at.hostname, at.port), TIMEOUT_S) as line:
        line.sendall(sent)
        answer = b""
        while piece := line.recv(65_536):
            answer += piece
            if _whole(answer):
                break
    return answer


def _whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    return bool(end and length and len(body) >= int(length[1]))


def request(
    method: str = "POST",
    path: str = "/v1/pay",
    *,
    body: bytes = PAY,
    host: str = "127.0.0.1:{port}",
    version: str = "HTTP/1.1",
    type: str | None = "application/json",
    auth: str | None = "Bearer {token}",
    length: str | None = "",
    more: str = "",
) -> bytes:
    """A good request, but for what a case makes bad; `{port}` and `{token}` are filled in when it is sent."""
    lines = [f"{method} {path} {version}".rstrip()]
    lines += [f"Host: {host}"] if host else []
    lines += [f"Content-Type: {type}"] if type is not None else []
    lines += [f"Authorization: {auth}"] if auth is not None else []
    lines += [f"Content-Length: {length or len(body)}"] if length is not None else []
    lines += more.splitlines()
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def get(path: str = "/v1/visit", **how: Any) -> bytes:
    return request("GET", path, **({"body": b"", "type": None, "length": None} | how))


def command(body: bytes, path: str = "/v1/basket") -> bytes:
    return request(path=path, body=body)


CHUNKED: dict[str, Any] = {"length": None, "more": "Transfer-Encoding: chunked"}
DEEP = b'{"sale": "1", "lines": [], "a": ' + b"[" * 100 + b"]" * 100 + b"}"
HOSTILE: dict[str, tuple[int, bytes]] = {
    # names of the till that are not its own: rebinding, and tricks with ports
    "host of another": (421, request(host="evil.example")),
    "host of another with our port": (421, request(host="evil.example:{port}")),
    "host that begins as ours": (421, request(host="127.0.0.1.evil.example:{port}")),
    "host that ends as ours": (421, request(host="evil.example.127.0.0.1:{port}")),
    "host without port": (421, request(host="127.0.0.1")),
    "host with another port": (421, request(host="127.0.0.1:80")),
    "host with a port like ours": (421, request(host="127.0.0.1:0{port}")),
    "host with two ports": (421, request(host="127.0.0.1:{port}:80")),
    "host with a user": (421, request(host="127.0.0.1@evil.example:{port}")),
    "host with a dot": (421, request(host="localhost.:{port}")),
    "host in capitals": (421, request(host="LOCALHOST:{port}")),
    "host of all addresses": (421, request(host="0.0.0.0:{port}")),
    "host as one number": (421, request(host="2130706433:{port}")),
    "host short": (421, request(host="127.1:{port}")),
    "host six bare": (421, request(host="::1:{port}")),
    "host twice": (400, request(more="Host: evil.example")),
    "host twice the same": (400, request(more="Host: 127.0.0.1:{port}")),
    "no host": (400, request(host="")),
    "no host in 1.0": (421, request(host="", version="HTTP/1.0")),
    "forwarded host": (421, request(host="evil.example", more="X-Forwarded-Host: 127.0.0.1:{port}")),
    # pages of others
    "origin null": (403, request(more="Origin: null")),
    "origin of another": (403, request(more="Origin: http://evil.example")),
    "origin that begins as ours": (403, request(more="Origin: http://127.0.0.1:{port}.evil.example")),
    "origin that ends as ours": (403, request(more="Origin: http://evil.example/http://127.0.0.1:{port}")),
    "origin https": (403, request(more="Origin: https://127.0.0.1:{port}")),
    "origin of another port": (403, request(more="Origin: http://127.0.0.1:3000")),
    "origin without port": (403, request(more="Origin: http://localhost")),
    "origin with a slash": (403, request(more="Origin: http://127.0.0.1:{port}/")),
    "origin empty": (403, request(more="Origin: ")),
    "origin twice": (403, request(more="Origin: http://127.0.0.1:{port}\nOrigin: http://evil.example")),
    "origin twice in one": (403, request(more="Origin: http://127.0.0.1:{port}, http://evil.example")),
    "origin of an extension": (403, request(more="Origin: chrome-extension://abcdef")),
    "a picture of another page": (403, get(more="Sec-Fetch-Site: cross-site\nSec-Fetch-Dest: image")),
    "a page of another port": (403, request(more="Sec-Fetch-Site: same-site")),
    "events for another page": (403, get("/v1/events", more="Origin: http://evil.example")),
    "preflight": (403, request("OPTIONS", more="Origin: http://evil.example\nAccess-Control-Request-Method: POST")),
    "websocket of another page": (
        403,
        get(more="Connection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Key: eA==\nOrigin: http://evil.example"),
    ),
    "websocket of nobody": (400, get(more="Connection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Key: eA==")),
    # tokens
    "no token": (401, request(auth=None)),
    "empty token": (401, request(auth="")),
    "token without its kind": (401, request(auth="{token}")),
    "token of another kind": (401, request(auth="Basic {token}")),
    "bearer of nothing": (401, request(auth="Bearer ")),
    "wrong token": (401, request(auth="Bearer " + "x" * 32)),
    "half a token": (401, request(auth="Bearer {token:.16}")),
    "token and more": (401, request(auth="Bearer {token}x")),
    "two tokens": (401, request(more="Authorization: Bearer {token}")),
    "token in the address": (401, get("/v1/visit?token={token}", auth=None)),
    "token in a cookie": (401, get(auth=None, more="Cookie: token={token}")),
    "events without token": (401, get("/v1/events", auth=None)),
    # kinds of body
    "form": (415, request(type="application/x-www-form-urlencoded")),
    "text": (415, request(type="text/plain")),
    "text that means json": (415, request(type="text/plain; x=application/json")),
    "files": (415, request(type="multipart/form-data; boundary=x")),
    "no kind": (415, request(type=None)),
    "two kinds": (415, request(more="Content-Type: text/plain")),
    "kind like ours": (415, request(type="application/jsonp")),
    "packed": (415, request(body=b"\x1f\x8b\x08\x00", more="Content-Encoding: gzip")),
    "packed in name": (415, request(more="Content-Encoding: identity, gzip")),
    # methods
    "get of a command": (405, get("/v1/pay")),
    "get with a body": (400, get("/v1/visit", body=PAY, length="")),
    "get with chunks": (400, get("/v1/visit", body=b"0\r\n\r\n", **CHUNKED)),
    "post of a look": (405, request(path="/v1/status")),
    "put": (405, request("PUT")),
    "delete": (405, request("DELETE", "/v1/visit")),
    "trace": (405, request("TRACE")),
    "method by header": (405, get("/v1/pay", more="X-HTTP-Method-Override: POST")),
    "method in small letters": (405, request("post")),
    # addresses
    "absolute": (400, request(path="http://127.0.0.1:{port}/v1/pay")),
    "absolute of another": (400, request(path="http://evil.example/v1/pay")),
    "authority": (400, request("CONNECT", "127.0.0.1:{port}")),
    "star": (400, request("OPTIONS", "*")),
    "two slashes": (400, request(path="//v1/pay")),
    "a slash behind": (400, request(path="/v1/pay/")),
    "dots": (400, request(path="/v1/../v1/pay")),
    "dots in code": (400, request(path="/v1/%2e%2e/v1/pay")),
    "letter in code": (400, request(path="/v1/%70ay")),
    "slash in code": (400, request(path="/v1%2Fpay")),
    "parameter": (400, request(path="/v1/pay;x=1")),
    "capitals": (404, request(path="/V1/PAY")),
    "unknown": (404, request(path="/v1/fly")),
    # HTTP that is none
    "0.9": (400, b"GET /v1/visit\r\n\r\n"),
    "2.0": (400, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "tls": (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
    "blank before colon": (400, request(more="X-A : b")),
    "zero in a header": (400, request(more="X-A: \0")),
    "length that is none": (400, request(length="x")),
    "length below nothing": (400, request(length="-1")),
    "two lengths": (400, request(more="Content-Length: 1")),
    "length and chunks": (400, request(more="Transfer-Encoding: chunked", body=b"0\r\n\r\n")),
    "chunks of garbage": (400, request(body=b"zz\r\n{}\r\n", **CHUNKED)),
    "chunk longer than all": (400, request(body=b"f" * 30 + b"\r\n", **CHUNKED)),
    "chunks packed": (400, request(body=b"", length=None, more="Transfer-Encoding: gzip, chunked")),
    "header too long": (431, request(more="X-A: " + "a" * 20_000)),
    "headers too many": (431, request(more="\n".join(f"X-{n}: 1" for n in range(2_000)))),
    "address too long": (431, request(path="/v1/pay?" + "a" * 20_000)),
    "body too long": (413, request(body=b"", length="1000001")),
    "body of a petabyte": (413, request(body=b"", length="1000000000000000")),
    "chunks too long": (413, request(body=b"f4241\r\n" + b" " * 1_000_001 + b"\r\n0\r\n\r\n", **CHUNKED)),
    # JSON that is none, or means two things
    "not a number": (400, command(b'{"sale": NaN, "lines": []}')),
    "no end of numbers": (400, command(b'{"sale": "1", "lines": [], "x": Infinity}')),
    "too big a number": (400, command(b'{"points": 9007199254740993}', "/v1/redeem")),
    "very many digits": (400, command(b'{"points": ' + b"9" * 5_000 + b"}", "/v1/redeem")),
    "a number past all": (400, command(b'{"points": 1e999}', "/v1/redeem")),
    "a field twice": (400, command(b'{"sale": "1", "sale": "2"}', "/v1/cancel")),
    "a field twice inside": (400, command(b'{"lines": [{"id": "1", "id": "2", "name": "a", "price": "1.00"}]}')),
    "a field twice in escapes": (400, command(b'{"sale": "1", "\\u0073ale": "2"}', "/v1/cancel")),
    "deep": (400, command(DEEP)),
    "very deep": (400, command(b"[" * 100_000)),
    "half a letter": (400, command(b'{"sale": "\\ud800"}', "/v1/cancel")),
    "no utf-8": (400, command(b'{"sale": "\xff"}', "/v1/cancel")),
    "utf-16": (400, command('{"sale": "1"}'.encode("utf-16"), "/v1/cancel")),
    "two documents": (400, command(b"{}{}", "/v1/cancel")),
    "a comment": (400, command(b"{} // yes", "/v1/cancel")),
    "nothing": (400, command(b"", "/v1/cancel")),
    "another command than the address": (400, command(b'{"do": "pay", "sale": "1"}', "/v1/cancel")),
    "two keys": (400, request(more="Idempotency-Key: a\nIdempotency-Key: b")),
    "an empty key": (400, request(more="Idempotency-Key: ")),
    "a key too long": (400, request(more="Idempotency-Key: " + "k" * 256)),
}


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_hostile_is_refused_and_changes_nothing(agent: Agent, case: str) -> None:
    url, token = agent
    status, sent = HOSTILE[case]
    before = state(url, token)
    filled = re.sub(rb"\{token(:\.(\d+))?\}", lambda found: token[: int(found[2] or 99)].encode(), sent)
    answer = told(url, filled.replace(b"{port}", str(urlsplit(url).port).encode()))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), answer[:300]
    problem = json.loads(body)
    assert (problem["status"], problem["ok"]) == (status, False) and problem["code"] and problem["text"]
    assert b"access-control-" not in head.lower()
    assert state(url, token) == before


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_a_page_of_the_till_itself_is_served(agent: Agent, name: str) -> None:
    url, token = agent
    port = urlsplit(url).port
    more = f"Origin: http://{name}:{port}\nSec-Fetch-Site: same-origin\nConnection: close"
    sent = get(host=f"{name}:{port}", auth=f"Bearer {token}", more=more)
    assert told(url, sent).startswith(b"HTTP/1.1 200 ")


def test_a_till_on_the_port_that_clients_leave_out_is_called_without_it() -> None:
    assert {b"localhost", b"localhost:80"} <= our_hosts(80)
    assert b"localhost" not in our_hosts(8071)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_no_call_is_open_to_nobody(agent: Agent, route: Any) -> None:
    url, _ = agent
    sent = get(route.path, auth=None) if route.method == "GET" else request(path=route.path, auth=None)
    answer = told(url, sent.replace(b"{port}", str(urlsplit(url).port).encode()))
    assert answer.startswith(b"HTTP/1.1 401 ")


def test_whatever_stands_in_front_refuses_with_a_code_that_every_call_declares() -> None:
    bad = [(b"host", b"evil.example")]
    scope = {
        "raw_path": b"/v1/visit",
        "query_string": b"",
        "server": ("127.0.0.1", 8071),
        "method": "GET",
        "headers": bad,
    }
    assert refusal(scope) in EVERYWHERE


@pytest.mark.parametrize(
    ("body", "levels"), [(b"{}", 1), (b'{"a": "[[[\\"[[[", "b": [[]]}', 3), (b"1", 0), (b"[" * 20, 20)]
)
def test_brackets_in_texts_are_no_depth(body: bytes, levels: int) -> None:
    assert depth(body) == levels
    assert DEPTH_MAX == 16


# many connections


def opened(url: str, sent: bytes) -> socket.socket:
    at = urlsplit(url)
    line = socket.create_connection((at.hostname, at.port), TIMEOUT_S)
    line.sendall(sent)
    return line


@pytest.mark.parametrize("begun", [b"", b"POST /v1/pay HTTP/1.1\r\nHost: ", None])
def test_1100_half_open_connections_change_nothing_for_the_pos(agent: Agent, begun: bytes | None) -> None:
    """Nothing sent, half a header, or half a body; and the POS works between them. The oldest of them are closed."""
    url, token = agent
    half = request(auth=f"Bearer {token}", host=urlsplit(url).netloc, length="1000")
    before = state(url, token)
    lines = []
    try:
        for number in range(HALF_OPEN):
            lines.append(opened(url, half if begun is None else begun))
            if number % 100 == 99:
                assert asked(url, token, "/v1/commands", b'{"do": "drop_card"}')["code"] == "not_now_basket"
        with requests.Session() as pos:  # as a POS does: one connection for many calls
            for _ in range(20):
                headers = {"Authorization": f"Bearer {token}"}
                assert pos.get(f"{url}/v1/status", headers=headers, timeout=TIMEOUT_S).status_code == 200
        assert sum(_closed(line) for line in lines[: HALF_OPEN - CONNECTIONS_MAX]) == HALF_OPEN - CONNECTIONS_MAX
    finally:
        for line in lines:
            line.close()
    assert state(url, token)[0]["visit"] == before[0]["visit"]


def _closed(line: socket.socket) -> bool:
    """Whether the till has let go of it; what it says before that is a problem."""
    try:
        answer = b""
        while piece := line.recv(65_536):
            answer += piece
    except ConnectionError:
        return True
    return not answer or answer.startswith((b"HTTP/1.1 503 ", b"HTTP/1.1 408 "))
