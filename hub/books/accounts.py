"""A member's rows as the rules see them."""

from __future__ import annotations

from collections.abc import Iterable

from hub.store.records import LotRow, MemberRow
from loyalty.lots import Account, Lot, account_of


def lot_of(row: LotRow) -> Lot:
    return Lot(
        id=row.lot,
        points=row.remaining,
        active_from=row.active_from,
        expires_at=row.expires_at,
        expired=row.expired,
    )


def account_from(member: MemberRow, lots: Iterable[LotRow]) -> Account:
    """Of those of his lots that were read."""
    return account_of(map(lot_of, lots), member.debt)
