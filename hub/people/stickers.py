"""Orders for a member's stickers: a correction by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from hub.counted import counted
from hub.hub import Hub
from hub.people.orders import Deed, Done, NotDone, Order, check_not_erased, check_reason, ordered
from hub.people.who import Person
from hub.store.seam import Writer
from loyalty.bodies import Adjustment
from loyalty.stickers import collection_of

COUNT_MAX: Final = 10_000  # at once: a collection asks for tens


def correct_stickers(
    hub: Hub, whom: str, stickers: int, order: Order, reason: str, *, collection: date | None = None
) -> Done:
    """More, or less: never more than there are. `collection`: by its first day; None: the member's programme's."""
    check_reason(reason)
    if not 0 < abs(stickers) <= COUNT_MAX:
        raise NotDone(
            f"Say how many stickers are added, or taken with a minus, {COUNT_MAX} at most: --count N.", code="how_many"
        )

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        check_not_erased(writer, person)
        there = _collection(hub, person, collection)
        has = next((row.stickers for row in writer.stickers_of([person.member]) if row.collection == there), 0)
        if stickers < 0 and has + stickers < 0:
            raise NotDone(f"Member {person.member} has {has} stickers.", code="too_few_stickers")
        more = f"+{counted(stickers, 'sticker')}" if stickers > 0 else counted(stickers, "sticker")
        body = Adjustment(member=person.member, reason=reason, stickers=stickers, collection=there)
        return Deed(f"Member {person.member}: {more} of {there}, {has + stickers} now.", [body])

    return ordered(hub, whom, order, decide)


def _collection(hub: Hub, person: Person, named: date | None) -> str:
    """Raises NotDone."""
    if named is not None:
        return named.isoformat()
    programme = hub.programmes.get(person.row.programme)
    if programme is None or programme.stickers is None:
        raise NotDone("The programme has no sticker collection: name one by its first day, --collection 2026-09-01.")
    return collection_of(programme.stickers)
