"""C7: a till whose disk takes a second for each sync, as a tired memory card does; what a POS and a page wait for then.

The whole agent runs under strace, which lets every fsync and fdatasync come back so much later; the sync worker and
printing work beside it. This measures and judges nothing: benchmarks/slow_disk.py prints it.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from drivers.printer.emulator.server import PrinterServer
from tests.faults.whole_shop import CARD, LINES, Agent, WholeShop

SYNCS: Final = "fsync,fdatasync"
RECEIPTS: Final = 8
LOOK_PAUSE_S: Final = 0.1  # a page looks ten times a second

Took = dict[str, list[float]]  # milliseconds, by what was asked


def under(delay_s: float) -> list[str]:
    """What stands before a command whose syncs take so much longer."""
    return [
        *("strace", "-f", "-qqq", "--seccomp-bpf", "-o", "/dev/null", "-e", "signal=none", "-e", f"trace={SYNCS}"),
        *("-e", f"inject={SYNCS}:delay_exit={round(delay_s * 1_000_000)}"),
    ]


def why_not() -> str | None:
    """Why it cannot be measured here; None: it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run([*under(0.0), "true"], capture_output=True)
    return None if tried.returncode == 0 else "this machine lets nobody trace a process"


class Till:
    """Asks an agent, and keeps how long it took."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self.took_ms: Took = {"basket": [], "scan": [], "prepare": [], "pay": [], "balance": [], "page": []}

    def timed(self, what: str, ask: Callable[[], dict[str, Any]]) -> None:
        begun_s = time.perf_counter()
        answer = ask()
        self.took_ms[what].append((time.perf_counter() - begun_s) * 1_000)
        assert answer.get("ok", True), answer

    def sell(self, number: str) -> None:
        do = self._agent.do
        self.timed("basket", lambda: do("basket", sale=number, lines=LINES))
        self.timed("scan", lambda: do("code", sale=number, text=CARD))
        self.timed("prepare", lambda: do("prepare", sale=number))
        self.timed("pay", lambda: do("pay", sale=number))
        self.timed("balance", lambda: do("balance", text=CARD))  # the next one asks at once what he has

    def look(self, over: threading.Event) -> None:
        while not over.wait(LOOK_PAUSE_S):
            self.timed("page", self._agent.status)


def measured(delay_s: float | None, receipts: int = RECEIPTS) -> Took:
    """Of sales one after the other, while a page looks; None: the disk as it is."""
    with (
        tempfile.TemporaryDirectory() as name,
        PrinterServer(Path(name) / "papers", host="127.0.0.1", port=0) as printer,
    ):
        shop = WholeShop(Path(name), Path(name) / "data", more=f'[printer]\nurl = "{printer.url}"\n')
        try:
            with shop.running(under(delay_s) if delay_s is not None else ()) as agent:
                return _sold(agent, receipts)
        finally:
            shop.close()


def _sold(agent: Agent, receipts: int) -> Took:
    agent.until("the hub is there", lambda: bool(agent.status()["hub"]["online"]))
    till, over = Till(agent), threading.Event()
    page = threading.Thread(target=till.look, args=(over,))
    page.start()
    try:
        for number in range(receipts):
            till.sell(str(number))
    finally:
        over.set()
        page.join()
    return till.took_ms
