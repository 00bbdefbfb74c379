"""Orders of three makes against emulated scanners of those makes, whose tables were written separately."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.scanners import load_scanner, scanner_models
from drivers.life import DeviceState
from drivers.link.link import Link
from drivers.scanner.emulator.models import MODELS
from drivers.scanner.emulator.obedient import ObedientScanner
from drivers.scanner.emulator.serial import PtyLine, Wording
from drivers.scanner.notation import read_bytes, shown
from drivers.scanner.orders import Answer, Outcome, read_answer, send_order
from drivers.scanner.profile import ScannerProfile
from drivers.scanner.serial import SerialLine

Ready = Callable[..., tuple[ObedientScanner, Link]]
OBEDIENT = [model for model in scanner_models() if load_scanner(model).orders]
EVERY_ORDER = [(model, order) for model in OBEDIENT for order in load_scanner(model).orders]


@pytest.fixture
def ready(tmp_path: Path) -> Iterator[Ready]:
    made: list[tuple[ObedientScanner, Link]] = []

    def ready(model: str, in_view: str = "") -> tuple[ObedientScanner, Link]:
        line = PtyLine(tmp_path / "scanner")
        scanner = ObedientScanner(line, Wording(suffix="lf"), MODELS[model](), in_view)
        scanner.plug()
        made.append((scanner, SerialLine(line.url + "&idle_ms=20").open()))
        return made[-1]

    yield ready
    for scanner, link in made:
        link.close()
        scanner.close()


def send(link: Link, model: str, order: str) -> Answer:
    return send_order(link, load_scanner(model), order, time.monotonic)


def test_there_is_an_emulator_of_every_make_we_know() -> None:
    assert sorted(MODELS) == OBEDIENT


@pytest.mark.parametrize(("model", "order"), EVERY_ORDER)
def test_every_order_is_understood(ready: Ready, model: str, order: str) -> None:
    _, link = ready(model)
    answer = send(link, model, order)
    silent = order in load_scanner(model).silent
    assert answer.outcome is (Outcome.UNKNOWN if silent else Outcome.TAKEN), shown(answer.heard.decode("latin-1"))


@pytest.mark.parametrize("model", OBEDIENT)
def test_an_unknown_order_is_refused(ready: Ready, model: str) -> None:
    _, link = ready(model)
    known = load_scanner(model)
    wrong = {"honeywell": "<SYN>M<CR>NOSUCH1.", "newland": "~<SOH>0000@NOSUCH1;<ETX>",
             "zebra-ssi": "<x04><x77><x04><x00><xFF><x81>"}[model]  # fmt: skip
    profile = ScannerProfile(name=model, orders={"wrong": wrong}, taken=known.taken, refused=known.refused)
    assert send_order(link, profile, "wrong", time.monotonic).outcome is Outcome.REFUSED


def test_a_packet_with_a_wrong_checksum_is_refused(ready: Ready) -> None:
    _, link = ready("zebra-ssi")
    known = load_scanner("zebra-ssi")
    profile = ScannerProfile(
        name="x", orders={"torn": "<x04><xE4><x04><x00><xFF><x15>"}, taken=known.taken, refused=known.refused
    )
    assert send_order(link, profile, "torn", time.monotonic).outcome is Outcome.REFUSED


@pytest.mark.parametrize("model", OBEDIENT)
def test_the_trigger_reads_what_is_before_the_lens(
    ready: Ready, till_at: Callable[[str], Any], tmp_path: Path, model: str
) -> None:
    scanner, link = ready(model, in_view="4600000000015")
    link.close()
    till = till_at(scanner.line.url)
    till.step_until_state(DeviceState.READY)
    till.scanner._link.send(read_bytes(load_scanner(model).orders["trigger_on"]))
    till.step_until("the code", lambda: any(b"4600000000015" in scan.raw for scan in till.scans))


def test_a_suffix_that_was_ordered_is_sent_from_then_on(ready: Ready, till_at: Callable[[str], Any]) -> None:
    scanner, link = ready("newland")
    assert send(link, "newland", "suffix_crlf").outcome is Outcome.TAKEN
    assert send(link, "newland", "aim_on").outcome is Outcome.TAKEN
    link.close()
    till = till_at(scanner.line.url + "&suffix=crlf")
    till.step_until_state(DeviceState.READY)
    scanner.scan("4600000000015")
    till.step_until_read("4600000000015")
    assert till.scans[0].symbology == "ean13"


class Ticking:
    """A clock that goes on by itself: silence must not take real time."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        self.now_s += 0.1
        return self.now_s


class Deaf:
    """A line on which nobody answers."""

    accepted = 0

    def __init__(self, *heard: bytes) -> None:
        self.heard = list(heard)
        self.written = b""

    def send(self, data: bytes) -> None:
        self.written += data

    def receive(self, timeout_s: float) -> bytes:
        return self.heard.pop(0) if self.heard else b""

    def close(self) -> None: ...


def test_silence_and_chatter_are_an_unknown_outcome() -> None:
    profile = load_scanner("newland")
    assert send_order(Deaf(), profile, "suffix_cr", Ticking()) == Answer(Outcome.UNKNOWN, b"")
    assert send_order(Deaf(b"4607\r"), profile, "suffix_cr", Ticking()).outcome is Outcome.UNKNOWN


def test_an_answer_in_pieces_after_a_code_is_understood() -> None:
    line = Deaf(b"4607\r\x02\x010000@TSU", b"SET0D\x06;", b"\x03")
    assert send_order(line, load_scanner("newland"), "suffix_cr", Ticking()).outcome is Outcome.TAKEN
    assert line.written == b"~\x010000@TSUSET0D;\x03"


def test_of_two_answers_the_first_counts() -> None:
    assert read_answer(b"A\x15B\x06", load_scanner("honeywell")) is Outcome.REFUSED
    assert read_answer(b"A\x06B\x15", load_scanner("honeywell")) is Outcome.TAKEN


@pytest.mark.parametrize("written", ["<SYM>", "<0>x<04>", "ё"])
def test_what_is_no_byte_is_told(written: str) -> None:
    with pytest.raises(ValueError):
        read_bytes(written)


def test_a_form_feed_and_the_byte_ff_are_two_things() -> None:
    assert read_bytes("<FF><xFF>A<x") == b"\x0c\xffA<x"


def test_nothing_of_a_text_reaches_the_terminal_as_a_command() -> None:
    assert shown("a\x1b[2J\x1d\x7f\x9b\u2028я b") == "a<ESC>[2J<GS><U+007F><U+009B><U+2028>я b"
    assert all(read_bytes(shown(chr(number))) == bytes([number]) for number in range(32))
