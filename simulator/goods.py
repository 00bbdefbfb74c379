"""Which goods are still out, by what tills told: a part of the oracle."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from pos_agent.answers import ToldReturn, ToldSale

ROUNDED: Final = 4  # points, of all lines together


class Back(NamedTuple):
    """`fewer` and `more`: by so many points the hub may put right what was told. `kopecks`: that were given for goods
    which had not come back before."""

    fewer: int
    more: int
    kopecks: int


@dataclass(slots=True)
class Goods:
    """`back_of`: of which visit goods are brought in this one."""

    back_of: dict[str, str] = field(default_factory=dict)
    _out: dict[str, dict[str, int]] = field(default_factory=dict)  # thousandths by line, of each visit
    _points: dict[str, int] = field(default_factory=dict)  # that each visit moved
    _takers: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # that took some back

    def sold(self, visit: str, told: ToldSale) -> None:
        self._out[visit] = {line.id: sum(_thousandths(one.quantity) for one in line.positions) for line in told.lines}
        self._points[visit] = told.redeemed.points + told.accrued.points

    def came(self, taker: str, visit: str, told: ToldReturn) -> Back:
        """`taker`: a till, by its disk, for on another it need not know. Goods that have come back already move no
        points again, and several of them do not count as one does, for what is left may earn by a lower rate."""
        sale = self.back_of.get(visit, "")
        out, tills = self._out.get(sale, {}), self._takers[sale]
        tills.add(taker)
        kopecks = 0
        for line in told.lines:
            left, count = out.get(line.id, 0), _thousandths(line.quantity)
            kopecks += int(Decimal(line.refund) * 100) * min(count, max(0, left)) // count
            out[line.id] = left - count
        most = self._points.get(sale, 0) + ROUNDED if len(tills) > 1 else 0
        if any(out[line.id] < 0 for line in told.lines):
            return Back(told.restored + max(most, ROUNDED), told.clawed_back + max(most, ROUNDED), kopecks)
        return Back(most, most, kopecks)

    def is_back(self, visit: str) -> bool:
        """All of it, at whichever tills, and be it that some things were given back twice."""
        out = self._out.get(visit, {})
        return bool(out) and all(left <= 0 for left in out.values())

    def is_of_several(self, visit: str) -> bool:
        return len(self._takers.get(visit, ())) > 1

    def is_all_back(self, visit: str) -> bool:
        """At one till, and each thing once."""
        out = self._out.get(visit, {})
        return len(self._takers.get(visit, ())) == 1 and bool(out) and not any(out.values())


def _thousandths(quantity: str) -> int:
    return int(Decimal(quantity) * 1000)
