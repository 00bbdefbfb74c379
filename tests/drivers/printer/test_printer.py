"""The real driver against the virtual printer over TCP, and against scripted peers that say the wrong thing."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from drivers.errors import DeviceError
from drivers.life import DeviceState
from drivers.printer.attempt import PrintResult
from drivers.printer.by_hand import print_out
from drivers.printer.document import Columns, Cut, Document, Text
from drivers.printer.emulator.server import PrinterServer
from drivers.printer.link import PACE, open_link
from drivers.printer.preview import render
from drivers.printer.printer import Printer
from drivers.printer.profile import PrinterProfile
from drivers.printer.status import PrinterStatus
from tests.stepping import status_of

Connect = Callable[[str, PrinterProfile], Printer]

RECEIPT = Document((Text("Алёнка", align="center"), *(Columns(f"Товар {n}", "1,00 ₽") for n in range(30)), Cut()))
SHORT = Document((Text("Алёнка"), Cut()))  # one word is asked for
GOOD_STATUS = b"\x12"
DEADLINE_S = 10.0


def papers(emulated: PrinterServer, count: int) -> list[str]:
    """So many papers, cut off. The printer's word comes before its cut."""
    deadline = time.monotonic() + DEADLINE_S
    while len(found := sorted(emulated.tray.folder.glob("receipt-*.txt"))) < count:
        assert time.monotonic() < deadline, f"{len(found)} papers, never {count}"
    assert len(found) == count
    return [path.read_text("utf-8") for path in found]


def test_a_receipt_is_printed_with_proof_and_stands_on_paper_as_in_the_preview(
    emulated: PrinterServer, profile: PrinterProfile, connect: Connect
) -> None:
    printer = connect(emulated.url, profile)
    outcome = print_out(printer, RECEIPT, "A001")
    assert outcome.result is PrintResult.PRINTED
    assert outcome.status is PrinterStatus.READY
    assert papers(emulated, 1)[0].splitlines() == render(RECEIPT, profile)[:-1]
    assert printer.life.state is DeviceState.READY


def test_a_second_copy_carries_its_mark(emulated: PrinterServer, profile: PrinterProfile, connect: Connect) -> None:
    printer = connect(emulated.url, profile)
    print_out(printer, RECEIPT, "A001")
    print_out(printer, RECEIPT, "A002", mark="ДУБЛИКАТ")
    first, second = papers(emulated, 2)
    assert "Д У Б Л И К А Т" not in first and second.startswith("             Д У Б Л И К А Т\n")


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ("paper out", PrinterStatus.PAPER_OUT),
        ("cover open", PrinterStatus.COVER_OPEN),
        ("silent on", PrinterStatus.SILENT),
    ],
)
def test_a_printer_that_cannot_print_gets_nothing(
    order: str, status: PrinterStatus, emulated: PrinterServer, profile: PrinterProfile, connect: Connect
) -> None:
    emulated.order(order)
    outcome = print_out(connect(emulated.url, profile), RECEIPT, "A001")
    assert (outcome.result, outcome.status) == (PrintResult.NOT_SENT, status)
    assert outcome.cause
    for undo in ("paper in", "cover close", "silent off"):
        emulated.order(undo)
    assert papers(emulated, 0) == []


def test_low_paper_prints_and_is_told(emulated: PrinterServer, profile: PrinterProfile, connect: Connect) -> None:
    emulated.order("paper low")
    outcome = print_out(connect(emulated.url, profile), RECEIPT, "A001")
    assert (outcome.result, outcome.status) == (PrintResult.PRINTED, PrinterStatus.PAPER_LOW)


@pytest.mark.parametrize(
    ("order", "result", "status"),
    [
        ("paper out", PrintResult.INTERRUPTED, PrinterStatus.PAPER_OUT),
        ("cover open", PrintResult.INTERRUPTED, PrinterStatus.COVER_OPEN),
        ("cutter jam", PrintResult.INTERRUPTED, PrinterStatus.CUTTER),
        ("overheat on", PrintResult.INTERRUPTED, PrinterStatus.OVERHEATED),
        ("silent on", PrintResult.UNKNOWN, PrinterStatus.SILENT),
        ("unplug", PrintResult.UNKNOWN, PrinterStatus.UNPLUGGED),
        ("power cycle", PrintResult.UNKNOWN, PrinterStatus.UNPLUGGED),
    ],
)
def test_a_fault_in_the_middle_of_a_receipt(
    order: str,
    result: PrintResult,
    status: PrinterStatus,
    emulated: PrinterServer,
    profile: PrinterProfile,
    connect: Connect,
) -> None:
    emulated.order(f"at 400 {order}")
    outcome = print_out(connect(emulated.url, profile), RECEIPT, "A001")
    assert (outcome.result, outcome.status) == (result, status)
    assert outcome.cause


def test_an_interrupted_receipt_never_comes_out_later(
    emulated: PrinterServer, profile: PrinterProfile, connect: Connect
) -> None:
    printer = connect(emulated.url, profile)
    emulated.order("at 400 paper out")
    assert print_out(printer, RECEIPT, "A001").result is PrintResult.INTERRUPTED
    emulated.order("paper in")
    assert status_of(printer) is PrinterStatus.READY
    emulated.order("tear")
    (torn,) = papers(emulated, 1)
    assert len(torn.splitlines()) < 15 and printer.take_late_proofs() == ()


@pytest.fixture
def forgets_nothing(profile: PrinterProfile) -> PrinterProfile:
    return replace(profile, clear=False)


def test_a_proof_that_comes_after_the_paper_does_is_told_later_and_confirms_no_other_attempt(
    emulated: PrinterServer, forgets_nothing: PrinterProfile, connect: Connect
) -> None:
    printer = connect(emulated.url, forgets_nothing)
    emulated.order("at 400 paper out")
    assert print_out(printer, RECEIPT, "A001").result is PrintResult.UNKNOWN
    emulated.order("paper in")  # the printer kept its buffer, prints the rest and sends A001
    emulated.order("at 400 cover open")
    assert print_out(printer, RECEIPT, "A002").result is PrintResult.UNKNOWN
    assert printer.take_late_proofs() == ("A001",)
    assert printer.take_late_proofs() == ()


@pytest.mark.parametrize("clear", [True, False])
def test_half_a_command_left_by_another_job_eats_nothing_of_a_clean_one(
    clear: bool, emulated: PrinterServer, profile: PrinterProfile, connect: Connect
) -> None:
    """A QR that was to have 30 more bytes: without cleaning, they would be the start of the receipt."""
    address = urlsplit(emulated.url)
    with socket.create_connection((address.hostname, address.port)) as broken_off:
        broken_off.sendall(b"\x1d(k\x21\x001P0po:1")
    printer = connect(emulated.url, replace(profile, clear=clear))
    assert print_out(printer, RECEIPT, "A001", clean=True).result is PrintResult.PRINTED
    assert papers(emulated, 1)[0].splitlines() == render(RECEIPT, profile)[:-1]


def test_a_receipt_is_told_as_sent_before_it_is_told_as_printed(
    emulated: PrinterServer, profile: PrinterProfile, connect: Connect
) -> None:
    sent: list[bool] = []
    printer = connect(emulated.url, profile)
    printer.begin(RECEIPT, "A001")
    while printer.outcome is None:
        sent.append(printer.sent)
        printer.step(time.monotonic())
    assert printer.outcome.result is PrintResult.PRINTED and sent == sorted(sent) and sent[-1]
    emulated.order("paper out")
    assert print_out(printer, RECEIPT, "A002").result is PrintResult.NOT_SENT
    assert not printer.sent


def test_a_printer_that_vanished_between_receipts_gets_a_new_connection(
    emulated: PrinterServer, profile: PrinterProfile, connect: Connect
) -> None:
    printer = connect(emulated.url, profile)
    assert print_out(printer, RECEIPT, "A001").result is PrintResult.PRINTED
    emulated.order("unplug")
    emulated.order("plug")
    assert print_out(printer, RECEIPT, "A002").result is PrintResult.PRINTED
    papers(emulated, 2)


def test_an_unplugged_printer_is_found_again_without_a_restart(
    emulated: PrinterServer, profile: PrinterProfile, connect: Connect
) -> None:
    printer = connect(emulated.url, profile)
    assert status_of(printer) is PrinterStatus.READY
    emulated.order("unplug")
    assert status_of(printer) is PrinterStatus.UNPLUGGED
    assert print_out(printer, RECEIPT, "A001").result is PrintResult.NOT_SENT
    emulated.order("plug")
    assert status_of(printer, 60) is PrinterStatus.READY


def test_between_tries_nobody_knocks(emulated: PrinterServer, profile: PrinterProfile, connect: Connect) -> None:
    printer = connect(emulated.url, profile)
    emulated.order("unplug")
    assert status_of(printer) is PrinterStatus.UNPLUGGED
    now = time.monotonic()
    wants = printer.step(now)
    assert wants > now
    emulated.order("plug")
    assert (printer.step(now), printer.last_status) == (wants, PrinterStatus.UNPLUGGED)
    assert status_of(printer, 60) is PrinterStatus.READY


def test_a_clone_without_process_id_is_believed_on_gs_r(tmp_path: Path, connect: Connect) -> None:
    clone = PrinterProfile(name="clone", columns=32, width_dots=384, proof="gs_r", clear=False)
    with PrinterServer(tmp_path / "paper", columns=32, process_id=False, pictures=False) as emulated:
        printer = connect(emulated.url, clone)
        assert print_out(printer, RECEIPT, "A001").result is PrintResult.PRINTED
        emulated.order("at 400 paper out")
        assert print_out(printer, RECEIPT, "A002").result is PrintResult.UNKNOWN
        # Its answer names no attempt, so the one still owed must not confirm the next receipt.
        emulated.order("paper in")
        emulated.order("at 400 cover open")
        assert print_out(printer, RECEIPT, "A003").result is PrintResult.UNKNOWN
        assert printer.take_late_proofs() == ()


def test_a_printer_that_knows_no_proof_is_never_believed(tmp_path: Path, connect: Connect) -> None:
    with PrinterServer(tmp_path / "paper", process_id=False) as emulated:
        outcome = print_out(connect(emulated.url, PrinterProfile(name="epson")), RECEIPT, "A001")
        assert outcome.result is PrintResult.UNKNOWN
        papers(emulated, 1)
        mute = PrinterProfile(name="mute", proof="none")
        assert print_out(connect(emulated.url, mute), RECEIPT, "A002").result is PrintResult.UNKNOWN


def test_a_printer_that_another_program_holds_is_told_so_and_is_tried_again(
    profile: PrinterProfile, connect: Connect
) -> None:
    ours, theirs = os.openpty()
    url = f"serial://{os.ttyname(theirs)}"
    held = open_link(url)
    printer = connect(url, profile)
    outcome = print_out(printer, RECEIPT, "A001")
    assert (outcome.result, outcome.status) == (PrintResult.NOT_SENT, PrinterStatus.HELD)
    held.close()
    assert status_of(printer, 60) is PrinterStatus.SILENT
    os.close(ours)
    os.close(theirs)


def test_no_printer_at_all_is_not_sent_and_a_wrong_url_is_told_at_once(
    profile: PrinterProfile, connect: Connect
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    outcome = print_out(connect(f"tcp://127.0.0.1:{port}", profile), RECEIPT, "A001")
    assert (outcome.result, outcome.status) == (PrintResult.NOT_SENT, PrinterStatus.UNPLUGGED)
    for url in (
        "tcp://192.168.0..20:9100",
        "tcp://[::1",
        f"tcp://{'x' * 64}.ru",
        "tcp://тест..ru",
        "lpt1",
        "usb://04b8",
        "http://printer",
        "",
    ):
        with pytest.raises(DeviceError):
            Printer(url, profile)


@contextmanager
def scripted(job_answer: bytes, status: bytes = GOOD_STATUS, to_clear: bytes = b"") -> Iterator[str]:
    """A peer that answers each status question with `status`, the order to forget all with `to_clear`, and anything
    longer with `job_answer`."""

    def serve() -> None:
        client, _ = listener.accept()
        with client:
            while data := client.recv(65536):
                client.sendall({3: status, 10: to_clear}.get(len(data), job_answer))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"\x37\x22A000\x00",  # the id of another attempt
        b"\x37\x22A00\x00",
        b"\x37\x25\x00",
        b"\x12\x12\x12",
        b"\x00",  # somebody else's GS r
        b"\x10\x00\x00\x00",
        b"A001",
    ],
)
def test_only_the_id_of_this_attempt_is_proof(answer: bytes, profile: PrinterProfile, connect: Connect) -> None:
    with scripted(answer) as url:
        printer = connect(url, profile)
        outcome = print_out(printer, SHORT, "A001")
        printer.close()
        assert outcome.result is PrintResult.UNKNOWN


def test_the_right_id_between_other_answers_is_proof(profile: PrinterProfile, connect: Connect) -> None:
    with scripted(b"\x37\x22A000\x00\x14\x00\x00\x00\x13\x37\x22A0\x1101\x00") as url:
        printer = connect(url, profile)
        outcome = print_out(printer, SHORT, "A001")
        printer.close()
        assert outcome.result is PrintResult.PRINTED


STOPPED = b"\x18\x00\x0c\x00"  # ASB: off line, out of paper
CLEARED = b"\x37\x25\x00"


@pytest.mark.parametrize(
    ("to_job", "to_clear", "result"),
    [
        (STOPPED, CLEARED, PrintResult.INTERRUPTED),
        (STOPPED, b"\x37\x22A001\x00" + CLEARED, PrintResult.PRINTED),  # its word was on the way already
        (STOPPED, b"\x37\x22A000\x00" + CLEARED, PrintResult.INTERRUPTED),
        (STOPPED, b"", PrintResult.UNKNOWN),
        (STOPPED, b"\x37\x24\x00", PrintResult.UNKNOWN),
        (b"\x37\x22A001\x00" + STOPPED, b"", PrintResult.PRINTED),
    ],
)
def test_a_printer_that_stops_says_itself_whether_it_forgot(
    to_job: bytes, to_clear: bytes, result: PrintResult, profile: PrinterProfile, connect: Connect
) -> None:
    with scripted(to_job, to_clear=to_clear) as url:
        printer = connect(url, profile)
        outcome = print_out(printer, SHORT, "A001")
        printer.close()
        assert outcome.result is result


def test_a_status_that_is_not_understood_is_not_ready(profile: PrinterProfile, connect: Connect) -> None:
    with scripted(b"", status=b"\x14") as url:
        printer = connect(url, profile)
        outcome = print_out(printer, SHORT, "A001")
        assert outcome.result is PrintResult.NOT_SENT
        assert not outcome.status.prints


def test_a_long_receipt_on_a_slow_line_has_its_time(
    tmp_path: Path, profile: PrinterProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer on its way than the patience with a printer that says nothing."""
    monkeypatch.setattr("drivers.printer.link.PACE", replace(PACE, slowest_bytes_per_s=2_000))
    with PrinterServer(tmp_path / "paper", bytes_per_s=2_500, buffer_bytes=64) as slow:
        printer = Printer(slow.url, profile, answer_deadline_s=1.0, proof_deadline_s=0.2)
        try:
            outcome = print_out(printer, RECEIPT, "A001")
        finally:
            printer.close()
        assert outcome.result is PrintResult.PRINTED, outcome
