"""How far copies of the ledger go. Whoever makes one says so afterwards; tills are told, and need not keep all that it
has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from hub.store.records import ChainEnd
from hub.store.seam import Store

AT_ONCE: Final = 200  # chains: they are locked meanwhile, and their tills wait


def ends_now(store: Store) -> list[ChainEnd]:
    """What a copy has at least that is begun after this."""
    with store.reading() as reader:
        return list(reader.all_chains())


def cover(store: Store, ends: Iterable[ChainEnd]) -> None:
    """A copy that is whole, and is kept, has these chains up to here."""
    for some in _pieces(iter(ends)):
        with store.writing() as writer:
            writer.locked_chains([end.key for end in some])
            writer.cover(some)


def _pieces(ends: Iterator[ChainEnd]) -> Iterator[list[ChainEnd]]:
    while some := list(islice(ends, AT_ONCE)):
        yield some
