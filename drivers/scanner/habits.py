"""A scanner's habits: how it writes what it has read. One table; a URL's settings and a make's profile
(config/scanners/*.toml) both mean its rows.

    kind of line    serial (also TCP) · keys (a keyboard) · reports (HID POS)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from drivers.link.address import Address, Allowed, Choice, Number
from drivers.scanner.choice import OwnChoice, own_bytes
from drivers.scanner.framing import PREFIXES, SUFFIXES
from drivers.scanner.layouts import LAYOUTS
from drivers.scanner.line import IDLE_GAP_MS, IDLE_GAP_MS_RANGE
from drivers.scanner.reading import ENCODINGS, NO_READ_WORDS, Reading
from drivers.scanner.scan import SYMBOLOGIES

Kind = Literal["serial", "keys", "reports"]

ARROWS = ("arrow-down", "arrow-up", "arrow-left", "arrow-right")
FRAME_MARKS = frozenset("\x02\x03")  # STX begins a frame and ETX ends one, whatever is set
IDENTIFIER_LENGTH_MAX = 3  # characters: Datalogic's and Zebra's longest
ANY_EAN, OTHER = "ean", "other"  # a letter for EAN and UPC of all lengths; one for what no till reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """One row: what it is about, where it is known from, and what it may be on each kind of line."""

    about: str
    source: str
    serial: Allowed | None = None
    keys: Allowed | None = None
    reports: Allowed | None = None


IDENTIFIER = OwnChoice(("aim", "maker", "none"), own="'AdF'")
ENCODING = Choice(tuple(ENCODINGS))
ADDON = Choice(("auto", "apart", "keep"))
IDLE_GAP = Number(IDLE_GAP_MS_RANGE, str(IDLE_GAP_MS))
NO_READ = OwnChoice(("usual", "none"), own="'ERROR'")
PREFIX = OwnChoice(PREFIXES, own="A1 or <x0B>")

HABITS: dict[str, Habit] = {
    "suffix": Habit(
        about="what ends a code; any: CR, LF, TAB or ETX, Enter or Tab",
        source="Zebra, Honeywell, Newland and Datalogic guides: suffix, terminator",
        serial=OwnChoice(tuple(SUFFIXES), own="<FS> or ';'"),
        keys=OwnChoice(("any", "cr", "tab", *ARROWS), own="';'"),
    ),
    "prefix": Habit(
        about="characters before every code, which are taken off; stx: what comes outside of STX … suffix is no code",
        source="the same guides: prefix, preamble",
        serial=PREFIX,
        keys=OwnChoice(("none",), own=PREFIX.own),
        reports=OwnChoice(("none",), own=PREFIX.own),
    ),
    "identifier": Habit(
        about="letters before a code that say which kind it is; aim: ]E0 and the like, taken off where they are; "
        "maker: those of the model, on every code; your own: any one of these characters, on every code",
        source="ISO/IEC 15424; config/scanners/*.toml name each maker's table",
        serial=IDENTIFIER,
        keys=IDENTIFIER,
        reports=IDENTIFIER,
    ),
    "encoding": Habit(
        about="which letters its bytes are; of a keyboard's Alt + number, the pages of Windows: cp1251 and cp866 are "
        "one pair, Alt+0nnn of the first and Alt+nnn of the second",
        source="code page settings of Newland NLS-FM420, appendix Code Pages List; Windows' own pairs",
        serial=ENCODING,
        keys=ENCODING,
        reports=ENCODING,
    ),
    "addon": Habit(
        about="the two or five digits beside an EAN; auto: apart where an identifier says EAN, and for 977, 978, 979; "
        "apart: wherever the first thirteen digits check",
        source="GS1 General Specifications (only printed matter has them); Zebra guides: ]E3 is both in one",
        serial=ADDON,
        keys=ADDON,
        reports=ADDON,
    ),
    "noread": Habit(
        about="what it says when it has read nothing; counted, no scan",
        source="Honeywell 1300g and Zebra CS4070 guides (NR), Microscan MS-9 (NOREAD), Rockwell 2755 (NO-READ)",
        serial=NO_READ,
        keys=NO_READ,
        reports=NO_READ,
    ),
    "layout": Habit(
        about="the country that the scanner is set to: which keys it presses for which letters",
        source="xkb's us, de and ru(winkeys)",
        keys=Choice(tuple(LAYOUTS)),
    ),
    "modifiers": Habit(
        about="auto: Shift, Ctrl, Alt + number, Caps Lock where it presses it; caps-on: it types for a computer whose "
        "Caps Lock is on, and presses none",
        source="Metrologic guides (Alt Mode), Honeywell guides (Keyboard Style: Caps Lock), Windows' Alt + number",
        keys=Choice(("auto", "caps-on")),
    ),
    "idle_ms": Habit(
        about="a pause this long, in milliseconds, ends a code, and the code is doubtful",
        source="Metrologic guides (Inter Scan Code Delay, 0.8 to 15 ms); scanners on Bluetooth pause longer",
        serial=IDLE_GAP,
        keys=IDLE_GAP,
        reports=IDLE_GAP,
    ),
    "report": Habit(
        about="how its reports are laid out where it does not say so itself; aim: ]cm and then the code; plain: the "
        "code at once",
        source="USB HID Point of Sale Usage Tables 1.02; aim: Access-IS LSR118; plain: Newland NLS-FM420 guide",
        reports=Choice(("aim", "plain")),
    ),
}


def habits_on(kind: Kind) -> dict[str, Allowed]:
    """The rows that there are on this kind of line."""
    rows = {name: getattr(habit, kind) for name, habit in HABITS.items()}
    return {name: row for name, row in rows.items() if row is not None}


def wrong_habit(name: str, value: str) -> str | None:
    """Why no line has this habit, or None."""
    habit = HABITS[name]
    rows = [row for row in (habit.serial, habit.keys, habit.reports) if row is not None]
    complaints = [row.wrong_with(value) for row in rows]
    return None if None in complaints else complaints[0]


def wrong_identifiers(identifiers: Mapping[str, str]) -> str | None:
    """What is wrong with a maker's letters, or None."""
    for letters, symbology in identifiers.items():
        if not 0 < len(letters) <= IDENTIFIER_LENGTH_MAX or not letters.isascii():
            return f"{letters!r} is no identifier; it is one to {IDENTIFIER_LENGTH_MAX} characters"
        if symbology not in SYMBOLOGIES | {ANY_EAN, OTHER}:
            return f"{letters} = {symbology!r}; it is one of {', '.join(sorted(SYMBOLOGIES))}, {ANY_EAN} and {OTHER}"
    return None


def reading_of(address: Address, settings: Mapping[str, str], identifiers: Mapping[str, str]) -> Reading:
    """How the codes of the scanner at this address are read. Raises DeviceError."""
    prefix, noread = settings["prefix"], settings["noread"]
    if prefix not in PREFIXES and not FRAME_MARKS.isdisjoint(_own(prefix)):
        raise address.wrong("STX and ETX are no part of a prefix; prefix=stx says that every code begins with STX")
    if settings["identifier"] == "maker" and not identifiers:
        raise address.wrong(
            "identifier=maker needs the model whose letters they are: model in the settings, or --model"
        )
    return Reading(
        prefix="" if prefix in PREFIXES else _own(prefix),
        identifiers=_identifiers(settings["identifier"], identifiers),
        aim=settings["identifier"] == "aim",
        encoding=settings["encoding"],
        addon=settings["addon"],
        no_read={"usual": NO_READ_WORDS, "none": frozenset[str]()}.get(
            noread, frozenset({noread.strip("'").casefold()})
        ),
    )


def _identifiers(word: str, maker: Mapping[str, str]) -> Mapping[str, str] | None:
    if word in ("aim", "none"):
        return None
    return maker if word == "maker" else dict.fromkeys(_own(word), OTHER)


def _own(value: str) -> str:
    data = own_bytes(value)
    assert data is not None, "the choice was checked"
    return data.decode("latin-1")
