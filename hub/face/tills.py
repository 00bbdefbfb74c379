"""The hub's HTTP face (sync/protocol.py). Reads nothing longer than the protocol allows, answers problems as JSON."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any, Final

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from hub.books.holds import AskRefused
from hub.books.intake import Taken
from hub.face.account import account_routes
from hub.face.asked import ask_refused, asked_routes
from hub.face.desk import desk_routes
from hub.face.goods import goods_routes
from hub.face.health import Health, problem_of
from hub.face.joining import join_routes
from hub.face.ready import ready_routes
from hub.face.renewing import renewing_routes
from hub.face.room import PAGES_MAX, PUSHES_MAX, Full, Room
from hub.face.speaking import Speaking
from hub.face.wire import (
    RequestRefused,
    answer,
    asker_of,
    check_name,
    check_till,
    cursor_in,
    number_in,
    till_asking,
    told_in,
)
from hub.hub import Hub
from hub.ready.shelf import Shelf
from hub.store.errors import BadCursor, LedgerReplaced, StoreOff
from hub.tills.till import Till
from sync.private import sealed_to
from sync.protocol import (
    BATCH_OPERATIONS_MAX,
    CHAIN,
    COUNTER_MAX,
    PAGE_MEMBERS_MAX,
    ChangesPage,
    Problem,
    PushReply,
    PushRequest,
)

CONFLICTS: Final = ("sequence_gap", "chain_broken", "identity_conflict", "newer_operation")  # 409: of till and hub

Replaced = Callable[[LedgerReplaced], None]


def hub_app(
    hub: Hub,
    *,
    on_replaced: Replaced = lambda error: None,
    pushes_max: int = PUSHES_MAX,
    pages_max: int = PAGES_MAX,
    names: Collection[str] = (),
    now_s: Callable[[], float] = time.monotonic,
    shelf: Shelf | None = None,
) -> ASGIApp:
    """The ASGI application over one hub, which hears nobody but tills that have joined. `on_replaced` is told when the
    ledger under it is another: it must stop. `pushes_max`, `pages_max`: at once. `names`: by which the hub is called,
    without a port; none: by any. `now_s`: a clock that only goes on. `shelf`: of its ready files."""
    pages = Room(pages_max)
    face = _Face(hub, on_replaced, Room(pushes_max), pages)
    app = Starlette(
        routes=[
            Route("/v3/operations", face.push, methods=["POST"]),
            Route("/v3/changes", face.changes),
            *asked_routes(hub, face.health),
            *account_routes(hub, face.health),
            *desk_routes(hub, face.health),
            *goods_routes(hub, pages),
            *ready_routes(shelf or Shelf(hub), pages),
            *join_routes(hub, pages),
            *renewing_routes(hub),
            Route("/v1/health", face.tell_health),
        ],
        exception_handlers={
            RequestRefused: _problem,
            AskRefused: ask_refused,
            Full: _full,
            BadCursor: _bad_cursor,
            StoreOff: _ledger_off,
            LedgerReplaced: face.replaced,
            ClientDisconnect: _gone,
        },
    )
    return Speaking(app, hub, now_s, names=names)


class _Face:
    def __init__(self, hub: Hub, on_replaced: Replaced, pushes: Room, pages: Room) -> None:
        self._hub = hub
        self._on_replaced = on_replaced
        self._pushes = pushes
        self._pages = pages
        self.health = Health(hub.store)

    async def push(self, request: Request) -> Response:
        """A batch, answered as far as it could be taken."""
        reply = await self._push(request)
        if reply.stopped is not None and not reply.answers:
            return _refused(reply.stopped)
        return answer(reply)

    async def _push(self, request: Request) -> PushReply:
        with self._pushes.of(asker_of(request).till):  # before its body is read
            return await self._push_here(request)

    async def _push_here(self, request: Request) -> PushReply:
        pushed = await told_in(request, PushRequest)
        if len(pushed.operations) > BATCH_OPERATIONS_MAX:
            raise RequestRefused("batch_too_long", f"at most {BATCH_OPERATIONS_MAX} operations in a batch")
        check_till(request, pushed.till)
        return await run_in_threadpool(self._take, pushed)

    def _take(self, pushed: PushRequest) -> PushReply:
        taken = self.health.of_write(lambda: self._written(pushed))
        answered = pushed.operations[: len(taken.answers)]
        return PushReply(
            answers=taken.answers, programmes_wanted=self._hub.programmes_wanted(answered), stopped=taken.stopped
        )

    def _written(self, pushed: PushRequest) -> Taken:
        self._hub.keep_programmes(pushed.programmes, pushed.till)
        return self._hub.take(pushed.till, pushed.operations)

    async def changes(self, request: Request) -> Response:
        query, till = request.query_params, till_asking(request)
        check_till(request, query.get("till", till.till))
        asked: dict[str, Any] = {
            "till": till.till,
            "generation": number_in(query, "generation", 1, COUNTER_MAX),
            "programme": check_name(query.get("programme", ""), "programme"),
            "after": cursor_in(query.get("after", "")),
            "limit": max(1, number_in(query, "limit", 100, PAGE_MEMBERS_MAX)),
            "store": check_name(query.get("store", ""), "store"),
            "scope": check_name(query.get("scope", CHAIN), "scope"),
            **{name: check_name(query[name], name) if name in query else None for name in ("settings", "staff")},
        }
        with self._pages.of(till.till):
            page = await run_in_threadpool(self._told, till, asked, query.get("next_hub_key", ""))
        keys = {"new_key": till.new_key_wanted, "next_hub_key": self._hub.keys.next_public}
        sealed = _sealed(page.phone_hash_key, query.get("seal_to", ""))
        staff = page.staff
        if staff is not None:
            staff = msgspec.structs.replace(staff, pepper=_sealed(staff.pepper, query.get("seal_to", "")))
        return answer(msgspec.structs.replace(page, phone_hash_key=sealed, staff=staff, **keys))

    def _told(self, till: Till, asked: dict[str, Any], next_hub_key: str) -> ChangesPage:
        page = self._hub.changes(**asked)
        with suppress(StoreOff):  # what cannot be noted now is told all the same; it is noted at the next question
            self._hub.tills.note_told(till, asked["programme"], page)
            self._hub.tills.note_hub_key(till, next_hub_key)
        return page

    async def tell_health(self, request: Request) -> Response:
        problem = await run_in_threadpool(self.health.problem)
        return answer({"hub": "ready"}) if problem is None else answer(problem, 503)

    async def replaced(self, request: Request, error: Exception) -> Response:
        """Nothing is written to what lies there now, and nothing told of it."""
        assert isinstance(error, LedgerReplaced)
        self._on_replaced(error)
        return answer(Problem(code="ledger_replaced", message=str(error)), 503)


def _sealed(secret: str, to: str) -> str:
    """Nobody reads it on the wire; whoever names no key to seal it to is told of none."""
    if not to:
        return ""
    try:
        return sealed_to(to, secret)
    except ValueError as error:
        raise RequestRefused("bad_request", "seal_to must be an X25519 public key, hexadecimal") from error


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestRefused)
    return _refused(error.problem)


def _refused(problem: Problem) -> Response:
    return answer(problem, 409 if problem.code in CONFLICTS else 400)


async def _bad_cursor(request: Request, error: Exception) -> Response:
    message = "the cursor is none that this hub's ledger gave; was the ledger replaced or put back?"
    return answer(Problem(code="bad_cursor", message=message), 400)


async def _full(request: Request, error: Exception) -> Response:
    assert isinstance(error, Full)
    return answer(error.problem, 503)


async def _ledger_off(request: Request, error: Exception) -> Response:
    """The till keeps what it has and asks again later."""
    assert isinstance(error, StoreOff)
    return answer(problem_of(error), 503)


async def _gone(request: Request, error: Exception) -> Response:
    """The till hung up in the middle of its request; nobody reads this."""
    return Response(status_code=400)
