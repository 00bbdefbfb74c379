"""What a till is told in an hour where its store is a shop with members of its own, against the chain.

A hub on a file and its real pages; tills are cursors. A hundred stores with twenty tills each, from 50 to 2,000
receipts a day; each has its regulars, and one receipt of ten is of somebody else's. A till asks for its pages once an
hour here: what asking more often costs is the same in both, and told beside it. `--short`: three hours of the day, and
two tills of each store read.
"""

from __future__ import annotations

import json
import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.chain import Chain
from config.programmes import load_programme
from hub.build import build_hub
from hub.files.checked import rows_of
from hub.hub import Hub
from hub.importing import Import
from hub.members import NewMember
from hub.store.office_records import StoreRow
from hub.stores import keep_store, see
from loyalty.bodies import Accrued, Sale, SaleNumber
from loyalty.operation import Store
from sync.protocol import CHAIN, PAGE_MEMBERS_MAX, SHOP
from sync.retry import POLL_S

STORES: Final = 100
TILLS: Final = 20
RECEIPTS_A_DAY: Final = (50, 2_000)
HOURS: Final = 12  # a store is open for so long
REGULARS: Final = 2  # members for each receipt a day
ELSEWHERE: Final = 0.1  # receipts of somebody else's members
WITH_CARD: Final = 0.8
SENT_AT_ONCE: Final = 500
BEGIN: Final = datetime(2026, 11, 29, 6, tzinfo=UTC)
ALENKA = load_programme("alenka")


@dataclass(slots=True)
class Till(Chain):
    """One at the hub's end: where its chain ends, how far it has read, what it was told in each hour."""

    store: str
    scope: str
    cursor: str = ""
    hours: list[int] = field(default_factory=list)

    def pull(self, hub: Hub) -> int:
        """All that is to be told; how many bytes that was."""
        told, more = 0, True
        while more:
            page = hub.changes(
                till=self.name,
                programme=ALENKA.id,
                after=self.cursor,
                limit=PAGE_MEMBERS_MAX,
                store=self.store,
                scope=self.scope,
            )
            self.cursor, self.scope, more = page.cursor, page.scope, page.more
            told += len(msgspec.json.encode(page))
        return told


@dataclass(slots=True)
class Shop:
    """A store, its tills and its regulars."""

    id: str
    receipts_a_day: int
    tills: list[Till]
    regulars: list[str]


class Town:
    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.chance = chance
        self.now = BEGIN
        self.hub = build_hub(folder / "hub.db", {ALENKA.id: ALENKA}, serving=True, now=lambda: self.now)
        self.shops = [self._shop(number) for number in range(STORES)]
        self.numbers = 0
        members = [member for shop in self.shops for member in shop.regulars]
        rows = rows_of(_new(member, line) for line, member in enumerate(members, 2))
        for _ in Import(self.hub, rows, "town").steps():
            pass
        for shop in self.shops:
            self._open(shop)

    def _shop(self, number: int) -> Shop:
        low, high = map(math.log, RECEIPTS_A_DAY)
        receipts = round(math.exp(low + (high - low) * number / (STORES - 1)))
        id = f"s{number:03}"
        tills = [Till(f"{id}-{till:02}", id, SHOP + id) for till in range(TILLS)]
        return Shop(id, receipts, tills, [f"{id}-m{one:05}" for one in range(receipts * REGULARS)])

    def _open(self, shop: Shop) -> None:
        self.hub.within(lambda writer: keep_store(writer, StoreRow(shop.id, members="shop")))
        for start in range(0, len(shop.regulars), SENT_AT_ONCE):
            some = shop.regulars[start : start + SENT_AT_ONCE]
            self.hub.within(lambda writer, some=some: see(writer, shop.id, some, self.now))  # type: ignore[misc]

    def hour(self) -> list[int]:
        """An hour's receipts come in; how many each shop had."""
        counts = []
        for shop in self.shops:
            count = int(shop.receipts_a_day / HOURS + self.chance.random())
            counts.append(count)
            texts: dict[str, list[str]] = {}
            for _ in range(count):
                till = self.chance.choice(shop.tills)
                _, text = till.written(self._sale(shop), self.now, Store(id=till.store), ALENKA)
                texts.setdefault(till.name, []).append(text)
            for name, said in texts.items():
                taken = self.hub.take(name, said)
                assert taken.stopped is None and all(answer.result == "applied" for answer in taken.answers)
        self.now += timedelta(hours=1)
        return counts

    def _sale(self, shop: Shop) -> Sale:
        self.numbers += 1
        whose = self.chance.choice(self.shops) if self.chance.random() < ELSEWHERE else shop
        member = self.chance.choice(whose.regulars) if self.chance.random() < WITH_CARD else None
        return Sale(
            sale=SaleNumber(day=self.now.date().isoformat(), number=str(self.numbers)),
            member=member,
            card=None,
            link="online",
            lines=(),
            total_kopecks=100_000,
            paid_kopecks=100_000,
            accrued=Accrued(points=self.chance.randrange(1, 60)) if member else Accrued(),
        )


def _new(member: str, line: int) -> NewMember:
    fields = {"phone": None, "registered": True, "birthday": None, "favourites": ()}
    return NewMember(line=line, programme=ALENKA.id, card=f"c{member}", points=100, member=member, **fields)  # type: ignore[arg-type]


def main() -> None:
    short = "--short" in sys.argv
    hours, read_tills = (3, 2) if short else (HOURS, TILLS)
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder), random.Random(17))
        chain = Till("chain-01", "", CHAIN)
        read = {shop.id: shop.tills[:read_tills] for shop in town.shops}
        first = {shop.id: max([till.pull(town.hub) for till in read[shop.id]]) for shop in town.shops}
        chain_first = chain.pull(town.hub)
        empty = chain.pull(town.hub)
        counts, pulls = [], []
        for _ in range(hours):
            counts.append(town.hour())
            for till in (till for tills in read.values() for till in tills):
                begun = time.perf_counter()
                till.hours.append(till.pull(town.hub))
                pulls.append(time.perf_counter() - begun)
            chain.hours.append(chain.pull(town.hub))
        _tell(town, read, first, chain, chain_first, empty, counts, pulls)
        town.hub.close()


def _tell(
    town: Town,
    read: dict[str, list[Till]],
    first: dict[str, int],
    chain: Till,
    chain_first: int,
    empty: int,
    counts: list[list[int]],
    pulls: list[float],
) -> None:
    receipts = [statistics.mean(hour[number] for hour in counts) for number in range(STORES)]
    told = [statistics.mean(size for till in read[shop.id] for size in till.hours) for shop in town.shops]
    each = [(size - empty) / count for size, count in zip(told, receipts, strict=True)]
    print(f"{STORES} stores of {TILLS} tills, {sum(len(shop.regulars) for shop in town.shops):,} members")
    print(f"{'receipts an hour':>18} {'bytes to a till an hour':>24} {'for a receipt':>14} {'to begin with':>14}")
    for number in _some():
        shop = town.shops[number]
        print(f"{receipts[number]:>18.1f} {told[number]:>24,.0f} {each[number]:>14,.0f} {first[shop.id]:>14,}")
    chain_hour = statistics.mean(chain.hours)
    total = sum(receipts)
    print(f"{total:>18.1f} {chain_hour:>24,.0f} {(chain_hour - empty) / total:>14,.0f} {chain_first:>14,}  (chain)")
    polls = 3600 / POLL_S
    print(f"an empty page has {empty} bytes: every {POLL_S:.0f} s, {empty * polls / 1e6:.2f} MB an hour in both")
    result = {
        "receipts_an_hour": [min(receipts), statistics.median(receipts), max(receipts)],
        "bytes_an_hour": [round(min(told)), round(statistics.median(told)), round(max(told))],
        "bytes_a_receipt": [round(min(each)), round(statistics.median(each)), round(max(each))],
        "correlation": round(statistics.correlation(receipts, told), 4),
        "chain_bytes_an_hour": round(chain_hour),
        "chain_to_median": round(chain_hour / statistics.median(told), 1),
        "empty_page": empty,
        "pull_ms": round(statistics.median(pulls) * 1000, 2),
    }
    print(json.dumps(result))


def _some() -> Iterator[int]:
    """Shops for the table, the smallest to the largest."""
    return iter(range(0, STORES, (STORES - 1) // 6))


if __name__ == "__main__":
    main()
