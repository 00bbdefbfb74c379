"""What honest tills feel of a hub that strangers besiege: half-open connections, unsigned requests, bodies that drip.

    python -m benchmarks.hub_flood [--short]

`pos-hub serve` as a process of its own on a file; five joined tills push single sales, one after the other each, first
in peace, then beside each siege, which is another process with one address. p50 and p99 of a push, and their ratio to
those in peace of the same run: at most P99_RATIO. With `--short`: fewer. The last line is one line of JSON.
"""

from __future__ import annotations

import json
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import quantiles

from benchmarks.hub_sales import PROGRAMME, Guest, Till
from benchmarks.hub_wire import served
from hub.build import build_hub, build_programmes
from hub.importing import import_members
from hub.members import NewMember
from sync.client import HubClient
from sync.identity import Speaker
from sync.protocol import PushRequest
from tests.speaking import joined, speaking

TILLS = 5
PAUSE_S = 0.02  # between two pushes of a till
P99_RATIO = 2.0
HALF_OPEN = 1_100
FLOODERS = 20  # threads of the one who floods
FULL, SHORT = 400, 80  # pushes of each till

_SIEGE = "import sys; from benchmarks.hub_flood import besiege; besiege(sys.argv[1], sys.argv[2], int(sys.argv[3]))"


# the strangers' side


def besiege(how: str, host: str, port: int) -> None:
    """Until killed. Says `ready` when it has begun."""
    SIEGES[how]((host, port))


def _half_open(at: tuple[str, int]) -> None:
    """As many as it says, and a new one for each that the hub closes."""
    lines: list[socket.socket] = []
    print("ready", flush=True)
    while True:
        while len(lines) < HALF_OPEN:
            with suppress(OSError):
                lines.append(socket.create_connection(at, 5))
                lines[-1].sendall(b"POST /v3/operations HTTP/1.1\r\nHost: hub\r\n")
        time.sleep(0.05)
        lines = [line for line in lines if not _is_closed(line)]


def _is_closed(line: socket.socket) -> bool:
    line.setblocking(False)
    try:
        return line.recv(65_536) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def _flood(at: tuple[str, int]) -> None:
    """Whole requests that nobody signed, as fast as they are answered."""
    body = b"x" * 1_000
    head = f"POST /v3/operations HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    _all_at_once(at, head.encode() + b"\r\n\r\n" + body, 0.0)


def _drip(at: tuple[str, int]) -> None:
    """A body that comes a letter at a time."""
    head = b"POST /v3/join HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
    _all_at_once(at, head, 0.02)


def _all_at_once(at: tuple[str, int], said: bytes, drip_s: float) -> None:
    for _ in range(FLOODERS):
        threading.Thread(target=_again_and_again, args=(at, said, drip_s), daemon=True).start()
    print("ready", flush=True)
    threading.Event().wait()


def _again_and_again(at: tuple[str, int], said: bytes, drip_s: float) -> None:
    while True:
        with suppress(OSError), socket.create_connection(at, 5) as line:
            line.sendall(said)
            while drip_s:
                line.sendall(b"y")
                time.sleep(drip_s)
            while line.recv(65_536):
                line.sendall(said)


SIEGES: dict[str, Callable[[tuple[str, int]], None]] = {"half_open": _half_open, "flood": _flood, "drip": _drip}


@contextmanager
def _besieged(how: str, url: str) -> Iterator[None]:
    host, _, port = url.removeprefix("http://").partition(":")
    command = [sys.executable, "-c", _SIEGE, how, host, port]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as strangers:
        assert strangers.stdout is not None and strangers.stdout.readline() == "ready\n"
        try:
            yield
        finally:
            strangers.kill()


# the tills' side


def _pushed_s(url: str, till: Till, guests: list[Guest], client: HubClient, count: int, took: list[float]) -> None:
    for _ in range(count):
        _, text = till.sale(till.chance.choice(guests))
        time.sleep(PAUSE_S)
        began = time.perf_counter()
        client.push(PushRequest(till=till.name, operations=(text,)))
        took.append(time.perf_counter() - began)


def _percentiles(url: str, tills: list[tuple[Till, HubClient]], guests: list[Guest], count: int) -> tuple[float, float]:
    """p50 and p99 of a push, in milliseconds."""
    took: list[float] = []
    threads = [
        threading.Thread(target=_pushed_s, args=(url, till, guests, client, count, took)) for till, client in tills
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(took) == count * len(tills), "a push failed"
    hundredths = quantiles(took, n=100)
    return hundredths[49] * 1_000, hundredths[98] * 1_000


def _ledger(path: Path) -> tuple[list[Guest], list[tuple[Till, Speaker]]]:
    hub = build_hub(path, build_programmes(), serving=False)
    rows = [
        NewMember(
            line=n,
            programme=PROGRAMME.id,
            card=f"{n:013}",
            phone=None,
            points=500,
            registered=True,
            birthday=None,
            favourites=(),
            member=f"m{n}",
        )
        for n in range(1, 101)
    ]
    list(import_members(hub, rows))
    identities = {name: joined(hub, name) for name in (f"till-{n}" for n in range(TILLS))}
    hub.close()
    guests = [Guest(member=row.member, card=row.card) for row in rows]
    tills = [(Till(name, random.Random(n)), speaking(one)) for n, (name, one) in enumerate(identities.items())]
    return guests, tills


def main(short: bool) -> None:
    count = SHORT if short else FULL
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        guests, speakers = _ledger(Path(folder) / "hub.db")
        with served(str(Path(folder) / "hub.db")) as url:
            tills = [(till, HubClient(url, speaker)) for till, speaker in speakers]
            _percentiles(url, tills, guests, 10)
            figures["p50_ms"], figures["p99_ms"] = _percentiles(url, tills, guests, count)
            for how in SIEGES:
                with _besieged(how, url):
                    p50, p99 = _percentiles(url, tills, guests, count)
                figures |= {f"{how}_p50_ms": p50, f"{how}_p99_ms": p99, f"{how}_p99_ratio": p99 / figures["p99_ms"]}
                print(f"{how}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, p99 ratio {figures[how + '_p99_ratio']:.2f}")
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))


if __name__ == "__main__":
    main("--short" in sys.argv[1:])
