"""Operations that were read from a damaged file of this till, in the file that came after it.

They stand under the identities that they had: the hub may have them already. Whatever does not follow the operation
before it, because that one could not be read, waits for the hub's word. What the hub has of these is answered; what it
has not goes up as it is where it follows, and is recorded anew where it does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from loyalty.operation import FIRST_HASH, Key, Operation, hash_operation, read_operation
from offline_cache.damaged_file import Found
from offline_cache.lease import Leases
from offline_cache.own_chain import Astray, Own, OwnChain, answer_to
from offline_cache.packed import unpack_text
from storage import engine
from storage.sqlite_file import SqliteFile

ANSWERS: Final = ("applied", "refused")


class Rescued:
    """`waits`: some of them wait for the hub's word; looked up in memory."""

    def __init__(self, file: SqliteFile, own_chain: OwnChain, leases: Leases) -> None:
        self._file = file
        self._own = own_chain
        self._leases = leases
        self._sql: Any = file.sql
        self.waits = False

    def look(self) -> None:
        self.waits = bool(self.waiting())

    def waiting(self) -> list[Key]:
        """The oldest first."""
        with self._file.reading() as connection:
            return self._waiting(connection)

    def _waiting(self, connection: engine.Connection) -> list[Key]:
        return [Key(*row) for row in self._sql.rescued(connection)]

    def ends_before(self) -> list[Key]:
        """Of each generation that has some, behind which operation the hub is asked: the last before the first of them;
        where there is none, so that it tells the one that the first follows."""
        firsts: dict[int, Key] = {}
        for key in self.waiting():
            firsts.setdefault(key.generation, key)
        with self._file.reading() as connection:
            return [Key(key.generation, self._end_before(connection, key)) for key in firsts.values()]

    def _end_before(self, connection: engine.Connection, key: Key) -> int:
        found = self._sql.operation_before(connection, generation=key.generation, sequence=key.sequence)
        return int(found) if found is not None else max(0, key.sequence - 2)

    # from the damaged file

    def bring(self, connection: engine.Connection, found: Sequence[Found]) -> list[Key]:
        """Inside the caller's transaction, who then says `look`: the oldest first. Those that this file does not take
        are given back."""
        before: Found | None = None
        not_taken = []
        held: set[Key] = set()
        for one in found:
            self._sql.begin_row(connection)
            try:
                if _is_held(one, before, held):
                    held.add(one.operation.key)
                self._bring(connection, one, held=one.operation.key in held)
                before = one
            except engine.ConstraintError:
                self._sql.undo_row(connection)
                held.discard(one.operation.key)
                not_taken.append(one.operation.key)
            self._sql.end_row(connection)
        return not_taken

    def _bring(self, connection: engine.Connection, one: Found, *, held: bool) -> None:
        operation, key = one.operation, one.operation.key
        named = {"generation": key.generation, "sequence": key.sequence}
        self._own.add(connection, operation, one.text)
        if one.result in ANSWERS:
            row = (one.result, one.reason, *key, hash_operation(one.text))
            self._sql.answer_operations(connection, [row])
        elif not held:
            self._sql.put_in_outbox(connection, **named)
        if held:
            self._sql.hold_rescued(connection, **named)
        if one.result == "refused":
            self._own.days.count_refused(connection, operation, one.reason or "")
        self._own.do_again(connection, operation, refused=one.result == "refused")

    # when the hub has spoken

    def settle(self, told: Sequence[Own]) -> None:
        """`told`: all that the hub has of these generations behind `ends_before`, the oldest first."""
        with self._file.transaction() as connection:
            self._sql.defer_foreign_keys(connection)
            waiting = self._waiting(connection)
            self._sql.forget_rescued(connection)
            known = set(self._answered(connection, told))
            moved: dict[Key, Key] = {}
            for key in waiting:
                if key not in known:
                    self._send(connection, key, moved)
        self.waits = False

    def _answered(self, connection: engine.Connection, told: Sequence[Own]) -> Iterator[Key]:
        """What the hub has is here, with its answer; what could not be read comes back."""
        for one in told:
            operation = read_operation(one.text)
            named = {"generation": operation.generation, "sequence": operation.sequence}
            there = self._sql.operation_hash(connection, **named)
            if there is None:
                self._own.take_in(connection, [one])
            elif there == hash_operation(one.text):
                self._sql.answer_operations(connection, [answer_to(operation, one.text, one.reason)])
                self._sql.forget_waiting(connection, **named)
                yield operation.key

    def _send(self, connection: engine.Connection, key: Key, moved: dict[Key, Key]) -> None:
        named = {"generation": key.generation, "sequence": key.sequence}
        text = unpack_text(self._sql.operation_text(connection, **named))
        if self._follows(connection, read_operation(text)):
            self._sql.wait_again_one(connection, **named)
            self._sql.put_in_outbox(connection, **named)
        else:
            self._anew(connection, self._own.set_aside(connection, key, hash_operation(text), text), moved)

    def _follows(self, connection: engine.Connection, operation: Operation) -> bool:
        if operation.sequence == 1:
            return operation.previous_hash == FIRST_HASH
        before = {"generation": operation.generation, "sequence": operation.sequence - 1}
        return bool(self._sql.operation_hash(connection, **before) == operation.previous_hash)

    def _anew(self, connection: engine.Connection, one: Astray, moved: dict[Key, Key]) -> None:
        now = self._own.again(connection, one, self._leases.generation, moved)
        moved[one.key] = now
        self._own.note(connection, one, now)


def _is_held(one: Found, before: Found | None, held: set[Key]) -> bool:
    """It waits for the hub's word: it does not follow, or it follows one that waits and was not answered either."""
    operation = one.operation
    if before is None or before.operation.generation != operation.generation:
        return operation.sequence > 1 and one.result not in ANSWERS
    last = before.operation
    if (last.sequence + 1, hash_operation(before.text)) != (operation.sequence, operation.previous_hash):
        return True
    return last.key in held and before.result not in ANSWERS and one.result not in ANSWERS
