"""The page on a member's phone: his card, and the code that the phone makes every half minute.

Anybody may ask for it. It has no session and no cookie; what it says of a card it says to whoever has a link that was
made at a desk, or the key of a phone that the hub has certified. All else hears one and the same "no", after a while.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Awaitable, Callable, Collection
from functools import cache, partial
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Annotated, Final, TypeVar

import anyio
import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from hub.card_page.words import WORDS
from hub.card_phones.certifying import Certified, NoPhone, for_a_phone, renew, take_link
from hub.card_phones.phone import NAME_MAX
from hub.face.health import Health
from hub.face.limits import Strangers
from hub.hub import Hub
from hub.store.errors import LedgerReplaced, StoreOff
from web.guard import Guard
from web.rates import Rates, TooMany

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"
SUFFIXES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
BODY_BYTES_MAX: Final = 2_048
THREADS: Final = 2  # of its own: whoever tries links keeps no till waiting
A_SECOND: Final = 0.5  # requests of one address, evenly
CONNECTIONS_OF_ADDRESS: Final = 32
AT_ONCE: Final = 20.0  # a shop's guests are behind one address

_T = TypeVar("_T", bound=msgspec.Struct)


class CertifyAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`key` "": a browser that can keep none."""

    link: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{48}$")]
    key: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")]
    name: Annotated[str, msgspec.Meta(max_length=NAME_MAX)] = ""


class RenewAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    phone: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
    at: Annotated[int, msgspec.Meta(ge=0, le=2**33)]
    signature: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{128}$")]


def card_app(
    hub: Hub,
    *,
    names: Collection[str] = (),
    now_s: Callable[[], float] = time.monotonic,
    wait: Callable[[float], Awaitable[None]] = anyio.sleep,
    on_replaced: Callable[[LedgerReplaced], None] = lambda error: None,
) -> ASGIApp:
    """`names`: by which browsers call it; `now_s`, `wait`: for whoever asks too often."""
    page = _Page(hub, now_s, wait, on_replaced)
    routes = [
        Route("/", lambda request: RedirectResponse("/card/")),
        Route("/card/", page.shown),
        Route("/card/worker.js", page.worker),
        Route("/card/static/{path:path}", page.static),
        Route("/card/api/now", page.now),
        Route("/card/api/certify", page.certify, methods=["POST"]),
        Route("/card/api/renew", page.renew, methods=["POST"]),
    ]
    return Guard(Starlette(routes=routes), names)


class _Page:
    def __init__(
        self,
        hub: Hub,
        now_s: Callable[[], float],
        wait: Callable[[float], Awaitable[None]],
        on_replaced: Callable[[LedgerReplaced], None],
    ) -> None:
        self._hub = hub
        self._rates = Rates(now_s, A_SECOND, AT_ONCE)
        self._strangers = Strangers(now_s)
        self._wait = wait
        self._health = Health(hub.store)
        self._on_replaced = on_replaced
        self._threads = anyio.CapacityLimiter(THREADS)

    async def shown(self, request: Request) -> Response:
        return HTMLResponse(_page(), headers={"Cache-Control": "no-cache"})

    async def worker(self, request: Request) -> Response:
        """It keeps the page for when there is no network; another edition of any file is another worker."""
        text = (STATIC / "worker.js").read_text(encoding="utf8")
        told = text.replace("EDITION", _edition()).replace("FILES", json.dumps(sorted(_paths())))
        return Response(told, media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    async def static(self, request: Request) -> Response:
        file = _files().get(request.path_params["path"])
        if file is None:
            return Response(status_code=404)
        return Response(file.read_bytes(), media_type=SUFFIXES[file.suffix], headers={"Cache-Control": "no-cache"})

    async def now(self, request: Request) -> Response:
        """By which phones set their clocks; it touches no ledger."""
        return _json({"at": for_a_phone(self._hub.now())})

    async def certify(self, request: Request) -> Response:
        asked = await _asked(request, CertifyAsked)
        if asked is None:
            return _problem(400, "bad_request")
        return await self._of_phone(
            request, partial(take_link, self._hub, asked.link, bytes.fromhex(asked.key), asked.name), "no_link"
        )

    async def renew(self, request: Request) -> Response:
        asked = await _asked(request, RenewAsked)
        if asked is None:
            return _problem(400, "bad_request")
        signature = bytes.fromhex(asked.signature)
        return await self._of_phone(request, partial(renew, self._hub, asked.phone, asked.at, signature), "no_phone")

    async def _of_phone(self, request: Request, do: Callable[[], Certified], code: str) -> Response:
        address = _network(request.client.host if request.client is not None else "")
        try:
            self._rates.take(address)
            told = await anyio.to_thread.run_sync(partial(self._health.of_write, do), limiter=self._threads)
        except TooMany as error:
            return _problem(429, "busy", {"Retry-After": str(error.again_s)})
        except NoPhone:
            await self._wait(self._strangers.wait_s(address))
            return _problem(404, code)
        except LedgerReplaced as error:
            self._on_replaced(error)
            return _problem(503, "ledger_off")
        except StoreOff:
            return _problem(503, "ledger_off")
        return _json(msgspec.to_builtins(told))


def _network(address: str) -> str:
    """Somebody with IPv6 has a whole network of addresses."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(int(found) >> 64) if isinstance(found, IPv6Address) else address


async def _asked(request: Request, type: type[_T]) -> _T | None:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return None
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES_MAX:
            return None
    try:
        return msgspec.json.decode(bytes(body), type=type)
    except (ValueError, RecursionError):
        return None


def _json(told: object) -> Response:
    return Response(msgspec.json.encode(told), media_type="application/json")


def _problem(status: int, code: str, headers: dict[str, str] | None = None) -> Response:
    body = msgspec.json.encode({"code": code})
    return Response(body, status_code=status, media_type="application/problem+json", headers=headers)


@cache
def _page() -> str:
    environment = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("card.html").render(words=WORDS, text=json.dumps(WORDS, ensure_ascii=False))


@cache
def _files() -> dict[str, Path]:
    return {
        file.relative_to(STATIC).as_posix(): file
        for file in STATIC.rglob("*")
        if file.suffix in SUFFIXES and file.name != "worker.js"
    }


def _paths() -> list[str]:
    return ["/card/", *(f"/card/static/{name}" for name in _files())]


@cache
def _edition() -> str:
    digest = hashlib.sha256(_page().encode())
    for name in sorted(_files()):
        digest.update(_files()[name].read_bytes())
    return digest.hexdigest()[:16]
