"""What a camera sees, for people: a small JPEG of its newest frame, with a frame drawn around a code that was read.

The scanning loop only keeps its newest frame and where the codes were. All else is done when somebody looks, in his
thread: a till whose camera nobody watches pays nothing.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, runtime_checkable

from drivers.scanner.capture import Frame, opencv

if TYPE_CHECKING:
    from drivers.scanner.picture import Picture
    from drivers.scanner.vote import Verdict

WIDTH_MAX: Final = 640  # dots: enough to see how the card is held
MARKED_S: Final = 1.5  # after a read: long enough to see that it was that card
EVERY_S: Final = 0.125  # eight pictures a second look like moving, however many ask
QUALITY: Final = 75  # of 100, JPEG's
MARK_DOTS: Final = 6  # seen from two steps away
MARK_BGR: Final = (60, 200, 40)
MARGIN: Final = 0.08  # of the code's length, so that the frame stands around it
UNKNOWN_HEIGHT: Final = 0.5  # of the length, where no engine told it


class Mark(NamedTuple):
    """Where a code is: its middle and its sides in shares of the picture's width, its turn in radians."""

    x: float
    y: float
    length: float
    height: float
    turn: float


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest frame. `marks` are where the codes of the last read were in `marked`, the newest frame that showed
    them; it was read at `read_at_s` of the scanner's clock."""

    frame: Frame
    marked: Frame | None = None
    marks: tuple[Mark, ...] = ()
    read_at_s: float = float("-inf")

    def looked_at(self, verdicts: Sequence[Verdict], grey: Picture, now_s: float, *, read: bool) -> Seen:
        """With what a look at the newest frame believed; a code that was read a moment ago is followed as it moves."""
        if not verdicts or not (read or now_s - self.read_at_s < MARKED_S):
            return self
        marks = tuple(_mark(verdict, grey.shape[1]) for verdict in verdicts)
        return replace(self, marked=self.frame, marks=marks, read_at_s=now_s if read else self.read_at_s)

    def shown(self, now_s: float) -> tuple[Frame, tuple[Mark, ...]]:
        """The frame to show, and what to draw on it: a card that moves on would leave its mark behind."""
        if self.marked is None or now_s - self.read_at_s >= MARKED_S:
            return self.frame, ()
        return self.marked, self.marks


@runtime_checkable
class Seeing(Protocol):
    """A scanner that sees pictures."""

    def seen(self) -> Seen | None: ...


class Sight:
    """The pictures of one camera, each made once for all who look at the moment."""

    def __init__(self, camera: Seeing, clock_s: Callable[[], float]) -> None:
        self._camera = camera
        self._clock_s = clock_s  # monotonic, as the scanner's
        self._making = threading.Lock()
        self._made_at_s = float("-inf")
        self._jpeg: bytes | None = None

    def jpeg(self) -> bytes | None:
        """None: the camera gives no picture now."""
        with self._making:
            now_s = self._clock_s()
            if now_s - self._made_at_s >= EVERY_S:
                self._made_at_s, self._jpeg = now_s, self._make(now_s)
            return self._jpeg

    def _make(self, now_s: float) -> bytes | None:
        seen = self._camera.seen()
        if seen is None:
            return None
        frame, marks = seen.shown(now_s)
        picture = small(frame)
        if picture is None:
            return None
        for mark in marks:
            _draw(picture, mark)
        cv2 = opencv()
        made, packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        return bytes(packed) if made else None


def small(frame: Frame) -> Picture | None:
    """In colours, no wider than people need; a copy to draw on."""
    picture = frame.for_people(WIDTH_MAX)
    if picture is None:
        return None
    cv2 = opencv()
    coloured: Picture = picture if picture.ndim == 3 else cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
    height, width = coloured.shape[:2]
    if width <= WIDTH_MAX:
        return coloured.copy()
    size = (WIDTH_MAX, max(1, height * WIDTH_MAX // width))
    smaller: Picture = cv2.resize(coloured, size, interpolation=cv2.INTER_AREA)
    return smaller


def _mark(verdict: Verdict, width: int) -> Mark:
    height = verdict.height or verdict.length * UNKNOWN_HEIGHT
    return Mark(
        x=verdict.x / width,
        y=verdict.y / width,
        length=verdict.length / width,
        height=height / width,
        turn=verdict.turn,
    )


def _draw(picture: Picture, mark: Mark) -> None:
    import numpy as np

    corners = np.array([corners_of(mark, picture.shape[1])], dtype=np.int32)
    opencv().polylines(picture, corners, isClosed=True, color=MARK_BGR, thickness=MARK_DOTS)


def corners_of(mark: Mark, width: int) -> list[tuple[int, int]]:
    """Of a turned rectangle, in a picture so wide."""
    cos, sin = math.cos(mark.turn), math.sin(mark.turn)
    along = mark.length * (0.5 + MARGIN)
    across = mark.height * 0.5 + mark.length * MARGIN
    sides = ((along, across), (-along, across), (-along, -across), (along, -across))
    return [
        (round((mark.x + a * cos - b * sin) * width), round((mark.y + a * sin + b * cos) * width)) for a, b in sides
    ]
