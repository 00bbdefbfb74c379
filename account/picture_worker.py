"""Draws one picture anew, in a process of its own: bytes in, JPEG out (pictures.py starts it).

Decoders have holes, and a small file may unpack into more than a machine has: so this process may take little memory
and time, opens no file to write, and knows nothing. It imports nothing of ours and is run by its path.
"""

from __future__ import annotations

import io
import sys
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError, WebPImagePlugin

KINDS: Final = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")  # by content; whatever it was called
MEMORY_BYTES: Final = 1_200_000_000  # of addresses: libraries take half of that before anything is opened
CPU_S: Final = 10
SIDE_MAX: Final = 2_000
BYTES_MAX: Final = 600_000
PIXELS_MAX: Final = 210_000_000  # as it says of itself: phones make such JPEGs, which are unpacked small
UNPACKED_MAX: Final = 52_000_000
TRIES: Final = ((SIDE_MAX, 82), (SIDE_MAX, 68), (1_600, 68), (1_200, 62), (800, 55))  # side, quality: the first to fit
EXITS: Final = {"broken": 11, "kind": 12, "large": 13}


class No(Exception):
    """`why`: one of EXITS."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def main() -> int:
    bound()
    try:
        drawn = redrawn(sys.stdin.buffer.read())
    except No as no:
        return EXITS[no.why]
    except MemoryError:
        return EXITS["large"]
    except Exception:  # a decoder has met what it does not know
        return EXITS["broken"]
    sys.stdout.buffer.write(drawn)
    sys.stdout.buffer.flush()
    return 0


def bound() -> None:
    try:
        import resource
    except ImportError:  # a system that has none: time is bounded by who has started us
        return
    limits = {resource.RLIMIT_AS: MEMORY_BYTES, resource.RLIMIT_CPU: CPU_S, resource.RLIMIT_FSIZE: 0}
    for name, most in {**limits, resource.RLIMIT_CORE: 0}.items():
        resource.setrlimit(name, (most, most))


def redrawn(data: bytes) -> bytes:
    """Raises No, and whatever a decoder does."""
    from pillow_heif import register_heif_opener  # here alone: nobody who asks has that decoder

    register_heif_opener(thumbnails=False)
    assert WebPImagePlugin.SUPPORTED, "named, so that Pillow need not load the plugins of all kinds"
    Image.MAX_IMAGE_PIXELS = None  # counted here
    try:
        picture: Image.Image = Image.open(io.BytesIO(data), formats=KINDS)
    except UnidentifiedImageError as error:
        raise No("kind" if not _looks_known(data) else "broken") from error
    _check_size(picture.size, PIXELS_MAX)
    picture.draft("RGB", (SIDE_MAX, SIDE_MAX))
    _check_size(picture.size, UNPACKED_MAX)
    picture.load()
    picture.thumbnail((SIDE_MAX, SIDE_MAX))
    return _written(_plain(_turned(picture)))


def _looks_known(data: bytes) -> bool:
    starts = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"RIFF")
    return data.startswith(starts) or data[4:8] == b"ftyp"


def _check_size(size: tuple[int, int], most: int) -> None:
    if size[0] * size[1] > most:
        raise No("large")


def _turned(picture: Image.Image) -> Image.Image:
    """As it was held; what it says of that may be broken, which costs nobody the picture."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:
        return picture


def _plain(picture: Image.Image) -> Image.Image:
    """Three colours of 8 bits, on white; nothing besides."""
    if picture.mode.startswith("I") or picture.mode == "F":  # 16 bits of grey
        picture = picture.convert("F").point(lambda level: level / 256).convert("L")
    if "A" in picture.getbands() or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        ground = Image.new("RGBA", seen.size, "white")
        picture = Image.alpha_composite(ground, seen)
    drawn = Image.new("RGB", picture.size)  # a new one: of the old one its colours alone
    drawn.paste(picture.convert("RGB"))
    return drawn


def _written(picture: Image.Image) -> bytes:
    """Opened anew before it goes. Raises No."""
    for side, quality in TRIES:
        small = picture.copy()
        small.thumbnail((side, side))
        out = io.BytesIO()
        small.save(out, "JPEG", quality=quality, optimize=True)
        if len(out.getvalue()) <= BYTES_MAX:
            again = Image.open(io.BytesIO(out.getvalue()), formats=("JPEG",))
            again.load()
            return out.getvalue()
    raise No("large")


if __name__ == "__main__":
    sys.exit(main())
