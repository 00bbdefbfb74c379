"""SIGKILL while the till records as fast as it can: what it was told is recorded is there, and the chain is whole."""

from __future__ import annotations

import hashlib
import json
import random
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from offline_cache.packed import unpack_text

KILLS = 12
LONGEST_LIFE_MS = 60  # after the first operation of its life

CHILD = """
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from loyalty.bodies import Accrued, CardIssued, Sale, SaleNumber
from offline_cache.cache import Cache, Rules
from offline_cache.records import Paper

cache = Cache(Path(sys.argv[1]), "t1")
rules = Rules(programme="alenka", programme_hash="a" * 64)
sys.stdin.readline()
for number in count():
    sale = SaleNumber(day="2026-03-02", number=f"{sys.argv[2]}-{number}")
    bodies = [
        CardIssued(sale=sale, member=f"m{sale.number}", card=f"c{sale.number}"),
        Sale(
            sale=sale, member=f"m{sale.number}", card=None, link="offline", lines=(), total_kopecks=1, paid_kopecks=1,
            accrued=Accrued(points=1),
        ),
    ]
    paper = Paper(kind="receipt", label="1", document=bytes(500))
    made = cache.record(bodies, sale=sale, rules=rules, papers=lambda made: [paper], at=datetime.now(UTC))
    print(made[-1].sequence, flush=True)
"""


def acknowledged_before_a_kill(path: Path, life: int, chance: random.Random) -> int:
    """Let a till live for a moment; the last sequence that it said was recorded."""
    command = [sys.executable, "-c", CHILD, str(path), str(life)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    first = process.stdout.readline()
    select.select([], [], [], chance.random() * LONGEST_LIFE_MS / 1_000)  # a random moment, waiting for nothing
    process.kill()
    with process:
        rest = process.stdout.read()  # communicate would leave out what came together with the first line
    whole = [line for line in (first + rest).splitlines(keepends=True) if line.endswith("\n")]
    return int(whole[-1])


def chain(till: Any) -> list[int]:
    """The sequences on disk, their chain followed with nothing but JSON and SHA-256."""
    before, sequences = "0" * 64, []
    for sequence, digest, kept in till.rows("(SELECT sequence, hash, text FROM operations ORDER BY sequence)"):
        text = unpack_text(kept)
        told = json.loads(text)
        assert told["sequence"] == sequence and told["previous_hash"] == before
        before = hashlib.sha256(text.encode()).hexdigest()
        assert before == digest.hex()
        sequences.append(sequence)
    return sequences


def test_what_was_acknowledged_is_there_whenever_the_till_is_killed(
    open_till: Callable[..., Any], tmp_path: Path, chance: random.Random
) -> None:
    path = tmp_path / "till.db"
    more = 0
    for life in range(KILLS):
        acknowledged = acknowledged_before_a_kill(path, life, chance)
        till = open_till(path)
        sequences = chain(till)
        assert sequences == list(range(1, len(sequences) + 1)), "no gap"
        assert len(sequences) - acknowledged in (0, 2), "at most the sale whose word did not come out any more"
        more += len(sequences) > acknowledged
        sales = len(sequences) // 2
        counts = {table: len(till.rows(table)) for table in ("outbox", "print_jobs", "members", "cards")}
        assert counts == {"outbox": 2 * sales, "print_jobs": sales, "members": sales, "cards": sales}
        till.close()
    print(f"{KILLS} kills, {len(sequences)} operations, {more} times one sale more than was said")
