"""The hub: takes operations once, answers each for ever, and tells every till what changed.

`take` is the heart: one transaction for a batch; an operation that was taken before gets its old answer; another
text under a known identity is a conflict and an alarm; a gap or a broken chain stops the batch.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TextIO
from zoneinfo import ZoneInfo

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hub.books import Books, OperationRefused
from loyalty.bodies import Body
from loyalty.coupon_token import CouponClaims, seal_coupon
from loyalty.lots import balance
from loyalty.operation import (
    FIRST_HASH,
    HUB_CHAIN,
    OWN_CHAINS,
    VERSION,
    BadOperation,
    Operation,
    Store,
    hash_operation,
    is_canonical,
    read_operation,
    utc_text,
    write_operation,
)
from loyalty.phones import phone_key
from loyalty.programme import Programme
from loyalty.snapshot import MemberSnapshot
from storage.sqlite_file import SqliteFile
from sync.protocol import BODY_BYTES_WANTED, ChangesPage, OperationAnswer, Problem, Watermark

COUPON_KEY_ID = 1
UTC = ZoneInfo("UTC")


class BatchRefused(Exception):
    """The batch as a whole cannot be taken; nothing of it was."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(code=code, message=message)


class Hub:
    """`now` is the hub's clock, `programmes` what is in force by id, `random_bytes` where its secrets come from.
    `hash_of_source` gives the content hash of a programme's file, None for what is none."""

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], datetime],
        programmes: Mapping[str, Programme],
        hash_of_source: Callable[[str], str | None] = lambda source: None,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
        store: Store | None = None,
        checkpoints: bool = True,
    ) -> None:
        self.file = SqliteFile(path, Path(__file__).parent, checkpoints=checkpoints)
        self._sql: Any = self.file.sql
        self.programmes = programmes
        self.books = Books(self._sql, self._zone)
        self.lock: TextIO | None = None  # held while serving; the system lets it go with the process
        self.now = now
        self._hash_of_source = hash_of_source
        self._random_bytes = random_bytes
        self._store = store
        self._coupon_key = Ed25519PrivateKey.from_private_bytes(self._secret("coupon_private_key"))
        self._phone_master = self._secret("phone_master_key")
        with self.file.transaction() as connection:
            self.books.days.work_out(connection)

    def _zone(self, programme: str) -> ZoneInfo:
        """The time zone of a programme; UTC for one that is not known here."""
        known = self.programmes.get(programme)
        return known.timezone if known else UTC

    def close(self) -> None:
        self.file.close()

    def _secret(self, name: str) -> bytes:
        """32 random bytes made once and kept."""
        with self.file.transaction() as connection:
            self._sql.add_setting(connection, name=name, value=self._random_bytes(32).hex())
            return bytes.fromhex(self._sql.setting(connection, name=name))

    # operations from tills

    def take(self, till: str, texts: Sequence[str]) -> list[OperationAnswer]:
        """Answer each operation of a batch, oldest first. Raises BatchRefused, and then nothing was taken."""
        with self.file.transaction() as connection:
            return [self._take(connection, till, text) for text in texts]

    def _take(self, connection: sqlite3.Connection, till: str, text: str) -> OperationAnswer:
        operation = _read(till, text)
        digest = hash_operation(text)
        what = f"till {till}: expected operation"
        place = {"chain": till, "generation": operation.generation}
        sequence, last_hash = self._sql.chain(connection, **place) or (0, FIRST_HASH)
        if operation.sequence <= sequence:
            return self._answer_again(connection, operation, digest)
        if operation.sequence != sequence + 1:
            raise BatchRefused("sequence_gap", f"{what} {sequence + 1}, got {operation.sequence}")
        if operation.previous_hash != last_hash:
            raise BatchRefused(
                "chain_broken", f"till {till}: operation {operation.sequence} does not follow the last one"
            )
        return self._post(connection, operation, text, digest)

    def _answer_again(self, connection: sqlite3.Connection, operation: Operation, digest: str) -> OperationAnswer:
        what = f"till {operation.chain}, operation {operation.sequence}"
        known = self._sql.operation(connection, **_place(operation))
        if known is None:
            raise BatchRefused("ledger_damaged", f"{what}: was answered before and is gone")
        known_hash, answer, _ = known
        if known_hash != digest:
            raise BatchRefused("identity_conflict", f"{what}: another operation has this identity")
        return msgspec.json.decode(answer, type=OperationAnswer)

    def _post(self, connection: sqlite3.Connection, operation: Operation, text: str, digest: str) -> OperationAnswer:
        result: Literal["applied", "refused"] = "applied"
        reason = None
        try:
            self.books.post(connection, operation)
        except OperationRefused as refused:
            result, reason = "refused", refused.reason
        answer = OperationAnswer(
            generation=operation.generation, sequence=operation.sequence, hash=digest, result=result, reason=reason
        )
        kept = msgspec.json.encode(answer).decode()
        self._sql.add_operation(connection, hash=digest, text=text, answer=kept, **_place(operation))
        self._sql.save_chain(connection, last_hash=digest, **_place(operation))
        return answer

    # the shelf of programmes

    def programmes_wanted(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Hashes of the rules that these operations were made under and that are not on the shelf."""
        hashes = dict.fromkeys(read_operation(text).programme_hash for text in texts)
        with self.file.reading() as connection:
            return tuple(one for one in hashes if self._sql.programme(connection, hash=one) is None)

    def keep_programmes(self, sources: Mapping[str, str]) -> None:
        """Files that a till sent, or that came with this hub. One that is not what its hash says is left out."""
        kept = {hash: source for hash, source in sources.items() if self._hash_of_source(source) == hash}
        if kept:
            with self.file.transaction() as connection:
                for hash, source in kept.items():
                    self._sql.keep_programme(connection, hash=hash, source=source)

    def programme_source(self, content_hash: str) -> str | None:
        """The file of a programme that operations were made under."""
        with self.file.reading() as connection:
            source: str | None = self._sql.programme(connection, hash=content_hash)
        return source

    # operations born here

    def born(
        self,
        connection: sqlite3.Connection,
        programme: str,
        body: Body,
        *,
        chain: str = HUB_CHAIN,
        asked: str | None = None,
        by: str | None = None,
    ) -> OperationAnswer:
        """Make and post an operation of the hub's own (its jobs, the office, the account), inside the caller's
        transaction."""
        assert chain in OWN_CHAINS, "tills make their own"
        generation = 1
        sequence, last_hash = self._sql.chain(connection, chain=chain, generation=generation) or (0, FIRST_HASH)
        operation = Operation(
            v=VERSION,
            chain=chain,
            generation=generation,
            sequence=sequence + 1,
            previous_hash=last_hash,
            at=utc_text(self.now()),
            store=self._store,
            programme=programme,
            programme_hash=self.programmes[programme].content_hash,
            asked=asked,
            by=by,
            body=body,
        )
        text = write_operation(operation)
        return self._post(connection, operation, text, hash_operation(text))

    # the change feed

    def changes(self, *, till: str, programme: str, after: int, limit: int, generation: int = 1) -> ChangesPage:
        """What changed after a cursor, as it is now, read in one transaction with the asking till's watermark."""
        with self.file.transaction() as connection:
            now = self.now()
            self.books.tell_again(connection, programme, now)
            rows = list(self._sql.changes_after(connection, programme=programme, cursor=after, limit=limit + 1))
            sequence, _ = self._sql.chain(connection, chain=till, generation=generation) or (0, FIRST_HASH)
            rules = self.programmes.get(programme)
            key = self.phone_hash_key(programme)
            members: dict[str, MemberSnapshot] = {}
            coupons: dict[str, bool] = {}
            cursor, size = after, 0
            for number, kind, changed in rows[:limit]:
                if size > BODY_BYTES_WANTED:
                    break
                cursor = number
                if kind == "coupon":
                    coupons[changed] = self._sql.coupon_used(connection, serial=changed) is not None
                elif changed not in members:
                    members[changed] = self.books.snapshot(
                        connection, changed, now, lambda e164: phone_key(key, e164), rules
                    )
                    self.books.remember_to_tell(connection, members[changed])
                    size += len(msgspec.json.encode(members[changed]))
            return ChangesPage(
                cursor=cursor,
                more=bool(rows) and cursor != rows[-1][0],
                watermark=Watermark(generation=generation, sequence=sequence),
                at=utc_text(now),
                members=tuple(members.values()),
                used_coupons=tuple(serial for serial, used in coupons.items() if used),
                returned_coupons=tuple(serial for serial, used in coupons.items() if not used),
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
            now = self.now()
            return {member: balance(self.books.account(connection, member, now), now) for member in members}

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
    if not is_canonical(text):
        what = "is not written as its version writes it; if its program is newer than this hub, upgrade the hub first"
        raise BatchRefused("not_canonical", f"till {till}: operation {operation.sequence} {what}")
    if operation.chain != till or till in OWN_CHAINS:
        raise BatchRefused("wrong_till", f"an operation of till {operation.chain!r} came from till {till!r}")
    return operation


def _place(operation: Operation) -> dict[str, Any]:
    return {"chain": operation.chain, "generation": operation.generation, "sequence": operation.sequence}
