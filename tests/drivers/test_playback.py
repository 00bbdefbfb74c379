"""What was recorded of each emulator, played again: the same scans, byte for byte; the same answers."""

from __future__ import annotations

import errno
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drivers.errors import DeviceError
from drivers.life import DeviceState
from drivers.link.spy import RecordedLink
from drivers.printer.attempt import PrintResult
from drivers.printer.by_hand import print_out
from drivers.printer.document import Document, Text
from drivers.printer.emulator.playback import Difference, RecordedPrinter, difference
from drivers.printer.emulator.server import PrinterServer
from drivers.printer.emulator.wires import PtyWire, TcpWire, Wire
from drivers.printer.link import open_link
from drivers.printer.printer import Printer
from drivers.printer.probe import Probe
from drivers.printer.profile import PrinterProfile
from drivers.printer.relay import Relay
from drivers.printer.status import PrinterStatus
from drivers.recorder import Recorder, RecordingEnded
from drivers.recording import Entry, Kind, Recording, load_recording
from drivers.scanner.capture import Capture, source_of
from drivers.scanner.emulator.camera import CameraEmulator
from drivers.scanner.emulator.hid import FifoLine, Fingers, press, record
from drivers.scanner.emulator.playback import play_recording, why_not
from drivers.scanner.emulator.pos_reports import Reports
from drivers.scanner.emulator.recorded_camera import RecordedCamera
from drivers.scanner.emulator.serial import Line, PtyLine, ScannerEmulator, TcpLine, Way, Wording
from drivers.scanner.line import LineScanner
from drivers.scanner.scan import Scan
from drivers.scanner.scanner import open_scanner
from drivers.scanner.tap import tap

DEADLINE_S = 10.0
CODES = ("2600000000017", "0104600439931256\x1d21abc", "4600000000015")


class Reader:
    """A scanner that is read, and perhaps recorded."""

    def __init__(self, url: str, recorder: Recorder | None = None, idle_ms: int = 100) -> None:
        scanner = open_scanner(f"{url}{'&' if '?' in url else '?'}idle_ms={idle_ms}", name="left")
        assert isinstance(scanner, LineScanner)
        self.scanner, self._recorder = scanner, recorder
        self.scans: list[Scan] = []
        if recorder is not None:
            tap(scanner, recorder.told)
        self.until(lambda: self.scanner.life.state is DeviceState.READY)

    def until(self, condition: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < deadline_s, f"{self.scanner.life.cause} {self.scans}"
            scans, next_s = self.scanner.step(time.monotonic(), datetime.now(UTC))
            self.scans += scans
            if self._recorder is not None:
                self._recorder.quiet()
            time.sleep(min(0.02, max(0.0, next_s - time.monotonic())))

    def while_at_work(self, work: Callable[[], object], scans: int) -> list[tuple[object, ...]]:
        """What was read while somebody did this."""
        worker = threading.Thread(target=work)
        worker.start()
        self.until(lambda: not worker.is_alive() and len(self.scans) >= scans)
        self.scanner.close()
        return [(scan.text, scan.raw, scan.symbology, scan.flags) for scan in self.scans]


@pytest.fixture
def plugged() -> Iterator[Callable[[Line], Line]]:
    lines: list[Line] = []

    def plug(line: Line) -> Line:
        lines.append(line)
        line.plug()
        return line

    yield plug
    for line in lines:
        line.unplug()


def recorded(path: Path, kind: Kind = "scanner") -> Recording:
    return load_recording(path, kind)


def tcp(_: Path) -> Line:
    return TcpLine()


def pty(folder: Path) -> Line:
    return PtyLine(folder / "scanner")


def reports(folder: Path) -> Line:
    return FifoLine(folder / "reports", "hidraw")


def pipe(folder: Path) -> Line:
    return FifoLine(folder / "keys")


PAUSE_S = 0.3  # ends a code for a driver that waits 100 ms, however late a busy machine hears of the piece before it
PATIENT_MS = 250  # the driver's wait where a pause must not end a code
FAST = 115200
TURNS = (Wording(baud=FAST), Wording(suffix="crlf", aim="]d2", baud=FAST), Wording(suffix="etx", stx=True, baud=FAST))
KEYS = (
    Fingers(pause_s=0),
    Fingers(suffix="tab", aim="]d2", modifiers="alt-keypad", pause_s=0),
    Fingers(modifiers="caps-lock", pause_s=0),
)


def shown(emulator: ScannerEmulator, ways: tuple[Way, ...], codes: tuple[str, ...]) -> Callable[[], None]:
    """Each code in another way, as if the scanner were set up anew in between."""

    def show() -> None:
        for way, code in zip(ways, codes, strict=True):
            emulator.wording = way
            emulator.scan(code)

    return show


@pytest.mark.parametrize(
    ("line_of", "ways", "codes", "idle_ms"),
    [
        pytest.param(tcp, TURNS, CODES, PATIENT_MS, id="suffixes, identifiers and frames"),
        pytest.param(pty, (Wording(piece_bytes=5, pause_s=0.03),), CODES[:1], PATIENT_MS, id="in pieces with pauses"),
        pytest.param(tcp, (Wording(suffix="none", baud=FAST),), CODES[:1], 100, id="without a suffix"),
        pytest.param(pty, (Wording(piece_bytes=9, pause_s=PAUSE_S),), CODES[:1], 100, id="torn by a long pause"),
        pytest.param(pipe, KEYS, CODES, PATIENT_MS, id="keys"),
        pytest.param(reports, (Reports(),) * 3, CODES, PATIENT_MS, id="reports"),
    ],
)
def test_a_scanner_plays_back_byte_for_byte(
    line_of: Callable[[Path], Line],
    ways: tuple[Way, ...],
    codes: tuple[str, ...],
    idle_ms: int,
    tmp_path: Path,
    plugged: Callable[[Line], Line],
) -> None:
    line = plugged(line_of(tmp_path))
    recorder = Recorder(tmp_path / "a.rec", "scanner", line.url, mask=False)
    show = shown(ScannerEmulator(line), ways, codes)
    before = Reader(line.url, recorder, idle_ms).while_at_work(show, len(codes))
    recorder.close()
    recording = recorded(tmp_path / "a.rec")
    reader = Reader(line.url, idle_ms=idle_ms)
    again = reader.while_at_work(lambda: play_recording(recording, line, wait=time.sleep), len(before))
    assert again == before and len(before) >= len(codes)


def test_a_masked_recording_gives_other_numbers_of_the_same_kind(
    tmp_path: Path, plugged: Callable[[Line], Line]
) -> None:
    line = plugged(TcpLine())
    recorder = Recorder(tmp_path / "a.rec", "scanner", line.url)
    way = Wording(aim="]E0", piece_bytes=6, baud=FAST)
    before = Reader(line.url, recorder).while_at_work(shown(ScannerEmulator(line), (way,) * 3, CODES), len(CODES))
    recorder.close()
    text = (tmp_path / "a.rec").read_text("ascii")
    assert "2600000000017" not in text and "000017<CR>" not in text
    recording = recorded(tmp_path / "a.rec")
    again = Reader(line.url).while_at_work(lambda: play_recording(recording, line, wait=time.sleep), len(before))
    assert [flags for *_, flags in again] == [flags for *_, flags in before]
    assert [symbology for _, _, symbology, _ in again] == [symbology for _, _, symbology, _ in before]
    assert [len(str(text)) for text, *_ in again] == [len(str(text)) for text, *_ in before]


def test_a_lost_line_is_lost_again_and_what_came_after_it_is_read(
    tmp_path: Path, plugged: Callable[[Line], Line]
) -> None:
    line = plugged(TcpLine())
    assert isinstance(line, TcpLine)
    recorder = Recorder(tmp_path / "a.rec", "scanner", line.url, mask=False)

    def fault() -> None:
        emulator = ScannerEmulator(line)
        emulator.scan(CODES[0])
        emulator.send(b"4600")
        line.unplug()
        line.plug()
        assert line.wait_for_host(DEADLINE_S)
        emulator.scan(CODES[2])

    before = Reader(line.url, recorder).while_at_work(fault, 2)
    recorder.close()
    recording = recorded(tmp_path / "a.rec")
    assert [entry.what for entry in recording.entries].count("lost") == 1
    reader = Reader(line.url)
    again = reader.while_at_work(lambda: play_recording(recording, line, wait=time.sleep, host=line), len(before))
    assert again == before and reader.scanner.life.losses == 1


def test_keys_under_caps_lock_and_alt_are_recorded_as_they_were_pressed(
    tmp_path: Path, plugged: Callable[[Line], Line]
) -> None:
    line = plugged(pipe(tmp_path))
    recorder = Recorder(tmp_path / "a.rec", "scanner", line.url, mask=False)
    keys = press(58) + press(30) + record(1, 56, 1) + press(82) + press(76) + record(1, 56, 0) + press(28)
    reader = Reader(line.url, recorder)
    reader.while_at_work(lambda: line.send(keys), 1)
    recorder.close()
    recording = recorded(tmp_path / "a.rec")
    played: list[bytes] = []
    line.send = lambda data: not played.append(data)  # type: ignore[method-assign, func-returns-value]
    play_recording(recording, line, wait=lambda _: None)
    assert [data[16:] for data in _records(b"".join(played))] == [data[16:] for data in _records(keys)]


def _records(data: bytes) -> list[bytes]:
    return [data[start : start + 24] for start in range(0, len(data), 24)]


def test_a_recording_goes_over_its_own_kind_of_line() -> None:
    keys = Recording(kind="scanner", entries=(Entry(at_ms=0, what="keys", events=((1, 28, 1),)),))
    serial = Recording(kind="scanner", entries=(Entry(at_ms=0, what="in", data=b"4"),))
    reports = Recording(kind="scanner", facts={"of": "hidraw:///dev/hidraw0"}, entries=serial.entries)
    assert why_not(keys, "keys") is why_not(serial, "serial") is why_not(reports, "reports") is None
    assert "--hid PATH" in str(why_not(keys, "serial")) and "--tcp PORT" in str(why_not(serial, "keys"))
    assert "--hidraw PATH" in str(why_not(reports, "serial"))


# The file


def test_a_recording_is_never_written_over(tmp_path: Path) -> None:
    Recorder(tmp_path / "a.rec", "scanner", "tcp://a:1").close()
    with pytest.raises(DeviceError, match="never written over"):
        Recorder(tmp_path / "a.rec", "scanner", "tcp://a:1")


def test_it_has_an_end_and_its_lines_are_whole(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.rec", "scanner", "tcp://a:1", bytes_max=300)
    with pytest.raises(RecordingEnded, match="most bytes, 300"):
        for _ in range(100):
            recorder.told("in", data=b"4600\r")
    recorder.close()
    assert (tmp_path / "a.rec").stat().st_size <= 300
    whole = recorded(tmp_path / "a.rec").entries
    assert {entry.data for entry in whole if entry.what == "in"} == {b"4600\r"}


def test_a_full_disk_ends_it_and_blames_no_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(tmp_path / "a.rec", "scanner", "tcp://a:1")

    def full(file: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("drivers.recorder.os.write", full)
    with pytest.raises(RecordingEnded, match="No space left on device"):
        recorder.told("open")
    recorder.close()


def test_each_line_is_there_as_soon_as_it_is_settled(tmp_path: Path) -> None:
    """Nothing waits in a buffer of ours: a killed process takes at most an unfinished number with it."""
    recorder = Recorder(tmp_path / "a.rec", "scanner", "tcp://a:1")
    recorder.told("in", data=b"2600000000017\r")
    recorder.told("in", data=b"46000000")
    assert len(recorded(tmp_path / "a.rec").entries) == 1
    assert (tmp_path / "a.rec").stat().st_mode & 0o077 == 0
    recorder.close()


# A camera


def test_a_camera_plays_back_the_very_pictures(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    emulator = CameraEmulator(tmp_path / "cards")
    emulator.plug()
    recorder = Recorder(tmp_path / "a.rec", "camera", emulator.url, mask=False)
    pictures = _pictures(emulator.url, 4)
    for packed in pictures:
        recorder.told("frame", data=packed)
    recorder.close()
    emulator.unplug()
    camera = RecordedCamera(recorded(tmp_path / "a.rec", "camera"))
    camera.plug()
    threading.Thread(target=camera.play, daemon=True).start()
    assert _pictures(camera.url, 1) == pictures[:1]
    camera.unplug()


def _pictures(url: str, count: int) -> list[bytes]:
    capture = Capture(source_of(url))
    found: list[bytes] = []
    try:
        while len(found) < count:
            if (frame := capture.frame(DEADLINE_S)) is not None and (packed := frame.packed()) is not None:
                found.append(packed)
    finally:
        capture.close()
    return found


# A printer

PROFILE = PrinterProfile(name="test", columns=42, width_dots=504)
PAPER = Document((Text("Карта 2600000000017"),))


@pytest.fixture
def emulated(tmp_path: Path) -> Iterator[PrinterServer]:
    with PrinterServer(tmp_path / "paper", boot_s=0, pictures=False) as server:
        yield server


def printed(url: str, attempt: str = "A001") -> tuple[PrintResult, PrinterStatus]:
    printer = Printer(url, PROFILE)
    try:
        return (outcome := print_out(printer, PAPER, attempt)).result, outcome.status
    finally:
        printer.close()


def carried(url: str, folder: Path, work: Callable[[str], object], *, mask: bool = True) -> Recording:
    """What passes through a relay while somebody works on its port."""
    recorder = Recorder(folder / "p.rec", "printer", url, mask=mask)
    relay = Relay(url, recorder.told)
    worker = threading.Thread(target=work, args=(relay.url,))
    worker.start()
    while worker.is_alive():
        relay.step(0.01)
    relay.close()
    recorder.close()
    return recorded(folder / "p.rec", "printer")


def played(recording: Recording, wire: Wire, work: Callable[[str], object]) -> list[Difference]:
    printer = RecordedPrinter(recording, wire, speed=100)
    found: list[Difference] = []

    def play() -> None:
        found.extend(printer.play())
        wire.unplug()  # as the command does: who closes his end waits for it

    player = threading.Thread(target=play)
    player.start()
    work(wire.url)
    player.join(DEADLINE_S)
    assert not player.is_alive()
    return found


@pytest.mark.parametrize(
    ("order", "wire"),
    [
        ("", lambda: TcpWire("127.0.0.1", 0)),
        ("paper low", PtyWire),
        ("paper out", lambda: TcpWire("127.0.0.1", 0)),
        ("cover open", lambda: TcpWire("127.0.0.1", 0)),
    ],
)
def test_a_printer_plays_back_its_answers(
    order: str, wire: Callable[[], Wire], emulated: PrinterServer, tmp_path: Path
) -> None:
    if order:
        assert emulated.order(order) == ""
    outcomes: list[tuple[PrintResult, PrinterStatus]] = []
    recording = carried(emulated.url, tmp_path, lambda url: outcomes.append(printed(url)))
    assert "2600000000017" not in (tmp_path / "p.rec").read_text("ascii")
    differences = played(recording, wire(), lambda url: outcomes.append(printed(url)))
    assert outcomes[0] == outcomes[1] and differences == []


def test_another_attempt_is_proved_by_its_own_name(emulated: PrinterServer, tmp_path: Path) -> None:
    recording = carried(emulated.url, tmp_path, printed)
    outcomes: list[tuple[PrintResult, PrinterStatus]] = []
    wire = TcpWire("127.0.0.1", 0)
    assert played(recording, wire, lambda url: outcomes.append(printed(url, "B777"))) == []
    assert outcomes == [(PrintResult.PRINTED, PrinterStatus.READY)]


def test_a_printer_that_is_gone_ends_its_hosts_connection(emulated: PrinterServer, tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "p.rec", "printer", emulated.url)
    relay = Relay(emulated.url, recorder.told)
    with socket.create_connection(("127.0.0.1", relay.port), timeout=DEADLINE_S) as host:
        relay.step(DEADLINE_S)
        host.sendall(b"\x10\x04\x01")
        while not [entry for entry in recorded(tmp_path / "p.rec", "printer").entries if entry.what == "in"]:
            relay.step(DEADLINE_S)
        emulated.order("unplug")
        with pytest.raises(DeviceError):
            while True:
                relay.step(DEADLINE_S)
        assert host.recv(64) == b"\x12" and host.recv(64) == b""
    with socket.create_connection(("127.0.0.1", relay.port), timeout=DEADLINE_S) as host:
        with pytest.raises(DeviceError, match="Connection refused"):
            relay.step(DEADLINE_S)
        assert host.recv(64) == b""
    relay.close()
    recorder.close()
    whats = [entry.what for entry in recorded(tmp_path / "p.rec", "printer").entries]
    assert whats == ["open", "out", "in", "lost", "close", "end"]


def test_what_is_sent_otherwise_is_told_with_its_place() -> None:
    entry = Entry(at_ms=7, what="out", data=b"\x1b@Karta 2600")
    assert difference(entry, b"\x1b@Karta 2601", masked=True) is None
    found = difference(entry, b"\x1b@Karta 2601", masked=False)
    assert found == Difference(at_ms=7, byte=11, recorded="0", came="1")
    assert difference(entry, b"\x1b@K", masked=False) == Difference(at_ms=7, byte=3, recorded="arta 2600", came="")


def test_the_questions_of_a_fitter_are_recorded_too(emulated: PrinterServer, tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "p.rec", "printer", emulated.url)
    link = RecordedLink(open_link(emulated.url), recorder.told)
    found = Probe(link, 10.0).look()
    link.close()
    recorder.close()
    recording = recorded(tmp_path / "p.rec", "printer")
    assert [entry.what for entry in recording.entries][:3] == ["open", "out", "in"]
    again: list[object] = []

    def ask(url: str) -> None:
        asked = open_link(url)
        again.append(Probe(asked, 10.0).look())
        asked.close()

    assert played(recording, TcpWire("127.0.0.1", 0), ask) == []
    assert again == [found]
