"""The hub over HTTP (requests): every call has a deadline, and every failure is one HubUnreachable or HubRefused."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple, TypeVar

import msgspec
import requests
from urllib3.exceptions import HTTPError

from sync.hub_port import HubIsOlder, HubRefused, HubUnclear, HubUnreachable, one_line
from sync.pages import PulledPage, read_page
from sync.protocol import (
    BODY_BYTES_MAX,
    CHAIN,
    HoldReply,
    HoldRequest,
    MemberNow,
    MemberRequest,
    Problem,
    ProgrammeFile,
    PushReply,
    PushRequest,
)


class Patience(NamedTuple):
    """How long a call may take, in seconds."""

    connect_s: float = 2.0  # the hub is in the same country
    read_s: float = 5.0  # between two bytes
    total_s: float = 15.0  # for a whole answer, however slowly it drips


PATIENT = Patience()

_T = TypeVar("_T")
_reply = msgspec.json.Decoder(PushReply).decode
_file = msgspec.json.Decoder(ProgrammeFile).decode
_hold = msgspec.json.Decoder(HoldReply).decode
_member = msgspec.json.Decoder(MemberNow).decode


class HubClient:
    def __init__(self, url: str, patience: Patience = PATIENT) -> None:
        self.url = url.rstrip("/")
        self._patience = patience
        self._session = requests.Session()
        self._session.trust_env = False  # a till talks to its hub, not to a proxy that the desktop names

    def push(self, request: PushRequest) -> PushReply:
        return self._call("POST", "/v3/operations", _reply, data=msgspec.json.encode(request))

    def changes(
        self, *, till: str, generation: int, programme: str, after: str, limit: int, store: str = "", scope: str = CHAIN
    ) -> PulledPage:
        numbers = {"generation": str(generation), "limit": str(limit)}
        params = {"till": till, "programme": programme, "after": after, "store": store, "scope": scope, **numbers}
        return self._call("GET", "/v3/changes", read_page, params=params)

    def programme(self, hash: str) -> str:
        return self._call("GET", f"/v3/programmes/{hash}", _file).source

    def hold(self, request: HoldRequest) -> HoldReply:
        return self._call("POST", "/v3/holds", _hold, data=msgspec.json.encode(request))

    def member(self, request: MemberRequest) -> MemberNow:
        return self._call("POST", "/v3/members", _member, data=msgspec.json.encode(request))

    def _call(
        self,
        method: str,
        path: str,
        read: Callable[[bytes], _T],
        *,
        data: bytes | None = None,
        params: dict[str, str] | None = None,
    ) -> _T:
        try:
            with self._session.request(
                method,
                self.url + path,
                data=data,
                params=params,
                headers={"Content-Type": "application/json", "Accept-Encoding": "identity"},
                timeout=self._patience[:2],
                stream=True,
                allow_redirects=False,
            ) as response:
                body = _read(response, self._patience.total_s)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise HubUnreachable(f"The hub at {self.url} did not answer: {one_line(_cause(error))}.") from error
        if response.status_code == 404:
            raise HubIsOlder(
                f"The hub at {self.url} is older than this till and does not know its protocol. Sales are recorded "
                "and wait here, and points are redeemed as without a connection. Upgrade the hub first."
            )
        try:
            if response.status_code != 200:
                problem = msgspec.json.decode(body, type=Problem)
                raise HubRefused(problem.code, problem.message)
            return read(body)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            what = f"{self.url} answered {response.status_code}, not as a hub does"
            raise HubUnclear(f"{what}: {one_line(str(error))}.") from error

    def close(self) -> None:
        self._session.close()


def _read(response: requests.Response, total_s: float) -> bytes:
    """The body, bounded in size and in time."""
    deadline = time.monotonic() + total_s
    body = b""
    while piece := response.raw.read1(65_536, decode_content=False):  # what has come by now, never waiting for more
        body += piece
        if len(body) > BODY_BYTES_MAX:
            raise requests.RequestException(f"its answer is longer than {BODY_BYTES_MAX} bytes")
        if time.monotonic() > deadline:
            raise requests.Timeout(f"its answer took longer than {total_s:g} s")
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
