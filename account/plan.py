"""A drawn plan of shops as a picture of circles, north above: no tiles, nobody else is asked (P12).

Shops that would lie on each other are one circle with their number, which leads to the plan of that part.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from sync.account.shops import ShopHere

WIDE: Final = 300  # units of the drawing, as wide as a phone's column is
HIGH_MIN, HIGH_MAX = 200, 360
MARGIN: Final = 30
APART: Final = 46  # between the middles of two circles: each can be pressed
SPAN_MIN_M: Final = 600.0  # metres that a plan shows at least
DEGREE_M: Final = 111_320.0  # metres of a degree of latitude
BARS_M: Final = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
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
    placed = [
        (number, shop.latitude, shop.longitude)
        for number, shop in enumerate(shops, start=1)
        if shop.latitude is not None and shop.longitude is not None
    ]
    if not placed:
        return None
    south, north = min(one[1] for one in placed), max(one[1] for one in placed)
    west, east = min(one[2] for one in placed), max(one[2] for one in placed)
    middle_lat, middle_lon = (south + north) / 2, (west + east) / 2
    narrow = max(math.cos(math.radians(middle_lat)), 0.01)  # of a degree of longitude
    wide_m, high_m = (east - west) * narrow * DEGREE_M, (north - south) * DEGREE_M
    scale = min(
        (WIDE - 2 * MARGIN) / max(wide_m, SPAN_MIN_M), (HIGH_MAX - 2 * MARGIN) / max(high_m, SPAN_MIN_M)
    )  # units of a metre
    high = round(min(HIGH_MAX, max(HIGH_MIN, high_m * scale + 2 * MARGIN)))
    spots = [
        _Spot(
            WIDE / 2 + (lon - middle_lon) * narrow * DEGREE_M * scale,
            high / 2 - (lat - middle_lat) * DEGREE_M * scale,
            number,
            lat,
            lon,
        )
        for number, lat, lon in placed
    ]
    return Plan(WIDE, high, tuple(map(_mark, _groups(spots))), _bar(scale))


def _groups(spots: Sequence[_Spot]) -> list[list[_Spot]]:
    """Those that lie too near to each other are together."""
    cells: dict[tuple[int, int], list[_Spot]] = {}
    for spot in spots:
        cells.setdefault((int(spot.x // APART), int(spot.y // APART)), []).append(spot)
    groups = list(cells.values())
    while True:
        pair = next(
            (
                (one, other)
                for number, one in enumerate(groups)
                for other in groups[number + 1 :]
                if math.dist(_middle(one), _middle(other)) < APART
            ),
            None,
        )
        if pair is None:
            return groups
        one, other = pair
        one.extend(other)
        groups.remove(other)


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
