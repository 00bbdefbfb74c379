"""What the hub has taken, read once for all that must hold of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, TypeVar

from hub.store.records import CaseRow, Place
from hub.store.seam import Reader
from loyalty.bodies import Body
from loyalty.operation import read_operation

_B = TypeVar("_B")


class Applied(NamedTuple):
    """An operation that moved what it says."""

    place: Place
    at: datetime
    body: Body


class Kept:
    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.refused = [(one.place, one.reason) for one in reader.all_operations() if one.reason]
        self.applied = list(_applied(reader))
        self.cases = list(reader.all_cases())

    def of(self, kind: type[_B]) -> list[tuple[Place, _B]]:
        return [(one.place, one.body) for one in self.applied if isinstance(one.body, kind)]

    def cases_of(self, kind: str) -> list[CaseRow]:
        return [case for case in self.cases if case.kind == kind]


def _applied(reader: Reader) -> Iterator[Applied]:
    for kept in reader.all_operations():
        if kept.reason is None:
            read = read_operation(kept.text)
            yield Applied(kept.place, datetime.fromisoformat(read.at), read.body)
