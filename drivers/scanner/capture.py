"""Frames from a camera, a stream or files: a thread that opens the source and keeps reading it.

Reading blocks for as long as the source likes, and a stream that isn't read piles up old frames; so the thread
reads always, and hands over a frame only when one is wanted: the newest. A source of files waits instead, so
that no picture is skipped. MJPEG over HTTP is read without decoding it; all else is read by OpenCV.
"""

from __future__ import annotations

import http.client
import os
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from drivers.errors import DeviceError
from drivers.scanner.mjpeg import MjpegStream

if TYPE_CHECKING:
    from drivers.scanner.picture import Picture

STREAM_SCHEMES = ("http", "https", "rtsp")
SOURCE_WAIT_MS = 3000  # for opening and for each frame; a camera that thinks longer has hung
WIDTH, HEIGHT = 1280, 720  # asked of a USB camera: its default, 640×480, leaves an EAN too few dots per bar
CLOSE_WAIT_S = 0.5
FRAME_WIDTH_MAX = 1920  # a 4K frame costs nine times a 720p one and reads no more cards
THUMBNAIL = (160, 90)
PACKED_QUALITY = 95  # a code that can be read in the picture can be read in its JPEG


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the frames are: a device's number, or an address."""

    url: str  # the whole, for messages
    place: int | str
    files: bool  # it has an end, and every frame counts


def source_of(url: str) -> Source:
    """`camera:0`, `camera:http://…`, `camera:file:frames/%03d.png` → source."""
    place = url.partition(":")[2]
    scheme, _, rest = place.partition(":")
    if place.isdecimal() and place.isascii():
        return Source(url=url, place=int(place), files=False)
    if scheme in STREAM_SCHEMES and rest.startswith("//"):
        return Source(url=url, place=place, files=False)
    if scheme == "file" and rest:
        return Source(url=url, place=rest, files=True)
    raise DeviceError(
        tried="reading the address",
        device=url,
        cause="it names no camera",
        hint="Write camera:0, camera:http://host:port/frames.mjpeg or camera:file:frames/%03d.png.",
    )


class Frame:
    """One frame. What it shows is worked out when asked for."""

    def __init__(self, picture: Picture | None) -> None:
        self._picture = picture

    def grey(self) -> Picture | None:
        """The whole in grey, no wider than is of use; None when it cannot be decoded."""
        picture = self._decoded()
        if picture is None:
            return None
        cv2 = opencv()
        grey: Picture = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        height, width = grey.shape
        if width > FRAME_WIDTH_MAX:
            size = (FRAME_WIDTH_MAX, height * FRAME_WIDTH_MAX // width)
            grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
        return grey

    def packed(self) -> bytes | None:
        """As a JPEG: the very one that came, else a fine one of the picture. None when there is none."""
        picture = self._decoded()
        if picture is None:
            return None
        cv2 = opencv()
        done, made = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, PACKED_QUALITY])
        return bytes(made) if done else None

    def thumbnail(self) -> Picture | None:
        """Small, to see by whether anything moved."""
        return _thumbnail(self.grey())

    def for_people(self, width: int) -> Picture | None:
        """In colour, where the camera has any; where it has so many dots, at least so wide."""
        return self._picture

    def _decoded(self) -> Picture | None:
        return self._picture


class PackedFrame(Frame):
    """One that is still a JPEG: its thumbnail costs a tenth of the whole."""

    def __init__(self, packed: bytes) -> None:
        super().__init__(None)
        self._packed = packed

    def packed(self) -> bytes:
        return self._packed

    def thumbnail(self) -> Picture | None:
        return _thumbnail(self._unpacked(opencv().IMREAD_REDUCED_GRAYSCALE_8))

    def for_people(self, width: int) -> Picture | None:
        half = self._unpacked(opencv().IMREAD_REDUCED_COLOR_2)  # a third of the work, and enough of most cameras
        if half is None or half.shape[1] >= width:
            return half
        return self._unpacked(opencv().IMREAD_COLOR)

    def _decoded(self) -> Picture | None:
        if self._picture is None:
            self._picture = self._unpacked(opencv().IMREAD_GRAYSCALE)
        return self._picture

    def _unpacked(self, how: int) -> Picture | None:
        import numpy as np

        cv2 = opencv()
        try:
            picture: Picture | None = cv2.imdecode(np.frombuffer(self._packed, np.uint8), how)
        except cv2.error:  # it says it is larger than anything
            return None
        return picture


def _thumbnail(grey: Picture | None) -> Picture | None:
    if grey is None:
        return None
    cv2 = opencv()
    small: Picture = cv2.resize(grey, THUMBNAIL, interpolation=cv2.INTER_AREA)
    return small


class Frames(Protocol):
    """One opening of a source, from its beginning to its end."""

    def frame(self, wait_s: float) -> Frame | None:
        """The next frame, or None when none came in time. DeviceError when none will come any more."""

    def close(self) -> None:
        """Let the source go."""


class Capture:
    """Frames that a thread reads."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._changed = threading.Condition()
        self._wanted = False
        self._closed = False
        self._frame: Frame | None = None
        self._error: DeviceError | None = None
        self._thread = threading.Thread(target=self._work, name=f"capture {source.url}", daemon=True)
        self._thread.start()

    def frame(self, wait_s: float) -> Frame | None:
        with self._changed:
            if self._frame is None:  # else one is left from a wait that was given up
                self._wanted = True
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._frame is not None or self._error is not None, wait_s)
            frame, self._frame = self._frame, None
            if frame is None and self._error is not None:
                raise self._error
            return frame

    def close(self) -> None:
        """A thread that hangs in a read lets it go as soon as it comes out."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(CLOSE_WAIT_S)

    def _work(self) -> None:
        try:
            stream = _stream(self._source)
            if stream is not None:
                self._read_stream(stream)
            else:
                self._read_video(_open(self._source))
        except DeviceError as error:
            with self._changed:
                self._error = error
                self._changed.notify_all()

    def _read_stream(self, stream: MjpegStream) -> None:
        try:
            for packed in stream.frames():
                if not self._may_read():
                    return
                if self._wanted:
                    self._hand_over(PackedFrame(packed))
        except (OSError, http.client.HTTPException) as error:
            raise self._lost(_words(error)) from error
        finally:
            stream.close()
        raise self._lost("no more frames come")

    def _hand_over(self, frame: Frame) -> None:
        with self._changed:
            self._frame, self._wanted = frame, False
            self._changed.notify_all()

    def _read_video(self, video: Any) -> None:
        try:
            self._read(video)
        finally:
            video.release()

    def _read(self, video: Any) -> None:
        while self._may_read():
            if not video.grab():
                raise self._lost("no more frames come")
            if not self._wanted:  # only this thread takes the wish back, so it needs no lock here
                continue
            shown, picture = video.retrieve()
            if not shown:
                raise self._lost("a frame could not be decoded")
            self._hand_over(Frame(picture))

    def _may_read(self) -> bool:
        with self._changed:
            if self._source.files:
                self._changed.wait_for(lambda: self._wanted or self._closed)
            return not self._closed

    def _lost(self, cause: str) -> DeviceError:
        return DeviceError(
            tried="reading frames", device=self._source.url, cause=cause, hint="Is the camera connected?"
        )


def _stream(source: Source) -> MjpegStream | None:
    """The source as an MJPEG stream, or None when it is another kind, or OpenCV should say what is wrong with it."""
    if not isinstance(source.place, str) or not source.place.startswith(("http://", "https://")):
        return None
    try:
        stream = MjpegStream(source.place, SOURCE_WAIT_MS / 1000)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise DeviceError(
            tried="opening the camera",
            device=source.url,
            cause=_words(error),
            hint="Is the address right, the camera on, and no other program using it?",
        ) from error
    if stream.is_mjpeg:
        return stream
    stream.close()
    return None


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"no frame came for {SOURCE_WAIT_MS // 1000} s"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _open(source: Source) -> Any:
    if isinstance(source.place, int) and not Path(f"/dev/video{source.place}").exists():
        raise DeviceError(
            tried="opening the camera",
            device=source.url,
            cause="there is no such camera",
            hint="Is it plugged in? `ls /dev/video*` lists the cameras.",
            missing=True,
        )
    try:
        cv2 = opencv()
    except ImportError as error:
        raise DeviceError(
            tried="loading OpenCV", device=source.url, cause=str(error), hint="Install the agent anew."
        ) from error
    if isinstance(source.place, int):
        video = cv2.VideoCapture(source.place, cv2.CAP_V4L2)
        video.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        video.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH)
        video.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT)
    elif source.files:
        video = cv2.VideoCapture(source.place)
    else:
        limits = [
            cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
            SOURCE_WAIT_MS,
            cv2.CAP_PROP_READ_TIMEOUT_MSEC,
            SOURCE_WAIT_MS,
        ]
        video = cv2.VideoCapture(source.place, cv2.CAP_FFMPEG, limits)
    if not video.isOpened():
        raise DeviceError(
            tried="opening the camera",
            device=source.url,
            cause="no frames come from there",  # OpenCV does not say more
            hint="Is the address right, the camera on, and no other program using it?",
        )
    return video


@cache
def opencv() -> ModuleType:
    """OpenCV, without its remarks on the terminal: what goes wrong is told once, in our words."""
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # AV_LOG_QUIET
    import cv2

    return cv2
