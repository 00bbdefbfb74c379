"""R30: a till's other file under one id and version is a case, with the operation that was made under it first."""

from __future__ import annotations

from datetime import datetime, timedelta

from config.programmes import load_source, read_source
from hub.cases.settling import Decision, settle
from hub.publishing import publish
from hub.store.records import CaseRow
from tests.hub.conftest import NOW, Office, Pen

FILE = load_source("alenka").replace('few = "бонуса"', 'few = "сладкоежки"')
HASH = read_source(FILE).content_hash


def cases(office: Office) -> list[CaseRow]:
    with office.hub.store.reading() as reader:
        return list(reader.all_cases())


def sell(office: Office, pen: Pen, *, at: datetime = NOW, file: str = FILE) -> None:
    """A push, and the next one with the file, if the hub asks for it."""
    text = pen.write(office.sale("anna"), at=at)
    office.hub.take(pen.till, [text])
    if office.hub.programmes_wanted([text]):
        office.hub.keep_programmes({pen.rules: file}, pen.till)


def test_it_is_opened_once_for_each_till_and_told_to_it(office: Office) -> None:
    office.join()
    mine, other = Pen("t1", HASH), Pen("t2", HASH)
    for pen in (mine, mine, other, mine):
        sell(office, pen)
    first, second = cases(office)
    assert (first.id, second.id) == ("other_file/t1/1/1", "other_file/t2/1/1")
    known = office.hub.programmes["alenka"].content_hash
    assert first.note == f"alenka 2026-12-01: hash {HASH[:16]}, not {known[:16]}"
    assert (first.member, first.cost_points, first.cost_kopecks, first.sale) == (None, 0, 0, "1")
    (told,) = office.hub.changes(till="t1", programme="alenka", after="", limit=100).cases
    assert (told.id, told.kind, told.state) == (first.id, "other_file", "open") and office.verdict().faults == ()


def test_it_is_of_the_first_that_was_made_so_and_a_hub_started_anew_knows_it(office: Office) -> None:
    office.join()
    right, wrong = Pen("t1", office.hub.programmes["alenka"].content_hash), Pen("t1", HASH)
    sell(office, right)
    wrong.sequence, wrong.last_hash = right.sequence, right.last_hash
    sell(office, wrong)
    office.restart()
    sell(office, wrong)
    assert [case.id for case in cases(office)] == ["other_file/t1/1/2"]


def test_whoever_goes_on_so_after_it_was_settled_is_another_case(office: Office) -> None:
    office.join()
    pen = Pen("t1", HASH)
    sell(office, pen)
    office.now = NOW + timedelta(hours=1)
    settle(office.hub, "other_file/t1/1/1", Decision(remedy="publish", by="Olga"))
    sell(office, pen, at=NOW + timedelta(minutes=59))
    assert len(cases(office)) == 1, "what was sold before had waited in the till"
    sell(office, pen, at=NOW + timedelta(minutes=61))
    assert [(case.id, case.state) for case in cases(office)] == [
        ("other_file/t1/1/1", "settled"),
        ("other_file/t1/1/3", "open"),
    ]


def test_what_ships_is_published_or_has_a_version_of_its_own_is_none(office: Office) -> None:
    office.join()
    sell(office, Pen("t1", office.hub.programmes["alenka"].content_hash))
    spring = FILE.replace("2026-12-01", "spring")
    pen = Pen("t2", read_source(spring).content_hash)
    sell(office, pen, file=spring)
    publish(office.hub, read_source(spring), spring, None)
    sell(office, pen, file=spring)
    assert cases(office) == []
