"""Something else answers where a printer should (D28), or a printer answers late (D26). Real sockets, real bytes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.printer.attempt import PrintResult
from drivers.printer.by_hand import print_out
from drivers.printer.document import Cut, Document, Text
from drivers.printer.emulator.server import PrinterServer
from drivers.printer.printer import Printer
from drivers.printer.probe import probing
from drivers.printer.profile import PrinterProfile
from drivers.printer.status import PrinterStatus
from drivers.printer.stranger import ECHOES, QUOTED_MAX, quoted, stranger
from tests.stepping import status_of

PAGE = Document((Text("Проба"), Cut()))
SSH = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"
BUSY = b"printer busy\r\n"


@contextmanager
def somebody(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """Who serves each of his clients so, one after another."""

    def run() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                serve(client)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=run)
        thread.start()
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def greets(words: bytes) -> Callable[[socket.socket], None]:
    def serve(client: socket.socket) -> None:
        client.sendall(words)
        while client.recv(1024):
            pass

    return serve


def hangs_up(words: bytes) -> Callable[[socket.socket], None]:
    return lambda client: client.sendall(words)


def echoes(client: socket.socket) -> None:
    while data := client.recv(1024):
        client.sendall(data)


STRANGERS = [
    ("an SSH server", greets(SSH), "“SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3”"),
    ("a print server that is taken", greets(BUSY), "“printer busy”"),
    ("the same, and it hangs up", hangs_up(BUSY), "“printer busy”"),
    ("an echo box", echoes, ECHOES),
    ("another speed", greets(b"\xfe\xf8\x80\xe6\x9e"), r"“\xfe\xf8\x80\xe6\x9e”"),
]


@pytest.mark.parametrize(("serve", "words"), [row[1:] for row in STRANGERS], ids=[row[0] for row in STRANGERS])
def test_a_stranger_is_known_and_quoted_and_gets_no_job(
    serve: Callable[[socket.socket], None], words: str, profile: PrinterProfile
) -> None:
    """D28: its letters read like good statuses, or like silence."""
    with somebody(serve) as url:
        printer = Printer(url, profile, answer_deadline_s=0.1)
        outcome = print_out(printer, PAGE, "A001")
        printer.close()
        assert (outcome.result, outcome.status) == (PrintResult.NOT_SENT, PrinterStatus.NOT_A_PRINTER)
        assert printer.stranger == words and words in outcome.cause
        with probing(url, 0.1) as probe:
            found = probe.look(late_max_s=0)
        assert (found.status, found.stranger) == (PrinterStatus.NOT_A_PRINTER, words)


ANSWERS = [
    b"\x12\x12\x12",
    b"\x1a\x36\x7e",  # cover open and no paper: "6~"
    b"\x10\x00\x00\x00" * 8,
    b"\x38\x48\x0c\x00\x1a\x76\x5a\x7e",  # all that can be wrong: "8H", "vZ~"
    b"\x37\x22BUSY\x00",  # the id of an attempt may be a word
    b"\x12\x5fEPSON\x00\x5fTM-T20\x00",
    b"\x13\x11",
    b"",
]


@pytest.mark.parametrize("came", ANSWERS)
def test_no_answer_of_a_printer_makes_it_a_stranger(came: bytes) -> None:
    assert stranger(came) == ""


def test_a_strangers_words_are_harmless() -> None:
    assert quoted(b"\x1b[2Jgo\x00\x9f\xd0\x96\xe2\x80\xae") == r"\x1b[2Jgo\x00\x9fЖ\x202e"
    assert quoted(b"a\r\n b\t") == "a   b"
    assert len(quoted(b"x" * 1000)) == QUOTED_MAX + 1


def test_a_good_printer_is_asked_on_for_ever(emulated: PrinterServer, profile: PrinterProfile) -> None:
    """Noise on the line later makes it no stranger."""
    printer = Printer(emulated.url, profile)
    assert status_of(printer) is PrinterStatus.READY
    emulated.ask(lambda: emulated.wire.send(SSH))
    assert status_of(printer) is PrinterStatus.READY
    printer.close()


@pytest.fixture
def late(tmp_path: Path) -> Iterator[PrinterServer]:
    with PrinterServer(tmp_path / "paper", boot_s=0, answer_after_s=0.15) as server:
        yield server


def test_a_printer_behind_a_slow_print_server_prints(late: PrinterServer, profile: PrinterProfile) -> None:
    """D26, ten times as fast: the deadline is the profile's."""
    printer = Printer(late.url, replace(profile, answer_deadline_ms=300))
    assert print_out(printer, PAGE, "A001").result is PrintResult.PRINTED
    printer.close()
    assert Printer(late.url, profile)._patience.answer_s > 1.4, "what was met is waited for by every model"


def test_a_slow_answer_is_told_from_none(late: PrinterServer) -> None:
    """D26: who knows how long it takes can set it."""
    with probing(late.url, 0.05) as probe:
        found = probe.look()
    assert found.status is PrinterStatus.SILENT
    assert found.late_s is not None and 0.1 < found.late_s < 5
