"""What is believed of an operation before it is booked: amounts, moments, names and serials that can be real.

Nothing that a till of ours records may be refused here, for behind it stands a customer whose paper is printed: each
limit lies where the till's own is, or beyond it (the edges are tested on both sides). It keeps out what would hurt
others: sums that no longer fit 64 bits, years that no clock can count with, keys that nobody can read. Free texts
(names, notes, what a POS told besides) may hold anything: they stand escaped in a text that is stored whole, and
whoever shows them cleans them; only their length is bounded, where the till bounds it.

Whether the points follow from the lines is not asked here: the till has answered that, and a till that lies would lie
in the lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sized
from datetime import datetime
from typing import Any, Final, Literal

from hub.books.sticker_bounds import fault_of_correction, fault_of_stickers
from loyalty.basket import LINES_MAX, PRICE_MAX_KOPECKS, QUANTITY_MAX_M, RECEIPT_MAX_KOPECKS
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
    CouponUse,
    EarlierSale,
    Expiry,
    Fiscal,
    FiscalAdded,
    Grant,
    HoldVoided,
    MemberJoined,
    MemberMerged,
    MemberRegistered,
    OperationRef,
    PointsToCharity,
    PointsToPartner,
    ProfileChanged,
    Return,
    ReturnCompleted,
    Sale,
    SaleClaimed,
    SaleNumber,
    SoldLine,
    TurnoverBrought,
)
from loyalty.consents import DOCUMENT_LETTERS_MAX
from loyalty.kinds import KindReserved, row_for
from loyalty.member import POINTS_MAX
from loyalty.operation import Operation

Fault = Literal[
    "unreadable",  # no JSON, or a field that is not of its type or not in its range
    "not_canonical",  # readable, but not as its version writes it: blanks, another order, defaults written out
    "bad_identity",  # a member, card, store, programme or operation is named as nothing can be named
    "bad_amount",  # more points or kopecks than any receipt has, or less than nothing
    "bad_sum",  # the lines do not come to the total, or points paid more than there was to pay
    "bad_moment",  # a year in which no shop sold and no points live
    "bad_text",  # a name that is longer than anybody writes
    "bad_serial",  # a coupon's serial is not 16 bytes in hexadecimal
    "too_many",  # more lines, coupons or documents than a receipt has
]

IDENTITY_LETTERS_MAX: Final = 300  # as much as `pos-hub import` lets an id be
TEXT_LETTERS_MAX: Final = 1_000  # the till takes 300 of a line's id or name, 200 of a reason, 64 of a sale's number
FIRST_YEAR: Final = "1970"  # where a clock without a battery begins: no sale then, but goods may come back
LAST_YEAR: Final = "2199"  # of what happens (loyalty/quote.py)
LAST_YEAR_OF_POINTS: Final = "2999"  # of points: some write it for "for ever"; from 9999 on clocks overflow
EXTRAS_MAX: Final = 10  # lines of ours on one receipt; today there is one
RIGHTS_MAX: Final = 1_000  # coupons, documents, offers of one receipt: none had a dozen
COUPON_USES_MAX: Final = 1_000_000  # of one coupon; a programme's file lets it have a thousand
SERIAL_LETTERS: Final = 32  # 16 bytes (loyalty/coupon_token.py)
GENERATION_MAX: Final = 2**31  # as of the operations themselves
SEQUENCE_MAX: Final = 2**62
_HEXADECIMAL: Final = frozenset("0123456789abcdef")

Check = Callable[[Any], Fault | None]


def fault_of(operation: Operation) -> str | None:
    """Why the operation cannot be booked; None: nothing speaks against it."""
    try:
        check = row_for("bounds", CHECKS, operation.body)
    except KindReserved as reserved:
        return reserved.reason
    return _envelope(operation) or check(operation.body)


def _envelope(operation: Operation) -> Fault | None:
    """Chain and previous hash are compared with what is known, and need no bound."""
    if not (_is_name(operation.programme) and _is_name(operation.programme_hash)):
        return "bad_identity"
    if operation.store is not None and not _is_name(operation.store.id):
        return "bad_identity"
    return None if _happens(operation.at) else "bad_moment"


# one check for each kind of operation (loyalty/kinds.py); what they find first is told


def _sale(sale: Sale) -> Fault | None:
    redeemed, accrued = sale.redeemed, sale.accrued
    if not _are_names(sale.member, sale.card):
        return "bad_identity"
    if len(sale.lines) > LINES_MAX or len(sale.extras) > EXTRAS_MAX or _too_many(sale.coupons, sale.fiscal):
        return "too_many"
    if redeemed.points > POINTS_MAX or accrued.points > POINTS_MAX:
        return "bad_amount"
    if not _are_sums(sale.total_kopecks, sale.paid_kopecks, sale.qualifying_kopecks, redeemed.kopecks):
        return "bad_amount"
    if not (_lives(accrued.active_from) and _lives(accrued.expires_at)):
        return "bad_moment"
    return (
        _coupons(sale.coupons)
        or _number(sale.sale)
        or _lines(sale)
        or _fiscal(sale.fiscal)
        or fault_of_stickers(sale.stickers)
    )


def _coupons(uses: tuple[CouponUse, ...]) -> Fault | None:
    """What a campaign's receipts come to is counted under its name."""
    for use in uses:
        if not _is_serial(use.serial):
            return "bad_serial"
        if not _is_name(use.campaign):
            return "bad_identity"
        if not 0 <= use.discount_kopecks <= RECEIPT_MAX_KOPECKS or use.uses > COUPON_USES_MAX:
            return "bad_amount"
    return None


def _lines(sale: Sale) -> Fault | None:
    """A receipt of a card alone, and some of before, have no lines."""
    lines = (*sale.lines, *sale.extras) if sale.extras else sale.lines
    if not lines:
        return None
    before = net = 0
    for line in lines:
        if not (line.net_before_kopecks >= line.net_kopecks >= 0 and _could_be_sold(line)):
            return "bad_amount"
        if len(line.name) > TEXT_LETTERS_MAX or len(line.id) > TEXT_LETTERS_MAX:
            return "bad_text"
        before += line.net_before_kopecks
        net += line.net_kopecks
    return None if net == sale.total_kopecks and sale.redeemed.kopecks <= before else "bad_sum"


def _earlier_sale(sale: EarlierSale) -> Fault | None:
    points = (sale.accrued_points or 0, sale.redeemed_points or 0)
    if not _is_name(sale.store) or not _are_names(sale.card):
        return "bad_identity"
    if not sale.lines or len(sale.lines) > LINES_MAX or _too_many(sale.tenders, sale.fiscal):
        return "too_many"
    if max(points) > POINTS_MAX or not _are_sums(sale.total_kopecks, *(tender.kopecks for tender in sale.tenders)):
        return "bad_amount"
    if not all(map(_could_be_sold, sale.lines)):
        return "bad_amount"
    if sale.sold_at is not None and not _happens(sale.sold_at):
        return "bad_moment"
    if sum(line.net_kopecks for line in sale.lines) != sale.total_kopecks:
        return "bad_sum"
    return _number(sale.sale) or _fiscal(sale.fiscal)


def _could_be_sold(line: SoldLine) -> bool:
    return 0 <= line.price_kopecks <= PRICE_MAX_KOPECKS and 0 < line.quantity_m <= QUANTITY_MAX_M


def _return(back: Return) -> Fault | None:
    if not (_are_names(back.member, back.card) and _is_operation(back.of)):
        return "bad_identity"
    if len(back.lines) > LINES_MAX + EXTRAS_MAX or _too_many(back.coupons, back.fiscal):
        return "too_many"
    if back.restored.points > POINTS_MAX or back.clawed_back.points > POINTS_MAX:
        return "bad_amount"
    if not _are_sums(back.refund_kopecks, back.qualifying_kopecks):
        return "bad_amount"
    if not (_happens(back.sold_at) and _lives(back.restored.dead_until)):
        return "bad_moment"
    if not all(_is_serial(serial) for serial in back.coupons):
        return "bad_serial"
    if len(back.reason) > TEXT_LETTERS_MAX:
        return "bad_text"
    return _number(back.sale) or _number(back.of_sale) or _fiscal(back.fiscal) or fault_of_stickers(back.stickers)


def _return_completed(done: ReturnCompleted) -> Fault | None:
    if not (_are_names(done.member) and _is_operation(done.of)):
        return "bad_identity"
    if _too_many(done.coupons, done.tenders):
        return "too_many"
    if abs(done.redeemed) > POINTS_MAX or not _are_sums(*(tender.kopecks for tender in done.tenders)):
        return "bad_amount"
    if not _happens(done.day):
        return "bad_moment"
    if not all(_is_serial(serial) for serial in done.coupons):
        return "bad_serial"
    return _number(done.of_sale)


def _fiscal_added(added: FiscalAdded) -> Fault | None:
    if not _is_operation(added.of):
        return "bad_identity"
    if _too_many(added.fiscal):
        return "too_many"
    return _number(added.of_sale) or _fiscal(added.fiscal)


def _sale_claimed(claimed: SaleClaimed) -> Fault | None:
    if not (_are_names(claimed.member, claimed.card) and _is_operation(claimed.of)):
        return "bad_identity"
    if max(claimed.accrued.points, claimed.earned_points) > POINTS_MAX:
        return "bad_amount"
    if not _are_sums(claimed.qualifying_kopecks, claimed.earned_kopecks):
        return "bad_amount"
    life = (claimed.accrued.active_from, claimed.accrued.expires_at)
    if not (_happens(claimed.sold_at) and all(map(_lives, life))):
        return "bad_moment"
    return _number(claimed.of_sale) or ("bad_text" if len(claimed.reason) > TEXT_LETTERS_MAX else None)


def _hold_voided(voided: HoldVoided) -> Fault | None:
    if not voided.holds or _too_many(voided.holds):
        return "too_many"
    return _named(voided.member, *voided.holds)


def _card_issued(issued: CardIssued) -> Fault | None:
    return _named(issued.member, issued.card) or _number(issued.sale)


def _card_reissued(reissued: CardReissued) -> Fault | None:
    if not 0 <= reissued.fee_kopecks <= RECEIPT_MAX_KOPECKS:
        return "bad_amount"
    return _named(reissued.member, reissued.old_card, reissued.new_card) or _number(reissued.sale)


def _card_made_virtual(made: CardMadeVirtual) -> Fault | None:
    return _named(made.member, made.old_card, made.new_card)


def _card(body: CardBlocked | CardUnblocked) -> Fault | None:
    return _named(body.member, body.card) or ("bad_text" if len(body.reason) > TEXT_LETTERS_MAX else None)


def _member_joined(joined: MemberJoined) -> Fault | None:
    return _named(joined.member, joined.card)


def _member_registered(registered: MemberRegistered) -> Fault | None:
    return _named(registered.member) or (None if _lives(registered.active_from) else "bad_moment")


def _card_linked(linked: CardLinked) -> Fault | None:
    return _named(linked.member, linked.card)


def _profile_changed(changed: ProfileChanged) -> Fault | None:
    if len(changed.reason) > TEXT_LETTERS_MAX:
        return "bad_text"
    return _named(changed.member, *changed.changed) or ("too_many" if _too_many(changed.changed) else None)


def _member_merged(merged: MemberMerged) -> Fault | None:
    return _named(merged.member, merged.into)


def _consent_given(given: ConsentGiven) -> Fault | None:
    if not _lasts(given.given_at, given.withdrawn_at or given.given_at):
        return "bad_moment"
    return _named(given.member) or (None if len(given.document) <= DOCUMENT_LETTERS_MAX else "bad_text")


def _consent_withdrawn(withdrawn: ConsentWithdrawn) -> Fault | None:
    if not _lasts(withdrawn.given_at, withdrawn.withdrawn_at):
        return "bad_moment"
    return _named(withdrawn.member)


def _lasts(given_at: str, withdrawn_at: str) -> bool:
    """Nothing ends before it begins."""
    ends_later = datetime.fromisoformat(given_at) <= datetime.fromisoformat(withdrawn_at)
    return ends_later and _happens(given_at) and _happens(withdrawn_at)


def _turnover_brought(brought: TurnoverBrought) -> Fault | None:
    if abs(brought.kopecks) > RECEIPT_MAX_KOPECKS:
        return "bad_amount"
    if not (_happens(brought.until) and (brought.since is None or brought.since <= brought.until)):
        return "bad_moment"
    return _named(brought.member)


def _grant(grant: Grant) -> Fault | None:
    if grant.points > POINTS_MAX:
        return "bad_amount"
    if not (_lives(grant.active_from) and _lives(grant.expires_at)):
        return "bad_moment"
    return _named(grant.member) or ("bad_text" if len(grant.reason) > TEXT_LETTERS_MAX else None)


def _adjustment(change: Adjustment) -> Fault | None:
    if abs(change.points) > POINTS_MAX:
        return "bad_amount"
    if not all(map(_lives, (change.active_from, change.expires_at, *(end.expires_at for end in change.ends)))):
        return "bad_moment"
    if len(change.reason) > TEXT_LETTERS_MAX:
        return "bad_text"
    return _named(change.member, change.lot, *(end.lot for end in change.ends)) or fault_of_correction(change)


def _expiry(expiry: Expiry) -> Fault | None:
    if any(part.points > POINTS_MAX for part in expiry.lots):
        return "bad_amount"
    return _named(expiry.member, *(part.lot for part in expiry.lots))


def _coupon_made(made: CouponMade) -> Fault | None:
    if max(made.points, made.stickers) > POINTS_MAX or made.value > RECEIPT_MAX_KOPECKS or made.uses > COUPON_USES_MAX:
        return "bad_amount"
    if not (_happens(made.valid_from) and _lives(made.valid_to) and made.valid_from < made.valid_to):
        return "bad_moment"
    if len(made.reason) > TEXT_LETTERS_MAX:
        return "bad_text"
    scope = (made.store or None, made.channel or None)
    return _serial(made.serial) or _named(made.campaign, made.member, *scope)


def _points_to_partner(given: PointsToPartner) -> Fault | None:
    if given.points > POINTS_MAX or given.units > RECEIPT_MAX_KOPECKS:
        return "bad_amount"
    if max(len(given.theirs), len(given.reason)) > TEXT_LETTERS_MAX:
        return "bad_text"
    return _named(given.member, given.partner, given.exchange)


def _points_to_charity(given: PointsToCharity) -> Fault | None:
    if given.points > POINTS_MAX or not _are_sums(given.kopecks, given.matched_kopecks):
        return "bad_amount"
    return _named(given.member, given.fund)


def _coupon_revoked(revoked: CouponRevoked) -> Fault | None:
    return _serial(revoked.serial) or ("bad_text" if len(revoked.reason) > TEXT_LETTERS_MAX else None)


def _serial(text: str) -> Fault | None:
    return None if _is_serial(text) else "bad_serial"


def _certificate_sold(sold: CertificateSold) -> Fault | None:
    if sold.kopecks > RECEIPT_MAX_KOPECKS:
        return "bad_amount"
    if not _lives(sold.until):
        return "bad_moment"
    fiscal = (sold.fiscal,) if sold.fiscal is not None else ()
    if _too_long(sold.design, sold.reason, sold.order):
        return "bad_text"
    return _number(sold.sale) or _fiscal(fiscal)


def _certificate_refunded(refunded: CertificateRefunded) -> Fault | None:
    if refunded.kopecks > RECEIPT_MAX_KOPECKS:
        return "bad_amount"
    return _number(refunded.sale) or ("bad_text" if _too_long(refunded.reason, refunded.order) else None)


def _certificate_blocked(blocked: CertificateBlocked) -> Fault | None:
    return "bad_text" if _too_long(blocked.reason) else None


def _certificate_replaced(replaced: CertificateReplaced) -> Fault | None:
    if replaced.certificate == replaced.into:
        return "bad_identity"
    return "bad_text" if _too_long(replaced.reason) else None


def _certificate_ended(ended: CertificateEnded) -> Fault | None:
    return "bad_amount" if ended.kopecks > RECEIPT_MAX_KOPECKS else None


CHECKS: Final[Mapping[str, Check]] = {
    "sale": _sale,
    "return": _return,
    "return_completed": _return_completed,
    "earlier_sale": _earlier_sale,
    "fiscal_added": _fiscal_added,
    "sale_claimed": _sale_claimed,
    "hold_voided": _hold_voided,
    "card_issued": _card_issued,
    "card_reissued": _card_reissued,
    "card_made_virtual": _card_made_virtual,
    "card_blocked": _card,
    "card_unblocked": _card,
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
    "coupon_made": _coupon_made,
    "coupon_revoked": _coupon_revoked,
    "certificate_sold": _certificate_sold,
    "certificate_refunded": _certificate_refunded,
    "certificate_blocked": _certificate_blocked,
    "certificate_replaced": _certificate_replaced,
    "certificate_ended": _certificate_ended,
    "points_to_partner": _points_to_partner,
    "points_to_charity": _points_to_charity,
}


# what can be real


def _is_name(text: str) -> bool:
    """Something that people and programs can read, write and tell from another: no control and no bidi characters."""
    return 0 < len(text) <= IDENTITY_LETTERS_MAX and text.isprintable()


def _are_names(*texts: str | None) -> bool:
    return all(text is None or _is_name(text) for text in texts)


def _named(*texts: str | None) -> Fault | None:
    return None if _are_names(*texts) else "bad_identity"


def _is_operation(of: OperationRef) -> bool:
    return _is_name(of.chain) and 0 < of.generation <= GENERATION_MAX and 0 < of.sequence <= SEQUENCE_MAX


def _is_serial(text: str) -> bool:
    return len(text) == SERIAL_LETTERS and _HEXADECIMAL.issuperset(text)


def _are_sums(*kopecks: int) -> bool:
    return all(0 <= each <= RECEIPT_MAX_KOPECKS for each in kopecks)


def _happens(at: str) -> bool:
    """Of a moment or a day that can be read: does a shop's clock say such a year?"""
    return FIRST_YEAR <= at[:4] <= LAST_YEAR


def _lives(at: str | None) -> bool:
    """May points begin or end then? None: they do not."""
    return at is None or FIRST_YEAR <= at[:4] <= LAST_YEAR_OF_POINTS


def _number(sale: SaleNumber | None) -> Fault | None:
    if sale is None:
        return None
    if not _happens(sale.day):
        return "bad_moment"
    longest = max(len(sale.number), len(sale.pos), len(sale.shift), len(sale.again))
    return None if longest <= TEXT_LETTERS_MAX else "bad_text"


def _too_long(*texts: str) -> bool:
    return any(len(text) > TEXT_LETTERS_MAX for text in texts)


def _too_many(*things: Sized) -> bool:
    return any(len(each) > RIGHTS_MAX for each in things)


def _fiscal(documents: tuple[Fiscal, ...]) -> Fault | None:
    for document in documents:
        if not 0 <= document.kopecks <= RECEIPT_MAX_KOPECKS:
            return "bad_amount"
        if max(len(document.device), len(document.document), len(document.sign)) > TEXT_LETTERS_MAX:
            return "bad_text"
    return None
