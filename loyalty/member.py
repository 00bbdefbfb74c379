"""What the rules must know of a member: no name, no phone, only what changes an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from loyalty.basket import BadBasket
from loyalty.cards import CardStatus

POINTS_MAX = 10**12  # more than all shops ever gave: a balance above it is a broken snapshot
COUNTS = (
    "points_active",
    "accumulated_kopecks",
    "redeemed_today",
    "promised_today",
    "promised_offline_today",
    "redeemed_unsynced",
)
FreeBy = Literal["held_elsewhere", "balance_newer"]  # other receipts hold them; the hub's books have fewer


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """A member as seen at one moment. Points are whole; `accumulated_kopecks` is the spend before this receipt.

    `points_active` is the hub's number as it came; `redeemed_unsynced` is what this till's outbox still holds
    against it. `points_free`: so many of them this receipt may have at most, as the hub or the shop's tills said when
    they were asked, and `free_by` why; None: all. `promised_today`: of what he may redeem in a day, so much was told to
    receipts of his that are open besides this one. Raises BadBasket for impossible numbers.
    """

    card_status: CardStatus = "active"
    identified_by: Literal["card", "phone"] = "card"
    second_factor: bool = False
    proof: str = ""  # the hub's id of the code that was told
    phone_seen_at: datetime | None = None  # when it was shown last that the phone is his; None: that is not asked
    vouched: bool = False  # a manager has said that it is he
    stranger: bool = False  # a valid number that nobody here knows: it earns by the rules for everybody
    unproven: bool = False  # the till that asks may be a copy of another
    rang: bool = False  # his card is used more than is ordinary, and the programme lets it pay nothing for a day
    points_active: int = 0
    birthday: date | None = None
    favourites: tuple[str, ...] = ()
    accumulated_kopecks: int = 0
    redeemed_today: int = 0
    redeemed_offline_today: int | None = None  # of that, without a connection; None = all of it
    promised_today: int = 0
    promised_offline_today: int = 0  # of that, without a connection
    snapshot_at: datetime | None = None  # None = as fresh as the question
    redeemed_unsynced: int = 0
    latest_at: datetime | None = None  # the latest moment that the till has seen; None = that of the snapshot
    coming: tuple[int, datetime] | None = None  # points that begin to live next, and when
    points_free: int | None = None
    free_by: FreeBy = "held_elsewhere"

    def __post_init__(self) -> None:
        for name in COUNTS:
            if not 0 <= getattr(self, name) <= POINTS_MAX:
                raise BadBasket(name.removesuffix("_kopecks"), f"must be 0 to {POINTS_MAX}")
        if not 0 <= (self.points_free or 0) <= POINTS_MAX:
            raise BadBasket("points_free", f"must be 0 to {POINTS_MAX}")
        if not 0 <= (self.redeemed_offline_today or 0) <= POINTS_MAX:
            raise BadBasket("redeemed_offline_today", f"must be 0 to {POINTS_MAX}")
        if self.snapshot_at is not None and self.snapshot_at.tzinfo is None:
            raise BadBasket("snapshot_at", "needs a time zone, like 2026-03-01T12:00:00+03:00")
