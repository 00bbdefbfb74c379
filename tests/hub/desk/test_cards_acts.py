"""Numbers of cards that a till has ahead."""

from __future__ import annotations

from hub.blanks.batches import Batch
from hub.blanks.virtual import blanks_left
from hub.store.office_records import BlankRow
from hub.store.rows import Rows
from hub.tills.till import Lease, Till
from loyalty.utc import utc_text
from tests.hub.conftest import NOW
from tests.hub.desk.conftest import Desk


def test_sec9_a_till_has_numbers_for_the_file_that_works_and_for_no_other(desk: Desk) -> None:
    """A till in somebody's hands would ask for file after file, until the scheme had no number left for anybody."""
    till = Till(till="t1", state="joined", added_at=utc_text(NOW), lease=Lease(file="f1", generation=1, at=""))
    desk.office.hub.within(lambda writer: writer.write(Rows(tills=[till.row])))
    told = desk.ask("card_numbers", file="f1", virtual=20)
    assert len(told.virtual) == 20 and desk.ask("card_numbers", file="f1", virtual=20) == told
    assert desk.refusal("card_numbers", file="f2", virtual=100) == "other_file"


def test_seed_7002_a_copy_of_a_file_has_numbers_of_its_own_on_its_machine(desk: Desk) -> None:
    """Else the till and its copy give one to two members. Machines are counted, as files are (SEC9)."""
    told = [desk.ask("card_numbers", file="f1", machine=f"m{number}", virtual=3).virtual for number in range(8)]
    assert len({number for numbers in told for number in numbers}) == 24
    assert desk.ask("card_numbers", file="f1", machine="m1", virtual=3).virtual == told[1]
    assert desk.refusal("card_numbers", file="f1", machine="m8", virtual=3) == "other_machine"
    papers = [desk.ask("certificate_numbers", file="f1", machine=f"m{number}", count=3).blanks for number in (1, 2)]
    assert not {one.number for one in papers[0]} & {one.number for one in papers[1]}


def test_a_till_writes_off_the_blanks_of_its_own_store_alone(desk: Desk) -> None:
    """SEC9: another store's manager could write off a whole chain's."""
    batch = Batch(batch="b-1", programme="alenka", count=1, made_at="", by="test", store="elsewhere")
    blank = BlankRow("2600000000024", "b-1")
    desk.office.hub.within(lambda writer: writer.write(Rows(batches=[batch.row], blanks=[blank])))
    told = desk.ask("card_numbers", file="f1", virtual=0, spoiled=[blank.number])
    assert told.blanks_left == 0, "its own store has none"
    with desk.office.hub.store.reading() as reader:
        assert blanks_left(reader, "alenka", "") is None, "a till of no store is not told that none are left"
        assert reader.blanks([blank.number])[blank.number] == blank
