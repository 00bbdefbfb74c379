"""Orders: what a person or a test may do to an emulated camera, a line of words each; and what may be put before it."""

from __future__ import annotations

import io
import struct
import threading
import time
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from drivers.errors import DeviceError
from drivers.scanner.emulator.camera import SHOWN_NAME, CameraEmulator, newest_picture
from drivers.scanner.emulator.phone import as_png, phone_with
from drivers.scanner.emulator.pictures import HEIGHT, WIDTH, drawn_card, lay

if TYPE_CHECKING:
    from PIL import Image

PIXELS_MAX: Final = 40_000_000  # of a picture that somebody sends: a good telephone's, 120 MB unpacked
AWAY_S: Final = 1.2  # a hand takes one card away before it brings another; faster, hosts take it for the same one still
KEPT_SIDE_MAX: Final = 2 * max(WIDTH, HEIGHT)  # more is not seen: the frame is half of that


class CameraOrders:
    """One order at a time, from whichever thread it comes."""

    def __init__(self, emulator: CameraEmulator) -> None:
        self._emulator = emulator
        self._one_at_a_time = threading.Lock()
        self._taken_away_at_s = float("-inf")
        self._orders: dict[str, Callable[[], None]] = {
            "!unplug": emulator.unplug,
            "!plug": emulator.plug,
            "!hang": emulator.hang,
            "!recover": emulator.recover,
            "!tear": emulator.tear,
            "!cut": emulator.cut,
            "!empty": self._take_away,
        }

    def obey(self, line: str) -> str:
        """Do what the line says; "" or one line of what is wrong with it."""
        typed = line.strip()
        order, _, rest = typed.partition(" ")
        with self._one_at_a_time:
            try:
                if order in ("!show", "!phone"):
                    symbology, _, text = rest.partition(" ")
                    self._lay(_card(text, symbology) if order == "!show" else phone_with(text, symbology))
                elif typed in self._orders:
                    self._orders[typed]()
                elif typed:
                    return f"unknown order {typed!r}; there are !show, !phone, {', '.join(self._orders)}"
            except DeviceError as error:
                return f"pos-agent: {error}"
        return ""

    def state(self) -> dict[str, Any]:
        """As JSON; `version` is another when something else lies before it."""
        newest, faults = newest_picture(self._emulator.folder), self._emulator.faults
        return {
            "url": self._emulator.url,
            "unplugged": not self._emulator.plugged,
            "hung": faults.hung.is_set(),
            "torn": faults.torn.is_set(),
            "cut": faults.cut.is_set(),
            "shows": newest is not None,
            "version": "" if newest is None else f"{newest[1]}.{newest[2]}",
        }

    def seen(self) -> bytes:
        """What lies before it now, as a JPEG."""
        return self._emulator.seen()

    def put(self, picture: bytes) -> str:
        """Put somebody's picture before it, in the place of the card; "" or one line of what is wrong with it."""
        try:
            drawn = _as_png(picture)
        except UnfitPicture as unfit:
            return str(unfit)
        with self._one_at_a_time:
            self._lay(drawn)
        return ""

    def _take_away(self) -> None:
        if (self._emulator.folder / SHOWN_NAME).exists():
            self._taken_away_at_s = time.monotonic()
        self._emulator.empty()

    def _lay(self, picture: bytes) -> None:
        """Take away what lies there, and wait until the counter has been seen empty."""
        self._take_away()
        time.sleep(max(0.0, self._taken_away_at_s + AWAY_S - time.monotonic()))
        lay(picture, self._emulator.folder / SHOWN_NAME)


class UnfitPicture(ValueError):
    """It cannot be put before a camera; the message says why."""


def _card(text: str, symbology: str) -> bytes:
    """Raises DeviceError."""
    return as_png(drawn_card(text, symbology))


def _as_png(picture: bytes) -> bytes:
    """The picture anew, so that nothing but a picture comes to lie in the folder."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the bound is our own
        try:
            with Image.open(io.BytesIO(picture)) as image:
                whole = _unpacked(image)
        except (OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError) as error:
            if isinstance(error, UnfitPicture):
                raise
            raise UnfitPicture("that is no picture, or a broken one; PNG, JPEG and WebP are read") from error
    whole.thumbnail((KEPT_SIDE_MAX, KEPT_SIDE_MAX))
    drawn = io.BytesIO()
    whole.save(drawn, "PNG", compress_level=1)
    return drawn.getvalue()


def _unpacked(image: Image.Image) -> Image.Image:
    if image.width * image.height > PIXELS_MAX:
        raise UnfitPicture(f"the picture has more than {PIXELS_MAX:,} pixels; send a smaller one")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")
