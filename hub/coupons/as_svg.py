"""A drawing as an SVG, for a page or a wallet. It asks for no file: where its letters' font is not, others take their
place, as wide."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from hub.coupons.drawing import BLACK, LETTER, WHITE, Box, Code, Disc, Drawing, Mark, Picture, Words
from web.qr import qr_path

FONT: Final = "'IBM Plex Mono', monospace"


def svg(drawing: Drawing) -> str:
    size = f'width="{_mm(drawing.width)}mm" height="{_mm(drawing.height)}mm"'
    box = f'viewBox="0 0 {_mm(drawing.width)} {_mm(drawing.height)}"'
    marks = "\n".join(line for mark in drawing.marks for line in _lines(mark))
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box}>\n{marks}\n</svg>\n'


def _lines(mark: Mark) -> Iterator[str]:
    match mark:
        case Box():
            yield _rect(mark.x, mark.y, mark.width, mark.height, mark.colour)
        case Words():
            weight = ' font-weight="bold"' if mark.bold else ""
            wide = f'textLength="{_mm(len(mark.text) * mark.size * LETTER)}" lengthAdjust="spacingAndGlyphs"'
            font = f'font-family="{FONT}" font-size="{_mm(mark.size)}"{weight} {wide} xml:space="preserve"'
            at = f'x="{_mm(mark.x)}" y="{_mm(mark.y)}" fill={quoteattr(mark.colour)}'
            yield f"<text {at} {font}>{escape(mark.text)}</text>"
        case Disc():
            at = f'cx="{_mm(mark.x)}" cy="{_mm(mark.y)}" r="{_mm(mark.radius)}"'
            yield f"<circle {at} fill={quoteattr(mark.colour)}/>"
        case Picture():
            at = f'x="{_mm(mark.x)}" y="{_mm(mark.y)}" width="{_mm(mark.width)}" height="{_mm(mark.height)}"'
            href = f"data:image/jpeg;base64,{b64encode(mark.jpeg).decode()}"
            yield f'<image {at} preserveAspectRatio="none" href="{href}"/>'
        case Code():
            yield _rect(mark.x, mark.y, mark.side, mark.side, WHITE)
            path, side = qr_path(mark.text)
            turned = f"translate({_mm(mark.x)} {_mm(mark.y)}) scale({mark.side / side:.6f})"
            yield f'<path transform="{turned}" fill="{BLACK}" shape-rendering="crispEdges" d="{path}"/>'


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    sides = f'x="{_mm(x)}" y="{_mm(y)}" width="{_mm(width)}" height="{_mm(height)}"'
    return f"<rect {sides} fill={quoteattr(colour)}/>"


def _mm(length: float) -> str:
    return f"{length:.3f}".rstrip("0").rstrip(".")
