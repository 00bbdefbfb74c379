"""A scanner unplugged at every byte of a code, by the driver's real thread: nothing half is ever believed.

All moments are tried at once, each on a device and a thread of its own.
"""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.life import DeviceEvent, DeviceLife, DeviceState
from drivers.scanner.emulator.hid import FifoLine, Fingers
from drivers.scanner.emulator.serial import Line, PtyLine, ScannerEmulator, TcpLine, Wording
from drivers.scanner.line import LineScanner
from drivers.scanner.scan import Scan
from drivers.scanner.scanner import open_scanner, run

DEADLINE_S = 30.0
CODE = "46070"
ABSENT, CONNECTING, READY, FAULTED = (
    DeviceState.ABSENT,
    DeviceState.CONNECTING,
    DeviceState.READY,
    DeviceState.FAULTED,
)


class WatchedLife(DeviceLife):
    """Keeps every state it went through."""

    def __init__(self) -> None:
        super().__init__()
        self.states = [self.state]

    def happened(self, event: DeviceEvent, now_s: float, cause: str = "") -> None:
        super().happened(event, now_s, cause)
        self.states.append(self.state)


class Desk:
    """An emulated scanner, and the thread of the driver that reads it."""

    def __init__(self, line: Line, url: str, emulator: ScannerEmulator) -> None:
        self.line = line
        self.emulator = emulator
        self.scans: list[Scan] = []
        self.life = WatchedLife()
        scanner = open_scanner(url, name="left")
        assert isinstance(scanner, LineScanner)
        scanner.life = self.life
        self.stop = threading.Event()
        self.thread = threading.Thread(target=run, args=(scanner, self._take, self.stop))
        self.thread.start()

    def _take(self, scan: Scan, now_s: float) -> None:
        self.scans.append(scan)

    @property
    def believed(self) -> list[str]:
        return [scan.text for scan in self.scans if not scan.flags]

    def close(self) -> None:
        self.stop.set()
        self.thread.join()
        self.emulator.unplug()


def wait_for(what: str, condition: Callable[[], bool]) -> None:
    deadline_s, pause = time.monotonic() + DEADLINE_S, threading.Event()
    while not condition():
        assert time.monotonic() < deadline_s, f"never: {what}"
        pause.wait(0.002)


def all_are(desks: list[Desk], state: DeviceState) -> None:
    wait_for(f"all {state}", lambda: all(desk.life.state is state for desk in desks))


def desk(kind: str, folder: Path, number: int) -> Desk:
    line: Line
    if kind == "hid":
        line = FifoLine(folder / f"keys-{number}")
        emulator = ScannerEmulator(line, Fingers(pause_s=0.0))
    else:
        line = PtyLine(folder / f"port-{number}", baud=921_600) if kind == "pty" else TcpLine()
        emulator = ScannerEmulator(line, Wording(baud=921_600))
    emulator.plug()
    joint = "&" if "?" in line.url else "?"
    return Desk(line, f"{line.url}{joint}idle_ms=40", emulator)


@pytest.fixture(params=["pty", "tcp", "hid"])
def desks(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Desk]]:
    """One for each place where the code can be torn."""
    kind = request.param
    parts = len(CODE) + 2
    desks = [desk(kind, tmp_path, number) for number in range(parts)]
    yield desks
    for one in desks:
        one.close()


def torn(desk: Desk, place: int) -> tuple[bytes, bytes]:
    """The code's bytes before and after the place, in keys for a keyboard."""
    data = desk.emulator.wording.bytes_of(CODE)
    unit = len(data) // (len(CODE) + 1)
    return data[: unit * place], data[unit * place :]


def test_at_every_byte_of_a_code(desks: list[Desk]) -> None:
    all_are(desks, READY)
    for place, one in enumerate(desks):
        one.emulator.send(torn(one, place)[0])
        one.emulator.unplug()
    wait_for("all lost", lambda: all(FAULTED in one.life.states for one in desks))
    wait_for("all absent", lambda: all(one.life.state is ABSENT for one in desks))
    assert all(one.life.losses == 1 for one in desks)
    for one in desks:
        one.emulator.plug()
    for place, one in enumerate(desks):
        if isinstance(one.line, TcpLine):
            assert one.line.wait_for_host(DEADLINE_S)
        one.emulator.send(torn(one, place)[1])  # the rest of the code, while the driver is connecting
    all_are(desks, READY)
    for one in desks:
        assert one.emulator.scan("whole")
    wait_for("the next code", lambda: all("whole" in one.believed for one in desks))
    for place, one in enumerate(desks):
        # The last desk's code was whole before the plug was pulled: it may have been read.
        assert one.believed in (["whole"], [CODE, "whole"][-2 if place > len(CODE) else -1 :]), (place, one.scans)
        steps = [state for state in one.life.states if state is not CONNECTING]
        before, after = steps.index(FAULTED), len(steps) - 1
        assert steps[:before] == [ABSENT, READY]
        assert set(steps[before + 1 : after]) <= {ABSENT} and steps[after] is READY


def test_a_code_that_pauses_before_the_plug_is_pulled_is_flagged(desks: list[Desk]) -> None:
    all_are(desks, READY)
    heads = desks[1:-1]
    for place, one in enumerate(heads, start=1):
        one.emulator.send(torn(one, place)[0])
    wait_for("the heads", lambda: all(one.scans for one in heads))
    for one in desks:
        one.emulator.unplug()
    wait_for("all lost", lambda: all(FAULTED in one.life.states for one in desks))
    assert [one.believed for one in desks] == [[]] * len(desks)
    assert [len(one.scans) for one in heads] == [1] * len(heads)
