"""What this till's days came to, and what it saw more of than is ordinary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from loyalty.day import SAID, Counts, added, counts_of, day_of_operation, read_counts, refused_of, summed, write_counts
from loyalty.operation import Operation, Store, utc_text, zone_of
from loyalty.velocity import Ring, Use
from offline_cache.packed import read_kept
from storage import engine
from storage.sqlite_file import SqliteFile

RINGS_SHOWN_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class RungRow:
    """A rule that rang here. `subject`: a member's id, a card that nobody has; "": whoever guesses."""

    at: str
    subject: str
    rule: str
    count: int
    most: int
    by: str
    sale: str


class Days:
    """The tables in the till's file."""

    def __init__(self, file: SqliteFile, store: Store | None) -> None:
        self._file = file
        self._sql: Any = file.sql
        self._zone = zone_of(store, ZoneInfo("UTC"))  # until somebody has said

    def count(
        self, connection: engine.Connection, operations: Sequence[Operation], zone: ZoneInfo | None = None
    ) -> None:
        """Inside the caller's transaction, when they begin to exist. `zone`: by whose clock the shop lives."""
        self._zone = zone or self._zone
        found: dict[tuple[str, str], Counts] = {}
        for operation in operations:
            key = (day_of_operation(operation, self._zone), operation.by or "")
            found[key] = added(found.get(key, {}), counts_of(operation, self._zone))
        for (day, by), counts in found.items():
            self._add(connection, day, by, counts)

    def count_no_more(self, connection: engine.Connection, operation: Operation) -> None:
        """Inside the caller's transaction: it is here no more, and comes anew, or came already."""
        less = {name: -count for name, count in counts_of(operation, self._zone).items()}
        self._add(connection, day_of_operation(operation, self._zone), operation.by or "", less)

    def count_refused(self, connection: engine.Connection, operation: Operation, reason: str) -> None:
        """Inside the caller's transaction: the hub does not take it."""
        counts = refused_of(operation, reason)
        self._add(connection, day_of_operation(operation, self._zone), operation.by or "", counts)

    def note_said(self, day: str, by: str, code: str) -> None:
        """The till itself has refused something."""
        with self._file.transaction(synced=False) as connection:
            self._add(connection, day, by, {f"{SAID}{code}": 1})

    def _add(self, connection: engine.Connection, day: str, by: str, counts: Mapping[str, int]) -> None:
        if counts:
            before = read_counts(self._sql.counts_of_day(connection, day=day, by=by))
            self._sql.keep_counts(connection, day=day, by=by, counts=write_counts(added(before, counts)))

    def of(self, day: str) -> dict[str, Counts]:
        """By whose hands. A day of before anybody counted is counted from its operations, as far as they are here."""
        with self._file.reading() as connection:
            rows = {by: read_counts(counts) for by, counts in list(self._sql.day_counts(connection, day=day))}
            if rows:
                return rows
            kept = list(self._sql.operations_of_day(connection, day=day))
        operations = [(read_kept(text), result, reason) for text, result, reason in kept]
        for operation, result, reason in operations:
            more = [counts_of(operation, self._zone)]
            more += [refused_of(operation, reason or "")] if result == "refused" else []
            rows[operation.by or ""] = summed([rows.get(operation.by or "", {}), *more])
        return rows

    # what rings

    def uses(self, subject: str, since: datetime, chain: str) -> list[Use]:
        """Purchases of a member, or of a card that nobody has, the oldest first; nobody's hands are known yet."""
        with self._file.reading() as connection:
            known = {"subject": subject, "since": utc_text(since)}
            rows = list(self._sql.uses_of_member(connection, **known))
            rows = rows or list(self._sql.uses_of_card(connection, **known))
        return [
            Use(int(datetime.fromisoformat(at).timestamp()), chain, generation, sequence)
            for generation, sequence, at in rows
        ]

    def by_whom(self, uses: Sequence[Use]) -> list[Use]:
        """The same, with whose hands they went through and what they earned."""
        with self._file.reading() as connection:
            texts = [
                self._sql.operation_text(connection, generation=use.generation, sequence=use.sequence) for use in uses
            ]
        read = [None if text is None else read_kept(text) for text in texts]
        return [
            use if operation is None else Use(*_place(use), operation.by or "", _earned(operation))
            for use, operation in zip(uses, read, strict=True)
        ]

    def rang(self, subject: str, since: datetime) -> dict[str, int]:
        """When each rule rang last."""
        with self._file.reading() as connection:
            rows = list(self._sql.rang(connection, subject=subject, since=utc_text(since)))
        return {rule: int(datetime.fromisoformat(at).timestamp()) for rule, at in rows}

    def rang_since(self, subject: str, since: datetime) -> bool:
        return bool(self.rang(subject, since))

    def ring(self, day: str, at: datetime, subject: str, rings: Iterable[Ring], by: str, sale: str) -> None:
        with self._file.transaction(synced=False) as connection:
            for ring in rings:
                told = {"rule": ring.rule, "count": ring.count, "most": ring.most, "by": by, "sale": sale}
                self._sql.add_ring(connection, day=day, at=utc_text(at.astimezone(UTC)), subject=subject, **told)

    def rings_of(self, day: str) -> list[RungRow]:
        """The newest first."""
        with self._file.reading() as connection:
            rows = list(self._sql.rings_of_day(connection, day=day, most_rows=RINGS_SHOWN_MAX))
        return [RungRow(*row) for row in rows]


def _place(use: Use) -> tuple[int, str, int, int]:
    return use.at, use.chain, use.generation, use.sequence


def _earned(operation: Operation) -> int:
    accrued = getattr(operation.body, "accrued", None)
    return accrued.points if accrued is not None else 0
