"""What a camera shows, for whoever sets it up: how many pictures, how sharp, how bright, how large a code is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drivers.errors import DeviceError
from drivers.scanner.capture import Capture, Frame, opencv, source_of
from drivers.scanner.decode import decode

if TYPE_CHECKING:
    from drivers.scanner.picture import Picture

FIRST_S = 5.0  # a camera opens in one or two; then the source's own limit of 3 s says why not
WATCH_S = 1.5  # at four pictures a second, six of them
FRAME_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`sharp` is the variance of the Laplacian, as everybody measures it; `light` the mean level, 0 to 255."""

    width: int
    height: int
    per_second: float
    sharp: float
    light: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSeen:
    after_s: float
    share: float  # of the picture's width


class Watch:
    """One opening of a camera."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Raises DeviceError for a URL that is none."""
        self._url = url
        self._clock = clock
        self._capture = Capture(source_of(url))

    def look(self) -> Shown:
        """Raises DeviceError."""
        first = self._picture(FIRST_S)
        if first is None:
            raise DeviceError(
                tried="reading pictures",
                device=self._url,
                cause=f"none came for {FIRST_S:.0f} s",
                hint="Switch the camera off and on.",
            )
        last, started_s, count = first, self._clock(), 0
        while self._clock() - started_s < WATCH_S:
            if (picture := self._picture(FRAME_S)) is not None:
                last, count = picture, count + 1
        height, width = last.shape[:2]
        per_second = count / max(self._clock() - started_s, 0.001)
        return Shown(width=width, height=height, per_second=per_second, sharp=_sharp(last), light=float(last.mean()))

    def find(self, texts: tuple[str, ...], wait_s: float) -> CodeSeen | None:
        """The first picture with this code. Raises DeviceError."""
        started_s = self._clock()
        while (now_s := self._clock()) - started_s < wait_s:
            picture = self._picture(FRAME_S)
            if picture is not None and any(code.text in texts for code in decode(picture, live=True)):
                return CodeSeen(after_s=now_s - started_s, share=_share(picture))
        return None

    def close(self) -> None:
        self._capture.close()

    def _picture(self, wait_s: float) -> Picture | None:
        frame: Frame | None = self._capture.frame(wait_s)
        return None if frame is None else frame.grey()


def _sharp(grey: Picture) -> float:
    cv2 = opencv()
    return float(cv2.Laplacian(grey, cv2.CV_64F).var())


def _share(grey: Picture) -> float:
    """How wide the widest code is."""
    import zxingcpp

    widths = [0]
    for code in zxingcpp.read_barcodes(grey):
        corners = [getattr(code.position, name).x for name in ("top_left", "top_right", "bottom_left", "bottom_right")]
        widths.append(max(corners) - min(corners))
    return float(max(widths) / grey.shape[1])
