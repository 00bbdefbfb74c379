"""What the hub has taken, read once for all that must hold of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, TypeVar

from hub.store.records import CaseRow, Place, place_of
from hub.store.seam import Reader
from loyalty.bodies import Body, Return, Sale
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
        self.sales = dict(self.of(Sale))
        self.returns: dict[Place, list[tuple[Place, Return]]] = {}  # by the sale, in the order of their places
        for place, back in self.of(Return):
            self.returns.setdefault(place_of(back.of), []).append((place, back))

    def of(self, kind: type[_B]) -> list[tuple[Place, _B]]:
        return [(one.place, one.body) for one in self.applied if isinstance(one.body, kind)]

    def is_all_back(self, sale: Place) -> bool:
        """Whatever came back twice."""
        left = Counter({line.id: line.quantity_m for line in self.sales[sale].lines})
        for _, back in self.returns.get(sale, ()):
            left.subtract({line.id: line.quantity_m for line in back.lines})
        return all(quantity_m <= 0 for quantity_m in left.values())

    def is_back_at_one_till(self, sale: Place) -> bool:
        """Everything, once, and by somebody who knew what had come back before."""
        returns = self.returns.get(sale, [])
        lines = [line for _, back in returns for line in back.lines]
        sold = {line.id: line.quantity_m for line in self.sales[sale].lines}
        back = Counter[str]()
        for line in lines:
            back[line.id] += line.quantity_m
        one = len({place.chain for place, _ in returns}) == 1
        return one and back == sold and not any(body.deviations for _, body in returns)

    def cases_of(self, kind: str) -> list[CaseRow]:
        return [case for case in self.cases if case.kind == kind]


def _applied(reader: Reader) -> Iterator[Applied]:
    for kept in reader.all_operations():
        if kept.reason is None:
            read = read_operation(kept.text)
            yield Applied(kept.place, datetime.fromisoformat(read.at), read.body)
