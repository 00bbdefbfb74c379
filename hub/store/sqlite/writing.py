"""One transaction on a ledger in a SQLite file. From its beginning nobody else writes: there is nothing to lock."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from hub.store.certificate_records import CertificateHoldRow, CertificateRow
from hub.store.coupon_records import CampaignKey, CampaignRow
from hub.store.errand_records import ErrandRow
from hub.store.letter_records import LetterKey, LetterRow, MailingRow
from hub.store.newcomers import newcomers, profiles_of_others
from hub.store.office_records import (
    CardOrderRow,
    CardPhoneRow,
    CodeRow,
    ConfirmedRow,
    GoodsRow,
    MessageRow,
    PublishedKey,
    PublishedRow,
    SeenRow,
    TillRow,
)
from hub.store.records import (
    CardRow,
    CaseRow,
    ChainEnd,
    ChainKey,
    ConsentRow,
    HoldRow,
    JobRow,
    KeptChange,
    LotRow,
    MemberRow,
)
from hub.store.rows import Rows
from hub.store.sqlite.reading import SqliteReader
from loyalty.utc import utc_text


class SqliteWriter(SqliteReader):
    """Every method raises engine.Error, which the store translates."""

    def locked_chains(self, keys: Collection[ChainKey]) -> dict[ChainKey, ChainEnd]:
        return self.chain_ends(keys)

    def locked_members(self, members: Collection[str]) -> dict[str, MemberRow]:
        return self.members(members)

    def locked_campaigns(self, keys: Collection[CampaignKey]) -> dict[CampaignKey, CampaignRow]:
        return self.campaigns(keys)

    def locked_goods(self, articles: Collection[str]) -> dict[str, GoodsRow]:
        return self.goods(articles)

    def locked_tills(self, tills: Collection[str]) -> dict[str, TillRow]:
        return self.tills(tills)

    def locked_certificates(self, numbers: Collection[str]) -> dict[str, CertificateRow]:
        return self.certificates(numbers)

    def locked_codes(self, ids: Collection[str]) -> dict[str, CodeRow]:
        return self.codes(ids)

    def locked_card_phones(self, ids: Collection[str]) -> dict[str, CardPhoneRow]:
        return self.card_phones(ids)

    def locked_card_orders(self, ids: Collection[str]) -> dict[str, CardOrderRow]:
        return self.card_orders(ids)

    def locked_errands(self, ids: Collection[str]) -> dict[str, ErrandRow]:
        return self.errands(ids)

    def locked_messages(self, ids: Collection[str]) -> dict[str, MessageRow]:
        return self.messages(ids)

    def locked_mailings(self, ids: Collection[str]) -> dict[str, MailingRow]:
        return self.mailings(ids)

    def locked_letters(self, keys: Collection[LetterKey]) -> dict[LetterKey, LetterRow]:
        return self.letters(keys)

    def write(self, rows: Rows) -> None:
        for query, values in self._steps(rows):
            if values:
                query(self.connection, values)
        for query, values in self._replacements(rows):
            if values and query(self.connection, values) != len(values):
                raise LookupError(f"{query.__name__}: a row to be replaced is not there")

    def cover(self, ends: Collection[ChainEnd]) -> None:
        self.sql.cover(self.connection, [end[:3] for end in ends])

    def take_job(self, job: str, holder: str, now: datetime, until: datetime) -> bool:
        times = {"now": utc_text(now), "until": utc_text(until), "never": utc_text(until + (until - now))}
        return bool(self.sql.take_job(self.connection, job=job, holder=holder, **times) == 1)

    def end_job(self, job: str, holder: str, done_until: datetime, did: int) -> bool:
        done = {"done_until": utc_text(done_until), "did": did}
        return bool(self.sql.end_job(self.connection, job=job, holder=holder, **done) == 1)

    def leave_job(self, job: str, holder: str) -> bool:
        return bool(self.sql.leave_job(self.connection, job=job, holder=holder) == 1)

    def carry_changes(self, changes: Collection[KeptChange]) -> None:
        self.sql.carry_changes(self.connection, list(changes))

    def _steps(self, rows: Rows) -> Iterator[tuple[Any, Sequence[tuple[Any, ...]]]]:
        sql = self.sql
        yield sql.keep_programmes, rows.programmes
        yield sql.withdraw, [_published_key(key) for key in rows.withdrawn]
        yield sql.add_published, [_published(row) for row in rows.published]
        yield sql.set_settings, list(rows.settings.items())
        yield sql.add_operations, rows.operations
        yield sql.add_named, rows.named
        yield sql.set_chains, rows.chains
        yield sql.add_members, newcomers(rows)
        yield sql.add_cards, [_card(card) for card in rows.new_cards]
        yield sql.add_lots, [_lot(lot) for lot in rows.new_lots]
        yield sql.add_entries, rows.entries
        yield sql.add_days, rows.days
        yield sql.add_stickers, rows.stickers
        yield sql.add_sticker_entries, rows.sticker_entries
        yield sql.free_coupons, [row[:4] for row in rows.freed_coupons]
        yield sql.use_coupons, rows.used_coupons
        yield sql.settle_conflicts, [row[:4] for row in rows.settled_conflicts]
        yield sql.add_conflicts, rows.conflicts
        yield sql.set_made_coupons, rows.made_coupons
        yield sql.set_campaigns, rows.campaigns
        yield sql.set_campaign_members, rows.campaign_members
        yield sql.drop_coupon_holds, rows.gone_coupon_holds
        yield sql.set_coupon_holds, [(*row[:7], utc_text(row.until)) for row in rows.coupon_holds]
        yield sql.add_returns, rows.returns
        yield sql.add_cases, [_case(case) for case in rows.new_cases]
        yield sql.add_changes, rows.changes
        yield sql.add_once, rows.once
        yield sql.set_jobs, [_job(job) for job in rows.jobs]
        yield sql.drop_holds, rows.gone_holds
        yield sql.add_holds, [_hold(hold) for hold in rows.new_holds]
        yield sql.drop_consents, [(*key[:2], utc_text(key.given_at)) for key in rows.gone_consents]
        yield sql.add_consents, [_consent(row) for row in rows.new_consents]
        yield sql.add_earlier_sales, rows.earlier_sales
        yield sql.set_stores, rows.stores
        yield sql.set_goods, rows.goods
        yield sql.set_batches, rows.batches
        yield sql.set_blanks, rows.blanks
        yield sql.set_tills, rows.tills
        yield sql.set_till_settings, rows.till_settings
        yield sql.set_staff, rows.staff
        yield sql.set_gifts, rows.gifts
        yield sql.set_watched, rows.watched
        yield sql.set_store_days, rows.store_days
        yield sql.add_acted, rows.acted
        yield sql.drop_seen, rows.unseen
        yield sql.set_seen, [_seen(row) for row in rows.seen]
        yield sql.add_certificates, [_certificate(row) for row in rows.new_certificates]
        yield sql.add_certificate_entries, rows.certificate_entries
        yield sql.drop_certificate_holds, rows.gone_certificate_holds
        yield sql.set_certificate_holds, [_certificate_hold(row) for row in rows.certificate_holds]
        yield sql.add_certificate_numbers, rows.certificate_numbers
        yield sql.drop_codes, [(id,) for id in rows.gone_codes]
        yield sql.set_codes, [(row.id, utc_text(row.made_at), *row[2:]) for row in rows.codes]
        yield sql.drop_card_phones, [(id,) for id in rows.gone_card_phones]
        yield sql.set_card_phones, [tuple(row) for row in rows.card_phones]
        yield sql.set_card_orders, [(*row[:4], utc_text(row.at), row.body) for row in rows.card_orders]
        yield sql.drop_errands, [(id,) for id in rows.gone_errands]
        yield sql.set_errands, [_errand(row) for row in rows.errands]
        yield sql.drop_pictures, [(id,) for id in rows.gone_pictures]
        yield sql.set_pictures, [tuple(row) for row in rows.pictures]
        yield sql.drop_messages, [(id,) for id in rows.gone_messages]
        yield sql.set_messages, [(row.id, row.state, utc_text(row.made_at), row.body) for row in rows.messages]
        yield sql.set_mailings, rows.mailings
        yield sql.drop_letters, rows.gone_letters
        yield sql.add_letters, [_letter(row) for row in rows.new_letters]
        yield sql.set_letters, [_letter(row) for row in rows.letters]
        yield sql.drop_phones_confirmed, [(member,) for member in rows.gone_confirmed]
        yield sql.set_phones_confirmed, [_confirmed(row) for row in rows.phones_confirmed]

    def _replacements(self, rows: Rows) -> Iterator[tuple[Any, Sequence[tuple[Any, ...]]]]:
        sql = self.sql
        yield sql.set_members, rows.members
        yield sql.set_profiles, profiles_of_others(rows)
        yield sql.set_cards, [_card(card) for card in rows.cards]
        yield sql.move_cards, [(moved.gone, *_card(moved.card)) for moved in rows.moved_cards]
        yield sql.set_lots, [_lot(lot) for lot in rows.lots]
        yield sql.set_cases, [_case(case) for case in rows.cases]
        yield sql.set_holds, [_hold(hold) for hold in rows.holds]
        yield sql.set_consents, [_consent(row) for row in rows.consents]
        yield sql.set_certificates, [_certificate(row) for row in rows.certificates]


def _text(at: datetime | None) -> str | None:
    return None if at is None else utc_text(at)


def _card(card: CardRow) -> tuple[str, str, str, str | None, str | None]:
    return (card.number, card.member, card.status, _text(card.active_from), card.successor)


def _lot(lot: LotRow) -> tuple[str, str, int, int, int, str, str | None]:
    return (*lot[:5], utc_text(lot.active_from), _text(lot.expires_at))


def _case(case: CaseRow) -> tuple[Any, ...]:
    row = case._asdict() | {"opened_at": utc_text(case.opened_at), "settled_at": _text(case.settled_at)}
    return tuple((row | {"others": json.dumps(case.others)}).values())


def _hold(hold: HoldRow) -> tuple[str, str, str, int, str, str]:
    return (*hold[:4], utc_text(hold.until), hold.state)


def _consent(row: ConsentRow) -> tuple[str, str, str, str, str, str | None]:
    return (row.member, row.what, utc_text(row.given_at), row.document, row.source, _text(row.withdrawn_at))


def _certificate(row: CertificateRow) -> tuple[Any, ...]:
    return (*row[:6], int(row.paid), _text(row.until), *row[8:])


def _certificate_hold(row: CertificateHoldRow) -> tuple[str, str, str, int, str, str]:
    return (*row[:4], utc_text(row.made_at), utc_text(row.until))


def _seen(row: SeenRow) -> tuple[str, str, str]:
    return (row.member, row.store, utc_text(row.until))


def _errand(row: ErrandRow) -> tuple[Any, ...]:
    return (*row[:5], utc_text(row.due_at) if row.due_at is not None else None, utc_text(row.at), row.body)


def _letter(row: LetterRow) -> tuple[str, str, str, str, str, str | None, str]:
    return (row.member, row.id, utc_text(row.made_at), row.mailing, row.state, _text(row.due_at), row.body)


def _confirmed(row: ConfirmedRow) -> tuple[str, str, str]:
    return (row.member, row.phone, utc_text(row.at))


def _published_key(key: PublishedKey) -> tuple[str, str]:
    return (key.programme, utc_text(key.begins_at))


def _published(row: PublishedRow) -> tuple[str, str, str, str, str]:
    return (*_published_key(row.key), row.version, row.hash, utc_text(row.at))


def _job(row: JobRow) -> tuple[str, str | None, int, str | None, str | None]:
    return (row.job, _text(row.done_until), row.did, row.holder, _text(row.held_until))
