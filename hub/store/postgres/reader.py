"""Reads by keys, and whole tables in order, on one connection's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import psycopg

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
from hub.store.postgres.connections import Connection
from hub.store.postgres.errors import translated
from hub.store.postgres.named import SQL
from hub.store.postgres.rows import (
    Row,
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
    message_row,
    profile_row,
    published_row,
    seen_row,
)
from hub.store.postgres.statements import Statements, can_be_there
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
from hub.store.sticker_records import StickerEntryRow, StickerRow

OWN_SETTINGS: Final = frozenset({"schema", "ledger", "feed_offset"})  # of this database, not of the ledger in it
BEGINNING: Final = datetime.min.replace(tzinfo=UTC)


class PostgresReader(Statements):
    """The ledger as it was when its transaction began. `bound`: how far the feed can be read (unfinished.py); None, in
    a transaction that writes: up to the earliest that anybody writes."""

    def __init__(self, connection: Connection, bound: int | None = None) -> None:
        super().__init__(connection)
        self._bound = bound

    def setting(self, name: str) -> str | None:
        rows = self._rows("setting", name=name)
        return rows[0][0] if rows else None

    def chain_ends(self, keys: Collection[ChainKey]) -> dict[ChainKey, ChainEnd]:
        return {end.key: end for end in map(ChainEnd._make, self._at("chain_ends", keys, "chains", "generations"))}

    def newest_ends(self, chains: Collection[str]) -> dict[str, ChainEnd]:
        return {row[0]: ChainEnd._make(row) for row in self._of("newest_ends", chains=chains)}

    def ends_of(self, chains: Collection[str]) -> list[ChainEnd]:
        return [ChainEnd._make(row) for row in self._of("ends_of", chains=chains)]

    def covered_of(self, chains: Collection[str]) -> dict[ChainKey, int]:
        return {ChainKey(*row[:2]): row[2] for row in self._of("covered_of", chains=chains)}

    def operations(self, places: Collection[Place]) -> dict[Place, KeptOperation]:
        return {kept.place: kept for kept in map(KeptOperation._make, self._places("operations", places))}

    def operations_on(self, first: Place, last: int) -> list[KeptOperation]:
        return [KeptOperation._make(row) for row in self._rows("operations_on", last=last, **first._asdict())]

    def entries_on(self, first: Place, last: int) -> list[EntryRow]:
        return [EntryRow._make(row) for row in self._rows("entries_on", last=last, **first._asdict())]

    def naming(self, names: Collection[str]) -> list[NamedRow]:
        return [NamedRow._make(row) for row in self._of("naming", names=names)]

    def named_before(self, first: str, before: NamedRow, rows_max: int) -> list[NamedRow]:
        rows = self._rows("named_before", first=first, rows_max=rows_max, **before._asdict())
        return [NamedRow._make(row) for row in rows]

    def members(self, members: Collection[str]) -> dict[str, MemberRow]:
        return {row[0]: MemberRow._make(row) for row in self._of("members", members=members)}

    def profiles(self, members: Collection[str]) -> dict[str, ProfileRow]:
        return {row[0]: profile_row(row) for row in self._of("profiles", members=members)}

    def cards(self, numbers: Collection[str]) -> dict[str, CardRow]:
        return {card.number: card for card in map(card_row, self._of("cards", numbers=numbers))}

    def cards_of(self, members: Collection[str]) -> list[CardRow]:
        return [card_row(row) for row in self._of("cards_of", members=members)]

    def open_lots(self, members: Collection[str], since: datetime) -> list[LotRow]:
        return [lot_row(row) for row in self._of("open_lots", members=members, since=since)]

    def lots_of(self, members: Collection[str]) -> list[LotRow]:
        return [lot_row(row) for row in self._of("lots_of", members=members)]

    def lots(self, keys: Collection[LotKey]) -> dict[LotKey, LotRow]:
        return {lot.key: lot for lot in map(lot_row, self._at("lots", keys, "members", "lots"))}

    def entries_of(self, places: Collection[Place]) -> list[EntryRow]:
        return [EntryRow._make(row) for row in self._places("entries_of", places)]

    def restored(self, places: Collection[Place]) -> dict[Place, int]:
        return {Place(*row[:3]): row[3] for row in self._places("restored", places)}

    def returns_of(self, places: Collection[Place]) -> list[ReturnRow]:
        return [ReturnRow._make(row) for row in self._places("returns_of", places)]

    def days_of(self, members: Collection[str], since: str) -> list[DayRow]:
        return [DayRow._make(row) for row in self._of("days_of", members=members, since=since)]

    def stickers_of(self, members: Collection[str]) -> list[StickerRow]:
        return [StickerRow._make(row) for row in self._of("stickers_of", members=members)]

    def coupon_uses(self, serials: Collection[str]) -> list[CouponRow]:
        return [CouponRow._make(row) for row in self._of("coupon_uses", serials=serials)]

    def coupon_conflicts(self, serials: Collection[str]) -> list[CouponRow]:
        return [CouponRow._make(row) for row in self._of("coupon_conflicts", serials=serials)]

    def made_coupons(self, serials: Collection[str]) -> dict[str, MadeCoupon]:
        return {row[0]: MadeCoupon._make(row) for row in self._of("made_coupons", serials=serials)}

    def coupons_with_codes(self, codes: Collection[str]) -> list[MadeCoupon]:
        return [MadeCoupon._make(row) for row in self._of("coupons_with_codes", codes=codes)]

    def coupons_of(self, members: Collection[str]) -> list[MadeCoupon]:
        return [MadeCoupon._make(row) for row in self._of("coupons_of", members=members)]

    def coupons_made(self, programme: str, campaign: str, after: str, rows_max: int) -> list[MadeCoupon]:
        wanted = {"programme": programme, "campaign": campaign, "after": after, "rows_max": rows_max}
        return [MadeCoupon._make(row) for row in self._rows("coupons_made", **wanted)]

    def campaigns(self, keys: Collection[CampaignKey]) -> dict[CampaignKey, CampaignRow]:
        rows = map(CampaignRow._make, self._at("campaigns", keys, "programmes", "campaigns"))
        return {row.key: row for row in rows}

    def campaigns_of(self, programme: str) -> list[CampaignRow]:
        return [CampaignRow._make(row) for row in self._rows("campaigns_of", programme=programme)]

    def campaign_members(self, members: Collection[str]) -> list[CampaignMemberRow]:
        return [CampaignMemberRow._make(row) for row in self._of("campaign_members", members=members)]

    def coupon_holds(self, key: CampaignKey) -> list[CouponHoldRow]:
        return [coupon_hold_row(row) for row in self._rows("coupon_holds", **key._asdict())]

    def coupon_holds_of(self, till: str) -> list[CouponHoldRow]:
        return [coupon_hold_row(row) for row in self._rows("coupon_holds_of", till=till)]

    def cases(self, keys: Collection[CaseKey]) -> dict[CaseKey, CaseRow]:
        rows = self._at("cases", keys, "chains", "generations", "sequences", "kinds")
        return {case.key: case for case in map(case_row, rows)}

    def changes(self, partition: str, after: str, limit: int) -> list[Change]:
        rows = self._rows("changes", partition=partition, after=position(after), limit=limit, bound=self._bound)
        return [Change(str(row[0]), row[1], row[2]) for row in rows]

    def newest_change(self, partition: str) -> str:
        ((cursor,),) = self._rows("newest_change", partition=partition, bound=self._bound)
        return "" if cursor is None else str(cursor)

    def told_coupons(self, partition: str) -> Iterator[str]:
        return self._stream("told_coupons", _first, partition=partition)

    def programmes(self, hashes: Collection[str]) -> dict[str, str]:
        return dict(self._of("programmes", hashes=hashes))

    def published(self) -> list[PublishedRow]:
        return [published_row(row) for row in self._rows("all_published")]

    def once_of(self, members: Collection[str]) -> list[OnceRow]:
        return [OnceRow._make(row) for row in self._of("once_of", members=members)]

    def with_phones(self, programme: str, phones: Collection[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for phone, member in self._of("with_phones", phones=phones, programme=programme):
            found.setdefault(phone, []).append(member)
        return found

    def with_phone(self, programme: str, phone: str) -> list[str]:
        return self.with_phones(programme, [phone]).get(phone, [])

    def holds_of(self, members: Collection[str]) -> list[HoldRow]:
        return [hold_row(row) for row in self._of("holds_of", members=members)]

    def consents_of(self, members: Collection[str]) -> list[ConsentRow]:
        return [consent_row(row) for row in self._of("consents_of", members=members)]

    def earlier_sales(self, numbers: Collection[EarlierNumber]) -> list[EarlierRow]:
        return [EarlierRow._make(row) for row in self._at("earlier_sales", numbers, "stores", "days", "numbers")]

    def earlier_with_cards(self, cards: Collection[str]) -> list[EarlierRow]:
        return [EarlierRow._make(row) for row in self._of("earlier_with_cards", cards=cards)]

    def earlier_with_documents(self, documents: Collection[str]) -> list[EarlierRow]:
        return [EarlierRow._make(row) for row in self._of("earlier_with_documents", documents=documents)]

    def stores(self) -> dict[str, StoreRow]:
        return {row[0]: StoreRow._make(row) for row in self._rows("all_stores")}

    def named_stores(self, stores: Collection[str]) -> dict[str, StoreRow]:
        return {row[0]: StoreRow._make(row) for row in self._of("named_stores", stores=stores)}

    def goods(self, articles: Collection[str]) -> dict[str, GoodsRow]:
        return {row[0]: GoodsRow._make(row) for row in self._of("goods", articles=articles)}

    def tills(self, tills: Collection[str]) -> dict[str, TillRow]:
        return {row[0]: TillRow._make(row) for row in self._of("tills", tills=tills)}

    def till_settings(self, stores: Collection[str]) -> list[SettingRow]:
        return [SettingRow._make(row) for row in self._of("till_settings", stores=stores)]

    def staff(self, lists: Collection[str]) -> list[StaffRow]:
        return [StaffRow._make(row) for row in self._of("staff", lists=lists)]

    def staff_called(self, ids: Collection[str]) -> dict[str, StaffRow]:
        return {row.id: row for row in map(StaffRow._make, self._of("staff_called", ids=ids))}

    def gift_rows(self, gift: str, first: int, rows_max: int) -> list[GiftRow]:
        if not can_be_there(gift):
            return []
        return [GiftRow._make(row) for row in self._rows("gift_rows", gift=gift, first=first, rows_max=rows_max)]

    def blanks(self, numbers: Collection[str]) -> dict[str, BlankRow]:
        return {row[0]: BlankRow._make(row) for row in self._of("blanks", numbers=numbers)}

    def watched(self, subjects: Collection[str]) -> dict[str, WatchedRow]:
        return {row[0]: WatchedRow._make(row) for row in self._of("watched", subjects=subjects)}

    def store_days(self, keys: Collection[StoreDayKey]) -> dict[StoreDayKey, StoreDayRow]:
        rows = map(StoreDayRow._make, self._at("store_days", keys, "stores", "days", "tills", "bys"))
        return {row.key: row for row in rows}

    def days_of_store(self, store: str, day: str) -> list[StoreDayRow]:
        if not (can_be_there(store) and can_be_there(day)):
            return []
        return [StoreDayRow._make(row) for row in self._rows("days_of_store", store=store, day=day)]

    def last_acted(self) -> ActedRow | None:
        return next((ActedRow._make(row) for row in self._rows("last_acted")), None)

    def acted_before(self, number: int, rows_max: int) -> list[ActedRow]:
        return [ActedRow._make(row) for row in self._rows("acted_before", number=number, rows_max=rows_max)]

    def blanks_left(self) -> dict[str, int]:
        return dict(self._rows("blanks_left"))

    # certificates

    def certificates(self, numbers: Collection[str]) -> dict[str, CertificateRow]:
        return {row[0]: certificate_row(row) for row in self._of("certificates", numbers=numbers)}

    def certificate_entries_of(self, places: Collection[Place]) -> list[CertificateEntryRow]:
        return list(map(CertificateEntryRow._make, self._places("certificate_entries_of", places)))

    def certificate_holds_of(self, certificates: Collection[str]) -> list[CertificateHoldRow]:
        return list(map(certificate_hold_row, self._of("certificate_holds_of", certificates=certificates)))

    def certificate_holds_named(self, till: str, hold: str) -> list[CertificateHoldRow]:
        if not (can_be_there(till) and can_be_there(hold)):
            return []
        return [certificate_hold_row(row) for row in self._rows("certificate_holds_named", till=till, hold=hold)]

    def certificate_numbers(self, numbers: Collection[str]) -> dict[str, CertificateNumberRow]:
        return {row[0]: CertificateNumberRow._make(row) for row in self._of("certificate_numbers", numbers=numbers)}

    def certificate_numbers_ahead(self, batch: str, rows_max: int) -> list[CertificateNumberRow]:
        if not can_be_there(batch):
            return []
        rows = self._rows("certificate_numbers_ahead", batch=batch, rows_max=rows_max)
        return list(map(CertificateNumberRow._make, rows))

    def due_certificates(self, until: datetime, rows_max: int) -> list[CertificateRow]:
        return [certificate_row(row) for row in self._rows("due_certificates", until=until, rows_max=rows_max)]

    def has_shops(self) -> bool:
        return bool(self._rows("has_shops")[0][0])

    def seen_of(self, members: Collection[str]) -> list[SeenRow]:
        return [seen_row(row) for row in self._of("seen_of", members=members)]

    def seen(self, keys: Collection[SeenKey]) -> dict[SeenKey, SeenRow]:
        return {row.key: row for row in map(seen_row, self._at("seen", keys, "members", "stores"))}

    # codes, and what is sent

    def codes(self, ids: Collection[str]) -> dict[str, CodeRow]:
        return {row[0]: code_row(row) for row in self._of("codes", ids=ids)}

    def codes_since(self, since: datetime) -> list[CodeRow]:
        return [code_row(row) for row in self._rows("codes_since", since=since)]

    def codes_until(self, until: datetime, rows_max: int) -> list[CodeRow]:
        return [code_row(row) for row in self._rows("codes_until", until=until, rows_max=rows_max)]

    def card_phones(self, ids: Collection[str]) -> dict[str, CardPhoneRow]:
        return {row[0]: card_phone_row(row) for row in self._of("card_phones", ids=ids)}

    def phones_of_cards(self, cards: Collection[str]) -> list[CardPhoneRow]:
        return [card_phone_row(row) for row in self._of("phones_of_cards", cards=cards)]

    def card_orders(self, ids: Collection[str]) -> dict[str, CardOrderRow]:
        return {row[0]: card_order_row(row) for row in self._of("card_orders", ids=ids)}

    def card_orders_of(self, members: Collection[str]) -> list[CardOrderRow]:
        return [card_order_row(row) for row in self._of("card_orders_of", members=members)]

    def card_orders_with(self, numbers: Collection[str]) -> list[CardOrderRow]:
        return [card_order_row(row) for row in self._of("card_orders_with", numbers=numbers)]

    def card_orders_in(self, state: str, rows_max: int) -> list[CardOrderRow]:
        return [card_order_row(row) for row in self._rows("card_orders_in", state=state, rows_max=rows_max)]

    def errands(self, ids: Collection[str]) -> dict[str, ErrandRow]:
        return {row[0]: errand_row(row) for row in self._of("errands", ids=ids)}

    def errands_of(self, kind: str, members: Collection[str]) -> list[ErrandRow]:
        return [errand_row(row) for row in self._of("errands_of", members=members, kind=kind)]

    def every_errand_of(self, members: Collection[str]) -> list[ErrandRow]:
        return [errand_row(row) for row in self._of("every_errand_of", members=members)]

    def errands_about(self, kind: str, abouts: Collection[str]) -> list[ErrandRow]:
        return [errand_row(row) for row in self._of("errands_about", abouts=abouts, kind=kind)]

    def errands_in(self, kind: str, state: str, rows_max: int) -> list[ErrandRow]:
        return [errand_row(row) for row in self._rows("errands_in", kind=kind, state=state, rows_max=rows_max)]

    def errands_due(self, kind: str, until: datetime, rows_max: int) -> list[ErrandRow]:
        return [errand_row(row) for row in self._rows("errands_due", kind=kind, until=until, rows_max=rows_max)]

    def pictures(self, ids: Collection[str]) -> dict[str, PictureRow]:
        return {row[0]: PictureRow._make(row) for row in self._of("pictures", ids=ids)}

    def pictures_of(self, errands: Collection[str]) -> list[tuple[str, str]]:
        return [(row[0], row[1]) for row in self._of("pictures_of", errands=errands)]

    def messages(self, ids: Collection[str]) -> dict[str, MessageRow]:
        return {row[0]: message_row(row) for row in self._of("messages", ids=ids)}

    def messages_in(self, state: str, rows_max: int) -> list[MessageRow]:
        return [message_row(row) for row in self._rows("messages_in", state=state, rows_max=rows_max)]

    def messages_until(self, until: datetime, rows_max: int) -> list[MessageRow]:
        return [message_row(row) for row in self._rows("messages_until", until=until, rows_max=rows_max)]

    def newest_messages(self, rows_max: int) -> list[MessageRow]:
        return [message_row(row) for row in self._rows("newest_messages", rows_max=rows_max)]

    def mailings(self, ids: Collection[str]) -> dict[str, MailingRow]:
        return {row[0]: MailingRow._make(row) for row in self._of("mailings", ids=ids)}

    def letters(self, keys: Collection[LetterKey]) -> dict[LetterKey, LetterRow]:
        return {row.key: row for row in map(letter_row, self._at("letters", keys, "members", "ids"))}

    def letters_called(self, ids: Collection[str]) -> list[LetterRow]:
        return [letter_row(row) for row in self._of("letters_called", ids=ids)]

    def letters_of(self, members: Collection[str]) -> list[LetterRow]:
        return [letter_row(row) for row in self._of("letters_of", members=members)]

    def letters_of_mailing(self, mailing: str, after: str, rows_max: int) -> list[LetterRow]:
        wanted = {"mailing": mailing, "after": after, "rows_max": rows_max}
        return [letter_row(row) for row in self._rows("letters_of_mailing", **wanted)]

    def due_letters(self, until: datetime, rows_max: int) -> list[LetterRow]:
        return [letter_row(row) for row in self._rows("due_letters", until=until, rows_max=rows_max)]

    def phones_confirmed(self, members: Collection[str]) -> dict[str, ConfirmedRow]:
        return {row[0]: confirmed_row(row) for row in self._of("phones_confirmed", members=members)}

    def jobs(self) -> dict[str, JobRow]:
        return {row[0]: job_row(row) for row in self._rows("all_jobs")}

    def died_unspent(self, until: datetime, after: LotRow | None, lots_max: int) -> list[LotRow]:
        ended, member = (after.expires_at or BEGINNING, after.member) if after is not None else (BEGINNING, "")
        rows = self._rows("died_unspent", until=until, ended=ended, member=member, lots_max=lots_max)
        return list(map(lot_row, rows))

    def due_cards(self, until: datetime, cards_max: int) -> list[CardRow]:
        return [card_row(row) for row in self._rows("due_cards", until=until, cards_max=cards_max)]

    def born_on(self, programme: str, month_day: str, without: str, after: str, members_max: int) -> list[str]:
        wanted = {"programme": programme, "month_day": month_day, "without": without, "after": after}
        return [row[0] for row in self._rows("born_on", members_max=members_max, **wanted)]

    def due_holds(self, until: datetime, holds_max: int) -> list[HoldRow]:
        return [hold_row(row) for row in self._rows("due_holds", until=until, holds_max=holds_max)]

    def due_seen(self, until: datetime, rows_max: int) -> list[SeenRow]:
        return [seen_row(row) for row in self._rows("due_seen", until=until, rows_max=rows_max)]

    def all_chains(self) -> Iterator[ChainEnd]:
        return self._stream("all_chains", ChainEnd._make)

    def all_operations(self) -> Iterator[KeptOperation]:
        return self._stream("all_operations", KeptOperation._make)

    def all_named(self) -> Iterator[NamedRow]:
        return self._stream("all_named", NamedRow._make)

    def all_members(self) -> Iterator[MemberRow]:
        return self._stream("all_members", MemberRow._make)

    def all_cards(self) -> Iterator[CardRow]:
        return self._stream("all_cards", card_row)

    def all_lots(self) -> Iterator[LotRow]:
        return self._stream("all_lots", lot_row)

    def all_entries(self) -> Iterator[EntryRow]:
        return self._stream("all_entries", EntryRow._make)

    def all_days(self) -> Iterator[DayRow]:
        return self._stream("all_days", DayRow._make)

    def all_stickers(self) -> Iterator[StickerRow]:
        return self._stream("all_stickers", StickerRow._make)

    def all_sticker_entries(self) -> Iterator[StickerEntryRow]:
        return self._stream("all_sticker_entries", StickerEntryRow._make)

    def all_coupon_uses(self) -> Iterator[CouponRow]:
        return self._stream("all_coupon_uses", CouponRow._make)

    def all_conflicts(self) -> Iterator[CouponRow]:
        return self._stream("all_conflicts", CouponRow._make)

    def all_made_coupons(self) -> Iterator[MadeCoupon]:
        return self._stream("all_made_coupons", MadeCoupon._make)

    def all_campaigns(self) -> Iterator[CampaignRow]:
        return self._stream("all_campaigns", CampaignRow._make)

    def all_campaign_members(self) -> Iterator[CampaignMemberRow]:
        return self._stream("all_campaign_members", CampaignMemberRow._make)

    def all_coupon_holds(self) -> Iterator[CouponHoldRow]:
        return self._stream("all_coupon_holds", coupon_hold_row)

    def all_returns(self) -> Iterator[ReturnRow]:
        return self._stream("all_returns", ReturnRow._make)

    def all_cases(self) -> Iterator[CaseRow]:
        return self._stream("all_cases", case_row)

    def all_open_cases(self) -> Iterator[CaseRow]:
        return self._stream("all_open_cases", case_row)

    def all_once(self) -> Iterator[OnceRow]:
        return self._stream("all_once", OnceRow._make)

    def all_jobs(self) -> Iterator[JobRow]:
        return self._stream("all_jobs", job_row)

    def all_holds(self) -> Iterator[HoldRow]:
        return self._stream("all_holds", hold_row)

    def all_consents(self) -> Iterator[ConsentRow]:
        return self._stream("all_consents", consent_row)

    def all_earlier_sales(self) -> Iterator[EarlierRow]:
        return self._stream("all_earlier_sales", EarlierRow._make)

    def all_stores(self) -> Iterator[StoreRow]:
        return self._stream("all_stores", StoreRow._make)

    def all_goods(self) -> Iterator[GoodsRow]:
        return self._stream("all_goods", GoodsRow._make)

    def all_batches(self) -> Iterator[BatchRow]:
        return self._stream("all_batches", BatchRow._make)

    def all_blanks(self) -> Iterator[BlankRow]:
        return self._stream("all_blanks", BlankRow._make)

    def all_certificates(self) -> Iterator[CertificateRow]:
        return self._stream("all_certificates", certificate_row)

    def all_certificate_entries(self) -> Iterator[CertificateEntryRow]:
        return self._stream("all_certificate_entries", CertificateEntryRow._make)

    def all_certificate_holds(self) -> Iterator[CertificateHoldRow]:
        return self._stream("all_certificate_holds", certificate_hold_row)

    def all_certificate_numbers(self) -> Iterator[CertificateNumberRow]:
        return self._stream("all_certificate_numbers", CertificateNumberRow._make)

    def all_tills(self) -> Iterator[TillRow]:
        return self._stream("all_tills", TillRow._make)

    def all_till_settings(self) -> Iterator[SettingRow]:
        return self._stream("all_till_settings", SettingRow._make)

    def all_staff(self) -> Iterator[StaffRow]:
        return self._stream("all_staff", StaffRow._make)

    def all_gifts(self) -> Iterator[GiftRow]:
        return self._stream("all_gifts", GiftRow._make)

    def all_watched(self) -> Iterator[WatchedRow]:
        return self._stream("all_watched", WatchedRow._make)

    def all_store_days(self) -> Iterator[StoreDayRow]:
        return self._stream("all_store_days", StoreDayRow._make)

    def all_acted(self) -> Iterator[ActedRow]:
        return self._stream("all_acted", ActedRow._make)

    def all_seen(self) -> Iterator[SeenRow]:
        return self._stream("all_seen", seen_row)

    def all_codes(self) -> Iterator[CodeRow]:
        return self._stream("all_codes", code_row)

    def all_card_orders(self) -> Iterator[CardOrderRow]:
        return self._stream("all_card_orders", card_order_row)

    def all_errands(self) -> Iterator[ErrandRow]:
        return self._stream("all_errands", errand_row)

    def all_pictures(self) -> Iterator[PictureRow]:
        return self._stream("all_pictures", PictureRow._make)

    def all_card_phones(self) -> Iterator[CardPhoneRow]:
        return self._stream("all_card_phones", card_phone_row)

    def all_mailings(self) -> Iterator[MailingRow]:
        return self._stream("all_mailings", MailingRow._make)

    def all_letters(self) -> Iterator[LetterRow]:
        return self._stream("all_letters", letter_row)

    def all_messages(self) -> Iterator[MessageRow]:
        return self._stream("all_messages", message_row)

    def all_phones_confirmed(self) -> Iterator[ConfirmedRow]:
        return self._stream("all_phones_confirmed", confirmed_row)

    def all_profiles(self) -> Iterator[ProfileRow]:
        return self._stream("all_profiles", profile_row)

    def all_programmes(self) -> Iterator[ProgrammeRow]:
        return self._stream("all_programmes", ProgrammeRow._make)

    def all_published(self) -> Iterator[PublishedRow]:
        return self._stream("all_published", published_row)

    def all_changes(self) -> Iterator[KeptChange]:
        return self._stream("all_changes", KeptChange._make)

    def all_settings(self) -> dict[str, str]:
        return {name: value for name, value in self._rows("all_settings") if name not in OWN_SETTINGS}

    def members_of(self, programme: str) -> Iterator[str]:
        return self._stream("members_of", _first, programme=programme)

    def members_behind(self, programme: str, after: str, members_max: int) -> list[str]:
        wanted = {"programme": programme, "after": after, "members_max": members_max}
        return [row[0] for row in self._rows("members_behind", **wanted)]

    def died_between(self, programme: str, after: datetime, until: datetime, more_than: int) -> list[str]:
        self._for_long()
        rows = self._rows("died_between", programme=programme, after=after, until=until, more_than=more_than)
        return [row[0] for row in rows]

    def counts(self) -> Counts:
        self._for_long()
        return Counts._make(self._rows(f"count_{table}")[0][0] for table in Counts._fields)

    def damage(self) -> Iterator[str]:
        """By the extension amcheck, where it is installed."""
        self._for_long()
        if not self._rows("has_amcheck"):
            return
        for (index,) in self._rows("indexes"):
            try:
                self._connection.execute(SQL["check_index"], {"index": index})
            except psycopg.DatabaseError as error:
                if error.sqlstate not in ("XX001", "XX002"):
                    raise translated(error, f"Checking {index}") from error
                yield f"{index}: {error.diag.message_primary}"
                return  # PostgreSQL says nothing more within this transaction

    def end_sessions(self, sessions: Sequence[int], within_ms: int) -> bool:
        """Of this same user; whether one of them has not ended."""
        return bool(self._rows("end_sessions", sessions=list(sessions), within_ms=within_ms)) if sessions else False


def _first(row: Row) -> Any:
    return row[0]
