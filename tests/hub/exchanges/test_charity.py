"""P15: points to a fund, doubled by the chain: at once, in the books, in the report for the fund; and what was paid."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from hub.account.act import AccountAsked
from hub.account.acts import ACCOUNT_ACTS
from hub.cli import cli
from hub.desk.act import ActRefused
from hub.people.history import history
from hub.people.history_ru import _WORDS as IN_RUSSIAN
from hub.people.orders import Order
from hub.people.profile import erase
from hub.people.statement import statement_of
from loyalty.bodies import PointsToCharity, PointsToPartner
from tests.hub.conftest import NOW, Office

FUND = {"fund": "charity"}


@pytest.fixture
def club(office: Office) -> Office:
    office.join("anna", programme="perekrestok", points=50_000)
    return office


def give(office: Office, points: int, key: str = "k", **more: Any) -> Any:
    asked, act = AccountAsked("anna", "perekrestok", key), ACCOUNT_ACTS["give_to_fund"]
    return act.do(office.hub, asked, msgspec.convert({"points": points} | FUND | more, act.takes))


def refused(office: Office, points: int, **more: Any) -> str:
    with pytest.raises(ActRefused) as why:
        give(office, points, "r", **more)
    return why.value.code


def ran(office: Office, *args: str) -> str:
    told = CliRunner().invoke(cli, [*args, "--db", str(office.path)])
    assert told.exit_code == 0, told.output
    return told.output


def reported(office: Office, first: str = "2026-03-01", last: str = "2026-03-31") -> list[list[str]]:
    text = ran(office, "report", "charity", "--from", first, "--to", last).removeprefix("\ufeff")
    return [row[1:] for row in csv.reader(io.StringIO(text), delimiter=";")][1:]


def test_p15_the_chain_doubles_it_once(club: Office) -> None:
    told = give(club, 500)
    assert (told.points, told.kopecks, told.matched_kopecks, told.changed) == (500, 5000, 5000, True)
    assert give(club, 500).changed is False
    assert dict(club.hub.balances("perekrestok")) == {"anna": 49_500}
    club.chain = "account"
    assert club.postings() == [("member", "anna", -500), ("redeemed", "perekrestok", 500)]
    assert club.verdict().faults == ()


@pytest.mark.parametrize(
    ("points", "more", "code"),
    [
        (15, {}, "partner_points"),
        (50_010, {}, "partner_no_points"),
        (20_000, {}, "partner_code"),
        (20_000, {"proof": "none"}, "phone_not_proven"),
        (100, {"fund": "litres"}, "unknown_partner"),
        (100, {"fund": "nobody"}, "unknown_partner"),
    ],
)
def test_p15_what_is_refused(club: Office, points: int, more: dict[str, Any], code: str) -> None:
    assert refused(club, points, **more) == code
    assert dict(club.hub.balances("perekrestok")) == {"anna": 50_000}


def test_p15_several_small_gifts_of_a_day_are_a_large_one(club: Office) -> None:
    give(club, 19_000)
    assert refused(club, 1_000) == "partner_code"


def test_p15_nobody_who_is_erased_gives(club: Office) -> None:
    erase(club.hub, "anna", Order(by="Oleg", key="e"), "by letter")
    assert refused(club, 100) == "member_gone"
    gift = PointsToCharity(member="anna", fund="charity", points=10, kopecks=100)
    assert club.born(gift, "account", "perekrestok") == "member_erased"


def test_p15_the_books_take_no_more_than_there_is(club: Office) -> None:
    gift = PointsToCharity(member="anna", fund="charity", points=50_001, kopecks=100)
    assert club.born(gift, "account", "perekrestok") == "not_that_many_points"
    assert club.born(gift, "office", "perekrestok") == "not_from_the_office"
    strange = PointsToCharity(member="anna", fund="charity", points=1, kopecks=1, currency="x")
    assert club.born(strange, "account", "perekrestok") == "unknown_account"


def test_p15_a_report_for_the_fund_and_what_was_paid(club: Office) -> None:
    give(club, 500, "a")
    give(club, 100, "b")
    paid = ("charity", "paid", "--programme", "perekrestok", "--fund", "charity", "--by", "Oleg")
    transfer = ("--sum", "100.00", "--document", "п/п 17", "--day", "2026-03-02")
    assert "stood there before" not in ran(club, *paid, *transfer)
    assert "stood there before" in ran(club, *paid, *transfer)
    assert json.loads(ran(club, *paid, *transfer, "--json"))["changed"] is False
    assert reported(club) == [
        ["charity", "02.03.2026", "Передано", "2", "600", "60,00", "60,00", "", ""],
        ["charity", "02.03.2026", "Оплачено", "", "", "", "", "100,00", "п/п 17"],
        ["charity", "", "Всего с начала", "2", "600", "60,00", "60,00", "100,00", ""],
        ["charity", "", "К оплате", "", "", "", "", "20,00", ""],
    ]
    assert reported(club, "2026-03-03")[0][2] == "Всего с начала"
    assert reported(club, "2026-02-01", "2026-02-28")[-1][-2] == "0,00"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"--sum": "200.00"}, "another sum"),
        ({"--sum": "0"}, "how much"),
        ({"--sum": "many"}, "not an amount"),
        ({"--fund": "litres"}, "no fund"),
        ({"--programme": "none"}, "no fund"),
        ({"--document": "\n"}, "which document"),
        ({"--day": "yesterday"}, "no day"),
    ],
)
def test_p15_what_cannot_have_been_paid(club: Office, changed: dict[str, str], said: str) -> None:
    how = {"--programme": "perekrestok", "--fund": "charity", "--by": "Oleg", "--sum": "100.00"}
    how |= {"--document": "17", "--day": "2026-03-02"}
    ran(club, "charity", "paid", *(word for pair in how.items() for word in pair))
    args = [word for pair in (how | changed).items() for word in pair]
    told = CliRunner().invoke(cli, ["charity", "paid", *args, "--db", str(club.path)])
    assert told.exit_code != 0 and said in told.output


def test_p13_p15_what_went_elsewhere_stands_in_settlement_export_statement_and_history(club: Office) -> None:
    give(club, 500)
    miles = PointsToPartner(member="anna", partner="s7", points=1000, units=100, unit="miles", exchange="e1")
    rubles = PointsToPartner(member="anna", partner="litres", points=5000, units=50_000, unit="kopecks", exchange="e2")
    assert [club.born(body, "account", "perekrestok") for body in (miles, rubles)] == ["applied", "applied"]
    club.now = NOW.replace(month=4, day=3)
    exported = ran(club, "export", "month", "2026-03")
    assert "Обмен у партнёра" in exported and "Благотворительность" in exported
    settled = ran(club, "report", "settlement", "--month", "2026-03")
    assert "500 points went to charity for 100,00 rubles, of them 50,00 of the chain's" in settled
    assert "1000 points went to s7 for 100 miles" in settled
    assert "5000 points went to litres for 500,00 rubles" in settled
    told = json.loads(ran(club, "report", "settlement", "--month", "2026-03", "--json"))["elsewhere"]
    assert [(one["to"], one["units"], one["matched"]) for one in told] == [
        ("charity", 5000, 5000),
        ("litres", 50_000, 0),
        ("s7", 100, 0),
    ]
    statement = statement_of(club.hub, "anna")
    assert {row[1] for row in statement.rows} == {"Передано в фонд", "Обмен у партнёра", "Подарено"}
    assert statement.after == statement.now == 43_500
    with club.hub.store.reading() as reader:
        words = [act.words for act in history(reader, "anna", ["cardanna"])]
    assert any("exchanged at s7 for 100 miles" in one for one in words)
    assert IN_RUSSIAN["points_to_partner"](rubles) == "обмен у партнёра litres: 500,00\xa0₽"
    assert club.verdict().faults == ()
