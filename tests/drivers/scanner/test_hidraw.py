"""HID POS: reports → codes, by the device's description or the usual layouts, and through the emulator's pipe. No such
device was at hand: the reports are as two makers' manuals draw them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import DeviceError
from drivers.life import DeviceState
from drivers.scanner.emulator.hid import FifoLine
from drivers.scanner.emulator.pos_reports import DESCRIPTOR, REPORT_BYTES, Reports, play
from drivers.scanner.emulator.serial import ScannerEmulator
from drivers.scanner.framing import Frame, Refusal
from drivers.scanner.hidraw import ReportLink
from drivers.scanner.reports import CUT_OFF, LAYOUTS, LENGTH_WRONG, MORE_THAN_SAID, NO_AIM, ReportReader, layout_of
from drivers.scanner.scan import AFTER_GAP, MAX_CODE_BYTES, TOO_LONG
from drivers.scanner.scanner import open_scanner

CARD = "2600000000017"
LONG = "https://shop.example/" + "0123456789" * 20
# As Access-IS prints it: 60 bytes in two reports, the identifier in both, the first ends with «s» and «more follows».
BOARDING = "M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23  00120"
RECORDED = (
    (b"\x02\x38]Q0" + BOARDING[:56].encode()).ljust(61, b"\0")
    + b"s\0\x01"
    + (b"\x02\x04]Q0" + BOARDING[56:].encode()).ljust(61, b"\0")
    + b"s\0\0"
)


def read(data: bytes, layout: str = "aim") -> list[Frame | Refusal]:
    return ReportReader(LAYOUTS[layout]).feed(data)


def only(results: list[Frame | Refusal]) -> Frame:
    (frame,) = results
    assert isinstance(frame, Frame)
    return frame


def refused(results: list[Frame | Refusal]) -> str:
    (refusal,) = results
    assert isinstance(refusal, Refusal)
    return refusal.reason


def test_a_report_says_what_kind_of_code_it_is_and_how_long() -> None:
    frame = only(read(Reports().bytes_of(CARD)))
    assert (frame.text, frame.symbology, frame.flags) == (CARD, "ean13", frozenset())


def test_a_code_of_several_reports_is_one() -> None:
    frame = only(read(RECORDED))
    assert (frame.text, frame.symbology) == (BOARDING, "qr")


@pytest.mark.parametrize("layout", ["aim", "plain"])
def test_gs_and_letters_arrive(layout: str) -> None:
    text = "0104600439931256\x1d21Ж" * 6
    assert only(read(Reports(report=layout).bytes_of(text), layout)).text == text


def test_a_suffix_that_was_set_for_another_line_comes_off() -> None:
    assert only(read(Reports(suffix=b"\r\n").bytes_of(CARD))).text == CARD


@pytest.mark.parametrize(
    ("data", "layout", "reason"),
    [
        (Reports(report="plain").bytes_of(CARD), "aim", NO_AIM),
        (Reports(report="aim").bytes_of(CARD), "plain", MORE_THAN_SAID),
        ((b"\x02\xff]E0" + CARD.encode()).ljust(64, b"\0"), "aim", LENGTH_WRONG),
        (RECORDED[:64] + Reports(report="plain").bytes_of(CARD), "aim", NO_AIM),
    ],
)
def test_a_report_of_another_make_is_refused_in_words_and_never_half_read(
    data: bytes, layout: str, reason: str
) -> None:
    reader = ReportReader(LAYOUTS[layout])
    assert refused(reader.feed(data)) == reason
    assert only(reader.feed(Reports(report=layout).bytes_of(CARD))).text == CARD


def test_reports_of_another_number_are_none_of_ours() -> None:
    assert read(b"\x05" * 64 + Reports().bytes_of(CARD)) == read(Reports().bytes_of(CARD))


def test_half_a_code_is_refused_when_its_rest_does_not_come() -> None:
    reader = ReportReader(LAYOUTS["aim"])
    assert reader.feed(RECORDED[:64]) == []
    assert refused(reader.quiet()) == CUT_OFF
    assert reader.quiet() == []
    assert only(reader.feed(RECORDED[64:])).flags == {AFTER_GAP}  # the rest, late: it looks like a code
    assert only(reader.feed(RECORDED)).flags == frozenset()
    reader.feed(RECORDED[:64])
    reader.reset()
    assert only(reader.feed(RECORDED[64:])).flags == {AFTER_GAP}


def test_a_device_gone_mad_holds_no_more_than_one_code() -> None:
    reader = ReportReader(LAYOUTS["aim"])
    for _ in range(1_000):
        assert reader.feed(RECORDED[:64]) == []
        assert len(reader._held) <= MAX_CODE_BYTES
    assert refused(reader.feed(RECORDED[64:])) == TOO_LONG


def test_the_device_describes_its_own_reports() -> None:
    assert layout_of(DESCRIPTOR) == LAYOUTS["aim"]


def test_a_report_without_number_and_byte_count_and_with_another_bit_is_read_as_described() -> None:
    described = bytes.fromhex(
        "06 8c 00 0a 02 00 a1 01 75 08 95 20 09 fe 81 02 75 01 95 03 81 03 95 01 09 ff 81 02 95 04 81 03 c0"
    )
    layout = layout_of(described)
    assert layout is not None
    assert (layout.size, layout.number, layout.data_at, layout.data_bytes) == (33, None, 0, 32)
    assert (layout.length_at, layout.identifier_at, layout.continued_at, layout.continued_bit) == (None, None, 32, 3)
    reports = b"A" * 32 + b"\x08" + b"B".ljust(32, b"\0") + b"\0"
    assert only(ReportReader(layout).feed(reports)).text == "A" * 32 + "B"


@given(st.binary(max_size=120), st.integers(0, len(DESCRIPTOR)))
def test_no_description_is_too_strange_to_be_heard(strange: bytes, cut: int) -> None:
    for told in (strange, DESCRIPTOR[:cut] + strange):
        layout = layout_of(told)
        assert layout is None or layout.data_at + layout.data_bytes <= layout.size


def test_what_describes_no_scanner_has_no_layout() -> None:
    mouse = bytes.fromhex("05 01 09 02 a1 01 09 01 a1 00 05 09 19 01 29 03 15 00 25 01 95 03 75 01 81 02 c0 c0")
    assert (layout_of(mouse), layout_of(b"")) == (None, None)


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[ScannerEmulator]:
    emulator = ScannerEmulator(FifoLine(tmp_path / "reports", "hidraw"), Reports())
    emulator.plug()
    yield emulator
    emulator.unplug()


def test_codes_arrive_through_a_pipe_whatever_pieces_it_gives(
    emulator: ScannerEmulator, till_at: Callable[[str], Any]
) -> None:
    till = till_at(emulator.line.url)
    till.step_until_state(DeviceState.READY)
    data = emulator.wording.bytes_of(LONG)
    for start in range(0, len(data), 50):
        emulator.send(data[start : start + 50])
        till.step()
    emulator.scan(CARD)
    till.step_until_read(LONG, CARD)
    assert [scan.flags for scan in till.scans] == [frozenset(), frozenset()]


def test_what_was_recorded_is_played(emulator: ScannerEmulator, till_at: Callable[[str], Any]) -> None:
    till = till_at(emulator.line.url)
    till.step_until_state(DeviceState.READY)
    assert play(RECORDED + RECORDED[:10], emulator.line)
    till.step_until_read(BOARDING)


def test_unplugged_and_plugged_in_again(emulator: ScannerEmulator, till_at: Callable[[str], Any]) -> None:
    till = till_at(emulator.line.url)
    till.step_until_state(DeviceState.READY)
    emulator.send(RECORDED[:REPORT_BYTES])
    till.step()
    emulator.unplug()
    till.step_until_state(DeviceState.FAULTED)
    emulator.plug()
    till.step_until_state(DeviceState.READY)
    emulator.scan(CARD)
    till.step_until_read(CARD)


def test_a_plain_file_is_no_device(tmp_path: Path, till_at: Callable[[str], Any]) -> None:
    (tmp_path / "file").write_bytes(RECORDED)
    till = till_at(f"hidraw://{tmp_path}/file")
    till.step_until_state(DeviceState.FAULTED)
    assert "it is no device" in till.scanner.life.cause


def test_a_device_gives_one_report_at_a_time_and_others_are_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "reports")
    link = ReportLink("hidraw:///x", path=str(tmp_path / "reports"), layout=LAYOUTS["aim"])
    link.is_device = True  # as a node is: each read is one report, short ones without their zeros
    assert read(link._even(b"\x05" * 80)) == []
    assert link._even(b"\x02\x01]C0x") == b"\x02\x01]C0x".ljust(64, b"\0")
    with pytest.raises(DeviceError, match="not known here"):
        link.send(b"x")
    link.close()


def test_a_node_that_is_roots_is_told_with_the_rule_that_helps(
    tmp_path: Path, till_at: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    till = till_at(f"hidraw://{tmp_path}/hidraw0")
    monkeypatch.setattr(os, "open", denied)
    till.step()
    assert 'KERNEL=="hidraw*"' in till.scanner.life.cause


@pytest.mark.parametrize("url", ["hidraw://hidraw0", "hidraw:///dev/hidraw0?grab=no", "hidraw:///dev/hidraw0?report=x"])
def test_a_wrong_address_is_told_at_once(url: str) -> None:
    with pytest.raises(DeviceError, match="Write hidraw:///dev/hidraw0"):
        open_scanner(url, name="left")
