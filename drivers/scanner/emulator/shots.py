"""A shot: how a camera sees something flat: turned, tilted, blurred, lit unevenly, glared at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drivers.scanner.emulator.pictures import HEIGHT, WIDTH

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from drivers.scanner.emulator.pictures import Picture

    Chance = np.random.Generator
    Levels = NDArray[np.float32]

FOCAL_DOTS = 1100.0  # a lens of some 60°, as webcams have
OUT_OF_SIGHT = 0.4  # a label may not begin nearer to the frame's edge than so much of its size


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """How a label is seen."""

    x: float  # where its middle is, in dots of the frame
    y: float
    scale: float  # dots of the frame per dot of the label
    turn: float  # degrees in the plane
    tilt: float  # degrees away from the camera, about the label's own axes
    lean: float
    defocus: float  # dots, sigma
    motion: float  # dots
    motion_turn: float  # degrees
    black: float  # levels of ink and paper: their distance is the contrast
    white: float
    shade: float  # how much darker the far side of the frame is, 0 to 1
    shade_turn: float
    glare: float  # levels added where a lamp is mirrored
    noise: float  # levels, sigma
    quality: int  # of the JPEG


def any_shot(chance: Chance, scale: float, size: tuple[int, int]) -> Shot:
    """Each fault by itself: most are slight, a few are bad. `size` is the width and height of what is shown."""
    reach = max(size) * scale * OUT_OF_SIGHT  # whichever way it is turned
    reach_x, reach_y = min(0.45 * WIDTH, reach), min(0.45 * HEIGHT, reach)
    turn = chance.normal(0, 12) + 90 * chance.choice(4, p=[0.55, 0.15, 0.15, 0.15])
    black, white = chance.uniform(15, 70), chance.uniform(120, 235)
    return Shot(
        x=chance.uniform(reach_x, WIDTH - reach_x),
        y=chance.uniform(reach_y, HEIGHT - reach_y),
        scale=scale,
        turn=turn,
        tilt=chance.normal(0, 12),
        lean=chance.normal(0, 12),
        defocus=0.3 + chance.exponential(0.55),
        motion=chance.exponential(1.6),
        motion_turn=chance.uniform(0, 180),
        black=black,
        white=max(white, black + 40),
        shade=chance.uniform(0, 0.6),
        shade_turn=chance.uniform(0, 360),
        glare=chance.uniform(40, 200) if chance.random() < 0.25 else 0.0,
        noise=1 + chance.exponential(3),
        quality=int(chance.integers(45, 93)),
    )


def laid(surface: Picture | Levels, drawn: Picture, shot: Shot) -> Levels:
    """The label laid on the surface as the lens sees it, in ink and paper of the shot's levels."""
    import cv2
    import numpy as np

    way = _projection(drawn.shape[1], drawn.shape[0], shot)
    soft = cv2.GaussianBlur(drawn, (0, 0), max(0.3, 0.4 / shot.scale))  # a sensor's dot sees all that falls on it
    size = (WIDTH, HEIGHT)
    ink = np.asarray(cv2.warpPerspective(soft, way, size, flags=cv2.INTER_LINEAR), dtype=np.float32)
    cover = np.asarray(cv2.warpPerspective(np.full_like(drawn, 255), way, size), dtype=np.float32) / 255
    tone = shot.black + ink * ((shot.white - shot.black) / 255)
    return np.asarray(surface * (1 - cover) + tone * cover, dtype=np.float32)


def exposed(scene: Levels, shot: Shot, chance: Chance) -> Picture:
    """The scene through this light, lens, sensor and JPEG."""
    import cv2
    import numpy as np

    done, packed = cv2.imencode(".jpg", taken(scene, shot, chance), [cv2.IMWRITE_JPEG_QUALITY, shot.quality])
    assert done
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def taken(scene: Levels, shot: Shot, chance: Chance) -> Picture:
    """The same before it is compressed."""
    import cv2
    import numpy as np

    seen = scene * _light(shot) + _glare(shot, chance)
    seen = np.asarray(cv2.GaussianBlur(seen, (0, 0), shot.defocus), dtype=np.float32)
    if shot.motion >= 1:
        seen = np.asarray(cv2.filter2D(seen, -1, _smear(shot)), dtype=np.float32)
    seen = seen + chance.normal(0, shot.noise, seen.shape).astype(np.float32)
    levels: Picture = np.clip(seen, 0, 255).astype(np.uint8)
    return levels


def _projection(width: int, height: int, shot: Shot) -> NDArray[np.float64]:
    import cv2
    import numpy as np

    corners = np.array(
        [(-width / 2, -height / 2), (width / 2, -height / 2), (width / 2, height / 2), (-width / 2, height / 2)]
    )
    tilt, lean, turn = (math.radians(angle) for angle in (shot.tilt, shot.lean, shot.turn))
    seen = []
    for x, y in corners * shot.scale:
        x, y, depth = x * math.cos(lean), y * math.cos(tilt), FOCAL_DOTS + x * math.sin(lean) + y * math.sin(tilt)
        x, y = x * FOCAL_DOTS / depth, y * FOCAL_DOTS / depth
        seen.append(
            (shot.x + x * math.cos(turn) - y * math.sin(turn), shot.y + x * math.sin(turn) + y * math.cos(turn))
        )
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(flat, np.array(seen, np.float32)), dtype=np.float64)


def _light(shot: Shot) -> Levels:
    import numpy as np

    turn = math.radians(shot.shade_turn)
    along = np.linspace(-0.5, 0.5, WIDTH)[None, :] * math.cos(turn) + np.linspace(-0.5, 0.5, HEIGHT)[
        :, None
    ] * math.sin(turn)
    return np.asarray(1 - shot.shade * (along + 0.5), dtype=np.float32)


def _glare(shot: Shot, chance: Chance) -> Levels | float:
    import numpy as np

    if not shot.glare:
        return 0.0
    x, y = shot.x + chance.normal(0, 80), shot.y + chance.normal(0, 60)
    wide, high = chance.uniform(20, 160, 2)
    across = ((np.arange(WIDTH) - x) / wide)[None, :] ** 2
    down = ((np.arange(HEIGHT) - y) / high)[:, None] ** 2
    return np.asarray(shot.glare * np.exp(-(across + down)), dtype=np.float32)


def _smear(shot: Shot) -> Levels:
    import cv2
    import numpy as np

    side = 2 * math.ceil(shot.motion / 2) + 3
    line = np.zeros((side * 8, side * 8), np.float32)
    turn, middle, half = math.radians(shot.motion_turn), side * 4, shot.motion * 4
    across, down = half * math.cos(turn), half * math.sin(turn)
    ends = [(round(middle - across), round(middle - down)), (round(middle + across), round(middle + down))]
    cv2.line(line, ends[0], ends[1], 1.0, 8)
    small = np.asarray(cv2.resize(line, (side, side), interpolation=cv2.INTER_AREA), dtype=np.float32)
    return np.asarray(small / small.sum(), dtype=np.float32)
