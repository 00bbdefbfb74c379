"""Papers that are asked for: copies of receipts, the report of a shift. On a real file."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import pytest

from config.printers import load_printer
from drivers.printer.document import from_json
from drivers.printer.preview import render
from loyalty.bodies import Sale, SaleNumber
from loyalty.operation import Key, Store, hash_operation
from loyalty.snapshot import CardSnapshot, LotSnapshot, MemberSnapshot
from offline_cache.cache import Rules
from offline_cache.packed import unpack
from offline_cache.print_jobs import PaperEvent
from offline_cache.records import Answer, Page
from pos_agent.checkout import Checkout
from pos_agent.protocol import (
    BasketLine,
    Code,
    IssueCard,
    PaperAnswer,
    Pay,
    PointsReport,
    Redeem,
    ReissueCard,
    Reprint,
    ReturnGoods,
    SetBasket,
    SoldReceipt,
    XReport,
    read_command,
)
from pos_agent.visit import VisitState, state_of
from tests.pos_agent.conftest import Desk
from tests.there import there

# pytest gives `desk` (conftest.py): a Checkout on a real file, programme alenka, cashier's language English.


def sell(desk: Desk, sale: str, **line: Any) -> None:
    desk.code(desk.ANNA)
    desk.basket(*([BasketLine(**({"id": "1", "name": "Набор", "category": "gifts"} | line))] if line else []))
    assert desk.pay(sale).ok


def jobs(desk: Desk) -> list[tuple[str, str, str]]:
    with desk.cache.file.reading() as connection:
        found: list[tuple[str, str, str]] = connection.execute(
            "SELECT kind, label, state FROM print_jobs ORDER BY job"
        ).fetchall()
    return found


def print_next(desk: Desk, *events: PaperEvent) -> None:
    """What a printer would do with the oldest job."""
    job = desk.cache.print_jobs.begin(there(desk.cache.print_jobs.oldest_open()))
    for event in events or (PaperEvent.PROVED,):
        desk.cache.print_jobs.happened(job, event)


# copies


def test_the_last_receipt_is_copied_as_it_is(desk: Desk) -> None:
    for sale in ("1", "2"):
        sell(desk, sale)
        print_next(desk)
    reply = desk.do(Reprint())
    assert (reply.ok, reply.code, "receipt 2" in reply.text) == (True, "copy_queued", True)
    assert jobs(desk)[-1] == ("copy", "2", "queued")
    copy = there(desk.cache.print_jobs.oldest_open())
    original = there(desk.cache.print_jobs.receipt_of(there(copy.key)))
    assert (copy.document, copy.key) == (original.document, (1, 2))


@pytest.mark.parametrize("day", [None, "2026-03-02"])
def test_any_receipt_is_copied_by_the_number_of_its_sale(desk: Desk, day: str | None) -> None:
    for sale in ("1", "2"):
        sell(desk, sale)
        print_next(desk)
    assert desk.do(Reprint(sale="1", day=day)).code == "copy_queued"
    assert jobs(desk)[-1] == ("copy", "1", "queued")


def test_a_copy_is_not_the_last_receipt(desk: Desk) -> None:
    for sale in ("1", "2"):
        sell(desk, sale)
        print_next(desk)
    desk.do(Reprint(sale="1"))
    print_next(desk)
    desk.do(Reprint())
    assert jobs(desk)[-1] == ("copy", "2", "queued")


@pytest.mark.parametrize(
    "command, code",
    [
        (Reprint(), "no_receipt_yet"),
        (Reprint(sale="1"), "no_such_receipt"),
        (Reprint(sale="1", day="2026-03-01"), "no_such_receipt"),
        (Reprint(sale="1", day="yesterday"), "bad_sale"),
        (Reprint(day="2026-03-02"), "bad_sale"),
    ],
)
def test_what_is_not_there_is_not_copied(desk: Desk, command: Reprint, code: str) -> None:
    reply = desk.do(command)
    assert (reply.ok, reply.code, jobs(desk)) == (False, code, [])


def test_the_number_of_another_day_is_another_sale(desk: Desk) -> None:
    sell(desk, "1")
    print_next(desk)
    assert desk.do(Reprint(sale="1", day="2026-03-01")).code == "no_such_receipt"
    desk.now += timedelta(days=1)
    assert desk.do(Reprint(sale="1")).code == "no_such_receipt"
    assert desk.do(Reprint(sale="1", day="2026-03-02")).code == "copy_queued"


def test_of_two_pos_with_one_number_each_gets_its_own_copy_and_a_person_the_newest(desk: Desk) -> None:
    """Also a sale that is known by its shift is found by its number and day."""
    for pos, card in (("left", desk.ANNA), ("right", desk.BORIS)):
        for command in (Code(text=card), SetBasket(lines=(desk.chocolate(3),)), Pay(sale="1", shift="7")):
            desk.checkout.handle(command, desk.now, pos=pos)
        print_next(desk)
    for pos, key in (("left", (1, 1)), ("right", (1, 2)), ("", (1, 2))):
        assert desk.checkout.handle(Reprint(sale="1"), desk.now, pos=pos).code == "copy_queued"
        assert there(desk.cache.print_jobs.oldest_open()).key == key
        print_next(desk)


def claims(desk: Desk, prints: Literal["asked", "never"]) -> None:
    """As the programme wants it."""
    rules = replace(desk.checkout.house.programme.claims, prints=prints)
    desk.checkout.house.programme = replace(desk.checkout.house.programme, claims=rules)


def test_a_sale_without_a_card_never_had_a_paper(desk: Desk) -> None:
    claims(desk, "never")
    desk.basket()
    assert desk.pay("1").ok
    reply = desk.do(Reprint(sale="1"))
    assert reply.code == "sale_without_paper" and "without a card" in reply.text


def test_a_sale_without_a_card_says_that_its_points_wait_until_all_of_it_is_back(desk: Desk) -> None:
    desk.basket()
    assert desk.pay("1").ok
    first = shown(desk, "receipt")
    assert any("Можно получить" in line for line in first) and any("по 01.04.2026" in line for line in first)
    print_next(desk)
    assert desk.do(Reprint(sale="1")).code == "copy_queued" and shown(desk, "copy") == first
    print_next(desk)
    assert desk.do(ReturnGoods(of=SoldReceipt(sale="1"), whole=True, paid=True, sale="R1")).ok
    assert desk.do(Reprint(sale="1")).code == "copy_queued"
    assert not any("Можно получить" in line for line in shown(desk, "copy"))


def test_where_the_guest_has_to_ask_the_paper_comes_when_he_does(desk: Desk) -> None:
    claims(desk, "asked")
    desk.basket()
    assert desk.pay("1").ok and desk.cache.print_jobs.last_receipt() is None
    assert desk.do(Reprint(sale="1")).code == "claim_queued"
    assert any("Можно получить" in line for line in shown(desk, "receipt"))
    assert desk.do(Reprint(sale="1")).code == "receipt_not_out", "once"


def test_cards_issued_under_one_number_by_two_pos_are_two_members(desk: Desk) -> None:
    for pos, blank in (("left", desk.BLANK), ("right", desk.BLANK_2)):
        for command in (SetBasket(lines=(desk.chocolate(12),)), IssueCard(card=blank), Pay(sale="1")):
            assert desk.checkout.handle(command, desk.now, pos=pos).ok
    members = [there(desk.cache.members.card(blank)).member for blank in (desk.BLANK, desk.BLANK_2)]
    assert len(set(members)) == 2


def test_papers_are_by_the_clock_of_the_store(desk: Desk) -> None:
    """15:00 in Moscow, by which the programme lives, is 17:00 in Yekaterinburg."""
    desk.cache.store = Store(id="s1", timezone="Asia/Yekaterinburg")
    sell(desk, "1")
    desk.do(PointsReport())
    assert any("02.03.2026 17:00" in line for line in shown(desk, "receipt"))
    assert any("02.03.2026 17:00" in line for line in shown(desk, "report"))


def test_a_copy_of_a_paper_in_question_asks_the_question(desk: Desk) -> None:
    sell(desk, "1")
    print_next(desk, PaperEvent.LOST)
    ask = there(desk.do(Reprint()).ask)
    job = there(desk.cache.print_jobs.oldest_open()).job
    assert [there(choice.command) for choice in ask.answers] == [
        PaperAnswer(paper=job, came_out=True),
        PaperAnswer(paper=job, came_out=False),
    ]


@pytest.mark.parametrize(
    "events, code",
    [
        (None, "receipt_not_out"),
        ((PaperEvent.SENT,), "receipt_not_out"),
        ((PaperEvent.INTERRUPTED,), "receipt_not_out"),
        ((PaperEvent.LOST,), "receipt_in_question"),
    ],
)
def test_a_receipt_that_is_not_out_is_not_copied(desk: Desk, events: Any, code: str) -> None:
    sell(desk, "1")
    if events:
        print_next(desk, *events)
    assert desk.do(Reprint()).code == code
    assert desk.do(Reprint(sale="1")).code == code
    assert len(jobs(desk)) == 1


def test_five_presses_at_an_empty_printer_are_one_copy(desk: Desk) -> None:
    sell(desk, "1")
    print_next(desk)
    codes = [desk.do(Reprint()).code for _ in range(5)]
    assert codes == ["copy_queued", *["copy_not_out"] * 4]
    print_next(desk)
    assert desk.do(Reprint()).code == "copy_queued"


def test_a_copy_in_the_middle_of_a_visit_changes_nothing_of_it(desk: Desk) -> None:
    sell(desk, "1")
    print_next(desk)
    desk.code(desk.BORIS)
    before = desk.checkout.visit
    assert desk.do(Reprint()).ok and desk.do(PointsReport()).ok
    assert desk.checkout.visit is before and state_of(before) is VisitState.MEMBER


# forms


def test_a_new_card_brings_its_form_after_the_receipt(desk: Desk) -> None:
    desk.basket()
    desk.do(IssueCard(card=desk.BLANK))
    desk.pay("1")
    assert jobs(desk) == [("receipt", "1", "queued"), ("slip", "****0116", "queued")]
    assert desk.BLANK in "\n".join(shown(desk, "slip"))
    assert desk.BLANK not in "\n".join(shown(desk, "receipt"))


def test_a_replaced_card_brings_its_form_too(desk: Desk) -> None:
    desk.code(desk.BORIS)
    desk.do(ReissueCard(new_card=desk.BLANK))
    desk.pay("1")
    assert jobs(desk) == [("receipt", "1", "queued"), ("slip", "****0116", "queued")]
    text = "\n".join(shown(desk, "slip"))
    assert desk.BORIS not in text and "****0024" in text and desk.BLANK in text


def test_of_a_blocked_card_the_receipt_says_so_and_of_the_one_that_replaces_it_nothing(desk: Desk) -> None:
    """Whether the new card may redeem is the hub's to say."""
    desk.code(desk.BLOCKED)
    desk.basket()
    desk.pay("1")
    assert "Карта заблокирована" in shown(desk, "receipt")
    assert not any(line.startswith("Баланс") for line in shown(desk, "receipt")), "it may be a finder"
    desk.code(desk.BLOCKED)
    desk.do(ReissueCard(new_card=desk.BLANK))
    desk.pay("2")
    assert not {"Карта заблокирована", "Для списания нужна регистрация"} & set(shown(desk, "receipt"))


def test_what_expires_next_is_carried_on_from_sale_to_sale(desk: Desk) -> None:
    """The hub's word: 1,000 of Boris's 5,000 die on the last day of May."""
    begun, end = "2026-01-01T00:00:00.000000+00:00", "2026-05-31T21:00:00.000000+00:00"
    lots = (
        LotSnapshot(id="a", points=1_000, active_from=begun, expires_at=end),
        LotSnapshot(id="b", points=4_000, active_from=begun),
    )
    boris = MemberSnapshot(member="boris", lots=lots, cards=(CardSnapshot(number=desk.BORIS, status="active"),))
    desk.cache.changes.apply(
        Page(
            members=[boris],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=bytes(32),
            watermark=Key(1, 0),
            cursor="6",
            pulled_at=desk.now,
        )
    )
    said = []
    for sale, points in (("1", 0), ("2", 400), ("3", 599), ("4", 1)):
        desk.code(desk.BORIS)
        desk.basket(BasketLine(id="1", name="Набор", price="2000.00", category="gifts"))
        desk.do(Redeem(points=points))
        desk.pay(sale)
        said.append([line.split()[-2:] for line in shown(desk, "receipt") if line.startswith("Сгорит 31.05.2026")])
    assert said == [[["000", "бонусов"]], [["600", "бонусов"]], [["1", "бонус"]], []]


# the report


def shown(desk: Desk, kind: str) -> list[str]:
    with desk.cache.file.reading() as connection:
        (document,) = connection.execute(
            "SELECT document FROM print_jobs WHERE kind = ? ORDER BY job DESC", (kind,)
        ).fetchone()
    return render(from_json(unpack(document)), replace(load_printer(), columns=32, width_dots=384))


# 1000 + 900 with the coupon + 1000 + 700 after 300 bonuses + the fee of 50 + 359.60; 2 % of each but the fee.
REPORT = """\
          A l e n k a
          Sweet shops
--------------------------------
   Points report of the shift
Till till-1           02.03.2026
Made at         02.03.2026 20:00
--------------------------------
Sales with a card              6
Redeemed             300 bonuses
  worth                   300.00
Accrued               59 bonuses
  hub refused         20 bonuses
Paid in money            4009.60
Cards issued                   1
Cards replaced                 1
Coupons used                   1
Made offline                   1
  redeemed offline        300.00
--------------------------------
Waiting for the hub            5
Refused by the hub             1
  for receipt 3
         there is no such member
Not printed                    7
Printed or not: unclear        1
"""


def test_sales_without_a_card_have_a_sum_of_their_own(desk: Desk) -> None:
    sell(desk, "1", price="1000.00", category="gifts")
    for sale, price in (("2", "300.00"), ("3", "50.50")):
        desk.basket(BasketLine(id="1", name="Набор", price=price, category="gifts"))
        desk.pay(sale)
    lines = [line.split() for line in desk.do(PointsReport(show=True)).text.splitlines()]
    kept = [
        (line[:-1], line[-1]) for line in lines if line[:2] in (["Sales", "with"], ["Sales", "without"], ["Paid", "in"])
    ]
    assert [value for _, value in kept] == ["1", "1000.00", "2", "350.50"]


def busy_day(desk: Desk) -> None:
    sell(desk, "1", price="1000.00", category="gifts")
    desk.code(desk.ANNA)
    assert desk.code(desk.coupon()).ok
    sell(desk, "2", price="1000.00", category="gifts")
    sell(desk, "3", price="1000.00", category="gifts")
    desk.online[0] = False
    desk.code(desk.BORIS)
    desk.basket(BasketLine(id="1", name="Набор", price="1000.00", category="gifts"))
    desk.do(Redeem())
    desk.pay("4")
    desk.online[0] = True
    desk.code(desk.BORIS)
    desk.do(ReissueCard(new_card=desk.BLANK_2))
    desk.pay("5")
    desk.basket(desk.chocolate(4))
    desk.do(IssueCard(card=desk.BLANK))
    desk.pay("6")


def test_the_report_counts_what_happened(desk: Desk) -> None:
    busy_day(desk)
    print_next(desk, PaperEvent.LOST)  # somebody must say whether the first one came out
    for sequence, result, reason in ((1, "applied", None), (2, "applied", None), (3, "refused", "unknown_member")):
        key = Key(1, sequence)
        digest = hash_operation(dict(desk.cache.outbox(9))[key])
        desk.cache.answered([Answer(key=key, hash=digest, result=result, reason=reason)])
    desk.now += timedelta(hours=5)
    assert desk.do(PointsReport()).code == "report_queued"
    assert jobs(desk)[-1] == ("report", "02.03.2026", "queued")
    *text, _cut = shown(desk, "report")
    assert "\n".join(line.rstrip() for line in text) + "\n" == REPORT


def test_a_day_without_sales_is_a_report_of_zeros_and_says_no_more(desk: Desk) -> None:
    reply = desk.do(PointsReport(day="2026-02-01", show=True))
    assert reply.code == "report_shown" and jobs(desk) == []
    assert "01.02.2026" in reply.text
    assert [line.split()[-1] for line in reply.text.splitlines() if line.startswith("Sales")] == ["0"]
    assert "Cards" not in reply.text and "Made offline" not in reply.text


def test_the_report_of_a_day_is_of_that_day(desk: Desk) -> None:
    sell(desk, "1", price="1000.00", category="gifts")
    desk.now += timedelta(days=1)
    assert "Sales with a card                        0" in desk.do(PointsReport(show=True)).text
    assert "Sales with a card                        1" in desk.do(PointsReport(day="2026-03-02", show=True)).text


def test_a_day_that_is_none_is_refused(desk: Desk) -> None:
    assert desk.do(PointsReport(day="2026-02-30")).code == "bad_sale"


def test_the_report_waits_behind_the_receipts_and_can_be_asked_about(desk: Desk) -> None:
    sell(desk, "1")
    desk.do(PointsReport())
    assert [kind for kind, _, _ in jobs(desk)] == ["receipt", "report"]
    assert not isinstance(read_command(b'{"do": "points_report"}'), PaperAnswer)


@pytest.mark.parametrize(
    "body, command",
    [
        (b'{"do": "reprint"}', Reprint()),
        (b'{"do": "reprint", "sale": "1", "day": null}', Reprint(sale="1")),
        (b'{"do": "points_report", "day": "2026-03-02", "show": true}', PointsReport(day="2026-03-02", show=True)),
        (b'{"do": "x_report", "day": "2026-03-02"}', XReport(day="2026-03-02")),
    ],
)
def test_the_commands_as_json(body: bytes, command: Any) -> None:
    assert read_command(body) == command


def test_l5_a_pos_that_still_asks_for_an_x_report_gets_the_points_report(desk: Desk) -> None:
    """L5: the X-report is the fiscal device's; ours has none of its words."""
    reply = desk.do(read_command(b'{"do": "x_report", "show": true}'))
    assert reply.code == "report_shown" and "Points report of the shift" in reply.text
    assert "x-" not in reply.text.lower() and "x report" not in reply.text.lower()


def test_what_certificates_paid_stands_apart_in_the_report(desk: Desk) -> None:
    sale = Sale(
        sale=SaleNumber(day="2026-03-02", number="1"),
        member="anna",
        card=None,
        link="online",
        lines=(),
        total_kopecks=1_000_00,
        paid_kopecks=700_00,
    )
    rules = Rules(programme="alenka", programme_hash="a" * 64)
    desk.cache.record([sale], sale=sale.sale, rules=rules, papers=lambda made: [], at=desk.now)
    text = desk.do(PointsReport(show=True)).text
    assert "For a total of                     1000.00" in text
    assert "Paid in money                       700.00" in text


@pytest.mark.parametrize(("day", "told"), [("2026-12-01", False), ("2026-12-02", True), ("2027-01-05", True)])
def test_the_report_says_in_time_that_the_tables_of_least_prices_end(desk: Desk, day: str, told: bool) -> None:
    """Afterwards alcohol takes neither points nor discounts, and somebody would wonder why."""
    text = desk.do(PointsReport(day=day, show=True)).text
    assert ("Alcohol prices to" in text) == ("31.12.2026" in text) == told


def test_a_till_without_a_printer_makes_no_papers_that_would_wait_for_ever(desk: Desk) -> None:
    desk.checkout = Checkout(
        desk.cache,
        desk.checkout.house.programme,
        language="en",
        receipt_language="ru",
        is_online=lambda: True,
        prints=False,
    )
    desk.basket()
    desk.code(desk.ANNA)
    assert desk.pay("7").code == "recorded"
    assert desk.do(Reprint()).code == desk.do(PointsReport()).code == "paper_without_printer"
    assert desk.do(PointsReport(show=True)).code == "report_shown"
    assert sum(desk.cache.print_jobs.counts().values()) == 0
