"""The till's face as a process: how soon it is ready, what it weighs, how long a POS waits for a basket of 30 lines;
against a bare Starlette route that reads as much and gives a constant back, asked in turns in the same run.

    python -m benchmarks.face [--short]

The opponent is the least that any face on this stack costs. With `--short`: one line of JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import requests

from pos_agent.tokens import token_in

READY_MOST_S = 1.5
RSS_MOST_MB = 90.0
RATIO_MOST = 10.0  # of the medians: a quote, a promise kept on disk, a visit kept on disk; against nothing at all
CALLS, CALLS_SHORT = 3_000, 300
STARTS = 5
LINES = 30
SETTINGS = 'till = "till-1"\nprogramme = "alenka"\ndata = "data"\n[hub]\nurl = "http://127.0.0.1:9"\n[api]\nport = 0\n'
OPPONENT = """
import json, socket, sys
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

ANSWER = sys.stdin.buffer.read()

async def constant(request):
    await request.body()
    return Response(ANSWER, media_type="application/json")

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named TCP: without Nagle's delay
listener.bind(("127.0.0.1", 0))
listener.listen()
print(json.dumps({"url": f"http://127.0.0.1:{listener.getsockname()[1]}"}), flush=True)
app = Starlette(routes=[Route("/v1/basket", constant, methods=["POST"])])
uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", http="h11")).run(sockets=[listener])
"""


def basket(pieces: int) -> bytes:
    """Other pieces make another receipt: nothing is answered from memory."""
    lines = [
        {"id": str(n), "name": f"Товар номер {n}", "price": f"{50 + n}.90", "quantity": str(1 + (n + pieces) % 9)}
        | {"category": "chocolate", "article": f"{100_000 + n}"}
        for n in range(LINES)
    ]
    return json.dumps({"sale": "1042", "lines": lines}, ensure_ascii=False).encode()


@contextmanager
def process(command: list[str], given: bytes = b"") -> Iterator[tuple[str, int, float]]:
    """(url, pid, seconds until it was ready)."""
    begun = time.perf_counter()
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdin is not None and child.stdout is not None
    child.stdin.write(given)
    child.stdin.close()
    url = json.loads(child.stdout.readline())["url"]
    try:
        yield url, child.pid, time.perf_counter() - begun
    finally:
        child.terminate()
        child.wait()
        child.stdout.close()


def agent(folder: Path) -> list[str]:
    (folder / "pos-agent.toml").write_text(SETTINGS, encoding="utf-8")
    return [sys.executable, "-P", "-m", "pos_agent", "run", "--config", str(folder / "pos-agent.toml")]


def resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ValueError("no /proc: the weight is measured on Linux alone")


def asked(pos: requests.Session, url: str, body: bytes) -> tuple[float, bytes]:
    """Milliseconds, and the answer."""
    begun = time.perf_counter_ns()
    answer = pos.post(f"{url}/v1/basket", data=body, headers={"Content-Type": "application/json"}, timeout=20)
    taken_ms = (time.perf_counter_ns() - begun) / 1e6
    assert answer.status_code == 200, answer.text
    return taken_ms, answer.content


def starts() -> tuple[float, float]:
    """Seconds until ready: on the first day of a till, and the median of those after it."""
    with tempfile.TemporaryDirectory() as folder:
        took = []
        for _ in range(1 + STARTS):
            with process(agent(Path(folder))) as (_, _, ready_s):
                took.append(ready_s)
    return took[0], median(took[1:])


def calls(count: int) -> tuple[list[float], list[float], float]:
    """Milliseconds of ours and of the opponent's calls, in turns; our weight afterwards."""
    with tempfile.TemporaryDirectory() as folder, process(agent(Path(folder))) as (url, pid, _):
        pos, bare = requests.Session(), requests.Session()
        pos.headers["Authorization"] = f"Bearer {token_in(Path(folder) / 'data').read_text()}"
        _, answer = asked(pos, url, basket(0))
        with process([sys.executable, "-c", OPPONENT], answer) as (their_url, _, _):
            ours, theirs = [], []
            for turn in range(count):
                ours.append(asked(pos, url, basket(turn))[0])
                theirs.append(asked(bare, their_url, basket(turn))[0])
        return ours, theirs, resident_mb(pid)


def measured(count: int) -> dict[str, Any]:
    first_s, ready_s = starts()
    ours, theirs, weight_mb = calls(count)
    return {
        "ready_first_s": round(first_s, 2),
        "ready_s": round(ready_s, 2),
        "rss_mb": round(weight_mb, 1),
        "calls": count,
        "p50_ms": round(median(ours), 2),
        "p99_ms": round(quantiles(ours, n=100)[98], 2),
        "bare_p50_ms": round(median(theirs), 2),
        "bare_p99_ms": round(quantiles(theirs, n=100)[98], 2),
        "ratio_p50": round(median(ours) / median(theirs), 2),
    }


def main() -> None:
    short = "--short" in sys.argv
    result = measured(CALLS_SHORT if short else CALLS)
    print(json.dumps(result) if short else "\n".join(f"{name:14}{value}" for name, value in result.items()))
    assert result["rss_mb"] <= RSS_MOST_MB, "heavier than a till's machine can bear"
    assert result["ratio_p50"] <= RATIO_MOST, "slower than the work in it explains"
    if result["ready_s"] > READY_MOST_S:
        print(f"ready later than {READY_MOST_S} s: busy machine?", file=sys.stderr)


if __name__ == "__main__":
    main()
