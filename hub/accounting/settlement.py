"""Between legal entities: whoever gave points pays for them to whoever took them as money.

A point is of the entity whose operation made its lot, and a redemption is of its store's: each point of a lot that a
sale takes is a claim on the lot's entity. A return moves the same the other way, at the sale's entity. Of the operator
("") are points that were given in no store and what no lot covered; whoever gives points that pay a debt owes them to
him. What died unspent or was corrected is nobody's claim.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from hub.accounting.moved import Moved, issuers_of, store_of
from hub.store.seam import Reader
from loyalty.bodies import Return, Sale

OPERATOR: Final = ""


class Pair(NamedTuple):
    """`debtor` gave the points, `creditor` took them."""

    programme: str
    debtor: str
    creditor: str


class Claim(NamedTuple):
    points: int
    kopecks: int


class Settlement:
    """Points and kopecks that one entity owes another, as long as they are two."""

    def __init__(self) -> None:
        self._points: Counter[Pair] = Counter()
        self._kopecks: Counter[Pair] = Counter()

    def take(self, reader: Reader, some: Iterable[Moved]) -> None:
        receipts = [moved for moved in some if isinstance(moved.operation.body, Sale | Return)]
        issuers = issuers_of(reader, {lot for moved in receipts for lot in _lots(moved)})
        for moved in receipts:
            for pair, points in _claims(moved, issuers):
                self._points[pair] += points
                self._kopecks[pair] += moved.rules.kopecks(points)

    def claims(self) -> dict[Pair, Claim]:
        """Of each two in one programme, who owes the other in the end."""
        net: dict[Pair, Claim] = {}
        for pair in sorted(self._points):
            other = pair._replace(debtor=pair.creditor, creditor=pair.debtor)
            if other in self._points and other < pair:
                continue  # was looked at with the other
            points = self._points[pair] - self._points[other]
            kopecks = self._kopecks[pair] - self._kopecks[other]
            if (kopecks, points) > (0, 0):
                net[pair] = Claim(points, kopecks)
            elif points or kopecks:
                net[other] = Claim(-points, -kopecks)
        return net

    def balances(self) -> dict[tuple[str, str], int]:
        """Kopecks that each entity gets in a programme, less what it pays: together nothing."""
        balances: Counter[tuple[str, str]] = Counter()
        for pair, kopecks in self._kopecks.items():
            balances[pair.programme, pair.creditor] += kopecks
            balances[pair.programme, pair.debtor] -= kopecks
        return dict(sorted(balances.items()))


def _lots(moved: Moved) -> Iterator[str]:
    return (entry.lot for entry in moved.entries if entry.lot is not None)


def _claims(moved: Moved, issuers: Mapping[str, str]) -> Iterator[tuple[Pair, int]]:
    """An expiry's two entries of a lot come to nothing, so what moved by it is no claim."""
    entities, programme = moved.booked.closing.entities, moved.operation.programme
    here = entities.get(store_of(moved.where), OPERATOR)
    for entry in moved.entries:
        if entry.lot is None and entry.account != "debt":
            continue
        issuer = entities.get(issuers.get(entry.lot or "", ""), OPERATOR)
        if issuer != here:
            yield Pair(programme, issuer, here), -entry.points
