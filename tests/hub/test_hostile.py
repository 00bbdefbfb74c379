"""SEC3: whoever is not a joined till of this ledger, and says so with its key, changes nothing and is told nothing."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
import pytest

from hub.face.tills import hub_app
from hub.tills.joining import revoke
from sync.identity import Speaker
from sync.joining import JoinRequest
from tests.hub.conftest import NOW, Office, Pen
from tests.one_port import Server
from tests.speaking import joined, speaking

JSON = "application/json"
PUSH, CHANGES, HOLDS, MEMBERS = "/v3/operations", "/v3/changes?programme=alenka&limit=5", "/v3/holds", "/v3/members"
HOLD = {"till": "t1", "programme": "alenka", "member": "anna", "hold": "t1/1", "points": 5}
HOLD_TEXT = json.dumps(HOLD | {"until": "2026-03-02T12:20:00.000000+00:00"}).encode()
WHO = json.dumps({"till": "t1", "generation": 1, "programme": "alenka", "card": "cardanna"}).encode()
TABLES = ("operations", "chains", "entries", "lots", "holds", "tills", "seen", "changes")


@dataclass(frozen=True)
class Asked:
    """A request as t1 signs it, before somebody lays hands on it."""

    method: str
    target: str
    body: bytes
    headers: dict[str, str]
    more: tuple[str, ...] = field(default=())

    def with_headers(self, **changes: str | None) -> Asked:
        """None: without it."""
        names = {name.replace("_", "-"): value for name, value in changes.items()}
        headers = self.headers | {name: value for name, value in names.items() if value is not None}
        return replace(
            self, headers={name: value for name, value in headers.items() if names.get(name, "") is not None}
        )

    def saying(self, **changes: str) -> Asked:
        """As somebody else, by what it says itself."""
        told = dict(parse_qsl(self.headers["Pos-Asker"], keep_blank_values=True)) | changes
        return self.with_headers(Pos_Asker=urlencode(told))

    def raw(self) -> bytes:
        fields = {"Host": "hub", "Content-Type": JSON, "Content-Length": str(len(self.body)), **self.headers}
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
        return "\r\n".join([*lines, *self.more, "Connection: close", "", ""]).encode("latin-1") + self.body


class Street:
    """A hub, its till t1, and whoever comes by."""

    def __init__(self, office: Office, server: Server) -> None:
        self.office = office
        self.url = server.url
        office.join("anna", points=500)
        self.identity = joined(office.hub, "t1")
        self.other = joined(office.hub, "t2")
        server.app = hub_app(office.hub)
        for till in filter(None, (office.hub.tills.find("t1"), office.hub.tills.find("t2"))):
            office.hub.tills.hear(till)  # that it is there is written after its first request

    def asked(self, target: str, body: bytes = b"", as_whom: Speaker | None = None) -> Asked:
        method = "POST" if body else "GET"
        _, headers = (as_whom or speaking(self.identity)).sign(method, target, body)
        return Asked(method, target, body, headers)

    def push(self, as_whom: Speaker | None = None) -> Asked:
        text = Pen().write(self.office.sale(earned=1_000))
        return self.asked(PUSH, json.dumps({"till": "t1", "operations": [text]}).encode(), as_whom)

    def send(self, raw: bytes) -> tuple[int, str]:
        """Status and the problem's code."""
        host, _, port = self.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(raw)
            answer = b""
            while piece := connection.recv(65_536):
                answer += piece
        head, _, body = answer.partition(b"\r\n\r\n")
        try:
            code = str(json.loads(body)["code"])
        except (ValueError, KeyError, TypeError):
            code = ""
        return int(head.split(b" ")[1]) if head.startswith(b"HTTP/") else 0, code

    def books(self) -> list[Any]:
        """All that a request could have changed; when a till was heard last is none of it."""
        tills = self.office.rows("SELECT till, json_remove(body, '$.heard_at') FROM tills")
        return [tills, *(self.office.rows(f"SELECT * FROM {table}") for table in TABLES if table != "tills")]


@pytest.fixture
def street(office: Office, server: Server) -> Street:
    return Street(office, server)


def other_key(street: Street) -> Speaker:
    """t1's name, and the key of t2."""
    return speaking(msgspec.structs.replace(street.identity, key=street.other.key))


def nobodys(street: Street) -> Speaker:
    return speaking(msgspec.structs.replace(street.identity, till="t9"))


def other_ledger(street: Street) -> Speaker:
    return speaking(msgspec.structs.replace(street.identity, ledger="e" * 32))


def sent_away(street: Street) -> Speaker:
    street.office.hub.within(lambda writer: revoke(writer, "t1", NOW, by="Olga", why="stolen"))
    return speaking(street.identity)


def join_text(**changes: Any) -> bytes:
    asked = JoinRequest(till="t1", key="a" * 64, file="b" * 32, generation=1, salt="c" * 32, proof="d" * 64)
    return json.dumps(json.loads(msgspec.json.encode(asked)) | changes).encode()


def joining(body: bytes, **headers: str) -> bytes:
    return Asked("POST", "/v3/join", body, {}).with_headers(**headers).raw()


Raw = Callable[[Street], bytes]
PATHS = (
    *("/v1/operations", "/v2/operations", PUSH, "/v1/changes", "/v2/changes", CHANGES, "/v3/goods", HOLDS, MEMBERS),
    *("/v3/ready", "/v3/ready/" + "f" * 32),
    *("/v3/programmes/" + "f" * 64, "/", "/v9/anything", "/v3/operations/", "//v3/operations", "/v1/health/"),
)


def unsigned(path: str) -> Raw:
    asks = any(what in path for what in ("changes", "goods", "ready"))
    return lambda street: Asked("GET" if asks else "POST", path, b"" if asks else street.push().body, {}).raw()


UNSIGNED: dict[str, Raw] = {f"unsigned {path}": unsigned(path) for path in PATHS}
HOSTILE: dict[str, tuple[int, str, Raw]] = {
    **{name: (401, "not_signed", raw) for name, raw in UNSIGNED.items()},
    "another till's key": (401, "not_signed", lambda s: s.push(other_key(s)).raw()),
    "a till that never joined": (401, "unknown_till", lambda s: s.push(nobodys(s)).raw()),
    "one that was sent away": (401, "revoked", lambda s: s.push(sent_away(s)).raw()),
    "of another ledger": (401, "other_ledger", lambda s: s.push(other_ledger(s)).raw()),
    "of another till in the body": (400, "wrong_till", lambda s: s.push(speaking(s.other)).raw()),
    "of another till in the query": (400, "wrong_till", lambda s: s.asked(CHANGES + "&till=t2").raw()),
    "another body": (400, "not_signed", lambda s: s.push().raw().replace(b"1000", b"9000")),
    "no body": (400, "not_signed", lambda s: replace(s.push(), body=b"").raw()),
    "a body to a question without": (401, "not_signed", lambda s: replace(s.push(), method="GET").raw()),
    "another query": (401, "not_signed", lambda s: replace(s.asked(CHANGES), target=CHANGES + "0").raw()),
    "no query": (401, "not_signed", lambda s: replace(s.asked(CHANGES), target="/v3/changes").raw()),
    "another path": (401, "not_signed", lambda s: replace(s.asked(MEMBERS, HOLD_TEXT), target=HOLDS).raw()),
    "another method": (401, "not_signed", lambda s: replace(s.push(), method="PUT").raw()),
    "the path in code": (401, "not_signed", lambda s: replace(s.push(), target="/v3/%6fperations").raw()),
    "absolute": (401, "not_signed", lambda s: replace(s.push(), target="http://hub" + PUSH).raw()),
    "absolute of another": (401, "not_signed", lambda s: replace(s.push(), target="http://evil.example" + PUSH).raw()),
    "the query in another order": (
        *(401, "not_signed"),
        lambda s: replace(s.asked(CHANGES), target="/v3/changes?limit=5&programme=alenka").raw(),
    ),
    "without a signature": (401, "not_signed", lambda s: s.push().with_headers(Signature=None).raw()),
    "without its input": (401, "not_signed", lambda s: s.push().with_headers(Signature_Input=None).raw()),
    "without a digest": (401, "not_signed", lambda s: s.push().with_headers(Content_Digest=None).raw()),
    "with half a signature": (401, "not_signed", lambda s: s.push().with_headers(Signature="pos=:AAAA:").raw()),
    "with no signature in it": (401, "not_signed", lambda s: s.push().with_headers(Signature="").raw()),
    "with letters for a signature": (401, "not_signed", lambda s: s.push().with_headers(Signature="\x7f\xff").raw()),
    "another file": (401, "not_signed", lambda s: s.push().saying(file="0" * 32).raw()),
    "another generation": (401, "not_signed", lambda s: s.push().saying(generation="2").raw()),
    "somebody without a name": (401, "not_signed", lambda s: s.push().with_headers(Pos_Asker="till=t1").raw()),
    "somebody who says more": (401, "not_signed", lambda s: s.push().saying(office="1").raw()),
    "nobody": (401, "not_signed", lambda s: s.push().with_headers(Pos_Asker=None).raw()),
    "no generation": (401, "not_signed", lambda s: s.push().saying(generation="x").raw()),
    "an endless generation": (401, "not_signed", lambda s: s.push().saying(generation="9" * 5_000).raw()),
    "another run": (401, "not_signed", lambda s: s.push().saying(run="other").raw()),
    "another ledger's name": (401, "not_signed", lambda s: s.push().saying(ledger="").raw()),
    "another request's id": (401, "not_signed", lambda s: s.push().with_headers(Pos_Request="other").raw()),
    "another till's name": (401, "not_signed", lambda s: s.push().saying(till="t2").raw()),
    "a name with a control character": (401, "unknown_till", lambda s: s.push().saying(till="t\x011").raw()),
    "a name twice": (401, "not_signed", lambda s: replace(s.push(), more=("Pos-Asker: till=t1",)).raw()),
    "a signature twice": (401, "not_signed", lambda s: replace(s.push(), more=("Signature: pos=:AAAA:",)).raw()),
    "a digest twice": (401, "not_signed", lambda s: replace(s.push(), more=("Content-Digest: x",)).raw()),
    "less covered": (
        *(401, "not_signed"),
        lambda s: s.push().with_headers(Signature_Input='pos=("@method");created=0;keyid="t1";tag="pos-till"').raw(),
    ),
    "as the hub signs": (
        *(401, "not_signed"),
        lambda s: retagged(s.push()).raw(),
    ),
    "a hold without a nonce": (401, "stale_nonce", lambda s: s.asked(HOLDS, HOLD_TEXT).raw()),
    "a question for somebody without one": (401, "stale_nonce", lambda s: s.asked(MEMBERS, WHO).raw()),
    "HTTP 0.9": (0, "", lambda s: b"GET /v3/changes\r\n\r\n"),
    "joins uninvited": (409, "no_code", lambda s: joining(join_text(till="t7"))),
    "joins in the place of one that has": (409, "no_code", lambda s: joining(join_text())),
    "joins from a page": (403, "no_browsers", lambda s: joining(join_text(), Origin="http://evil.example")),
    "joins from a page of nowhere": (403, "no_browsers", lambda s: joining(join_text(), Origin="null")),
    "joins as a form": (415, "not_json", lambda s: joining(join_text(), **{"Content-Type": "text/plain"})),
    "joins with more": (400, "bad_request", lambda s: joining(join_text(state="joined"))),
    "joins with less": (400, "bad_request", lambda s: joining(b"{}")),
    "joins with nothing": (400, "bad_request", lambda s: joining(b"")),
    "joins without end": (400, "bad_request", lambda s: joining(b"[" * 100_000)),
}  # fmt: skip


def retagged(asked: Asked) -> Asked:
    return asked.with_headers(Signature_Input=asked.headers["Signature-Input"].replace("pos-till", "pos-hub"))


@pytest.mark.parametrize("case", HOSTILE)
def test_sec3_it_is_refused_with_its_reason_and_nothing_is_changed(street: Street, case: str) -> None:
    status, code, raw = HOSTILE[case]
    request = raw(street)
    before = street.books()
    found = street.send(request)
    assert found == (status, code) or (status == 0 and found[0] in (0, 400, 401)), found
    assert street.books() == before


def test_sec3_the_same_requests_untouched_are_heard(street: Street) -> None:
    """So that it is the hands laid on them that make the difference above."""
    assert street.send(street.push().raw()) == (200, "")
    assert street.send(street.asked(CHANGES).raw()) == (200, "")


def test_sec3_a_hold_that_was_heard_is_not_heard_again(street: Street) -> None:
    speaker = speaking(street.identity)
    _, headers = speaker.sign("GET", CHANGES, b"")
    host, _, port = street.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(Asked("GET", CHANGES, b"", headers).raw())
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    (told,) = [line.split(b": ")[1] for line in answer.split(b"\r\n") if line.startswith(b"pos-answerer: ")]
    speaker._nonce = dict(parse_qsl(told.decode()))["nonce"]
    asked = street.asked(HOLDS, HOLD_TEXT, speaker).raw()
    assert street.send(asked) == (200, "")
    before = street.books()
    assert street.send(asked) == (401, "stale_nonce") and street.books() == before


def test_a_push_that_is_played_again_changes_nothing(street: Street) -> None:
    asked = street.push().raw()
    assert street.send(asked) == (200, "")
    before = street.books()
    assert street.send(asked) == (200, "") and street.books() == before


def test_who_hears_is_asked_without_a_name(street: Street) -> None:
    """Whether the hub is there, anybody may ask; it tells nothing else."""
    assert street.send(Asked("GET", "/v1/health", b"", {}).raw()) == (200, "")
