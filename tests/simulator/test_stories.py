"""Every kind of operation is made by a story of the simulated chain, and every story makes the kinds that it says."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from loyalty.kinds import KINDS
from simulator.away.table import AWAY
from simulator.plan import Plan, Shape
from simulator.play import play
from simulator.stories.table import STORIES

# of a story that goes on with what another has begun
AFTER = {"finds_card": ("blocks_card",), "brings_back": ("uses_coupon",)}
BUSY = Shape(tills=2, hours=3.0, people=3, visits_an_hour=8.0, skew=0.0)
UNTIL_NIGHT = Shape(tills=1, hours=17.0, people=3, visits_an_hour=0.5)
SHAPES = {"over_midnight": UNTIL_NIGHT}
SEED = 5


def made_by(*stories: str) -> set[str]:
    """Kinds of which there are operations at the hub in the end."""
    one = play(Plan(seed=SEED, shape=replace(SHAPES.get(stories[0], BUSY), stories=stories)))
    assert one.broken is None
    return {what.removeprefix("kind ") for what in one.counts if what.startswith("kind ")}


def test_every_kind_is_made_by_some_story() -> None:
    made = {kind for told in STORIES.values() for kind in told.makes}
    made |= {kind for told in AWAY.values() for kind in told.makes}

    assert {name for name, kind in KINDS.items() if not kind.reserved} == made


def test_no_two_stories_have_one_name() -> None:
    assert not STORIES.keys() & AWAY.keys()


@pytest.mark.parametrize("story", STORIES)
def test_a_story_at_the_till_makes_its_kinds(story: str) -> None:
    assert STORIES[story].makes <= made_by(story, *AFTER.get(story, ()))


def test_of_goods_that_come_back_at_two_tills_the_books_may_refuse_one_return_and_all_holds() -> None:
    """Seed 15: points, stickers and cases are as told, but for a return that gave back more than the sale had taken."""
    shape = replace(BUSY, programme="perekrestok", slow=0.7, stories=("buys", "brings_back_again"))
    one = play(Plan(seed=15, shape=shape))
    assert one.broken is None
    assert one.counts["case refused"] and one.counts["case came_back_twice"]
