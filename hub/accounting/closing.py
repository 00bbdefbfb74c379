"""Days that accounting has taken: which operations belong to a day, and to which day those that came later.

A closing takes one day, or what is left of a month, and remembers how far each chain had come. What happened on its
days and stood there by then is its own. What happened on them and came later belongs to the first closing that is made
after it came, and is told there as late. So what a closing took never changes, and it can be told again for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from hub.books.intake import held_end
from hub.store.office_records import StoreRow
from hub.store.records import Place
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.operation import OFFICE_CHAIN, utc_text
from loyalty.programme import Programme

EDITION: Final = 3  # 1: no discount of returns, and coupons without a rate; 2: nothing of certificates
INDEX: Final = "accounting"  # a setting: the days of all closings, the first one first
DAY: Final = timedelta(days=1)

Ends = Mapping[str, Mapping[int, int]]  # by chain and generation, the last sequence


class NotOver(Exception):
    """A day that goes on somewhere cannot be taken yet; the message says until when."""


class Rules(msgspec.Struct, frozen=True):
    """What accounting needs of a programme. The zone stays what it was when accounting first met the programme, so that
    no operation changes its day."""

    zone: str = "UTC"
    kop_per_point: int = 0
    scale: int = 1

    def kopecks(self, points: int) -> int:
        """What points are worth; a part of a kopeck is nothing, also below zero."""
        worth = abs(points) * self.kop_per_point // self.scale
        return worth if points > 0 else -worth


UNKNOWN: Final = Rules()


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """What was so when days were taken: `entities` of the stores by their ids, `rules` by programme. `edition`: what
    sums are told of a receipt; a closing tells the same for ever, also when more is told today."""

    number: int
    made_at: str
    days: tuple[str, ...]  # YYYY-MM-DD, in order
    ends: dict[str, dict[int, int]]
    entities: dict[str, str]
    rules: dict[str, Rules]
    edition: int = 1

    def setting(self) -> dict[str, str]:
        return {_name(self.number): msgspec.json.encode(self).decode()}


class Booked(NamedTuple):
    """Where an operation belongs: to the books of `day`, which is its own unless it came late (`late_of`)."""

    day: str
    late_of: str
    closing: Closing


@dataclass(frozen=True, slots=True)
class Taken:
    """What some closings took. `closed`: by day, the number of its closing; `ends_before`: of each of them, how far the
    closing before it saw the chains."""

    closed: Mapping[str, int]
    closings: Sequence[Closing]
    ends_before: Sequence[Ends]

    @property
    def rules(self) -> Mapping[str, Rules]:
        return self.closings[-1].rules

    @property
    def entities(self) -> Mapping[str, str]:
        return self.closings[-1].entities

    def knows(self, place: Place) -> bool:
        """Had it come by then?"""
        return _within(self.closings[-1].ends, place)

    def booked(self, place: Place, day: str) -> Booked | None:
        """None: it belongs to another closing, or to none yet."""
        own = self.closed.get(day)
        if own is None:
            return None
        for one, before in zip(self.closings, self.ends_before, strict=True):
            if one.number == own and _within(one.ends, place):
                return Booked(day, "", one)
            if one.number > own and _within(one.ends, place) and not _within(before, place):
                return Booked(one.days[-1], day, one)
        return None

    def is_before(self, place: Place, day: str, booked: Booked, than: Place) -> bool:
        """Does an operation of a day stand in these books before the one that is booked so? For ever the same: what
        comes later stands behind."""
        closing, own = booked.closing, self.closed.get(day)
        if own is None or own > closing.number:
            return False
        if own < closing.number and _within(self.ends_before[self.closings.index(closing)], place):
            return True
        return _within(closing.ends, place) and place < than


def _within(ends: Ends, place: Place) -> bool:
    generations = ends.get(place.chain)
    return generations is not None and place.sequence <= generations.get(place.generation, 0)


def days_of_month(month: str) -> tuple[str, ...]:
    """Of YYYY-MM. Raises ValueError."""
    first = date.fromisoformat(f"{month}-01")
    days = (first + number * DAY for number in range(31))
    return tuple(day.isoformat() for day in days if day.month == first.month)


def closed_days(reader: Reader) -> dict[str, int]:
    """All days that are taken, each with the number of its closing."""
    return {day: number for number, days in enumerate(index(reader), start=1) for day in days}


def close(writer: Writer, days: Iterable[str], programmes: Mapping[str, Programme], now: datetime) -> None:
    """Take those of the days that are not taken. Raises NotOver."""
    held_end(writer, OFFICE_CHAIN)  # one at a time
    made = decided(writer, days, programmes, now)
    if made is not None:
        days_of = [*index(writer), made.days]
        writer.write(Rows(settings={INDEX: msgspec.json.encode(days_of).decode(), **made.setting()}))


def decided(reader: Reader, days: Iterable[str], programmes: Mapping[str, Programme], now: datetime) -> Closing | None:
    """The closing that these days would be taken by now; None: they are taken. Raises NotOver."""
    closed = closed_days(reader)
    left = tuple(sorted(day for day in days if day not in closed))
    if not left:
        return None
    before = closing(reader, max(closed.values(), default=0))
    stores = reader.stores()
    rules = _rules(programmes, before.rules if before else {})
    _check_over(left[-1], rules.values(), stores.values(), now)
    ends: dict[str, dict[int, int]] = {}
    for end in reader.all_chains():
        ends.setdefault(end.chain, {})[end.generation] = end.sequence
    return Closing(
        number=before.number + 1 if before else 1,
        made_at=utc_text(now),
        days=left,
        ends=ends,
        entities={store: row.entity for store, row in stores.items() if row.entity},
        rules=rules,
        edition=EDITION,
    )


def _rules(programmes: Mapping[str, Programme], before: Mapping[str, Rules]) -> dict[str, Rules]:
    """As they are now, but for the zones that are known."""
    rules = dict(before)
    for id, programme in programmes.items():
        zone = before[id].zone if id in before else programme.timezone.key
        rules[id] = rules_of(programme, zone)
    return rules


def rules_of(programme: Programme, zone: str) -> Rules:
    return Rules(zone, programme.currency.kop_per_point, programme.currency.scale)


def _check_over(day: str, rules: Iterable[Rules], stores: Iterable[StoreRow], now: datetime) -> None:
    zones = {rule.zone for rule in rules} | {row.timezone for row in stores if row.timezone is not None}
    midnight = datetime.combine(date.fromisoformat(day) + DAY, time())
    until = max((midnight.replace(tzinfo=ZoneInfo(zone)) for zone in zones), default=midnight.replace(tzinfo=UTC))
    if now < until:
        raise NotOver(f"{day} is not over in all stores: it is at {until.astimezone(UTC):%Y-%m-%d %H:%M} UTC.")


def taken(reader: Reader, days: Iterable[str], more: Closing | None = None) -> Taken:
    """What the closings of these days took. `more`: one that is not kept, and comes after all others."""
    closed = closed_days(reader)
    if more is not None:
        closed |= dict.fromkeys(more.days, more.number)
    numbers = sorted({closed[day] for day in days if day in closed})
    found = [more if more is not None and number == more.number else closing(reader, number) for number in numbers]
    before = [closing(reader, number - 1) for number in numbers]
    assert found and all(found), "close the days first"
    kept = [one for one in found if one is not None]
    return Taken(closed, kept, [one.ends if one else {} for one in before])


def index(reader: Reader) -> list[tuple[str, ...]]:
    """The days of all closings, the first one first."""
    return msgspec.json.decode(reader.setting(INDEX) or "[]", type=list[tuple[str, ...]])


def closing(reader: Reader, number: int) -> Closing | None:
    kept = reader.setting(_name(number))
    return None if kept is None else msgspec.json.decode(kept, type=Closing)


def _name(number: int) -> str:
    return f"{INDEX}/{number:06}"
