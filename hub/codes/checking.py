"""A code is told back, and is right or not; a right one is a proof, which one order uses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from hub.codes.code import Code, code_of, with_code
from hub.codes.limits import WITHIN
from hub.desk.act import ActRefused
from hub.hub import Hub
from hub.people.who import standing
from hub.store.office_records import CodeRow, ConfirmedRow
from hub.store.records import ChangeRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Writer
from hub.stores import tell_shops
from sync.codes import Proof, Purpose

TRIES_OF_NOBODY: Final = 0  # left, where there is no code to try


class Told(NamedTuple):
    """A code as somebody says it. `id`: of the one that was sent; `member`: whose he says it is, who may have one from
    his account; `till`: where, "" for the office."""

    digits: str
    programme: str
    key: str
    id: str = ""
    member: str = ""
    till: str = ""


def check(hub: Hub, told: Told) -> Proof:
    """Raises ActRefused with the tries that are left."""
    outcome = hub.within(lambda writer: _checked(hub, writer, told))
    if isinstance(outcome, ActRefused):  # a wrong try is kept, and so is no reason to undo
        raise outcome
    return msgspec.structs.replace(outcome, of=told.member)


def use(
    hub: Hub,
    writer: Writer,
    id: str,
    purpose: Purpose,
    phone: str | None = None,
    member: str = "",
    *,
    by: str = "",
) -> Proof:
    """The proof goes into an order, in the order's own transaction, and into no other. `phone` (E.164): which must be
    the one that was confirmed; `member`: whose it must be; `by`: the order's key. From now on it is known when he
    confirmed his phone last. Raises ActRefused."""
    row = proof_of(hub, writer.locked_codes([id]).get(id), purpose, phone)
    if member and row.member and not _is_same(writer, row.member, member):
        raise ActRefused("code_not_proved", "this code is of another member")
    code = code_of(row)
    whose = member or row.member
    rows = Rows(codes=[with_code(row, code.used(by, whose))])
    _confirm(hub, writer, rows, whose, row, code)
    writer.write(rows)
    return Proof(id=id, purpose=purpose, member=whose, phone=row.phone)


def proof_of(hub: Hub, row: CodeRow | None, purpose: Purpose, phone: str | None) -> CodeRow:
    """A code that was told back, and that an order may use. Raises ActRefused."""
    code = code_of(row) if row is not None else None
    if (
        row is None
        or code is None
        or not code.is_proof(hub.now())
        or code.purpose != purpose
        or (phone is not None and row.phone != hub.codes.phone(phone))
    ):
        raise ActRefused("code_not_proved", "this code was not told back, was used, or is of another phone")
    return row


def _checked(hub: Hub, writer: Writer, told: Told) -> Proof | ActRefused:
    rows = _candidates(writer, hub, told)
    before = _before(rows, told.key)
    if before is not None:
        return before
    open_ones = [row for row in rows if code_of(row).is_open(hub.now())]
    if not open_ones:
        return _why_none(hub, rows)
    for row in open_ones:
        code = code_of(row)
        if hub.codes.is_right(row.id, told.digits, code.digest):
            return _proved(hub, writer, row, code, told.key)
    missed = [with_code(row, code_of(row).missed(told.key)) for row in open_ones]
    writer.write(Rows(codes=missed))
    return _wrong(missed)


def _candidates(writer: Writer, hub: Hub, told: Told) -> list[CodeRow]:
    """The one that was sent, from the till that asked for it; and those of the member's account."""
    of_account = [
        row.id
        for row in (writer.codes_since(hub.now() - WITHIN) if told.member else ())
        if code_of(row).purpose == "account" and row.member and _is_same(writer, row.member, told.member)
    ]
    found = writer.locked_codes([*([told.id] if told.id else []), *of_account])
    whose = [row for row in found.values() if not told.member or _is_same(writer, row.member, told.member)]
    return [row for row in whose if _may_be_told(code_of(row), told)]


def _may_be_told(code: Code, told: Told) -> bool:
    return code.programme == told.programme and (code.purpose == "account" or code.till == told.till)


def _before(rows: Sequence[CodeRow], key: str) -> Proof | ActRefused | None:
    """What the same answer came to before."""
    for row in rows:
        code = code_of(row)
        if code.proved_by == key:
            return _proof(row, code)
    tried = [row for row in rows if key in code_of(row).tried]
    return _wrong(tried) if tried else None


def _proved(hub: Hub, writer: Writer, row: CodeRow, code: Code, key: str) -> Proof:
    proved = code.proved(key, hub.now())
    rows = Rows(codes=[with_code(row, proved)])
    _confirm(hub, writer, rows, row.member, row, proved)
    writer.write(rows)
    return _proof(row, proved)


def _confirm(hub: Hub, writer: Writer, rows: Rows, member: str, row: CodeRow, code: Code) -> None:
    """He has the phone still; tills hear of it where the programme asks for that."""
    if not member or not row.phone:
        return
    now, rules = hub.now(), hub.programmes.get(code.programme)
    rows.phones_confirmed = [ConfirmedRow(member, row.phone, now)]
    if rules is not None and rules.redemption.phone_recheck_months is not None:
        rows.changes = [ChangeRow(code.programme, "member", member)]
        tell_shops(writer, rows, now)


def _proof(row: CodeRow, code: Code) -> Proof:
    return Proof(id=row.id, purpose=code.purpose, member=row.member, phone=row.phone)


def _wrong(rows: Sequence[CodeRow]) -> ActRefused:
    left = max(code_of(row).tries_left for row in rows)
    code = "code_wrong" if left else "code_no_tries"
    return ActRefused(code, f"the code is another; {left} tries are left", tries_left=left)


def _why_none(hub: Hub, rows: Sequence[CodeRow]) -> ActRefused:
    codes = [code_of(row) for row in rows]
    if any(code.state != "open" for code in codes):
        return ActRefused("code_used", "this code was told before", tries_left=TRIES_OF_NOBODY)
    if any(not code.tries_left for code in codes):
        return ActRefused("code_no_tries", "too many wrong codes", tries_left=TRIES_OF_NOBODY)
    if codes:
        return ActRefused("code_over", "the code's time is over", tries_left=TRIES_OF_NOBODY)
    return ActRefused("code_unknown", "no such code was sent here", tries_left=TRIES_OF_NOBODY)


def _is_same(reader: Reader, one: str, other: str) -> bool:
    """Also where one has gone into the other."""
    if one == other:
        return True
    first, second = standing(reader, one), standing(reader, other)
    return first is not None and second is not None and first.member == second.member
