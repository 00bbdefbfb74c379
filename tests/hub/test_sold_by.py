"""R30: the office is told by which version a till sold, and which tills sold by one when another was in force."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from config.programmes import load_source, read_source
from hub.cli import cli
from hub.publishing import publish
from loyalty.basket import Basket, Line
from loyalty.bodies import Adjustment, Sale
from loyalty.member import MemberView
from loyalty.quote import quote
from loyalty.sold import sale_of
from tests.hub.conftest import Office, Pen

MIDNIGHT = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)  # in Moscow
HOUR = timedelta(hours=1)


def source(version: str) -> str:
    return load_source("alenka").replace('version = "2026-12-01"', f'version = "{version}"')


OWN, WINTER, SPRING = (
    read_source(text).content_hash for text in (load_source("alenka"), source("winter"), source("spring"))
)


def asked(office: Office, *words: str) -> Result:
    done = CliRunner().invoke(cli, ["programme", "receipts", "alenka", *words, "--db", str(office.path)])
    assert done.exit_code == 0, done.output
    return done


def receipts(office: Office, *words: str) -> str:
    return asked(office, *words).stdout


@pytest.fixture
def chain(office: Office) -> Office:
    """Winter from noon, spring from midnight on."""
    office.join("anna")
    for version, begins_at in (("winter", office.now), ("spring", MIDNIGHT)):
        publish(office.hub, read_source(source(version)), source(version), begins_at)
    return office


def test_a_programme_that_is_not_there_is_said(office: Office) -> None:
    done = CliRunner().invoke(cli, ["programme", "receipts", "alyonka", "--db", str(office.path)])
    assert done.exit_code == 1 and "There is no programme 'alyonka'; there are: alenka" in done.stderr


def sell(office: Office, pen: Pen, *at: datetime) -> None:
    for moment in at:
        assert office.take(office.sale(earned=1), pen=pen, at=moment) == ["applied"]


def test_tills_that_change_in_time_sold_by_nothing_else(chain: Office) -> None:
    assert receipts(chain) == "None yet.\n"
    sell(chain, Pen("t1", OWN), chain.now - HOUR)
    sell(chain, Pen("t2", WINTER), chain.now, MIDNIGHT - timedelta(microseconds=1))
    sell(chain, Pen("t3", SPRING), MIDNIGHT)
    assert receipts(chain) == f"another file, {OWN[:16]}: 1 receipt\nwinter: 2 receipts\nspring: 1 receipt\n"


def test_a_till_that_was_away_is_named_with_its_receipts(chain: Office) -> None:
    """What was refused, and what is no receipt, counts nowhere."""
    away, early = Pen("t-away", WINTER), Pen("t-early", SPRING)
    sell(chain, away, MIDNIGHT - HOUR, MIDNIGHT, MIDNIGHT + 2 * HOUR)
    sell(chain, early, MIDNIGHT - HOUR)
    assert chain.take(chain.sale(member="nobody", earned=1), pen=away, at=MIDNIGHT) != ["applied"]
    assert chain.born(Adjustment(member="anna", reason="r", points=1)) == "applied"
    assert receipts(chain).splitlines() == [
        "winter: 3 receipts",
        "  t-away: 2 receipts when another version was in force, 2026-03-03 00:00 to 2026-03-03 02:00 (Europe/Moscow)",
        "spring: 1 receipt",
        "  t-early: 1 receipt when another version was in force, 2026-03-02 23:00 to 2026-03-02 23:00 (Europe/Moscow)",
    ]
    winter: dict[str, Any] = json.loads(receipts(chain, "--json").splitlines()[0])
    assert (winter["version"], winter["hash"], winter["receipts"]) == ("winter", WINTER, 3)
    (beside,) = winter["when_another_was_in_force"]
    assert (beside["till"], beside["receipts"]) == ("t-away", 2)
    assert beside["first_at"] == "2026-03-02T21:00:00.000000+00:00" < beside["last_at"]


def tea(office: Office, member: str, at: datetime) -> Sale:
    """Of 1,000.00, by winter's rules."""
    basket = Basket(lines=(Line(id="1", name="Чай", price_kopecks=100_000, quantity_m=1_000, category="tea"),))
    rules, view = read_source(source("winter")), MemberView()
    told = quote(rules, basket, view, at=at, link="offline", requested_points=0)
    return sale_of(rules, basket, view, told, at, number=office.number(), member=member, link="offline")


def test_what_members_earned_less_is_a_file_that_grant_takes(office: Office, tmp_path: Path) -> None:
    """Spring earns 4 %, winter 2; a sale that says nothing to judge it by is counted apart."""
    for member in ("anna", "boris"):
        office.join(member)
    spring = source("spring").replace("rate_bp = 200 ", "rate_bp = 400 ").replace("rate_bp = 300 ", "rate_bp = 400 ")
    for text, begins_at in ((source("winter"), office.now), (spring, MIDNIGHT)):
        publish(office.hub, read_source(text), text, begins_at)
    pen = Pen("t-away", WINTER)
    for member, at in (("anna", MIDNIGHT - HOUR), ("anna", MIDNIGHT), ("anna", MIDNIGHT + HOUR), ("boris", MIDNIGHT)):
        assert office.take(tea(office, member, at), pen=pen, at=at) == ["applied"]
    assert office.take(office.sale("boris", earned=1), pen=pen, at=MIDNIGHT) == ["applied"]
    file = tmp_path / "difference.csv"
    said = asked(office, "--difference", str(file)).stderr
    assert file.read_text(encoding="utf-8") == "cardanna;40\ncardboris;20\n", "20 of 1,000.00, and not 40, each time"
    assert f"Members who earned less than by the version in force: 2, in {file}: 2." in said
    assert "Not in it, for they would have been other receipts: 1 receipt." in said
    words = ["grant", "--file", str(file), "--reason", "the rate", "--by", "Olga", "--db", str(office.path)]
    assert "Given: 60 points to 2 members." in CliRunner().invoke(cli, words).stdout
