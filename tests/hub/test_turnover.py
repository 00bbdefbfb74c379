"""Purchases that were brought from elsewhere: what tiers count, merges, returns, erased members, what is verified."""

from __future__ import annotations

import io
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import Literal

import pytest

from hub.books.bounds import CHECKS
from hub.brought.kind import Around
from hub.brought.reading import read_brought
from hub.brought.taking import Bringing
from hub.brought.turnover import TURNOVER_KIND
from hub.people.orders import Order
from hub.people.profile import erase
from loyalty.bodies import MemberMerged, OperationRef, Return, ReturnedLine, TurnoverBrought
from loyalty.operation import utc_text
from loyalty.programme import PercentAccrual, Programme
from loyalty.tiers import accumulated
from storage import engine
from tests.hub.conftest import DAY, PROGRAMMES, Office

BEFORE = "2026-02-28"


def brought(kopecks: int, member: str = "anna", until: str = BEFORE, since: str | None = None) -> TurnoverBrought:
    return TurnoverBrought(member=member, kopecks=kopecks, until=until, since=since)


def spent(office: Office, member: str = "anna") -> dict[str, int]:
    """As tills are told."""
    found = office.hub.snapshot(member)
    assert found is not None
    return {one.day: one.kopecks for one in found.spent}


def test_what_was_brought_counts_on_its_last_day_beside_sales(office: Office) -> None:
    office.join()
    assert office.born(brought(150_000_00)) == "applied"
    assert office.take(office.sale(earned=5)) == ["applied"]
    assert spent(office) == {BEFORE: 150_000_00, DAY: 1_000}
    assert office.born(brought(-50_000_00), "office") == "applied"
    assert spent(office)[BEFORE] == 100_000_00 and office.verdict().faults == ()


def test_a_return_takes_its_own_from_the_day_of_its_sale(office: Office) -> None:
    office.join()
    office.born(brought(500_00))
    office.take(office.sale(earned=5))
    back = Return(
        of=OperationRef(chain="t1", generation=1, sequence=1),
        sold_at=utc_text(office.NOW),
        member="anna",
        lines=(ReturnedLine(id="1", quantity_m=1000, refund_kopecks=1_000),),
        refund_kopecks=1_000,
        qualifying_kopecks=1_000,
    )
    assert office.take(back) == ["applied"]
    assert spent(office) == {BEFORE: 500_00} and office.verdict().faults == ()


def test_a_merge_takes_it_along_and_what_is_told_of_the_old_member_too(office: Office) -> None:
    office.join()
    office.join("boris")
    office.born(brought(100_00, "anna"))
    office.born(brought(10_00, "boris"))
    assert office.born(MemberMerged(member="anna", into="boris"), "office") == "applied"
    assert office.born(brought(1_00, "anna")) == "applied"
    assert spent(office, "boris") == {BEFORE: 111_00} and office.verdict().faults == ()


def test_it_is_refused_of_nobody_of_who_was_erased_and_of_what_no_shop_sold(office: Office) -> None:
    office.join()
    assert office.born(brought(1, "zoe")) == "unknown_member"
    check = CHECKS["turnover_brought"]
    assert check(brought(-(10**11))) is None and check(brought(10**11 + 1)) == "bad_amount"
    assert check(brought(1, until="1970-01-01")) is None and check(brought(1, until="1969-12-31")) == "bad_moment"
    assert check(brought(1, since=BEFORE)) is None and check(brought(1, since="2026-03-01")) == "bad_moment"
    assert office.born(brought(1), "account") == "not_from_the_account"
    erase(office.hub, "anna", Order(by="olga"), "asked for it")
    assert office.born(brought(1)) == "member_erased"
    assert office.verdict().faults == ()


def counting(window: Literal["year", "rolling"]) -> Programme:
    """Алёнка's rules, but that tiers count what was bought in a window."""
    alenka = PROGRAMMES["alenka"]
    assert isinstance(alenka.accrual, PercentAccrual)
    return replace(alenka, accrual=replace(alenka.accrual, tier_metric="accumulated", tier_window=window, tier_days=60))


def test_tiers_count_it_until_its_day_falls_out_of_the_window(office: Office) -> None:
    office.join()
    office.born(brought(100_00, until="2025-12-31"))
    office.born(brought(7_00))
    told = office.hub.snapshot("anna")
    assert told is not None
    assert accumulated(counting("year"), told.spent, date(2026, 3, 2)) == 7_00
    assert accumulated(counting("rolling"), told.spent, date(2026, 3, 2)) == 7_00
    assert accumulated(counting("rolling"), told.spent, date(2026, 2, 28)) == 107_00


@pytest.mark.parametrize(("window", "first"), [("year", "2026-01-01"), ("rolling", "2025-12-31")])
def test_days_that_the_window_does_not_count_together_are_refused(
    office: Office, window: Literal["year", "rolling"], first: str
) -> None:
    """They would count longer than they should."""
    office.join()
    rules = counting(window)
    around = Around(programmes={"alenka": rules}, now=office.NOW)
    text = f"member,rules,rubles,from,until\nanna,,5,{first},2026-02-28\nanna,,7,2025-12-30,2026-02-28\n"
    rows = read_brought(io.BytesIO(text.encode()), TURNOVER_KIND, around).rows
    importing = Bringing(office.hub, TURNOVER_KIND, rows, "f", around, skip=True)
    list(importing.steps())
    told = f"line 3: 7.00 from 2025-12-30 until 2026-02-28: tiers of alenka then count what was bought from {first} on"
    assert [str(bad).partition(";")[0] for bad in rows.bad()] == [told]
    assert spent(office) == {BEFORE: 5_00} and TURNOVER_KIND.note(rules) == ""


def test_verify_finds_a_ledger_that_forgot_it(office: Office) -> None:
    office.join()
    office.born(brought(100_00))
    with closing(engine.connect(office.path)) as file, file:
        file.execute("UPDATE days SET spent_kopecks = 99 WHERE member = 'anna'")
    (fault,) = office.verdict().faults
    assert fault == f"spent by anna on {BEFORE}: the ledger holds 99, the operations say 10000"
