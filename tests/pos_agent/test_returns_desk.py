"""Goods that come back to the till that sold them: found, told, recorded once, printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace as replace_fields

from config.programmes import load_programme, load_source
from drivers.printer.document import QR, from_json
from drivers.printer.preview import render
from loyalty.bodies import Return, SaleNumber
from loyalty.operation import Key, hash_operation
from loyalty.programme import PerStepAccrual
from loyalty.snapshot import MemberSnapshot
from offline_cache.cache import Cache
from offline_cache.records import Answer, Page
from pos_agent.answers import Reply, ToldReturn
from pos_agent.checkout import Checkout
from pos_agent.desks.papers import SCREEN
from pos_agent.errands import Desk as Asked
from pos_agent.protocol import (
    BasketLine,
    Cancel,
    Code,
    FiscalDocument,
    Pay,
    PointsReport,
    Redeem,
    ReissueCard,
    ReturnedGoods,
    ReturnGoods,
    SetBasket,
    SoldReceipt,
)
from pos_agent.staff.caller import Caller
from storage.sqlite_file import FileError
from tests.pos_agent.conftest import Desk
from tests.there import there


def back(desk: Desk, *lines: ReturnedGoods, number: str | None = None, **other: Any) -> Reply:
    """`number` is the POS's own of the return; it is of sale 1 unless said."""
    of = other.pop("of", SoldReceipt(sale="1", day=desk.DAY))
    reply: Reply = desk.do(ReturnGoods(of=of, lines=lines, sale=number, **other))
    return reply


def goods(id: str, quantity: str | None = None, *pieces: str) -> ReturnedGoods:
    return ReturnedGoods(id=id, quantity=quantity, pieces=pieces)


def sold(desk: Desk, sale: str = "1", points: int | None = None, card: str | None = None, **pay: Any) -> Reply:
    """Three chocolates and some sweets, 494.90."""
    desk.code(card or desk.ANNA)
    desk.basket()
    desk.do(Redeem(points=points))
    reply: Reply = desk.do(Pay(sale=sale, day=desk.DAY, **pay))
    return reply


def view(reply: Reply) -> ToldReturn:
    assert isinstance(reply.returned, ToldReturn), reply
    return reply.returned


def returns(desk: Desk) -> list[Return]:
    """As they are recorded."""
    with desk.cache.file.reading() as connection:
        rows = connection.execute("SELECT generation, sequence FROM operations WHERE kind = 'return'").fetchall()
    bodies = (there(desk.cache.operation(Key(*row))).body for row in rows)
    return [body for body in bodies if isinstance(body, Return)]


def test_the_first_step_says_money_points_and_balance_and_records_nothing(desk: Desk) -> None:
    sold(desk)  # 150 of 494.90 by points, 344.90 paid, 6 accrued
    reply = back(desk, goods("1", "1"))
    told = view(reply)
    assert (reply.ok, reply.code) == (True, "return_prepared")
    assert (told.refund, told.restored, told.clawed_back, told.balance) == ("62.65", 27, 1, 32)
    assert (told.tenders.money, told.tenders.certificate, told.withheld) == ("62.65", "0.00", "0.00")
    assert [(line.id, line.quantity, line.refund) for line in told.lines] == [("1", "1", "62.65")]
    assert told.lines[0].positions[0].price == "62.65", "which stands in the receipt of the sale"
    assert reply.text == (
        "Of receipt 1 refund 62.65\N{NO-BREAK SPACE}₽. Redeemed points back: 27 bonuses. Earned points taken: "
        "1 bonus. The balance will be 32 bonuses."
    )
    assert returns(desk) == [] and desk.points("anna") == 6


def test_a_return_that_is_paid_is_recorded_as_it_was_told(desk: Desk) -> None:
    sold(desk)
    told = view(back(desk, goods("1", "1")))
    reply = desk.do(ReturnGoods(quote=told.quote, paid=True, sale="R1", day=desk.DAY))
    assert (reply.ok, reply.code) == (True, "return_recorded")
    (body,) = returns(desk)
    assert body.sale == SaleNumber(day=desk.DAY, number="R1") and body.of_sale == SaleNumber(day=desk.DAY, number="1")
    assert body.refund_kopecks == 6_265
    assert (body.restored.points, body.clawed_back.points, desk.points("anna")) == (27, 1, 32)
    assert [(line.id, line.quantity_m) for line in body.lines] == [("1", 1000)]


def test_points_lots_and_money_are_as_before_when_all_is_back(desk: Desk) -> None:
    before = there(desk.cache.members.member("anna")).standing(load_programme("alenka")).account
    sold(desk)
    steps = [(goods("1", "1"),), (goods("2", "0.347"), goods("1", "1")), (goods("1", "1"),)]
    refunds = [view(back(desk, *lines, paid=True, number=f"R{n}")).refund for n, lines in enumerate(steps)]
    assert sum(int(refund.replace(".", "")) for refund in refunds) == 34_490
    after = there(desk.cache.members.member("anna")).standing(load_programme("alenka")).account
    assert (desk.points("anna"), after.debt) == (150, 0)
    assert [(lot.points, lot.expires_at) for lot in after.lots] == [(lot.points, lot.expires_at) for lot in before.lots]
    assert back(desk, whole=True).code == "all_came_back"
    assert back(desk, goods("1", "1")).code == "bad_return"


def test_the_whole_sale_is_undone_in_one_step(desk: Desk) -> None:
    """A bank card was declined after `pay`; the next try may redeem as much as the first."""
    sold(desk)
    told = view(back(desk, whole=True))
    assert (told.refund, told.restored, told.clawed_back) == ("344.90", 150, 6)
    assert desk.do(ReturnGoods(quote=told.quote, paid=True, sale="R1")).ok
    assert desk.points("anna") == 150
    sold(desk, "2")
    assert desk.points("anna") == 6


def test_an_undone_sale_gives_the_days_limit_back(desk: Desk) -> None:
    """Offline the day allows so many points; a declined bank card must not use them up."""
    desk.online[0] = False
    sold(desk, card=desk.BORIS)
    first = desk.stored("1")[0].redeemed.points
    assert first > 0
    back(desk, whole=True, paid=True, number="R1")
    sold(desk, "2", card=desk.BORIS)
    assert desk.stored("2")[0].redeemed.points == first
    (body,) = returns(desk)
    assert (body.link, body.sold_offline) == ("offline", True)


# told again


def test_the_same_return_told_twice_is_one(desk: Desk) -> None:
    """The answer was lost; all of it comes again, with its quote or with what it says."""
    sold(desk)
    told = view(back(desk, goods("1", "1")))
    first = desk.do(ReturnGoods(quote=told.quote, paid=True, sale="R1", day=desk.DAY))
    for again in (
        ReturnGoods(quote=told.quote, paid=True, sale="R1", day=desk.DAY),
        ReturnGoods(quote=told.quote, paid=True, sale="R1"),
        ReturnGoods(of=SoldReceipt(sale="1"), lines=(goods("1", "1"),), paid=True, sale="R1", day=desk.DAY),
        ReturnGoods(of=SoldReceipt(sale="1"), lines=(goods("1", "1"),), sale="R1"),
        ReturnGoods(paid=True, sale="R1"),
    ):
        reply = desk.do(again)
        assert (reply.ok, reply.code) == (True, "return_recorded_before"), again
        assert view(reply) == view(first)
    assert len(returns(desk)) == 1 and desk.points("anna") == 32


def test_the_same_return_over_midnight_is_one(desk: Desk) -> None:
    """R05's kind: without its day, some seconds into the next one."""
    sold(desk)
    desk.now = desk.now.replace(hour=20, minute=59, second=58)  # 23:59:58 in Moscow
    back(desk, goods("1", "1"), paid=True, number="R1")
    desk.now += timedelta(seconds=5)
    assert back(desk, goods("1", "1"), paid=True, number="R1").code == "return_recorded_before"
    desk.now += timedelta(hours=13)
    assert back(desk, goods("1", "1"), paid=True, number="R1").code == "return_recorded", "a number of another day"


def test_another_return_under_a_known_number_is_said_and_not_recorded(desk: Desk) -> None:
    """R04's kind."""
    sold(desk)
    back(desk, goods("1", "1"), paid=True, number="R1")
    for paid in (False, True):
        other = back(desk, goods("1", "2"), paid=paid, number="R1")
        assert (other.ok, other.code, view(other).refund) == (False, "return_number_taken", "62.65")
    assert len(returns(desk)) == 1
    confirmed = back(desk, goods("1", "2"), paid=True, number="R1", another=True)
    assert (confirmed.ok, len(returns(desk))) == (True, 2)
    second = returns(desk)[1].sale
    assert second is not None and second.again


def test_another_return_told_again_is_one(desk: Desk) -> None:
    """Its answer was lost too: with its quote, or with what it says."""
    sold(desk)
    back(desk, goods("1", "1"), paid=True, number="R1")
    told = view(back(desk, goods("2", "0.347"), number="R1", another=True))
    first = ReturnGoods(quote=told.quote, paid=True, sale="R1", another=True)
    assert desk.do(first).code == "return_recorded"
    for again in (
        first,
        ReturnGoods(of=SoldReceipt(sale="1"), lines=(goods("2", "0.347"),), paid=True, sale="R1", another=True),
    ):
        assert desk.do(again).code == "return_recorded_before"
    assert len(returns(desk)) == 2


def test_two_promises_of_one_sale_are_both_kept(desk: Desk) -> None:
    """Told side by side, paid one after another: money as told, and all is undone in the end."""
    coupon = desk.coupon()
    desk.code(desk.ANNA)
    desk.basket()
    desk.code(coupon)
    desk.do(Redeem())
    desk.pay("1")
    one, other = (view(back(desk, *lines)) for lines in ((goods("1", "3"),), (goods("2", "0.347"),)))
    assert desk.do(ReturnGoods(quote=one.quote, paid=True, sale="R1")).ok
    reply = desk.do(ReturnGoods(quote=other.quote, paid=True, sale="R2"))
    assert (reply.ok, view(reply).refund, view(reply).coupons) == (True, other.refund, ("ten-percent",))
    assert [one.kind for one in returns(desk)[1].deviations] == ["quote_kept"]
    assert (desk.points("anna"), back(desk, whole=True).code) == (150, "all_came_back")


def test_returns_may_be_numbered_as_sales_are(desk: Desk) -> None:
    """A POS that counts its returns apart from its sales has both a sale 1 and a return 1."""
    sold(desk)
    assert back(desk, goods("1", "1"), paid=True, number="1").code == "return_recorded"
    assert sold(desk, "1").code == "recorded_before"
    assert back(desk, goods("1", "1"), paid=True, number="1").code == "return_recorded_before"


def test_a_promise_that_was_told_is_kept_when_the_goods_came_back_meanwhile(desk: Desk) -> None:
    """Two windows, one receipt: the money is gone, so it is recorded; points do not move twice."""
    sold(desk)
    one, other = (view(back(desk, whole=True)) for _ in range(2))
    assert desk.do(ReturnGoods(quote=one.quote, paid=True, sale="R1")).ok
    reply = desk.do(ReturnGoods(quote=other.quote, paid=True, sale="R2"))
    assert (reply.ok, reply.code) == (True, "return_recorded_twice") and "Call the manager" in reply.text
    second = returns(desk)[1]
    assert (second.refund_kopecks, second.restored.points, second.clawed_back.points) == (34_490, 0, 0)
    assert [(one.kind, one.cost_kopecks) for one in second.deviations] == [("came_back_twice", 34_490)]
    assert desk.points("anna") == 150
    assert back(desk, whole=True).code == "all_came_back"


def test_goods_that_came_back_twice_move_points_once_however_often(desk: Desk) -> None:
    """Four promises for the halves of one sale, all of them paid: two were too many."""
    desk.code(desk.BORIS)
    lines = tuple(
        BasketLine(id=id, name="Т", price=price, category="tea") for id, price in (("1", "500"), ("2", "400"))
    )
    desk.do(SetBasket(lines=lines))
    desk.do(Redeem())
    desk.pay("1")
    promises = [view(back(desk, goods(id, "1"))) for id in ("1", "1", "2", "2")]
    for number, told in enumerate(promises):
        assert desk.do(ReturnGoods(quote=told.quote, paid=True, sale=f"R{number}")).ok
    recorded = returns(desk)
    assert [one.restored.points > 0 for one in recorded] == [True, False, True, False]
    assert sum(one.restored.points for one in recorded) == 450 and desk.points("boris") == 5_000
    assert [[one.kind for one in each.deviations] for each in recorded] == [
        [],
        ["came_back_twice"],
        [],
        ["came_back_twice"],
    ]
    assert min(one.qualifying_kopecks for one in recorded) == 0
    assert back(desk, whole=True).code == "all_came_back"
    desk.checkout.house.cache.reopen()  # what was written is read again


def test_a_declined_bank_card_leaves_the_receipts_number_free(desk: Desk) -> None:
    """The sale is undone and paid again under its number: that is another sale, and its points are spent."""
    sold(desk)
    back(desk, whole=True, paid=True, number="R1")
    desk.do(SetBasket(sale="1", day=desk.DAY, lines=(desk.chocolate(3), desk.SWEETS)))
    desk.do(Code(sale="1", day=desk.DAY, text=desk.ANNA))
    desk.do(Redeem(sale="1", day=desk.DAY))
    again = desk.do(Pay(sale="1", day=desk.DAY))
    assert (again.ok, again.code, desk.points("anna")) == (True, "recorded", 6)
    assert desk.do(Pay(sale="1", day=desk.DAY)).code == "recorded_before"
    assert view(back(desk, goods("1", "1"))).refund == "62.65", "and goods come back of the second one"


@pytest.mark.parametrize("paid", [False, True])
@pytest.mark.parametrize(
    ("command", "why"),
    [
        (ReturnGoods(of=SoldReceipt(sale="1", day=Desk.DAY), lines=(goods("1", "3"),)), "only 2 can still come back"),
        (ReturnGoods(lines=(goods("1", "2"),)), "receipt"),
    ],
    ids=["too many", "of which"],
)
def test_nobody_is_asked_whether_it_is_another_of_one_that_could_not_come_back_either(
    desk: Desk, command: ReturnGoods, why: str, *, paid: bool
) -> None:
    """Random walk, seed 778166843: «yes» was answered with a refusal. The code is the same, and the text says both."""
    sold(desk)
    back(desk, goods("1", "1"), paid=True, number="R1")
    refused = desk.do(replace_fields(command, sale="R1", paid=paid))
    assert (refused.ok, refused.code, refused.ask) == (False, "return_number_taken", None)
    assert "Another return is recorded under the number R1" in refused.text and why in refused.text
    good = back(desk, goods("1", "2"), paid=paid, number="R1")
    assert good.code == "return_number_taken" and desk.do(there(there(good.ask).answers[0].command)).ok


def test_the_whole_under_the_number_of_a_part_is_another_return(desk: Desk) -> None:
    """R04's kind: else the cashier gives out money that nobody records."""
    sold(desk)
    back(desk, goods("1", "1"), paid=True, number="R1")
    assert back(desk, whole=True, paid=True, number="R1").code == "return_number_taken"
    back(desk, whole=True, paid=True, number="R2")
    assert back(desk, whole=True, paid=True, number="R2").code == "return_recorded_before"


def test_a_promise_is_of_its_own_sale_and_number(desk: Desk) -> None:
    sold(desk)
    sold(desk, "2", points=0)
    told = view(back(desk, goods("1", "1")))
    of_two = SoldReceipt(sale="2", day=desk.DAY)
    assert desk.do(ReturnGoods(quote=told.quote, of=of_two, paid=True, sale="R1")).code == "return_quote_of_another"
    assert desk.do(ReturnGoods(quote=told.quote, paid=True, sale="R1")).ok
    assert desk.do(ReturnGoods(quote=told.quote, paid=True, sale="R2")).code == "return_quote_of_another"
    assert len(returns(desk)) == 1


def test_a_promise_kept_before_the_process_ended_is_known_by_its_id(desk: Desk) -> None:
    """kill -9 between the commit and the note that it was kept; the POS tells it again under another number."""
    sold(desk)
    told = view(back(desk, goods("1", "1")))
    kept = there(desk.checkout.house.find_quote(there(told.quote)))
    desk.do(ReturnGoods(quote=told.quote, paid=True, sale="R1"))
    desk.checkout.house.keep_quote(there(told.quote), "", kept, desk.now)
    again = desk.do(ReturnGoods(quote=told.quote, paid=True, sale="R1"))
    assert (again.code, bool(view(again).tail)) == ("return_recorded_before", True)
    desk.do(ReturnGoods(quote=told.quote, paid=True, sale="R9"))
    assert len(returns(desk)) == 1


def test_another_receipt_of_the_same_sum_and_time_is_not_taken_for_ours(desk: Desk) -> None:
    """Ours has a fiscal document of its own, and it is not the one in hand."""
    sold(desk, fiscal=(FISCAL,))
    foreign = "t=20260302T1502&s=344.90&fn=7777078900000001&i=5000&fp=1&n=1"
    assert back(desk, whole=True, of=SoldReceipt(code=foreign)).code == "no_such_fiscal"


def test_a_promise_of_a_sale_that_the_hub_refused_since_moves_no_points(desk: Desk) -> None:
    sold(desk)
    told = view(back(desk, whole=True))
    (key, text) = desk.cache.outbox(1)[0]
    desk.cache.answered([Answer(key=key, hash=hash_operation(text), result="refused", reason="unknown_member")])
    assert desk.do(ReturnGoods(quote=told.quote, paid=True, sale="R1")).ok
    (body,) = returns(desk)
    assert (body.refund_kopecks, body.restored.points, body.clawed_back.points) == (34_490, 0, 0)


def test_a_sale_under_rules_that_the_till_no_longer_has_comes_back_by_todays(desk: Desk) -> None:
    """A file of before there was a shelf: the money is a fact, and the office sees the deviation."""
    sold(desk)
    newer = replace(load_programme("alenka"), content_hash="n" * 64)
    later = Checkout(desk.cache, newer, language="en", receipt_language="ru", is_online=lambda: True)
    command = ReturnGoods(of=SoldReceipt(sale="1", day=desk.DAY), whole=True, paid=True, sale="R1")
    reply = later.handle(command, desk.now)
    assert (reply.code, view(reply).refund, view(reply).restored) == ("return_recorded", "344.90", 150)
    assert [one.kind for one in returns(desk)[0].deviations] == ["rules_unknown"]
    assert "this is by those of today" in reply.text


def test_a_return_touches_nothing_of_the_receipt_in_front(desk: Desk) -> None:
    sold(desk)
    desk.code(desk.BORIS)
    desk.basket()
    before = desk.checkout.receipts
    back(desk, goods("1", "1"))
    back(desk, goods("1", "1"), paid=True, number="R1")
    assert desk.checkout.receipts == before
    assert desk.pay("2").ok and desk.stored("2")[0].member == "boris"


# which receipt


@pytest.fixture
def code_of(desk: Desk) -> Callable[[str], str]:
    """The QR on our paper of a sale."""

    def code(sale: str) -> str:
        job = there(desk.cache.print_jobs.last_receipt())
        document = from_json(job.document)
        return next(block.data for block in document.blocks if isinstance(block, QR))

    return code


def test_the_code_on_our_paper_finds_the_sale(desk: Desk, code_of: Callable[[str], str]) -> None:
    sold(desk)
    assert view(back(desk, whole=True, of=SoldReceipt(code=code_of("1")))).refund == "344.90"
    back(desk, goods("1", "1"), paid=True, number="R1")
    on_the_returns_paper = code_of("R1")
    assert view(back(desk, whole=True, of=SoldReceipt(code=on_the_returns_paper))).refund == "282.25"


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        ("po:till-9:1:1:0123456789abcdef", "sold_elsewhere"),
        ("po:till-1:1:77:0123456789abcdef", "no_such_sale"),
        ("po:till-1:1:1:0123456789abcdef", "no_such_sale"),  # the hash of another till's life
        ("2600000000017", "no_receipt_code"),
        ("t=20260302T1500&s=344.90&fn=1&i=9&fp=9&n=2", "not_a_sales_receipt"),
        ("t=20260302T1200&s=344.90&fn=1&i=9&fp=9&n=1", "no_such_fiscal"),
    ],
)
def test_a_code_of_no_sale_here_is_refused_in_words(desk: Desk, code: str, refused: str) -> None:
    sold(desk)
    reply = back(desk, whole=True, of=SoldReceipt(code=code))
    assert (reply.ok, reply.code, reply.returned) == (False, refused, None)


FISCAL = FiscalDocument(
    device="0001", document="00012", sign="0352220716", at="2026-03-02T15:00:00+03:00", sum="344.90"
)


def test_the_fiscal_receipts_qr_finds_the_sale(desk: Desk) -> None:
    """By the document that the POS told of with the payment or after it; zeros in front mean nothing."""
    sold(desk, fiscal=(FISCAL,))
    sold(desk, "2", points=0)
    desk.do(Pay(sale="2", day=desk.DAY, fiscal=(replace_fiscal(document="13"),)))
    for document, refund in (("12", "344.90"), ("13", "494.90")):
        qr = f"t=20260302T2359&s=1.00&fn=9999078900000001&i={document}&fp=352220716&n=1"
        assert view(back(desk, whole=True, of=SoldReceipt(code=qr))).refund == refund


def replace_fiscal(**changed: Any) -> FiscalDocument:
    fields = {name: getattr(FISCAL, name) for name in FISCAL.__struct_fields__}
    return FiscalDocument(**fields | changed)


def test_a_fiscal_qr_that_the_pos_never_told_of_finds_the_one_sale_of_its_sum_and_time(desk: Desk) -> None:
    sold(desk)
    qr = "t=20260302T1503&s=344.90&fn=9999078900000001&i=12&fp=352220716&n=1"
    assert view(back(desk, whole=True, of=SoldReceipt(code=qr))).sale == "1"
    late = qr.replace("T1503", "T1506")
    assert back(desk, whole=True, of=SoldReceipt(code=late)).code == "no_such_fiscal"
    sold(desk, "2", card=desk.BORIS, points=150)  # the same sum, a moment later
    assert back(desk, whole=True, of=SoldReceipt(code=qr)).code == "no_such_fiscal", "two fit: neither is guessed"


def test_a_receipts_code_scanned_at_the_counter_says_what_it_is(desk: Desk, code_of: Callable[[str], str]) -> None:
    sold(desk)
    assert desk.code(code_of("1")).code == "receipt"
    assert desk.code("t=20260302T1503&s=344.90&fn=9999078900000001&i=12&fp=352220716&n=1").code == "receipt"


@pytest.mark.parametrize(
    ("command", "refused"),
    [
        (ReturnGoods(of=SoldReceipt(sale="9", day="2026-03-02"), whole=True), "no_such_sale"),
        (ReturnGoods(of=SoldReceipt(sale="1", day="2026-03-01"), whole=True), "no_such_sale"),
        (ReturnGoods(of=SoldReceipt(), whole=True), "which_receipt"),
        (ReturnGoods(whole=True), "which_receipt"),
        (ReturnGoods(quote="gone", paid=True, sale="R1"), "unknown_return_quote"),
        (ReturnGoods(of=SoldReceipt(sale="1"), whole=True, paid=True), "return_needs_number"),
        (ReturnGoods(of=SoldReceipt(sale="1")), "nothing_comes_back"),
        (ReturnGoods(of=SoldReceipt(sale="1"), whole=True, tender="money"), "return_needs_reason"),
        (ReturnGoods(of=SoldReceipt(sale="1"), whole=True, reason="x" * 201), "bad_reason"),
        (ReturnGoods(of=SoldReceipt(sale="1"), lines=(goods("9", "1"),)), "bad_return"),
        (ReturnGoods(of=SoldReceipt(sale="1"), lines=(goods("1", "4"),)), "bad_return"),
        (ReturnGoods(of=SoldReceipt(sale="1"), lines=(goods("1", "one"),)), "bad_return"),
    ],
)
def test_what_cannot_come_back_is_refused_and_changes_nothing(desk: Desk, command: ReturnGoods, refused: str) -> None:
    sold(desk)
    reply = desk.do(command)
    assert (reply.ok, reply.code) == (False, refused)
    assert returns(desk) == [] and desk.points("anna") == 6


def test_more_than_was_sold_is_said_with_what_is_left(desk: Desk) -> None:
    sold(desk)
    back(desk, goods("1", "2"), paid=True, number="R1")
    assert back(desk, goods("1", "2")).text == "The return was refused: lines[0].quantity: only 1 can still come back."


def test_a_sale_of_last_year_is_undone_under_last_years_rules(desk: Desk) -> None:
    """The programme changed since: what was earned then is taken back as it was earned."""
    sold(desk, points=0)  # 494.90 earned 9 at 2 %
    programme = load_programme("alenka")
    desk.cache.programmes.keep(programme.content_hash, load_source("alenka"))
    newer = replace(programme, content_hash="n" * 64, accrual=PerStepAccrual(step_kopecks=100, points=1))
    later = Checkout(desk.cache, newer, language="en", receipt_language="ru", is_online=lambda: True)
    command = ReturnGoods(of=SoldReceipt(sale="1", day=desk.DAY), whole=True, paid=True, sale="R1")
    reply = later.handle(command, desk.now + timedelta(days=300))
    assert (reply.ok, view(reply).clawed_back) == (True, 9)


# pieces, coupons, cards, members


def test_a_marked_piece_comes_back_at_its_own_price(desk: Desk) -> None:
    """L4: three marked things for 149.90 each less 100: 116.56 and 2 x 116.57."""
    line = BasketLine(id="1", name="Т", price="149.90", quantity="3", category="chocolate", pieces=("k1", "k2", "k3"))
    desk.code(desk.ANNA)
    desk.do(SetBasket(lines=(line,)))
    told = there(desk.do(Redeem(points=100)).told)
    prices = [position.price for position in told.lines[0].positions]
    assert prices == ["116.56", "116.57", "116.57"]
    desk.pay("1")
    answer = view(back(desk, goods("1", None, "k2"), paid=True, number="R1"))
    assert (answer.refund, answer.lines[0].positions[0].piece) == ("116.57", "k2")
    assert back(desk, goods("1", None, "k2")).code == "bad_return"
    assert view(back(desk, goods("1", None, "k1"))).refund == "116.56"
    assert back(desk, goods("1", "1")).code == "bad_return", "it must say which"


def test_a_coupon_comes_back_when_nothing_of_the_sale_remains(desk: Desk) -> None:
    """R28: in many steps; its QR works again, and the paper says so."""
    coupon = desk.coupon()
    desk.code(desk.ANNA)
    desk.basket()
    desk.code(coupon)
    desk.pay("1")
    assert desk.code(coupon).code == "coupon_used"
    assert view(back(desk, goods("1", "3"), paid=True, number="R1")).coupons == ()
    assert desk.code(coupon).code == "coupon_used"
    told = view(back(desk, goods("2", "0.347"), paid=True, number="R2"))
    assert told.coupons == ("ten-percent",)
    assert "Купон снова ваш: Скидка 10" in paper(desk)
    desk.do(Cancel())
    desk.basket()
    assert desk.code(coupon).code == "coupon_taken"


def test_the_fee_of_a_card_comes_back_with_the_whole_sale_and_the_card_stays(desk: Desk) -> None:
    desk.code(desk.BORIS)
    desk.basket()
    desk.do(ReissueCard(new_card=desk.BLANK))
    paid = desk.pay("1")
    assert paid.ok
    reply = back(desk, whole=True)
    assert view(reply).lines[-1].id == "card-reissue"
    assert view(reply).cards == ("****0116",)
    assert "Card ****0116, which this receipt gave out, stays valid." in reply.text


def test_a_sale_that_the_hub_refused_gives_only_money_back(desk: Desk) -> None:
    sold(desk)
    (key, text) = desk.cache.outbox(1)[0]
    answer = Answer(key=key, hash=hash_operation(text), result="refused", reason="unknown_member")
    desk.cache.answered([answer])
    reply = back(desk, whole=True)
    assert (view(reply).refund, view(reply).restored, view(reply).clawed_back) == ("344.90", 0, 0)
    assert "The hub refused that receipt" in reply.text


def test_a_merged_member_is_said(desk: Desk) -> None:
    sold(desk)
    desk.cache.changes.apply(
        Page(
            members=[MemberSnapshot(member="anna", cards=(), status="merged")],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=bytes(32),
            watermark=Key(1, 1),
            cursor="9",
            pulled_at=None,
        )
    )
    assert "The member's account went into another one" in back(desk, whole=True).text


def test_a_sale_without_a_member_gives_money_back_without_a_paper(desk: Desk) -> None:
    desk.basket()
    desk.pay("1")
    paper = desk.cache.print_jobs.last_receipt()
    reply = back(desk, goods("1", "1"), paid=True, number="R1")
    assert (view(reply).refund, view(reply).balance) == ("89.90", None)
    assert desk.cache.print_jobs.last_receipt() == paper
    assert reply.text == "Return R1 is recorded: 89.90\N{NO-BREAK SPACE}₽ of receipt 1."


def test_points_that_were_spent_since_become_a_debt_and_that_is_said(desk: Desk) -> None:
    """R33's kind: why the balance is below nothing."""
    sold(desk, points=0)
    sold(desk, "2")  # spends all of it
    reply = back(desk, goods("1", "3"), goods("2", "0.347"), paid=True, number="R1")
    left = view(reply).balance
    assert left is not None and left < 0
    assert "what was earned is spent already, the next purchases pay it" in reply.text
    assert "Долг погасят новые покупки" in paper(desk)


def test_a_balance_that_only_the_hub_can_tell_is_not_made_up(desk: Desk) -> None:
    """What the sale earned has died since: how much of it was spent before is not known here."""
    sold(desk, points=0)
    desk.now += timedelta(days=800)
    reply = back(desk, whole=True, paid=True, number="R1")
    assert (view(reply).clawed_back, view(reply).balance) == (9, None)
    assert "the hub will tell the balance" in reply.text
    assert "Баланс уточнится" in paper(desk)


def test_the_report_of_the_shift_has_what_came_back(desk: Desk) -> None:
    sold(desk)
    back(desk, goods("1", "1"), paid=True, number="R1")
    text = desk.do(PointsReport(day=desk.DAY, show=True)).text
    rows = [line.split() for line in text.splitlines()]
    assert ["Refunded", "in", "money", "62.65"] in rows and ["Given", "back", "27", "bonuses"] in rows
    assert ["Taken", "back", "1", "bonus"] in rows and ["Returns", "1"] in rows


def paper(desk: Desk) -> str:
    """The last one, as a person reads it."""
    job = there(desk.cache.print_jobs.last_receipt())
    return "\n".join(render(from_json(job.document), SCREEN))


def test_a_return_at_a_full_disk_is_told_and_nothing_happened(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sold(desk)

    def full(*args: Any, **words: Any) -> None:
        raise FileError("the disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(Cache, "record", full)
        assert back(desk, whole=True, paid=True, number="R1").code == "not_recorded"
    assert back(desk, whole=True, paid=True, number="R1").code == "return_recorded"


def test_a_return_outlives_the_process(desk: Desk) -> None:
    """What was told before kill -9 is found by its id afterwards, when there is a second file; without one, it is told
    with all that it says."""
    sold(desk)
    told = view(back(desk, goods("1", "1")))
    fresh = Checkout(desk.cache, load_programme("alenka"), language="en", receipt_language="ru", is_online=lambda: True)
    lost = fresh.handle(ReturnGoods(quote=told.quote, paid=True, sale="R1"), desk.now)
    assert lost.code == "unknown_return_quote"
    whole = ReturnGoods(quote=told.quote, of=SoldReceipt(sale="1"), lines=(goods("1", "1"),), paid=True, sale="R1")
    assert fresh.handle(whole, desk.now).code == "return_recorded"


@pytest.mark.parametrize("days", [-2, 2])
def test_r04_a_return_told_again_under_its_key_is_the_recorded_one_whatever_the_clock_says_since(
    desk: Desk, days: int
) -> None:
    """As a sale is (seed 20017 of the simulated chain): a POS that names no promise, and a till whose clock is moved
    before it has answered."""
    sold(desk)
    named, pos = Asked(asked="k1"), Caller()
    some = ReturnGoods(of=SoldReceipt(sale="1", day=desk.DAY), lines=(goods("1", "1"),), paid=True, sale="R1")
    told = [desk.checkout.ask(some, desk.now + timedelta(days=later), 0, pos, named) for later in (0, days)]
    assert [isinstance(one, Reply) and one.code for one in told] == ["return_recorded", "return_recorded_before"]


def test_no_code_of_a_return_is_a_members(desk: Desk) -> None:
    assert isinstance(desk.do(Code(text="po:till-1:1:1:0123456789abcdef")), Reply)
    assert desk.checkout.visit.who is None
