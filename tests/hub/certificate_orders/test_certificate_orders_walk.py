"""P16: a certificate that is bought in the account goes its way; the money, its documents and the books agree."""

from __future__ import annotations

from tests.hub.certificate_orders.conftest import Buyer


def test_p16_paid_then_receipted_then_sold_then_delivered_on_time(buyer: Buyer) -> None:
    id = buyer.order(at="2026-03-05T10:00")
    assert buyer.state(id) == "new"
    buyer.walk()
    told = buyer.act("certificate_order_one", id=id)
    assert told.state == "paying" and told.pay_url.startswith("http://127.0.0.1") and buyer.rubles() == 0
    buyer.outside.pay()
    buyer.act("certificate_order_look", id=id)
    buyer.walk()
    assert buyer.state(id) == "waiting" and buyer.rubles() == 100_000 and not buyer.outside.mailbox.letters
    told = buyer.act("certificate_order_one", id=id)
    assert told.receipt.startswith("ФН 99990789") and told.left_kopecks is None and told.may_cancel
    buyer.later(days=2, hours=18, minutes=59)
    assert buyer.state(id) == "waiting"
    buyer.later(minutes=1)
    assert buyer.state(id) == "delivered"
    (letter,) = buyer.outside.mailbox.letters
    assert letter["X-To"] == "boris@mail.example"
    told = buyer.act("certificate_order_one", id=id)
    assert (told.left_kopecks, len(told.ending), told.may_cancel) == (100_000, 4, False)
    number = buyer.row(id).about
    assert number not in repr(told) and "PAC:" not in repr(told), "who has bought it cannot pay with it"
    buyer.check()
