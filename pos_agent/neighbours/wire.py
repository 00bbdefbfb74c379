"""What the tills of one shop say to each other while the hub is away: JSON over HTTP, typed and bounded on both sides.

    POST /n1/holds   Asked → Told      a till is about to tell a customer of points: who else has a word of them?
    POST /n1/voids   Ended → Heard     what was claimed is not wanted any more

No name, no phone, no day of birth: the shop's network carries a member's id, numbers and moments.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from loyalty.bodies import HoldId
from sync.protocol import UNSENT_MAX, Counter, Points

HOLDS: Final = "/n1/holds"
VOIDS: Final = "/n1/voids"
CLAIMS_MAX: Final = 200  # of one member, that a till keeps and tells: each is an open receipt of his
BODY_BYTES_MAX: Final = 100_000  # so many claims are half of it

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern="^[a-z0-9-]*$")]  # of a till
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]  # of a member, of a programme
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class _Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    pass


class Claim(_Said, frozen=True, kw_only=True):
    """Points that a till wants for a receipt (`pending`) or has for it (`held`), until then. `turn`: greater than
    every one that the till had heard of before it asked."""

    hold: HoldId
    till: Name
    points: Points
    turn: Counter
    until: Moment
    state: Literal["pending", "held"] = "pending"


class Word(_Said, frozen=True, kw_only=True):
    """What the hub last said of a member to this till: when, by the hub's clock, and how many of those points may be
    spent now."""

    at: Moment
    active: Points


class Spent(_Said, frozen=True, kw_only=True):
    """What this till did that its word, or a newer one, does not know of: at most so many points less; under these
    holds."""

    points: Points = 0
    holds: Annotated[tuple[HoldId, ...], msgspec.Meta(max_length=UNSENT_MAX)] = ()


class Asked(_Said, frozen=True, kw_only=True):
    programme: Id
    member: Id
    claim: Claim


class Told(_Said, frozen=True, kw_only=True):
    """`turn`: the last that the till knows of: what it claims later has a greater one. `word` None: it has not heard
    of the member. `claims`: all that it knows on him, its own and others'."""

    till: Name
    turn: Counter
    word: Word | None = None
    spent: Spent = Spent()
    claims: Annotated[tuple[Claim, ...], msgspec.Meta(max_length=CLAIMS_MAX)] = ()


class Ended(_Said, frozen=True, kw_only=True):
    till: Name
    member: Id
    holds: Annotated[tuple[HoldId, ...], msgspec.Meta(min_length=1, max_length=CLAIMS_MAX)]


class Problem(_Said, frozen=True, kw_only=True):
    """Instead of an answer."""

    code: Annotated[str, msgspec.Meta(max_length=40, pattern="^[a-z0-9_]*$")]


class Heard(_Said, frozen=True, kw_only=True):
    till: Name
