"""What lies before the camera: a code that stays in view is one scan, not one per frame."""

from __future__ import annotations

from collections.abc import Collection

from drivers.scanner.symbology import Code

GONE_S = 1.0  # a card held still is unread in single frames; shown a second time it was away for longer


class View:
    """The codes in view, each with the time since when it hasn't been seen."""

    def __init__(self) -> None:
        self._missing_since_s: dict[Code, float | None] = {}

    def look(self, codes: Collection[Code], now_s: float) -> list[Code]:
        """Take what one frame shows; give the codes that are new."""
        self._forget_the_gone(now_s)
        new = [code for code in codes if code not in self._missing_since_s]
        for code, since_s in self._missing_since_s.items():
            if code not in codes and since_s is None:
                self._missing_since_s[code] = now_s
        self._missing_since_s.update(dict.fromkeys(codes))
        return new

    def blinded(self) -> None:
        """Frames stopped coming: what could not be seen was not gone."""
        self._missing_since_s = dict.fromkeys(self._missing_since_s)

    def _forget_the_gone(self, now_s: float) -> None:
        self._missing_since_s = {
            code: since_s
            for code, since_s in self._missing_since_s.items()
            if since_s is None or now_s - since_s < GONE_S
        }
