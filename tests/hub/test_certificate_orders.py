"""What people order for a certificate at the hub: by acts of the desk, by commands; and given ones that end."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from click.testing import CliRunner, Result
from PIL import Image

from hub.certificates.orders import ALONE_DAY_MAX
from hub.certificates.picture import drawn
from hub.cli import cli
from hub.coupons.drawing import Words, plain
from hub.desk.acted import newest
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.store.rows import Rows
from loyalty.bodies import CertificateSold, SaleNumber
from loyalty.certificate_numbers import is_certificate_number
from loyalty.utc import utc_text
from loyalty.wording import day_text
from tests.hub.certified import (
    ONE,
    OTHER,
    THIRD,
    back_of,
    cases,
    check_conserved,
    entries,
    paid_with,
    sold,
    standing,
    take,
)
from tests.hub.conftest import DAY, NOW, PROGRAMMES, Office, Pen
from tests.hub.desk.conftest import Desk

R = 100
OF_OFFICE = {"till": "", "programme": ""}


@pytest.fixture
def desk(office: Office) -> Desk:
    """A certificate of 1,000 rubles, of which 300 were used."""
    office.pen = Pen("t1", store="s1")
    take(
        office,
        office.pen,
        sold(sale=SaleNumber(day=DAY, number="17")),
        paid_with(office, (ONE, 300 * R), sale=SaleNumber(day=DAY, number="18")),
    )
    return Desk(office)


def run(office: Office, *words: str) -> Result:
    return CliRunner().invoke(cli, ["certificate", *words, "--db", str(office.path)])


def end(office: Office) -> int:
    (job,) = (job for job in JOBS if job.name == "certificates")
    return sum(Running(office.hub, page=2).run(job, office.now))


# orders


def test_a_stolen_one_is_blocked_replaced_and_refunded_and_each_step_is_written_down(desk: Desk) -> None:
    office = desk.office
    asked = {"certificate": ONE, "reason": "stolen"}
    assert desk.ask("certificate_block", **asked, **OF_OFFICE).changed
    assert not desk.ask("certificate_block", **asked, **OF_OFFICE).changed, "it is blocked already"
    assert desk.refusal("certificate_refund", **asked, **OF_OFFICE) == "certificate_blocked"
    paper = desk.ask("certificate_replace", key="k1", **asked, **OF_OFFICE)
    assert (
        is_certificate_number(paper.number) and desk.office.hub.certificate_number(paper.text, "alenka") == paper.number
    )
    again = desk.ask("certificate_replace", key="k1", **asked, **OF_OFFICE)
    assert (again.number, again.pin, again.changed) == (paper.number, paper.pin, False) and again.before
    assert desk.refusal("certificate_replace", **asked, **OF_OFFICE) == "certificate_replaced"
    assert desk.ask("certificate_look", number=paper.number, pin=paper.pin).left_kopecks == 700 * R
    asked["certificate"] = paper.text
    assert desk.refusal("certificate_refund", kopecks=701 * R, **asked, **OF_OFFICE) == "certificate_more_than_left"
    desk.ask("certificate_refund", kopecks=200 * R, **asked, **OF_OFFICE)
    assert desk.ask("certificate_refund", **asked, **OF_OFFICE).number == paper.number
    assert standing(office, paper.number) == (0, 0, "open") and entries(office)["refunded"] == 700 * R
    with office.hub.store.reading() as reader:
        log = [(row.act, row.code, row.fields.get("certificate")) for row in newest(reader, 50)]
    assert ("certificate_block", "done", ONE) in log and ("certificate_refund", "certificate_blocked", ONE) in log
    assert not any(paper.text in str(row) for row in log), "whoever has the QR's text has the certificate"
    assert office.verdict().faults == ()


def test_everything_that_happened_is_told_in_both_languages(desk: Desk) -> None:
    office = desk.office
    take(office, Pen("t2", store="s2"), back_of(2, (ONE, 100 * R)), paid_with(office, (ONE, 900 * R)))
    paper = desk.ask("certificate_give", kopecks=500 * R, reason="apology", till="", programme="alenka")
    desk.ask("certificate_replace", certificate=paper.number, reason="torn", **OF_OFFICE)
    found = desk.ask("certificate_history", certificate=f" {ONE[:4]} {ONE[4:8]}-{ONE[8:]} ", **OF_OFFICE)
    assert (found.state, found.left_kopecks, found.beyond_kopecks, found.store) == ("open", 0, 100 * R, "s1")
    told = [(one.words, one.kopecks, one.beyond, one.where) for one in found.history]
    assert told == [
        ("sold for 1000.00, receipt 17", 1_000 * R, 0, "s1"),
        ("300.00 paid, receipt 18", -300 * R, 0, "s1"),
        ("100.00 came back with goods", 100 * R, 0, "s2"),
        (told[3][0], -800 * R, 100 * R, "s2"),
    ]
    assert [one.words_ru for one in found.history][:2] == ["продан за 1000.00, чек 17", "оплачено 300.00, чек 18"]
    gone = desk.ask("certificate_history", certificate=paper.text, till="t9")
    assert gone.state == "replaced" and [one.by for one in gone.history] == ["Olga", "Olga"]
    into = desk.ask("certificate_history", certificate=gone.successor, **OF_OFFICE)
    assert into.instead_of == paper.number and into.until == gone.until and not into.paid
    assert desk.refusal("certificate_history", certificate=THIRD, **OF_OFFICE) == "certificate_unknown"
    assert (
        desk.refusal("certificate_history", certificate=ONE, till="", programme="perekrestok") == "certificate_unknown"
    )
    assert desk.refusal("certificate_history", certificate="PAC:XX.", **OF_OFFICE) == "certificate_forged"


def test_what_a_receipt_holds_is_not_given_back_in_money(desk: Desk) -> None:
    desk.ask("certificate_hold", number=ONE, hold="a", kopecks=600 * R)
    asked = {"certificate": ONE, "reason": "r", **OF_OFFICE}
    assert desk.refusal("certificate_refund", kopecks=101 * R, **asked) == "certificate_more_than_left"
    assert "100.00" in desk.ask("certificate_refund", **asked).words
    assert standing(desk.office)[0] == 600 * R


def test_the_paper_of_a_given_one_names_its_last_day(desk: Desk) -> None:
    paper = desk.ask("certificate_give", kopecks=R, reason="r", till="")
    with desk.office.hub.store.reading() as reader:
        row = reader.certificates([paper.number])[paper.number]
    drawing = drawn(row, PROGRAMMES["alenka"], "ru", text=paper.text, pin=paper.pin)
    last = PROGRAMMES["alenka"].day(NOW) + timedelta(days=PROGRAMMES["alenka"].certificates.given_days)
    said = " ".join(mark.text for mark in drawing.marks if isinstance(mark, Words))
    assert plain(day_text(last, "ru")) in said and last.isoformat() in paper.words


def test_only_the_office_gives_what_nobody_paid_for_and_one_person_only_so_much_a_day(desk: Desk) -> None:
    asked: dict[str, Any] = {"kopecks": 3_000 * R, "reason": "r"}
    assert desk.refusal("certificate_give", **asked) == "from_the_office"
    assert desk.refusal("certificate_give", till="", programme="", **asked) == "which_programme"
    assert desk.refusal("certificate_give", till="", kopecks=3_001 * R, reason="r") == "certificate_sum"
    for _ in range(ALONE_DAY_MAX // (3_000 * R)):
        desk.ask("certificate_give", till="", **asked)
    assert desk.refusal("certificate_give", till="", **asked) == "certificate_alone"
    money: dict[str, Any] = {"certificate": ONE, "reason": "r", "till": ""}
    assert desk.ask("certificate_refund", kopecks=600 * R, **money).changed, "9,600 of 10,000"
    take(desk.office, Pen("t8"), sold(OTHER))
    assert desk.refusal("certificate_refund", **money | {"certificate": OTHER}) == "certificate_alone"
    desk.office.now += timedelta(days=1)
    assert desk.ask("certificate_give", till="", **asked).changed
    assert desk.office.verdict().faults == ()


def test_one_that_was_given_is_not_given_back_in_money(desk: Desk) -> None:
    paper = desk.ask("certificate_give", kopecks=R, reason="r", till="")
    assert desk.refusal("certificate_refund", certificate=paper.number, reason="r", till="") == "certificate_given"


# given ones end


def test_given_ones_end_by_the_clock_and_paid_ones_never(desk: Desk) -> None:
    office = desk.office
    days = PROGRAMMES["alenka"].certificates.given_days
    papers = [desk.ask("certificate_give", kopecks=(n + 1) * R, reason="r", till="") for n in range(5)]
    (until,) = {until for (until,) in office.rows("SELECT until FROM certificates WHERE paid = 0")}
    assert until == utc_text(NOW.replace(hour=21, minute=0) + timedelta(days=days)), "midnight in Moscow"
    take(office, office.pen, paid_with(office, (papers[4].number, 5 * R)))
    assert end(office) == 0
    office.now = NOW + timedelta(days=days, hours=8, minutes=55)
    desk.ask("certificate_hold", number=papers[0].number, hold="a", kopecks=R)
    office.now += timedelta(minutes=6)
    assert end(office) == 3, "one is on a receipt just now"
    assert take(office, office.pen, paid_with(office, (papers[0].number, 60))) == ["applied"]
    assert cases(office) == [], "it was kept for this receipt before it ended"
    assert end(office) == 1 and end(office) == 0
    office.now += timedelta(days=36_500)
    assert end(office) == 0 and standing(office)[0] == 700 * R
    assert entries(office)["ended"] == (2 + 3 + 4) * R + 40
    assert office.rows("SELECT count(*) FROM certificate_holds") == [(0,)]
    check_conserved(office)
    assert office.verdict().faults == ()


def test_what_cannot_be_ended_holds_up_nobody_behind_it(office: Office) -> None:
    """A programme that this hub has no more."""
    until = utc_text(NOW)
    for n, number in enumerate((ONE, OTHER, THIRD)):
        office.born(CertificateSold(certificate=number, kopecks=5, paid=False, until=until), "office")
        if n < 2:
            office.tamper(f"UPDATE certificates SET programme = 'gone' WHERE number = '{number}'")
    office.now += timedelta(seconds=1)
    assert end(office) == 1 and standing(office, THIRD)[0] == 0


# commands


def test_the_commands_show_list_and_put_right(desk: Desk, tmp_path: Path) -> None:
    office, png = desk.office, tmp_path / "new.png"
    shown = run(office, "show", ONE).output
    assert f"certificate {ONE} of alenka: open" in shown and "left     700.00" in shown
    assert "300.00 paid, receipt 18  -300.00  (s1, t1/1/2)" in shown
    assert run(office, "block", ONE, "--reason", "stolen", "--by", "Olga").output == f"Certificate {ONE} is blocked.\n"
    order = ("replace", ONE, "--reason", "stolen", "--by", "Olga", "--picture", str(png))
    told = run(office, *order).output
    number, pin, text = (line.split(maxsplit=1)[1] for line in told.splitlines()[1:])
    assert office.hub.certificate_pins.is_right(number, pin) and standing(office, number)[0] == 700 * R
    assert [one.text for one in zxingcpp.read_barcodes(Image.open(png))] == [text]
    again = run(office, *order)
    assert number in again.output and "Done before" in again.output
    assert json.loads(run(office, *order, "--json").stdout)["pin"] == pin
    assert run(office, "refund", number, "--sum", "200,00", "--reason", "r", "--by", "Olga").exit_code == 0
    assert run(office, "refund", number, "--sum", "x", "--reason", "r").exit_code == 2
    refused = run(office, "refund", number, "--sum", "501", "--reason", "r", "--by", "Olga")
    assert refused.exit_code == 1 and "are 500.00: not more is given back" in refused.output
    given = run(office, "give", "--programme", "alenka", "--sum", "150", "--reason", "r", "--by", "Olga", "--json")
    assert json.loads(given.stdout)["changed"]
    listed = run(office, "list")
    assert len(listed.stdout.splitlines()) == 3 and "3 in all, with 650.00 rubles on them." in listed.stderr
    states = {state: len(run(office, "list", "--state", state).stdout.splitlines()) for state in ("given", "replaced")}
    assert states == {"given": 1, "replaced": 1}
    assert (
        json.loads(run(office, "list", "--store", "s1", "--state", "replaced", "--json").stdout)["successor"] == number
    )
    assert json.loads(run(office, "show", number, "--json").stdout)["instead_of"] == ONE
    nothing = run(office, "show", "1234")
    assert nothing.exit_code == 1 and "Certificate 1234 is not there." in nothing.output
    assert office.verdict().faults == ()


def test_a_number_that_was_drawn_and_not_sold_is_told_so(desk: Desk) -> None:
    (blank,) = desk.ask("certificate_numbers", file="f", count=1).blanks
    assert "has not been sold" in run(desk.office, "show", blank.number).output
    desk.office.hub.within(lambda writer: writer.write(Rows()))
