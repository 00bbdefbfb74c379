"""A strip: the bars of one place, upright and enlarged, a few rows high."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from drivers.scanner.capture import opencv
from drivers.scanner.locate import Place

if TYPE_CHECKING:
    from drivers.scanner.picture import Picture

ROWS = 32
ROWS_SEEN = 0.8  # of the place's height: its ends are seldom bars
MARGIN = 0.12  # of the length, to either side: the quiet zone, and what the locator missed
LENGTH_DOTS = 560  # about: 95 modules of an EAN get 5 dots each
ENLARGED_MOST = 4.0
SHRUNK_LEAST = 0.5
EDGES_MIN = 24  # an EAN-8 has 44
EDGE_LEVELS = 0.18  # of the strip's contrast
ROWS_TALL_MOST = 160
SLANT_SEEN = 1.5
EVEN_DOTS = 61
EVEN_AROUND = 31  # of a picture, whose codes are not enlarged yet
CODED_CONTRAST_MIN = 40.0  # levels: ink on paper, in a light to sell by
CODED_ALIKE_MIN = 0.8
REPEATS_MOST = 0.33  # of its own likeness: codes that couldn't be read have 0.1 to 0.3, gratings 0.4 to 1
CONTRAST_MIN = 8.0  # levels; less is no ink
PROFILE_ROWS = 12
RESTORE_STEPS = 12  # more bring little, and noise
RESTORE_STEP = 1.8  # of what the belief still misses; from 2 on it would swing
SOOTHING = 0.6  # dots, sigma: finer differences are noise
BANDS = 4
BANDS_ALIKE_MIN = 0.5
SLANT_MOST = 12  # dots, of the strip, between its upper and its lower part


@dataclass(frozen=True)
class Strip:
    """Rows of bars, and where they are in the picture."""

    rows: Picture
    place: Place

    @cached_property
    def line(self) -> Any:
        """Its profile, evened."""
        return evened(self.rows)

    @property
    def ends(self) -> tuple[float, float]:
        """Where on the strip the place begins and ends."""
        width = self.rows.shape[1]
        return width * MARGIN / (1 + 2 * MARGIN), width * (1 + MARGIN) / (1 + 2 * MARGIN)


def strip_of(grey: Picture, place: Place) -> Strip | None:
    """The strip, or None when what is there is no bars."""
    rows = _cut(grey, place)
    slants, alike = _slants(rows)
    if alike < BANDS_ALIKE_MIN:
        return None
    if max(map(abs, slants)) >= SLANT_SEEN:
        rows = _cut(grey, place, slants)
    return Strip(rows, place) if edges(profile(rows)) >= EDGES_MIN else None


def looks_coded(strip: Strip) -> bool:
    """Whether the bars are a code's: words differ from row to row; a grating, a sleeve or a belt repeat themselves.

    It would rather miss one: a code of nearly only zeros repeats itself too.
    """
    import numpy as np

    begin, end = (round(each) for each in strip.ends)
    rows, low, high = strip.rows[:, begin:end], *np.percentile(strip.rows, (5, 95))
    return bool(
        high - low >= CODED_CONTRAST_MIN
        and _repeats(strip.line[0, begin:end]) <= REPEATS_MOST
        and _rows_alike(rows) >= CODED_ALIKE_MIN
    )


def _repeats(line: Any) -> float:
    """How alike the line is to itself, moved by more than a bar: 1 is a grating."""
    import numpy as np

    levels = line - line.mean()
    alike = np.correlate(levels, levels, "full")[levels.size - 1 :] / (float(levels @ levels) + 1e-6)
    once = int(np.argmax(alike < 0))
    return float(alike[once : levels.size // 2].max(initial=0.0))


def _rows_alike(rows: Picture) -> float:
    """How alike the least alike band of the rows is to all of them."""
    import numpy as np

    bands = np.stack([_even(band.mean(axis=0)) for band in (*np.array_split(rows, BANDS), rows)])
    return float(np.corrcoef(bands)[-1, :-1].min())


def evened(rows: Picture) -> Any:
    """The profile with the light's changes taken out: from the darkest to the lightest all along."""
    import numpy as np

    cv2 = opencv()
    line = profile(rows)[None, :].astype(np.float32)
    window = np.ones((1, EVEN_DOTS), np.uint8)
    high = cv2.blur(cv2.dilate(line, window), (EVEN_DOTS, 1))
    low = cv2.blur(cv2.erode(line, window), (EVEN_DOTS, 1))
    return np.clip((line - low) * (255 / np.maximum(high - low, CONTRAST_MIN)), 0, 255)


def evened_around(grey: Picture) -> Any:
    """A whole picture with the light's changes taken out, in both directions."""
    import numpy as np

    cv2 = opencv()
    levels = grey.astype(np.float32)
    soft, window, size = cv2.blur(levels, (5, 5)), np.ones((EVEN_AROUND, EVEN_AROUND), np.uint8), (EVEN_AROUND,) * 2
    low, high = cv2.blur(cv2.erode(soft, window), size), cv2.blur(cv2.dilate(soft, window), size)
    return np.clip((levels - low) * (255 / np.maximum(high - low, 2 * CONTRAST_MIN)), 0, 255)


def sharpened(line: Any, sigma: float, amount: float) -> Any:
    """What a blur of about `sigma` dots took away, given back `amount` times."""
    return line + amount * (line - opencv().GaussianBlur(line, (0, 0), sigma))


def restored(line: Any, sigma: float, steps: int = RESTORE_STEPS, soothe: float = SOOTHING) -> Any:
    """The ink and paper that, blurred by `sigma` dots, look like the line: bars that ran together come apart.

    A lens can only mix what is between ink and paper; so whatever leaves these bounds is cut off at each step, and
    the noise that sharpening alone would raise with the bars stays low.
    """
    import numpy as np

    cv2 = opencv()
    seen = np.ascontiguousarray(line, dtype=np.float32)
    believed = seen
    for _ in range(steps):
        missed = cv2.GaussianBlur(seen - cv2.GaussianBlur(believed, (0, 0), sigma), (0, 0), soothe)
        believed = np.clip(believed + RESTORE_STEP * missed, 0, 255)
    return believed


def as_rows(line: Any) -> Picture:
    """A profile as a picture that engines take."""
    import numpy as np

    levels = np.clip(line, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.repeat(levels, PROFILE_ROWS, axis=0))


def profile(rows: Picture) -> Any:
    """The mean of all rows: 1-D."""
    return rows.mean(axis=0)


def edges(levels: Any) -> int:
    """How many times the levels go up or down by a good part of their contrast."""
    import numpy as np

    contrast = float(np.percentile(levels, 95) - np.percentile(levels, 5))
    need, count, way = max(4.0, contrast * EDGE_LEVELS), 0, 0
    turns = _turning(levels)
    low = high = turns[0]
    for level in turns:
        low, high = min(low, level), max(high, level)
        if way <= 0 and level - low >= need:
            way, count, high = 1, count + 1, level
        elif way >= 0 and high - level >= need:
            way, count, low = -1, count + 1, level
        if way > 0:
            low = level
        elif way < 0:
            high = level
    return count


def _turning(levels: Any) -> list[float]:
    """The levels at which they turn, and both ends: what lies between goes one way."""
    import numpy as np

    steps = np.sign(np.diff(levels))
    turns = np.flatnonzero(steps[1:] != steps[:-1]) + 1
    found: list[float] = levels[np.concatenate(([0], turns, [levels.size - 1]))].tolist()
    return found


def _cut(grey: Picture, place: Place, slants: tuple[float, float] = (0.0, 0.0)) -> Picture:
    """`slants`: by how many dots of the strip the bars at its ends still lean, from its top to its bottom."""
    import numpy as np

    cv2 = opencv()
    length, height = place.length * (1 + 2 * MARGIN), place.height * ROWS_SEEN
    scale = min(ENLARGED_MOST, max(SHRUNK_LEAST, LENGTH_DOTS / length))
    width = round(length * scale)
    tall = max(ROWS, min(ROWS_TALL_MOST, round(height)))  # each row of the picture once, then averaged
    cos, sin = math.cos(place.turn), math.sin(place.turn)
    fan = place.fan * (1 + 2 * MARGIN) / 2
    corners = []
    for end, slant in ((-1, slants[0]), (1, slants[1])):
        lean = slant / scale / 2 - math.tan(end * fan) * height / 2
        for side in (-1, 1):
            u, v = end * length / 2 + side * lean, side * height / 2
            corners.append((place.x + u * cos - v * sin, place.y + u * sin + v * cos))
    flat = [(0, 0), (0, tall), (width, 0), (width, tall)]
    way = cv2.getPerspectiveTransform(np.array(flat, np.float32), np.array(corners, np.float32))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    upright = cv2.warpPerspective(grey, way, (width, tall), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    rows: Picture = cv2.resize(upright, (width, ROWS), interpolation=cv2.INTER_AREA)
    return rows


def _slants(rows: Picture) -> tuple[tuple[float, float], float]:
    """How the bars lean at both ends from top to bottom, and how alike the bands are once they are upright."""
    band, half = ROWS // BANDS, rows.shape[1] // 2
    top, bottom = (_even(part.mean(axis=0)) for part in (rows[:band], rows[-band:]))
    near, alike_near = _shift(top[:half], bottom[:half])
    far, alike_far = _shift(top[half:], bottom[half:])
    rise = BANDS / (BANDS - 1)  # the bands' middles are nearer to each other than the strip's edges
    outer = (far - near) / 2  # measured at the halves' middles, wanted at the ends
    return ((near - outer) * rise, (far + outer) * rise), (alike_near + alike_far) / 2


def _shift(top: Any, bottom: Any) -> tuple[int, float]:
    """By how many dots the lower band is moved against the upper, and how alike they then are: -1 to 1."""
    import numpy as np

    cv2 = opencv()
    scores = cv2.matchTemplate(bottom[None, :], top[None, SLANT_MOST:-SLANT_MOST], cv2.TM_CCOEFF_NORMED)[0]
    at = int(np.argmax(scores))
    return at - SLANT_MOST, float(scores[at])


def _even(levels: Any) -> Any:
    """Without the light's slow changes."""
    import numpy as np

    cv2 = opencv()
    line = levels.astype(np.float32)[None, :]
    return (line - cv2.blur(line, (EVEN_DOTS, 1)))[0]
