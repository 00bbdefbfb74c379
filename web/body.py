"""What was sent to a page of ours, and never more of it than a page needs."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

BODY_BYTES_MAX: Final = 64 * 1024


class TooLarge(Exception):
    """Nothing of it was looked at."""


async def body_of(request: Request, bytes_max: int = BODY_BYTES_MAX) -> bytes:
    """Raises TooLarge."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > bytes_max:
            raise TooLarge
    return bytes(body)
