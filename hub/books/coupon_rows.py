"""What a batch does to coupons: their uses, what is counted of their campaigns, and coupons that are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from hub.store.coupon_records import (
    CampaignKey,
    CampaignMemberKey,
    CampaignMemberRow,
    CampaignRow,
    CouponHoldKey,
    MadeCoupon,
)
from hub.store.records import CouponRow, Place
from hub.store.rows import Rows
from loyalty.programme import CouponTerms

_K = TypeVar("_K")
_V = TypeVar("_V")


class CouponRules(NamedTuple):
    """What the books do not know of coupons by themselves: the terms of a programme's campaign, and the keyed hash of
    what is typed for a serial."""

    terms_of: Callable[[str, str], CouponTerms | None]
    code_of: Callable[[str], str]


NO_RULES = CouponRules(lambda programme, campaign: None, lambda serial: "")


@dataclass(slots=True)
class LoadedCoupons:
    """What was read for a batch."""

    uses: dict[str, list[CouponRow]] = field(default_factory=dict)
    conflicts: dict[str, list[CouponRow]] = field(default_factory=dict)
    made: dict[str, MadeCoupon] = field(default_factory=dict)
    campaigns: dict[CampaignKey, CampaignRow] = field(default_factory=dict)
    members: dict[CampaignMemberKey, CampaignMemberRow] = field(default_factory=dict)


class Coupons:
    """The coupons of a batch: as they were read, and as decisions change them."""

    def __init__(self, loaded: LoadedCoupons, rules: CouponRules) -> None:
        self._loaded = loaded
        self.rules = rules
        self._uses = {serial: list(rows) for serial, rows in loaded.uses.items()}
        self._conflicts = {serial: list(rows) for serial, rows in loaded.conflicts.items()}
        self._made = dict(loaded.made)
        self._campaigns = dict(loaded.campaigns)
        self._members = dict(loaded.members)
        self._gone_holds: dict[CouponHoldKey, None] = {}

    # uses

    def uses_of(self, serial: str) -> list[CouponRow]:
        return self._uses.get(serial, [])

    def is_used_by(self, serial: str, place: Place) -> bool:
        return any(row.place == place for rows in (self._uses, self._conflicts) for row in rows.get(serial, ()))

    def use(self, row: CouponRow, allowed: int) -> bool:
        """The first sales have it; whether this one has. Any further one is a conflict."""
        uses = self._uses.setdefault(row.serial, [])
        taken = {one.number for one in uses}
        free = next((number for number in range(1, allowed + 1) if number not in taken), None)
        if free is None:
            self._conflicts.setdefault(row.serial, []).append(row._replace(number=0))
            return False
        uses.append(row._replace(number=free))
        return True

    def free(self, serial: str, place: Place) -> CouponRow | None:
        """The sale no longer uses it. Where another one does too, the use is that one's now. The row that is gone."""
        others = sorted(self._conflicts.get(serial, []))
        uses = self._uses.get(serial, [])
        again = next((row for row in others if row.place == place), None)
        if again is not None:
            others.remove(again)
        first = next((row for row in uses if row.place == place), None)
        if first is not None:
            uses.remove(first)
            if others:
                uses.append(others.pop(0)._replace(number=first.number))
        self._conflicts[serial] = others
        return first or again

    def end_hold(self, key: CouponHoldKey) -> None:
        """Of the till that has sold with it, if it had one."""
        self._gone_holds[key] = None

    # coupons

    def made(self, serial: str) -> MadeCoupon | None:
        return self._made.get(serial)

    def put_made(self, row: MadeCoupon) -> None:
        self._made[row.serial] = row

    # campaigns

    def campaign(self, key: CampaignKey) -> CampaignRow:
        return self._campaigns.get(key) or CampaignRow(*key)

    def of_member(self, key: CampaignMemberKey) -> CampaignMemberRow:
        return self._members.get(key) or CampaignMemberRow(*key, 0, 0)

    def count(self, key: CampaignKey, member: str, uses: int, discount_kopecks: int) -> None:
        """`member` "": nobody's."""
        row = self.campaign(key)
        self._campaigns[key] = row._replace(
            uses=row.uses + uses, discount_kopecks=row.discount_kopecks + discount_kopecks
        )
        if member:
            own = self.of_member(CampaignMemberKey(member, *key))
            self._members[own.key] = own._replace(
                uses=own.uses + uses, discount_kopecks=own.discount_kopecks + discount_kopecks
            )

    def move(self, member: str, into: str) -> None:
        """What was counted and made for one who goes into another."""
        for row in [row for row in self._members.values() if row.member == member]:
            there = self.of_member(CampaignMemberKey(into, row.programme, row.campaign))
            self._members[there.key] = there._replace(
                uses=there.uses + row.uses, discount_kopecks=there.discount_kopecks + row.discount_kopecks
            )
            self._members[row.key] = row._replace(uses=0, discount_kopecks=0)
        for made in [made for made in self._made.values() if made.member == member]:
            self._made[made.serial] = made._replace(member=into)

    # all that was done

    def tell_rows(self, rows: Rows) -> None:
        for serial, uses in self._uses.items():
            stood = self._loaded.uses.get(serial, [])
            rows.used_coupons += [row for row in uses if row not in stood]
            rows.freed_coupons += [row for row in stood if row not in uses]
        for serial, conflicts in self._conflicts.items():
            stood = self._loaded.conflicts.get(serial, [])
            rows.conflicts += [row for row in conflicts if row not in stood]
            rows.settled_conflicts += [row for row in stood if row not in conflicts]
        rows.made_coupons += _changed(self._made, self._loaded.made)
        rows.campaigns += _changed(self._campaigns, self._loaded.campaigns)
        rows.campaign_members += _changed(self._members, self._loaded.members)
        rows.gone_coupon_holds += list(self._gone_holds)


def _changed(now: Mapping[_K, _V], before: Mapping[_K, _V]) -> list[_V]:
    return [row for key, row in now.items() if before.get(key) != row]
