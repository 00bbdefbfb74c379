"""A member as he stands at a till: the hub's word, and over it what the till did that the hub's word does not know.

Always computed from the two, never a second counter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from loyalty.bodies import Return, Sale
from loyalty.effects import affected
from loyalty.kinds import name_of, row_for
from loyalty.lots import Account
from loyalty.operation import Operation, zone_of
from loyalty.programme import Programme
from loyalty.snapshot import MemberSnapshot, SpentDay
from loyalty.stickers import moved
from loyalty.tiers import accumulated


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`redeemed` and `redeemed_offline`: points by shop day; `spent`: kopecks that count for tiers, by shop day;
    `stickers`: by collection."""

    account: Account
    redeemed: Mapping[str, int]
    redeemed_offline: Mapping[str, int]
    spent: Mapping[str, int]
    stickers: Mapping[str, int] = field(default_factory=dict)

    def accumulated(self, programme: Programme, day: date) -> int:
        days = (SpentDay(day=on, kopecks=kopecks) for on, kopecks in self.spent.items())
        return accumulated(programme, days, day)


@dataclass(slots=True)
class _Sum:
    """A standing in the making."""

    account: Account
    redeemed: Counter[str] = field(default_factory=Counter)
    redeemed_offline: Counter[str] = field(default_factory=Counter)
    spent: Counter[str] = field(default_factory=Counter)
    stickers: Counter[str] = field(default_factory=Counter)


def standing(told: MemberSnapshot, own: Sequence[Operation], zone: ZoneInfo) -> Standing:
    """How the member stands after these operations of ours that the hub's word does not know yet, oldest first; `zone`
    is the programme's."""
    now = _Sum(account=told.account)
    now.redeemed.update({one.day: one.points for one in told.redeemed})
    now.redeemed_offline.update({one.day: one.offline for one in told.redeemed})
    now.spent.update({one.day: one.kopecks for one in told.spent})
    now.stickers.update({one.collection: one.count for one in told.stickers})
    for operation in own:
        now.account = affected(now.account, operation).account
        row_for("standing", COUNTS, operation.body)(now, operation, operation.body, zone)
    return Standing(
        account=now.account,
        redeemed=now.redeemed,
        redeemed_offline=now.redeemed_offline,
        spent=now.spent,
        stickers=now.stickers,
    )


def shop_day(operation: Operation, zone: ZoneInfo) -> str:
    """The day on which it happened, by the clock of its store; `zone` is the programme's."""
    return day_of(operation.at, operation, zone)


def day_of(moment: str, operation: Operation, zone: ZoneInfo) -> str:
    """The day of another moment by the clock of the operation's store."""
    return datetime.fromisoformat(moment).astimezone(zone_of(operation.store, zone)).date().isoformat()


def _sale(now: _Sum, operation: Operation, sale: Sale, zone: ZoneInfo) -> None:
    day = shop_day(operation, zone)
    now.spent[day] += sale.qualifying_kopecks
    now.redeemed[day] += sale.redeemed.points
    if sale.link == "offline":
        now.redeemed_offline[day] += sale.redeemed.points
    for collection, count in moved(sale):
        now.stickers[collection] += count


def _return(now: _Sum, operation: Operation, back: Return, zone: ZoneInfo) -> None:
    """A sale that is undone takes nothing of its day's limits."""
    day = day_of(back.sold_at, operation, zone)
    now.spent[day] -= back.qualifying_kopecks
    if back.restored.points:
        now.redeemed[day] -= back.restored.points
    if back.restored.points and back.sold_offline:
        now.redeemed_offline[day] -= back.restored.points
    for collection, count in moved(back):
        now.stickers[collection] += count


COUNTS: Final[Mapping[str, Callable[[_Sum, Operation, Any, ZoneInfo], None]]] = {"sale": _sale, "return": _return}


def concerns(operations: Iterable[Operation]) -> list[Operation]:
    """Those that a member's standing depends on."""
    return [operation for operation in operations if name_of(operation.body) in COUNTS]
