"""Points with their own beginnings and ends, several rows a member: each a grant of the hub's.

card;points;from;until
2600000000017;150;01.03.2026;31.12.2026
2600000000017;500;;never
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from hub.batches import batches
from hub.brought.holders import Holder
from hub.brought.kind import WHO, Around, Found, Kind, OfMember, Stands, Took, Verdict
from hub.brought.whose import WHO_CALLED, who, who_readers
from hub.counted import counted
from hub.files import values
from hub.files.checked import Fate
from hub.files.headings import Headings
from hub.files.members_headings import CALLED as MEMBERS_CALLED
from hub.files.reasons import BadValue, Fault
from hub.members import BY_PROGRAMME, NEVER, ends_at
from hub.store.records import EntryRow
from hub.store.seam import Reader
from loyalty.bodies import Body, Grant
from loyalty.points_life import beginning_of, last_day_of
from loyalty.programme import Programme
from loyalty.utc import moment, utc_text

LOOKED_UP_AT_ONCE: Final = 1_000  # members
CALLED: Final = {
    **WHO_CALLED,
    "points": (
        *MEMBERS_CALLED["points"],
        *("начислено", "начислено баллов", "начислено бонусов", "amount", "количество", "кол-во"),
    ),
    "from": (
        *("starts", "start", "start date", "active from", "valid from", "date from", "since", "date"),
        *("с", "с даты", "начало", "дата начала", "действует с", "действуют с", "активация", "дата активации"),
        *("дата начисления", "начислены", "дата"),
    ),
    "until": (
        *("to", "date to", "end", "end date", "expires on", *MEMBERS_CALLED["expires"], "expires"),
        *("по", "по дату", "до", "окончание", "дата окончания", "действует по", "действуют по", "действует до"),
        *("срок", "срок действия", "годны до"),
    ),
}


class Lot(OfMember, frozen=True, kw_only=True, array_like=True, gc=False):
    """`starts`: the first day, None: now; `expires`: the last day, or one of hub.members.ENDS."""

    points: int
    starts: str | None
    expires: str


def _readers(around: Around) -> Mapping[str, Callable[[str], Any]]:
    today = around.today
    return {
        **who_readers(around),
        "points": values.points,
        "from": lambda text: values.day(text, "from") if text else None,
        "until": lambda text: values.expires(text, today, "until") if text else around.expires,
    }


def _made(line: int, said: Mapping[str, Any]) -> Lot:
    starts, expires = said["from"], said["until"]
    if starts is not None and expires not in (BY_PROGRAMME, NEVER) and expires < starts:
        raise BadValue("day", f"until {expires} lies before {starts}")
    named = who(said)
    return Lot(line=line, **named._asdict(), points=said["points"], starts=starts, expires=expires)


def _judge(reader: Reader, found: Sequence[Found[Lot]], around: Around) -> list[Verdict]:
    return [_verdict(one, around) for one in found]


def _verdict(found: Found[Lot], around: Around) -> Verdict:
    assert found.owner is not None, "its row names somebody"
    programme, row = around.programmes[found.owner.programme], found.row
    if not row.points:
        return Took(Fate.UNCHANGED)
    starts = around.now if row.starts is None else beginning_of(programme, date.fromisoformat(row.starts))
    ends = ends_at(row.expires, programme, max(starts, around.now))
    if ends is not None and ends <= around.now:
        return Fault("expires", f"until {row.expires} is over")
    grant = Grant(
        member=found.owner.member,
        points=row.points,
        reason="import",
        active_from=utc_text(starts),
        expires_at=utc_text(ends) if ends else None,
    )
    return Took(Fate.TAKEN, [grant])


def _stands(body: Body, entries: Sequence[EntryRow]) -> Stands:
    return Stands(points=-sum(entry.points for entry in entries if entry.account == "issued"))


def _month(programme: Programme, body: Body) -> str:
    assert isinstance(body, Grant), "a row of lots makes grants"
    end = moment(body.expires_at)
    return "never" if end is None else f"{last_day_of(programme, end):%Y-%m}"


def _beside(reader: Reader, holders: Iterable[Holder]) -> str:
    """Points that came with the members, too, would stand twice."""
    members = points = 0
    for some in batches(holders, LOOKED_UP_AT_ONCE):
        given = Counter[str]()
        for lot in reader.lots_of([one.member for one in some]):
            given[lot.member] += lot.granted
        more = [given[one.member] - one.points for one in some if given[one.member] > one.points]
        members, points = members + len(more), points + sum(more)
    if not members:
        return ""
    return (
        f"{members} of them got {points:,} points besides, by other files or operations. Whoever's points are all in"
        " this file has them twice then: `pos-hub correct` takes points away."
    )


def _together(rows: Sequence[tuple[int, Lot]]) -> Iterable[tuple[int, Fault]]:
    """A row copied once too often gives points that nobody has: two lots that are alike in all are written as one."""
    first: dict[tuple[int, str | None, str], int] = {}
    for number, row in rows:
        line = first.setdefault((row.points, row.starts, row.expires), row.line)
        if line != row.line and row.points:
            told = counted(row.points, "point")
            yield (
                number,
                Fault("lot_twice", f"the same lot of {told} stands on line {line} too; if both are right, add them up"),
            )


LOTS: Final = Kind(
    name="lots",
    what="lots of points",
    headings=Headings(CALLED, lambda columns: bool(WHO & columns) and "points" in columns),
    needs=(WHO, frozenset(("points",))),
    row=Lot,
    readers=_readers,
    made=_made,
    judge=_judge,
    says=lambda row: Stands(points=row.points),
    stands=_stands,
    together=_together,
    beside=_beside,
    spread=_month,
    spread_as="end",
)
