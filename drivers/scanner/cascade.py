"""The cascade: rungs in order of what they cost, climbed until a code is believed. One table for camera and stills."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import IntEnum
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypedDict

from drivers.scanner import locate
from drivers.scanner.capture import opencv
from drivers.scanner.engines import EVERY, LINEAR, QR, ZBAR, ZXING, Sighting, by_zbar, by_zxing
from drivers.scanner.grade import looks_alike, looks_like_ean, looks_right
from drivers.scanner.locate import LENGTH_MIN_DOTS, Place
from drivers.scanner.strip import ROWS, Strip, as_rows, evened, sharpened, strip_of
from drivers.scanner.symbology import DRAWN, MATRIX
from drivers.scanner.vote import PATCH, STRIP, WHOLE, Reading, Verdict, shown, verdicts

if TYPE_CHECKING:
    from drivers.scanner.picture import Picture

ROWS_MIN = 4  # a linear code that is the same in fewer rows of the picture is not strong
PATCH_MARGIN = 0.25  # of its side, to each side
PATCH_DOTS_MOST = 200_000  # a fifth of a 720p frame: a larger one is a page of text, or the whole-picture rungs' own
UPRIGHT_DOTS = 640  # a side: a PDF417 of a card, wherever in it the bars were found
PDF417 = frozenset({"pdf417"})
PATCH_ENLARGED_DOTS_MOST = 50_000  # a larger one shows its modules well enough
SMALL_DOTS = 1000  # a picture's longer side: up to it an enlarged copy may show more, from it on a smaller one


class Cost(IntEnum):
    """How far up the table one goes."""

    LIVE = 0  # every frame
    STILL = 1  # a picture that has no next one; a candidate that stays unread before the camera
    THOROUGH = 2  # no budget at all


class Scene:
    """A grey picture and what has been made of it so far."""

    def __init__(self, grey: Picture) -> None:
        self.grey = grey
        self.readings: list[Reading] = []

    @cached_property
    def places(self) -> tuple[list[Place], list[Place]]:
        return locate.places(self.grey)

    @cached_property
    def strips(self) -> list[Strip]:
        """Of all places of bars that are bars."""
        return [strip for place in self.places[0] if (strip := strip_of(self.grey, place)) is not None]

    @cached_property
    def patches(self) -> list[tuple[Picture, Place]]:
        """Of all places of dots, with what is around them."""
        around = [(_around(self.grey, place), place) for place in self.places[1]]
        return [patch for patch in around if patch[0].size <= PATCH_DOTS_MOST]

    @property
    def verdicts(self) -> list[Verdict]:
        return verdicts(self.readings)

    def unread(self) -> Iterator[Strip]:
        """Strips that no strong reading is from."""
        strong = {(reading.x, reading.y) for reading in self.readings if reading.strong}
        return (strip for strip in self.strips if (strip.place.x, strip.place.y) not in strong)


Rung = Callable[[Scene], list[Reading]]


def climb(scene: Scene, most: Cost, begin: Cost = Cost.LIVE) -> list[Verdict]:
    """All verdicts, once a code can be shown or the rungs are at an end. Thorough: all rungs, whatever is found."""
    if not scene.grey.size:
        return []
    for _, cost, rung in RUNGS:
        if not begin <= cost <= most:
            continue
        scene.readings += rung(scene)
        if most < Cost.THOROUGH and shown(scene.verdicts):
            break
    return scene.verdicts


def _strips(scene: Scene) -> list[Reading]:
    return [
        _graded(strip, sighting, ZXING, _ends(strip, sighting))
        for strip in scene.unread()
        for sighting in by_zxing(strip.rows, LINEAR)
    ]


def _close_ups(scene: Scene) -> list[Reading]:
    """Strips of bars so wide that the usual search takes each for itself."""
    found, _ = locate.places(scene.grey, close_up=True)
    scene.strips[:0] = [strip for place in found if (strip := strip_of(scene.grey, place)) is not None]
    return _strips(scene)


def _profiles(scene: Scene, engine: str, sigma: float, amount: float) -> list[Reading]:
    """The mean of the rows, evened and sharpened: what is blurred along the bars comes out sharp."""
    found = []
    for strip in scene.unread():
        line = evened(strip.rows)
        rows = as_rows(sharpened(line, sigma, amount) if amount else line)
        sightings = by_zbar(rows, LINEAR) if engine == ZBAR else by_zxing(rows, LINEAR)
        found += [_graded(strip, sighting, engine, _ends(strip, sighting)) for sighting in sightings]
    return found


def _graded(strip: Strip, sighting: Sighting, engine: str, ends: tuple[float, float]) -> Reading:
    code, at = sighting.code, strip.place
    if code.symbology in DRAWN:
        strong = looks_right(strip.rows, code.text, ends)
        confirmed = not strong and looks_like_ean(strip.rows, code.text, ends)
    else:
        strong = code.symbology == "code128" and _halves_agree(strip, sighting)
        confirmed = not strong and looks_alike(strip.rows, code.text, code.symbology, ends)
    return Reading(code=code, engine=engine, view=STRIP, strong=strong, confirmed=confirmed, **_seen_at(at))


def _halves_agree(strip: Strip, sighting: Sighting) -> bool:
    """A Code 128 checks itself by one character only: its upper and its lower rows must say the same."""
    halves = strip.rows[: ROWS // 2], strip.rows[ROWS // 2 :]
    return all(any(seen.code == sighting.code for seen in by_zxing(half, LINEAR)) for half in halves)


def _ends(strip: Strip, sighting: Sighting) -> tuple[float, float]:
    """Where on the strip the code is; zbar sometimes tells of one line's middle only."""
    at = sighting.place
    return (at.x - at.length / 2, at.x + at.length / 2) if at.length > strip.rows.shape[1] / 2 else strip.ends


def _whole(scene: Scene, engine: str, *, invert: bool = False, symbologies: frozenset[str] = EVERY) -> list[Reading]:
    if engine == ZBAR:
        return [_seen(scene, sighting, engine) for sighting in by_zbar(scene.grey, symbologies)]
    sightings = by_zxing(scene.grey, symbologies, rotate=symbologies != QR, invert=invert, shrink=invert)
    return [_seen(scene, sighting, engine) for sighting in sightings]


def _seen(scene: Scene, sighting: Sighting, engine: str) -> Reading:
    """A reading of the whole picture, graded by a strip cut where it was seen."""
    code, at = sighting.code, sighting.place
    strong = code.symbology in MATRIX and (engine == ZXING or code.text.isascii())
    confirmed = False
    if code.symbology not in MATRIX:
        grades = [_graded(strip, sighting, engine, strip.ends) for strip in _strips_at(scene, at)]
        strong = any(each.strong for each in grades)
        # An EAN that there is no strip of is not disproved by it: then two engines will do.
        confirmed = any(each.confirmed for each in grades) or (code.symbology in DRAWN and not grades)
    return Reading(code=code, engine=engine, view=WHOLE, strong=strong, confirmed=confirmed, **_seen_at(at))


def _strips_at(scene: Scene, at: Place) -> Iterator[Strip]:
    for strip in scene.strips:
        if max(abs(strip.place.x - at.x), abs(strip.place.y - at.y)) < strip.place.length / 2:
            yield strip
    if at.height >= ROWS_MIN and at.length >= LENGTH_MIN_DOTS and (own := strip_of(scene.grey, at)) is not None:
        yield own


def _uprighted(scene: Scene) -> list[Reading]:
    """What is around the clearest bars, turned so that they stand: the engine reads a PDF417 along its rows only."""
    bars, _ = scene.places
    found = by_zxing(_turned(scene.grey, bars[0]), PDF417) if bars else []
    return [_of_patch(sighting, _turned_back(sighting.place, bars[0])) for sighting in found]


def _turned(grey: Picture, at: Place) -> Picture:
    """A square around the place."""
    cv2 = opencv()
    turn = cv2.getRotationMatrix2D((at.x, at.y), math.degrees(at.turn), 1.0)
    turn[:, 2] += UPRIGHT_DOTS / 2 - at.x, UPRIGHT_DOTS / 2 - at.y
    size = (UPRIGHT_DOTS, UPRIGHT_DOTS)
    upright: Picture = cv2.warpAffine(grey, turn, size, borderMode=cv2.BORDER_REPLICATE)
    return upright


def _turned_back(place: Place, at: Place) -> Place:
    """Where it is in the picture that the square was cut from."""
    cos, sin = math.cos(at.turn), math.sin(at.turn)
    across, down = place.x - UPRIGHT_DOTS / 2, place.y - UPRIGHT_DOTS / 2
    x, y = at.x + across * cos - down * sin, at.y + across * sin + down * cos
    return replace(place, x=x, y=y, turn=place.turn + at.turn)


def _patches(scene: Scene) -> list[Reading]:
    return [_of_patch(sighting, at) for patch, at in scene.patches for sighting in by_zxing(patch, MATRIX, rotate=True)]


def _patches_enlarged(scene: Scene) -> list[Reading]:
    return [
        _of_patch(sighting, at)
        for patch, at in scene.patches
        if patch.size <= PATCH_ENLARGED_DOTS_MOST
        for sighting in by_zxing(_enlarged(patch), MATRIX, rotate=True)
    ]


def _of_patch(sighting: Sighting, at: Place) -> Reading:
    return Reading(code=sighting.code, engine=ZXING, view=PATCH, strong=True, **_seen_at(at))


class _Where(TypedDict):
    x: float
    y: float
    length: float
    height: float
    turn: float


def _seen_at(at: Place) -> _Where:
    return {"x": at.x, "y": at.y, "length": at.length, "height": at.height, "turn": at.turn}


def _enlarged(patch: Picture) -> Picture:
    import numpy as np

    cv2 = opencv()
    large = cv2.resize(patch, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.addWeighted(large, 2.5, cv2.GaussianBlur(large, (0, 0), 3.0), -1.5, 0), dtype=np.uint8)


def _altered(scene: Scene, alter: Callable[[Picture], Picture | None], engine: str) -> list[Reading]:
    """The whole picture, changed to show more; its readings are weak, but for the codes that correct themselves."""
    picture = alter(scene.grey)
    if picture is None:
        return []
    scale = picture.shape[1] / scene.grey.shape[1]
    sightings = by_zbar(picture, EVERY) if engine == ZBAR else by_zxing(picture, EVERY, rotate=True, invert=True)
    return [_seen(scene, replace(seen, place=_scaled(seen.place, 1 / scale)), engine) for seen in sightings]


def _scaled(place: Place, by: float) -> Place:
    return replace(place, x=place.x * by, y=place.y * by, length=place.length * by, height=place.height * by)


def _levelled(grey: Picture) -> Picture | None:
    cv2 = opencv()
    levelled: Picture = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8)).apply(grey)
    return levelled


def _larger(grey: Picture) -> Picture | None:
    cv2 = opencv()
    if max(grey.shape) > SMALL_DOTS:
        return None
    larger: Picture = cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return larger


def _smaller(grey: Picture) -> Picture | None:
    cv2 = opencv()
    if max(grey.shape) < SMALL_DOTS or min(grey.shape) < 2:
        return None
    smaller: Picture = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return smaller


def _around(grey: Picture, place: Place) -> Picture:
    import numpy as np

    cos, sin = abs(math.cos(place.turn)), abs(math.sin(place.turn))
    across = (place.length * cos + place.height * sin) * (0.5 + PATCH_MARGIN)
    down = (place.length * sin + place.height * cos) * (0.5 + PATCH_MARGIN)
    left, top = max(0, round(place.x - across)), max(0, round(place.y - down))
    return np.ascontiguousarray(grey[top : round(place.y + down) + 1, left : round(place.x + across) + 1])


RUNGS: tuple[tuple[str, Cost, Rung], ...] = (
    ("strips", Cost.LIVE, _strips),
    ("profiles, sharpened, zbar", Cost.LIVE, partial(_profiles, engine=ZBAR, sigma=3.0, amount=2.0)),
    ("profiles, zbar", Cost.LIVE, partial(_profiles, engine=ZBAR, sigma=0.0, amount=0.0)),
    ("profiles, sharpened, zxing", Cost.LIVE, partial(_profiles, engine=ZXING, sigma=2.0, amount=1.5)),
    ("profiles, sharpened wide, zbar", Cost.LIVE, partial(_profiles, engine=ZBAR, sigma=4.0, amount=3.0)),
    ("QR", Cost.LIVE, partial(_whole, engine=ZXING, symbologies=QR)),
    ("patches", Cost.LIVE, _patches),
    ("uprighted", Cost.LIVE, _uprighted),
    ("patches, enlarged", Cost.LIVE, _patches_enlarged),
    ("close-ups", Cost.STILL, _close_ups),
    ("whole", Cost.STILL, partial(_whole, engine=ZXING, invert=True)),
    ("whole, zbar", Cost.STILL, partial(_whole, engine=ZBAR)),
    ("profiles, sharpened wider, zbar", Cost.STILL, partial(_profiles, engine=ZBAR, sigma=6.0, amount=3.0)),
    ("profiles, sharpened wide, zxing", Cost.STILL, partial(_profiles, engine=ZXING, sigma=4.0, amount=2.0)),
    ("levelled", Cost.THOROUGH, partial(_altered, alter=_levelled, engine=ZXING)),
    ("levelled, zbar", Cost.THOROUGH, partial(_altered, alter=_levelled, engine=ZBAR)),
    ("larger", Cost.THOROUGH, partial(_altered, alter=_larger, engine=ZXING)),
    ("larger, zbar", Cost.THOROUGH, partial(_altered, alter=_larger, engine=ZBAR)),
    ("smaller", Cost.THOROUGH, partial(_altered, alter=_smaller, engine=ZXING)),
    ("smaller, zbar", Cost.THOROUGH, partial(_altered, alter=_smaller, engine=ZBAR)),
)
