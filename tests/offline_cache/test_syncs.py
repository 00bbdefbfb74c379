"""C7: who waits for the disk, and how often. The kernel's calls are counted, of a till in a process of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from offline_cache.cache import Cache

LIFE = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from loyalty.bodies import Accrued, Sale, SaleNumber
from loyalty.operation import Key
from loyalty.snapshot import MemberSnapshot
from offline_cache.cache import Cache, Rules
from offline_cache.print_jobs import PaperEvent
from offline_cache.records import Answer, Page, Paper

AT = datetime(2026, 3, 2, tzinfo=UTC)
cache = Cache(Path(sys.argv[1]), "t1", generation=1)

def sale(number):
    name = SaleNumber(day="2026-03-02", number=str(number))
    body = Sale(
        sale=name, member="m", card=None, link="offline", lines=(), total_kopecks=1, paid_kopecks=1,
        accrued=Accrued(points=1),
    )
    paper = Paper(kind="receipt", label=str(number), document=bytes(9_000))
    rules = Rules(programme="alenka", programme_hash="0" * 64)
    return cache.record([body], sale=name, rules=rules, papers=lambda made: [paper], at=AT)[0]

def page():
    members = [MemberSnapshot(member=f"m{number}", cards=()) for number in range(50)]
    cache.changes.apply(
        Page(
            members=members, used_coupons=(), coupon_keys={}, phone_hash_key=bytes(32), watermark=Key(1, 0),
            cursor="1", pulled_at=AT,
        )
    )

def step(name, act):
    os.write(2, f"<{name}>".encode())
    return act()

made = step("sale", lambda: sale(1))
step("next sale", lambda: sale(2))
job = cache.print_jobs.oldest_open()
job = step("attempt", lambda: cache.print_jobs.begin(job))
job = step("sent", lambda: cache.print_jobs.happened(job, PaperEvent.SENT))
step("proved", lambda: cache.print_jobs.happened(job, PaperEvent.PROVED, proof="process_id"))
answer = Answer(key=made.key, hash=cache.operation_hash(made.key), result="applied")
step("answer", lambda: cache.answered([answer]))
step("page", page)
step("clock", lambda: cache.set_clock_off_s(3))
step("guess", lambda: cache.shifts.note_guess("2026-03-02"))
step("look", lambda: cache.members.member("m1"))
step("sale after these", lambda: sale(3))
step("end", cache.close)
"""
CALL = re.compile(r'(fsync|fdatasync)\(|write\(2, "<([a-z ]+)>"')


@pytest.fixture
def syncs(tmp_path: Path) -> list[tuple[str, int]]:
    """Of a till that is started again: how often each of its steps waited for the disk."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("no strace")
    path = tmp_path / "till.db"
    Cache(path, "t1", generation=1).close()
    life = [sys.executable, "-c", LIFE, str(path)]
    trace = tmp_path / "trace"
    traced = [strace, "-f", "-o", str(trace), "-e", "trace=fsync,fdatasync,write", "-e", "signal=none", *life]
    done = subprocess.run(traced, capture_output=True, text=True, timeout=120)
    if "PTRACE" in done.stderr:
        pytest.skip("strace may not look")
    assert done.returncode == 0, done.stderr
    return counted(trace.read_text())


def counted(trace: str) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for _, step in CALL.findall(trace):
        if step:
            found.append((step, 0))
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + 1)
    return found[:-1]


def test_c7_a_sale_waits_for_one_sync_its_own(syncs: list[tuple[str, int]]) -> None:
    """Also the first one, in a log that is new."""
    assert [count for step, count in syncs if "sale" in step] == [1, 1, 1]


def test_c7_an_attempt_is_on_the_disk_before_the_first_byte_leaves(syncs: list[tuple[str, int]]) -> None:
    assert dict(syncs)["attempt"] == 1


def test_c7_what_is_told_again_or_only_looked_at_waits_for_no_disk(syncs: list[tuple[str, int]]) -> None:
    rest = {step: count for step, count in syncs if "sale" not in step and step != "attempt"}
    assert rest == dict.fromkeys(("sent", "proved", "answer", "page", "clock", "guess", "look"), 0)
