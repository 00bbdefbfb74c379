"""One scanner, two programs: a whole till, and a POS that sells by DataMatrix (docs/examples/shared_pos.py). Agent and
share are killed while people scan; nothing is lost, nothing comes twice, the order stays.

SHARE_SCANS=10000 is what `make soak` does.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.scanner.emulator.serial import PtyLine, ScannerEmulator, Wording
from drivers.sharing.plan import ShareFiles
from pos_agent.client import AgentClient
from tests.drivers.sharing.conftest import pids, stop, until
from tests.pos_agent.running import TIMEOUT_S, settings, started, with_members

SCANS = int(os.environ.get("SHARE_SCANS", "1000"))
OURS_SHARE = 0.1  # of all scans: a card, then a dozen goods
CARDS_IN_HAND = 8  # the till's queue holds 64
IN_HAND_MAX = 40  # scans on the way at once: some 1 KB, which any buffer holds
AGENT_KILLS, WORKER_KILLS = 2, 8
POS = Path(__file__).parents[2] / "docs" / "examples" / "shared_pos.py"
CARD = "2600000000017"


class Shop:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with_members(folder)
        self.scanner = ScannerEmulator(PtyLine(folder / "device"), Wording(baud=4_000_000, aim="]d2"))
        self.scanner.plug()
        self.door = folder / "pos-scanner"
        self.settings = settings(
            folder,
            more=f'[[scanners]]\nname = "counter"\nurl = "{self.scanner.line.url}"\nforward = "pty:{self.door}"\n',
        )
        self.agent, self.url = started(self.settings)
        until(self.door.is_symlink, "nobody shares the scanner")
        until(lambda: self.client().status().scanners[0].state == "ready", "the scanner is not ready")
        self.pos = subprocess.Popen([sys.executable, str(POS), str(self.door)], stdout=subprocess.PIPE, text=True)
        self.said: list[str] = []  # by the POS
        threading.Thread(target=self._hear, daemon=True).start()
        until(lambda: self.said == ["ready\n"], "the POS did not start")

    def _hear(self) -> None:
        assert self.pos.stdout is not None
        for line in self.pos.stdout:
            self.said.append(line)

    def sold(self) -> int:
        return len(self.said) - 1

    def counts(self) -> dict[str, int]:
        """What the share has passed on, as the till shows it; {} while the two have not met."""
        share = self.client().status().scanners[0].share
        return {what: count for what, count in share.counts.items() if count} if share else {}

    def client(self) -> AgentClient:
        return AgentClient(self.url, (self.folder / "data" / "api-token").read_text(encoding="ascii"))

    def restart_agent(self) -> None:
        self.agent.kill()
        self.agent.communicate(timeout=TIMEOUT_S)
        self.agent, self.url = started(self.settings)

    def kill_worker(self) -> None:
        """Whoever of the two processes of the share is the younger: it does the work."""
        os.kill(max(pids(self.folder / "data")), signal.SIGKILL)

    def close(self) -> None:
        for child in (self.agent, self.pos):
            child.kill()
            child.communicate(timeout=TIMEOUT_S)
        stop(ShareFiles.of(self.folder / "data", "scanner", "counter"))
        self.scanner.unplug()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    some = Shop(tmp_path)
    yield some
    some.close()


def marked(number: int) -> str:
    return f"010460043993125621{number:06}\x1d91EE06"


@pytest.mark.timeout(600)
def test_a_pos_and_the_till_share_a_scanner_while_agent_and_share_are_killed(shop: Shop) -> None:
    dice, ours, goods = random.Random(15), 0, 0
    print("seed 15")
    kills = {SCANS * (at + 1) // (WORKER_KILLS + 1): shop.kill_worker for at in range(WORKER_KILLS)}
    kills |= {SCANS * (at + 1) // (AGENT_KILLS + 1) + 1: shop.restart_agent for at in range(AGENT_KILLS)}
    for number in range(SCANS):
        if dice.random() < OURS_SHARE:
            shop.scanner.scan(CARD, aim="]C0")
            ours += 1
            if ours % CARDS_IN_HAND == 0:
                until(lambda ours=ours: shop.counts().get("to_agent") == ours, "the till does not read")  # type: ignore[misc]
        else:
            shop.scanner.scan(marked(goods))
            goods += 1
        until(lambda goods=goods: goods - shop.sold() < IN_HAND_MAX, "the POS does not read")  # type: ignore[misc]
        if kill := kills.get(number):
            until(lambda goods=goods: shop.sold() == goods, "the POS has not read all")  # type: ignore[misc]
            kill()
    until(lambda: shop.sold() >= goods, lambda: f"{shop.sold()} of {goods} reached the POS")
    assert shop.said[1:] == [f"sold 04600439931256 piece {number:06}\n" for number in range(goods)]
    until(lambda: shop.counts() == {"to_pos": goods, "to_agent": ours}, lambda: f"{goods}, {ours}: {shop.counts()}")
    assert shop.client().visit().visit.member is not None
