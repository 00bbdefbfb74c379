"""A till's file is damaged or put back, played: it sells on, the hub gets each operation once, and somebody is told."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from loyalty.operation import Operation
from offline_cache.opening import suspect
from offline_cache.packed import pack_text, unpack_text
from offline_cache.records import Paper, PrintJob
from storage import engine
from tests.drills.conftest import NOW, Chain, Machine, Process, number_of


def spoil(path: Path, offset: int) -> None:
    """One bit."""
    with path.open("r+b") as file:
        file.seek(offset)
        (byte,) = file.read(1)
        file.seek(offset)
        file.write(bytes((byte ^ 1,)))


def written_over(path: Path, sequence: int) -> None:
    """Another member has bought it, as somebody may write into a file who knows how its texts are packed."""
    with closing(engine.connect(path)) as connection:
        kept = connection.execute("SELECT text FROM operations WHERE sequence = ?", (sequence,)).get
        other = pack_text(unpack_text(kept).replace("boris", "horis"))
        connection.execute("UPDATE operations SET text = ? WHERE sequence = ?", (other, sequence))


def taken_in(path: Path) -> None:
    """The log, as a checkpoint does."""
    with closing(engine.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def offset_of(path: Path, text: str) -> int:
    """Where it stands, once."""
    content = path.read_bytes()
    assert content.count(text.encode()) == 1
    return content.index(text.encode())


def pages_of(path: Path, table: str) -> list[int]:
    with closing(engine.connect(path, "ro")) as connection:
        return [page for (page,) in connection.execute("SELECT pageno FROM dbstat WHERE name = ?", (table,))]


def goes_on(till: Machine) -> Process:
    """With another file; the old one lies beside it."""
    process = till.on()
    (damage,) = process.cache.damages.all()
    assert (till.file.parent / damage.file).is_file()
    assert process.why_unproven() in ("older_file", "not_leased")
    return process


def test_a_file_that_cannot_be_read_is_put_aside_and_every_sale_reaches_the_hub_once(
    chain: Chain, till: Machine
) -> None:
    process = till.on()
    process.sell(earned=1)
    assert process.drain() == ""
    unsent = process.sell(earned=2)
    process.take_back(unsent)
    process.off()
    taken_in(till.file)
    spoil(till.file, 5)

    process = goes_on(till)
    assert process.cache.sale(number_of(unsent)) is not None, "a POS that tells it again is answered from the record"
    sold = process.sell(earned=4)
    assert sold.generation > 1, "no number of before is used again"
    assert process.drain() == "" and process.why_unproven() is None
    assert [key for key in chain.operations() if key[0] == 1] == [(1, 1), (1, 2), (1, 3)]
    assert process.points() == chain.points() == 105 and chain.is_right()
    (damage,) = process.cache.damages.all()
    assert (damage.taken, damage.unread) == (3, ())
    assert len(process.cache.returns_of(unsent.key)) == 1
    process.off()


def test_f7_an_operation_that_cannot_be_read_is_named_and_those_behind_it_are_recorded_anew(
    chain: Chain, till: Machine
) -> None:
    process = till.on()
    process.sell(earned=1)
    assert process.drain() == ""
    damaged = process.sell("boris", earned=2, number="spoilt-one")
    behind = process.sell(earned=4)
    process.take_back(behind)
    process.off()
    taken_in(till.file)
    written_over(till.file, 2)

    process = goes_on(till)
    assert process.cache.outbox_length() == 0, "what does not follow waits for the hub's word"
    again = process.cache.sale(number_of(behind))
    assert again is not None and again.operations == (behind,)
    assert process.drain() == "" and process.why_unproven() is None
    generation = process.cache.generation
    assert chain.operations() == [(1, 1), (generation, 1), (generation, 2)]
    assert process.points() == chain.points() == 101 and chain.points("boris") == 100 and chain.is_right()
    (damage,) = process.cache.damages.all()
    assert process.cache.damages.missing(damage) == [damaged.key]
    assert chain.cases() == ["lost"]
    assert "note     1 operations, 1.2\n" in chain.command("cases", "show", "lost/t1/1/1")
    moved = process.cache.sale(number_of(behind))
    assert moved is not None and moved.operations[0].key == (generation, 1)
    assert len(process.cache.returns_of(moved.operations[0].key)) == 1
    process.off()
    process = till.on()
    assert process.drain() == "" and len(process.cache.damages.all()) == 1, "the next start finds a file that is whole"
    process.off()


def test_what_the_hub_has_of_a_damaged_file_is_not_doubled(chain: Chain, till: Machine) -> None:
    """It was sent, and the till did not hear of it; and one of these cannot be read here."""
    process = till.on()
    process.sell(earned=1)
    assert process.drain() == ""
    yesterday = chain.machine("yesterday")
    till.copy_to(yesterday)
    process.sell("boris", earned=2)
    process.sell(earned=4)
    process.off()
    copied = chain.machine("copied")
    till.copy_to(copied)
    process = till.on()
    assert process.drain() == ""  # all three are at the hub
    process.off()
    copied.copy_to(till)  # and the file does not know
    written_over(till.file, 2)

    process = goes_on(till)
    process.sell(earned=8)
    assert process.drain() == "" and process.why_unproven() is None
    assert [key for key in chain.operations() if key[0] == 1] == [(1, 1), (1, 2), (1, 3)]
    assert (chain.points(), chain.points("boris")) == (113, 102) and process.points() == 113 and chain.is_right()
    (damage,) = process.cache.damages.all()
    assert damage.unread and not process.cache.damages.missing(damage), "the hub has told it"
    assert chain.cases() == []
    process.off()


@pytest.mark.parametrize("table", ["operations", "outbox", "settings", "members", "sqlite_schema"])
def test_f7_a_page_that_nobody_can_follow_loses_no_more_than_what_stands_on_it(
    chain: Chain, till: Machine, table: str
) -> None:
    process = till.on()
    assert process.drain() == ""
    for number in range(30):
        process.sell("anna" if number % 2 else "boris", earned=1)
    process.off()
    taken_in(till.file)
    page = pages_of(till.file, table)[-1]
    with till.file.open("r+b") as file:
        file.seek((page - 1) * engine.PAGE_BYTES + (100 if page == 1 else 0))
        file.write(b"\x00" * 200)
    suspect(till.file, "it was met")

    process = goes_on(till)
    (damage,) = process.cache.damages.all()
    assert damage.taken + len(damage.unread) == 30, "each of them is whole, or is named"
    assert table in ("operations", "sqlite_schema") or not damage.unread
    assert process.drain() == "" and process.why_unproven() is None
    assert len(chain.operations()) == damage.taken and chain.is_right()
    process.off()


def test_f24_f8_operations_that_are_gone_are_found_by_the_second_file_and_come_back_from_the_hub(
    chain: Chain, till: Machine
) -> None:
    process = till.on()
    process.sell(earned=1)
    assert process.drain() == ""
    process.off()
    before = till.file.read_bytes()
    process = till.on()
    sold = process.sell(spent=50)
    assert process.drain() == ""
    process.off()
    till.file.write_bytes(before)

    process = till.on()
    assert process.why_unproven() == "older_file", "points may be redeemed twice: not before the hub has said"
    fresh = process.sell(earned=2)
    assert fresh.generation != sold.generation
    assert process.drain() == "" and process.why_unproven() is None
    assert process.cache.operation(sold.key) == sold
    (loss,) = process.cache.losses.all()
    assert loss.left == 0 and chain.cases() == [], "the hub had it"
    assert process.points() == chain.points() == 53 and chain.is_right()
    process.off()
    process = till.on()
    assert process.why_unproven() is None and len(process.cache.losses.all()) == 1, "it is found once"
    process.off()


def test_operations_that_nobody_has_are_counted_and_their_numbers_are_never_used_again(
    chain: Chain, till: Machine
) -> None:
    till.sold(earned=1)
    before = till.file.read_bytes()
    process = till.on()
    lost = [process.sell(earned=2), process.sell(earned=2)]
    process.off()
    till.file.write_bytes(before)
    for beside in ("-wal", "-shm"):
        Path(f"{till.file}{beside}").unlink(missing_ok=True)

    process = till.on()
    assert process.why_unproven() == "older_file"
    assert process.drain() == "" and process.why_unproven() is None
    (loss,) = process.cache.losses.all()
    assert (loss.first, loss.last, loss.left, loss.at) == (2, 3, 2, lost[-1].at)
    with chain.hub.store.reading() as reader:
        (case,) = reader.all_open_cases()
    assert case.id == "lost/t1/1/1" and case.note == f"2 operations, 1.2 to 3, the last recorded {lost[-1].at}"
    assert process.sell(earned=4).key not in [one.key for one in lost]
    assert process.drain() == "" and chain.points() == 105 and chain.is_right()
    process.off()


def test_a_file_begun_anew_goes_on_above_the_generation_that_it_gave_itself(chain: Chain, till: Machine) -> None:
    """Seed 60055 of the simulated chain: what the hub's word had was counted besides, for its number was greater."""
    till.sold(earned=1)
    process = put_back(till)
    own = process.sell(earned=10)
    process.off()
    process = put_back(till)
    assert process.drain() == ""
    assert process.cache.generation > own.generation
    assert process.cache.operation(own.key) == own
    assert process.points() == chain.points() and chain.is_right()
    process.off()


def put_back(till: Machine) -> Process:
    """As it was before its last sale, which nobody else has heard of."""
    before = till.file.read_bytes()
    process = till.on()
    process.sell(earned=2)
    process.off()
    till.file.write_bytes(before)
    process = till.on()
    assert process.why_unproven() == "older_file"
    return process


def test_a_paper_that_waits_in_a_file_that_is_put_back_comes_as_a_duplicate(chain: Chain, till: Machine) -> None:
    """It may have come out since (seed 40012 of the simulated chain)."""
    process = till.on()
    sold = process.sell(earned=1)
    process.cache.print_jobs.add(Paper(kind="receipt", label="1", document=b"{}"), NOW, key=sold.key)
    process.off()
    before = till.file.read_bytes()
    process = till.on()
    assert not papers_of(process, sold).doubtful
    process.sell(earned=2)
    process.off()
    till.file.write_bytes(before)
    process = till.on()
    assert papers_of(process, sold).doubtful and papers_of(process, sold).state == "queued"
    process.off()


def papers_of(process: Process, sold: Operation) -> PrintJob:
    (job,) = [job for job in process.cache.print_jobs.to_do() if job.key == sold.key]
    return job


def without(till: Machine) -> None:
    for path in till.file.parent.glob("told.db*"):
        path.unlink()


def broken(till: Machine) -> None:
    (till.file.parent / "told.db").write_bytes(b"no file of ours" * 1_000)


@pytest.mark.parametrize("told", [without, broken])
def test_a_second_file_that_says_nothing_is_no_alarm(
    chain: Chain, till: Machine, told: Callable[[Machine], None]
) -> None:
    till.sold(earned=1)
    told(till)
    process = till.on()
    assert process.why_unproven() is None and not process.cache.losses.all()
    assert process.sell(earned=1).key == (1, 2)
    process.off()


def test_a_second_file_that_is_older_is_no_alarm(chain: Chain, till: Machine) -> None:
    till.sold(earned=1)
    older = (till.file.parent / "told.db").read_bytes()
    till.sold(earned=1)
    for path in till.file.parent.glob("told.db-*"):
        path.unlink()
    (till.file.parent / "told.db").write_bytes(older)
    process = till.on()
    assert process.why_unproven() is None and not process.cache.losses.all()
    process.off()


@pytest.mark.parametrize("moved", [("-wal",), ("-wal", "-shm"), ("-wal", "-shm", "")])
def test_a_move_that_was_cut_off_is_gone_on_with(chain: Chain, till: Machine, moved: tuple[str, ...]) -> None:
    process = till.on()
    process.sell(earned=1)
    for ending in ("", "-wal", "-shm"):  # as a killed process leaves them: the sale is in the log alone
        Path(f"{till.file}{ending}.kept").write_bytes(Path(f"{till.file}{ending}").read_bytes())
    process.off()
    for ending in ("", "-wal", "-shm"):
        Path(f"{till.file}{ending}").unlink(missing_ok=True)
        Path(f"{till.file}{ending}.kept").replace(f"{till.file}{ending}")
    suspect(till.file, "it was met")
    for ending in moved:
        Path(f"{till.file}{ending}").replace(f"{till.file}.damaged-20260302T120000Z{ending}")

    process = goes_on(till)
    assert process.drain() == "" and chain.points() == 101 and chain.is_right()
    assert len(process.cache.damages.all()) == 1
    process.off()
