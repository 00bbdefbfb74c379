"""What must be read of the ledger before these operations can be decided: worked out from the operations alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from hub.books.certificate_tenders import tendered
from hub.store.coupon_records import CampaignKey
from hub.store.records import EarlierNumber, Place, place_of
from loyalty.bodies import (
    Adjustment,
    CardBlocked,
    CardIssued,
    CardLinked,
    CardMadeVirtual,
    CardReissued,
    CardUnblocked,
    CertificateBlocked,
    CertificateEnded,
    CertificateRefunded,
    CertificateReplaced,
    CertificateSold,
    ConsentGiven,
    ConsentWithdrawn,
    CouponMade,
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
from loyalty.effects import lot_id
from loyalty.kinds import KindReserved, row_for
from loyalty.operation import Operation

Certificate = CertificateSold | CertificateRefunded | CertificateBlocked | CertificateReplaced | CertificateEnded
LATEST: Final = datetime.max.replace(tzinfo=UTC)


class Whose(NamedTuple):
    """A member; where he is not named, or nobody, whoever has the card."""

    member: str | None
    card: str | None = None


@dataclass(slots=True)
class Needs:
    """`spends`: whose open lots; `named`: lots that may be empty and are looked at all the same; `all_of`: members of
    whom everything is needed, for it goes over to another; `since`: expired points of lots that died later than the
    oldest operation may still be taken."""

    whose: set[Whose] = field(default_factory=set)
    cards: set[str] = field(default_factory=set)
    cards_of: set[str] = field(default_factory=set)
    spends: set[Whose] = field(default_factory=set)
    named: set[tuple[Whose, str]] = field(default_factory=set)
    all_of: set[str] = field(default_factory=set)
    taken_in: set[str] = field(default_factory=set)  # whom others go into: they may go on, under those others' names
    once: set[str] = field(default_factory=set)  # of whom what was done once is needed
    sales: set[Place] = field(default_factory=set)
    serials: set[str] = field(default_factory=set)
    brought_back: set[str] = field(default_factory=set)  # of those, by returns
    campaigns: set[CampaignKey] = field(default_factory=set)  # of coupons that are used, made or revoked
    using: set[Whose] = field(default_factory=set)  # on whose receipts
    holds: set[Whose] = field(default_factory=set)  # whose holds this batch ends or takes over
    consents: set[Whose] = field(default_factory=set)  # whose consents change, or go over
    stickers: set[Whose] = field(default_factory=set)  # who spends some, or they go over
    earlier: set[EarlierNumber] = field(default_factory=set)  # receipts of before that may be there already
    certificates: set[str] = field(default_factory=set)  # and what they were replaced by
    certificate_sales: set[Place] = field(default_factory=set)  # of which rubles come back onto certificates
    since: datetime = LATEST


def needs_of(operations: Iterable[Operation]) -> Needs:
    """All of them, of a whole batch. What has no meaning yet needs nothing."""
    needs = Needs()
    for operation in operations:
        with suppress(KindReserved):
            row_for("needs", NEEDS, operation.body)(needs, operation, operation.body)
    return needs


def _sale(needs: Needs, operation: Operation, sale: Sale) -> None:
    """Points that are only earned need none of the lots that are there."""
    if sale.member is not None or sale.card is not None:
        whose = Whose(sale.member, sale.card)
        needs.whose.add(whose)
        if sale.redeemed.points:
            _spends(needs, operation, whose)
        if sale.redeemed.hold is not None:
            needs.holds.add(whose)
        if sale.stickers is not None and sale.stickers.spent:
            needs.stickers.add(whose)
    if sale.tenders:
        needs.certificates.update(tendered(sale.tenders))
    _coupons(needs, operation, sale)


def _coupons(needs: Needs, operation: Operation, sale: Sale) -> None:
    for use in sale.coupons:
        needs.serials.add(use.serial)
        needs.campaigns.add(CampaignKey(operation.programme, use.campaign))
        needs.using.add(Whose(sale.member, sale.card))


def _coupon_made(needs: Needs, operation: Operation, made: CouponMade) -> None:
    needs.serials.add(made.serial)
    needs.campaigns.add(CampaignKey(operation.programme, made.campaign))
    if made.member is not None:
        whose = Whose(made.member)
        needs.whose.add(whose)
        needs.once.add(made.member)
        if made.points:
            _spends(needs, operation, whose)
        if made.stickers:
            needs.stickers.add(whose)


def _points_to_partner(needs: Needs, operation: Operation, given: PointsToPartner) -> None:
    whose = Whose(given.member)
    needs.whose.add(whose)
    needs.holds.add(whose)
    _spends(needs, operation, whose)


def _points_to_charity(needs: Needs, operation: Operation, given: PointsToCharity) -> None:
    whose = Whose(given.member)
    needs.whose.add(whose)
    needs.once.add(given.member)
    _spends(needs, operation, whose)


def _coupon_revoked(needs: Needs, operation: Operation, revoked: CouponRevoked) -> None:
    needs.serials.add(revoked.serial)
    needs.campaigns.add(CampaignKey(operation.programme, ""))


def _brought_back(needs: Needs, back: Return | ReturnCompleted) -> Place:
    """The sale of it."""
    of = place_of(back.of)
    needs.sales.add(of)
    needs.serials.update(back.coupons)
    needs.brought_back.update(back.coupons)
    if numbers := tendered(back.tenders):
        needs.certificates.update(numbers)
        needs.certificate_sales.add(of)
    return of


def _return(needs: Needs, operation: Operation, back: Return) -> None:
    """Lots that its sale took from become known with the sale's entries (hub/books/loading.py)."""
    of = _brought_back(needs, back)
    if back.member is not None or back.card is not None:
        whose = Whose(back.member, back.card)
        needs.whose.add(whose)
        _spends(needs, operation, whose)
        needs.named.add((whose, lot_id(*of)))


def _return_completed(needs: Needs, operation: Operation, done: ReturnCompleted) -> None:
    _brought_back(needs, done)
    if done.member is not None:
        needs.whose.add(Whose(done.member))


def _earlier_sale(needs: Needs, operation: Operation, sale: EarlierSale) -> None:
    needs.earlier.add(EarlierNumber(sale.store, sale.sale.day, sale.sale.number))


def _fiscal_added(needs: Needs, operation: Operation, added: FiscalAdded) -> None:
    needs.sales.add(place_of(added.of))


def _sale_claimed(needs: Needs, operation: Operation, claimed: SaleClaimed) -> None:
    needs.sales.add(place_of(claimed.of))
    needs.whose.add(Whose(claimed.member))
    needs.once.add(claimed.member)


def _hold_voided(needs: Needs, operation: Operation, voided: HoldVoided) -> None:
    needs.whose.add(Whose(voided.member))
    needs.holds.add(Whose(voided.member))


def _card_issued(needs: Needs, operation: Operation, issued: CardIssued) -> None:
    needs.whose.add(Whose(issued.member))
    needs.cards.add(issued.card)


def _card_reissued(needs: Needs, operation: Operation, reissued: CardReissued | CardMadeVirtual) -> None:
    needs.whose.add(Whose(reissued.member))
    needs.cards.update((reissued.old_card, reissued.new_card))
    needs.once.add(reissued.member)


def _card(needs: Needs, operation: Operation, body: CardBlocked | CardUnblocked) -> None:
    needs.whose.add(Whose(body.member))
    needs.cards.add(body.card)
    if isinstance(body, CardUnblocked):
        needs.once.add(body.member)


def _member_joined(needs: Needs, operation: Operation, joined: MemberJoined) -> None:
    needs.whose.add(Whose(joined.member))
    if joined.card:
        needs.cards.add(joined.card)


def _member_registered(needs: Needs, operation: Operation, registered: MemberRegistered) -> None:
    needs.whose.add(Whose(registered.member))
    needs.cards_of.add(registered.member)


def _card_linked(needs: Needs, operation: Operation, linked: CardLinked) -> None:
    needs.whose.add(Whose(linked.member))
    needs.cards.add(linked.card)


def _profile_changed(needs: Needs, operation: Operation, changed: ProfileChanged) -> None:
    needs.whose.add(Whose(changed.member))


def _member_merged(needs: Needs, operation: Operation, merged: MemberMerged) -> None:
    """What is said of the old member later in the batch is the new one's, another merge too."""
    needs.whose.update((Whose(merged.member), Whose(merged.into)))
    _spends(needs, operation, Whose(merged.into))
    needs.all_of |= {merged.member, *needs.taken_in}
    needs.once.update((merged.member, merged.into))
    needs.holds.update((Whose(merged.member), Whose(merged.into)))
    needs.consents.update((Whose(merged.member), Whose(merged.into)))
    needs.stickers.update((Whose(merged.member), Whose(merged.into)))
    needs.cards_of |= {merged.member, *needs.taken_in}
    needs.taken_in.add(merged.into)


def _consent(needs: Needs, operation: Operation, body: ConsentGiven | ConsentWithdrawn) -> None:
    needs.whose.add(Whose(body.member))
    needs.consents.add(Whose(body.member))
    needs.once.add(body.member)


def _turnover_brought(needs: Needs, operation: Operation, brought: TurnoverBrought) -> None:
    needs.whose.add(Whose(brought.member))
    needs.once.add(brought.member)


def _grant(needs: Needs, operation: Operation, grant: Grant) -> None:
    needs.whose.add(Whose(grant.member))


def _adjustment(needs: Needs, operation: Operation, change: Adjustment) -> None:
    whose = Whose(change.member)
    needs.whose.add(whose)
    if change.points < 0 or change.ends:
        _spends(needs, operation, whose)
    needs.named.update((whose, end.lot) for end in change.ends)
    if change.lot is not None:
        needs.named.add((whose, change.lot))


def _expiry(needs: Needs, operation: Operation, expiry: Expiry) -> None:
    whose = Whose(expiry.member)
    needs.whose.add(whose)
    _spends(needs, operation, whose)
    needs.named.update((whose, part.lot) for part in expiry.lots)


def _certificate(needs: Needs, operation: Operation, body: Certificate) -> None:
    needs.certificates.add(body.certificate)
    if isinstance(body, CertificateReplaced):
        needs.certificates.add(body.into)


def _spends(needs: Needs, operation: Operation, whose: Whose) -> None:
    needs.spends.add(whose)
    needs.since = min(needs.since, datetime.fromisoformat(operation.at))


NEEDS: Final[Mapping[str, Callable[[Needs, Operation, Any], None]]] = {
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
    "card_blocked": _card,
    "card_unblocked": _card,
    "member_joined": _member_joined,
    "member_registered": _member_registered,
    "card_linked": _card_linked,
    "profile_changed": _profile_changed,
    "member_merged": _member_merged,
    "consent_given": _consent,
    "consent_withdrawn": _consent,
    "turnover_brought": _turnover_brought,
    "grant": _grant,
    "adjustment": _adjustment,
    "expiry": _expiry,
    "coupon_made": _coupon_made,
    "coupon_revoked": _coupon_revoked,
    "certificate_sold": _certificate,
    "certificate_refunded": _certificate,
    "certificate_blocked": _certificate,
    "certificate_replaced": _certificate,
    "certificate_ended": _certificate,
    "points_to_partner": _points_to_partner,
    "points_to_charity": _points_to_charity,
}
