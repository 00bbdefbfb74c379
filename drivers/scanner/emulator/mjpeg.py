"""MJPEG over HTTP, as IP cameras send it: a server that can be plugged in and pulled; whose frames, it knows not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from drivers.errors import DeviceError

PATH = "/frames.mjpeg"
BOUNDARY = "frame"
CLIENT_WAIT_S = 5.0  # a client that takes nothing for so long is gone
POLL_S = 0.02  # how soon a pulled plug is noticed

# For one client, until the event is set: each frame, and how many bytes of it are sent before the line breaks.
Frames = Callable[[threading.Event], Iterator[tuple[bytes, int | None]]]


class MjpegPlug:
    """Several clients may watch."""

    def __init__(self, frames: Frames, port: int = 0) -> None:
        self._frames = frames
        self._port = port
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        """For the host's configuration."""
        return f"camera:http://127.0.0.1:{self._port}{PATH}"

    @property
    def plugged(self) -> bool:
        return self._server is not None

    def plug(self) -> None:
        """Start to answer."""
        if self._server is not None:
            return
        try:
            self._server = _Server(self._port, self._frames)
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
        """Vanish, in the middle of a frame if need be."""
        if self._server is None:
            return
        self._server.gone.set()
        self._server.shutdown()
        self._server.server_close()
        self._server = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, frames: Frames) -> None:
        super().__init__(("127.0.0.1", port), _Client)
        self.frames = frames
        self.gone = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle of a frame is no error of a camera."""


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
        for frame, sent in self.server.frames(self.server.gone):
            head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(frame)}\r\n\r\n"
            self.wfile.write(head.encode() + frame[:sent] + (b"\r\n" if sent is None else b""))
            if sent is not None:
                return

    def log_message(self, format: str, *args: Any) -> None:
        """A camera keeps no diary."""
