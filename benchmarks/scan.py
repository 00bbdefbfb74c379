"""From the last byte on the line to the scan in the agent's queue: the real driver's thread on a pty, against a loop
over pyserial's `readline()`, in turns in the same run.

    python -m benchmarks.scan

Another process writes the codes, so that the reader alone has this one's interpreter.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import random
import statistics
import tempfile
import threading
import time
import tty
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

import serial

from config.programmes import load_programme
from drivers.life import DeviceState
from drivers.scanner.scan import Scan
from drivers.scanner.scanner import open_scanner, run
from drivers.scanner.stream import ScanStream
from offline_cache.cache import Cache
from pos_agent.agent import Agent
from pos_agent.checkout import Checkout

SCANS = 10_000
ROUNDS = 5
PAUSE_S = (0.001, 0.003)  # between two scans; no cashier is faster, and the line is quiet when the next one comes
TARGET_MS = 5.0

Reader = Callable[[str, Callable[[str], None], threading.Event, threading.Event], None]


def write_codes(master: int, first: int, count: int, seed: int, sent: Connection) -> None:
    """Codes with their number; tells when the last byte of each was written."""
    dice, stamps = random.Random(seed), []
    for number in range(first, first + count):
        os.write(master, f"{number:013}".encode())
        stamps.append(time.monotonic_ns())
        os.write(master, b"\n")
        time.sleep(dice.uniform(*PAUSE_S))
    sent.send(stamps)


def ours(path: str, arrived: Callable[[str], None], ready: threading.Event, stop: threading.Event) -> None:
    """The driver, the stream, the agent's queue; the agent's loop takes the events out and does no more."""
    with tempfile.TemporaryDirectory() as folder:
        agent = _agent(Path(folder))
        scanner = open_scanner(f"serial://{path}?suffix=lf", name="left")

        def scanned(scan: Scan) -> bool:
            taken = agent.scanned(scan)
            arrived(scan.text)
            return taken

        stream = ScanStream(scanned)
        threads = [
            threading.Thread(target=run, args=(scanner, stream.take, stop)),
            threading.Thread(target=_take_all, args=(agent, stop)),
        ]
        for thread in threads:
            thread.start()
        while scanner.life.state is not DeviceState.READY:
            time.sleep(0.01)
        ready.set()
        for thread in threads:
            thread.join()
        assert stream.counts.lost == stream.counts.flagged == 0, stream.counts


def _agent(folder: Path) -> Agent:
    programme = load_programme("alenka")
    checkout = Checkout(
        Cache(folder / "till.db", "till-1"),
        programme,
        language="en",
        receipt_language="ru",
        is_online=lambda: False,
    )
    return Agent(checkout, programme, "en", None)


def _take_all(agent: Agent, stop: threading.Event) -> None:
    while not stop.is_set():
        agent.take()


def readline(path: str, arrived: Callable[[str], None], ready: threading.Event, stop: threading.Event) -> None:
    """What most programs do: a line at a time, with a timeout to look whether to stop, into a queue."""
    codes: queue.Queue[str] = queue.Queue()
    consumer = threading.Thread(target=_get_all, args=(codes, stop))
    consumer.start()
    with serial.Serial(path, timeout=0.1) as port:
        ready.set()
        while not stop.is_set():
            line = port.readline()
            if line:
                code = line.decode().strip()
                codes.put(code)
                arrived(code)
    consumer.join()


def _get_all(codes: queue.Queue[str], stop: threading.Event) -> None:
    while not stop.is_set():
        with suppress(queue.Empty):
            codes.get(timeout=0.25)


def measured(reader: Reader, count: int, seed: int) -> tuple[list[float], float]:
    """Milliseconds of each scan, and the reader's processor time for one in microseconds."""
    master, slave = os.openpty()
    tty.setraw(slave)
    arrivals: dict[int, int] = {}
    ready, stop = threading.Event(), threading.Event()

    def arrived(text: str) -> None:
        arrivals[int(text)] = time.monotonic_ns()

    thread = threading.Thread(target=reader, args=(os.ttyname(slave), arrived, ready, stop))
    thread.start()
    ready.wait()
    receiver, sender = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context("fork")
    before_s = time.process_time()
    writer = context.Process(target=write_codes, args=(master, 1, count, seed, sender))
    writer.start()
    stamps = receiver.recv()
    writer.join()
    deadline_s = time.monotonic() + 5
    while len(arrivals) < count and time.monotonic() < deadline_s:
        time.sleep(0.01)
    spent_us = (time.process_time() - before_s) / count * 1_000_000
    stop.set()
    thread.join()
    for end in (master, slave):
        with suppress(OSError):
            os.close(end)
    assert len(arrivals) == count, f"{count - len(arrivals)} scans were lost"
    return [(arrivals[number] - stamp) / 1_000_000 for number, stamp in enumerate(stamps, 1)], spent_us


def main() -> None:
    waits: dict[str, list[float]] = {"ours": [], "readline": []}
    spent: dict[str, list[float]] = {"ours": [], "readline": []}
    for round_number in range(ROUNDS):
        for name, reader in (("ours", ours), ("readline", readline)):
            some, spent_us = measured(reader, SCANS // ROUNDS, round_number)
            waits[name] += some
            spent[name].append(spent_us)
    print(f"{datetime.now().date()}, {SCANS} scans each, from the last byte to the queue, in milliseconds")  # noqa: DTZ005
    for name, some in waits.items():
        cuts = statistics.quantiles(some, n=1000)
        print(
            f"{name:9} p50 {cuts[499]:.3f}  p99 {cuts[989]:.3f}  p99.9 {cuts[998]:.3f}  max {max(some):.3f}  "
            f"processor {statistics.median(spent[name]):.0f} µs a scan"
        )
    p99 = {name: statistics.quantiles(some, n=100)[98] for name, some in waits.items()}
    print(f"ratio of p99 {p99['ours'] / p99['readline']:.2f}; target {TARGET_MS} ms: {p99['ours'] < TARGET_MS}")


if __name__ == "__main__":
    main()
