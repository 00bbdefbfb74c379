"""What members gave to funds, what the chain added, what was paid: for the fund, and for whoever pays it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NamedTuple

from hub.charity.paying import Transfer, transfers_to
from hub.hub import Hub
from hub.store.seam import Reader
from loyalty.bodies import PointsToCharity
from loyalty.operation import read_operation

TOLD_EVERY: Final = 1_000  # operations read


class Key(NamedTuple):
    programme: str
    fund: str


class Given(NamedTuple):
    gifts: int = 0
    points: int = 0
    kopecks: int = 0
    matched_kopecks: int = 0

    def more(self, body: PointsToCharity) -> Given:
        return Given(
            self.gifts + 1,
            self.points + body.points,
            self.kopecks + body.kopecks,
            self.matched_kopecks + body.matched_kopecks,
        )

    @property
    def due_kopecks(self) -> int:
        return self.kopecks + self.matched_kopecks


@dataclass(slots=True)
class Fund:
    """`days`: given on each day that was asked for; `whole`: from the beginning to the last of them."""

    days: dict[date, Given] = field(default_factory=dict)
    whole: Given = field(default_factory=Given)
    transfers: list[Transfer] = field(default_factory=list)

    @property
    def paid_kopecks(self) -> int:
        return sum(one.kopecks for one in self.transfers)

    @property
    def owed_kopecks(self) -> int:
        return self.whole.due_kopecks - self.paid_kopecks


def charity(hub: Hub, reader: Reader, first: date, last: date, progress: Callable[[int], None]) -> dict[Key, Fund]:
    """By fund, also those that a programme names and that got nothing."""
    funds = {
        Key(rules.id, one.id): Fund() for rules in hub.programmes.values() for one in rules.partners if one.charity
    }
    for programme, at, body in _gifts(reader, progress):
        day = datetime.fromisoformat(at).astimezone(hub.zone_of(programme)).date()
        if day <= last:
            _count(funds.setdefault(Key(programme, body.fund), Fund()), body, day, first)
    for key, fund in funds.items():
        fund.transfers = [one for one in transfers_to(reader, *key) if one.day <= last]
    return dict(sorted(funds.items()))


def _count(fund: Fund, body: PointsToCharity, day: date, first: date) -> None:
    fund.whole = fund.whole.more(body)
    if day >= first:
        fund.days[day] = fund.days.get(day, Given()).more(body)


def _gifts(reader: Reader, progress: Callable[[int], None]) -> Iterator[tuple[str, str, PointsToCharity]]:
    for number, kept in enumerate(reader.all_operations(), start=1):
        if kept.reason is None and '"points_to_charity"' in kept.text:
            operation = read_operation(kept.text)
            if isinstance(operation.body, PointsToCharity):
                yield operation.programme, operation.at, operation.body
        if number % TOLD_EVERY == 0:
            progress(TOLD_EVERY)
