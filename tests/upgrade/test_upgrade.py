"""Files of the version before: they open, verify and go on; what they said is never written anew.

`till.db` and `hub.db` were made by the commit "What the POS must know of amounts and of questions" (schema 3 of the
till, 1 of the hub; operations of version 1): in the ledger a sale with a coupon and points, a card issued and one
reissued, imports, a registration with its welcome grant, a gift, a sale of the other programme, one refused sale; in
the till's outbox five operations more.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.programmes import load_programme
from hub.audit.verify import verify
from hub.build import build_hub, build_programmes
from hub.hub import Hub
from loyalty.lots import active_points, balance
from loyalty.operation import hash_operation, read_operation
from offline_cache.cache import Cache, FileError
from pos_agent.checkout import Checkout
from pos_agent.protocol import BasketLine, Code, Pay, Redeem, SetBasket
from storage import engine
from storage.schema import Room
from storage.sqlite_file import SqliteFile
from sync.hub_port import HubPort
from sync.worker import SyncWorker
from tests.hub_here import HubHere

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
IN_THE_LEDGER = {"anna": 5, "boris": 136, "t1-2026-03-02-2": 9, "vera": 505}
AT_THE_TILL = {"anna": 7, "boris": 96, "vera": 373, "t1-2026-03-02-2": 9, "t1-2026-03-02-7": 9}


@dataclass
class Before:
    """Copies of the two files, and what their operations said."""

    till: Path
    hub: Path

    def texts(self, path: Path, table: str = "operations") -> list[tuple[Any, ...]]:
        with closing(engine.connect(path)) as connection:
            rows = connection.execute(f"SELECT hash, text FROM {table} ORDER BY hash").fetchall()
        connection.close()
        return rows


@pytest.fixture
def before(tmp_path: Path) -> Before:
    for name in ("till.db", "hub.db"):
        shutil.copy(HERE / name, tmp_path / name)
    return Before(till=tmp_path / "till.db", hub=tmp_path / "hub.db")


@pytest.fixture
def hub(before: Before) -> Iterator[Hub]:
    hub = build_hub(before.hub, build_programmes(), serving=False, now=lambda: NOW)
    yield hub
    hub.close()


@pytest.fixture
def cache(before: Before) -> Iterator[Cache]:
    cache = Cache(before.till, "t1")
    yield cache
    cache.close()


def sync(cache: Cache, hub: HubPort) -> SyncWorker:
    worker = SyncWorker(cache, hub, programme="alenka", jitter=lambda: 0.0, clock=lambda: NOW)
    while worker.step(0.0) == 0.0:
        pass
    assert worker.state.online, worker.state.cause
    return worker


def at_the_till(cache: Cache) -> dict[str, int]:
    found = {member: cache.members.member(member) for member in AT_THE_TILL}
    alenka = load_programme("alenka")
    return {name: balance(record.standing(alenka).account, NOW) for name, record in found.items() if record}


def test_a_ledger_of_before_opens_and_is_right(before: Before, hub: Hub) -> None:
    said = before.texts(HERE / "hub.db")
    verdict = verify(hub.store, hub.zone_of)
    assert verdict.faults == () and (verdict.operations, verdict.entries) == (18, 24)
    assert hub.balances("alenka") == IN_THE_LEDGER and hub.balances("perekrestok") == {"petr": 3_120}
    assert before.texts(before.hub) == said and len(said) == 18
    assert all(hash_operation(text) == digest and read_operation(text).v == 1 for digest, text in said)


def test_what_was_bought_and_redeemed_is_worked_out_by_day(hub: Hub) -> None:
    with hub.store.reading() as reader:
        days = list(reader.all_days())
    spent = {row.member: row.spent_kopecks for row in days if row.spent_kopecks}
    redeemed = {row.member: row.redeemed for row in days if row.redeemed}
    assert spent["anna"] == 29_541 and spent["boris"] == 34_000, "as much as counted then"
    assert redeemed == {"anna": 150, "boris": 60, "petr": 880}


def test_a_tills_file_of_before_opens_and_knows_what_it_knew(before: Before, cache: Cache) -> None:
    said = before.texts(HERE / "till.db")
    assert at_the_till(cache) == AT_THE_TILL
    assert cache.outbox_length() == 5 and cache.refused() == [((1, 7), "unknown_member")]
    assert before.texts(before.till) == said and len(said) == 12
    assert cache.coupon_used((b"s" * 16).hex()) and not cache.coupon_used("00")
    card, replaced = cache.members.card("2600000000147"), cache.members.card("2600000000123")
    assert card is not None and card.status == "active"
    assert replaced is not None and replaced.status == "replaced"
    assert len(cache.changes.coupon_keys()) == 1 and cache.phones.keys
    assert cache.changes.feed().cursor == "", "the hub's word is read anew, as lots"
    waiting = cache.print_jobs.counts()
    assert waiting == {"queued": 11}, "every receipt and form that was to be printed still is"


def test_points_of_before_that_die_first_die_on_their_day(cache: Cache) -> None:
    """The till knew of Boris's 90 points of the welcome grant when they end; the rest comes with the next page."""
    boris = cache.members.member("boris")
    assert boris is not None
    account = boris.standing(load_programme("alenka")).account
    assert active_points(account, datetime(2026, 5, 31, 20, tzinfo=UTC)) == 96
    assert active_points(account, datetime(2026, 6, 1, tzinfo=UTC)) == 6


def test_till_and_hub_of_before_go_on_together(before: Before, cache: Cache, hub: Hub) -> None:
    """The outbox goes up in its old texts, the next operation follows the last one, and both sides agree."""
    sync(cache, HubHere(hub))
    assert cache.outbox_length() == 0
    after = AT_THE_TILL | {"boris": 136}
    assert at_the_till(cache) == after == hub.balances("alenka")
    assert verify(hub.store, hub.zone_of).faults == ()

    alenka = load_programme("alenka")
    till = Checkout(cache, alenka, language="en", receipt_language="ru", is_online=lambda: True)
    tea = BasketLine(id="1", name="Чай", price="400.00", category="tea")
    for command in (SetBasket(lines=(tea,)), Code(text="2600000000024"), Redeem(points=100), Pay(sale="9")):
        assert till.handle(command, NOW).ok
    ((key, text),) = cache.outbox(9)
    told = json.loads(text)
    with closing(engine.connect(HERE / "till.db")) as old:
        ((last,),) = old.execute("SELECT hash FROM operations WHERE sequence = 12")
    old.close()
    assert key == (1, 13) and (told["v"], told["previous_hash"]) == (2, last)
    sync(cache, HubHere(hub))
    assert at_the_till(cache) == hub.balances("alenka") == after | {"boris": 136 - 100 + 6}
    assert verify(hub.store, hub.zone_of).faults == ()


def test_a_page_of_the_whole_ledger_brings_lots_with_their_ends(cache: Cache, hub: Hub) -> None:
    sync(cache, HubHere(hub))
    boris = cache.members.member("boris")
    assert boris is not None
    assert [(lot.points, lot.expires_at) for lot in boris.told.lots] == [
        (40, "2026-04-01T12:03:44.000000+00:00"),
        (90, "2026-05-31T21:00:00.000000+00:00"),
        (6, "2027-03-02T21:00:00.000000+00:00"),
    ]


@pytest.mark.parametrize(
    ("name", "room", "owner"), [("till.db", "offline_cache", "offline_cache"), ("hub.db", "hub/store/sqlite", "hub")]
)
def test_a_program_of_before_refuses_a_migrated_file_in_one_line(
    before: Before, cache: Cache, hub: Hub, tmp_path: Path, name: str, room: str, owner: str
) -> None:
    """Its migrations end earlier. It says so and leaves the file as it is."""
    cache.close()
    hub.close()
    old = tmp_path / "old" / room
    (old / "migrations").mkdir(parents=True)
    shutil.copy(ROOT / room / "queries.sql", old)
    first = sorted((ROOT / room / "migrations").glob("*.sql"))[:-1]
    for file in first:
        shutil.copy(file, old / "migrations")
    with pytest.raises(FileError) as caught:
        SqliteFile(tmp_path / name, Room(old, owner))
    said = str(caught.value)
    assert f"written by a newer pos-agent (schema {len(first) + 1}, this one knows {len(first)})" in said
    assert "\n" not in said


def test_a_migration_that_is_broken_off_leaves_the_file_of_before(
    before: Before, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power goes in the middle: all of it or nothing."""
    import storage.schema as room

    real, done = room.statements, [0]

    def torn(script: str) -> Iterator[str]:
        for statement in real(script):
            done[0] += 1
            if done[0] == 12:
                raise OSError("the power is gone")
            yield statement

    monkeypatch.setattr(room, "statements", torn)
    with pytest.raises(OSError, match="the power is gone"):
        Cache(before.till, "t1")
    monkeypatch.undo()
    cache = Cache(before.till, "t1")
    assert at_the_till(cache) == AT_THE_TILL
    cache.close()


def test_an_operation_of_before_can_be_returned(cache: Cache, hub: Hub) -> None:
    """Its text says less than one of today; what it says is enough."""
    from loyalty.bodies import SaleNumber
    from loyalty.returns import LineReturn, reverse
    from loyalty.sold import return_of

    sync(cache, HubHere(hub))
    stored = cache.sale(SaleNumber(day="2026-03-02", number="4"))
    assert stored is not None
    (sold,) = stored.operations
    alenka = load_programme("alenka")
    (step,) = reverse(alenka, sold, [[LineReturn(id="7", quantity_m=1000)]])
    assert (step.refund_kopecks, step.points_restored, step.points_clawed_back) == (34_000, 60, 6)
    body = return_of(alenka, sold, step, NOW + timedelta(days=1))
    (answer,) = hub.bear("alenka", body, chain="office")
    assert answer.result == "applied"
    assert hub.balances("alenka")["boris"] == 136 + 60 - 6 and verify(hub.store, hub.zone_of).faults == ()
