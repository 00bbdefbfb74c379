"""Receipts of any till: found for goods that come back, or for whoever did not show his card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

import msgspec

from hub.claims.bring import bring
from hub.claims.claim import key_in
from hub.desk.act import Act, ActRefused, Asked
from hub.desk.member_acts import order_of
from hub.hub import Hub
from hub.people.claims import Claim, claim, looked
from hub.people.history import receipts_of
from hub.people.orders import NotDone, check_reason
from hub.people.receipts import FoundReceipt, receipts_at, receipts_sought
from hub.people.who import NotFound, Person, person_called
from hub.store.records import EarlierNumber
from hub.store.seam import Reader
from loyalty.names import masked
from loyalty.operation import write_operation, zone_of
from loyalty.returns import all_lines, came, came_back
from sync.receipts import (
    BroughtHere,
    FoundSale,
    MemberSales,
    MovedOf,
    SoughtClaim,
    SoughtMember,
    SoughtReceipt,
    ToldClaim,
    ToldSaleLine,
    ToldSaleOf,
)

SALES_MAX: Final = 30  # of a member, the newest: goods come back within weeks


# a receipt in the hand


def find_sale(hub: Hub, asked: Asked, sought: SoughtReceipt) -> FoundSale:
    with hub.store.reading() as reader:
        found = _one(reader, sought, asked.store)
        _check_entity(reader, found, asked)
        return _told(reader, found, sought.known)


def _one(reader: Reader, sought: SoughtReceipt, store: str) -> FoundReceipt:
    """Raises ActRefused."""
    found = receipts_sought(reader, sought, store)
    if len(found) == 1:
        return found[0]
    if found:
        raise ActRefused("several_receipts", "Several receipts fit: say the till too.")
    if _is_of_before(reader, sought, store):
        raise ActRefused("receipt_of_before", "That receipt is of the system before, whose points came in sums.")
    raise ActRefused("unknown_receipt", "No such receipt has come to the hub.")


def _is_of_before(reader: Reader, sought: SoughtReceipt, store: str) -> bool:
    if sought.document:
        return bool(reader.earlier_with_documents([sought.document]))
    where = store if sought.store is None else sought.store
    return bool(sought.number and reader.earlier_sales([EarlierNumber(where, sought.day, sought.number)]))


def _check_entity(reader: Reader, found: FoundReceipt, asked: Asked) -> None:
    """The law: whoever sold it takes it back. Raises ActRefused."""
    sold_in = found.sold.store.id if found.sold.store else ""
    if not asked.till or sold_in == asked.store:
        return
    stores = reader.named_stores([sold_in, asked.store])
    entities = [row.entity if (row := stores.get(store)) is not None else "" for store in (sold_in, asked.store)]
    if all(entities) and entities[0] != entities[1]:
        raise ActRefused("other_entity", f"That receipt is of {entities[0]}, and this till of {entities[1]}.")


def _told(reader: Reader, found: FoundReceipt, known: Iterable[str]) -> FoundSale:
    hash, claimed, moved = found.sold.programme_hash, found.claimed_in, found.moved
    return FoundSale(
        text=found.kept.text,
        returns=tuple(kept.text for kept, _ in found.returns),
        claim=write_operation(claimed) if claimed is not None else None,
        moved=MovedOf(
            restored=moved.restored, clawed_back=moved.clawed_back, qualifying_kopecks=moved.qualifying_kopecks
        ),  # of stickers the returns say it
        refused=found.kept.reason is not None,
        source=None if hash in known else reader.programmes([hash]).get(hash),
    )


# goods without a receipt


def member_sales(hub: Hub, asked: Asked, sought: SoughtMember) -> MemberSales:
    """His purchases of which something is still out, the newest first."""
    with hub.store.reading() as reader:
        person = _person(hub, reader, sought.who)
        found = [one for one in _sales_of(reader, person) if _fits(hub, one, sought.day, sought.kopecks)]
        sales = [_told_sale(one) for one in found]
    return MemberSales(
        member=masked(person.profile.name or ""), sales=tuple([one for one in sales if one.lines][:SALES_MAX])
    )


def _person(hub: Hub, reader: Reader, who: str) -> Person:
    """Raises ActRefused."""
    try:
        return person_called(reader, hub.programmes, who)
    except NotFound as error:
        raise ActRefused("nobody_called_so", str(error)) from error


def _sales_of(reader: Reader, person: Person) -> list[FoundReceipt]:
    return receipts_at(reader, receipts_of(reader, person.member, [card.number for card in person.cards]))


def _fits(hub: Hub, found: FoundReceipt, day: str, kopecks: int) -> bool:
    sale = found.sale
    if kopecks and kopecks not in (sale.total_kopecks, sale.paid_kopecks):
        return False
    zone = zone_of(found.sold.store, hub.programmes[found.sold.programme].timezone)
    on = datetime.fromisoformat(found.sold.at).astimezone(zone).date().isoformat()
    return day in ("", sale.sale.day, on)


def _told_sale(found: FoundReceipt) -> ToldSaleOf:
    sale, back = found.sale, came_back(found.sale, found.bodies)
    return ToldSaleOf(
        id=found.kept.place.id,
        at=found.sold.at,
        store=found.sold.store.id if found.sold.store else "",
        till=found.sold.chain,
        number=sale.sale.number,
        day=sale.sale.day,
        kopecks=sale.total_kopecks,
        lines=tuple(
            ToldSaleLine(
                id=line.id,
                name=line.name,
                unit=line.unit,
                left_m=back.left_m(line),
                kopecks=line.net_kopecks - came(line.net_kopecks, line, back),
            )
            for line in all_lines(sale)
            if back.left_m(line)
        ),
    )


# a purchase that earned nothing


def look_at_claim(hub: Hub, asked: Asked, sought: SoughtClaim) -> ToldClaim:
    with hub.store.reading() as reader:
        person = _person(hub, reader, sought.who)
        found = _claimed(hub, reader, person, sought, asked.store)
        return _told_claim(_looked(hub, reader, person, found), person)


def claim_sale(hub: Hub, asked: Asked, sought: SoughtClaim) -> ToldClaim:
    """Given once; told again it says so."""
    with hub.store.reading() as reader:
        person = _person(hub, reader, sought.who)
        of = _claimed(hub, reader, person, sought, asked.store).kept.place
    try:
        check_reason(sought.reason)
        done = claim(hub, person.member, of, order_of(asked), sought.reason)
    except NotDone as error:
        raise ActRefused("not_claimed", str(error)) from error
    with hub.store.reading() as reader:
        (found,) = receipts_at(reader, [of])
        told = _told_claim(_looked(hub, reader, person, found), person)
    given = done.changed or (done.before is not None and told.state == "given_before")
    return msgspec.structs.replace(told, state="given") if given else told


def _claimed(hub: Hub, reader: Reader, person: Person, sought: SoughtClaim, store: str) -> FoundReceipt:
    """By the receipt, else by the card that had been shown. Raises ActRefused."""
    if sought.receipt is not None:
        return _one(reader, sought.receipt, store)
    if not (sought.day and sought.kopecks):
        raise ActRefused("which_purchase", "Say the receipt, or the day and the sum.")
    found = [one for one in _sales_of(reader, person) if _fits(hub, one, sought.day, sought.kopecks)]
    if len(found) != 1:
        code = "several_receipts" if found else "unknown_receipt"
        raise ActRefused(code, "No one receipt of his cards is of that day and sum.")
    return found[0]


def _looked(hub: Hub, reader: Reader, person: Person, found: FoundReceipt) -> Claim:
    try:
        return looked(hub, reader, person, found)
    except NotDone as error:
        raise ActRefused("not_claimed", str(error)) from error


def _told_claim(told: Claim, person: Person) -> ToldClaim:
    sold, sale = told.found.sold, told.found.sale
    return ToldClaim(
        state=told.state,
        id=told.found.kept.place.id,
        at=sold.at,
        number=sale.sale.number,
        day=sale.sale.day,
        store=sold.store.id if sold.store else "",
        till=sold.chain,
        kopecks=sale.total_kopecks,
        points=told.points,
        why=told.why,
        offline=sale.link == "offline",
        member=masked(person.profile.name or ""),
    )


# the paper of a purchase without a card, shown at a till


def bring_receipt(hub: Hub, asked: Asked, brought: BroughtHere) -> ToldClaim:
    """Given once; brought again it says so."""
    key = key_in(brought.code)
    if key is None:
        raise ActRefused("unknown_receipt", "It is no code of a receipt.")
    with hub.store.reading() as reader:
        person = _person(hub, reader, brought.who)
    if person.row.programme != asked.programme:
        raise ActRefused("nobody_called_so", "Nobody of this programme is called so.")
    try:
        shown = bring(hub, person.member, key, order_of(asked))
    except NotDone as error:
        raise ActRefused(error.code if error.code != "not_done" else "not_claimed", str(error)) from error
    if shown.claim is None:
        return ToldClaim(state=shown.state, member=masked(person.profile.name or ""), last_day=shown.last_day)
    told = _told_claim(shown.claim, person)
    return msgspec.structs.replace(told, state=shown.state, card=shown.card, last_day=shown.last_day)


RECEIPT_ACTS: Final[Mapping[str, Act]] = {
    "find_sale": Act(takes=SoughtReceipt, right=None, do=find_sale),
    "member_sales": Act(takes=SoughtMember, right="take_back_without_receipt", do=member_sales),
    "look_at_claim": Act(takes=SoughtClaim, right="claim_sales", do=look_at_claim),
    "bring_receipt": Act(takes=BroughtHere, right=None, do=bring_receipt),
    "claim_sale": Act(takes=SoughtClaim, right="claim_sales", do=claim_sale),
}
