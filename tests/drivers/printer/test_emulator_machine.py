"""The virtual printer's body: status, buffer, pace, faults. No clock runs here; the tests are the clock."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from drivers.printer.emulator.machine import Machine
from drivers.printer.emulator.models import MODELS
from drivers.printer.emulator.paper import Paper, PictureRow

CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
ASK_ALL = b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"


@dataclass
class Bench:
    """A printer without a wire."""

    answers: bytearray = field(default_factory=bytearray)
    papers: list[Paper] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def machine(self, **settings: Any) -> Machine:
        return Machine(20, send=self.answers.extend, keep=self.papers.append, log=self.log.append, **settings)

    def heard(self) -> str:
        """What was answered since the last look."""
        answered = self.answers.hex(" ")
        self.answers.clear()
        return answered


def lines(machine: Machine) -> list[str]:
    return machine.interpreter.paper.lines()


# sensors → answers to DLE EOT 1 2 3 4, and the four bytes of the automatic status
STATUS: list[tuple[tuple[str, ...], str, str]] = [
    ((), "12 12 12 12", "10 00 00 00"),
    (("paper_low",), "12 12 12 1e", "10 00 03 00"),
    (("paper_out",), "1a 32 12 7e", "18 00 0c 00"),
    (("cover_open",), "1a 16 12 12", "38 00 00 00"),
    (("cutter_jam",), "1a 52 1a 12", "18 08 00 00"),
    (("overheat",), "1a 52 52 12", "18 40 00 00"),
    (("cover_open", "paper_out"), "1a 36 12 7e", "38 00 0c 00"),
    (("cutter_jam", "overheat", "cover_open", "paper_out"), "1a 76 5a 7e", "38 48 0c 00"),
]


@pytest.mark.parametrize(("sensors", "answers", "automatic"), STATUS)
def test_every_sensor_has_its_bit(sensors: tuple[str, ...], answers: str, automatic: str) -> None:
    bench = Bench()
    machine = bench.machine()
    machine.receive(b"\x1da\xff")
    assert bench.heard() == "10 00 00 00"
    machine.set(**dict.fromkeys(sensors, True))
    assert bench.heard() == (automatic if sensors else "")
    machine.receive(ASK_ALL)
    assert bench.heard() == answers


@pytest.mark.parametrize(
    ("mask", "told"),
    [
        (0x01, []),
        (0x02, ["paper_out", "cover_open", "cutter_jam", "overheat"]),
        (0x04, ["cutter_jam", "overheat"]),
        (0x08, ["paper_low", "paper_out"]),
        (0xFF, ["paper_low", "paper_out", "cover_open", "cutter_jam", "overheat"]),
    ],
)
def test_automatic_status_tells_the_changes_that_were_asked_for(mask: int, told: list[str]) -> None:
    heard = []
    for sensor in ("paper_low", "paper_out", "cover_open", "cutter_jam", "overheat"):
        bench = Bench()
        machine = bench.machine()
        machine.receive(b"\x1da" + bytes([mask]))
        assert len(bench.answers) == 4
        machine.set(**{sensor: True})
        machine.set(**{sensor: True})  # no change, no word
        if len(bench.answers) > 4:
            assert len(bench.answers) == 8
            heard.append(sensor)
    assert heard == told


def test_the_cover_of_a_printer_that_is_off_line_already_is_told_too() -> None:
    bench = Bench()
    machine = bench.machine()
    machine.receive(b"\x1da\x02")
    machine.set(paper_out=True)
    bench.heard()
    machine.set(cover_open=True)
    assert bench.heard() == "38 00 0c 00"


@pytest.mark.parametrize("off", [b"\x1da\x00", b"\x1b@"])
def test_automatic_status_ends_by_gs_a_0_and_by_esc_at(off: bytes) -> None:
    bench = Bench()
    machine = bench.machine()
    machine.receive(b"\x1da\xff" + off)
    bench.heard()
    machine.set(paper_out=True)
    assert bench.heard() == ""


def test_the_offline_response_comes_when_the_printer_goes_off_line() -> None:
    bench = Bench()
    machine = bench.machine()
    machine.receive(b"\x1d(H\x03\x00101")
    machine.set(paper_low=True)
    assert bench.heard() == ""
    machine.set(cover_open=True)
    assert bench.heard() == "37 23 00"
    machine.set(paper_out=True)
    assert bench.heard() == ""


def test_a_constant_clone_says_that_all_is_well_whatever_happens() -> None:
    bench = Bench()
    machine = bench.machine()
    machine.set(constant=True, paper_low=True)
    machine.receive(b"\x1da\xff\x1dr\x01" + ASK_ALL)
    assert bench.heard() == "10 00 00 00 00 12 12 12 12"
    machine.set(paper_out=True, cover_open=True)
    machine.receive(ASK_ALL)
    assert bench.heard() == "12 12 12 12"


@pytest.mark.parametrize(
    ("unknown", "asked"),
    [
        ("process_id", b"\x1d(H\x06\x0000A001"),
        ("clear_buffer", CLEAR),
        ("transmit_status", b"\x1dr\x01"),
        ("auto_status", b"\x1da\xff"),
    ],
)
def test_a_model_that_does_not_know_a_question_skips_it(unknown: str, asked: bytes) -> None:
    for knows in (True, False):
        bench = Bench()
        machine = bench.machine(model=replace(MODELS["epson"], **{unknown: knows}))  # type: ignore[arg-type]
        machine.receive(asked + b"ok\n")
        assert bool(bench.heard()) is knows
        assert lines(machine) == ["ok"]


def test_a_silent_printer_prints_and_says_nothing() -> None:
    bench = Bench()
    machine = bench.machine()
    machine.set(silent=True)
    machine.receive(b"\x1da\xff" + ASK_ALL + b"ok\n\x1d(H\x06\x0000A001" + CLEAR)
    assert bench.heard() == "" and lines(machine) == ["ok"]


# Real-time commands


@pytest.mark.parametrize(
    "around",
    [
        (b"\x1dv0\x00\x04\x00\x02\x00", b"\xff\xff\xff\xff\xff"),  # 3 bytes of it, 5 more
        (b"\x1d(k\x0b\x001P0", b"\xd0\xb0\xd0\xb1\xd0"),  # a QR's data
        (b"\x1b*\x01\x08\x00", b"\xff\xff\xff\xff\xff"),
    ],
)
def test_a_real_time_command_in_the_middle_of_data_is_obeyed_and_stays_data(around: tuple[bytes, bytes]) -> None:
    bench = Bench()
    machine = bench.machine()
    machine.receive(around[0] + b"\x10\x04\x01" + around[1] + b"\nok\n")
    assert bench.heard() == "12"
    assert lines(machine)[-1] == "ok"
    pictures = [row.bits for row in machine.interpreter.paper.rows if isinstance(row, PictureRow)]
    assert pictures == ([b"\x10\x04\x01" + around[1]] if around[0].startswith(b"\x1dv") else [])


def test_the_drawer_opens_ahead_of_the_buffer() -> None:
    machine = Bench().machine()
    machine.set(paper_out=True)
    machine.receive(b"text\n\x10\x14\x01\x00\x01")
    assert machine.drawer_kicks == 1 and lines(machine) == []


@pytest.mark.parametrize("sensor", ["paper_out", "cover_open", "cutter_jam", "overheat"])
def test_clearing_empties_both_buffers_while_off_line(sensor: str) -> None:
    bench = Bench()
    machine = bench.machine()
    machine.receive(b"half a line")
    machine.set(**{sensor: True})
    machine.receive(b"never\n" + CLEAR)
    assert bench.heard() == "37 25 00" and machine.buffered == 0
    machine.set(**{sensor: False})
    machine.receive(b"new\n")
    assert lines(machine) == ["new"]


def test_other_parameters_clear_nothing() -> None:
    bench = Bench()
    machine = bench.machine()
    machine.set(paper_out=True)
    machine.receive(b"kept\n" + CLEAR[:-1] + b"\x09")
    machine.set(paper_out=False)
    assert bench.heard() == "" and lines(machine) == ["kept"]


def test_a_torn_half_command_eats_the_next_job_unless_it_is_cleared() -> None:
    torn = b"\x1d(k\x40\x001P0half of a QR"
    for clear, printed in ((b"", []), (CLEAR, ["a new job"])):
        machine = Bench().machine()
        machine.receive(torn + clear + b"\x1b@a new job\n")
        assert lines(machine) == printed


@pytest.mark.parametrize("n", [1, 2])
def test_dle_enq_clears_or_not_but_frees_no_knife(n: int) -> None:
    bench = Bench()
    machine = bench.machine()
    machine.set(cutter_jam=True)
    machine.receive(b"text\n\x10\x05" + bytes([n]))
    assert machine.cutter_jam
    machine.set(cutter_jam=False)
    assert lines(machine) == ([["text"], []][n - 1])


# Buffer and pace


def test_a_full_buffer_takes_no_more_but_real_time_commands_are_heard() -> None:
    bench = Bench()
    machine = bench.machine(buffer_bytes=10)
    machine.set(paper_out=True)
    machine.receive(b"123456789\nlost")
    assert (machine.room, machine.buffered, machine.lost) == (0, 10, 4)
    machine.receive(b"\x10\x04\x04" + CLEAR)
    assert bench.heard() == "7e 37 25 00" and machine.room == 10


def test_bytes_are_taken_at_the_pace_of_the_printer() -> None:
    machine = Bench().machine(bytes_per_s=10)
    assert machine.step(100.0) is None
    machine.receive(b"abcde\n")
    assert machine.processed == 1
    assert machine.step(100.0) == pytest.approx(100.1)
    machine.step(100.35)
    assert machine.processed == 4
    machine.step(109.0)
    assert lines(machine) == ["abcde"] and machine.step(109.0) is None


def test_lines_are_printed_at_the_pace_of_the_printer() -> None:
    machine = Bench().machine(lines_per_s=2)
    machine.step(0.0)
    machine.receive(b"one\ntwo\nthree\n")
    assert lines(machine) == ["one"]
    assert machine.step(0.4) == pytest.approx(0.5)
    machine.step(0.5)
    assert lines(machine) == ["one", "two"]
    machine.step(1.0)
    assert lines(machine) == ["one", "two", "three"]


def test_a_printer_without_paper_wants_no_step_and_saves_no_time_up() -> None:
    machine = Bench().machine(lines_per_s=1)
    machine.step(0.0)
    machine.set(paper_out=True)
    machine.receive(b"one\ntwo\n")
    assert machine.step(50.0) is None
    machine.set(paper_out=False)
    assert lines(machine) == ["one"]


# Faults


@pytest.mark.parametrize("at", range(12))
def test_a_fault_at_byte_n_comes_before_byte_n_plus_1(at: int) -> None:
    machine = Bench().machine()
    machine.receive(b"before\n")
    machine.at(at, lambda: machine.set(paper_out=True))
    machine.receive(b"one\ntwo\nend\n")
    assert machine.processed == 7 + at
    assert lines(machine) == ["before", "one", "two"][: 1 + at // 4]
    machine.set(paper_out=False)
    assert lines(machine) == ["before", "one", "two", "end"]


def test_a_fault_at_line_n_stops_after_that_line() -> None:
    machine = Bench().machine()
    machine.receive(b"before\n")
    machine.at_line(2, lambda: machine.set(cover_open=True))
    machine.receive(b"one\ntwo\nthree\n")
    assert lines(machine) == ["before", "one", "two"]


def test_a_fault_after_some_seconds_comes_by_the_clock() -> None:
    machine = Bench().machine()
    machine.step(10.0)
    machine.after(2.5, lambda: machine.set(paper_out=True))
    assert machine.step(12.0) == 12.5 and not machine.paper_out
    machine.step(12.5)
    assert machine.paper_out


def test_after_a_power_cycle_only_the_paper_is_as_it_was() -> None:
    bench = Bench()
    machine = bench.machine()
    machine.receive(b"\x1da\xff\x1bt\x11\x1d!\x11\x80\nhalf")
    machine.set(paper_out=True)
    machine.receive(b" never\n")
    bench.heard()
    machine.power_cycle(kept=False)
    machine.set(paper_out=False)
    machine.receive(b"\x80\n")
    assert lines(machine) == ["А", "Ç"] and bench.heard() == ""


def test_a_battery_keeps_the_buffer_and_the_settings() -> None:
    machine = Bench().machine()
    machine.receive(b"\x1bt\x11\x80")
    machine.set(paper_out=True)
    machine.receive(b"\x81\n")
    machine.power_cycle(kept=True)
    machine.set(paper_out=False)
    assert lines(machine) == ["АБ"]


@pytest.mark.parametrize("kept", [False, True])
def test_a_printer_that_boots_is_deaf_and_dumb(kept: bool) -> None:
    bench = Bench()
    machine = bench.machine(boot_s=2)
    machine.step(10)
    machine.receive(b"\x1da\xff")
    machine.set(paper_out=True)
    assert bench.heard() == "10 00 00 00 18 00 0c 00"
    machine.receive(b"one\n")
    machine.power_cycle(kept=kept)
    machine.set(paper_out=False)
    assert machine.step(10) == 12 and lines(machine) == []
    machine.receive(b"two\n" + ASK_ALL)
    assert machine.step(11.9) == 12 and bench.heard() == ""
    assert machine.step(12) is None
    machine.receive(b"three\n" + ASK_ALL)
    assert bench.heard() == "12 12 12 12"
    assert lines(machine) == (["one", "three"] if kept else ["three"])


def test_a_power_cycle_between_two_bytes_loses_those_that_follow() -> None:
    machine = Bench().machine(boot_s=2)
    machine.at(4, lambda: machine.power_cycle(kept=True))
    machine.receive(b"one\ntwo\n")
    machine.step(2)
    assert lines(machine) == ["one"] and machine.processed == 4


def test_answers_may_be_on_their_way_and_none_overtakes_another() -> None:
    """D26: what a slow print server is to its host."""
    bench = Bench()
    machine = bench.machine(answer_after_s=1.4)
    machine.step(10.0)
    machine.receive(b"\x10\x04\x01")
    assert bench.heard() == "" and machine.step(10.1) == pytest.approx(11.4)
    machine.answer_after_s = 0
    machine.receive(b"\x1d(H\x06\x0000A001")
    assert bench.heard() == ""
    machine.step(11.5)
    assert bench.heard() == "12 37 22 41 30 30 31 00"
    machine.receive(b"\x10\x04\x01")
    assert bench.heard() == "12"


def test_what_was_on_its_way_is_lost_with_the_power() -> None:
    bench = Bench()
    machine = bench.machine(answer_after_s=1.0)
    machine.receive(b"\x10\x04\x01")
    machine.power_cycle(kept=True)
    machine.step(5.0)
    assert bench.heard() == ""
