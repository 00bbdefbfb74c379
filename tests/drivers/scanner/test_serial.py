"""The serial driver against the emulated scanner, on a pty and on TCP: the same story on both."""

import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import serial

from drivers.errors import DeviceError
from drivers.life import DeviceState
from drivers.scanner.emulator.serial import PtyLine, ScannerEmulator, TcpLine, Wording
from drivers.scanner.framing import SETTLED_AFTER_QUIETS
from drivers.scanner.scan import AFTER_GAP, REFUSED, UNTERMINATED, Scan
from drivers.scanner.scanner import open_scanner, run
from drivers.scanner.serial import SerialLine

GONE = (DeviceState.FAULTED, DeviceState.ABSENT)
Ready = Callable[..., tuple[ScannerEmulator, Any]]


@pytest.fixture(params=["pty", "tcp"])
def emulator(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ScannerEmulator]:
    emulator = ScannerEmulator(PtyLine(tmp_path / "scanner") if request.param == "pty" else TcpLine())
    emulator.plug()
    yield emulator
    emulator.unplug()


@pytest.fixture
def ready(emulator: ScannerEmulator, till_at: Callable[[str], Any]) -> Ready:
    """An emulator with a till that listens to it."""

    def ready(wording: Wording | None = None, settings: str = "") -> tuple[ScannerEmulator, Any]:
        emulator.wording = wording or Wording()
        till = till_at(emulator.line.url.partition("?")[0] + settings)
        till.step_until_state(DeviceState.READY)
        listening(emulator)
        return emulator, till

    return ready


def listening(emulator: ScannerEmulator) -> None:
    if isinstance(emulator.line, TcpLine):
        assert emulator.line.wait_for_host(5)


@pytest.mark.parametrize("suffix", ["cr", "lf", "crlf", "etx"])
def test_a_scan_arrives_with_who_and_when(ready: Ready, suffix: str) -> None:
    emulator, till = ready(Wording(suffix=suffix, aim="]E0"))
    assert emulator.scan("4600000000015")
    till.step_until_read("4600000000015")
    (scan,) = till.scans
    assert (scan.symbology, scan.scanner, scan.flags) == ("ean13", "left", frozenset())
    assert scan.raw == b"]E04600000000015"
    assert scan.at.utcoffset() == timedelta(0)


def test_three_equal_goods_are_three_scans(ready: Ready) -> None:
    emulator, till = ready()
    for _ in range(3):
        emulator.scan("4600000000015")
    till.step_until_read(*["4600000000015"] * 3)


def test_a_code_that_comes_in_single_bytes_is_whole(ready: Ready) -> None:
    emulator, till = ready(Wording(piece_bytes=1, pause_s=0.01))
    sender = threading.Thread(target=emulator.scan, args=("0104600439931256\x1d21abc",))
    sender.start()
    till.step_until_read("0104600439931256\x1d21abc")
    sender.join()
    assert till.scans[0].flags == frozenset()


def test_a_code_without_its_suffix_is_delivered_flagged(ready: Ready) -> None:
    emulator, till = ready(Wording(suffix="none"), "?idle_ms=40")
    emulator.scan("4600000000015")
    till.step_until_read("4600000000015")
    assert till.scans[0].flags == {UNTERMINATED}


def test_the_tail_after_a_gap_is_flagged_too(ready: Ready) -> None:
    emulator, till = ready(None, "?idle_ms=40")
    emulator.send(b"460000")
    till.step_until_read("460000")
    emulator.send(b"0000015\r")
    till.step_until_read("460000", "0000015")
    assert [scan.flags for scan in till.scans] == [{UNTERMINATED}, {AFTER_GAP}]


def test_what_is_no_text_is_counted_by_its_reason_and_told_without_its_text(ready: Ready) -> None:
    emulator, till = ready(Wording(baud=921_600))
    emulator.send(b"\xff\xfe\r" + b"x" * 5000 + b"\r")
    emulator.scan("4607")
    till.step_until_read("", "", "4607")
    assert till.scanner.refused == {"it is not UTF-8 text": 1, "it is longer than 4096 bytes": 1}
    assert [scan.flags for scan in till.scans] == [{REFUSED}, {REFUSED}, frozenset()]


def test_unplugged_in_the_middle_of_a_code_nothing_half_arrives_and_replugging_needs_no_restart(
    ready: Ready,
) -> None:
    emulator, till = ready()
    emulator.send(b"460000")
    till.step()  # the driver holds half a code now
    emulator.unplug()
    till.step_until_state(*GONE)
    assert till.scanner.life.cause
    emulator.plug()
    till.step_until_state(DeviceState.READY)
    listening(emulator)
    emulator.scan("4607")
    till.step_until_read("4607")
    assert till.scans[0].flags == frozenset()


def test_unplugged_and_replugged_five_times_it_reads_every_time(ready: Ready) -> None:
    emulator, till = ready()
    for number in range(5):
        emulator.unplug()
        till.step_until_state(*GONE)
        emulator.plug()
        till.step_until_state(DeviceState.READY)
        listening(emulator)
        emulator.scan(f"card-{number}")
        till.step_until_read(*[f"card-{n}" for n in range(number + 1)])


def test_a_scanner_that_is_not_there_yet_is_absent_and_then_read(
    emulator: ScannerEmulator, till_at: Callable[[str], Any]
) -> None:
    url = emulator.line.url
    emulator.unplug()
    till = till_at(url)
    till.step_until("a first attempt", lambda: till.scanner.life.failures > 0)
    assert "Is the scanner plugged in" in till.scanner.life.cause
    emulator.plug()
    till.step_until_state(DeviceState.READY)
    assert till.states == [DeviceState.ABSENT, DeviceState.CONNECTING, DeviceState.READY]


def test_a_quiet_line_keeps_the_scanner_ready(ready: Ready) -> None:
    emulator, till = ready(None, "?idle_ms=20")
    for _ in range(2 * SETTLED_AFTER_QUIETS):
        till.step()
    emulator.scan("4607")
    till.step_until_read("4607")
    assert till.states == [DeviceState.CONNECTING, DeviceState.READY]


def test_a_wrong_setting_is_told_with_what_is_possible() -> None:
    with pytest.raises(DeviceError, match="parity=x is not possible; it is one of n, e, o"):
        open_scanner("serial:///dev/ttyUSB0?parity=x", name="left")
    with pytest.raises(DeviceError, match="no setting 'speed'; there are suffix, prefix, parity, flow, idle_ms, baud"):
        open_scanner("serial:///dev/ttyUSB0?speed=9600", name="left")


def test_the_settings_of_the_url_reach_the_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked of pyserial's own object: a pty ignores parity and bits."""
    ports: list[serial.Serial] = []

    class Kept(serial.Serial):
        def __init__(self, *told: Any, **more: Any) -> None:
            super().__init__(*told, **more)
            ports.append(self)

    monkeypatch.setattr(serial, "Serial", Kept)
    emulator = ScannerEmulator(PtyLine(tmp_path / "scanner"))
    emulator.plug()
    line = SerialLine(f"serial://{tmp_path}/scanner?baud=19200&bits=7&parity=e&stop=2&flow=xonxoff&idle_ms=80")
    link = line.open()
    (port,) = ports
    assert (port.baudrate, port.bytesize, port.parity, port.stopbits) == (19200, 7, "E", 2)
    assert (port.xonxoff, port.rtscts, line.idle_s) == (True, False, 0.08)
    assert port.write_timeout is not None
    link.close()
    emulator.unplug()


def test_a_scanner_that_holds_us_off_is_told_and_does_not_hold_us_for_ever(tmp_path: Path) -> None:
    emulator = ScannerEmulator(PtyLine(tmp_path / "scanner"))
    emulator.plug()
    link = SerialLine(f"serial://{tmp_path}/scanner").open()
    with pytest.raises(DeviceError, match="flow"):
        link.send(b"x" * 100_000)  # nobody reads on the other side
    link.close()
    emulator.unplug()


def test_a_tail_that_comes_right_after_reconnecting_is_not_taken_for_a_code(
    emulator: ScannerEmulator, till_at: Callable[[str], Any]
) -> None:
    till = till_at(emulator.line.url)
    till.step()
    listening(emulator)
    emulator.send(b"0000015\r")
    till.step_until_read("0000015")
    assert till.scans[0].flags == {AFTER_GAP}
    assert till.scanner.life.state is DeviceState.READY


def test_a_second_reader_of_one_port_is_told_who_is_in_the_way(tmp_path: Path, till_at: Callable[[str], Any]) -> None:
    emulator = ScannerEmulator(PtyLine(tmp_path / "scanner"))
    emulator.plug()
    first, second = till_at(emulator.line.url), till_at(emulator.line.url)
    first.step_until_state(DeviceState.READY)
    second.step_until_state(DeviceState.FAULTED)
    assert "Another program holds it" in second.scanner.life.cause
    emulator.unplug()


def test_what_is_no_serial_port_faults_with_a_hint(tmp_path: Path, till_at: Callable[[str], Any]) -> None:
    plain = tmp_path / "file"
    plain.write_text("4607\r")
    till = till_at(f"serial://{plain}")
    till.step_until_state(DeviceState.FAULTED)
    assert "Is this a serial port?" in till.scanner.life.cause


@pytest.mark.parametrize(
    "url",
    [
        "hdmi://1",
        "nonsense",
        "",
        "serial://ttyUSB0",
        "serial:///dev/ttyUSB0?baud=fast",
        "serial:///dev/ttyUSB0?baud=-1",
        "serial:///dev/ttyUSB0?speed=9600",
        "serial:///dev/ttyUSB0?suffix=tabb",
        "serial:///dev/ttyUSB0?idle_ms=5000",
        "serial:///dev/ttyUSB0?baud=9600&baud=19200",
        "serial:///dev/ttyUSB0?bits=9",
        "serial:///dev/ttyUSB0?parity=x",
        "serial:///dev/ttyUSB0?stop=3",
        "serial:///dev/ttyUSB0?flow=dsr",
        "serial:///dev/ttyUSB0?prefix=esc",
        "tcp://127.0.0.1:4000?baud=9600",
        "tcp://127.0.0.1:0",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:99999",
        "tcp://[::1",
    ],
)
def test_a_wrong_address_is_told_at_once(url: str) -> None:
    with pytest.raises(DeviceError) as told:
        open_scanner(url, name="left")
    assert told.value.device == url
    assert "Write" in told.value.hint


def test_the_thread_delivers_until_told_to_stop_and_lets_the_scanner_go(
    emulator: ScannerEmulator, till_at: Callable[[str], Any]
) -> None:
    delivered: queue.Queue[tuple[Scan, float]] = queue.Queue()
    stop = threading.Event()
    scanner = open_scanner(emulator.line.url, name="left")
    thread = threading.Thread(target=run, args=(scanner, lambda *scan: delivered.put(scan), stop))
    thread.start()
    ready = threading.Event()
    while scanner.life.state is not DeviceState.READY:
        ready.wait(0.005)
    listening(emulator)
    before_s = time.monotonic()
    emulator.scan("4607")
    scan, ended_at_s = delivered.get(timeout=5)
    assert scan.text == "4607"
    assert before_s <= ended_at_s <= time.monotonic()
    stop.set()
    thread.join(timeout=2)
    assert not thread.is_alive()
    till_at(emulator.line.url).step_until_state(DeviceState.READY)  # a port still held would be refused


def test_an_emulator_replaces_the_link_of_a_killed_one_but_nobodys_file(tmp_path: Path) -> None:
    link = tmp_path / "scanner"
    link.symlink_to("/dev/pts/gone")
    line = PtyLine(link)
    line.plug()
    assert os.path.exists(link)
    line.unplug()
    assert not os.path.lexists(link)
    link.write_text("a file of somebody")
    with pytest.raises(DeviceError):
        line.plug()
    assert link.read_text() == "a file of somebody"


def test_an_emulator_says_that_its_port_is_taken() -> None:
    first = TcpLine()
    first.plug()
    with pytest.raises(DeviceError, match="in use"):
        TcpLine(int(first.url.rpartition(":")[2])).plug()
    first.unplug()
