"""What the hub keeps of each day and each card, beside the books: worked out after an operation was answered, never
before, so that no sale waits for it (hub/jobs/watch.py).

A day is counted by store, till and whoever's hands it went through (loyalty/day.py). A card is its member's, whichever
card it is; a card that nobody has is itself. Orders of the office are its people's (loyalty/velocity.py). What rings is
a case of the operation that was one too many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from hub.cases.opening import case_of
from hub.cases.velocity_words import note_of
from hub.store.office_records import StoreDayKey, StoreDayRow, WatchedRow
from hub.store.records import CaseRow, KeptOperation, Place, place_of
from hub.store.seam import Reader
from loyalty.bodies import Adjustment, Grant, Sale, SaleClaimed
from loyalty.day import Counts, added, counts_of, day_of_operation, read_counts, refused_of, write_counts
from loyalty.kinds import SELLERS, maker_of
from loyalty.operation import BadOperation, Operation, read_operation, zone_of
from loyalty.programme import VelocityRules
from loyalty.velocity import Ring, Use, Watched, ordered, used

MEMBER: Final = "member:"
CARD: Final = "card:"
BY: Final = "by:"
GIFT: Final = "given:"  # how the order of a gift is called (hub/people/grants.py)
OTHERS_MAX: Final = 20  # operations that a case names beside its own, the last: more are found by its member

_decode = msgspec.json.Decoder(Watched)


class Looked(NamedTuple):
    """What one operation says. `subject` "": it is nothing that is watched."""

    place: Place
    operation: Operation
    day: StoreDayKey | None = None
    counts: Mapping[str, int] = {}
    subject: str = ""
    use: Use | None = None


class Seen(NamedTuple):
    watched: list[WatchedRow]
    days: list[StoreDayRow]
    cases: list[CaseRow]


def looked(kept: Iterable[KeptOperation], reader: Reader, zone: Callable[[str], ZoneInfo]) -> list[Looked]:
    """Of operations as they were answered; what cannot be read is nobody's."""
    read = [(one, operation) for one in kept if (operation := _read(one)) is not None]
    owners = reader.cards({card for _, operation in read if (card := _card_alone(operation)) is not None})
    cards = {number: card.member for number, card in owners.items()}
    sellers = _sellers(reader, read)
    return [_looked(one, operation, zone(operation.programme), cards, sellers) for one, operation in read]


def _sellers(reader: Reader, read: Iterable[tuple[KeptOperation, Operation]]) -> dict[Place, str]:
    """By whose hands receipts went that somebody got afterwards."""
    claimed = {place_of(one.body.of) for _, one in read if isinstance(one.body, SaleClaimed)}
    sold = reader.operations(claimed) if claimed else {}
    return {place: one.by or "" for place, kept in sold.items() if (one := _read(kept)) is not None}


def seen(looked: Sequence[Looked], reader: Reader, rules: Callable[[str], VelocityRules | None], at: datetime) -> Seen:
    """What is kept from now on, and what rings."""
    watched = _watched(reader, {one.subject for one in looked if one.subject})
    days = _days(reader, {one.day for one in looked if one.day is not None})
    cases = []
    for one in looked:
        if one.day is not None:
            days[one.day] = added(days.get(one.day, {}), one.counts)
        velocity = rules(one.operation.programme) if one.use is not None else None
        if one.use is None or velocity is None:
            continue
        count = ordered if one.subject.startswith(BY) else used
        watched[one.subject], rings = count(watched.get(one.subject, Watched()), one.use, velocity)
        if rings:
            cases.append(_case(one, rings, at))
    return Seen(
        [WatchedRow(subject, write_watched(watched[subject])) for subject in sorted(watched)],
        [StoreDayRow(*key, write_counts(days[key])) for key in sorted(days)],
        cases,
    )


def read_watched(row: WatchedRow | None) -> Watched:
    return _decode.decode(row.body) if row is not None else Watched()


def write_watched(watched: Watched) -> str:
    return msgspec.json.encode(watched).decode()


def _read(kept: KeptOperation) -> Operation | None:
    try:
        return read_operation(kept.text)
    except BadOperation:
        return None


def _looked(
    kept: KeptOperation,
    operation: Operation,
    programme: ZoneInfo,
    cards: Mapping[str, str],
    sellers: Mapping[Place, str],
) -> Looked:
    place = kept.place
    if kept.reason is None and isinstance(operation.body, SaleClaimed):  # as if the card had been shown
        return _claimed(place, operation, operation.body, sellers)
    if maker_of(place.chain) not in SELLERS:
        order = _order(kept, operation)
        return Looked(place, operation, subject=f"{BY}{operation.by}" if order else "", use=order)
    zone = zone_of(operation.store, programme)
    store = operation.store.id if operation.store is not None else ""
    day = StoreDayKey(store, day_of_operation(operation, zone), place.chain, operation.by or "")
    counts: Counts = counts_of(operation, zone)
    if kept.reason is not None:
        counts = added(counts, refused_of(operation, kept.reason))
        return Looked(place, operation, day, counts)
    subject = _subject(operation, cards)
    use = _use(operation, _earned(operation)) if subject else None
    return Looked(place, operation, day, counts, subject, use)


def _claimed(place: Place, operation: Operation, claimed: SaleClaimed, sellers: Mapping[Place, str]) -> Looked:
    of = place_of(claimed.of)
    use = _use(operation, claimed.accrued.points)
    use = msgspec.structs.replace(use, sold_at=of.chain, sold_by=sellers.get(of, ""))
    return Looked(place, operation, subject=f"{MEMBER}{claimed.member}", use=use)


def _card_alone(operation: Operation) -> str | None:
    body = operation.body
    return body.card if isinstance(body, Sale) and body.member is None else None


def _subject(operation: Operation, cards: Mapping[str, str]) -> str:
    body = operation.body
    if not isinstance(body, Sale):
        return ""
    member = body.member or cards.get(body.card or "")
    if member:
        return f"{MEMBER}{member}"
    return f"{CARD}{body.card}" if body.card else ""


def _earned(operation: Operation) -> int:
    return operation.body.accrued.points if isinstance(operation.body, Sale) else 0


def _order(kept: KeptOperation, operation: Operation) -> Use | None:
    """Points that a person gave or corrected, one member at a time: a gift to many has bounds of its own."""
    body = operation.body
    if (operation.asked or "").startswith(GIFT):
        return None
    if kept.reason is not None or not operation.by or not isinstance(body, Grant | Adjustment):
        return None
    return _use(operation, body.points)


def _use(operation: Operation, points: int) -> Use:
    at = int(datetime.fromisoformat(operation.at).timestamp())
    return Use(at, operation.chain, operation.generation, operation.sequence, operation.by or "", points)


def _case(one: Looked, rings: Sequence[Ring], at: datetime) -> CaseRow:
    """It may cost what the uses that were counted earned."""
    assert one.use is not None
    most = max(rings, key=lambda ring: len(ring.uses))
    others = [Place(use.chain, use.generation, use.sequence) for use in most.uses if use != one.use]
    return case_of(
        one.place,
        "velocity",
        at,
        one.operation,
        member=one.subject.removeprefix(MEMBER) if one.subject.startswith(MEMBER) else None,
        cost_points=sum(abs(use.points) for use in most.uses),
        note=note_of(rings, one.operation.by or ""),
        others=others[-OTHERS_MAX:],
    )


def _watched(reader: Reader, subjects: set[str]) -> dict[str, Watched]:
    return {subject: read_watched(row) for subject, row in reader.watched(subjects).items()} if subjects else {}


def _days(reader: Reader, keys: set[StoreDayKey]) -> dict[StoreDayKey, Counts]:
    return {key: read_counts(row.body) for key, row in reader.store_days(keys).items()} if keys else {}
