"""Before anything of a web face is looked at: by which name was it called, from which page, and what the browser
may do with the answer."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Referrer-Policy": "same-origin",  # with none at all a browser says of its own forms that they come from nowhere
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ONLY_HTTPS: Final = "max-age=31536000; includeSubDomains"  # to what came by it: a browser asks so alone from then on
READS: Final = frozenset(("GET", "HEAD"))


def opened(csp: str, sources: Mapping[str, Collection[str]]) -> str:
    """The policy with these sources in the place of a directive's own: of one answer, which says it as a header of its
    own. A directive that is not in it comes to it."""
    known = dict(directive.split(" ", 1) for directive in csp.split("; "))
    return "; ".join(f"{name} {told}" for name, told in (known | {n: " ".join(s) for n, s in sources.items()}).items())


class Guard:
    """`names`: by which browsers call it, without a port; besides those any address in figures, and localhost.
    An answer that says a header by itself keeps it.
    `programs`: under which paths programs ask, who have no page; no cookie may count there."""

    def __init__(self, app: ASGIApp, names: Collection[str], csp: str = CSP, programs: Collection[str] = ()) -> None:
        self._app = app
        self._headers = {**HEADERS, "Content-Security-Policy": csp}
        self._programs = tuple(f"{path}/" for path in programs)
        self._names = frozenset(name.casefold() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        why = self._refusal(scope, Headers(scope=scope))
        if why is not None:
            await PlainTextResponse(why[1], status_code=why[0], headers=self._headers)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", ONLY_HTTPS)
            await send(message)

        await self._app(scope, receive, with_headers)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if not self._is_ours(host):
            return 421, "this face is not called so"
        origin = headers.get("origin")
        if origin is not None and origin != f"{scope['scheme']}://{host}":
            return 403, "asked from another page"
        if scope["method"] not in READS and origin is None and not self._is_program(scope, headers):
            return 403, "asked from no page of this face"
        return None

    def _is_program(self, scope: Scope, headers: Headers) -> bool:
        """It has no page from which it asks."""
        return "authorization" in headers or scope["path"].startswith(self._programs)

    def _is_ours(self, host: str) -> bool:
        try:
            name = (urlsplit(f"//{host}").hostname or "").casefold()
        except ValueError:
            return False
        return name in self._names or name == "localhost" or _is_address(name)


def _is_address(name: str) -> bool:
    """In figures: no name of somebody else's leads here by it."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
