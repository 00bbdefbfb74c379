"""A till as the hub knows it: whether it may speak, with which key, and which file works under its name.

    invited ─▶ joined ─▶ revoked          invited again: the key of before holds until the new one has joined

A file has an id of its own, made with it, and a generation that no other file of the till has (DESIGN §9). Of several
files only the one that holds the lease is heard; what another did waits for a person (`waiting`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal

import msgspec

from hub.store.office_records import TillRow

State = Literal["invited", "joined", "revoked"]
JOIN_TRIES: Final = 5  # wrong codes: a code has 40 bits, and is good for minutes
JOIN_MINUTES: Final = 15
HEARD_MINUTES: Final = 10  # so often it is written that a till is there: fifty thousand of them are not many writes
SEALED_DAYS_MAX: Final = 30  # of a file that is carried to the till: it has 128 bits


class Invitation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`secret`: what the code comes to (sync/joining.py), hexadecimal. Used up by the first that joins with it."""

    secret: str
    ends_at: str
    tries_left: int = JOIN_TRIES


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """Under which generation a file works, since when."""

    file: str
    generation: int
    at: str


class Waiting(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that went its own way: how many operations of it are at no hub, and since when that is known. `case_at`:
    of which operation of the till the case is that tells of it, by generation and sequence."""

    file: str
    generation: int
    operations: int
    at: str
    confirmed_by: str | None = None
    case_at: tuple[int, int] | None = None


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whom a till was told of: of a programme's members, by `scope`. `until`, `cursor`: up to where, as it was written
    last; `whole`: that was the end of the feed then."""

    programme: str
    scope: str
    since: str
    until: str
    cursor: str
    whole: bool = False


class Till(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    till: str
    state: State
    added_at: str
    by: str = ""
    store: str = ""
    key: str | None = None  # its Ed25519 public key, hexadecimal
    next_key: str | None = None  # told by it, and not heard yet: until then both are heard
    new_key_wanted: bool = False
    hub_key_known: str = ""  # the hub's next one, when the till has said that it would believe it
    invitation: Invitation | None = None
    joined_by: Invitation | None = None  # kept until it is heard: an answer that was lost is given again
    lease: Lease | None = None
    before: tuple[Lease, ...] = ()  # files that worked under its name before, the oldest first
    waiting: Waiting | None = None
    joined_at: str | None = None
    heard_at: str | None = None  # within the last HEARD_MINUTES or since
    told: Told | None = None
    revoked_at: str | None = None
    why: str = ""  # it was revoked

    @property
    def row(self) -> TillRow:
        return TillRow(self.till, msgspec.json.encode(self).decode())


_read = msgspec.json.Decoder(Till).decode


def till_of(row: TillRow) -> Till:
    return _read(row.body)


def leases_of(till: Till) -> tuple[Lease, ...]:
    """All that it ever had, the oldest first."""
    return (*till.before, *filter(None, (till.lease,)))


def generation_for(till: Till, file: str, generation: int, used: Collection[int]) -> int:
    """Under which generation a file works on. `generation`: its own, 0 for one that has done nothing yet; `used`: those
    of which the ledger has operations. Another file's is never given again."""
    leases = {lease.generation: lease.file for lease in leases_of(till)}
    owner = leases.get(generation, file)
    if generation and owner == file:
        return generation
    return next_generation(till, used)


def next_generation(till: Till, used: Collection[int]) -> int:
    """That no file has worked under."""
    return max((0, *used, *(lease.generation for lease in leases_of(till)))) + 1


def with_lease(till: Till, file: str, generation: int, at: str) -> Till:
    """The till when this file works under its name; the file of before does not any more."""
    if till.lease is not None and (till.lease.file, till.lease.generation) == (file, generation):
        return till
    before = (*till.before, till.lease) if till.lease is not None else till.before
    return msgspec.structs.replace(till, lease=Lease(file=file, generation=generation, at=at), before=before)
