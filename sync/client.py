"""The hub over HTTP (requests): every call is signed and has a deadline, every answer is believed only where the hub's
key signed it, and every failure is one HubUnreachable or HubRefused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

import msgspec
import requests
from urllib3.exceptions import HTTPError, NewConnectionError

from offline_cache.ready import Part
from sync.answers import read_hold, read_member_now
from sync.desk import DeskReply, DeskRequest
from sync.goods_page import PulledGoods, read_goods
from sync.hub_port import HubIsOlder, HubNotJoined, HubRefused, HubStrange, HubUnclear, HubUnreachable, one_line
from sync.identity import Speaker
from sync.joining import JoinReply, JoinRequest
from sync.pages import PulledPage, read_page
from sync.private import Ear
from sync.protocol import (
    BODY_BYTES_MAX,
    CHAIN,
    HoldReply,
    HoldRequest,
    LeaseReply,
    LeaseRequest,
    MemberNow,
    MemberRequest,
    OwnPage,
    Problem,
    ProgrammeFile,
    PushReply,
    PushRequest,
    ReadyFile,
)
from sync.ready_block import read_block
from sync.renewing import NewKey, NewKeyTaken
from sync.signed import NotSigned
from sync.watch import Watch


class Patience(NamedTuple):
    """How long a call may take, in seconds."""

    connect_s: float = 2.0  # the hub is in the same country
    read_s: float = 5.0  # between two bytes
    total_s: float = 15.0  # for a whole answer, however slowly it drips


PATIENT = Patience()

HEADERS = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
STALE_NONCE = "stale_nonce"
FAILURES = (requests.RequestException, HTTPError, OSError)  # of a line
AGAIN_MAX_S = 60.0
NOT_JOINED = (
    "This till has not joined the hub at {url}: `pos-agent join CODE`, with a code that `pos-hub till add` gives. Sales"
    " are recorded and wait here."
)
STRANGE = "What answers at {url} is not this till's hub ({why}). Sales are recorded and wait here."

_T = TypeVar("_T")
_reply = msgspec.json.Decoder(PushReply).decode
_file = msgspec.json.Decoder(ProgrammeFile).decode
_taken = msgspec.json.Decoder(NewKeyTaken).decode
_lease = msgspec.json.Decoder(LeaseReply).decode
_ready = msgspec.json.Decoder(ReadyFile).decode
_own = msgspec.json.Decoder(OwnPage).decode
_desk = msgspec.json.Decoder(DeskReply).decode


class HubClient:
    """`speaker` None: the till has not joined, and there is nobody to speak as; one that has not joined yet may."""

    def __init__(self, url: str, speaker: Speaker | None, patience: Patience = PATIENT) -> None:
        self.url = url.rstrip("/")
        self._speaker = speaker
        self._line = _Line(patience)

    def push(self, request: PushRequest) -> PushReply:
        return self._call("POST", "/v3/operations", _reply, data=msgspec.json.encode(request))

    def changes(
        self,
        *,
        till: str,
        generation: int,
        programme: str,
        after: str,
        limit: int,
        store: str = "",
        scope: str = CHAIN,
        settings: str | None = None,
        staff: str | None = None,
    ) -> PulledPage:
        ear, numbers = Ear(), {"generation": str(generation), "limit": str(limit)}
        params = {"till": till, "programme": programme, "after": after, "store": store, "scope": scope, **numbers}
        known = {"settings": settings, "staff": staff}
        params |= {name: edition for name, edition in known.items() if edition is not None}
        params |= {"seal_to": ear.public, "next_hub_key": self._as().next_hub_key}
        return self._call("GET", "/v3/changes", lambda body: read_page(body, ear.opened), params=params)

    def goods(self, *, after: str, limit: int, store: str, scope: str) -> PulledGoods:
        params = {"after": after, "limit": str(limit), "store": store, "scope": scope}
        return self._call("GET", "/v3/goods", read_goods, params=params)

    def ready(self, *, till: str, generation: int, programme: str, store: str) -> ReadyFile:
        params = {"till": till, "generation": str(generation), "programme": programme, "store": store}
        return self._call("GET", "/v3/ready", _ready, params=params)

    def block(self, *, file: str, after: str) -> Part | None:
        return self._call("GET", f"/v3/ready/{file}", read_block, params={"after": after})

    def lease(self, request: LeaseRequest) -> LeaseReply:
        return self._call_once("/v3/lease", _lease, msgspec.json.encode(request))

    def own(self, *, till: str, generation: int, after: int) -> OwnPage:
        params = {"till": till, "generation": str(generation), "after": str(after)}
        return self._call("GET", "/v3/own", _own, params=params)

    def programme(self, hash: str) -> str:
        return self._call("GET", f"/v3/programmes/{hash}", _file).source

    def new_key(self, asked: NewKey) -> None:
        if self._call("POST", "/v3/key", _taken, data=msgspec.json.encode(asked)).key != asked.key:
            raise HubUnclear(f"{self.url} took another key than was told.")

    def hold(self, request: HoldRequest) -> HoldReply:
        return self._call_once("/v3/holds", read_hold, msgspec.json.encode(request))

    def member(self, request: MemberRequest) -> MemberNow:
        return self._call_once("/v3/members", read_member_now, msgspec.json.encode(request))

    def desk(self, request: DeskRequest) -> DeskReply:
        return self._call_once("/v3/desk", _desk, msgspec.json.encode(request))

    def _call_once(self, path: str, read: Callable[[bytes], _T], data: bytes) -> _T:
        """What the hub does once for each nonce that it gave: the first call may only bring one."""
        try:
            return self._call("POST", path, read, data=data)
        except HubRefused as refused:
            if refused.code != STALE_NONCE:
                raise
        return self._call("POST", path, read, data=data)

    def _call(
        self,
        method: str,
        path: str,
        read: Callable[[bytes], _T],
        *,
        data: bytes = b"",
        params: dict[str, str] | None = None,
    ) -> _T:
        speaker = self._as()
        try:
            asked = requests.Request(method, self.url + path, data=data, params=params, headers=HEADERS).prepare()
            request, signed = speaker.sign(method, asked.path_url, data)
            asked.headers.update(signed)
            answer = self._line.send(asked)
        except FAILURES as error:
            raise _unreachable(self.url, error) from error
        try:
            speaker.heard(request, answer.status, answer.headers, answer.body)
        except NotSigned as error:
            raise HubStrange(STRANGE.format(url=self.url, why=one_line(str(error)))) from error
        if answer.status == 404:
            raise HubIsOlder(
                f"The hub at {self.url} is older than this till and does not know its protocol. Sales are recorded "
                "and wait here, and points are redeemed as without a connection. Upgrade the hub first."
            )
        return _said(self.url, answer, read)

    def _as(self) -> Speaker:
        if self._speaker is None or not self._speaker.has_joined:
            raise HubNotJoined(NOT_JOINED.format(url=self.url))
        return self._speaker

    def close(self) -> None:
        self._line.close()


def _again_s(said: str) -> float:
    """What the hub says of when to come again; bounded, for a till that stays away is a till without its hub."""
    return min(float(said), AGAIN_MAX_S) if said.isascii() and said.isdigit() and len(said) < 10 else 0.0


def ask_to_join(url: str, request: JoinRequest, patience: Patience = PATIENT) -> JoinReply:
    """The hub's answer to a till that it does not know yet; the reply's proof says whether it is the hub. Raises
    HubUnreachable, HubRefused."""
    url, line = url.rstrip("/"), _Line(patience)
    try:
        asked = requests.Request("POST", url + "/v3/join", data=msgspec.json.encode(request), headers=HEADERS)
        return _said(url, line.send(asked.prepare()), msgspec.json.Decoder(JoinReply).decode)
    except FAILURES as error:
        raise _unreachable(url, error) from error
    finally:
        line.close()


class _Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


class _Line:
    """A connection to the hub that is kept, and whose answers have a time as a whole."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._session = requests.Session()
        self._session.trust_env = False  # a till talks to its hub, not to a proxy that the desktop names
        self._watch = Watch()
        self._watch.mount(self._session)

    def send(self, asked: requests.PreparedRequest) -> _Answer:
        """Raises one of FAILURES."""
        with (
            self._watch.over_after(self._patience.total_s),
            self._session.send(asked, timeout=self._patience[:2], stream=True, allow_redirects=False) as response,
        ):
            return _Answer(response.status_code, response.headers, _read(response))

    def close(self) -> None:
        self._session.close()


def _unreachable(url: str, error: Exception) -> HubUnreachable:
    message = f"The hub at {url} did not answer: {one_line(_cause(error))}."
    return HubUnreachable(message, sent=not _is_before_the_line(error))


def _is_before_the_line(error: Exception) -> bool:
    """No connection was made: nothing of the request has left."""
    within = error.args[0] if error.args else None
    reason = getattr(within, "reason", within)
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError)


def _said(url: str, answer: _Answer, read: Callable[[bytes], _T]) -> _T:
    """What a whole answer says. Raises HubRefused, HubUnclear."""
    try:
        if answer.status == 200:
            return read(answer.body)
        problem = msgspec.json.decode(answer.body, type=Problem)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        what = f"{url} answered {answer.status}, not as a hub does"
        raise HubUnclear(f"{what}: {one_line(str(error))}.") from error
    again_s = _again_s(answer.headers.get("retry-after", ""))
    raise HubRefused(problem.code, problem.message, again_s=again_s, tries_left=problem.tries_left)


def _read(response: requests.Response) -> bytes:
    """The body, bounded in size; in time by a watch."""
    body = b""
    while piece := response.raw.read1(65_536, decode_content=False):  # what has come by now, never waiting for more
        body += piece
        if len(body) > BODY_BYTES_MAX:
            raise requests.RequestException(f"its answer is longer than {BODY_BYTES_MAX} bytes")
    return body


def _cause(error: Exception) -> str:
    """The innermost cause in a few words: requests wraps it three times."""
    if isinstance(error, requests.Timeout):
        return "time ran out"
    while error.__cause__ or error.__context__:
        inner = error.__cause__ or error.__context__
        if not isinstance(inner, Exception):
            break
        error = inner
    return str(error) or type(error).__name__
