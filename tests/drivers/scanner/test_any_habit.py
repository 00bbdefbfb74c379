"""Any text, typed by the emulator in any habit, split anywhere: it arrives once and whole, or is refused; and keys that
nobody meant as a code never become one."""

from __future__ import annotations

import random
import string
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.scanners import load_scanner
from drivers.errors import DeviceError
from drivers.link.address import Address
from drivers.scanner.emulator.habits import Words
from drivers.scanner.emulator.hid import RECORD, Fingers, by_number, press, record
from drivers.scanner.emulator.keyboards import ARROWS, CAPS_LOCK, ENTER, KEYBOARDS, KEYPAD, LEFT_CTRL, LEFT_SHIFT, TAB
from drivers.scanner.emulator.pos_reports import Reports
from drivers.scanner.emulator.serial import Wording
from drivers.scanner.framing import Frame, Framer, Refusal
from drivers.scanner.habits import habits_on
from drivers.scanner.hid import typist_of
from drivers.scanner.hidraw import reader_of
from drivers.scanner.keymap import Typist
from drivers.scanner.line import Cutter
from drivers.scanner.profile import NO_PROFILE, ScannerProfile
from drivers.scanner.reading import NO_READ
from drivers.scanner.scan import BAD_CHECK_DIGIT
from drivers.scanner.serial import SerialLine

US_LAYOUT = string.ascii_letters + string.digits + string.punctuation + " "
CYRILLIC = "АБЯабяёЁ№ 0123456789"
DIGITS = st.sampled_from([8, 12, 13, 15, 18]).flatmap(lambda n: st.text(string.digits, min_size=n, max_size=n))
TEXT = st.one_of(
    DIGITS,
    st.text(US_LAYOUT + "\x1d\x1e", min_size=1, max_size=30),
    st.text(CYRILLIC, min_size=1, max_size=20),
).filter(lambda text: not text.startswith("]"))  # an AIM identifier would be taken for one
MAKERS = {"zebra": "zebra-ssi", "honeywell": "honeywell", "newland": "newland", "datalogic": "datalogic"}
WHOSE = st.sampled_from([None, *MAKERS])
ENCODINGS = st.sampled_from(["utf-8", "cp1251", "cp866"])
PREFIX = st.sampled_from(["", "A1"])
# Where a piece ends, and whether the line is quiet after it.
CUTS = st.lists(st.tuples(st.integers(1, 300), st.sampled_from([False, False, True])), max_size=5)


def fed(cutter: Cutter, data: bytes, cuts: list[tuple[int, bool]]) -> list[Frame | Refusal]:
    found, start = [], 0
    for length, quiet in cuts:
        found += cutter.feed(data[start : start + length])
        start += length
        found += cutter.quiet() if quiet else []
    return found + cutter.feed(data[start:]) + cutter.quiet()


def check(text: str, found: list[Frame | Refusal], was_quiet: bool) -> None:
    frames = [one for one in found if isinstance(one, Frame) and not one.flags - {BAD_CHECK_DIGIT}]
    assert [frame.text + (frame.addon or "") for frame in frames] in ([text], [])
    if not was_quiet:
        assert len(frames) == len(found) == 1 or [getattr(one, "reason", None) for one in found] == [NO_READ]
    if not frames:
        assert found and all(isinstance(one, Refusal) or one.flags for one in found)


def make_of(maker: str | None) -> ScannerProfile:
    return NO_PROFILE if maker is None else PROFILES[maker]


PROFILES = {maker: load_scanner(model) for maker, model in MAKERS.items()}


def url(scheme: str, maker: str | None, prefix: str, **habits: str) -> str:
    told = {**habits, "identifier": "maker" if maker else "aim", "prefix": prefix or "none"}
    return f"{scheme}?" + "&".join(f"{name}={value}" for name, value in told.items())


SERIAL_SUFFIXES = {"any": ("cr", "lf", "crlf", "tab", "etx"), "tab": ("tab",), "eot": ("eot",), "<x1C>": ("<x1C>",)}
SET_AND_SENT = [(told, sent) for told, all_sent in SERIAL_SUFFIXES.items() for sent in all_sent]


@given(TEXT, st.sampled_from(SET_AND_SENT), WHOSE, PREFIX, ENCODINGS, CUTS)
@settings(max_examples=400)
def test_a_serial_scanner_in_any_habit(
    text: str,
    suffix: tuple[str, str],
    maker: str | None,
    prefix: str,
    encoding: str,
    cuts: list[tuple[int, bool]],
) -> None:
    """D08 D25 D30: suffix, maker's letters, prefix, encoding."""
    wording = Wording(suffix=suffix[1], words=Words(prefix=prefix, maker=maker), encoding=encoding)
    try:
        data = wording.bytes_of(text)
    except UnicodeEncodeError:
        return
    line = SerialLine(url("tcp://h:1", maker, prefix, suffix=suffix[0], encoding=encoding), make_of(maker))
    check(text, fed(line.framer(), data, cuts), any(quiet for _, quiet in cuts))


def typist(address: str, profile: ScannerProfile = NO_PROFILE) -> Typist:
    read = Address(address, "", profile.habits)
    return typist_of(read, read.settings(habits_on("keys")), profile)


KEY_SUFFIXES = [("any", "cr"), ("any", "tab"), ("cr", "cr"), *((arrow, arrow) for arrow in ARROWS)]


@given(
    TEXT,
    st.sampled_from(list(product(["us", "de", "ru"], ["shift", "alt-keypad", "alt-oem", "caps-lock", "caps-on"]))),
    st.sampled_from(KEY_SUFFIXES),
    WHOSE,
    PREFIX,
    ENCODINGS,
    CUTS,
)
@settings(max_examples=600)
def test_a_keyboard_scanner_in_any_habit(
    text: str,
    hands: tuple[str, str],
    suffix: tuple[str, str],
    maker: str | None,
    prefix: str,
    encoding: str,
    cuts: list[tuple[int, bool]],
) -> None:
    """D21 D22 D23 D30: layout, modifiers, ending key."""
    layout, modifiers = hands
    words = Words(prefix=prefix, maker=maker)
    fingers = Fingers(suffix=suffix[1], words=words, layout=layout, encoding=encoding, modifiers=modifiers)
    try:
        data = fingers.bytes_of(text)
    except DeviceError:
        return  # this keyboard cannot type it
    told = "caps-on" if modifiers == "caps-on" else "auto"
    where = url("hid:///k", maker, prefix, suffix=suffix[0], encoding=encoding, layout=layout, modifiers=told)
    check(text, fed(typist(where, make_of(maker)), data, cuts), any(quiet for _, quiet in cuts))


@given(TEXT, st.sampled_from(["aim", "plain"]), PREFIX, ENCODINGS, st.integers(1, 6), CUTS)
def test_a_report_scanner_in_any_habit(
    text: str, report: str, prefix: str, encoding: str, times: int, cuts: list[tuple[int, bool]]
) -> None:
    text = text * times
    try:
        data = Reports(report=report, words=Words(prefix=prefix), encoding=encoding).bytes_of(text)
    except UnicodeEncodeError:
        return
    address = Address(url("hidraw:///k", None, prefix, report=report, encoding=encoding), "")
    reader = reader_of(address, address.settings(habits_on("reports")), NO_PROFILE)
    check(text, fed(reader, data, cuts), any(quiet for _, quiet in cuts))


# Random keys

STREAMS = 100_000
KEY_OF = {stroke: character for character, stroke in KEYBOARDS["us"].items()}
PADS = {key: digit for digit, key in KEYPAD.items()}
SHIFT_KEYS, CTRL_KEYS, ALT_KEYS, META_KEYS = {42, 54}, {29, 97}, {56, 100}, {125, 126}
HELD_KEYS = SHIFT_KEYS | CTRL_KEYS | ALT_KEYS | META_KEYS


class Computer:
    """What a US computer would have shown of these keys, line by line, by a simulation of its own. None: a line in
    which something was lost, or that no key of a text made."""

    def __init__(self) -> None:
        self.lines: list[str | None] = []
        self.held: set[int] = set()
        self.number = ""
        self.caps = False
        self.begin()

    def begin(self) -> None:
        self.line, self.bad = "", False

    def rest(self) -> None:
        """So long a pause that nothing of before belongs to what comes."""
        self.caps = False
        self.begin()

    def lose(self) -> None:
        self.bad, self.number = True, ""
        self.held.clear()

    def key(self, key: int, value: int) -> None:
        if key in HELD_KEYS:
            (self.held.discard if value == 0 else self.held.add)(key)
            if self.number and not self.held & ALT_KEYS:
                number, self.number = self.number, ""
                self.show(chr(int(number)) if int(number) < 128 and len(number) <= 4 else None)
        elif value == 1 and key == CAPS_LOCK:
            self.caps = not self.caps
        elif value == 1 and key != 69:
            self.pressed(key)

    def pressed(self, key: int) -> None:
        if self.held & META_KEYS or (self.held & ALT_KEYS and (self.held & CTRL_KEYS or key not in PADS)):
            self.show(None)
        elif self.held & ALT_KEYS:
            self.number += PADS[key]
        elif key in (ENTER, 96, TAB):
            self.show("\r")
        else:
            self.show(self.character(key))

    def character(self, key: int) -> str | None:
        shifted = bool(self.held & SHIFT_KEYS)
        shown = ON_KEYPAD.get(key) or KEY_OF.get((key, LEFT_SHIFT) if shifted and key != 57 else (key,))
        if shown is not None and self.held & CTRL_KEYS:
            return chr(ord(shown.upper()) & 0x1F) if "@" <= shown.upper() <= "_" else None
        return shown.swapcase() if shown is not None and self.caps else shown

    def show(self, shown: str | None) -> None:
        if shown is None:
            self.bad = True
        elif shown in ("\r", "\n", "\t", "\x03"):
            self.lines.append(None if self.bad else self.line)
            self.begin()
        elif shown == "\x02":
            self.begin()
        else:
            self.line += shown


ON_KEYPAD = {**PADS, 55: "*", 74: "-", 78: "+", 83: ".", 98: "/"}


Token = tuple[bytes, list[tuple[int, int]], str]  # records, the keys and values in them, what else happens


def token(data: bytes, what: str) -> Token:
    return data, [(key, value) for _, _, kind, key, value in RECORD.iter_unpack(data) if kind == 1], what


def tokens() -> list[tuple[bytes, str]]:
    """What may happen: keys of a text above all."""
    keyboard = KEYBOARDS["us"]
    common = [(press(*keyboard[letter]), "") for letter in "0123456789aBcXyZ]#"] * 3
    numbers = [(by_number(number), "") for number in ("048", "49", "029", "29", "065", "0097", "300", "02000", "013")]
    odd = [(press(CAPS_LOCK), "")] * 6 + [(press(*keyboard["]"], LEFT_CTRL), ""), (press(59), "")]
    lost = [(data, "drop") for data in (b"", press(CAPS_LOCK), press(CAPS_LOCK), press(ENTER))]
    stray = [(record(1, key, value), "") for key in (42, 29, 56, 30, 82, 58, 28, 125) for value in (0, 1, 2)]
    ends = [(press(ENTER), "")] * 8 + [(b"", "quiet")] * 4 + [(b"", "rest")] * 3
    return common + numbers + odd + lost + stray + ends


def test_a_hundred_thousand_streams_of_keys_never_give_a_code_that_was_not_typed() -> None:
    """D21 D22 D24."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    dice, computer, driver = random.Random(seed), Computer(), Typist(Framer())
    possible, enter = [token(*one) for one in tokens()], token(press(ENTER), "")
    certain = 0
    for _ in range(STREAMS):
        computer.lines.clear()
        found: list[Frame | Refusal] = []
        for one in (*dice.choices(possible, k=dice.randrange(1, 6)), enter):
            found += happen(driver, computer, *one)
        for frame in found:
            if isinstance(frame, Frame) and not frame.flags:
                certain += 1
                assert frame.text in meanings(computer.lines)
    assert certain > STREAMS / 10


def meanings(lines: list[str | None]) -> set[str]:
    """What may be taken off: an AIM identifier, and zeros at the end (Alt + 0)."""
    whole = {line.rstrip("\0") for line in lines if line is not None}
    return whole | {line[3:] for line in whole if line.startswith("]")}


def happen(
    driver: Typist, computer: Computer, data: bytes, keys: list[tuple[int, int]], what: str
) -> list[Frame | Refusal]:
    for key, value in keys:
        computer.key(key, value)
    if what == "drop":  # pressed, and the kernel had no room for it
        computer.lose()
        return driver.feed(record(0, 3, 0) + record(0, 0, 0))
    if what:
        if what == "rest":
            computer.rest()
        return [one for _ in range(12 if what == "rest" else 1) for one in driver.quiet()]
    return driver.feed(data)


@pytest.mark.parametrize("maker", MAKERS)
def test_every_makers_letters_are_those_of_its_profile(maker: str) -> None:
    """D30: two readings of one table."""
    frame = SerialLine("tcp://h:1?identifier=maker", PROFILES[maker]).framer()
    for code, symbology in {"4600000000015": "ean13", "12345670": "ean8", "AB-12": "code128"}.items():
        (found,) = frame.feed(Wording(words=Words(maker=maker)).bytes_of(code))
        assert isinstance(found, Frame)
        assert (found.text, found.symbology, found.flags) == (code, symbology, frozenset())
