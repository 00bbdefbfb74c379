"""What is believed of stickers before they are booked (hub/books/bounds.py)."""

from __future__ import annotations

from typing import Final, Literal

from loyalty.basket import RECEIPT_MAX_KOPECKS
from loyalty.bodies import Adjustment, ReturnStickers, SaleStickers
from loyalty.member import POINTS_MAX
from loyalty.possible import ImpossibleMember, check_day, is_text

OFFERS_MAX: Final = 1_000  # of one receipt: no collection has a dozen

StickerFault = Literal["bad_amount", "bad_identity", "too_many"]


def fault_of_stickers(told: SaleStickers | ReturnStickers | None) -> StickerFault | None:
    if told is None:
        return None
    if not _is_collection(told.collection):
        return "bad_identity"
    if isinstance(told, ReturnStickers):
        return "bad_amount" if max(told.taken_back, told.restored) > POINTS_MAX else None
    if len(told.spent) > OFFERS_MAX:
        return "too_many"
    if not all(is_text(one.offer) for one in told.spent):
        return "bad_identity"
    counts = (told.given, *(number for one in told.spent for number in (one.count, one.points)))
    off = (one.discount_kopecks for one in told.spent)
    return "bad_amount" if max(counts) > POINTS_MAX or max(off, default=0) > RECEIPT_MAX_KOPECKS else None


def fault_of_correction(change: Adjustment) -> StickerFault | None:
    if (change.collection is None) != (change.stickers == 0) or abs(change.stickers) > POINTS_MAX:
        return "bad_amount"
    return None if change.collection is None or _is_collection(change.collection) else "bad_identity"


def _is_collection(text: str) -> bool:
    """A day as days are compared; what was read as one may be written otherwise."""
    try:
        check_day(text)
    except ImpossibleMember:
        return False
    return True
