"""Those who wait for the till's news: how many there may be, and for how long each counts."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

WAITING_MAX: Final = 16  # half of all connections (connection.py): commands always find one


class Places:
    """How many may wait for the till's news at once."""

    def __init__(self) -> None:
        self.taken = 0

    def take(self) -> bool:
        if self.taken >= WAITING_MAX:
            return False
        self.taken += 1
        return True

    def leave(self) -> None:
        self.taken -= 1


class Listening(StreamingResponse):
    """Holds its place until whoever listens is gone."""

    def __init__(self, *args: Any, places: Places, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._places.leave()
