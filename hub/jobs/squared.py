"""What came back of one sale at several tills, or of one that got its member afterwards, is put right.

A till that takes goods back knows what came back elsewhere only as far as the hub had heard, and one that sold without
a member does not know who got the sale since. Each return stands as it was told, for its money has been given; what all
of them together should have moved is worked out by the rules of the day of sale, as if one till had done them all, and
the difference is booked. Once all of it is back what the sale had used up is free again (completing.py). Goods that
came back twice are a case, with what they cost.

How far each chain was looked at stands in the ledger's settings, and of each sale what was put right so far.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final

import msgspec

from hub.bearing import NotApplied, Said, all_applied
from hub.books.intake import held_end
from hub.books.named import name_of_sale
from hub.cases.opening import case_of, told_of
from hub.jobs.completing import completed, rubles_due, settled
from hub.jobs.stretches import Stretch, pages, until_of, waiting
from hub.jobs.turn import Turn
from hub.people.receipts import SQUARED, UNCOUNTED, FoundReceipt, Squared, receipts_at
from hub.people.who import is_erased, standing
from hub.store.records import CaseRow, Place, place_of
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from loyalty.bodies import CAME_BACK_TWICE, Adjustment, Body, Return, TurnoverBrought
from loyalty.claims import as_claimed
from loyalty.effects import lot_id
from loyalty.kinds import SELLERS
from loyalty.operation import HUB_CHAIN, OFFICE_CHAIN, BadOperation, Operation, read_operation
from loyalty.points_life import bought_points_times
from loyalty.programme import Programme
from loyalty.returns import Back, LineReturn, Totals, all_lines, came_back, take_back, totals
from loyalty.standing import shop_day
from loyalty.utc import utc_text

UNTIL: Final = "squared_until/"  # a setting of each chain: up to which of its operations its returns are looked at
TWICE: Final = "came_back_twice"  # the kind of the case

log = logging.getLogger(__name__)


def square(turn: Turn) -> Iterator[int]:
    """How many sales of each page were put right."""
    with turn.hub.store.reading() as reader:
        left = waiting(reader, UNTIL, SELLERS)
    for page in pages(left, turn.page):
        with turn.hub.store.reading() as reader:
            several = _of_several(reader, page)
        yield sum(_put_right(turn, of) for of in sorted(several))
        turn.hub.within(partial(_keep, turn, page, sorted(several)))


def _of_several(reader: Reader, page: Sequence[Stretch]) -> set[Place]:
    """The sales of which something came back in this page, as far as no one till can know all of it; and sales of this
    page of which something was told before them, to a hub that was put back."""
    kept = reader.operations([place for stretch in page for place in stretch.places()])
    of = {
        place_of(operation.body.of)
        for one in kept.values()
        if '"return"' in one.text and (one.reason is None or one.reason in UNCOUNTED)
        if (operation := _read(one.text)) is not None and isinstance(operation.body, Return)
    }
    of |= _told_of_before(reader, [place for place, one in kept.items() if '"sale"' in one.text])
    found = receipts_at(reader, of) if of else []
    return {one.kept.place for one in found if one.claim is not None or _is_by_several(one)}


def _told_of_before(reader: Reader, sales: Sequence[Place]) -> set[Place]:
    """Those that anything names."""
    names = {name_of_sale(place): place for place in sales}
    return {names[row.name] for row in reader.naming(list(names))} if names else set()


def _is_by_several(found: FoundReceipt) -> bool:
    """Also at the till that sold, where another knew nothing of it, or at that till from before its file was lost; or
    where the books took one for too much."""
    files = {(one.chain, one.generation) for one in (found.sold, *(operation for _, operation in found.returns))}
    return bool(found.returns) and (len(files) > 1 or any(kept.reason is not None for kept, _ in found.returns))


def _read(text: str) -> Operation | None:
    try:
        return read_operation(text)
    except BadOperation:
        return None


# one sale


def _put_right(turn: Turn, of: Place) -> int:
    with turn.hub.store.reading() as reader:
        found = _found(reader, of)
    if found is None or found.sold.programme not in turn.hub.programmes:
        return 0
    try:
        answers = turn.hub.bear_after(found.sold.programme, lambda writer: _said(writer, turn, of), at=turn.until)
    except NotApplied as refused:  # one sale stops no other
        log.error("What came back of %s is not put right: %s", of.id, refused.reason)
        return 0
    return min(1, all_applied(answers))


def _said(writer: Writer, turn: Turn, of: Place) -> Said:
    """Of what stands once nobody else can change it."""
    held_end(writer, OFFICE_CHAIN)  # whoever settles a case of it does so before or after
    found = _found(writer, of)
    if found is None:
        return Said(())
    owner, off = _owner(writer, found), None
    if owner is not None:
        writer.locked_members([owner])
        off = _off(turn.hub.rules(found.sold.programme_hash), found)
    points = _bodies(turn.hub.programmes[found.sold.programme], found, owner, off, turn.until) if owner and off else ()
    rubles = rubles_due(found)
    day = shop_day(found.sold, turn.hub.zone_of(found.sold.programme))
    rights = completed(writer, found, rubles, day, owner, off.restored if off is not None else 0)
    bodies = [*points, *((rights,) if rights is not None else ())]
    cases: list[CaseRow] = []
    if off is not None or _moves_none(found):
        end = held_end(writer, HUB_CHAIN)
        by = Place(end.chain, end.generation, end.sequence + 1) if bodies else None
        cases = list(settled(writer, found, rubles, by, turn.until))
    settings = {SQUARED + of.id: _kept(found.squared, off)} if off is not None and any(off) else {}
    return Said(bodies, settings=settings, settled=cases, whole=True)


def _off(rules: Programme | None, found: FoundReceipt) -> Totals | None:
    """None: nobody knows the rules of that day any more."""
    if rules is None:
        return None
    return Totals(*(one - other for one, other in zip(due_of(rules, found), found.moved, strict=True)))


def _moves_none(found: FoundReceipt) -> bool:
    """A sale of nobody, and that spent and earned nothing."""
    sale = found.sale
    named = sale.member is not None or sale.card is not None or found.claim is not None
    return not named and not sale.redeemed.points and not sale.accrued.points


def due_of(rules: Programme, found: FoundReceipt) -> Totals:
    """What all that came back is to have moved. A sale that was refused spent nothing, and gave nothing but to whoever
    claimed it; one that was taken up is as if it had not been."""
    if found.kept.reason is None or (found.claim is not None and found.claim.whole):
        return totals(rules, as_claimed(found.sold, found.claim), came_back(found.sale, found.bodies))
    if found.claim is None:
        return Totals(0, 0, 0)
    due = totals(rules, as_claimed(found.sold, found.claim), came_back(found.sale, found.bodies))
    return due._replace(restored=0, stickers_taken_back=0, stickers_restored=0)


def _bodies(rules: Programme, found: FoundReceipt, owner: str, off: Totals, at: datetime) -> Iterator[Body]:
    number, points = found.sale.sale, off.restored - off.clawed_back
    if points:
        end = bought_points_times(rules, at).expires_at if points > 0 else None
        yield Adjustment(
            member=owner,
            points=points,
            reason=f"goods of receipt {number.number} came back",
            lot=_lot(found) if points < 0 else None,
            expires_at=utc_text(end) if end is not None else None,
        )
    stickers = off.stickers_restored - off.stickers_taken_back
    if stickers and found.sale.stickers is not None:
        yield Adjustment(
            member=owner,
            reason=f"goods of receipt {number.number} came back",
            stickers=stickers,
            collection=found.sale.stickers.collection,
        )
    if off.qualifying_kopecks:
        yield TurnoverBrought(member=owner, kopecks=-off.qualifying_kopecks, until=number.day)


def _lot(found: FoundReceipt) -> str:
    """What it earned, and so what is taken first."""
    made = found.claimed_in or found.sold
    return lot_id(made.chain, made.generation, made.sequence)


def _kept(before: Squared, off: Totals) -> str:
    now = Squared(
        before.restored + off.restored,
        before.clawed_back + off.clawed_back,
        before.qualifying_kopecks + off.qualifying_kopecks,
        before.stickers_taken_back + off.stickers_taken_back,
        before.stickers_restored + off.stickers_restored,
    )
    return msgspec.json.encode(now).decode()


def _found(reader: Reader, of: Place) -> FoundReceipt | None:
    return next(iter(receipts_at(reader, [of])), None)


def _owner(reader: Reader, found: FoundReceipt) -> str | None:
    """Whose points they are now; None: nobody's, also where he was erased since."""
    named = found.claim.member if found.claim is not None else found.sale.member
    if named is None and found.sale.card is not None:
        card = reader.cards([found.sale.card]).get(found.sale.card)
        named = card.member if card is not None else None
    row = standing(reader, named) if named is not None else None
    return row.member if row is not None and not is_erased(reader, row.member) else None


# goods that came back twice


def _keep(turn: Turn, page: Sequence[Stretch], several: Sequence[Place], writer: Writer) -> None:
    ours = [stretch for stretch in page if stretch.is_due(writer.setting)]
    cases = [case for found in receipts_at(writer, several) if (case := _twice(turn, found)) is not None]
    there = writer.cases([case.key for case in cases]) if cases else {}
    fresh = [case for case in cases if case.key not in there]
    changes = [change for case in fresh for change in told_of(case)]
    writer.write(Rows(new_cases=fresh, changes=changes, settings=until_of(ours)))


def _twice(turn: Turn, found: FoundReceipt) -> CaseRow | None:
    """It stands with the last return that brought what had come back before."""
    sale = found.sale
    for kept, operation in reversed(found.returns):
        back = operation.body
        assert isinstance(back, Return)
        if any(deviation.kind == CAME_BACK_TWICE for deviation in back.deviations):  # its till has said so itself
            continue
        others = [one for other, _ in found.returns if other.place != kept.place for one in _body(found, other.place)]
        before = came_back(sale, others)
        if all(before.left_m(line) >= _came(back, line.id) for line in all_lines(sale) if _came(back, line.id)):
            continue
        cost = _too_much(turn, found)
        first = [other.place for other, _ in found.returns if other.place != kept.place]
        return case_of(kept.place, TWICE, turn.until, operation, cost_kopecks=cost, note=back.reason, others=first)
    return None


def _body(found: FoundReceipt, place: Place) -> list[Return]:
    return [one.body for kept, one in found.returns if kept.place == place and isinstance(one.body, Return)]


def _came(back: Return, line: str) -> int:
    return sum(one.quantity_m for one in back.lines if one.id == line)


def _too_much(turn: Turn, found: FoundReceipt) -> int:
    """Money that was given beyond what the goods had cost; all of the second refund where the rules are not here."""
    given = sum(back.refund_kopecks for back in found.bodies)
    rules, back = turn.hub.rules(found.sold.programme_hash), came_back(found.sale, found.bodies)
    if rules is None:
        return max(0, given - found.sale.total_kopecks)
    goods = tuple(
        LineReturn(id=line.id, quantity_m=back.quantity_m(line), pieces=tuple(sorted(back.keys(line))))
        for line in all_lines(found.sale)
        if back.quantity_m(line)
    )
    return max(0, given - take_back(rules, found.sold, Back(), goods).refund_kopecks)
