"""One transaction: locks in the order of keys, then a batch's rows in as few statements as there are tables.

New rows of the large tables come by COPY; the rest are statements over arrays, sent together and answered together.
Whatever others may also be writing is written in the order of its keys, so that two batches wait for each other and
do not stand in each other's way for ever; where they do, one of them gets Clash.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from psycopg import sql

from hub.store.certificate_records import (
    CertificateEntryRow,
    CertificateHoldKey,
    CertificateHoldRow,
    CertificateNumberRow,
    CertificateRow,
)
from hub.store.coupon_records import (
    CampaignKey,
    CampaignMemberRow,
    CampaignRow,
    CouponHoldKey,
    CouponHoldRow,
    MadeCoupon,
)
from hub.store.errand_records import ErrandRow, PictureRow
from hub.store.letter_records import LetterKey, LetterRow, MailingRow
from hub.store.newcomers import newcomers, profiles_of_others
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
    PublishedKey,
    PublishedRow,
    SeenKey,
    SeenRow,
    SettingRow,
    StaffRow,
    StoreDayRow,
    StoreRow,
    TillRow,
    WatchedRow,
)
from hub.store.postgres.columns import in_columns
from hub.store.postgres.connections import Connection
from hub.store.postgres.errors import translating
from hub.store.postgres.named import SQL
from hub.store.postgres.reader import PostgresReader
from hub.store.postgres.rows import (
    card_order_row,
    card_phone_row,
    certificate_row,
    code_row,
    errand_row,
    letter_row,
    message_row,
)
from hub.store.records import (
    CardRow,
    CaseKey,
    CaseRow,
    ChainEnd,
    ChainKey,
    ChangeRow,
    ConsentKey,
    ConsentRow,
    CouponRow,
    DayRow,
    EarlierRow,
    HoldKey,
    HoldRow,
    JobRow,
    KeptChange,
    LotRow,
    MemberRow,
    OnceRow,
    ProfileRow,
    ReturnRow,
)
from hub.store.rows import Rows
from hub.store.sticker_records import StickerEntryRow, StickerRow

CHANGES_MAX: Final = 2**20 - 1  # of one transaction: what a cursor has room for beside its number

# The columns' types, in which rows are sent as the server keeps them: twice as quick as in letters.
COPIED: Final[Mapping[str, Sequence[str]]] = {
    "copy_operations": ("text", "int8", "int8", "text", "text", "text"),
    "copy_named": ("text", "text", "int8", "int8"),
    "copy_members": ("text", "text", "bool", "int8", "text", "text", "text", "text", "text", "text"),
    "copy_numbers": ("text", "text"),
    "copy_cards": ("text", "text", "text", "timestamptz", "text"),
    "copy_lots": ("text", "text", "int8", "int8", "int8", "timestamptz", "timestamptz"),
    "copy_entries": ("text", "int8", "int8", "int8", "text", "text", "text", "int8"),
    "copy_changes": ("text", "int8", "text", "text"),
}

Statement = tuple[str, Sequence[str], Sequence[tuple[Any, ...]]]  # its name, its arrays, their rows

# statements that replace what is there: each row must be
REPLACING: Final = frozenset(
    {
        "write_members",
        "write_profiles",
        "write_cards",
        "take_cards",
        "give_numbers",
        "write_lots",
        "write_cases",
        "write_holds",
        "write_consents",
        "write_certificates",
    }
)


class PostgresWriter(PostgresReader):
    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._changes = 0

    def locked_chains(self, keys: Collection[ChainKey]) -> dict[ChainKey, ChainEnd]:
        wanted = sorted(set(keys))
        found = self._locked_chains(wanted)
        missing = [key for key in wanted if key not in found]
        if missing:
            self._rows_changed("begin_chains", in_columns(("chains", "generations"), missing))
            found |= self._locked_chains(missing)
        return {key: end for key, end in found.items() if end.sequence >= 0}

    def _locked_chains(self, keys: Sequence[ChainKey]) -> dict[ChainKey, ChainEnd]:
        return {end.key: end for end in map(ChainEnd._make, self._at("lock_chains", keys, "chains", "generations"))}

    def locked_members(self, members: Collection[str]) -> dict[str, MemberRow]:
        return {row[0]: MemberRow._make(row) for row in self._of("lock_members", members=sorted(set(members)))}

    def locked_campaigns(self, keys: Collection[CampaignKey]) -> dict[CampaignKey, CampaignRow]:
        wanted = sorted(set(keys))
        found = self._locked_campaigns(wanted)
        missing = [key for key in wanted if key not in found]
        if missing:
            self._rows_changed("begin_campaigns", in_columns(("programmes", "campaigns"), missing))
            found |= self._locked_campaigns(missing)
        return {key: row for key, row in found.items() if any(row[2:])}

    def _locked_campaigns(self, keys: Sequence[CampaignKey]) -> dict[CampaignKey, CampaignRow]:
        rows = self._at("lock_campaigns", keys, "programmes", "campaigns")
        return {row.key: row for row in map(CampaignRow._make, rows)}

    def locked_goods(self, articles: Collection[str]) -> dict[str, GoodsRow]:
        return {row[0]: GoodsRow._make(row) for row in self._of("lock_goods", articles=sorted(set(articles)))}

    def locked_tills(self, tills: Collection[str]) -> dict[str, TillRow]:
        return {row[0]: TillRow._make(row) for row in self._of("lock_tills", tills=sorted(set(tills)))}

    def locked_certificates(self, numbers: Collection[str]) -> dict[str, CertificateRow]:
        return {row[0]: certificate_row(row) for row in self._of("lock_certificates", numbers=sorted(set(numbers)))}

    def locked_codes(self, ids: Collection[str]) -> dict[str, CodeRow]:
        return {row[0]: code_row(row) for row in self._of("lock_codes", ids=sorted(set(ids)))}

    def locked_card_phones(self, ids: Collection[str]) -> dict[str, CardPhoneRow]:
        return {row[0]: card_phone_row(row) for row in self._of("lock_card_phones", ids=sorted(set(ids)))}

    def locked_card_orders(self, ids: Collection[str]) -> dict[str, CardOrderRow]:
        return {row[0]: card_order_row(row) for row in self._of("lock_card_orders", ids=sorted(set(ids)))}

    def locked_errands(self, ids: Collection[str]) -> dict[str, ErrandRow]:
        return {row[0]: errand_row(row) for row in self._of("lock_errands", ids=sorted(set(ids)))}

    def locked_messages(self, ids: Collection[str]) -> dict[str, MessageRow]:
        return {row[0]: message_row(row) for row in self._of("lock_messages", ids=sorted(set(ids)))}

    def locked_mailings(self, ids: Collection[str]) -> dict[str, MailingRow]:
        return {row[0]: MailingRow._make(row) for row in self._of("lock_mailings", ids=sorted(set(ids)))}

    def locked_letters(self, keys: Collection[LetterKey]) -> dict[LetterKey, LetterRow]:
        rows = self._at("lock_letters", sorted(set(keys)), "members", "ids")
        return {row.key: row for row in map(letter_row, rows)}

    def write(self, rows: Rows) -> None:
        with translating("Writing"):
            self._together(_before(rows))
            self._copy("copy_operations", rows.operations)
            self._copy("copy_named", sorted(rows.named))
            self._copy("copy_members", sorted(newcomers(rows)))
            self._copy("copy_numbers", sorted(card[:2] for card in rows.new_cards))
            self._copy("copy_cards", sorted(rows.new_cards, key=_first))
            self._copy("copy_lots", rows.new_lots)
            self._copy("copy_entries", rows.entries)
            self._together(_after(rows))
            self._add_changes(rows.changes)

    def cover(self, ends: Collection[ChainEnd]) -> None:
        self._rows_changed("cover", in_columns(("chains", "generations", "sequences"), [end[:3] for end in ends]))

    def take_job(self, job: str, holder: str, now: datetime, until: datetime) -> bool:
        never = until + (until - now)
        lease = {"job": job, "holder": holder, "now": now, "until": until, "never": never}
        return self._rows_changed("take_job", lease) == 1

    def end_job(self, job: str, holder: str, done_until: datetime, did: int) -> bool:
        done = {"job": job, "holder": holder, "done_until": done_until, "did": did}
        return self._rows_changed("end_job", done) == 1

    def leave_job(self, job: str, holder: str) -> bool:
        return self._rows_changed("leave_job", {"job": job, "holder": holder}) == 1

    def carry_changes(self, changes: Collection[KeptChange]) -> None:
        with translating("Writing"):
            self._copy("copy_changes", list(changes))

    def empty(self, tables: Iterable[str], kept: Collection[str]) -> None:
        """All rows go; of the settings these are kept."""
        with translating("Emptying"):
            self._connection.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, tables))))
            self._connection.execute(SQL["forget_settings"], {"kept": list(kept)})

    def _copy(self, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if not rows:
            return
        with self._connection.cursor() as cursor, cursor.copy(SQL[name]) as copy:
            copy.set_types(COPIED[name])
            for row in rows:
                copy.write_row(row)

    def _together(self, statements: Iterable[Statement]) -> None:
        """One after the other, without waiting for each."""
        asked = [(name, columns, rows) for name, columns, rows in statements if rows]
        if not asked:
            return
        with self._connection.pipeline():
            cursors = [
                self._connection.execute(SQL[name], in_columns(columns, rows), prepare=True)
                for name, columns, rows in asked
            ]
        for (name, _, rows), cursor in zip(asked, cursors, strict=True):
            if name in REPLACING and cursor.rowcount != len(rows):
                raise LookupError(f"{name}: {len(rows)} rows, of which {cursor.rowcount} are in the ledger")

    def _add_changes(self, changes: Sequence[ChangeRow]) -> None:
        if not changes:
            return
        if self._changes + len(changes) > CHANGES_MAX:
            raise ValueError(f"a transaction has room for {CHANGES_MAX} changes")
        self._rows_changed("add_changes", {**in_columns(ChangeRow._fields, changes), "before": self._changes})
        self._changes += len(changes)

    def _rows_changed(self, name: str, values: dict[str, Any]) -> int:
        with translating(f"Writing ({name})"):
            return self._connection.execute(SQL[name], values, prepare=True).rowcount


def _before(rows: Rows) -> Iterator[Statement]:
    yield "keep_programmes", ProgrammeRow._fields, sorted(set(rows.programmes))
    yield "withdraw", PublishedKey._fields, sorted(rows.withdrawn)
    yield "add_published", PublishedRow._fields, sorted(rows.published)
    yield "write_settings", ("name", "value"), sorted(rows.settings.items())
    yield "write_chains", ChainEnd._fields, sorted(rows.chains)


def _after(rows: Rows) -> Iterator[Statement]:
    yield "write_members", MemberRow._fields, sorted(rows.members, key=_first)
    yield "write_profiles", ProfileRow._fields, sorted(profiles_of_others(rows), key=_first)
    yield "write_cards", CardRow._fields, sorted(rows.cards, key=_first)
    yield "take_cards", ("gone", "number"), [(moved.gone, moved.card.number) for moved in rows.moved_cards]
    yield "give_cards", CardRow._fields, [moved.card for moved in rows.moved_cards]
    yield "give_numbers", ("number", "member"), sorted(moved.card[:2] for moved in rows.moved_cards)
    yield "write_lots", LotRow._fields, rows.lots
    yield "add_to_days", DayRow._fields, rows.days
    yield "add_stickers", StickerRow._fields, sorted(rows.stickers)
    yield "add_sticker_entries", StickerEntryRow._fields, rows.sticker_entries
    yield "free_coupons", CouponRow._fields[:4], [row[:4] for row in sorted(rows.freed_coupons)]
    yield "use_coupons", CouponRow._fields, sorted(rows.used_coupons)
    yield "settle_conflicts", CouponRow._fields[:4], [row[:4] for row in sorted(rows.settled_conflicts)]
    yield "add_conflicts", CouponRow._fields, sorted(rows.conflicts)
    yield "write_made_coupons", MadeCoupon._fields, sorted({row.serial: row for row in rows.made_coupons}.values())
    yield "write_campaigns", CampaignRow._fields, sorted({row.key: row for row in rows.campaigns}.values())
    members = sorted({row.key: row for row in rows.campaign_members}.values())
    yield "write_campaign_members", CampaignMemberRow._fields, members
    yield "drop_coupon_holds", CouponHoldKey._fields, sorted(rows.gone_coupon_holds)
    yield "write_coupon_holds", CouponHoldRow._fields, sorted({row.key: row for row in rows.coupon_holds}.values())
    yield "add_returns", ReturnRow._fields, rows.returns
    yield "add_cases", CaseRow._fields, [_case(row) for row in sorted(rows.new_cases, key=_place)]
    yield "write_cases", CaseRow._fields, [_case(row) for row in sorted(rows.cases, key=_place)]
    yield "add_once", OnceRow._fields, sorted(rows.once)
    yield "write_jobs", JobRow._fields, sorted(rows.jobs, key=_first)
    yield "drop_holds", HoldKey._fields, sorted(rows.gone_holds)
    yield "add_holds", HoldRow._fields, sorted(rows.new_holds)
    yield "write_holds", HoldRow._fields, sorted(rows.holds)
    yield "drop_consents", ConsentKey._fields, sorted(rows.gone_consents)
    yield "add_consents", ConsentRow._fields, sorted(rows.new_consents)
    yield "write_consents", ConsentRow._fields, sorted(rows.consents)
    yield "add_earlier_sales", EarlierRow._fields, sorted(rows.earlier_sales)
    yield "write_stores", StoreRow._fields, sorted(rows.stores, key=_first)
    yield "write_batches", BatchRow._fields, sorted(rows.batches, key=_first)
    yield "write_blanks", BlankRow._fields, sorted(rows.blanks)
    yield "write_tills", TillRow._fields, sorted(rows.tills, key=_first)
    yield "write_goods", GoodsRow._fields, sorted({row.article: row for row in rows.goods}.values())
    yield "write_till_settings", SettingRow._fields, sorted(rows.till_settings)
    yield "write_staff", StaffRow._fields, sorted({row[:2]: row for row in rows.staff}.values())
    yield "write_gifts", GiftRow._fields, sorted({row.key: row for row in rows.gifts}.values())
    yield "write_watched", WatchedRow._fields, sorted({row.subject: row for row in rows.watched}.values())
    yield "write_store_days", StoreDayRow._fields, sorted({row.key: row for row in rows.store_days}.values())
    yield "add_acted", ActedRow._fields, sorted(rows.acted)
    yield "drop_seen", SeenKey._fields, sorted(rows.unseen)
    yield "write_seen", SeenRow._fields, sorted({row.key: row for row in rows.seen}.values())
    yield "add_certificates", CertificateRow._fields, sorted(rows.new_certificates, key=_first)
    yield "write_certificates", CertificateRow._fields, sorted(rows.certificates, key=_first)
    yield "add_certificate_entries", CertificateEntryRow._fields, rows.certificate_entries
    yield "drop_certificate_holds", CertificateHoldKey._fields, sorted(rows.gone_certificate_holds)
    holds = sorted({row.key: row for row in rows.certificate_holds}.values())
    yield "write_certificate_holds", CertificateHoldRow._fields, holds
    yield "add_certificate_numbers", CertificateNumberRow._fields, sorted(rows.certificate_numbers)
    yield "drop_codes", ("id",), sorted((id,) for id in rows.gone_codes)
    yield "write_codes", CodeRow._fields, sorted({row.id: row for row in rows.codes}.values())
    yield "drop_card_phones", ("id",), sorted((id,) for id in rows.gone_card_phones)
    yield "write_card_phones", CardPhoneRow._fields, sorted({row.id: row for row in rows.card_phones}.values())
    yield "write_card_orders", CardOrderRow._fields, sorted({row.id: row for row in rows.card_orders}.values())
    errands = {row.id: row for row in rows.errands}
    yield "drop_errands", ("id",), sorted((id,) for id in rows.gone_errands)
    yield "write_errands", ErrandRow._fields, [errands[id] for id in sorted(errands)]
    yield "drop_pictures", ("id",), sorted((id,) for id in rows.gone_pictures)
    yield "write_pictures", PictureRow._fields, sorted({row.id: row for row in rows.pictures}.values())
    yield "drop_messages", ("id",), sorted((id,) for id in rows.gone_messages)
    yield "write_messages", MessageRow._fields, sorted({row.id: row for row in rows.messages}.values())
    yield "write_mailings", MailingRow._fields, sorted({row.mailing: row for row in rows.mailings}.values())
    yield "drop_letters", LetterKey._fields, sorted(rows.gone_letters)
    yield "add_letters", LetterRow._fields, sorted(rows.new_letters)
    letters = {row.key: row for row in rows.letters}
    yield "write_letters", LetterRow._fields, [letters[key] for key in sorted(letters)]
    yield "drop_phones_confirmed", ("member",), sorted((member,) for member in rows.gone_confirmed)
    confirmed = sorted({row.member: row for row in rows.phones_confirmed}.values())
    yield "write_phones_confirmed", ConfirmedRow._fields, confirmed


def _first(row: tuple[Any, ...]) -> str:
    """Its key, or the beginning of it."""
    return str(row[0])


def _case(row: CaseRow) -> tuple[Any, ...]:
    return tuple((row._asdict() | {"others": json.dumps(row.others)}).values())


def _place(row: CaseRow) -> CaseKey:
    return row.key
