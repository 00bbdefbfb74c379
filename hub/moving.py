"""Moving a ledger to another database: copied in steps that can be cut short, compared row by row, handed over.

The source is held in one transaction from the first row to the last, so nobody writes to it meanwhile. Each step of the
copy is one transaction of the target and says how far it came, so a move that died goes on there and doubles nothing.
Nobody serves a target before it is whole, nor the source afterwards: whole is said first of the source, then of the
target, and a move that died between the two only has that left to do.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile, islice, zip_longest
from typing import Any, Final, Protocol

import msgspec

from hub.store.certificate_records import CertificateEntryRow
from hub.store.errors import StoreOff
from hub.store.moved import GONE, check_not_gone, mark
from hub.store.records import EntryRow, LotRow, MemberRow
from hub.store.rows import Rows
from hub.store.seam import Reader, Store, Writer
from loyalty.utc import utc_text

ROWS_AT_ONCE: Final = 5_000  # in one transaction: some 15 MB where they are operations
ROWS_BETWEEN_SIGNS: Final = 1_000  # of life while rows are only read

# Settings of a ledger that has to do with a move; GONE is of the source, when all of it is in the target.
NAME: Final = "moving_as"  # of the source, so that a target knows it again
COMING: Final = "moving"  # of the target, until all of it is there
MARKS: Final = frozenset((NAME, GONE, COMING))


class MoveRefused(Exception):
    """The ledger is not moved; the message says why and what helps."""


class Target(Protocol):
    """A database that a ledger can be moved into: what is used of a store, and one thing more."""

    name: str

    def reading(self) -> AbstractContextManager[Reader]: ...

    def writing(self) -> AbstractContextManager[Writer]: ...

    def empty(self) -> None:
        """All rows go, and the ledger's settings."""
        ...


class Progress(Protocol):
    def __call__(self, doing: str, rows: int, of: int | None, /) -> None:
        """So many more rows were read, copied or compared; `of`: all there are, where that is known."""
        ...


@dataclass(frozen=True, slots=True)
class Table:
    """A table as both databases tell it: in the order of its keys, which are the first columns of its records."""

    name: str
    key: int  # columns
    rows: Callable[[Reader], Iterator[Any]]
    put: Callable[[Writer, list[Any]], None]

    def after(self, reader: Reader, last: tuple[Any, ...]) -> Iterator[Any]:
        """The rows behind this key."""
        return dropwhile(lambda row: self.key_of(row) <= last, self.rows(reader)) if last else self.rows(reader)

    def key_of(self, row: tuple[Any, ...]) -> tuple[str | int, ...]:
        """As it can be written down; a moment as the text that has its order."""
        return tuple(utc_text(part) if isinstance(part, datetime) else part for part in row[: self.key])


def _rows(name: str) -> Callable[[Writer, list[Any]], None]:
    def put(writer: Writer, rows: list[Any]) -> None:
        there: dict[str, Any] = {name: rows}
        writer.write(Rows(**there))

    return put


TABLES: Final = (
    Table("programmes", 1, lambda reader: reader.all_programmes(), _rows("programmes")),
    Table("published", 2, lambda reader: reader.all_published(), _rows("published")),
    Table("operations", 3, lambda reader: reader.all_operations(), _rows("operations")),
    Table("named", 4, lambda reader: reader.all_named(), _rows("named")),
    Table("chains", 2, lambda reader: reader.all_chains(), _rows("chains")),
    Table("members", 1, lambda reader: reader.all_members(), _rows("new_members")),
    Table("profiles", 1, lambda reader: reader.all_profiles(), _rows("profiles")),
    Table("cards", 1, lambda reader: reader.all_cards(), _rows("new_cards")),
    Table("lots", 2, lambda reader: reader.all_lots(), _rows("new_lots")),
    Table("entries", 4, lambda reader: reader.all_entries(), _rows("entries")),
    Table("days", 2, lambda reader: reader.all_days(), _rows("days")),
    Table("stickers", 2, lambda reader: reader.all_stickers(), _rows("stickers")),
    Table("sticker_entries", 5, lambda reader: reader.all_sticker_entries(), _rows("sticker_entries")),
    Table("used_coupons", 4, lambda reader: reader.all_coupon_uses(), _rows("used_coupons")),
    Table("coupon_conflicts", 4, lambda reader: reader.all_conflicts(), _rows("conflicts")),
    Table("coupons", 1, lambda reader: reader.all_made_coupons(), _rows("made_coupons")),
    Table("campaigns", 2, lambda reader: reader.all_campaigns(), _rows("campaigns")),
    Table("campaign_members", 3, lambda reader: reader.all_campaign_members(), _rows("campaign_members")),
    Table("coupon_holds", 2, lambda reader: reader.all_coupon_holds(), _rows("coupon_holds")),
    Table("returns", 6, lambda reader: reader.all_returns(), _rows("returns")),
    Table("cases", 4, lambda reader: reader.all_cases(), _rows("new_cases")),
    Table("once", 2, lambda reader: reader.all_once(), _rows("once")),
    Table("holds", 2, lambda reader: reader.all_holds(), _rows("new_holds")),
    Table("consents", 3, lambda reader: reader.all_consents(), _rows("new_consents")),
    Table("earlier_sales", 4, lambda reader: reader.all_earlier_sales(), _rows("earlier_sales")),
    Table("stores", 1, lambda reader: reader.all_stores(), _rows("stores")),
    Table("goods", 1, lambda reader: reader.all_goods(), _rows("goods")),
    Table("batches", 1, lambda reader: reader.all_batches(), _rows("batches")),
    Table("blanks", 1, lambda reader: reader.all_blanks(), _rows("blanks")),
    Table("certificates", 1, lambda reader: reader.all_certificates(), _rows("new_certificates")),
    Table("certificate_entries", 4, lambda reader: reader.all_certificate_entries(), _rows("certificate_entries")),
    Table("certificate_holds", 2, lambda reader: reader.all_certificate_holds(), _rows("certificate_holds")),
    Table("certificate_numbers", 1, lambda reader: reader.all_certificate_numbers(), _rows("certificate_numbers")),
    Table("tills", 1, lambda reader: reader.all_tills(), _rows("tills")),
    Table("till_settings", 2, lambda reader: reader.all_till_settings(), _rows("till_settings")),
    Table("staff", 2, lambda reader: reader.all_staff(), _rows("staff")),
    Table("gifts", 2, lambda reader: reader.all_gifts(), _rows("gifts")),
    Table("watched", 1, lambda reader: reader.all_watched(), _rows("watched")),
    Table("store_days", 4, lambda reader: reader.all_store_days(), _rows("store_days")),
    Table("acted", 1, lambda reader: reader.all_acted(), _rows("acted")),
    Table("seen", 2, lambda reader: reader.all_seen(), _rows("seen")),
    Table("card_phones", 1, lambda reader: reader.all_card_phones(), _rows("card_phones")),
    Table("card_orders", 1, lambda reader: reader.all_card_orders(), _rows("card_orders")),
    Table("errands", 1, lambda reader: reader.all_errands(), _rows("errands")),
    Table("pictures", 1, lambda reader: reader.all_pictures(), _rows("pictures")),
    Table("codes", 1, lambda reader: reader.all_codes(), _rows("codes")),
    Table("messages", 1, lambda reader: reader.all_messages(), _rows("messages")),
    Table("mailings", 1, lambda reader: reader.all_mailings(), _rows("mailings")),
    Table("letters", 2, lambda reader: reader.all_letters(), _rows("new_letters")),
    Table("phones_confirmed", 1, lambda reader: reader.all_phones_confirmed(), _rows("phones_confirmed")),
    Table("jobs", 1, lambda reader: reader.all_jobs(), _rows("jobs")),
    Table("changes", 2, lambda reader: reader.all_changes(), lambda writer, rows: writer.carry_changes(rows)),
)


class Part(msgspec.Struct, frozen=True):
    """What a table holds: how many rows, and a fingerprint of all of them in order."""

    rows: int
    fingerprint: str


class Survey(msgspec.Struct, frozen=True):
    """What a ledger holds. Two of the same survey hold the same rows."""

    tables: dict[str, Part]
    sums: dict[str, int]  # points, and kopecks of certificates

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.tables.values())


NOTHING: Final = Survey({}, {})


class Coming(msgspec.Struct, frozen=True):
    """How far a move came, as the target keeps it."""

    ledger: str
    survey: Survey  # of the source when the move began
    table: int = 0  # the one being copied; all before it are there
    last: tuple[str | int, ...] = ()  # key of its last row that is there
    rows: int = 0  # there by now, in all tables
    arrived: bool = False

    def setting(self) -> dict[str, str]:
        return {COMING: msgspec.json.encode(self).decode()}


def check_may_be_used(reader: Reader, name: str) -> None:
    """A ledger that has moved away, or has not wholly arrived, is nobody's to write to. Raises StoreOff."""
    check_not_gone(reader, name)
    coming = _coming(reader, name)
    if coming is not None and not coming.arrived:
        raise StoreOff(
            f"A ledger is being moved to {name}: {coming.rows} of {coming.survey.rows} rows are there."
            " Run `pos-hub database move` again, to its end."
        )


def _coming(reader: Reader, name: str) -> Coming | None:
    told = reader.setting(COMING)
    try:
        return None if told is None else msgspec.json.decode(told, type=Coming)
    except msgspec.ValidationError as error:
        raise StoreOff(f"A move to {name} was begun by another version of pos-agent. End it with that one.") from error


def move(source: Store, target: Target, progress: Progress) -> Survey:
    """Move a ledger; again after it was cut short. The caller holds the source's serving lock, and sees to it that one
    move at a time goes to a target. Raises MoveRefused, StoreOff."""
    with source.reading() as reader:
        ledger, gone = reader.setting(NAME), reader.setting(GONE)
    if gone is None:
        ledger = ledger or _named(source)
        with source.writing() as held:
            survey = survey_of(held, "Reading", None, progress)
            anew = Coming(ledger, survey, rows=survey.tables["settings"].rows)
            coming = _begun(held, anew, source, target)
            _copy(held, target, coming, progress)
            _compare(held, target, coming, progress)
            held.write(Rows(settings=mark(target.name)))
    return _arrived(ledger, source, target)


def _named(source: Store) -> str:
    """What a target will know the source by."""
    name = secrets.token_hex(16)
    with source.writing() as writer:
        writer.write(Rows(settings={NAME: name}))
    return name


def _begun(held: Reader, anew: Coming, source: Store, target: Target) -> Coming:
    """Where to go on: where an earlier move of the same rows came to, otherwise at the beginning."""
    with target.reading() as there:
        coming = _coming(there, target.name)
        if coming is None and not _is_empty(there):
            raise MoveRefused(f"{target.name} is not empty: it has a ledger of its own. Move to an empty database.")
    if coming is not None and (coming.ledger != anew.ledger or coming.arrived):
        raise MoveRefused(f"{target.name} holds another ledger than {source.name}. Move to an empty database.")
    if coming is not None and coming.survey == anew.survey:
        return coming
    if coming is not None:  # the source was served again since, or what had been copied was not the same
        target.empty()
    with target.writing() as writer:
        writer.write(Rows(settings=_settings(held) | anew.setting()))
    return anew


def _is_empty(reader: Reader) -> bool:
    return not _settings(reader) and all(next(table.rows(reader), None) is None for table in TABLES)


def _settings(reader: Reader) -> dict[str, str]:
    """What goes along."""
    return {name: value for name, value in reader.all_settings().items() if name not in MARKS}


def _copy(held: Reader, target: Target, coming: Coming, progress: Progress) -> None:
    progress("Copying", coming.rows, coming.survey.rows)
    for number in range(coming.table, len(TABLES)):
        table = TABLES[number]
        rows = table.after(held, coming.last if number == coming.table else ())
        while some := list(islice(rows, ROWS_AT_ONCE)):
            coming = msgspec.structs.replace(
                coming, table=number, last=table.key_of(some[-1]), rows=coming.rows + len(some)
            )
            with target.writing() as writer:
                table.put(writer, some)
                writer.write(Rows(settings=coming.setting()))
            progress("Copying", len(some), coming.survey.rows)


def _compare(held: Reader, target: Target, coming: Coming, progress: Progress) -> None:
    with target.reading() as there:
        if survey_of(there, "Comparing", coming.survey.rows, progress) == coming.survey:
            return
        where = _first_difference(held, there)
    with target.writing() as writer:  # so that the next move begins anew
        writer.write(Rows(settings=msgspec.structs.replace(coming, survey=NOTHING).setting()))
    raise MoveRefused(
        f"What was copied to {target.name} is not the same: {where}. Nothing has moved. Did anybody else write there?"
        " Run the move again: it begins anew."
    )


def _first_difference(one: Reader, other: Reader) -> str:
    for table in TABLES:
        for here, there in zip_longest(table.rows(one), table.rows(other)):
            if here != there:
                return f"{table.name} {min(row[: table.key] for row in (here, there) if row is not None)}"
    return "its settings"


def _arrived(ledger: str | None, source: Store, target: Target) -> Survey:
    """The source says that all of it is in the target; now the target may be served."""
    with target.writing() as writer:
        coming = _coming(writer, target.name)
        if coming is None or coming.ledger != ledger:
            with source.reading() as reader:
                check_not_gone(reader, source.name)  # says where it is
            raise MoveRefused(f"{target.name} no longer holds what was copied there from {source.name}.")
        if not coming.arrived:
            writer.write(Rows(settings=msgspec.structs.replace(coming, arrived=True).setting()))
    return coming.survey


def survey_of(reader: Reader, doing: str, of: int | None, progress: Progress) -> Survey:
    """Read all of a ledger, a little at a time."""
    progress(doing, 0, of)
    sums: Counter[str] = Counter()
    tables = {table.name: _part(table, reader, sums, lambda rows: progress(doing, rows, of)) for table in TABLES}
    settings = sorted(_settings(reader).items())
    tables["settings"] = Part(len(settings), _digest(msgspec.json.encode(settings)).hexdigest())
    progress(doing, len(settings), of)
    return Survey(tables, dict(sorted(sums.items())))


def _part(table: Table, reader: Reader, sums: Counter[str], read: Callable[[int], None]) -> Part:
    rows, digest, encode = 0, _digest(), msgspec.json.Encoder().encode
    for row in table.rows(reader):
        text = encode(row)
        if b"\\u0000" in text and any(isinstance(value, str) and "\0" in value for value in row):
            raise MoveRefused(f"{table.name} {row[: table.key]} holds a character NUL, which PostgreSQL cannot keep.")
        digest.update(text)
        _add(sums, row)
        rows += 1
        if rows % ROWS_BETWEEN_SIGNS == 0:
            read(ROWS_BETWEEN_SIGNS)
    read(rows % ROWS_BETWEEN_SIGNS)
    return Part(rows, digest.hexdigest())


def _digest(begin: bytes = b"") -> hashlib.blake2b:
    return hashlib.blake2b(begin, digest_size=16)


def _add(sums: Counter[str], row: Any) -> None:
    """The points, or kopecks of certificates, that a row holds or moves, by account."""
    if isinstance(row, LotRow):
        sums["lots"] += row.remaining
    elif isinstance(row, EntryRow):
        sums[row.account] += row.points
    elif isinstance(row, CertificateEntryRow):
        sums[f"kopecks {row.account}"] += row.kopecks
    elif isinstance(row, MemberRow):
        sums["debts"] += row.debt
