"""P16: whoever is asked outside is late, silent, wrong, or dead, and so is the hub: no ruble, certificate or letter is
lost or doubled, and what does not go on by itself stands where somebody sees it."""

from __future__ import annotations

from typing import Any

import pytest

import hub.certificate_orders.steps as steps
from hub.outside.emulators.service import Fault
from hub.outside.services import Services
from tests.hub.certificate_orders.conftest import Buyer

LATER = "2026-03-10T10:00"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.outside.services.READ_S", 0.15)


@pytest.mark.parametrize("fault", ["late", "never", "deaf", "cut", "500"])
def test_p16_nobody_answers_once_at_each_step(buyer: Buyer, fault: Fault) -> None:
    payment, fiscal = buyer.outside.payment, buyer.outside.fiscal

    def asked(service: Any, id: str, state: str) -> None:
        """Badly once, then as ever."""
        service.be(fault, times=1, late_s=0.3)
        buyer.walk()
        for _ in range(3):
            buyer.later(minutes=3)
        assert buyer.state(id) == state

    gift, back = buyer.order(), ""
    asked(payment, gift, "paying")
    buyer.outside.pay()
    asked(payment, gift, "delivered")
    back = buyer.order(at=LATER)
    buyer.walk()
    buyer.outside.pay()
    buyer.act("certificate_order_look", id=back)
    asked(fiscal, back, "waiting")
    buyer.act("certificate_order_cancel", id=back)
    asked(payment, back, "refunded")
    third = buyer.bought(at=LATER)
    buyer.act("certificate_order_cancel", id=third)
    asked(fiscal, third, "refunded")
    assert len(payment.payments) == 3 and len(buyer.outside.mailbox.letters) == 1
    assert [buyer.state(one) for one in (gift, back, third)] == ["delivered", "refunded", "refunded"]
    assert fiscal.sums == {"sale": 300_000, "refund": 200_000} and buyer.rubles() == 100_000
    buyer.check()


def test_p16_the_hub_dies_between_an_answer_and_its_writing(buyer: Buyer, monkeypatch: pytest.MonkeyPatch) -> None:
    """At each of the eight places; what was done outside is asked for again under the same key, and not done twice."""
    written, left = steps._written, [0]

    def dies(*what: Any) -> Any:
        left[0] -= 1
        if not left[0]:
            raise RuntimeError("killed")
        return written(*what)

    monkeypatch.setattr(steps, "_written", dies)
    for place in range(1, 9):
        left[0] = place
        id = buyer.order()
        buyer.walk()
        buyer.later(minutes=3)
        buyer.outside.pay()
        for _ in range(3):
            buyer.act("certificate_order_look", id=id)
            buyer.later(minutes=3)
        assert buyer.state(id) == "delivered"
        buyer.desk("certificate_order_settle", id=id, do="back", reason="не нужен")
        buyer.walk()
        buyer.later(minutes=3)
        assert (buyer.state(id), left[0] < 1) == ("refunded", True)
    letters = [letter["Message-ID"] for letter in buyer.outside.mailbox.letters]
    assert len(buyer.outside.payment.payments) == len(set(letters)) == 8
    assert len(letters) == 9, "one may have gone out, and goes out again: the same certificate, and the same letter"
    assert buyer.outside.fiscal.sums == {"sale": 800_000, "refund": 800_000}
    buyer.check()


def test_p16_another_sum_than_was_asked_is_the_office_s_to_see(buyer: Buyer) -> None:
    id = buyer.order()
    buyer.walk()
    buyer.outside.pay()
    buyer.outside.payment.be("wrong_sum", times=1)
    buyer.act("certificate_order_look", id=id)
    buyer.walk()
    told = buyer.act("certificate_order_one", id=id)
    assert (told.state, told.paid_kopecks, told.may_cancel) == ("odd", 100_100, False)
    (seen,) = buyer.desk("certificate_orders", state="odd").orders
    assert seen.id == id and buyer.rubles() == 0
    buyer.desk("certificate_order_settle", id=id, do="back", reason="пришло больше")
    buyer.walk()
    assert buyer.state(id) == "refunding" and "more_than_paid" in buyer.kept(id).why, "the service knows better"
    buyer.desk("certificate_order_settle", id=id, do="paid_back", reason="вернул банк")
    buyer.walk()
    assert buyer.state(id) == "refunded" and buyer.outside.fiscal.sums == {"sale": 0, "refund": 0}


def test_p16_a_paid_order_without_its_receipt_is_seen_and_settled(buyer: Buyer) -> None:
    buyer.outside.fiscal.be("refused", times=1)
    refused = buyer.bought()
    assert buyer.state(refused) == "paid" and buyer.rubles() == 0 and not buyer.outside.mailbox.letters
    (seen,) = buyer.desk("certificate_orders", state="paid").orders
    assert seen.why.startswith("refused") and not seen.due_at
    assert buyer.desk("certificate_order_settle", id=refused, do="again").due_at
    buyer.walk()
    assert buyer.state(refused) == "delivered"
    buyer.outside.fiscal.be("500")
    by_hand, goes_back = buyer.bought(), buyer.bought()
    buyer.desk("certificate_order_settle", id=by_hand, do="receipt", fn="99", fd="7", fpd="123")
    assert buyer.desk("certificate_order_settle", id=by_hand, do="receipt", fn="99") == "certificate_document"
    buyer.act("certificate_order_cancel", id=goes_back)
    buyer.walk()
    assert buyer.state(by_hand) == "delivered" and "99" in buyer.act("certificate_order_one", id=by_hand).receipt
    assert buyer.state(goes_back) == "unreceipted", "the money does not wait for the documents"
    buyer.outside.fiscal.be("")
    buyer.later(minutes=5)
    assert buyer.state(goes_back) == "refunded" and buyer.outside.fiscal.sums == {"sale": 200_000, "refund": 100_000}
    assert buyer.outside.money == buyer.rubles() == 200_000


def test_p16_paid_too_late_goes_back_and_refused_ends(buyer: Buyer) -> None:
    late, refused, never = buyer.order(), buyer.order(), buyer.order()
    buyer.walk()
    buyer.outside.payment.refuse(buyer.kept(refused).payment)
    for _ in range(4):
        buyer.later(minutes=20)
    assert [buyer.state(one) for one in (late, refused, never)] == ["ending", "unpaid", "ending"]
    assert not buyer.act("certificate_order_one", id=late).pay_url
    buyer.outside.payment.pay(buyer.kept(late).payment)
    for _ in range(80):
        buyer.later(hours=1)
    assert [buyer.state(one) for one in (late, never)] == ["refunded", "unpaid"]
    assert buyer.outside.money == 0 == buyer.rubles() and not buyer.outside.fiscal.done
    buyer.outside.payment.pay(buyer.kept(never).payment)
    assert buyer.desk("certificate_order_settle", id=never, do="again").state == "ending", "the bank has rung up"
    buyer.walk()
    assert buyer.state(never) == "refunded" and buyer.outside.money == 0
    assert not buyer.kept(never).to_mail and not buyer.kept(late).mail, "nobody's name is kept for nothing"
    buyer.check()


def test_p16_twice_pressed_is_once(buyer: Buyer) -> None:
    one, other = buyer.order(key="k"), buyer.order(key="k")
    assert one == other
    buyer.walk()
    buyer.outside.pay()
    for _ in range(3):
        buyer.act("certificate_order_look", id=one)
        buyer.walk()
    assert len(buyer.outside.payment.payments) == len(buyer.outside.mailbox.letters) == 1
    for _ in range(2):
        buyer.desk("certificate_order_settle", id=one, do="back", reason="так")
        buyer.walk()
    assert buyer.state(one) == "refunded" and buyer.outside.money == 0
    buyer.check()


def test_p16_a_letter_that_is_not_taken(buyer: Buyer) -> None:
    mailbox = buyer.outside.mailbox
    mailbox.refuses = ["451 later", "451 later"]
    slow = buyer.bought()
    assert buyer.state(slow) == "sending" and buyer.act("certificate_order_cancel", id=slow) == "certificate_order_step"
    buyer.later(minutes=3)
    buyer.later(minutes=10)
    assert buyer.state(slow) == "delivered" and len(mailbox.letters) == 1
    mailbox.refuses = ["550 nobody"]
    wrong = buyer.bought()
    told = buyer.act("certificate_order_one", id=wrong)
    assert told.state == "undelivered" and told.may_resend and told.may_cancel
    assert buyer.act("certificate_order_resend", id=wrong, to_mail="nobody") == "certificate_to_mail"
    buyer.act("certificate_order_resend", id=wrong, to_mail="vera@mail.example")
    buyer.walk()
    assert buyer.state(wrong) == "delivered" and mailbox.letters[-1]["X-To"] == "vera@mail.example"
    elsewhere = buyer.act("certificate_order_resend", id=wrong, to_mail="other@mail.example")
    assert elsewhere == "certificate_order_step", "somebody has it"
    buyer.act("certificate_order_resend", id=wrong)
    buyer.walk()
    assert [letter["X-To"] for letter in mailbox.letters[-2:]] == ["vera@mail.example"] * 2
    buyer.check()


def test_p16_nobody_sends_letters(buyer: Buyer) -> None:
    there = buyer.outside.services
    buyer.outside.services = Services(payment=there.payment, fiscal=there.fiscal)
    id = buyer.bought()
    assert buyer.state(id) == "sending"
    buyer.outside.services = there
    buyer.later(minutes=5)
    assert buyer.state(id) == "delivered"
