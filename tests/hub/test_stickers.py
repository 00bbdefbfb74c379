"""Stickers in the books: given, spent, taken back, owed; one who goes into another; what tills are told; verify."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from hub.cli import cli
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.people.history import history
from hub.people.orders import NotDone, Order
from hub.people.profile import erase
from hub.people.stickers import correct_stickers
from loyalty.basket import Basket, Line
from loyalty.bodies import (
    Adjustment,
    CouponMade,
    MemberMerged,
    OperationRef,
    Return,
    ReturnedLine,
    ReturnStickers,
    Sale,
    SaleStickers,
    StickersSpent,
)
from loyalty.member import MemberView
from loyalty.operation import read_operation, utc_text
from loyalty.quote import quote
from loyalty.returns import Back, LineReturn, take_back
from loyalty.snapshot import StickerBalance
from loyalty.sold import return_of, sale_of
from tests.hub.conftest import AA, BB, NOW, PROGRAMMES, Office, Pen

AUTUMN, YEAR_BEFORE = "2026-09-01", "2025-09-01"


def sale(office: Office, given: int = 0, spent: int = 0, *, collection: str = AUTUMN, **more: Any) -> Sale:
    """The knife costs 500.00 less for however many."""
    knife = (StickersSpent(offer="knife", count=spent, discount_kopecks=50_000),) if spent else ()
    return office.sale(**{"stickers": SaleStickers(collection=collection, given=given, spent=knife)} | more)


def back(office: Office, of: int, taken: int = 0, restored: int = 0, **more: Any) -> Return:
    fields: dict[str, Any] = {
        "of": OperationRef(chain="t1", generation=1, sequence=of),
        "sold_at": utc_text(office.NOW),
        "member": "anna",
        "lines": (ReturnedLine(id="1", quantity_m=1000, refund_kopecks=100),),
        "refund_kopecks": 100,
        "stickers": ReturnStickers(collection=AUTUMN, taken_back=taken, restored=restored),
    }
    return Return(**fields | more)


def stickers(office: Office, member: str = "anna") -> dict[str, int]:
    return dict(office.rows(f"SELECT collection, stickers FROM stickers WHERE member = '{member}'"))


def cases(office: Office) -> list[tuple[Any, ...]]:
    return office.rows("SELECT sequence, kind, member, cost_kopecks, note FROM cases ORDER BY sequence")


def test_a_balance_is_what_sales_gave_and_spent_and_returns_took_and_gave_back(office: Office) -> None:
    office.join()
    assert office.take(sale(office, 25), sale(office, 3, 20), back(office, 2, 3, 20)) == ["applied"] * 3
    assert office.take(back(office, 1, 5)) == ["applied"]
    assert stickers(office) == {AUTUMN: 20} and cases(office) == [] and office.verdict().faults == ()
    assert office.snapshot().stickers == (StickerBalance(collection=AUTUMN, count=20),)


def test_what_was_spent_beyond_what_there_was_is_owed_and_a_case_with_its_part_of_the_cost(office: Office) -> None:
    """Two tills without a connection: 500.00 for 20 of which 5 were not there; then for 20 of none. What this very
    receipt gives pays nothing of it."""
    office.join()
    assert office.take(sale(office, 35), sale(office, 0, 20)) == ["applied", "applied"]
    assert office.take(sale(office, 7, 20), pen=Pen("t2")) == ["applied"]
    assert office.take(sale(office, 0, 20)) == ["applied"]
    assert cases(office) == [
        (1, "stickers_owed", "anna", 12_500, f"5 {AUTUMN}"),
        (3, "stickers_owed", "anna", 45_000, f"18 {AUTUMN}"),
    ]
    assert stickers(office) == {AUTUMN: -18} and office.verdict().faults == ()
    assert office.snapshot().stickers == (StickerBalance(collection=AUTUMN, count=-18),)


def test_a_return_takes_back_what_was_spent_since_and_that_is_owed_and_nobodys_fault(office: Office) -> None:
    office.join()
    assert office.take(sale(office, 20), sale(office, 0, 20), back(office, 1, 20)) == ["applied"] * 3
    assert stickers(office) == {AUTUMN: -20} and cases(office) == [] and office.verdict().faults == ()


def test_each_collection_has_a_balance_of_its_own(office: Office) -> None:
    office.join()
    office.take(sale(office, 25), sale(office, 4, collection=YEAR_BEFORE))
    assert office.take(sale(office, 0, 5, collection=YEAR_BEFORE)) == ["applied"]
    assert stickers(office) == {AUTUMN: 25, YEAR_BEFORE: -1} and len(cases(office)) == 1
    told = (StickerBalance(collection=YEAR_BEFORE, count=-1), StickerBalance(collection=AUTUMN, count=25))
    assert office.snapshot().stickers == told


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (lambda office: sale(office, 5, member="nobody"), "unknown_member"),
        (lambda office: sale(office, 5, member=None, card="nobodys"), "unknown_card"),
        (lambda office: back(office, 1, 26), "more_than_was_sold"),
        (lambda office: back(office, 1, 0, 1), "more_than_was_sold"),
        (
            lambda office: back(office, 1, stickers=ReturnStickers(collection=YEAR_BEFORE, taken_back=1)),
            "more_than_was_sold",
        ),
        (lambda office: sale(office, 10**13), "bad_amount"),
        (lambda office: sale(office, 5, collection="20260901"), "bad_identity"),
        (lambda office: sale(office, 5, 10**13), "bad_amount"),
        (lambda office: back(office, 1, stickers=ReturnStickers(collection=AUTUMN, restored=10**13)), "bad_amount"),
    ],
)
def test_what_cannot_be_is_refused_and_moves_nothing(office: Office, body: Any, reason: str) -> None:
    office.join()
    office.take(sale(office, 25))
    assert office.take(body(office)) == [reason]
    assert stickers(office) == {AUTUMN: 25} and office.verdict().faults == ()


def test_a_card_alone_says_whose_they_are(office: Office) -> None:
    office.join()
    assert office.take(sale(office, 5, member=None, card="cardanna"), sale(office, 0, 5)) == ["applied"] * 2
    assert stickers(office) == {AUTUMN: 0} and cases(office) == [] and office.verdict().faults == ()
    assert office.snapshot().stickers == ()


def test_of_two_who_are_one_all_is_joined_debts_too(office: Office) -> None:
    office.join()
    office.join("boris")
    office.take(sale(office, 0, 3), sale(office, 25, member="boris"), sale(office, 2, collection=YEAR_BEFORE))
    assert office.born(MemberMerged(member="anna", into="boris")) == "applied"
    assert stickers(office) == {AUTUMN: 0, YEAR_BEFORE: 0}
    assert stickers(office, "boris") == {AUTUMN: 22, YEAR_BEFORE: 2} and office.verdict().faults == ()
    before = len(cases(office))
    assert office.take(sale(office, 1, 22), back(office, 3, stickers=None)) == ["applied"] * 2
    assert stickers(office, "boris")[AUTUMN] == 1 and len(cases(office)) == before
    assert office.verdict().faults == ()


def test_in_one_batch_with_their_merge(office: Office) -> None:
    office.join()
    office.join("boris")
    office.take(sale(office, 10), sale(office, 10, member="boris"))
    bodies = (
        MemberMerged(member="anna", into="boris"),
        Adjustment(member="anna", reason="", stickers=1, collection=AUTUMN),
    )
    assert [answer.result for answer in office.hub.bear("alenka", *bodies, chain="office")] == ["applied"] * 2
    assert stickers(office, "boris") == {AUTUMN: 21} and office.verdict().faults == ()


def test_the_office_puts_them_right(office: Office) -> None:
    office.join()
    right = Adjustment(member="anna", reason="lost album", stickers=7, collection=AUTUMN)
    assert office.born(right, "office") == "applied"
    assert stickers(office) == {AUTUMN: 7} and office.verdict().faults == ()


@pytest.mark.parametrize(
    ("wish", "faults"),
    [
        (
            "UPDATE stickers SET stickers = stickers + 1",
            [f"stickers {AUTUMN} of anna: the ledger holds 26, its entries say 25"],
        ),
        (
            "UPDATE sticker_entries SET stickers = stickers + 1",
            [
                f"stickers t1 1 1 anna {AUTUMN}: the ledger holds +26, the operation says +25",
                f"stickers {AUTUMN} of anna: the ledger holds 25, its entries say 26",
            ],
        ),
        (
            "DELETE FROM stickers",
            [f"stickers {AUTUMN} of anna: the ledger holds 0, its entries say 25"],
        ),
        (
            "INSERT INTO sticker_entries VALUES ('t1', 1, 9, 'anna', '2026-09-01', 5)",
            [
                f"stickers t1 1 9 anna {AUTUMN}: the ledger holds +5, the operation says +0",
                f"stickers {AUTUMN} of anna: the ledger holds 25, its entries say 30",
            ],
        ),
    ],
)
def test_verify_rebuilds_them(office: Office, wish: str, faults: list[str]) -> None:
    office.join()
    office.take(sale(office, 25))
    office.tamper(wish)
    assert list(office.verdict().faults) == faults


def test_what_came_back_at_two_tills_that_knew_nothing_of_each_other_is_put_right(office: Office) -> None:
    """600.00 gave 3; parts of 100.00, 100.00 and 400.00 alone leave 500.00 and 200.00: 1 + 1 + 2 were taken."""
    at, club = datetime(2026, 10, 1, 9, tzinfo=UTC), PROGRAMMES["perekrestok"]
    office.now = at
    office.join(programme="perekrestok")
    milk = Line(id="milk", name="", price_kopecks=10_000, quantity_m=6_000, category="dairy")
    answer = quote(club, Basket(lines=(milk,)), MemberView(), at=at)
    body = sale_of(club, Basket(lines=(milk,)), MemberView(), answer, at, number=office.number(), member="anna")
    pens = [Pen(f"t{number}", club.content_hash) for number in (1, 2, 3)]
    text = pens[0].write(body, programme="perekrestok", at=at)
    assert [answer.result for answer in office.hub.take("t1", [text]).answers] == ["applied"]
    sold = read_operation(text)
    for pen, pieces, taken in zip(pens, (1, 1, 4), (1, 1, 2), strict=True):
        step = take_back(club, sold, Back(), [LineReturn(id="milk", quantity_m=pieces * 1000)])
        back = return_of(club, sold, step, at, number=office.number())
        assert back.stickers is not None and back.stickers.taken_back == taken
        assert office.hub.take(pen.till, [pen.write(back, programme="perekrestok", at=at)]).answers[0].reason is None
    assert stickers(office) == {AUTUMN: 3 - 4}
    office.now += timedelta(minutes=10)
    (returns,) = [job for job in JOBS if job.name == "returns"]
    assert sum(Running(office.hub, page=2).run(returns, office.now)) == 1
    assert stickers(office) == {AUTUMN: 0} and office.verdict().faults == ()
    office.now += timedelta(minutes=10)
    assert sum(Running(office.hub, page=2).run(returns, office.now)) == 0


# what the office sees and orders


def test_the_office_puts_stickers_right_and_sees_them(office: Office) -> None:
    office.join()
    olga, autumn = Order(by="Olga"), date(2026, 9, 1)
    office.take(sale(office, 25), sale(office, 3, 20), back(office, 2, 3, 20))
    done = correct_stickers(office.hub, "anna", 7, olga, "lost album", collection=autumn)
    assert done.words == "Member anna: +7 stickers of 2026-09-01, 32 now."
    correct_stickers(office.hub, "cardanna", -32, olga, "a slip", collection=autumn)
    assert stickers(office) == {AUTUMN: 0} and office.verdict().faults == ()
    with office.hub.store.reading() as reader:
        said = [act.words for act in history(reader, "anna", ["cardanna"])]
        in_russian = [act.words for act in history(reader, "anna", ["cardanna"], "ru")]
    assert "receipt 1 of 10.00, 25 stickers given" in said
    assert "receipt 2 of 10.00, 3 stickers given, 20 stickers for knife" in said
    assert "goods of 1.00 came back, 3 stickers taken back, 20 stickers given back" in said
    assert "corrected: lost album, +7 stickers" in said
    assert "чек 2 на 10,00\xa0₽, наклеек выдано 3, наклеек 20 за knife" in in_russian


@pytest.mark.parametrize(
    ("count", "collection", "why"),
    [
        (-6, date(2026, 9, 1), "has 5 stickers"),
        (0, date(2026, 9, 1), "Say how many"),
        (5, None, "no sticker collection"),
    ],
)
def test_what_cannot_be_put_right_says_why(office: Office, count: int, collection: date | None, why: str) -> None:
    office.join()
    office.take(sale(office, 5))
    with pytest.raises(NotDone, match=why):
        correct_stickers(office.hub, "anna", count, Order(by="Olga"), "r", collection=collection)
    assert stickers(office) == {AUTUMN: 5}


def test_the_command_says_and_shows_them(office: Office) -> None:
    office.join()
    order = ("member", "stickers", "cardanna", "--count", "5", "--collection", AUTUMN, "--reason", "lost album")
    runner = CliRunner()
    for _ in range(2):  # typed twice, it is one
        told = runner.invoke(cli, [*order, "--by", "Olga", "--db", str(office.path)])
        assert told.exit_code == 0, told.output
    assert stickers(office) == {AUTUMN: 5}
    shown = runner.invoke(cli, ["member", "show", "cardanna", "--db", str(office.path)])
    assert f"stickers  5 of the collection of {AUTUMN}" in shown.output


def test_who_is_erased_leaves_his_stickers_in_the_books(office: Office) -> None:
    office.join()
    office.take(sale(office, 5))
    erase(office.hub, "cardanna", Order(by="Olga"), "asked")
    assert stickers(office) == {AUTUMN: 5} and office.verdict().faults == ()


def test_a_coupon_that_a_member_makes_for_stickers_costs_no_debt(office: Office) -> None:
    """P32, by an account that charges stickers; whoever has too few makes none."""
    office.join()
    office.take(sale(office, 25))
    life: dict[str, Any] = {"valid_from": utc_text(NOW), "valid_to": utc_text(NOW + timedelta(days=7))}
    for serial, count, said in ((AA, 20, "applied"), (BB, 6, "not_that_many_stickers"), (BB, 5, "applied")):
        made = CouponMade(serial=serial, campaign="c", member="anna", stickers=count, collection=AUTUMN, **life)
        assert office.born(made, "account") == said
    assert stickers(office) == {AUTUMN: 0} and cases(office) == [] and office.verdict().faults == ()
    assert office.snapshot().stickers == ()
