"""Points given to a partner: rubles at a shop (P7, P13), miles (P14), charity that the chain tops up (P15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Rate(Protocol):
    """Of a programme's partner, and of what the account is told of him."""

    @property
    def id(self) -> str: ...
    @property
    def points_step(self) -> int: ...
    @property
    def points_min(self) -> int: ...
    @property
    def units_per_step(self) -> int: ...
    @property
    def match_bp(self) -> int: ...


class TooFewPoints(ValueError):
    """Under the partner's least sum, or not a whole step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Points taken from the member; what the partner gets for them, and what the chain adds, in its unit."""

    points: int
    units: int
    matched: int


def exchange(partner: Rate, points: int) -> Exchange:
    """What these points become. Raises TooFewPoints."""
    if points < partner.points_min or points % partner.points_step:
        raise TooFewPoints(f"{partner.id} takes from {partner.points_min} points in steps of {partner.points_step}")
    units = points // partner.points_step * partner.units_per_step
    return Exchange(points=points, units=units, matched=units * partner.match_bp // 10_000)
