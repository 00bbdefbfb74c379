"""An emulated camera: MJPEG over HTTP, as IP cameras send it, of whatever picture lies in a folder.

A picture dropped into the folder is a card put before the camera; removed, the card is gone. With a seed the card is
held in a hand that moves and tilts it. The camera can be unplugged, hang, and send torn frames.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.errors import DeviceError
from drivers.scanner.emulator.mjpeg import MjpegPlug
from drivers.scanner.emulator.motion import held
from drivers.scanner.emulator.pictures import HEIGHT, WIDTH, card_picture, counter_top

if TYPE_CHECKING:
    from drivers.scanner.emulator.pictures import Picture

FRAMES_PER_S = 15
JPEG_QUALITY = 90
ENLARGED_AT_MOST = 2.0  # a thumbnail blown up to the whole frame is no card any more
PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp"})
SHOWN_NAME = "shown.png"


class CameraEmulator(MjpegPlug):
    """A camera over a counter. Several clients may watch."""

    def __init__(self, folder: Path, port: int = 0, seed: int | None = None) -> None:
        if not folder.is_dir():
            raise DeviceError(
                tried="watching the folder",
                device=str(folder),
                cause="there is no such folder",
                hint="Make it, and put pictures of cards into it.",
            )
        self.folder = folder
        self.faults = Faults()
        super().__init__(self._seen_by, port)
        self._shown = ShownPicture(folder) if seed is None else HeldPicture(folder, seed)

    def seen(self) -> bytes:
        """What lies before it now, as a JPEG."""
        return self._shown.jpeg()

    def _seen_by(self, gone: threading.Event) -> Iterator[tuple[bytes, int | None]]:
        """For one client."""
        next_s = time.monotonic()
        while not gone.wait(max(0.0, next_s - time.monotonic())):
            next_s = max(next_s + 1 / FRAMES_PER_S, time.monotonic())
            if self.faults.hung.is_set():
                continue
            frame = self._shown.jpeg()
            cut = once(self.faults.cut)
            yield frame[: len(frame) // 2] if once(self.faults.torn) else frame, len(frame) // 2 if cut else None

    def show(self, symbology: str, text: str) -> None:
        """Put a card with this code before the camera."""
        card_picture(text, symbology, self.folder / SHOWN_NAME)

    def empty(self) -> None:
        """Take that card away."""
        (self.folder / SHOWN_NAME).unlink(missing_ok=True)

    def hang(self) -> None:
        """Keep the connections, send no more frames."""
        self.faults.hung.set()

    def recover(self) -> None:
        """Send frames again."""
        self.faults.hung.clear()

    def tear(self) -> None:
        """Send only the first half of the next frame, as if it were the whole."""
        self.faults.torn.set()

    def cut(self) -> None:
        """Break the line in the middle of the next frame."""
        self.faults.cut.set()


class Faults:
    """What the camera is told to do wrong."""

    def __init__(self) -> None:
        self.hung = threading.Event()
        self.torn = threading.Event()  # once
        self.cut = threading.Event()  # once


class ShownPicture:
    """The newest picture in a folder as a JPEG of the camera's size; drawn anew only when it changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._of: tuple[Path, int, int] | None = None
        self._empty = jpeg(counter_top())
        self._jpeg = self._empty

    def jpeg(self) -> bytes:
        """What the camera sees now."""
        with self._lock:
            newest = self._newest()
            if newest is None:
                self._of, self._jpeg = None, self._empty
            elif newest != self._of:
                picture = _read(newest[0])
                if picture is not None:  # else somebody is still writing it: look again at the next frame
                    self._of, self._jpeg = newest, jpeg(on_the_counter(picture))
            return self._jpeg

    def _newest(self) -> tuple[Path, int, int] | None:
        return newest_picture(self._folder)


class HeldPicture:
    """The newest picture in a folder, held in a hand; a new frame each time it is asked."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._seed = seed
        self._lock = threading.Lock()
        self._number = 0
        self._of: tuple[Path, int, int] | None = None
        self._picture: Picture | None = None
        self._counter = counter_top(seed)[..., 1]

    def jpeg(self) -> bytes:
        """What the camera sees now."""
        with self._lock:
            self._look()
            self._number += 1
            if self._picture is None:
                return jpeg(self._counter)
            return jpeg(held(self._picture, self._counter, self._seed, self._number))

    def _look(self) -> None:
        newest = newest_picture(self._folder)
        if newest == self._of:
            return
        picture = None if newest is None else _read(newest[0])
        if newest is None or picture is not None:
            self._of, self._picture = newest, None if picture is None else picture[..., 1].copy()


def newest_picture(folder: Path) -> tuple[Path, int, int] | None:
    found = []
    for path in folder.iterdir():
        if path.suffix.lower() not in PICTURE_SUFFIXES or path.name.startswith("."):
            continue
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue  # just taken away
        found.append((stat.st_mtime_ns, path.name, path, stat.st_size))
    if not found:
        return None
    modified_ns, _, path, size = max(found)
    return path, modified_ns, size


def on_the_counter(picture: Picture) -> Picture:
    """Any picture as a whole frame: as large as it fits, the counter around it."""
    import cv2
    import numpy as np

    height, width = picture.shape[:2]
    if (height, width) == (HEIGHT, WIDTH):
        return picture
    scale = min(WIDTH / width, HEIGHT / height, ENLARGED_AT_MOST)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    frame = counter_top()
    top, left = (HEIGHT - size[1]) // 2, (WIDTH - size[0]) // 2
    frame[top : top + size[1], left : left + size[0]] = np.array(cv2.resize(picture, size, interpolation=method))
    return frame


def jpeg(picture: Picture) -> bytes:
    """Compressed as cameras do."""
    import cv2

    done, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    assert done
    return encoded.tobytes()


def _read(path: Path) -> Picture | None:
    import numpy as np
    from PIL import Image

    try:
        with Image.open(path) as image:
            seen = image.convert("RGBA")
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        return None
    paper = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    return np.asarray(paper.convert("RGB"), dtype=np.uint8)[..., ::-1]


def once(fault: threading.Event) -> bool:
    """Whether it is ordered; the order is then done with."""
    ordered = fault.is_set()
    fault.clear()
    return ordered
