"""From the last byte on the scanner's line to the POS: through the process that shares the scanner, against the plain
cable, in turns in the same run. Also while a whole agent is killed and started again beside it.

    python -m benchmarks.share

Every second code begins as a card of ours and is none: the share holds it to its end, which is its longest way.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import select
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from config.programmes import load_programme
from drivers.sharing.local import STOP, Message, connect
from drivers.sharing.plan import ShareFiles, SharePlan
from loyalty.ours import own_codes

SCANS = 10_000
ROUNDS = 5
PAUSE_S = (0.001, 0.003)  # between two scans; no cashier is faster
TARGET_MS = 5.0
AGENT_LIVES_S = 1.5  # then it is killed, and started anew
READ_WAIT_S = 5.0
WARM_UP_S = 0.2
WAYS = ("cable", "share", "share, agent killed")


def write_codes(master: int, count: int, seed: int, sent: Connection) -> None:
    """Codes with their number; tells when the last byte of each was written."""
    dice, stamps = random.Random(seed), []
    for number in range(count):
        os.write(master, f"{'2600' if number % 2 else '4600'}{number:014}".encode())
        stamps.append(time.monotonic_ns())
        os.write(master, b"\n")
        time.sleep(dice.uniform(*PAUSE_S))
    sent.send(stamps)


def measured(master: int, port: Path, count: int, seed: int) -> list[float]:
    """Milliseconds of each scan, at whoever reads the port."""
    reader = os.open(port, os.O_RDWR | os.O_NOCTTY)
    while not select.select([reader], [], [], WARM_UP_S)[0]:  # whoever opens a serial port empties it first
        os.write(master, b"0\n")
    while select.select([reader], [], [], WARM_UP_S)[0]:
        os.read(reader, 4096)
    receiver, sender = multiprocessing.Pipe(duplex=False)
    writer = multiprocessing.get_context("fork").Process(target=write_codes, args=(master, count, seed, sender))
    writer.start()
    arrivals, held = list[tuple[int, int]](), b""
    while len(arrivals) < count and select.select([reader], [], [], READ_WAIT_S)[0]:
        held += os.read(reader, 4096)
        now = time.monotonic_ns()
        *codes, held = held.split(b"\n")
        arrivals += [(int(code[4:]), now) for code in codes]
    stamps = receiver.recv()
    writer.join()
    os.close(reader)
    assert [number for number, _ in arrivals] == list(range(count)), "lost, doubled or out of order"
    return [(at - stamp) / 1_000_000 for (_, at), stamp in zip(arrivals, stamps, strict=True)]


@contextmanager
def scanner() -> Iterator[tuple[int, Path]]:
    """A line: where a scanner writes, and the port that is read."""
    master, slave = os.openpty()
    tty.setraw(slave)
    try:
        yield master, Path(os.ttyname(slave))
    finally:
        for end in (master, slave):
            with suppress(OSError):
                os.close(end)


@contextmanager
def shared(port: Path) -> Iterator[tuple[Path, Path]]:
    """The POS's port, and the folder of the till."""
    with tempfile.TemporaryDirectory() as name:
        folder, door = Path(name), Path(name) / "pos"
        (folder / "data").mkdir()
        own = tuple((code.begins, code.whole) for code in own_codes(load_programme("alenka")))
        url = f"serial://{port}?suffix=lf"
        files = ShareFiles.of(folder / "data", "scanner", "counter")
        files.publish(SharePlan(kind="scanner", name="counter", device=url, door=f"pty:{door}", own=own))
        command = [sys.executable, "-P", "-m", "drivers.sharing", str(folder / "data"), "scanner", "counter"]
        child = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert child.stdout is not None and child.stdout.readline()
        (folder / "pos-agent.toml").write_text(
            'till = "till-1"\nprogramme = "alenka"\ndata = "data"\n[hub]\nurl = "http://127.0.0.1:9"\n[api]\nport = 0\n'
            f'[[scanners]]\nname = "counter"\nurl = "{url}"\nforward = "pty:{door}"\n',
            encoding="utf-8",
        )
        try:
            yield door, folder
        finally:
            with suppress(OSError), connect(files.socket) as line:
                line.send(Message(STOP).packed())
            child.wait()


def agents(folder: Path, stop: threading.Event) -> None:
    """One after the other; each is killed."""
    while not stop.is_set():
        with subprocess.Popen(
            [sys.executable, "-P", "-m", "pos_agent", "run", "--config", str(folder / "pos-agent.toml")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as agent:
            stop.wait(AGENT_LIVES_S)
            agent.kill()


def way(name: str, count: int, seed: int) -> list[float]:
    with scanner() as (master, port):
        if name == "cable":
            return measured(master, port, count, seed)
        with shared(port) as (door, folder):
            stop = threading.Event()
            beside = threading.Thread(target=agents, args=(folder, stop))
            if name != "share":
                beside.start()
            waits = measured(master, door, count, seed)
            stop.set()
            if beside.ident is not None:
                beside.join()
            return waits


def main(ways: Callable[[str, int, int], list[float]] = way) -> None:
    waits: dict[str, list[float]] = {name: [] for name in WAYS}
    for seed in range(ROUNDS):
        for name in WAYS:
            waits[name] += ways(name, SCANS // ROUNDS, seed)
    print(f"{datetime.now().date()}, {SCANS} scans each, from the last byte to the POS, in milliseconds")  # noqa: DTZ005
    p99 = {}
    for name, some in waits.items():
        cuts = statistics.quantiles(some, n=1000)
        p99[name] = cuts[989]
        print(f"{name:20} p50 {cuts[499]:.3f}  p99 {cuts[989]:.3f}  p99.9 {cuts[998]:.3f}  max {max(some):.3f}")
    for name in WAYS[1:]:
        added = p99[name] - p99["cable"]
        print(f"{name}: p99 added {added:.3f} ms; target {TARGET_MS} ms: {added < TARGET_MS}")


if __name__ == "__main__":
    main()
