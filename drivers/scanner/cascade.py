"""The cascade: rungs in order of what they cost, climbed until a code is believed. One table for camera and stills."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from enum import IntEnum
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypedDict

from drivers.scanner import locate
from drivers.scanner.altered import (
    SMALL_DOTS,
    enlarged,
    larger,
    levelled,
    restored_larger,
    restored_whole,
    smaller,
    soothed,
)
from drivers.scanner.capture import opencv
from drivers.scanner.engines import QR, ZBAR, ZXING, Sighting, by_zbar, by_zxing, qr_by_zxing
from drivers.scanner.grade import ean_likeness, looks_alike
from drivers.scanner.locate import COHERENCE_MIN, LENGTH_MIN_DOTS, ONE_WAY_MIN, Place
from drivers.scanner.strip import ROWS, Strip, as_rows, looks_coded, restored, sharpened, strip_of
from drivers.scanner.symbology import DRAWN, MATRIX, SHIPPED
from drivers.scanner.vote import PATCH, STRIP, WHOLE, Reading, Verdict, doubtful, shown, verdicts

if TYPE_CHECKING:
    from drivers.scanner.picture import Picture

ROWS_MIN = 4  # a linear code that is the same in fewer rows of the picture is not strong
PATCH_MARGIN = 0.25  # of its side, to each side
PATCH_DOTS_MOST = 200_000  # a fifth of a 720p frame: a larger one is a page of text, or the whole-picture rungs' own
UPRIGHT_DOTS = 640  # a side: a PDF417 of a card, wherever in it the bars were found
UPRIGHT_HEIGHT_MIN = 40  # of the picture: rows of a PDF417 in less are not three dots high
UPRIGHT_MOST = 2
NEVER_STRONG = frozenset({"code39", "itf"})  # they check nothing, so no likeness makes one strong
PDF417 = frozenset({"pdf417"})
CODE128 = frozenset({"code128"})
PATCH_ENLARGED_DOTS_MOST = 50_000  # a larger one shows its modules well enough


class Cost(IntEnum):
    """How far up the table one goes."""

    LIVE = 0  # every frame
    STILL = 1  # a picture that has no next one; a candidate that stays unread before the camera
    THOROUGH = 2  # no budget at all


class Scene:
    """A grey picture and what has been made of it so far."""

    def __init__(self, grey: Picture, wanted: frozenset[str] = SHIPPED) -> None:
        self.grey = grey
        self.wanted = wanted
        self.linear, self.matrix = wanted - MATRIX, wanted & MATRIX
        self.readings: list[Reading] = []
        self.read_whole = False  # by the first engine, as it is
        self.damaged: list[Place] | None = None  # QR whose squares can't be made out; None: not looked for yet

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

    def puzzling(self) -> list[Place]:
        """What looks like a code, and gave none."""
        bars = [strip.place for strip in self.unread() if looks_coded(strip)]
        if bars or not self.wanted >= QR:
            return bars
        return qr_by_zxing(self.grey)[1] if self.damaged is None else self.damaged

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
            if doubtful(scene.verdicts):
                scene.readings += _second_look(scene)
            break
    return scene.verdicts


def _second_look(scene: Scene) -> list[Reading]:
    """The picture in another light, for EANs alone: what says otherwise there, contests."""
    known = {reading.code for reading in scene.readings}
    sightings = by_zxing(levelled(scene.grey), DRAWN & scene.wanted, rotate=True)
    return [_seen(scene, sighting, ZXING) for sighting in sightings if sighting.code not in known]


def _strips(scene: Scene) -> list[Reading]:
    return [
        _graded(strip, sighting, ZXING, _ends(strip, sighting))
        for strip in scene.unread()
        for sighting in by_zxing(strip.rows, scene.linear)
    ]


def _close_ups(scene: Scene) -> list[Reading]:
    """Strips of bars so wide that the usual search takes each for itself."""
    found, _ = locate.places(scene.grey, close_up=True)
    scene.strips[:0] = [strip for place in found if (strip := strip_of(scene.grey, place)) is not None]
    return _strips(scene)


def _profiles(scene: Scene, engine: str, alter: Callable[[Any], Any] | None = None) -> list[Reading]:
    """The mean of the rows, evened and altered: what is blurred along the bars comes out sharp."""
    found = []
    for strip in scene.unread():
        rows = as_rows(alter(strip.line) if alter is not None else strip.line)
        sightings = by_zbar(rows, scene.linear) if engine == ZBAR else by_zxing(rows, scene.linear)
        found += [_graded(strip, sighting, engine, _ends(strip, sighting)) for sighting in sightings]
    return found


def _graded(strip: Strip, sighting: Sighting, engine: str, ends: tuple[float, float]) -> Reading:
    code, at = sighting.code, strip.place
    if code.symbology in DRAWN:
        like = ean_likeness(strip.rows, code.text, ends)
        strong, confirmed = like.each, like.afar and not like.each
    else:
        strong = code.symbology == "code128" and _halves_agree(strip, sighting)
        confirmed = not strong and looks_alike(strip.rows, code.text, code.symbology, ends)
    return Reading(code=code, engine=engine, view=STRIP, strong=strong, confirmed=confirmed, **_seen_at(at))


def _halves_agree(strip: Strip, sighting: Sighting) -> bool:
    """A Code 128 checks itself by one character only: its upper and its lower rows must say the same."""
    halves = strip.rows[: ROWS // 2], strip.rows[ROWS // 2 :]
    return all(any(seen.code == sighting.code for seen in by_zxing(half, CODE128)) for half in halves)


def _ends(strip: Strip, sighting: Sighting) -> tuple[float, float]:
    """Where on the strip the code is; zbar sometimes tells of one line's middle only."""
    at = sighting.place
    whole = sighting.code.addon or at.length > strip.rows.shape[1] / 2
    return (at.x - at.length / 2, at.x + at.length / 2) if whole else strip.ends


def _small_whole(scene: Scene) -> list[Reading]:
    """A small picture is mostly its code: reading it whole costs less than looking where the code is."""
    if max(scene.grey.shape) > SMALL_DOTS:
        return []
    scene.read_whole = True
    return _whole(scene, ZXING, rotate=False)


def _qr(scene: Scene) -> list[Reading]:
    if scene.read_whole or not scene.wanted >= QR:
        return []
    sightings, scene.damaged = qr_by_zxing(scene.grey)
    return [_seen(scene, sighting, ZXING) for sighting in sightings]


def _rest_of_whole(scene: Scene) -> list[Reading]:
    """What stands across the picture, where it was read upright; all, where it wasn't read yet."""
    import numpy as np

    if not scene.read_whole:
        return _whole(scene, ZXING)
    width = scene.grey.shape[1]
    across = by_zxing(np.ascontiguousarray(np.rot90(scene.grey)), scene.linear | PDF417 & scene.wanted)
    return [_seen(scene, replace(seen, place=_quarter_back(seen.place, width)), ZXING) for seen in across]


def _quarter_back(place: Place, width: int) -> Place:
    """A place of a picture turned by a quarter, in the picture as it was."""
    return replace(place, x=width - 1 - place.y, y=place.x, turn=place.turn + math.pi / 2)


def _light_on_dark(scene: Scene) -> list[Reading]:
    return [_seen(scene, sighting, ZXING) for sighting in by_zxing(255 - scene.grey, scene.wanted, shrink=True)]


def _whole(
    scene: Scene, engine: str, symbologies: frozenset[str] | None = None, *, rotate: bool = True
) -> list[Reading]:
    if engine == ZBAR:
        return [_seen(scene, sighting, engine) for sighting in by_zbar(scene.grey, scene.linear)]
    wanted = scene.wanted if symbologies is None else symbologies
    return [_seen(scene, sighting, engine) for sighting in by_zxing(scene.grey, wanted, rotate=rotate)]


def _seen(scene: Scene, sighting: Sighting, engine: str) -> Reading:
    """A reading of the whole picture, graded by a strip cut where it was seen."""
    code, at = sighting.code, sighting.place
    strong = code.symbology in MATRIX and sighting.checked
    confirmed = False
    if code.symbology not in MATRIX:
        grades = []
        for strip in _strips_at(scene, at):
            grades.append(_graded(strip, sighting, engine, strip.ends))
            if grades[-1].strong or (grades[-1].confirmed and code.symbology in NEVER_STRONG):
                break
        strong = any(each.strong for each in grades)
        # An EAN that there is no strip of is not disproved by it: then two engines will do.
        confirmed = any(each.confirmed for each in grades) or (code.symbology in DRAWN and not grades)
    return Reading(code=code, engine=engine, view=WHOLE, strong=strong, confirmed=confirmed, **_seen_at(at))


def _strips_at(scene: Scene, at: Place) -> Iterator[Strip]:
    """Its own strip first: then those found by looking for bars are needed only where that one doesn't do."""
    if at.height >= ROWS_MIN and at.length >= LENGTH_MIN_DOTS and (own := strip_of(scene.grey, at)) is not None:
        yield own
    for strip in scene.strips:
        if max(abs(strip.place.x - at.x), abs(strip.place.y - at.y)) < strip.place.length / 2:
            yield strip


def _uprighted(scene: Scene) -> list[Reading]:
    """What may be a PDF417, turned so that its bars stand: the engine reads it along its rows only."""
    return [
        _of_patch(sighting, _turned_back(sighting.place, at, upright.shape[0]))
        for at in _rows_of_bars(scene)
        for upright in (_turned(scene.grey, at),)
        for sighting in by_zxing(upright, PDF417 & scene.wanted)
    ]


def _rows_of_bars(scene: Scene) -> list[Place]:
    """Dense places whose edges run mostly one way; else the clearest bars, which may be where such a code begins."""
    bars, dots = scene.places
    dense = [at for at in dots if at.one_way >= ONE_WAY_MIN and at.height >= UPRIGHT_HEIGHT_MIN]
    return sorted(dense, key=lambda at: -at.length * at.height)[:UPRIGHT_MOST] or bars[:1]


def _turned(grey: Picture, at: Place) -> Picture:
    """A square around the place."""
    cv2 = opencv()
    if at.one_way >= COHERENCE_MIN:  # bars, where a code of rows may only begin
        side = min(UPRIGHT_DOTS, round(math.hypot(*grey.shape)))
    else:
        side = min(UPRIGHT_DOTS, round(max(at.length, at.height) * (1 + 2 * PATCH_MARGIN)))
    turn = cv2.getRotationMatrix2D((at.x, at.y), math.degrees(at.turn), 1.0)
    turn[:, 2] += side / 2 - at.x, side / 2 - at.y
    upright: Picture = cv2.warpAffine(grey, turn, (side, side), borderMode=cv2.BORDER_REPLICATE)
    return upright


def _turned_back(place: Place, at: Place, side: int) -> Place:
    """Where it is in the picture that the square was cut from."""
    cos, sin = math.cos(at.turn), math.sin(at.turn)
    across, down = place.x - side / 2, place.y - side / 2
    x, y = at.x + across * cos - down * sin, at.y + across * sin + down * cos
    return replace(place, x=x, y=y, turn=place.turn + at.turn)


def _patches(scene: Scene) -> list[Reading]:
    return [
        _of_patch(sighting, at)
        for patch, at in scene.patches
        for sighting in by_zxing(patch, scene.matrix, rotate=True)
    ]


def _patches_enlarged(scene: Scene) -> list[Reading]:
    return [
        _of_patch(sighting, at)
        for patch, at in scene.patches
        if patch.size <= PATCH_ENLARGED_DOTS_MOST
        for sighting in by_zxing(enlarged(patch), scene.matrix, rotate=True)
    ]


def _of_patch(sighting: Sighting, at: Place) -> Reading:
    return Reading(code=sighting.code, engine=ZXING, view=PATCH, strong=sighting.checked, **_seen_at(at))


class _Where(TypedDict):
    x: float
    y: float
    length: float
    height: float
    turn: float


def _seen_at(at: Place) -> _Where:
    return {"x": at.x, "y": at.y, "length": at.length, "height": at.height, "turn": at.turn}


def _altered(scene: Scene, alter: Callable[[Picture], Picture | None], engine: str) -> list[Reading]:
    """The whole picture, changed to show more; its readings are weak, but for the codes that correct themselves."""
    picture = alter(scene.grey)
    if picture is None:
        return []
    scale = picture.shape[1] / scene.grey.shape[1]
    if engine == ZBAR:
        sightings = by_zbar(picture, scene.wanted)
    else:
        sightings = by_zxing(picture, scene.wanted, rotate=True, invert=True)
    return [_seen(scene, replace(seen, place=_scaled(seen.place, 1 / scale)), engine) for seen in sightings]


def _scaled(place: Place, by: float) -> Place:
    return replace(place, x=place.x * by, y=place.y * by, length=place.length * by, height=place.height * by)


def _around(grey: Picture, place: Place) -> Picture:
    import numpy as np

    cos, sin = abs(math.cos(place.turn)), abs(math.sin(place.turn))
    across = (place.length * cos + place.height * sin) * (0.5 + PATCH_MARGIN)
    down = (place.length * sin + place.height * cos) * (0.5 + PATCH_MARGIN)
    left, top = max(0, round(place.x - across)), max(0, round(place.y - down))
    return np.ascontiguousarray(grey[top : round(place.y + down) + 1, left : round(place.x + across) + 1])


def _restoring(engine: str, sigma: float, **how: Any) -> Rung:
    """A rung that reads the strips' profiles as they may have been before this blur."""
    return partial(_profiles, engine=engine, alter=partial(restored, sigma=sigma, **how))


RUNGS: tuple[tuple[str, Cost, Rung], ...] = (
    ("whole, where small", Cost.LIVE, _small_whole),
    ("strips", Cost.LIVE, _strips),
    ("restored, zxing", Cost.LIVE, _restoring(ZXING, 3.0, soothe=1.2)),
    ("restored little, zbar", Cost.LIVE, _restoring(ZBAR, 3.0, steps=4)),
    ("restored finely, zxing", Cost.LIVE, _restoring(ZXING, 2.0)),
    ("profiles, zbar", Cost.LIVE, partial(_profiles, engine=ZBAR)),
    ("restored widely, zxing", Cost.LIVE, _restoring(ZXING, 4.0)),
    ("QR", Cost.LIVE, _qr),
    ("patches", Cost.LIVE, _patches),
    ("uprighted", Cost.LIVE, _uprighted),
    ("patches, enlarged", Cost.LIVE, _patches_enlarged),
    ("close-ups", Cost.STILL, _close_ups),
    ("whole", Cost.STILL, _rest_of_whole),
    ("light on dark", Cost.STILL, _light_on_dark),
    ("whole, zbar", Cost.STILL, partial(_whole, engine=ZBAR)),
    ("smaller", Cost.STILL, partial(_altered, alter=smaller, engine=ZXING)),
    ("restored widely, zbar", Cost.STILL, _restoring(ZBAR, 4.0)),
    ("restored more widely, zxing", Cost.STILL, _restoring(ZXING, 5.0)),
    (
        "profiles, sharpened wide, zbar",
        Cost.STILL,
        partial(_profiles, engine=ZBAR, alter=partial(sharpened, sigma=4.0, amount=3.0)),
    ),
    ("levelled", Cost.THOROUGH, partial(_altered, alter=levelled, engine=ZXING)),
    ("levelled, zbar", Cost.THOROUGH, partial(_altered, alter=levelled, engine=ZBAR)),
    ("larger", Cost.THOROUGH, partial(_altered, alter=larger, engine=ZXING)),
    ("larger, zbar", Cost.THOROUGH, partial(_altered, alter=larger, engine=ZBAR)),
    ("soothed", Cost.THOROUGH, partial(_altered, alter=soothed, engine=ZXING)),
    ("soothed, zbar", Cost.THOROUGH, partial(_altered, alter=soothed, engine=ZBAR)),
    ("restored", Cost.THOROUGH, partial(_altered, alter=partial(restored_whole, sigma=1.6), engine=ZXING)),
    ("larger, restored", Cost.THOROUGH, partial(_altered, alter=partial(restored_larger, sigma=2.5), engine=ZXING)),
    ("smaller, zbar", Cost.THOROUGH, partial(_altered, alter=smaller, engine=ZBAR)),
)
