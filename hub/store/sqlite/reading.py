"""One moment of a ledger in a SQLite file."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Generator, Iterator
from datetime import datetime
from typing import Any, TypeVar

from hub.store.certificate_records import (
    CertificateEntryRow,
    CertificateHoldRow,
    CertificateNumberRow,
    CertificateRow,
)
from hub.store.coupon_records import CampaignKey, CampaignMemberRow, CampaignRow, CouponHoldRow, MadeCoupon
from hub.store.cursors import position
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
from hub.store.seam import Counts
from hub.store.sqlite.rows import (
    card_order_row,
    card_phone_row,
    card_row,
    case_row,
    certificate_hold_row,
    certificate_row,
    code_row,
    confirmed_row,
    consent_row,
    coupon_hold_row,
    errand_row,
    hold_row,
    job_row,
    letter_row,
    lot_row,
    member_row,
    message_row,
    profile_row,
    published_row,
    seen_row,
)
from hub.store.sticker_records import StickerEntryRow, StickerRow
from loyalty.utc import utc_text
from storage import engine

OWN_SETTINGS = frozenset({"days_worked_out"})  # of the file, not of the ledger (older.py)
Record = TypeVar("Record")


class SqliteReader:
    """Every method raises engine.Error, which the store translates."""

    def __init__(self, connection: engine.Connection, sql: Any) -> None:
        self.connection = connection
        self.sql = sql
        self._streams: list[Generator[tuple[Any, ...], None, None]] = []

    def close(self) -> None:
        """A stream that is left half read would hold its moment for whoever looks next by this connection."""
        for stream in self._streams:
            stream.close()

    def setting(self, name: str) -> str | None:
        value: str | None = self.sql.setting(self.connection, name=name)
        return value

    # by keys

    def chain_ends(self, keys: Collection[ChainKey]) -> dict[ChainKey, ChainEnd]:
        return {end.key: end for end in self._found(self.sql.chain_ends, keys, ChainEnd._make)}

    def newest_ends(self, chains: Collection[str]) -> dict[str, ChainEnd]:
        return {end.chain: end for end in self._found(self.sql.newest_ends, chains, ChainEnd._make)}

    def ends_of(self, chains: Collection[str]) -> list[ChainEnd]:
        return self._found(self.sql.ends_of, chains, ChainEnd._make)

    def covered_of(self, chains: Collection[str]) -> dict[ChainKey, int]:
        return dict(self._found(self.sql.covered_of, chains, lambda row: (ChainKey(*row[:2]), row[2])))

    def operations(self, places: Collection[Place]) -> dict[Place, KeptOperation]:
        return {kept.place: kept for kept in self._found(self.sql.operations, places, KeptOperation._make)}

    def operations_on(self, first: Place, last: int) -> list[KeptOperation]:
        rows = list(self.sql.operations_on(self.connection, last=last, **first._asdict()))
        return list(map(KeptOperation._make, rows))

    def entries_on(self, first: Place, last: int) -> list[EntryRow]:
        rows = list(self.sql.entries_on(self.connection, last=last, **first._asdict()))
        return list(map(EntryRow._make, rows))

    def naming(self, names: Collection[str]) -> list[NamedRow]:
        return self._found(self.sql.naming, names, NamedRow._make)

    def named_before(self, first: str, before: NamedRow, rows_max: int) -> list[NamedRow]:
        rows = list(self.sql.named_before(self.connection, first=first, rows_max=rows_max, **before._asdict()))
        return list(map(NamedRow._make, rows))

    def members(self, members: Collection[str]) -> dict[str, MemberRow]:
        return {row.member: row for row in self._found(self.sql.members, members, member_row)}

    def profiles(self, members: Collection[str]) -> dict[str, ProfileRow]:
        return {row.member: row for row in self._found(self.sql.profiles, members, profile_row)}

    def cards(self, numbers: Collection[str]) -> dict[str, CardRow]:
        return {card.number: card for card in self._found(self.sql.cards, numbers, card_row)}

    def cards_of(self, members: Collection[str]) -> list[CardRow]:
        return self._found(self.sql.cards_of, members, card_row)

    def open_lots(self, members: Collection[str], since: datetime) -> list[LotRow]:
        return self._found(self.sql.open_lots, members, lot_row, since=utc_text(since))

    def lots_of(self, members: Collection[str]) -> list[LotRow]:
        return self._found(self.sql.lots_of, members, lot_row)

    def lots(self, keys: Collection[LotKey]) -> dict[LotKey, LotRow]:
        return {lot.key: lot for lot in self._found(self.sql.lots, keys, lot_row)}

    def entries_of(self, places: Collection[Place]) -> list[EntryRow]:
        return self._found(self.sql.entries_of, places, EntryRow._make)

    def restored(self, places: Collection[Place]) -> dict[Place, int]:
        return dict(self._found(self.sql.restored, places, lambda row: (Place(*row[:3]), row[3])))

    def returns_of(self, places: Collection[Place]) -> list[ReturnRow]:
        return self._found(self.sql.returns_of, places, ReturnRow._make)

    def days_of(self, members: Collection[str], since: str) -> list[DayRow]:
        return self._found(self.sql.days_of, members, DayRow._make, since=since)

    def stickers_of(self, members: Collection[str]) -> list[StickerRow]:
        return self._found(self.sql.stickers_of, members, StickerRow._make)

    def coupon_uses(self, serials: Collection[str]) -> list[CouponRow]:
        return self._found(self.sql.coupon_uses, serials, CouponRow._make)

    def coupon_conflicts(self, serials: Collection[str]) -> list[CouponRow]:
        return self._found(self.sql.coupon_conflicts, serials, CouponRow._make)

    def made_coupons(self, serials: Collection[str]) -> dict[str, MadeCoupon]:
        return {row.serial: row for row in self._found(self.sql.made_coupons, serials, MadeCoupon._make)}

    def coupons_with_codes(self, codes: Collection[str]) -> list[MadeCoupon]:
        return self._found(self.sql.coupons_with_codes, codes, MadeCoupon._make)

    def coupons_of(self, members: Collection[str]) -> list[MadeCoupon]:
        return self._found(self.sql.coupons_of, members, MadeCoupon._make)

    def coupons_made(self, programme: str, campaign: str, after: str, rows_max: int) -> list[MadeCoupon]:
        wanted = {"programme": programme, "campaign": campaign, "after": after, "rows_max": rows_max}
        return list(map(MadeCoupon._make, list(self.sql.coupons_made(self.connection, **wanted))))

    def campaigns(self, keys: Collection[CampaignKey]) -> dict[CampaignKey, CampaignRow]:
        return {row.key: row for row in self._found(self.sql.campaigns, keys, CampaignRow._make)}

    def campaigns_of(self, programme: str) -> list[CampaignRow]:
        return list(map(CampaignRow._make, list(self.sql.campaigns_of(self.connection, programme=programme))))

    def campaign_members(self, members: Collection[str]) -> list[CampaignMemberRow]:
        return self._found(self.sql.campaign_members, members, CampaignMemberRow._make)

    def coupon_holds(self, key: CampaignKey) -> list[CouponHoldRow]:
        return list(map(coupon_hold_row, list(self.sql.coupon_holds(self.connection, **key._asdict()))))

    def coupon_holds_of(self, till: str) -> list[CouponHoldRow]:
        return list(map(coupon_hold_row, list(self.sql.coupon_holds_of(self.connection, till=till))))

    def programmes(self, hashes: Collection[str]) -> dict[str, str]:
        return dict(self._found(self.sql.programmes, hashes, lambda row: (row[0], row[1])))

    def cases(self, keys: Collection[CaseKey]) -> dict[CaseKey, CaseRow]:
        return {case.key: case for case in self._found(self.sql.cases, keys, case_row)}

    def changes(self, partition: str, after: str, limit: int) -> list[Change]:
        number = position(after)
        rows = self.sql.changes(self.connection, partition=partition, after=number, limit=limit)
        return [Change(str(cursor), kind, key) for cursor, kind, key in rows]

    def newest_change(self, partition: str) -> str:
        cursor = self.sql.newest_change(self.connection, partition=partition)
        return "" if cursor is None else str(cursor)

    def _found(
        self, query: Any, keys: Collection[Any], record: Callable[[tuple[Any, ...]], Record], **more: str
    ) -> list[Record]:
        if not keys:
            return []
        rows = list(query(self.connection, keys=_json(keys), **more))
        return [record(row) for row in rows]

    def published(self) -> list[PublishedRow]:
        return list(self.all_published())

    def once_of(self, members: Collection[str]) -> list[OnceRow]:
        return self._found(self.sql.once_of, members, OnceRow._make)

    def with_phones(self, programme: str, phones: Collection[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for phone, member in self._found(self.sql.with_phones, phones, tuple, programme=programme):
            found.setdefault(phone, []).append(member)
        return found

    def with_phone(self, programme: str, phone: str) -> list[str]:
        return self.with_phones(programme, [phone]).get(phone, [])

    def holds_of(self, members: Collection[str]) -> list[HoldRow]:
        return self._found(self.sql.holds_of, members, hold_row)

    def consents_of(self, members: Collection[str]) -> list[ConsentRow]:
        return self._found(self.sql.consents_of, members, consent_row)

    def earlier_sales(self, numbers: Collection[EarlierNumber]) -> list[EarlierRow]:
        return self._found(self.sql.earlier_sales, numbers, EarlierRow._make)

    def earlier_with_cards(self, cards: Collection[str]) -> list[EarlierRow]:
        return self._found(self.sql.earlier_with_cards, cards, EarlierRow._make)

    def earlier_with_documents(self, documents: Collection[str]) -> list[EarlierRow]:
        return self._found(self.sql.earlier_with_documents, documents, EarlierRow._make)

    def stores(self) -> dict[str, StoreRow]:
        return {row.store: row for row in self.all_stores()}

    def named_stores(self, stores: Collection[str]) -> dict[str, StoreRow]:
        return {row.store: row for row in self._found(self.sql.named_stores, stores, StoreRow._make)}

    def goods(self, articles: Collection[str]) -> dict[str, GoodsRow]:
        return {row.article: row for row in self._found(self.sql.goods, articles, GoodsRow._make)}

    def tills(self, tills: Collection[str]) -> dict[str, TillRow]:
        return {row.till: row for row in self._found(self.sql.tills, tills, TillRow._make)}

    def till_settings(self, stores: Collection[str]) -> list[SettingRow]:
        return sorted(self._found(self.sql.till_settings, stores, SettingRow._make))

    def staff(self, lists: Collection[str]) -> list[StaffRow]:
        return sorted(self._found(self.sql.staff, lists, StaffRow._make))

    def staff_called(self, ids: Collection[str]) -> dict[str, StaffRow]:
        return {row.id: row for row in self._found(self.sql.staff_called, ids, StaffRow._make)}

    def gift_rows(self, gift: str, first: int, rows_max: int) -> list[GiftRow]:
        rows = list(self.sql.gift_rows(self.connection, gift=gift, first=first, rows_max=rows_max))
        return [GiftRow._make(row) for row in rows]

    def blanks(self, numbers: Collection[str]) -> dict[str, BlankRow]:
        return {row.number: row for row in self._found(self.sql.blanks, numbers, BlankRow._make)}

    def watched(self, subjects: Collection[str]) -> dict[str, WatchedRow]:
        return {row.subject: row for row in self._found(self.sql.watched, subjects, WatchedRow._make)}

    def store_days(self, keys: Collection[StoreDayKey]) -> dict[StoreDayKey, StoreDayRow]:
        return {row.key: row for row in self._found(self.sql.store_days, keys, StoreDayRow._make)}

    def days_of_store(self, store: str, day: str) -> list[StoreDayRow]:
        return list(map(StoreDayRow._make, list(self.sql.days_of_store(self.connection, store=store, day=day))))

    def last_acted(self) -> ActedRow | None:
        row = self.sql.last_acted(self.connection)
        return None if row is None else ActedRow._make(row)

    def acted_before(self, number: int, rows_max: int) -> list[ActedRow]:
        rows = list(self.sql.acted_before(self.connection, number=number, rows_max=rows_max))
        return list(map(ActedRow._make, rows))

    def blanks_left(self) -> dict[str, int]:
        return dict(self.sql.all_blanks_left(self.connection))

    # certificates

    def certificates(self, numbers: Collection[str]) -> dict[str, CertificateRow]:
        return {row.number: row for row in self._found(self.sql.certificates, numbers, certificate_row)}

    def certificate_entries_of(self, places: Collection[Place]) -> list[CertificateEntryRow]:
        return self._found(self.sql.certificate_entries_of, places, CertificateEntryRow._make)

    def certificate_holds_of(self, certificates: Collection[str]) -> list[CertificateHoldRow]:
        return self._found(self.sql.certificate_holds_of, certificates, certificate_hold_row)

    def certificate_holds_named(self, till: str, hold: str) -> list[CertificateHoldRow]:
        rows = list(self.sql.certificate_holds_named(self.connection, till=till, hold=hold))
        return list(map(certificate_hold_row, rows))

    def certificate_numbers(self, numbers: Collection[str]) -> dict[str, CertificateNumberRow]:
        rows = self._found(self.sql.certificate_numbers, numbers, CertificateNumberRow._make)
        return {row.number: row for row in rows}

    def certificate_numbers_ahead(self, batch: str, rows_max: int) -> list[CertificateNumberRow]:
        rows = list(self.sql.certificate_numbers_ahead(self.connection, batch=batch, rows_max=rows_max))
        return list(map(CertificateNumberRow._make, rows))

    def due_certificates(self, until: datetime, rows_max: int) -> list[CertificateRow]:
        rows = list(self.sql.due_certificates(self.connection, until=utc_text(until), rows_max=rows_max))
        return list(map(certificate_row, rows))

    def has_shops(self) -> bool:
        return bool(self.sql.has_shops(self.connection))

    def seen_of(self, members: Collection[str]) -> list[SeenRow]:
        return self._found(self.sql.seen_of, members, seen_row)

    def seen(self, keys: Collection[SeenKey]) -> dict[SeenKey, SeenRow]:
        return {row.key: row for row in self._found(self.sql.seen, keys, seen_row)}

    # codes, and what is sent

    def codes(self, ids: Collection[str]) -> dict[str, CodeRow]:
        return {row.id: row for row in self._found(self.sql.codes, ids, code_row)}

    def codes_since(self, since: datetime) -> list[CodeRow]:
        return list(map(code_row, list(self.sql.codes_since(self.connection, since=utc_text(since)))))

    def codes_until(self, until: datetime, rows_max: int) -> list[CodeRow]:
        rows = list(self.sql.codes_until(self.connection, until=utc_text(until), rows_max=rows_max))
        return list(map(code_row, rows))

    def card_phones(self, ids: Collection[str]) -> dict[str, CardPhoneRow]:
        return {row.id: row for row in self._found(self.sql.card_phones, ids, card_phone_row)}

    def phones_of_cards(self, cards: Collection[str]) -> list[CardPhoneRow]:
        return sorted(self._found(self.sql.phones_of_cards, cards, card_phone_row), key=lambda row: (row.card, row.id))

    def card_orders(self, ids: Collection[str]) -> dict[str, CardOrderRow]:
        return {row.id: row for row in self._found(self.sql.card_orders, ids, card_order_row)}

    def card_orders_of(self, members: Collection[str]) -> list[CardOrderRow]:
        return sorted(
            self._found(self.sql.card_orders_of, members, card_order_row), key=lambda row: (row.member, row.id)
        )

    def card_orders_with(self, numbers: Collection[str]) -> list[CardOrderRow]:
        return sorted(
            self._found(self.sql.card_orders_with, numbers, card_order_row), key=lambda row: (row.number, row.id)
        )

    def card_orders_in(self, state: str, rows_max: int) -> list[CardOrderRow]:
        rows = list(self.sql.card_orders_in(self.connection, state=state, rows_max=rows_max))
        return list(map(card_order_row, rows))

    def errands(self, ids: Collection[str]) -> dict[str, ErrandRow]:
        return {row.id: row for row in self._found(self.sql.errands, ids, errand_row)}

    def errands_of(self, kind: str, members: Collection[str]) -> list[ErrandRow]:
        found = self._found(self.sql.errands_of, members, errand_row, kind=kind)
        return sorted(found, key=lambda row: (row.member, row.id))

    def every_errand_of(self, members: Collection[str]) -> list[ErrandRow]:
        found = self._found(self.sql.every_errand_of, members, errand_row)
        return sorted(found, key=lambda row: (row.member, row.id))

    def errands_about(self, kind: str, abouts: Collection[str]) -> list[ErrandRow]:
        found = self._found(self.sql.errands_about, abouts, errand_row, kind=kind)
        return sorted(found, key=lambda row: (row.about, row.id))

    def errands_in(self, kind: str, state: str, rows_max: int) -> list[ErrandRow]:
        rows = list(self.sql.errands_in(self.connection, kind=kind, state=state, rows_max=rows_max))
        return list(map(errand_row, rows))

    def errands_due(self, kind: str, until: datetime, rows_max: int) -> list[ErrandRow]:
        rows = list(self.sql.errands_due(self.connection, kind=kind, until=utc_text(until), rows_max=rows_max))
        return list(map(errand_row, rows))

    def pictures(self, ids: Collection[str]) -> dict[str, PictureRow]:
        return {row.id: row for row in self._found(self.sql.pictures, ids, PictureRow._make)}

    def pictures_of(self, errands: Collection[str]) -> list[tuple[str, str]]:
        found = self._found(self.sql.pictures_of, errands, lambda row: (str(row[0]), str(row[1])))
        return sorted(found, key=lambda row: (row[1], row[0]))

    def messages(self, ids: Collection[str]) -> dict[str, MessageRow]:
        return {row.id: row for row in self._found(self.sql.messages, ids, message_row)}

    def messages_in(self, state: str, rows_max: int) -> list[MessageRow]:
        rows = list(self.sql.messages_in(self.connection, state=state, rows_max=rows_max))
        return list(map(message_row, rows))

    def messages_until(self, until: datetime, rows_max: int) -> list[MessageRow]:
        rows = list(self.sql.messages_until(self.connection, until=utc_text(until), rows_max=rows_max))
        return list(map(message_row, rows))

    def newest_messages(self, rows_max: int) -> list[MessageRow]:
        return list(map(message_row, list(self.sql.newest_messages(self.connection, rows_max=rows_max))))

    def mailings(self, ids: Collection[str]) -> dict[str, MailingRow]:
        return {row.mailing: row for row in self._found(self.sql.mailings, ids, MailingRow._make)}

    def letters(self, keys: Collection[LetterKey]) -> dict[LetterKey, LetterRow]:
        return {row.key: row for row in self._found(self.sql.letters, keys, letter_row)}

    def letters_called(self, ids: Collection[str]) -> list[LetterRow]:
        return sorted(self._found(self.sql.letters_called, ids, letter_row), key=lambda row: row.id)

    def letters_of(self, members: Collection[str]) -> list[LetterRow]:
        found = self._found(self.sql.letters_of, members, letter_row)
        return sorted(found, key=lambda row: (row.member, row.made_at, row.id))

    def letters_of_mailing(self, mailing: str, after: str, rows_max: int) -> list[LetterRow]:
        wanted = {"mailing": mailing, "after": after, "rows_max": rows_max}
        return list(map(letter_row, list(self.sql.letters_of_mailing(self.connection, **wanted))))

    def due_letters(self, until: datetime, rows_max: int) -> list[LetterRow]:
        rows = list(self.sql.due_letters(self.connection, until=utc_text(until), rows_max=rows_max))
        return list(map(letter_row, rows))

    def phones_confirmed(self, members: Collection[str]) -> dict[str, ConfirmedRow]:
        return {row.member: row for row in self._found(self.sql.phones_confirmed, members, confirmed_row)}

    # what the clock makes due

    def jobs(self) -> dict[str, JobRow]:
        return {row.job: row for row in self.all_jobs()}

    def died_unspent(self, until: datetime, after: LotRow | None, lots_max: int) -> list[LotRow]:
        wanted = {"until": utc_text(until), "ended": "", "member": ""}
        if after is not None and after.expires_at is not None:
            wanted |= {"ended": utc_text(after.expires_at), "member": after.member}
        return list(map(lot_row, list(self.sql.died_unspent(self.connection, lots_max=lots_max, **wanted))))

    def due_cards(self, until: datetime, cards_max: int) -> list[CardRow]:
        rows = list(self.sql.due_cards(self.connection, until=utc_text(until), cards_max=cards_max))
        return list(map(card_row, rows))

    def born_on(self, programme: str, month_day: str, without: str, after: str, members_max: int) -> list[str]:
        wanted = {"programme": programme, "month_day": month_day, "without": without, "after": after}
        return [member for (member,) in self.sql.born_on(self.connection, members_max=members_max, **wanted)]

    def due_holds(self, until: datetime, holds_max: int) -> list[HoldRow]:
        rows = list(self.sql.due_holds(self.connection, until=utc_text(until), holds_max=holds_max))
        return list(map(hold_row, rows))

    def due_seen(self, until: datetime, rows_max: int) -> list[SeenRow]:
        rows = list(self.sql.due_seen(self.connection, until=utc_text(until), rows_max=rows_max))
        return list(map(seen_row, rows))

    # all of it

    def _all(self, query: Any, record: Callable[[tuple[Any, ...]], Record], **more: str) -> Iterator[Record]:
        rows = query(self.connection, **more)
        self._streams.append(rows)
        return map(record, rows)

    def told_coupons(self, partition: str) -> Iterator[str]:
        return self._all(self.sql.told_coupons, lambda row: str(row[0]), partition=partition)

    def all_chains(self) -> Iterator[ChainEnd]:
        return self._all(self.sql.all_chains, ChainEnd._make)

    def all_operations(self) -> Iterator[KeptOperation]:
        return self._all(self.sql.all_operations, KeptOperation._make)

    def all_named(self) -> Iterator[NamedRow]:
        return self._all(self.sql.all_named, NamedRow._make)

    def all_members(self) -> Iterator[MemberRow]:
        return self._all(self.sql.all_members, member_row)

    def all_cards(self) -> Iterator[CardRow]:
        return self._all(self.sql.all_cards, card_row)

    def all_lots(self) -> Iterator[LotRow]:
        return self._all(self.sql.all_lots, lot_row)

    def all_entries(self) -> Iterator[EntryRow]:
        return self._all(self.sql.all_entries, EntryRow._make)

    def all_days(self) -> Iterator[DayRow]:
        return self._all(self.sql.all_days, DayRow._make)

    def all_stickers(self) -> Iterator[StickerRow]:
        return self._all(self.sql.all_stickers, StickerRow._make)

    def all_sticker_entries(self) -> Iterator[StickerEntryRow]:
        return self._all(self.sql.all_sticker_entries, StickerEntryRow._make)

    def all_coupon_uses(self) -> Iterator[CouponRow]:
        return self._all(self.sql.all_coupon_uses, CouponRow._make)

    def all_conflicts(self) -> Iterator[CouponRow]:
        return self._all(self.sql.all_conflicts, CouponRow._make)

    def all_made_coupons(self) -> Iterator[MadeCoupon]:
        return self._all(self.sql.all_made_coupons, MadeCoupon._make)

    def all_campaigns(self) -> Iterator[CampaignRow]:
        return self._all(self.sql.all_campaigns, CampaignRow._make)

    def all_campaign_members(self) -> Iterator[CampaignMemberRow]:
        return self._all(self.sql.all_campaign_members, CampaignMemberRow._make)

    def all_coupon_holds(self) -> Iterator[CouponHoldRow]:
        return self._all(self.sql.all_coupon_holds, coupon_hold_row)

    def all_returns(self) -> Iterator[ReturnRow]:
        return self._all(self.sql.all_returns, ReturnRow._make)

    def all_cases(self) -> Iterator[CaseRow]:
        return self._all(self.sql.all_cases, case_row)

    def all_open_cases(self) -> Iterator[CaseRow]:
        return self._all(self.sql.all_open_cases, case_row)

    def all_once(self) -> Iterator[OnceRow]:
        return self._all(self.sql.all_once, OnceRow._make)

    def all_jobs(self) -> Iterator[JobRow]:
        return self._all(self.sql.all_jobs, job_row)

    def all_holds(self) -> Iterator[HoldRow]:
        return self._all(self.sql.all_holds, hold_row)

    def all_consents(self) -> Iterator[ConsentRow]:
        return self._all(self.sql.all_consents, consent_row)

    def all_earlier_sales(self) -> Iterator[EarlierRow]:
        return self._all(self.sql.all_earlier_sales, EarlierRow._make)

    def all_stores(self) -> Iterator[StoreRow]:
        return self._all(self.sql.all_stores, StoreRow._make)

    def all_goods(self) -> Iterator[GoodsRow]:
        return self._all(self.sql.all_goods, GoodsRow._make)

    def all_batches(self) -> Iterator[BatchRow]:
        return self._all(self.sql.all_batches, BatchRow._make)

    def all_blanks(self) -> Iterator[BlankRow]:
        return self._all(self.sql.all_blanks, BlankRow._make)

    def all_certificates(self) -> Iterator[CertificateRow]:
        return self._all(self.sql.all_certificates, certificate_row)

    def all_certificate_entries(self) -> Iterator[CertificateEntryRow]:
        return self._all(self.sql.all_certificate_entries, CertificateEntryRow._make)

    def all_certificate_holds(self) -> Iterator[CertificateHoldRow]:
        return self._all(self.sql.all_certificate_holds, certificate_hold_row)

    def all_certificate_numbers(self) -> Iterator[CertificateNumberRow]:
        return self._all(self.sql.all_certificate_numbers, CertificateNumberRow._make)

    def all_tills(self) -> Iterator[TillRow]:
        return self._all(self.sql.all_tills, TillRow._make)

    def all_till_settings(self) -> Iterator[SettingRow]:
        return self._all(self.sql.all_till_settings, SettingRow._make)

    def all_staff(self) -> Iterator[StaffRow]:
        return self._all(self.sql.all_staff, StaffRow._make)

    def all_gifts(self) -> Iterator[GiftRow]:
        return self._all(self.sql.all_gifts, GiftRow._make)

    def all_watched(self) -> Iterator[WatchedRow]:
        return self._all(self.sql.all_watched, WatchedRow._make)

    def all_store_days(self) -> Iterator[StoreDayRow]:
        return self._all(self.sql.all_store_days, StoreDayRow._make)

    def all_acted(self) -> Iterator[ActedRow]:
        return self._all(self.sql.all_acted, ActedRow._make)

    def all_seen(self) -> Iterator[SeenRow]:
        return self._all(self.sql.all_seen, seen_row)

    def all_codes(self) -> Iterator[CodeRow]:
        return self._all(self.sql.all_codes, code_row)

    def all_card_orders(self) -> Iterator[CardOrderRow]:
        return self._all(self.sql.all_card_orders, card_order_row)

    def all_errands(self) -> Iterator[ErrandRow]:
        return self._all(self.sql.all_errands, errand_row)

    def all_pictures(self) -> Iterator[PictureRow]:
        return self._all(self.sql.all_pictures, PictureRow._make)

    def all_card_phones(self) -> Iterator[CardPhoneRow]:
        return self._all(self.sql.all_card_phones, card_phone_row)

    def all_mailings(self) -> Iterator[MailingRow]:
        return self._all(self.sql.all_mailings, MailingRow._make)

    def all_letters(self) -> Iterator[LetterRow]:
        return self._all(self.sql.all_letters, letter_row)

    def all_messages(self) -> Iterator[MessageRow]:
        return self._all(self.sql.all_messages, message_row)

    def all_phones_confirmed(self) -> Iterator[ConfirmedRow]:
        return self._all(self.sql.all_phones_confirmed, confirmed_row)

    def all_profiles(self) -> Iterator[ProfileRow]:
        return map(profile_row, self.sql.all_profiles(self.connection))

    def all_programmes(self) -> Iterator[ProgrammeRow]:
        return map(ProgrammeRow._make, self.sql.all_programmes(self.connection))

    def all_published(self) -> Iterator[PublishedRow]:
        return self._all(self.sql.all_published, published_row)

    def all_changes(self) -> Iterator[KeptChange]:
        return map(KeptChange._make, self.sql.all_changes(self.connection))

    def all_settings(self) -> dict[str, str]:
        return {name: value for name, value in self.sql.all_settings(self.connection) if name not in OWN_SETTINGS}

    def members_of(self, programme: str) -> Iterator[str]:
        return self._all(self.sql.members_of, lambda row: str(row[0]), programme=programme)

    def members_behind(self, programme: str, after: str, members_max: int) -> list[str]:
        wanted = {"programme": programme, "after": after, "members_max": members_max}
        return [member for (member,) in self.sql.members_behind(self.connection, **wanted)]

    def died_between(self, programme: str, after: datetime, until: datetime, more_than: int) -> list[str]:
        times = {"after": utc_text(after), "until": utc_text(until)}
        rows = self.sql.died_between(self.connection, programme=programme, more_than=more_than, **times)
        return [member for (member,) in rows]

    def counts(self) -> Counts:
        return Counts._make(self.sql.counts(self.connection))

    def damage(self) -> Iterator[str]:
        return self._all(self.sql.damage, lambda row: str(row[0]))


def _json(keys: Collection[Any]) -> str:
    """Each key once. One with NUL is left out: SQLite would cut the key off there, and the ledger has none."""
    once = dict.fromkeys(keys)
    text = json.dumps(list(once), separators=(",", ":"))
    if "\\u0000" in text:
        text = json.dumps([key for key in once if "\\u0000" not in json.dumps(key)])
    return text
