"""Members as they join: the rows that hub/files/ reads and hub/importing.py takes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from loyalty.points_life import bought_points_times, end_of
from loyalty.programme import Programme

BAD_LINES_SHOWN_MAX: Final = 20
BAD_LINES_KEPT_MAX: Final = 1_000  # of a file of a million there may be a million
ID_BITS: Final = 64
STEP_BYTES: Final = 5  # between two ids of a file: sixteen million of them go round once
DRAWN_AT_ONCE: Final = 1_000  # steps: asking the system for each takes ten times as long as all else


NEVER: Final = "never"
BY_PROGRAMME: Final = "programme"  # as what is bought at the moment of the import
ENDS: Final = (BY_PROGRAMME, NEVER)


def ends_at(said: str, programme: Programme, at: datetime) -> datetime | None:
    """When points end that are given at this moment: `said` is their last day, YYYY-MM-DD, or one of ENDS."""
    if said == NEVER:
        return None
    if said == BY_PROGRAMME:
        return bought_points_times(programme, at).expires_at
    return end_of(programme, date.fromisoformat(said))


class BadMembers(Exception):
    """The file was not taken; `problems` names its bad lines, the first ones of `count`; `kinds` of what is wrong."""

    def __init__(self, problems: Sequence[str], count: int | None = None, kinds: frozenset[str] = frozenset()) -> None:
        self.count = len(problems) if count is None else count
        super().__init__(shown(problems, self.count))
        self.problems = list(problems)
        self.kinds = kinds


def shown(problems: Sequence[str], count: int) -> str:
    """As many as a screen holds."""
    some = problems[:BAD_LINES_SHOWN_MAX]
    more = count - len(some)
    return "\n".join([*some, *([f"… and {more} more"] if more > 0 else [])])


class UnknownCard(Exception):
    """No member has this card."""


class NewMember(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """A row of a file. `named`: it brought the member's id, else one was made. `expires`: the last day of its points
    (YYYY-MM-DD), or one of ENDS."""

    line: int
    programme: str
    card: str
    phone: str | None
    points: int
    registered: bool
    birthday: str | None
    favourites: tuple[str, ...]
    member: str
    named: bool = True
    name: str | None = None  # with the given name first
    expires: str = NEVER
    email: str | None = None


def new_ids() -> Iterator[str]:
    """Ids that ascend by random steps: those of a file lie beside each other in every index, whose pages are then
    written once for many rows; and who knows one guesses another in a million million tries."""
    at = secrets.randbits(ID_BITS)
    while True:
        steps = secrets.token_bytes(STEP_BYTES * DRAWN_AT_ONCE)
        for start in range(0, len(steps), STEP_BYTES):
            at = (at + 1 + int.from_bytes(steps[start : start + STEP_BYTES])) % 2**ID_BITS
            yield f"{at:016x}"
