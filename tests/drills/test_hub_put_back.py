"""The hub is put back from a copy, played: by `pos-hub restore`, by hand, and with a hundred tills that are ahead."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from loyalty.bodies import Grant
from loyalty.utc import utc_text
from tests.drills.conftest import NOW, Chain, Machine


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
    process = till.on()
    process.sell(earned=1)
    assert process.drain() == ""
    process.off()
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
