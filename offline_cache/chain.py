"""The chain in the till's file: what the row of an operation says beside its text, and whether the chain is whole."""

from __future__ import annotations

from typing import Any

from loyalty.bodies import Body, CertificateRefunded, CertificateSold, Return, Sale, SaleNumber
from loyalty.kinds import name_of
from loyalty.operation import FIRST_HASH, BadOperation, Key, Operation, hash_operation, read_operation
from offline_cache.packed import pack_text, read_kept, unpack_text
from storage import engine

BEGINNING = (0, 0, FIRST_HASH, None)  # what stands before the first operation of all


def columns(operation: Operation, sale: SaleNumber | None) -> dict[str, str | None]:
    """What it is found by, in the order of `operations_from`. Of certificates a receipt sells several, so its number
    finds the sale alone."""
    body = operation.body
    day = sale.day if sale else None
    if isinstance(body, CertificateSold | CertificateRefunded):
        day = body.sale.day if isinstance(body, CertificateSold) and body.sale is not None else None
        sale = None
    return {
        "kind": name_of(body),
        "member": getattr(body, "member", None),
        "card": _card_of(body),
        "sale_day": day,
        "sale_number": sale.number if sale else None,
        "sale_pos": sale.pos if sale else "",
        "sale_shift": sale.shift if sale else "",
        "sale_again": sale.again if sale else "",
        "at": operation.at,
    }


def add_operation(
    sql: Any, connection: engine.Connection, operation: Operation, text: str, sale: SaleNumber | None
) -> None:
    """Its row; `text` is what it is for ever."""
    sql.add_operation(
        connection,
        generation=operation.generation,
        sequence=operation.sequence,
        hash=hash_operation(text),
        text=pack_text(text),
        **columns(operation, sale),
    )


def last_of(sql: Any, connection: engine.Connection, generation: int) -> tuple[int, str]:
    """The sequence and the hash that the next operation of the generation follows."""
    found: tuple[int, str] = sql.last_of(connection, generation=generation) or (0, FIRST_HASH)
    return found


def first_damaged(sql: Any, connection: engine.Connection) -> Key | None:
    """Of what the hub has not confirmed, and of the operation that the next one will name; None: all are whole."""
    generation, sequence, *_ = sql.last_operation(connection) or BEGINNING
    last = Key(generation, sequence)
    first = sql.first_waiting(connection)
    last_waiting = sql.last_waiting(connection)
    start = min(Key(*first), last) if first else last
    before_it = max(0, start.sequence - 1) if first else start.sequence
    before = _trimmed_before(sql, connection, Key(start.generation, before_it))
    for row in list(sql.operations_from(connection, generation=start.generation, sequence=before_it)):
        if not _is_whole(row, before):
            return Key(*row[:2])
        before = (Key(*row[:2]), row[2])
    if not _joins(sql, connection):
        return Key(*sql.last_trimmed(connection)[:2])
    if last_waiting is not None and Key(*last_waiting) > last:
        return Key(*last_waiting)
    return None


def _joins(sql: Any, connection: engine.Connection) -> bool:
    """Does what is kept go on where what is trimmed ends?"""
    trimmed = sql.last_trimmed(connection)
    if trimmed is None:
        return True
    generation, sequence, digest = trimmed
    kept = sql.operation_text(connection, generation=generation, sequence=sequence + 1)
    try:
        return kept is not None and read_kept(kept).previous_hash.startswith(digest)
    except BadOperation:
        return False


def _trimmed_before(sql: Any, connection: engine.Connection, key: Key) -> tuple[Key, str] | None:
    """What the next one must name: of what is trimmed the beginning of the hash is kept."""
    digest = sql.trimmed_hash(connection, generation=key.generation, sequence=key.sequence)
    return (key, digest) if digest is not None else None


def _is_whole(row: tuple[Any, ...], before: tuple[Key, str] | None) -> bool:
    """Does an operation's row hold together: text and hash, the one before it, what it is found by, and its place in
    the outbox?"""
    generation, sequence, digest, kept, answered, waits, rescued, *found_by = row
    text = unpack_text(kept)
    if hash_operation(text) != digest or (answered or rescued) == waits:
        return False
    try:
        operation = read_operation(text)
    except BadOperation:
        return False
    key = Key(generation, sequence)
    if found_by != list(columns(operation, getattr(operation.body, "sale", None)).values()) or operation.key != key:
        return False
    if sequence == 1:
        before = (Key(generation, 0), FIRST_HASH)
    elif rescued or (answered and before is not None and before[0].generation != generation):
        before = None  # it comes from a damaged file, and the one before it could not be read
    if before is None:
        return True
    return key == (generation, before[0].sequence + 1) and operation.previous_hash.startswith(before[1])


def _card_of(body: Body) -> str | None:
    """By which its owner is known, where the till did not know him."""
    return body.card if isinstance(body, Sale | Return) and body.member is None else None
