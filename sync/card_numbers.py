"""What a till and its hub say of cards that can be given out: the act `card_numbers` of the desk (sync/desk.py), asked
by the till itself and for nobody."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

ACT: Final = "card_numbers"
VIRTUAL_MAX: Final = 100  # numbers that one file may have ahead
SPOILED_MAX: Final = 100  # told at once

_Number = Annotated[str, msgspec.Meta(min_length=1, max_length=32)]


class CardNumbersAsked(msgspec.Struct, frozen=True, kw_only=True):
    """`file`: the till's file, and on which `machine`, for no two may have the same numbers, and a copy of a disk is
    leased under the same file. `virtual`: how many it wants to have ahead. `spoiled`: blanks that nobody gets any
    more."""

    file: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    machine: Annotated[str, msgspec.Meta(pattern=r"^\S{0,64}$")] = ""
    virtual: Annotated[int, msgspec.Meta(ge=0, le=VIRTUAL_MAX)]
    spoiled: Annotated[tuple[_Number, ...], msgspec.Meta(max_length=SPOILED_MAX)] = ()


class CardNumbersTold(msgspec.Struct, frozen=True, kw_only=True):
    """`virtual`: all that are this file's and nobody's yet. `blanks_left`: of the till's store; None: nobody counts
    them, for no batch of the programme was ever made."""

    virtual: tuple[_Number, ...]
    blanks_left: int | None
