"""The doctor among emulated devices: what it finds, what it says to set, and that it leaves all as it was."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from config.printers import load_printer
from config.settings import load_settings
from drivers.errors import DeviceError
from drivers.printer.checkup import Abilities, fitted
from drivers.printer.emulator.server import PrinterServer
from drivers.printer.status import PrinterStatus
from drivers.scanner.emulator.camera import CameraEmulator
from drivers.scanner.emulator.habits import Words
from drivers.scanner.emulator.hid import Fingers
from drivers.scanner.emulator.pos_reports import Reports
from drivers.scanner.emulator.serial import Line, PtyLine, ScannerEmulator, TcpLine, Way, Wording
from drivers.scanner.scanner import open_scanner
from drivers.scanner.trial import LINEAR, MATRIX, Burst, Piece, TrialCode
from pos_agent.cli import cli
from pos_agent.doctor import till
from pos_agent.doctor.away import reason_of
from pos_agent.doctor.cameras import examined_camera
from pos_agent.doctor.printers import PrinterExam, examined_printer, judged, model_called
from pos_agent.doctor.scanners import ScannerExam, examined_scanner, told
from pos_agent.doctor.sheet import Finding, Mark
from pos_agent.status import Status

HURRY_S = 0.2  # no test waits for silence longer
SCANS = 2


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.printer.checkup.ANSWER_S", HURRY_S)
    monkeypatch.setattr("drivers.printer.checkup.SHORTEST_S", HURRY_S)
    monkeypatch.setattr("drivers.printer.probe.LATE_MAX_S", HURRY_S)
    monkeypatch.setattr("drivers.scanner.listening.BURST_GAP_S", HURRY_S)
    monkeypatch.setattr("drivers.scanner.showing.WATCH_S", HURRY_S)


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def found(findings: list[Finding], code: str) -> Finding:
    return next(finding for finding in findings if finding.code == code)


# Printers


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[Callable[..., PrinterServer]]:
    servers: list[PrinterServer] = []

    def start(**how: object) -> PrinterServer:
        servers.append(PrinterServer(tmp_path / "paper", pictures=False, **how).__enter__())  # type: ignore[arg-type]
        return servers[-1]

    yield start
    for server in servers:
        server.__exit__()


def looked_at(server: PrinterServer, **how: object) -> list[Finding]:
    return examined_printer(PrinterExam(url=server.url, **how), lambda sample: None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("model", "known", "signs"),
    [
        ("epson", "knows_process_id", "✓?✓"),
        ("epson-old", "knows_gs_r", "✗?✓"),
        ("nt-5890k", "knows_gs_r", "✗?✓"),
    ],
)
def test_what_a_printer_knows_is_found_and_nothing_is_printed(
    model: str, known: str, signs: str, printer: Callable[..., PrinterServer]
) -> None:
    server = printer(model=model)
    findings = looked_at(server)
    facts = found(findings, known).facts
    assert "".join(facts[name] for name in ("clear", "asb", "knife")) == signs
    assert "state_ready" in codes(findings)
    assert server.ledger == [] and server.ask(lambda: server.machine.interpreter.paper.rows) == []


def test_a_printer_is_left_as_it_was_found(printer: Callable[..., PrinterServer]) -> None:
    """Its code page, its bold letters, and whom it tells its state."""
    server = printer()
    with socket.create_connection(("127.0.0.1", server.port)) as host:
        host.sendall(b"\x1bt\x11\x1bE\x01\x1da\xff\x10\x04\x01")
        host.settimeout(5.0)
        came = b""
        while b"\x12" not in came:
            came += host.recv(64)

    def modes() -> dict[str, object]:
        interpreter, machine = vars(server.machine.interpreter), vars(server.machine)
        return {name: interpreter[name] for name in ("_letters", "_bold", "_kanji")} | {"asb": machine["_auto_mask"]}

    before = server.ask(modes)
    looked_at(server)
    assert server.ask(modes) == before and before["_bold"] is True and before["asb"] == 0xFF


@pytest.mark.parametrize(
    ("order", "code"),
    [("paper out", "state_paper_out"), ("cover open", "state_cover_open"), ("paper low", "state_paper_low")],
)
def test_a_printer_that_stands_still_says_why(order: str, code: str, printer: Callable[..., PrinterServer]) -> None:
    server = printer()
    server.order(order)
    assert code in codes(looked_at(server))


def test_a_silent_printer_stops_a_till(printer: Callable[..., PrinterServer]) -> None:
    server = printer()
    server.order("silent on")
    finding = found(looked_at(server), "printer_silent")
    assert finding.stops and finding.help == "printer_silent_help"


def test_a_model_that_promises_too_much_is_told_and_the_right_one_written(tmp_path: Path) -> None:
    clone = Abilities(
        answered=True,
        status=PrinterStatus.READY,
        process_id=False,
        gs_r=True,
        clear=False,
        knife=True,
        drawer_high=True,
    )

    def said(**how: object) -> list[Finding]:
        return list(judged(PrinterExam(url="tcp://a:1", **how), clone))  # type: ignore[arg-type]

    wrong = found(said(model="epson-tm-t20"), "model_wrong")
    assert wrong.mark is Mark.BAD and wrong.facts["changed"] == 'proof = "gs_r", clear = false'
    assert "profile_written" in codes(said(model="epson-tm-t20", write=tmp_path / "own.toml"))
    profile = load_printer(str(tmp_path / "own.toml"))
    assert (profile.proof, profile.clear, profile.cutter, profile.columns) == ("gs_r", False, True, 48)
    assert "model_fits" in codes(said(model=str(tmp_path / "own.toml")))
    assert "model_other" in codes(said(model="xprinter-58"))  # its knife
    assert "profile_no_toml" in codes(said(write=tmp_path / "own.txt"))
    assert "profile_not_written" in codes(said(write=tmp_path / "no" / "own.toml"))


def test_a_slow_print_server_is_waited_for_and_its_patience_written(
    printer: Callable[..., PrinterServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_agent.doctor.printers.SLOW_MS", 1000 * HURRY_S)
    server = printer()
    server.order("cover open")  # then it is asked no more than needed
    server.order(f"answer after {1.5 * HURRY_S}")
    findings = looked_at(server)
    assert "printer_slow" in codes(findings) and "state_cover_open" in codes(findings)
    slow = Abilities(answered=True, status=PrinterStatus.READY, answer_ms=1400)
    assert fitted(load_printer("default"), slow).answer_deadline_ms == 2800


def test_names_of_makers_are_known() -> None:
    assert model_called("EPSON", "TM-T20III") == "epson-tm-t20"
    assert model_called("EPSON", "TM-T88VI") == "epson-tm-t88"
    assert model_called("", "POS-5890") == "pos-5890"
    assert model_called("EPSON", "TM-T88III") is None


@pytest.mark.parametrize(("answer", "code"), [(True, "page_right"), (False, "page_wrong"), (None, "page_printed")])
def test_with_paper_one_line_is_printed_and_the_person_asked(
    answer: bool | None, code: str, printer: Callable[..., PrinterServer]
) -> None:
    server = printer()
    findings = examined_printer(PrinterExam(url=server.url, model="default", paper=True), lambda sample: answer)
    assert code in codes(findings)
    lines = [line for line in server.ask(lambda: list(server.machine.interpreter.paper.lines())) if line.strip()]
    assert len(lines) == 1 and lines[0].startswith("|Съешь ё№ cp866 17") and lines[0].endswith("|")
    assert found(findings, "knows_process_id").facts["asb"] == "✓"


@pytest.fixture
def stranger() -> Iterator[Callable[[Callable[[socket.socket], object]], str]]:
    """Somebody who listens where a printer should."""
    listeners: list[socket.socket] = []

    def start(speak: Callable[[socket.socket], object]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            try:
                host, _ = listener.accept()
                with host:
                    speak(host)
                    while host.recv(64):
                        pass
            except OSError:
                pass

        threading.Thread(target=serve, daemon=True).start()
        return f"tcp://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for listener in listeners:
        listener.close()


@pytest.mark.parametrize(
    ("speak", "code"),
    [
        (lambda host: host.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"), "stranger_ssh"),
        (lambda host: host.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "stranger_web"),
        (lambda host: host.sendall(host.recv(3)), "stranger_echo"),
        (lambda host: host.sendall(b"printer busy\r\n"), "stranger"),
    ],
)
def test_what_is_no_printer_is_named(
    speak: Callable[[socket.socket], object],
    code: str,
    stranger: Callable[[Callable[[socket.socket], object]], str],
) -> None:
    findings = examined_printer(PrinterExam(url=stranger(speak)), lambda sample: None)
    assert codes(findings) == [code] and findings[0].stops


def test_why_a_device_cannot_be_had_is_told_by_its_reason(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        refused = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        assert codes(examined_printer(PrinterExam(url=refused), lambda sample: None)) == ["away_refused"]
        assert codes(examined_scanner(ScannerExam(url=refused), _shown_to_nobody)) == ["away_refused"]
    missing = f"serial://{tmp_path}/nothing"
    assert codes(examined_printer(PrinterExam(url=missing), lambda sample: None)) == ["away_missing"]
    assert codes(examined_scanner(ScannerExam(url=missing), _shown_to_nobody)) == ["away_missing"]
    assert codes(examined_scanner(ScannerExam(url="serial:x"), _shown_to_nobody)) == ["bad_url"]
    line = PtyLine(tmp_path / "held")
    line.plug()
    scanner = open_scanner(line.url, name="left")
    scanner.step(0.0, datetime.now(UTC))
    assert codes(examined_scanner(ScannerExam(url=line.url), _shown_to_nobody)) == ["away_busy"]
    scanner.close()
    line.unplug()


@pytest.mark.parametrize(
    ("error", "reason"),
    [(PermissionError(13, "no"), "forbidden"), (TimeoutError(), "unreachable"), (ValueError("x"), "other")],
)
def test_the_systems_reason_lies_under_ours(error: Exception, reason: str) -> None:
    ours = DeviceError(tried="a", device="b", cause="c", hint="d")
    ours.__cause__ = error
    assert reason_of(ours) == reason


def _shown_to_nobody(code: TrialCode, count: int) -> None:
    raise AssertionError("no code is asked for")


# Scanners


URL = "tcp://127.0.0.1:4001"
KEYS_URL = "hid:///dev/input/event5"
AIM = Wording(aim="]Q1")


def told_of(way: Way, url: str = URL, model: str | None = None, **texts: str) -> list[Finding]:
    """What is said of a scanner that is set up so; a code without a text is not read."""
    exam = ScannerExam(url=url, model=model, scans=SCANS)
    linear, matrix = (
        [Burst((Piece(0, way.bytes_of(text)),))] * SCANS if (text := texts.get(code.name, code.text)) else []
        for code in (LINEAR, MATRIX)
    )
    return list(told(exam, linear, matrix))


class Lettered:
    """The way of a scanner that writes a make's letter before every code."""

    piece_bytes = 16

    def __init__(self, linear: str, matrix: str) -> None:
        self.letters = {LINEAR.text: linear, MATRIX.text: matrix}

    def bytes_of(self, code: str, aim: str = "") -> bytes:
        return f"{self.letters[code]}{code}\r".encode()

    def pace_s(self, piece: bytes) -> float:
        return 0.0


def test_a_good_scanner_is_told_as_one() -> None:
    findings = told_of(AIM)
    assert [finding.mark for finding in findings] == [Mark.GOOD] * len(findings)
    assert found(findings, "around").facts == {"before": "]Q1", "after": "<CR>"}
    assert {"read_linear", "identifier", "read_matrix", "gs_kept", "letters_kept", "url_right"} <= set(codes(findings))


def test_a_scanner_without_manners_is_told_what_to_set() -> None:
    findings = told_of(Wording(suffix="none"), matrix="aB;12Жё")
    assert {"no_suffix", "no_identifier", "gs_lost", "letters_kept"} <= set(codes(findings))


def test_frames_of_stx_and_etx_are_read_as_they_are() -> None:
    findings = told_of(Wording(stx=True, suffix="etx"))
    assert found(findings, "around").facts == {"before": "<STX>", "after": "<ETX>"} and "url_right" in codes(findings)


@pytest.mark.parametrize(
    ("way", "url", "setting"),
    [
        (Wording(suffix="eot"), URL, "?suffix=eot"),
        (Wording(encoding="cp1251"), URL, "?encoding=cp1251"),
        (Wording(encoding="cp866", suffix="eot"), URL, "?suffix=eot&encoding=cp866"),
        (Wording(words=Words(prefix="A1")), URL, "?prefix='A1'"),
        (Lettered("j", "q"), URL, "?identifier='jq'"),  # nobody's table: as they came
        (Lettered("j", "s"), URL, "?identifier=maker"),
        (Fingers(layout="de"), KEYS_URL, "?layout=de"),
        (Fingers(modifiers="caps-on"), KEYS_URL, "?modifiers=caps-on"),
        (Fingers(modifiers="alt-keypad"), KEYS_URL, ""),
        (Fingers(suffix="arrow-down"), KEYS_URL, "?suffix=arrow-down"),
        (Reports(), "hidraw:///dev/hidraw0", ""),
        (Reports(report="plain"), "hidraw:///dev/hidraw0", "?report=plain"),
    ],
    ids=[
        "eot",
        "cp1251",
        "cp866 and eot",
        "prefix",
        "letters of nobody's",
        "letters of a make",
        "german keyboard",
        "caps lock",
        "alt and numbers",
        "arrow",
        "reports",
        "plain reports",
    ],
)
def test_the_url_that_reads_a_habit_is_found(way: Way, url: str, setting: str) -> None:
    typed = {"matrix": "aB;12\x1d"} if url == KEYS_URL else {}
    findings = told_of(way, url, **typed)
    assert findings[-1].facts["url"] == url + setting and {"gs_kept", "read_linear"} <= set(codes(findings))


def test_the_make_is_named_whose_letters_they_are() -> None:
    maker = found(told_of(Lettered("j", "s")), "maker")
    assert maker.facts["models"] == "honeywell, newland" and maker.help == "maker_help"
    settled = told_of(Lettered("j", "s"), f"{URL}?identifier=maker", model="honeywell")
    assert found(settled, "identifier").facts["symbology"] == "code128" and "url_right" in codes(settled)


def test_a_scanner_of_one_kind_of_code_is_told_as_one() -> None:
    bars, matrix = told_of(AIM, matrix=""), told_of(AIM, linear="")
    assert "matrix_quiet" in codes(bars) and "linear_quiet" in codes(matrix)
    assert not any(finding.stops for finding in bars + matrix)


def test_a_keyboard_scanner_is_read_by_its_keys() -> None:
    findings = told_of(Fingers(), KEYS_URL, matrix="aB;12\x1d")
    assert {"read_linear", "gs_kept", "letters_lost"} <= set(codes(findings))
    assert found(findings, "url_right").facts["url"] == KEYS_URL


def test_a_code_that_is_scanned_too_soon_is_taken_for_what_it_is() -> None:
    early = [Burst((Piece(0, AIM.bytes_of(MATRIX.text)),))] * SCANS
    assert {"linear_quiet", "read_matrix"} <= set(codes(list(told(ScannerExam(url=URL, scans=SCANS), early, []))))


def test_another_code_and_noise_are_told_apart() -> None:
    assert found(told_of(AIM, linear="4600000000015"), "other_code").facts["came"] == "]Q14600000000015<CR>"
    noise = [Burst((Piece(0, b"\xf8\x80\xf8\xfe"),))]
    assert found(list(told(ScannerExam(url=URL), noise, [])), "no_code").stops


def test_a_code_that_comes_twice_and_in_slow_pieces_is_told() -> None:
    data = AIM.bytes_of(LINEAR.text)
    slow = Burst((Piece(0, data[:4]), Piece(90, data[4:]), Piece(10, data)))
    torn = Burst((Piece(0, data[:4]), Piece(150, data[4:])))
    found_url = list(told(ScannerExam(url=URL, scans=1), [torn], []))[-1].facts["url"]
    assert found_url == URL + "?idle_ms=250"
    assert {"repeats", "long_pauses"} <= set(codes(list(told(ScannerExam(url=URL, scans=1), [slow], []))))
    assert "read_seldom_linear" in codes(list(told(ScannerExam(url=URL, scans=3), [slow], [])))


@pytest.mark.parametrize("wire", [lambda folder: TcpLine(), lambda folder: PtyLine(folder / "scanner")])
def test_a_scanner_is_heard_over_its_line(wire: Callable[[Path], Line], tmp_path: Path) -> None:
    """Two scans of each code, with a pause between them as a hand makes it."""
    line, turn = wire(tmp_path), threading.Event()
    line.plug()
    emulator = ScannerEmulator(line, Wording(aim="]Q1", baud=115200))
    workers: list[threading.Thread] = []

    def scan(code: TrialCode) -> None:
        assert not isinstance(line, TcpLine) or line.wait_for_host(10.0)
        emulator.scan(code.text)
        turn.wait(10.0)
        turn.clear()
        emulator.scan(code.text)

    def show(code: TrialCode, count: int) -> None:
        workers.append(threading.Thread(target=scan, args=(code,)))
        workers[-1].start()

    exam = ScannerExam(url=line.url, scans=SCANS, wait_s=10.0)
    findings = examined_scanner(exam, show, lambda count: turn.set() if count == 1 else None)
    for worker in workers:
        worker.join()
    line.unplug()
    assert [finding.mark for finding in findings] == [Mark.GOOD] * len(findings)
    assert found(findings, "read_matrix").facts["count"] == "2"


def test_a_scanner_that_says_nothing_stops_a_till() -> None:
    line = TcpLine()
    line.plug()
    findings = examined_scanner(ScannerExam(url=line.url, wait_s=0.1), lambda code, count: None)
    assert found(findings, "scanner_quiet").stops
    line.unplug()


# A camera


def test_a_camera_is_measured_and_reads_the_code(tmp_path: Path) -> None:
    camera = CameraEmulator(tmp_path)
    camera.plug()
    findings = examined_camera(
        ScannerExam(url=camera.url, wait_s=10.0), lambda code, count: camera.show(code.symbology, LINEAR.text)
    )
    camera.unplug()
    assert "camera_shows" in codes(findings) and found(findings, "camera_reads").mark is Mark.GOOD
    assert examined_camera(ScannerExam(url="camera:file:/none/%03d.png"), _shown_to_nobody)[0].stops


# The till


def settings(folder: Path, **more: str) -> Path:
    path = folder / "pos-agent.toml"
    text = 'till = "till-1"\nprogramme = "alenka"\ndata = "data"\nlanguage = "en"\n[hub]\nurl = "http://127.0.0.1:9"\n'
    path.write_text(text + "".join(f"[{table}]\n{line}\n" for table, line in more.items()), encoding="utf-8")
    return path


def doctor(*words: str) -> Result:
    return CliRunner().invoke(cli, ["doctor", *words])


def test_a_till_without_devices_can_work_and_says_what_it_stands_on(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]  # free from here on
    done = doctor("--config", str(settings(tmp_path, api=f"port = {port}")), "--root", str(tmp_path))
    assert done.exit_code == 0, done.output
    for words in (
        "till-1: alenka",
        "GB free",
        "has not joined the hub at http://127.0.0.1:9",
        "UTC",
        "is free",
        "A till can work",
    ):
        assert words in done.output
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".doctor")]


def test_a_printer_and_a_scanner_that_are_not_there_stop_it(tmp_path: Path) -> None:
    path = settings(tmp_path, printer=f'url = "serial://{tmp_path}/lost"')
    done = doctor("--config", str(path), "--root", str(tmp_path), "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 1 and told["works"] is False
    assert "away_missing" in [finding["code"] for finding in told["findings"]]


def test_settings_that_cannot_be_read_are_a_line_of_the_page(tmp_path: Path) -> None:
    path = settings(tmp_path, printer='url = "kettle://"')
    done = doctor("--config", str(path), "--root", str(tmp_path), "--language", "en")
    assert done.exit_code == 1 and "the settings cannot be read" in done.output


def test_without_settings_an_address_is_enough(tmp_path: Path, printer: Callable[..., PrinterServer]) -> None:
    url = printer().url
    done = doctor(url, "--config", str(tmp_path / "none.toml"), "--root", str(tmp_path), "--language", "en")
    assert done.exit_code == 0 and "it is ready to print" in done.output, done.output


def test_ctrl_c_tells_what_was_found_by_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pos_agent.doctor.till.hub", broken_off)
    done = doctor("--config", str(settings(tmp_path)), "--root", str(tmp_path))
    assert done.exit_code == 1 and "till-1: alenka" in done.output and "not looked at to the end" in done.output


def test_a_port_that_somebody_else_has_stops_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        path = settings(tmp_path, api=f"port = {taken.getsockname()[1]}")
        status, findings = till.agent(load_settings(path))
    assert status is None and codes(findings) == ["port_taken"] and findings[0].stops


@pytest.mark.parametrize(
    ("printer_state", "scanner_state", "stopped"),
    [
        ("ready", "ready", [False, False]),
        ("paper_out", "connecting", [False, False]),
        ("silent", "absent", [True, True]),
    ],
)
def test_what_the_running_agent_holds_is_told_by_it(
    printer_state: str, scanner_state: str, stopped: list[bool]
) -> None:
    status = msgspec.convert(
        {
            **dict.fromkeys(("store", "last_reply", "question", "asked")),
            **dict.fromkeys(("till", "programme", "programme_version"), "1"),
            **{name: {} for name in ("papers", "proofs")},
            "training": False,
            "hub": {"url": "", "online": True, "cause": "", "code": "", "pulled_at": None, "clock_off_s": 0},
            "outbox": 0,
            "refused": [],
            "visit": {"state": "idle"},
            "printer": {"url": "tcp://a:1", "state": printer_state, "link": "ready", "text": "words"},
            "scanners": [
                {
                    "name": "left",
                    "url": "tcp://a:2",
                    "state": scanner_state,
                    "cause": "",
                    "losses": 0,
                    "counts": {"scans": 3},
                    "refused": {},
                }
            ],
        },
        Status,
    )
    findings = list(till.held_by_agent(status))
    assert [finding.stops for finding in findings] == stopped
    assert codes(findings) == ["agents_printer", f"agents_scanner_{scanner_state}"]


def test_the_clock_beside_the_hubs() -> None:
    now = datetime(2026, 11, 29, 12, tzinfo=UTC)
    assert till.clock_beside(now, now + timedelta(seconds=7), 5).facts == {"seconds": "+7"}
    assert till.clock_beside(now, now - timedelta(minutes=6), 5).code == "clock_off"
    assert till.clock_alone(datetime(1970, 1, 1, tzinfo=UTC)).stops
    assert till.clock_alone(now).mark is Mark.UNSURE


def test_a_folder_that_cannot_be_written_and_a_full_disk_stop_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load_settings(settings(tmp_path))

    def forbidden(folder: Path) -> float:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(till, "synced_ms", forbidden)
    assert [finding.stops for finding in till.disk(loaded)] == [True]
    monkeypatch.setattr(till, "FULL_BYTES", 2**62)
    assert codes(list(till.disk(loaded))) == ["disk_full"]


def test_f6_a_disk_that_is_nearly_full_is_told_of_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(till, "LOW_BYTES", 2**62)
    low, *others = list(till.disk(load_settings(settings(tmp_path))))
    assert low.code == "disk_low" and not low.stops and others[0].code in ("disk_good", "disk_slow")
