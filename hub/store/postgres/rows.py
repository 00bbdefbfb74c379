"""Rows of the database as the ledger's records."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hub.store.certificate_records import CertificateHoldRow, CertificateRow
from hub.store.coupon_records import CouponHoldRow
from hub.store.errand_records import ErrandRow
from hub.store.letter_records import LetterRow
from hub.store.office_records import (
    CardOrderRow,
    CardPhoneRow,
    CodeRow,
    ConfirmedRow,
    MessageRow,
    PublishedRow,
    SeenRow,
)
from hub.store.records import CardRow, CaseRow, ConsentRow, HoldRow, JobRow, LotRow, Place, ProfileRow

Row = tuple[Any, ...]


def profile_row(row: Row) -> ProfileRow:
    member, phone, birthday, favourites, name, email = row
    return ProfileRow(member, phone, birthday, tuple(json.loads(favourites)), name, email)


def job_row(row: Row) -> JobRow:
    job, done_until, did, holder, held_until = row
    return JobRow(job, _utc(done_until), did, holder, _utc(held_until))


def published_row(row: Row) -> PublishedRow:
    programme, begins_at, version, hash, at = row
    return PublishedRow(programme, begins_at.replace(tzinfo=UTC), version, hash, at.replace(tzinfo=UTC))


def hold_row(row: Row) -> HoldRow:
    member, hold, till, points, until, state = row
    return HoldRow(member, hold, till, points, until.replace(tzinfo=UTC), state)


def coupon_hold_row(row: Row) -> CouponHoldRow:
    *first, until = row
    return CouponHoldRow._make((*first, until.replace(tzinfo=UTC)))


def consent_row(row: Row) -> ConsentRow:
    member, what, given_at, document, source, withdrawn_at = row
    return ConsentRow(member, what, given_at.replace(tzinfo=UTC), document, source, _utc(withdrawn_at))


def certificate_row(row: Row) -> CertificateRow:
    certificate = CertificateRow._make(row)
    return certificate._replace(until=_utc(certificate.until))


def certificate_hold_row(row: Row) -> CertificateHoldRow:
    certificate, till, hold, kopecks, made_at, until = row
    times = (made_at.replace(tzinfo=UTC), until.replace(tzinfo=UTC))
    return CertificateHoldRow(certificate, till, hold, kopecks, *times)


def seen_row(row: Row) -> SeenRow:
    member, store, until = row
    return SeenRow(member, store, until.replace(tzinfo=UTC))


def code_row(row: Row) -> CodeRow:
    id, made_at, phone, member, body = row
    return CodeRow(id, made_at.replace(tzinfo=UTC), phone, member, body)


def message_row(row: Row) -> MessageRow:
    id, state, made_at, body = row
    return MessageRow(id, state, made_at.replace(tzinfo=UTC), body)


def card_phone_row(row: Row) -> CardPhoneRow:
    return CardPhoneRow(*row)


def card_order_row(row: Row) -> CardOrderRow:
    id, member, state, number, at, body = row
    return CardOrderRow(id, member, state, number, at.replace(tzinfo=UTC), body)


def errand_row(row: Row) -> ErrandRow:
    *first, due_at, at, body = row
    return ErrandRow._make((*first, _utc(due_at), at.replace(tzinfo=UTC), body))


def letter_row(row: Row) -> LetterRow:
    member, id, made_at, mailing, state, due_at, body = row
    return LetterRow(member, id, made_at.replace(tzinfo=UTC), mailing, state, _utc(due_at), body)


def confirmed_row(row: Row) -> ConfirmedRow:
    member, phone, at = row
    return ConfirmedRow(member, phone, at.replace(tzinfo=UTC))


def _utc(at: datetime | None) -> datetime | None:
    return at and at.replace(tzinfo=UTC)


def card_row(row: Row) -> CardRow:
    number, member, status, active_from, successor = row
    return CardRow(number, member, status, active_from and active_from.replace(tzinfo=UTC), successor)


def lot_row(row: Row) -> LotRow:
    member, lot, granted, remaining, expired, active_from, expires_at = row
    ends = expires_at and expires_at.replace(tzinfo=UTC)
    return LotRow(member, lot, granted, remaining, expired, active_from.replace(tzinfo=UTC), ends)


def case_row(row: Row) -> CaseRow:
    case = CaseRow._make(row)
    return case._replace(
        opened_at=case.opened_at.replace(tzinfo=UTC),
        others=tuple(Place(*place) for place in json.loads(row[11])),
        settled_at=case.settled_at and case.settled_at.replace(tzinfo=UTC),
    )
