"""The member's account asks the hub (sync/account/asking.py)."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Final

import anyio
import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.account.act import AccountAct, AccountAsked
from hub.account.acts import ACCOUNT_ACTS
from hub.books.holds import AskRefused
from hub.desk.act import ActRefused
from hub.face.health import Health
from hub.face.wire import RequestRefused, answer, check_name, told_in
from hub.hub import Hub
from sync.account.asking import ACCOUNT_PATH, AccountReply, AccountRequest

THREADS: Final = 4  # of their own: whoever looks through his years keeps no till waiting


def account_routes(hub: Hub, health: Health) -> list[Route]:
    threads = anyio.CapacityLimiter(THREADS)

    async def asked(request: Request) -> Response:
        told = await told_in(request, AccountRequest)
        for name, text in {"act": told.act, "key": told.key, "programme": told.programme}.items():
            check_name(text, name)
        act = ACCOUNT_ACTS.get(told.act)
        if act is None:
            raise AskRefused("unknown_act", f"this hub knows no act {told.act} of an account")
        if told.programme not in hub.programmes:
            raise AskRefused("unknown_programme", f"this hub has no programme {told.programme}")
        if act.signed_in and not told.member:
            raise AskRefused("not_signed_in", f"{told.act}: of whom?")
        work = partial(_done, hub, health, act, told, _body(act, told.body))
        return answer(await anyio.to_thread.run_sync(work, limiter=threads))

    return [Route(ACCOUNT_PATH, asked, methods=["POST"])]


def _body(act: AccountAct, raw: msgspec.Raw) -> msgspec.Struct:
    try:
        return msgspec.json.decode(raw, type=act.takes)
    except (ValueError, RecursionError) as error:
        raise RequestRefused("bad_request", f"body: {error}") from error


def _own_key(told: AccountRequest) -> str:
    """Nobody is answered for another by guessing his key, and what one form asks of two acts are two orders."""
    return hashlib.sha256("\0".join((told.programme, told.member, told.act, told.key)).encode()).hexdigest()[:40]


def _done(hub: Hub, health: Health, act: AccountAct, told: AccountRequest, body: msgspec.Struct) -> AccountReply:
    asked = AccountAsked(told.member, told.programme, _own_key(told), told.mark)
    try:
        done = health.of_write(lambda: act.do(hub, asked, body))
    except ActRefused as refused:
        raise AskRefused(refused.code, str(refused), tries_left=refused.tries_left) from refused
    return AccountReply(body=msgspec.Raw(msgspec.json.encode(done)))
