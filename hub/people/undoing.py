"""All of a gift taken back, as long as nobody has spent any of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import msgspec

from hub.bearing import Said
from hub.hub import Hub
from hub.members import BAD_LINES_SHOWN_MAX, shown
from hub.merges import stands_for, with_heirs
from hub.people.gifts import AT_ONCE, Given, gift_called, kept_gift, settings_of, state_words
from hub.people.history import shown_at
from hub.people.orders import NotDone, Order, bear, check_order
from hub.spans import places_of
from hub.store.records import KeptOperation, LotKey, LotRow, Place
from hub.store.seam import Reader, Writer
from loyalty.bodies import Adjustment, Grant
from loyalty.effects import lot_id
from loyalty.operation import OFFICE_CHAIN, read_operation
from loyalty.utc import utc_text


class Undone(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken back of a gift. `died`: members whose points of it had died unspent."""

    id: str
    members: int
    points: int
    died: int
    before: str | None = None


def undo(hub: Hub, id: str, order: Order) -> Undone:
    """Take all of it back, as long as nobody has spent any; points that died unspent are gone already. Raises NotDone,
    and then nothing was taken; but where there are more than some hundred members, and one of them spends meanwhile, it
    stops there, and the same again goes on once that is settled."""
    check_order(order)
    with hub.store.reading() as reader:
        given = gift_called(reader, id)
        if given.is_undone:
            return Undone(id=id, members=0, points=0, died=0, before=_undone(given))
        if not given.done:
            raise NotDone(f"Gift {id} is not given: {state_words(given, hub.now())}.")
        _check_unspent(reader, given)
    done = Undone(id=id, members=0, points=0, died=0)
    before = given.undone
    for places in _places(given):
        with hub.store.reading() as reader:
            lots = _lots(reader, places)
        _take_back(hub, given, before, lots, order)
        before += len(lots)
        back = [lot.remaining for lot in lots if lot.remaining]
        done = Undone(
            id=id,
            members=done.members + len(back),
            points=done.points + sum(back),
            died=done.died + len(lots) - len(back),
        )
    return done


def _check_unspent(reader: Reader, given: Given) -> None:
    """Raises NotDone."""
    spent, count = list[str](), 0
    for lot in chain.from_iterable(_lots(reader, places) for places in _places(given)):
        if lot.remaining + lot.expired != lot.granted:
            count += 1
            if count <= BAD_LINES_SHOWN_MAX:
                spent.append(f"member {lot.member} has {lot.remaining} of {lot.granted} left")
    if spent:
        raise NotDone(f"Gift {given.id} is spent in part, and stays:\n{shown(spent, count)}")


def _take_back(hub: Hub, given: Given, before: int, lots: Sequence[LotRow], order: Order) -> None:
    """`before`: how many are undone already."""

    def decide(writer: Writer) -> Said:
        writer.locked_members(sorted({lot.member for lot in lots}))
        kept = kept_gift(writer, given.id) or given
        if kept.undone != before:
            raise NotDone(f"Gift {given.id} is being undone by somebody else.")
        now = writer.lots([lot.key for lot in lots])
        changed = [lot.member for lot in lots if now.get(lot.key) != lot]
        if changed:
            raise NotDone(f"Member {changed[0]} has spent of gift {given.id} meanwhile: {before} are undone.")
        bodies = [
            Adjustment(member=lot.member, points=-lot.remaining, lot=lot.lot, reason=f"gift {given.id} undone")
            for lot in lots
            if lot.remaining
        ]
        at = utc_text(hub.now())
        kept = msgspec.structs.replace(kept, undone_at=at, undone_by=order.by, undone=before + len(lots))
        return Said(bodies, settings=settings_of(kept), whole=True)

    bear(hub, given.programme, decide, f"undo:{given.id}", order.by)


def _undone(given: Given) -> str:
    return f"{shown_at(given.undone_at or given.at)} UTC by {given.undone_by}"


def _places(given: Given) -> Iterator[list[Place]]:
    """Of what is not undone yet, in the order in which it was given."""
    before = given.undone
    for places in places_of(given.spans, OFFICE_CHAIN, AT_ONCE):
        rest = places[before:]
        before = max(0, before - len(places))
        if rest:
            yield rest


def _lots(reader: Reader, places: Sequence[Place]) -> list[LotRow]:
    """What is left of it, with whoever has it now, in the order in which it was given."""
    return sorted(reader.lots(list(_keys(reader, places))).values(), key=lambda lot: lot.lot)


def _keys(reader: Reader, places: Sequence[Place]) -> Iterator[LotKey]:
    members = {place: _granted_to(kept) for place, kept in reader.operations(places).items()}
    there = with_heirs(reader.members, members.values())
    for place, member in members.items():
        row = stands_for(there.get, member)
        if row is not None:
            yield LotKey(row.member, lot_id(*place))


def _granted_to(kept: KeptOperation) -> str:
    body = read_operation(kept.text).body
    assert isinstance(body, Grant), "a gift's spans are its grants"
    return body.member
