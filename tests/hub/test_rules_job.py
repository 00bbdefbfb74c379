"""The job that works sales out again: what it opens, where it goes on, and what it leaves alone."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from config.programmes import load_source, read_source
from hub.cases.rules_words import SAYS, in_words, note_of
from hub.cli import cli
from hub.jobs.rules import judge
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.jobs.turn import Turn
from hub.store.records import CaseRow
from loyalty.basket import Basket, Line
from loyalty.bodies import UNWITNESSED, Deviation, Sale
from loyalty.by_rules import Broken
from loyalty.member import MemberView
from loyalty.quote import quote
from loyalty.sold import sale_of
from tests.hub.conftest import NOW, PROGRAMMES, Office, Pen

ALENKA = PROGRAMMES["alenka"]
TEA = Line(id="1", name="Чай", price_kopecks=10_000, quantity_m=3_000, category="tea")
(RULES,) = [job for job in JOBS if job.name == "rules"]
ANNA = MemberView(points_active=1_000)


@pytest.fixture
def shop(office: Office) -> Office:
    office.join(points=1_000)
    office.pen = Pen(rules=ALENKA.content_hash)
    return office


def sold(office: Office, view: MemberView | None = ANNA, spent: int = 0, **more: Any) -> Sale:
    """As a till of ours records it, but for what `more` says."""
    basket = Basket(lines=(TEA,))
    answer = quote(ALENKA, basket, view, at=NOW, requested_points=spent)
    member = "anna" if view else None
    return replace(sale_of(ALENKA, basket, view, answer, NOW, number=office.number(), member=member), **more)


def generous(office: Office, points: int = 500) -> Sale:
    sale = sold(office)
    return replace(sale, accrued=replace(sale.accrued, points=sale.accrued.points + points))


def run(office: Office, page: int = 2) -> int:
    return sum(Running(office.hub, page=page).run(RULES, office.now))


def cases(office: Office) -> list[CaseRow]:
    with office.hub.store.reading() as reader:
        return [case for case in reader.all_cases() if case.kind == "not_by_rules"]


def test_a_sale_that_is_not_by_the_rules_is_a_case_once_and_its_till_hears_of_it(shop: Office) -> None:
    bodies = [sold(shop), generous(shop), sold(shop, None), sold(shop, spent=100)]
    assert shop.take(*bodies) == ["applied"] * 4
    shop.now += timedelta(minutes=10)
    assert run(shop) == 1 and run(shop) == 0
    (case,) = cases(shop)
    earned = bodies[0].accrued.points
    assert (case.id, case.member, case.cost_points) == ("not_by_rules/t1/1/2", "anna", 500)
    assert (case.note, case.opened_at) == (f"accrued:{earned + 500}:{earned}", shop.now)
    page = shop.hub.changes(till="t1", programme="alenka", after="", limit=10)
    assert [(told.id, told.sale) for told in page.cases] == [(case.id, bodies[1].sale.number)]
    shown = CliRunner().invoke(cli, ["cases", "show", case.id, "--db", str(shop.path)]).output
    assert f"points earned: {earned + 500} recorded, {earned} by the rules" in shown
    assert shop.verdict().faults == ()


def test_it_goes_on_where_it_was_in_every_chain(shop: Office) -> None:
    pens = [shop.pen, Pen("t2", ALENKA.content_hash), Pen("t3", ALENKA.content_hash)]
    for count, pen in enumerate(pens, 1):
        shop.take(*[generous(shop) for _ in range(count)], pen=pen)
    assert run(shop) == 6
    shop.take(generous(shop), pen=pens[1])
    shop.tamper("UPDATE operations SET reason = NULL, text = 'nonsense' WHERE chain = 't1'")  # not read again
    assert run(shop) == 1 and [case.id for case in cases(shop)][-4:-3] == ["not_by_rules/t2/1/3"]


def test_who_was_killed_in_the_middle_goes_on_and_two_at_once_open_nothing_twice(shop: Office) -> None:
    shop.take(*[generous(shop) for _ in range(7)])
    first, second = (judge(Turn(hub=shop.hub, since=None, until=NOW, page=2)) for _ in range(2))
    assert (next(first), next(second), next(second), next(first)) == (2, 2, 2, 0)
    del first, second  # killed
    assert run(shop) == 1 and len(cases(shop)) == 7


def test_a_case_is_not_opened_anew_when_the_position_is_lost(shop: Office) -> None:
    shop.take(generous(shop))
    assert run(shop) == 1
    for lost in ("'-1'", "'x'", "''"):
        shop.tamper(f"UPDATE settings SET value = {lost} WHERE name LIKE 'rules_until/%'")
        assert run(shop) == 0
    assert len(cases(shop)) == 1 and shop.rows("SELECT value FROM settings WHERE name LIKE 'rules%'") == [("1",)]


def test_what_cannot_be_judged_is_counted(shop: Office, caplog: pytest.LogCaptureFixture) -> None:
    said = replace(generous(shop), deviations=(Deviation(kind=UNWITNESSED),))
    older = replace(generous(shop), seen=None)
    shop.take(said, older, replace(older, sale=shop.number()), replace(generous(shop), lines=()), shop.sale(earned=1))
    shop.take(generous(shop), pen=Pen("t2", "b" * 64))
    with caplog.at_level(logging.INFO):
        assert run(shop) == 0
    for counted in ("3 of an older till", "1 without lines", "1 under rules that are not here", "1 as the POS said"):
        assert counted in caplog.text


def test_a_refused_sale_and_what_is_no_sale_are_not_looked_at(shop: Office) -> None:
    assert shop.take(replace(generous(shop), member="nobody"), shop.issued("c9", "olga")) == [
        "unknown_member",
        "applied",
    ]
    assert run(shop) == 0


def test_a_sale_under_rules_of_the_shelf_is_judged_by_those(shop: Office) -> None:
    """Last year's rules gave twice as much."""
    source = load_source("alenka").replace("rate_bp = ", "rate_bp = 1")
    older = read_source(source, past=True)
    shop.hub.keep_programmes({older.content_hash: source})
    basket = Basket(lines=(TEA,))
    answer = quote(older, basket, ANNA, at=NOW, requested_points=0)
    sale = sale_of(older, basket, ANNA, answer, NOW, number=shop.number(), member="anna")
    assert sale.accrued.points > sold(shop).accrued.points
    shop.take(sale, replace(sold(shop), sale=shop.number()), pen=Pen("t2", older.content_hash))
    assert run(shop) == 1 and cases(shop)[0].sequence == 2


def test_a_member_who_is_named_by_his_card_alone_is_found(shop: Office) -> None:
    shop.take(replace(generous(shop), member=None, card="cardanna"))
    assert run(shop) == 1 and cases(shop)[0].member == "anna"


def test_every_sum_has_words() -> None:
    for sum in SAYS:
        assert in_words(note_of(Broken(sum))) == SAYS[sum]
        assert in_words(note_of(Broken(sum, 2, 1))).endswith(": 2 recorded, 1 by the rules")
    assert in_words("of:a:newer:program") == "of:a:newer:program" and in_words("") == ""
