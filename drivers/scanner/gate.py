"""A gate before the reader: whether a frame is worth a look, and how soon the next one should come.

When nothing moves, nothing new can be read: looks grow rare, and the small thumbnail is all that is made of a frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from drivers.scanner.capture import opencv

if TYPE_CHECKING:
    from drivers.scanner.picture import Picture

FAST_S = 0.1  # ten frames a second: a card moved past the lens is there for half a second
SLOW_S = 0.25  # four: a hand that comes into view is noticed before the card lies still
QUIET_AFTER_S = 2.0
STILL_LOOK_S = 0.5  # nothing moved; but noise differs, and a second look may read
RARE_LOOK_S = 3.0  # nor for long
MOVED_LEVELS = 12  # of 255, in any place of the thumbnail; a sensor's noise averages out far below


class Gate:
    """What moved, and when."""

    def __init__(self) -> None:
        self._moved_at_s = float("-inf")
        self._looked_at_s = float("-inf")
        self._looked_at: Picture | None = None  # thumbnail
        self.motions = 0  # how many looks found that something had moved

    def opens(self, thumbnail: Picture, now_s: float) -> bool:
        """Whether to look at this frame whole."""
        moved = self._moved(thumbnail)
        if moved:
            self._moved_at_s = now_s
            self.motions += 1
        elif now_s - self._looked_at_s < (RARE_LOOK_S if self._quiet(now_s) else STILL_LOOK_S):
            return False
        self._looked_at_s, self._looked_at = now_s, thumbnail
        return True

    def next_s(self, now_s: float) -> float:
        """When the next frame is wanted."""
        return now_s + (SLOW_S if self._quiet(now_s) else FAST_S)

    def _quiet(self, now_s: float) -> bool:
        return now_s - self._moved_at_s >= QUIET_AFTER_S

    def _moved(self, thumbnail: Picture) -> bool:
        """Against the last frame looked at, not the last frame: slow changes add up."""
        if self._looked_at is None:
            return True
        return bool(opencv().absdiff(thumbnail, self._looked_at).max() >= MOVED_LEVELS)
