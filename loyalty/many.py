"""Many members as the hub tells them, read and looked at together: a till that knows nobody begins with a million.

They are read without a look at each, and then all that `loyalty/possible.py` asks of one is asked of all at once: each
text that many of them have, once; sums of all instead of each one's. If they can be, each of them can. If not, nobody
knows yet who cannot: then they are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal, TypeAlias

import msgspec

from loyalty.bodies import AMOUNT_MAX
from loyalty.cards import STATUSES
from loyalty.member import POINTS_MAX
from loyalty.names import TOLD_LETTERS_MAX
from loyalty.possible import NAME_LETTERS_MAX, are_texts, check_day, check_year, is_text
from loyalty.snapshot import MemberSnapshot, RedeemedDay, SpentDay, StickerBalance
from loyalty.utc import check_utc

_Points = Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX)]


class PlainCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """loyalty.snapshot.CardSnapshot, not looked at yet."""

    number: str
    status: str
    active_from: str | None = None


class PlainLot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """loyalty.snapshot.LotSnapshot, not looked at yet."""

    id: str
    points: _Points
    active_from: str
    expires_at: str | None = None


class PlainMember(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """loyalty.snapshot.MemberSnapshot, not looked at yet."""

    member: str
    cards: tuple[PlainCard, ...]
    lots: tuple[PlainLot, ...] = ()
    debt: _Points = 0
    redeemed: tuple[RedeemedDay, ...] = ()
    spent: tuple[SpentDay, ...] = ()
    birthday: str | None = None
    favourites: tuple[str, ...] = ()
    phone_key: str | None = None
    status: Literal["member", "merged"] = "member"
    name: str | None = None
    revoked_phones: tuple[str, ...] = ()
    phone_seen_at: str | None = None
    stickers: tuple[StickerBalance, ...] = ()


Told: TypeAlias = MemberSnapshot | PlainMember  # as it was read: alone, or with many


def are_possible(members: Sequence[PlainMember]) -> bool:
    """Can all of them be? False: one of them cannot, or together they have more than one may have alone."""
    cards = [card for one in members for card in one.cards]
    lots = [lot for one in members for lot in one.lots]
    redeemed = [day for one in members if one.redeemed for day in one.redeemed]
    spent = [day for one in members if one.spent for day in one.spent]
    stickers = [balance for one in members if one.stickers for balance in one.stickers]
    days = [*[day.day for day in redeemed], *[day.day for day in spent], *[one.collection for one in stickers]]
    try:
        return (
            _are_ids(members, cards, lots)
            and _are_words(members, cards)
            and _are_points(members, lots, redeemed, spent)
            and sum([abs(balance.count) for balance in stickers]) <= POINTS_MAX
            and _are_times(members, cards, lots, days)
        )
    except ValueError:
        return False


def _are_ids(members: Sequence[PlainMember], cards: Sequence[PlainCard], lots: Sequence[PlainLot]) -> bool:
    """And none is told twice of one member."""
    ids = [*[one.member for one in members], *[card.number for card in cards], *[lot.id for lot in lots]]
    return are_texts(ids) and all(
        _are_different(card.number for card in one.cards) and _are_different(lot.id for lot in one.lots)
        for one in members
        if len(one.cards) > 1 or len(one.lots) > 1
    )


def _are_words(members: Sequence[PlainMember], cards: Sequence[PlainCard]) -> bool:
    names = {one.name for one in members if one.name is not None}
    favourites = {name for one in members if one.favourites for name in one.favourites}
    phones = [phone for one in members if one.revoked_phones for phone in one.revoked_phones]
    for one in members:
        if one.phone_key:
            bytes.fromhex(one.phone_key)
    return (
        {card.status for card in cards} <= set(STATUSES)
        and all(is_text(name, TOLD_LETTERS_MAX) for name in names)
        and all(is_text(name, NAME_LETTERS_MAX) for name in favourites)
        and are_texts(phones or [" "])
    )


def _are_points(
    members: Sequence[PlainMember],
    lots: Sequence[PlainLot],
    redeemed: Sequence[RedeemedDay],
    spent: Sequence[SpentDay],
) -> bool:
    """Nothing of the first three is below nothing, so none is more than their sum."""
    sums = [
        sum([one.debt for one in members]),
        sum([lot.points for lot in lots]),
        sum([day.points + day.offline for day in redeemed]),
        sum([abs(day.kopecks) for day in spent]),
    ]
    return max(sums) <= POINTS_MAX


def _are_times(
    members: Sequence[PlainMember], cards: Sequence[PlainCard], lots: Sequence[PlainLot], days: Sequence[str]
) -> bool:
    """And no day is told twice of one member."""
    for day in {*days, *[one.birthday for one in members]}:
        if day is not None:
            check_day(day)
    starts = [card.active_from for card in cards if card.active_from is not None]
    starts += [one.phone_seen_at for one in members if one.phone_seen_at is not None]
    for moment in {*starts, *[lot.active_from for lot in lots], *[lot.expires_at for lot in lots]}:
        if moment is not None:
            check_utc(moment)
            check_year(moment)
    return all(
        _are_different(day.day for day in one.redeemed)
        and _are_different(day.day for day in one.spent)
        and _are_different(balance.collection for balance in one.stickers)
        for one in members
        if len(one.redeemed) > 1 or len(one.spent) > 1 or len(one.stickers) > 1
    )


def _are_different(ids: Iterable[str]) -> bool:
    told = list(ids)
    return len(set(told)) == len(told)
