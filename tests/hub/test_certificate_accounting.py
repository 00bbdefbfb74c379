"""Certificates for accounting: an advance that is sold, used and refunded, a day at a time, and what is still owed."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub.accounting.certificates import owed_at
from hub.accounting.closing import INDEX, close, closing
from hub.accounting.closing import taken as taken_days
from hub.accounting.moved import Left, moved
from hub.accounting.sheet import Sheet
from hub.cli import cli
from hub.store.rows import Rows
from loyalty.bodies import CertificateBlocked, CertificateEnded, CertificateRefunded, CertificateReplaced, SoldLine
from loyalty.utc import utc_text
from tests.hub.certified import ONE, OTHER, THIRD, back_of, paid_with, sold, take
from tests.hub.conftest import DAY, NOW, Office, Pen

R = 100
NEXT = "2026-03-03"


def run(office: Office, *words: str) -> Result:
    return CliRunner().invoke(cli, [*words, "--db", str(office.path)])


def line(category: str, kopecks: int) -> SoldLine:
    return SoldLine(
        id="1",
        name=category,
        unit="pc",
        price_kopecks=kopecks,
        quantity_m=1000,
        net_before_kopecks=kopecks,
        discount_kopecks=0,
        net_kopecks=kopecks,
        tax="20",
        category=category,
    )


@pytest.fixture
def days(office: Office) -> Office:
    """The issue's story in two stores and two days: sold in s1, used there and in s2, refunded, one replaced, one
    given."""
    first, second = Pen("t1", store="s1"), Pen("t2", store="s2")
    bought = office.sale(
        None, lines=(line("gift_certificate", 1_000 * R),), total_kopecks=1_000 * R, paid_kopecks=1_000 * R
    )
    take(office, first, bought, sold(), paid_with(office, (ONE, 300 * R)))
    take(office, second, paid_with(office, (ONE, 450 * R)), sold(OTHER, 500 * R))
    office.born(CertificateBlocked(certificate=OTHER), "office")
    office.born(CertificateReplaced(certificate=OTHER, into=THIRD), "office")
    take(office, second, paid_with(office, (OTHER, 20 * R)))
    office.now = NOW + timedelta(days=1)
    take(office, second, back_of(1, (ONE, 50 * R), till="t2"), CertificateRefunded(certificate=ONE, kopecks=250 * R))
    office.born(sold("9" * 16, 70 * R, paid=False, until=utc_text(office.now)), "office")
    office.now += timedelta(hours=1)
    office.born(CertificateEnded(certificate="9" * 16, kopecks=60 * R))
    office.now = NOW + timedelta(days=2)
    return office


def sheet_of(office: Office, *days: str) -> Sheet:
    office.hub.within(lambda writer: close(writer, days, office.hub.programmes, office.now))
    sheet = Sheet()
    with office.hub.store.reading() as reader:
        for some in moved(reader, taken_days(reader, days), Left(days[0]), lambda read: None):
            sheet.take(some)
    return sheet


def rubles(sheet: Sheet, prefix: str = "certificates_") -> Counter[tuple[str, str]]:
    """By store and what it is."""
    sums: Counter[tuple[str, str]] = Counter()
    for key, (_, _, kopecks) in sheet.rows.items():
        if key.what.startswith(prefix):
            sums[key.store, key.what.removeprefix(prefix)] += kopecks // R
    return sums


def test_each_day_and_store_has_what_was_sold_used_and_given_back(days: Office) -> None:
    assert rubles(sheet_of(days, DAY)) == {
        ("s1", "sold"): 1_000,
        ("s1", "used"): 300,
        ("s1", "owed"): 700,
        ("s2", "sold"): 500,
        ("s2", "used"): 470,
        ("s2", "beyond"): 20,
        ("s2", "owed"): 50,
    }
    assert rubles(sheet_of(days, NEXT)) == {
        ("s2", "used"): -50,
        ("s2", "refunded"): 250,
        ("s2", "owed"): -200,
        ("", "given"): 70,
        ("", "ended"): 60,
        ("", "owed"): 10,
    }
    month = sheet_of(days, DAY, NEXT)
    assert sum(kopecks for (_, what), kopecks in rubles(month).items() if what == "owed") == 560
    assert month.certificates["alenka"]["certificates_owed"] == 560 * R


def test_the_money_for_a_certificate_is_an_advance_and_no_goods(days: Office) -> None:
    sheet = sheet_of(days, DAY)
    whats = {(key.what, key.tax): kopecks for key, (_, _, kopecks) in sheet.rows.items() if key.store == "s1"}
    assert whats["advance", "20"] == 1_000 * R and not any(what == "sold" for what, _ in whats)


def test_what_is_owed_stands_by_the_store_that_sold_it_at_any_moment(days: Office) -> None:
    def owed(at: datetime) -> dict[str, dict[str, int]]:
        with days.hub.store.reading() as reader:
            return owed_at(reader, at)

    assert owed(days.now) == {"alenka": {"": 10 * R, "s2": 500 * R, "s1": 50 * R}}
    assert owed(NOW + timedelta(hours=1)) == {"alenka": {"s1": 250 * R, "s2": 500 * R}}
    assert owed(NOW - timedelta(hours=1)) == {}


def test_it_is_written_for_1c_and_told_beside_the_file(days: Office, tmp_path: Path) -> None:
    out = tmp_path / "day.csv"
    done = run(days, "export", "day", DAY, "--out", str(out))
    assert done.exit_code == 0, done.output
    rows = out.read_text(encoding="utf-8-sig").splitlines()
    west = "02.03.2026;;alenka;;s2;"
    assert sorted(row.removeprefix(west) for row in rows if row.startswith(west)) == [
        "В том числе за счёт магазина;Продажа;;1;0;20,00",
        "Долг по сертификатам: изменение;Продажа;;1;0;-450,00",
        "Долг по сертификатам: изменение;Сертификат;;1;0;500,00",
        "Оплачено сертификатами;Продажа;;2;0;470,00",
        "Продано сертификатов;Сертификат;;1;0;500,00",
    ]
    assert "certificates, in rubles: sold 1500,00, owed 750,00, used 770,00, beyond 20,00" in done.stderr
    told = json.loads(run(days, "export", "day", DAY, "--json").stdout)
    assert told["certificates"]["alenka"]["certificates_used"] == 770 * R


def test_the_report_of_liability_has_them(days: Office) -> None:
    days.join()
    told = json.loads(run(days, "report", "liability", "--json", "--at", DAY).stdout)
    assert told["certificates"] == {"alenka": {"s1": 250 * R, "s2": 500 * R}}
    words = run(days, "report", "liability", "--at", DAY).stdout
    assert "alenka: 750,00 rubles on gift certificates" in words and "s2" in words


def test_a_day_that_was_closed_before_says_nothing_of_them(days: Office) -> None:
    sheet_of(days, DAY)
    with days.hub.store.reading() as reader:
        kept = closing(reader, 1)
        assert kept is not None and reader.setting(INDEX) is not None
        ((name, text),) = kept.setting().items()
    before = json.loads(text) | {"edition": 2}
    days.hub.within(lambda writer: writer.write(Rows(settings={name: json.dumps(before)})))
    sheet = sheet_of(days, DAY)
    assert rubles(sheet) == {} and sheet.certificates == {}
    assert any(key.what == "sold" for key in sheet.rows)
