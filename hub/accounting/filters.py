"""What an export may be asked for alone: names that stand in the ledger, for a typing slip is an empty file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from hub.accounting.closing import Closing, closed_days, closing
from hub.accounting.sheet import Wanted
from hub.store.seam import Reader
from loyalty.programme import Programme


class NotThere(Exception):
    """A name that nothing has; the message says which there are."""


class _Where(msgspec.Struct, frozen=True):
    id: str | None = None


class _Sold(msgspec.Struct, frozen=True):
    """The little of an operation that tells where it was."""

    store: _Where | None = None


_sold = msgspec.json.Decoder(_Sold).decode


def check_wanted(reader: Reader, programmes: Mapping[str, Programme], wanted: Wanted) -> None:
    """Raises NotThere."""
    last = _last(reader)
    if wanted.programme is not None:
        check_name("programme", wanted.programme, {*programmes, *(last.rules if last else ())})
    if wanted.entity is not None:
        entities = {row.entity for row in reader.stores().values() if row.entity}
        check_name("entity", wanted.entity, entities.union(*(one.entities.values() for one in _closings(reader))))
    if wanted.store is not None and not _is_store(reader, wanted.store):
        check_name("store", wanted.store, reader.stores())


def check_name(what: str, name: str, known: Iterable[str]) -> None:
    """Raises NotThere."""
    there = sorted(known)
    if name not in there:
        raise NotThere(f"There is no {what} {name!r}; there are: {', '.join(there) or 'none'}.")


def _is_store(reader: Reader, store: str) -> bool:
    """Also one that nobody has told of (`pos-hub store add`): only such a one is looked for among all operations."""
    if store in reader.stores():
        return True
    sold = (_sold(kept.text).store for kept in reader.all_operations())
    return any(where is not None and where.id == store for where in sold)


def _closings(reader: Reader) -> Iterator[Closing]:
    found = (closing(reader, number) for number in sorted(set(closed_days(reader).values())))
    return (one for one in found if one is not None)


def _last(reader: Reader) -> Closing | None:
    return closing(reader, max(closed_days(reader).values(), default=0))
