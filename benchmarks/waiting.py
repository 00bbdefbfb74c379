"""How long a page and a POS wait while the hub takes its time over points: of a whole agent, whose hub answers
everything after 0, 0.2, 1 or 14 s, or never; against the same agent without a hub, in the same run.

    python -m benchmarks.waiting [--short]

One POS redeems, receipt by receipt; another sells beside it and a page looks, all the time. Only what needs the points
may wait: REDEEM_MOST_MS. With `--short`: one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import requests

from pos_agent.tokens import token_in

CARD = "2600000000017"
LONG_S, SHORT_S = 20.0, 4.0  # of each run
OTHERS_MOST_MS = 50.0
REDEEM_MOST_MS = 300.0 + OTHERS_MOST_MS
DELAYS: dict[str, float | None] = {"no hub": None, "0 s": 0.0, "0.2 s": 0.2, "1 s": 1.0, "14 s": 14.0, "never": 3_600.0}
SETTINGS = 'till = "{till}"\nprogramme = "alenka"\ndata = "data"\n[hub]\nurl = "{hub}"\n[api]\nport = 0\n'
NOBODY = "http://127.0.0.1:9"
READY_MOST_S = 20.0
PAID_EVERY = 5  # receipts; the others are cancelled, so that the points last


class Till:
    """Its calls, in milliseconds, by what was asked."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._here = threading.local()
        self.took_ms: dict[str, list[float]] = {"page": [], "pos": [], "redeem": []}

    def post(self, kind: str, command: dict[str, Any]) -> dict[str, Any]:
        return self._timed(kind, "POST", "/v1/commands", json.dumps(command).encode())

    def look(self) -> dict[str, Any]:
        return self._timed("page", "GET", "/v1/status")

    def _timed(self, kind: str, method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
        if not hasattr(self._here, "session"):
            self._here.session = requests.Session()
        begun = time.perf_counter_ns()
        answer = self._here.session.request(method, self.url + path, data=body, headers=self._headers, timeout=60)
        self.took_ms[kind].append((time.perf_counter_ns() - begun) / 1e6)
        told: dict[str, Any] = answer.json()
        return told


def basket(sale: str) -> dict[str, Any]:
    line = {"id": "1", "name": "Чайник", "price": "200.00", "category": "chocolate"}
    return {"do": "basket", "sale": sale, "lines": [line]}


def redeems(till: Till, until: float) -> None:
    """Receipts that redeem, one after the other."""
    for number in count(1):
        if time.monotonic() > until:
            return
        sale = f"A{number}"
        till.post("pos", basket(sale))
        till.post("pos", {"do": "code", "text": CARD, "sale": sale})
        told = till.post("redeem", {"do": "redeem", "points": 10, "sale": sale})
        assert told["code"] == "redeem_set", told
        prepared = till.post("pos", {"do": "prepare", "sale": sale})
        assert prepared["ok"], prepared
        till.post("pos", {"do": "pay" if number % PAID_EVERY == 0 else "cancel", "sale": sale})


def sells_beside(till: Till, until: float) -> None:
    for number in count(1):
        if time.monotonic() > until:
            return
        till.look()
        till.post("pos", basket(f"B{number}"))
        till.post("pos", {"do": "cancel", "sale": f"B{number}"})


@contextmanager
def process(command: list[str]) -> Iterator[dict[str, Any]]:
    """Ready when it has said where it listens."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert child.stdout is not None
    said = json.loads(child.stdout.readline())
    rest = threading.Thread(target=child.stdout.read)  # all that the cashier is told
    rest.start()
    try:
        yield said
    finally:
        child.terminate()
        child.wait()
        rest.join()
        child.stdout.close()


def written_settings(folder: Path, name: str, hub: str) -> Path:
    settings = folder / "pos-agent.toml"
    settings.write_text(SETTINGS.format(till=name, hub=hub), encoding="utf-8")
    return settings


@contextmanager
def agent(folder: Path, name: str, hub: str) -> Iterator[Till]:
    settings = written_settings(folder, name, hub)
    command = [sys.executable, "-P", "-m", "pos_agent", "run", "--config", str(settings)]
    with process(command) as said:
        yield Till(said["url"], token_in(folder / "data").read_text(encoding="ascii"))


def wait_for_members(till: Till) -> None:
    until = time.monotonic() + READY_MOST_S
    while not (hub := till.look()["hub"])["online"] or not hub["pulled_at"]:
        if time.monotonic() > until:
            raise SystemExit(f"the till never heard of its hub: {hub}")
        time.sleep(0.05)


def join(ledger: Path, name: str, settings: Path) -> None:
    """As any till does, with a code from the hub's office."""
    here = [sys.executable, "-P", "-m"]
    add = [*here, "hub", "till", "add", name, "--db", str(ledger), "--json"]
    code = json.loads(subprocess.run(add, check=True, capture_output=True).stdout)["code"]
    subprocess.run([*here, "pos_agent", "join", code, "--config", str(settings)], check=True, capture_output=True)


def run(hub: str, ledger: Path, name: str, delay_s: float | None, run_s: float) -> Till:
    """A till of its own, whose hub is well until the members are there."""
    with tempfile.TemporaryDirectory() as folder:
        slow(hub, 0.0)
        join(ledger, name, written_settings(Path(folder), name, hub))
        with agent(Path(folder), name, hub) as till:
            wait_for_members(till)
            if delay_s is not None:
                slow(hub, delay_s)
                return measured_for(till, run_s)
        with agent(Path(folder), name, NOBODY) as till:
            return measured_for(till, run_s)


def measured_for(till: Till, run_s: float) -> Till:
    for took in till.took_ms.values():
        took.clear()
    until = time.monotonic() + run_s
    beside = threading.Thread(target=sells_beside, args=(till, until))
    beside.start()
    redeems(till, until)
    beside.join()
    return till


def slow(hub: str, delay_s: float) -> None:
    requests.post(f"{hub}/delay/{delay_s}", timeout=10).raise_for_status()


# the hub


def serve_hub(folder: Path) -> None:
    """A real one, that answers later than it could."""
    import uvicorn
    from starlette.types import Receive, Scope, Send

    from hub.build import build_hub, build_programmes
    from hub.face.tills import hub_app
    from hub.importing import import_members
    from hub.members import NewMember

    hub = build_hub(folder / "hub.db", build_programmes(), serving=True)
    row = NewMember(
        line=2,
        programme="alenka",
        card=CARD,
        phone=None,
        points=1_000_000,
        registered=True,
        birthday=None,
        favourites=(),
        member="anna",
    )
    list(import_members(hub, [row]))
    app, delay = hub_app(hub), [0.0]

    async def late(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/delay/"):
            delay[0] = float(scope["path"].rsplit("/", 1)[1])
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        if delay[0]:
            await asyncio.sleep(delay[0])
        await app(scope, receive, send)

    import socket

    listener = socket.create_server(("127.0.0.1", 0))
    print(json.dumps({"url": f"http://127.0.0.1:{listener.getsockname()[1]}"}), flush=True)
    uvicorn.Server(uvicorn.Config(late, log_level="error", lifespan="off", timeout_graceful_shutdown=0)).run(
        sockets=[listener]
    )


# what is told


def shares(took: list[float]) -> dict[str, float]:
    ordered = sorted(took)
    return {"p50": median(ordered), "p99": ordered[int(len(ordered) * 0.99)], "max": ordered[-1], "count": len(ordered)}


def measured(run_s: float) -> dict[str, dict[str, dict[str, float]]]:
    with (
        tempfile.TemporaryDirectory() as hub_folder,
        process([sys.executable, "-m", "benchmarks.waiting", "hub", hub_folder]) as said,
    ):
        hub = said["url"]
        ledger = Path(hub_folder) / "hub.db"
        tills = {name: f"till-{at}" for at, name in enumerate(DELAYS)}
        runs = {name: run(hub, ledger, tills[name], delay_s, run_s) for name, delay_s in DELAYS.items()}
        slow(hub, 0.0)
    return {name: {kind: shares(took) for kind, took in till.took_ms.items()} for name, till in runs.items()}


def ratio(found: dict[str, dict[str, dict[str, float]]], name: str, kind: str, share: str) -> float:
    """Against the run without a hub."""
    return round(found[name][kind][share] / found["no hub"][kind][share], 2)


def table(found: dict[str, dict[str, dict[str, float]]]) -> None:
    print(
        f"{'hub answers':>12} {'asked':>8} {'calls':>6} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8}   p50, p99 × no hub"
    )
    for name, kinds in found.items():
        for kind, one in kinds.items():
            ratios = ", ".join(f"{ratio(found, name, kind, share):.1f}" for share in ("p50", "p99"))
            figures = f"{one['count']:>6.0f} {one['p50']:>8.1f} {one['p99']:>8.1f} {one['max']:>8.1f}"
            print(f"{name:>12} {kind:>8} {figures}   {ratios}")


def summary(found: dict[str, dict[str, dict[str, float]]]) -> dict[str, Any]:
    def worst(share: str, *kinds: str) -> float:
        return round(max(of[kind][share] for of in found.values() for kind in kinds), 1)

    return {
        "others_p99_ms": worst("p99", "page", "pos"),
        "others_max_ms": worst("max", "page", "pos"),
        "others_most_ms": OTHERS_MOST_MS,
        "redeem_p99_ms": worst("p99", "redeem"),
        "redeem_max_ms": worst("max", "redeem"),
        "redeem_most_ms": REDEEM_MOST_MS,
        "ratios": {
            name: {kind: {share: ratio(found, name, kind, share) for share in ("p50", "p99")} for kind in kinds}
            for name, kinds in found.items()
        },
    }


def main() -> None:
    if sys.argv[1:2] == ["hub"]:
        serve_hub(Path(sys.argv[2]))
        return
    short = "--short" in sys.argv
    found = measured(SHORT_S if short else LONG_S)
    if not short:
        table(found)
    print(json.dumps(summary(found), ensure_ascii=False))


if __name__ == "__main__":
    main()
