"""The habits that scanners of shops had and we did not: each case by what the scanner sent."""

from __future__ import annotations

import fcntl
import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from config.scanners import load_scanner, make_of
from drivers.errors import DeviceError
from drivers.life import DeviceState
from drivers.scanner.emulator.habits import NO_READ
from drivers.scanner.emulator.hid import RECORD, Fingers, by_number, press, record
from drivers.scanner.emulator.keyboards import CAPS_LOCK, ENTER
from drivers.scanner.emulator.serial import ScannerEmulator, TcpLine, Wording
from drivers.scanner.framing import SETTLED_AFTER_QUIETS, SEVERAL_LINES, Frame, Framer, Refusal
from drivers.scanner.habits import HABITS
from drivers.scanner.hid import EventLink, hid_scanner
from drivers.scanner.keymap import Keys, Typist
from drivers.scanner.line import scan_of
from drivers.scanner.profile import ScannerProfile
from drivers.scanner.reading import NO_IDENTIFIER
from drivers.scanner.reading import NO_READ as NOTHING_READ
from drivers.scanner.scan import AFTER_GAP, CAPS_LOCK_UNKNOWN, CONTROL_CHARACTER, UNKNOWN_KEY, UNTERMINATED
from drivers.scanner.scanner import open_scanner
from drivers.scanner.serial import SerialLine

CARD = "2600000000017"
F1, KEYPAD_8 = 59, 72
CAPS_LAMP = 0x11, 1  # EV_LED, LED_CAPSL


def at(settings: str, data: bytes, model: str | None = None) -> list[Frame | Refusal]:
    """What a serial scanner with these settings of its URL gives."""
    return SerialLine(f"tcp://h:1{settings}", make_of(model)).framer().feed(data)


def only(results: list[Frame | Refusal]) -> Frame:
    (frame,) = results
    assert isinstance(frame, Frame), frame
    return frame


def certain(results: list[Frame | Refusal]) -> str:
    frame = only(results)
    assert frame.flags == frozenset()
    return frame.text


def refused(results: list[Frame | Refusal]) -> str:
    (refusal,) = results
    assert isinstance(refusal, Refusal), refusal
    return refusal.reason


def typed(records: bytes, keys: Keys | None = None) -> list[Frame | Refusal]:
    return Typist(Framer(), keys or Keys()).feed(records)


# D21: Alt held, a number on the keypad, Alt released


def test_d21_alt_and_numbers_are_the_letters_that_they_name() -> None:
    """Each letter as Alt, 0 and three digits, as recorded from a scanner in that mode."""
    records = b"".join(by_number(f"{ord(letter):04}") for letter in CARD) + press(ENTER)
    assert certain(typed(records)) == CARD


@pytest.mark.parametrize("number", ["029", "0029", "29"])
def test_d21_gs_is_alt_and_29_with_or_without_zeros(number: str) -> None:
    assert certain(typed(press(2) + by_number(number) + press(3) + press(ENTER))) == "1\x1d2"


@pytest.mark.parametrize(("number", "letter"), [("0198", "Ж"), ("134", "Ж"), ("0168", "Ё"), ("240", "Ё")])
def test_d21_a_zero_before_it_means_the_ansi_page_and_none_the_oem_page(number: str, letter: str) -> None:
    records = by_number(number) + press(ENTER)
    (refusal,) = typed(records)  # nobody said whose pages
    assert isinstance(refusal, Refusal) and "UTF-8" in refusal.reason
    url = "hid:///k?encoding=cp1251"
    scanner = hid_scanner(url, "left")
    assert certain(scanner._cutter.feed(records)) == letter


def test_d21_utf8_that_is_typed_byte_by_byte_is_its_letters() -> None:
    records = b"".join(by_number(f"0{byte}") for byte in "Ж".encode())
    assert certain(typed(records + press(ENTER))) == "Ж"


def test_d21_enter_may_come_as_a_number_too() -> None:
    assert certain(typed(press(2) + by_number("013"))) == "1"


def test_d21_a_number_that_no_page_has_flags_the_code() -> None:
    assert only(typed(press(2) + by_number("0999") + press(ENTER))).flags == {UNKNOWN_KEY}


# D22, D24: Caps Lock is a state


def test_d22_caps_lock_around_a_code_is_no_character() -> None:
    records = press(CAPS_LOCK) + b"".join(press(1 + int(d) if d != "0" else 11) for d in CARD) + press(CAPS_LOCK)
    assert certain(typed(records + press(ENTER))) == CARD


def test_d22_caps_lock_turns_the_case_of_letters_and_nothing_else() -> None:
    records = Fingers(modifiers="caps-lock").bytes_of("Ab-1")
    assert certain(typed(records)) == "Ab-1"
    assert (
        certain(typed(press(CAPS_LOCK) + press(30) + press(12) + press(CAPS_LOCK) + press(30) + press(ENTER))) == "A-a"
    )


def test_d22_a_scanner_that_sees_the_lamp_lit_presses_caps_lock_to_put_it_out() -> None:
    lit = record(*CAPS_LAMP, 1)
    assert certain(typed(lit + press(CAPS_LOCK) + press(30) + press(CAPS_LOCK) + press(ENTER))) == "a"
    assert certain(typed(lit + press(30) + press(ENTER))) == "a"  # and one that doesn't look types as ever


def test_d22_letters_of_a_scanner_set_for_caps_lock_come_turned() -> None:
    assert certain(typed(press(30) + press(ENTER), Keys(caps_on=True))) == "A"


def test_d24_caps_lock_after_enter_is_forgotten_in_the_pause() -> None:
    typist = Typist(Framer())
    records = press(30) + press(ENTER) + press(CAPS_LOCK)
    assert certain(typist.feed(records)) == "a"
    typist.quiet()
    assert only(typist.feed(records)).flags == {CAPS_LOCK_UNKNOWN}  # so soon, it may have been for this one
    assert certain(typist.feed(press(2) + press(ENTER))) == "1"  # digits have no case
    for _ in range(2 * SETTLED_AFTER_QUIETS):
        typist.quiet()
    assert certain(typist.feed(records)) == "a"


def test_d24_a_stray_key_long_ago_spoils_nothing() -> None:
    typist = Typist(Framer())
    assert typist.feed(press(F1)) == []
    typist.quiet()
    soon = Typist(Framer())
    soon.feed(press(F1))
    soon.quiet()
    assert only(soon.feed(press(2) + press(ENTER))).flags == {AFTER_GAP}
    for _ in range(SETTLED_AFTER_QUIETS):
        typist.quiet()
    assert certain(typist.feed(press(2) + press(ENTER))) == "1"


# D23: other keys end a code


@pytest.mark.parametrize("arrow", ["arrow-down", "arrow-up", "arrow-left", "arrow-right"])
def test_d23_an_arrow_ends_a_code_where_the_url_says_so(arrow: str) -> None:
    records = Fingers(suffix=arrow).bytes_of("46")
    assert certain(hid_scanner(f"hid:///k?suffix={arrow}", "left")._cutter.feed(records)) == "46"
    (doubtful,) = typed(records + press(ENTER))
    assert isinstance(doubtful, Frame) and doubtful.flags == {UNKNOWN_KEY}


# D25: suffixes


@pytest.mark.parametrize(
    ("suffix", "settings"),
    [("tab", ""), ("tab", "?suffix=tab"), ("etx", "?suffix=etx"), ("eot", "?suffix=eot"), ("<x1C>", "?suffix=<FS>"),
     ("##", "?suffix=<x23><x23>"), (";", "?suffix=';'")],
)  # fmt: skip
def test_d25_any_suffix_ends_a_code(suffix: str, settings: str) -> None:
    assert certain(at(settings, Wording(suffix=suffix).bytes_of("4607"))) == "4607"


def test_d25_a_refusal_names_the_character_and_what_to_set() -> None:
    framer = Framer("cr")
    framer.feed(b"4607\t")
    (refusal,) = framer.quiet()
    assert isinstance(refusal, Refusal)
    assert refusal.reason == f"{CONTROL_CHARACTER}: <HT>; if the scanner ends its codes with it, set suffix=tab"
    framer.feed(b"4607\x1c")
    (refusal,) = framer.quiet()
    assert isinstance(refusal, Refusal) and refusal.reason.endswith("set suffix=<FS>")


# D30: letters and characters around a code


@pytest.mark.parametrize(
    ("model", "sent", "text", "symbology"),
    [
        ("zebra-ssi", f"A{CARD}", CARD, "ean13"),
        ("honeywell", f"d{CARD}", CARD, "ean13"),
        ("datalogic", f"B{CARD}", CARD, "ean13"),
        ("zebra-ssi", "P01https://shop.example", "https://shop.example", "qr"),
        ("zebra-ssi", "A460000000001512345", "4600000000015", "ean13"),
    ],
)
def test_d30_a_makers_letter_is_taken_off(model: str, sent: str, text: str, symbology: str) -> None:
    frame = only(at("?identifier=maker", sent.encode() + b"\r", model))
    assert (frame.text, frame.symbology) == (text, symbology)


def test_d30_a_code_without_the_letter_that_was_promised_is_refused() -> None:
    assert refused(at("?identifier=maker", f"{CARD}\r".encode(), "zebra-ssi")) == NO_IDENTIFIER


def test_d30_letters_of_ones_own_need_no_model() -> None:
    assert certain(at("?identifier='Ad'", f"d{CARD}\r".encode())) == CARD


def test_d30_the_makers_letters_need_a_make() -> None:
    with pytest.raises(DeviceError, match="needs the model"):
        SerialLine("tcp://h:1?identifier=maker")


def test_d30_a_prefix_and_a_suffix_are_taken_off() -> None:
    assert certain(at("?prefix=A1&suffix=ZZ<CR>", f"A1{CARD}ZZ\r".encode())) == CARD
    assert "does not begin with the prefix A1" in refused(at("?prefix=A1", f"{CARD}\r".encode()))


def test_d30_a_shop_writes_its_scanners_letters_and_habits_into_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[identifiers]\n"~" = "ean13"\n[habits]\nidentifier = "maker"\nprefix = "A1"\n', encoding="utf-8")
    assert certain(at("", f"A1~{CARD}\r".encode(), str(path))) == CARD


# D08, D10: what stands in a code and is none of it


@pytest.mark.parametrize("sent", ["\ufeff" + CARD, CARD + "\0", CARD + "\0\0\0", "]Q1\ufeff" + CARD])
def test_d08_a_byte_order_mark_before_and_zeros_after_are_taken_off(sent: str) -> None:
    assert certain(at("", sent.encode() + b"\r")) == CARD


def test_d08_a_byte_order_mark_is_believed_before_the_setting() -> None:
    assert certain(at("?encoding=cp1251", ("\ufeff" + "Ж").encode() + b"\r")) == "Ж"


def test_d08_nothing_that_an_encoding_lacks_breaks_a_composite_code() -> None:
    found = at("?encoding=cp1251", "\ufeff]E04600000000015]C1中\r".encode())
    assert [type(one) for one in found] == [Frame]
    assert len(at("?encoding=cp1251", "]E04600000000015]C1Ж\r".encode("cp1251"))) == 2


@pytest.mark.parametrize("said", ["NOREAD", "NoRead", "NR", "?", "NO-READ"])
def test_d10_nothing_read_is_counted_and_no_scan(said: str) -> None:
    assert refused(at("", said.encode() + b"\r")) == NOTHING_READ
    assert refused(at("?identifier=maker", b"B" + said.encode() + b"\r", "zebra-ssi")) == NOTHING_READ
    assert certain(at("?noread=none", said.encode() + b"\r")) == said
    assert refused(at("?noread='ERROR'", b"ERROR\r")) == NOTHING_READ


def test_d10_half_a_code_is_not_taken_for_nothing_read() -> None:
    framer = Framer()
    framer.feed(b"NR")
    assert only(framer.quiet()).flags == {UNTERMINATED}


def test_d10_a_fixed_scanner_that_reads_nothing_disturbs_nobody(till_at: Callable[[str], Any]) -> None:
    emulator = ScannerEmulator(TcpLine())
    emulator.plug()
    till = till_at(emulator.line.url)
    till.step_until_state(DeviceState.READY)
    emulator.scan(NO_READ)
    emulator.scan(CARD)
    till.step_until_read(CARD)
    assert till.scanner.refused == {NOTHING_READ: 1}
    emulator.unplug()


@pytest.mark.parametrize(
    ("sent", "text", "addon"),
    [
        (b"978020137962412345", "9780201379624", "12345"),
        (b"977123456700312", "9771234567003", "12"),
        (b"]E3460000000001512345", "4600000000015", "12345"),
        (b"]E04600000000015]E212345", "4600000000015", "12345"),
        (b"]E04600000000015]E112", "4600000000015", "12"),
        (b"460000000001512345", "460000000001512345", None),  # a card may have 18 digits
        (b"978020137962512345", "978020137962512345", None),  # the thirteen do not check
    ],
)
def test_d10_an_add_on_stands_apart(sent: bytes, text: str, addon: str | None) -> None:
    frame = only(at("", sent + b"\r"))
    assert (frame.text, frame.addon, frame.flags) == (text, addon, frozenset())


def test_d10_a_shop_says_that_its_scanner_reads_add_ons_or_that_it_wants_them() -> None:
    frame = only(at("?addon=apart", b"460000000001512345\r"))
    assert (frame.text, frame.addon) == ("4600000000015", "12345")
    assert certain(at("?addon=keep", b"978020137962412345\r")) == "978020137962412345"


VCARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Иванов;Пётр\r\nTEL:+79161234567\r\nEND:VCARD\r\n"


@pytest.mark.parametrize(
    ("settings", "end"),
    [("", b"\r"), ("?suffix=cr", b"\r"), ("?suffix=crlf", b"\r\n"), ("?suffix=lf", b"\n"), ("?suffix=tab", b"\t")],
)
@pytest.mark.parametrize("slice_bytes", [1, 7, 4096])
def test_d10_a_vcard_is_one_doubtful_scan(settings: str, end: bytes, slice_bytes: int) -> None:
    framer = SerialLine(f"tcp://h:1{settings}").framer()
    data = VCARD.encode() + end
    found = [one for at in range(0, len(data), slice_bytes) for one in framer.feed(data[at : at + slice_bytes])]
    assert refused(found) == SEVERAL_LINES
    assert certain(framer.feed(b"4607" + end)) == "4607"


def test_d10_a_vcard_without_its_end_is_one_too() -> None:
    framer = Framer()
    assert framer.feed(VCARD[:40].encode()) == []
    assert refused(framer.quiet()) == SEVERAL_LINES


# encodings, layouts


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "cp866", "koi8-r"])
def test_a_scanners_letters_are_those_of_the_url(encoding: str) -> None:
    data = Wording(encoding=encoding).bytes_of("Алёнка")
    assert certain(at(f"?encoding={encoding}", data)) == "Алёнка"


def test_bytes_that_an_encoding_lacks_are_refused_by_its_name() -> None:
    assert refused(at("?encoding=cp1251", b"\x98\r")) == "it is not Windows-1251 text"


@pytest.mark.parametrize(("layout", "text"), [("de", "ZY-01/[ß]"), ("ru", "Ящик №1"), ("us", "zy-01/[]")])
def test_keys_are_those_of_the_country_that_the_scanner_is_set_to(layout: str, text: str) -> None:
    records = Fingers(layout=layout).bytes_of(text)
    assert certain(typed(records, Keys(layout=layout))) == text


# what may be set, and how it is told


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("tcp://h:1?sufix=tab", "there is no setting 'sufix'; .*perhaps suffix is meant"),
        ("tcp://h:1?suffix=tabb", "perhaps tab is meant"),
        ("tcp://h:1?suffix=<FSS>", "or characters of your own like <FS>"),
        ("tcp://h:1?suffix=##", "write it <x23>"),
        ("tcp://h:1?prefix=<STX>A", "prefix=stx says"),
        ("tcp://h:1?layout=de", "there is no setting 'layout'"),
        ("hid:///k?suffix=arrow-dwn", "perhaps arrow-down is meant"),
        ("hid:///k?layout=fr", "it is one of us, de, ru"),
        ("hid:///k?encoding=cp12511", "perhaps cp1251 is meant"),
        ("hidraw:///dev/hidraw0?report=plane", "perhaps plain is meant"),
    ],
)
def test_an_unknown_habit_is_refused_in_words(url: str, told: str) -> None:
    with pytest.raises(DeviceError, match=told):
        open_scanner(url, name="left")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[habits]\nsufix = "tab"\n', "did you mean suffix"),
        ('[habits]\nsuffix = "tabb"\n', "perhaps tab is meant"),
        ("[habits]\nsuffix = 9\n", "habits.suffix"),
        ('[habits]\nidle_ms = "5"\n', "it is 20 to 250"),
        ('[identifiers]\nABCD = "ean13"\n', "'ABCD' is no identifier"),
        ('[identifiers]\nA = "ean14"\n', "one of code128"),
    ],
)
def test_a_profile_with_an_unknown_habit_is_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=told) as error:
        load_scanner(str(path))
    assert "\n" not in str(error.value)


def test_a_profiles_habits_hold_where_the_url_says_nothing() -> None:
    mine = ScannerProfile(name="mine", habits={"suffix": "eot", "idle_ms": "40"})
    line = SerialLine("tcp://h:1", mine)
    assert certain(line.framer().feed(b"4607\x04")) == "4607"
    assert line.idle_s == 0.04
    assert certain(SerialLine("tcp://h:1?suffix=cr", mine).framer().feed(b"4607\r")) == "4607"


def test_every_habit_names_its_source() -> None:
    assert all(habit.about and habit.source for habit in HABITS.values())


def test_a_keyboards_lamps_are_asked_for_when_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No input device is at hand here: the answer of the system is made."""

    def ioctl(node: int, request: int, told: bytearray) -> int:
        assert request == 0x80014519
        told[0] = 0b10
        return 1

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    os.mkfifo(tmp_path / "keys")
    link = EventLink("hid:///x", path=str(tmp_path / "keys"), grab=False)
    assert RECORD.unpack(link.receive(0.01))[2:] == (0x11, 1, 1)
    link.close()


def test_why_a_code_was_refused_comes_with_its_scan() -> None:
    scan = scan_of(Refusal(reason="it is nothing"), "left", Counter(), datetime.now(UTC))
    assert scan is not None and (scan.why, scan.text) == ("it is nothing", "")
