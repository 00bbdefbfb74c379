"""All that the till keeps on disk, and the one transaction that makes an operation exist.

`record` is the point of no return (DESIGN §3, step 6): operations, outbox rows, used coupons, new cards and the
print job are committed together, or nothing happened. A balance is never stored; it is the hub's snapshot plus our
own operations after it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from loyalty.operation import (
    FIRST_HASH,
    BadOperation,
    Body,
    CardIssued,
    CardReissued,
    Operation,
    Sale,
    SaleNumber,
    hash_operation,
    points_delta,
    read_operation,
    utc_text,
    write_operation,
)
from loyalty.snapshot import MemberSnapshot
from offline_cache.members import Members, save_snapshot
from offline_cache.print_jobs import PrintJobs
from offline_cache.records import Answer, Feed, Paper, StoredSale
from offline_cache.shifts import Shifts
from storage.sqlite_file import FileError as FileError  # also for sync, which knows the cache and not its file
from storage.sqlite_file import SqliteFile

GENERATION = 1  # a till whose file was lost asks the hub for the next one
_KIND = {Sale: "sale", CardIssued: "card_issued", CardReissued: "card_reissued"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Under which programme operations are made."""

    programme: str
    programme_hash: str


class BadPage(ValueError):
    """The hub's page says something that cannot be kept; nothing of it was."""


class Cache:
    """The till's file. Every method may be called from any thread."""

    def __init__(self, path: Path, till: str) -> None:
        self.file = SqliteFile(path, Path(__file__).parent)
        self.till = till
        self.members = Members(self.file)
        self.print_jobs = PrintJobs(self.file)
        self.shifts = Shifts(self.file)
        self._sql: Any = self.file.sql
        try:
            self._own_file()
            self._check_chain()
            with self.file.transaction() as connection:
                self._sql.interrupt_print_jobs(connection)
        except BaseException:
            self.file.close()
            raise

    def close(self) -> None:
        self.file.close()

    def reopen(self) -> None:
        """After CommitUnknown: a fresh connection, checked like at start."""
        self.file.reopen()
        self._check_chain()

    # operations

    def record(
        self,
        bodies: Sequence[Body],
        *,
        sale: SaleNumber,
        rules: Rules,
        papers: Callable[[tuple[Operation, ...]], Sequence[Paper]],
        at: datetime,
    ) -> tuple[Operation, ...]:
        """Make operations exist, with their identity, and queue their papers. Raises CommitUnknown.

        `papers` makes the documents from the operations as they are, so that they can name them."""
        with self.file.transaction() as connection:
            made = tuple(self._add(connection, body, sale, rules, at) for body in bodies)
            for paper in papers(made):
                self.print_jobs.queue(connection, paper, made[-1].sequence, at)
        return made

    def _add(
        self, connection: sqlite3.Connection, body: Body, sale: SaleNumber, rules: Rules, at: datetime
    ) -> Operation:
        last = self._sql.last_operation(connection) or (0, FIRST_HASH)
        operation = Operation(
            till=self.till,
            generation=GENERATION,
            sequence=last[0] + 1,
            previous_hash=last[1],
            at=utc_text(at),
            programme=rules.programme,
            programme_hash=rules.programme_hash,
            body=body,
        )
        text = write_operation(operation)
        self._sql.add_operation(
            connection,
            sequence=operation.sequence,
            hash=hash_operation(text),
            kind=_KIND[type(body)],
            member=body.member,
            sale_day=sale.day,
            sale_number=sale.number,
            points=points_delta(body),
            redeemed_points=_redeemed(body),
            offline=_offline(body),
            text=text,
        )
        self._sql.put_in_outbox(connection, sequence=operation.sequence)
        self._do(connection, body)
        return operation

    def _do(self, connection: sqlite3.Connection, body: Body) -> None:
        """What an operation of ours changes here at once, before the hub has heard of it."""
        if isinstance(body, CardIssued):
            self._must_be_blank(connection, body.card)
            self._sql.add_member(connection, member=body.member)
            self._sql.save_card(connection, number=body.card, member=body.member, status="issued")
        elif isinstance(body, CardReissued):
            self._must_be_blank(connection, body.new_card)
            self._replace_card(connection, body)
        elif isinstance(body, Sale):
            for coupon in body.coupons:
                if self._sql.use_coupon(connection, serial=coupon.serial) != 1:
                    raise FileError(f"coupon {coupon.serial} was used before")

    def _must_be_blank(self, connection: sqlite3.Connection, card: str) -> None:
        """The cashier took a blank card; since then the hub may have told us that another till gave it out."""
        if self._sql.find_card(connection, number=card) is not None:
            raise FileError(f"card {card} has an owner already")

    def _replace_card(self, connection: sqlite3.Connection, reissued: CardReissued) -> None:
        old = self._sql.find_card(connection, number=reissued.old_card)[2]
        status = "issued" if old == "blocked" else old  # until the hub says whether the member is registered
        self._sql.save_card(connection, number=reissued.old_card, member=reissued.member, status="replaced")
        self._sql.save_card(connection, number=reissued.new_card, member=reissued.member, status=status)

    def sale(self, sale: SaleNumber) -> StoredSale | None:
        """What was recorded of this sale, if anything."""
        with self.file.reading() as connection:
            rows = list(self._sql.operations_of_sale(connection, day=sale.day, number=sale.number))
        if not rows:
            return None
        return StoredSale(sale=sale, operations=tuple(read_operation(text) for _, text in rows))

    def coupon_used(self, serial: str) -> bool:
        with self.file.reading() as connection:
            return self._sql.coupon_used(connection, serial=serial) is not None

    # the way up

    def outbox(self, limit: int) -> list[tuple[int, str]]:
        """The oldest unanswered operations, at most `limit`: (sequence, text)."""
        with self.file.reading() as connection:
            return list(self._sql.outbox(connection, limit=limit))

    def outbox_length(self) -> int:
        with self.file.reading() as connection:
            length: int = self._sql.outbox_length(connection)
        return length

    def answered(self, answers: Sequence[Answer]) -> None:
        """The hub's answers: each settles its operation and takes it out of the outbox."""
        with self.file.transaction() as connection:
            for answer in answers:
                settled = self._sql.answer_operation(
                    connection,
                    sequence=answer.sequence,
                    hash=answer.hash,
                    result=answer.result,
                    reason=answer.reason,
                )
                if settled == 1:
                    self._sql.take_from_outbox(connection, sequence=answer.sequence)

    def refused(self) -> list[tuple[int, str]]:
        """Operations the hub refused: (sequence, reason). A person settles them."""
        with self.file.reading() as connection:
            return list(self._sql.refused_operations(connection))

    # the way down

    def feed(self) -> Feed:
        with self.file.reading() as connection:
            cursor = self._sql.setting(connection, name="cursor")
            pulled_at = self._sql.setting(connection, name="pulled_at")
        return Feed(cursor=int(cursor or 0), pulled_at=datetime.fromisoformat(pulled_at) if pulled_at else None)

    def apply_page(
        self,
        *,
        members: Sequence[MemberSnapshot],
        used_coupons: Sequence[str],
        coupon_keys: dict[int, bytes],
        phone_hash_key: bytes,
        watermark: int,
        cursor: int,
        pulled_at: datetime | None,
    ) -> None:
        """One page of the hub's change feed. `watermark`: our operations up to it are in the members' snapshots.
        `pulled_at` is the hub's time when the page is the last one, else None. Raises BadPage."""
        try:
            with self.file.transaction() as connection:
                for member in members:
                    self._save_member(connection, member, watermark)
                for serial in used_coupons:
                    self._sql.use_coupon(connection, serial=serial)
                for key_id, key in coupon_keys.items():
                    self._sql.set_setting(connection, name=f"coupon_key:{key_id}", value=key.hex())
                self._sql.set_setting(connection, name="phone_hash_key", value=phone_hash_key.hex())
                self._sql.set_setting(connection, name="cursor", value=str(cursor))
                if pulled_at is not None:
                    self._sql.set_setting(connection, name="pulled_at", value=utc_text(pulled_at))
        except (ValueError, OverflowError, sqlite3.IntegrityError) as error:
            raise BadPage(str(error)) from error

    def _save_member(self, connection: sqlite3.Connection, member: MemberSnapshot, watermark: int) -> None:
        """The hub's word, and over it the cards that we replaced and the hub has not heard of: a lost card must not
        come back to life."""
        save_snapshot(self._sql, connection, member, watermark)
        for (text,) in self._sql.own_reissues(connection, member=member.member, after=watermark):
            body = read_operation(text).body
            assert isinstance(body, CardReissued)
            self._replace_card(connection, body)

    def coupon_keys(self) -> dict[int, bytes]:
        """The hub's public keys by key id."""
        with self.file.reading() as connection:
            rows = list(self._sql.settings_like(connection, pattern="coupon_key:%"))
        return {int(name.removeprefix("coupon_key:")): bytes.fromhex(value) for name, value in rows}

    def phone_hash_key(self) -> bytes | None:
        with self.file.reading() as connection:
            value = self._sql.setting(connection, name="phone_hash_key")
        return bytes.fromhex(value) if value else None

    # at start

    def _own_file(self) -> None:
        """A file belongs to one till: two tills writing under one identity would fork the chain."""
        with self.file.transaction() as connection:
            owner = self._sql.setting(connection, name="till")
            if owner is None:
                self._sql.set_setting(connection, name="till", value=self.till)
            elif owner != self.till:
                raise FileError(
                    f"{self.file.path} belongs to till {owner!r}, not {self.till!r}. "
                    "Give each till a data directory of its own."
                )

    def _check_chain(self) -> None:
        """What the hub has not confirmed, and the operation that the next one will name, must be whole: damage is
        found before it is sent or counted."""
        with self.file.reading() as connection:
            last, _ = self._sql.last_operation(connection) or (0, FIRST_HASH)
            first, last_waiting = self._sql.outbox_bounds(connection)
            rows = list(self._sql.operations_from(connection, sequence=min(first, last) - 1 if first else last))
        before: tuple[int, str] | None = None
        for row in rows:
            if not _whole(row, before):
                raise self._damaged(row[0])
            before = row[:2]
        if last_waiting is not None and last_waiting > last:
            raise self._damaged(last_waiting)

    def _damaged(self, sequence: int) -> FileError:
        return FileError(
            f"Operation {sequence} in {self.file.path} is damaged. Stop the till, keep the file, "
            "and restore from the hub."
        )


def _whole(row: tuple[Any, ...], before: tuple[int, str] | None) -> bool:
    """Does an operation's row hold together: text and hash, the one before it, what balances are summed from, and
    its place in the outbox?"""
    sequence, digest, text, answered, waits, *columns = row
    if hash_operation(text) != digest or answered == waits:
        return False
    try:
        operation = read_operation(text)
    except BadOperation:
        return False
    body = operation.body
    if not isinstance(body, Sale | CardIssued | CardReissued) or operation.sequence != sequence:
        return False
    said = [body.member, body.sale.day, body.sale.number, points_delta(body), _redeemed(body), _offline(body)]
    if columns != said:
        return False
    if sequence == 1:
        before = (0, FIRST_HASH)
    return before is None or (sequence == before[0] + 1 and operation.previous_hash == before[1])


def _redeemed(body: Body) -> int:
    return body.redeemed_points if isinstance(body, Sale) else 0


def _offline(body: Body) -> bool:
    return isinstance(body, Sale) and body.link == "offline"
