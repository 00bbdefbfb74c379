"""Coupons, as operations say them and as the tables hold them; what is counted of campaigns is what their uses say."""

from __future__ import annotations

from collections.abc import Callable, Collection
from heapq import merge as in_order
from itertools import groupby
from typing import Any, Final

from hub.audit.fingerprints import Says
from hub.audit.ledger import NOTHING, Due, Ledger, Told, Whose
from hub.coupons.made import read_made, uses_allowed
from hub.store.coupon_records import MadeCoupon
from hub.store.records import CouponRow
from hub.store.seam import Reader
from loyalty.bodies import CouponMade, CouponRevoked, Sale
from loyalty.operation import ACCOUNT_CHAIN

USES: Final = frozenset({"coupon", "coupon use", "coupon member"})
COUNTED: Final = frozenset({"campaign uses", "campaign kopecks", "member's uses", "member's kopecks"})
MADE: Final = frozenset({"coupon made", "coupon revoked"})


# as operations say it


def say_uses(ledger: Ledger, told: Told, sale: Sale) -> None:
    """Once for each coupon, however often a receipt names it."""
    if not sale.coupons:
        return
    member = ledger.member_of(sale)
    for use in {use.serial: use for use in reversed(sale.coupons)}.values():
        key = (use.serial, *told.place)
        ledger.says.said("coupon", key)
        ledger.says.said("coupon use", (*key, told.operation.programme, use.campaign, use.discount_kopecks))
        if member is not None:
            ledger.says.said("coupon member", (*key, ledger.whose.last(member)))


def say_made(ledger: Ledger, told: Told, made: CouponMade) -> Due:
    """One that its member made himself has moved its price."""
    member = ledger.whose.last(made.member) if made.member is not None else ""
    ledger.stickers(told, member)
    ledger.says.said(
        "coupon made",
        (
            *(made.serial, told.operation.programme, made.campaign, member, made.value, made.uses),
            *(made.valid_from, made.valid_to, made.points, made.stickers, made.store, made.channel),
            *(told.operation.chain == ACCOUNT_CHAIN, told.place.id),
        ),
    )
    return Due(member=made.member, contra={"redeemed": made.points}) if made.points else NOTHING


def say_revoked(ledger: Ledger, told: Told, revoked: CouponRevoked) -> Due:
    ledger.says.said("coupon revoked", (revoked.serial,))
    return NOTHING


# as the tables hold it


def tell_coupons(
    reader: Reader, whose: Whose, says: Says, add_fault: Callable[[str], None], wanted: Collection[str]
) -> None:
    if not (USES | COUNTED).isdisjoint(wanted):
        _tell_uses(reader, whose, says, add_fault)
    if not COUNTED.isdisjoint(wanted):
        _tell_counted(reader, says)
    if not MADE.isdisjoint(wanted):
        for row in reader.all_made_coupons():
            _tell_made(row, whose, says)


def _tell_uses(reader: Reader, whose: Whose, says: Says, add_fault: Callable[[str], None]) -> None:
    """A right is used so often as it may be; who honoured it besides stands among the conflicts."""
    rows = in_order(
        ((row.serial, 0, row) for row in reader.all_made_coupons()),
        ((row.serial, 1, row) for row in reader.all_coupon_uses()),
        ((row.serial, 2, row) for row in reader.all_conflicts()),
        key=lambda one: one[:2],
    )
    for serial, group in groupby(rows, key=lambda one: one[0]):
        made, uses, again = _divided(group)
        if again and not uses:
            add_fault(f"coupon {serial}: honoured twice, and never once")
        if len(uses) > uses_allowed(made, [*uses, *again]):
            add_fault(f"coupon {serial}: has {len(uses)} uses, more than it may")
        for row in {row.place: row for row in (*again, *uses)}.values():
            _tell_use(row, whose, says)


def _divided(group: Any) -> tuple[MadeCoupon | None, list[CouponRow], list[CouponRow]]:
    made: MadeCoupon | None = None
    rows: tuple[list[CouponRow], list[CouponRow]] = ([], [])
    for _, table, row in group:
        if table:
            rows[table - 1].append(row)
        else:
            made = row
    return made, *rows


def _tell_use(row: CouponRow, whose: Whose, says: Says) -> None:
    key, campaign = row[:4], (row.programme, row.campaign)
    says.kept("coupon", key)
    says.kept("coupon use", (*key, *campaign, row.discount_kopecks))
    says.said("campaign uses", campaign)
    says.said("campaign kopecks", campaign, row.discount_kopecks)
    if row.member:
        member = whose.last(row.member)
        says.kept("coupon member", (*key, member))
        says.said("member's uses", (member, *campaign))
        says.said("member's kopecks", (member, *campaign), row.discount_kopecks)


def _tell_counted(reader: Reader, says: Says) -> None:
    for row in reader.all_campaigns():
        says.kept("campaign uses", row.key, row.uses)
        says.kept("campaign kopecks", row.key, row.discount_kopecks)
    for own in reader.all_campaign_members():
        says.kept("member's uses", own.key, own.uses)
        says.kept("member's kopecks", own.key, own.discount_kopecks)


def _tell_made(row: MadeCoupon, whose: Whose, says: Says) -> None:
    made = read_made(row)
    if made.at:
        says.kept(
            "coupon made",
            (
                *(row.serial, row.programme, row.campaign, whose.last(row.member) if row.member else "", made.value),
                *(made.uses, made.valid_from, made.valid_to, made.points, made.stickers, made.store, made.channel),
                *(made.own, made.place),
            ),
        )
    if made.revoked_at is not None:
        says.kept("coupon revoked", (row.serial,))
