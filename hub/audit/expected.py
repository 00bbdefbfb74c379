"""What an operation says that the ledger's tables hold, and what it must have posted: one function for each kind.

They share nothing with the engine but the words of `loyalty/`, and do not know in which order the operations of several
chains came: where that matters, what may be is said as what may be.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final

from hub.audit import certificates
from hub.audit.coupons import say_made, say_revoked, say_uses
from hub.audit.fingerprints import BACK, LOOK
from hub.audit.ledger import NOTHING, Due, Ledger, Merge, Told
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
from loyalty.standing import day_of, shop_day
from loyalty.utc import utc_text

# one function for each kind


def _sale(ledger: Ledger, told: Told, sale: Sale) -> Due:
    say_uses(ledger, told, sale)
    member = ledger.member_of(sale)
    if member is None:
        return NOTHING
    spent = sale.redeemed.points
    offline = spent if sale.link == "offline" else 0
    day = shop_day(told.operation, ledger.zone_of(told.operation.programme))
    ledger.stickers(told, member)
    sums = {"spent": sale.qualifying_kopecks, "redeemed": spent, "offline": offline}
    ledger.day(sale, member, day, sums)
    ledger.lot(told)
    contra = {"redeemed": spent, "issued": -sale.accrued.points}
    return Due(member=member, contra=contra, expired=True, exactly=sale.member == member)


def _return(ledger: Ledger, told: Told, back: Return) -> Due:
    of = (back.of.chain, back.of.generation, back.of.sequence)
    ledger.says.said("return", (*of, *told.place, back.restored.points))
    for serial in back.coupons:
        ledger.says.said("coupon", (serial, *of), -1, BACK)
    member = ledger.member_of(back)
    if member is None:
        return NOTHING
    restored = back.restored.points
    offline = restored if back.sold_offline else 0
    day = day_of(back.sold_at, told.operation, ledger.zone_of(told.operation.programme))
    ledger.stickers(told, member)
    sums = {"spent": -back.qualifying_kopecks, "redeemed": -restored, "offline": -offline}
    ledger.day(back, member, day, sums)
    ledger.lot(told)
    contra = {"redeemed": -restored, "issued": back.clawed_back.points}
    return Due(member=member, contra=contra, expired=True, exactly=back.member == member)


def _return_completed(ledger: Ledger, told: Told, done: ReturnCompleted) -> Due:
    of = (done.of.chain, done.of.generation, done.of.sequence)
    ledger.says.said("return", (*of, *told.place, 0))
    for serial in done.coupons:
        ledger.says.said("coupon", (serial, *of), -1, BACK)
    if done.member is not None:
        offline = done.redeemed if done.sold_offline else 0
        ledger.day(done, done.member, done.day, {"redeemed": -done.redeemed, "offline": -offline})
    return NOTHING


def _earlier_sale(ledger: Ledger, told: Told, sale: EarlierSale) -> Due:
    """It is found by what it says, and moves nothing."""
    number, document = sale.sale, sale.fiscal[0].document if sale.fiscal else None
    key = (sale.store, number.day, number.number, number.pos, *told.place, sale.card, document)
    ledger.says.said("earlier sale", key)
    return NOTHING


def _fiscal_added(ledger: Ledger, told: Told, added: FiscalAdded) -> Due:
    """It moves nothing."""
    return NOTHING


def _sale_claimed(ledger: Ledger, told: Told, claimed: SaleClaimed) -> Due:
    """Its purchase counts on the day of the sale."""
    day = day_of(claimed.sold_at, told.operation, ledger.zone_of(told.operation.programme))
    ledger.says.said("spent", (ledger.whose.last(claimed.member), day), claimed.qualifying_kopecks)
    ledger.lot(told)
    return Due(member=claimed.member, contra={"issued": -claimed.accrued.points})


def _hold_voided(ledger: Ledger, told: Told, voided: HoldVoided) -> Due:
    """It moves nothing: what was reserved had not been spent."""
    return NOTHING


def _card_issued(ledger: Ledger, told: Told, issued: CardIssued) -> Due:
    ledger.says.said("member", (issued.member, told.operation.programme))
    ledger.says.said("card", (issued.card, ledger.whose.last(issued.member)))
    return NOTHING


def _card_reissued(ledger: Ledger, told: Told, reissued: CardReissued | CardMadeVirtual) -> Due:
    ledger.says.said("card", (reissued.new_card, ledger.whose.last(reissued.member)))
    ledger.says.said("replaced card", (reissued.old_card, reissued.new_card))
    return NOTHING


def _card_blocked(ledger: Ledger, told: Told, body: CardBlocked) -> Due:
    return _block(ledger, told, body.card, 1)


def _card_unblocked(ledger: Ledger, told: Told, body: CardUnblocked) -> Due:
    return _block(ledger, told, body.card, LOOK)


def _block(ledger: Ledger, told: Told, number: str, amount: int) -> Due:
    """Of a card that was replaced since, nobody knows any more whether it was blocked."""
    card = ledger.cards.get(number)
    if card is not None and card.status != "replaced":
        ledger.says.said("blocked", (number,), amount, f"{told.operation.chain} {told.operation.generation}")
    return NOTHING


def _member_joined(ledger: Ledger, told: Told, joined: MemberJoined) -> Due:
    ledger.says.said("member", (joined.member, told.operation.programme))
    if joined.card:
        ledger.says.said("card", (joined.card, ledger.whose.last(joined.member)))
    if joined.registered and joined.member in ledger.whose.family:
        ledger.joined_registered.add(joined.member)
    elif joined.registered:
        ledger.says.said("registered", (joined.member,))
    return NOTHING


def _member_registered(ledger: Ledger, told: Told, registered: MemberRegistered) -> Due:
    """Before a merge it was he, after it the other: which of the two, nobody knows any more."""
    if registered.member in ledger.whose.family:
        ledger.registered.add(registered.member)
    else:
        ledger.says.said("registered", (registered.member,))
    return NOTHING


def _card_linked(ledger: Ledger, told: Told, linked: CardLinked) -> Due:
    ledger.says.said("card", (linked.card, ledger.whose.last(linked.member)))
    return NOTHING


def _profile_changed(ledger: Ledger, told: Told, changed: ProfileChanged) -> Due:
    """It moves nothing, and what it changed no operation says."""
    return NOTHING


def _member_merged(ledger: Ledger, told: Told, merged: MemberMerged) -> Due:
    posted = frozenset(told.posted.members)
    ledger.merges.append(Merge(told.place, told.operation.at, merged.member, merged.into, posted))
    return Due(member=merged.into, expired=False, moves=True, several=True)


def _consent_given(ledger: Ledger, told: Told, given: ConsentGiven) -> Due:
    """What was agreed to stands with the member, or with whoever he is since."""
    key = (ledger.whose.last(given.member), given.what, _moment(given.given_at))
    ledger.says.said("consent", (*key, given.document, given.source))
    if given.withdrawn_at is not None:
        ledger.says.said("withdrawn consent", (*key, _moment(given.withdrawn_at)))
    return NOTHING


def _consent_withdrawn(ledger: Ledger, told: Told, withdrawn: ConsentWithdrawn) -> Due:
    key = (ledger.whose.last(withdrawn.member), withdrawn.what, _moment(withdrawn.given_at))
    ledger.says.said("withdrawn consent", (*key, _moment(withdrawn.withdrawn_at)))
    return NOTHING


def _moment(text: str) -> str:
    """As the ledger's tables tell it."""
    return utc_text(datetime.fromisoformat(text))


def _turnover_brought(ledger: Ledger, told: Told, brought: TurnoverBrought) -> Due:
    ledger.says.said("spent", (ledger.whose.last(brought.member), brought.until), brought.kopecks)
    return NOTHING


def _grant(ledger: Ledger, told: Told, grant: Grant) -> Due:
    ledger.lot(told)
    return Due(member=grant.member, contra={"issued": -grant.points})


def _adjustment(ledger: Ledger, told: Told, change: Adjustment) -> Due:
    ledger.lot(told)
    ledger.stickers(told, change.member)
    for end in change.ends:
        at = datetime.fromisoformat(end.expires_at) if end.expires_at else None
        ledger.ends.setdefault(end.lot, {})[told.operation.chain, told.operation.generation] = at
    return Due(member=change.member, contra={"adjusted": -change.points}, expired=True, moves=True)


def _expiry(ledger: Ledger, told: Told, expiry: Expiry) -> Due:
    died = sum(part.points for part in expiry.lots)
    return Due(member=expiry.member, contra={"expired": died}, moves=True)


def _certificate_sold(ledger: Ledger, told: Told, sold: CertificateSold) -> Due:
    """Nobody's points; its rubles have entries of their own (hub/audit/certificates.py)."""
    certificates.say_sold(ledger.says, told, sold)
    return NOTHING


def _certificate_replaced(ledger: Ledger, told: Told, replaced: CertificateReplaced) -> Due:
    certificates.say_replaced(ledger.says, told, replaced, ledger.certificates)
    return NOTHING


def _certificate_blocked(ledger: Ledger, told: Told, blocked: CertificateBlocked) -> Due:
    certificates.say_blocked(ledger.says, blocked, ledger.certificates)
    return NOTHING


def _certificate(ledger: Ledger, told: Told, body: CertificateRefunded | CertificateEnded) -> Due:
    """Its entries say it all."""
    return NOTHING


def _given_away(ledger: Ledger, told: Told, given: PointsToPartner | PointsToCharity) -> Due:
    """What was alive when they were asked for may have died since, and is taken all the same."""
    return Due(member=given.member, contra={"redeemed": given.points}, expired=True)


CHECKS: Final[Mapping[str, Callable[[Ledger, Told, Any], Due]]] = {
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
    "coupon_made": say_made,
    "coupon_revoked": say_revoked,
    "certificate_sold": _certificate_sold,
    "certificate_refunded": _certificate,
    "certificate_blocked": _certificate_blocked,
    "certificate_replaced": _certificate_replaced,
    "certificate_ended": _certificate,
    "points_to_partner": _given_away,
    "points_to_charity": _given_away,
}

# which kinds say something of which table: what need not be read again when only some tables differ
_SPEAKS: Final[Mapping[str, Collection[str]]] = {
    "lot": ("sale", "return", "sale_claimed", "grant", "adjustment"),
    "coupon": ("sale", "return", "return_completed"),
    "coupon use": ("sale",),
    "coupon member": ("sale",),
    "coupon made": ("coupon_made",),
    "coupon revoked": ("coupon_revoked",),
    "return": ("return", "return_completed"),
    "spent": ("sale", "return", "sale_claimed", "turnover_brought"),
    "sticker entry": ("sale", "return", "adjustment", "coupon_made"),
    "redeemed": ("sale", "return", "return_completed"),
    "offline": ("sale", "return", "return_completed"),
    "member": ("card_issued", "member_joined"),
    "registered": ("member_joined", "member_registered"),
    "card": ("card_issued", "card_reissued", "card_made_virtual", "card_linked", "member_joined"),
    "consent": ("consent_given",),
    "withdrawn consent": ("consent_given", "consent_withdrawn"),
    "earlier sale": ("earlier_sale",),
    "replaced card": ("card_reissued", "card_made_virtual"),
    "blocked": ("card_blocked", "card_unblocked"),
    certificates.FACE: ("certificate_sold", "certificate_replaced"),
    certificates.MADE: ("certificate_sold", "certificate_replaced"),
    certificates.REPLACED: ("certificate_replaced",),
    certificates.BLOCKED: ("certificate_blocked",),
}


def speakers(tables: Collection[str]) -> frozenset[str]:
    """Kinds that say something of these tables."""
    return frozenset(kind for table in tables for kind in _SPEAKS.get(table, ()))
