"""A card that was given out at one till, shown at another that told the hub first: its sale was refused, for nobody had
the card. What its paper promised is given once the hub has heard whose it is, as what a member claims is.

The answer stays what it was; `SaleClaimed.whole` says that the sale stands as it was paid, so that goods of it come
back like any other's. Rights that it used up are as they were when it was refused: then its case stays open. A sale
from before the card was given out is nobody's, and what a person has settled stays as he settled it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, Protocol

from hub.bearing import NotApplied, Said, all_applied
from hub.books.intake import held_end
from hub.cases.kinds import AGAIN
from hub.people.history import gone_into
from hub.people.receipts import FoundReceipt, receipts_at
from hub.people.who import is_erased, standing
from hub.store.errors import StoreOff
from hub.store.records import CaseKey, CaseRow, Place
from hub.store.seam import Reader, Store, Writer
from loyalty.bodies import Accrued, Adjustment, OperationRef, Sale, SaleClaimed, Seen
from loyalty.kinds import name_of
from loyalty.operation import HUB_CHAIN, OFFICE_CHAIN, BadOperation, Operation, read_operation
from loyalty.programme import Programme
from loyalty.stickers import moved
from sync.protocol import OperationAnswer

UNKNOWN: Final = "unknown_card"  # what such a sale was answered
BY: Final = HUB_CHAIN  # who settles its case
CAME_LATER: Final = ": its card came later"  # the end of the reason for which its stickers are given

# by each kind that makes a card somebody's, which (tests/hub/test_taking_up.py looks whether one is forgotten)
GIVES: Final[Mapping[str, Callable[[Any], str | None]]] = {
    "card_issued": lambda body: body.card,
    "card_reissued": lambda body: body.new_card,
    "card_made_virtual": lambda body: body.new_card,
    "card_linked": lambda body: body.card,
    "member_joined": lambda body: body.card,
}
_GIVERS: Final = tuple(f'"{name}"' for name in GIVES)

log = logging.getLogger(__name__)


class Hub(Protocol):
    """What is asked of it (hub/hub.py)."""

    store: Store
    now: Callable[[], datetime]

    @property
    def programmes(self) -> Mapping[str, Programme]: ...

    def bear_after(self, programme: str, decide: Callable[[Writer], Said]) -> list[OperationAnswer]: ...


def cards_given(applied: Iterable[str]) -> set[str]:
    """By these operations, which were applied."""
    return {card for text in applied if any(one in text for one in _GIVERS) if (card := _given(_read(text)))}


def card_waited_for(text: str, reason: str | None) -> str | None:
    """Of a sale that was refused, for nobody had its card."""
    operation = _read(text) if reason == UNKNOWN else None
    return operation.body.card if operation is not None and isinstance(operation.body, Sale) else None


def soon(hub: Hub, applied: Iterable[str]) -> None:
    """What waited for the cards that these operations gave out. Where it cannot be now, the job does it."""
    if cards := cards_given(applied):
        with suppress(StoreOff):
            take_up(hub, cards)


def take_up(hub: Hub, cards: Collection[str]) -> int:
    """How many sales were taken up of those that these cards were shown at, the oldest first. Raises StoreOff."""
    if not cards:
        return 0
    with hub.store.reading() as reader:
        rows = reader.naming(cards)
        found = receipts_at(reader, {Place(*row[1:]) for row in rows}) if rows else []
        programmes = {one.kept.place: one.sold.programme for one in reversed(found) if _waits(reader, one)}
    return sum(_taken(hub, of, programme) for of, programme in programmes.items() if programme in hub.programmes)


def _taken(hub: Hub, of: Place, programme: str) -> int:
    try:
        return min(1, all_applied(hub.bear_after(programme, lambda writer: _said(hub, writer, of))))
    except NotApplied as refused:  # one sale stops no other
        log.error("Sale %s is not taken up: %s", of.id, refused.reason)
        return 0


def _said(hub: Hub, writer: Writer, of: Place) -> Said:
    held_end(writer, OFFICE_CHAIN)  # whoever gives it as a claim looks at it before or after
    found = next(iter(receipts_at(writer, [of])), None)
    if found is None or not _waits(writer, found):
        return Said(())
    owner = _holder(writer, found)
    if owner is None:
        return Said(())
    claimed = Place(HUB_CHAIN, (end := held_end(writer, HUB_CHAIN)).generation, end.sequence + 1)
    return Said(
        [_claimed(found, owner), *_stickers(found, owner)],
        settled=[_settled(case, hub.now(), claimed) for case in _cases(writer, found)],
        whole=True,
    )


# whether it is taken up


def _waits(reader: Reader, found: FoundReceipt) -> bool:
    """Nobody has its points, or has settled it with something else. Points that it spent were never told by a till that
    did not know the card."""
    if found.kept.reason != UNKNOWN or found.claim is not None or found.sale.redeemed.points:
        return False
    case = _case(reader, found.kept.place)
    return case is None or case.state == "open"


def _holder(reader: Reader, found: FoundReceipt) -> str | None:
    """Who had the card when he bought; None: nobody yet, or he is gone."""
    number = found.sale.card or ""
    card = reader.cards([number]).get(number)
    row = standing(reader, card.member) if card is not None else None
    if row is None or row.programme != found.sold.programme or is_erased(reader, row.member):
        return None
    given = min(_given_at(reader, row.member, number), default=None)
    return row.member if given is not None and given <= datetime.fromisoformat(found.sold.at) else None


def _given_at(reader: Reader, member: str, number: str) -> Iterator[datetime]:
    rows = reader.naming([member, *gone_into(reader, member)])
    for kept in reader.operations({Place(*row[1:]) for row in rows}).values():
        operation = _read(kept.text) if kept.reason is None and number in kept.text else None
        if operation is not None and _given(operation) == number:
            yield datetime.fromisoformat(operation.at)


def _given(operation: Operation | None) -> str | None:
    gives = GIVES.get(name_of(operation.body)) if operation is not None else None
    return gives(operation.body) if gives is not None and operation is not None else None


def _read(text: str) -> Operation | None:
    try:
        return read_operation(text)
    except BadOperation:
        return None


# what is written


def _claimed(found: FoundReceipt, member: str) -> SaleClaimed:
    """As its paper says, less what came back of it since."""
    sale, sold, back = found.sale, found.sold, found.bodies
    points = sale.accrued.points - sum(one.clawed_back.points for one in back)
    kopecks = sale.qualifying_kopecks - sum(one.qualifying_kopecks for one in back)
    life = sale.accrued
    return SaleClaimed(
        of=OperationRef(chain=sold.chain, generation=sold.generation, sequence=sold.sequence),
        of_sale=sale.sale,
        sold_at=sold.at,
        member=member,
        card=sale.card,
        accrued=Accrued(points=max(0, points), active_from=life.active_from, expires_at=life.expires_at),
        qualifying_kopecks=max(0, kopecks),
        earned_points=sale.accrued.points,
        earned_kopecks=sale.qualifying_kopecks,
        seen=sale.seen or Seen(),
        whole=True,
    )


def _stickers(found: FoundReceipt, member: str) -> Iterator[Adjustment]:
    counts: dict[str, int] = {}
    for collection, count in [one for body in (found.sale, *found.bodies) for one in moved(body)]:
        counts[collection] = counts.get(collection, 0) + count
    for collection, count in counts.items():
        if count:
            reason = f"receipt {found.sale.sale.number}{CAME_LATER}"
            yield Adjustment(member=member, reason=reason, stickers=count, collection=collection)


def _cases(reader: Reader, found: FoundReceipt) -> list[CaseRow]:
    """Of the sale and of what came back of it. Not where it used rights up: what is on them is the office's to see."""
    if found.sale.coupons or found.sale.tenders:
        return []
    places = [found.kept.place, *(kept.place for kept, _ in found.returns if kept.reason is not None)]
    return [case for place in places if (case := _case(reader, place)) is not None and case.state == "open"]


def _case(reader: Reader, place: Place) -> CaseRow | None:
    key = CaseKey(*place, "refused")
    return reader.cases([key]).get(key)


def _settled(case: CaseRow, at: datetime, claimed: Place) -> CaseRow:
    others = tuple(dict.fromkeys((*case.others, claimed)))
    return case._replace(state="settled", settled_at=at, settled_by=BY, remedy=AGAIN, others=others)
