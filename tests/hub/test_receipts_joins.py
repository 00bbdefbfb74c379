"""What became of the buyer or of the sale meanwhile, when goods come back anywhere or a purchase is added (R26)."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from hub.cases.settling import Decision, NotSettled, settle
from hub.people import cards, profile
from hub.people.orders import Order
from loyalty.bodies import Return, Sale
from loyalty.operation import Operation, read_operation
from sync.receipts import SoughtClaim
from tests.hub.conftest import Office
from tests.hub.test_receipts_anywhere import Chain, claimed, place

BY = Order(by="Olga")


@pytest.fixture
def chain(office: Office) -> Chain:
    return Chain(office)


def at_two_tills(chain: Chain, sold: Operation) -> None:
    """Neither knows of the other."""
    for till, goods in ((1, ("1", 1)), (2, ("1", 2))):
        back = chain.taken_back(sold, [], goods)
        assert back is not None
        chain.written(till, back)


def test_r26_a_buyer_who_was_erased_meanwhile_stops_no_other_sale(chain: Chain) -> None:
    """What came back of his is put right no more: nobody is there whose it would be."""
    his = chain.sell(300)
    chain.office.join("boris")
    theirs = chain.sell(member=False)
    for till, goods, answer in (
        (1, [("1", 3), ("2", 1)], "applied"),
        (2, [("1", 3), ("2", 2)], "more_than_was_redeemed"),
    ):
        chain.written(till, chain.taken_back(his, [], *goods), answer)
    profile.erase(chain.office.hub, "cardanna", BY, "asked")
    assert chain.asked("claim_sale", SoughtClaim(who="cardboris", receipt=place(theirs), reason="r")).points
    chain.written(2, chain.taken_back(theirs, [], ("1", 3), ("2", 2)))
    chain.square()
    assert chain.office.balance("boris") == 0
    assert chain.square() == 0 and chain.office.verdict().faults == ()


def test_r26_a_buyer_who_has_gone_into_another_takes_his_returns_along(chain: Chain) -> None:
    chain.office.join("boris", points=0)
    sold = chain.sell(300)
    at_two_tills(chain, sold)
    cards.merge(chain.office.hub, "cardanna", "cardboris", BY)
    rest = chain.taken_back(sold, [], ("2", 2))
    chain.written(0, rest)
    chain.square()
    assert chain.office.balance("boris") == 500
    assert chain.office.verdict().faults == ()


def refused_sale(chain: Chain, **more: Any) -> Operation:
    sold = chain.sell(member=False)
    assert isinstance(sold.body, Sale)
    body = replace(sold.body, sale=chain.office.number(), member="stranger", **more)
    return chain.written(0, replace(body, accrued=replace(body.accrued, points=5)), "unknown_member")


def test_r26_goods_of_a_refused_and_claimed_purchase_take_their_points_along(chain: Chain) -> None:
    sold, before = refused_sale(chain), chain.office.balance()
    look = chain.asked("look_at_claim", SoughtClaim(who="cardanna", receipt=place(sold)))
    assert look.state == "to_give"
    assert claimed(chain, sold).points > 0
    back = chain.taken_back(sold, [], ("1", 3), ("2", 2))
    assert isinstance(back, Return)
    none = replace(back, member=None, restored=replace(back.restored, points=0), qualifying_kopecks=0)
    none = replace(none, clawed_back=replace(none.clawed_back, points=0))
    pen = chain.pens[0]
    (answer,) = chain.office.hub.take(pen.till, [pen.write(none, at=chain.office.now)]).answers
    assert answer.reason == "unknown_sale"
    assert [read_operation(text).body for text in chain.asked("find_sale", place(sold)).returns] == [none]
    chain.square()
    assert (chain.office.balance(), chain.spent()) == (before, 0)
    assert chain.square() == 0 and chain.office.verdict().faults == ()


def test_points_of_a_refused_receipt_are_given_once_by_a_claim_or_by_its_case(chain: Chain) -> None:
    """The office settles the case as it was promised, and the customer asks at a desk; or the other way round."""
    first, second = refused_sale(chain), refused_sale(chain)
    settle(chain.office.hub, f"refused/t1/1/{first.sequence}", Decision(remedy="goodwill", by="Olga", member="anna"))
    before = chain.office.balance()
    assert claimed(chain, first).state == "given_before" and chain.office.balance() == before
    assert claimed(chain, second, key="2").state == "given"
    goodwill = Decision(remedy="goodwill", by="Olga", member="anna")
    with pytest.raises(NotSettled, match="how many points"):
        settle(chain.office.hub, f"refused/t1/1/{second.sequence}", goodwill)


def test_a_purchase_with_a_card_that_came_to_somebody_later_is_his(chain: Chain) -> None:
    """Its till issued the card without a connection, and another till sold with it first in the ledger's eyes."""
    sold = chain.sell(member=False, card="fresh")
    chain.written(1, chain.office.issued("fresh", "gleb"))
    assert claimed(chain, sold).state == "of_another"
    his = chain.asked("look_at_claim", SoughtClaim(who="fresh", receipt=place(sold)))
    assert (his.state, his.why) == ("to_give", "card_of_nobody")
