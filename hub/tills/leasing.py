"""Which file works for a till, and under which generation.

One at a time holds the lease. A file that is new gets it, for a disk may be gone for ever; one that worked before
another came, or whose operations' places another has, waits until a person says that it shall go on. The latter comes
with a new id (offline_cache/lease.py): the one whose copy it is or has does not get what is granted to it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from hub.books.holds import AskRefused
from hub.cases.opening import case_of, told_of
from hub.store.records import CaseRow, ChainEnd, ChainKey, Place
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from hub.tills.joining import held
from hub.tills.lost import cases_due
from hub.tills.till import Till, Waiting, generation_for, next_generation, with_lease
from loyalty.operation import utc_text
from sync.protocol import BODY_BYTES_WANTED, LeaseReply, LeaseRequest, OwnOperation, OwnPage

OTHER_FILE: Final = "other_file"
FORKED: Final = "forked"
CASE: Final = "forked"
IN_ANOTHERS_PLACE: Final = "identity_conflict"  # the case of each push of such a file
CONFIRMED: Final = "confirm"  # their remedy
OWN_AT_ONCE: Final = 200  # operations on a page: some 2 MB at the very most of theirs, and usually a tenth
WHY: Final = {
    OTHER_FILE: "another file works for this till now",
    FORKED: "another file has the places of this one's operations",
}
HELPS: Final = "`pos-hub till confirm` lets it go on"


class Grant(NamedTuple):
    generation: int


def may_speak(till: Till, file: str, generation: int, *, reads: bool, own: bool = False) -> bool:
    """Is a request of this file heard? "" is a file of training: it may read. `own`: it reads what the ledger has of
    the till's own, which a file does before it works under the generation that it got."""
    if file == "":
        return reads
    lease = till.lease
    return lease is not None and lease.file == file and (own or lease.generation == generation)


def decide(till: Till, request: LeaseRequest, used: Collection[int]) -> Grant | str:
    """The generation that the file gets, or why it waits. `used`: generations of which the ledger has operations."""
    file, generation, lease = request.file, request.generation, till.lease
    confirmed = till.waiting is not None and till.waiting.file == file and till.waiting.confirmed_by is not None
    if request.astray:
        if lease is not None and lease.file == file and generation < lease.generation:
            return Grant(lease.generation)  # it has not heard the answer
        return Grant(next_generation(till, (*used, generation))) if confirmed else FORKED
    if lease is not None and lease.file == file and generation <= lease.generation:
        return Grant(lease.generation)
    was_here = any(one.file == file for one in till.before)
    if was_here and not confirmed and lease is not None and lease.file != file:
        return OTHER_FILE
    return Grant(generation_for(till, file, generation, used))


def lease(writer: Writer, request: LeaseRequest, now: datetime, *, ledger: str) -> LeaseReply | AskRefused:
    """One that waits is written down, and so no exception."""
    till = held(writer, request.till)
    if till is None or till.state != "joined":
        return AskRefused("unknown_till", "no till of this name has joined")
    used = sorted(end.generation for end in writer.ends_of([till.till]))
    decided = decide(till, request, used)
    if isinstance(decided, str):
        _note(writer, till, request, decided, now)
        return AskRefused(decided, f"{WHY[decided]}; {HELPS}")
    leased = with_lease(till, request.file, decided.generation, utc_text(now))
    rows = cases_due(writer, till.till, request.lost, now)
    if leased.waiting is not None and leased.waiting.file == request.file:
        rows.cases = _settled(writer, till.till, leased.waiting, now)
        rows.changes += [change for case in rows.cases for change in told_of(case)]
        leased = msgspec.structs.replace(leased, waiting=None)
    rows.tills = [leased.row] if leased != till else []
    if rows != Rows():
        writer.write(rows)
    return LeaseReply(generation=decided.generation, ledger=ledger, generations=tuple(used))


def _note(writer: Writer, till: Till, request: LeaseRequest, why: str, now: datetime) -> None:
    """Once, however often it asks."""
    before = till.waiting if till.waiting is not None and till.waiting.file == request.file else None
    if before is not None and before.operations == request.astray:
        return
    if before is not None:
        noted, rows = msgspec.structs.replace(before, operations=request.astray), Rows()
    else:
        noted, rows = _waiting(writer, till.till, request, why, now)
    rows.tills = [msgspec.structs.replace(till, waiting=noted).row]
    writer.write(rows)


def _waiting(writer: Writer, till: str, request: LeaseRequest, why: str, now: datetime) -> tuple[Waiting, Rows]:
    """With the case that tells people of it, at the till's last operation; a ledger that has none of it tells by
    `pos-hub till list` alone."""
    noted = Waiting(file=request.file, generation=request.generation, operations=request.astray, at=utc_text(now))
    key = ChainKey(till, request.generation)
    end = writer.chain_ends([key]).get(key) or writer.newest_ends([till]).get(till)
    if end is None:
        return noted, Rows()
    case = case_of(Place(till, end.generation, end.sequence), CASE, now, None, note=why)
    rows = Rows() if writer.cases([case.key]) else Rows(new_cases=[case], changes=told_of(case))
    return msgspec.structs.replace(noted, case_at=(end.generation, end.sequence)), rows


def _settled(writer: Writer, till: str, waiting: Waiting, now: datetime) -> list[CaseRow]:
    """The cases of a file that goes on: that it waited, and that its operations had the places of others."""
    return [
        case._replace(state="settled", settled_at=now, settled_by=waiting.confirmed_by, remedy=CONFIRMED)
        for case in writer.all_open_cases()
        if case.chain == till and _is_of_waiting(case, waiting)
    ]


def _is_of_waiting(case: CaseRow, waiting: Waiting) -> bool:
    if case.kind == CASE:
        return (case.generation, case.sequence) == waiting.case_at
    return case.kind == IN_ANOTHERS_PLACE and case.generation == waiting.generation and waiting.operations > 0


def confirm(writer: Writer, till: str, *, by: str) -> Till | None:
    """The file that waits may go on; None: none waits."""
    known = held(writer, till)
    if known is None or known.waiting is None:
        return None
    confirmed = msgspec.structs.replace(known, waiting=msgspec.structs.replace(known.waiting, confirmed_by=by))
    writer.write(Rows(tills=[confirmed.row]))
    return confirmed


def own_page(reader: Reader, till: str, generation: int, after: int) -> OwnPage:
    """A till's own operations behind one of them, as the ledger has them."""
    key = ChainKey(till, generation)
    end = reader.chain_ends([key]).get(key) or ChainEnd(*key, 0, "")
    told: list[OwnOperation] = []
    size = 0
    for kept in reader.operations_on(Place(*key, after + 1), min(end.sequence, after + OWN_AT_ONCE)):
        size += len(kept.text)
        if told and size > BODY_BYTES_WANTED:
            break
        told.append(OwnOperation(text=kept.text, reason=kept.reason))
    return OwnPage(operations=tuple(told), more=after + len(told) < end.sequence)
