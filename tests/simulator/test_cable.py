"""The whole printer driver and the virtual printer's own core in one process: no thread, no socket, and no time but the
one that is told to them. An hour takes less than a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from drivers.errors import DeviceError
from drivers.life import DeviceState
from drivers.printer.attempt import PROOF_DEADLINE_S, PrintResult
from drivers.printer.document import Columns, Cut, Document, Text
from drivers.printer.preview import render
from drivers.printer.printer import STATUS_EVERY_S, Printer, PrintOutcome
from drivers.printer.profile import PrinterProfile
from drivers.printer.status import PrinterStatus
from drivers.scanner.camera import CameraScanner
from drivers.scanner.capture import Frame
from drivers.scanner.emulator.hid import Fingers
from drivers.scanner.emulator.pictures import drawn_card
from drivers.scanner.emulator.pos_reports import Reports
from drivers.scanner.hid import hid_scanner
from drivers.scanner.hidraw import hidraw_scanner
from drivers.scanner.line import LineScanner
from drivers.scanner.serial import serial_scanner
from simulator.cable import Cable, PrinterCable, run

PROFILE = PrinterProfile(name="test", columns=42, width_dots=504)
RECEIPT = Document((Text("Алёнка"), *(Columns(f"Товар {number}", "1,00") for number in range(30)), Cut()))
ROWS = render(RECEIPT, PROFILE)[:-1]
HOUR_S = 3_600.0
STEPS_PER_HOUR_MAX = 4 * HOUR_S / STATUS_EVERY_S * 2  # four questions at most, and as many answers


@dataclass
class Counter:
    """A printer and its driver, and the virtual moment."""

    profile: PrinterProfile = PROFILE
    settings: dict[str, Any] = field(default_factory=dict)
    now_s: float = 0.0
    ids: Iterator[str] = field(default_factory=lambda: (f"A{number:03}" for number in range(1000)))

    def __post_init__(self) -> None:
        self.cable = PrinterCable(**self.settings)
        self.printer = Printer(self.cable.url, self.profile, open=self.cable.open)
        self.steps = 0

    def step(self, now_s: float) -> float:
        self.steps += 1
        return self.printer.step(now_s)

    def print(self, *, clean: bool = False) -> PrintOutcome:
        self.printer.begin(RECEIPT, next(self.ids), clean=clean)
        self.now_s = run(self.step, self.cable, until=lambda: self.printer.outcome is not None, now_s=self.now_s)
        assert self.printer.outcome is not None
        return self.printer.outcome

    def pass_s(self, seconds: float) -> None:
        """So long nothing is printed."""
        ends_s, self.cable_woken = self.now_s + seconds, False
        self.cable.machine.after(seconds, self._wake)
        self.now_s = run(self.step, self.cable, until=lambda: self.cable_woken, now_s=self.now_s)
        assert self.now_s >= ends_s - 1e-6

    def _wake(self) -> None:
        self.cable_woken = True

    def papers(self) -> list[list[str]]:
        return [paper.lines() for paper in self.cable.papers]


def test_a_receipt_is_printed_with_its_proof_in_no_time() -> None:
    counter = Counter()
    assert counter.print().result is PrintResult.PRINTED
    assert (counter.papers(), counter.now_s) == ([ROWS], 0.0)


def test_a_slow_printer_takes_its_time_and_its_proof_comes_with_the_last_row() -> None:
    counter = Counter(settings={"lines_per_s": 2.0})
    assert counter.print().result is PrintResult.PRINTED
    assert counter.now_s == pytest.approx(len(ROWS) / 2, abs=1)
    assert counter.papers() == [ROWS]


def test_paper_that_ends_in_the_middle_is_an_interruption_and_the_next_one_is_whole() -> None:
    counter = Counter()
    assert counter.cable.order("at line 5 paper out") == ""
    outcome = counter.print()
    assert (outcome.result, outcome.status) == (PrintResult.INTERRUPTED, PrinterStatus.PAPER_OUT)
    assert counter.print().result is PrintResult.NOT_SENT
    counter.cable.order("paper in")
    counter.cable.order("tear")
    assert counter.print(clean=True).result is PrintResult.PRINTED
    torn, whole = counter.papers()
    assert torn == ROWS[: len(torn)] and len(torn) < len(ROWS) and whole == ROWS


def test_a_power_cycle_in_the_middle_is_unknown_and_the_printer_is_found_again() -> None:
    counter = Counter(settings={"boot_s": 2.0})
    counter.cable.order("at line 5 power cycle")
    outcome = counter.print()
    assert (outcome.result, outcome.status) == (PrintResult.UNKNOWN, PrinterStatus.UNPLUGGED)
    counter.pass_s(1.0)
    assert counter.printer.last_status is PrinterStatus.UNPLUGGED
    assert counter.printer.life.losses > 1, "while it starts each connection ends as soon as it is made"
    counter.pass_s(9.0)
    assert (counter.printer.life.state, counter.printer.last_status) == (DeviceState.READY, PrinterStatus.READY)
    assert counter.print(clean=True).result is PrintResult.PRINTED


def test_a_printer_that_was_off_and_on_while_nothing_was_printed_is_back_in_the_same_moment() -> None:
    counter = Counter()
    counter.print()
    counter.cable.order("power cycle")
    life = counter.printer.life
    lost_s = run(counter.step, counter.cable, until=lambda: life.losses == 1, now_s=counter.now_s)
    back_s = run(counter.step, counter.cable, until=lambda: life.state is DeviceState.READY, now_s=lost_s)
    assert back_s == lost_s, "no back-off holds off a connection that was kept"


def test_what_was_interrupted_is_proved_by_no_late_word() -> None:
    """Its printer said that it has forgotten it: whatever comes now is not about paper."""
    counter = Counter()
    counter.cable.order("at line 1 paper out")
    counter.printer.begin(Document((Text("Алёнка"), Text("Спасибо"), Cut())), "A000")
    counter.now_s = run(counter.step, counter.cable, until=lambda: counter.printer.outcome is not None)
    assert counter.printer.outcome is not None and counter.printer.outcome.result is PrintResult.INTERRUPTED
    counter.cable.say(b"\x37\x22A000\x00")
    counter.pass_s(1.0)
    assert counter.printer.take_late_proofs() == ()


def test_a_printer_that_falls_silent_is_given_its_time_and_no_more() -> None:
    counter = Counter()
    counter.cable.order("at line 5 silent on")
    outcome = counter.print()
    assert (outcome.result, outcome.status) == (PrintResult.UNKNOWN, PrinterStatus.SILENT)
    assert PROOF_DEADLINE_S <= counter.now_s < PROOF_DEADLINE_S * 2


def test_a_clone_owes_answers_and_none_of_them_proves_the_next_receipt() -> None:
    """GS r names nobody: what is owed to the first attempt is let pass before the second, or it is not believed."""
    clone = replace(PROFILE, proof="gs_r", clear=False)
    counter = Counter(clone, settings={"answer_after_s": 0.5, "lines_per_s": 10.0})
    counter.cable.order("at line 5 paper out")
    assert counter.print().result is PrintResult.UNKNOWN
    counter.cable.order("paper in")
    began_s = counter.now_s
    assert counter.print(clean=True).result is PrintResult.PRINTED
    assert len(counter.papers()) == 2 and counter.papers()[1][-len(ROWS) :] == ROWS
    assert counter.now_s - began_s > clone.answer_deadline_ms / 1000, "the owed ones were waited for"


def test_an_hour_beside_a_printer_that_nobody_uses_and_one_that_is_away() -> None:
    counter = Counter()
    counter.pass_s(HOUR_S)
    assert counter.printer.last_status is PrinterStatus.READY
    assert HOUR_S / STATUS_EVERY_S < counter.steps < STEPS_PER_HOUR_MAX
    counter.steps = 0
    counter.cable.order("unplug")
    counter.pass_s(HOUR_S)
    assert counter.printer.life.state is DeviceState.ABSENT and counter.steps < HOUR_S
    counter.cable.order("plug")
    counter.pass_s(10.0)
    assert counter.printer.last_status is PrinterStatus.READY
    assert counter.print().result is PrintResult.PRINTED


def test_the_same_hour_twice_is_the_same() -> None:
    """Nothing in it draws a number or looks at a clock."""

    def hour() -> list[object]:
        counter, told = Counter(settings={"lines_per_s": 7.0}), list[object]()
        for number in range(20):
            counter.cable.order(f"at line {number} {('paper out', 'power cycle', 'cover open')[number % 3]}")
            outcome = counter.print(clean=True)
            told += [outcome.result, outcome.status, counter.now_s]
            for order in ("paper in", "cover close"):
                counter.cable.order(order)
            counter.pass_s(180.0)
        return told

    assert hour() == hour()


AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("driver", "url", "said"),
    [
        (serial_scanner, "tcp://scanner:9000?suffix=cr", b"2600000000017\r"),
        (hid_scanner, "hid:///dev/input/event5", Fingers().bytes_of("2600000000017")),
        (hidraw_scanner, "hidraw:///dev/hidraw0", Reports().bytes_of("2600000000017")),
    ],
    ids=["serial", "keyboard", "reports"],
)
def test_a_scanner_on_a_cable_reads_what_is_said_on_it(
    driver: Callable[..., LineScanner], url: str, said: bytes
) -> None:
    cable = Cable(url)
    scanner = driver(cable.url, "counter", open=cable.open)
    scanner.step(0.0, AT)
    cable.say(said)
    scans, _ = scanner.step(0.1, AT)
    assert [scan.text for scan in scans] == ["2600000000017"]
    cable.unplug()
    scanner.step(0.2, AT)
    assert scanner.life.state is DeviceState.FAULTED


class Shown:
    """What lies before a camera, frame by frame; then it is unplugged."""

    def __init__(self, frames: list[Frame]) -> None:
        self.frames = frames
        self.closed = False

    def frame(self, wait_s: float) -> Frame | None:
        if not self.frames:
            raise DeviceError(tried="reading frames", device="camera:0", cause="it is gone", hint="Plug it in.")
        return self.frames.pop(0)

    def close(self) -> None:
        self.closed = True


def test_a_camera_is_shown_frames_without_a_thread() -> None:
    shown = Shown([Frame(drawn_card("2600000000017", "ean13"))])
    camera = CameraScanner("camera:0", "counter", open=lambda source: shown)
    scans, now_s = camera.step(0.0, AT)
    states = [camera.life.state]
    camera.step(now_s, AT)
    assert [scan.text for scan in scans] == ["2600000000017"]
    assert [*states, camera.life.state] == [DeviceState.READY, DeviceState.FAULTED] and shown.closed
