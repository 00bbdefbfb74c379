"""Wrong PINs: after five of a person, or five in all at this till, everybody who tries waits longer and longer.

A try counts before it is looked at, so that many at once are no more than many in a row, and one whose process ended
meanwhile counts too. It is taken back when the PIN was right.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Final

import msgspec

from loyalty.utc import utc_text

FREE: Final = 5
PAUSES_S: Final = (30, 60, 120, 300, 900)  # at the last, a day is good for 96 tries: a PIN of 4 digits lasts 50 days
ALL: Final = ""  # of the whole till; no person's id is empty
NAMES_MAX: Final = 1_000


class Tried(msgspec.Struct, frozen=True, omit_defaults=True):
    """`until`: nobody is looked at before; UTC."""

    count: int = 0
    until: str = ""


Tries = Mapping[str, Tried]  # by a person's id, and ALL


def pause_s(tries: Tries, person: str, now: datetime) -> int:
    """How long he has to wait, in whole seconds. A clock that was set back makes it no longer than the longest."""
    waits = (_left_s(tries.get(name, Tried()), now) for name in (person, ALL))
    return min(max(waits), PAUSES_S[-1])


def _left_s(tried: Tried, now: datetime) -> int:
    return max(0, ceil((datetime.fromisoformat(tried.until) - now).total_seconds())) if tried.until else 0


def with_try(tries: Tries, person: str, now: datetime) -> dict[str, Tried]:
    """One more, of which nothing is known yet."""
    names = (person, ALL) if person in tries or len(tries) < NAMES_MAX else (ALL,)
    return {**tries, **{name: _one_more(tries.get(name, Tried()), now) for name in names}}


def _one_more(tried: Tried, now: datetime) -> Tried:
    count = tried.count + 1
    if count < FREE:
        return Tried(count)
    pause = PAUSES_S[min(count - FREE, len(PAUSES_S) - 1)]
    return Tried(count, utc_text(now + timedelta(seconds=pause)))


def after_right(tries: Tries, person: str) -> dict[str, Tried]:
    """It was right: his tries, and those of the till, begin anew."""
    return {name: tried for name, tried in tries.items() if name not in (person, ALL)}


def left(tries: Tries, person: str) -> int:
    """How many may be tried before somebody has to wait."""
    return max(0, FREE - max(tries.get(name, Tried()).count for name in (person, ALL)))
