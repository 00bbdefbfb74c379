"""After an outage every till is rid of its sales about as soon as every other. `make drain` plays 2,000 of them."""

from __future__ import annotations

import os
import random

import pytest

from simulator.draining.drain import drain

MEDIANS_MAX = 3


@pytest.fixture
def chance() -> random.Random:
    seed = int(os.environ.get("POS_TEST_SEED") or random.SystemRandom().randrange(10**9))
    print(f"POS_TEST_SEED={seed}")
    return random.Random(seed)


@pytest.mark.parametrize(("tills", "sales"), [(200, (100, 400)), (100, (400, 400)), (400, (1, 20)), (1, (100, 100))])
def test_none_waits_three_times_the_median(chance: random.Random, tills: int, sales: tuple[int, int]) -> None:
    drained = drain(tills, chance, sales)
    assert drained.of_median < MEDIANS_MAX, drained
    assert drained.last is not None and drained.last < 2 * drained.hub_worked_s + 30.0, drained


def test_a_hub_that_lets_everybody_in_works_for_nobody(chance: random.Random) -> None:
    """The simulator can tell: so it was before there was room for so many and no more."""
    before, now = (drain(150, random.Random(chance.random()), (60, 200), has_room=room) for room in (False, True))
    assert before.of_median > MEDIANS_MAX and before.hub_worked_s > 3 * now.hub_worked_s
