"""A recording of a camera, played again as an IP camera: the very pictures, after the very pauses.

It begins with the first who watches. A pause in the recording is a pause here, for a hanging camera may be the fault;
after the end the last picture is sent again and again, as a camera over a counter would.
"""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from drivers.errors import DeviceError
from drivers.recording import Recording
from drivers.scanner.emulator.camera import BOUNDARY, CLIENT_WAIT_S, PATH
from drivers.scanner.emulator.playback import Wait, play_recording

AGAIN_S = 0.2  # after the end; the driver takes a camera for hung after 4 s
LOOK_S = 0.25  # how soon a client's thread sees that the camera is gone
POLL_S = 0.02


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


class RecordedCamera:
    """`plug`, then `play` in any thread."""

    def __init__(self, recording: Recording, port: int = 0, speed: float = 1.0) -> None:
        self._recording = recording
        self._port = port
        self._speed = speed
        self._pictures = Pictures()
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        """For the host's configuration."""
        return f"camera:http://127.0.0.1:{self._port}{PATH}"

    def plug(self) -> None:
        if self._server is not None:
            return
        try:
            self._server = _Server(self._port, self._pictures)
        except OSError as error:
            raise DeviceError(
                tried="listening",
                device=self.url,
                cause=error.strerror or str(error),
                hint="Choose another port, or 0 for any free one.",
            ) from error
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(POLL_S,), daemon=True).start()

    def unplug(self) -> None:
        if self._server is None:
            return
        self._server.gone.set()
        self._server.shutdown()
        self._server.server_close()
        self._server = None

    def send(self, data: bytes) -> bool:
        self._pictures.put(data)
        return self._server is not None

    def play(self, wait: Wait = time.sleep) -> None:
        """Returns when all of it was on the air."""
        while not self._pictures.watched.wait(LOOK_S):
            wait(0.0)
        play_recording(self._recording, self, wait=wait, speed=self._speed)
        self._pictures.ended = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, pictures: Pictures) -> None:
        super().__init__(("127.0.0.1", port), _Client)
        self.pictures = pictures
        self.gone = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle of a picture is no error of a camera."""


class _Client(BaseHTTPRequestHandler):
    server: _Server
    timeout = CLIENT_WAIT_S

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != PATH:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BOUNDARY}")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        number = 0
        while not self.server.gone.is_set():
            if (shown := self.server.pictures.after(number)) is not None:
                number, packed = shown
                head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(packed)}\r\n\r\n"
                self.wfile.write(head.encode() + packed + b"\r\n")

    def log_message(self, format: str, *args: Any) -> None:
        """A camera keeps no diary."""
