"""Which process of a till is heard: one at a time. A copy of a till's whole disk speaks with its key and from its file,
and only that both live gives it away. (Another process of the same hub hears for itself.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

SILENT_S: Final = 10.0  # a till that lives asks every few seconds; one that was restarted waits for so long


class _Heard(NamedTuple):
    run: str
    at_s: float


def _follows(run: str, before: str) -> bool:
    """Is it the same process, or one that was started in its place (pos_agent/machine.py)?"""
    place = run.rpartition(".")[0]
    return run == before or (place != "" and before.rpartition(".")[0] == place)


class Runs:
    """`now_s`: a clock that only goes on."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._heard: dict[str, _Heard] = {}  # by key: as many as have joined; who joins anew is nobody's copy

    def is_elsewhere(self, key: str, run: str) -> bool:
        """Does another process with this till's key live?"""
        heard = self._heard.get(key)
        return heard is not None and not _follows(run, heard.run) and self._now_s() - heard.at_s < SILENT_S

    def hear(self, key: str, run: str) -> None:
        self._heard[key] = _Heard(run, self._now_s())
