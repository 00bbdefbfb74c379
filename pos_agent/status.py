"""What the till's face shows to whoever only looks: the visit as it stands, and the state of the till's world.

The other half of protocol.py, which has what may be asked and what is replied. Nothing shown here promises anything.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from pos_agent.answers import Ask, Reply, ToldCoupon, ToldSale
from pos_agent.cards_state import CardsHere
from pos_agent.protocol_certificates import ToldTender
from pos_agent.shown_parts import AskedCode as AskedCode
from pos_agent.shown_parts import ShownLine as ShownLine
from pos_agent.shown_parts import ShownMember as ShownMember
from pos_agent.status_staff import StaffState


class LastReply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the cashier was told last: for a scan of the till's own scanner there is no other answer."""

    ok: bool
    code: str
    text: str
    say: tuple[str, ...] = ()
    ask: Ask | None = None
    advice: str | None = None


class ShownVisit(msgspec.Struct, frozen=True, kw_only=True):
    """The receipt in front. The sums stand there once it has a line; `quote` is null where nothing was promised.
    `keyed`: its goods are typed at the till's page, not told by a POS; `next_number`: what the page calls its next."""

    state: str
    receipt: str | None = None  # the POS's number
    pos: str | None = None  # whose receipt it is, of several POS
    day: str | None = None
    shift: str | None = None
    keyed: bool = False
    prepared: bool = False
    next_number: str = ""
    today: str = ""  # the store's
    lines: tuple[ShownLine, ...] = ()
    member: ShownMember | None = None
    gives_card: str | None = None  # masked: the blank one that goes out with this receipt
    card: str | None = None  # masked
    balance_points: int | None = None
    put_aside: tuple[str, ...] = ()  # numbers of the other receipts
    quote: str | UnsetType | None = UNSET
    before_points: str | UnsetType = UNSET  # rubles: what it would come to if no points were spent
    total_kopecks: int | UnsetType = UNSET
    to_pay_kopecks: int | UnsetType = UNSET
    limit_points: int | UnsetType = UNSET
    limit_reason: str | UnsetType | None = UNSET
    limit_text: str | UnsetType = UNSET
    limit_text_guest: str | UnsetType = UNSET  # in the customer's language
    stickers_guest: str | UnsetType = UNSET  # likewise
    redeemed_points: int | UnsetType = UNSET
    accrued_points: int | UnsetType = UNSET
    asked_code: AskedCode | UnsetType = UNSET
    told: ToldSale | UnsetType = UNSET  # the same as replies tell it: each line's discount, net and positions
    coupons: tuple[ToldCoupon, ...] | UnsetType = UNSET  # those that were shown before there was a line
    certificates: tuple[ToldTender, ...] | UnsetType = UNSET  # likewise


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """`handled` counts events: whoever asks with it as `after` waits for the next one."""

    handled: int
    reply: LastReply | None
    visit: ShownVisit


class Bootstrap(msgspec.Struct, frozen=True, kw_only=True):
    """Members are coming, to a till that knew nobody: so many of how many are here. Until all are, a card that is not
    known may be a member's."""

    done: int
    of: int


class HubStatus(msgspec.Struct, frozen=True, kw_only=True):
    url: str
    online: bool
    cause: str  # for the technician; empty when online
    code: str  # the same in one word
    pulled_at: str | None  # the hub's word is of then
    clock_off_s: int
    next_at: str | None = None  # while it is away: when it is asked again
    unanswered: int = 0  # questions for points in a row that it did not answer in time, also while it is online
    unanswered_at: str | None = None  # the last of them
    lease_ends_at: str | UnsetType = UNSET  # soon: then all members are forgotten, if it does not answer before
    forgotten: Literal["revoked", "lease"] | UnsetType = UNSET  # they were: the office sent the till away, or by time
    bootstrap: Bootstrap | UnsetType = UNSET  # members are coming
    unproven: str | UnsetType = UNSET  # why the hub may know another as this till: then no points are redeemed here
    uncovered_since: str | UnsetType = UNSET  # no copy of the hub has this old an operation: none is trimmed here


class NeighbourState(msgspec.Struct, frozen=True, kw_only=True):
    """A till of the shop, as it was when it was asked last (`asked_at`): there, silent, refused (`why`: it did not
    believe us, or could not be believed), or not_asked: the hub was never away when points were wanted."""

    at: str
    till: str | None
    state: Literal["not_asked", "there", "silent", "refused"]
    asked_at: str | None = None
    why: str = ""


class Neighbours(msgspec.Struct, frozen=True, kw_only=True):
    """The other tills of the shop. `strangers`: how many questions came that were signed with another secret."""

    tills: tuple[NeighbourState, ...]
    strangers: int = 0


class RefusedOperation(msgspec.Struct, frozen=True, kw_only=True):
    """The hub did not take it; a person must settle it."""

    generation: int
    sequence: int
    reason: str


class DamagedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the till's own that was damaged and put aside. `file`: its name now; `taken`: operations that were
    taken from it; `unread`: those that could not be, and that the hub has not either (generation.sequence)."""

    file: str
    at: str
    why: str  # for the technician
    taken: int
    unread: tuple[str, ...]


class LostOperations(msgspec.Struct, frozen=True, kw_only=True):
    """Operations that were recorded, and that neither the till nor its hub has. `at`: when the last of them was."""

    generation: int
    first: int
    last: int
    at: str
    count: int


class RowSetAside(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the hub told and that cannot be kept: what was known before stands. `kind`: member, coupon or
    coupon_key. `key`: whose it is, as far as it could be read. `reason`: unreadable, impossible, not_told (the hub
    could not tell it), not_kept."""

    kind: str
    key: str
    reason: str


class RowsSetAside(msgspec.Struct, frozen=True, kw_only=True):
    """How many there are, and the first of them."""

    count: int
    rows: tuple[RowSetAside, ...]


DiskState = Literal["low", "full"]


class DiskStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Of a disk under the till's files that has little room, or none."""

    state: DiskState
    free_mb: int  # millions of bytes
    reserve: bool  # besides, room is kept back for what has begun


class ShownCase(msgspec.Struct, frozen=True, kw_only=True):
    """Something about an operation of this till that people in the office look at. `sale`: what the POS calls the
    receipt; `text`: for the cashier."""

    case: str  # what the office calls it
    kind: str
    opened_at: str
    sale: str | None
    text: str


class OpenCases(msgspec.Struct, frozen=True, kw_only=True):
    """How many there are, and the newest of them."""

    count: int
    newest: tuple[ShownCase, ...]


class ShareState(msgspec.Struct, frozen=True, kw_only=True):
    """A device that the shop's POS uses too. `pos`: there, nobody, or not_read (it holds the port and reads nothing).
    `turn` of a printer: free, pos, draining, ours, or waits (a paper of ours waits for the POS's receipt to end)."""

    door: str
    pos: str
    turn: str | UnsetType = UNSET
    counts: dict[str, int]  # what was passed on and what was lost; of a printer, jobs that we had to print into


class PrinterState(msgspec.Struct, frozen=True, kw_only=True):
    url: str
    state: str
    link: str
    text: str  # for the cashier
    share: ShareState | UnsetType = UNSET


class ScannerCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Every scan that came is in exactly one of these (drivers/scanner/stream.py)."""

    scans: int = 0
    flagged: int = 0
    refused: int = 0
    duplicates: int = 0
    lost: int = 0


class ScannerState(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    url: str
    state: str
    cause: str
    losses: int
    counts: ScannerCounts
    refused: dict[str, int]  # by reason
    unread: bool = False  # a camera sees something like a code that it can't read
    share: ShareState | UnsetType = UNSET


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """What is off, for the cashier, with what to do and what is still possible. `of`: hub, disk, printer, clock, file,
    or a scanner's name. `stops`: some part of the work waits for somebody."""

    of: str
    code: str
    text: str
    stops: bool = False


class OfficeSettingsState(msgspec.Struct, frozen=True, kw_only=True):
    """What the office says of this till's settings (`pos-agent settings`). `waiting`: names of those that nobody here
    has decided on; `aside`: of those that this version cannot take; `restart`: what was decided holds after a start."""

    waiting: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    restart: bool = False


class ProgrammeVersion(msgspec.Struct, frozen=True, kw_only=True):
    """`since`: from when it is in force; null: it ships with the hub, and nobody has published it. `here`: its file has
    come to this till."""

    version: str
    hash: str
    since: str | None
    here: bool


class ProgrammeInForce(msgspec.Struct, frozen=True, kw_only=True):
    """Under which rules the till is. `since`: from when they were published; null: they are what its settings name.
    `missing`: what should be in force by now and is not here. `coming`: the next that is known of. `differs`: what the
    hub has under the version of the file that the settings name, and is another."""

    version: str
    hash: str
    since: str | None
    missing: ProgrammeVersion | UnsetType = UNSET
    coming: ProgrammeVersion | UnsetType = UNSET
    differs: ProgrammeVersion | UnsetType = UNSET


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What the till believes of itself and its world. `question` is what a person is asked about paper `asked`, `ask`
    the same in short, with its answers."""

    till: str
    store: str | None
    programme: str
    programme_version: str
    in_force: ProgrammeInForce | UnsetType = UNSET
    training: bool  # people practise: nothing leaves this till
    hub: HubStatus
    neighbours: Neighbours | UnsetType = UNSET  # absent where the settings name none
    disk: DiskStatus | UnsetType = UNSET  # absent as long as it has room enough
    outbox: int  # operations that wait for the hub
    refused: tuple[RefusedOperation, ...]
    damaged: tuple[DamagedFile, ...] = ()  # files of its own
    lost: tuple[LostOperations, ...] = ()
    set_aside: RowsSetAside | UnsetType = UNSET  # of what the hub told; absent where there is none
    cases: OpenCases | UnsetType = UNSET  # what the office looks at; absent where there is nothing
    staff: StaffState | UnsetType = UNSET  # absent where the office keeps no list
    settings: OfficeSettingsState | UnsetType = UNSET  # absent where all holds that the office says
    cards: CardsHere | UnsetType = UNSET
    papers: dict[str, int]  # print jobs by state
    proofs: dict[str, int]  # printed ones by whose word it was
    visit: ShownVisit
    last_reply: LastReply | None
    question: str | None
    asked: int | None
    ask: Ask | UnsetType = UNSET
    printer: PrinterState | None
    scanners: tuple[ScannerState, ...]
    troubles: tuple[Trouble, ...] = ()


class ShownPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A paper as it is: what stands on it, and how far it came out."""

    job: int
    kind: str
    label: str
    state: str  # of PaperState
    text: str  # that in words
    doubtful: bool  # an earlier attempt may have left some paper
    lines: tuple[str, ...]


class ShownDone(msgspec.Struct, frozen=True, kw_only=True):
    """What was recorded last: a sale or a return. `paper`: none where nothing is printed for it."""

    kind: str
    number: str
    day: str
    at: str
    to_pay: str  # of a return: what is given back
    redeemed: int
    accrued: int
    card: str | None  # masked
    balance: int | None = None  # after it, where it was by card
    paper: ShownPaper | None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Whether this paper came out: what a person is asked, and answers with the command `paper`."""

    paper: int
    text: str


class Revised(msgspec.Struct, frozen=True, kw_only=True):
    """What is told whole, again and again; `revision` is another when anything in it is."""

    revision: str = ""


class State(Revised, frozen=True, kw_only=True):
    """All that a page shows: what `/v1/visit` and `/v1/status` say, the whole of the last reply, the open question.
    `revision` is another when anything in it is, and another after a restart."""

    handled: int
    visit: ShownVisit
    status: Status
    reply: Reply | None
    question: Asked | None
    done: ShownDone | None = None
    guest_types: bool = False  # the code that was sent to him, on his display
