"""What till and hub say to each other: JSON over HTTP, typed on both sides.

    POST /v3/operations   PushRequest → PushReply      oldest first; one answer for each operation
    GET  /v3/changes      ?till&generation&programme&after&limit&store&scope&settings&staff&seal_to&next_hub_key
                          → ChangesPage
    GET  /v3/goods        ?after&limit&store&scope → GoodsPage   what the chain sells, with the store's prices
    GET  /v3/ready        ?till&generation&programme&store → ReadyFile   what a till that knows nobody begins with
    GET  /v3/ready/FILE   ?after → a ReadyBlock, zlib over JSON; nothing behind the last
    POST /v3/holds        HoldRequest → HoldReply      points are reserved for a receipt, before they are told
    POST /v3/members      MemberRequest → MemberNow    one member as he is at this moment
    GET  /v3/programmes/HASH   → ProgrammeFile         the file of a programme that the chain has published
    POST /v3/lease        LeaseRequest → LeaseReply    under which generation a file works for its till
    GET  /v3/own          ?till&generation&after → OwnPage   a till's own operations, as the hub has them

An answer is kept by the hub for ever and given again, byte for byte, when the same operation comes again. Where the
hub cannot go on in a batch, what came before is answered, and `stopped` says why; where nothing came before, that is
an HTTP 4xx with a Problem. A cursor is the hub's own text, and "" the beginning of the feed: a till keeps it and gives
it back, and concludes nothing from it.

The hub is upgraded first; a till that meets an older hub gets a 404 and says so (sync/client.py).
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from loyalty.bodies import AMOUNT_MAX, HoldId
from loyalty.cases import CaseSnapshot
from loyalty.goods_snapshot import GoodsSnapshot
from loyalty.snapshot import MemberSnapshot

BATCH_OPERATIONS_MAX = 200  # a batch is one hub transaction; 200 receipts of ten lines took the hub about 45 ms
PAGE_MEMBERS_MAX = 1_000  # the till writes a page in one transaction without holding up a sale
PAGE_GOODS_MAX = 1_000  # likewise
BODY_BYTES_WANTED = 500_000  # a batch or a page ends when it is this long, though never before its first item
BODY_BYTES_MAX = 4_000_000  # neither side reads more; the longest receipt (1,000 lines, quoted twice) is half of it
CURSOR_LETTERS_MAX = 64  # of the ASCII that is seen
COUNTER_MAX = 2**62
SOURCE_BYTES_MAX = 500_000  # of a programme's file; the longest that ships has 12 thousand
PROGRAMMES_MAX = 20  # of one id that a page tells of: the one in force, and those to come
READY_MEMBERS_MAX = 10_000  # of one block: 0.4 MB on the wire, and a till's memory holds one
READY_BYTES_MAX = 8_000_000  # of a block that is unpacked: a till unpacks no more
LOST_MAX = 100  # stretches of numbers that a till tells at once
PLACE_LETTERS_MAX = 400  # of a place in a ready file: a member's id, and a letter before it
NO_FILE = "no_such_file"  # a problem's code (410): the hub has let that ready file go; ask which there is
BUSY = "busy"  # a problem's code (503): the hub has as much to do as it can; the same again, in a while
TOO_MANY = "too_many"  # likewise (429): of this till's requests; `Retry-After` says in how long a while
NOT_HEARD = ("not_signed", "unknown_till", "revoked", "other_ledger")  # codes: this key is nobody's at the hub
KNOWS_ANOTHER = ("other_file", "forked")  # likewise: another file works as this till, or has worked
CHAIN = "chain"
SHOP = "shop:"  # and the store's id
HOLD_LASTS_MAX_S = 7_200  # a quote is worked out anew after minutes; what nobody ends blocks no points for longer
SETTINGS_MAX = 100  # that a till is told of: it has some thirty, and some ten of them may be said from afar
SETTING_TEXT_MAX = 100  # letters of a value; each that may be said is a word
STAFF_MAX = 1_000  # of one store: a hypermarket has some three hundred
UNSENT_MAX = 50  # sales of one member that wait at one till

Counter = Annotated[int, msgspec.Meta(ge=0, le=COUNTER_MAX)]
Points = Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX)]
ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Scope = Annotated[str, msgspec.Meta(max_length=60)]
OtherKey = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")]
Epoch = Annotated[str, msgspec.Meta(max_length=64, pattern="^[0-9a-f]*$")]
FileId = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
Place = Annotated[str, msgspec.Meta(min_length=1, max_length=PLACE_LETTERS_MAX)]
Edition = Annotated[str, msgspec.Meta(max_length=64, pattern="^[0-9a-f]*$")]
Cursor = Annotated[str, msgspec.Meta(max_length=CURSOR_LETTERS_MAX, pattern="^[!-~]*$")]


class PushRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`operations`: canonical texts (loyalty/operation.py). `programmes`: files that the hub asked for, by hash."""

    till: str
    operations: tuple[str, ...]
    programmes: dict[str, str] = {}


class OperationAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    sequence: int
    hash: str
    result: Literal["applied", "refused"]
    reason: str | None = None
    generation: int = 1


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request was not taken, or not to its end. `tries_left`: where the code of a till that joins was another."""

    code: str
    message: str
    tries_left: int | None = None


class PushReply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`answers`: for all operations, or for those before the one that `stopped` the batch. `programmes_wanted`: hashes
    of the rules that these operations were made under and the hub does not have."""

    answers: tuple[OperationAnswer, ...]
    programmes_wanted: tuple[str, ...] = ()
    stopped: Problem | None = None


class Watermark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far a till's operations are in what is told. `hash`: of the last of them; "" where there is none. `covered`:
    how far they are in a copy of the ledger that was made last, as far as anybody said."""

    generation: Counter
    sequence: Counter
    hash: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")] = ""
    covered: Counter = 0


class ToldProgramme(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A programme that is in force `from` a moment (UTC). Without one it was not published and only ships with the hub:
    a till compares it with its own."""

    id: ShortText
    version: ShortText
    hash: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    begins_at: str | None = msgspec.field(name="from", default=None)


class ProgrammeFile(msgspec.Struct, frozen=True, kw_only=True):
    hash: str
    source: str


class ToldSetting(msgspec.Struct, frozen=True, kw_only=True):
    """What the office says of one setting: `store` whose tills it means ("*": all of the chain), `by` whom, when."""

    name: ShortText
    value: bool | int | Annotated[str, msgspec.Meta(max_length=SETTING_TEXT_MAX)]
    store: ShortText
    by: ShortText
    at: str  # UTC


class ToldSettings(msgspec.Struct, frozen=True, kw_only=True):
    """All that it says to the asking till, and nothing of it holds before a person there has agreed. `edition`: of all
    of it; "": it says nothing."""

    edition: Edition
    settings: tuple[ToldSetting, ...]


class ToldPerson(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who works at the till's store. `name`: as operations name him; `pin`, `badge`: hashes
    (sync/staff_codes.py), "" where he has none."""

    id: ShortText
    name: ShortText
    role: ShortText
    pin: Annotated[str, msgspec.Meta(max_length=200)] = ""
    badge: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")] = ""


class ToldStaff(msgspec.Struct, frozen=True, kw_only=True):
    """All who may sign in at the asking till; whoever is not here any more may not. `edition`: of all of it; "": the
    office keeps no list. `pepper`: hexadecimal; on the wire sealed to the till's key of this request."""

    edition: Edition
    pepper: str
    people: tuple[ToldPerson, ...]


class ChangesPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Members as they are now, for all that changed after the cursor. `watermark`: the asking till's operations up
    to it are in these members. `used_coupons`: serials of which
    no use is left, or that were revoked; of those that are `returned_coupons` some is. `set_aside`: members who changed
    too, and cannot be told. `cases`: of the asking till's
    operations, those that were opened or settled. `scope`: whom the till is told of, all of the chain or those of its
    shop (`shop:` and the store); where it is another than the one it asked with, this is the beginning of that feed,
    and what it knew is to go. `gone`: members whom the shop's tills are to forget. `programmes`: of the till's, the one
    in force and those to come, in order; None: the hub says nothing of them. `phones_change`: the key of phones is
    another than it was, and not all members have been told under it yet. `new_key`: the till is to tell a new key of
    its own (sync/renewing.py). `next_hub_key`: the public key that the hub will sign with some day. `before`: how far
    the hub is with the till's other generations. `epoch`: which of the ledger's lives it is, a new one after each
    restore; "": not said. `settings`: what the office says of the till's, where that is another edition than it asked
    with; a till whose question has no `settings` is told none. `staff`: who works at the till's store, likewise.
    `coupon_uses_left`: of the returned coupons those that had several uses, and how many are left of each.
    `stopped_campaigns`: all of the programme's of which no coupon is to be taken now. `rotating_keys`: all that
    certify phones now (loyalty/rotating_code.py), like `coupon_keys`."""

    cursor: Cursor
    more: bool
    watermark: Watermark
    at: str  # the hub's time, UTC
    members: tuple[MemberSnapshot, ...]
    used_coupons: tuple[str, ...]
    returned_coupons: tuple[str, ...] = ()
    coupon_keys: dict[str, str]  # key id → raw Ed25519 public key, hexadecimal
    phone_hash_key: str  # hexadecimal; on the wire sealed to the till's key of this request (sync/private.py)
    set_aside: tuple[str, ...] = ()
    cases: tuple[CaseSnapshot, ...] = ()
    scope: Scope = CHAIN
    gone: tuple[str, ...] = ()
    programmes: tuple[ToldProgramme, ...] | None = None
    phones_change: bool = False
    new_key: bool = False
    next_hub_key: OtherKey = ""
    before: tuple[Watermark, ...] = ()
    epoch: Epoch = ""
    settings: ToldSettings | None = None
    staff: ToldStaff | None = None
    coupon_uses_left: dict[str, Counter] = {}
    stopped_campaigns: tuple[str, ...] = ()
    rotating_keys: dict[str, str] = {}


class ReadyFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a till that knows nobody begins with, all of one moment: its blocks are under `file` ("": there is none, and
    the feed tells all), the feed goes on behind `cursor`. `watermark`: the asking till's operations up to it are in
    these members; `members`: so many."""

    file: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{0,32}$")]
    cursor: Cursor = ""
    watermark: Watermark | None = None
    at: str = ""
    scope: Scope = CHAIN
    epoch: Epoch = ""
    members: Counter = 0


class ReadyBlock(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a ready file; the next one is behind the place `to`. Places are in order, and the same in every file of
    the ledger: where one file has gone, the next goes on behind the place that was reached."""

    to: Place
    members: tuple[MemberSnapshot, ...] = ()
    used_coupons: tuple[str, ...] = ()
    returned_coupons: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    coupon_uses_left: dict[str, Counter] = {}


class GoodsPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Goods as they are now, for all that changed after the cursor. `gone`: articles that are sold no more. `scope`: of
    whose prices these are; where it is another than the till asked with, this is the beginning of that feed."""

    cursor: Cursor
    more: bool
    at: str  # the hub's time, UTC
    goods: tuple[GoodsSnapshot, ...] = ()
    gone: tuple[str, ...] = ()
    scope: Scope = ""


class Unsent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Points that a sale of the asking till redeemed, of which it does not know whether the hub has it; `hold`: under
    which."""

    generation: Counter
    sequence: Counter
    points: Points
    hold: HoldId | None = None


class HoldRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Reserve `points` of a member, or as many of them as there are, under an id that the till has made before. Asked
    again under the same id, the answer is the same. `replaces`: a hold of the same receipt that ends with it, also
    where nothing is left. `until`: UTC, no further than HOLD_LASTS_MAX_S; then it ends by itself."""

    till: str
    programme: str
    member: str
    hold: HoldId
    points: Points
    until: str
    replaces: HoldId | None = None
    unsent: tuple[Unsent, ...] = ()


class HoldReply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`points`: that are reserved now, be it none. `active`: the member's, by the books; `held`: of those, what other
    receipts have reserved; `free`: what this receipt could have had at most; None: not said."""

    hold: HoldId
    points: Points
    active: Points
    at: str
    held: Points = 0
    free: Points | None = None


class MemberRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who has this card, or this phone (E.164), or this id: one of them. From now on he is seen in the till's store."""

    till: str
    generation: Counter
    programme: str
    card: str | None = None
    phone: str | None = None
    member: str | None = None
    store: str = ""


class MemberNow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`member` None: there is no such. `held`: points that receipts of other tills have reserved. `watermark`: the
    asking till's operations up to it are in it."""

    watermark: Watermark
    at: str
    member: MemberSnapshot | None = None
    held: Points = 0


class Lost(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Numbers of one generation, the first and the last, under which the till's file had operations. `at`: when the
    last was recorded (UTC), where that is known."""

    generation: Counter
    first: Counter
    last: Counter
    at: Annotated[str, msgspec.Meta(max_length=40, pattern="^[0-9T:.+-]*$")] = ""


class LeaseRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`generation`: under which the file works, 0 for one that has done nothing. `astray`: so many of its operations
    are at no hub, because another file has their places; then it goes on when a person has confirmed that it shall.
    `lost`: what the till has recorded and does not have any more; the hub may have it."""

    till: str
    file: FileId
    generation: Counter
    astray: Counter = 0
    lost: Annotated[tuple[Lost, ...], msgspec.Meta(max_length=LOST_MAX)] = ()


class LeaseReply(msgspec.Struct, frozen=True, kw_only=True):
    """The file works under this generation from now on. `generations`: of which the ledger has operations of its till;
    a hub that does not say is older."""

    generation: Counter
    ledger: str
    generations: tuple[Counter, ...] = ()


class OwnOperation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`reason`: why it was refused; None: it was applied."""

    text: str
    reason: str | None = None


class OwnPage(msgspec.Struct, frozen=True, kw_only=True):
    operations: tuple[OwnOperation, ...]
    more: bool
