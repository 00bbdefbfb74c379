"""What became of points, one by one and in a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tests.faults.points import FAULTS, Point


class Verdict(NamedTuple):
    """What became of one point."""

    point: Point
    faults: tuple[str, ...]
    was_hit: bool
    unknown_but_there: int
    seconds: float


def summary(verdicts: Sequence[Verdict]) -> dict[str, int]:
    faults = [fault for verdict in verdicts for fault in verdict.faults]
    return {
        "points": len(verdicts),
        "not_hit": sum(not verdict.was_hit for verdict in verdicts),
        "lost": sum("lost: " in fault for fault in faults),
        "doubled": sum("doubled: " in fault for fault in faults),
        "faults": sum(bool(verdict.faults) for verdict in verdicts),
        "unknown_but_there": sum(verdict.unknown_but_there for verdict in verdicts),
    }


def told(verdicts: Iterable[Verdict]) -> Iterator[str]:
    for verdict in verdicts:
        yield from (f"{verdict.point}: {fault}" for fault in verdict.faults)


def table(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """A line for each kind and call, with the points of each mode and what became of them."""
    yield "| kind | call | " + " | ".join(FAULTS) + " | lost | doubled | other faults | unknown but there | s |"
    yield "|---|---|" + "---|" * (len(FAULTS) + 5)
    for kind, call in sorted({(verdict.point.kind, verdict.point.call) for verdict in verdicts}):
        yield _line(kind, call, [one for one in verdicts if (one.point.kind, one.point.call) == (kind, call)])


def _line(kind: str, call: str, verdicts: Sequence[Verdict]) -> str:
    modes, all_told = Counter(one.point.mode for one in verdicts), summary(verdicts)
    others = sum(not ("lost: " in fault or "doubled: " in fault) for one in verdicts for fault in one.faults)
    cells = [kind, call, *(modes[mode] or "" for mode in FAULTS), all_told["lost"], all_told["doubled"], others]
    cells += [all_told["unknown_but_there"], round(sum(one.seconds for one in verdicts))]
    return "| " + " | ".join(map(str, cells)) + " |"
