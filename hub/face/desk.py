"""A till's people ask the hub's desk (sync/desk.py)."""

from __future__ import annotations

from functools import partial
from typing import Final

import anyio
import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.books.holds import AskRefused
from hub.desk.acted import note
from hub.desk.acts import ACTS, Act, ActRefused, Asked
from hub.face.health import Health
from hub.face.wire import RequestRefused, answer, check_name, check_till, till_asking, told_in
from hub.hub import Hub
from hub.staff.book import find, is_here
from hub.tills.till import Till
from loyalty.staff import may
from sync.desk import DeskReply, DeskRequest

UNNAMED: Final = "manager"  # as far as a POS may ask whose token says so
THREADS: Final = 4  # of their own: a desk may look through a member's years, and no hold waits behind it


def desk_routes(hub: Hub, health: Health) -> list[Route]:
    threads = anyio.CapacityLimiter(THREADS)

    async def asked(request: Request) -> Response:
        told = await told_in(request, DeskRequest)
        check_till(request, told.till)
        for name, text in {"act": told.act, "key": told.key, "programme": told.programme}.items():
            check_name(text, name)
        act = ACTS.get(told.act)
        if act is None:
            raise AskRefused("unknown_act", f"this hub's desk knows no act {told.act}")
        till = till_asking(request)
        body = _body(act, told.body)
        work = partial(_done, hub, health, act, told, till, body)
        return answer(await anyio.to_thread.run_sync(work, limiter=threads))

    return [Route("/v3/desk", asked, methods=["POST"])]


def _body(act: Act, raw: msgspec.Raw) -> msgspec.Struct:
    try:
        return msgspec.json.decode(raw, type=act.takes)
    except (ValueError, RecursionError) as error:
        raise RequestRefused("bad_request", f"body: {error}") from error


def _done(hub: Hub, health: Health, act: Act, told: DeskRequest, till: Till, body: msgspec.Struct) -> DeskReply:
    try:
        by = _who(hub, act, told, till)
    except AskRefused as refused:
        note(hub, _asked(told, till, till.till), told.act, refused.code, body)
        raise
    who = _asked(told, till, by)
    try:
        done = health.of_write(lambda: act.do(hub, who, body))
    except ActRefused as refused:
        raise AskRefused(refused.code, str(refused), tries_left=refused.tries_left) from refused
    return DeskReply(body=msgspec.Raw(msgspec.json.encode(done)))


def _asked(told: DeskRequest, till: Till, by: str) -> Asked:
    return Asked(told.person, by, till.till, till.store, told.programme, f"{till.till}/{told.key}")


def _who(hub: Hub, act: Act, told: DeskRequest, till: Till) -> str:
    """How he is called who asks. Whom the till names, the hub knows, in this store, with the right; of nobody (a POS
    asks, or nobody signs in here) the till's own word has to do."""
    if not told.person:
        if act.right is not None and not may(UNNAMED, act.right):
            raise AskRefused("not_allowed", "somebody whom the hub knows has to ask for this")
        return till.till
    with hub.store.reading() as reader:
        person = find(reader, told.person)
    if person is None or not is_here(person) or not person.works_in(till.store):
        raise AskRefused("not_allowed", "whoever the till names does not work there")
    if act.right is not None and not may(person.role, act.right):
        raise AskRefused("not_allowed", f"the role {person.role} may not: {act.right}")
    return person.name
