"""What every command stands on: members, cards, the link and the hub's word, as they are at its moment.

Each is read when it is first asked for and then stays, so that what is told and what is recorded by one command rest on
the same; the next command looks anew.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple, TypeVar

import msgspec

from config.programmes import ProgrammeError
from loyalty.basket import Line
from loyalty.card_numbers import as_number, spellings
from loyalty.cards import CardStatus
from loyalty.lots import Account, active_points, balance, coming_points
from loyalty.member import FreeBy, MemberView
from loyalty.operation import Channel, Operation, zone_of
from loyalty.programme import Link, Programme
from loyalty.staff import Right, may
from loyalty.standing import Standing
from loyalty.utc import moment
from loyalty.wording import amount_text, points_text
from offline_cache.cache import Cache, Rules
from offline_cache.records import CardRecord, Feed, MemberRecord
from pos_agent.done import Done as Done
from pos_agent.done import Remarks as Remarks
from pos_agent.done import remark as remark
from pos_agent.errands import NO_DESK, Desk, Errand, HubSaid, refused_by
from pos_agent.holds import HoldAnswer
from pos_agent.house import House
from pos_agent.protocol import BasketLine
from pos_agent.protocol_staff import Second
from pos_agent.staff.caller import AT_THE_TILL, Caller, SignedIn, Step
from pos_agent.staff.rights import need, second
from pos_agent.staff.staff import Staff
from pos_agent.visit import HoldsAt, Visit, Who, hold_of
from sync.protocol import CHAIN

RANG_FOR = timedelta(days=1)  # a card that rang pays with no points, where the programme says so
SAID_JUST_NOW = timedelta(minutes=1)  # of a card that nobody has; later it may have been issued elsewhere

_Reply = TypeVar("_Reply")


def rules_of(programme: Programme) -> Rules:
    return Rules(programme=programme.id, programme_hash=programme.content_hash)


class Left(NamedTuple):
    """`points`: less those that receipts of other tills have reserved, which are `elsewhere`."""

    points: int
    elsewhere: int


class Counter:
    """For one command, at its corrected moment; `clock_off_s` is the correction in it, `pos` whoever asks, in his
    `channel`; None: a scanner or the page, which are of the receipt's own. `may_wait`: points may be reserved before it
    is answered; `answer`: what came of that. `desk`: what the hub's desk has said for it; `caller`: who asks."""

    def __init__(
        self,
        house: House,
        now: datetime,
        clock_off_s: int = 0,
        pos: str = "",
        channel: Channel | None = None,
        *,
        may_wait: bool = False,
        answer: HoldAnswer | None = None,
        desk: Desk = NO_DESK,
        caller: Caller = AT_THE_TILL,
    ) -> None:
        self.house = house
        self.may_wait = may_wait
        self.answer = answer
        self._desk = desk
        self.pins, self.may_prove, self.asked = desk.pins, bool(desk.key), desk.asked
        self.caller = caller._replace(pos=pos, channel=channel)
        self.visits = house.visits  # that are open at the till
        self.told_second: Second | None = None  # with this command
        self.scanned = False  # it is a badge before a scanner
        self.now = now
        self.clock_off_s = clock_off_s
        self.pos = pos
        self.channel = channel
        self.cache = house.cache
        self.programme = self._here(house.in_force(now).programme)
        self.language = house.language
        self.made: tuple[Operation, ...] = ()  # recorded by this command last
        self.lines: tuple[tuple[BasketLine, ...], tuple[Line, ...]] = (), ()  # as told, and as the rules take them
        self._members: dict[str, tuple[MemberRecord, Standing]] = {}
        self._cards: dict[str, CardRecord | None] = {}

    def _here(self, programme: Programme) -> Programme:
        """Its "today" is the store's, whatever zone the chain has."""
        return programme.by_clock_of(zone_of(self.cache.store, programme.timezone))

    @property
    def rules(self) -> Rules:
        """Under which operations are made now."""
        return rules_of(self.programme)

    def under(self, programme_hash: str) -> Programme:
        """The programme that something was told under; one that is not known here any more is today's."""
        if programme_hash in ("", self.programme.content_hash):
            return self.programme
        if programme_hash == self.house.programme.content_hash:
            return self._here(self.house.programme)
        with suppress(ProgrammeError):
            found = self.house.shelf.programme(programme_hash)
            return self.programme if found is None else self._here(found)
        return self.programme

    @cached_property
    def link(self) -> Link:
        return "online" if self.house.is_online() else "offline"

    def link_of(self, visit: Visit) -> Link:
        """Under which rules this receipt is: points that the hub holds for it may be spent, whatever became of the
        connection since; one that it did not answer for goes by the rules of without."""
        hold = hold_of(visit, self.now)
        if hold is None or hold.by == "shop":
            return self.link
        return "online" if hold.state == "held" else "offline"

    def needs_hold(self, visit: Visit) -> bool:
        """Points are reserved at the hub before they are spent, and these are not."""
        return self._reserves_at == "hub" and hold_of(visit, self.now) is None

    @property
    def reserves_at(self) -> HoldsAt | None:
        """Where this command can reserve points."""
        return self._reserves_at if self.may_wait else None

    @cached_property
    def _reserves_at(self) -> HoldsAt | None:
        return None if self.cache.training else self.house.reserves_at()

    def requested(self, visit: Visit) -> int | None:
        """How many points the customer wants of those that are reserved; None: as many as the limit allows."""
        hold, wish = hold_of(visit, self.now), visit.requested_points
        if hold is None or hold.state != "held":
            return wish
        return hold.points if wish is None else min(wish, hold.points)

    # who asks

    @property
    def staff(self) -> Staff | None:
        return self.house.staff

    @property
    def listed(self) -> Staff | None:
        """The same, where the office keeps a list of them: without one nobody signs in."""
        return self.staff if self.staff is not None and self.staff.book.has_list else None

    @cached_property
    def person(self) -> SignedIn | None:
        """Who has signed in where this comes from, or the POS, as far as its token goes; None: nobody."""
        if self.staff is not None:
            return self.staff.asking(self.caller, self.now)
        caller = self.caller
        return SignedIn("", caller.cashier, caller.role) if caller.role is not None and not caller.guest else None

    @property
    def by(self) -> str | None:
        """Who did it, as operations name him."""
        return self.person.name or None if self.person is not None else None

    def need(self, right: Right) -> SignedIn | None:
        """Who does this; None: nobody has to have signed in for it. Raises Refused."""
        return need(self, right)

    def second(self, right: Right, step: Step) -> SignedIn:
        """Who answers for just this step besides. Raises Refused, `second_needed` where nobody was told."""
        return second(self, right, step, self.told_second)

    def second_over(self, right: Right, step: Step, *, points: bool = False) -> SignedIn | None:
        """The same where the step is over more than the settings say; None: it is not, or the office keeps no list."""
        if self.listed is None:
            return None
        over = self.listed.over.points if points else self.listed.over.kopecks
        return self.second(right, step) if step.amount > over else None

    def one_who_may(self, right: Right, step: Step) -> SignedIn | None:
        """Whoever asks, where he may; else a second person. None: the office keeps no list."""
        if self.listed is None:
            return None
        asks = self.person
        return asks if asks is not None and may(asks.role, right) else self.second(right, step)

    @property
    def desk_key(self) -> str:
        """Under which the hub's desk is asked for this command, each time it comes; "": it may not be asked."""
        return "" if self.cache.training else self._desk.key

    def ask_hub(self, act: str, body: msgspec.Struct, reply: type[_Reply], *, person: str = "", of: str = "") -> _Reply:
        """What the hub's desk says (hub/desk/acts.py), before anything is changed here; `of`: about what, where one
        command asks the same of several. Raises Errand the first time, and Refused with the hub's code, or
        `desk_hub_silent`."""
        said = next((one for one in self._desk.said if (one.act, one.of) == (act, of)), None)
        if self.cache.training or not self._desk.key:
            raise refused_by(HubSaid(act, sent=False))
        if said is None:
            asks = person or (self.person.id if self.person is not None else "")
            key = f"{self._desk.key}/{act}/{of}" if of else f"{self._desk.key}/{act}"
            raise Errand(act, key, asks, msgspec.json.encode(body), of)
        if said.body is None:
            raise refused_by(said)
        try:
            return msgspec.json.decode(said.body, type=reply)
        except (ValueError, RecursionError):
            raise refused_by(HubSaid(act)) from None

    def tell_hub(self, act: str, key: str, body: msgspec.Struct) -> None:
        """What its desk may as well hear, and nobody waits for its answer; what is practised it does not."""
        if self.link == "online" and not self.cache.training:
            self.house.tells_hub(Errand(act, f"{key}/{act}", "", msgspec.json.encode(body)))

    def asked_of(self, act: str) -> str | None:
        """About what the hub was asked so for this command; None: it was not yet."""
        return next((one.of for one in self._desk.said if one.act == act), None)

    def has_said(self, act: str, of: str) -> bool:
        """Whether the hub has done this for this command."""
        return any((one.act, one.of) == (act, of) and one.body is not None for one in self._desk.said)

    def points(self, count: int) -> str:
        """For the cashier."""
        return points_text(count, self.programme.currency, self.language)

    def owed(self, balance: int) -> str:
        """Of a balance below zero, what the member owes: a number with a minus says nothing to him (R33)."""
        return self.points(max(0, -balance))

    def amount(self, kopecks: int) -> str:
        return amount_text(kopecks, self.language)

    @cached_property
    def feed(self) -> Feed:
        """How far the hub's word goes."""
        return self.cache.changes.feed()

    @cached_property
    def latest(self) -> datetime:
        """What ends, and what a day has left, goes by it: a clock that was set back makes nothing valid again. Whether
        the hub's word is fresh enough goes by the clock, for one that stands still would never age it."""
        return max(self.now, self.feed.latest_at or self.now)

    @cached_property
    def takes_strangers(self) -> bool:
        """Whether a card may be valid and not known here: the till has not been told of all members yet, or is told
        only of those of its shop."""
        return self.feed.pulled_at is None or self.feed.scope != CHAIN

    @property
    def may_inquire(self) -> bool:
        """Whether the hub can be asked about somebody: of what is practised it hears nothing."""
        return self.house.inquire is not None and self.link == "online" and not self.cache.training

    def is_nobodys(self, card: str) -> bool:
        """Whether the hub has said so just now: whoever was told to ask again is answered."""
        since = self.house.nobodys_since(card)
        return since is not None and self.now - since <= SAID_JUST_NOW

    def card(self, number: str) -> CardRecord | None:
        if number not in self._cards:
            self._cards[number] = self.cache.members.card(number)
        return self._cards[number]

    def find_card(self, text: str) -> CardRecord | None:
        """A known card by its number as it is scanned or typed: also with blanks, or as a UPC without its zero."""
        found = (self.card(number) for number in spellings(as_number(text.strip())))
        return next((card for card in found if card is not None), None)

    def member(self, member: str) -> tuple[MemberRecord, Standing]:
        """The member as the hub told of him, and as he stands with what was done here since."""
        found = self._found(member)
        assert found is not None, "a card points to its member"
        return found

    def _found(self, member: str) -> tuple[MemberRecord, Standing] | None:
        if member not in self._members:
            record = self.cache.members.member(member)
            if record is None:
                return None
            self._members[member] = record, record.standing(self.programme)
        return self._members[member]

    def is_known(self, who: Who) -> bool:
        """Whether the till has this member: one that a receipt names may have been forgotten while it lay aside."""
        return who.member is not None and self.knows(who.member)

    def knows(self, member: str) -> bool:
        return self._found(member) is not None

    def account(self, who: Who) -> Account:
        """The member's lots as this till knows them; none for a card that this very sale issues, or a stranger's."""
        return self.member(who.member)[1].account if who.member and self.is_known(who) else Account()

    def balance(self, who: Who) -> int:
        return balance(self.account(who), self.latest)

    def left(self, visit: Visit) -> Left:
        """The balance of the visit's member, of which is told after the sale: the lower of what this till reckons and
        of what it heard when it asked for points."""
        who = visit.who
        assert who is not None, "only a member has a balance"
        own, hold, held = self.balance(who), hold_of(visit, self.now), visit.held
        if hold is not None and hold.leaves is not None:
            return Left(min(own, hold.leaves), hold.elsewhere)
        active = active_points(self.account(who), self.latest)
        if held is None or held.active != active:
            return Left(own, 0)
        elsewhere = min(active, held.points)
        return Left(own - elsewhere, elsewhere)

    @cached_property
    def today(self) -> date:
        """By the clock of the store."""
        return self.programme.day(self.now)

    def card_status(self, visit: Visit) -> CardStatus:
        """The status of the card in hand; for a new one that replaces another, the other's."""
        who, reissue = visit.who, visit.reissue
        assert who is not None
        number = reissue.old_card if reissue and reissue.new_card == who.card else who.card
        card = self.card(number) if number else None
        status = card.status_at(self.now) if card else "issued"
        if card and reissue and status == "blocked" and self.cache.members.is_registered(card.member):
            return "active"  # the new one has its member's registration
        return status

    def is_blocked(self, visit: Visit) -> bool:
        """The card in hand: whoever has it may be its finder."""
        who = visit.who
        return who is not None and visit.reissue is None and self.card_status(visit) == "blocked"

    def view(self, visit: Visit) -> MemberView | None:
        """What the rules must know of the visit's member."""
        who = visit.who
        if who is None:
            return None
        if who.member is None or not self.is_known(who):
            return MemberView(card_status="issued", stranger=who.stranger or who.member is not None)
        record, stands = self.member(who.member)
        told, day, latest = record.told, self.programme.day(self.latest), self.latest
        active = active_points(stands.account, latest)
        free, free_by = _free(visit, active, self.now)
        return MemberView(
            card_status=self.card_status(visit),
            identified_by=who.identified_by,
            second_factor=who.second_factor,
            proof=who.proof,
            phone_seen_at=moment(told.phone_seen_at),
            vouched=who.vouched,
            unproven=self.house.unproven() is not None,
            rang=self.programme.velocity.deny_redeem and self.cache.days.rang_since(who.member, self.now - RANG_FOR),
            points_active=active,
            birthday=date.fromisoformat(told.birthday) if told.birthday else None,
            favourites=told.favourites,
            accumulated_kopecks=stands.accumulated(self.programme, day),
            redeemed_today=max(0, stands.redeemed.get(day.isoformat(), 0)),
            redeemed_offline_today=max(0, stands.redeemed_offline.get(day.isoformat(), 0)),
            snapshot_at=self.feed.pulled_at,
            latest_at=self.feed.latest_at,
            coming=coming_points(stands.account, latest),
            points_free=free,
            free_by=free_by,
        )


def _free(visit: Visit, active: int, at: datetime) -> tuple[int | None, FreeBy]:
    """Of these points, those that this receipt may have at most, and why: as was said when they were reserved, else as
    far as the hub has said what receipts of other tills hold. None: all."""
    hold, held = hold_of(visit, at), visit.held
    if hold is not None and hold.state == "held":
        return (hold.points, hold.bound) if hold.bound else (None, "held_elsewhere")
    if held is None or held.active != active:
        return None, "held_elsewhere"
    return max(0, active - held.points), "held_elsewhere"


def today_at(now: datetime, cache: Cache, programme: Programme) -> date:
    """The day in the shop, by the clock of the store."""
    return now.astimezone(zone_of(cache.store, programme.timezone)).date()
