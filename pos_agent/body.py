"""The body of a request, as far as it may go."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

SHORT_BYTES_MAX: Final = 1_000  # a key and its quotes, or what a guest types


class TooLarge(Exception):
    """A body that goes on after all that it may have."""


async def whole_body(request: Request, most: int) -> bytes:
    """Raises TooLarge. A chunked one did not say how long it would be."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise TooLarge
    return bytes(body)


async def short_body(request: Request) -> bytes:
    """Of a call whose body is a line or two; what is longer is none of these, and reads as nothing."""
    try:
        return await whole_body(request, SHORT_BYTES_MAX)
    except TooLarge:
        return b""
