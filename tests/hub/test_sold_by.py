"""R30: the office is told by which version a till sold, and which tills sold by one when another was in force."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from config.programmes import load_source, read_source
from hub.cli import cli
from hub.publishing import publish
from loyalty.bodies import Adjustment
from tests.hub.conftest import Office, Pen

MIDNIGHT = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)  # in Moscow
HOUR = timedelta(hours=1)


def source(version: str) -> str:
    return load_source("alenka").replace('version = "2026-11-28"', f'version = "{version}"')


OWN, WINTER, SPRING = (
    read_source(text).content_hash for text in (load_source("alenka"), source("winter"), source("spring"))
)


def receipts(office: Office, *words: str) -> str:
    done = CliRunner().invoke(cli, ["programme", "receipts", "alenka", *words, "--db", str(office.path)])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def chain(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Winter from noon, spring from midnight on."""
    monkeypatch.setattr("os.nice", lambda by: 0)  # commands give way to tills; this process has other tests to run
    office.join("anna")
    for version, begins_at in (("winter", office.now), ("spring", MIDNIGHT)):
        publish(office.hub, read_source(source(version)), source(version), begins_at)
    return office


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
