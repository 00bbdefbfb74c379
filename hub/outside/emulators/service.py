"""A service outside that is not there: it speaks as hub/outside/services.py says, remembers what it did under a key,
and is as bad as it is told to be.

    POST /emulator/fault {"fault": "late", "times": 1, "late_s": 5}   "" ends it; without `times` it stays
    GET /emulator/done                                                what was done, each once

Who asks for something else under a key that was used is refused, as by any careful service.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, get_args

import anyio
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

# late: answers after a while · never: does it, and does not answer · deaf: does not do it, and does not answer
# cut: does it, and the line breaks amid the answer · 500: does nothing · refused: says no
# wrong_sum, twice: as the service understands them
Fault = Literal["", "late", "never", "deaf", "cut", "500", "refused", "wrong_sum", "twice"]
FAULTS: Final[Sequence[str]] = [fault for fault in get_args(Fault) if fault]
LATE_S: Final = 5.0
BODY_BYTES_MAX: Final = 64 * 1024

Said = Mapping[str, Any]  # JSON


class Refused(Exception):
    """It is not done, and under this key it never will be."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message)
        self.code = code


class Asked(NamedTuple):
    """`fault`: the one that is played, "" for none."""

    body: Said
    key: str
    fault: Fault


class Did(NamedTuple):
    """What was answered under a key, and will be again."""

    path: str
    key: str
    body: Said
    status: int
    answer: Said


class FaultTold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`times`: so often; None: until it is told otherwise."""

    fault: Fault = ""
    times: int | None = None
    late_s: float = LATE_S


Answer = Callable[[Asked], Said]  # raises Refused


class EmulatedService:
    """`answers`: by path. `secret` "": it asks for none. Its state is its own, and gone with it."""

    def __init__(self, answers: Mapping[str, Answer], secret: str = "", routes: Sequence[BaseRoute] = ()) -> None:
        self._answers = answers
        self._secret = secret
        self._lock = threading.Lock()
        self._did: dict[str, Did] = {}
        self._fault = FaultTold()
        self.times_asked = 0
        own = [Route("/emulator/fault", self._be_told, methods=["POST"]), Route("/emulator/done", self._tell)]
        asked = [Route(path, self._ask, methods=["POST"]) for path in answers]
        self.app = Starlette(routes=[*own, *asked, *routes])

    @property
    def done(self) -> list[Did]:
        """What was done, in its order; a refusal is not."""
        with self._lock:
            return [did for did in self._did.values() if did.status == 200]

    def be(self, fault: Fault, times: int | None = None, late_s: float = LATE_S) -> None:
        """From now on."""
        self._fault = FaultTold(fault=fault, times=times, late_s=late_s)

    # what it is asked

    async def _ask(self, request: Request) -> Response:
        if self._secret and not self._knows(request):
            return _problem(401, "unauthorized", "the secret is another")
        key, data = request.headers.get("Idempotency-Key", ""), await request.body()
        try:
            body = msgspec.json.decode(data[:BODY_BYTES_MAX], type=dict[str, Any])
        except ValueError:
            return _problem(400, "bad_request", "that is no JSON object")
        if not key:
            return _problem(400, "no_key", "say an Idempotency-Key")
        told = self._next_fault()
        if told.fault == "500":
            return Response("something went wrong", 500)
        if told.fault == "deaf":
            return Silent()
        did = self._do(request.url.path, Asked(body, key, told.fault))
        return await _answered(did, told)

    def _knows(self, request: Request) -> bool:
        said = request.headers.get("Authorization", "")
        return secrets.compare_digest(said.encode(), f"Bearer {self._secret}".encode())

    def _next_fault(self) -> FaultTold:
        with self._lock:
            self.times_asked += 1
            told = self._fault
            if told.times is not None:
                left = told.times - 1
                self._fault = FaultTold() if left < 1 else msgspec.structs.replace(told, times=left)
            return told

    def _do(self, path: str, asked: Asked) -> Did:
        with self._lock:
            before = self._did.get(asked.key)
            if before is None:
                before = self._did[asked.key] = self._first(path, asked)
        if (before.path, before.body) != (path, asked.body):
            return Did(path, asked.key, asked.body, 409, {"code": "key_used", "message": "for something else"})
        return before

    def _first(self, path: str, asked: Asked) -> Did:
        try:
            if asked.fault == "refused":
                raise Refused("refused", "not today")
            return Did(path, asked.key, asked.body, 200, self._answers[path](asked))
        except Refused as error:
            return Did(path, asked.key, asked.body, 422, {"code": error.code, "message": str(error)})

    # what it is told

    async def _be_told(self, request: Request) -> Response:
        try:
            self._fault = msgspec.json.decode(await request.body(), type=FaultTold)
        except ValueError as error:
            return _problem(400, "bad_request", str(error))
        return _json(200, {"fault": self._fault.fault})

    async def _tell(self, _: Request) -> Response:
        done = [{"path": did.path, "key": did.key, "asked": did.body, "answer": did.answer} for did in self.done]
        return _json(200, {"done": done, "times_asked": self.times_asked})


async def _answered(did: Did, told: FaultTold) -> Response:
    if told.fault == "never":
        return Silent()
    if told.fault == "cut":
        return Cut(did)
    if told.fault == "late":
        await anyio.sleep(told.late_s)
    return _json(did.status, did.answer)


class Silent(Response):
    """Nothing, until whoever asked has gone."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass


class Cut(Response):
    """Half of the answer; the line breaks, for what was promised does not come."""

    def __init__(self, did: Did) -> None:
        whole = msgspec.json.encode(did.answer)
        super().__init__(whole[: len(whole) // 2], did.status, {"Content-Length": str(len(whole))})


def _json(status: int, told: Said) -> Response:
    return Response(msgspec.json.encode(told), status, media_type="application/json")


def _problem(status: int, code: str, message: str) -> Response:
    return _json(status, {"code": code, "message": message})
