"""`pos-hub cases`: lists, shows, settles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from click.testing import CliRunner

from hub.cli import cli
from loyalty.bodies import CardIssued
from tests.hub.conftest import NOW, Office, Pen
from tests.hub.test_cases import overspent

PHONE = "+79161234567"
ANNA = "member anna, card cardanna, phone +7916***4567"


def run(office: Office, *words: str) -> Any:
    return CliRunner().invoke(cli, ["cases", *words, "--db", str(office.path)])


def lines(office: Office, *words: str) -> Sequence[str]:
    found = run(office, "list", *words)
    assert found.exit_code == 0, found.output
    return [line.split()[3] for line in found.output.splitlines()] if found.output != "There are none.\n" else []


def said(office: Office, *words: str, code: int = 0) -> str:
    done = run(office, *words)
    assert done.exit_code == code, done.output
    output: str = done.output
    return output


def test_the_office_lists_shows_and_settles(office: Office) -> None:
    id = overspent(office)
    office.take(office.sale("nobody", earned=1))
    other = "refused/t1/1/2"
    assert lines(office) == [other, id] and lines(office, "--kind", "debt") == [id]
    assert lines(office, "--member", "anna") == [id] and lines(office, "--till", "t1") == [other]
    shown = run(office, "show", id)
    assert shown.exit_code == 0 and "receipt  2" in shown.output and "cost     400 points" in shown.output
    assert "remedy   wait: the member owes it" in shown.output
    settled = run(office, "settle", id, "--remedy", "wait", "--by", "Olga", "--note", "told her", "--json")
    assert settled.exit_code == 0 and json.loads(settled.output)["settled_by"] == "Olga"
    assert lines(office, "--open") == [other] and sorted(lines(office)) == sorted([id, other])
    assert "settled  2026" in run(office, "show", id).output
    again = run(office, "settle", id, "--remedy", "wait", "--by", "Olga")
    assert again.exit_code == 1 and "settled already" in again.output
    (row,) = map(json.loads, run(office, "list", "--open", "--json").output.splitlines())
    assert (row["id"], row["note"], row["others"]) == (other, "unknown_member", [])


def test_without_a_command_they_are_listed(office: Office) -> None:
    assert run(office, "--open").output == "There are none.\n"
    id = overspent(office)
    assert run(office).output == run(office, "list").output and id in run(office, "--kind", "debt").output
    assert "settle" in CliRunner().invoke(cli, ["cases", "--help"]).output
    assert run(office, "lits").exit_code == 2


# whom and what a case is about


def refused(office: Office, card: str = "2600000000055") -> str:
    """A receipt that names a card which nobody has; the case's id."""
    assert office.take(office.sale(None, card=card, earned=20)) == ["unknown_card"]
    return f"refused/t1/1/{office.pen.sequence}"


def test_a_case_names_the_members_cards_and_masked_phone(office: Office) -> None:
    office.join(points=10, phone=PHONE)
    office.take(office.sale(spent=50))
    id = "debt/t1/1/1"
    (line,) = said(office, "list").splitlines()
    words = "more points were spent than the member had  receipt 1  40 points"
    assert line == f"2026-03-02 15:00 MSK  {id}  {words}  {ANNA}", "by the programme's clock, in words"
    shown = said(office, "show", id)
    assert f"  member   {ANNA.removeprefix('member ')}\n" in shown and "  opened   2026-03-02 15:00:00 MSK\n" in shown
    assert PHONE not in line + shown + (told := said(office, "show", id, "--json"))
    assert json.loads(told)["person"] == {"member": "anna", "cards": ["cardanna"], "phone": "+7916***4567"}


def test_a_card_that_nobody_has_is_named_with_the_points_that_it_was_promised(office: Office) -> None:
    id = refused(office)
    (line,) = said(office, "list").splitlines()
    assert f"{id}  refused: nobody has its card  receipt 1  promised 20 points earned  card 2600000000055" in line
    shown = said(office, "show", id)
    assert "  card     2600000000055, which nobody has\n" in shown and "  promised 20 points earned\n" in shown
    told = json.loads(said(office, "show", id, "--json"))
    assert (told["card"], told["card_owner"], told["promised"]) == (
        "2600000000055",
        None,
        {"redeemed": 0, "earned": 20},
    )
    office.join("boris", card="2600000000055")
    assert "card     2600000000055, which is member boris, card 2600000000055\n" in said(office, "show", id)


def test_a_card_that_was_taken_leads_to_its_real_owner(office: Office) -> None:
    office.join(phone=PHONE)
    taken = CardIssued(sale=office.number(), member="new", card="cardanna")
    assert office.take(taken) == ["card_taken"]
    shown = said(office, "show", "refused/t1/1/1")
    assert "its card is somebody else's already" in shown and "member   anna, card cardanna" in shown
    assert lines(office, "--member", "anna") == lines(office, "--member", "cardanna") == ["refused/t1/1/1"]


def test_a_debt_names_the_sales_that_had_spent_the_points(office: Office) -> None:
    """What it came of: not the excess itself, nor what was only owed, nor what came later."""
    id = overspent(office)  # t1 500, then t2 500 of which 100 were there
    office.take(office.sale(spent=70, link="offline"), pen=Pen("t3"))
    assert "  spent    2026-03-02 15:00 MSK: 500 points by receipt 1 at t1 (t1/1/1)\n" in said(office, "show", id)
    third = json.loads(said(office, "show", "debt/t3/1/1", "--json"))["spent_before"]
    assert [(one["operation"], one["points"]) for one in third] == [("t1/1/1", 500), ("t2/1/1", 100)]
    office.grant(1_000)
    office.now += timedelta(hours=1)
    for minutes in range(7):
        assert office.take(office.sale(spent=10), at=NOW + timedelta(minutes=minutes)) == ["applied"]
    office.take(office.sale(spent=1_000), pen=Pen("t4"), at=office.now)
    office.take(office.sale(spent=5), at=office.now)
    office.now += timedelta(hours=1)
    office.grant(1_000)
    office.take(office.sale(spent=100), pen=Pen("t5"), at=office.now)
    last = json.loads(said(office, "show", "debt/t4/1/1", "--json"))["spent_before"]
    assert [one["operation"] for one in last] == [f"t1/1/{number}" for number in range(4, 9)], "the last five"


# settling


def test_again_names_the_operation_that_recorded_it(office: Office) -> None:
    id = refused(office)
    again = (id, "--remedy", "again", "--by", "Olga")
    nothing = said(office, "settle", *again, code=1)
    assert "--operation" in nothing and "Nothing has been recorded since" in nothing
    office.now += timedelta(hours=1)  # after the sale: a card that was his already would have been taken up
    office.join("boris", card="2600000000055")
    assert "Recorded since: hub/1/1 (joined" in (offered := said(office, "settle", *again, code=1)), offered
    for operation, why in (
        ("t1/1/1", "is the one that was refused"),
        ("t9/1/1", "There is no operation 't9/1/1'"),
        ("t1/1/" + "9" * 30, "There is no operation"),
        ("t1/1/" + "9" * 5_000, "There is no operation"),
        ("nonsense", "There is no operation"),
    ):
        assert why in said(office, "settle", *again, "--operation", operation, code=1)
    office.take(office.sale("nobody", earned=1))
    assert "was refused too (unknown_member)" in said(office, "settle", *again, "--operation", "t1/1/2", code=1)
    assert "Only 'again'" in said(office, "settle", id, *again[1:], "--remedy", "accept", "--operation", "x", code=1)
    office.take(office.sale(None, card="2600000000055", earned=20))
    assert "t1/1/3 (receipt 3 of 10.00, 20 earned)" in said(office, "settle", *again, code=1)
    settled = said(office, "settle", *again, "--operation", "t1/1/3")
    assert "see also t1/1/3" in settled and "by Olga: again" in settled
    assert office.verdict().faults == ()


def test_adjust_takes_a_card_and_says_how_many_points_went_to_whom(office: Office) -> None:
    office.join(phone=PHONE)
    id = refused(office)
    adjust = ("settle", id, "--remedy", "adjust", "--by", "Olga", "--points", "20")
    assert "names no member. Say whose points are adjusted: --member CARD, PHONE or ID." in said(
        office, *adjust, code=1
    )
    wrong = said(office, *adjust, "--member", "cardnobody", code=1)
    assert "--member is a card, a phone or an id of a member who is there" in wrong
    settled = said(office, *adjust, "--member", "cardanna")
    assert f"  booked   +20 points, {ANNA}\n" in settled and office.balance() == 20
    (line,) = said(office, "list").splitlines()
    assert line.endswith(f"settled: adjust; +20 points, {ANNA}")
    assert json.loads(said(office, "show", id, "--json"))["adjusted"] == [{"member": "anna", "points": 20}]
    for who in ("cardanna", "anna", PHONE):
        assert lines(office, "--member", who) == [id], "also whose account was adjusted"
    office.join("boris")
    assert lines(office, "--member", "boris") == []
    office.join("petr", programme="perekrestok")
    other = refused(office)
    wrong = said(office, "settle", other, *adjust[2:], "--member", "cardpetr", code=1)
    assert "Member petr is of perekrestok, and the case of alenka." in wrong
    assert office.verdict().faults == ()


def test_a_member_whom_the_ledger_does_not_know_gets_no_points(office: Office) -> None:
    office.join()
    assert office.take(office.sale("new", earned=20)) == ["unknown_member"]
    adjust = ("settle", "refused/t1/1/1", "--remedy", "adjust", "--by", "Olga", "--points", "20")
    wrong = said(office, *adjust, code=1)
    assert "names a member whom the ledger does not know." in wrong
    assert "One person alone adds at most" in said(office, *adjust[:-1], "20000", "--member", "cardanna", code=1)
    assert "booked   +20 points, member anna" in said(office, *adjust, "--member", "cardanna")
