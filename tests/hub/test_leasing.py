"""Which file works for a till, as a table (B1, B2, N21), and who is heard."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hub.face.runs import SILENT_S, Runs
from hub.tills.leasing import FORKED, OTHER_FILE, Grant, decide, may_speak
from hub.tills.till import Lease, Till, Waiting
from sync.protocol import LeaseRequest

OLD, OWN, NEW = "a" * 32, "b" * 32, "c" * 32
AT = "2026-03-02T12:00:00.000000+00:00"
TILL = Till(
    till="t1",
    state="joined",
    added_at=AT,
    lease=Lease(file=OWN, generation=2, at=AT),
    before=(Lease(file=OLD, generation=1, at=AT),),
)


def waiting(file: str, by: str | None = None) -> Waiting:
    return Waiting(file=file, generation=1, operations=3, at=AT, confirmed_by=by)


@pytest.mark.parametrize(
    ("asked", "waits", "decided"),
    [
        ({"file": OWN, "generation": 2}, None, Grant(2)),
        ({"file": OWN, "generation": 0}, None, Grant(2)),  # it lost track
        ({"file": OWN, "generation": 1}, None, Grant(2)),  # put back from before it had its generation
        ({"file": OWN, "generation": 7}, None, Grant(7)),  # the hub was put back from before it
        ({"file": OWN, "generation": 2, "astray": 3}, None, FORKED),
        ({"file": OWN, "generation": 2, "astray": 3}, waiting(OWN), FORKED),
        ({"file": OWN, "generation": 2, "astray": 3}, waiting(OWN, "olga"), Grant(4)),
        ({"file": OWN, "generation": 2, "astray": 3}, waiting(OLD, "olga"), FORKED),
        ({"file": OWN, "generation": 1, "astray": 3}, None, Grant(2)),  # it has not heard that it goes on
        ({"file": NEW, "generation": 2, "astray": 3}, None, FORKED),  # from the same file as the one that works
        ({"file": NEW, "generation": 2, "astray": 3}, waiting(NEW, "olga"), Grant(4)),
        ({"file": NEW, "generation": 0}, None, Grant(4)),
        ({"file": NEW, "generation": 1_790_000_000}, None, Grant(1_790_000_000)),
        ({"file": NEW, "generation": 2}, None, Grant(4)),  # somebody's already
        ({"file": OLD, "generation": 1}, None, OTHER_FILE),
        ({"file": OLD, "generation": 1}, waiting(OLD, "olga"), Grant(1)),
    ],
)
def test_b1_b2_n21_which_file_gets_which_generation(
    asked: dict[str, Any], waits: Waiting | None, decided: Grant | str
) -> None:
    """The ledger has operations of generation 3 too, of a file that nobody leased anything."""
    till = msgspec.structs.replace(TILL, waiting=waits)
    assert decide(till, LeaseRequest(till="t1", **asked), [3]) == decided


@pytest.mark.parametrize(
    ("file", "generation", "how", "heard"),
    [
        (OWN, 2, {"reads": True}, True),
        (OWN, 2, {"reads": False}, True),
        (OWN, 1, {"reads": True}, False),
        (OWN, 1, {"reads": True, "own": True}, True),
        (OLD, 1, {"reads": True, "own": True}, False),
        (NEW, 2, {"reads": True}, False),
        ("", 1, {"reads": True}, True),
        ("", 1, {"reads": False}, False),
    ],
)
def test_b2_who_is_heard(file: str, generation: int, how: dict[str, bool], heard: bool) -> None:
    assert may_speak(TILL, file, generation, **how) is heard
    assert may_speak(msgspec.structs.replace(TILL, lease=None), file, generation, **how) is (heard and file == "")


def test_b2_one_process_of_a_till_is_heard_until_it_has_been_silent() -> None:
    now_s = 0.0
    runs = Runs(lambda: now_s)
    assert not runs.is_elsewhere("k1", "one")
    runs.hear("k1", "one")
    assert not runs.is_elsewhere("k1", "one") and runs.is_elsewhere("k1", "two")
    assert not runs.is_elsewhere("k2", "two")
    now_s = SILENT_S
    assert not runs.is_elsewhere("k1", "two")


def test_a_till_that_was_started_anew_in_its_place_is_heard_at_once() -> None:
    runs = Runs(lambda: 0.0)
    runs.hear("k1", "here.one")
    assert not runs.is_elsewhere("k1", "here.two"), "in one folder of one machine they follow each other"
    assert runs.is_elsewhere("k1", "there.two") and runs.is_elsewhere("k1", "two") and runs.is_elsewhere("k1", "here")
    runs.hear("k2", "one")
    assert runs.is_elsewhere("k2", "two") and runs.is_elsewhere("k2", ".one")
