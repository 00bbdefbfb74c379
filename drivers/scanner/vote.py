"""The vote over what was read in one picture: which codes are believed, and how surely. Pure.

A strong reading stands alone. A weak one needs a second that could have erred differently: another engine, or the
same in another view of the code. Twice the same engine in the same view is one opinion.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from drivers.scanner.symbology import DRAWN, MATRIX, STRONG, WEAK, Code

ITF_WHOLE_DIGITS = 8
STRIP, WHOLE, PATCH = "strip", "whole", "patch"
UNDERSTOOD_BY = {"code39": "zxing", "code128": "zxing", "qr": "zxing"}
MOTIONS_MOST = 20  # two seconds of moving: what was seen before is another card's
SAME_PLACE_SHARE = 0.5  # of the longer one's length, between the middles


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading: by which engine, of which view, where in the picture."""

    code: Code
    engine: str
    view: str
    strong: bool
    confirmed: bool = False  # not surely, but the bars look like it
    x: float
    y: float
    length: float
    height: float = 0.0  # 0: not known
    turn: float = 0.0  # radians


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What all readings of one code come to."""

    code: Code
    agreed: bool  # weak, but a second opinion says so too
    engines: frozenset[str]
    x: float
    y: float
    length: float
    height: float = 0.0
    turn: float = 0.0

    def moved(self, x: float, y: float) -> Verdict:
        """The same, in a picture that this one was a part of."""
        return replace(self, x=self.x + x, y=self.y + y)

    @property
    def strong(self) -> bool:
        return self.code.confidence == STRONG


def verdicts(readings: Iterable[Reading]) -> list[Verdict]:
    """One per code, in the order they were first read; without those that another in their place disproves."""
    by_code: dict[Code, list[Reading]] = {}
    for reading in readings:
        by_code.setdefault(reading.code, []).append(reading)
    found = [_verdict(same) for same in by_code.values()]
    return [each for each in found if not any(_disproves(other, each) for other in found)]


def shown(found: Sequence[Verdict]) -> list[Verdict]:
    """The strong; where there is none, the weak that were agreed on."""
    strong = [verdict for verdict in found if verdict.strong]
    return strong or [verdict for verdict in found if verdict.agreed]


class FrameVote:
    """A weak reading of one frame, and the same after something moved: another picture of the same code.

    The same still frame twice is one opinion, whatever its noise.
    """

    def __init__(self) -> None:
        self._seen: dict[Code, int] = {}  # at which motion first
        self._believed: set[Code] = set()

    def believed(self, found: Sequence[Verdict], motion: int) -> list[Verdict]:
        """What of this frame's verdicts is shown, or has now been seen in two."""
        self._forget(motion)
        good = shown(found)
        if not any(verdict.strong for verdict in good):
            for verdict in found:
                if self._seen.setdefault(verdict.code, motion) != motion:
                    self._believed.add(verdict.code)
            good = [verdict for verdict in found if verdict in good or verdict.code in self._believed]
        return good

    def _forget(self, motion: int) -> None:
        self._seen = {code: since for code, since in self._seen.items() if motion - since <= MOTIONS_MOST}
        self._believed &= self._seen.keys()


def _verdict(same: list[Reading]) -> Verdict:
    strong = any(reading.strong for reading in same)
    best = max(same, key=lambda reading: reading.strong)
    return Verdict(
        code=replace(best.code, confidence=STRONG if strong else WEAK),
        agreed=_agreed(same),
        engines=frozenset(reading.engine for reading in same),
        x=best.x,
        y=best.y,
        length=best.length,
        height=best.height,
        turn=best.turn,
    )


def _agreed(same: list[Reading]) -> bool:
    """Whether something else than its first reader says so too. An EAN can be drawn and wasn't found right: both
    engines must have read it, and the bars must look like it from afar."""
    confirmed = any(reading.confirmed for reading in same)
    by_both = len({reading.engine for reading in same}) > 1
    if same[0].code.symbology in DRAWN:
        return confirmed and by_both
    if same[0].code.symbology == "itf" and len(same[0].code.text) < ITF_WHOLE_DIGITS:
        return by_both  # the rest of a longer one, half of it under a glare, looks whole
    return confirmed or any(_independent(*pair) for pair in combinations(same, 2))


def _independent(one: Reading, other: Reading) -> bool:
    return one.engine != other.engine or {one.view, other.view} == {STRIP, WHOLE}


def _disproves(one: Verdict, other: Verdict) -> bool:
    """Two codes in one place: one of them is a misreading, and the surer one stands."""
    if one is other or (one.code.symbology in MATRIX) != (other.code.symbology in MATRIX):
        return False
    apart = max(abs(one.x - other.x), abs(one.y - other.y))
    if apart > SAME_PLACE_SHARE * max(one.length, other.length):
        return False
    return _rank(one, other) > _rank(other, one)


def _rank(one: Verdict, other: Verdict) -> tuple[bool, bool, bool]:
    # zbar knows neither the whole of ASCII in Code 39 nor Latin letters in Code 128, and guesses at a QR's alphabet:
    # the same code, less understood.
    understood = one.code.symbology == other.code.symbology in UNDERSTOOD_BY and (
        UNDERSTOOD_BY[one.code.symbology] in one.engines
    )
    return one.strong, understood, one.agreed
