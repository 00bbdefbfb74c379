"""How many points one person of the office gives with nobody beside him."""

from __future__ import annotations

from typing import Final

from loyalty.programme import Programme

ALONE_TOTAL_MAX: Final = 50_000  # points in all of one order
ALONE_EACH_MAX: Final = 10_000  # to one member, where the programme says no less (`grants.manual`)


def alone_each_max(programme: Programme) -> int:
    """To one member."""
    manual = programme.grants.manual
    return min(manual.points if manual else ALONE_EACH_MAX, ALONE_TOTAL_MAX)


def too_much_alone(programme: Programme, points: int) -> str:
    """Why points for one member need a second person, and what helps; "": they do not."""
    most = alone_each_max(programme)
    if points <= most:
        return ""
    return (
        f"One person alone adds at most {most} points to a member's at once. More waits for a second one:"
        f" pos-hub grant --card CARD --points {points} --reason TEXT"
    )
