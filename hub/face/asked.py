"""What tills ask while somebody waits: points held for a receipt, one member as he is now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.books.holds import AskRefused
from hub.face.health import Health
from hub.face.wire import RequestRefused, answer, check_name, check_till, told_in
from hub.hub import Hub
from loyalty.utc import check_utc
from sync.protocol import UNSENT_MAX, HoldRequest, MemberRequest, Problem, ProgrammeFile

THREADS: Final = 8  # of their own: those of a hub that all tills push to may all wait for their turn to write
REFUSED_STATUS: Final = 409  # never 404: a till takes that for a hub that is older than it

_T = TypeVar("_T")


def asked_routes(hub: Hub, health: Health) -> list[Route]:
    asked = _Asked(hub, health)
    return [
        Route("/v3/holds", asked.hold, methods=["POST"]),
        Route("/v3/members", asked.member, methods=["POST"]),
        Route("/v3/programmes/{hash}", asked.programme),
    ]


class _Asked:
    def __init__(self, hub: Hub, health: Health) -> None:
        self._hub = hub
        self._health = health
        self._threads = anyio.CapacityLimiter(THREADS)

    async def hold(self, request: Request) -> Response:
        asked = await told_in(request, HoldRequest)
        check_till(request, asked.till)
        _check_hold(asked)
        return answer(await self._beside(lambda: self._health.of_write(lambda: self._hub.hold(asked))))

    async def member(self, request: Request) -> Response:
        asked = await told_in(request, MemberRequest)
        check_till(request, asked.till)
        _check_member(asked)
        return answer(await self._beside(lambda: self._hub.member_now(asked)))

    async def programme(self, request: Request) -> Response:
        hash = check_name(request.path_params["hash"], "hash")
        source = await self._beside(lambda: self._hub.published_source(hash))
        if source is None:
            raise AskRefused("unknown_programme", "no programme of this hash is published")
        return answer(ProgrammeFile(hash=hash, source=source))

    async def _beside(self, work: Callable[[], _T]) -> _T:
        """In a thread, so that the others are answered meanwhile."""
        return await anyio.to_thread.run_sync(work, limiter=self._threads)


async def ask_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, AskRefused)
    return answer(Problem(code=error.code, message=str(error), tries_left=error.tries_left), REFUSED_STATUS)


def _check_hold(asked: HoldRequest) -> None:
    _check_names(programme=asked.programme, member=asked.member)
    if len(asked.unsent) > UNSENT_MAX:
        raise RequestRefused("bad_request", f"at most {UNSENT_MAX} unsent sales of one member")
    try:
        check_utc(asked.until)
    except ValueError as error:
        raise RequestRefused("bad_request", f"until: {error}") from error


def _check_member(asked: MemberRequest) -> None:
    named = {"card": asked.card, "phone": asked.phone, "member": asked.member}
    told = {name: text for name, text in named.items() if text is not None}
    if len(told) != 1:
        raise RequestRefused("bad_request", "one of card, phone and member says who is meant")
    _check_names(programme=asked.programme, **told)
    check_name(asked.store, "store")


def _check_names(**texts: str) -> None:
    for name, text in texts.items():
        if not check_name(text, name):
            raise RequestRefused("bad_request", f"{name} is missing")
