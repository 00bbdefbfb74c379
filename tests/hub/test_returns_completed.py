"""A receipt that came back in parts, at tills that did not know of each other: nothing is left of it in the books,
rights, rubles and the limits of its day no more than points, and nobody is asked to put right what is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from hub.cases.settling import case_called
from hub.certificates.view import viewed
from hub.people.history import history
from loyalty.bodies import COUPON_USED, CertificateSold, CouponUse, Deviation, Return, ReturnCompleted, Sale, Tender
from loyalty.operation import FIRST_HASH, Operation, read_operation, write_operation
from tests.hub.certified import ONE, OTHER, entries
from tests.hub.conftest import AA, BB, Office
from tests.hub.coupons.conftest import Shop
from tests.hub.test_receipts_anywhere import Chain

FIRST, REST = ("1", 3), ("2", 2)  # all of the sale, in two parts


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    """Of a programme whose campaigns have bounds."""
    shop = Shop(tmp_path / "hub.db")
    yield Chain(shop)
    shop.hub.close()


def used(*serials: str, campaign: str = "plain", off: int = 100, uses: int = 1) -> tuple[CouponUse, ...]:
    return tuple(CouponUse(serial=one, campaign=campaign, discount_kopecks=off, uses=uses) for one in serials)


def back_at(chain: Chain, till: int, sold: Operation, *parts: tuple[str, int], result: str = "applied") -> Return:
    """Goods come back at a till that knows of no other return."""
    back = chain.taken_back(sold, [], *parts)
    assert back is not None
    return written(chain, till, back, result)


def written(chain: Chain, till: int, back: Return, result: str = "applied") -> Return:
    chain.written(till, back, result)
    return back


def uses(chain: Chain, serial: str = AA) -> list[str]:
    """The tills whose sales have it."""
    with chain.office.hub.store.reading() as reader:
        return [row.chain for row in reader.coupon_uses([serial])]


def page(chain: Chain, after: str = "") -> Any:
    return chain.office.hub.changes(till="t9", programme="alenka", after=after, limit=99)


def completions(chain: Chain) -> list[ReturnCompleted]:
    with chain.office.hub.store.reading() as reader:
        bodies = [read_operation(kept.text).body for kept in reader.all_operations() if kept.reason is None]
    return [body for body in bodies if isinstance(body, ReturnCompleted)]


def is_sound(chain: Chain) -> bool:
    return chain.office.verdict().faults == ()


# coupons


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
@pytest.mark.parametrize("member", [True, False])
def test_a_coupon_is_free_once_all_is_back_whichever_till_is_heard_first(
    chain: Chain, order: tuple[int, int], member: bool
) -> None:
    """Neither till knew of the other's part, so neither freed it, and it stayed used for ever."""
    sold = chain.sell(member=member, coupons=used(AA))
    parts = {1: FIRST, 2: REST}
    back_at(chain, order[0], sold, parts[order[0]])
    assert chain.square() == 0 and uses(chain) == ["t1"] and page(chain).used_coupons == (AA,)
    back_at(chain, order[1], sold, parts[order[1]])
    heard = page(chain).cursor
    assert uses(chain) == ["t1"]
    assert chain.square() == 1 and uses(chain) == []
    assert page(chain, heard).returned_coupons == (AA,), "tills hear of it"
    assert chain.square() == 0 and len(completions(chain)) == 1 and is_sound(chain)
    assert not member or chain.office.balance() == 500


def test_a_till_that_knew_of_the_other_has_freed_it_itself(chain: Chain) -> None:
    sold = chain.sell(coupons=used(AA))
    first = back_at(chain, 1, sold, FIRST)
    rest = chain.taken_back(sold, [first], REST)
    assert rest is not None and rest.coupons == (AA,)
    written(chain, 2, rest)
    assert uses(chain) == [] and chain.square() == 0 and completions(chain) == []


def test_as_long_as_something_is_out_it_stays_used_however_often_the_rest_came_back(chain: Chain) -> None:
    sold = chain.sell(coupons=used(AA))
    for till in (1, 2):
        back_at(chain, till, sold, FIRST)
    assert chain.square() == 1 and uses(chain) == ["t1"] and completions(chain) == []
    back_at(chain, 2, sold, REST)
    assert chain.square() == 1 and uses(chain) == [] and len(completions(chain)) == 1
    assert len(chain.cases("came_back_twice")) == 1 and chain.office.balance() == 500 and is_sound(chain)


def test_what_a_return_said_that_was_refused_is_done_all_the_same(chain: Chain) -> None:
    """It was the whole receipt, and the books took its points for too much: its coupon was free nowhere."""
    sold = chain.sell(300, coupons=used(AA))
    back_at(chain, 1, sold, FIRST)
    whole = back_at(chain, 2, sold, FIRST, REST, result="more_than_was_redeemed")
    assert whole.coupons == (AA,) and uses(chain) == ["t1"]
    assert chain.square() > 0 and uses(chain) == [] and chain.office.balance() == 500 and is_sound(chain)


def test_another_receipt_that_used_it_meanwhile_has_it_from_then_on(chain: Chain) -> None:
    sold = chain.sell(coupons=used(AA))
    chain.written(2, chain.office.sale(None, coupons=(AA,)))
    (twice,) = chain.cases("coupon_twice")
    assert (twice.chain, uses(chain)) == ("t3", ["t1"])
    back_at(chain, 1, sold, FIRST)
    back_at(chain, 2, sold, REST)
    assert chain.square() == 1 and uses(chain) == ["t3"]
    assert page(chain).used_coupons == (AA,) and chain.square() == 0 and is_sound(chain)


def test_used_again_since_it_is_that_receipts(chain: Chain) -> None:
    """A till tells the whole return late, when the hub has freed it already and somebody has used it."""
    sold = chain.sell(coupons=used(AA))
    back_at(chain, 1, sold, FIRST)
    back_at(chain, 2, sold, REST)
    chain.square()
    chain.written(1, chain.office.sale(None, coupons=(AA,)))
    assert chain.cases("coupon_twice") == []
    back_at(chain, 2, sold, FIRST, REST)
    chain.square()
    assert uses(chain) == ["t2"] and len(completions(chain)) == 1 and is_sound(chain)


def test_of_several_uses_this_one_is_free(chain: Chain) -> None:
    coupon = used(AA, campaign="thrice", uses=3)
    sold = chain.sell(coupons=coupon)
    chain.written(1, replace(chain.office.sale(None), coupons=coupon))
    assert page(chain).coupon_uses_left == {AA: 1}
    back_at(chain, 1, sold, FIRST)
    back_at(chain, 2, sold, REST)
    chain.square()
    assert uses(chain) == ["t2"] and page(chain).coupon_uses_left == {AA: 2} and is_sound(chain)


def test_what_its_campaign_counted_is_taken_off_for_all_and_for_the_member(chain: Chain) -> None:
    shop = chain.office
    assert isinstance(shop, Shop)
    sold = chain.sell(coupons=(*used(AA, campaign="once-a-member"), *used(BB, campaign="budget", off=300)))
    assert shop.counted("once-a-member", "anna") == (1, 100) and page(chain).stopped_campaigns == ("budget",)
    back_at(chain, 1, sold, FIRST)
    back_at(chain, 2, sold, REST)
    chain.square()
    assert shop.counted("once-a-member", "anna") == (0, 0) == shop.counted("budget")
    assert page(chain).stopped_campaigns == () and is_sound(chain)


def test_a_coupon_that_another_sale_had_used_up_is_not_this_ones_to_free(chain: Chain) -> None:
    chain.written(1, chain.office.sale(None, coupons=(BB,)))
    sold = chain.sell(coupons=used(AA, BB), deviations=(Deviation(kind=COUPON_USED, note=BB),))
    back_at(chain, 1, sold, FIRST)
    back_at(chain, 2, sold, REST)
    chain.square()
    assert [one.coupons for one in completions(chain)] == [(AA,)]
    assert uses(chain, AA) == [] and uses(chain, BB) == ["t2"] and is_sound(chain)


# its day


def test_points_of_a_refused_return_no_longer_count_for_the_day_of_their_sale(chain: Chain) -> None:
    """A member may redeem so much a day: what came back whole had taken nothing of it."""
    sold = chain.sell(300, link="offline")
    back_at(chain, 1, sold, FIRST)
    back_at(chain, 2, sold, FIRST, REST, result="more_than_was_redeemed")
    assert day(chain) != (0, 0)
    chain.square()
    assert day(chain) == (0, 0) and chain.office.balance() == 500 and is_sound(chain)


def day(chain: Chain) -> tuple[int, int]:
    """Redeemed on the day of the sale, and of it without a connection."""
    ((redeemed, offline),) = chain.office.rows("SELECT sum(redeemed), sum(offline) FROM days WHERE member = 'anna'")
    return redeemed, offline


# a certificate's rubles


def paid_by_certificates(chain: Chain, *parts: tuple[str, int]) -> Operation:
    for number, _ in parts:
        chain.written(0, CertificateSold(certificate=number, kopecks=200_000, paid=True))
    tenders = tuple(Tender(kind="certificate", kopecks=kopecks, id=number) for number, kopecks in parts)
    paid = 3 * 33_333 + 2 * 64_901 - sum(kopecks for _, kopecks in parts)
    return chain.sell(tenders=tenders, paid_kopecks=paid)


@pytest.mark.parametrize("parts", [((ONE, 100_000),), ((ONE, 30_000), (OTHER, 70_000))])
def test_rubles_that_a_refused_return_told_go_back_onto_the_certificates(
    chain: Chain, parts: tuple[tuple[str, int], ...]
) -> None:
    sold = paid_by_certificates(chain, *parts)
    back_at(chain, 1, sold, FIRST)
    back_at(chain, 2, sold, FIRST, REST, result="more_than_was_used")
    assert entries(chain.office)["used"] > 0
    chain.square()
    assert entries(chain.office)["used"] == 0, "the receipt came back whole: it took nothing"
    with chain.office.hub.store.reading() as reader:
        events = viewed(reader, reader.certificates([parts[-1][0]])[parts[-1][0]], chain.office.now).history
    assert any(one.kind == "return_completed" and "came back with goods" in one.words for one in events)
    assert chain.square() == 0 and is_sound(chain) and chain.office.balance() == 500


def test_never_more_goes_back_than_the_sale_took_and_the_office_still_hears_of_the_rest(chain: Chain) -> None:
    """The first till gave all of a part onto the certificate, by the manager's word; the other one its own share."""
    sold = paid_by_certificates(chain, (ONE, 100_000))
    first = chain.taken_back(sold, [], FIRST)
    assert first is not None
    most = replace(first, tenders=(Tender(kind="certificate", kopecks=first.refund_kopecks, id=ONE),))
    written(chain, 1, most)
    back_at(chain, 2, sold, REST, result="more_than_was_used")
    chain.square()
    assert entries(chain.office)["used"] == 0 and is_sound(chain)
    (case,) = chain.cases("refused")
    assert case.state == "open", "so much the customer was told of, and nobody has it"


# what the office sees


def test_a_refused_return_that_is_put_right_is_nobodys_to_adjust(chain: Chain) -> None:
    """The office was offered points for it still: whoever gave them, gave them twice."""
    sold = chain.sell(300, coupons=used(AA))
    back_at(chain, 1, sold, FIRST)
    back_at(chain, 2, sold, FIRST, REST, result="more_than_was_redeemed")
    (case,) = chain.cases("refused")
    assert case.state == "open"
    chain.square()
    with chain.office.hub.store.reading() as reader:
        case = case_called(reader, case.id)
        booked = reader.operations(case.others)
        words = [act.words for act in history(reader, "anna", ["cardanna"])]
    assert (case.state, case.settled_by, case.remedy) == ("settled", "hub", "again")
    assert booked and all(kept.reason is None for kept in booked.values())
    assert any("came back at several tills" in one for one in words)
    assert is_sound(chain)


def test_one_whose_goods_another_return_brought_is_settled_by_that(chain: Chain) -> None:
    """Nothing is due of it; its money is a case of its own."""
    sold = chain.sell(300)
    back_at(chain, 1, sold, FIRST, REST)
    back_at(chain, 2, sold, FIRST, REST, result="more_than_was_redeemed")
    assert chain.square() == 0
    (case,), (twice,) = chain.cases("refused"), chain.cases("came_back_twice")
    assert (case.state, [one.chain for one in case.others]) == ("settled", ["t2"]) and twice.state == "open"


def test_a_refusal_that_left_a_sale_unbooked_stays_the_offices(chain: Chain) -> None:
    sold = chain.sell()
    assert isinstance(sold.body, Sale)
    nobodys = replace(sold.body, card="none", member=None, sale=chain.office.number())
    lost = chain.written(0, nobodys, "unknown_card")
    back = chain.taken_back(lost, [], FIRST, REST)
    assert back is not None
    chain.written(1, replace(back, member="anna", card=None), "unknown_sale")
    chain.square()
    assert [case.state for case in chain.cases("refused")] == ["open", "open"]


@pytest.mark.parametrize("whole", [True, False])
def test_a_return_that_a_hub_which_was_put_back_heard_before_its_sale_counts_when_that_comes(
    tmp_path: Path, whole: bool
) -> None:
    """Seed 6 of small worlds: the job had gone by the return, and nobody looked at it again."""
    first = Chain(Shop(tmp_path / "before.db"))
    sold = first.sell(coupons=used(AA))
    back = first.taken_back(sold, [], *((FIRST, REST) if whole else (FIRST,)))
    first.office.hub.close()
    assert back is not None
    chain = Chain(Shop(tmp_path / "hub.db"))
    chain.written(1, back, "unknown_sale")
    assert chain.square() == 0
    (taken,) = chain.office.hub.take("t1", [write_operation(sold)]).answers
    assert taken.result == "applied" and isinstance(sold.body, Sale)
    assert chain.office.balance() == 500 + sold.body.accrued.points
    assert chain.square() == 1 and chain.square() == 0 and is_sound(chain)
    assert chain.office.balance() == 500 + sold.body.accrued.points - back.clawed_back.points
    assert uses(chain) == ([] if whole else ["t1"])
    assert [case.state for case in chain.cases("refused")] == ["settled"]
    chain.office.hub.close()


def test_a_till_that_lost_its_file_knows_no_more_of_it_than_another(office: Office) -> None:
    """Both parts are of one till, and of two files of it."""
    chain = Chain(office)
    sold = chain.sell(coupons=used(AA))
    back_at(chain, 0, sold, FIRST)
    rest = chain.taken_back(sold, [], REST)
    assert rest is not None
    text = chain.pens[0].write(rest, at=chain.office.now, generation=2, sequence=1, previous_hash=FIRST_HASH)
    assert [answer.result for answer in chain.office.hub.take("t1", [text]).answers] == ["applied"]
    chain.square()
    assert uses(chain) == [] and is_sound(chain)
