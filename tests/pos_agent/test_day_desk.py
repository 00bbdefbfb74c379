"""The day at the manager's desk, and the audit log: exact against what was done (R32, SEC7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from loyalty.audit import Fault
from loyalty.day import SAID
from loyalty.programme import Language
from offline_cache.audit import AuditLog
from pos_agent.agent import Agent
from pos_agent.day_told import said_of
from pos_agent.guesses import Guesses
from pos_agent.protocol import BasketLine, Cancel, Code, OpenDrawer, PaperAnswer, Phone, PointsReport
from pos_agent.protocol_day import ShowAudit, ShowDay, ToldDay
from pos_agent.protocol_staff import SignIn, SignOut
from pos_agent.route import EVERYWHERE
from pos_agent.routes import ROUTES
from pos_agent.short_words import SHORT_WORDS
from tests.pos_agent.conftest import Desk
from tests.staffed import ANNA as CASHIER
from tests.staffed import AUDITOR, OLGA, staff_in
from tests.there import there

LANGUAGES: tuple[Language, ...] = ("ru", "en")


@pytest.fixture
def audit(tmp_path: Path) -> AuditLog:
    return AuditLog(tmp_path / "audit")


@pytest.fixture
def staffed(desk: Desk, audit: AuditLog, tmp_path: Path) -> Desk:
    desk.checkout.house.staff = staff_in(tmp_path)
    desk.checkout.house.audit = audit
    desk.checkout.house.guesses = Guesses(timedelta(minutes=5))
    return desk


def badge(desk: Desk, person: Any) -> None:
    assert desk.do(SignIn(badge=person.badge)).code == "signed_in"


def sell(desk: Desk, number: str, card: str | None = None, pieces: int = 3) -> None:
    desk.basket(desk.chocolate(pieces))
    if card is not None:
        desk.code(card)
    assert desk.pay(number).ok


def day(desk: Desk, **how: Any) -> ToldDay:
    told = desk.do(ShowDay(**how)).day
    assert told is not None
    return told


def texts(told: ToldDay) -> dict[str, str]:
    return {line.name: line.text for line in told.counts}


UNKNOWN = BasketLine(id="9", name="Халва", price="100.00", article="H-9")


def test_a_day_is_what_was_sold_by_whose_hands_and_why_it_was_refused(staffed: Desk) -> None:
    """R32: with a member, without one, offline, a stranger's goods, refusals; by cashier, exactly."""
    desk = staffed
    badge(desk, CASHIER)
    sell(desk, "1", desk.ANNA)
    desk.online[0] = False
    sell(desk, "2", desk.BORIS, 1)
    desk.online[0] = True
    sell(desk, "3")
    assert not desk.code("2600000000994").ok and not desk.do(Phone(number="8 916 000-00-00")).ok
    badge(desk, OLGA)
    desk.basket(UNKNOWN)
    desk.code(desk.ANNA)
    desk.pay("4")
    told = day(desk)
    earned = sum(body.accrued.points for number in "124" for body in desk.stored(number))
    assert texts(told) | {"paid": "-"} == {
        "sales": "3",
        "paid": "-",
        "earned": str(earned),
        "spent": "0",
        "offline": "1",
        "offline_share": "33 %",
        "strangers": "0",
        "sales_without_card": "1",
        "paid_without_card": "269.70 ₽",
        "guesses": "2",
    }
    assert [(part.label, part.sales, part.offline) for part in told.people] == [
        (OLGA.name, 1, 0),
        (CASHIER.name, 3, 1),
    ]
    assert [(bar.label, bar.amount) for bar in told.goods] == [("H-9", 1)]
    assert sum(bar.amount for bar in told.refusals) == 2
    assert [(bar.label, bar.text) for bar in told.hours] == [("15", "729.30")], "by the clock of the shop"
    assert told.unsent == 4 and told.rings == ()


def test_what_is_trimmed_stays_counted_and_a_day_of_before_is_read_from_its_operations(staffed: Desk) -> None:
    desk = staffed
    badge(desk, OLGA)
    sell(desk, "1", desk.ANNA)
    before = day(desk)
    with desk.cache.file.transaction() as connection:
        connection.execute("DELETE FROM days")
    assert texts(day(desk)) == texts(before)
    sell(desk, "2", desk.ANNA)
    with desk.cache.file.transaction() as connection:
        connection.execute("DELETE FROM outbox")
        connection.execute("DELETE FROM print_jobs")
        connection.execute("DELETE FROM operations")
    assert texts(day(desk))["sales"] == "1", "what was counted needs no operation"


def test_a_day_needs_the_right_and_one_that_is_none_is_refused(staffed: Desk) -> None:
    assert staffed.do(ShowDay()).code == "sign_in_needed"
    badge(staffed, CASHIER)
    assert staffed.do(ShowDay()).code == "not_allowed" == staffed.do(ShowAudit()).code
    badge(staffed, OLGA)
    assert staffed.do(ShowDay(day="yesterday")).code == "bad_sale"
    assert staffed.do(ShowDay(store=True)).code == "desk_hub_silent"


def test_60_sales_in_a_row_ring_at_the_till_without_the_hub_and_none_is_refused(staffed: Desk) -> None:
    """SEC7: the manager sees it; the cashier is told nothing."""
    desk = staffed
    desk.online[0] = False
    badge(desk, CASHIER)
    for number in range(8):
        sell(desk, str(number), desk.ANNA)
    badge(desk, OLGA)
    rings = day(desk).rings
    assert [ring.split(": ", 1)[1] for ring in rings] == [
        f"6 purchases within a day, up to 5 is usual, by {CASHIER.name}",
        f"4 purchases within an hour at this till, up to 3 is usual, by {CASHIER.name}",
    ]
    assert all("****" in ring and desk.ANNA not in ring for ring in rings)
    audit = desk.checkout.house.audit
    assert audit is not None
    rang = [row for row in audit.newest(50) if row.act == "velocity"]
    assert [(row.fields["rule"], row.fields["sale"], row.who) for row in rang] == [
        ("card_day", "5", CASHIER.id),
        ("card_hour", "3", CASHIER.id),
    ]


def test_guesses_ring_once(staffed: Desk) -> None:
    """SEC7."""
    desk = staffed
    badge(desk, CASHIER)
    for number in range(35):
        desk.now += timedelta(minutes=6)
        desk.do(Phone(number=f"8 916 000-00-{number:02}"))
    badge(desk, OLGA)
    assert any("31 unknown numbers typed in a day, up to 30 is usual" in ring for ring in day(desk).rings)


# who did what


def acts(log: AuditLog) -> list[tuple[str, str, str, dict[str, str]]]:
    return [(row.who, row.act, row.code, row.fields) for row in reversed(log.newest(100))]


def test_everything_that_a_person_does_but_plain_sales_stands_in_the_log(staffed: Desk, audit: AuditLog) -> None:
    desk = staffed
    assert desk.do(SignIn(badge="PS:" + "X" * 26)).code == "wrong_badge"
    assert desk.checkout.handle(Code(text=CASHIER.badge), desk.now).code == "signed_in"
    sell(desk, "1", desk.ANNA)
    desk.basket(desk.chocolate(9))
    desk.do(Cancel(sale="2", day=desk.DAY))
    desk.do(OpenDrawer())
    desk.do(SignOut())
    agent = Agent(desk.checkout, desk.checkout.house.programme, "en", None)
    agent.asked(PaperAnswer(paper=7, came_out=True))
    agent.step(there(agent.take()), desk.now)
    assert acts(audit) == [
        ("", "sign_in", "wrong_badge", {"badge": "…"}),
        (CASHIER.id, "sign_in", "signed_in", {"badge": "…"}),
        (CASHIER.id, "cancel", "cancelled", {"sale": "2", "day": desk.DAY}),
        (CASHIER.id, "drawer", "drawer_without_printer", {}),
        (CASHIER.id, "sign_out", "signed_out", {}),
        ("", "paper", "no_paper_question", {"paper": "7", "came_out": "True"}),
    ]
    text = b"".join(path.read_bytes() for path in audit.folder.glob("*.ndjson"))
    assert CASHIER.badge.encode() not in text and CASHIER.name.encode() not in text


def test_the_desk_shows_the_log_and_names_the_row_that_was_edited(staffed: Desk, audit: AuditLog) -> None:
    desk = staffed
    badge(desk, CASHIER)
    desk.do(OpenDrawer())
    badge(desk, AUDITOR)
    reply = desk.do(ShowAudit(most=2))
    assert reply.code == "audit_told" and reply.audit is not None
    assert [(act.number, act.who, act.act) for act in reply.audit.acts] == [
        (3, AUDITOR.id, "sign_in"),
        (2, CASHIER.id, "drawer"),
    ]
    [month] = audit.folder.glob("*.ndjson")
    month.write_text(month.read_text().replace('"act":"drawer"', '"act":"paper_"'))
    reply = desk.do(ShowAudit())
    assert reply.code == "audit_edited" and "row 2 was edited" in reply.text
    assert audit.faults() == [Fault(2, "edited")]


def test_a_log_that_cannot_be_written_stops_nobody(staffed: Desk, audit: AuditLog) -> None:
    audit.folder.write_text("in the way")
    badge(staffed, CASHIER)
    assert staffed.do(OpenDrawer()).code == "drawer_without_printer"


PLAIN_COMMANDS = {
    *(
        "code",
        "phone",
        "basket",
        "redeem",
        "drop_card",
        "drop_coupon",
        "exchange_stickers",
        "drop_stickers",
        "use_certificate",
        "drop_certificate",
        "certificate_balance",
        "prepare",
        "pay",
        "balance",
        "put_aside",
    ),
    *("take_up", "points_report", "x_report", "day", "audit"),
}


def test_what_is_not_in_the_log_is_named_here() -> None:
    """A command that somebody adds stands in it, unless he says otherwise in two places."""
    from pos_agent.audited import PLAIN

    assert {str(kind.__struct_config__.tag) for kind in PLAIN} == PLAIN_COMMANDS


def test_the_report_says_it_by_cashier_and_why_the_till_refused(staffed: Desk) -> None:
    """R32: what is printed at the end of a shift."""
    desk = staffed
    badge(desk, CASHIER)
    sell(desk, "1", desk.ANNA)
    sell(desk, "2")
    desk.code("2600000000994")
    badge(desk, OLGA)
    sell(desk, "3", desk.BORIS)
    report = desk.do(PointsReport(show=True)).text
    lines = [" ".join(line.split()) for line in report.splitlines()]
    assert "By cashiers: receipts, paid" in lines and "Refused at the till" in lines
    assert f"{OLGA.name} 1, 269.70" in lines and f"{CASHIER.name} 2, 539.40" in lines
    assert lines.count("earned / redeemed 5 / 0") == 2


def test_a_card_that_rang_pays_with_no_points_where_the_programme_says_so_and_earns(staffed: Desk) -> None:
    """SEC7."""
    desk, house = staffed, staffed.checkout.house
    strict = replace(house.programme, velocity=replace(house.programme.velocity, deny_redeem=True))
    badge(desk, CASHIER)
    for number in range(4):
        sell(desk, str(number), desk.ANNA)
    desk.basket()
    assert desk.code(desk.ANNA).told is not None
    for programme, reason in ((house.programme, None), (strict, "card_rang")):
        house.programme = programme
        desk.do(Cancel())
        desk.basket()
        told = desk.code(desk.ANNA).told
        assert told is not None and told.limit is not None and told.limit.reason == reason
        assert told.accrued.points > 0
    desk.now += timedelta(days=1, seconds=1)
    badge(desk, CASHIER)
    desk.do(Cancel())
    desk.basket()
    told = desk.code(desk.ANNA).told
    assert told is not None and told.limit is not None and told.limit.reason is None


def test_every_refusal_has_a_name_as_a_reason() -> None:
    for code in {code for route in ROUTES for code in route.refused} | set(EVERYWHERE):
        for language in LANGUAGES:
            [bar] = said_of({f"{SAID}{code}": 1}, language)
            assert "{" not in bar.label and (bar.label != code or code not in SHORT_WORDS), code


def test_a_days_counts_that_cannot_be_read_stop_no_sale(staffed: Desk) -> None:
    badge(staffed, OLGA)
    sell(staffed, "1")
    with staffed.cache.file.transaction() as connection:
        connection.execute("UPDATE days SET counts = '{\"sales\": 1'")
    sell(staffed, "2")
    assert texts(day(staffed))["sales_without_card"] == "1", "the day begins anew with it"
