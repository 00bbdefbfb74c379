"""For benchmarks.hub: four processes, each with an engine and a connection of its own, push into one PostgreSQL. Their
tills are their own, their members are everybody's."""

from __future__ import annotations

import multiprocessing
import random
from time import perf_counter

from benchmarks.hub_databases import Database, open_store
from benchmarks.hub_ledgers import Size, guests
from benchmarks.hub_sales import NOW, PROGRAMME, Till
from hub.face.serving import calm_collector
from hub.hub import Hub

CONNECTIONS = 4
START_WAIT_S = 600.0  # writing the texts comes first

# A process that was forked would share its parent's connections.
_processes = multiprocessing.get_context("spawn")


def four_per_s(database: Database, size: Size, each: int, batch: int) -> float:
    """Operations a second of all four, from the first begun to the last durable; each pushes so many."""
    ledger = database.copy(size, f"four_{batch}")
    ready = _processes.Barrier(CONNECTIONS)
    ends: multiprocessing.Queue[tuple[float, float]] = _processes.Queue()
    workers = [
        _processes.Process(target=_push, args=(ledger, size, number, each, batch, ready, ends))
        for number in range(CONNECTIONS)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not any(worker.exitcode for worker in workers), "one of the four failed"
    times = [ends.get() for _ in workers]
    database.drop(ledger)
    return CONNECTIONS * each / (max(end for _, end in times) - min(began for began, _ in times))


def _push(
    ledger: str,
    size: Size,
    number: int,
    each: int,
    batch: int,
    ready: multiprocessing.synchronize.Barrier,
    ends: multiprocessing.Queue[tuple[float, float]],
) -> None:
    store = open_store(ledger, serving=False)
    till = Till(f"four-{number}", random.Random(number))
    texts = till.texts(guests(store, size), each)
    hub = Hub(store, now=lambda: NOW, programmes={PROGRAMME.id: PROGRAMME})
    calm_collector()  # as `pos-hub serve` does
    ready.wait(START_WAIT_S)
    began = perf_counter()  # the same clock in every process
    for start in range(0, each, batch):
        taken = hub.take(till.name, texts[start : start + batch])
        assert taken.stopped is None, taken.stopped
    ends.put((began, perf_counter()))
    hub.close()
