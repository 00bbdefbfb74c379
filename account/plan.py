"""A drawn plan of shops as a picture of circles, north above: no tiles, nobody else is asked (P12).

Shops that would lie on each other are one circle with their number, which leads to the plan of that part.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Final, NamedTuple

from sync.account.shops import ShopHere

WIDE: Final = 300  # units of the drawing, as wide as a phone's column is
HIGH_MIN, HIGH_MAX = 200, 360
MARGIN: Final = 30
APART: Final = 46  # between the middles of two circles: each can be pressed
SPAN_MIN_M: Final = 600.0  # metres that a plan shows at least
DEGREE_M: Final = 111_320.0  # metres of a degree of latitude
BARS_M: Final = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
BAR_HIGH: Final = 22  # below all circles
BAR_MAX: Final = WIDE / 3
AREA_DIGITS: Final = 4  # of degrees: some ten metres


class Area(NamedTuple):
    """Degrees."""

    south: float
    west: float
    north: float
    east: float

    def has(self, shop: ShopHere) -> bool:
        latitude, longitude = shop.latitude, shop.longitude
        if latitude is None or longitude is None:
            return False
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east

    def __str__(self) -> str:
        return ",".join(f"{degrees:.{AREA_DIGITS}f}" for degrees in self)


class Mark(NamedTuple):
    """A circle. `numbers`: of its shops, counted from 1 as they stand in the list; `area`: of several, which the plan
    of that part shows; "": it would show no more."""

    x: float
    y: float
    numbers: tuple[int, ...]
    area: str


class Bar(NamedTuple):
    """The scale: so long in the drawing is so much."""

    wide: float
    metres: int


class Plan(NamedTuple):
    wide: int
    high: int
    marks: tuple[Mark, ...]
    bar: Bar


class _Spot(NamedTuple):
    """`x`, `y`: to the east and to the south."""

    x: float
    y: float
    number: int
    latitude: float
    longitude: float


def area_of(text: str) -> Area | None:
    """As it stands in an address; None: it is none."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        return None
    is_one = len(numbers) == 4 and all(math.isfinite(one) and abs(one) <= 180 for one in numbers)
    return Area(*numbers) if is_one else None


def plan_of(shops: Sequence[ShopHere]) -> Plan | None:
    """None: of none is known where it is."""
    spots = [
        _Spot(0.0, 0.0, number, shop.latitude, shop.longitude)
        for number, shop in enumerate(shops, start=1)
        if shop.latitude is not None and shop.longitude is not None
    ]
    if not spots:
        return None
    metres = _in_metres(spots)
    wide_m, high_m = max(spot.x for spot in metres), max(spot.y for spot in metres)
    room_wide, room_high = WIDE - 2 * MARGIN, HIGH_MAX - 2 * MARGIN
    scale = min(room_wide / max(wide_m, SPAN_MIN_M), room_high / max(high_m, SPAN_MIN_M))  # units of a metre
    high = round(max(HIGH_MIN, high_m * scale + 2 * MARGIN))
    left, above = (WIDE - wide_m * scale) / 2, (high - high_m * scale) / 2
    drawn = [spot._replace(x=left + spot.x * scale, y=above + spot.y * scale) for spot in metres]
    marks = sorted(map(_mark, _groups(drawn)), key=lambda mark: mark.numbers)
    return Plan(WIDE, high + BAR_HIGH, tuple(marks), _bar(scale))


def _in_metres(spots: Sequence[_Spot]) -> list[_Spot]:
    """From the corner in the north-west. A town is small: its part of the earth is flat."""
    north, west = max(spot.latitude for spot in spots), min(spot.longitude for spot in spots)
    south = min(spot.latitude for spot in spots)
    narrow = max(math.cos(math.radians((north + south) / 2)), 0.01)  # of a degree of longitude
    return [
        spot._replace(x=(spot.longitude - west) * narrow * DEGREE_M, y=(north - spot.latitude) * DEGREE_M)
        for spot in spots
    ]


def _groups(spots: Sequence[_Spot]) -> list[list[_Spot]]:
    """Those that lie too near to each other are together: at first of each square, then of neighbours."""
    squares: dict[tuple[int, int], list[_Spot]] = {}
    for spot in spots:
        squares.setdefault((int(spot.x // APART), int(spot.y // APART)), []).append(spot)
    groups = list(squares.values())
    while pair := _too_near(groups):
        one, other = pair
        one.extend(other)
        groups.remove(other)
    return groups


def _too_near(groups: Sequence[list[_Spot]]) -> tuple[list[_Spot], list[_Spot]] | None:
    return next(
        ((one, other) for one, other in combinations(groups, 2) if math.dist(_middle(one), _middle(other)) < APART),
        None,
    )


def _middle(group: Sequence[_Spot]) -> tuple[float, float]:
    return sum(spot.x for spot in group) / len(group), sum(spot.y for spot in group) / len(group)


def _mark(group: Sequence[_Spot]) -> Mark:
    x, y = _middle(group)
    step = 10**-AREA_DIGITS
    south, north = min(spot.latitude for spot in group), max(spot.latitude for spot in group)
    west, east = min(spot.longitude for spot in group), max(spot.longitude for spot in group)
    is_part = north - south > step or east - west > step
    area = Area(south - step, west - step, north + step, east + step)
    return Mark(round(x, 1), round(y, 1), tuple(sorted(spot.number for spot in group)), str(area) if is_part else "")


def _bar(scale: float) -> Bar:
    metres = max((one for one in BARS_M if one * scale <= BAR_MAX), default=BARS_M[0])
    return Bar(round(metres * scale, 1), metres)
