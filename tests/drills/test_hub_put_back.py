"""The hub is put back from a copy, played: by `pos-hub restore`, by hand, and with many tills that are ahead."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from hub.audit.verify import verify
from hub.build import build_hub, build_programmes
from hub.cli import cli
from hub.hub import Hub
from loyalty.bodies import Grant
from loyalty.lots import balance
from loyalty.utc import utc_text
from offline_cache.cache import Cache
from storage import engine
from sync.worker import SyncWorker
from tests.drills.conftest import NOW, STEPS_MAX, Chain, Machine, import_all, record
from tests.hub_here import HubHere
from tests.there import there


def grant(chain: Chain, points: int, member: str = "anna") -> None:
    (answer,) = chain.hub.bear("alenka", Grant(member=member, points=points, reason="gift", active_from=utc_text(NOW)))
    assert answer.reason is None


def put_back(chain: Chain, backup: Path, how: str) -> None:
    """With the hub stopped."""
    if how == "restore":
        assert "Tills send again" in chain.command("restore", str(backup))
        return
    for beside in chain.ledger.parent.glob("hub.db*"):
        if beside.is_file():
            beside.unlink()
    shutil.copyfile(backup, chain.ledger)


@pytest.mark.parametrize("how", ["restore", "by hand"])
def test_b4_a_hub_put_back_gets_again_what_it_has_forgotten(chain: Chain, till: Machine, how: str) -> None:
    other = chain.machine("other", "t2")
    other.join()
    first, second = till.on(), other.on()
    first.sell(earned=1)
    assert first.drain() == "" and second.drain() == ""
    backup = chain.folder / "backup.db"
    chain.command("backup", str(backup))

    first.sell(spent=40)
    first.sell("boris", earned=7)
    grant(chain, 500)
    assert first.drain() == "" and second.drain() == "" and second.points() == 561
    second.sell(spent=61)
    chain.stop()
    put_back(chain, backup, how)
    chain.start()
    assert chain.points() == 101

    assert second.drain() == "", "what waited at a till comes to a hub that knows less"
    assert first.drain() == ""
    assert chain.points() == 0 and chain.points("boris") == 107, "all but the gift, which the office gives again"
    grant(chain, 500)
    assert first.drain() == "" and second.drain() == ""
    assert first.points() == second.points() == chain.points() == 500
    assert first.points("boris") == second.points("boris") == 107
    assert chain.operations() == [(1, 1), (1, 2), (1, 3)] and chain.operations("t2") == [(1, 1)]
    with chain.hub.store.reading() as reader:
        own = [kept.generation for kept in reader.all_operations() if kept.chain == "hub"]
    assert (own[-1] > 1) is (how == "restore"), "what is born now is not called as what was born before"
    assert chain.is_right()
    first.off()
    second.off()


def test_b4_a_till_that_is_not_ahead_reads_the_feed_of_a_restored_hub_from_the_beginning(
    chain: Chain, till: Machine
) -> None:
    process = till.on()
    assert process.drain() == ""
    backup = chain.folder / "backup.db"
    chain.command("backup", str(backup))
    for _ in range(5):
        grant(chain, 10)
    assert process.drain() == "" and process.points() == 150
    chain.stop()
    put_back(chain, backup, "restore")
    chain.start()
    grant(chain, 1)
    assert process.drain() == "" and process.points() == chain.points() == 101
    process.off()


def test_b4_a_generation_that_the_copy_has_never_heard_of_is_the_files_again(chain: Chain, till: Machine) -> None:
    till.sold(earned=1)
    backup = chain.folder / "backup.db"
    chain.command("backup", str(backup))
    till.lose("data")
    process = till.on()
    assert process.drain() == "" and process.cache.generation == 2
    process.sell(earned=2)
    assert process.drain() == "" and chain.operations() == [(1, 1), (2, 1)]
    chain.stop()
    put_back(chain, backup, "restore")
    chain.start()
    process.sell(earned=3)
    assert process.drain() == ""
    assert chain.operations() == [(1, 1), (2, 1), (2, 2)] and chain.points() == process.points() == 106
    assert chain.is_right()
    process.off()


def test_b4_a_till_that_the_copy_has_never_heard_of_joins_again_and_sends_all_that_it_did(chain: Chain) -> None:
    backup = chain.folder / "backup.db"
    chain.command("backup", str(backup))
    till = chain.machine("first")
    till.join()
    till.sold(earned=1)
    till.lose("data")
    process = till.on()
    process.sell(earned=2)
    assert process.drain() == ""
    process.sell(earned=4)
    assert process.drain() == ""
    chain.stop()
    put_back(chain, backup, "restore")
    chain.start()
    process.sell(earned=8)
    assert process.drain() == "unknown_till" and process.why_unproven() == "sent_away"
    generation = process.cache.generation
    process.off()
    till.join()
    process = till.on()
    assert process.drain() == "" and process.why_unproven() is None
    assert chain.operations() == [(generation, 1), (generation, 2), (generation, 3)]
    assert chain.points() == process.points() == 114 and chain.is_right()
    process.off()


def test_b4_points_that_were_spent_again_while_the_hub_did_not_know_are_a_debt_with_a_case(
    chain: Chain, till: Machine
) -> None:
    other = chain.machine("other", "t2")
    other.join()
    first, second = till.on(), other.on()
    assert first.drain() == "" and second.drain() == ""
    backup = chain.folder / "backup.db"
    chain.command("backup", str(backup))
    first.sell(spent=100)
    assert first.drain() == ""
    chain.stop()
    put_back(chain, backup, "restore")
    chain.start()
    assert second.drain() == "" and second.points() == 100
    second.sell(spent=100)
    assert second.drain() == "" and not chain.cases()
    assert first.drain() == ""
    assert chain.points() == -100 and chain.cases() == ["debt"] and chain.is_right()
    first.off()
    second.off()


TILLS = int(os.environ.get("DRILL_TILLS", "25"))  # make long: a hundred
MEMBERS, POINTS = 6, 1_000


def new_files(folder: Path) -> Iterator[Cache]:
    """Each as it is made, without going through all its migrations each time."""
    Cache(folder / "new.db", "t0").close()
    for number in range(TILLS):
        path = shutil.copyfile(folder / "new.db", folder / f"t{number}.db")
        with closing(engine.connect(path)) as connection, connection:
            connection.execute("UPDATE settings SET value = ? WHERE name = 'till'", (f"t{number}",))
            connection.execute("UPDATE settings SET value = ? WHERE name = 'file_id'", (f"{number:032x}",))
        yield Cache(path, f"t{number}")


class Fleet:
    """Many tills beside a hub in the same process, and what must come of all that they did."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.ledger = folder / "hub.db"
        self.here = HubHere(self._hub())
        self.members = [f"m{number}" for number in range(MEMBERS)]
        import_all(self.here.hub, self.members)
        self.expected = dict.fromkeys(self.members, POINTS)
        self.caches = list(new_files(folder))
        self.workers = [
            SyncWorker(cache, self.here, programme="alenka", jitter=lambda: 0.0, clock=lambda: NOW)
            for cache in self.caches
        ]
        self.recorded = dict.fromkeys(range(TILLS), 0)

    def _hub(self) -> Hub:
        return build_hub(self.ledger, build_programmes(), serving=True, now=lambda: NOW)

    def sell(self, till: int, count: int) -> None:
        for _ in range(count):
            member, earned, spent = self.chance.choice(self.members), self.chance.randrange(9), self.chance.randrange(7)
            self.recorded[till] += 1
            record(self.caches[till], member, f"{till}-{self.recorded[till]}", earned=earned, spent=spent)
            self.expected[member] += earned - spent

    def drain(self, tills: Iterable[int] = range(TILLS)) -> None:
        order = list(tills)
        self.chance.shuffle(order)
        for till in order:
            for _ in range(STEPS_MAX):
                if self.workers[till].step(0.0) > 0.0 and not self.workers[till].state.failures:
                    break
            assert self.workers[till].state.online, self.workers[till].state

    def put_back(self, backup: Path) -> None:
        self.here.hub.close()
        done = CliRunner().invoke(cli, ["restore", "--db", str(self.ledger), str(backup)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        self.here.hub = self._hub()

    def close(self) -> None:
        self.here.hub.close()
        for cache in self.caches:
            cache.close()


def test_b4_a_hub_put_back_by_a_day_with_many_tills_ahead_is_exact_afterwards(tmp_path: Path) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    fleet = Fleet(tmp_path, seed)
    backup = tmp_path / "backup.db"
    for till in range(TILLS):
        fleet.sell(till, 1)
    fleet.drain()
    CliRunner().invoke(cli, ["backup", "--db", str(fleet.ledger), str(backup)], catch_exceptions=False)
    for till in range(TILLS):
        fleet.sell(till, fleet.chance.randrange(4))
    fleet.drain()
    for till in fleet.chance.sample(range(TILLS), TILLS * 3 // 10):  # still waiting when the hub dies
        fleet.sell(till, 1)
    fleet.put_back(backup)
    fleet.sell(0, 1)
    fleet.drain()

    assert fleet.here.hub.balances("alenka") == fleet.expected
    assert not verify(fleet.here.hub.store, fleet.here.hub.zone_of).faults
    with fleet.here.hub.store.reading() as reader:
        ends = {end.chain: end.sequence for end in reader.all_chains()}
        cases = [case.kind for case in reader.all_open_cases()]
    assert all(ends[f"t{till}"] == count for till, count in fleet.recorded.items())
    assert not cases, "nothing of it needs a person"
    programme, some = build_programmes()["alenka"], range(0, TILLS, TILLS // 4)
    fleet.drain(some)
    for cache in (fleet.caches[till] for till in some):
        found = {member: there(cache.members.member(member)) for member in fleet.members}
        told = {member: balance(one.standing(programme).account, NOW) for member, one in found.items()}
        assert told == fleet.expected
    fleet.close()
