"""An MJPEG stream over HTTP, as IP cameras send it: pictures are taken off the wire whole and undecoded.

OpenCV's own reader decodes every frame, wanted or not: that was most of what an idle camera cost. A part that ends
before its length, or without the mark that ends a JPEG, is no picture.
"""

from __future__ import annotations

import base64
import http.client
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from drivers.errors import DeviceError

FRAME_BYTES_MAX = 16 * 2**20  # an uncompressed 4K frame has 24 MB; no JPEG of one has so many
HEADERS_MAX = 32
JPEG_BEGINS, JPEG_ENDS = b"\xff\xd8", b"\xff\xd9"
MULTIPART = "multipart/x-mixed-replace"


class MjpegStream:
    """One connection; `frames` until it ends."""

    def __init__(self, address: str, wait_s: float) -> None:
        self._address = address
        self._at_boundary = False  # it ended a part of untold length, and begins the next
        parts = urlsplit(address)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname or "", parts.port, timeout=wait_s)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Accept": f"{MULTIPART}, */*"}
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        try:
            self._connection.request("GET", target, headers=headers)
            self._answer = self._connection.getresponse()
        except (OSError, http.client.HTTPException, ValueError):
            self._connection.close()
            raise

    @property
    def is_mjpeg(self) -> bool:
        """Else it is something for OpenCV: a redirection, a video, a question for a password of another kind."""
        return self._answer.status == 200 and self._answer.getheader("Content-Type", "").lower().startswith(MULTIPART)

    def frames(self) -> Iterator[bytes]:
        """Whole JPEGs, as they come; None of one that was torn. Ends with the stream, or with an OSError."""
        while (length := self._next_part()) is not None:
            picture = self._answer.read(length) if length else self._until_boundary()
            if picture.startswith(JPEG_BEGINS) and picture.rstrip(b"\r\n\0").endswith(JPEG_ENDS):
                yield picture

    def close(self) -> None:
        self._answer.close()
        self._connection.close()

    def _next_part(self) -> int | None:
        """The length of the next part, 0 when it is not told, None at the end."""
        line = b"--" if self._at_boundary else self._line()
        self._at_boundary = False
        while line and not line.startswith(b"--"):
            line = self._line()
        length = 0
        for _ in range(HEADERS_MAX):
            line = self._line()
            if not line.strip():
                break
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length" and value.strip().isdigit():
                length = int(value)
        if length > FRAME_BYTES_MAX:
            raise self._endless()
        return length if line else None

    def _until_boundary(self) -> bytes:
        lines, size = [], 0
        while (line := self._line()) and not line.startswith(b"--"):
            lines.append(line)
            size += len(line)
            if size > FRAME_BYTES_MAX:
                raise self._endless()
        self._at_boundary = bool(line)
        return b"".join(lines)

    def _line(self) -> bytes:
        return self._answer.readline(FRAME_BYTES_MAX)

    def _endless(self) -> DeviceError:
        return DeviceError(
            tried="reading frames",
            device=self._address,
            cause=f"a frame has more than {FRAME_BYTES_MAX // 2**20} MB",
            hint="Choose MJPEG, 1280×720 or 1920×1080, in the camera's settings.",
        )
