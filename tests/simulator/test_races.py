"""EX-H1 at random: two tills, one member's points, a hub that answers, and one that is silent for a while. `make races`
plays 10,000 of them."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from simulator.races.races import Broken, Races, race
from sync.protocol import HoldReply, HoldRequest

RACES = int(os.environ.get("RACES", "60"))


@pytest.fixture
def chance() -> random.Random:
    seed = int(os.environ.get("POS_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"POS_TEST_SEED={seed}")
    return random.Random(seed)


def test_r03_never_more_is_spent_than_was_there_while_the_hub_answers(tmp_path: Path, chance: random.Random) -> None:
    """SEC2, SEC10, R33: and without it what policy allows, each excess a case that says how much."""
    counts = race(tmp_path, chance, RACES)
    print(dict(counts))
    for happened in ("redeemed under a hold", "redeemed without", "unanswered", "kill", "cancelled", "prepared"):
        assert counts[happened], happened


def test_a_hub_that_gives_the_same_points_twice_is_found(tmp_path: Path, chance: random.Random) -> None:
    """So the races can tell."""
    races = Races(tmp_path, chance)

    def generous(request: HoldRequest) -> HoldReply:
        return HoldReply(hold=request.hold, points=request.points, active=request.points, at=request.until)

    races.hub.hold = generous  # type: ignore[method-assign]
    with pytest.raises(Broken, match="were spent while the hub answered"):
        for _ in range(200):
            races.race()
    races.close()
