"""What the ledger keeps: one record for each table, the same for every database.

Moments are aware and in UTC, money is kopecks, points are whole. `Place` is an operation's identity.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, NamedTuple

from loyalty.bodies import OperationRef
from loyalty.cards import CardStatus
from loyalty.consents import ConsentSource, ConsentTo
from loyalty.operation import Operation

Account = Literal["member", "debt", "issued", "redeemed", "expired", "adjusted"]
ChangeKind = Literal["member", "coupon", "case", "goods"]
CaseState = Literal["open", "settled"]
HoldState = Literal["open", "confirmed", "voided"]


class Place(NamedTuple):
    """Where an operation stands."""

    chain: str
    generation: int
    sequence: int

    @property
    def id(self) -> str:
        """As people say it."""
        return f"{self.chain}/{self.generation}/{self.sequence}"


def place_of(of: Operation | OperationRef) -> Place:
    return Place(of.chain, of.generation, of.sequence)


class ChainKey(NamedTuple):
    chain: str
    generation: int


class ChainEnd(NamedTuple):
    """A chain is answered up to here, without gaps."""

    chain: str
    generation: int
    sequence: int
    last_hash: str

    @property
    def key(self) -> ChainKey:
        return ChainKey(self.chain, self.generation)


class KeptOperation(NamedTuple):
    """An operation as it was told, never written anew, and what it was answered: `reason` None means applied."""

    chain: str
    generation: int
    sequence: int
    hash: str
    text: str
    reason: str | None

    @property
    def place(self) -> Place:
        return Place(self.chain, self.generation, self.sequence)


class MemberRow(NamedTuple):
    """A member's account besides his lots. `debt`: points taken back beyond what he had, never below 0."""

    member: str
    programme: str
    registered: bool
    debt: int = 0
    merged_into: str | None = None  # all he had is there


class ProfileRow(NamedTuple):
    """What no operation says of a member. `phone` is E.164, `birthday` YYYY-MM-DD, `name` has the given name first,
    `email` is as loyalty/emails.py reads it."""

    member: str
    phone: str | None
    birthday: str | None
    favourites: tuple[str, ...]
    name: str | None = None
    email: str | None = None


class CardRow(NamedTuple):
    """A card's number is one member's in all the ledger."""

    number: str
    member: str
    status: CardStatus
    active_from: datetime | None = None  # when a pending card becomes active by itself
    successor: str | None = None


class LotKey(NamedTuple):
    member: str
    lot: str


class LotRow(NamedTuple):
    """Points of one source (`lot`: loyalty.effects.lot_id of the operation that made it). After a merge the same lot
    stands at both members, and its points at the one who has them."""

    member: str
    lot: str
    granted: int
    remaining: int
    expired: int  # died unspent, and booked so
    active_from: datetime
    expires_at: datetime | None  # None: no end

    @property
    def key(self) -> LotKey:
        return LotKey(self.member, self.lot)


class EntryRow(NamedTuple):
    """One side of a posting: the entries of an operation sum to zero. `number` counts them from 1. A contra account
    (issued, redeemed, expired, adjusted) is the programme's, and stands with the member whose points moved."""

    chain: str
    generation: int
    sequence: int
    number: int
    member: str
    account: Account
    lot: str | None  # what the member account moved, or an expiry
    points: int

    @property
    def place(self) -> Place:
        return Place(self.chain, self.generation, self.sequence)


class DayRow(NamedTuple):
    """Sums of a member's day by the clock of the store; in `Rows.days` what is to be added to them."""

    member: str
    day: str
    redeemed: int
    offline: int  # of those, without a connection
    spent_kopecks: int  # what counts for tiers, less what came back


class CouponRow(NamedTuple):
    """A use of a coupon: the sale that has it, as which of its uses (`number`, from 1), or that honoured it once more
    than it may be (a conflict: recorded, never dropped; number 0). `member`: whose receipt it was then, "" if nobody's;
    `uses`: how many it has, as that sale told."""

    serial: str
    chain: str
    generation: int
    sequence: int
    number: int = 1
    programme: str = ""
    campaign: str = ""
    member: str = ""
    discount_kopecks: int = 0
    uses: int = 1

    @property
    def place(self) -> Place:
        return Place(*self[1:4])


class ReturnRow(NamedTuple):
    """A return, the sale it is of, and the points that it gave back."""

    of_chain: str
    of_generation: int
    of_sequence: int
    chain: str
    generation: int
    sequence: int
    restored: int

    @property
    def of(self) -> Place:
        return Place(*self[:3])

    @property
    def place(self) -> Place:
        return Place(*self[3:6])


class CaseKey(NamedTuple):
    """Of one operation there is at most one case of a kind."""

    chain: str
    generation: int
    sequence: int
    kind: str

    @property
    def id(self) -> str:
        """As people say it."""
        return f"{self.kind}/{self.chain}/{self.generation}/{self.sequence}"


class CaseRow(NamedTuple):
    """Something that a person looks at (hub/cases/kinds.py), with the operation that it came of; never dropped. `sale`
    is what people call the receipt; `others`: operations that have to do with it."""

    chain: str
    generation: int
    sequence: int
    kind: str
    opened_at: datetime
    programme: str | None
    member: str | None
    sale: str | None
    cost_points: int
    cost_kopecks: int
    note: str
    others: tuple[Place, ...] = ()
    state: CaseState = "open"
    settled_at: datetime | None = None
    settled_by: str | None = None
    remedy: str | None = None
    settled_note: str = ""

    @property
    def place(self) -> Place:
        return Place(*self[:3])

    @property
    def key(self) -> CaseKey:
        return CaseKey(*self[:4])

    @property
    def id(self) -> str:
        return self.key.id


class ChangeRow(NamedTuple):
    """Somebody has changed, and whoever reads this partition of the feed is to be told."""

    partition: str
    kind: ChangeKind
    key: str


class Change(NamedTuple):
    """A change as it is read. `cursor` means something to this database alone."""

    cursor: str
    kind: ChangeKind
    key: str


class KeptChange(NamedTuple):
    """A change with its place in the feed, as a move to another database carries it."""

    partition: str
    cursor: int
    kind: ChangeKind
    key: str


ERASED: Final = "erased"  # what is done for a member once, and then he is nobody's


TURNOVER: Final = "turnover/"  # and the operation that brought it: what a member bought before the ledger knew him


class OnceRow(NamedTuple):
    """What was done for a member and is never done again, such as `birthday/2026`."""

    member: str
    what: str


class JobRow(NamedTuple):
    """A job: all that was due up to `done_until` is done (None: never yet), `did`: for so many in the run that ended
    last; whoever does it now, and until when nobody else may."""

    job: str
    done_until: datetime | None = None
    did: int = 0
    holder: str | None = None
    held_until: datetime | None = None


class HoldKey(NamedTuple):
    member: str
    hold: str


class HoldRow(NamedTuple):
    """Points that a till has reserved for a receipt. `open` holds them until then; one that is `voided` keeps its id
    from being asked for again."""

    member: str
    hold: str
    till: str
    points: int
    until: datetime
    state: HoldState = "open"

    @property
    def key(self) -> HoldKey:
        return HoldKey(self.member, self.hold)

    def holds_at(self, at: datetime) -> int:
        """Points that nobody else may spend."""
        return self.points if self.state == "open" and self.until > at else 0


class ConsentKey(NamedTuple):
    member: str
    what: ConsentTo
    given_at: datetime


class ConsentRow(NamedTuple):
    """What a member agreed to, when, under which version of the document, said where; and when it ended, if it did."""

    member: str
    what: ConsentTo
    given_at: datetime
    document: str
    source: ConsentSource
    withdrawn_at: datetime | None = None

    @property
    def key(self) -> ConsentKey:
        return ConsentKey(*self[:3])


class EarlierNumber(NamedTuple):
    """What people call an earlier receipt; tills of one shop may have used it each for itself (`pos`)."""

    store: str
    day: str
    number: str


class EarlierRow(NamedTuple):
    """Where a receipt of the system before stands in the ledger, and by what it is found besides: the card and the
    number of the fiscal document."""

    store: str
    day: str
    number: str
    pos: str
    chain: str
    generation: int
    sequence: int
    card: str | None = None
    document: str | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self[:4]

    @property
    def place(self) -> Place:
        return Place(*self[4:7])
