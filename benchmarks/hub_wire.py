"""For benchmarks.hub: what goes through `pos-hub serve`, a process of its own. A till's whole outbox, from its disk to
the books and the answers back on its disk; and single pushes while `pos-hub verify` reads the same ledger."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from benchmarks.hub_databases import Database
from benchmarks.hub_ledgers import Size, guests
from benchmarks.hub_sales import NOW, PROGRAMME, SHOP, Guest, Till
from hub.build import build_hub
from hub.hub import Hub
from offline_cache.cache import Cache, Rules
from sync.client import HubClient
from sync.identity import Speaker
from sync.protocol import BATCH_OPERATIONS_MAX, PushRequest
from sync.worker import SyncWorker
from tests.speaking import joined, speaking

RULES = Rules(programme=PROGRAMME.id, programme_hash=PROGRAMME.content_hash)
PAUSE_S = 0.02  # between two single pushes: some tills of a shop at noon
POS_HUB = (sys.executable, "-P", "-m", "hub")


@contextmanager
def served(ledger: str) -> Iterator[str]:
    """The URL of a hub on this file."""
    command = [*POS_HUB, "serve", "--db", ledger, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as hub:
        assert hub.stdout is not None
        line = hub.stdout.readline()
        try:
            assert line, "the hub did not start"
            yield json.loads(line)["url"]
        finally:
            hub.terminate()


def _ledger_guests(database: Database, ledger: str, size: Size) -> list[Guest]:
    store = database.store(ledger)
    found = guests(store, size)
    store.close()
    return found


def end_to_end(database: Database, size: Size, count: int) -> dict[str, float]:
    """Operations a second: all the way, and of the engine alone with the same operations in batches as the wire's."""
    ours, alone = (database.copy(size, f"wire_{name}") for name in ("served", "alone"))
    with tempfile.TemporaryDirectory() as folder:
        cache = Cache(Path(folder) / "till.db", "wire", SHOP)
        writer, comers = Till("wire", random.Random(23)), _ledger_guests(database, ours, size)
        for _ in range(count):
            body, _ = writer.sale(writer.chance.choice(comers))
            cache.record([body], sale=body.sale, rules=RULES, papers=lambda made: [], at=writer.at)
        texts = [text for _, text in cache.outbox(count)]
        with served(ours) as url:
            client = HubClient(url, _speaker(ours, "wire"))
            worker = SyncWorker(
                cache, client, programme=PROGRAMME.id, jitter=lambda: 0.5, clock=lambda: datetime.now(UTC)
            )
            began = perf_counter()
            while cache.outbox(1):
                worker.step(0.0)
                assert worker.state.online, worker.state.cause
            whole = count / (perf_counter() - began)
            client.close()
        cache.close()
    engine = _alone_per_s(database, alone, texts)
    for ledger in (ours, alone):
        database.drop(ledger)
    return {"end_to_end_per_s": whole, "end_to_end_of_engine": whole / engine}


def _speaker(ledger: str, till: str) -> Speaker:
    """The till has joined, with a new key; nothing of the ceremony is measured here."""
    hub = build_hub(Path(ledger), {}, serving=False)
    try:
        return speaking(joined(hub, till))
    finally:
        hub.close()


def _alone_per_s(database: Database, ledger: str, texts: list[str]) -> float:
    hub = Hub(database.store(ledger), now=lambda: NOW, programmes={PROGRAMME.id: PROGRAMME})
    began = perf_counter()
    for start in range(0, len(texts), BATCH_OPERATIONS_MAX):
        hub.take("wire", texts[start : start + BATCH_OPERATIONS_MAX])
    seconds = perf_counter() - began
    hub.close()
    return len(texts) / seconds


def pushes_beside_verify(database: Database, size: Size, pushes: int) -> dict[str, float]:
    """Milliseconds of the slowest hundredth of single pushes, alone and while the whole ledger is verified."""
    ledger = database.copy(size, "verified")
    till, comers = Till("single", random.Random(29)), _ledger_guests(database, ledger, size)
    with served(ledger) as url:
        client = HubClient(url, _speaker(ledger, till.name))
        _timed_pushes(client, till, comers, pushes // 10)  # the first ones open what there is to open
        normal = _timed_pushes(client, till, comers, pushes)
        began = perf_counter()
        with subprocess.Popen([*POS_HUB, "verify", "--db", ledger], stdout=subprocess.PIPE, text=True) as verify:
            beside = _timed_pushes(client, till, comers, pushes, verify)
            said, _ = verify.communicate()
        seconds = perf_counter() - began
        client.close()
    database.drop(ledger)
    assert verify.returncode == 0, said
    p99, p99_beside = (quantiles(times, n=100)[98] * 1_000 for times in (normal, beside))
    return {
        "push_p99_ms": p99,
        "push_p99_beside_verify_ms": p99_beside,
        "verify_p99_ratio": p99_beside / p99,
        "verify_operations_per_s": int(said.split()[0]) / seconds,
    }


def _timed_pushes(
    client: HubClient, till: Till, comers: list[Guest], count: int, until: subprocess.Popen[str] | None = None
) -> list[float]:
    """Seconds of each; as long as the process `until` runs, when there is one."""
    times: list[float] = []
    while len(times) < count if until is None else until.poll() is None:
        _, text = till.sale(till.chance.choice(comers))
        time.sleep(PAUSE_S)
        began = perf_counter()
        client.push(PushRequest(till=till.name, operations=(text,)))
        times.append(perf_counter() - began)
    return times
