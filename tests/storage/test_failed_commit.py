"""A commit that failed may have happened (DESIGN §4.6). The till's own file, on a disk that really refuses.

The disk is full: the kernel's limit on a file's size cuts the write of the log short at any byte. The disk is broken:
a seccomp filter lets every fsync answer EIO. Both in a process of its own, as neither can be taken back.
"""

from __future__ import annotations

import json
import platform
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from loyalty.bodies import Accrued, Sale, SaleNumber
from offline_cache.cache import Cache, Rules
from offline_cache.records import Paper

DAY = "2026-03-02"
AT = datetime(2026, 3, 2, tzinfo=UTC)
SALES_FIRST = 12
SEED = 20260302

CHILD = """
import ctypes, errno, json, os, platform, resource, struct, sys
from datetime import UTC, datetime
from pathlib import Path
from loyalty.bodies import Accrued, CouponUse, Sale, SaleNumber
from offline_cache.cache import Cache, Rules
from offline_cache.records import Paper
from storage.sqlite_file import CommitUnknown, FileError

path = Path(sys.argv[1])
cache = Cache(path, "t1")

def record(number):
    sale = SaleNumber(day="2026-03-02", number=str(number))
    body = Sale(
        sale=sale, member="m", card=None, link="offline", lines=(), total_kopecks=1, paid_kopecks=1,
        accrued=Accrued(points=1),
        coupons=(CouponUse(serial=f"{number:032x}", campaign="c", discount_kopecks=1),),
    )
    rules = Rules(programme="alenka", programme_hash="0" * 64)
    at = datetime(2026, 3, 2, tzinfo=UTC)
    paper = Paper(kind="receipt", label="1", document=bytes(9_000))
    return cache.record([body], sale=sale, rules=rules, papers=lambda made: [paper], at=at)[-1].sequence

def there(number):
    return cache.sale(SaleNumber(day="2026-03-02", number=str(number))) is not None

def record_until_the_disk_refuses(number, told):
    while True:
        try:
            told["acked"].append(record(number))
        except FileError as error:
            told["errors"].append([type(error).__name__, str(error)])
            return number
        number += 1

def break_fsync():
    numbers = {"x86_64": (74, 75), "aarch64": (82, 83)}[platform.machine()]  # fsync, fdatasync
    program = [
        (0x20, 0, 0, 0),  # load the call's number
        (0x15, 1, 0, numbers[0]),
        (0x15, 0, 1, numbers[1]),
        (0x06, 0, 0, 0x0005_0000 | errno.EIO),  # answer with an error
        (0x06, 0, 0, 0x7FFF_0000),  # let it through
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in program)
    class Filter(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]
    libc = ctypes.CDLL(None)
    assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, ctypes.byref(Filter(len(program), code))) == 0

told = {"acked": [record(number) for number in range(1, int(sys.argv[3]) + 1)], "errors": []}
"""

FULL = """
limit = os.path.getsize(f"{path}-wal") + int(sys.argv[2])
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
lost = record_until_the_disk_refuses(len(told["acked"]) + 1, told)
told["readable"] = cache.outbox_length() >= len(told["acked"])
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
if sys.argv[4] == "reopened":
    cache.reopen()
told["lost"], told["there"] = lost, there(lost)
if not told["there"]:
    told["acked"].append(record(lost))
print(json.dumps(told), flush=True)
os._exit(0)
"""

BROKEN = """
break_fsync()
lost = record_until_the_disk_refuses(len(told["acked"]) + 1, told)
if sys.argv[4] == "reopened":
    try:
        cache.reopen()
        told["errors"].append(["none", "it reopened"])
    except FileError as error:
        told["errors"].append([type(error).__name__, str(error)])
    record_until_the_disk_refuses(lost + 1, told)
    told["readable"] = cache.outbox_length() >= len(told["acked"])
if sys.argv[4] == "looked":
    told["there"] = there(lost)
told["lost"] = lost
print(json.dumps(told), flush=True)
os._exit(0)
"""


def child(script: str, path: Path, *, spare: int = 0, then: str) -> dict[str, Any]:
    """Run it to its end; what it was told."""
    command = [sys.executable, "-c", CHILD + script, str(path), str(spare), str(SALES_FIRST), then]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def record(cache: Cache, number: int) -> int:
    """What a cashier's second try does: look first, then record."""
    sale = SaleNumber(day=DAY, number=str(number))
    found = cache.sale(sale)
    if found is not None:
        return found.operations[-1].sequence
    body = Sale(
        sale=sale,
        member="m",
        card=None,
        link="offline",
        lines=(),
        total_kopecks=1,
        paid_kopecks=1,
        accrued=Accrued(points=1),
    )
    rules = Rules(programme="alenka", programme_hash="0" * 64)
    return cache.record(
        [body], sale=sale, rules=rules, papers=lambda made: [Paper(kind="receipt", label="1", document=b"")], at=AT
    )[-1].sequence


def counts(cache: Cache) -> set[int]:
    """How many there are of everything that one transaction writes: one number when it is whole."""
    tables = ("operations", "outbox", "print_jobs", "coupon_uses")
    with cache.file.reading() as connection:
        return {connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


@pytest.mark.parametrize("then", ["reopened", "went on"])
@pytest.mark.parametrize("spare", [0, *random.Random(SEED).sample(range(1, 40_000), 3)], ids="{} bytes left".format)
def test_a_full_disk_loses_nothing_and_doubles_nothing(tmp_path: Path, spare: int, then: str) -> None:
    """Wherever in the log the space ends; and when there is space again, the same process works on."""
    path = tmp_path / "till.db"
    told = child(FULL, path, spare=spare, then=then)
    assert [kind for kind, _ in told["errors"]] == ["CommitUnknown"], told
    assert told["readable"] and "\n" not in told["errors"][0][1]
    assert told["acked"] == list(range(1, told["lost"] + (not told["there"])))
    cache = Cache(path, "t1")
    assert record(cache, told["lost"]) == told["lost"]  # once more: the same operation, not another
    assert counts(cache) == {told["lost"]}
    cache.close()


@pytest.mark.skipif(platform.machine() not in ("x86_64", "aarch64"), reason="knows no other kernel's call numbers")
@pytest.mark.parametrize("then", ["died", "looked", "reopened"])
def test_what_a_broken_disk_may_have_kept_is_looked_up_and_not_written_anew(tmp_path: Path, then: str) -> None:
    """The log's pages reached the kernel, their sync did not: whoever opens the file next finds the operation."""
    path = tmp_path / "till.db"
    told = child(BROKEN, path, then=then)
    assert told["errors"][0][0] == "CommitUnknown" and told["acked"] == list(range(1, SALES_FIRST + 1))
    if then == "reopened":  # the disk is still broken: nobody claims that what can be seen is safe, or writes more
        assert [kind for kind, _ in told["errors"][1:]] == ["FileError", "FileError"] and told["readable"]
    cache = Cache(path, "t1")
    assert counts(cache) <= {SALES_FIRST, SALES_FIRST + 1} and len(counts(cache)) == 1
    found = cache.sale(SaleNumber(day=DAY, number=str(told["lost"]))) is not None
    if then != "reopened":
        assert found, "a ghost: the kernel had it all the time"
    if then == "looked":
        assert told["there"] == found, "nobody is told one thing now and another after the next start"
    assert record(cache, told["lost"]) == SALES_FIRST + 1
    assert cache.outbox_length() == SALES_FIRST + 1
    cache.close()
