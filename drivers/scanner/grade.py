"""A grade: does what was read look like the bars it was read from? The expected bars are drawn and compared.

A valid check digit isn't enough: one misreading in ten has it, and blurred bars give misreadings by the dozen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from drivers.scanner.capture import opencv
from drivers.scanner.symbology import DIGIT_MODULES, code39_plain, modules_of, places_of

if TYPE_CHECKING:
    from drivers.scanner.picture import Picture

MODULE_DOTS = 4  # a module of the drawing
BLURS = (0.5, 1.5, 2.5, 3.5)  # dots of the drawing, sigma: a lens's, a motion's
ALIKE_MIN = 0.80  # of the whole drawing
DIGIT_ALIKE_MIN = 0.55
BEATEN_MOST = 0.02  # another digit may look so much more alike, by noise, and no more
STRETCHES = (0.92, 0.94, 0.96, 0.98, 1.0, 1.02, 1.04, 1.06)  # an engine tells the code's ends roughly
SEARCH_SHARE = 0.06  # of the code's length, to either side
AFAR_ALIKE_MIN = 0.60
PART_ALIKE_MIN = 0.65
QUIET_DOTS = 5 * MODULE_DOTS
WRITERS = {"code128": "Code128", "code39": "Code39Std", "itf": "ITF"}
PROPORTIONED = frozenset({"code39", "itf"})  # a wide bar is two to three narrow ones
WIDE_DOTS = (2 * MODULE_DOTS, 5 * MODULE_DOTS // 2, 3 * MODULE_DOTS)
BANDS = 4  # of rows
BANDS_AGREE_MIN = 3
BAND_ALIKE_MIN = 0.6
NEIGHBOUR_DOTS = MODULE_DOTS  # of what stands beside a digit and flows into it
SHIFTS = (-1, 0, 1)  # dots
PART_DOTS = 18 * MODULE_DOTS
PART_SHIFT_MOST = 6


@dataclass(frozen=True, slots=True)
class Likeness:
    """How far an EAN's digits, drawn, are what is on the strip."""

    afar: bool  # as a whole
    each: bool  # in every digit and in most of the rows, too


def ean_likeness(rows: Picture, digits: str, ends: tuple[float, float]) -> Likeness:
    """Between these two dots of the strip's length."""
    light = _light(modules_of(digits))
    way, at = _laid(rows, light, ends)
    measured = _levels(_profile(way), at)
    alike, blur = _alike_best(measured, light)
    each = alike >= ALIKE_MIN and _each_digit(measured, digits, blur) and _bands_agree(way, _lens(light, blur), at)
    return Likeness(afar=alike >= AFAR_ALIKE_MIN, each=each)


def looks_alike(rows: Picture, text: str, symbology: str, ends: tuple[float, float]) -> bool:
    """Whether the text, written as this linear symbology, is what is on the strip, whole and in every part.

    Less than `ean_likeness`: what else could stand in a place isn't tried.
    """
    return any(_all_alike(rows, light, ends) for light in _written(text, symbology))


def _all_alike(rows: Picture, light: str, ends: tuple[float, float]) -> bool:
    way, at = _laid(rows, light, ends)
    per_dot = at[1] - at[0]
    quiet = (
        [at[0] + per_dot * dot for dot in range(-QUIET_DOTS, 0)],
        [at[-1] + per_dot * dot for dot in range(1, 1 + QUIET_DOTS)],
    )
    if quiet[0][0] < 0 or quiet[1][-1] > rows.shape[1]:
        return False  # the strip ends where its paper should be: who knows what bars go on there
    measured = _levels(_profile(way), [*quiet[0], *at, *quiet[1]])  # half of a code would match as far as it goes
    light = "1" * QUIET_DOTS + light + "1" * QUIET_DOTS
    alike, blur = _alike_best(measured, light)
    drawn = _lens(light, blur)
    parts = range(0, drawn.size - PART_DOTS + 1, PART_DOTS // 2)
    return alike >= ALIKE_MIN and all(
        _alike(measured[begin : begin + PART_DOTS], drawn[begin : begin + PART_DOTS]) >= PART_ALIKE_MIN
        for begin in (*parts, drawn.size - PART_DOTS)
    )


def _laid(rows: Picture, light: str, ends: tuple[float, float]) -> tuple[Picture, Any]:
    """The rows the right way round, and where on them each dot of the drawing lies: a card may be upside down."""
    width = rows.shape[1]
    alike, at = _rough(_profile(rows), light, ends)
    if alike < ALIKE_MIN:
        turned = rows[:, ::-1]
        alike_turned, at_turned = _rough(_profile(turned), light, (width - ends[1], width - ends[0]))
        if alike_turned > alike:
            rows, at = turned, at_turned
    return rows, _bent(_profile(rows), light, at)


def _alike_best(measured: Any, light: str) -> tuple[float, float]:
    """How alike, and with which blur."""
    return max((_alike(measured, _lens(light, blur)), blur) for blur in BLURS)


@lru_cache(maxsize=16)
def _written(text: str, symbology: str) -> tuple[str, ...]:
    """The text as light, in every proportion that its symbology allows."""
    import numpy as np
    import zxingcpp

    if symbology not in WRITERS:
        return ()
    try:
        drawn = code39_plain(text) if symbology == "code39" else text
        barcode = zxingcpp.create_barcode(drawn, getattr(zxingcpp.BarcodeFormat, WRITERS[symbology]))
    except (ValueError, RuntimeError):
        return ()
    row = np.array(zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False))[0] > 0
    if symbology not in PROPORTIONED:
        return (_light("".join("0" if light else "1" for light in row)),)
    runs = [(light, len(list(same)) > 1) for light, same in groupby(row.tolist())]
    return tuple(
        "".join("01"[light] * (wide if is_wide else MODULE_DOTS) for light, is_wide in runs) for wide in WIDE_DOTS
    )


def _light(modules: str) -> str:
    """Modules, of which 1 is black, as dots, of which 1 is light."""
    return "".join(("1" if module == "0" else "0") * MODULE_DOTS for module in modules)


def _rough(profile: Any, light: str, ends: tuple[float, float]) -> tuple[float, Any]:
    """How alike the drawing is at best near these ends, and where on the profile each of its dots then lies."""
    import numpy as np

    cv2 = opencv()
    drawn = _lens(light, BLURS[1])
    length, middle = ends[1] - ends[0], (ends[0] + ends[1]) / 2
    best, at = -1.0, np.arange(drawn.size)
    for stretch in STRETCHES:
        per_dot = length * stretch / drawn.size
        reach = length * SEARCH_SHARE
        first = middle - length * stretch / 2 - reach
        window = _levels(profile, first + (np.arange(drawn.size + round(2 * reach / per_dot)) + 0.5) * per_dot - 0.5)
        scores = cv2.matchTemplate(window[None, :], drawn[None, :], cv2.TM_CCOEFF_NORMED)[0]
        place = int(np.argmax(scores))
        if scores[place] > best:
            best = float(scores[place])
            at = first + (place + np.arange(drawn.size) + 0.5) * per_dot - 0.5
    return best, at


def _bent(profile: Any, light: str, at: Any) -> Any:
    """The same, set right part by part: perspective and a bent card move the middle against the ends."""
    import numpy as np

    cv2 = opencv()
    drawn = _lens(light, BLURS[1])
    per_dot = float(at[1] - at[0])
    middles, shifts, weights = [], [], []
    for begin in range(0, drawn.size - PART_DOTS + 1, PART_DOTS // 2):
        part = np.arange(begin - PART_SHIFT_MOST, begin + PART_DOTS + PART_SHIFT_MOST)
        window = _levels(profile, at[0] + part * per_dot)
        scores = cv2.matchTemplate(window[None, :], drawn[None, begin : begin + PART_DOTS], cv2.TM_CCOEFF_NORMED)[0]
        shifts.append(int(np.argmax(scores)) - PART_SHIFT_MOST)
        middles.append(begin + PART_DOTS / 2)
        weights.append(max(0.05, float(scores.max())) ** 4)  # a part under a glare fits anywhere
    bend = np.polyfit(middles, shifts, 2, w=weights)
    return at + np.polyval(bend, np.arange(drawn.size)) * per_dot


def _each_digit(measured: Any, digits: str, blur: float) -> bool:
    """Whether in each digit's place the one that was read looks best of all that could stand there."""
    modules = modules_of(digits)
    drawn = _lens(_light(modules), blur)
    for place, others in places_of(len(modules)):
        read = others.index(modules[place : place + DIGIT_MODULES])
        alike = _alike_each(measured, drawn, place, _shapes(others, blur), read)
        if alike[read] < DIGIT_ALIKE_MIN or alike.max() > alike[read] + BEATEN_MOST:
            return False
    return True


def _alike_each(measured: Any, drawn: Any, place: int, shapes: Any, read: int) -> Any:
    """How alike each of the shapes is to what stands in this place, were it drawn there instead."""
    import numpy as np

    begin = place * MODULE_DOTS - NEIGHBOUR_DOTS
    end = begin + shapes.shape[1]
    could = _unit(drawn[begin:end] - shapes[read] + shapes)
    seen = _unit(np.stack([measured[begin + shift : end + shift] for shift in SHIFTS]))
    return (could @ seen.T).max(axis=1)


@lru_cache(maxsize=16)
def _shapes(others: tuple[str, ...], blur: float) -> Any:
    """What each of these adds to the light in its place and beside it: blurring is linear."""
    import numpy as np

    light = np.array([[1.0 - int(module) for module in other] for other in others], np.float32)
    dots = np.pad(np.repeat(light, MODULE_DOTS, axis=1), ((0, 0), (NEIGHBOUR_DOTS, NEIGHBOUR_DOTS)))
    return np.vstack([opencv().GaussianBlur(row[None, :], (0, 0), blur, borderType=0) for row in dots])


def _unit(rows: Any) -> Any:
    import numpy as np

    rows = rows - rows.mean(axis=1, keepdims=True)
    return rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-6)


def _bands_agree(rows: Picture, drawn: Any, at: Any) -> bool:
    import numpy as np

    alike = [_alike(_levels(_profile(band), at), drawn) for band in np.array_split(rows, BANDS)]
    return sum(each >= BAND_ALIKE_MIN for each in alike) >= BANDS_AGREE_MIN


def _profile(rows: Picture) -> Any:
    import numpy as np

    return rows.mean(axis=0, dtype=np.float32)


@lru_cache(maxsize=64)
def _lens(light: str, blur: float) -> Any:
    """A drawing as a lens of this blur shows it, paper at both ends."""
    import numpy as np

    dots = np.pad(np.array([float(dot) for dot in light], np.float32), 2 * MODULE_DOTS, constant_values=1.0)[None, :]
    return np.asarray(opencv().GaussianBlur(dots, (0, 0), blur))[0, 2 * MODULE_DOTS : -2 * MODULE_DOTS]


def _levels(profile: Any, at: Any) -> Any:
    import numpy as np

    return np.interp(at, np.arange(profile.size), profile).astype(np.float32)


def _alike(one: Any, other: Any) -> float:
    """-1 to 1; whatever the light and the contrast."""
    import numpy as np

    one, other = one - one.mean(), other - other.mean()
    return float(np.dot(one, other) / (np.linalg.norm(one) * np.linalg.norm(other) + 1e-6))
