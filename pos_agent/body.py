"""The body of a request, as far as it may go."""

from __future__ import annotations

from starlette.requests import Request


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
