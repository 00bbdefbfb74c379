"""SEC7: the job that counts days and finds what is used more than is ordinary."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from click.testing import CliRunner

from hub.cases.velocity_words import SAYS, audit_in_words, in_words, note_of
from hub.cli import cli
from hub.jobs.running import JobHeld, Running
from hub.jobs.table import JOBS
from hub.store.records import CaseRow
from loyalty.bodies import Accrued, Adjustment, OperationRef, SaleClaimed, SoldLine
from loyalty.day import read_counts
from loyalty.operation import utc_text
from loyalty.velocity import Ring, Use
from tests.hub.conftest import DAY, Office, Pen

(WATCH,) = [job for job in JOBS if job.name == "watch"]


def run(office: Office, page: int = 3) -> int:
    return sum(Running(office.hub, page=page).run(WATCH, office.now))


def cases(office: Office) -> list[CaseRow]:
    with office.hub.store.reading() as reader:
        return [case for case in reader.all_cases() if case.kind == "velocity"]


def days(office: Office, store: str = "") -> dict[tuple[str, str], dict[str, int]]:
    with office.hub.store.reading() as reader:
        rows = reader.days_of_store(store, DAY)
    return {(row.till, row.by): read_counts(row.body) for row in rows}


def test_60_sales_in_a_row_on_one_card_ring_once_in_each_rules_time(office: Office) -> None:
    """SEC7: an hour and a day ring once each, a month too; no purchase is refused, and nothing rings twice."""
    office.join()
    assert office.take(*(office.sale(earned=2) for _ in range(60))) == ["applied"] * 60
    assert run(office) == 3 and run(office) == 0
    found = cases(office)
    assert [(case.id, case.note) for case in found] == [
        ("velocity/t1/1/4", "card_hour:4:3"),
        ("velocity/t1/1/6", "card_day:6:5"),
        ("velocity/t1/1/19", "card_month:19:18"),
    ]
    assert [(case.member, case.cost_points, len(case.others)) for case in found] == [
        ("anna", 8, 3),
        ("anna", 12, 5),
        ("anna", 38, 18),
    ]
    told = office.hub.changes(till="t1", programme="alenka", after="", limit=10).cases
    assert told == (), "whoever uses the card may be the one who stands at the till"
    shown = CliRunner().invoke(cli, ["cases", "show", found[0].id, "--db", str(office.path)]).output
    assert "4 purchases within an hour at one till, 3 are ordinary" in shown and "remedy   block" in shown
    assert office.verdict().faults == ()


def test_a_sale_that_is_told_again_is_one_use(office: Office) -> None:
    """SEC7: told again it is the same operation, and counts once."""
    office.join()
    texts = [office.pen.write(office.sale()) for _ in range(3)]
    for _ in range(2):
        office.hub.take("t1", texts)
        run(office)
    assert cases(office) == [] and days(office)["t1", ""]["sales"] == 3


def test_cards_and_tills_of_one_member_count_together_and_so_does_a_card_alone(office: Office) -> None:
    office.join()
    for till in ("t2", "t3", "t4"):
        alone = office.sale(None, card="cardanna")
        assert office.take(alone, pen=Pen(till)) == ["applied"]
    assert run(office) == 1
    assert [case.note for case in cases(office)] == ["tills:3:2"]


def test_a_card_of_staff_on_strangers_purchases(office: Office) -> None:
    """SEC7: marked, it rings at the third of a day."""
    office.join(card="2600000000017")
    marked = CliRunner().invoke(cli, ["member", "staff", "2600000000017", "--by", "Olga", "--db", str(office.path)])
    assert marked.exit_code == 0 and "staff" in marked.output
    again = CliRunner().invoke(cli, ["member", "staff", "2600000000017", "--by", "Olga", "--db", str(office.path)])
    assert "already" in again.output
    office.take(*(office.sale() for _ in range(2)))
    assert run(office) == 0
    office.take(office.sale(), by="p7")
    assert run(office) == 1
    assert [case.note for case in cases(office)] == ["staff_day:3:2 p7"]
    shown = CliRunner().invoke(cli, ["member", "show", "2600000000017", "--db", str(office.path)]).output
    assert "staff" in shown
    CliRunner().invoke(cli, ["member", "staff", "2600000000017", "--off", "--by", "Olga", "--db", str(office.path)])
    office.now += timedelta(days=2)
    office.take(*(office.sale() for _ in range(3)), at=office.now)
    assert run(office) == 0


def test_one_persons_corrections_ring(office: Office) -> None:
    office.join(points=100)
    with office.hub.store.reading() as reader:
        assert reader.watched(["by:Olga"]) == {}
    for _ in range(21):
        body = Adjustment(member="anna", points=1, reason="goodwill")
        office.hub.bear("alenka", body, chain="office", by="Olga")
    assert run(office) == 1
    [case] = cases(office)
    assert (case.note, case.cost_points, case.member) == ("by_day:21:20 Olga", 21, "anna")
    office.hub.bear("alenka", Adjustment(member="anna", points=-10_001, reason="slip"), chain="office", by="Ivan")
    assert run(office) == 1
    assert cases(office)[-1].note == "by_points:10001:10000 Ivan"


def test_a_day_is_counted_by_till_and_hands_and_refusals_by_reason(office: Office) -> None:
    office.join(points=100)
    line = SoldLine(
        id="1",
        name="Халва",
        unit="pc",
        price_kopecks=100,
        quantity_m=1000,
        net_before_kopecks=100,
        discount_kopecks=0,
        net_kopecks=100,
        category="unknown",
        article="A-7",
    )
    office.take(office.sale(earned=5, lines=(line, line)), office.sale(spent=10, link="offline"), by="p1")
    office.take(office.sale(None))
    office.take(office.sale("nobody", earned=3), pen=Pen("t2"))
    run(office)
    told = days(office)
    mine = told["t1", "p1"]
    assert (mine["sales"], mine["earned"], mine["spent"], mine["offline"], mine["goods/A-7"]) == (2, 5, 10, 1, 2)
    assert told["t1", ""]["sales_without_card"] == 1 and "sales" not in told["t1", ""]
    assert told["t2", ""]["refused/unknown_member"] == 1 and told["t2", ""]["lost_earned"] == 3


def test_two_at_once_count_once(office: Office) -> None:
    office.join()
    office.take(*(office.sale() for _ in range(4)))
    one, other = Running(office.hub, page=2, holder="a"), Running(office.hub, page=2, holder="b")
    begun = one.run(WATCH, office.now)
    next(begun)
    later = office.now + timedelta(hours=1)  # the first one's lease is over
    assert sum(other.run(WATCH, later)) == 1
    with suppress(JobHeld):
        next(begun)
    assert days(office)["t1", ""]["sales"] == 4


def test_every_rule_has_words_and_one_that_is_newer_stays_as_it_is() -> None:
    ring = Ring("tills", 3, 2, (Use(0, "t1", 1, 1),))
    assert note_of([ring], "") == "tills:3:2" and note_of([ring], "p 1") == "tills:3:2 p 1"
    assert in_words("tills:3:2 p 1") == "3 tills within minutes, 2 are ordinary (by p 1)"
    assert in_words("tills:3:2", "ru") == "касс за минуты: 3, обычно до 2"
    assert in_words("moon:3:2") == "moon:3:2" and in_words("tills") == "tills"
    assert audit_in_words("other:7") == "row 7 is not the one that was known here" and audit_in_words("x") == "x"
    assert all(in_words(f"{rule}:2:1") != f"{rule}:2:1" for rule in SAYS)


def test_purchases_that_are_claimed_for_one_card_ring_as_if_it_had_been_shown(office: Office) -> None:
    """SEC7: strangers' purchases come to an own card afterwards, too."""
    office.join()
    for number in range(6):
        sale = office.sale(None)
        assert office.take(sale) == ["applied"]
        claimed = SaleClaimed(
            of=OperationRef(chain="t1", generation=1, sequence=number + 1),
            of_sale=sale.sale,
            sold_at=utc_text(office.now),
            member="anna",
            accrued=Accrued(points=2),
            earned_points=2,
        )
        assert office.born(claimed, "office") == "applied"
    assert run(office) == 3
    found = [(case.note, case.cost_points) for case in cases(office)]
    assert found == [("card_hour:4:3", 8), ("claims_month:5:4", 10), ("card_day:6:5", 12)]
    assert {case.member for case in cases(office)} == {"anna"}
