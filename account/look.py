"""The account in the programme's colours: one style sheet of the house's, the account's own, and what the programme's
card looks like. Whatever colour a card has, what is written can be read: 4.5:1 or more (WCAG 2.2, 1.4.3).
"""

from __future__ import annotations

import colorsys
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from sync.account.programme import Face
from web.static import SHARED_STATIC

SHEETS: Final = (SHARED_STATIC / "house.css", Path(__file__).with_name("static") / "account.css")
READABLE: Final = 4.6  # a little more than is asked for: colours are whole numbers
BLACK, WHITE = "#000000", "#ffffff"
LIGHT_GROUND, LIGHT_PAPER = "#f8f8f9", WHITE
DARK_GROUND, DARK_PAPER = "#111113", "#1c1c1f"
IN_THE_DARK: Final = 0.66  # of a colour's lightness
STEPS: Final = 64  # from a colour to black or white


class Look(NamedTuple):
    """`edition`: of the sheet's text; `ground`: of both themes, light and dark, for what the phone draws around."""

    sheet: str
    edition: str
    ground: tuple[str, str]


@lru_cache(maxsize=8)
def look_of(face: Face) -> Look:
    light, dark = light_colours(face.colour), dark_colours(face.colour)
    card = {"face": face.colour, "on-face": readable(face.ink, face.colour)}
    own = [
        f":root {{ {_said(light | card)} }}",
        f"@media (prefers-color-scheme: dark) {{ :root:not([data-theme=light]) {{ {_said(dark)} }} }}",
        f":root[data-theme=dark] {{ {_said(dark)} }}",
    ]
    house, account = (file.read_text(encoding="utf-8") for file in SHEETS)
    sheet = "\n".join((house, *own, account))
    return Look(sheet, hashlib.sha256(sheet.encode()).hexdigest()[:12], (light["ground"], dark["ground"]))


def light_colours(colour: str) -> dict[str, str]:
    ground = mixed(LIGHT_GROUND, colour, 0.03)
    soft = mixed(LIGHT_PAPER, colour, 0.12)
    brand = readable(colour, ground)
    return {
        "ground": ground,
        "paper": LIGHT_PAPER,
        "ink": mixed("#17171a", colour, 0.06),
        "quiet": readable(mixed("#55555c", colour, 0.06), ground),
        "line": mixed("#d4d4d8", colour, 0.08),
        "brand": brand,
        "on-brand": readable(WHITE, brand),
        "soft": soft,
        "on-soft": readable(mixed(colour, BLACK, 0.3), soft),
    }


def dark_colours(colour: str) -> dict[str, str]:
    paper = mixed(DARK_PAPER, colour, 0.06)
    soft = mixed(DARK_PAPER, colour, 0.3)
    brand = readable(lit(colour), paper)
    return {
        "ground": mixed(DARK_GROUND, colour, 0.04),
        "paper": paper,
        "ink": "#f2f2f4",
        "quiet": readable("#b6b6be", paper),
        "line": mixed("#46464d", colour, 0.08),
        "brand": brand,
        "on-brand": readable(BLACK, brand),
        "soft": soft,
        "on-soft": readable(mixed(colour, WHITE, 0.75), soft),
    }


def lit(colour: str) -> str:
    """As light as it has to be in the dark, and as colourful as it is."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in _channels(colour)))
    lighter = colorsys.hls_to_rgb(hue, max(lightness, IN_THE_DARK), saturation)
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in lighter)


def readable(ink: str, ground: str) -> str:
    """The ink, as much darker or lighter as it has to be to be read on this ground."""
    to = BLACK if contrast(BLACK, ground) >= contrast(WHITE, ground) else WHITE
    tried = (mixed(ink, to, step / STEPS) for step in range(STEPS + 1))
    return next((one for one in tried if contrast(one, ground) >= READABLE), to)


def contrast(one: str, other: str) -> float:
    """As WCAG counts it: from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(one: str, other: str, part: float) -> str:
    """`part` of the other."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _said(colours: dict[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())
