"""The log of acts: who asked what of the hub's desk, and what came of it, each row with the hash of the one before.

A row is written after the act, in a transaction of its own, so that what was refused stands there too; an order's
operations name the person by themselves. Of what was asked, only what is nobody's secret is kept: other words leave
their names. Acts that only look at sums, and those that machines ask by themselves, are left out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

import msgspec

from hub.desk.act import Act, ActRefused, Asked
from hub.hub import Hub
from hub.store.errors import LedgerReplaced, StoreOff
from hub.store.office_records import ActedRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.audit import AuditRow, Fault, Head, faults, head_of, next_row, read_row, said_in, write_row

LEFT_OUT: Final = frozenset(
    {
        "day",
        "anchor_audit",
        "card_numbers",
        "find_sale",
        "coupon_hold",
        "coupon_free",
        "coupon_by_code",
        "campaigns",
        "mailings",
    }
    | {"certificate_numbers", "certificate_hold", "certificate_free", "mailings", "certificate_orders", "shops"}
    | {"certificate_design_picture"}
)
KEPT: Final = frozenset(  # fields of acts whose values are nobody's secret
    {"act", "case", "id", "remedy", "points", "card", "new_card", "old_card", "till", "store", "day", "staff", "role"}
    | {"operation", "member", "into", "purpose", "campaign", "serial", "count", "certificate", "number", "kopecks"}
    | {"event", "mailing", "channel"}
)

log = logging.getLogger(__name__)


def logged(name: str, act: Act) -> Act:
    """The same act, and a row of what came of it."""
    if name in LEFT_OUT:
        return act

    def do(hub: Hub, asked: Asked, body: Any) -> msgspec.Struct:
        try:
            told = act.do(hub, asked, body)
        except ActRefused as refused:
            note(hub, asked, name, refused.code, body)
            raise
        note(hub, asked, name, "done", body)
        return told

    return _with(act, do)


def _with(act: Act, do: Callable[[Hub, Asked, Any], msgspec.Struct]) -> Act:
    return Act(takes=act.takes, right=act.right, do=do)


def note(hub: Hub, asked: Asked, act: str, code: str, body: msgspec.Struct) -> None:
    """What was done stands, though its row could not be written: then the hub's own log has it."""
    who = asked.person or asked.by
    fields = {"till": asked.till or "office", **said_in(body, KEPT)}
    at = hub.now()

    def work(writer: Writer) -> None:
        writer.write(Rows(acted=[_row(writer, at, who, act, code, fields)]))

    try:
        hub.within(work)
    except (StoreOff, LedgerReplaced) as error:
        log.error("The act %s of %s is not in the log of acts: %s", act, who, error)


def rows(reader: Reader) -> Iterator[AuditRow | None]:
    """All, oldest first; None: one that cannot be read."""
    return map(_read, reader.all_acted())


def newest(reader: Reader, most: int) -> list[AuditRow]:
    """The newest first."""
    last = reader.last_acted()
    found = reader.acted_before(last.number + 1, most) if last is not None else []
    return [row for row in map(_read, found) if row is not None]


def faults_of(reader: Reader, anchor: Head | None = None) -> list[Fault]:
    return list(faults(rows(reader), anchor))


def head(reader: Reader) -> Head:
    last = reader.last_acted()
    row = _read(last) if last is not None else None
    if last is None:
        return Head()
    return head_of(row) if row is not None else Head(last.number, "")


def _row(reader: Reader, at: datetime, who: str, act: str, code: str, fields: dict[str, str]) -> ActedRow:
    row = next_row(head(reader), at, who, act, code, fields)
    return ActedRow(row.number, write_row(row).decode())


def _read(row: ActedRow) -> AuditRow | None:
    """A row that stands under another's number is none."""
    try:
        read = read_row(row.body)
    except ValueError:
        return None
    return read if read.number == row.number else None
