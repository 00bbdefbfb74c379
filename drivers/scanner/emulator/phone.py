"""A phone before the camera: its screen shows a picture, shines by itself, mirrors a lamp, and has a grid of its own
dots, which a camera's dots beat against.

The same seed draws the same phone. What is on the screen is whatever picture somebody gives.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from drivers.scanner.emulator.pictures import label_of

if TYPE_CHECKING:
    from drivers.scanner.emulator.pictures import Picture
    from drivers.scanner.emulator.shots import Chance, Levels

DOTS_A_MM = 8
PHONE_MM = (72, 150)
SCREEN_MM = (66, 138)
BEZEL_LEVEL = 22
BAR_MM = 7  # the hour and the battery stand there
GRID_DOTS = 3  # of the drawing a dot of the screen is wide
GRID_DEPTH = (0.02, 0.12)  # how much darker it is between two dots
SHINE = (0.7, 1.0)  # of what the screen can: many are dimmed
BLACK_LEVEL = (4, 22)  # a screen's black is none
MIRRORED = (0, 55)  # levels that a lamp adds along a stripe
FLICKER = (0.0, 0.08)  # share of the light by which rows differ while the shutter is open


def phone(shown: Picture, seed: int = 0) -> Picture:
    """Blue, green, red. `shown`: grey, or likewise; as wide as the screen, or turned where it is broader than high."""
    import cv2
    import numpy as np

    chance = np.random.default_rng(seed)
    width, height = (side * DOTS_A_MM for side in PHONE_MM)
    wide, high = (side * DOTS_A_MM for side in SCREEN_MM)
    screen: Picture = np.full((high, wide, 3), 255, np.uint8)
    screen[: BAR_MM * DOTS_A_MM] = 235
    cv2.putText(screen, "12:04", (2 * DOTS_A_MM, 5 * DOTS_A_MM), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (40, 40, 40), 3)
    picture = _fitting(shown, wide, high - 2 * BAR_MM * DOTS_A_MM)
    top, left = (high - picture.shape[0]) // 2, (wide - picture.shape[1]) // 2
    screen[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    seen = np.full((height, width, 3), BEZEL_LEVEL, np.float32)
    y, x = (height - high) // 2, (width - wide) // 2
    seen[y : y + high, x : x + wide] = _shining(screen.astype(np.float32), chance)
    drawn: Picture = np.clip(seen, 0, 255).astype(np.uint8)
    return drawn


def phone_with(text: str, symbology: str, seed: int = 0) -> bytes:
    """A phone that shows this code, as a PNG. Raises DeviceError for what cannot be drawn."""
    return as_png(phone(label_of(text, symbology), seed))


def as_png(picture: Picture) -> bytes:
    from PIL import Image

    drawn = io.BytesIO()
    Image.fromarray(picture[..., ::-1].copy()).save(drawn, "PNG", compress_level=1)
    return drawn.getvalue()


def _fitting(shown: Picture, wide: int, high: int) -> Picture:
    """As phones show a picture: filling the width or the height, smoothed; a broad one with the phone turned."""
    import cv2
    import numpy as np

    colours = np.repeat(shown[..., None], 3, axis=2) if shown.ndim == 2 else shown
    if colours.shape[1] > colours.shape[0]:
        colours = np.rot90(colours).copy()
    scale = min(wide / colours.shape[1], high / colours.shape[0])
    size = (max(1, int(colours.shape[1] * scale)), max(1, int(colours.shape[0] * scale)))
    fitted: Picture = np.asarray(
        cv2.resize(colours, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR), dtype=np.uint8
    )
    return fitted


def _shining(screen: Levels, chance: Chance) -> Levels:
    import numpy as np

    high, wide = screen.shape[:2]
    black = chance.uniform(*BLACK_LEVEL)
    light = black + screen * (chance.uniform(*SHINE) - black / 255)
    grid = np.ones((high, wide), np.float32)
    depth = chance.uniform(*GRID_DEPTH)
    grid[::GRID_DOTS] -= depth
    grid[:, ::GRID_DOTS] -= depth
    rows = 1 + chance.uniform(*FLICKER) * np.sin(np.arange(high) * chance.uniform(0.005, 0.03) + chance.uniform(0, 6))
    across = np.arange(wide)[None, :] + np.arange(high)[:, None] * chance.uniform(-0.6, 0.6)
    stripe = np.exp(-(((across - chance.uniform(0, wide)) / chance.uniform(40, 200)) ** 2))
    mirrored = chance.uniform(*MIRRORED) * stripe
    return np.asarray(light * (grid * rows[:, None])[..., None] + mirrored[..., None], dtype=np.float32)
