"""What the office looks at, on each database: cases with whom they are about, what had spent the points, holds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.cases.about import about, later, spent_before
from hub.cases.settling import Decision, NotSettled, Wanted, called, cases_of, settle
from hub.jobs.last_run import last_run
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.people.freeing import free, hold_called
from hub.people.orders import Order
from hub.store.records import JobRow
from hub.store.seam import Store
from tests.hub.conftest import NOW, Pen
from tests.hub.held import Held


@pytest.fixture
def office(store: Store) -> Held:
    """600 points, of which two tills let 1,000 be spent, and a card that nobody has."""
    office = Held(store)
    office.join(points=600)
    office.take(office.sale(spent=500), pen=Pen("t1"))
    office.take(office.sale(spent=500), office.sale(None, card="nobodys", earned=20), pen=Pen("t2"))
    return office


def test_cases_are_listed_with_whom_they_are_about(office: Held) -> None:
    with office.hub.store.reading() as reader:
        whose = {case.id: about(reader, case) for case in cases_of(reader, Wanted(open_only=True))}
        assert whose["debt/t2/1/1"].person is not None and whose["debt/t2/1/1"].person.member == "anna"
        assert (whose["refused/t2/1/2"].card, whose["refused/t2/1/2"].earned) == ("nobodys", 20)
        anna = called(reader, office.hub.programmes, "cardanna")
        (debt,) = cases_of(reader, Wanted(whom=anna))
        assert whose[debt.id].person is not None
        (spent,) = spent_before(reader, debt, whose[debt.id].person)  # type: ignore[arg-type]
    assert (spent.place, spent.points) == (("t1", 1, 1), 500)


def test_cases_are_settled_by_what_was_recorded_and_by_points_of_somebody(office: Held) -> None:
    id = "refused/t2/1/2"
    for operation in (None, "t1/1/" + "9" * 30, "t2/1/2"):
        with pytest.raises(NotSettled):
            settle(office.hub, id, Decision(remedy="again", by="Olga", operation=operation))
    office.now += timedelta(hours=1)  # after the sale: a card that was his already would have been taken up
    office.join("boris", card="nobodys")
    with office.hub.store.reading() as reader:
        (case,) = cases_of(reader, Wanted(kind="refused"))
        assert [act.kind for act in later(reader, case, about(reader, case))][:1] == ["member_joined"]
    settled = settle(office.hub, id, Decision(remedy="adjust", by="Olga", points=20, member="nobodys"))
    with office.hub.store.reading() as reader:
        (adjusted,) = about(reader, settled).adjusted
    assert (adjusted.member, adjusted.points, office.balance("boris")) == ("boris", 20, 20) and office.is_sound()


def test_a_hold_is_let_go(office: Held) -> None:
    office.join("boris", points=50)
    assert office.held("t1/h1", 50, member="boris") == 50
    free(office.hub, "t1/h", Order(by="Olga"))
    with office.hub.store.reading() as reader:
        assert hold_called(reader, "t1/h1").state == "voided"
    assert office.held("t2/h2", 50, member="boris") == 50 and office.held("t1/h1", 50, member="boris") == "hold_ended"
    assert office.is_sound()


def test_what_a_job_did_last_is_kept(office: Held) -> None:
    holds = next(job for job in JOBS if job.name == "holds")
    office.join("boris", points=50)
    office.held("t1/h1", 50, member="boris")
    for days, did in ((1, 1), (2, 0)):
        then = NOW.replace(day=NOW.day + days)
        office.now = then
        assert sum(Running(office.hub).run(holds, then)) == did
    with office.hub.store.reading() as reader:
        last = last_run(reader, reader.jobs().get("holds", JobRow("holds")))
    assert last is not None and (last.did, last.at[:10]) == (1, "2026-03-03")
