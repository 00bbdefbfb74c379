"""`pos-hub holds`: who holds points, and letting go of them; and the balances that name them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from hub.cli import cli
from hub.hub import Hub
from hub.people.freeing import free
from hub.people.orders import NotDone, Order
from loyalty.bodies import HoldVoided, Redeemed
from loyalty.utc import utc_text
from sync.protocol import HoldRequest
from tests.hub.conftest import Office, Pen

ID = "5b1c0c5ab9a14f0e93d1"


@pytest.fixture
def held(office: Office) -> Office:
    """2,000 points, of which till-a has reserved 1,500."""
    office.now = datetime.now(UTC)  # the commands look at a clock of their own
    office.join(points=2_000)
    reserve(office.hub, ID, 1_500)
    return office


def reserve(hub: Hub, hold: str, points: int, till: str = "till-a") -> int:
    until = utc_text(hub.now() + timedelta(minutes=20))
    return hub.hold(
        HoldRequest(till=till, programme="alenka", member="anna", hold=hold, points=points, until=until)
    ).points


def run(office: Office, *words: str) -> Any:
    return CliRunner().invoke(cli, [*words, "--db", str(office.path)])


def said(office: Office, *words: str) -> str:
    done = run(office, *words)
    assert done.exit_code == 0, done.output
    output: str = done.output
    return output


def until(office: Office) -> str:
    """As the programme's clock says it."""
    end = (office.now + timedelta(minutes=20)).astimezone(office.hub.zone_of("alenka"))
    today = office.now.astimezone(office.hub.zone_of("alenka")).date()
    return f"{end:%H:%M %Z}" if end.date() == today else f"{end:%Y-%m-%d %H:%M %Z}"


def test_the_office_sees_who_holds_points(held: Office) -> None:
    line = f"{ID}  1500 points  at till-a  until {until(held)}  open  member anna cardanna\n"
    assert said(held, "holds", "list") == line
    assert said(held, "holds", "list", "--card", "cardanna") == said(held, "holds", "list", "--member", "anna") == line
    held.join("boris")
    assert said(held, "holds", "list", "--member", "boris") == "None holds points now.\n"
    told = json.loads(said(held, "holds", "list", "--json"))
    assert (told["hold"], told["points"], told["till"], told["state"]) == (ID, 1_500, "till-a", "open")
    assert datetime.fromisoformat(told["until"]) == held.now + timedelta(minutes=20)
    assert "Nobody has the card" in run(held, "holds", "list", "--card", "nobodys").output


def test_a_balance_names_the_points_that_receipts_hold(held: Office) -> None:
    words = f"2000 points, of them 1500 reserved at till-a until {until(held)}"
    assert f"member anna: {words}, 0.00 rubles bought" in said(held, "member", "--card", "cardanna")
    assert f"member anna of alenka, registered: {words}\n" in said(held, "member", "show", "anna")
    assert said(held, "member", "find", "anna").endswith("2000 points, 1500 of them reserved\n")
    assert reserve(held.hub, "ff" + ID, 900, "till-b") == 500
    both = said(held, "member", "show", "anna")
    assert "of them 1500 reserved at till-a until" in both and ", 500 reserved at till-b until" in both
    said(held, "holds", "free", ID, "--by", "Olga")
    assert f"2000 points, of them 500 reserved at till-b until {until(held)}" in said(held, "member", "show", "anna")


def test_points_of_a_till_that_died_are_free_once_the_office_says_so(held: Office) -> None:
    assert reserve(held.hub, "h2", 2_000, "till-b") == 500
    told = said(held, "holds", "free", ID[:6], "--by", "Olga", "--asked", "ticket-7")
    assert f"Hold {ID} of till-a is let go: 1500 points of member anna" in told
    assert "Done before" in said(held, "holds", "free", ID[:6], "--by", "Olga", "--asked", "ticket-7"), "once"
    assert reserve(held.hub, "h3", 2_000, "till-b") == 1_500, "they are another receipt's by now"
    every = said(held, "holds", "list", "--all")
    assert f"{ID}  1500 points  at till-a  until {until(held)}  let go" in every and ID not in said(
        held, "holds", "list"
    )
    history = said(held, "member", "show", "anna")
    assert "reserved points were let go by the office  [office, Olga]" in history, "the trace stays"
    assert held.verdict().faults == ()


def test_a_receipt_that_is_paid_within_a_hold_that_was_let_go_is_booked(held: Office) -> None:
    said(held, "holds", "free", ID, "--by", "Olga")
    assert held.take(held.sale(spent=1_800), pen=Pen("till-b")) == ["applied"]
    late = held.sale(redeemed=Redeemed(points=1_500, kopecks=1_500, hold=ID))
    assert held.take(late, pen=Pen("till-a")) == ["applied"]
    assert "debt/till-a/1/1" in said(held, "cases", "list", "--open") and held.balance() == 2_000 - 1_800 - 1_500
    assert "is spent: it holds no points any more" in run(held, "holds", "free", ID, "--by", "Olga").output
    assert held.verdict().faults == ()


def test_what_cannot_be_let_go_is_told(held: Office) -> None:
    reserve(held.hub, ID[:4] + "0", 10)
    for words, why in (
        ("nothing", "There is no hold 'nothing'. `pos-hub holds list` shows them"),
        (ID[:4], "2 holds begin with"),
        ("", "There is no hold ''"),
    ):
        refused = run(held, "holds", "free", words, "--by", "Olga")
        assert refused.exit_code == 1 and why in refused.output
    said(held, "holds", "free", ID, "--by", "Olga")
    again = run(held, "holds", "free", ID, "--by", "Olga")
    assert again.exit_code == 1 and f"Hold {ID} is let go: it holds no points any more." in again.output
    held.now += timedelta(minutes=21)
    with pytest.raises(NotDone, match="is over"):
        free(held.hub, ID[:4] + "0", Order(by="Olga"))


def test_the_hub_itself_lets_no_hold_go(held: Office) -> None:
    """Only the till whose it is, and the office."""
    body = HoldVoided(member="anna", holds=(ID,), reason="freed")
    assert held.born(body, "hub") == "not_from_the_hub" and held.take(body, pen=Pen("till-b")) == ["applied"]
    assert ID in said(held, "holds", "list"), "another till's stays"
    assert held.born(body, "office") == "applied" and "None holds" in said(held, "holds", "list")
