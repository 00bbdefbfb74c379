"""Points that went to partners and funds (P7, P13 to P15): what the programme owes each of them for a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from hub.accounting.moved import Moved
from loyalty.bodies import PointsToCharity, PointsToPartner


class Where(NamedTuple):
    """`unit`: kopecks or miles."""

    programme: str
    to: str
    unit: str


class Went(NamedTuple):
    """`units`: what the partner has given, or the fund gets for the member; `matched`: what the chain adds."""

    times: int = 0
    points: int = 0
    units: int = 0
    matched: int = 0


class Elsewhere:
    def __init__(self) -> None:
        self._went: dict[Where, Went] = {}

    def take(self, some: Iterable[Moved]) -> None:
        for moved in some:
            body, programme = moved.operation.body, moved.operation.programme
            if isinstance(body, PointsToPartner):
                self._add(Where(programme, body.partner, body.unit), body.points, body.units, 0)
            elif isinstance(body, PointsToCharity):
                self._add(Where(programme, body.fund, "kopecks"), body.points, body.kopecks, body.matched_kopecks)

    def _add(self, where: Where, points: int, units: int, matched: int) -> None:
        had = self._went.get(where, Went())
        self._went[where] = Went(had.times + 1, had.points + points, had.units + units, had.matched + matched)

    def sums(self) -> dict[Where, Went]:
        return dict(sorted(self._went.items()))
