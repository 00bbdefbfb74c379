"""Operations that are born at the hub: of its jobs, the office and the account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from hub.books.told import Told
from hub.cases.opening import told_of
from hub.store.errand_records import ErrandRow
from hub.store.records import CaseRow, ChainEnd, ChangeRow, OnceRow, ProfileRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from hub.stores import tell_shops
from loyalty.bodies import Body
from loyalty.operation import VERSION, Channel, Operation, Store, hash_operation, utc_text, write_operation
from sync.protocol import OperationAnswer


class Said(NamedTuple):
    """Operations of the hub's own that are to be, and what is written with them: `settled` cases only if all of them
    are applied. `known`: profiles of members who are there already, of whom tills are told anew. `whole`: nothing is
    written where one of the operations is refused."""

    bodies: Sequence[Body]
    profiles: Sequence[ProfileRow] = ()
    settings: Mapping[str, str] = MappingProxyType({})
    once: Sequence[OnceRow] = ()
    settled: Sequence[CaseRow] = ()
    known: Sequence[ProfileRow] = ()
    whole: bool = False
    errands: Sequence[ErrandRow] = ()


class NotApplied(Exception):
    """An operation of the hub's own was refused that something else hangs on; nothing was written."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Where(NamedTuple):
    """Where operations happen that are not the hub's own shop's; `rules`: the hash of those they were made under."""

    shop: Store | None
    channel: Channel
    rules: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What operations that are made at once have in common. `shop`: where they happen."""

    programme: str
    programme_hash: str
    at: datetime
    shop: Store | None
    asked: str | None
    by: str | None
    channel: Channel = "shop"


def behind(end: ChainEnd, bodies: Sequence[Body], asking: Asking) -> list[Told]:
    """The operations behind the end of a chain, each with the hash of the one before it."""
    made: list[Told] = []
    last_hash, at_text = end.last_hash, utc_text(asking.at)
    for sequence, body in enumerate(bodies, start=end.sequence + 1):
        operation = Operation(
            v=VERSION,
            chain=end.chain,
            generation=end.generation,
            sequence=sequence,
            previous_hash=last_hash,
            at=at_text,
            store=asking.shop,
            channel=asking.channel,
            programme=asking.programme,
            programme_hash=asking.programme_hash,
            asked=asking.asked,
            by=asking.by,
            body=body,
        )
        text = write_operation(operation)
        told = Told(text, hash_operation(text), end.generation, sequence, last_hash, operation, None)
        made.append(told)
        last_hash = told.hash
    return made


def settle(rows: Rows, settled: Sequence[CaseRow], *, whole: bool) -> None:
    """Cases that these operations settle. Raises NotApplied."""
    refused = [kept.reason for kept in rows.operations if kept.reason is not None]
    if (settled or whole) and refused:
        raise NotApplied(refused[0])
    rows.cases = list(settled)
    rows.changes += [change for case in settled for change in told_of(case)]


def tell_anew(writer: Writer, rows: Rows, programme: str, known: Sequence[ProfileRow], at: datetime) -> None:
    """All tills that are told of them: the chain's, and their shops'."""
    told = Rows(changes=[ChangeRow(programme, "member", profile.member) for profile in known])
    tell_shops(writer, told, at)
    rows.profiles += known
    rows.changes += told.changes


def all_applied(answers: Sequence[OperationAnswer]) -> int:
    """How many there are, of what was decided on what stands in the ledger: a refusal is our own mistake."""
    refused = [answer.reason for answer in answers if answer.reason is not None]
    assert not refused, f"decided on what stands in the ledger, and refused: {refused}"
    return len(answers)
