"""What the hub has told of a sale, kept in the file of the till: of another till's; and of one of its own what came
back of it elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import msgspec

from config.programmes import ProgrammeError, read_source
from loyalty.bodies import OperationRef, Return, SaleClaimed
from loyalty.operation import Operation, read_operation
from loyalty.stickers import told_back
from loyalty.utc import utc_text
from pos_agent.counter import Counter
from sync.receipts import FoundSale, MovedOf, SoughtReceipt

_told = msgspec.json.Decoder(FoundSale)


def ref_of(operation: Operation) -> OperationRef:
    return OperationRef(chain=operation.chain, generation=operation.generation, sequence=operation.sequence)


def told_elsewhere(counter: Counter, of: OperationRef) -> FoundSale | None:
    kept = counter.cache.elsewhere.told(of)
    return None if kept is None else _told.decode(kept)


def found_before(counter: Counter, sought: SoughtReceipt) -> OperationRef | None:
    """The sale that the hub had meant, when it was asked for the same."""
    return counter.cache.elsewhere.found(_name(sought))


def ask_for(counter: Counter, sought: SoughtReceipt) -> OperationRef:
    """The hub finds it, and what it says is kept. Raises Errand, Refused."""
    known = msgspec.structs.replace(sought, known=(counter.programme.content_hash,))
    told = counter.ask_hub("find_sale", known, FoundSale)
    operation = read_operation(told.text)
    if told.source is not None:
        _keep_programme(counter, operation.programme_hash, told.source)
    of, kept = ref_of(operation), msgspec.structs.replace(told, source=None)
    text = msgspec.json.encode(kept).decode()
    counter.cache.elsewhere.keep(_name(sought), of, text, utc_text(counter.now))
    return of


def sought_at(of: OperationRef) -> SoughtReceipt:
    return SoughtReceipt(chain=of.chain, generation=of.generation, sequence=of.sequence)


def claim_in(told: FoundSale | None) -> SaleClaimed | None:
    body = read_operation(told.claim).body if told is not None and told.claim is not None else None
    return body if isinstance(body, SaleClaimed) else None


def with_returns(moved: MovedOf, since: Sequence[Return]) -> MovedOf:
    """And what these have moved."""
    return MovedOf(
        restored=moved.restored + sum(back.restored.points for back in since),
        clawed_back=moved.clawed_back + sum(back.clawed_back.points for back in since),
        qualifying_kopecks=moved.qualifying_kopecks + sum(back.qualifying_kopecks for back in since),
        stickers_taken_back=_more(moved.stickers_taken_back, [told_back(back).taken_back for back in since]),
        stickers_restored=_more(moved.stickers_restored, [told_back(back).restored for back in since]),
    )


def _more(known: int | None, since: Sequence[int]) -> int | None:
    return None if known is None else known + sum(since)


def _keep_programme(counter: Counter, hash: str, source: str) -> None:
    """The rules of that day, where the file is what its hash says."""
    with suppress(ProgrammeError):
        if read_source(source, past=True).content_hash == hash:
            counter.cache.programmes.keep(hash, source)


def _name(sought: SoughtReceipt) -> str:
    return msgspec.json.encode(sought).decode()
