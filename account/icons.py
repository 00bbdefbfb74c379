"""The account's picture on a phone's screen: the programme's colour, and a receipt."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Final

from account.look import readable
from sync.account.programme import Face

SIZES: Final = (192, 512)  # pixels that phones ask for
MASK: Final = 0.8  # of a side: so much is left when a phone cuts a circle out of it
PAPER: Final = ((9, 6), (23, 6), (23, 26), (19.5, 23.5), (16, 26), (12.5, 23.5), (9, 26))  # of 32 × 32
LINES: Final = (((12.5, 11), (19.5, 11)), ((12.5, 15), (19.5, 15)), ((12.5, 19), (16.5, 19)))
SMOOTH: Final = 4  # times as large it is drawn


def as_svg(face: Face) -> str:
    points = " ".join(f"{x},{y}" for x, y in PAPER)
    lines = "".join(f"M{x} {y}H{to}" for (x, y), (to, _) in LINES)
    ink = readable(face.ink, face.colour)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="7" fill="{face.colour}"/><polygon points="{points}" fill="{ink}"/>'
        f'<path d="{lines}" stroke="{face.colour}" stroke-width="2" stroke-linecap="round"/></svg>'
    )


@lru_cache(maxsize=8)
def as_png(face: Face, side: int) -> bytes:
    """Of so many pixels, to its edges: a phone cuts the shape out that it likes."""
    from PIL import Image, ImageDraw

    whole = side * SMOOTH
    scale = whole / 32 * MASK
    left = whole * (1 - MASK) / 2
    picture = Image.new("RGB", (whole, whole), face.colour)
    draw = ImageDraw.Draw(picture)
    draw.polygon([(left + x * scale, left + y * scale) for x, y in PAPER], fill=readable(face.ink, face.colour))
    for (x, y), (to, _) in LINES:
        ends = [(left + x * scale, left + y * scale), (left + to * scale, left + y * scale)]
        draw.line(ends, fill=face.colour, width=round(2 * scale))
    out = BytesIO()
    picture.resize((side, side), Image.Resampling.LANCZOS).quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()
