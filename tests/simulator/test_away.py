"""What is done away from the tills of a simulated chain: each story makes the kinds that its row says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from loyalty.bodies import SaleNumber
from loyalty.kinds import KINDS, name_of
from loyalty.operation import read_operation
from simulator.away.table import AWAY
from simulator.broken import Broken
from simulator.ledger import in_a_file
from simulator.moments import Moments
from simulator.own_process import drawn_from
from simulator.people import Person, Receipt
from simulator.plan import HUB, Plan, Shape
from simulator.play import memory
from simulator.vfs import Disks
from simulator.world import World

OFTEN: Final = 40  # matters in a plan, on average: the rarest of what each may become comes about
HOURS: Final = 4.0
PAST_MIDNIGHT: Final = {"until_tonight": 16.0, "gives_certificate": 16.0}  # what ends then
BESIDES: Final = {"claims": ("buys",)}  # what a story needs that others do


@contextmanager
def world(shape: Shape) -> Iterator[World]:
    plan = Plan(seed=1, shape=shape)
    with (
        drawn_from(plan.seed),
        TemporaryDirectory(dir=memory()) as folder,
        Disks(Path(folder), Moments()) as disks,
        in_a_file(disks.of(HUB)) as ledger,
        closing(World(disks, ledger, plan)) as made,
    ):
        yield made


def shape_of(key: str) -> Shape:
    hours, stories = PAST_MIDNIGHT.get(key, HOURS), (key, *BESIDES.get(key, ()))
    often = OFTEN / hours / AWAY[key].an_hour
    return Shape(tills=1, hours=hours, people=8, visits_an_hour=8.0, stories=stories, away=often)


def kinds_of(world: World) -> set[str]:
    """Kinds of operations that the hub has applied."""
    with world.hub.hub.store.reading() as reader:
        return {name_of(read_operation(kept.text).body) for kept in reader.all_operations() if kept.reason is None}


@pytest.mark.parametrize("key", AWAY)
def test_each_story_makes_its_kinds_and_breaks_nothing(key: str) -> None:
    with world(shape_of(key)) as one:
        one.play()
        assert AWAY[key].makes <= kinds_of(one), one.counts


def test_rows_name_kinds_that_there_are() -> None:
    assert {kind for row in AWAY.values() for kind in row.makes} <= KINDS.keys()


def test_a_paper_that_is_honoured_twice_is_told() -> None:
    with world(Shape(tills=1, people=2)) as one:
        paper = paper_of(one.people[0])
        one.desks.honour(paper, "one", one.people[0])
        with pytest.raises(Broken, match="honoured once"):
            one.desks.honour(paper, "another", one.people[1])


def test_what_the_office_did_is_forgotten_with_a_ledger_that_is_put_back() -> None:
    with world(Shape(tills=1, people=2)) as one:
        gone, into = one.people
        paper, since = paper_of(gone), one.moments.now
        one.desks.honour(paper, "one", into)
        one.desks.merged(gone, into)
        assert (paper.member, gone.member) == ("m1", "m1")
        one.desks.put_back(since)
        assert (paper.member, gone.member) == (None, "m0")


def paper_of(person: Person) -> Receipt:
    number = SaleNumber(day="2026-03-02", number="1")
    return Receipt(visit="t1/1", till="t1", sale=number, member=None, earned=0, spent=0, bought={})
