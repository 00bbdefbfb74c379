"""The change feed as it is read: one page of it, and the members on it, from a reader. Nothing is written.

Everything is read for many members at once. A member who cannot be told is left out and named, and the page goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Protocol, TypeVar

import msgspec

from hub.books.accounts import account_from
from hub.card_phones.phone import revoked_of
from hub.cases.telling import cases_of, join_cursors, split_cursor
from hub.coupons.campaigns import stopped_campaigns
from hub.coupons.told import left_of
from hub.staff.book import told_if_news as staff_if_news
from hub.store.office_records import SeenKey, StoreRow
from hub.store.records import CardRow, ChainEnd, Change, MemberRow, ProfileRow
from hub.store.seam import Reader
from hub.stores import is_seen, partition_of_store, scope_of, shop_of
from hub.tills.settings import told_if_news
from loyalty.cards import status_at
from loyalty.lots import Account
from loyalty.names import masked
from loyalty.phones import phone_key
from loyalty.possible import check_member, is_text, shown_id
from loyalty.programme import Programme
from loyalty.snapshot import (
    CardSnapshot,
    MemberSnapshot,
    RedeemedDay,
    SpentDay,
    StickerBalance,
    told_days,
    told_lots,
)
from loyalty.tiers import window_start
from loyalty.utc import utc_text
from sync.protocol import BODY_BYTES_WANTED, CHAIN, ChangesPage, ToldProgramme, Watermark

TOLD_DAYS_BACK: Final = timedelta(days=2)  # a day limit looks at today, in whichever zone that is
FIRST_BITE = (
    100  # changes read with their members at once; the next bite is as large as these say that the page has room
)
BITE_MAX = 1_000
MEMBER_BYTES_MAX = 1_000_000  # more of one member would make a page that no till reads to its end
COLLECTIONS_MAX: Final = 8  # of stickers
LOGGED_MAX = 1_000  # what cannot be told is logged once, as long as it is so little

log = logging.getLogger(__name__)


PhoneKey = Callable[[str], bytes]  # what stands for a phone at tills


class _OfMember(Protocol):
    @property
    def member(self) -> str: ...


_Row = TypeVar("_Row", bound=_OfMember)


def page(
    reader: Reader,
    *,
    now: datetime,
    programme: str,
    rules: Programme | None,
    till: str,
    generation: int,
    after: str,
    limit: int,
    phone_hash_key: bytes,
    coupon_keys: Mapping[int, bytes],
    store: str = "",
    scope: str = CHAIN,
    programmes: tuple[ToldProgramme, ...] = (),
    phones_change: bool = False,
    epoch: str = "",
    settings: str | None = None,
    staff: str | None = None,
    pepper: bytes = b"",
    rotating_keys: Mapping[int, bytes] = MappingProxyType({}),
) -> ChangesPage:
    """What changed after a cursor, as it is now, with the asking till's watermark: all of one moment. The
    cursor is of its own cases too. `store`: the till's; `scope`: whom the feed told of that the cursor is of; where
    that is another by now, the page is the beginning of it. `phones_change`: their key was rotated, and not all have
    been told under the new one. `settings`: the edition of the office's word that the till has, `staff`: of who works
    there. Raises BadCursor."""
    shop = shop_of(reader, store)
    if scope_of(shop) != scope:
        after = ""
    after, after_case = split_cursor(after)
    own = cases_of(reader, till, after_case)
    partition = partition_of_store(shop.store, programme) if shop else programme
    changes = reader.changes(partition, after, limit + 1)
    made = _Told(reader, now, lambda phone: phone_key(phone_hash_key, phone), rules, shop)
    told = made.tell(changes[:limit])
    serials = made.serials(changes[:told])
    coupons = left_of(reader, serials)
    watermark, before = _ends(reader, till, generation)
    return ChangesPage(
        cursor=join_cursors(changes[told - 1].cursor if told else after, own.cursor),
        more=told < len(changes) or own.more,
        watermark=watermark,
        at=utc_text(now),
        members=tuple(made.members),
        used_coupons=tuple(serial for serial in serials if serial in coupons.used),
        returned_coupons=tuple(serial for serial in serials if serial not in coupons.used),
        coupon_uses_left=coupons.left,
        stopped_campaigns=stopped_campaigns(reader, rules, programme),
        coupon_keys={str(id): key.hex() for id, key in coupon_keys.items()},
        rotating_keys={str(id): key.hex() for id, key in rotating_keys.items()},
        phone_hash_key=phone_hash_key.hex(),
        set_aside=tuple(made.set_aside),
        cases=own.cases,
        scope=scope_of(shop),
        gone=tuple(made.gone),
        programmes=programmes,
        phones_change=phones_change,
        before=before,
        epoch=epoch,
        settings=told_if_news(reader, store, settings),
        staff=staff_if_news(reader, store, staff, pepper),
    )


def _ends(reader: Reader, till: str, generation: int) -> tuple[Watermark, tuple[Watermark, ...]]:
    """How far the ledger and its copies are with the till's chain of this generation, and with its others."""
    covered = reader.covered_of([till])
    ends = {end.generation: _watermark(end, covered.get(end.key, 0)) for end in reader.ends_of([till])}
    own = ends.pop(generation, Watermark(generation=generation, sequence=0))
    return own, tuple(ends[one] for one in sorted(ends))


def _watermark(end: ChainEnd, covered: int) -> Watermark:
    return Watermark(generation=end.generation, sequence=end.sequence, hash=end.last_hash, covered=covered)


class _Told:
    """A page in the making."""

    def __init__(
        self, reader: Reader, now: datetime, phone_key: PhoneKey, rules: Programme | None, shop: StoreRow | None
    ) -> None:
        self._reader = reader
        self._shop = shop
        self._now = now
        self._phone_key = phone_key
        self._rules = rules
        self._seen: set[str] = set()
        self._size = 0
        self.members: list[MemberSnapshot] = []
        self.set_aside: list[str] = []
        self.gone: list[str] = []

    def tell(self, changes: Sequence[Change]) -> int:
        """How many of the changes are told: the page ends when it is long enough, never before its first."""
        told, bite = 0, FIRST_BITE
        while told < len(changes) and self._size <= BODY_BYTES_WANTED:
            told += self._bite(changes[told : told + bite])
            room = BODY_BYTES_WANTED - self._size
            bite = min(BITE_MAX, 1 + room * told // max(1, self._size))
        return told

    def _bite(self, changes: Sequence[Change]) -> int:
        new = dict.fromkeys(change.key for change in changes if change.kind == "member")
        told, gone = self._divided(new.keys() - self._seen)
        rows = _Rows(self._reader, told, self._now, self._phone_key, self._rules)
        for number, change in enumerate(changes):
            if self._size > BODY_BYTES_WANTED:
                return number
            if change.kind == "member" and change.key not in self._seen:
                self._seen.add(change.key)
                if change.key in gone:
                    self._let_go(change.key)
                else:
                    self._tell_member(rows, change.key)
        return len(changes)

    def _divided(self, members: set[str]) -> tuple[set[str], set[str]]:
        """Those who are to be told, and those who are not seen any more in the shop whose feed it is."""
        if self._shop is None or not members:
            return members, set()
        rows = self._reader.seen([SeenKey(member, self._shop.store) for member in members])
        told = {row.member for row in rows.values() if is_seen(row, self._now)}
        return told, members - told

    def _let_go(self, member: str) -> None:
        self.gone.append(member)
        self._size += len(member)

    def _tell_member(self, rows: _Rows, member: str) -> None:
        try:
            told, size = _checked(rows, member)
        except (ValueError, OverflowError, KeyError) as error:
            self._set_aside("Member", member, str(error))
        else:
            self.members.append(told)
            self._size += size

    def serials(self, changes: Iterable[Change]) -> list[str]:
        """The coupons among these changes."""
        found = dict.fromkeys(change.key for change in changes if change.kind == "coupon")
        for serial in found:
            if not is_text(serial):
                self._set_aside("Coupon", serial, "it is no serial")
        return list(filter(is_text, found))

    def _set_aside(self, what: str, key: str, why: str) -> None:
        _log_once(what, shown_id(key), why)
        self.set_aside.append(shown_id(key))


@lru_cache(maxsize=LOGGED_MAX)
def _log_once(what: str, key: str, why: str) -> None:
    """A thousand tills ask for the same page again and again."""
    log.warning("%s %s cannot be told to tills: %s", what, key, repr(why))


class _Rows:
    """What stands of some members, each table read once."""

    def __init__(
        self,
        reader: Reader,
        members: Collection[str],
        now: datetime,
        phone_key: PhoneKey,
        rules: Programme | None,
    ) -> None:
        self._now = now
        self._phone_key = phone_key
        self._redeemed_since = (now - TOLD_DAYS_BACK).date().isoformat()
        self._spent_since = window_start(rules, now.date() - TOLD_DAYS_BACK).isoformat() if rules else ""
        days_since = min(self._spent_since, self._redeemed_since)
        self._members: Mapping[str, MemberRow] = reader.members(members) if members else {}
        here = list(self._members)
        self._profiles: Mapping[str, ProfileRow] = reader.profiles(here) if here else {}
        self._cards = _by_member(reader.cards_of(here)) if here else {}
        self._lots = _by_member(reader.open_lots(here, now)) if here else {}
        self._days = _by_member(reader.days_of(here, days_since)) if here else {}
        self._stickers = _by_member(reader.stickers_of(here)) if here else {}
        self._revoked = revoked_of(reader, [card.number for row in self._cards.values() for card in row], now)
        asks = rules is not None and rules.redemption.phone_recheck_months is not None
        self._confirmed = reader.phones_confirmed(here) if here and asks else {}

    @property
    def here(self) -> Collection[str]:
        return self._members.keys()

    def snapshot(self, member: str) -> MemberSnapshot:
        """Raises KeyError for nobody; ValueError and OverflowError where a row cannot be."""
        row, profile = self._members[member], self._profiles.get(member)
        account = account_from(row, self._lots.get(member, ()))
        here = profile if row.merged_into is None else None
        phone, name = (here.phone, here.name) if here else (None, None)
        return MemberSnapshot(
            member=member,
            cards=tuple(_told_card(card, self._now) for card in self._cards.get(member, ())),
            lots=told_lots(account, self._now),
            debt=account.debt,
            redeemed=self._redeemed(member),
            spent=self._spent(member),
            birthday=profile.birthday if profile else None,
            favourites=profile.favourites if profile else (),
            phone_key=self._phone_key(phone).hex() if phone else None,
            status="member" if row.merged_into is None else "merged",
            name=masked(name) if name else None,
            revoked_phones=self._revoked_phones(member),
            phone_seen_at=self._phone_seen_at(member) if phone else None,
            stickers=self._told_stickers(member),
        )

    def _told_stickers(self, member: str) -> tuple[StickerBalance, ...]:
        """The latest collections: nobody exchanges those of years ago."""
        rows = [row for row in self._stickers.get(member, ()) if row.stickers]
        return tuple(StickerBalance(collection=row.collection, count=row.stickers) for row in rows[-COLLECTIONS_MAX:])

    def _revoked_phones(self, member: str) -> tuple[str, ...]:
        cards = (card.number for card in self._cards.get(member, ()))
        return tuple(phone for card in cards for phone in self._revoked.get(card, ()))

    def _phone_seen_at(self, member: str) -> str | None:
        confirmed = self._confirmed.get(member)
        return utc_text(confirmed.at) if confirmed is not None else None

    def _redeemed(self, member: str) -> tuple[RedeemedDay, ...]:
        return tuple(
            RedeemedDay(day=one.day, points=max(0, one.redeemed), offline=max(0, one.offline))
            for one in self._days.get(member, ())
            if one.day >= self._redeemed_since and (one.redeemed or one.offline)
        )

    def _spent(self, member: str) -> tuple[SpentDay, ...]:
        return told_days(
            SpentDay(day=one.day, kopecks=one.spent_kopecks)
            for one in self._days.get(member, ())
            if one.day >= self._spent_since and one.spent_kopecks
        )


def _checked(rows: _Rows, member: str) -> tuple[MemberSnapshot, int]:
    """One whom tills can keep, and how many bytes he is. Raises ValueError, OverflowError, KeyError."""
    told = rows.snapshot(member)
    check_member(told)
    size = len(msgspec.json.encode(told))
    if size > MEMBER_BYTES_MAX:
        raise ValueError(f"{size} bytes")
    return told, size


def _told_card(card: CardRow, now: datetime) -> CardSnapshot:
    pending = card.status == "pending" and card.active_from is not None
    return CardSnapshot(
        number=card.number,
        status=status_at(card.status, card.active_from, now),
        active_from=utc_text(card.active_from) if pending and card.active_from else None,
    )


def _by_member(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.member, []).append(row)
    return found


def told_members(
    reader: Reader, members: Collection[str], now: datetime, phone_key: PhoneKey, rules: Programme | None
) -> Iterator[tuple[str, MemberSnapshot | None, int]]:
    """These members as a page would tell them, and how many bytes each is; None: whom it would set aside."""
    rows = _Rows(reader, members, now, phone_key, rules)
    for member in members:
        try:
            yield (member, *_checked(rows, member))
        except (ValueError, OverflowError, KeyError) as error:
            _log_once("Member", shown_id(member), str(error))
            yield member, None, len(member)


# single looks


def snapshots(
    reader: Reader,
    members: Collection[str],
    now: datetime,
    phone_key: PhoneKey,
    rules: Programme | None = None,
) -> dict[str, MemberSnapshot]:
    """These members as tills may know them: no phone, only its keyed hash. Who is not there is left out, and nobody
    is too odd to be looked at."""
    rows = _Rows(reader, members, now, phone_key, rules)
    return {member: rows.snapshot(member) for member in rows.here}


def tellable(
    reader: Reader, member: str, now: datetime, phone_key: PhoneKey, rules: Programme | None
) -> MemberSnapshot | None:
    """One member as the page would tell him; None where it would set him aside."""
    try:
        return _checked(_Rows(reader, [member], now, phone_key, rules), member)[0]
    except (ValueError, OverflowError, KeyError) as error:
        _log_once("Member", shown_id(member), str(error))
        return None


def accounts(reader: Reader, members: Collection[str], at: datetime) -> dict[str, Account]:
    """Lots and debts as of a moment; who is not there is left out."""
    rows = reader.members(members)
    lots = _by_member(reader.open_lots(rows.keys(), at))
    return {member: account_from(row, lots.get(member, ())) for member, row in rows.items()}
