"""Who gets as far as the calls: what a request says of itself, before anything of it is believed or read.

A page on the internet may make the shop's browser send requests here. It cannot choose `Host` (a name that it rebinds
to this machine still stands there), `Origin` or `Sec-Fetch-Site`, and without leave from us it sends no JSON and no
header of ours; we never give that leave. So all of these are compared whole, never in part.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pos_agent.page.paths import GUEST_METHODS, PAIR_METHODS, STATIC
from pos_agent.page.paths import METHODS as PAGE_METHODS
from pos_agent.routes import ROUTES

BODY_BYTES_MAX: Final = 1_000_000  # a basket of a thousand lines is a fifth of that
HEADER_BYTES_MAX: Final = 8_192  # names, values and the address
HTTP_PORT: Final = 80  # clients leave this one out of Host
OUR_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")
OUR_METHODS: Final = ("GET", "POST")
# plain segments: what would have to be decoded, joined or cut before it is an address is none of ours
OUR_PATH: Final = re.compile(rb"/|(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+")
ELSEWHERE: Final = (b"cross-site", b"same-site")  # Sec-Fetch-Site of a page that is not ours
# no page of another site learns anything, no browser guesses a type or keeps an answer
HEADERS: Final = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
METHODS: Final = {
    **{route.path: route.method for route in ROUTES},
    "/v1/commands": "POST",
    **PAGE_METHODS,
}  # RFC 9110: `Allow`
WRONG_METHOD: Final = 405

GUEST_PATHS: Final = (*GUEST_METHODS, *PAIR_METHODS)  # all that there is where a tablet comes in; and what they load

Address = tuple[str, int]
Headers = list[tuple[bytes, bytes]]
Refuse = Callable[[str], ASGIApp]


def front(app: ASGIApp, refuse: Refuse, guests_at: Address | None = None) -> ASGIApp:
    """`app` behind the checks; `refuse` makes the answer of a code. `guests_at`: where only the guest's side is."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http", "served without WebSockets and lifespan"
        refused = refusal(scope, guests_at)
        if refused:  # what comes behind it on the same connection is not to be read as another request
            closing = [*HEADERS, (b"connection", b"close")]
            await refuse(refused)(scope, receive, _with_headers(send, scope["path"], closing))
        else:
            await app(scope, receive, _with_headers(send, scope["path"], HEADERS))

    return guarded


def _with_headers(send: Send, path: str, more: Headers) -> Callable[[Message], Awaitable[None]]:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            allowed = [(b"allow", METHODS.get(path, "").encode())] if message["status"] == WRONG_METHOD else []
            message["headers"] = [*message.get("headers", ()), *more, *allowed]
        await send(message)

    return sending


def refusal(scope: Scope, guests_at: Address | None = None) -> str | None:
    """Why this request gets no further, as a code."""
    headers: Headers = scope["headers"]
    address = len(scope["raw_path"]) + len(scope["query_string"])
    if address + sum(len(name) + len(value) for name, value in headers) > HEADER_BYTES_MAX:
        return "headers_too_large"
    if not OUR_PATH.fullmatch(scope["raw_path"]):
        return "malformed"
    for_guests = is_for_guests(scope, guests_at)
    ours = _hosts((guests_at[0],), guests_at[1]) if for_guests and guests_at else our_hosts(scope["server"][1])
    if len(hosts := _all(headers, b"host")) != 1 or hosts[0] not in ours:
        return "wrong_host"
    if not _of_our_page(headers, ours):
        return "wrong_origin"
    if for_guests and scope["path"] not in GUEST_PATHS and not scope["path"].startswith(STATIC):
        return "not_found"
    method = scope["method"]
    if method not in OUR_METHODS or METHODS.get(scope["path"], method) != method:
        return "wrong_method"
    return _wrong_body(method, headers)


def our_hosts(port: int) -> frozenset[bytes]:
    """What `Host` may be where the till listens on this port."""
    return _hosts(OUR_NAMES, port)


def _hosts(names: Collection[str], port: int) -> frozenset[bytes]:
    with_port = {f"{name}:{port}".encode() for name in names}
    return frozenset(with_port | ({name.encode() for name in names} if port == HTTP_PORT else set()))


def is_for_guests(scope: Scope, guests_at: Address | None) -> bool:
    """Whether it came in where only the guest's side is: by the socket, which no request can choose."""
    return guests_at is not None and tuple(scope["server"]) == guests_at


def _of_our_page(headers: Headers, ours: frozenset[bytes]) -> bool:
    """A program says nothing of where it comes from; a browser does."""
    origins = _all(headers, b"origin")
    if len(origins) > 1 or any(site in ELSEWHERE for site in _all(headers, b"sec-fetch-site")):
        return False
    return all(origin in {b"http://" + host for host in ours} for origin in origins)


def _wrong_body(method: str, headers: Headers) -> str | None:
    lengths, chunked = _all(headers, b"content-length"), _all(headers, b"transfer-encoding")
    if b"websocket" in (upgrade.lower() for upgrade in _all(headers, b"upgrade")) or (lengths and chunked):
        return "malformed"
    if method == "GET":
        return "malformed" if chunked or any(int(length) for length in lengths) else None
    types = _all(headers, b"content-type")
    if len(types) != 1 or types[0].partition(b";")[0].strip().lower() != b"application/json":
        return "wrong_content_type"
    if _all(headers, b"content-encoding"):
        return "wrong_encoding"
    return "too_large" if any(int(length) > BODY_BYTES_MAX for length in lengths) else None


def _all(headers: Headers, name: bytes) -> list[bytes]:
    return [value for given, value in headers if given == name]
