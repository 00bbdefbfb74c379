"""Reads what a batch needs of coupons and their campaigns: whose they are before members are locked, and the rest when
their campaigns are."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from hub.books.coupon_rows import LoadedCoupons
from hub.books.needs import Needs, Whose
from hub.store.coupon_records import CampaignKey
from hub.store.records import CouponRow
from hub.store.seam import Writer


def whose_coupons(writer: Writer, needs: Needs) -> None:
    """Those for whom the coupons were made, and on whose receipts they stand that bring them back."""
    if not needs.serials:
        return
    for row in _uses(writer, needs.serials):
        needs.campaigns.add(CampaignKey(row.programme, row.campaign))
        if row.member and row.serial in needs.brought_back:
            needs.whose.add(Whose(row.member))
            needs.using.add(Whose(row.member))
    for made in writer.made_coupons(needs.serials).values():
        needs.campaigns.add(CampaignKey(made.programme, made.campaign))
        if made.member:
            needs.whose.add(Whose(made.member))


def load_coupons(
    writer: Writer, needs: Needs, using: Collection[str], merging: Collection[str], into: Collection[str]
) -> LoadedCoupons:
    """`using`: on whose receipts coupons are, as they stand now; `merging`: who goes into another, `into` whom."""
    loaded, counted = LoadedCoupons(), {*using, *merging, *into}
    keys = needs.campaigns | _campaigns_of(writer, merging)
    if keys:
        loaded.campaigns = writer.locked_campaigns(keys)
    if needs.serials:
        loaded.uses = _by_serial(writer.coupon_uses(needs.serials))
        loaded.conflicts = _by_serial(writer.coupon_conflicts(needs.serials))
        loaded.made = writer.made_coupons(needs.serials)
    if merging:
        loaded.made |= {made.serial: made for made in writer.coupons_of(merging)}
    if counted and keys:
        loaded.members = {row.key: row for row in writer.campaign_members(sorted(counted))}
    return loaded


def _uses(writer: Writer, serials: Collection[str]) -> list[CouponRow]:
    return writer.coupon_uses(serials) + writer.coupon_conflicts(serials)


def _campaigns_of(writer: Writer, members: Collection[str]) -> set[CampaignKey]:
    if not members:
        return set()
    keys = {CampaignKey(*row[1:3]) for row in writer.campaign_members(members)}
    return keys | {CampaignKey(made.programme, made.campaign) for made in writer.coupons_of(members)}


def _by_serial(rows: Iterable[CouponRow]) -> dict[str, list[CouponRow]]:
    found: dict[str, list[CouponRow]] = {}
    for row in rows:
        found.setdefault(row.serial, []).append(row)
    return found
