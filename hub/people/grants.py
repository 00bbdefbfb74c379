"""Points given to one or to many at once, under one id by which all of it is undone while it is unspent.

Who gets how many is settled and kept before anybody gets any: one card that nobody has, and nobody does. More than one
person may give waits until a second one approves it. Many are found and given in transactions of some hundred, and how
far that has come is written with them: whatever ends it, the same order goes on, with the members that it had found.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Final

import msgspec

from hub.batches import batches
from hub.bearing import Said
from hub.hub import Hub
from hub.merges import erased_of, stands_for, with_heirs
from hub.people.alone import ALONE_TOTAL_MAX, alone_each_max
from hub.people.gifts import AT_ONCE, Given, gift_called, kept_for, kept_gift, settings_of
from hub.people.orders import NotDone, Order, bear, check_order, check_programme, check_reason
from hub.people.points import given_times
from hub.people.whom import Looked, Share, Size, Whom, size_of
from hub.spans import grown, next_span
from hub.store.office_records import GiftRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from loyalty.bodies import Grant
from loyalty.operation import OFFICE_CHAIN
from loyalty.utc import utc_text

WAITS_DAYS: Final = 3  # for a second person: a weekend; later nobody remembers what it was for
EXAMPLES_MAX: Final = 5  # members of a look: enough to see whether the words found whom they should


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """`total_max`: what all of it may not exceed, if anybody said."""

    reason: str
    total_max: int | None = None
    last_day: date | None = None


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What would be given. `waits`: one person alone may not; `first`: some of the members."""

    programme: str
    members: int
    points: int
    waits: bool
    first: tuple[Share, ...]


def quiet(done: int) -> None:
    """Nobody looks."""


def look(hub: Hub, whom: Whom, terms: Terms) -> Look:
    """What an order would do; nothing is written. Raises NotDone."""
    with hub.store.reading() as reader:
        looked = whom.looked(hub, reader)
        size = _sized(looked, terms)
        first = tuple(islice(looked.shares(), EXAMPLES_MAX))
    waits = _is_too_much(hub, looked.programme, size)
    return Look(programme=looked.programme, members=size.members, points=size.points, waits=waits, first=first)


def give(hub: Hub, whom: Whom, terms: Terms, order: Order, told: Callable[[int], None] = quiet) -> Given:
    """Give all of it, or let it wait for a second person; an order with a key that was carried out before gives nothing
    more, and one that was stopped goes on. `told` hears how many are done. Raises NotDone, and then nobody got any."""
    check_order(order)
    check_reason(terms.reason)
    with hub.store.reading() as reader:
        given = kept_for(reader, order)
    if given is not None and (given.listed or given.done) and not whom.is_like(given):
        raise NotDone(f"Under this key something else was given: {given.id}. Another key gives this: --asked KEY.")
    if given is None or not (given.listed or given.is_whole):
        given = _listed(hub, whom, terms, order, given)
    return carried_out(hub, given, told)


# whom it is for


def _listed(hub: Hub, whom: Whom, terms: Terms, order: Order, kept: Given | None) -> Given:
    """Find its members and keep them, a little at a time, in one moment of the ledger. Raises NotDone."""
    with hub.store.reading() as reader:
        looked = whom.looked(hub, reader)
        given = _begun(hub, looked, whom.where, _sized(looked, terms), terms, order, kept)
        first = 0
        for some in batches(looked.shares(), AT_ONCE):
            given = hub.within(partial(_keep, begun=given, some=some, first=first, order=order))
            if given.listed:
                break
            first += len(some)
    return given


def _begun(
    hub: Hub, looked: Looked, where: str | None, size: Size, terms: Terms, order: Order, kept: Given | None
) -> Given:
    """`kept`: what an order that was stopped had begun; an older one may have given some of it."""
    waits = _is_too_much(hub, looked.programme, size) and (kept is None or kept.second is None)
    anew = Given(
        id=kept.id if kept is not None else secrets.token_hex(4),
        programme=looked.programme,
        reason=terms.reason,
        by=order.by,
        person=order.person,
        at=utc_text(hub.now()),
        members=size.members,
        points=size.points,
        where=where,
        last_day=terms.last_day.isoformat() if terms.last_day else None,
    )
    return msgspec.structs.replace(
        kept if kept is not None and kept.done else anew,
        listing=secrets.token_hex(4),
        waits_until=utc_text(hub.now() + timedelta(days=WAITS_DAYS)) if waits else None,
    )


def _keep(writer: Writer, *, begun: Given, some: Sequence[Share], first: int, order: Order) -> Given:
    """The next of them. What somebody else has found meanwhile under the same key is the gift."""
    now = kept_for(writer, order) or kept_gift(writer, begun.id)
    if now is not None and now.listed:
        return now
    if now is not None and (now.id != begun.id or (first and now.listing != begun.listing)):
        raise NotDone(f"Somebody gives it at this moment, as gift {now.id}.")
    kept = begun
    if first + len(some) == begun.members:
        kept = msgspec.structs.replace(begun, listing=None, listed=True)
    rows = [GiftRow(begun.id, number, *share) for number, share in enumerate(some, start=first)]
    writer.write(Rows(gifts=rows, settings=settings_of(kept, order)))
    return kept


def _sized(looked: Looked, terms: Terms) -> Size:
    """Raises NotDone."""
    size = size_of(looked.shares())
    if terms.total_max is not None and size.points > terms.total_max:
        raise NotDone(f"All of it is {size.points} points, more than --total-max {terms.total_max}. Nobody got any.")
    return size


def _is_too_much(hub: Hub, programme: str, size: Size) -> bool:
    """For one person alone."""
    return size.points > ALONE_TOTAL_MAX or size.most > alone_each_max(hub.programmes[programme])


# given


def carried_out(hub: Hub, given: Given, told: Callable[[int], None]) -> Given:
    """The rest of it, if it may be given."""
    if given.state(hub.now()) != "part":
        return given
    life = life_of(hub, given)
    while not given.is_whole:
        given = _step(hub, given, life)
        told(given.done)
    return msgspec.structs.replace(given, changed=True)


def life_of(hub: Hub, given: Given) -> tuple[str, str | None]:
    """From when to when its points live: they are given when nobody needs to be asked any more. Raises NotDone."""
    check_programme(hub, given.programme)
    at = datetime.fromisoformat(given.second_at or given.at)
    last_day = date.fromisoformat(given.last_day) if given.last_day else None
    times = given_times(hub.programmes[given.programme], at, last_day)
    return utc_text(times.active_from), utc_text(times.expires_at) if times.expires_at else None


def _step(hub: Hub, begun: Given, life: tuple[str, str | None]) -> Given:
    """The next of them."""
    after = begun

    def decide(writer: Writer) -> Said:
        nonlocal after
        now = gift_called(writer, begun.id)
        if now.done != begun.done:  # another process carries the same order out
            after = now
            return Said(())
        rows = writer.gift_rows(begun.id, begun.done, AT_ONCE)
        if not rows:
            raise NotDone(f"Whom gift {begun.id} is for is not in the ledger any more: {begun.done} of them have it.")
        bodies = list(_bodies(writer, begun, rows, life))
        after = msgspec.structs.replace(
            begun,
            done=begun.done + len(rows),
            left_out=begun.left_out + len(rows) - len(bodies),
            spans=grown(begun.spans, next_span(writer, OFFICE_CHAIN, len(bodies))) if bodies else begun.spans,
        )
        return Said(bodies, settings=settings_of(after), whole=True)

    bear(hub, begun.programme, decide, f"given:{begun.id}", begun.answers)
    return after


def _bodies(writer: Writer, given: Given, rows: Sequence[GiftRow], life: tuple[str, str | None]) -> Iterator[Grant]:
    """For whoever answers to each one's id now; nobody who was erased since he was found."""
    members = _standing(writer, [row.member for row in rows])
    erased = erased_of(writer, set(members.values()))
    active_from, ends = life
    for row in rows:
        member = members[row.member]
        if member not in erased:
            yield Grant(member=member, points=row.points, reason=given.reason, active_from=active_from, expires_at=ends)


def _standing(writer: Writer, members: Sequence[str]) -> dict[str, str]:
    there = with_heirs(writer.members, members)
    rows = {member: stands_for(there.get, member) for member in members}
    return {member: row.member for member, row in rows.items() if row is not None}
