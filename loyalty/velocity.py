"""Which uses of a card, and which orders of one person, are more than ordinary: what rings, and stops nothing.

The uses of the last thirty days are all that is looked at. The same functions answer at a till over its own purchases,
without a network too, and at the hub over all tills. Uses come late where a till was offline: whichever stretch of time
a use falls into is looked at, also one that ends after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import msgspec

from loyalty.programme import VelocityRules

Rule = Literal[
    "card_hour",
    "card_day",
    "card_month",
    "cashier_month",
    "tills",
    "staff_day",
    "staff_month",
    "by_day",
    "by_points",
    "guesses_day",
    "claims_month",
]
HOUR_S: Final = 3_600
DAY_S: Final = 24 * HOUR_S
MONTH_S: Final = 30 * DAY_S
USES_MAX: Final = 300  # of one card in thirty days; of more than these the last are as many as anybody needs


class Use(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A purchase with a card, or an order; `at` in seconds since 1970, `by` whose hands it went through. `points`: that
    it earned, or that were given. `sold_at` and `sold_by`: of a receipt that was brought afterwards, the till and the
    hands that it went through."""

    at: int
    chain: str
    generation: int
    sequence: int
    by: str = ""
    points: int = 0
    sold_at: str = ""
    sold_by: str = ""


class Watched(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of a card or a person. `staff`: it belongs to whoever works here. `rang`: when each rule did."""

    uses: tuple[Use, ...] = ()
    rang: dict[str, int] = {}
    staff: bool = False


@dataclass(frozen=True, slots=True)
class Ring:
    """So many where `most` are ordinary; `uses` are those that were counted, the oldest first."""

    rule: Rule
    count: int
    most: int
    uses: tuple[Use, ...]


class _Look(NamedTuple):
    """`alike`: which uses count together with the new one; `size`: how many they make."""

    rule: Rule
    most: int | None
    window_s: int
    alike: Callable[[Use, Use], bool]
    size: Callable[[Sequence[Use]], int] = len


def used(watched: Watched, use: Use, rules: VelocityRules) -> tuple[Watched, tuple[Ring, ...]]:
    """A purchase with a card. The same one comes once."""
    return _seen(watched, use, _of_card(rules, staff=watched.staff))


def ordered(watched: Watched, order: Use, rules: VelocityRules) -> tuple[Watched, tuple[Ring, ...]]:
    """Points that one person has given or corrected."""
    return _seen(watched, order, _of_person(rules))


def rules_rung(watched: Watched, since: int) -> bool:
    """Has any rule rung for it since then?"""
    return any(at >= since for at in watched.rang.values())


def _of_card(rules: VelocityRules, *, staff: bool) -> Iterator[_Look]:
    yield _Look("card_hour", rules.card_hour, HOUR_S, _same_till)
    yield _Look("card_day", rules.card_day, DAY_S, _any)
    yield _Look("card_month", rules.card_month, MONTH_S, _any)
    yield _Look("cashier_month", rules.cashier_month, MONTH_S, _same_hands)
    yield _Look("claims_month", rules.claims_month, MONTH_S, _sold_alike)
    yield _Look("tills", rules.tills, rules.tills_minutes * 60, _any, _tills)
    if staff:
        yield _Look("staff_day", rules.staff_day, DAY_S, _any)
        yield _Look("staff_month", rules.staff_month, MONTH_S, _any)


def _of_person(rules: VelocityRules) -> Iterator[_Look]:
    yield _Look("by_day", rules.by_day, DAY_S, _any)
    yield _Look("by_points", rules.by_points, DAY_S, _any, _points)


def _seen(watched: Watched, use: Use, looks: Iterator[_Look]) -> tuple[Watched, tuple[Ring, ...]]:
    uses = sorted((*watched.uses, use), key=lambda one: one.at)
    since = uses[-1].at - MONTH_S
    uses = [one for one in uses if one.at > since][-USES_MAX:]
    rings = tuple(ring for look in looks if (ring := _ring(look, watched.rang, uses, use)) is not None)
    rang = watched.rang | {ring.rule: use.at for ring in rings}
    return msgspec.structs.replace(watched, uses=tuple(uses), rang=rang), rings


def _ring(look: _Look, rang: Mapping[str, int], uses: Sequence[Use], use: Use) -> Ring | None:
    """Once in the rule's own time: who looks at it sees all that came until then."""
    before = rang.get(look.rule)
    if look.most is None or (before is not None and abs(use.at - before) < look.window_s):
        return None
    alike = [one for one in uses if look.alike(one, use)]
    if len(alike) <= look.most and look.size is not _points:  # the usual case
        return None
    stretches = (
        [one for one in alike if last.at - look.window_s < one.at <= last.at]
        for last in alike
        if use.at <= last.at < use.at + look.window_s
    )
    worst = max(stretches, key=look.size, default=[])
    count = look.size(worst)
    return Ring(look.rule, count, look.most, tuple(worst)) if count > look.most else None


def _any(one: Use, other: Use) -> bool:
    return True


def _same_till(one: Use, other: Use) -> bool:
    return one.chain == other.chain


def _same_hands(one: Use, other: Use) -> bool:
    return one.by == other.by != ""


def _sold_alike(one: Use, other: Use) -> bool:
    """Both were brought, and were sold at one till or by one cashier."""
    same_hands = one.sold_by == other.sold_by != ""
    return one.sold_at != "" != other.sold_at and (one.sold_at == other.sold_at or same_hands)


def _tills(uses: Sequence[Use]) -> int:
    return len({one.chain for one in uses})


def _points(uses: Sequence[Use]) -> int:
    return sum(abs(one.points) for one in uses)
