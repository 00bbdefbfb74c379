"""The seam between the hub and its database: bulk reads by keys, bulk writes of rows, whole tables in order.

Nothing above it names a database. A store opens its ledger, applies its migrations, and gives out two views of it:
a reader, which sees one moment and holds nobody up, and a writer, which is one transaction. Reads by keys leave out
what is not there; order and number of the keys do not matter. One contract suite (tests/hub/store) runs on each.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import NamedTuple, Protocol

from hub.store.certificate_records import (
    CertificateEntryRow,
    CertificateHoldRow,
    CertificateNumberRow,
    CertificateRow,
)
from hub.store.coupon_records import (
    CampaignKey,
    CampaignMemberRow,
    CampaignRow,
    CouponHoldRow,
    MadeCoupon,
)
from hub.store.errand_records import ErrandRow, PictureRow
from hub.store.letter_records import LetterKey, LetterRow, MailingRow
from hub.store.named import NamedRow
from hub.store.office_records import (
    ActedRow,
    BatchRow,
    BlankRow,
    CardOrderRow,
    CardPhoneRow,
    CodeRow,
    ConfirmedRow,
    GiftRow,
    GoodsRow,
    MessageRow,
    ProgrammeRow,
    PublishedRow,
    SeenKey,
    SeenRow,
    SettingRow,
    StaffRow,
    StoreDayKey,
    StoreDayRow,
    StoreRow,
    TillRow,
    WatchedRow,
)
from hub.store.records import (
    CardRow,
    CaseKey,
    CaseRow,
    ChainEnd,
    ChainKey,
    Change,
    ConsentRow,
    CouponRow,
    DayRow,
    EarlierNumber,
    EarlierRow,
    EntryRow,
    HoldRow,
    JobRow,
    KeptChange,
    KeptOperation,
    LotKey,
    LotRow,
    MemberRow,
    OnceRow,
    Place,
    ProfileRow,
    ReturnRow,
)
from hub.store.rows import Rows
from hub.store.sticker_records import StickerEntryRow, StickerRow


class Counts(NamedTuple):
    operations: int
    entries: int
    members: int
    conflicts: int


class Reader(Protocol):
    """The ledger as it was at one moment."""

    def setting(self, name: str) -> str | None: ...

    def chain_ends(self, keys: Collection[ChainKey]) -> dict[ChainKey, ChainEnd]: ...

    def newest_ends(self, chains: Collection[str]) -> dict[str, ChainEnd]:
        """The end of each chain's newest generation."""
        ...

    def ends_of(self, chains: Collection[str]) -> list[ChainEnd]:
        """The ends of all their generations."""
        ...

    def covered_of(self, chains: Collection[str]) -> dict[ChainKey, int]:
        """Up to where a copy of the ledger has their generations; those of which it has nothing are left out."""
        ...

    def operations(self, places: Collection[Place]) -> dict[Place, KeptOperation]: ...

    def operations_on(self, first: Place, last: int) -> list[KeptOperation]:
        """Of one chain, from there to the one with that number, in their order."""
        ...

    def entries_on(self, first: Place, last: int) -> list[EntryRow]:
        """Of the same, in the order in which they were made."""
        ...

    def naming(self, names: Collection[str]) -> list[NamedRow]:
        """Operations that name one of these and made no lot, in the order of all four columns."""
        ...

    def named_before(self, first: str, before: NamedRow, rows_max: int) -> list[NamedRow]:
        """Rows from this name on that stand before that row, the last of them first."""
        ...

    def members(self, members: Collection[str]) -> dict[str, MemberRow]: ...

    def profiles(self, members: Collection[str]) -> dict[str, ProfileRow]: ...

    def cards(self, numbers: Collection[str]) -> dict[str, CardRow]: ...

    def cards_of(self, members: Collection[str]) -> list[CardRow]:
        """In the order of members and numbers."""
        ...

    def open_lots(self, members: Collection[str], since: datetime) -> list[LotRow]:
        """Lots that hold points, and those whose expired points died after `since`."""
        ...

    def lots_of(self, members: Collection[str]) -> list[LotRow]:
        """All lots, also empty ones."""
        ...

    def lots(self, keys: Collection[LotKey]) -> dict[LotKey, LotRow]: ...

    def entries_of(self, places: Collection[Place]) -> list[EntryRow]:
        """In the order in which they were made."""
        ...

    def restored(self, places: Collection[Place]) -> dict[Place, int]:
        """Points that returns of these sales gave back; a sale without returns is left out."""
        ...

    def returns_of(self, places: Collection[Place]) -> list[ReturnRow]:
        """Of these sales, in the order of all columns."""
        ...

    def days_of(self, members: Collection[str], since: str) -> list[DayRow]:
        """Days from `since` (YYYY-MM-DD, "" for all) on, in the order of members and days."""
        ...

    def stickers_of(self, members: Collection[str]) -> list[StickerRow]:
        """In the order of members and collections."""
        ...

    def coupon_uses(self, serials: Collection[str]) -> list[CouponRow]:
        """In the order of serials and numbers."""
        ...

    def coupon_conflicts(self, serials: Collection[str]) -> list[CouponRow]:
        """In the order of all four columns."""
        ...

    def made_coupons(self, serials: Collection[str]) -> dict[str, MadeCoupon]: ...

    def coupons_with_codes(self, codes: Collection[str]) -> list[MadeCoupon]: ...

    def coupons_of(self, members: Collection[str]) -> list[MadeCoupon]:
        """Made for them, in the order of members and serials."""
        ...

    def coupons_made(self, programme: str, campaign: str, after: str, rows_max: int) -> list[MadeCoupon]:
        """Of a campaign, in the order of serials, behind that one."""
        ...

    def campaigns(self, keys: Collection[CampaignKey]) -> dict[CampaignKey, CampaignRow]: ...

    def campaigns_of(self, programme: str) -> list[CampaignRow]:
        """In order: a programme has some tens."""
        ...

    def campaign_members(self, members: Collection[str]) -> list[CampaignMemberRow]:
        """In the order of their keys."""
        ...

    def coupon_holds(self, key: CampaignKey) -> list[CouponHoldRow]:
        """Of a campaign, also those whose time is over, in the order of their keys: as many as tills sell at once."""
        ...

    def coupon_holds_of(self, till: str) -> list[CouponHoldRow]:
        """Likewise, a till's."""
        ...

    def cases(self, keys: Collection[CaseKey]) -> dict[CaseKey, CaseRow]: ...

    def changes(self, partition: str, after: str, limit: int) -> list[Change]:
        """The changes after a cursor ("" for the beginning), oldest first: none that was committed before the last
        of them will ever come before it. Raises BadCursor."""
        ...

    def newest_change(self, partition: str) -> str:
        """The cursor behind all of them that `changes` would tell; "" where there are none."""
        ...

    def programmes(self, hashes: Collection[str]) -> dict[str, str]:
        """Sources by content hash."""
        ...

    def published(self) -> list[PublishedRow]:
        """All of them, in the order of programmes and moments: a chain has some, each for months."""
        ...

    def once_of(self, members: Collection[str]) -> list[OnceRow]:
        """In the order of members and of what was done."""
        ...

    def with_phones(self, programme: str, phones: Collection[str]) -> dict[str, list[str]]:
        """Members of a programme with these numbers (E.164), in order; nobody who has gone into another."""
        ...

    def with_phone(self, programme: str, phone: str) -> list[str]:
        """The same of one."""
        ...

    def holds_of(self, members: Collection[str]) -> list[HoldRow]:
        """In every state, in the order of members and holds."""
        ...

    def consents_of(self, members: Collection[str]) -> list[ConsentRow]:
        """In the order of their keys."""
        ...

    def earlier_sales(self, numbers: Collection[EarlierNumber]) -> list[EarlierRow]: ...

    def earlier_with_cards(self, cards: Collection[str]) -> list[EarlierRow]: ...

    def earlier_with_documents(self, documents: Collection[str]) -> list[EarlierRow]:
        """By the number of the fiscal document, which each fiscal device counts for itself."""
        ...

    def stores(self) -> dict[str, StoreRow]:
        """All shops: a chain has some thousands."""
        ...

    def named_stores(self, stores: Collection[str]) -> dict[str, StoreRow]: ...

    def goods(self, articles: Collection[str]) -> dict[str, GoodsRow]: ...

    def tills(self, tills: Collection[str]) -> dict[str, TillRow]: ...

    def till_settings(self, stores: Collection[str]) -> list[SettingRow]:
        """What the office says of them, in the order of stores and names: some tens of a store."""
        ...

    def staff(self, lists: Collection[str]) -> list[StaffRow]:
        """Whoever stands under these lists, in the order of lists and ids: some tens of a store."""
        ...

    def staff_called(self, ids: Collection[str]) -> dict[str, StaffRow]:
        """Of the list of all, by id."""
        ...

    def gift_rows(self, gift: str, first: int, rows_max: int) -> list[GiftRow]:
        """Whom a gift is for, from a number on, in their order."""
        ...

    def blanks(self, numbers: Collection[str]) -> dict[str, BlankRow]: ...

    def watched(self, subjects: Collection[str]) -> dict[str, WatchedRow]: ...

    def store_days(self, keys: Collection[StoreDayKey]) -> dict[StoreDayKey, StoreDayRow]: ...

    def days_of_store(self, store: str, day: str) -> list[StoreDayRow]:
        """Of all its tills and people, in their order."""
        ...

    def last_acted(self) -> ActedRow | None: ...

    def acted_before(self, number: int, rows_max: int) -> list[ActedRow]:
        """The last so many before it, the newest first."""
        ...

    def blanks_left(self) -> dict[str, int]:
        """How many of each batch are neither spoiled nor anybody's: it looks through all of them, a tenth of a second
        for a hundred thousand."""
        ...

    # certificates

    def certificates(self, numbers: Collection[str]) -> dict[str, CertificateRow]: ...

    def certificate_entries_of(self, places: Collection[Place]) -> list[CertificateEntryRow]:
        """In the order in which they were made."""
        ...

    def certificate_holds_of(self, certificates: Collection[str]) -> list[CertificateHoldRow]:
        """Also those whose time is over, in the order of certificates and tills."""
        ...

    def certificate_holds_named(self, till: str, hold: str) -> list[CertificateHoldRow]:
        """What a till calls so, of whichever certificates, in their order."""
        ...

    def certificate_numbers(self, numbers: Collection[str]) -> dict[str, CertificateNumberRow]: ...

    def certificate_numbers_ahead(self, batch: str, rows_max: int) -> list[CertificateNumberRow]:
        """Those of a batch of which nothing is known but the number, in order."""
        ...

    def due_certificates(self, until: datetime, rows_max: int) -> list[CertificateRow]:
        """Given ones that hold rubles and end by then, the earliest first."""
        ...

    def has_shops(self) -> bool:
        """Is there a store whose tills are told of its own members alone?"""
        ...

    def seen_of(self, members: Collection[str]) -> list[SeenRow]:
        """The shops that know these members, in the order of members and shops."""
        ...

    def seen(self, keys: Collection[SeenKey]) -> dict[SeenKey, SeenRow]: ...

    # codes, and what is sent

    def codes(self, ids: Collection[str]) -> dict[str, CodeRow]: ...

    def codes_since(self, since: datetime) -> list[CodeRow]:
        """Made after that, the earliest first: there are some thousands in an hour, which is bounded."""
        ...

    def codes_until(self, until: datetime, rows_max: int) -> list[CodeRow]:
        """Made by then, the earliest first."""
        ...

    def messages(self, ids: Collection[str]) -> dict[str, MessageRow]: ...

    def messages_in(self, state: str, rows_max: int) -> list[MessageRow]:
        """In this state, the earliest first."""
        ...

    def messages_until(self, until: datetime, rows_max: int) -> list[MessageRow]:
        """Made by then, the earliest first."""
        ...

    def newest_messages(self, rows_max: int) -> list[MessageRow]:
        """The latest first."""
        ...

    def phones_confirmed(self, members: Collection[str]) -> dict[str, ConfirmedRow]: ...

    # mailings, and what members were written

    def mailings(self, ids: Collection[str]) -> dict[str, MailingRow]: ...

    def letters(self, keys: Collection[LetterKey]) -> dict[LetterKey, LetterRow]: ...

    def letters_called(self, ids: Collection[str]) -> list[LetterRow]:
        """In the order of ids: there is one of each."""
        ...

    def letters_of(self, members: Collection[str]) -> list[LetterRow]:
        """In the order of members, moments and ids: some hundred of a member."""
        ...

    def letters_of_mailing(self, mailing: str, after: str, rows_max: int) -> list[LetterRow]:
        """To members behind `after`, in their order."""
        ...

    def due_letters(self, until: datetime, rows_max: int) -> list[LetterRow]:
        """To be looked at by then, the earliest first."""
        ...

    # phones that show a card

    def card_phones(self, ids: Collection[str]) -> dict[str, CardPhoneRow]: ...

    def phones_of_cards(self, cards: Collection[str]) -> list[CardPhoneRow]:
        """In the order of cards and ids."""
        ...

    # plastic cards that were ordered on the site

    def card_orders(self, ids: Collection[str]) -> dict[str, CardOrderRow]: ...

    def card_orders_of(self, members: Collection[str]) -> list[CardOrderRow]:
        """In the order of members and ids."""
        ...

    def card_orders_with(self, numbers: Collection[str]) -> list[CardOrderRow]:
        """For which these cards were made, in the order of numbers and ids."""
        ...

    def card_orders_in(self, state: str, rows_max: int) -> list[CardOrderRow]:
        """Those that are in it longest first."""
        ...

    # what takes more than one step

    def errands(self, ids: Collection[str]) -> dict[str, ErrandRow]: ...

    def errands_of(self, kind: str, members: Collection[str]) -> list[ErrandRow]:
        """In the order of members and ids."""
        ...

    def every_errand_of(self, members: Collection[str]) -> list[ErrandRow]:
        """Of all kinds, in the order of members and ids."""
        ...

    def errands_about(self, kind: str, abouts: Collection[str]) -> list[ErrandRow]:
        """In the order of what they are about, and ids."""
        ...

    def errands_in(self, kind: str, state: str, rows_max: int) -> list[ErrandRow]:
        """Those that are in it longest first."""
        ...

    def errands_due(self, kind: str, until: datetime, rows_max: int) -> list[ErrandRow]:
        """Somebody has to look at them by then; the earliest first."""
        ...

    def pictures(self, ids: Collection[str]) -> dict[str, PictureRow]: ...

    def pictures_of(self, errands: Collection[str]) -> list[tuple[str, str]]:
        """Ids of pictures and of their errands, in the order of these and those."""
        ...

    # what the clock makes due

    def jobs(self) -> dict[str, JobRow]: ...

    def died_unspent(self, until: datetime, after: LotRow | None, lots_max: int) -> list[LotRow]:
        """Lots that hold points and have died by then, those that died first; behind that one and all others that its
        member had of its end."""
        ...

    def due_cards(self, until: datetime, cards_max: int) -> list[CardRow]:
        """Pending cards whose moment has come by then, the earliest first."""
        ...

    def born_on(self, programme: str, month_day: str, without: str, after: str, members_max: int) -> list[str]:
        """Registered members behind `after`, in order, who were born on this day (MM-DD) of any year and for whom
        `without` was not done yet."""
        ...

    def due_holds(self, until: datetime, holds_max: int) -> list[HoldRow]:
        """Holds in every state whose time is over by then, the earliest first."""
        ...

    def due_seen(self, until: datetime, rows_max: int) -> list[SeenRow]:
        """Whose time in a shop is over by then, the earliest first."""
        ...

    # all of it, in the order of the keys, a little at a time

    def all_chains(self) -> Iterator[ChainEnd]: ...

    def all_operations(self) -> Iterator[KeptOperation]: ...

    def all_named(self) -> Iterator[NamedRow]: ...

    def all_members(self) -> Iterator[MemberRow]: ...

    def all_cards(self) -> Iterator[CardRow]: ...

    def all_lots(self) -> Iterator[LotRow]: ...

    def all_entries(self) -> Iterator[EntryRow]: ...

    def all_days(self) -> Iterator[DayRow]: ...

    def all_stickers(self) -> Iterator[StickerRow]: ...

    def all_sticker_entries(self) -> Iterator[StickerEntryRow]: ...

    def all_coupon_uses(self) -> Iterator[CouponRow]: ...

    def told_coupons(self, partition: str) -> Iterator[str]:
        """Every coupon that its changes are of, once, in order."""
        ...

    def all_conflicts(self) -> Iterator[CouponRow]: ...

    def all_made_coupons(self) -> Iterator[MadeCoupon]: ...

    def all_campaigns(self) -> Iterator[CampaignRow]: ...

    def all_campaign_members(self) -> Iterator[CampaignMemberRow]: ...

    def all_coupon_holds(self) -> Iterator[CouponHoldRow]: ...

    def all_returns(self) -> Iterator[ReturnRow]: ...

    def all_cases(self) -> Iterator[CaseRow]: ...

    def all_open_cases(self) -> Iterator[CaseRow]:
        """Not settled yet, the oldest first."""
        ...

    def all_once(self) -> Iterator[OnceRow]: ...

    def all_jobs(self) -> Iterator[JobRow]: ...

    def all_holds(self) -> Iterator[HoldRow]: ...

    def all_consents(self) -> Iterator[ConsentRow]: ...

    def all_earlier_sales(self) -> Iterator[EarlierRow]: ...

    def all_stores(self) -> Iterator[StoreRow]: ...

    def all_goods(self) -> Iterator[GoodsRow]: ...

    def all_batches(self) -> Iterator[BatchRow]:
        """A chain has some hundreds."""
        ...

    def all_blanks(self) -> Iterator[BlankRow]: ...

    def all_certificates(self) -> Iterator[CertificateRow]: ...

    def all_certificate_entries(self) -> Iterator[CertificateEntryRow]: ...

    def all_certificate_holds(self) -> Iterator[CertificateHoldRow]: ...

    def all_certificate_numbers(self) -> Iterator[CertificateNumberRow]: ...

    def all_tills(self) -> Iterator[TillRow]: ...

    def all_till_settings(self) -> Iterator[SettingRow]: ...

    def all_staff(self) -> Iterator[StaffRow]: ...

    def all_gifts(self) -> Iterator[GiftRow]: ...

    def all_watched(self) -> Iterator[WatchedRow]: ...

    def all_store_days(self) -> Iterator[StoreDayRow]: ...

    def all_acted(self) -> Iterator[ActedRow]: ...

    def all_seen(self) -> Iterator[SeenRow]: ...

    def all_codes(self) -> Iterator[CodeRow]: ...

    def all_card_phones(self) -> Iterator[CardPhoneRow]: ...

    def all_card_orders(self) -> Iterator[CardOrderRow]: ...

    def all_errands(self) -> Iterator[ErrandRow]: ...

    def all_pictures(self) -> Iterator[PictureRow]: ...

    def all_mailings(self) -> Iterator[MailingRow]:
        """A chain has some hundreds."""
        ...

    def all_letters(self) -> Iterator[LetterRow]: ...

    def all_messages(self) -> Iterator[MessageRow]: ...

    def all_phones_confirmed(self) -> Iterator[ConfirmedRow]: ...

    def all_profiles(self) -> Iterator[ProfileRow]:
        """Of members of whom anything is known."""
        ...

    def all_programmes(self) -> Iterator[ProgrammeRow]: ...

    def all_published(self) -> Iterator[PublishedRow]: ...

    def all_changes(self) -> Iterator[KeptChange]:
        """In the order of partitions and cursors."""
        ...

    def all_settings(self) -> dict[str, str]:
        """The ledger's; not those that a database keeps for itself, such as its schema's version."""
        ...

    def members_of(self, programme: str) -> Iterator[str]:
        """Members who have not gone into another, in order."""
        ...

    def members_behind(self, programme: str, after: str, members_max: int) -> list[str]:
        """The next of the same."""
        ...

    def died_between(self, programme: str, after: datetime, until: datetime, more_than: int) -> list[str]:
        """Members with more than so many open lots, of whose lots one that held points died in (after, until]."""
        ...

    def counts(self) -> Counts: ...

    def damage(self) -> Iterator[str]:
        """What the database itself finds wrong with its file; nothing when it is whole, or cannot say."""
        ...


class Writer(Reader, Protocol):
    """One transaction. What is read here is what stands when it commits: the `locked` methods come first, and
    nobody else changes those chains, those members or what belongs to them until then."""

    def locked_chains(self, keys: Collection[ChainKey]) -> dict[ChainKey, ChainEnd]: ...

    def locked_members(self, members: Collection[str]) -> dict[str, MemberRow]: ...

    def locked_campaigns(self, keys: Collection[CampaignKey]) -> dict[CampaignKey, CampaignRow]:
        """Also of those of which nothing is known yet nobody else changes anything until then: what is counted of them,
        of their members and their coupons, and what is held of them. Members are locked before."""
        ...

    def locked_goods(self, articles: Collection[str]) -> dict[str, GoodsRow]:
        """Those that are there; nobody else changes them until then."""
        ...

    def locked_tills(self, tills: Collection[str]) -> dict[str, TillRow]:
        """Likewise."""
        ...

    def locked_certificates(self, numbers: Collection[str]) -> dict[str, CertificateRow]:
        """Likewise; one that is not there yet is a Clash for whoever comes second with it."""
        ...

    def locked_codes(self, ids: Collection[str]) -> dict[str, CodeRow]:
        """Likewise."""
        ...

    def locked_card_phones(self, ids: Collection[str]) -> dict[str, CardPhoneRow]:
        """Likewise."""
        ...

    def locked_card_orders(self, ids: Collection[str]) -> dict[str, CardOrderRow]:
        """Likewise."""
        ...

    def locked_errands(self, ids: Collection[str]) -> dict[str, ErrandRow]:
        """Likewise."""
        ...

    def locked_messages(self, ids: Collection[str]) -> dict[str, MessageRow]:
        """Likewise."""
        ...

    def locked_mailings(self, ids: Collection[str]) -> dict[str, MailingRow]:
        """Likewise."""
        ...

    def locked_letters(self, keys: Collection[LetterKey]) -> dict[LetterKey, LetterRow]:
        """Likewise."""
        ...

    def write(self, rows: Rows) -> None:
        """All of it, in the order that keys need. A unique key that is there by now is a Clash; anything else that a
        constraint forbids is our own mistake and raises what the database says, as is a row to be replaced (or a
        card to be moved) that is not there: LookupError."""
        ...

    def cover(self, ends: Collection[ChainEnd]) -> None:
        """A copy of the ledger has these chains up to here. Chains are locked before."""
        ...

    def take_job(self, job: str, holder: str, now: datetime, until: datetime) -> bool:
        """Hold a job until then, if nobody else does: whoever held it has let go, or his time is over. A time that is
        much longer than this one was taken by a clock that was wrong, and binds nobody. Whether it is held now."""
        ...

    def end_job(self, job: str, holder: str, done_until: datetime, did: int) -> bool:
        """Let go of a job that is done up to then, if it is held by this one still."""
        ...

    def leave_job(self, job: str, holder: str) -> bool:
        """Let go of a job that is not done, if it is held by this one still."""
        ...

    def carry_changes(self, changes: Collection[KeptChange]) -> None:
        """Changes that keep the cursors they had in another database, so that who read that feed can read on in this
        one. Once it is opened again, all that happens later comes after them."""
        ...


class Store(Protocol):
    """One ledger. Any number of threads; every method raises StoreOff."""

    name: str  # for people: the file or the server
    writers: int  # transactions at a time that are worth it: one for a file

    def reading(self) -> AbstractContextManager[Reader]:
        """One moment of the ledger. Holds nobody up."""
        ...

    def writing(self) -> AbstractContextManager[Writer]:
        """A transaction: durable when the block is left, undone when it raises. Raises Clash, OutcomeUnknown,
        LedgerReplaced."""
        ...

    def settle(self) -> None:
        """After OutcomeUnknown: from now on what is read is what is on the disk."""
        ...

    def tidy(self) -> None:
        """What is better done while nobody waits; now and then, also in the middle of long work."""
        ...

    def scrub(self) -> None:
        """What was deleted stands nowhere in the ledger any more, as far as that is ours to do."""
        ...

    def close(self) -> None: ...
