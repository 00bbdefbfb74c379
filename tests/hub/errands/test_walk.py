"""The walk over errands that are due: each once, later each time nobody answers, and one that fails stops no other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from hub.build import build_hub
from hub.errands import walk as walk_module
from hub.errands.due import LATEST, SOONEST, TAKEN_FOR, again_at
from hub.errands.errand import Errand, errand_id
from hub.errands.walk import AT_ONCE, Walk, walking
from hub.hub import Hub
from hub.outside.services import NO_SERVICES, NoAnswer, Services
from hub.store.errand_records import ErrandRow
from hub.store.errors import StoreOff
from hub.store.rows import Rows
from hub.store.seam import Writer
from tests.hub.conftest import NOW, PROGRAMMES, Office

Step = Callable[[Hub, Services, ErrandRow], None]


def kept(writer: Writer, row: ErrandRow, now: datetime) -> ErrandRow:
    return row


def walk_of(office: Office, step: Step) -> Walk:
    return Walk(office.hub, NO_SERVICES, [Errand("swim", kept, step), Errand("only_looked_at", kept)])


def put(office: Office, *ids: str, due_at: datetime | None = NOW, kind: str = "swim") -> None:
    rows = [ErrandRow(id, kind, "", "", "asked", due_at, NOW, "{}") for id in ids]
    office.hub.within(lambda writer: writer.write(Rows(errands=rows)))


def row_of(office: Office, id: str = "e1") -> ErrandRow:
    with office.hub.store.reading() as reader:
        return reader.errands([id])[id]


def done(hub: Hub, row: ErrandRow) -> None:
    hub.within(lambda writer: writer.write(Rows(errands=[row._replace(state="done", due_at=None)])))


def test_what_is_due_is_looked_at_once(office: Office) -> None:
    seen: list[str] = []

    def step(hub: Hub, _: Services, row: ErrandRow) -> None:
        seen.append(row.id)
        done(hub, row)

    put(office, "e1", "e2")
    put(office, "later", due_at=NOW + timedelta(seconds=1))
    put(office, "never", due_at=None)
    put(office, "another", kind="only_looked_at")
    walk = walk_of(office, step)
    assert (walk.step(), walk.step(), seen) == (2, 0, ["e1", "e2"])
    office.now += timedelta(seconds=1)
    assert (walk.step(), seen[2:]) == (1, ["later"])


def test_it_takes_some_at_once(office: Office) -> None:
    put(office, *(f"e{n:02}" for n in range(AT_ONCE + 1)))
    walk = walk_of(office, lambda hub, _, row: done(hub, row))
    assert (walk.step(), walk.step(), walk.step()) == (AT_ONCE, 1, 0)


def test_the_longer_nobody_answers_the_later_it_is_asked_again(office: Office) -> None:
    def step(hub: Hub, services: Services, row: ErrandRow) -> None:
        raise NoAnswer("nobody there")

    put(office, "e1")
    walk, waits = walk_of(office, step), []
    for _ in range(30):
        assert walk.step() == 1
        assert walk.step() == 0  # not at once
        due_at = row_of(office).due_at
        assert due_at is not None
        waits.append(due_at - office.now)
        office.now = due_at
    assert waits[0] == SOONEST
    assert waits == sorted(waits)
    assert waits[-1] == LATEST
    assert row_of(office).at == NOW  # since when it waits


def test_whoever_took_one_and_died_holds_it_up_for_a_while(office: Office) -> None:
    seen: list[str] = []

    def dies(hub: Hub, services: Services, row: ErrandRow) -> None:
        raise RuntimeError("a mistake of ours")

    put(office, "e1")
    assert walk_of(office, dies).step() == 1
    office.restart()
    walk = walk_of(office, lambda hub, _, row: seen.append(row.id))
    office.now = NOW + TAKEN_FOR - timedelta(seconds=1)
    assert (walk.step(), seen) == (0, [])
    office.now = NOW + TAKEN_FOR
    assert (walk.step(), seen) == (1, ["e1"])


def test_one_that_fails_stops_no_other(office: Office) -> None:
    seen: list[str] = []

    def step(hub: Hub, services: Services, row: ErrandRow) -> None:
        if row.id == "e1":
            raise RuntimeError("a mistake of ours")
        seen.append(row.id)

    put(office, "e1", "e2")
    assert (walk_of(office, step).step(), seen) == (2, ["e2"])


def test_a_store_that_is_off_is_told(office: Office) -> None:
    def step(hub: Hub, services: Services, row: ErrandRow) -> None:
        raise StoreOff("the disk is full")

    put(office, "e1")
    with pytest.raises(StoreOff):
        walk_of(office, step).step()


def test_two_walks_on_one_ledger_do_not_ask_twice(office: Office) -> None:
    other = build_hub(office.path, PROGRAMMES, serving=False, now=lambda: office.now)
    seen: list[str] = []

    def second(hub: Hub, services: Services, row: ErrandRow) -> None:
        seen.append(f"second {row.id}")

    def first(hub: Hub, services: Services, row: ErrandRow) -> None:
        """While it asks, the other walk comes by."""
        seen.append(f"first {row.id}")
        Walk(other, NO_SERVICES, [Errand("swim", kept, second)]).step()
        done(hub, row)

    put(office, "e1", "e2")
    assert walk_of(office, first).step() == 1  # the other one had gone on to e2
    assert seen == ["first e1", "second e2"]
    other.close()


def test_what_was_done_meanwhile_is_not_put_off(office: Office) -> None:
    """Somebody settled it by hand while the partner did not answer."""

    def step(hub: Hub, services: Services, row: ErrandRow) -> None:
        done(hub, row)
        raise NoAnswer("nobody there")

    put(office, "e1")
    walk_of(office, step).step()
    assert (row_of(office).state, row_of(office).due_at) == ("done", None)


def test_it_walks_in_a_thread_of_its_own(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    was_seen = threading.Event()

    def step(self: Walk) -> int:
        if not was_seen.is_set():
            was_seen.set()
            raise StoreOff("the disk is full")  # it goes on all the same
        raise_off.set()
        return 0

    raise_off = threading.Event()
    monkeypatch.setattr(walk_module, "LOOK_S", 0.01)
    monkeypatch.setattr(Walk, "step", step)
    with walking(office.hub, NO_SERVICES):
        assert was_seen.wait(5)
        assert raise_off.wait(5)


def test_when_it_is_asked_again_and_what_it_is_called() -> None:
    row = ErrandRow("e1", "swim", "", "", "asked", NOW, NOW, "{}")
    assert again_at(row, NOW) == NOW + SOONEST
    assert again_at(row, NOW + timedelta(minutes=10)) == NOW + timedelta(minutes=15)
    assert again_at(row, NOW + timedelta(days=3)) == NOW + timedelta(days=3) + LATEST
    assert errand_id("swim", "anna", "k") == errand_id("swim", "anna", "k")
    assert len({errand_id("swim", "anna", "k"), errand_id("swim", "boris", "k"), errand_id("sing", "anna", "k")}) == 3
