"""What every command stands on: members, cards, the link and the hub's word, as they are at its moment.

Each is read when it is first asked for and then stays, so that what is told and what is recorded by one command rest on
the same; the next command looks anew.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from loyalty.cards import CardStatus
from loyalty.lots import Account, active_points, balance, coming_points
from loyalty.member import MemberView
from loyalty.programme import Link, Programme
from loyalty.standing import Standing
from offline_cache.cache import Cache
from offline_cache.records import CardRecord, Feed, MemberRecord
from pos_agent.visit import Visit, Who


class Counter:
    """For one command; the table of the visit stands elsewhere."""

    def __init__(self, cache: Cache, programme: Programme, is_online: Callable[[], bool]) -> None:
        self._cache = cache
        self._programme = programme
        self._is_online = is_online
        self._members: dict[str, tuple[MemberRecord, Standing]] = {}
        self._cards: dict[str, CardRecord | None] = {}

    @cached_property
    def link(self) -> Link:
        return "online" if self._is_online() else "offline"

    @cached_property
    def feed(self) -> Feed:
        """How far the hub's word goes."""
        return self._cache.feed()

    def card(self, number: str) -> CardRecord | None:
        if number not in self._cards:
            self._cards[number] = self._cache.members.card(number)
        return self._cards[number]

    def member(self, member: str) -> tuple[MemberRecord, Standing]:
        """The member as the hub told of him, and as he stands with what was done here since."""
        if member not in self._members:
            record = self._cache.members.member(member)
            assert record is not None, "a card points to its member"
            self._members[member] = record, record.standing(self._programme)
        return self._members[member]

    def account(self, who: Who) -> Account:
        """The member's lots as this till knows them; none for a card that this very sale issues."""
        return self.member(who.member)[1].account if who.member else Account()

    def balance(self, who: Who, now: datetime) -> int:
        return balance(self.account(who), now)

    def day(self, now: datetime) -> date:
        """Today, by the clock of the store."""
        store = self._cache.store
        zone = ZoneInfo(store.timezone) if store and store.timezone else self._programme.timezone
        return now.astimezone(zone).date()

    def card_status(self, visit: Visit, now: datetime) -> CardStatus:
        """The status of the card in hand; for a new one that replaces another, the other's."""
        who, reissue = visit.who, visit.reissue
        assert who is not None
        number = reissue.old_card if reissue and reissue.new_card == who.card else who.card
        card = self.card(number) if number else None
        return card.status_at(now) if card else "issued"

    def view(self, visit: Visit, now: datetime) -> MemberView | None:
        """What the rules must know of the visit's member."""
        who = visit.who
        if who is None:
            return None
        if who.member is None:
            return MemberView(card_status="issued")
        record, stands = self.member(who.member)
        told, day = record.told, self.day(now)
        return MemberView(
            card_status=self.card_status(visit, now),
            identified_by=who.identified_by,
            points_active=active_points(stands.account, now),
            birthday=date.fromisoformat(told.birthday) if told.birthday else None,
            favourites=told.favourites,
            accumulated_kopecks=stands.accumulated(self._programme, day),
            redeemed_today=stands.redeemed.get(day.isoformat(), 0),
            redeemed_offline_today=stands.redeemed_offline.get(day.isoformat(), 0),
            snapshot_at=self.feed.pulled_at,
            latest_at=self.feed.latest_at,
            coming=coming_points(stands.account, now),
        )
