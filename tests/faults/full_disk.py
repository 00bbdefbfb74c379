"""F6: a till whose disk fills up while it sells, on a real small disk. Prints what happened, as JSON.

    python -m tests.faults.full_disk          (by an owner who may mount; else it says why not)

The disk is a tmpfs that nobody else sees: the story runs in a process with mounts of its own.
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile
from itertools import count
from pathlib import Path
from typing import Any, Final

from tests.faults.whole_shop import CARD, Agent, WholeShop

DISK_MB: Final = 48  # three reserves: one is kept, and as much is free beside it
BLOCK_BYTES: Final = 4_096
SALES_MAX: Final = 2_000  # the disk is full long before
OWN_MOUNTS: Final = (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"])
STORY_S: Final = 110.0


def own_mounts() -> list[str] | None:
    """What stands before a command that may mount; None: nobody may here."""
    for way in OWN_MOUNTS:
        with tempfile.TemporaryDirectory() as folder:
            tried = [*way, "mount", "-t", "tmpfs", "-o", "size=1m", "none", folder]
            if subprocess.run(tried, capture_output=True).returncode == 0:
                return way
    return None


def told(way: list[str]) -> dict[str, Any]:
    """What the story saw, in a process with mounts of its own."""
    command = [*way, sys.executable, "-m", __name__ if __name__ != "__main__" else "tests.faults.full_disk", "inside"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=STORY_S)
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


class Disk:
    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        size = f"size={DISK_MB}m,mode=700"
        subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", str(folder)], check=True)
        self.folder = folder
        self._stranger = folder / "log-of-another-program"

    def fill(self) -> None:
        """Another program takes all there is, to the last block."""
        with self._stranger.open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(BLOCK_BYTES))
            except OSError as error:
                assert error.errno == errno.ENOSPC, error

    def empty(self) -> None:
        self._stranger.unlink()

    def has_reserve(self) -> bool:
        return (self.folder / "data" / "reserve").exists()


class Story:
    """`acked`: the sales that the till said were recorded."""

    def __init__(self, shop: WholeShop, disk: Disk) -> None:
        self.shop, self.disk = shop, disk
        self.numbers = count(1)
        self.acked: list[str] = []
        self.seen: dict[str, Any] = {}

    def run(self) -> dict[str, Any]:
        with self.shop.running() as agent:
            self.nearly_full(agent)
            self.the_reserve_ends_what_was_begun(agent)
            self.refused = self.full(agent)
            agent.kill()
        with self.shop.running() as agent:
            self.started_anew(agent)
            self.room_again(agent)
        return self.seen | {
            "acked": self.acked,
            "at_hub": self.shop.sales(),
            "points": self.shop.points(),
        }

    def sell(self, agent: Agent, number: str | None = None) -> dict[str, Any]:
        number = number or str(next(self.numbers))
        reply = agent.sell(number)
        if reply.get("ok"):
            self.acked.append(number)
        return reply | {"number": number}

    def nearly_full(self, agent: Agent) -> None:
        """Before the first sale."""
        agent.until("the hub is asked", lambda: bool(agent.status()["hub"]["online"]))
        self.seen["at_start"] = {
            "heard": list(agent.heard),
            "troubles": agent.troubles(),
            "reserve": self.disk.has_reserve(),
        }
        assert self.sell(agent)["ok"]
        agent.until_sent()

    def the_reserve_ends_what_was_begun(self, agent: Agent) -> None:
        number = str(next(self.numbers))
        agent.ready(number)
        self.disk.fill()
        agent.until("the hub's word finds no room", lambda: agent.status()["hub"]["code"] == "disk")
        idle = {"reserve": self.disk.has_reserve(), "troubles": agent.troubles()}
        replies = [agent.do("pay", sale=number)]
        self.acked += [number] if replies[0].get("ok") else []
        while self.disk.has_reserve() and len(self.acked) < SALES_MAX:
            replies.append(self.sell(agent))
        agent.until_sent()
        self.seen["with_reserve"] = {
            "idle": idle,
            "ok": [reply.get("ok", False) for reply in replies],
            "troubles": agent.troubles(),
            "reserve": self.disk.has_reserve(),
        }

    def full(self, agent: Agent) -> dict[str, Any]:
        """The stranger has taken that too."""
        self.disk.fill()
        while (reply := self.sell(agent)).get("ok") and len(self.acked) < SALES_MAX:
            self.disk.fill()
        agent.do("cancel", sale=reply["number"])
        looked, prepared = agent.ready("look"), agent.do("prepare", sale="look")
        self.seen["full"] = {
            "refused": reply,
            "balance": agent.do("balance", text=CARD),
            "looked": looked,
            "prepared": prepared,
            "status": agent.status(),
            "heard": list(agent.heard),
        }
        agent.do("cancel", sale="look")
        return reply

    def started_anew(self, agent: Agent) -> None:
        self.seen["anew"] = {"balance": agent.do("balance", text=CARD), "troubles": agent.troubles()}

    def room_again(self, agent: Agent) -> None:
        """By itself."""
        self.disk.empty()
        self.seen["again"] = self.sell(agent, self.refused["number"])
        agent.until_sent()
        agent.until("the reserve is made anew", self.disk.has_reserve)
        agent.until("the hub has said what it knows", lambda: agent.troubles() == ["disk_low"])
        self.seen["at_till"] = agent.do("balance", text=CARD)


def inside() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        disk = Disk(folder / "disk")
        shop = WholeShop(folder, disk.folder / "data")
        try:
            print(json.dumps(Story(shop, disk).run(), ensure_ascii=False))
        finally:
            shop.close()
            subprocess.run(["umount", "--lazy", str(disk.folder)], check=True)


if __name__ == "__main__":
    os.umask(0o077)
    if sys.argv[1:] == ["inside"]:
        inside()
    elif (way := own_mounts()) is None:
        sys.exit("Nobody may mount a disk of his own here.")
    else:
        print(json.dumps(told(way), ensure_ascii=False, indent=1))
