"""What members bought before the ledger knew them, as far as tiers count it.

    card;rubles;from;until
    2600000000017;150 000,00;01.01.2026;30.11.2026

A sum counts on its last day (today where none is said), and falls out of the programme's window with it. A member has
one sum for the same days: another file says so, and with --update the ledger gets the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from hub.brought.kind import WHO, Around, Found, Kind, OfMember, Stands, Took, Verdict
from hub.brought.whose import WHO_CALLED, who, who_readers
from hub.files import values
from hub.files.checked import Fate
from hub.files.headings import Headings
from hub.files.reasons import BadValue, Fault
from hub.store.records import TURNOVER, EntryRow, Place
from hub.store.seam import Reader
from loyalty.bodies import Body, TurnoverBrought
from loyalty.money import format_kopecks
from loyalty.operation import read_operation
from loyalty.programme import PercentAccrual, Programme
from loyalty.tiers import window_start

CALLED: Final = {
    **WHO_CALLED,
    "rubles": (
        *("turnover", "purchases", "sum", "amount", "total", "spent", "total spent", "purchase total"),
        *("оборот", "сумма", "сумма покупок", "покупки", "сумма продаж", "продажи", "куплено", "куплено на сумму"),
        *("накоплено", "накопленная сумма", "накопления", "сумма накоплений", "выручка", "итого", "руб", "рубли"),
        *("оборот руб", "сумма руб", "сумма ₽", "сумма покупок руб", "сумма всех покупок"),
    ),
    "from": (
        *("since", "start", "date from", "period from", "с", "с даты", "начало", "начало периода", "дата начала"),
        *("первая покупка", "дата первой покупки"),
    ),
    "until": (
        *("to", "date to", "end", "as of", "period to", "по", "по дату", "на дату", "конец", "конец периода"),
        *("дата окончания", "последняя покупка", "дата последней покупки", "дата"),
    ),
}


LATEST: Final = "9999-12-31"  # while it is not known which day is today


class Turnover(OfMember, frozen=True, kw_only=True, array_like=True, gc=False):
    """`until` None: today."""

    kopecks: int
    since: str | None
    until: str | None


class Sum(NamedTuple):
    """Kopecks of some days; `since` "": from the beginning; `line` 0: in the ledger."""

    since: str
    until: str
    kopecks: int
    line: int = 0

    def meets(self, other: Sum) -> bool:
        return self.since <= other.until and other.since <= self.until

    def holds(self, other: Sum) -> bool:
        return self.since <= other.since and other.until <= self.until

    def __str__(self) -> str:
        since = f"from {self.since} " if self.since else ""
        return f"{format_kopecks(self.kopecks)} {since}until {self.until}"


def _readers(around: Around) -> Mapping[str, Callable[[str], Any]]:
    today = around.today.isoformat()
    return {
        **who_readers(around),
        "rubles": values.rubles,
        "from": lambda text: _past(text, "from", today) if text else None,
        "until": lambda text: _past(text, "until", today) if text else None,
    }


def _past(text: str, column: str, today: str) -> str:
    day = values.day(text, column)
    if day > today:
        raise BadValue("day", f"{column} {day} has not come yet: nobody bought then")
    return day


def _made(line: int, said: Mapping[str, Any]) -> Turnover:
    since, until = said["from"], said["until"]
    if since is not None and until is not None and until < since:
        raise BadValue("day", f"until {until} lies before {since}")
    return Turnover(line=line, **who(said)._asdict(), kopecks=said["rubles"], since=since, until=until)


def _judge(reader: Reader, found: Sequence[Found[Turnover]], around: Around) -> list[Verdict]:
    before = brought(reader, [one.owner.member for one in found if one.owner is not None])
    return [_verdict(one, before, around) for one in found]


def _verdict(found: Found[Turnover], before: dict[str, list[Sum]], around: Around) -> Verdict:
    """`before` grows by it: another row of the file may be of the same member."""
    assert found.owner is not None, "its row names somebody"
    row, member = found.row, found.owner.member
    said = _sum(row, around.programmes[found.owner.programme].day(around.now))
    if not said.kopecks:
        return Took(Fate.UNCHANGED)
    if fault := _not_counted(said, around.programmes[found.owner.programme]):
        return fault
    mine = before.setdefault(member, [])
    same = [one for one in mine if one.meets(said)]
    if fault := _twice(same):
        return fault
    if same and not around.update:
        return Fault("turnover_there", f"member {member} has {_told(same)} in the ledger already")
    if not all(said.holds(one) for one in same):
        return Fault("turnover_there", f"member {member} has {_told(same)} in the ledger, of other days than {said}")
    more = said._replace(kopecks=said.kopecks - sum(one.kopecks for one in same))
    if not more.kopecks:
        return Took(Fate.UNCHANGED)
    mine.append(more)
    body = TurnoverBrought(member=member, kopecks=more.kopecks, since=more.since or None, until=more.until)
    return Took(Fate.UPDATED if same else Fate.TAKEN, [body])


def _sum(row: Turnover, today: date) -> Sum:
    return Sum(row.since or "", row.until or max(today.isoformat(), row.since or ""), row.kopecks, row.line)


def _told(sums: Sequence[Sum]) -> str:
    return " and ".join(map(str, sums))


def _not_counted(said: Sum, programme: Programme) -> Fault | None:
    """A sum that would count longer than it should."""
    begins = window_start(programme, date.fromisoformat(said.until)).isoformat()
    if not said.since or said.since >= begins:
        return None
    words = f"{said}: tiers of {programme.id} then count what was bought from {begins} on; split it there"
    return Fault("period", words)


def brought(reader: Reader, members: Sequence[str]) -> dict[str, list[Sum]]:
    """What was brought before, by members as they stand."""
    once = reader.once_of(sorted(set(members))) if members else []
    places = {_place(done.what): done.member for done in once if done.what.startswith(TURNOVER)}
    found: dict[str, list[Sum]] = {}
    for place, kept in reader.operations(list(places)).items() if places else ():
        body = read_operation(kept.text).body
        assert isinstance(body, TurnoverBrought), f"{place.id} stands for one"
        found.setdefault(places[place], []).append(Sum(body.since or "", body.until, body.kopecks))
    return found


def _place(what: str) -> Place:
    chain, generation, sequence = what.removeprefix(TURNOVER).split("/")
    return Place(chain, int(generation), int(sequence))


def _together(rows: Sequence[tuple[int, Turnover]]) -> Iterator[tuple[int, Fault]]:
    """One member's: the first says what he bought on its days."""
    before: list[Sum] = []
    for number, row in rows:
        said = Sum(row.since or "", row.until or LATEST, row.kopecks, row.line)
        fault = _twice([one for one in before if one.meets(said)])
        if fault is not None and row.kopecks:
            yield number, fault
        elif row.kopecks:
            before.append(said)


def _twice(same: Sequence[Sum]) -> Fault | None:
    lines = [one.line for one in same if one.line]
    return Fault("turnover_twice", f"his purchases of these days stand on line {lines[0]} too") if lines else None


def _stands(body: Body, entries: Sequence[EntryRow]) -> Stands:
    return Stands(kopecks=body.kopecks if isinstance(body, TurnoverBrought) else 0)


def _note(programme: Programme) -> str:
    accrual = programme.accrual
    if isinstance(accrual, PercentAccrual) and accrual.tier_metric == "accumulated":
        return ""
    return f"Tiers of {programme.id} do not count what was bought before: it is kept, and moves nobody's tier today."


TURNOVER_KIND: Final = Kind(
    name="turnover",
    what="purchases of before",
    headings=Headings(CALLED, lambda columns: bool(WHO & columns) and "rubles" in columns),
    needs=(WHO, frozenset(("rubles",))),
    row=Turnover,
    readers=_readers,
    made=_made,
    judge=_judge,
    says=lambda row: Stands(kopecks=row.kopecks),
    stands=_stands,
    together=_together,
    updates="the sums of members who have one of the same days become what the file says",
    helped_by_update=frozenset(("turnover_there",)),
    note=_note,
)
