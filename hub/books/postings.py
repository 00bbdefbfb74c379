"""What an operation does to the ledger: one function for each kind, deciding from what was loaded and nothing else.

What it does to points is worked out by `loyalty/effects.py`, as of the operation's own moment; here the difference is
booked. A function refuses before it changes anything, and answers with the members that it changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from hub.books.accounts import account_from
from hub.books.booking import Contra, book, taken_of
from hub.books.certificates import (
    certificate_blocked,
    certificate_ended,
    certificate_refunded,
    certificate_replaced,
    certificate_sold,
    give_back,
    parts_of_return,
    use_certificates,
)
from hub.books.consents import give_consent, withdraw_consent
from hub.books.coupons import give_coupons_back, make_coupon, revoke_coupon, use_coupons
from hub.books.days import day_sums
from hub.books.earlier import bring_earlier_sale
from hub.books.holds import confirmed, freed, voided
from hub.books.known import (
    OperationRefused,
    add_member,
    must_be_free,
    must_have,
    must_know,
    must_not_be_erased,
    owner_of,
)
from hub.books.ledger import Ledger
from hub.books.stickers import check_returned, join_stickers, move_stickers
from hub.cases.opening import case_of
from hub.store.records import TURNOVER, CardRow, KeptOperation, MemberRow, Place, place_of
from hub.stores import Happened
from loyalty.bodies import (
    Adjustment,
    CardBlocked,
    CardIssued,
    CardLinked,
    CardMadeVirtual,
    CardReissued,
    CardUnblocked,
    ConsentGiven,
    ConsentWithdrawn,
    CouponRevoked,
    EarlierSale,
    Expiry,
    FiscalAdded,
    Grant,
    HoldVoided,
    MemberJoined,
    MemberMerged,
    MemberRegistered,
    PointsToCharity,
    PointsToPartner,
    ProfileChanged,
    Return,
    ReturnCompleted,
    Sale,
    SaleClaimed,
    TurnoverBrought,
)
from loyalty.cards import CardEvent, next_status
from loyalty.effects import Impossible
from loyalty.kinds import KindReserved, maker_of, may_make, row_for
from loyalty.lots import uncovered
from loyalty.operation import ACCOUNT_CHAIN, Operation, read_operation
from loyalty.utc import moment

ZoneOf = Callable[[str], ZoneInfo]


def post(ledger: Ledger, operation: Operation, zone_of: ZoneOf) -> None:
    """Do what the operation says. `zone_of`: the time zone of a programme, for what happened in a store that does not
    say its own. Raises OperationRefused, and then nothing has changed."""
    if not may_make(operation):
        raise OperationRefused(f"not_from_{_MAKERS[maker_of(operation.chain)]}")
    ledger.begin(operation)
    try:
        members = row_for("books", POSTINGS, operation.body)(ledger, operation, operation.body)
    except (KindReserved, Impossible) as error:
        raise OperationRefused(error.reason) from error
    sums = day_sums(operation, zone_of)
    if members and sums is not None:
        ledger.add_day(members[0], *sums)
    for member in _concerned(operation, members):
        if ledger.member(member) is not None:
            ledger.tell(operation.programme, "member", member)
    ledger.happened.append(_happened(ledger, operation, members))
    ledger.applied(operation)


def _concerned(operation: Operation, members: tuple[str, ...]) -> tuple[str, ...]:
    """Whom tills are told of: also who is named, and has gone into another."""
    named = getattr(operation.body, "member", None)
    return members if not members or named is None or named in members else (*members, named)


def _happened(ledger: Ledger, operation: Operation, members: tuple[str, ...]) -> Happened:
    body = operation.body
    store = operation.store.id if operation.store else ""
    if isinstance(body, Sale):
        return Happened(store, members, tuple(coupon.serial for coupon in body.coupons))
    if isinstance(body, Return | ReturnCompleted) and body.coupons:
        return Happened(store, members, body.coupons, sold_in=_sold_in(ledger, place_of(body.of)))
    if isinstance(body, CouponRevoked):
        return Happened(store, members, (body.serial,), everywhere=True)
    return Happened(store, members, gone=members[0] if isinstance(body, MemberMerged) else None)


def _sold_in(ledger: Ledger, of: Place) -> str:
    """The store of a sale that goods came back from."""
    sold = _applied(ledger, of)
    return sold.store.id if sold is not None and sold.store else ""


# receipts


def _sale(ledger: Ledger, operation: Operation, sale: Sale) -> tuple[str, ...]:
    """The receipt is printed already: what the lots did not cover then becomes debt. A sale without a member uses its
    rights up all the same."""
    owner = owner_of(ledger, operation, sale.member, sale.card, sale.redeemed, sale.accrued)
    if owner is None and (sale.redeemed.points or sale.accrued.points or sale.stickers is not None):
        raise OperationRefused("unknown_card" if sale.card else "unknown_member")
    if owner is not None and (sale.redeemed.points or sale.accrued.points):
        contra: Contra = {"redeemed": sale.redeemed.points, "issued": -sale.accrued.points}
        before = book(ledger, operation, owner, contra)
        _case_of_debt(
            ledger, operation, owner, uncovered(before, sale.redeemed.points, datetime.fromisoformat(operation.at))
        )
    if owner is not None and sale.redeemed.hold is not None:
        ledger.put_hold(confirmed(ledger.hold(owner, sale.redeemed.hold), operation.chain))
    move_stickers(ledger, operation, owner)
    use_coupons(ledger, operation, sale, owner)
    use_certificates(ledger, operation, sale)
    return (owner,) if owner else ()


def _case_of_debt(ledger: Ledger, operation: Operation, owner: str, points: int) -> None:
    """A till without a connection, or with old news, let more be spent than was there."""
    if points:
        place = place_of(operation)
        ledger.open_case(case_of(place, "debt", ledger.now, operation, member=owner, cost_points=points))


def _return(ledger: Ledger, operation: Operation, back: Return) -> tuple[str, ...]:
    """Points go back to where the sale took them from; how much came back before is known."""
    owner = owner_of(ledger, operation, back.member, back.card, back.restored, back.clawed_back)
    if owner is None and (back.restored.points or back.clawed_back.points or back.stickers is not None):
        raise OperationRefused("unknown_member")
    of = place_of(back.of)
    sold, claim = _sold(ledger, of), ledger.claim(of)
    restored_before = ledger.restored(of)
    if restored_before + back.restored.points > sold.redeemed.points:
        raise OperationRefused("more_than_was_redeemed")
    earned = sold.accrued.points if claim is None else claim.earned_points
    if back.clawed_back.points > earned or back.refund_kopecks > sold.total_kopecks:
        raise OperationRefused("more_than_was_sold")
    check_returned(sold, back)
    if owner not in _whose_sale(ledger, operation, sold, claim):
        raise OperationRefused("not_whose_sale")
    certificates = parts_of_return(ledger, of, back.tenders)
    if owner is not None:
        taken = taken_of(ledger, owner, of, restored_before)
        contra: Contra = {"redeemed": -back.restored.points, "issued": back.clawed_back.points}
        book(ledger, operation, owner, contra, taken)
    move_stickers(ledger, operation, owner)
    ledger.put_return(of, back.restored.points)
    give_back(ledger, operation, of, certificates)
    give_coupons_back(ledger, operation, of, back.coupons)
    return (owner,) if owner else ()


def _return_completed(ledger: Ledger, operation: Operation, done: ReturnCompleted) -> tuple[str, ...]:
    """Points are moved beside it, by an adjustment."""
    of = place_of(done.of)
    _sold(ledger, of)
    owner = must_know(ledger, operation, done.member).member if done.member is not None else None
    certificates = parts_of_return(ledger, of, done.tenders)
    ledger.put_return(of, 0)
    give_back(ledger, operation, of, certificates)
    give_coupons_back(ledger, operation, of, done.coupons)
    return (owner,) if owner else ()


def _whose_sale(ledger: Ledger, operation: Operation, sold: Sale, claim: SaleClaimed | None) -> tuple[str | None, ...]:
    """Who may have bought it: of a sale that got its member afterwards a till may not have heard, and then the points
    are seen to later (hub/jobs/squared.py)."""
    buyer = owner_of(ledger, operation, sold.member, sold.card, sold.redeemed)
    return (buyer,) if claim is None else (buyer, must_know(ledger, operation, claim.member).member)


def _sold(ledger: Ledger, of: Place) -> Sale:
    """The sale that a return is of, when it stands in the books."""
    found = _applied(ledger, of)
    if found is None or not isinstance(found.body, Sale):
        raise OperationRefused("unknown_sale")
    return found.body


def _applied(ledger: Ledger, of: Place) -> Operation | None:
    """Also a sale that was refused and taken up since (hub/taking_up.py)."""
    found = ledger.sale(of)
    if isinstance(found, KeptOperation):
        claim = ledger.claim(of)
        stands = found.reason is None or (claim is not None and claim.whole)
        return read_operation(found.text) if stands else None
    return found


def _fiscal_added(ledger: Ledger, operation: Operation, added: FiscalAdded) -> tuple[str, ...]:
    """It moves nothing: it stands beside its sale."""
    _sold(ledger, place_of(added.of))
    return ()


def _sale_claimed(ledger: Ledger, operation: Operation, claimed: SaleClaimed) -> tuple[str, ...]:
    """Whether the sale was anybody's is looked at by whoever orders it; that it is given once, here."""
    of = place_of(claimed.of)
    if ledger.claim(of) is not None:
        raise OperationRefused("claimed_before")
    found = ledger.sale(of)
    sold = read_operation(found.text) if isinstance(found, KeptOperation) else found
    if sold is None or not isinstance(sold.body, Sale):
        raise OperationRefused("unknown_sale")
    owner = must_not_be_erased(ledger, must_know(ledger, operation, claimed.member)).member
    book(ledger, operation, owner, {"issued": -claimed.accrued.points})
    ledger.put_claim(of, claimed)
    return (owner,)


def _earlier_sale(ledger: Ledger, operation: Operation, sale: EarlierSale) -> tuple[str, ...]:
    """It moves nothing, and no till is told."""
    bring_earlier_sale(ledger, operation, sale)
    return ()


def _hold_voided(ledger: Ledger, operation: Operation, body: HoldVoided) -> tuple[str, ...]:
    """It moves nothing, and no till is told: what others hold is said to whoever asks."""
    owner = must_know(ledger, operation, body.member).member
    for hold in body.holds:
        known = ledger.hold(owner, hold)
        if maker_of(operation.chain) == "office":
            ledger.put_hold(freed(known))
        else:
            ledger.put_hold(voided(known, owner, hold, operation.chain, ledger.now))
    return ()


# cards


def _card_issued(ledger: Ledger, operation: Operation, issued: CardIssued) -> tuple[str, ...]:
    must_be_free(ledger, issued.card)
    add_member(ledger, MemberRow(issued.member, operation.programme, registered=False))
    ledger.put_card(CardRow(issued.card, issued.member, "issued"))
    return (issued.member,)


def _card_reissued(ledger: Ledger, operation: Operation, reissued: CardReissued | CardMadeVirtual) -> tuple[str, ...]:
    owner = must_not_be_erased(ledger, must_know(ledger, operation, reissued.member))
    old = must_have(ledger, owner.member, reissued.old_card)
    if old.status == "replaced":
        raise OperationRefused("card_already_replaced")
    must_be_free(ledger, reissued.new_card)
    fresh = old._replace(number=reissued.new_card)
    if old.status == "blocked":  # lost ones are often blocked
        fresh = _freed(ledger, fresh, owner)
    ledger.put_card(fresh)
    ledger.put_card(old._replace(status="replaced", successor=reissued.new_card, active_from=None))
    return (owner.member,)


def _card_blocked(ledger: Ledger, operation: Operation, body: CardBlocked) -> tuple[str, ...]:
    owner = must_know(ledger, operation, body.member)
    card = must_have(ledger, owner.member, body.card)
    if card.status == "replaced":
        raise OperationRefused("card_already_replaced")
    ledger.put_card(card._replace(status="blocked"))  # a form on paper waits for its day all the same
    return (owner.member,)


def _card_unblocked(ledger: Ledger, operation: Operation, body: CardUnblocked) -> tuple[str, ...]:
    owner = must_not_be_erased(ledger, must_know(ledger, operation, body.member))
    card = must_have(ledger, owner.member, body.card)
    if card.status != "blocked":
        raise OperationRefused("card_not_blocked")
    ledger.put_card(_freed(ledger, card, owner))
    return (owner.member,)


def _freed(ledger: Ledger, card: CardRow, owner: MemberRow) -> CardRow:
    """A blocked one is as good as its member's form: one on paper whose day has not come waits on (P19)."""
    waits = card.active_from is not None and card.active_from > ledger.now
    form: CardEvent | None = "form_taken" if waits else "registered" if owner.registered else None
    status = next_status("blocked", "unblocked")
    status = status if form is None else next_status(status, form)
    return card._replace(status=status, active_from=card.active_from if waits else None)


# members


def _member_joined(ledger: Ledger, operation: Operation, joined: MemberJoined) -> tuple[str, ...]:
    if joined.card:
        must_be_free(ledger, joined.card)
    add_member(ledger, MemberRow(joined.member, operation.programme, joined.registered))
    if joined.card:
        ledger.put_card(CardRow(joined.card, joined.member, "active" if joined.registered else "issued"))
    return (joined.member,)


def _member_registered(ledger: Ledger, operation: Operation, registered: MemberRegistered) -> tuple[str, ...]:
    """At once, or from a later moment on, when the form is on paper (P19)."""
    owner = must_know(ledger, operation, registered.member)
    ledger.put_member(owner._replace(registered=True))
    for card in ledger.cards_of(owner.member):
        if registered.active_from is None and card.status in ("issued", "pending"):
            ledger.put_card(card._replace(status="active", active_from=None))
        elif registered.active_from is not None and card.status == "issued":
            ledger.put_card(card._replace(status="pending", active_from=moment(registered.active_from)))
        elif card.status == "blocked" and not (owner.registered and card.active_from is None):
            ledger.put_card(card._replace(active_from=moment(registered.active_from)))  # as it is once it is free
    return (owner.member,)


def _card_linked(ledger: Ledger, operation: Operation, linked: CardLinked) -> tuple[str, ...]:
    owner = must_know(ledger, operation, linked.member)
    must_be_free(ledger, linked.card)
    ledger.put_card(CardRow(linked.card, owner.member, "active" if owner.registered else "issued"))
    return (owner.member,)


def _profile_changed(ledger: Ledger, operation: Operation, changed: ProfileChanged) -> tuple[str, ...]:
    """It moves nothing: what is known of the person is written beside it."""
    return (must_know(ledger, operation, changed.member).member,)


def _member_merged(ledger: Ledger, operation: Operation, merged: MemberMerged) -> tuple[str, ...]:
    """Lots, debt, cards, holds and what counts for tiers go over, as postings against what stood; what was done for one
    is not done again for the other; what is told of the old member later goes there too."""
    gone = must_know(ledger, operation, merged.member)
    into = must_know(ledger, operation, merged.into)
    if gone.member == into.member:
        raise OperationRefused("same_member")
    for lot in sorted(ledger.lots_of(gone.member), key=lambda lot: lot.lot):
        ledger.put_lot(lot._replace(remaining=0, expired=0))
        ledger.put_lot(lot._replace(member=into.member))
    ledger.owe(gone.member, -gone.debt)
    ledger.owe(into.member, gone.debt)
    for card in ledger.cards_of(gone.member):
        ledger.put_card(card._replace(member=into.member))
    for day in ledger.days_of(gone.member):
        ledger.add_day(into.member, day.day, day.redeemed, day.offline, day.spent_kopecks)
        ledger.add_day(gone.member, day.day, -day.redeemed, -day.offline, -day.spent_kopecks)
    for what in ledger.once_of(gone.member):
        ledger.put_once(into.member, what)
    ledger.move_consents(gone.member, into.member)
    join_stickers(ledger, operation, gone.member, into.member)
    ledger.move_holds(gone.member, into.member)
    ledger.coupons.move(gone.member, into.member)
    ledger.put_member(gone._replace(debt=0, merged_into=into.member))
    return (gone.member, into.member)


def _consent_given(ledger: Ledger, operation: Operation, given: ConsentGiven) -> tuple[str, ...]:
    """It moves nothing, and no till is told: the office and the account ask."""
    give_consent(ledger, must_not_be_erased(ledger, must_know(ledger, operation, given.member)).member, given)
    return ()


def _consent_withdrawn(ledger: Ledger, operation: Operation, withdrawn: ConsentWithdrawn) -> tuple[str, ...]:
    withdraw_consent(ledger, must_know(ledger, operation, withdrawn.member).member, withdrawn)
    return ()


def _turnover_brought(ledger: Ledger, operation: Operation, brought: TurnoverBrought) -> tuple[str, ...]:
    """It counts for tiers as a purchase of its last day; who has such is known by it, and whoever he goes into."""
    owner = must_not_be_erased(ledger, must_know(ledger, operation, brought.member))
    ledger.put_once(owner.member, TURNOVER + place_of(operation).id)
    return (owner.member,)


# points without a receipt


def _grant(ledger: Ledger, operation: Operation, grant: Grant) -> tuple[str, ...]:
    return _points(ledger, operation, grant, {"issued": -grant.points})


def _adjustment(ledger: Ledger, operation: Operation, change: Adjustment) -> tuple[str, ...]:
    members = _points(ledger, operation, change, {"adjusted": -change.points})
    move_stickers(ledger, operation, members[0])
    return members


def _expiry(ledger: Ledger, operation: Operation, expiry: Expiry) -> tuple[str, ...]:
    return _points(ledger, operation, expiry, {})


def _points(ledger: Ledger, operation: Operation, body: Grant | Adjustment | Expiry, contra: Contra) -> tuple[str, ...]:
    owner = owner_of(ledger, operation, body.member, None, body)
    assert owner is not None, "the body names a member"
    book(ledger, operation, owner, contra)
    return (owner,)


# points that go elsewhere


def _points_to_partner(ledger: Ledger, operation: Operation, given: PointsToPartner) -> tuple[str, ...]:
    """The partner has given his part already, so it is booked whatever became of the points meanwhile."""
    owner = owner_of(ledger, operation, given.member, None, given)
    assert owner is not None, "the body names a member"
    before = book(ledger, operation, owner, {"redeemed": given.points})
    _case_of_debt(ledger, operation, owner, uncovered(before, given.points, datetime.fromisoformat(operation.at)))
    ledger.put_hold(confirmed(ledger.hold(owner, given.exchange), ACCOUNT_CHAIN))
    return (owner,)


def _points_to_charity(ledger: Ledger, operation: Operation, given: PointsToCharity) -> tuple[str, ...]:
    """Never more than there is: nobody was promised anything yet."""
    owner = owner_of(ledger, operation, given.member, None, given)
    assert owner is not None, "the body names a member"
    row = must_not_be_erased(ledger, must_know(ledger, operation, owner))
    if uncovered(account_from(row, ledger.lots_of(owner)), given.points, datetime.fromisoformat(operation.at)):
        raise OperationRefused("not_that_many_points")
    book(ledger, operation, owner, {"redeemed": given.points})
    return (owner,)


_MAKERS: Final = {
    "till": "a_till",
    "hub": "the_hub",
    "office": "the_office",
    "account": "the_account",
    "online": "an_online_shop",
}
POSTINGS: Final[Mapping[str, Callable[[Ledger, Operation, Any], tuple[str, ...]]]] = {
    "sale": _sale,
    "return": _return,
    "return_completed": _return_completed,
    "earlier_sale": _earlier_sale,
    "fiscal_added": _fiscal_added,
    "sale_claimed": _sale_claimed,
    "hold_voided": _hold_voided,
    "card_issued": _card_issued,
    "card_reissued": _card_reissued,
    "card_made_virtual": _card_reissued,
    "card_blocked": _card_blocked,
    "card_unblocked": _card_unblocked,
    "member_joined": _member_joined,
    "member_registered": _member_registered,
    "card_linked": _card_linked,
    "profile_changed": _profile_changed,
    "member_merged": _member_merged,
    "consent_given": _consent_given,
    "consent_withdrawn": _consent_withdrawn,
    "turnover_brought": _turnover_brought,
    "grant": _grant,
    "adjustment": _adjustment,
    "expiry": _expiry,
    "coupon_made": make_coupon,
    "coupon_revoked": revoke_coupon,
    "certificate_sold": certificate_sold,
    "certificate_refunded": certificate_refunded,
    "certificate_blocked": certificate_blocked,
    "certificate_replaced": certificate_replaced,
    "certificate_ended": certificate_ended,
    "points_to_partner": _points_to_partner,
    "points_to_charity": _points_to_charity,
}
