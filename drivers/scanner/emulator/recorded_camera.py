"""A recording of a camera, played again as an IP camera: the very pictures, after the very pauses.

It begins with the first who watches. A pause in the recording is a pause here, for a hanging camera may be the fault;
after the end the last picture is sent again and again, as a camera over a counter would.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from drivers.recording import Recording
from drivers.scanner.emulator.mjpeg import MjpegPlug
from drivers.scanner.emulator.playback import Wait, play_recording

AGAIN_S = 0.2  # after the end; the driver takes a camera for hung after 4 s
LOOK_S = 0.25  # how soon a client's thread sees that the camera is gone


class Pictures:
    """The picture that is on the air, and its number."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.watched = threading.Event()
        self.ended = False
        self._number = 0
        self._packed = b""

    def put(self, packed: bytes) -> None:
        with self._changed:
            self._number, self._packed = self._number + 1, packed
            self._changed.notify_all()

    def after(self, number: int) -> tuple[int, bytes] | None:
        """The next one; None when none came in time."""
        self.watched.set()
        with self._changed:
            if self._changed.wait_for(lambda: self._number > number, AGAIN_S if self.ended else LOOK_S):
                return self._number, self._packed
            return (number, self._packed) if self.ended and self._packed else None


class RecordedCamera(MjpegPlug):
    """`plug`, then `play` in any thread."""

    def __init__(self, recording: Recording, port: int = 0, speed: float = 1.0) -> None:
        super().__init__(self._seen_by, port)
        self._recording = recording
        self._speed = speed
        self._pictures = Pictures()

    def _seen_by(self, gone: threading.Event) -> Iterator[tuple[bytes, int | None]]:
        """For one client."""
        number = 0
        while not gone.is_set():
            if (shown := self._pictures.after(number)) is not None:
                number, packed = shown
                yield packed, None

    def send(self, data: bytes) -> bool:
        self._pictures.put(data)
        return self.plugged

    def play(self, wait: Wait = time.sleep) -> None:
        """Returns when all of it was on the air."""
        while not self._pictures.watched.wait(LOOK_S):
            wait(0.0)
        play_recording(self._recording, self, wait=wait, speed=self._speed)
        self._pictures.ended = True
