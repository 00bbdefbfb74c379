"""What is done away from the tills of a simulated chain: each story makes the kinds that its row says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from loyalty.bodies import SaleNumber
from loyalty.kinds import KINDS, name_of
from loyalty.operation import read_operation
from simulator.away.table import AWAY
from simulator.broken import Broken
from simulator.people import Person, Receipt
from simulator.plan import Plan, Shape
from simulator.world import World

OFTEN: Final = 40  # matters in a plan, on average: the rarest of what each may become comes about
HOURS: Final = 4.0
PAST_MIDNIGHT: Final = {"until_tonight": 16.0, "gives_certificate": 16.0}  # what ends then
BESIDES: Final = {"claims": ("buys",)}  # what a story needs that others do


def played(folder: Path, key: str) -> World:
    row = AWAY[key]
    hours, stories = PAST_MIDNIGHT.get(key, HOURS), (key, *BESIDES.get(key, ()))
    shape = Shape(tills=1, hours=hours, people=8, visits_an_hour=8.0, stories=stories, away=OFTEN / hours / row.an_hour)
    world = World(folder, Plan(seed=1, shape=shape))
    try:
        world.play()
    except BaseException:
        world.close()
        raise
    return world


def made(world: World) -> set[str]:
    """Kinds of operations that the hub has applied."""
    with world.hub.hub.store.reading() as reader:
        return {name_of(read_operation(kept.text).body) for kept in reader.all_operations() if kept.reason is None}


@pytest.mark.parametrize("key", AWAY)
def test_each_story_makes_its_kinds_and_breaks_nothing(tmp_path: Path, key: str) -> None:
    world = played(tmp_path, key)
    try:
        assert AWAY[key].makes <= made(world), world.counts
    finally:
        world.close()


def test_rows_name_kinds_that_there_are() -> None:
    assert {kind for row in AWAY.values() for kind in row.makes} <= KINDS.keys()


def test_a_paper_that_is_honoured_twice_is_told(tmp_path: Path) -> None:
    world = World(tmp_path, Plan(seed=1, shape=Shape(tills=1, people=2)))
    try:
        paper = paper_of(world.people[0])
        world.desks.honour(paper, "one", world.people[0])
        with pytest.raises(Broken, match="honoured once"):
            world.desks.honour(paper, "another", world.people[1])
    finally:
        world.close()


def test_what_the_office_did_is_forgotten_with_a_ledger_that_is_put_back(tmp_path: Path) -> None:
    world = World(tmp_path, Plan(seed=1, shape=Shape(tills=1, people=2)))
    try:
        gone, into = world.people
        paper, since = paper_of(gone), world.moments.now
        world.desks.honour(paper, "one", into)
        world.desks.merged(gone, into)
        assert (paper.member, gone.member) == ("m1", "m1")
        world.desks.put_back(since)
        assert (paper.member, gone.member) == (None, "m0")
    finally:
        world.close()


def paper_of(person: Person) -> Receipt:
    number = SaleNumber(day="2026-03-02", number="1")
    return Receipt(visit="t1/1", till="t1", sale=number, member=None, earned=0, spent=0, bought={})
