"""What a till sent, read and checked once: each text becomes its place, its operation and what is wrong with it.

A batch is read before any lock is taken, from its texts alone. A text that cannot be read is answered in its place like
any other, so that the chain goes on over it: where it stands is known from its own envelope, else from its neighbours,
and where it has none, from the end of the chain as the hub has it (`placed`, inside the transaction). Reading stops at
what a newer program wrote: what it says is not known here, and must not be refused for that.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Annotated, Final, NamedTuple

import msgspec

from hub.books.bounds import GENERATION_MAX, SEQUENCE_MAX, fault_of
from hub.books.newer import is_newer
from hub.store.records import ChainEnd
from loyalty.operation import FIRST_HASH, OWN_CHAINS, BadOperation, Operation, read_canonical
from sync.protocol import Problem

TILL_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")  # as config/settings.py lets a till be called
NOWHERE: Final = 0  # the sequence of a text whose place nothing in its batch tells


class Told(NamedTuple):
    """One text. `operation` None: it cannot be read. `fault`: why it will be refused (bounds.py); None: it is fit
    to be posted."""

    text: str
    hash: str
    generation: int
    sequence: int
    previous_hash: str
    operation: Operation | None
    fault: str | None


class ReadBatch(NamedTuple):
    """`told`: the texts up to where reading stopped, in their order; `stopped`: why it stopped there, None at the
    end. `unplaced`: so many at the beginning still wait for their place, or for the hash before it (`placed`)."""

    told: list[Told]
    stopped: Problem | None = None
    unplaced: int = 0


class _Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """Where a text stands, of one whose rest cannot be read."""

    chain: str
    generation: Annotated[int, msgspec.Meta(ge=1, le=GENERATION_MAX)]
    sequence: Annotated[int, msgspec.Meta(ge=1, le=SEQUENCE_MAX)]
    previous_hash: str


class _Chain(msgspec.Struct, frozen=True, kw_only=True):
    chain: str | None = None
    till: str | None = None  # what version 1 calls it


_envelope = msgspec.json.Decoder(_Envelope)
_chain = msgspec.json.Decoder(_Chain)


def read_batch(till: str, texts: Sequence[str]) -> ReadBatch:
    """Read and check a till's texts, oldest first. Never raises for what a text holds."""
    if TILL_NAME.fullmatch(till) is None or till in OWN_CHAINS:
        return ReadBatch([], stopped=_wrong_till(f"{till!r} is no name of a till"))
    told: list[Told] = []
    for text in texts:
        one = _read(till, text)
        if isinstance(one, Told):
            told.append(one)
        elif one.code == "wrong_till":
            return ReadBatch([], stopped=one)
        else:
            return _beside_neighbours(told)._replace(stopped=one)
    return _beside_neighbours(told)


def _read(till: str, text: str) -> Told | Problem:
    """The text with its place, as far as it says one."""
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        return _not_text(till)
    digest = hashlib.sha256(raw).hexdigest()
    try:
        operation, canonical = read_canonical(raw)
    except BadOperation:
        return _unread(till, text, raw, digest)
    if operation.generation > GENERATION_MAX:  # version 1 had no bound
        return Told(text, digest, NOWHERE, NOWHERE, "", None, "unreadable")
    if operation.chain != till:
        return _wrong_till(f"an operation of till {operation.chain!r} came from till {till!r}")
    if canonical:
        fault = fault_of(operation)
    elif is_newer(raw):
        return _newer(till)
    else:
        fault = "not_canonical"
    return Told(text, digest, operation.generation, operation.sequence, operation.previous_hash, operation, fault)


def _unread(till: str, text: str, raw: bytes, digest: str) -> Told | Problem:
    if b"\0" in raw:
        return _not_text(till)
    if is_newer(raw):
        return _newer(till)
    chain = _chain_of(raw)
    if chain is not None and chain != till:
        return _wrong_till(f"an operation of till {chain!r} came from till {till!r}")
    try:
        said = _envelope.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return Told(text, digest, NOWHERE, NOWHERE, "", None, "unreadable")
    return Told(text, digest, said.generation, said.sequence, said.previous_hash, None, "unreadable")


def _chain_of(raw: bytes) -> str | None:
    try:
        said = _chain.decode(raw)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return said.chain or said.till


# where a text stands that does not say so


def _beside_neighbours(told: list[Told]) -> ReadBatch:
    """Each text that says no place follows the one before it; those that begin the batch stand before the first that
    says one, when it names them."""
    unplaced = next((index for index, one in enumerate(told) if one.sequence), len(told))
    for index in range(unplaced, len(told)):
        if not told[index].sequence:
            told[index] = _after(told[index], told[index - 1])
    if 0 < unplaced < len(told):
        then = told[unplaced]
        if then.previous_hash == told[unplaced - 1].hash and then.sequence > unplaced:
            _number(told, unplaced, then.generation, then.sequence - unplaced)
    return ReadBatch(told, unplaced=unplaced)


def _after(one: Told, before: Told) -> Told:
    return one._replace(generation=before.generation, sequence=before.sequence + 1, previous_hash=before.hash)


def _number(told: list[Told], count: int, generation: int, first: int) -> None:
    for index in range(count):
        told[index] = told[index]._replace(generation=generation, sequence=first + index)


def placed(batch: ReadBatch, end: ChainEnd | None) -> list[Told]:
    """The batch's texts, each with its place and the hash before it. `end`: of the newest generation of the till's
    chain, as the hub has it. Texts that begin a batch and say nothing follow it; when it is one of them, the batch has
    come before."""
    if not batch.unplaced:
        return batch.told
    told = list(batch.told)
    if not told[0].sequence:
        generation, sequence = (end.generation, end.sequence) if end else (1, 0)
        hashes = [one.hash for one in told[: batch.unplaced]]
        again = hashes.index(end.last_hash) if end and end.last_hash in hashes else -1
        _number(told, batch.unplaced, generation, max(1, sequence - again))
    follows = end is not None and end.generation == told[0].generation
    before = end.last_hash if end is not None and follows else FIRST_HASH
    for index in range(batch.unplaced):
        told[index] = told[index]._replace(previous_hash=before)
        before = told[index].hash
    return told


# why reading stops


def _wrong_till(why: str) -> Problem:
    return Problem(code="wrong_till", message=why)


def _newer(till: str) -> Problem:
    what = "was written by a newer program than this hub; upgrade the hub first"
    return Problem(code="newer_operation", message=f"till {till}: an operation {what}")


def _not_text(till: str) -> Problem:
    """No database keeps it, and no program of ours writes it."""
    return Problem(code="not_text", message=f"till {till}: an operation holds what no text can hold")
