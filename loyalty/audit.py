"""Who did what, in rows each of which holds the hash of the one before: an edited row is found at that row, and so is
one that is missing.

The chain alone finds whoever edits a row. Whoever writes all that follows anew is found by its head, which somebody
else keeps (hub/desk/anchors.py). A row says which step and what was done with it, never a name, a phone or what was
typed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Final, NamedTuple

import msgspec

from loyalty.phones import BadPhone, parse_phone
from loyalty.utc import utc_text

FIRST: Final = "0" * 64  # before the first row
VALUE_LETTERS_MAX: Final = 80
HIDDEN: Final = "…"  # it was said
WHOSE: Final = frozenset({"card", "new_card", "old_card", "member", "into", "person", "certificate"})  # who is meant
CALLED: Final = re.compile(r"[A-Za-z0-9_./'-]+")  # a card or an id; no name, no badge
Hash = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")]
Number = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class AuditRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`who`: the person's id, "" for nobody; `code`: what came of it; `fields`: the step's own."""

    number: int
    at: str
    who: str
    act: str
    code: str
    fields: dict[str, str]
    before: str
    hash: str


# what a till says of its head (sync/desk.py)


class AnchorAudit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`number` and `hash`: the head. `known`: where the hub saw it last, as far as the till was told; `known_hash`:
    what its log has there, "" for nothing."""

    number: Number
    hash: Hash
    known: Number
    known_hash: Hash


class AuditAnchored(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`known`: where the hub sees it now; where that is not where it was asked, it is to be asked again. `fault`: what
    is wrong, "shorter" or "other"."""

    known: int
    kept: bool
    fault: str = ""


class Head(NamedTuple):
    """The last row of a log."""

    number: int = 0
    hash: str = FIRST


class Fault(NamedTuple):
    """`number`: of the row; `what`: edited, missing, unreadable, other."""

    number: int
    what: str


def next_row(head: Head, at: datetime, who: str, act: str, code: str, fields: Mapping[str, str]) -> AuditRow:
    plain = AuditRow(
        number=head.number + 1,
        at=utc_text(at),
        who=who,
        act=act,
        code=code,
        fields=dict(fields),
        before=head.hash,
        hash="",
    )
    return msgspec.structs.replace(plain, hash=hash_of(plain))


def said_in(told: msgspec.Struct, kept: Collection[str]) -> dict[str, str]:
    """What was asked: the values of fields that are nobody's secret, of all others that they were said."""
    said = {name: getattr(told, name) for name in told.__struct_fields__}
    return {
        name: str(value)[:VALUE_LETTERS_MAX] if name in kept and _is_plain(name, value) else HIDDEN
        for name, value in said.items()
        if value not in (None, "", (), False)
    }


def _is_plain(name: str, value: object) -> bool:
    """Where a card or an id belongs, people type a phone or a name, and scan a badge."""
    if name not in WHOSE or not isinstance(value, str):
        return isinstance(value, str | int)
    return CALLED.fullmatch(value) is not None and not _is_phone(value)


def _is_phone(text: str) -> bool:
    try:
        parse_phone(text)
    except BadPhone:
        return False
    return True


def parse_head(text: str) -> Head:
    """NUMBER:HASH. Raises ValueError."""
    number, _, digest = text.partition(":")
    if not (number.isascii() and number.isdecimal()) or len(digest) != len(FIRST):
        raise ValueError(text)
    return Head(int(number), digest)


def head_of(row: AuditRow) -> Head:
    return Head(row.number, row.hash)


def hash_of(row: AuditRow) -> str:
    plain = msgspec.structs.replace(row, hash="", fields=dict(sorted(row.fields.items())))
    return hashlib.sha256(msgspec.json.encode(plain)).hexdigest()


def write_row(row: AuditRow) -> bytes:
    return msgspec.json.encode(row)


def read_row(text: bytes | str) -> AuditRow:
    """Raises ValueError."""
    return msgspec.json.decode(text, type=AuditRow)


def faults(rows: Iterable[AuditRow | None], anchor: Head | None = None) -> Iterator[Fault]:
    """Of a whole log, oldest first; None: a row that cannot be read. `anchor`: a head that it once had, as somebody
    else has kept it. After a fault the log is followed from what is there, so that each is told once."""
    head = Head()
    anchored = anchor is None or anchor.number == 0
    for row in rows:
        fault = _fault_of(head, row)
        if fault is not None:
            yield fault
        if row is None or (fault is not None and fault.number == head.number + 1 and fault.what == "edited"):
            head = Head(head.number + 1, "")  # what it was, nobody knows
            continue
        if anchor is not None and row.number == anchor.number:
            anchored = True
            if row.hash != anchor.hash:
                yield Fault(row.number, "other")
        head = head_of(row)
    if anchor is not None and not anchored and head.number < anchor.number:
        yield Fault(head.number + 1, "missing")


def _fault_of(head: Head, row: AuditRow | None) -> Fault | None:
    due = head.number + 1
    if row is None:
        return Fault(due, "unreadable")
    if hash_of(row) != row.hash:
        return Fault(due, "edited")
    if row.number != due:
        return Fault(due, "missing")
    if head.hash and row.before != head.hash:  # the one before was edited, with a hash that fits it
        return Fault(head.number, "edited")
    return None
