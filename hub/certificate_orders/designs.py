"""How a bought certificate looks: a picture above, what it is below. The pictures that ship are drawn; the buyer's own
is cut to the same size, and drawn anew once more: nothing of a file that somebody has sent leaves the house."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from io import BytesIO
from typing import Final

from hub.coupons.drawing import Box, Disc, Drawing, Mark, Picture
from hub.coupons.faces import CERTIFICATE, ShownCertificate, certificate
from hub.coupons.moved import moved_down
from hub.people.orders import NotDone
from loyalty.jpegs import check_jpeg
from loyalty.programme import Language, Programme

WIDTH: Final = CERTIFICATE[0]
HEIGHT: Final = 56.0
PIXELS: Final = (1_480, 560)  # ten a millimetre
QUALITY: Final = 88

RED, DEEP_RED, CREAM = "#c8202f", "#8f1420", "#fff4e2"
NIGHT, HILL, SNOW = "#17335c", "#dfe9f5", "#ffffff"
CONFETTI: Final = ("#e4572e", "#f2b134", "#3a8f5c", "#2f6fb5", "#a23e8c")


def _spot(number: int) -> tuple[float, float]:
    """Spread evenly, and in no rows."""
    return number * 0.7549 % 1 * WIDTH, number * 0.5698 % 1 * HEIGHT


def _ribbon() -> tuple[Mark, ...]:
    """A parcel's: across, down, and a bow where they meet."""
    x, y = WIDTH * 0.68, HEIGHT * 0.5
    loops = (Disc(x - 11, y - 8, 8.5, RED), Disc(x + 11, y - 8, 8.5, RED))
    holes = (Disc(x - 11, y - 8, 4, CREAM), Disc(x + 11, y - 8, 4, CREAM))
    bands = (Box(0, y - 5, WIDTH, 10, RED), Box(x - 5, 0, 10, HEIGHT, RED))
    return (Box(0, 0, WIDTH, HEIGHT, CREAM), *bands, *loops, *holes, Disc(x, y, 6.5, DEEP_RED))


def _party() -> tuple[Mark, ...]:
    """Confetti, always the same."""
    discs = (Disc(*_spot(number), 1.2 + number % 4 * 0.7, CONFETTI[number % 5]) for number in range(90))
    return (Box(0, 0, WIDTH, HEIGHT, CREAM), *discs)


def _winter() -> tuple[Mark, ...]:
    flakes = (Disc(*_spot(number), 0.5 + number % 3 * 0.4, SNOW) for number in range(70))
    hills = (Disc(WIDTH * 0.25, HEIGHT + 62, 78, HILL), Disc(WIDTH * 0.8, HEIGHT + 44, 58, SNOW))
    return (Box(0, 0, WIDTH, HEIGHT, NIGHT), Disc(WIDTH * 0.86, 13, 7, CREAM), *flakes, *hills)


def _plain(programme: Programme) -> tuple[Mark, ...]:
    """In the programme's colours."""
    face = programme.cards.face
    stripes = (Box(0, HEIGHT - 10 - 4 * number, WIDTH, 1.2, face.ink) for number in range(3))
    return (Box(0, 0, WIDTH, HEIGHT, face.colour), *stripes)


DRAWN: Final[Mapping[str, tuple[Mark, ...]]] = {"ribbon": _ribbon(), "party": _party(), "winter": _winter()}


def picture_of(programme: Programme, design: str, jpeg: bytes = b"") -> Drawing:
    """The upper part alone. `jpeg`: the buyer's own; without it, or with a design that is none, it is plain."""
    own = (Picture(0, 0, WIDTH, HEIGHT, jpeg),) if jpeg else None
    return Drawing(WIDTH, HEIGHT, own or DRAWN.get(design) or _plain(programme))


def drawn(shown: ShownCertificate, programme: Programme, language: Language, design: str, jpeg: bytes = b"") -> Drawing:
    below = moved_down(certificate(shown, programme, language), HEIGHT)
    above = picture_of(programme, design, jpeg)
    return Drawing(WIDTH, below.height, (*above.marks, *below.marks))


def checked_picture(text: str) -> str:
    """A JPEG as base64, cut and drawn anew. Raises NotDone."""
    from PIL import Image, ImageOps

    try:
        data = base64.b64decode(text, validate=True)
        check_jpeg(data)
        with Image.open(BytesIO(data), formats=["JPEG"]) as came:
            cut = ImageOps.fit(came.convert("RGB"), PIXELS)
    except (ValueError, OSError, SyntaxError) as error:
        raise NotDone("That is no picture.", code="certificate_picture") from error
    written = BytesIO()
    cut.save(written, "JPEG", quality=QUALITY)
    return base64.b64encode(written.getvalue()).decode()
