"""The hub's ready files: made once for all tills of a kind, kept for a while, bounded in number and size."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hub.build import build_hub, build_programmes
from hub.face.tills import hub_app
from hub.hub import Hub
from hub.ready.shelf import FILES_MAX, KEPT_S, NoSuchFile, NotYet, Shelf
from hub.store.office_records import StoreRow
from hub.store.records import CardRow, ChainEnd, ChangeRow, MemberRow
from hub.store.rows import Rows
from hub.stores import keep_store, see
from loyalty.utc import utc_text
from sync.protocol import BUSY, NO_FILE, ReadyBlock, ReadyFile, Watermark
from tests.one_port import Server
from tests.speaking import asking

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MEMBERS = [f"m{number:02}" for number in range(12)]
HASH = "a" * 64


class Clock:
    """It goes on by `step_s` whenever somebody looks."""

    def __init__(self) -> None:
        self.now_s = self.step_s = 0.0

    def __call__(self) -> float:
        self.now_s += self.step_s
        return self.now_s


def fill(hub: Hub, programme: str = "alenka", members: list[str] = MEMBERS) -> None:
    rows = Rows(
        new_members=[MemberRow(member, programme, True) for member in members],
        new_cards=[CardRow(f"c{member}", member, "active") for member in members],
        changes=[ChangeRow(programme, "member", member) for member in members],
    )
    hub.within(lambda writer: writer.write(rows))


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    hub = build_hub(tmp_path / "hub.db", build_programmes(), serving=True, now=lambda: NOW)
    yield hub
    hub.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


Put = Callable[..., Shelf]


@pytest.fixture
def put(hub: Hub, clock: Clock) -> Iterator[Put]:
    shelves: list[Shelf] = []

    def make(**how: Any) -> Shelf:
        shelves.append(Shelf(hub, clock, **{"members_min": 3, "block_members": 5, **how}))
        return shelves[-1]

    yield make
    for shelf in shelves:
        shelf.end()


def ask(shelf: Shelf, till: str = "t1", generation: int = 1, programme: str = "alenka", store: str = "") -> ReadyFile:
    """Until there is an answer."""
    while True:
        try:
            return shelf.ask(till=till, generation=generation, programme=programme, store=store)
        except NotYet:
            continue


def blocks(shelf: Shelf, file: str) -> Iterator[ReadyBlock]:
    after = ""
    while True:
        try:
            packed = shelf.block(file, after)
        except NotYet:
            continue
        if not packed:
            return
        block = msgspec.json.decode(zlib.decompress(packed), type=ReadyBlock)
        yield block
        after = block.to


def members_of(shelf: Shelf, file: str) -> list[str]:
    return [told.member for block in blocks(shelf, file) for told in block.members]


def test_all_members_come_in_order_in_blocks(hub: Hub, put: Put) -> None:
    fill(hub, members=MEMBERS[::-1])
    shelf = put()
    file = ask(shelf)
    assert (file.members, file.at, file.scope, file.epoch) == (12, utc_text(NOW), "chain", hub.epoch)
    assert [len(block.members) for block in blocks(shelf, file.file)] == [5, 5, 2]
    assert members_of(shelf, file.file) == MEMBERS


def test_a_place_within_a_block_leads_to_that_block(hub: Hub, put: Put) -> None:
    """Places of another file of the ledger need not be the ends of this one's blocks."""
    fill(hub)
    shelf = put()
    file = ask(shelf).file
    assert members_of(shelf, file) == MEMBERS
    block = msgspec.json.decode(zlib.decompress(shelf.block(file, "mm06")), type=ReadyBlock)
    assert [told.member for told in block.members] == MEMBERS[5:10]


def test_one_file_serves_all_tills_each_with_its_own_watermark(hub: Hub, put: Put) -> None:
    fill(hub)
    ends = [ChainEnd("t1", 1, 7, HASH), ChainEnd("t1", 2, 3, HASH), ChainEnd("t2", 1, 9, HASH)]
    hub.within(lambda writer: writer.write(Rows(chains=ends)))
    shelf = put()
    told = [ask(shelf, "t1", 1), ask(shelf, "t1", 2), ask(shelf, "t2", 1), ask(shelf, "new", 1)]
    assert len({file.file for file in told}) == 1
    sequences = [(file.watermark.generation, file.watermark.sequence) for file in told if file.watermark]
    assert sequences == [(1, 7), (2, 3), (1, 9), (1, 0)]


def test_the_feed_goes_on_behind_it(hub: Hub, put: Put) -> None:
    fill(hub)
    file = ask(put())
    fill(hub, members=["later"])
    page = hub.changes(till="t1", programme="alenka", after=file.cursor, limit=100)
    assert [told.member for told in page.members] == ["later"]
    assert page.watermark == Watermark(generation=1, sequence=0)


def test_of_few_members_there_is_none(hub: Hub, put: Put) -> None:
    fill(hub, members=MEMBERS[:2])
    assert ask(put()).file == ""


def test_another_programme_has_another(hub: Hub, put: Put) -> None:
    fill(hub)
    fill(hub, "perekrestok", ["p1", "p2", "p3"])
    shelf = put()
    first, second = ask(shelf).file, ask(shelf, programme="perekrestok").file
    assert members_of(shelf, first) == MEMBERS and members_of(shelf, second) == ["p1", "p2", "p3"]


def test_it_is_kept_for_some_minutes_and_then_made_anew(hub: Hub, put: Put, clock: Clock) -> None:
    fill(hub)
    shelf = put()
    first = ask(shelf).file
    assert members_of(shelf, first) == MEMBERS
    clock.now_s += KEPT_S - 1
    assert ask(shelf).file == first
    clock.now_s += 2
    assert ask(shelf).file != first
    with pytest.raises(NoSuchFile):
        shelf.block(first, "")


def test_one_is_made_at_a_time(hub: Hub, put: Put, clock: Clock) -> None:
    """The first rests after its first block for as long as its clock says that the block took."""
    fill(hub)
    fill(hub, "perekrestok", ["p1", "p2", "p3"])
    shelf, clock.step_s = put(), 1_000.0
    file = ask(shelf).file
    first = next(blocks(shelf, file))
    assert len(first.members) == 5, "what is there of it is given out"
    with pytest.raises(NotYet):
        shelf.block(file, first.to)
    with pytest.raises(NotYet):
        shelf.ask(till="t1", generation=1, programme="perekrestok", store="")


def test_the_oldest_goes_where_there_are_too_many(hub: Hub, put: Put, clock: Clock) -> None:
    fill(hub)
    stores = [f"s{number}" for number in range(FILES_MAX + 1)]
    for store in stores:
        hub.within(partial(keep_store, row=StoreRow(store, members="shop", keep_days=90)))
        hub.within(partial(see, store=store, members=MEMBERS[:4], at=NOW))
    shelf, files = put(), []
    for store in stores:
        clock.now_s += 1
        file = ask(shelf, store=store)
        assert file.scope == f"shop:{store}" and members_of(shelf, file.file) == MEMBERS[:4]
        files.append(file.file)
    with pytest.raises(NoSuchFile):
        shelf.block(files[0], "")
    assert all(members_of(shelf, file) == MEMBERS[:4] for file in files[1:])


def test_whoever_is_seen_no_more_in_a_shop_is_not_in_its_file(hub: Hub, put: Put) -> None:
    fill(hub)
    hub.within(lambda writer: keep_store(writer, StoreRow("s1", members="shop", keep_days=90)))
    hub.within(lambda writer: see(writer, "s1", MEMBERS[:2], NOW - timedelta(days=91)))
    hub.within(lambda writer: see(writer, "s1", MEMBERS[2:6], NOW))
    shelf = put()
    assert members_of(shelf, ask(shelf, store="s1").file) == MEMBERS[2:6]


def test_one_that_would_be_too_large_is_not_there(hub: Hub, put: Put) -> None:
    fill(hub)
    shelf = put(file_bytes_max=100)
    file = ask(shelf)
    if file.file:  # it was known what it would be, and not yet that it cannot be
        with pytest.raises(NoSuchFile):
            list(blocks(shelf, file.file))
    assert ask(shelf).file == ""


# over the wire


def test_the_face_tells_files_and_blocks_and_bounds_what_is_asked(hub: Hub, put: Put, server: Server) -> None:
    fill(hub)
    shelf = put()
    server.app = hub_app(hub, shelf=shelf)
    asking.there(server.url, lambda: hub)
    members_of(shelf, ask(shelf).file)
    told = asking.get(f"{server.url}/v3/ready", params={"programme": "alenka"}).json()
    assert (told["members"], told["watermark"]) == (12, {"generation": 1, "sequence": 0})
    first = asking.get(f"{server.url}/v3/ready/{told['file']}")
    assert msgspec.json.decode(zlib.decompress(first.content), type=ReadyBlock).to == "mm04"
    last = asking.get(f"{server.url}/v3/ready/{told['file']}", params={"after": "mm11"})
    assert (last.status_code, last.content) == (200, b"")
    for params in ({"store": "a\nb"}, {"programme": "p" * 301}, {"generation": "-1"}):
        refused = asking.get(f"{server.url}/v3/ready", params=params)
        assert (refused.status_code, refused.json()["code"]) == (400, "bad_request"), params
    long = asking.get(f"{server.url}/v3/ready/{told['file']}", params={"after": "m" * 401})
    assert (long.status_code, long.json()["code"]) == (400, "bad_request")
    gone = asking.get(f"{server.url}/v3/ready/{'f' * 32}")
    assert (gone.status_code, gone.json()["code"]) == (410, NO_FILE)


def test_a_till_that_asks_too_early_is_told_to_come_again(hub: Hub, put: Put, server: Server, clock: Clock) -> None:
    fill(hub)
    shelf, clock.step_s = put(), 1_000.0
    server.app = hub_app(hub, shelf=shelf)
    asking.there(server.url, lambda: hub)
    file = ask(shelf).file
    to = next(blocks(shelf, file)).to
    early = asking.get(f"{server.url}/v3/ready/{file}", params={"after": to})
    assert (early.status_code, early.json()["code"]) == (503, BUSY)
