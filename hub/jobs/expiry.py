"""Points that died unspent are booked so. What is left to do is seen in the lots: a dead one that holds points."""

from __future__ import annotations

from collections.abc import Iterator

from hub.bearing import Said, all_applied
from hub.jobs.turn import Turn
from hub.store.records import LotRow
from hub.store.seam import Writer
from loyalty.bodies import Expiry, LotPoints


def expire(turn: Turn) -> Iterator[int]:
    """From the first end to the last: what cannot be booked (a programme that this hub does not know) holds up nobody
    behind it."""
    last: LotRow | None = None
    while True:
        with turn.hub.store.reading() as reader:
            dead = reader.died_unspent(turn.until, last, turn.page)
            members = reader.members({lot.member for lot in dead})
        if not dead:
            return
        last = dead[-1]
        for programme in turn.hub.programmes:
            owners = [row.member for row in members.values() if row.programme == programme]
            if owners:
                yield _page(turn, programme, owners)


def _page(turn: Turn, programme: str, members: list[str]) -> int:
    """How many members lost points."""
    answers = turn.hub.bear_after(programme, lambda writer: _said(writer, members, turn), at=turn.until)
    return all_applied(answers)


def _said(writer: Writer, members: list[str], turn: Turn) -> Said:
    """Of what stands once nobody else can change it."""
    dead: dict[str, list[LotRow]] = {}
    for lot in writer.open_lots(sorted(writer.locked_members(members)), turn.until):
        if lot.remaining and lot.expires_at is not None and lot.expires_at <= turn.until:
            dead.setdefault(lot.member, []).append(lot)
    return Said([Expiry(member=member, lots=_points(dead[member])) for member in sorted(dead)])


def _points(lots: list[LotRow]) -> tuple[LotPoints, ...]:
    return tuple(LotPoints(lot=row.lot, points=row.remaining) for row in sorted(lots, key=lambda row: row.lot))
