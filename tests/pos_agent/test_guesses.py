"""SEC9: whoever tries numbers at a till has to wait, is counted, and learns nothing meanwhile; who sells goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from loyalty.bodies import SaleNumber
from pos_agent.guesses import FREE, PAUSES_S, WITHIN, Guesses
from pos_agent.protocol import Balance, Code, IssueCard, Phone, PointsReport, Redeem
from sync.protocol import MemberNow, Watermark
from tests.pos_agent.conftest import ANNA, BORIS, DAY, Desk

UNKNOWN = [f"26000000{number:04}" for number in range(700, 740)]


def ean(number: str) -> str:
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(number))
    return number + str(-weighed % 10)


NOBODYS = [ean(number) for number in UNKNOWN]


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.checkout.house.guesses = Guesses()
    return desk


def tries(desk: Desk, many: int, start: int = 0) -> None:
    for number in NOBODYS[start : start + many]:
        assert desk.code(number).code == "unknown_card"


def test_sec9_after_five_unknown_cards_nothing_typed_is_looked_up_for_a_while(desk: Desk) -> None:
    tries(desk, FREE)
    for command in (Code(text=ANNA), Phone(number="+79161234567"), Balance(text=ANNA), Balance(phone="+79161234567")):
        reply = desk.do(command)
        assert (reply.code, reply.ok) == ("guessing", False) and "20 s" in reply.text
    desk.now += timedelta(seconds=19)
    assert desk.code(ANNA).text.startswith("Many unknown numbers in a row: wait 1 s")
    desk.now += timedelta(seconds=1)
    assert desk.code(ANNA).code == "member_found"


def test_sec9_the_pause_grows_and_ends_when_nobody_guesses(desk: Desk) -> None:
    tries(desk, FREE)
    waited = []
    for turn in range(len(PAUSES_S) + 1):
        wait = desk.checkout.house.guesses.pause_s(desk.now)  # type: ignore[union-attr]
        waited.append(wait)
        desk.now += timedelta(seconds=wait)
        tries(desk, 1, FREE + turn)
    assert waited == [*PAUSES_S, PAUSES_S[-1]]
    desk.now += WITHIN
    tries(desk, FREE - 1, 20)
    assert desk.code(ANNA).code == "member_found"


def test_sec9_phones_count_and_what_was_typed_twice_counts_once(desk: Desk) -> None:
    for _ in range(9):
        assert desk.do(Phone(number="+79990000000")).code == "unknown_phone"
    for digit in range(1, FREE):
        assert desk.do(Phone(number=f"+7999000000{digit}")).code == "unknown_phone"
    assert desk.do(Phone(number="+79161234567")).code == "guessing"


def test_sec9_what_a_scanner_reads_is_no_guess_and_is_read_while_others_wait(desk: Desk) -> None:
    for number in NOBODYS:
        assert desk.do(Code(text=number, scanner="counter")).code == "unknown_card"
    assert desk.code(ANNA).code == "member_found"
    tries(desk, FREE)
    assert desk.do(Code(text=BORIS, scanner="counter")).code == "member_found"
    assert desk.basket().ok and desk.pay("1").ok


@pytest.mark.parametrize("text", ["4600000000015", "2600000000018", "26000000000", "не карта"])
def test_sec9_goods_and_slips_of_a_finger_are_no_guesses(desk: Desk, text: str) -> None:
    for _ in range(FREE * 2):
        assert desk.code(text).code in ("goods", "check_digit", "length", "not_ours")
    assert desk.code(ANNA).code == "member_found"


def test_sec9_that_a_card_is_taken_is_what_a_thief_wants_to_know(desk: Desk) -> None:
    assert desk.basket().ok
    for card in (ANNA, BORIS, desk.LOST, desk.FRESH, desk.BLOCKED):
        assert desk.do(IssueCard(card=card)).code == "card_not_blank"
    assert desk.do(IssueCard(card=desk.BLANK)).code == "guessing"


def test_sec9_it_is_counted_in_the_days_report_also_after_a_start(desk: Desk) -> None:
    tries(desk, 3)
    report = desk.do(PointsReport(show=True)).text
    assert "Unknown numbers typed" in report and desk.cache.shifts.of(desk.DAY).guesses == 3
    desk.now += timedelta(days=1)
    tries(desk, 1, 5)
    assert desk.cache.shifts.of("2026-03-03").guesses == 1


def test_sec9_where_the_hub_is_asked_its_word_counts(desk: Desk) -> None:
    """Guests of other shops are no guesses."""
    from pos_agent.inquiry import Heard, Inquiry

    asked: list[Inquiry] = []
    desk.checkout.house.inquire = asked.append
    with desk.cache.file.transaction() as connection:
        connection.execute("INSERT INTO settings VALUES ('scope', 'shop:s1')")
    for number in NOBODYS[:9]:
        assert desk.do(Balance(text=number)).code == "unknown_card"
    assert len(asked) == 9 and desk.checkout.house.guesses.pause_s(desk.now) == 0  # type: ignore[union-attr]
    nobody = MemberNow(watermark=Watermark(generation=1, sequence=0), at=desk.now.isoformat())
    for inquiry in asked[:FREE]:
        desk.checkout.heard(Heard(inquiry=inquiry, now=nobody), desk.now)
    assert desk.code(ANNA).code == "guessing"


def test_a_thief_with_patience_gets_a_few_hundred_numbers_a_day() -> None:
    """400 consecutive numbers were tried in 20 seconds once."""
    from tests.pos_agent.conftest import NOW

    guesses, now = Guesses(), NOW
    for number in count():
        now += timedelta(seconds=guesses.pause_s(now) + 1)
        if now - NOW > timedelta(days=1):
            break
        guesses.note(str(number), now)
    assert number < 800


def test_sec9_above_what_a_card_alone_is_enough_for_a_manager_answers(desk: Desk) -> None:
    house = desk.checkout.house
    house.programme = replace(house.programme, redemption=replace(house.programme.redemption, card_alone_max_points=50))
    assert desk.basket().ok and desk.code(ANNA).ok
    told = desk.do(Redeem())
    assert told.told is not None and told.told.redeemed.points == 50 and "by the card alone" in told.text
    told = desk.do(Redeem(manager=True, by="olga"))
    assert told.told is not None and told.told.redeemed.points == 150
    assert desk.do(Redeem(points=120)).ok and desk.pay("1").ok
    (sale,) = desk.stored("1")
    assert sale.seen.vouched and sale.redeemed.points == 120 and by_whom(desk, "1") == "olga"
    assert desk.basket().ok and desk.code(BORIS).ok
    told = desk.do(Redeem())
    assert told.told is not None and told.told.redeemed.points == 50, "for that receipt alone"
    assert desk.pay("2").ok and by_whom(desk, "2") is None
    assert desk.basket().ok and desk.code(ANNA).ok and desk.do(Redeem(manager=True)).ok and desk.pay("3").ok
    assert by_whom(desk, "3") == "manager", "one who gave no name"


def by_whom(desk: Desk, number: str) -> str | None:
    """Who answers for the sale, as it is recorded."""
    kept = desk.cache.sale(SaleNumber(day=DAY, number=number))
    assert kept is not None
    return kept.operations[-1].by
