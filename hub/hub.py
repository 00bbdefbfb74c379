"""The hub: takes operations once, answers each for ever, and tells every till what changed.

`take` is the heart: one transaction for a batch; an operation that was taken before gets its old answer; another
text under a known identity is a conflict and an alarm; a gap or a broken chain stops the batch.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hub.books import Books, OperationRefused
from loyalty.coupon_token import CouponClaims, seal_coupon
from loyalty.lots import balance
from loyalty.operation import (
    FIRST_HASH,
    HUB_TILL,
    BadOperation,
    Body,
    Operation,
    hash_operation,
    read_operation,
    utc_text,
    write_operation,
)
from loyalty.phones import phone_key
from loyalty.snapshot import MemberSnapshot
from storage.sqlite_file import SqliteFile
from sync.protocol import BODY_BYTES_WANTED, ChangesPage, OperationAnswer, Problem

COUPON_KEY_ID = 1


class BatchRefused(Exception):
    """The batch as a whole cannot be taken; nothing of it was."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(code=code, message=message)


class Hub:
    """`now` is the hub's clock. `rules_hash` gives the content hash of a programme, for operations born here."""

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], datetime],
        rules_hash: Callable[[str], str],
        checkpoints: bool = True,
    ) -> None:
        self.file = SqliteFile(path, Path(__file__).parent, checkpoints=checkpoints)
        self._sql: Any = self.file.sql
        self.books = Books(self._sql)
        self.lock: TextIO | None = None  # held while serving; the system lets it go with the process
        self.now = now
        self._rules_hash = rules_hash
        self._coupon_key = Ed25519PrivateKey.from_private_bytes(self._secret("coupon_private_key"))
        self._phone_master = self._secret("phone_master_key")

    def close(self) -> None:
        self.file.close()

    def _secret(self, name: str) -> bytes:
        """32 random bytes made once and kept."""
        with self.file.transaction() as connection:
            self._sql.add_setting(connection, name=name, value=secrets.token_hex(32))
            return bytes.fromhex(self._sql.setting(connection, name=name))

    # operations from tills

    def take(self, till: str, texts: Sequence[str]) -> list[OperationAnswer]:
        """Answer each operation of a batch, oldest first. Raises BatchRefused, and then nothing was taken."""
        with self.file.transaction() as connection:
            return [self._take(connection, till, text) for text in texts]

    def _take(self, connection: sqlite3.Connection, till: str, text: str) -> OperationAnswer:
        operation = _read(till, text)
        digest = hash_operation(text)
        sequence, last_hash = self._sql.till(connection, till=till) or (0, FIRST_HASH)
        if operation.sequence <= sequence:
            return self._answer_again(connection, operation, digest)
        if operation.sequence != sequence + 1:
            raise BatchRefused(
                "sequence_gap", f"till {till}: expected operation {sequence + 1}, got {operation.sequence}"
            )
        if operation.previous_hash != last_hash:
            raise BatchRefused(
                "chain_broken", f"till {till}: operation {operation.sequence} does not follow the last one"
            )
        return self._post(connection, operation, text, digest)

    def _answer_again(self, connection: sqlite3.Connection, operation: Operation, digest: str) -> OperationAnswer:
        what = f"till {operation.till}, operation {operation.sequence}"
        known = self._sql.operation(connection, till=operation.till, sequence=operation.sequence)
        if known is None:
            raise BatchRefused("ledger_damaged", f"{what}: was answered before and is gone")
        known_hash, answer = known
        if known_hash != digest:
            raise BatchRefused("identity_conflict", f"{what}: another operation has this identity")
        return msgspec.json.decode(answer, type=OperationAnswer)

    def _post(self, connection: sqlite3.Connection, operation: Operation, text: str, digest: str) -> OperationAnswer:
        try:
            self.books.post(connection, operation)
            answer = OperationAnswer(sequence=operation.sequence, hash=digest, result="applied")
        except OperationRefused as refused:
            answer = OperationAnswer(sequence=operation.sequence, hash=digest, result="refused", reason=refused.reason)
        self._sql.add_operation(
            connection,
            till=operation.till,
            sequence=operation.sequence,
            hash=digest,
            text=text,
            answer=msgspec.json.encode(answer).decode(),
        )
        self._sql.save_till(connection, till=operation.till, sequence=operation.sequence, last_hash=digest)
        return answer

    # operations born here

    def born(self, connection: sqlite3.Connection, programme: str, body: Body) -> OperationAnswer:
        """Make and post an operation of the hub's own, inside the caller's transaction."""
        sequence, last_hash = self._sql.till(connection, till=HUB_TILL) or (0, FIRST_HASH)
        operation = Operation(
            till=HUB_TILL,
            generation=1,
            sequence=sequence + 1,
            previous_hash=last_hash,
            at=utc_text(self.now()),
            programme=programme,
            programme_hash=self._rules_hash(programme),
            body=body,
        )
        text = write_operation(operation)
        return self._post(connection, operation, text, hash_operation(text))

    # the change feed

    def changes(self, *, till: str, programme: str, after: int, limit: int) -> ChangesPage:
        """What changed after a cursor, as it is now, read in one transaction with the asking till's watermark."""
        with self.file.transaction() as connection:
            rows = list(self._sql.changes_after(connection, programme=programme, cursor=after, limit=limit + 1))
            watermark = self._sql.till(connection, till=till) or (0, FIRST_HASH)
            key = self.phone_hash_key(programme)
            now = self.now()
            members: dict[str, MemberSnapshot] = {}
            coupons: dict[str, None] = {}
            cursor, size = after, 0
            for number, kind, changed in rows[:limit]:
                if size > BODY_BYTES_WANTED:
                    break
                cursor = number
                if kind == "coupon":
                    coupons[changed] = None
                elif changed not in members:
                    members[changed] = self.books.snapshot(connection, changed, now, lambda e164: phone_key(key, e164))
                    size += len(msgspec.json.encode(members[changed]))
            return ChangesPage(
                cursor=cursor,
                more=bool(rows) and cursor != rows[-1][0],
                watermark=watermark[0],
                at=utc_text(now),
                members=tuple(members.values()),
                used_coupons=tuple(coupons),
                coupon_keys={str(COUPON_KEY_ID): self._coupon_key.public_key().public_bytes_raw().hex()},
                phone_hash_key=key.hex(),
            )

    def phone_hash_key(self, programme: str) -> bytes:
        """The key of hashed phones for a programme's tills (HKDF of the hub's master key)."""
        hkdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"phones:{programme}".encode())
        return hkdf.derive(self._phone_master)

    # coupons

    def mint(self, claims: CouponClaims) -> str:
        """The coupon's text, signed."""
        return seal_coupon(claims, COUPON_KEY_ID, self._coupon_key.sign)

    # looking

    def balances(self, programme: str) -> dict[str, int]:
        """Every member's balance, in points."""
        with self.file.reading() as connection:
            members = [member for (member,) in self._sql.members_of(connection, programme=programme)]
            return {member: balance(self.books.account(connection, member), self.now()) for member in members}

    def member_of_card(self, number: str) -> MemberSnapshot | None:
        """The member who has, or had, this card."""
        with self.file.transaction() as connection:
            row = self._sql.card(connection, number=number)
            if row is None:
                return None
            key = self.phone_hash_key(self._sql.member(connection, member=row[1])[1])
            return self.books.snapshot(connection, row[1], self.now(), lambda phone: phone_key(key, phone))


def _read(till: str, text: str) -> Operation:
    try:
        operation = read_operation(text)
    except BadOperation as error:
        raise BatchRefused("bad_operation", f"till {till}: {error}") from error
    if operation.till != till or till == HUB_TILL:
        raise BatchRefused("wrong_till", f"an operation of till {operation.till!r} came from till {till!r}")
    return operation
