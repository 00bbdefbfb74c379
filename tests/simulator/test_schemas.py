"""The hub of a simulated chain on a PostgreSQL: the same life as on a file, and what befalls it at its words."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from hub.epochs import EPOCH
from hub.store.errors import OutcomeUnknown, StoreOff
from hub.store.postgres.store import PostgresStore
from hub.store.rows import Rows
from hub.store.seam import Store
from simulator.disk import Died, Disk, Strike, What
from simulator.dying import dying
from simulator.faults.table import FAULTS
from simulator.ledger import Ledger
from simulator.moments import BEGIN, Moments
from simulator.plan import HUB, Shape
from simulator.planning import planned
from simulator.play import play
from simulator.schemas import InSchemas
from simulator.vfs import Disks
from tests.hub.store.servers import server_of_its_own

OF_ITS_DISK = ("hub_dies_in_batch", "hub_power_loss", "hub_io_error", "hub_commit_unknown")  # a file has other calls
SMALL = Shape(tills=2, hours=3.0, people=4, visits_an_hour=3.0)


@pytest.fixture(scope="module")
def kept() -> Iterator[InSchemas]:
    with server_of_its_own() as server:
        yield InSchemas(server.url)


@pytest.fixture
def no_log() -> Iterator[None]:
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def test_a_plan_is_the_same_life_on_either_database(kept: InSchemas, no_log: None) -> None:
    """Whatever tills and people saw, and what the ledger has in the end."""
    kinds = tuple(name for name, kind in FAULTS.items() if name not in OF_ITS_DISK and not kind.of_devices)
    plan = planned(50001, replace(SMALL, kinds=kinds, struck=2.0))
    there, here = play(plan, kept=kept), play(plan)
    assert there.broken is None
    assert there.counts["operations at the hub"] > 10
    assert there.counts == here.counts
    assert there.digest == here.digest


def test_a_hub_that_dies_and_is_cut_off_at_its_words_lives_the_same_life_again(kept: InSchemas, no_log: None) -> None:
    plan = planned(50003, replace(SMALL, hours=2.0, struck=8.0, kinds=(*OF_ITS_DISK, "hub_put_back")))
    one = play(plan, kept=kept)
    assert one.broken is None
    assert all(one.counts[f"fault {kind}"] for kind in OF_ITS_DISK)
    assert play(plan, kept=kept).digest == one.digest


# what befalls it at a word


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with Disks(tmp_path, Moments()) as disks:
        yield disks.of(HUB)


@pytest.fixture
def ledger(kept: InSchemas, disk: Disk) -> Iterator[Ledger]:
    disk.folder.mkdir()
    with kept(disk) as ledger:
        ledger.begin()
        yield ledger


@pytest.fixture
def store(ledger: Ledger) -> Iterator[Store]:
    store = ledger.served({}, lambda: BEGIN).store
    assert isinstance(store, PostgresStore)
    yield store
    ledger.let_go(None)


def says(store: Store, value: str) -> None:
    with store.writing() as writer:
        writer.write(Rows(settings={"greeting": value}))


def said(ledger: Ledger) -> str | None:
    with ledger.looked_at() as reader:
        return reader.setting("greeting")


@pytest.mark.parametrize(("what", "there"), [("refuses", "old"), ("does and refuses", "new")])
def test_a_commit_that_was_not_answered_is_there_or_is_not(
    ledger: Ledger, store: Store, disk: Disk, what: What, there: str
) -> None:
    says(store, "old")
    disk.arms(Strike(what, 1, of="sync"))
    with pytest.raises(OutcomeUnknown):
        says(store, "new")
    store.settle()
    assert said(ledger) == there
    says(store, "newer")
    assert said(ledger) == "newer"


@pytest.mark.parametrize(("what", "there"), [("dies", "old"), ("does and dies", "new")])
def test_a_hub_that_died_in_a_commit_says_nothing_any_more(
    ledger: Ledger, store: Store, disk: Disk, what: What, there: str
) -> None:
    says(store, "old")
    disk.arms(Strike(what, 1, of="sync"))
    with dying(disk, lambda: ledger.let_go(None)):
        says(store, "new")
    assert said(ledger) == there


@pytest.mark.parametrize("word", range(1, 5))
@pytest.mark.parametrize("what", ["refuses", "does and refuses"])
def test_a_connection_that_breaks_before_the_commit_leaves_nothing(
    ledger: Ledger, store: Store, disk: Disk, what: What, word: int
) -> None:
    """But at the first word, which begins: for that there is another connection."""
    says(store, "old")
    disk.arms(Strike(what, word, of="write"))
    if word == 1:
        says(store, "new")
    else:
        with pytest.raises(StoreOff, match="closed the connection"):
            says(store, "new")
    assert disk.strike is None
    assert said(ledger) == ("new" if word == 1 else "old")


def test_what_a_dead_hub_held_is_held_no_more(ledger: Ledger, store: Store, disk: Disk) -> None:
    with pytest.raises(Died), store.writing() as writer:
        writer.write(Rows(settings={"greeting": "of the dead"}))
        disk.dies()
    ledger.let_go(None)
    says(ledger.served({}, lambda: BEGIN).store, "of the living")
    assert said(ledger) == "of the living"


def test_a_copy_that_was_put_back_begins_a_new_life(ledger: Ledger, store: Store) -> None:
    says(store, "old")
    ledger.copy()
    says(store, "new")
    with store.reading() as reader:
        epoch = reader.setting(EPOCH)
    store.close()
    ledger.put_back(BEGIN)
    assert said(ledger) == "old"
    assert not ledger.has_copy
    with ledger.looked_at() as reader:
        assert reader.setting(EPOCH) not in (None, epoch)
