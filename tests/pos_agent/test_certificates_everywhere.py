"""P16: gift certificates at two tills and their hub: sold, used in parts, kept for a receipt, given back, refunded,
blocked. Step by step on paper, in the answers and in the hub's books."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from loyalty.bodies import CertificateBlocked, CertificateRefunded, CertificateSold, Return
from loyalty.operation import Store
from offline_cache.cache import Cache
from pos_agent.answers import Reply
from pos_agent.certificate_papers import spaced
from pos_agent.protocol import Cancel, Code, Pay, PointsReport, Prepare, ReturnedGoods, ReturnGoods, SetBasket
from pos_agent.protocol_certificates import (
    BlockCertificate,
    DropCertificate,
    LookAtCertificate,
    RefundCertificate,
    ReplaceCertificate,
    UseCertificate,
)
from pos_agent.protocol_receipts import SoldReceipt
from tests.one_port import Server
from tests.pos_agent.certified_tills import DAY, Shop, Till, gift, tea
from tests.there import there


@pytest.fixture
def shop(tmp_path: Path, server: Server) -> Iterator[Shop]:
    shop = Shop(tmp_path, server)
    yield shop
    shop.close()


@pytest.fixture
def sold(shop: Shop) -> str:
    """The number of one that the first till has sold, and of which the hub knows."""
    shop.one.sell("1", gift())
    number = _numbers(shop.one)[-1]
    assert shop.one.send() == ["applied", "applied"]
    return number


def _numbers(till: Till) -> list[str]:
    return [body.certificate for body in till.done() if isinstance(body, CertificateSold)]


def back(till: Till, of: str, *goods: ReturnedGoods, **more: Any) -> Reply:
    return till.do(ReturnGoods(of=SoldReceipt(sale=of, day=DAY), lines=goods, whole=not goods, **more))


def given(till: Till, told: Reply, number: str) -> Reply:
    assert told.returned is not None, told
    return till.do(ReturnGoods(quote=told.returned.quote, paid=True, sale=number, day=DAY))


# numbers ahead


def test_a_till_has_numbers_ahead_that_no_other_has(shop: Shop) -> None:
    own = [{blank.number for blank in till.cache.certificates.next(99)} for till in (shop.one, shop.other)]
    assert len(own[0]) == len(own[1]) == 20 and not own[0] & own[1]
    assert shop.one.cache.certificates.ahead() == 20


def test_the_last_number_is_missed_and_one_that_never_came_is_not(shop: Shop, tmp_path: Path) -> None:
    for sale in range(10):
        shop.one.sell(str(sale), gift(pieces=2))
    assert shop.one.cache.certificates.ahead() == 0
    with closing(Cache(tmp_path / "new.db", "t9", Store(id="shop"))) as new:
        assert new.certificates.ahead() is None


# used


def test_used_in_parts_at_any_till_by_its_qr_and_by_its_number_and_pin(shop: Shop, sold: str) -> None:
    paid = shop.other.sell("2", tea("300.00"), shown=[Code(text=shop.text(sold))])
    assert [(one.amount, one.left) for one in there(paid.told).tenders] == [("300.00", "700.00")]
    shop.other.send()
    typed = UseCertificate(text=f"{sold[:4]} {sold[4:8]} {sold[8:12]} {sold[12:]}", pin=shop.pin(sold))
    paid = shop.one.sell("3", tea("900.00"), shown=[typed])
    assert (there(paid.told).to_pay, there(paid.told).tenders[0].left) == ("200.00", "0.00")
    assert shop.row(sold).left == 70_000, "the hub has not heard"
    shop.one.send()
    assert (shop.row(sold).left, shop.row(sold).beyond) == (0, 0) and shop.cases() == []
    assert there(shop.other.do(LookAtCertificate(text=shop.text(sold))).certificate).left == "0.00"


def test_a_wrong_pin_is_counted_and_then_its_qr_alone_is_taken(shop: Shop, sold: str) -> None:
    assert shop.one.do(SetBasket(lines=(tea("300.00"),))).ok
    right = shop.pin(sold)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    replies = [shop.one.do(UseCertificate(text=sold, pin=wrong)) for _ in range(5)]
    assert [reply.code for reply in replies] == ["certificate_pin"] * 4 + ["certificate_pin_tries"]
    assert "3 tries left" in replies[1].text
    assert shop.one.do(UseCertificate(text=sold, pin=right)).code == "certificate_pin_tries"
    assert shop.one.do(UseCertificate(text=shop.text(sold))).ok


def test_what_a_receipt_may_take_is_kept_for_it_and_follows_its_basket(shop: Shop, sold: str) -> None:
    one, other = shop.one, shop.other
    assert one.do(SetBasket(sale="2", day=DAY, lines=(tea("300.00"),))).ok and one.do(Code(text=shop.text(sold))).ok
    assert [hold.kopecks for hold in shop.holds(sold)] == [30_000]
    assert one.do(SetBasket(sale="2", day=DAY, lines=(tea("450.00"),))).ok
    assert [hold.kopecks for hold in shop.holds(sold)] == [45_000], "more, and nobody waited"
    assert other.do(SetBasket(lines=(tea("800.00"),))).ok
    reply = other.do(Code(text=shop.text(sold)))
    assert [(one.amount, one.left) for one in there(reply.told).tenders] == [("550.00", "0.00")], "what is free of it"
    assert other.do(Cancel()).ok and len(shop.holds(sold)) == 1, "it is over"
    assert one.do(DropCertificate(sale="2", day=DAY)).ok and shop.holds(sold) == []
    assert one.do(Code(sale="2", day=DAY, text=shop.text(sold))).ok
    assert one.do(Prepare(sale="2", day=DAY)).ok and one.do(Pay(sale="2", day=DAY)).ok
    assert len(shop.holds(sold)) == 1, "until the sale itself is there"
    one.send()
    assert shop.holds(sold) == [] and shop.row(sold).left == 55_000


def test_prepare_is_sure_of_it_also_when_another_till_was_quicker(shop: Shop, sold: str) -> None:
    one, other = shop.one, shop.other
    assert one.do(SetBasket(lines=(tea("900.00"),))).ok and one.do(Code(text=shop.text(sold))).ok
    shop.now += timedelta(minutes=20)  # the hold is over
    for till in (one, other):
        till.at(shop.now)
    other.sell("5", tea("400.00"), shown=[Code(text=shop.text(sold))])
    other.send()
    reply = one.do(Prepare())
    assert (reply.code, there(reply.told).to_pay) == ("changed_certificate", "300.00")
    assert one.do(Prepare()).ok and one.do(Pay(sale="2", day=DAY)).ok
    one.send()
    assert shop.row(sold).left == 0 and shop.cases() == []


def test_one_that_the_hub_has_not_heard_of_is_taken_where_it_was_sold_and_nowhere_else(shop: Shop) -> None:
    shop.one.sell("1", gift())
    (number,) = _numbers(shop.one)
    assert shop.other.do(LookAtCertificate(text=shop.text(number))).code == "certificate_not_sold"
    paid = shop.one.sell("2", tea("300.00"), shown=[Code(text=shop.text(number))])
    assert there(paid.told).tenders[0].left == "700.00"
    assert shop.one.send() == ["applied"] * 3
    assert shop.row(number).left == 70_000 and shop.cases() == []


def test_without_the_hub_nothing_is_taken_where_the_programme_says_so(shop: Shop, sold: str) -> None:
    shop.other.online = False
    assert shop.other.do(SetBasket(lines=(tea("300.00"),))).ok
    assert shop.other.do(Code(text=shop.text(sold))).code == "certificate_offline_denied"


# back


def test_what_it_paid_goes_back_onto_it_as_the_programme_says(shop: Shop, sold: str) -> None:
    """rules.md: proportional; the number is in the tender, in the answer and on the paper."""
    one = shop.one
    one.sell("2", tea("2000.00"), shown=[Code(text=shop.text(sold))])
    one.send()
    told = back(one, "2", ReturnedGoods(id="t", quantity="1"))
    assert (there(told.returned).tenders.money, there(told.returned).tenders.certificate) == ("1000.00", "1000.00")
    assert [(one.certificate, one.amount) for one in there(told.returned).tenders.certificates] == [
        (f"****{sold[-4:]}", "1000.00")
    ]
    assert given(one, told, "R1").ok
    (paper,) = one.papers("return")
    assert f"На сертификат ****{sold[-4:]}" in paper and sold not in paper
    body = one.done()[-1]
    assert isinstance(body, Return) and [(t.kind, t.kopecks, t.id) for t in body.tenders] == [
        ("certificate", 100_000, sold)
    ]
    one.send()
    assert shop.row(sold).left == 100_000


def test_money_for_what_a_certificate_paid_needs_a_reason(shop: Shop, sold: str) -> None:
    shop.one.sell("2", tea("1500.00"), shown=[Code(text=shop.text(sold))])
    assert back(shop.one, "2", tender="money").code == "return_needs_reason"
    told = back(shop.one, "2", tender="money", reason="faulty")
    assert (there(told.returned).tenders.money, there(told.returned).tenders.certificate) == ("500.00", "1000.00")


def test_a_sale_that_was_declined_leaves_no_certificate(shop: Shop) -> None:
    one = shop.one
    one.sell("1", gift(pieces=2))
    numbers = _numbers(one)
    one.send()
    told = back(one, "1")
    assert told.ok and "taken back" in told.text
    assert [hold.kopecks for number in numbers for hold in shop.holds(number)] == [100_000] * 2
    assert given(one, told, "R1").ok
    bodies = one.done()
    assert [type(body) for body in bodies] == [CertificateRefunded, CertificateRefunded, Return]
    assert [(body.certificate, body.kopecks, body.sale.number) for body in bodies[:2]] == [
        (number, 100_000, "1") for number in numbers
    ]
    assert given(one, told, "R1").code == "return_recorded_before" and len(one.done()) == 3
    assert one.send() == ["applied"] * 3
    assert [shop.row(number).left for number in numbers] == [0, 0] and shop.cases() == []
    assert one.do(SetBasket(lines=(tea("10.00"),))).ok and not one.do(Code(text=shop.text(numbers[0]))).ok


def test_one_that_is_given_back_twice_is_refunded_once_and_the_return_says_the_rest(shop: Shop) -> None:
    """Seed 13 of small worlds: two cashiers were told what it comes to before either gave money back. The hub refused
    the second refund, for nothing was on it any more, and the office had a case besides that of the return."""
    one = shop.one
    one.sell("1", gift())
    one.send()
    first, second = back(one, "1"), back(one, "1")
    assert given(one, first, "R1").ok and one.send() == ["applied"] * 2
    assert given(one, second, "R2").code == "return_recorded_twice"
    assert [type(body) for body in one.done()] == [Return]
    assert one.send() == ["applied"]
    assert shop.cases() == [("deviation", 100_000)]


def test_one_of_two_comes_back_by_the_end_of_its_number(shop: Shop) -> None:
    one = shop.one
    one.sell("1", gift(pieces=2))
    numbers = _numbers(one)
    one.send()
    assert back(one, "1", ReturnedGoods(id="g", quantity="1")).code == "certificate_which"
    told = back(one, "1", ReturnedGoods(id="g", quantity="1", certificates=(numbers[1][-4:],)))
    assert given(one, told, "R1").ok and one.send() == ["applied"] * 2
    assert [shop.row(number).left for number in numbers] == [100_000, 0]
    assert given(one, back(one, "1"), "R2").ok and one.send() == ["applied"] * 2
    assert shop.row(numbers[0]).left == 0


@pytest.mark.parametrize("why", ["used", "blocked", "at another till", "without the hub"])
def test_one_that_is_not_whole_does_not_come_back_and_why_is_said(shop: Shop, sold: str, why: str) -> None:
    till, code = shop.one, "certificate_not_whole"
    if why == "used":
        shop.other.sell("5", tea("1.00"), shown=[Code(text=shop.text(sold))])
        shop.other.send()
    elif why == "blocked":
        assert shop.other.do(BlockCertificate(text=sold)).ok
        shop.other.send()
    elif why == "at another till":
        till, code = shop.other, "certificate_return_there"
        reply = till.do(ReturnGoods(of=SoldReceipt(sale="1", day=DAY, till="till-1"), whole=True))
        assert reply.code == code
        return
    else:
        till.online, code = False, "certificate_needs_hub"
    assert back(till, "1").code == code


def test_unheard_of_it_comes_back_without_the_hub(shop: Shop) -> None:
    shop.one.online = False
    shop.one.sell("1", gift())
    assert given(shop.one, back(shop.one, "1"), "R1").ok
    shop.one.online = True
    assert shop.one.send() == ["applied"] * 4


# at the desk


def test_what_is_left_is_refunded_on_demand_in_two_steps(shop: Shop, sold: str) -> None:
    one, asked = shop.one, RefundCertificate(text=shop.text(sold), reason="on demand")
    one.sell("2", tea("750.00"), shown=[Code(text=shop.text(sold))])
    one.send()
    given_back = RefundCertificate(text=shop.text(sold), reason="on demand", paid=True)
    assert one.do(given_back).code == "certificate_refund_first"
    told = one.do(asked)
    assert (told.code, there(told.certificate).left) == ("certificate_refund_told", "250.00")
    assert there(shop.other.do(LookAtCertificate(text=shop.text(sold))).certificate).left == "0.00", "it is kept for us"
    assert one.do(given_back).code == one.do(given_back).code == "certificate_is_refunded"
    (body,) = one.done()
    assert (body.certificate, body.kopecks, body.sale, body.reason) == (sold, 25_000, None, "on demand")
    (paper,) = one.papers("certificate")[-1:]
    assert "250.00" in paper and sold not in paper
    assert one.send() == ["applied"] and shop.row(sold).left == 0
    assert one.do(asked).code in ("certificate_empty", "certificate_held")


def test_a_stolen_one_is_blocked_here_at_once_and_everywhere_once_it_is_heard(shop: Shop, sold: str) -> None:
    shop.one.online = False
    assert shop.one.do(BlockCertificate(text=sold, reason="stolen")).code == "certificate_is_blocked"
    assert shop.one.do(BlockCertificate(text=sold)).code == "certificate_blocked"
    assert isinstance(shop.one.done()[-1], CertificateBlocked)
    shop.one.online = True
    assert shop.one.do(LookAtCertificate(text=shop.text(sold))).code == "certificate_blocked"
    shop.one.send()
    assert shop.other.do(LookAtCertificate(text=shop.text(sold))).code == "certificate_blocked"
    assert shop.row(sold).left == 100_000, "its rubles wait for whoever owns it"


def test_a_stolen_one_is_replaced_by_another_number_on_paper_with_all_that_was_on_it(shop: Shop, sold: str) -> None:
    one = shop.one
    one.sell("2", tea("300.00"), shown=[Code(text=shop.text(sold))])
    one.send()
    assert one.do(ReplaceCertificate(text=sold)).code == "bad_reason"
    reply = one.do(ReplaceCertificate(text=sold, reason="stolen"))
    assert (reply.code, there(reply.certificate).left) == ("certificate_is_replaced", "700.00")
    into = there(shop.row(sold).successor)
    assert there(reply.certificate).certificate == f"****{into[-4:]}" and into not in repr(reply)
    paper = one.papers("certificate")[-1]
    for words in (spaced(into), f"ПИН {shop.pin(into)}", f"Вместо сертификата ****{sold[-4:]}"):
        assert words in paper
    assert "700,00" in "".join(paper.split())
    assert sold not in paper and (shop.row(sold).left, shop.row(into).left) == (0, 70_000)
    assert one.do(LookAtCertificate(text=shop.text(sold))).code == "certificate_replaced"
    paid = shop.other.sell("3", tea("500.00"), shown=[Code(text=shop.text(into))])
    assert there(paid.told).tenders[0].left == "200.00"
    one.online = False
    assert one.do(ReplaceCertificate(text=into, reason="stolen")).code == "desk_hub_silent"


# the whole of it


def test_a_certificate_of_a_thousand_from_its_sale_to_its_last_ruble(shop: Shop) -> None:
    """Sold, used 300 and 450, the rest refunded; another one stolen and replaced; one sale declined: right at every
    step, in the answers, in the positions, on paper, in the hub's books."""
    one, other = shop.one, shop.other

    # sold: an advance by the law's tags, on paper with its QR, its number, its PIN
    paid = one.sell("1", gift())
    (position,) = there(paid.told).lines[0].positions
    assert (position.amount, position.subject, position.method) == ("1000.00", 10, 3)
    (first,) = _numbers(one)
    (paper,) = one.papers("certificate")
    assert spaced(first) in paper and f"ПИН {shop.pin(first)}" in paper and "1000,00" in "".join(paper.split())
    one.send()
    assert (shop.row(first).face, shop.row(first).left) == (100_000, 100_000)

    # used 300, and 450 at another till
    for till, sale, price, left in ((one, "2", "300.00", "700.00"), (other, "3", "450.00", "250.00")):
        paid = till.sell(sale, tea(price), shown=[Code(text=shop.text(first))])
        (tender,) = there(paid.told).tenders
        assert (tender.amount, tender.left, tender.tag, there(paid.told).to_pay) == (price, left, 1215, "0.00")
        words = " ".join(till.papers("receipt")[-1].split())
        assert f"Сертификат ****{first[-4:]} {price}" in words and f"осталось {left}" in words
        till.send()
        assert shop.row(first).left == int(left.replace(".", ""))

    # the rest refunded on demand
    asked = RefundCertificate(text=first, pin=shop.pin(first), reason="on demand")
    assert there(other.do(asked).certificate).left == "250.00"
    assert other.do(RefundCertificate(text=first, pin=shop.pin(first), reason="on demand", paid=True)).ok
    assert "250.00" in other.papers("certificate")[-1]
    other.send()
    assert shop.row(first).left == 0

    # another one: stolen, blocked, replaced
    one.sell("4", gift("2000.00"))
    (second,) = _numbers(one)
    one.send()
    assert one.do(BlockCertificate(text=second, reason="stolen")).ok
    one.send()
    assert other.do(SetBasket(lines=(tea("10.00"),))).ok and not other.do(Code(text=shop.text(second))).ok
    assert one.do(ReplaceCertificate(text=second, reason="stolen")).ok
    third = there(shop.row(second).successor)
    assert spaced(third) in one.papers("certificate")[-1]
    assert other.do(Code(text=shop.text(third))).ok and other.do(Cancel()).ok
    assert (shop.row(second).left, shop.row(third).left) == (0, 200_000)

    # one whose payment was declined
    one.sell("5", gift(), tea("100.00"))
    (fourth,) = _numbers(one)
    one.send()
    assert given(one, back(one, "5"), "R5").ok
    one.send()
    assert shop.row(fourth).left == 0

    assert shop.cases() == [] and shop.faults() == []
    told = " ".join(there(one.do(PointsReport(show=True))).text.split())
    assert "Certificates sold 3 worth 4000.00" in told and "Certificates refunded 1 worth 1000.00" in told
