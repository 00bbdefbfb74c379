"""A look at one frame after another: first where the last code was, deeper where bars stay unread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drivers.scanner.cascade import Cost, Scene, climb
from drivers.scanner.vote import FrameVote, Verdict, shown

if TYPE_CHECKING:
    from drivers.scanner.picture import Picture
    from drivers.scanner.symbology import Code

NEAR_LOOKS_MOST = 4  # in a row: a second code laid beside the first is seen half a second later
REGION_SIDES = 1.0  # of the last code's length, to each side of its middle: a hand trembles
DEEP_LOOKS_MOST = 2  # per motion: what two deep looks can't read, a third won't


class Looker:
    """What it saw last, and how hard it has tried since something moved."""

    def __init__(self) -> None:
        self.believed: list[Verdict] = []  # of the last look, with where they are
        self._last: Verdict | None = None  # the only code in view
        self._near_looks = 0
        self._vote = FrameVote()
        self._motions = -1
        self._deep_looks = 0
        self._unread = 0

    def look(self, grey: Picture, motions: int) -> list[Code]:
        """The codes to believe. `motions`: a number that grows whenever something moved."""
        if motions != self._motions:
            self._motions, self._deep_looks = motions, 0
        found = self._near(grey) or self._everywhere(grey)
        self.believed = self._vote.believed(found, motions)
        self._last = self.believed[0] if len(self.believed) == 1 else None
        return [verdict.code for verdict in self.believed]

    def _near(self, grey: Picture) -> list[Verdict]:
        """Where the last code was; nothing, if it isn't there now."""
        if self._last is None or self._near_looks >= NEAR_LOOKS_MOST:
            self._near_looks = 0
            return []
        self._near_looks += 1
        reach = self._last.length * REGION_SIDES
        left, top = max(0, int(self._last.x - reach)), max(0, int(self._last.y - reach))
        region = grey[top : int(self._last.y + reach) + 1, left : int(self._last.x + reach) + 1]
        return [verdict.moved(left, top) for verdict in shown(climb(Scene(region.copy()), Cost.LIVE))]

    def _everywhere(self, grey: Picture) -> list[Verdict]:
        scene = Scene(grey)
        found = climb(scene, Cost.LIVE)
        self._unread = self._unread + 1 if scene.strips and not shown(found) else 0
        if self._unread > 1 and self._deep_looks < DEEP_LOOKS_MOST:
            self._deep_looks += 1
            return climb(scene, Cost.STILL, begin=Cost.STILL)
        return found
