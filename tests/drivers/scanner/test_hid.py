"""A scanner that is a keyboard, fed with the records of an input device: by hand, and through the emulator's pipe."""

import errno
import os
import string
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import DeviceError
from drivers.life import DeviceState
from drivers.link.lost import lost
from drivers.scanner.emulator.hid import LEFT_SHIFT, RECORD, FifoLine, Fingers, move, play, press, record
from drivers.scanner.emulator.serial import ScannerEmulator
from drivers.scanner.framing import Frame, Framer, Refusal
from drivers.scanner.hid import HINTS
from drivers.scanner.keymap import Typist
from drivers.scanner.reading import NO_READ_WORDS
from drivers.scanner.scan import AFTER_GAP, CONTROL_CHARACTER, LOST_KEYS, UNKNOWN_KEY, UNTERMINATED
from drivers.scanner.scanner import open_scanner

TYPED = st.text(string.ascii_letters + string.digits + string.punctuation + " \x1d\x1e\x04", min_size=1, max_size=60)
ENTER, TAB, KEYPAD_ENTER, NUM_LOCK, ALT, F1 = 28, 15, 96, 69, 56, 59
LOSS = record(0, 3, 0)  # SYN_DROPPED


def read(records: bytes) -> list[Frame | Refusal]:
    return Typist(Framer()).feed(records)


def only(records: bytes) -> Frame:
    (frame,) = read(records)
    assert isinstance(frame, Frame)
    return frame


@given(
    TYPED.filter(lambda text: not text.startswith("]") and text.strip().casefold() not in NO_READ_WORDS),
    st.integers(1, 100),
)
def test_whatever_a_us_keyboard_types_is_read_in_any_slices(text: str, slice_bytes: int) -> None:
    records, typist = Fingers().bytes_of(text), Typist(Framer())
    found: list[Frame | Refusal] = []
    for start in range(0, len(records), slice_bytes):
        found += typist.feed(records[start : start + slice_bytes])
    (frame,) = found
    assert isinstance(frame, Frame)
    assert (frame.text, frame.flags) == (text, frozenset())


def test_a_recorded_stream_of_a_scanner_is_read() -> None:
    """`cat /dev/input/event5` of a machine with 64-bit longs: «A1» and Enter, with scan codes and an autorepeat."""
    events = [(4, 4, 0x700E1), (1, 42, 1), (0, 0, 0), (1, 30, 1), (0, 0, 0), (1, 30, 2), (0, 0, 1), (1, 30, 0)]
    events += [(1, 42, 0), (0, 0, 0), (1, 2, 1), (0, 0, 0), (1, 2, 0), (0, 0, 0), (1, 28, 1), (0, 0, 0), (1, 28, 0)]
    assert only(b"".join(RECORD.pack(1_700_000_000, 42, *event) for event in events)).text == "A1"


@pytest.mark.parametrize("ending", [ENTER, TAB, KEYPAD_ENTER])
def test_enter_tab_and_the_keypads_enter_end_a_code(ending: int) -> None:
    assert only(press(2) + press(ending)).text == "1"


def test_the_keypad_types_digits_whatever_num_lock_is() -> None:
    keypad = {7: 71, 8: 72, 9: 73, 4: 75, 5: 76, 6: 77, 1: 79, 2: 80, 3: 81, 0: 82}
    typed = b"".join(press(keypad[int(digit)]) for digit in "4600702193")
    frame = only(press(NUM_LOCK) + typed + press(NUM_LOCK) + press(ENTER))
    assert (frame.text, frame.flags) == ("4600702193", frozenset())


def test_the_aim_identifier_works_for_keyboards_too() -> None:
    frame = only(Fingers(aim="]d2").bytes_of("0104600439931256\x1d21abc"))
    assert (frame.text, frame.symbology) == ("0104600439931256\x1d21abc", "datamatrix")


@pytest.mark.parametrize("foreign", [press(F1), press(30, ALT), move(ALT, True) + press(82) * 5 + move(ALT, False)])
def test_a_key_that_is_no_character_flags_the_code_and_not_the_next(foreign: bytes) -> None:
    first, second = read(press(2) + foreign + press(3) + press(ENTER) + press(4) + press(ENTER))
    assert isinstance(first, Frame) and isinstance(second, Frame)
    assert (first.text, first.flags) == ("12", frozenset({UNKNOWN_KEY}))
    assert (second.text, second.flags) == ("3", frozenset())


def test_other_control_characters_are_refused() -> None:
    (refusal,) = read(press(26, 29) + press(ENTER))  # Ctrl+[
    assert isinstance(refusal, Refusal) and refusal.reason.startswith(f"{CONTROL_CHARACTER}: <ESC>")


def test_keys_that_the_kernel_dropped_flag_the_code_and_what_stands_before_the_next_report_is_disregarded() -> None:
    first, second = read(
        press(2) + LOSS + record(1, 3, 1) + record(0, 0, 0) + press(4) + press(ENTER) + press(5) + press(ENTER)
    )
    assert isinstance(first, Frame) and isinstance(second, Frame)
    assert (first.text, first.flags) == ("13", frozenset({LOST_KEYS}))
    assert (second.text, second.flags) == ("4", frozenset())


def test_a_shift_whose_release_was_dropped_is_not_held_for_ever() -> None:
    frame = only(move(LEFT_SHIFT, True) + LOSS + record(0, 0, 0) + press(30) + press(ENTER))
    assert (frame.text, frame.flags) == ("a", frozenset({LOST_KEYS}))


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[ScannerEmulator]:
    emulator = ScannerEmulator(FifoLine(tmp_path / "keys"), Fingers())
    emulator.plug()
    yield emulator
    emulator.unplug()


def test_unplugged_in_the_middle_of_a_code_and_plugged_in_again(
    emulator: ScannerEmulator, till_at: Callable[[str], Any]
) -> None:
    till = till_at(emulator.line.url)
    till.step_until_state(DeviceState.READY)
    emulator.send(press(2) + press(3) + move(LEFT_SHIFT, True))
    till.step()
    emulator.unplug()
    till.step_until_state(DeviceState.FAULTED)
    till.step_until_state(DeviceState.ABSENT)
    emulator.plug()
    till.step_until_state(DeviceState.READY)
    emulator.scan("card-1")
    till.step_until_read("card-1")
    assert till.scans[0].flags == frozenset()


def test_a_code_without_an_end_is_flagged_after_the_gap(
    emulator: ScannerEmulator, till_at: Callable[[str], Any]
) -> None:
    till = till_at(emulator.line.url + "&idle_ms=40")
    till.step_until_state(DeviceState.READY)
    emulator.send(press(2) + press(3))
    till.step_until_read("12")
    emulator.send(press(4) + press(ENTER))
    till.step_until_read("12", "3")
    assert [scan.flags for scan in till.scans] == [{UNTERMINATED}, {AFTER_GAP}]


def test_a_record_is_played_at_its_own_pace(emulator: ScannerEmulator, till_at: Callable[[str], Any]) -> None:
    till = till_at(emulator.line.url)
    till.step_until_state(DeviceState.READY)
    recorded = b"".join(
        RECORD.pack(100 + number, 250_000, 1, key, value)
        for number, key in enumerate((2, 3, ENTER))
        for value in (1, 0)
    )
    waits: list[float] = []
    assert play(recorded, emulator.line, waits.append)
    till.step_until_read("12")
    assert waits == [1.0, 1.0]


def test_what_cannot_be_grabbed_is_told(emulator: ScannerEmulator, till_at: Callable[[str], Any]) -> None:
    till = till_at(emulator.line.url.partition("?")[0])
    till.step_until_state(DeviceState.FAULTED)
    assert "Is this an input device?" in till.scanner.life.cause


def test_a_plain_file_is_no_keyboard(tmp_path: Path, till_at: Callable[[str], Any]) -> None:
    (tmp_path / "file").write_bytes(b"4607\n" * 100)
    till = till_at(f"hid://{tmp_path}/file?grab=no")
    till.step_until_state(DeviceState.FAULTED)
    assert "it is no device" in till.scanner.life.cause


def test_a_keyboard_that_is_not_there_is_absent(tmp_path: Path, till_at: Callable[[str], Any]) -> None:
    till = till_at(f"hid://{tmp_path}/nothing")
    till.step_until("an attempt", lambda: till.scanner.life.failures > 0)
    assert till.scanner.life.state is DeviceState.ABSENT
    assert "pos-agent devices" in till.scanner.life.cause


@pytest.mark.parametrize(
    ("number", "hint"), [(errno.EACCES, "usermod -aG input"), (errno.EBUSY, "Another program holds it")]
)
def test_why_a_keyboard_cannot_be_had_is_told(number: int, hint: str) -> None:
    error = OSError(number, os.strerror(number))
    assert hint in lost("open", "hid:///x", error, HINTS).hint


@pytest.mark.parametrize(
    "url", ["hid://event5", "hid:///dev/input/event5?grab=perhaps", "hid:///dev/input/event5?baud=9600", "hid:///"]
)
def test_a_wrong_address_is_told_at_once(url: str) -> None:
    with pytest.raises(DeviceError, match="Write hid:///dev/input/by-id"):
        open_scanner(url, name="left")
