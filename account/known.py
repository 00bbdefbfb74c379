"""What the hub says to everybody alike, and seldom another time: asked once in a while, whoever looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from account.hub_desk import HubSilent

_T = TypeVar("_T")


class Known(Generic[_T]):
    """`ask` raises HubSilent; `kept_s`: so old may the answer be."""

    def __init__(self, ask: Callable[[], _T], now_s: Callable[[], float], kept_s: float) -> None:
        self._ask = ask
        self._now_s = now_s
        self._kept_s = kept_s
        self._known: _T | None = None
        self._read_s = 0.0

    def told(self) -> _T:
        """What was known last stands where the hub is silent. Raises HubSilent where nothing ever was."""
        now_s = self._now_s()
        if self._known is None or now_s - self._read_s > self._kept_s:
            try:
                self._known = self._ask()
                self._read_s = now_s
            except HubSilent:
                if self._known is None:
                    raise
        return self._known
