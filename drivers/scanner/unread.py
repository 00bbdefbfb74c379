"""What lies before the camera and looks like a code, and gives none: when that is worth a word to the cashier.

Not at once, for a card on its way is unread in many frames; not again for bars that have been told of and lie there
still; and not over and over while a hand trembles at the edge of what can be read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from drivers.scanner.locate import Place

TOLD_AFTER_S = 2.0  # whoever shows a card that is read is done by then
TOLD_AFTER_LOOKS = 4  # a stream that stutters gives few frames in that time
GONE_AFTER_S = 1.0  # single looks miss bars that are there
SAME_PLACE_SHARE = 0.5  # of the length


class Unread:
    """`now` says whether such a code lies there, as the till should tell it."""

    def __init__(self) -> None:
        self.now = False
        self._told: Place | None = None  # this one was told of, and has not gone since
        self._since_s: float | None = None
        self._looks = 0
        self._seen_at_s = 0.0

    def look(self, places: Sequence[Place], *, read: bool, now_s: float) -> bool:
        """Take what one look found: places like a code's that gave none, and whether any code was read."""
        if read:
            self._forget()
            return self.now
        fresh = [place for place in places if not self._is_told(place)]
        if fresh or (self.now and places):
            self._seen(fresh[0] if fresh else places[0], now_s)
        elif now_s - self._seen_at_s >= GONE_AFTER_S:
            self._forget()
            self._told = self._told if places else None
        return self.now

    def blinded(self) -> None:
        """No frames come: nothing is known of what lies there."""
        self._forget()
        self._told = None

    def _seen(self, place: Place, now_s: float) -> None:
        if self._since_s is None:
            self._since_s, self._looks = now_s, 0
        self._looks += 1
        self._seen_at_s = now_s
        if self._looks >= TOLD_AFTER_LOOKS and now_s - self._since_s >= TOLD_AFTER_S:
            self.now, self._told = True, place

    def _forget(self) -> None:
        self.now, self._since_s = False, None

    def _is_told(self, place: Place) -> bool:
        told = self._told
        return told is not None and math.dist((place.x, place.y), (told.x, told.y)) < SAME_PLACE_SHARE * told.length
