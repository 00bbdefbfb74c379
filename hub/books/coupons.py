"""Coupons in the books: receipts use them, returns bring them back, they are made and revoked.

A right that is used up, or was not there, is honoured all the same, for the receipt is printed: it is a case, with what
it cost. What a campaign allows is what its terms say that are in force when the receipt is booked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from hub.books.accounts import account_from
from hub.books.booking import book
from hub.books.known import OperationRefused, must_know, must_not_be_erased
from hub.books.ledger import Ledger
from hub.books.stickers import move_stickers, must_have_stickers
from hub.cases.opening import case_of, discount_of
from hub.coupons.campaigns import overdrawn, stopped_at
from hub.coupons.made import Made, made_of, read_made, uses_allowed, write_made
from hub.store.coupon_records import CampaignKey, CampaignMemberKey, CouponHoldKey, MadeCoupon
from hub.store.records import CouponRow, Place, place_of
from loyalty.bodies import CouponMade, CouponRevoked, CouponUse, Sale
from loyalty.lots import uncovered
from loyalty.operation import ACCOUNT_CHAIN, Operation
from loyalty.programme import CouponTerms

NO_TERMS: Final = CouponTerms()


class _Excess:
    """What one receipt used that it might not, by the kind of its case: serials, and what they cost."""

    def __init__(self) -> None:
        self.uses: dict[str, list[CouponUse]] = {}
        self.others: list[Place] = []

    def add(self, kind: str, use: CouponUse, cost_kopecks: int | None = None) -> None:
        costing = use if cost_kopecks is None else replace(use, discount_kopecks=cost_kopecks, points=0)
        self.uses.setdefault(kind, []).append(costing)


def use_coupons(ledger: Ledger, operation: Operation, sale: Sale, owner: str | None) -> None:
    """All of a receipt's, in its order."""
    excess, place = _Excess(), place_of(operation)
    for use in sale.coupons:
        if not ledger.coupons.is_used_by(use.serial, place):
            _use(ledger, operation, use, owner, excess)
        ledger.tell(operation.programme, "coupon", use.serial)
    for kind, uses in excess.uses.items():
        others = sorted(set(excess.others)) if kind == "coupon_twice" else ()
        ledger.open_case(
            case_of(
                place,
                kind,
                ledger.now,
                operation,
                member=owner,
                cost_kopecks=discount_of(uses),
                cost_points=sum(use.points for use in uses),
                note=",".join(use.serial for use in uses),
                others=others,
            )
        )


def _use(ledger: Ledger, operation: Operation, use: CouponUse, owner: str | None, excess: _Excess) -> None:
    coupons, key = ledger.coupons, CampaignKey(operation.programme, use.campaign)
    made, uses = coupons.made(use.serial), coupons.uses_of(use.serial)
    row = CouponRow(use.serial, *place_of(operation), 0, *key, owner or "", use.discount_kopecks, use.uses)
    before = [one.place for one in uses]
    if not coupons.use(row, uses_allowed(made, uses, use.uses)):
        excess.add("coupon_twice", use)
        excess.others += before
    coupons.count(key, owner or "", 1, use.discount_kopecks)
    coupons.end_hold(CouponHoldKey(use.serial, operation.chain))
    _against_terms(ledger, key, use, owner, excess)
    if _was_revoked(ledger, operation, key, made):
        excess.add("coupon_revoked", use)
    if made is not None and made.member and not _is_his(ledger, made.member, owner):
        excess.add("coupon_member", use)


def _against_terms(ledger: Ledger, key: CampaignKey, use: CouponUse, owner: str | None, excess: _Excess) -> None:
    coupons = ledger.coupons
    terms = coupons.rules.terms_of(*key) or NO_TERMS
    so_far = coupons.campaign(key)
    own = coupons.of_member(CampaignMemberKey(owner, *key)) if owner is not None else None
    over_own = own is not None and terms.per_member is not None and own.uses > terms.per_member
    if over_own or (terms.in_all is not None and so_far.uses > terms.in_all):
        excess.add("coupon_limit", use)
    if beyond := overdrawn(terms, so_far, use.discount_kopecks):
        excess.add("coupon_budget", use, beyond)


def _was_revoked(ledger: Ledger, operation: Operation, key: CampaignKey, made: MadeCoupon | None) -> bool:
    """Before the receipt: what was sold until then was right, whenever it comes."""
    at = datetime.fromisoformat(operation.at)
    stopped = stopped_at(ledger.coupons.campaign(key))
    revoked = read_made(made).revoked_at if made is not None else None
    return (stopped is not None and at > stopped) or (revoked is not None and at > datetime.fromisoformat(revoked))


def _is_his(ledger: Ledger, member: str, owner: str | None) -> bool:
    row = ledger.stands_for(member)
    return row is not None and row.member == owner


def give_coupons_back(ledger: Ledger, operation: Operation, of: Place, serials: Iterable[str]) -> None:
    """The sale's use is free again, and what was counted of it. Told also where another sale has it still: the till
    believes that it is free."""
    coupons = ledger.coupons
    for serial in serials:
        gone = coupons.free(serial, of)
        if gone is not None:
            whose = ledger.stands_for(gone.member) if gone.member else None
            key = CampaignKey(gone.programme, gone.campaign)
            coupons.count(key, whose.member if whose else "", -1, -gone.discount_kopecks)
        if gone is not None or coupons.uses_of(serial):
            ledger.tell(operation.programme, "coupon", serial)


def make_coupon(ledger: Ledger, operation: Operation, made: CouponMade) -> tuple[str, ...]:
    """For whoever has it, or for a member; one that he made himself costs him its price, and never a debt."""
    known = ledger.coupons.made(made.serial)
    before = read_made(known) if known is not None else Made()
    if before.at or ledger.coupons.uses_of(made.serial):
        raise OperationRefused("coupon_exists")
    if made.account is not None or made.currency is not None or bool(made.stickers) != (made.collection is not None):
        raise OperationRefused("unknown_account")
    owner = None
    if made.member is not None:
        owner = must_not_be_erased(ledger, must_know(ledger, operation, made.member)).member
    if made.stickers:
        must_have_stickers(ledger, owner, made.collection or "", made.stickers)
    if made.points:
        _pay(ledger, operation, owner, made.points)
    move_stickers(ledger, operation, owner)
    own = operation.chain == ACCOUNT_CHAIN
    body = made_of(made, at=operation.at, place=place_of(operation).id, by=operation.by or "", own=own)
    body = replace(body, revoked_at=before.revoked_at, revoked_why=before.revoked_why)
    code = ledger.coupons.rules.code_of(made.serial)
    row = MadeCoupon(made.serial, operation.programme, made.campaign, owner or "", code, write_made(body))
    ledger.coupons.put_made(row)
    return (owner,) if owner and (made.points or made.stickers) else ()


def _pay(ledger: Ledger, operation: Operation, owner: str | None, points: int) -> None:
    row = ledger.member(owner) if owner is not None else None
    if owner is None or row is None:
        raise OperationRefused("unknown_member")
    account = account_from(row, ledger.lots_of(owner))
    if uncovered(account, points, datetime.fromisoformat(operation.at)):
        raise OperationRefused("not_that_many_points")
    book(ledger, operation, owner, {"redeemed": points})


def revoke_coupon(ledger: Ledger, operation: Operation, revoked: CouponRevoked) -> tuple[str, ...]:
    """Also one that nobody here made: its text may be signed all the same. The first time counts."""
    row = ledger.coupons.made(revoked.serial)
    row = row or MadeCoupon(revoked.serial, operation.programme, "", "", "", write_made(Made()))
    made = read_made(row)
    if made.revoked_at is None:
        made = replace(made, revoked_at=operation.at, revoked_why=revoked.reason)
        ledger.coupons.put_made(row._replace(body=write_made(made)))
    ledger.tell(operation.programme, "coupon", revoked.serial)
    return ()
