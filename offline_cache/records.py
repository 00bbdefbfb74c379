"""The values the cache gives and takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from loyalty.bodies import SaleNumber
from loyalty.cards import CardStatus, status_at
from loyalty.cases import CaseSnapshot
from loyalty.operation import Key, Operation
from loyalty.programme import Programme
from loyalty.snapshot import MemberSnapshot
from loyalty.standing import Standing, standing
from offline_cache.published import Published

CHAIN: Final = "chain"  # as the hub calls it: all members
AT_HAND_MAX: Final = 64  # members of whom what was read is known: those at the counter, and some before them
RowKind = Literal["member", "coupon", "coupon_key"]
PaperKind = Literal["receipt", "return", "copy", "slip", "certificate", "report", "drawer"]  # the last is a kick


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRecord:
    number: str
    member: str
    status: str
    active_from: datetime | None = None  # when a pending card becomes active by itself (P19)

    def status_at(self, at: datetime) -> CardStatus:
        return status_at(self.status, self.active_from, at)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MemberRecord:
    """A member as the hub told of him, and our own operations that it did not know of then, oldest first."""

    told: MemberSnapshot
    own: tuple[Operation, ...]

    def standing(self, programme: Programme) -> Standing:
        return standing_of(self, programme.timezone)


@lru_cache(maxsize=AT_HAND_MAX)
def standing_of(record: MemberRecord, zone: ZoneInfo) -> Standing:
    """Of one that does not change, and is known again as itself."""
    return standing(record.told, record.own, zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSale:
    """What an earlier telling of the same sale left behind."""

    sale: SaleNumber
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The hub's answer to one operation: the same for ever."""

    key: Key
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
    key: Key | None  # the last operation of the sale it tells of, if it tells of one
    document: bytes
    state: str  # of PaperState
    attempt: int
    cause: str
    doubtful: bool  # an earlier attempt may have left some paper: the next one is marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """How far the till has read the hub's change feed."""

    cursor: str  # the hub's; empty: from the beginning
    pulled_at: datetime | None  # the hub's time of the last complete pull
    latest_at: datetime | None = (
        None  # the latest moment seen: the hub's, of what was done since, or of this machine's own clock
    )
    met_at: datetime | None = None  # the hub's time when it told anything last; none where nobody is known
    scope: str = CHAIN  # whom it tells of: all members, or (`shop:` and the store) those of the till's shop


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A row of the hub's page that was not taken; what was known before stands. `key`: whose it is, as far as it could
    be read. `reason`: `unreadable`, `impossible`, `not_told` (the hub itself could not tell it), `not_kept`."""

    kind: RowKind
    key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the hub's change feed. `watermark`: our operations up to it are in the members' snapshots.
    `used_coupons`: nothing is left of these; of those that are `returned_coupons` something is, `coupon_uses_left`
    says how much where they had several uses. `stopped_campaigns`: of these no coupon is to be taken now.
    `pulled_at` is the hub's time when the page is the last one, else None; `at`: its time. `set_aside`: rows of it
    that are not taken; a member who cannot be kept is one more. `cases`: of our operations. `scope`: whom the feed
    tells of; where that is another than before, the page is its beginning. `gone`: members of whom it tells no
    more. `programmes`: None where the hub says nothing of them. `phones_change`: not all are told yet under this
    key of phones. `covered`: up to where a copy of the hub has each of our generations, as far as it says.
    `rotating_keys`: all that phones are certified with."""

    members: Sequence[MemberSnapshot]
    used_coupons: Sequence[str]
    coupon_keys: Mapping[int, bytes]
    phone_hash_key: bytes
    watermark: Key
    cursor: str
    pulled_at: datetime | None
    returned_coupons: Sequence[str] = ()
    coupon_uses_left: Mapping[str, int] = field(default_factory=dict)
    stopped_campaigns: Sequence[str] = ()
    set_aside: Sequence[SetAside] = ()
    cases: Sequence[CaseSnapshot] = ()
    at: datetime | None = None
    scope: str | None = None
    gone: Sequence[str] = ()
    programmes: Sequence[Published] | None = None
    phones_change: bool = False
    covered: Sequence[Key] = ()
    rotating_keys: Mapping[int, bytes] = field(default_factory=dict)
