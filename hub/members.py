"""Members as they join: the rows that hub/files/ reads and hub/importing.py takes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final

import msgspec

BAD_LINES_SHOWN_MAX: Final = 20
BAD_LINES_KEPT_MAX: Final = 1_000  # of a file of a million there may be a million


class BadMembers(Exception):
    """The file was not taken; `problems` names its bad lines, the first ones of `count`."""

    def __init__(self, problems: Sequence[str], count: int | None = None) -> None:
        self.count = len(problems) if count is None else count
        super().__init__(shown(problems, self.count))
        self.problems = list(problems)


def shown(problems: Sequence[str], count: int) -> str:
    """As many as a screen holds."""
    some = problems[:BAD_LINES_SHOWN_MAX]
    more = count - len(some)
    return "\n".join([*some, *([f"… and {more} more"] if more > 0 else [])])


class UnknownCard(Exception):
    """No member has this card."""


class NewMember(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """A row of a file. `named`: it brought the member's id, else one was made."""

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


def new_id() -> str:
    return secrets.token_hex(8)
