"""A camera as a scanner: `camera:0`, `camera:http://…/frames.mjpeg`, `camera:file:frames/%03d.png`.

It looks seldom when nothing moves, first where the last code was, and delivers a code once for as long as it
stays in view. What looks like a code and can't be read is told of, too.

symbologies=usual,upce,databar      after any of them; usual is what it reads without
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from drivers.errors import DeviceError
from drivers.life import DeviceEvent, DeviceLife, DeviceState
from drivers.scanner.capture import Capture, Frame, Frames, Source, source_of
from drivers.scanner.gate import Gate
from drivers.scanner.scan import NOT_UTF8, Scan, refused_scan, why_refused
from drivers.scanner.sight import Seen
from drivers.scanner.unread import Unread
from drivers.scanner.view import View
from drivers.scanner.wanted import wanted_of

if TYPE_CHECKING:
    from drivers.scanner.symbology import Code

READ_WAIT_S = 0.2
FROZEN_S = 4.0  # longer than the source's own time limit (capture.SOURCE_WAIT_MS), which says why


class CameraScanner:
    """One camera; `step` is its whole life. `open`: what opens its source instead of the system."""

    def __init__(self, url: str, name: str, *, open: Callable[[Source], Frames] = Capture) -> None:
        from drivers.scanner.look import Looker

        self.name = name
        self.url = url
        self.life = DeviceLife()
        self.refused: Counter[str] = Counter()
        address, wanted = wanted_of(url)
        self._source = source_of(address)
        self._open = open
        self._frames: Frames | None = None
        self._gate = Gate()
        self._looker = Looker(wanted)
        self._view = View()
        self._unread = Unread()
        self._frame_at_s = 0.0  # when the last frame came, or the attempt began
        self._seen: Seen | None = None

    def step(self, now_s: float, at: datetime) -> tuple[list[Scan], float]:
        """Look at one frame, waiting for it at most READ_WAIT_S; or try to open the camera when it is time."""
        if self._frames is None:
            if not self.life.wants_try(now_s):
                return [], self.life.try_at_s
            self.life.happened(DeviceEvent.TRIED, now_s)
            self._frames, self._frame_at_s = self._open(self._source), now_s
        try:
            frame = self._frames.frame(READ_WAIT_S)
        except DeviceError as error:
            return self._lost(error, now_s)
        if frame is None:
            if now_s - self._frame_at_s >= FROZEN_S:
                return self._lost(self._frozen(), now_s)
            return [], now_s
        self._frame_at_s = now_s
        if self.life.state is DeviceState.CONNECTING:  # opening promises nothing; the first frame does
            self.life.happened(DeviceEvent.OPENED, now_s)
        return self._look(frame, now_s, at), self._gate.next_s(now_s)

    @property
    def unread(self) -> bool:
        """Whether something like a code lies before it that it can't read."""
        return self._unread.now

    def seen(self) -> Seen | None:
        """The newest frame, with what was read last; None while the camera gives none. From any thread."""
        return self._seen

    def close(self) -> None:
        """Let the camera go."""
        self._seen = None
        if self._frames is not None:
            self._frames.close()
            self._frames = None

    def _lost(self, error: DeviceError, now_s: float) -> tuple[list[Scan], float]:
        self.close()
        self._view.blinded()
        self._unread.blinded()
        missing = error.missing and self.life.state is DeviceState.CONNECTING
        self.life.happened(DeviceEvent.MISSING if missing else DeviceEvent.FAILED, now_s, str(error))
        return [], self.life.try_at_s

    def _frozen(self) -> DeviceError:
        return DeviceError(
            tried="reading frames",
            device=self.url,
            cause=f"no frame came for {FROZEN_S:.0f} s",
            hint="Switch the camera off and on.",
        )

    def _look(self, frame: Frame, now_s: float, at: datetime) -> list[Scan]:
        self._seen = seen = Seen(frame) if self._seen is None else replace(self._seen, frame=frame)
        thumbnail = frame.thumbnail()
        if thumbnail is None or not self._gate.opens(thumbnail, now_s):
            return []
        grey = frame.grey()
        if grey is None:  # torn on its way
            return []
        codes = self._looker.look(grey, self._gate.motions)
        self._unread.look(self._looker.unread, read=bool(codes), now_s=now_s)
        new = self._view.look(codes, now_s)
        self._seen = seen.looked_at(self._looker.believed, grey, now_s, read=bool(new))
        return [self._scan(code, at) for code in new]

    def _scan(self, code: Code, at: datetime) -> Scan:
        raw = code.raw or code.text.encode()
        reason = NOT_UTF8 if code.guessed else why_refused(code.text)
        if reason is not None:
            self.refused[reason] += 1
            return refused_scan(raw, self.name, at, reason)
        return Scan(
            text=code.text, raw=raw, symbology=code.symbology, scanner=self.name, at=at, addon=code.addon or None
        )
