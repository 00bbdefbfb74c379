"""What the operations of a ledger say, gathered one after another, with what must be known to understand them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from hub.audit.fingerprints import PERHAPS, Says
from hub.store.certificate_records import CertificateEntryRow, CertificateRow
from hub.store.records import CardRow, LotKey, LotRow, Place, place_of
from loyalty.bodies import Adjustment, Grant, Return, ReturnCompleted, Sale, SaleClaimed
from loyalty.effects import lot_id
from loyalty.operation import Operation
from loyalty.stickers import moved

NO_LONGER = "*"  # stands for the end of a lot whose points are another's: it ends nothing


class Whose:
    """Who went into whom, as the members say: the only thing that is kept of single members."""

    def __init__(self, merged: Mapping[str, str]) -> None:
        self.merged = merged
        self.family = merged.keys() | set(merged.values())

    def owners(self, member: str) -> Iterator[str]:
        """Whose the points were, one merge after another; a circle of merges is gone through once."""
        yield member
        seen = {member}
        while (member := self.merged.get(member, member)) not in seen:
            seen.add(member)
            yield member

    def last(self, member: str) -> str:
        if member not in self.merged:
            return member
        *_, last = self.owners(member)
        return last


@dataclass(slots=True)
class Posted:
    """What the entries of an operation come to."""

    total: int = 0
    contra: dict[str, int] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    died: set[str] = field(default_factory=set)  # whose lots' expiry it moved: in a ledger of before, the last owner's
    lots: set[str | None] = field(default_factory=set)  # of which it moved points
    moved: bool = False  # a member's points or debt
    certificates: list[CertificateEntryRow] = field(default_factory=list)

    @property
    def member(self) -> str | None:
        """Whose points they were at that time, when they are one member's."""
        return next(iter(self.members)) if len(self.members) == 1 else None


class Told(NamedTuple):
    """An applied operation, and what was posted for it."""

    operation: Operation
    posted: Posted

    @property
    def place(self) -> Place:
        return place_of(self.operation)

    @property
    def member(self) -> str | None:
        """Whose points moved: as they were posted, else as the operation says."""
        named: str | None = getattr(self.operation.body, "member", None)
        return self.posted.member or named


class Life(NamedTuple):
    """A lot that an operation makes; points None: how many is not in the operation, nor whether it made one."""

    points: int | None
    most: int
    active_from: datetime
    expires_at: datetime | None


class Merge(NamedTuple):
    place: Place
    at: str
    gone: str  # as the operation names them
    into: str
    posted: frozenset[str]


class Due(NamedTuple):
    """What must stand in the entries of an operation: contra accounts to the point, but for `expired` where the kind
    may move it. `member`: whose points; `exactly`: he is named, not found by his card as it is now."""

    member: str | None = None
    contra: Mapping[str, int] = MappingProxyType({})
    expired: bool = False
    moves: bool = False  # also when the contra accounts do not
    exactly: bool = True
    several: bool = False  # two members' points: looked at when all merges are known


NOTHING: Final = Due()


@dataclass(slots=True)
class Ledger:
    """What the operations say, and what must be known to understand them: `cards`, `lots` and `certificates` as the
    tables have them, for the operations at hand, and `nobodies`, who are named there and are no members."""

    says: Says
    whose: Whose
    zone_of: Callable[[str], ZoneInfo]
    cards: Mapping[str, CardRow] = field(default_factory=dict)
    nobodies: set[str] = field(default_factory=set)
    lots: Mapping[LotKey, LotRow] = field(default_factory=dict)
    certificates: Mapping[str, CertificateRow] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    ends: dict[str, dict[tuple[str, int], datetime | None]] = field(default_factory=dict)  # by lot: each chain's last
    joined_registered: set[str] = field(default_factory=set)  # of those who went into another, or got another
    registered: set[str] = field(default_factory=set)  # as above: named, or he went into one of them

    def member_of(self, body: Sale | Return) -> str | None:
        is_named = body.member is not None and body.member not in self.nobodies
        if is_named or body.card is None:
            return body.member
        card = self.cards.get(body.card)
        return card.member if card else None

    def day(self, body: Sale | Return | ReturnCompleted, member: str, day: str, sums: Mapping[str, int]) -> None:
        """Whoever has only a card was perhaps nobody's when he bought; if points moved, he was known."""
        moved = sums["redeemed"] or (isinstance(body, Sale) and body.accrued.points)
        moved = moved or (isinstance(body, Return) and body.clawed_back.points)
        how = "" if body.member == member or moved else PERHAPS
        key = (self.whose.last(member), day)
        for table, amount in sums.items():
            self.says.said(table, key, amount, how)

    def stickers(self, told: Told, member: str) -> None:
        """With whoever he is by now: between two who became one nothing is moved."""
        for collection, count in moved(told.operation.body):
            owner = self.whose.last(told.posted.member or member)
            self.says.said("sticker entry", (*told.place, owner, collection), count)

    def lot(self, told: Told, sign: int = 1, **instead: datetime | None) -> None:
        """The lot that an operation makes stands with whoever was the member then, and with all whom he went into.
        `end`: another than it says."""
        life, member = life_of(told.operation), told.member
        if life is None or member is None:
            return
        key = lot_id(*told.place)
        for owner in self.whose.owners(member):
            points = life.points if life.points is not None else self._made(life, LotKey(owner, key))
            if points:
                end = instead.get("end", life.expires_at) if owner not in self.whose.merged else NO_LONGER
                self.says.said("lot", (owner, key, points, life.active_from, end), sign)

    def _made(self, life: Life, key: LotKey) -> int:
        """What a return has made, as far as it may."""
        row = self.lots.get(key)
        return min(row.granted, life.most) if row else 0


def life_of(operation: Operation) -> Life | None:
    """The lot that an operation makes, or may make."""
    match body := operation.body:
        case Sale() | SaleClaimed():
            earned = body.accrued
            return _life(operation, earned.points, earned.active_from, earned.expires_at)
        case Grant() | Adjustment():
            return _life(operation, max(0, body.points), body.active_from, body.expires_at)
        case Return() if body.restored.points:
            found = _life(operation, body.restored.points, None, body.restored.dead_until)
            return found._replace(points=None) if found else None
    return None


def _life(operation: Operation, points: int, active_from: str | None, expires_at: str | None) -> Life | None:
    if not points:
        return None
    end = datetime.fromisoformat(expires_at) if expires_at else None
    return Life(points, points, datetime.fromisoformat(active_from or operation.at), end)
