"""A job and somebody else on the same members at the same moment, where writers run side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from hub.build import build_programmes
from hub.hub import Hub
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.store.office_records import SeenRow
from hub.store.postgres.store import PostgresStore
from hub.store.records import CardRow, HoldKey, HoldRow, MemberRow, ProfileRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from hub.stores import partition_of_store
from tests.hub.store.rows import lot

NOW = datetime(2026, 5, 17, 12, 0, tzinfo=UTC)
BY_NAME = {job.name: job for job in JOBS}
ANNA = MemberRow("anna", "alenka", registered=True)
LOT = lot("office/1/000000000001", 10, expires_at=NOW, active_from=NOW - timedelta(days=9))
CARD = CardRow("c1", "anna", "pending", NOW)
HOLD = HoldRow("anna", "h1", "t1", 5, NOW)
SEEN = SeenRow("anna", "s1", NOW)
SOON_S = 10.0


@pytest.fixture
def hub(postgres_store: PostgresStore) -> Iterator[Hub]:
    yield Hub(postgres_store, now=lambda: NOW, programmes=build_programmes())


def waits_for_a_lock(job: Future[Any], server: psycopg.Connection) -> bool:
    """As soon as it does; False when it is done instead."""
    until = time.monotonic() + SOON_S
    while server.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone() is None:
        assert time.monotonic() < until
        if job.done():
            return False
    return True


@pytest.fixture
def meanwhile(hub: Hub, url: str) -> Callable[..., int]:
    """Somebody holds Anna and changes her while a job waits for her; for how many the job did something."""

    def run(job: str, change: Callable[[Writer], None]) -> int:
        with ThreadPoolExecutor(1) as pool, psycopg.connect(url, autocommit=True) as server:
            with hub.store.writing() as writer:
                writer.locked_members(["anna"])
                done = pool.submit(lambda: sum(Running(hub).run(BY_NAME[job], NOW)))
                assert waits_for_a_lock(done, server)
                change(writer)
            return done.result()

    return run


def test_points_that_somebody_takes_meanwhile_do_not_expire_as_well(hub: Hub, meanwhile: Callable[..., int]) -> None:
    with hub.store.writing() as writer:
        writer.write(Rows(new_members=[ANNA], new_lots=[LOT]))
    assert meanwhile("expiry", lambda writer: writer.write(Rows(lots=[LOT._replace(remaining=4)]))) == 1
    with hub.store.reading() as reader:
        assert list(reader.all_lots()) == [LOT._replace(remaining=0, expired=4)]


def test_who_goes_into_another_meanwhile_gets_no_points_for_his_birthday(
    hub: Hub, meanwhile: Callable[..., int]
) -> None:
    with hub.store.writing() as writer:
        writer.write(Rows(new_members=[ANNA], profiles=[ProfileRow("anna", None, "1990-05-17", ())]))
    assert meanwhile("birthday", lambda writer: writer.write(Rows(members=[ANNA._replace(merged_into="boris")]))) == 0
    with hub.store.reading() as reader:
        assert list(reader.all_lots()) == [] and list(reader.all_once()) == []


def test_a_card_that_is_blocked_meanwhile_stays_blocked(hub: Hub, meanwhile: Callable[..., int]) -> None:
    blocked = CARD._replace(status="blocked", active_from=None)
    with hub.store.writing() as writer:
        writer.write(Rows(new_members=[ANNA], new_cards=[CARD]))
    assert meanwhile("pending", lambda writer: writer.write(Rows(cards=[blocked]))) == 0
    with hub.store.reading() as reader:
        assert list(reader.all_cards()) == [blocked]


def test_a_hold_that_lasts_longer_meanwhile_stays(hub: Hub, meanwhile: Callable[..., int]) -> None:
    longer = HOLD._replace(until=NOW + timedelta(minutes=5))
    with hub.store.writing() as writer:
        writer.write(Rows(new_members=[ANNA], new_holds=[HOLD]))
    assert meanwhile("holds", lambda writer: writer.write(Rows(holds=[longer]))) == 0
    with hub.store.reading() as reader:
        assert list(reader.all_holds()) == [longer]


def test_a_hold_that_goes_meanwhile_does_not_go_twice(hub: Hub, meanwhile: Callable[..., int]) -> None:
    with hub.store.writing() as writer:
        writer.write(Rows(new_members=[ANNA], new_holds=[HOLD]))
    assert meanwhile("holds", lambda writer: writer.write(Rows(gone_holds=[HoldKey("anna", "h1")]))) == 0


def test_a_hold_of_a_member_who_is_not_held_is_left_to_the_next_page(hub: Hub, url: str) -> None:
    """Somebody takes away what the page was for, and Boris, who comes next, is somebody else's just now."""
    early, next_one = HOLD._replace(until=NOW - timedelta(minutes=1)), HOLD._replace(member="boris")
    longer = next_one._replace(until=NOW + timedelta(minutes=5))
    with hub.store.writing() as writer:
        writer.write(Rows(new_members=[ANNA, ANNA._replace(member="boris")], new_holds=[early, next_one]))
    with ThreadPoolExecutor(1) as pool, psycopg.connect(url, autocommit=True) as server:
        with hub.store.writing() as other:
            other.locked_members(["boris"])
            other.write(Rows(holds=[longer]))
            with hub.store.writing() as writer:
                writer.locked_members(["anna"])
                done = pool.submit(lambda: sum(Running(hub, page=1).run(BY_NAME["holds"], NOW)))
                assert waits_for_a_lock(done, server)
                writer.write(Rows(gone_holds=[early.key]))
            waits_for_a_lock(done, server)
        assert done.result() == 0
    with hub.store.reading() as reader:
        assert list(reader.all_holds()) == [longer]


def test_who_buys_in_a_shop_meanwhile_is_still_of_it(hub: Hub, meanwhile: Callable[..., int]) -> None:
    again = SEEN._replace(until=NOW + timedelta(days=60))
    with hub.store.writing() as writer:
        writer.write(Rows(new_members=[ANNA], seen=[SEEN]))
    assert meanwhile("seen", lambda writer: writer.write(Rows(seen=[again]))) == 0
    with hub.store.reading() as reader:
        assert list(reader.all_seen()) == [again]
        assert reader.changes(partition_of_store("s1", "alenka"), "", 9) == []
