"""All that the till keeps on disk, and the one transaction that makes an operation exist.

`record` is the point of no return (DESIGN §3, step 6): operations, outbox rows, used coupons, new cards and the
print job are committed together, or nothing happened. A balance is never stored; it is the hub's snapshot plus our
own operations after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from loyalty.bodies import Body, CertificateSold, Fiscal, FiscalAdded, Return, SaleNumber
from loyalty.kinds import row_for
from loyalty.operation import (
    VERSION,
    Channel,
    Key,
    Operation,
    Store,
    read_operation,
    utc_text,
    write_operation,
)
from offline_cache.card_numbers import CardNumbers
from offline_cache.cases import Cases
from offline_cache.certificates import Certificates
from offline_cache.chain import add_operation, first_damaged, last_of
from offline_cache.changes import HubChanges
from offline_cache.coupons import Coupons, left_of
from offline_cache.damages import Damages
from offline_cache.days import Days
from offline_cache.deeds import DEEDS, plain_number
from offline_cache.elsewhere import Elsewhere
from offline_cache.forgetting import Forgetting
from offline_cache.goods import HubGoods
from offline_cache.lease import FIRST, Leases
from offline_cache.losses import Losses
from offline_cache.members import Members
from offline_cache.own_chain import OwnChain
from offline_cache.own_file import claim
from offline_cache.packed import read_kept, unpack_text
from offline_cache.phone_keys import PhoneKeys, Seal
from offline_cache.print_jobs import PrintJobs
from offline_cache.programmes import Programmes
from offline_cache.ready import ReadyMembers
from offline_cache.records import Answer, Paper, StoredSale
from offline_cache.rescued import Rescued
from offline_cache.shifts import Shifts
from offline_cache.trimming import Trimming
from offline_cache.used_slots import UsedSlots
from offline_cache.watermark import OPERATION, WORD, KeepsMarks, mark_of
from storage import engine
from storage.sqlite_file import FileDamaged, SqliteFile
from storage.sqlite_file import FileError as FileError  # also for sync, which knows the cache and not its file

ROOM = Path(__file__).parent  # its queries and migrations


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Under which programme operations are made."""

    programme: str
    programme_hash: str


class Cache:
    """The till's file. Every method may be called from any thread. `store`: the shop in which it stands. `training`:
    people practise on it; a file knows for ever whether that is so, and nothing in such a one is for a hub. `seal`:
    what keys are kept under; without one they are in memory alone. `generation`: under which a file works that is new,
    unless the hub leases it another."""

    def __init__(
        self,
        path: Path,
        till: str,
        store: Store | None = None,
        *,
        training: bool = False,
        seal: Seal | None = None,
        generation: int = FIRST,
    ) -> None:
        self.file = SqliteFile(path, ROOM, shreds=True, checked=True)
        self.till = till
        self.store = store
        self.training = training
        self.leases = Leases(self.file)
        self.days = Days(self.file, store)
        self.own_chain = OwnChain(self.file, till, self.leases, self.days)
        self.rescued = Rescued(self.file, self.own_chain, self.leases)
        self.losses = Losses(self.file, self.leases)
        self.damages = Damages(self.file)
        self._marks: KeepsMarks | None = None
        self.members = Members(self.file)
        self.print_jobs = PrintJobs(self.file)
        self.shifts = Shifts(self.file)
        self.cases = Cases(self.file)
        self.card_numbers = CardNumbers(self.file)
        self.certificates = Certificates(self.file)
        self.goods = HubGoods(self.file)
        self.coupons = Coupons(self.file)
        self.phones = PhoneKeys(seal)
        self.programmes = Programmes(self.file)
        self.forgetting = Forgetting(self.file, self.phones)
        self.changes = HubChanges(self.file, self.leases, self.cases, self.phones, self.programmes, training=training)
        self.trimming = Trimming(self.file, till)
        self.elsewhere = Elsewhere(self.file)
        self.used_slots = UsedSlots(self.file)
        self.ready = ReadyMembers(self.file, self.leases, training=training)
        self._clock_off_s: int | None = None  # None: the file says
        self._sql: Any = self.file.sql
        try:
            self._own_file(generation)
            self._check_chain()
            self.rescued.look()
            with self.file.transaction() as connection:
                self.programmes.look(connection)
                self._sql.drop_kicks(connection)
                self._sql.interrupt_print_jobs(connection)
                if self.phones.look(self._sql, connection):
                    self.forgetting.scrub_later(connection)
            self.forgetting.scrub()
        except BaseException:
            self.file.close()
            raise

    @property
    def file_id(self) -> str:
        return self.leases.file_id

    @property
    def generation(self) -> int:
        """Under which the file works; 0: under none yet."""
        return self.leases.generation

    def close(self) -> None:
        self.file.close()

    def reopen(self) -> None:
        """After CommitUnknown: a fresh connection, checked like at start."""
        self.file.reopen()
        self._check_chain()
        with self.file.transaction() as connection:
            self.leases.read(connection, self.generation)
        self._look_for_lost()

    def hold_against(self, marks: KeepsMarks) -> None:
        """The second file: what it knows of this one is looked at, and from now on it hears how far this one is."""
        if not self.training:  # what was practised did not happen, and is not lost
            self._marks = marks
            self._look_for_lost()

    def _look_for_lost(self) -> None:
        if self._marks is not None:
            self.losses.look(self._marks)

    def heard(self) -> None:
        """The hub has told all that it has: of its feed, and of this till's own operations."""
        self.losses.settle()
        met_at = self.changes.feed().met_at
        if self._marks is not None and met_at is not None:
            self.file.sync()  # pages are not: after a power cut the mark would say that they are lost
            self._marks.keep_mark(WORD, utc_text(met_at))

    # operations

    def record(
        self,
        bodies: Sequence[Body],
        *,
        sale: SaleNumber | None,
        rules: Rules,
        papers: Callable[[tuple[Operation, ...]], Sequence[Paper]],
        at: datetime,
        clock_off_s: int = 0,
        asked: str | None = None,
        by: str | None = None,
        channel: Channel = "shop",
        zone: ZoneInfo | None = None,
    ) -> tuple[Operation, ...]:
        """Make operations exist, with their identity, and queue their papers. Raises CommitUnknown, and KindReserved.

        `at` is the corrected moment, `clock_off_s` the correction in it; `zone`: by whose clock the shop lives.
        `papers` makes the documents from the operations as they are, so that they can name them."""
        with self.file.transaction() as connection:
            under = self.leases.working(connection, at)
            made = tuple(
                self._add(
                    connection, self._next(connection, under, body, rules, at, clock_off_s, asked, by, channel), sale
                )
                for body in bodies
            )
            self.days.count(connection, made, zone)
            for paper in papers(made):
                self.print_jobs.queue(connection, paper, made[-1].key, at)
            _, digest = last_of(self._sql, connection, under)
        self.leases.generation = under
        if self._marks is not None:
            self._marks.keep_mark(OPERATION, mark_of(made[-1], digest))
        return made

    def _next(
        self,
        connection: engine.Connection,
        generation: int,
        body: Body,
        rules: Rules,
        at: datetime,
        clock_off_s: int,
        asked: str | None,
        by: str | None,
        channel: Channel,
    ) -> Operation:
        """The operation that follows the last one of its generation."""
        sequence, last_hash = last_of(self._sql, connection, generation)
        return Operation(
            v=VERSION,
            chain=self.till,
            generation=generation,
            sequence=sequence + 1,
            previous_hash=last_hash,
            at=utc_text(at),
            clock_off_s=clock_off_s,
            store=self.store,
            channel=channel,
            programme=rules.programme,
            programme_hash=rules.programme_hash,
            asked=asked,
            by=by,
            body=body,
        )

    def _add(self, connection: engine.Connection, operation: Operation, sale: SaleNumber | None) -> Operation:
        deed = row_for("cache", DEEDS, operation.body)
        text = write_operation(operation)
        read_operation(text)  # what we could not read again must never exist
        add_operation(self._sql, connection, operation, text, sale)
        self._sql.put_in_outbox(connection, generation=operation.generation, sequence=operation.sequence)
        deed.done(self._sql, connection, operation, operation.body)
        return operation

    def sale(self, sale: SaleNumber) -> StoredSale | None:
        """What was recorded of this sale, if anything."""
        with self.file.reading() as connection:
            rows = list(self._sql.operations_of_sale(connection, **_numbered(sale)))
        if not rows:
            return None
        return StoredSale(sale=sale, operations=tuple(read_kept(kept) for *_, kept in rows))

    def certificates_sold(self, sale: Key) -> list[CertificateSold]:
        """What this sale sold of certificates: their operations stand before it, in the same transaction."""
        sold: list[CertificateSold] = []
        of = self.operation(sale)
        number = getattr(of.body, "sale", None) if of is not None else None
        for sequence in range(sale.sequence - 1, 0, -1):
            before = self.operation(Key(sale.generation, sequence))
            if before is None or not isinstance(before.body, CertificateSold) or before.body.sale != number:
                break
            sold.insert(0, before.body)
        return sold

    def sales_numbered(self, number: str, pos: str, days: tuple[str, str]) -> list[tuple[SaleNumber, datetime]]:
        """The sales of this POS under a number, from one day to another, with their moments; the newest first."""
        with self.file.reading() as connection:
            first, last = days
            rows = list(self._sql.sales_numbered(connection, number=number, pos=pos, first_day=first, last_day=last))
        return [
            (SaleNumber(day=day, number=number, pos=pos, shift=shift, again=again), datetime.fromisoformat(at))
            for day, shift, again, at in rows
        ]

    def newest_sale_numbered(self, number: str, pos: str) -> SaleNumber | None:
        """Of this POS, recorded last under a number, whatever the clock said then."""
        with self.file.reading() as connection:
            row = self._sql.newest_sale_numbered(connection, number=number, pos=pos)
        return SaleNumber(day=row[0], number=number, pos=pos, shift=row[1], again=row[2]) if row is not None else None

    def sales_of_day(self, day: str, number: str) -> list[tuple[SaleNumber, Key]]:
        """Every sale under a number on that day, of whichever POS, with its last operation; the newest first."""
        with self.file.reading() as connection:
            rows = list(self._sql.sales_of_day(connection, day=day, number=number))
        return [
            (SaleNumber(day=day, number=number, pos=pos, shift=shift, again=again), Key(generation, sequence))
            for pos, shift, again, generation, sequence in rows
        ]

    def is_number_used(self, day: str, number: str) -> bool:
        """Has a POS without a name a sale or a return of this day under the number?"""
        with self.file.reading() as connection:
            return self._sql.number_used(connection, day=day, number=number) is not None

    def last_deal(self) -> Operation | None:
        """The newest sale or return."""
        with self.file.reading() as connection:
            kept = self._sql.last_deal(connection)
        return None if kept is None else read_kept(kept)

    def added_fiscal(self, sale: Key) -> list[tuple[Fiscal, ...]]:
        """Fiscal documents that were told after the sale's operation (`sale` is its key)."""
        with self.file.reading() as connection:
            rows = list(self._sql.fiscal_added_after(connection, generation=sale.generation, sequence=sale.sequence))
        bodies = (read_kept(kept).body for (kept,) in rows)
        return [
            body.fiscal
            for body in bodies
            if isinstance(body, FiscalAdded) and (body.of.generation, body.of.sequence) == sale
        ]

    # what came back

    def operation(self, key: Key) -> Operation | None:
        """One of this till's own."""
        with self.file.reading() as connection:
            kept = self._sql.operation_text(connection, generation=key.generation, sequence=key.sequence)
        return None if kept is None else read_kept(kept)

    def has_fiscal(self, sale: Key) -> bool:
        """Has the POS told of a fiscal document of this sale?"""
        with self.file.reading() as connection:
            found = self._sql.has_fiscal(connection, generation=sale.generation, sequence=sale.sequence)
        return found is not None

    def operation_hash(self, key: Key) -> str | None:
        with self.file.reading() as connection:
            hash: str | None = self._sql.operation_hash(connection, generation=key.generation, sequence=key.sequence)
        return hash

    def was_refused(self, key: Key) -> bool:
        """Has the hub refused this operation?"""
        with self.file.reading() as connection:
            result = self._sql.operation_result(connection, generation=key.generation, sequence=key.sequence)
        return bool(result == "refused")

    def returns_of(self, sale: Key) -> list[Return]:
        """What came back here of a sale of this till, oldest first."""
        return [one.body for one in self.taken_back(sale) if isinstance(one.body, Return)]

    def taken_back(self, sale: Key) -> list[Operation]:
        """The same as operations."""
        with self.file.reading() as connection:
            rows = list(self._sql.returns_of(connection, generation=sale.generation, sequence=sale.sequence))
        return [read_kept(kept) for (kept,) in rows]

    def return_numbered(self, number: SaleNumber) -> Operation | None:
        """The return that the POS numbered so."""
        with self.file.reading() as connection:
            kept = self._sql.return_numbered(connection, **_numbered(number))
        return None if kept is None else read_kept(kept)

    def returns_numbered(self, number: str, pos: str, days: tuple[str, str]) -> list[Operation]:
        """The returns of this POS under a number, from one day to another; the newest first."""
        with self.file.reading() as connection:
            first, last = days
            rows = list(self._sql.returns_numbered(connection, number=number, pos=pos, first_day=first, last_day=last))
        return [read_kept(kept) for (kept,) in rows]

    def newest_return_numbered(self, number: str, pos: str) -> Operation | None:
        """Of this POS, recorded last under a number, whatever the clock said then."""
        with self.file.reading() as connection:
            kept = self._sql.newest_return_numbered(connection, number=number, pos=pos)
        return None if kept is None else read_kept(kept)

    def sales_of_fiscal(self, document: str, sign: str) -> list[Key]:
        """Whose fiscal document it is: one sale, unless two devices count alike."""
        with self.file.reading() as connection:
            rows = self._sql.sale_of_fiscal(connection, document=plain_number(document), sign=plain_number(sign))
            return [Key(*row) for row in rows]

    def coupon_used(self, serial: str, uses: int = 1) -> bool:
        """Is nothing left of a coupon that has so many uses, as far as anybody has said?"""
        with self.file.reading() as connection:
            return left_of(self._sql, connection, serial, uses) < 1

    # the way up

    def outbox(self, limit: int) -> list[tuple[Key, str]]:
        """The oldest unanswered operations, at most `limit`: key and text. Of training there are none: whoever would
        send them finds nothing, whatever the settings say."""
        if self.training:
            return []
        with self.file.reading() as connection:
            rows = list(self._sql.outbox(connection, limit=limit))
        return [(Key(generation, sequence), unpack_text(kept)) for generation, sequence, kept in rows]

    def outbox_length(self) -> int:
        """By its ends, however much waits: the hub answers in order, so there are no gaps in it."""
        if self.training:
            return 0
        with self.file.reading() as connection:
            ends = list(self._sql.outbox_ends(connection))
        return sum(last - first + 1 for first, last in ends)

    def answered(self, answers: Sequence[Answer]) -> None:
        """The hub's answers: each settles its operation and takes it out of the outbox. A refused one that was not
        settled before is undone here."""
        rows = [
            (answer.result, answer.reason, answer.key.generation, answer.key.sequence, answer.hash)
            for answer in answers
        ]
        with self.file.transaction(synced=False) as connection:
            refused = [
                answer for answer in answers if answer.result == "refused" and self._is_waiting(connection, answer)
            ]
            self._sql.answer_operations(connection, rows)
            self._sql.take_from_outbox(connection, [row[2:] for row in rows])
            for answer in refused:
                self._undo(connection, answer)

    def _is_waiting(self, connection: engine.Connection, answer: Answer) -> bool:
        generation, sequence = answer.key
        return bool(self._sql.is_waiting(connection, generation=generation, sequence=sequence, hash=answer.hash))

    def _undo(self, connection: engine.Connection, answer: Answer) -> None:
        """What an operation changed here before the hub refused it."""
        operation = read_kept(self._sql.operation_text(connection, **answer.key._asdict()))
        self.days.count_refused(connection, operation, answer.reason or "")
        deed = row_for("cache", DEEDS, operation.body)
        if deed.undone is not None:
            deed.undone(self._sql, connection, operation, operation.body)

    def refused(self) -> list[tuple[Key, str]]:
        """Operations the hub refused, and why, until a person has settled them."""
        with self.file.reading() as connection:
            rows = list(self._sql.refused_operations(connection, till=self.till))
        return [(Key(generation, sequence), reason) for generation, sequence, reason in rows]

    # the hub's clock

    def clock_off_s(self) -> int:
        """How far the hub's clock is ahead of this machine's, in whole seconds, as last measured."""
        known = self._clock_off_s
        if known is not None:
            return known
        with self.file.reading() as connection:
            return self._read_clock(connection)

    def _read_clock(self, connection: engine.Connection) -> int:
        return int(self._sql.setting(connection, name="clock_off_s") or 0)

    def set_clock_off_s(self, seconds: int) -> None:
        """By one thread. It is asked more often than anything else, and known without looking but while it is written:
        nobody but this process does that."""
        self._clock_off_s = None
        with self.file.transaction(synced=False) as connection:
            self._sql.set_setting(connection, name="clock_off_s", value=str(seconds))
        self._clock_off_s = seconds

    # at start

    def _own_file(self, generation: int) -> None:
        with self.file.transaction() as connection:
            claim(self._sql, connection, self.file.path, self.till, training=self.training)
            self.leases.read(connection, generation)
            self._clock_off_s = self._read_clock(connection)

    def _check_chain(self) -> None:
        """What the hub has not confirmed, and the operation that the next one will name, must be whole: damage is
        found before it is sent or counted."""
        with self.file.reading() as connection:
            damaged = first_damaged(self._sql, connection)
        if damaged is not None:
            raise FileDamaged(
                f"Operation {damaged.sequence} in {self.file.path} is damaged. Stop the till, keep the file: "
                "`pos-agent run` puts it aside, takes what is whole of it into a new one, and goes on."
            )


def _numbered(sale: SaleNumber) -> dict[str, str]:
    """What a sale is found by."""
    return {"day": sale.day, "number": sale.number, "pos": sale.pos, "shift": sale.shift, "again": sale.again}
