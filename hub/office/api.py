"""The desk's acts for programs, by the office key of a person: the table that tills and pages serve too.

    GET  /office/api/acts         what there is, and what each takes
    POST /office/api/acts/NAME    {key, programme, body} → what the act answers

What is not done is a problem (RFC 9457) with the act's code.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import anyio
import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.desk.acted import note
from hub.desk.acts import ACTS, ActRefused, Asked
from hub.face.health import Health
from hub.hub import Hub
from hub.office.door import Clerk, Door
from hub.people.orders import NotDone
from hub.people.who import NotFound
from hub.store.errors import LedgerReplaced, StoreOff
from loyalty.possible import is_text
from sync.desk import Key
from web.body import TooLarge, body_of

THREADS: Final = 4
MEDIA_TYPE: Final = "application/problem+json"
PROBLEM_TYPE: Final = "urn:pos-hub:problem:"


class ActRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same act under the same `key` is done once."""

    key: Key
    programme: str = ""
    body: msgspec.Raw = msgspec.Raw(b"{}")


class _Problem(Exception):
    def __init__(self, status: int, code: str, title: str) -> None:
        super().__init__(title)
        self.told = {"type": PROBLEM_TYPE + code, "title": title, "status": status, "code": code}
        self.status = status


def api_routes(
    hub: Hub,
    door: Door,
    health: Health,
    on_replaced: Callable[[LedgerReplaced], None],
) -> list[Route]:
    api = _Api(hub, door, health, on_replaced)
    return [
        Route("/office/api/acts", api.answered(api.acts)),
        Route("/office/api/acts/{name}", api.answered(api.act), methods=["POST"]),
    ]


class _Api:
    def __init__(
        self,
        hub: Hub,
        door: Door,
        health: Health,
        on_replaced: Callable[[LedgerReplaced], None],
    ) -> None:
        self._hub = hub
        self._door = door
        self._health = health
        self._on_replaced = on_replaced
        self._threads = anyio.CapacityLimiter(THREADS)

    def answered(self, work: Callable[[Request, Clerk], Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            try:
                clerk = await anyio.to_thread.run_sync(partial(self._who, request), limiter=self._threads)
                return _json(await work(request, clerk))
            except _Problem as problem:
                return _json(problem.told, problem.status, MEDIA_TYPE)
            except TooLarge:
                return _json(_Problem(413, "too_large", "the body is too long").told, 413, MEDIA_TYPE)

        return answer

    async def acts(self, request: Request, clerk: Clerk) -> Any:
        (takes, components) = msgspec.json.schema_components(
            [act.takes for act in ACTS.values()], ref_template="#/components/{name}"
        )
        told = {
            name: {"right": act.right, "allowed": clerk.may_ask(act.right), "takes": schema}
            for (name, act), schema in zip(ACTS.items(), takes, strict=True)
        }
        return {"acts": told, "components": components}

    async def act(self, request: Request, clerk: Clerk) -> Any:
        asked = _read(await body_of(request), ActRequest)
        name = request.path_params["name"]
        return await anyio.to_thread.run_sync(partial(self._done, name, clerk, asked), limiter=self._threads)

    def _who(self, request: Request) -> Clerk:
        scheme, _, key = request.headers.get("authorization", "").partition(
            " "
        )  # a key has 128 bits: nobody guesses it
        clerk = self._door.by_key(key.strip()) if scheme.casefold() == "bearer" and key.strip() else None
        if clerk is None:
            raise _Problem(401, "wrong_key", "say a person's office key: Authorization: Bearer KEY")
        return clerk

    def _done(self, name: str, clerk: Clerk, asked: ActRequest) -> Any:
        act = ACTS.get(name)
        if act is None:
            raise _Problem(404, "unknown_act", f"this hub's desk knows no act {name[:60]}")
        if not is_text(asked.key) or (asked.programme and not is_text(asked.programme)):
            raise _Problem(400, "bad_request", "key and programme are short, without control characters")
        who = Asked(
            person=clerk.id,
            by=clerk.name,
            till="",
            store="",
            programme=asked.programme,
            key=f"office/{clerk.id}/{asked.key}",
            stores=clerk.stores,
        )
        if not clerk.may_ask(act.right):
            note(self._hub, who, name, "not_allowed", asked)  # of what he asked nothing is read
            raise _Problem(403, "not_allowed", f"the role {clerk.role} may not: {act.right or 'what a till does'}")
        body = _read(bytes(asked.body), act.takes)
        try:
            return self._health.of_write(lambda: act.do(self._hub, who, body))
        except ActRefused as refused:
            raise _Problem(409, refused.code, str(refused)) from refused
        except NotFound as refused:
            raise _Problem(404, "not_found", str(refused)) from refused
        except NotDone as refused:
            raise _Problem(409, "not_done", str(refused)) from refused
        except StoreOff as error:
            if isinstance(error, LedgerReplaced):
                self._on_replaced(error)
            raise _Problem(503, "ledger_off", str(error)) from error


def _read(text: bytes, type: type[msgspec.Struct]) -> Any:
    try:
        return msgspec.json.decode(text, type=type)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _Problem(400, "bad_request", str(error)) from error


def _json(value: Any, status: int = 200, media_type: str = "application/json") -> Response:
    return Response(msgspec.json.encode(value), status_code=status, media_type=media_type)
