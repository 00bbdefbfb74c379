"""What the random lives stand on: a hub in the same process behind a bad network, and two tills with their clocks."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hub.hub import Hub
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.store.records import Place
from loyalty.bodies import Sale
from loyalty.by_rules import unjudged
from loyalty.operation import Store, read_operation
from loyalty.programme import Programme
from offline_cache.cache import Cache
from sync.hub_port import HubUnreachable
from sync.worker import SyncWorker
from tests.hub_here import HubHere

TILLS = (("t1", -3, "Europe/Moscow"), ("t2", 7_000_000, None))  # name, seconds its clock is off, its store's zone


class Net(HubHere):
    """A network that loses requests and answers."""

    def __init__(self, hub: Hub, chance: random.Random) -> None:
        super().__init__(hub, self._lose)
        self.chance = chance
        self.losses = 0.0

    def _lose(self) -> None:
        if self.chance.random() < self.losses:
            raise HubUnreachable("The network lost it.")


@dataclass
class ShopTill:
    """A till: its file, its worker, and how far its clock is ahead."""

    cache: Cache
    worker: SyncWorker
    off: timedelta
    online: bool = True

    def close(self) -> None:
        self.cache.close()


def two_tills(
    folder: Path, net: Net, rules: Iterable[tuple[Programme, str]], now: Callable[[], datetime]
) -> list[ShopTill]:
    """Each with all the programmes, and their sources, that are in force now and then."""
    kept = list(rules)
    return [_till(folder, net, kept, now, *one) for one in TILLS]


def _till(
    folder: Path,
    net: Net,
    rules: list[tuple[Programme, str]],
    now: Callable[[], datetime],
    name: str,
    off_s: int,
    zone: str | None,
) -> ShopTill:
    cache = Cache(folder / f"{name}.db", name, Store(id="s-" + name, timezone=zone))
    off = timedelta(seconds=off_s)
    worker = SyncWorker(cache, net, programme="alenka", jitter=lambda: 0.0, clock=lambda: now() + off)
    for programme, source in rules:
        cache.programmes.keep(programme.content_hash, source)
    return ShopTill(cache=cache, worker=worker, off=off)


def by_the_rules(hub: Hub, now: datetime) -> None:
    """The hub works every sale of our tills out again, and finds no fault with one."""
    (rules,) = [job for job in JOBS if job.name == "rules"]
    found = sum(Running(hub).run(rules, now))
    with hub.store.reading() as reader:
        wrong = [
            (case, kept.text)
            for case in reader.all_cases()
            if case.kind == "not_by_rules"
            for kept in reader.operations([Place(*case[:3])]).values()
        ]
        assert not wrong, wrong
        sales = [sold for kept in reader.all_operations() if isinstance((sold := read_operation(kept.text)).body, Sale)]
    assert found == 0 and len(sales) > 0
    assert [
        sold for sold in sales if unjudged(sold) not in (None, "of_nobody") or hub.rules(sold.programme_hash) is None
    ] == []
