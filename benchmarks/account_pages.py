"""Pages of the members' account, in a ledger of a million members: 40 a second, as they come, of members with months of
receipts and of members with none; against a bare Starlette page that reads one row of SQLite and is asked in the same
way in the same run. And who asks for a code: is a known number told sooner, or later, than an unknown one?

    python -m benchmarks.account_pages [--short]

A real hub, the account beside it, both on this machine, and so is whoever asks. A page counts from the moment at which
it was to be asked for, also when it had to wait for its turn. The last line is one JSON object.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from threading import local
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import urlopen

from account.sessions import Sessions
from account.store.sqlite import SqliteStore
from benchmarks.face import process
from benchmarks.hub_databases import Sqlite, open_store
from benchmarks.hub_ledgers import Size, guests
from benchmarks.hub_sales import NOW, Guest, Till
from hub.account.act import AccountAsked
from hub.account.code_acts import send_code
from hub.build import build_hub, build_programmes
from hub.importing import import_members
from hub.members import NewMember
from hub.store.rows import Rows
from sync.account.codes import SendCode

PAGES: Final = ("/", "/points", "/cards", "/profile", "/messages")
A_SECOND: Final = 40
P99_MOST_MS: Final = 300.0
SECONDS, SECONDS_SHORT = 30, 5
MEMBERS, MEMBERS_SHORT = 1_000_000, 10_000
WHO, WHO_SHORT = 200, 40
RECEIPTS: Final = 25
BATCH: Final = 100
ASKERS: Final = 32
TOLD, TOLD_SHORT = 300, 60
OPPONENT: Final = """
import json, socket, sqlite3, sys
import anyio, uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

ledger = sys.stdin.read()

def read(n):
    connection = sqlite3.connect(ledger)
    row = connection.execute("SELECT * FROM members WHERE member = ?", (f"m{n:07}",)).fetchone()
    connection.close()
    return HTMLResponse(f"<!doctype html><title>1</title><p>{row}" + "x" * 8000)

async def page(request):
    return await anyio.to_thread.run_sync(read, int(request.query_params.get("n", 1)))

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
listener.bind(("127.0.0.1", 0))
listener.listen()
print(json.dumps({"url": f"http://127.0.0.1:{listener.getsockname()[1]}"}), flush=True)
app = Starlette(routes=[Route("/{path:path}", page)])
uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", http="h11")).run(sockets=[listener])
"""


@dataclass(slots=True)
class Asking:
    """Whoever looks at pages, one connection to a thread."""

    url: str
    cookies: Sequence[str]
    lines: local = field(default_factory=local)

    def page(self, number: int) -> None:
        cookie, path = self.cookies[number % len(self.cookies)], PAGES[number % len(PAGES)]
        line = self._line()
        line.request("GET", path, headers={"Cookie": f"account={cookie}", "Accept-Language": "ru"})
        answer = line.getresponse()
        body = answer.read()
        assert answer.status == 200 and len(body) > 1_000, (path, answer.status, body[:200])

    def _line(self) -> http.client.HTTPConnection:
        if not hasattr(self.lines, "it"):
            self.lines.it = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        line: http.client.HTTPConnection = self.lines.it
        return line


def asked_for(asking: Asking, seconds: int) -> list[float]:
    """Milliseconds from when each page was to be asked for."""
    with ThreadPoolExecutor(ASKERS) as pool:
        list(pool.map(asking.page, range(ASKERS)))  # everybody has his connection
        begun = time.perf_counter()

        def timed(number: int) -> float:
            due = begun + number / A_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            asking.page(number)
            return (time.perf_counter() - due) * 1_000

        return list(pool.map(timed, range(seconds * A_SECOND)))


def at_most(asking: Asking, seconds: int) -> float:
    """Pages a second when eight ask one after the other."""
    until = time.perf_counter() + seconds

    def on(start: int) -> int:
        count = 0
        while time.perf_counter() < until:
            asking.page(start * 7 + count)
            count += 1
        return count

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(on, range(8))) / seconds


# the ledger


def buy(ledger: str, who: Sequence[Guest]) -> None:
    """Each of them has so many receipts of ten lines."""
    hub = build_hub(Path(ledger), build_programmes(), serving=False)
    till = Till("shop-of-pages", random.Random(7), NOW - timedelta(days=60))
    texts = [till.sale(guest)[1] for _ in range(RECEIPTS) for guest in who]
    for start in range(0, len(texts), BATCH):
        taken = hub.take(till.name, texts[start : start + BATCH])
        assert taken.stopped is None and all(one.result == "applied" for one in taken.answers), taken
    hub.close()


def processor_ms(pid: int) -> float:
    """What it has used so far; what else runs on the machine changes it little."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1_000 / os.sysconf("SC_CLK_TCK")


def child_of(pid: int) -> int:
    """The account, which the hub has started."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1] == str(pid):
                return int(path.parent.name)
    raise ValueError("the hub has started no account")


@contextmanager
def served(ledger: str) -> Iterator[tuple[str, dict[str, int]]]:
    """The account's address; by name, the processes that answer."""
    command = [sys.executable, "-P", "-m", "hub", "serve", "--db", ledger, "--port", "0"]
    command += ["--account", "perekrestok=127.0.0.1:0"]
    hub = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert hub.stdout is not None
    try:
        url = json.loads(hub.stdout.readline())["account"]["perekrestok"]
        with urlopen(f"{url}/sign-in", timeout=60) as first:  # its port is open before it is there
            assert first.status == 200
        yield url, {"hub": hub.pid, "account": child_of(hub.pid)}
    finally:
        hub.terminate()
        hub.wait()


def cookies_of(ledger: str, who: Sequence[Guest]) -> list[str]:
    store = SqliteStore(Path(f"{ledger}.account") / "account-perekrestok.db")
    sessions = Sessions(store, lambda: datetime.now(UTC))
    cookies = [sessions.begin(guest.member, "ru", "benchmark")[0] for guest in who]
    store.close()
    return cookies


# known and unknown


def told(count: int) -> tuple[list[float], list[float]]:
    """Milliseconds until a known and an unknown number are answered, in turns; a code comes to each of them."""
    with tempfile.TemporaryDirectory() as folder:
        clock = [datetime(2026, 11, 30, 12, tzinfo=UTC)]
        hub = build_hub(Path(folder) / "hub.db", build_programmes(), serving=False, now=lambda: clock[0])
        known, unknown = ([f"+7916{first}{n:06}" for n in range(count)] for first in (1, 2))
        rows = [_new(line, phone) for line, phone in enumerate(known, 2)]
        list(import_members(hub, rows))
        hub.within(lambda writer: writer.write(Rows(settings={"sender": "file"})))
        took: tuple[list[float], list[float]] = ([], [])
        for pair in zip(known, unknown, strict=True):
            clock[0] += timedelta(hours=2)
            for phone, times in random.sample(list(zip(pair, took, strict=True)), 2):
                begun = time.perf_counter_ns()
                send_code(hub, AccountAsked("", "alenka", secrets.token_hex(8)), SendCode(purpose="enter", phone=phone))
                times.append((time.perf_counter_ns() - begun) / 1e6)
        hub.close()
        return took


def _new(line: int, phone: str) -> NewMember:
    fields: dict[str, Any] = {"line": line, "member": f"m{line}", "card": f"card{line}", "phone": phone, "points": 0}
    return NewMember(programme="alenka", registered=True, birthday=None, favourites=(), **fields)


def main(*, short: bool = False) -> None:
    size = Size(MEMBERS_SHORT if short else MEMBERS, 0)
    seconds, count = (SECONDS_SHORT, WHO_SHORT) if short else (SECONDS, WHO)
    database = Sqlite()
    ledger = database.copy(size, "account-pages")
    store = open_store(ledger, serving=False)
    everybody = guests(store, size)
    store.close()
    full, empty = everybody[:count], everybody[-count:]
    buy(ledger, full)
    figures: dict[str, Any] = {"members": size.members, "a_second": A_SECOND}
    with served(ledger) as (url, running):
        for name, who in (("full", full), ("empty", empty)):
            figures |= _of(name, Asking(url, cookies_of(ledger, who)), seconds, running)
    with process([sys.executable, "-c", OPPONENT], ledger.encode()) as (url, pid, _):
        figures |= _of("bare", Asking(url, ["x"]), seconds, {"page": pid})
    figures["most_to_bare"] = round(figures["full_most_a_second"] / figures["bare_most_a_second"], 3)
    known, unknown = told(TOLD_SHORT if short else TOLD)
    figures["code_known_to_unknown"] = round(median(known) / median(unknown), 3)
    figures["code_known_ms"], figures["code_known_spread_ms"] = round(median(known), 3), _spread(known)
    figures["held"] = all(figures[f"{name}_p99_ms"] <= P99_MOST_MS for name in ("full", "empty"))
    database.drop(ledger)
    print(json.dumps(figures))


def _of(name: str, asking: Asking, seconds: int, running: Mapping[str, int]) -> dict[str, float]:
    before = {who: processor_ms(pid) for who, pid in running.items()}
    took = asked_for(asking, seconds)
    used = {who: (processor_ms(pid) - before[who]) / (len(took) + ASKERS) for who, pid in running.items()}
    cuts = quantiles(took, n=100)
    most = at_most(asking, max(3, seconds // 3))
    print(
        f"{name}: median {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms at {A_SECOND} a second; at most {most:.0f} a second"
    )
    return {
        f"{name}_median_ms": round(cuts[49], 1),
        f"{name}_p99_ms": round(cuts[98], 1),
        f"{name}_most_a_second": round(most, 1),
        **{f"{name}_processor_ms_of_{who}": round(ms, 2) for who, ms in used.items()},
    }


def _spread(times: Sequence[float]) -> float:
    """Between the quartiles."""
    cuts = quantiles(times, n=4)
    return round(cuts[2] - cuts[0], 3)


if __name__ == "__main__":
    main(short="--short" in sys.argv)
