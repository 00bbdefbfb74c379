"""What operations come to in accounting's terms: points by the ledger's entries, money by what the receipts say.

Points and kopecks are told with the sign of what they are called: points issued, less those taken back; points
redeemed, less those given back. What members hold changes by issued - redeemed - expired + adjusted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from hub.accounting.certificates import PREPAID, moved_rubles
from hub.accounting.discounts import Off, off_back, off_sold
from hub.accounting.moved import Moved, store_of
from hub.store.records import Account
from loyalty.bodies import Return, Sale
from loyalty.kinds import READERS, kind_of, name_of, row_for
from loyalty.money import half_up
from loyalty.operation import Operation
from loyalty.returns import all_lines

SIGNS: Final[Mapping[Account, int]] = {"issued": -1, "redeemed": 1, "expired": 1, "adjusted": -1, "debt": -1}


class RowKey(NamedTuple):
    """Of a row: `late_of` is empty for what came in time, `tax` is the POS's own sign. `store` is where it happened, of
    points that died where they had been given; it and its `entity` are empty where there is none."""

    day: str
    late_of: str
    programme: str
    entity: str
    store: str
    what: str
    kind: str
    tax: str


class Amount(NamedTuple):
    what: str
    points: int
    kopecks: int
    tax: str = ""
    store: str | None = None  # None: of the operation


class Wanted(NamedTuple):
    """None: all of them."""

    programme: str | None = None
    entity: str | None = None
    store: str | None = None

    def holds(self, programme: str, entity: str, store: str) -> bool:
        told = (programme, entity, store)
        return all(want is None or want == have for want, have in zip(self, told, strict=True))


ALL: Final = Wanted()


class Sheet:
    """Sums of operations, points and kopecks by row; `control`: all entries by programme and account, in points, which
    for each programme sum to zero; `certificates`: their rubles, in kopecks. Both are of all stores, whatever is
    wanted."""

    def __init__(self, wanted: Wanted = ALL) -> None:
        self.rows: dict[RowKey, tuple[int, int, int]] = {}
        self.control: dict[str, Counter[str]] = {}
        self.certificates: dict[str, Counter[str]] = {}
        self.operations = 0
        self.told = 0  # of them, those that a row has
        self._wanted = wanted

    @property
    def is_part(self) -> bool:
        """Of some stores alone."""
        return (self._wanted.entity, self._wanted.store) != (None, None)

    def take(self, some: Iterable[Moved]) -> None:
        for moved in some:
            programme = moved.operation.programme
            if self._wanted.programme in (None, programme):
                self.operations += 1
                self._add(moved)
                control = self.control.setdefault(programme, Counter())
                for entry in moved.entries:
                    control[entry.account] += entry.points
                for what, kopecks in moved_rubles(moved.certificates) if moved.tells_certificates else ():
                    self.certificates.setdefault(programme, Counter())[what] += kopecks

    def _add(self, moved: Moved) -> None:
        """What one operation says in several places of one row is one there."""
        sums: dict[RowKey, tuple[int, int]] = {}
        for amount in amounts(moved):
            key = _key(moved, amount)
            if self._wanted.holds(key.programme, key.entity, key.store):
                before = sums.get(key, (0, 0))
                sums[key] = (before[0] + amount.points, before[1] + amount.kopecks)
        some = {key: moves for key, moves in sums.items() if any(moves)}
        self.told += bool(some)
        for key, (points, kopecks) in some.items():
            had = self.rows.get(key, (0, 0, 0))
            self.rows[key] = (had[0] + 1, had[1] + points, had[2] + kopecks)

    def sorted(self) -> Iterator[tuple[RowKey, tuple[int, int, int]]]:
        return ((key, self.rows[key]) for key in sorted(self.rows))


def _key(moved: Moved, amount: Amount) -> RowKey:
    operation, booked = moved.operation, moved.booked
    store = store_of(operation) if amount.store is None else amount.store
    entity = booked.closing.entities.get(store, "")
    kind = name_of(operation.body)
    return RowKey(booked.day, booked.late_of, operation.programme, entity, store, amount.what, kind, amount.tax)


def amounts(moved: Moved) -> Iterator[Amount]:
    """What one operation comes to."""
    body = moved.operation.body
    booked: Counter[Account] = Counter()
    for entry in moved.entries:
        if entry.account == "expired" and entry.lot is not None:
            yield Amount("expired", entry.points, moved.rules.kopecks(entry.points), store=moved.issuers.get(entry.lot))
        else:
            booked[entry.account] += entry.points
    for account, sign in SIGNS.items():
        points = sign * booked[account]
        told = _worth(moved) if account == "redeemed" else None
        yield Amount(account, points, moved.rules.kopecks(points) if told is None else told)
    if moved.tells_certificates:
        yield from (Amount(what, 0, kopecks) for what, kopecks in moved_rubles(moved.certificates))
    if READERS["accounting"](kind_of(body)):
        yield from row_for("accounting", MONEY, body)(moved, body)


def _worth(moved: Moved) -> int | None:
    """Kopecks that redeemed points were worth on their receipt."""
    body = moved.operation.body
    if isinstance(body, Sale):
        return body.redeemed.kopecks if body.redeemed.points else 0
    if isinstance(body, Return) and moved.sold is not None:
        sold = moved.sold.body
        assert isinstance(sold, Sale), "looked up so"
        whole = sold.redeemed
        return -half_up(whole.kopecks * body.restored.points, whole.points) if whole.points else 0
    return None


def _sale(moved: Moved, sale: Sale) -> Iterator[Amount]:
    for line in sale.lines:
        what = "advance" if moved.tells_certificates and line.category == PREPAID else "sold"
        yield Amount(what, 0, line.net_kopecks, line.tax or "")
    for line in sale.extras:
        yield Amount("fee", 0, line.net_kopecks, line.tax or "")
    coupons = sum([use.discount_kopecks for use in sale.coupons])
    for off in off_sold(sale):
        yield from _off(moved.operation, off, 1, by_rate=moved.tells_more)
        coupons -= off.coupons if moved.tells_more and _tells_offers(moved.operation) else 0
    yield Amount("of_it_coupons", 0, coupons)


def _off(sold: Operation, off: Off, sign: int, by_rate: bool) -> Iterator[Amount]:
    """Discounts of a line; what is nothing is no row."""
    if off.points:
        yield Amount("discount_points", 0, sign * off.points, off.tax)
    if off.offers and _tells_offers(sold):
        yield Amount("discount_offers", 0, sign * off.offers, off.tax)
    if off.coupons and by_rate and _tells_offers(sold):
        yield Amount("of_it_coupons", 0, sign * off.coupons, off.tax)


def _return(moved: Moved, back: Return) -> Iterator[Amount]:
    """By the rates of the sale's lines; what no line says stands without one."""
    sold = moved.sold.body if moved.sold is not None else None
    lines = {line.id: line for line in all_lines(sold)} if isinstance(sold, Sale) else {}
    rates = {id: line.tax or "" for id, line in lines.items()}
    prepaid = {id for id, line in lines.items() if moved.tells_certificates and line.category == PREPAID}
    for line in back.lines:
        what = "advance_back" if line.id in prepaid else "refund"
        yield Amount(what, 0, line.refund_kopecks, rates.get(line.id, ""))
    yield Amount("refund", 0, back.refund_kopecks - sum(line.refund_kopecks for line in back.lines))
    if moved.sold is not None and isinstance(sold, Sale) and moved.tells_more:
        for off in off_back(sold, moved.before, back):
            yield from _off(moved.sold, off, -1, by_rate=True)


def _tells_offers(sold: Operation) -> bool:
    """The oldest version did not say what the POS took off."""
    return sold.v > 1


def _certificate(moved: Moved, body: object) -> Iterator[Amount]:
    """What it moved stands in its entries."""
    yield from ()


MONEY: Final[Mapping[str, Callable[[Moved, Any], Iterator[Amount]]]] = {
    "sale": _sale,
    "return": _return,
    "certificate_sold": _certificate,
    "certificate_refunded": _certificate,
    "certificate_blocked": _certificate,
    "certificate_replaced": _certificate,
}
