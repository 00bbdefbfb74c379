"""A certificate as people of the office see it: what is on it, and everything that happened to it, oldest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from hub.books.certificate_tenders import tendered
from hub.books.named import name_of_certificate
from hub.certificates.asking import held_by_others
from hub.store.certificate_records import CertificateRow
from hub.store.records import KeptOperation, Place
from hub.store.seam import Reader
from loyalty.bodies import CertificateReplaced
from loyalty.kinds import name_of
from loyalty.money import format_kopecks
from loyalty.operation import BadOperation, Operation, read_operation
from loyalty.utc import utc_text

Pair = tuple[str, str]  # Russian, English


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One operation. `kopecks`: what it had more (or less) after it; `beyond`: what the shop bears of it."""

    at: str
    id: str
    kind: str
    words: str
    words_ru: str
    kopecks: int = 0
    beyond: int = 0
    where: str = ""
    by: str = ""
    refused: str = ""


class CertificateView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`held`: of what is left, what receipts have reserved just now; `instead_of`: the one that it replaced."""

    number: str
    programme: str
    state: str  # not_sold, open, blocked, replaced, ended
    face_kopecks: int
    left_kopecks: int
    held_kopecks: int = 0
    beyond_kopecks: int = 0
    paid: bool = True
    until: str | None = None
    store: str = ""
    successor: str | None = None
    instead_of: str | None = None
    wrong_pins: int = 0
    history: tuple[Event, ...] = ()


class _Read(NamedTuple):
    kept: KeptOperation
    operation: Operation


def viewed(reader: Reader, row: CertificateRow, now: datetime) -> CertificateView:
    found = list(_operations(reader, row.number))
    holds = reader.certificate_holds_of([row.number])
    return CertificateView(
        number=row.number,
        programme=row.programme,
        state=_state(row, now),
        face_kopecks=row.face,
        left_kopecks=row.left,
        held_kopecks=min(row.left, held_by_others(holds, "", now)),
        beyond_kopecks=row.beyond,
        paid=row.paid,
        until=utc_text(row.until) if row.until is not None else None,
        store=row.store,
        successor=row.successor,
        instead_of=next(filter(None, (_instead_of(one, row.number) for one in found)), None),
        wrong_pins=row.tries,
        history=tuple(_events(reader, row.number, found)),
    )


def _state(row: CertificateRow, now: datetime) -> str:
    if not row.face and row.state == "open":
        return "not_sold"
    return "ended" if row.state == "open" and row.until is not None and row.until <= now else row.state


def _operations(reader: Reader, number: str) -> Iterator[_Read]:
    """By the clocks of those who made them."""
    places = {Place(*row[1:]) for row in reader.naming([name_of_certificate(number)])}
    read = []
    for kept in reader.operations(places).values() if places else ():
        try:
            read.append(_Read(kept, read_operation(kept.text)))
        except BadOperation:
            continue
    yield from sorted(read, key=lambda one: (one.operation.at, one.kept.place))


def _instead_of(one: _Read, number: str) -> str | None:
    body = one.operation.body
    made = one.kept.reason is None and isinstance(body, CertificateReplaced) and body.into == number
    return body.certificate if made and isinstance(body, CertificateReplaced) else None


def _events(reader: Reader, number: str, found: list[_Read]) -> Iterator[Event]:
    sums: Counter[tuple[Place, str]] = Counter()
    for entry in reader.certificate_entries_of([one.kept.place for one in found]) if found else ():
        if entry.certificate == number:
            sums[entry.place, entry.account] += entry.kopecks
    for kept, operation in found:
        body, kind = operation.body, name_of(operation.body)
        say = _WORDS.get(kind)
        russian, english = say(body, number) if say is not None else (kind, kind)
        yield Event(
            at=operation.at,
            id=kept.place.id,
            kind=kind,
            words=english,
            words_ru=russian,
            kopecks=sums[kept.place, "certificate"],
            beyond=-sums[kept.place, "beyond"],
            where=operation.store.id if operation.store else operation.chain,
            by=operation.by or "",
            refused=kept.reason or "",
        )


# in words


def _because(body: Any) -> str:
    return f": {body.reason}" if body.reason else ""


def _sold(body: Any, number: str) -> Pair:
    sum_ = format_kopecks(body.kopecks)
    if body.order:
        return (
            f"куплен в личном кабинете за {sum_}, заказ {body.order}",
            f"bought in the account for {sum_}, order {body.order}",
        )
    if body.paid:
        receipt = f", чек {body.sale.number}" if body.sale else "", f", receipt {body.sale.number}" if body.sale else ""
        return f"продан за {sum_}{receipt[0]}", f"sold for {sum_}{receipt[1]}"
    return f"подарен на {sum_}{_because(body)}", f"given, of {sum_}{_because(body)}"


def _used(body: Any, number: str) -> Pair:
    sum_ = format_kopecks(tendered(body.tenders)[number])
    return f"оплачено {sum_}, чек {body.sale.number}", f"{sum_} paid, receipt {body.sale.number}"


def _back(body: Any, number: str) -> Pair:
    sum_ = format_kopecks(tendered(body.tenders)[number])
    if not tendered(body.tenders)[number]:
        return "возврат товара", "goods came back"
    return f"вернулось {sum_} с возвратом товара", f"{sum_} came back with goods"


def _refunded(body: Any, number: str) -> Pair:
    sum_ = format_kopecks(body.kopecks)
    return f"возвращено деньгами {sum_}{_because(body)}", f"{sum_} given back in money{_because(body)}"


def _replaced(body: Any, number: str) -> Pair:
    if body.into == number:
        return (
            f"выпущен вместо {body.certificate}{_because(body)}",
            f"made instead of {body.certificate}{_because(body)}",
        )
    return f"заменён на {body.into}{_because(body)}", f"replaced by {body.into}{_because(body)}"


_WORDS: Final[Mapping[str, Callable[[Any, str], Pair]]] = {
    "sale": _used,
    "return": _back,
    "return_completed": _back,
    "certificate_sold": _sold,
    "certificate_refunded": _refunded,
    "certificate_blocked": lambda body, number: (f"заблокирован{_because(body)}", f"blocked{_because(body)}"),
    "certificate_replaced": _replaced,
    "certificate_ended": lambda body, number: (
        f"срок вышел, осталось {format_kopecks(body.kopecks)}",
        f"ended with {format_kopecks(body.kopecks)} on it",
    ),
}
