"""Where in a picture codes may be: patches of dense edges, in one direction (bars) or in all (dots).

It works on a grey picture made small, by the structure tensor of its cells, and costs a fiftieth of a reading.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from drivers.scanner.capture import opencv

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from drivers.scanner.picture import Picture

    Cells = NDArray[np.float32]

LOCATE_DOTS = 640  # the small picture's longer side: bars of one dot of a 720p frame still leave their edges
SCALE_MOST = 0.5
CLOSE_UP = 0.4  # once more so small: bars of a card held close are too far apart for the first
CELL_DOTS = 4  # of the small picture
BLOCK_ROWS = 10 * CELL_DOTS  # worked on at once: what 640 dots of them need stays in the processor's own memory
SMOOTH_CELLS = 3
GRADIENT_MIN = 40.0  # of Sobel's: half of an edge of ten levels
USUAL_GRADIENT_MOST = 40.0  # of a belt or a cloth; where it is more, a card fills the picture
TEXTURE = 8.0  # an edge is as strong as so many times the usual gradient of the picture, squared
SAME_SHARE = 0.1
BARS_DENSE = (0.30, 0.20)  # share of the dots that are edges; the outline of a card has less
COHERENCE_MIN = 0.60  # 1: all edges run one way. Bars have 0.7 and more, words less than 0.4
ONE_WAY_MIN = 0.2  # of a whole place: less have words and the squares of a QR, and no direction is theirs
DOTS_DENSE = 0.45  # more than words have, or a code on a printed page would be one patch with it
CELLS_MIN = 6
PATCHES_MOST = 6  # are looked at nearer
BARS_MOST = 4
DOTS_MOST = 4
LENGTH_MIN_DOTS = 40  # of the full picture, across the bars
PIECES_TURNED_MOST = math.radians(8)
PIECES_BESIDE_MOST = 0.35  # of the height
GAP_MOST = 0.8  # of the shorter one's length
HEIGHT_MIN_DOTS = 8  # along the bars


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A rectangle in the picture, in its dots. `turn`: radians from the x axis to the way across the bars."""

    x: float
    y: float
    length: float  # across the bars
    height: float  # along them
    turn: float
    fan: float = 0.0  # radians by which the bars at the far end are turned against those at the near one
    one_way: float = 0.0  # how much of its edges run one way: words 0.1, a PDF417 0.2 to 0.6, bars 0.7 and more


def places(grey: Picture, *, close_up: bool = False) -> tuple[list[Place], list[Place]]:
    """The likeliest places of bars, and of dots; the best first. `close_up`: of codes that fill the picture."""
    if min(grey.shape) < LENGTH_MIN_DOTS:
        return [], []
    scale = min(SCALE_MOST, LOCATE_DOTS / max(grey.shape)) * (CLOSE_UP if close_up else 1)
    bars, dots = _places(_shrunk(grey, scale), CELL_DOTS / scale)
    return bars[:BARS_MOST], dots[:DOTS_MOST]


def _shrunk(grey: Picture, scale: float) -> Picture:
    cv2 = opencv()
    shrunk: Picture = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return shrunk


def _places(small: Picture, dots: float) -> tuple[list[Place], list[Place]]:
    energy, coherence, cos2, sin2 = _tensor(small)
    barred = coherence > COHERENCE_MIN
    found: list[Place] = []
    edges = (energy, cos2, sin2)
    for dense in BARS_DENSE:  # what runs together at one threshold falls apart at another
        found += _patches((energy > dense) & barred, energy * coherence, edges, dots)[:BARS_MOST]
    return _distinct(_joined(_distinct(found))), _patches(energy > DOTS_DENSE, energy * (1 - coherence), edges, dots)


def _distinct(found: list[Place]) -> list[Place]:
    kept: list[Place] = []
    for place in found:
        if not any(_same(place, other) for other in kept):
            kept.append(place)
    return kept


def _same(one: Place, other: Place) -> bool:
    apart = math.dist((one.x, one.y), (other.x, other.y)) + abs(one.length - other.length)
    return apart < SAME_SHARE * one.length


def _joined(found: list[Place]) -> list[Place]:
    """Pieces of one code, torn apart by a glare or a white space, put together; the pieces stay, behind the whole."""
    whole: list[Place] = []
    for place in found:
        for other in whole:
            if (both := _both(other, place)) is not None:
                whole[whole.index(other)] = both
                break
        else:
            whole.append(place)
    return whole + [place for place in found if place not in whole]


def _both(one: Place, other: Place) -> Place | None:
    """One rectangle around two that lie in a row, as one code's pieces do."""
    between = (one.turn - other.turn + math.pi / 2) % math.pi - math.pi / 2
    cos, sin = math.cos(one.turn), math.sin(one.turn)
    u = (other.x - one.x) * cos + (other.y - one.y) * sin
    v = (other.y - one.y) * cos - (other.x - one.x) * sin
    gap = abs(u) - (one.length + other.length) / 2
    if (
        abs(between) > PIECES_TURNED_MOST
        or abs(v) > PIECES_BESIDE_MOST * one.height
        or gap > GAP_MOST * min(one.length, other.length)
    ):
        return None
    low = min(-one.length / 2, u - other.length / 2)
    high = max(one.length / 2, u + other.length / 2)
    middle = (low + high) / 2
    return replace(one, x=one.x + middle * cos, y=one.y + middle * sin, length=high - low)


def _tensor(small: Picture) -> tuple[Cells, Cells, Cells, Cells]:
    """Per cell: how much of it is edges, how much of them of one direction, and which (of twice the angle)."""
    import numpy as np

    cv2 = opencv()
    across, down = cv2.spatialGradient(small)
    least = max(GRADIENT_MIN**2, TEXTURE * _usual_squared(across, down))
    blocks = range(0, max(CELL_DOTS, small.shape[0] // CELL_DOTS * CELL_DOTS), BLOCK_ROWS)
    ends = [*blocks[1:], small.shape[0]]
    cells = [_block(across[at:end], down[at:end], least) for at, end in zip(blocks, ends, strict=True)]
    energy, cos2, sin2 = cv2.split(cv2.blur(np.concatenate(cells), (SMOOTH_CELLS, SMOOTH_CELLS)))
    return energy, np.sqrt(cos2 * cos2 + sin2 * sin2) / (energy + 0.01), cos2, sin2


def _usual_squared(across: Any, down: Any) -> float:
    """The usual gradient of a picture, squared: of a belt or a cloth, if it lies on one."""
    import numpy as np

    few, of_those = (gradient[::8, ::8].astype(np.float32) for gradient in (across, down))
    return min(float(np.median(few * few + of_those * of_those)), USUAL_GRADIENT_MOST**2)


def _block(across: Any, down: Any, least: float) -> Any:
    """Some rows of cells: their energy, and its direction as cosine and sine of twice the angle."""
    import numpy as np

    cv2 = opencv()
    across, down = across.astype(np.float32), down.astype(np.float32)
    xx, yy = across * across, down * down
    energy = xx + yy
    sure = 1 / (energy + least)
    size = (max(1, across.shape[1] // CELL_DOTS), max(1, across.shape[0] // CELL_DOTS))
    each = (energy * sure, (xx - yy) * sure, across * (down * (2 * sure)))
    return cv2.merge([cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in each])


def _patches(mask: Any, weight: Any, edges: tuple[Cells, Cells, Cells], dots: float) -> list[Place]:
    import numpy as np

    cv2 = opencv()
    solid = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))  # no lone outlines
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
    found = []
    areas = boxes[1:count, cv2.CC_STAT_AREA]
    for number in np.argsort(-areas)[:PATCHES_MOST] + 1:
        left, top, width, height, area = boxes[number].tolist()
        if area < CELLS_MIN:
            break
        part = (slice(top, top + height), slice(left, left + width))
        ys, xs = np.nonzero(labels[part] == number)
        energy, cos2, sin2 = (each[part][ys, xs] for each in edges)
        place = _around(xs + left, ys + top, energy, (cos2, sin2), dots)
        if place.length >= LENGTH_MIN_DOTS and place.height >= HEIGHT_MIN_DOTS:
            found.append((float(weight[part][ys, xs].sum()), place))
    return [place for _, place in sorted(found, key=lambda pair: -pair[0])]


def _around(xs: Any, ys: Any, energy: Any, turns: tuple[Any, Any], dots: float) -> Place:
    """The rectangle that holds these cells, turned as their edges are where most of them run one way."""
    cos2, sin2 = float(turns[0].sum()), float(turns[1].sum())
    one_way = math.hypot(cos2, sin2) / (float(energy.sum()) + 1e-6)
    turn = 0.5 * math.atan2(sin2, cos2) if one_way >= ONE_WAY_MIN else 0.0
    cos, sin = math.cos(turn), math.sin(turn)
    along, across = (xs + 0.5) * cos + (ys + 0.5) * sin, (ys + 0.5) * cos - (xs + 0.5) * sin
    middle_u, middle_v = (along.min() + along.max()) / 2, (across.min() + across.max()) / 2
    length = float(along.max() - along.min() + 1)
    return Place(
        x=float(middle_u * cos - middle_v * sin) * dots,
        y=float(middle_u * sin + middle_v * cos) * dots,
        length=length * dots,
        height=float(across.max() - across.min() + 1) * dots,
        turn=turn,
        fan=_fan(along - middle_u, turns, turn) * length if one_way >= COHERENCE_MIN else 0.0,
        one_way=one_way,
    )


def _fan(along: Any, turns: tuple[Any, Any], turn: float) -> float:
    """How the edges' direction changes along the place, radians per cell: bars that lean away converge."""
    import numpy as np

    cos2, sin2 = turns
    cos, sin = math.cos(2 * turn), math.sin(2 * turn)
    strong = np.hypot(cos2, sin2)
    off = 0.5 * np.arctan2(sin2 * cos - cos2 * sin, cos2 * cos + sin2 * sin)
    middle = (strong * along).sum() / strong.sum()
    spread = (strong * (along - middle) ** 2).sum()
    return float((strong * off * (along - middle)).sum() / (spread + 1e-9))
