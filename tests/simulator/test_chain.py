"""A chain of tills under one clock, a few days of it: `make simulate` plays on and on."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import time_machine
from msgspec.structs import replace

from simulator.faults.table import FAULTS
from simulator.found import corpus, read_found
from simulator.plan import Fault, Plan, Shape, read, written
from simulator.planning import planned
from simulator.play import play
from simulator.running import ended

ROOT = Path(__file__).resolve().parents[2]
SEEDS = range(2, 2 + int(os.environ.get("CHAIN_SEEDS", "5")))  # some twenty seconds of a processor
HOURS = 16.0  # past midnight
SMALL = Shape(tills=2, hours=6.0, people=4, visits_an_hour=2.0)


@pytest.fixture(autouse=True)
def no_log() -> Iterator[None]:
    """Of the thousands of troubles that a day has."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_happens_all_is_told_once_and_nobody_was_told_what_is_not_so(seed: int) -> None:
    plan = planned(seed, replace(planned(seed).shape, hours=HOURS))
    one = play(plan)
    assert one.broken is None, f"python -m simulator chain --plan '{written(plan)}'"
    assert one.counts["operations at the hub"] > one.counts["visits"] / 2


@pytest.mark.parametrize("path", corpus(), ids=lambda path: path.stem)
def test_what_was_found_once_stays_mended(path: Path) -> None:
    found = read_found(str(path))
    assert found.reason, "say what was mended"
    assert play(found.plan).broken is None, found.reason


def test_a_plan_is_the_same_life_in_every_process_whatever_its_sets_are_ordered_by() -> None:
    plan = planned(7, SMALL)
    assert {digest_elsewhere(plan, hashseed) for hashseed in ("0", "1")} == {play(plan).digest}


def digest_elsewhere(plan: Plan, hashseed: str) -> str:
    done = subprocess.run(
        (sys.executable, "-m", "simulator", "chain", "--plan", written(plan)),
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": hashseed, "PYTHONPATH": str(ROOT)},
    )
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("digest "))
    return line.removeprefix("digest ")


def test_the_day_on_which_it_is_played_changes_nothing() -> None:
    plan = planned(8, SMALL)
    with time_machine.travel(datetime(2031, 12, 31, 23, 59, tzinfo=UTC)):
        then = play(plan).digest
    assert play(plan).digest == then


CLOCKS = {time.time, time.time_ns, time.sleep, time.localtime, time.gmtime}
NAMED_CLOCKS = ("datetime.now", "datetime.today", "date.today")  # methods, made anew each time
READS_A_CLOCK = {  # what none of it decides by
    ("sqlite_utils/migrations.py", "now"): "when a file was made is kept in it, and never asked for",
}


def test_nobody_reads_the_machines_clock_or_waits() -> None:
    """But for how long a lock of a file is waited for: nobody else has it."""
    read_by: Counter[tuple[str, str]] = Counter()

    def look(frame: FrameType, event: str, what: Any) -> None:
        if event == "c_call" and (
            what in CLOCKS or getattr(what, "__qualname__", "") in ("datetime.now", "date.today")
        ):
            read_by[("/".join(Path(frame.f_code.co_filename).parts[-2:]), what.__name__)] += 1

    plan = planned(9, SMALL)
    play(plan)  # what is read once in a process has been
    sys.setprofile(look)
    try:
        play(plan)
    finally:
        sys.setprofile(None)
    assert not {key: times for key, times in read_by.items() if key not in READS_A_CLOCK}


def test_a_plan_is_read_as_it_was_written() -> None:
    plan = planned(3)
    assert plan.faults
    assert read(written(plan)) == plan


def test_every_kind_of_fault_is_drawn_sooner_or_later() -> None:
    drawn = {fault.kind for seed in range(90) for fault in planned(seed).faults}
    assert drawn == {name for name, kind in FAULTS.items() if kind.an_hour}


def test_a_kind_of_fault_that_nobody_knows_is_no_plan_that_holds() -> None:
    """It is told as what it is, with its seed, and never as a violation or as nothing."""
    plan = Plan(seed=1, shape=SMALL, faults=(Fault(at_s=60.0, kind="meteorite", node="t1"),))
    one = ended(plan)
    assert "meteorite" in one.error
    assert not one.invariant
    assert one.seed == 1
