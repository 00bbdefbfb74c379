"""Ledgers of the first kind have operations, and no sums of days yet: they are worked out once, when such a file is
opened, by the clock of the store (or of its programme: operations of then do not say)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import islice
from typing import Protocol
from zoneinfo import ZoneInfo

from hub.store.records import DayRow, KeptOperation
from hub.store.rows import Rows
from hub.store.sqlite.reading import SqliteReader
from hub.store.sqlite.writing import SqliteWriter
from loyalty.bodies import MemberMerged, Sale
from loyalty.operation import read_operation
from loyalty.standing import shop_day

WORKED_OUT = "days_worked_out"
BATCH = 5_000  # operations, about 10 MB of text: a ledger of years does not fit into memory


class _Store(Protocol):
    def reading(self) -> AbstractContextManager[SqliteReader]: ...
    def writing(self) -> AbstractContextManager[SqliteWriter]: ...


def work_days_out(store: _Store, zone_of: Callable[[str], ZoneInfo]) -> None:
    """All of it in one transaction, or nothing."""
    with store.reading() as reader:
        if reader.setting(WORKED_OUT) is not None:
            return
    with store.writing() as writer:
        if writer.setting(WORKED_OUT) is not None:  # another process was quicker
            return
        writer.sql.forget_days(writer.connection)
        for kept in _batches(writer.all_operations()):
            writer.write(Rows(days=_days(kept, zone_of)))
        writer.write(Rows(settings={WORKED_OUT: "1"}))


def _batches(operations: Iterator[KeptOperation]) -> Iterator[list[KeptOperation]]:
    while batch := list(islice(operations, BATCH)):
        yield batch


def _days(operations: Iterable[KeptOperation], zone_of: Callable[[str], ZoneInfo]) -> list[DayRow]:
    redeemed: Counter[tuple[str, str]] = Counter()
    offline: Counter[tuple[str, str]] = Counter()
    spent: Counter[tuple[str, str]] = Counter()
    for kept in operations:
        operation = read_operation(kept.text)
        body = operation.body
        assert not isinstance(body, MemberMerged), "no ledger of then has one"
        if kept.reason is None and isinstance(body, Sale) and body.member is not None:
            key = (body.member, shop_day(operation, zone_of(operation.programme)))
            spent[key] += body.qualifying_kopecks
            redeemed[key] += body.redeemed.points
            offline[key] += body.redeemed.points if body.link == "offline" else 0
    keys = (key for key in spent if spent[key] or redeemed[key])
    return [DayRow(*key, redeemed[key], offline[key], spent[key]) for key in keys]
