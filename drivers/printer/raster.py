"""Pictures, dot by dot: what a printer cannot draw by itself, in black and white and safe to send.

Pillow and its friends are loaded when the first picture is made, not before: most receipts have none.
"""

from __future__ import annotations

import io
import logging
import re
from functools import lru_cache
from typing import Any

from drivers.printer.document import LOGO_MAX_HEIGHT_DOTS, LOGO_MAX_WIDTH_DOTS, Barcode, Logo

WHITE, BLACK = 255, 0

# DLE and what would make a real-time command of it. A printer obeys those even inside of a picture: one of them
# opens the drawer, another one forgets the receipt.
REAL_TIME = re.compile(rb"\x10(?=[\x04\x05\x14])")
ONE_DOT_MORE = b"\x18"

log = logging.getLogger(__name__)


def qr_picture(data: str, size: int) -> Any:
    import qrcode  # type: ignore[import-untyped]

    code = qrcode.QRCode(border=0, box_size=size, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(data.encode("utf-8"))
    return code.make_image().get_image().convert("L")


@lru_cache(maxsize=64)
def bars(block: Barcode) -> str:
    """The modules from left to right, "1" dark. Digits of a Code 128 go in pairs, so it is often the narrower way."""
    import barcode

    modules: str = barcode.get(block.symbology, block.data).build()[0]
    return modules


def barcode_picture(block: Barcode, module_dots: int, height_dots: int) -> Any:
    from PIL import Image

    modules = bars(block)
    row = Image.frombytes("L", (len(modules), 1), bytes(BLACK if dark == "1" else WHITE for dark in modules))
    return row.resize((len(modules) * module_dots, height_dots), Image.Resampling.NEAREST)


def logo_picture(logo: Logo, width_dots: int) -> Any:
    """On white paper, in grey made of dots, no wider than the paper. ValueError if it is not a whole picture."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(logo.png), formats=("PNG",)) as opened:
            if opened.width > LOGO_MAX_WIDTH_DOTS or opened.height > LOGO_MAX_HEIGHT_DOTS:
                raise ValueError("it is larger than its header says")
            colours = opened.convert("RGBA")
    except Exception as error:  # Pillow lets through whatever its parsers of a broken file stumble over
        raise ValueError(f"the logo cannot be read: {error}") from None
    paper = Image.new("RGBA", colours.size, (WHITE, WHITE, WHITE, WHITE))
    grey = Image.alpha_composite(paper, colours).convert("L")
    if grey.width > width_dots:
        height = max(1, grey.height * width_dots // grey.width)
        grey = grey.resize((width_dots, height), Image.Resampling.LANCZOS)
    return grey.convert("1").convert("L")


def without_real_time(picture: Any) -> Any:
    """The same picture, with a dot more wherever its bytes would be obeyed."""
    from PIL import Image, ImageOps

    dark = ImageOps.invert(picture).convert("1", dither=Image.Dither.NONE)
    bits = REAL_TIME.sub(ONE_DOT_MORE, dark.tobytes())
    return ImageOps.invert(Image.frombytes("1", dark.size, bits).convert("L"))
