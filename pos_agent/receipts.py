"""The receipts that are open at a till: one in front, others put aside, and a card that waits for the next one.

A command that names a receipt is about that one and no other; one without a name is about the receipt in front. Another
number begins another visit. What nobody touches for a while is put aside by itself, so that the next customer never
finds the last one's card.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec

from pos_agent.visit import ReceiptName, Visit, Who, is_empty

ASIDE_MAX = 20  # more than a queue has people; the oldest goes

_visit = msgspec.json.Decoder(Visit)


class Receipts(msgspec.Struct, frozen=True, kw_only=True):
    """`waiting`: a member whose card came while the receipt in front had one already."""

    front: Visit = Visit()
    aside: tuple[Visit, ...] = ()
    waiting: Who | None = None

    @property
    def visits(self) -> tuple[Visit, ...]:
        """The one in front first."""
        return (self.front, *self.aside)

    def at(self, name: ReceiptName | None, now: datetime, idle: timedelta) -> Receipts:
        """With the receipt of this name in front; with a new one, if there is none. Without a name: as it is, but for
        what has been idle."""
        rested = self._rested(now, idle)
        if name is None or name == rested.front.receipt:
            return rested
        rested, name = rested._called(name, now, idle)
        if name == rested.front.receipt:
            return rested
        if (found := rested.find(name)) is not None:
            return rested._put_aside(found)
        if rested.front.receipt is None and not rested.front.lines:  # a card shown before the POS gave a number
            return msgspec.structs.replace(rested, front=msgspec.structs.replace(rested.front, receipt=name))
        return rested._put_aside(Visit(receipt=name))

    def of_pos(self, pos: str) -> Receipts:
        """With this POS's own newest receipt in front, where another POS's stands there; a new one, if it has none."""
        front = self.front.receipt
        if not pos or front is None or front.pos == pos:
            return self
        own = (visit for visit in self.aside if visit.receipt is not None and visit.receipt.pos == pos)
        return self._put_aside(next(own, Visit()))

    def find(self, name: ReceiptName) -> Visit | None:
        return next((visit for visit in self.aside if visit.receipt == name), None)

    def _called(self, name: ReceiptName, now: datetime, idle: timedelta) -> tuple[Receipts, ReceiptName]:
        """A POS that says day or shift with some commands of a receipt and not with others means one receipt: the only
        one of that number that was touched a moment ago. It is called by all that was said of it from then on."""
        if any(visit.receipt == name for visit in self.visits):
            return self, name
        meant = [visit for visit in self.visits if _may_be(visit.receipt, name) and not is_idle(visit, now, idle)]
        if len(meant) != 1 or (of := meant[0].receipt) is None:
            return self, name
        whole = msgspec.structs.replace(name, day=name.day or of.day, shift=name.shift or of.shift)
        front, *aside = (msgspec.structs.replace(one, receipt=whole) if one is meant[0] else one for one in self.visits)
        return msgspec.structs.replace(self, front=front, aside=tuple(aside)), whole

    def put_aside(self) -> Receipts:
        """With nobody's receipt in front."""
        return self._put_aside(Visit())

    def with_next_up(self, now: datetime) -> Receipts:
        """Whose card was waiting stands in front, for everybody to see, as soon as nobody else does."""
        if self.waiting is None or self.front.receipt is not None or not is_empty(self.front):
            return self
        return msgspec.structs.replace(self, front=Visit(who=self.waiting).touched(now), waiting=None)

    def taken_up(self, visit: Visit) -> Receipts:
        """With this one in front, which was put aside."""
        return self._put_aside(visit)

    def pushed_out(self, before: Receipts) -> tuple[ReceiptName, ...]:
        """Those that stood aside before, and for whom there is no room any more."""
        here = {visit.receipt for visit in self.visits}
        return tuple(visit.receipt for visit in before.aside if visit.receipt and visit.receipt not in here)

    def waiting_for(self, hold: str) -> Visit | None:
        """The receipt for which this hold is being asked."""
        return next((visit for visit in self.visits if visit.reserving and visit.reserving.id == hold), None)

    def but_for(self, gone: Collection[Visit]) -> Receipts:
        """Without these, wherever they stand."""
        front = Visit() if self.front in gone else self.front
        return msgspec.structs.replace(self, front=front, aside=tuple(one for one in self.aside if one not in gone))

    def unasked(self) -> Receipts:
        """With nothing that is being asked for any more. What was reserved before it stands behind what was told, and
        so may what the hub was asked for in its place: nobody knows whether it came to that. The shop's tills let
        nothing go before the receipt has the new one."""
        front, *aside = map(_unasked, self.visits)
        return msgspec.structs.replace(self, front=front, aside=tuple(aside))

    def instead(self, visit: Visit, now: Visit) -> Receipts:
        """One of them as it is now, wherever it stands."""
        front, *aside = (now if one is visit else one for one in self.visits)
        return msgspec.structs.replace(self, front=front, aside=tuple(one for one in aside if not is_empty(one)))

    def with_front(self, visit: Visit) -> Receipts:
        return msgspec.structs.replace(self, front=visit)

    def _rested(self, now: datetime, idle: timedelta) -> Receipts:
        if is_empty(self.front) or not is_idle(self.front, now, idle):
            return self
        return msgspec.structs.replace(self._put_aside(Visit()), waiting=None)

    def _put_aside(self, front: Visit) -> Receipts:
        """Another comes to the front. Who is put aside can be taken up again by name; a receipt without one is over."""
        others = tuple(one for one in self.aside if one.receipt != front.receipt or front.receipt is None)
        kept = () if is_empty(self.front) or self.front.receipt is None else (self.front,)
        return msgspec.structs.replace(self, front=front, aside=(*kept, *others)[:ASIDE_MAX])

    def written(self) -> list[bytes]:
        """The one in front first."""
        return [msgspec.json.encode(visit) for visit in self.visits]


def _unasked(visit: Visit) -> Visit:
    hold, asked = visit.hold, visit.reserving
    if asked is None:
        return visit
    if hold is not None and hold.by == asked.by == "hub":
        either = msgspec.structs.replace(asked, besides=hold.besides)
        hold = msgspec.structs.replace(hold, besides=either) if hold.state == "held" else None
    return msgspec.structs.replace(visit, hold=hold, reserving=None)


def is_idle(visit: Visit, now: datetime, idle: timedelta) -> bool:
    return bool(visit.touched_at) and now - datetime.fromisoformat(visit.touched_at) > idle


def _may_be(receipt: ReceiptName | None, name: ReceiptName) -> bool:
    """Nothing that was said of the one contradicts what was said of the other."""
    if receipt is None or (receipt.pos, receipt.number) != (name.pos, name.number):
        return False
    said = ((receipt.day, name.day), (receipt.shift, name.shift))
    return all(not one or not other or one == other for one, other in said)


def read_receipts(written: list[bytes]) -> Receipts:
    """As they were when the process ended; what cannot be read (of another version, say) is left out."""
    front, *aside = [_read(text) for text in written] or [Visit()]
    return Receipts(front=front, aside=tuple(visit for visit in aside if not is_empty(visit)))


def _read(text: bytes) -> Visit:
    try:
        return _visit.decode(text)
    except msgspec.DecodeError:
        return Visit()
