"""The values the cache gives and takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from loyalty.operation import Operation, SaleNumber

PaperKind = Literal["receipt", "copy", "slip", "report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRecord:
    number: str
    member: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRecord:
    """A member with the balance as it is now: the hub's snapshot plus our own operations after it."""

    member: str
    points_snapshot: int
    points_own: int  # what our operations after the snapshot do
    redeemed_unsynced: int
    accumulated_kopecks: int
    birthday: str | None
    favourites: tuple[str, ...]

    @property
    def points(self) -> int:
        return self.points_snapshot + self.points_own


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSale:
    """What an earlier telling of the same sale left behind."""

    sale: SaleNumber
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The hub's answer to one operation: the same for ever."""

    sequence: int
    hash: str
    result: str  # "applied" or "refused"
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper that must come out. `label` is what a person calls it: the number of the sale, the day."""

    kind: PaperKind
    label: str
    document: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintJob:
    """A paper and how far it got."""

    job: int
    kind: PaperKind
    label: str
    sequence: int | None  # the last operation of the sale it tells of, if it tells of one
    document: bytes
    state: str  # of PaperState
    attempt: int
    cause: str
    doubtful: bool  # an earlier attempt may have left some paper: the next one is marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """How far the till has read the hub's change feed."""

    cursor: int
    pulled_at: datetime | None  # the hub's time of the last complete pull
