"""F3: the power goes at any moment; and a judge that would not see a loss is none."""

from __future__ import annotations

import random

import pytest

from tests.faults.power import Told, how_many, judged, recorded
from tests.faults.written import Event

SALES = 15
EACH = 6  # images of one moment that are neither none nor all
IMAGES = 400  # of each kind; the long form takes them all (`python -m tests.faults power`)


def some(events: list[Event], chance: random.Random) -> Told:
    return judged(events, chance, EACH, IMAGES / how_many(events, EACH))


@pytest.fixture
def chance() -> random.Random:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    return random.Random(seed)


def test_f3_nothing_that_was_acknowledged_is_lost_with_the_power(chance: random.Random) -> None:
    told = some(recorded("FULL", SALES), chance)
    assert told.lost == [] and told.images > IMAGES / 2 and told.started


def test_f3_a_till_that_does_not_sync_loses_some_and_the_judge_sees_it(chance: random.Random) -> None:
    told = some(recorded("NORMAL", SALES), chance)
    assert told.lost and max(loss.missing for loss in told.lost) > 0
