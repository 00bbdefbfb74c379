"""Points given to one or to many at once, under one id by which all of it is undone while it is unspent.

Who gets how many is settled before anything is written: one card that nobody has, and nobody gets any. Many are given
in transactions of some hundred, and how far that has come is written with them: whatever ends it, the same order goes
on.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

import msgspec

from hub.batches import batches
from hub.hub import Hub, NotApplied, Said
from hub.members import shown
from hub.people.history import shown_at
from hub.people.orders import BY_LETTERS_MAX, NotDone, Order, check_order, check_programme, check_reason
from hub.people.points import given_times
from hub.people.who import standing
from hub.spans import Span, grown, next_span, places_of
from hub.store.records import ERASED, LotKey, LotRow, Place
from hub.store.seam import Reader, Writer
from loyalty.bodies import Adjustment, Grant
from loyalty.effects import lot_id
from loyalty.operation import OFFICE_CHAIN, read_operation
from loyalty.possible import is_text
from loyalty.utc import utc_text

AT_ONCE: Final = 200  # members of one transaction, for which a till's push has to wait
GIVEN: Final = "given/"  # settings: every gift by its id
GIVEN_FOR: Final = "given_for/"  # settings: its id by the order's key
ALONE_TOTAL_MAX: Final = 50_000  # points that one person gives with nobody beside him
ALONE_EACH_MAX: Final = 10_000  # to one member, where the programme says no less (`grants.manual`)


class Gift(NamedTuple):
    """Points for whoever has this card. `line`: where it stands."""

    card: str
    points: int
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """`second`: who else answers for it; `total_max`: what all of it may not exceed, if anybody said."""

    reason: str
    second: str | None = None
    total_max: int | None = None
    last_day: date | None = None


class Given(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A gift as it is kept. `done`: of so many cards the points are given; `spans`: the office's operations that did
    it; `undone`: how many of them are undone."""

    id: str
    programme: str
    reason: str
    by: str
    at: str
    members: int
    points: int
    second: str | None = None
    done: int = 0
    spans: tuple[Span, ...] = ()
    undone_at: str | None = None
    undone_by: str | None = None
    undone: int = 0
    changed: bool = False  # by this order, now: never kept

    @property
    def is_whole(self) -> bool:
        return self.done == self.members

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None and self.undone == self.done


def give(
    hub: Hub, gifts: Sequence[Gift], terms: Terms, order: Order, told: Callable[[int], None] = lambda done: None
) -> Given:
    """Give all of it; an order with a key that was carried out before gives nothing more, and one that was stopped goes
    on. `told` hears how many are done. Raises NotDone, and then nobody got any."""
    check_order(order)
    check_reason(terms.reason)
    with hub.store.reading() as reader:
        given = _kept_for(reader, order)
        if given is None:
            given = _planned(hub, reader, gifts, terms, order)
    if (given.members, given.points) != (len(gifts), sum(gift.points for gift in gifts)):
        raise NotDone(f"Under this key something else was given: {given.id}. Another key gives this: --asked KEY.")
    if given.undone_at is not None or given.is_whole:
        return given
    times = given_times(hub.programmes[given.programme], datetime.fromisoformat(given.at), terms.last_day)
    ends = utc_text(times.expires_at) if times.expires_at else None
    while not given.is_whole:
        given = _step(hub, given, gifts, order, utc_text(times.active_from), ends)
        told(given.done)
    return msgspec.structs.replace(given, changed=True)


def _step(hub: Hub, begun: Given, gifts: Sequence[Gift], order: Order, active_from: str, ends: str | None) -> Given:
    """The next of them."""
    batch = gifts[begun.done : begun.done + AT_ONCE]
    after = begun

    def decide(writer: Writer) -> Said:
        nonlocal after
        other = _kept_for(writer, order)
        if other is not None and other.id != begun.id:
            raise NotDone(f"Somebody gives it at this moment, as gift {other.id}.")
        now = _kept(writer, begun.id) or begun
        if now.done != begun.done:  # another process carries the same order out
            after = now
            return Said(())
        cards = writer.cards([gift.card for gift in batch])
        bodies = [
            Grant(
                member=cards[gift.card].member,
                points=gift.points,
                reason=begun.reason,
                active_from=active_from,
                expires_at=ends,
            )
            for gift in batch
        ]
        spans = grown(begun.spans, next_span(writer, OFFICE_CHAIN, len(bodies)))
        after = msgspec.structs.replace(begun, done=begun.done + len(batch), spans=spans)
        settings = {GIVEN + after.id: _text(after)}
        settings |= {GIVEN_FOR + order.key: after.id} if order.key is not None else {}
        return Said(bodies, settings=settings, whole=True)

    _bear(hub, begun.programme, decide, f"given:{begun.id}", _by(begun))
    return after


def _bear(hub: Hub, programme: str, decide: Callable[[Writer], Said], key: str, by: str) -> None:
    try:
        hub.bear_after(programme, decide, chain=OFFICE_CHAIN, asked=key, by=by)
    except NotApplied as error:
        raise NotDone(f"The ledger refuses it: {error.reason}.") from error


def _planned(hub: Hub, reader: Reader, gifts: Sequence[Gift], terms: Terms, order: Order) -> Given:
    """Raises NotDone with all that is wrong."""
    members, wrong = _members(reader, gifts)
    programmes = sorted({programme for _, programme in members})
    if not gifts:
        wrong.append("nobody is named")
    if len(programmes) > 1:
        wrong.append(f"they are members of several programmes: {', '.join(programmes)}")
    if wrong:
        raise NotDone(f"Nobody got any:\n{shown(wrong, len(wrong))}")
    check_programme(hub, programmes[0])
    _check_sums(hub, programmes[0], gifts, terms, order)
    return Given(
        id=secrets.token_hex(4),
        programme=programmes[0],
        reason=terms.reason,
        by=order.by,
        second=terms.second,
        at=utc_text(hub.now()),
        members=len(gifts),
        points=sum(gift.points for gift in gifts),
    )


def _members(reader: Reader, gifts: Sequence[Gift]) -> tuple[list[tuple[str, str]], list[str]]:
    """Each one's id and programme, and what is wrong with the others."""
    found: list[tuple[str, str]] = []
    wrong: list[str] = []
    before: dict[str, str] = {}
    for some in batches(gifts, AT_ONCE):
        cards = reader.cards([gift.card for gift in some])
        rows = reader.members({card.member for card in cards.values()})
        erased = {done.member for done in reader.once_of(sorted(rows)) if done.what == ERASED}
        for gift in some:
            where = f"line {gift.line}: " if gift.line else ""
            card = cards.get(gift.card)
            if card is None:
                wrong.append(f"{where}nobody has card {gift.card}")
            elif gift.points <= 0:
                wrong.append(f"{where}{gift.points} points are none to give")
            elif card.member in before:
                wrong.append(f"{where}card {gift.card} is of the same member as card {before[card.member]}")
            elif card.member in erased:
                wrong.append(f"{where}the member of card {gift.card} was erased")
            else:
                before[card.member] = gift.card
                found.append((card.member, rows[card.member].programme))
    return found, wrong


def _check_sums(hub: Hub, programme: str, gifts: Sequence[Gift], terms: Terms, order: Order) -> None:
    manual = hub.programmes[programme].grants.manual
    each_max = manual.points if manual else ALONE_EACH_MAX
    total, most = sum(gift.points for gift in gifts), max(gift.points for gift in gifts)
    if terms.total_max is not None and total > terms.total_max:
        raise NotDone(f"All of it is {total} points, more than --total-max {terms.total_max}. Nobody got any.")
    if terms.second is not None and (not is_text(terms.second, BY_LETTERS_MAX) or terms.second == order.by):
        raise NotDone("--second is another person than who gives it, in at most 100 letters.")
    if terms.second is None and (total > ALONE_TOTAL_MAX or most > each_max):
        raise NotDone(
            f"One person gives at most {ALONE_TOTAL_MAX} points at once, and {each_max} to one member; this is {total},"
            f" and {most} to one. Whoever answers for it too is named: --second NAME."
        )


# undoing


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
        lots = sorted(_lots(reader, given), key=lambda lot: lot.lot)
    if given.is_undone:
        return Undone(id=id, members=0, points=0, died=0, before=_undone(given))
    rest = lots[given.undone :]
    spent = [f"member {lot.member} has {lot.remaining} of {lot.granted} left" for lot in rest if _is_spent(lot)]
    if spent:
        raise NotDone(f"Gift {id} is spent in part, and stays:\n{shown(spent, len(spent))}")
    before = given.undone
    for some in batches(rest, AT_ONCE):
        _take_back(hub, given, before, some, order)
        before += len(some)
    back = [lot.remaining for lot in rest if lot.remaining]
    return Undone(id=id, members=len(back), points=sum(back), died=len(rest) - len(back))


def _take_back(hub: Hub, given: Given, before: int, lots: Sequence[LotRow], order: Order) -> None:
    """`before`: how many are undone already."""

    def decide(writer: Writer) -> Said:
        writer.locked_members(sorted({lot.member for lot in lots}))
        kept = _kept(writer, given.id) or given
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
        return Said(bodies, settings={GIVEN + given.id: _text(kept)}, whole=True)

    _bear(hub, given.programme, decide, f"undo:{given.id}", order.by)


def _undone(given: Given) -> str:
    return f"{shown_at(given.undone_at or given.at)} UTC by {given.undone_by}"


def _is_spent(lot: LotRow) -> bool:
    return lot.remaining + lot.expired != lot.granted


def _lots(reader: Reader, given: Given) -> Iterator[LotRow]:
    """What is left of it, with whoever has it now."""
    for places in places_of(given.spans, OFFICE_CHAIN, AT_ONCE):
        yield from reader.lots(list(_keys(reader, places))).values()


def _keys(reader: Reader, places: Sequence[Place]) -> Iterator[LotKey]:
    for place, kept in reader.operations(places).items():
        body = read_operation(kept.text).body
        assert isinstance(body, Grant), "a gift's spans are its grants"
        row = standing(reader, body.member)
        if row is not None:
            yield LotKey(row.member, lot_id(*place))


# looking


def gift_called(reader: Reader, id: str) -> Given:
    """Raises NotDone."""
    given = _kept(reader, id)
    if given is None:
        raise NotDone(f"There is no gift {id!a}. `pos-hub grant list` shows them.")
    return given


def gifts_of(reader: Reader) -> list[Given]:
    """The newest last."""
    kept = [_given(text) for name, text in reader.all_settings().items() if name.startswith(GIVEN)]
    return sorted(kept, key=lambda given: (given.at, given.id))


def _kept_for(reader: Reader, order: Order) -> Given | None:
    id = reader.setting(GIVEN_FOR + order.key) if order.key is not None else None
    return None if id is None else _kept(reader, id)


def _kept(reader: Reader, id: str) -> Given | None:
    text = reader.setting(GIVEN + id)
    return None if text is None else _given(text)


def _given(text: str) -> Given:
    return msgspec.json.decode(text, type=Given)


def _text(given: Given) -> str:
    return msgspec.json.encode(given).decode()


def _by(given: Given) -> str:
    return given.by if given.second is None else f"{given.by}, {given.second}"
