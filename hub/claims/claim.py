"""A receipt that a member brings himself, in his account or at a till: what names it, and how far that has come.

What the paper's QR says names an operation and the start of its hash, so that nobody guesses another's; of a fiscal
receipt its document and sign do, with the sum. A receipt that has not reached the hub yet, because its till had no
connection, waits some days and is given when it comes.

    waiting → given | refused          whatever was known at once is one of the last two from the beginning
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from hub.errands.errand import errand_id
from hub.people.receipts import FoundReceipt, is_of_sum, receipts_sought
from hub.store.errand_records import ErrandRow
from hub.store.seam import Reader
from loyalty.receipt_codes import FISCAL_SALE, read_fiscal, read_mark
from loyalty.utc import utc_text
from sync.receipts import SoughtReceipt

KIND: Final = "receipt_claim"
WAITS_FOR: Final = timedelta(days=3)  # a till without a connection is mended by then
NEVER_CAME: Final = "never_came"

State = Literal["waiting", "given", "refused"]
TRANSITIONS: Final[Mapping[State, tuple[State, ...]]] = {"waiting": ("given", "refused"), "given": (), "refused": ()}


class Key(NamedTuple):
    """What names a receipt. `sold_at`: as a fiscal QR says, by the shop's clock."""

    sought: SoughtReceipt
    sold_at: datetime | None = None


class Brought(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`until`: so long it is waited for. `points`: that were given; `why`: a ClaimState, or `never_came`."""

    sought: SoughtReceipt
    made_at: str
    until: str = ""
    number: str = ""
    points: int = 0
    why: str = ""


def key_in(text: str) -> Key | None:
    """Of the QR of our paper, also as a link, or of a fiscal receipt of a sale; None for anything else."""
    mark, fiscal = read_mark(text), read_fiscal(text)
    if mark is not None:
        generation, sequence = mark.key
        return Key(SoughtReceipt(chain=mark.chain, generation=generation, sequence=sequence, digest=mark.digest))
    if fiscal is None or fiscal.kind != FISCAL_SALE:
        return None
    storage, document, sign = fiscal.storage, fiscal.document, fiscal.sign
    return Key(SoughtReceipt(document=document, sign=sign, storage=storage, kopecks=fiscal.kopecks), fiscal.at)


def found_by(reader: Reader, sought: SoughtReceipt) -> FoundReceipt | None:
    """None: it has not come, or there is none. A sum that is not its own names nothing."""
    found = [one for one in receipts_sought(reader, sought, "") if sought.chain or is_of_sum(one, sought.kopecks)]
    return found[0] if len(found) == 1 else None


def may_come(reader: Reader, key: Key, zone: ZoneInfo, now: datetime) -> bool:
    """Is it of a till whose operations may not all be here, and not older than anybody waits?"""
    sought = key.sought
    if key.sold_at is not None:
        return abs(now - key.sold_at.replace(tzinfo=zone)) < WAITS_FOR
    end = reader.newest_ends([sought.chain]).get(sought.chain)
    if end is None:
        return bool(reader.tills([sought.chain]))
    return (sought.generation, sought.sequence) > (end.generation, end.sequence)


def id_of(member: str, sought: SoughtReceipt) -> str:
    """The same receipt of the same member is the same errand."""
    return errand_id(KIND, member, msgspec.json.encode(sought).decode())


def row_of(member: str, state: State, at: datetime, body: Brought, about: str = "") -> ErrandRow:
    """`about`: the sale that was given."""
    due = at if state == "waiting" else None
    text = msgspec.json.encode(body).decode()
    return ErrandRow(id_of(member, body.sought), KIND, member, about, state, due, at, text)


def brought_in(row: ErrandRow) -> Brought:
    return msgspec.json.decode(row.body, type=Brought)


def with_state(row: ErrandRow, state: State, at: datetime, **facts: str | int) -> ErrandRow:
    assert state in TRANSITIONS[state_of(row)], (row.state, state)
    body = msgspec.structs.replace(brought_in(row), **facts)
    return row._replace(state=state, due_at=None, at=at, body=msgspec.json.encode(body).decode())


def state_of(row: ErrandRow) -> State:
    state: State = msgspec.convert(row.state, State)
    return state


def new(sought: SoughtReceipt, now: datetime, **facts: str | int) -> Brought:
    return msgspec.structs.replace(Brought(sought=sought, made_at=utc_text(now)), **facts)
