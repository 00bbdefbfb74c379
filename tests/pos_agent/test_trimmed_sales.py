"""E2, C13: a sale that is trimmed is one sale still; what is asked of it is said in words, and never a crash."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import apsw
import pytest

from config.programmes import load_programme
from loyalty.operation import Key, hash_operation
from offline_cache.print_jobs import PaperEvent
from offline_cache.records import Answer, Page
from offline_cache.trimming import TERM, Trimming
from pos_agent.answers import Reply
from pos_agent.hub_holds import Silence
from pos_agent.hub_state import hub_status, open_cases, refused_operations, rows_set_aside
from pos_agent.protocol import BasketLine, Pay, PointsReport, Prepare, Reprint, ReturnGoods, SetBasket, SoldReceipt
from pos_agent.shown import shown_done
from sync.worker import SyncState
from tests.offline_cache.conftest import Till
from tests.pos_agent.conftest import PHONE_KEY, Desk
from tests.there import there

STEPS_MORE = 40  # of SQLite's machine: the tree of an index is one deeper
LATELY = 70  # papers that are looked back at: there are so many

LONG = TERM + timedelta(days=2)


def answer_and_print(desk: Desk) -> None:
    waiting = desk.cache.outbox(10_000)
    desk.cache.answered([Answer(key=key, hash=hash_operation(text), result="applied") for key, text in waiting])
    print_all(desk)


def print_all(desk: Desk) -> None:
    papers = desk.cache.print_jobs
    while (job := papers.oldest_open()) is not None:
        papers.happened(papers.begin(job), PaperEvent.PROVED, proof="process_id")


def copied(desk: Desk, covered: int) -> None:
    desk.cache.changes.apply(
        Page(
            members=[],
            used_coupons=[],
            coupon_keys={},
            phone_hash_key=PHONE_KEY,
            watermark=Key(1, covered),
            cursor="6",
            pulled_at=desk.now,
            covered=[Key(1, covered)],
        )
    )


@pytest.fixture
def later(desk: Desk) -> Desk:
    """Two sales, of a shift; the first is trimmed, and a month has gone by."""
    for sale in ("41", "42"):
        desk.code(desk.ANNA)
        desk.basket()
        assert desk.do(Pay(sale=sale, shift="7")).code == "recorded"
    answer_and_print(desk)
    copied(desk, 2)
    desk.now += LONG
    while desk.cache.trimming.some(desk.now, TERM):
        pass
    assert desk.cache.operation(Key(1, 1)) is None
    return desk


def count(desk: Desk) -> int:
    ends = desk.cache.own_chain.ends()
    return ends[-1].sequence


def test_c13_told_again_after_a_month_it_is_asked_about_and_not_recorded(later: Desk) -> None:
    later.basket()
    said = later.do(Pay(sale="41", shift="7"))
    assert (said.ok, said.code) == (False, "sale_number_taken")
    assert "is recorded under the number 41, so long ago" in said.text and count(later) == 2
    assert later.do(Pay(sale="41", shift="8")).code == "no_member"


def test_c13_before_the_money_it_is_said_too(later: Desk) -> None:
    later.do(SetBasket(sale="41", shift="7", lines=(later.chocolate(1),)))
    assert later.do(Prepare(sale="41", shift="7")).code == "sale_number_taken"
    assert later.do(Prepare(sale="41", shift="7", another=True)).code == "prepared"


def test_c13_another_sale_under_its_number_is_recorded_with_the_moment(later: Desk) -> None:
    later.basket()
    assert later.do(Pay(sale="41", shift="7", another=True)).code == "no_member"
    operation = there(later.cache.operation(Key(1, 3)))
    assert operation.body.sale.again != ""  # type: ignore[union-attr]


def back(desk: Desk, of: SoldReceipt) -> Reply:
    return desk.do(ReturnGoods(of=of, whole=True))


def test_goods_of_a_trimmed_sale_are_not_taken_back_and_it_is_said_where_they_are(later: Desk) -> None:
    said = back(later, SoldReceipt(sale="41", shift="7"))
    assert (said.code, "too long ago" in said.text, "pos-hub member show" in said.text) == ("no_such_sale", True, True)
    assert back(later, SoldReceipt(sale="40", shift="7")).text.startswith("This till has no receipt 40")
    assert back(later, SoldReceipt(sale="42", shift="7")).code == "return_prepared", "the last one is whole"


def test_the_code_on_its_paper_is_known(later: Desk) -> None:
    digest = there(later.cache.own_chain.hash_at(Key(1, 1)))
    said = back(later, SoldReceipt(code=f"po:till-1:1:1:{digest[:16]}"))
    assert (said.code, "too long ago" in said.text) == ("no_such_sale", True)


def test_its_fiscal_receipt_is_said_to_be_too_old(later: Desk) -> None:
    said = back(later, SoldReceipt(code="t=20260302T1500&s=1.00&fn=9960440300000001&i=123&fp=2712345678&n=1"))
    assert (said.code, "receipts of its day are too old" in said.text) == ("no_such_fiscal", True)


def test_its_paper_and_the_report_of_its_day_are_with_the_hub(later: Desk) -> None:
    said = later.do(Reprint(sale="41", day=later.DAY))
    assert (said.code, "its paper no longer" in said.text) == ("no_such_receipt", True)
    said = later.do(PointsReport(day=later.DAY, show=True))
    assert (said.code, "pos-hub export day" in said.text) == ("day_long_ago", True)


# bytes and steps

GOODS = ("Молоко пастеризованное 3,2% 930 мл", "Хлеб «Дарницкий» нарезка 350 г", "Бананы", "Сок яблочный 1 л")
SOLD = 150
BYTES_MAX = 1_500


def ten_lines(chance: random.Random) -> tuple[BasketLine, ...]:
    return tuple(
        BasketLine(
            id=str(number),
            name=chance.choice(GOODS),
            price=f"{chance.randrange(30, 900)}.{chance.choice(('00', '50', '99'))}",
            quantity=chance.choice(("1", "2", "3")),
            category=chance.choice(("dairy", "sweets", "bread")),
            article=str(chance.randrange(10**5, 10**6)),
            barcode=str(chance.randrange(46 * 10**11, 47 * 10**11)),
            tax="vat10",
        )
        for number in range(1, 11)
    )


def sell(desk: Desk, first: int, count: int) -> None:
    chance = random.Random(5)
    for number in range(first, first + count):
        desk.code(desk.ANNA)
        desk.basket(*ten_lines(chance))
        assert desk.pay(str(number)).code == "recorded"


def pages(desk: Desk) -> int:
    with desk.cache.file.reading() as connection:
        return int(connection.execute("SELECT sum(pgsize) FROM dbstat").get)


def test_e2_a_sale_of_ten_lines_with_its_paper_is_a_kilobyte_and_a_half(desk: Desk) -> None:
    before = pages(desk)
    sell(desk, 1, SOLD)
    answer_and_print(desk)
    assert (pages(desk) - before) / SOLD <= BYTES_MAX


def record(desk: Desk, first: int, count: int) -> None:
    """Sales with a paper, of a day that is over."""
    till = Till.__new__(Till)
    till.cache = desk.cache
    for number in range(first, first + count):
        till.sell(number, member=None)


def looked_at(desk: Desk) -> dict[str, int]:
    """The status's statements, with how many steps of SQLite's machine each took."""
    steps: dict[str, int] = {}

    def done(event: dict[str, Any]) -> None:
        steps[event["sql"]] = steps.get(event["sql"], 0) + event["stmt_status"]["SQLITE_STMTSTATUS_VM_STEP"]

    cache, programme = desk.cache, load_programme("alenka")
    with cache.file.reading() as connection:  # the one that is taken again for each look
        connection.trace_v2(apsw.SQLITE_TRACE_PROFILE, done)
    hub_status("", SyncState(), cache, Silence(), now=desk.now)
    cache.outbox_length(), refused_operations(cache), rows_set_aside(cache), open_cases(cache, programme, "en")
    cache.print_jobs.counts(), cache.print_jobs.proofs(), cache.print_jobs.lately_proved()
    cache.print_jobs.open_kick(), cache.print_jobs.to_do(), cache.print_jobs.in_question()
    shown_done(cache, "en", programme)
    cache.shifts.of("2026-03-01"), cache.trimming.some(desk.now, TERM)
    connection.trace_v2(0, None)
    return steps


def test_e2_what_the_status_costs_does_not_grow_with_the_operations(desk: Desk) -> None:
    """Neither with answered ones, nor with such as wait for the hub."""
    record(desk, 1, LATELY)
    answer_and_print(desk)
    record(desk, 1_000, 2)
    few = looked_at(desk)
    record(desk, 2_000, 3 * SOLD)
    answer_and_print(desk)
    record(desk, 3_000, 3 * SOLD)
    print_all(desk)
    record(desk, 4_000, 2)
    desk.cache.trimming = Trimming(desk.cache.file, desk.cache.till)
    many = looked_at(desk)
    assert few and few.keys() == many.keys()
    assert {sql: (steps, many[sql]) for sql, steps in few.items() if many[sql] > steps + STEPS_MORE} == {}
