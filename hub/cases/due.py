"""Which cases must stand in the ledger, as far as an operation alone determines it: told to whoever verifies.

A receipt's deviations and a refusal do. Debt and a coupon honoured twice depend on what came before, a clock on when
the operation came, and sales against their rules are looked at later: of those only that they could be is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec

from hub.blanks.odd import blank_of
from hub.books.certificate_tenders import tendered
from hub.cases.opening import deviations_of, has_customer
from hub.store.records import CaseRow, KeptOperation, Place
from loyalty.bodies import PointsToPartner, Return, Sale
from loyalty.operation import Operation

SINCE: Final = "cases_since"  # a setting: where chains ended when a ledger began to keep cases
DETERMINED: Final = frozenset({"deviation", "refused"})

_since = msgspec.json.Decoder(dict[str, int])


class Cases:
    """The table beside the operations, in the same order."""

    def __init__(self, rows: Iterator[CaseRow], since: str | None) -> None:
        self._rows = rows
        self._unreadable = ""
        self._next = self._taken()
        self._since = _read(since)

    def faults_of(self, kept: KeptOperation, operation: Operation | None) -> Iterator[str]:
        """`operation` None: it cannot be read."""
        there: dict[str, CaseRow] = {}
        while self._next is not None and self._next.place <= kept.place:
            if self._next.place == kept.place:
                there[self._next.kind] = self._next
            else:
                yield _stray(self._next)
            self._next = self._taken()
        if self._unreadable:  # what comes behind it is not known
            return
        due = set(_due(kept, operation))
        if self._is_of_before(kept.place):
            due &= there.keys()
        for kind in sorted(due - there.keys()):
            yield f"case {kind}/{kept.place.id}: an operation says so, the ledger does not"
        for kind, case in there.items():
            if kind not in due and (kind in DETERMINED or not _could_be(case, kept, operation)):
                yield f"case {case.id}: no operation says so"

    def rest(self) -> Iterator[str]:
        while self._next is not None:
            yield _stray(self._next)
            self._next = self._taken()
        if self._unreadable:
            yield f"cases: a row cannot be read: {self._unreadable}"

    def _taken(self) -> CaseRow | None:
        try:
            return next(self._rows, None)
        except ValueError as error:  # a moment that is none
            self._unreadable = str(error)
            return None

    def _is_of_before(self, place: Place) -> bool:
        return place.sequence <= self._since.get(f"{place.chain}/{place.generation}", 0)


def _read(since: str | None) -> dict[str, int]:
    """Nothing where somebody wrote what it cannot be: then too many cases are missed, and that is seen."""
    try:
        return _since.decode(since) if since is not None else {}
    except msgspec.DecodeError:
        return {}


def _stray(case: CaseRow) -> str:
    return f"case {case.id}: its operation is not there"


def _due(kept: KeptOperation, operation: Operation | None) -> Iterator[str]:
    if kept.reason is not None:
        if has_customer(kept.place, operation):
            yield "refused"
    elif operation is not None and deviations_of(operation):
        yield "deviation"


def _could_be(case: CaseRow, kept: KeptOperation, operation: Operation | None) -> bool:
    """A kind that is not known here was opened by a newer program."""
    ask = _COULD_BE.get(case.kind)
    return ask is None or (operation is not None and ask(kept, operation))


def _sale(kept: KeptOperation, operation: Operation) -> Sale | None:
    """One that was applied."""
    return operation.body if kept.reason is None and isinstance(operation.body, Sale) else None


def _redeems(kept: KeptOperation, operation: Operation) -> bool:
    if isinstance(operation.body, PointsToPartner):
        return kept.reason is None
    sale = _sale(kept, operation)
    return sale is not None and sale.redeemed.points > 0


def _has_coupons(kept: KeptOperation, operation: Operation) -> bool:
    sale = _sale(kept, operation)
    return sale is not None and bool(sale.coupons)


def _spends_stickers(kept: KeptOperation, operation: Operation) -> bool:
    sale = _sale(kept, operation)
    return sale is not None and sale.stickers is not None and bool(sale.stickers.spent)


def _has_certificates(kept: KeptOperation, operation: Operation) -> bool:
    sale = _sale(kept, operation)
    return sale is not None and bool(tendered(sale.tenders))


_COULD_BE: Final[Mapping[str, Callable[[KeptOperation, Operation], bool]]] = {
    "debt": _redeems,
    "coupon_twice": _has_coupons,
    "coupon_limit": _has_coupons,
    "coupon_budget": _has_coupons,
    "coupon_revoked": _has_coupons,
    "coupon_member": _has_coupons,
    "stickers_owed": _spends_stickers,
    "odd_blank": lambda kept, operation: kept.reason is None and blank_of(operation) is not None,
    "came_back_twice": lambda kept, operation: isinstance(operation.body, Return),
    "certificate_beyond": _has_certificates,
    "not_by_rules": lambda kept, operation: _sale(kept, operation) is not None,
}
