"""A whole till under load: two serial scanners, a camera and the printer at once, for SOAK_S seconds.

`make soak` runs it for ten minutes. Nothing may be lost and memory must not grow.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from drivers.scanner.emulator.pictures import card_picture
from drivers.scanner.emulator.serial import PtyLine, ScannerEmulator, Wording
from pos_agent.client import AgentClient
from pos_agent.demo.processes import Process, start
from pos_agent.protocol import BasketLine, Cancel, Code, Command, Pay, SetBasket
from pos_agent.status import ScannerCounts, Status

SOAK_S = float(os.environ.get("SOAK_S", "20"))
SCANS_PER_S = 9.0  # of each serial scanner; with two pictures a second that makes twenty
PICTURE_EVERY_S = 0.5
SALE_EVERY_S = 1.0  # a receipt on emulated paper takes most of it
DEADLINE_S = 60.0
WARM_UP_SHARE = 0.3  # caches fill, libraries are loaded at their first use
GROWTH_MAX_KB = 6 * 1024  # noise of the allocator; a leak of 1 KB a scan would be 12 MB in ten minutes
SCANNERS = ("left", "right")
PICTURES = 8  # each is away for longer than the camera remembers it
CARD = "2600000000017"
MEMBERS = f"programme,card,phone,points,registered,birthday,favourites\nalenka,{CARD},,150,yes,,\n"


class Shop:
    """The processes of one till, its hub and its devices; the serial scanners are in this process."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self.pictures = folder / "pictures"
        self.pictures.mkdir()
        self.scanners = {
            name: ScannerEmulator(PtyLine(folder / name, baud=115_200), Wording(baud=115_200)) for name in SCANNERS
        }
        for scanner in self.scanners.values():
            scanner.plug()
            stack.callback(scanner.unplug)
        hub = self._start("hub", "hub", "serve", "--port", "0", "--db", str(folder / "hub.db"))
        self._import_members()
        papers = str(folder / "papers")
        printer = self._start("printer", "pos_agent", "emulate", "printer", "--port", "0", "--out", papers)
        camera = self._start("camera", "pos_agent", "emulate", "camera", str(self.pictures))
        settings = self._settings(hub, printer, camera)
        self._join(settings)
        self.process = self._start("agent", "pos_agent", "run", "--config", str(settings))
        self.agent = AgentClient.of_data(int(self.process.ready["url"].rpartition(":")[2]), folder / "data")
        self.settings = settings

    def _start(self, name: str, *command: str) -> Process:
        process = start(name, list(command), self._folder / f"{name}.log")
        self._stack.callback(process.stop)
        return process

    def _import_members(self) -> None:
        (self._folder / "members.csv").write_text(MEMBERS, encoding="utf-8")
        command = ["import", str(self._folder / "members.csv"), "--db", str(self._folder / "hub.db")]
        subprocess.run([sys.executable, "-P", "-m", "hub", *command], check=True, capture_output=True)

    def _join(self, settings: Path) -> None:
        add = ["hub", "till", "add", "till-1", "--db", str(self._folder / "hub.db"), "--json"]
        told = subprocess.run([sys.executable, "-P", "-m", *add], check=True, capture_output=True)
        join = ["pos_agent", "join", json.loads(told.stdout)["code"], "--config", str(settings)]
        subprocess.run([sys.executable, "-P", "-m", *join], check=True, capture_output=True)

    def _settings(self, hub: Process, printer: Process, camera: Process) -> Path:
        path = self._folder / "pos-agent.toml"
        text = 'till = "till-1"\nprogramme = "alenka"\ndata = "data"\nlanguage = "en"\n'
        text += f'[hub]\nurl = "{hub.ready["url"]}"\n[api]\nport = 0\n[printer]\nurl = "{printer.ready["url"]}"\n'
        urls = {name: scanner.line.url for name, scanner in self.scanners.items()} | {"camera": camera.ready["url"]}
        for name, url in urls.items():
            text += f'[[scanners]]\nname = "{name}"\nurl = "{url}"\n'
        path.write_text(text, encoding="utf-8")
        return path

    def counts(self) -> dict[str, ScannerCounts]:
        return {scanner.name: scanner.counts for scanner in self.agent.status().scanners}

    def memory_kb(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmRSS:")[2].split()[0])


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with ExitStack() as stack:
        shop = Shop(tmp_path, stack)
        wait_for("devices and hub", lambda: is_ready(shop.agent.status()))
        yield shop


def is_ready(status: Status) -> bool:
    return bool(status.hub.pulled_at) and all(one.state == "ready" for one in status.scanners)


def wait_for(what: str, condition: Callable[[], bool]) -> None:
    deadline_s, pause = time.monotonic() + DEADLINE_S, threading.Event()
    while not condition():
        assert time.monotonic() < deadline_s, f"never: {what}"
        pause.wait(0.05)


class Worker(threading.Thread):
    """Does something at a pace until the end; what goes wrong in it is raised by `finish`."""

    def __init__(self, act: Callable[[int], None], every_s: float, end: threading.Event) -> None:
        super().__init__()
        self._act, self._every_s, self._end = act, every_s, end
        self.done = 0
        self.error: BaseException | None = None

    def run(self) -> None:
        next_s = time.monotonic()
        try:
            while not self._end.wait(max(0.0, next_s - time.monotonic())):
                self._act(self.done)
                self.done += 1
                next_s = max(next_s + self._every_s, time.monotonic() - self._every_s)
        except BaseException as error:
            self.error = error
            self._end.set()

    def finish(self) -> int:
        self.join()
        if self.error is not None:
            raise self.error
        return self.done


@pytest.mark.timeout(SOAK_S + 3 * DEADLINE_S)
def test_nothing_is_lost_and_memory_is_flat(shop: Shop) -> None:
    end = threading.Event()
    for number in range(PICTURES):
        card_picture(f"card-{number}", "qr", shop.pictures.parent / f"{number}.png", seed=number)

    def scan(name: str) -> Callable[[int], None]:
        def one(number: int) -> None:
            assert shop.scanners[name].scan(f"{name}-{number}")

        return one

    def show(number: int) -> None:
        before = shop.counts()["camera"].scans
        source = shop.pictures.parent / f"{number % PICTURES}.png"
        (shop.pictures / "card.png.new").write_bytes(source.read_bytes())
        (shop.pictures / "card.png.new").replace(shop.pictures / "card.png")
        wait_for(f"picture {number}", lambda: shop.counts()["camera"].scans > before)

    def sell(number: int) -> None:
        chocolate = BasketLine(id="1", name="Шоколад «Алёнка»", price="89.90", quantity="3", category="chocolate")
        commands: tuple[Command, ...] = (
            Cancel(),
            SetBasket(lines=(chocolate,)),
            Code(text=CARD),
            Pay(sale=f"sale-{number}"),
        )
        for command in commands:
            reply = shop.agent.do(command)
            assert reply.ok, reply

    workers = {name: Worker(scan(name), 1 / SCANS_PER_S, end) for name in SCANNERS}
    workers |= {"camera": Worker(show, PICTURE_EVERY_S, end), "sales": Worker(sell, SALE_EVERY_S, end)}
    memory_kb: list[int] = []
    sampler = Worker(lambda _: memory_kb.append(shop.memory_kb()), max(0.2, SOAK_S / 200), end)
    for worker in (*workers.values(), sampler):
        worker.start()
    end.wait(SOAK_S)
    end.set()
    done = {name: worker.finish() for name, worker in workers.items()}
    sampler.finish()

    assert done["left"] + done["right"] + done["camera"] > 15 * SOAK_S, done
    expected = {name: ScannerCounts(scans=done[name]) for name in (*SCANNERS, "camera")}
    wait_for("every scan in the agent", lambda: shop.counts() == expected)
    wait_for("every receipt on paper", lambda: shop.agent.status().papers == {"printed": done["sales"]})
    commands = 4 * done["sales"]
    assert shop.agent.visit().handled == done["left"] + done["right"] + done["camera"] + commands
    grown_kb = growth_kb(memory_kb)
    print(f"{done} in {SOAK_S:.0f} s; memory {memory_kb[-1] // 1024} MB, {grown_kb:+} KB after the warm-up")
    assert grown_kb < GROWTH_MAX_KB, memory_kb
    assert_status_tells(shop, done["left"])


def growth_kb(memory_kb: list[int]) -> int:
    """From after the warm-up to the end; medians, because a collection may be due."""
    warm = memory_kb[int(len(memory_kb) * WARM_UP_SHARE) :]
    tenth = max(1, len(warm) // 10)
    return int(statistics.median(warm[-tenth:]) - statistics.median(warm[:tenth]))


def assert_status_tells(shop: Shop, scans: int) -> None:
    port = str(shop.process.ready["url"]).rpartition(":")[2]
    settings = shop.settings.read_text(encoding="utf-8").replace("port = 0", f"port = {port}")
    shop.settings.write_text(settings, encoding="utf-8")
    command = [sys.executable, "-P", "-m", "pos_agent", "status", "--config", str(shop.settings)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert f"scanner  left {shop.scanners['left'].line.url} ready\n         {scans} scans\n" in shown
