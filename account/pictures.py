"""A picture from somebody's browser, drawn anew as a small JPEG: whatever else it was, or carried, is gone.

What it is, its content says, not its name. It is unpacked in a process of its own (picture_worker.py) that has little
memory and time, and what comes back is looked at again before anybody keeps it.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Final, Literal

from account.picture_worker import EXITS
from loyalty.jpegs import NoJpeg, check_jpeg

BYTES_MAX: Final = 12 * 1024 * 1024  # of one request, with all its pictures
PICTURES_MAX: Final = 3  # of one request
AT_ONCE: Final = 2  # workers; each may fill a core and a gigabyte
WORKER: Final = Path(__file__).with_name("picture_worker.py")
WHOLE_S: Final = 20.0  # by the clock: the processor's time is counted by the worker itself
WAIT_S: Final = 20.0  # for one of the workers

NoPictureWord = Literal["no_picture_kind", "no_picture_broken", "no_picture_large", "no_picture_busy"]
WORDS: Final[dict[int, NoPictureWord]] = {
    EXITS["kind"]: "no_picture_kind",
    EXITS["broken"]: "no_picture_broken",
    EXITS["large"]: "no_picture_large",
}

_room = threading.BoundedSemaphore(AT_ONCE)


class NoPicture(Exception):
    """`word`: why, one of those that all pages share (words.py)."""

    def __init__(self, word: NoPictureWord) -> None:
        super().__init__(word)
        self.word = word


def redrawn(data: bytes) -> bytes:
    """A JPEG of at most 2,000 pixels a side and 600 kB, the right way up, without EXIF; of an animation its first
    picture. Blocks for as long as it takes, half a second for a phone's photo. Raises NoPicture."""
    if len(data) > BYTES_MAX:
        raise NoPicture("no_picture_large")
    drawn = _by_worker(data)
    try:
        check_jpeg(drawn)
    except NoJpeg as error:
        raise NoPicture("no_picture_broken") from error
    return drawn


def _by_worker(data: bytes) -> bytes:
    if not _room.acquire(timeout=WAIT_S):
        raise NoPicture("no_picture_busy")
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(WORKER)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WHOLE_S,
            check=False,
            env={},
            cwd="/",
        )
    except subprocess.TimeoutExpired as error:
        raise NoPicture("no_picture_large") from error
    finally:
        _room.release()
    if done.returncode != 0:  # killed by its own limits: it is too much for anybody
        raise NoPicture(WORDS.get(done.returncode, "no_picture_large"))
    return done.stdout
