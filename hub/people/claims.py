"""A purchase that earned nothing, for somebody did not show his card: why, and it is given to him afterwards, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Final, NamedTuple

from hub.books.intake import held_end
from hub.cases.kinds import ADJUST, AGAIN, GOODWILL
from hub.hub import Hub
from hub.people.orders import Deed, Done, NotDone, Order, check_not_erased, ordered
from hub.people.receipts import FoundReceipt, receipts_at
from hub.people.who import Person, standing
from hub.store.records import CaseKey, Place
from hub.store.seam import Reader, Writer
from loyalty.accrual import in_birthday_window
from loyalty.bodies import OF_NOBODY, SaleClaimed, Seen
from loyalty.cards import CardStatus
from loyalty.claims import claim_ends, claimed_by
from loyalty.operation import OFFICE_CHAIN, zone_of
from loyalty.programme import Programme
from loyalty.returns import is_undone
from loyalty.snapshot import SpentDay
from loyalty.tiers import accumulated, window_start
from sync.receipts import ClaimState

BEST_FIRST: Final[tuple[CardStatus, ...]] = ("active", "pending", "issued", "blocked", "replaced")


class Claim(NamedTuple):
    """What a purchase gives somebody who had not shown his card. `why`: it had earned nothing for that; `body`: what is
    written where it is given."""

    state: ClaimState
    found: FoundReceipt
    why: str = ""
    body: SaleClaimed | None = None

    @property
    def points(self) -> int:
        claim = self.body or self.found.claim
        return claim.accrued.points if claim is not None else self.found.sale.accrued.points


def _no(writer: Writer, person: Person, told: Claim) -> None:
    """Nothing besides."""


def looked(hub: Hub, reader: Reader, person: Person, found: FoundReceipt, reason: str = "") -> Claim:
    """`person` says that it was his. Raises NotDone where the rules of that day are not here."""
    state = _state(hub, reader, person, found)
    if state != "to_give":
        return Claim(state, found, _why(found))
    rules = hub.rules(found.sold.programme_hash)
    if rules is None:
        raise NotDone("The rules of the day of that purchase are not here: it cannot be worked out.")
    rules = rules.by_clock_of(zone_of(found.sold.store, rules.timezone))
    seen = _seen(reader, rules, person, datetime.fromisoformat(found.sold.at))
    card = next((card.number for card in person.cards if card.status == seen.card_status), None)
    body = claimed_by(rules, found.sold, found.bodies, person.member, card, seen, reason)
    return Claim("to_give" if body.accrued.points else "earns_nothing", found, _why(found), body)


def claim(
    hub: Hub,
    whom: str,
    of: Place,
    order: Order,
    reason: str = "",
    *,
    also: Callable[[Writer, Person, Claim], None] = _no,
) -> Done:
    """It is given to whoever is called so. `also`: what is looked at and written with it. Raises NotDone, NotFound."""

    def decide(writer: Writer, person: Person, now: datetime) -> Deed:
        check_not_erased(writer, person)
        if order.chain != OFFICE_CHAIN:
            held_end(writer, OFFICE_CHAIN)  # at most one of those who give it looks at it at a time
        found = next(iter(receipts_at(writer, [of])), None)
        if found is None:
            raise NotDone(f"There is no receipt {of.id}.")
        told = looked(hub, writer, person, found, reason)
        number = found.sale.sale.number
        if told.state != "to_give" or told.body is None:
            return Deed(f"Receipt {number}: {told.state}.")
        also(writer, person, told)
        return Deed(f"Receipt {number}: {told.points} points to member {person.member}.", [told.body])

    return ordered(hub, whom, order, decide)


def _state(hub: Hub, reader: Reader, person: Person, found: FoundReceipt) -> ClaimState:
    sale, owner = found.sale, _whose(reader, found)
    if owner is not None:
        if owner != person.member:
            return "of_another"
        return "had_member" if found.claim is None else "given_before"
    if _shown_by(reader, found) not in (None, person.member):
        return "of_another"
    if _made_good(reader, found):
        return "given_before"
    if sale.redeemed.points:
        return "paid_by_points"
    if found.sold.programme != person.row.programme:
        return "other_programme"
    if is_undone(sale, found.bodies):
        return "came_back"
    rules = hub.rules(found.sold.programme_hash) or hub.programmes[person.row.programme]
    return "too_old" if hub.now() > claim_ends(rules, datetime.fromisoformat(found.sold.at)) else "to_give"


def _whose(reader: Reader, found: FoundReceipt) -> str | None:
    """Who has the points of it, or would have where it had earned any."""
    named = found.claim.member if found.claim is not None else None
    if named is None and found.kept.reason is None:
        moved = (entry.member for entry in reader.entries_of([found.kept.place]))
        named = found.sale.member or next(moved, None)
    return named


def _shown_by(reader: Reader, found: FoundReceipt) -> str | None:
    """Whose card was shown, who did not earn for all that: it may have come to the ledger later."""
    named, number = found.sale.member, found.sale.card
    row = standing(reader, named) if named is not None else None
    card = reader.cards([number]).get(number) if row is None and number is not None else None
    row = standing(reader, card.member) if card is not None else row
    return row.member if row is not None else None


def _made_good(reader: Reader, found: FoundReceipt) -> bool:
    """A receipt that was refused is a case, and that was settled with points, or by the same receipt again."""
    key = CaseKey(*found.kept.place, "refused")
    case = reader.cases([key]).get(key)
    return case is not None and case.state == "settled" and case.remedy in (AGAIN, GOODWILL, ADJUST)


def _why(found: FoundReceipt) -> str:
    """Why nobody earned by it."""
    if found.kept.reason is not None:
        return found.kept.reason
    odd = [one.kind for one in found.sale.deviations if one.kind in OF_NOBODY]
    if odd:
        return odd[0]
    return "" if found.sale.member is not None else "card_of_nobody" if found.sale.card is not None else "no_card"


# the member as he was


def _seen(reader: Reader, rules: Programme, person: Person, at: datetime) -> Seen:
    day, told = rules.day(at), person.profile
    rule = rules.birthday
    born = date.fromisoformat(told.birthday) if told.birthday else None
    return Seen(
        card_status=_status(person),
        birthday=rule is not None and born is not None and in_birthday_window(rule, born, day),
        favourites=told.favourites,
        accumulated_kopecks=accumulated(rules, _spent(reader, rules, person, day), day),
    )


def _status(person: Person) -> CardStatus:
    """The best of his cards: any of them could have been shown."""
    statuses: list[CardStatus] = [card.status for card in person.cards]
    return next((one for one in BEST_FIRST if one in statuses), "active")  # who has none is known by his phone


def _spent(reader: Reader, rules: Programme, person: Person, day: date) -> Iterable[SpentDay]:
    since = max(window_start(rules, day), date(1900, 1, 1)).isoformat()
    return [
        SpentDay(day=row.day, kopecks=row.spent_kopecks)
        for row in reader.days_of([person.member], since)
        if row.day <= day.isoformat()
    ]
