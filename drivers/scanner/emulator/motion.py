"""A card in a hand: how a flat picture is held before the camera from frame to frame, by seed.

The hand goes from one pose to the next; each pose is drawn at random, and between two everything changes evenly.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from drivers.scanner.emulator.pictures import HEIGHT, WIDTH
from drivers.scanner.emulator.shots import Shot, any_shot, laid, taken

if TYPE_CHECKING:
    from drivers.scanner.emulator.pictures import Picture

FRAMES_PER_POSE = 20
HELD_FRAMES = 8  # of them, still: a hand that shows a card stops
SHOWN_SHARE = (0.4, 0.8)  # of the frame's width or height
TURN_DEGREES_MAX = 25.0
DEFOCUS_MAX, NOISE_MAX = 1.0, 4.0
CONTRAST_LEAST = 90.0
BLUR_PER_MOTION = 0.4  # the shutter is open for so much of the way from frame to frame
MIXED = ("x", "y", "scale", "turn", "tilt", "lean", "defocus", "black", "white", "shade", "shade_turn", "noise")


def held(picture: Picture, counter: Picture, seed: int, number: int) -> Picture:
    """Frame `number` of the grey picture held over the grey counter."""
    import numpy as np

    shot = shot_at(seed, number, (picture.shape[1], picture.shape[0]))
    return taken(laid(counter, picture, shot), shot, np.random.default_rng((seed, number)))


def shot_at(seed: int, number: int, size: tuple[int, int]) -> Shot:
    """How a picture of this width and height is held in this frame."""
    pose, step = divmod(number, FRAMES_PER_POSE)
    here, there = _pose(seed, pose, size), _pose(seed, pose + 1, size)
    moving = FRAMES_PER_POSE - HELD_FRAMES
    share = max(0, step - HELD_FRAMES + 1) / moving
    mixed = {name: (1 - share) * getattr(here, name) + share * getattr(there, name) for name in MIXED}
    across, down = (there.x - here.x) / moving, (there.y - here.y) / moving
    motion = BLUR_PER_MOTION * math.hypot(across, down) if share else 0.0
    return replace(here, **mixed, motion=motion, motion_turn=math.degrees(math.atan2(down, across)))


def _pose(seed: int, number: int, size: tuple[int, int]) -> Shot:
    import numpy as np

    chance = np.random.default_rng((seed, 0, number))
    scale = chance.uniform(*SHOWN_SHARE) * min(WIDTH / size[0], HEIGHT / size[1])
    shot = any_shot(chance, scale, size)
    return replace(
        shot,
        turn=chance.uniform(-TURN_DEGREES_MAX, TURN_DEGREES_MAX),
        defocus=min(shot.defocus, DEFOCUS_MAX),
        noise=min(shot.noise, NOISE_MAX),
        white=max(shot.white, shot.black + CONTRAST_LEAST),
        glare=0.0,
    )
