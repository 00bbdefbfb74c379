"""A receipt of the system before, as a file tells it: a row a line, which follow one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

import msgspec

from hub.brought.kind import Who
from hub.files.reasons import BadValue, Fault
from hub.files.rows import Row
from loyalty.basket import LINES_MAX
from loyalty.bodies import SoldLine, Tender
from loyalty.money import format_kopecks

# what all rows of a receipt say, or one of them
OF_ALL: Final = ("time", "card", "total_kopecks", "accrued", "redeemed", "device", "document", "sign", "tenders")


class Receipt(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """`day` and `time` by the shop's clock. Of one row: with one line."""

    line: int
    store: str
    day: str
    number: str
    pos: str
    time: str | None
    card: str | None
    total_kopecks: int | None
    accrued: int | None
    redeemed: int | None
    device: str | None
    document: str | None
    sign: str | None
    tenders: tuple[Tender, ...]
    goods: tuple[SoldLine, ...]

    @property
    def whose(self) -> Who:
        """A card of those times may be nobody's here: the receipt is kept with its number."""
        return Who()

    @property
    def sum_kopecks(self) -> int:
        return sum(one.net_kopecks for one in self.goods)


def gathered(rows: Iterable[Row[Receipt]]) -> Iterator[Row[Receipt]]:
    """Rows that follow one another and are of one receipt, as its one row; with all that is wrong with any of them."""
    for _, some in groupby(rows, key=_key):
        yield _receipt_of(list(some))


def _key(row: Row[Receipt]) -> tuple[Any, ...]:
    """A row that does not say of which receipt it is stands alone."""
    key = _number(row)
    return (row.line,) if key is None else key


def _receipt_of(rows: Sequence[Row[Receipt]]) -> Row[Receipt]:
    first = rows[0]
    faults = [
        fault if row is first else Fault(fault.kind, f"line {row.line}: {fault.words}")
        for row in rows
        for fault in row.faults
    ]
    good = None if faults else _whole([row.good for row in rows if row.good is not None], faults)
    rubles = good.sum_kopecks if good is not None else sum(row.said.get("rubles") or 0 for row in rows)
    said = {"rubles": rubles, "points": len(rows), "receipt": _called(first)}
    return Row(first.line, said, tuple(faults), good, more_lines=tuple(row.line for row in rows[1:]))


def _number(row: Row[Receipt]) -> tuple[str, str, str, str] | None:
    """Store, day, number and till; None: it does not say all of them."""
    store, day, number, pos = (row.said.get(name) for name in ("store", "day", "number", "pos"))
    if store is None or day is None or number is None or pos is None:
        return None
    return store, day[0], number, pos


def _called(row: Row[Receipt]) -> str | None:
    """As people say which it is; None: nobody can."""
    key = _number(row)
    if key is None:
        return None
    store, day, number, pos = key
    return f"{number} of {day} in {store}" + (f", till {pos}" if pos else "")


def _whole(parts: Sequence[Receipt], faults: list[Fault]) -> Receipt | None:
    try:
        whole = _joined(parts)
        _check(whole)
    except BadValue as error:
        faults.append(Fault(error.kind, error.words))
        return None
    return whole


def _joined(parts: Sequence[Receipt]) -> Receipt:
    """Raises BadValue where two rows do not say the same."""
    said: dict[str, Any] = {name: _of_all([getattr(part, name) for part in parts], name) for name in OF_ALL}
    goods = tuple(msgspec.structs.replace(part.goods[0], id=str(number)) for number, part in enumerate(parts, start=1))
    return msgspec.structs.replace(parts[0], goods=goods, **said)


def _of_all(values: Sequence[Any], name: str) -> Any:
    there = list(dict.fromkeys(value for value in values if value not in (None, ())))
    if len(there) > 1:
        raise BadValue("receipt_differs", f"its rows say more than one {name.removesuffix('_kopecks')}")
    return there[0] if there else values[0]


def _check(receipt: Receipt) -> None:
    if len(receipt.goods) > LINES_MAX:
        raise BadValue("total", f"{len(receipt.goods)} lines are more than {LINES_MAX}, which no receipt has")
    total, sum_kopecks = receipt.total_kopecks, receipt.sum_kopecks
    if total is not None and total != sum_kopecks:
        more = "more" if sum_kopecks > total else "less"
        raise BadValue(
            "total",
            f"its lines come to {format_kopecks(sum_kopecks)}, its total is {format_kopecks(total)}:"
            f" {format_kopecks(abs(sum_kopecks - total))} {more}",
        )
    paid_kopecks = sum(tender.kopecks for tender in receipt.tenders)
    if paid_kopecks > sum_kopecks:
        raise BadValue(
            "total",
            f"{format_kopecks(paid_kopecks)} was paid, its lines come to {format_kopecks(sum_kopecks)}:"
            f" {format_kopecks(paid_kopecks - sum_kopecks)} more; change is no part of what was paid",
        )
