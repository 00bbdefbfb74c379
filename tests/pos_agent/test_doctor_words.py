"""What the doctor says: each line of one language, the same facts in both, none that is never said."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from drivers.life import DeviceState
from drivers.printer.status import PrinterStatus
from drivers.scanner.trial import LINEAR, MATRIX
from pos_agent import doctor_words
from pos_agent.doctor.away import REASONS
from pos_agent.doctor.sheet import LINES_MAX, About, bad, for_programs, good, page, stopping, unsure
from pos_agent.doctor_words import doctor_codes, say_doctor

HERE = Path(doctor_words.__file__).parent
NAMES = (LINEAR.name, MATRIX.name)
NO_STATES = ("silent", "unplugged", "held", "not_a_printer")  # told otherwise
PARTS = {
    "about_": get_args(About),
    "state_": [status.value for status in PrinterStatus if status.value not in NO_STATES],
    "knows_": ["process_id", "gs_r"],
    "read_": NAMES,
    "read_seldom_": NAMES,
    "away_": sorted({*REASONS.values(), "unknown_name", "other"}),
    "agents_scanner_": [state.value for state in DeviceState],
}
HELPS = {"away_": PARTS["away_"]}
# Names of things that are written so in every language.
LATIN = re.compile(
    r"\[\w+\]|\w+ = |[\w-]+=…|--[\w-]+( \d)?|pos-agent( \w+)*|fault\.rec|[\w.-]+\.toml|\.toml|apt-get install chromium|"
    r"timedatectl set-ntp true|sudo usermod -aG [\w,]+|idle_ms=250|Caps Lock|Case Conversion|same code delay|"
    r"USB-COM|RS-232|\bhid\b|AIM ID|GS \( H|GS r|\bGS\b|FNC1|\bCR\b|Enter|Code 128|answer_deadline_ms|"
    r"\bCOM\b|UTF-8|\bQR\b|\bUSB\b|MJPEG|SSD|FEED|CUPS|SSH|url|parity|bits|model|port|Ctrl-C"
)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", sorted(doctor_codes()))
def test_each_line_is_of_one_language_with_the_same_facts(code: str) -> None:
    russian, english = doctor_words._WORDS[code]
    assert fields(russian) == fields(english)
    assert not re.search("[а-яё]", english.lower())
    bare = LATIN.sub("", re.sub(r"\{\w*\}", "", russian))
    assert not re.search("[A-Za-z]{2}", bare), bare
    told_in_numbers_alone = code in ("agents_printer", "scan_came")
    assert told_in_numbers_alone or re.search("[а-яё]", russian.lower())


def said() -> Iterator[str]:
    for path in (*(HERE / "doctor").glob("*.py"), HERE / "commands/doctor.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                match node.values:
                    case [ast.Constant(value=str(prefix)), ast.FormattedValue()] if prefix in PARTS:
                        yield from (prefix + part for part in PARTS[prefix])
                    case [ast.Constant(value=str(prefix)), ast.FormattedValue(), ast.Constant(value="_help")]:
                        yield from (f"{prefix}{part}_help" for part in HELPS[prefix])
                    case [ast.FormattedValue(), ast.Constant(value="_quiet" | "_quiet_help" as end)]:
                        yield from (name + end for name in NAMES)
                    case [ast.FormattedValue(), ast.Constant(value="_help")]:
                        yield from ("camera_dark_help", "camera_bright_help")


def test_every_word_is_said() -> None:
    assert doctor_codes() - set(said()) == set()


def test_every_code_that_a_finding_may_have_has_words() -> None:
    codes = set(said())
    for prefix, parts in PARTS.items():
        assert {prefix + part for part in parts} <= doctor_codes(), prefix
    assert {code for code in codes if re.fullmatch(r"[a-z]\w*_help", code)} <= doctor_codes()
    calls = re.findall(
        r"\b(?:good|bad|unsure|stopping)\(\s*\"\w+\",\s*\"(\w+)\"",
        "".join(path.read_text("utf-8") for path in (HERE / "doctor").glob("*.py")),
    )
    assert len(calls) > 30 and set(calls) <= doctor_codes()


def test_a_page_says_first_what_is_the_matter_and_last_whether_a_till_can_work() -> None:
    findings = [
        good("printer", "state_ready"),
        stopping("scanner", "away_missing", "away_missing_help", url="serial:///x"),
    ]
    lines = list(page(findings, "en"))
    assert lines == [
        "✓ printer     it is ready to print",
        "✗ scanner     serial:///x: no such device",
        "              → Plug it in and switch it on; what is plugged in: pos-agent devices",
        "A till cannot work so: see ✗.",
    ]
    assert list(page([unsure("printer", "state_unknown"), bad("printer", "state_error")], "ru"))[-1] == (
        "Касса может работать."
    )


def test_it_is_one_page_and_what_is_well_goes_first() -> None:
    findings = [*(good("disk", "state_ready") for _ in range(70)), bad("printer", "state_error")]
    lines = list(page(findings, "en"))
    assert len(lines) <= LINES_MAX and any("an error" in line for line in lines)
    assert "(70 lines that are well are left out)" in lines
    assert len(list(page([bad("printer", "state_error")] * 90, "en"))) <= LINES_MAX


def test_what_a_device_says_is_no_order_to_the_terminal() -> None:
    finding = bad("printer", "stranger", url="tcp://a:1", came="\x1b[31mred\n")
    assert not any("\x1b" in line for line in page([finding], "en"))


def test_programs_get_the_codes_and_the_words() -> None:
    told = for_programs([stopping("printer", "away_refused", "away_refused_help", url="tcp://a:1")], "en")
    assert told["works"] is False
    assert told["findings"][0] == {
        "about": "printer",
        "mark": "bad",
        "code": "away_refused",
        "stops": True,
        "text": say_doctor("away_refused", "en", url="tcp://a:1"),
        "help": say_doctor("away_refused_help", "en"),
        "facts": {"url": "tcp://a:1"},
    }
