"""Rows of the database as the ledger's records."""

from __future__ import annotations

import json
from datetime import datetime
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
from hub.store.records import CardRow, CaseRow, ConsentRow, HoldRow, JobRow, LotRow, MemberRow, Place, ProfileRow
from loyalty.utc import moment

Row = tuple[Any, ...]


def member_row(row: Row) -> MemberRow:
    member, programme, registered, debt, merged_into = row
    return MemberRow(member, programme, bool(registered), debt, merged_into)


def profile_row(row: Row) -> ProfileRow:
    member, phone, birthday, favourites, name, email = row
    return ProfileRow(member, phone, birthday, tuple(json.loads(favourites)), name, email)


def card_row(row: Row) -> CardRow:
    number, member, status, active_from, successor = row
    return CardRow(number, member, status, moment(active_from), successor)


def job_row(row: Row) -> JobRow:
    job, done_until, did, holder, held_until = row
    return JobRow(job, moment(done_until), did, holder, moment(held_until))


def hold_row(row: Row) -> HoldRow:
    member, hold, till, points, until, state = row
    return HoldRow(member, hold, till, points, datetime.fromisoformat(until), state)


def coupon_hold_row(row: Row) -> CouponHoldRow:
    *first, until = row
    return CouponHoldRow._make((*first, datetime.fromisoformat(until)))


def consent_row(row: Row) -> ConsentRow:
    member, what, given_at, document, source, withdrawn_at = row
    return ConsentRow(member, what, datetime.fromisoformat(given_at), document, source, moment(withdrawn_at))


def certificate_row(row: Row) -> CertificateRow:
    certificate = CertificateRow._make(row)
    return certificate._replace(paid=bool(certificate.paid), until=moment(row[7]))


def certificate_hold_row(row: Row) -> CertificateHoldRow:
    certificate, till, hold, kopecks, made_at, until = row
    times = (datetime.fromisoformat(made_at), datetime.fromisoformat(until))
    return CertificateHoldRow(certificate, till, hold, kopecks, *times)


def seen_row(row: Row) -> SeenRow:
    member, store, until = row
    return SeenRow(member, store, datetime.fromisoformat(until))


def code_row(row: Row) -> CodeRow:
    id, made_at, phone, member, body = row
    return CodeRow(id, datetime.fromisoformat(made_at), phone, member, body)


def message_row(row: Row) -> MessageRow:
    id, state, made_at, body = row
    return MessageRow(id, state, datetime.fromisoformat(made_at), body)


def card_phone_row(row: Row) -> CardPhoneRow:
    return CardPhoneRow(*row)


def card_order_row(row: Row) -> CardOrderRow:
    id, member, state, number, at, body = row
    return CardOrderRow(id, member, state, number, datetime.fromisoformat(at), body)


def errand_row(row: Row) -> ErrandRow:
    *first, due_at, at, body = row
    return ErrandRow._make((*first, moment(due_at), datetime.fromisoformat(at), body))


def letter_row(row: Row) -> LetterRow:
    member, id, made_at, mailing, state, due_at, body = row
    return LetterRow(member, id, datetime.fromisoformat(made_at), mailing, state, moment(due_at), body)


def confirmed_row(row: Row) -> ConfirmedRow:
    member, phone, at = row
    return ConfirmedRow(member, phone, datetime.fromisoformat(at))


def published_row(row: Row) -> PublishedRow:
    programme, begins_at, version, hash, at = row
    return PublishedRow(programme, datetime.fromisoformat(begins_at), version, hash, datetime.fromisoformat(at))


def lot_row(row: Row) -> LotRow:
    member, lot, granted, remaining, expired, active_from, expires_at = row
    return LotRow(member, lot, granted, remaining, expired, datetime.fromisoformat(active_from), moment(expires_at))


def case_row(row: Row) -> CaseRow:
    case = CaseRow._make(row)
    return case._replace(
        opened_at=datetime.fromisoformat(row[4]),
        others=tuple(Place(*place) for place in json.loads(row[11])),
        settled_at=moment(row[13]),
    )
