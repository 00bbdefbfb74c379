"""A receipt that somebody asks for at a desk: found in all of the ledger, with what was said of it since."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from hub.books.claims import said_of
from hub.books.named import name_of_document, name_of_number
from hub.store.records import KeptOperation, Place, place_of
from hub.store.seam import Reader
from loyalty.bodies import FiscalAdded, OperationRef, Return, ReturnCompleted, Sale, SaleClaimed
from loyalty.claims import never_given
from loyalty.operation import BadOperation, Operation, read_operation
from loyalty.returns import Totals
from loyalty.stickers import told_back
from sync.receipts import SoughtReceipt

SQUARED = "squared/"  # settings: by a sale's place, what was put right of what came back of it (hub/jobs/squared.py)
UNCOUNTED = frozenset(  # refusals of goods that did come back; "unknown_sale": of a sale that was refused itself
    {
        *("more_than_was_redeemed", "more_than_was_sold", "more_than_was_used"),
        *("unknown_sale", "unknown_member", "not_whose_sale"),
    }
)


class Squared(msgspec.Struct, frozen=True):
    """What was added to what returns themselves moved, in all."""

    restored: int = 0
    clawed_back: int = 0
    qualifying_kopecks: int = 0
    stickers_taken_back: int = 0
    stickers_restored: int = 0


class FoundReceipt(NamedTuple):
    """A sale as it is kept. `said`: what names it, refused ones too, in the order of their keys."""

    kept: KeptOperation
    sold: Operation
    said: tuple[tuple[KeptOperation, Operation], ...]
    squared: Squared

    @property
    def sale(self) -> Sale:
        assert isinstance(self.sold.body, Sale), "looked up so"
        return self.sold.body

    @property
    def returns(self) -> list[tuple[KeptOperation, Operation]]:
        """Goods that came back, also where the books took nothing of it: in the order in which they did."""
        found = [one for one in self.said if isinstance(one[1].body, Return) and _came_back(one[0])]
        return sorted(found, key=lambda one: (one[1].at, one[0].place))

    @property
    def bodies(self) -> list[Return]:
        return [one.body for _, one in self.returns if isinstance(one.body, Return)]

    @property
    def booked(self) -> list[Return]:
        """Of those, what the books took."""
        return [one.body for kept, one in self.returns if kept.reason is None and isinstance(one.body, Return)]

    @property
    def completed(self) -> list[ReturnCompleted]:
        """What the hub put right of it besides points."""
        done = (one.body for kept, one in self.said if kept.reason is None)
        return [body for body in done if isinstance(body, ReturnCompleted)]

    @property
    def claim(self) -> SaleClaimed | None:
        operation = self.claimed_in
        return operation.body if operation is not None and isinstance(operation.body, SaleClaimed) else None

    @property
    def claimed_in(self) -> Operation | None:
        given = (one for kept, one in self.said if kept.reason is None and isinstance(one.body, SaleClaimed))
        return next(given, None)

    @property
    def moved(self) -> Totals:
        """What has moved in the books; goods that were back before it was claimed count as taken back."""
        sums = self.booked
        points, kopecks = never_given(self.claim)
        stickers = [told_back(body) for body in sums]
        return Totals(
            restored=sum(body.restored.points for body in sums) + self.squared.restored,
            clawed_back=sum(body.clawed_back.points for body in sums) + self.squared.clawed_back + points,
            qualifying_kopecks=sum(body.qualifying_kopecks for body in sums)
            + self.squared.qualifying_kopecks
            + kopecks,
            stickers_taken_back=sum(one.taken_back for one in stickers) + self.squared.stickers_taken_back,
            stickers_restored=sum(one.restored for one in stickers) + self.squared.stickers_restored,
        )


def _came_back(kept: KeptOperation) -> bool:
    return kept.reason is None or kept.reason in UNCOUNTED


def receipts_at(reader: Reader, places: Iterable[Place]) -> list[FoundReceipt]:
    """Of these places those where a sale stands, the newest first."""
    wanted = set(places)
    kept = reader.operations(wanted) if wanted else {}
    sold = {place: one for place in kept if (one := _sale_in(kept[place])) is not None}
    said = said_of(reader, sold.keys())
    found = [
        FoundReceipt(
            kept[place],
            operation,
            tuple(one for one in said if _of(one[1]) == place),
            squared_of(reader, place),
        )
        for place, operation in sold.items()
    ]
    return sorted(found, key=lambda one: (one.sold.at, one.kept.place), reverse=True)


def receipts_sought(reader: Reader, sought: SoughtReceipt, store: str) -> list[FoundReceipt]:
    """All that fit. `store`: of whoever asks."""
    if sought.chain:
        return _by_place(reader, sought)
    if sought.document:
        return _by_document(reader, sought)
    if sought.number and sought.day:
        return _by_number(reader, sought, store if sought.store is None else sought.store)
    return []


def squared_of(reader: Reader, of: Place) -> Squared:
    kept = reader.setting(SQUARED + of.id)
    return Squared() if kept is None else msgspec.json.decode(kept, type=Squared)


def _by_place(reader: Reader, sought: SoughtReceipt) -> list[FoundReceipt]:
    """The code of a paper; that of an earlier return leads to its sale."""
    place = Place(sought.chain, sought.generation, sought.sequence)
    kept = reader.operations([place]).get(place)
    if kept is None or not kept.hash.startswith(sought.digest):
        return []
    return receipts_at(reader, _sales_of([kept]))


def _by_document(reader: Reader, sought: SoughtReceipt) -> list[FoundReceipt]:
    """Devices count each for itself, so several may have it: then the storage and the sum decide."""
    rows = reader.naming([name_of_document(sought.document, sought.sign)])
    kept = reader.operations({Place(*row[1:]) for row in rows}) if rows else {}
    found = receipts_at(reader, _sales_of(kept.values()))
    same = [one for one in found if _is_of_storage(one, sought.storage)]
    found = same or found
    return [one for one in found if is_of_sum(one, sought.kopecks)] or found if len(found) > 1 else found


def _by_number(reader: Reader, sought: SoughtReceipt, store: str) -> list[FoundReceipt]:
    rows = reader.naming([name_of_number(store, sought.day, sought.number)])
    found = receipts_at(reader, {Place(*row[1:]) for row in rows})
    return [one for one in found if sought.till in ("", one.sold.chain, one.sale.sale.pos)]


def _sales_of(kept: Iterable[KeptOperation]) -> set[Place]:
    """Themselves, or the sales that they name."""
    places = set()
    for one in kept:
        operation = _read(one)
        of = _of(operation) if operation is not None else None
        places.add(of or one.place)
    return places


def _of(operation: Operation) -> Place | None:
    of = getattr(operation.body, "of", None)
    return place_of(of) if isinstance(of, OperationRef) else None


def _sale_in(kept: KeptOperation) -> Operation | None:
    operation = _read(kept)
    return operation if operation is not None and isinstance(operation.body, Sale) else None


def _read(kept: KeptOperation) -> Operation | None:
    try:
        return read_operation(kept.text)
    except BadOperation:  # it was refused for that
        return None


def _is_of_storage(found: FoundReceipt, storage: str) -> bool:
    documents = [*found.sale.fiscal]
    documents += [one for _, said in found.said if isinstance(said.body, FiscalAdded) for one in said.body.fiscal]
    return any(one.device.lstrip("0") == storage.lstrip("0") for one in documents)


def is_of_sum(found: FoundReceipt, kopecks: int) -> bool:
    documents = [one.kopecks for one in found.sale.fiscal]
    return kopecks in (found.sale.paid_kopecks, found.sale.total_kopecks, *documents)
