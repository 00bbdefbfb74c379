"""An online shop's orders: told, held, paid, undone (A2, A13, A17, A20, A25, A26)."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from hub.books.intake import Intake
from hub.coupons.making import Wanted, mint
from hub.coupons.token import told_coupon
from hub.errands.walk import Walk
from hub.jobs.running import Running
from hub.jobs.table import JOBS
from hub.outside.services import NO_SERVICES
from hub.people.orders import Order
from hub.people.profile import erase
from hub.people.receipts import receipts_sought
from hub.store.errors import StoreOff
from loyalty.basket import Basket, Line
from loyalty.bodies import MemberMerged
from loyalty.member import MemberView
from loyalty.quote import quote
from loyalty.returns import LineReturn, came_back, take_back
from loyalty.sold import return_of
from sync.receipts import SoughtReceipt
from tests.hub.certified import ONE, check_conserved, sold, standing
from tests.hub.conftest import DAY, Pen
from tests.hub.shop.online import Online

HOUR = timedelta(hours=1)


def walk(online: Online) -> None:
    Walk(online.office.hub, NO_SERVICES).step()


def right(online: Online) -> None:
    assert not online.office.verdict().faults


def run(online: Online, name: str) -> int:
    (job,) = [one for one in JOBS if one.name == name]
    return sum(Running(online.office.hub).run(job, online.office.now))


def cases(online: Online) -> list[str]:
    with online.office.hub.store.reading() as reader:
        return [case.kind for case in reader.all_open_cases()]


def test_a13_a17_a20_a25_half_is_paid_by_points_the_rest_earns_and_one_line_comes_back(online: Online) -> None:
    """A20: 50 % of the receipt, online as in the shop; A25: all that may be spent, by one word."""
    told = online.post("/quotes", online.basket(("choco", 3_000), ("tea", 1_000)), "anna")
    assert (told["before_kopecks"], told["spends"], told["to_pay_kopecks"]) == (63_333, 316, 31_733)
    assert (told["points"], told["earns"], told["limit"]["bound_by"]) == (1_000, 6, ["percent"])
    assert told["limit"]["text"][0].startswith("Можно списать 316 бонусов")
    assert sum(line["points_kopecks"] for line in told["lines"]) == 31_600
    order = online.post("/orders", {"number": "A-1", "quote": told["quote"]}, "anna")
    assert (order["state"], order["to_pay_kopecks"], online.points()) == ("placed", 31_733, 1_000)
    paid = online.post("/orders/A-1/paid", {"paid_kopecks": 31_733})
    assert (paid["state"], paid["receipt"], online.points()) == ("paid", "online/1/1", 1_000 - 316 + 6)
    back = online.returned("A-1", "2", 1_000)
    done = back["done"]
    assert (done["refund_kopecks"], done["restored"], done["taken_back"]) == (16_701, 166, 3)
    assert (back["lines"][1]["back_m"], online.points()) == (1_000, 690 + 166 - 3)
    rest = online.returned("A-1", "1", 3_000)
    assert (rest["state"], rest["done"]["refund_kopecks"], online.points()) == ("returned", 15_032, 1_000)
    assert online.get("/orders", "anna")["orders"] == [online.get("/orders/A-1")]
    assert (run(online, "rules"), run(online, "returns"), cases(online)) == (0, 0, [])
    run(online, "watch")
    assert online.office.rows("SELECT store, till FROM store_days") == [("sweets-1", "online")]
    right(online)


def test_a2_nobody_orders_too_and_has_no_points(online: Online) -> None:
    told = online.post("/quotes", online.basket(("sweets", 500)))
    assert (told["to_pay_kopecks"], told["earns"], told["limit"]["reason"]) == (35_000, 0, "no_card")
    paid = online.paid("B-1", ("sweets", 500), member="")
    assert (paid["state"], paid["member"], paid["earns"]) == ("paid", False, 0)
    cancelled = online.post("/orders/B-1/cancel", {"reason": "no"})
    assert (cancelled["state"], cancelled["done"]["refund_kopecks"]) == ("cancelled", 35_000)
    right(online)


def test_a26_who_is_not_registered_earns_and_spends_nothing_yet(online: Online) -> None:
    online.office.join("boris", points=500, registered=False, card="2600000000024")
    told = online.post("/quotes", online.basket(("choco", 10_000)), "boris")
    assert (told["spends"], told["limit"]["reason"], told["earns"]) == (0, "not_registered", 20)


def test_an_order_with_what_the_law_forbids_or_nobody_knows_is_refused_by_its_lines(online: Online) -> None:
    """Also where its category is open and a measure of it says that it is a drink; a bag goes with the order."""
    lines = [(article, 1_000) for article in ("choco", "brandy", "smoke", "liqueur", "odd", "nowhere", "bag")]
    for path, body in (
        ("/quotes", online.basket(*lines)),
        ("/orders", {"number": "C", "basket": online.basket(*lines)}),
    ):
        problem = online.refused(path, body, "anna")
        assert (problem["status"], problem["code"]) == (409, "may_not_be_sold_online")
        why = {line["article"]: line["why"] for line in problem["lines"]}
        assert why == {"brandy": "law", "smoke": "law", "liqueur": "law", "odd": "unknown", "nowhere": "unknown"}
        assert problem["text"][0].startswith("Эти товары нельзя")
    as_tea = online.basket(("tea", 1_000))
    as_tea["lines"][0]["category"] = "tobacco"  # the stricter word counts, whose it is
    assert online.refused("/quotes", as_tea)["code"] == "may_not_be_sold_online"


def test_a_price_is_the_hubs_unless_the_key_may_have_its_own(online: Online) -> None:
    body = online.basket(("choco", 1_000), ("tea", 1_000))
    body["lines"][0]["price_kopecks"] = 9_000
    problem = online.refused("/quotes", body)
    assert (problem["code"], problem["lines"]) == (
        "other_price",
        [{"id": "1", "article": "choco", "why": "", "price_kopecks": 10_000}],
    )
    assert online.refused("/quotes", online.basket(("free", 1_000)))["code"] == "no_price"
    online.key = online.new_key("quote", "prices")
    assert online.post("/quotes", body)["to_pay_kopecks"] == 9_000 + 33_333
    scope = online.refused("/orders", {"number": "D", "basket": body})
    assert (scope["status"], scope["code"], scope["scope"]) == (403, "scope_missing", "order")


def test_the_same_key_is_the_same_and_another_body_under_it_is_refused(online: Online) -> None:
    body = online.basket(("choco", 2_000))
    quote = online.post("/quotes", body, "anna", key="q")
    assert online.post("/quotes", body, "anna", key="q") == quote
    assert online.refused("/quotes", online.basket(("choco", 3_000)), "anna", key="q")["status"] == 422
    assert online.refused("/quotes", body, key="q")["code"] == "key_taken"  # nobody's is another
    order = {"number": "E-1", "quote": quote["quote"]}
    assert online.refused("/orders", order)["code"] == "quote_of_another"
    placed = online.post("/orders", order, "anna", key="o")
    assert online.post("/orders", order, "anna", key="o") == placed
    assert online.refused("/orders", order, "anna", key="p")["code"] == "number_taken"
    assert online.refused("/orders", order | {"number": "E-2"}, "anna", key="p")["code"] == "quote_used"
    assert online.refused("/orders", order | {"number": "E-2"}, "anna", key="o")["code"] == "key_taken"
    assert online.refused("/orders/E-1/paid", {"paid_kopecks": 1})["code"] == "wrong_sum"
    fact = {"paid_kopecks": placed["to_pay_kopecks"]}
    paid = online.post("/orders/E-1/paid", fact, key="f")
    online.office.restart()
    online.serve()
    assert online.post("/orders/E-1/paid", fact, key="f") == paid
    assert online.refused("/orders/E-1/paid", fact, key="g")["code"] == "not_now"
    assert online.refused("/orders/E-1/returns", {"lines": [{"id": "1", "quantity_m": 1}]}, key="f")["status"] == 422
    back = {"lines": [{"id": "1", "quantity_m": 1_000}]}
    once = online.post("/orders/E-1/returns", back, key="r")
    assert online.post("/orders/E-1/returns", back, key="r") == once
    assert len(once["returns"]) == 1
    assert online.refused("/orders/E-1/returns", {"lines": [{"id": "1", "quantity_m": 2_000}]})["code"] == "not_so_much"
    right(online)


def test_what_was_told_is_what_is_recorded_until_its_time_is_over(online: Online) -> None:
    """DESIGN 4.11: a dearer price, another balance and midnight change nothing of it."""
    quote = online.post("/quotes", online.basket(("choco", 2_000)), "anna")
    online.stock({"choco": {"name": "Шоколад", "category": "chocolate", "kopecks": 20_000}})
    online.office.now += timedelta(minutes=14)
    placed = online.post("/orders", {"number": "F-1", "quote": quote["quote"]}, "anna")
    assert placed["to_pay_kopecks"] == quote["to_pay_kopecks"] == 10_000
    late = online.post("/quotes", online.basket(("choco", 2_000)), "anna")
    online.office.now += timedelta(minutes=15)
    assert online.refused("/orders", {"number": "F-2", "quote": late["quote"]}, "anna")["code"] == "unknown_quote"
    walk(online)
    assert online.office.rows("SELECT count(*) FROM errands WHERE kind = 'shop_quote'") == [(0,)]
    assert online.post("/orders/F-1/paid", {"paid_kopecks": 10_000})["spends"] == 100
    assert run(online, "rules") == 0
    right(online)


def test_an_order_that_nobody_pays_lets_go_of_its_points_and_late_money_is_a_fact(online: Online) -> None:
    online.placed("G-1", ("tea", 6_000))  # 999 of 1000 points
    assert online.post("/quotes", online.basket(("choco", 1_000)), "anna")["points"] == 1
    taken = online.post("/quotes", online.basket(("choco", 3_000)), "anna")
    assert (taken["spends"], taken["limit"]["bound_by"]) == (1, ["held_elsewhere"])
    online.office.now += HOUR
    walk(online)
    assert online.get("/orders/G-1")["state"] == "lapsed"
    assert online.paid("G-2", ("choco", 10_000))["spends"] == 500
    late = online.post("/orders/G-1/paid", {"paid_kopecks": online.get("/orders/G-1")["to_pay_kopecks"]})
    assert late["state"] == "paid"
    assert cases(online) == ["debt"]
    right(online)


def test_a_cancelled_order_is_as_if_it_had_not_been(online: Online) -> None:
    online.placed("H-1", ("tea", 6_000))
    assert online.post("/orders/H-1/cancel", {})["state"] == "cancelled"
    assert online.post("/quotes", online.basket(("choco", 1_000)), "anna")["points"] == 1_000
    paid = online.paid("H-2", ("tea", 6_000))
    online.returned("H-2", "1", 2_000)
    online.post("/orders/H-2/delivery", {"state": "on_the_way"})
    gone = online.post("/orders/H-2/cancel", {"reason": "late"})
    assert (gone["state"], sum(one["refund_kopecks"] for one in gone["returns"])) == (
        "cancelled",
        paid["to_pay_kopecks"],
    )
    assert online.points() == 1_000
    assert online.refused("/orders/H-2/returns", {"lines": [{"id": "1", "quantity_m": 1_000}]})["code"] == "not_now"
    right(online)


def test_an_order_is_brought_by_a_table(online: Online) -> None:
    slot = {"since": "2026-03-03T10:00:00+03:00", "until": "2026-03-03T12:00:00+03:00"}
    online.placed("I-1", ("choco", 1_000))
    assert online.refused("/orders/I-1/delivery", {"state": "delivered"})["code"] == "not_now"
    packed = online.post("/orders/I-1/delivery", {"state": "packed", "slot": slot})
    assert (packed["delivery"], packed["slot"]) == ("packed", slot)
    online.post("/orders/I-1/paid", {"paid_kopecks": packed["to_pay_kopecks"]})
    for state in ("missed", "on_the_way", "delivered"):
        assert online.post("/orders/I-1/delivery", {"state": state})["delivery"] == state
    assert online.refused("/orders/I-1/delivery", {"state": "packed"})["code"] == "not_now"
    assert online.refused("/orders/I-1/cancel", {})["code"] == "delivered"
    wrong = {"state": "packed", "slot": {"since": slot["until"], "until": slot["since"]}}
    assert online.refused("/orders/I-1/delivery", wrong)["code"] == "bad_request"


def test_two_orders_at_once_never_have_the_same_points(online: Online) -> None:
    """And a till that asks for them meanwhile gets what is left."""
    quotes = [online.post("/quotes", online.basket(("tea", 4_000)), "anna")["quote"] for _ in range(6)]
    bodies = [{"number": f"J-{n}", "quote": quote} for n, quote in enumerate(quotes)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda body: online.raw("POST", "/orders", body, "anna", key=body["number"]), bodies))
    codes = sorted(answer.json().get("code", "placed") for answer in answers)
    assert codes == ["placed", *["points_gone"] * 5]  # each wants 666 of 1000
    (won,) = [answer.json() for answer in answers if answer.status_code == 200]
    pay = {"paid_kopecks": won["to_pay_kopecks"]}
    with ThreadPoolExecutor(6) as pool:
        path = f"/orders/{won['number']}/paid"
        facts = list(pool.map(lambda n: online.raw("POST", path, pay, key="same").json()["receipt"], range(6)))
    assert facts == ["online/1/1"] * 6
    assert online.points() == 1_000 - 666 + won["earns"]
    right(online)


@pytest.mark.parametrize("seed", range(5))
def test_any_order_of_partial_returns_conserves_points_and_money(online: Online, seed: int) -> None:
    """DESIGN 4.5: at the shop, and at a till."""
    draw = random.Random(seed)
    lines = [("choco", draw.randrange(1, 6) * 1_000), ("tea", draw.randrange(1, 4) * 1_000)]
    lines += [("sweets", draw.randrange(1, 3_000))]
    paid = online.paid("K", *lines, spend=draw.choice(["all", draw.randrange(1, 300), "none"]))
    left = {str(n): m for n, (_, m) in enumerate(lines, 1)}
    pen = Pen("t9", store="shop-7")
    while left:
        id = draw.choice(sorted(left))
        part = draw.randrange(1, left[id] + 1) if id == "3" else draw.randrange(1, left[id] // 1_000 + 1) * 1_000
        if draw.random() < 0.7:
            online.returned("K", id, part)
        else:
            at_till(online, pen, "K", id, part)
        left[id] -= part
        left = {id: m for id, m in left.items() if m}
        run(online, "returns")
    order = online.get("/orders/K")
    assert order["state"] == "returned"
    assert sum(back["refund_kopecks"] for back in order["returns"]) == paid["to_pay_kopecks"]
    assert sum(back["restored"] for back in order["returns"]) == paid["spends"]
    assert sum(back["taken_back"] for back in order["returns"]) == paid["earns"]
    assert (online.points(), cases(online)) == (1_000, [])
    right(online)


def at_till(online: Online, pen: Pen, number: str, line: str, quantity_m: int) -> None:
    """A till that has looked the order up at the hub by its number takes goods of it back."""
    sought = SoughtReceipt(number=number, day=DAY, store="sweets-1")
    with online.office.hub.store.reading() as reader:
        (found,) = receipts_sought(reader, sought, "shop-7")
    rules = online.office.hub.rules(found.sold.programme_hash)
    assert rules is not None
    back = found.bodies
    step = take_back(rules, found.sold, came_back(found.sale, back), [LineReturn(id=line, quantity_m=quantity_m)])
    body = return_of(rules, found.sold, step, online.office.now, before=back)
    assert online.office.take(body, pen=pen) == ["applied"]


def test_a_coupon_is_held_for_an_order_and_used_once(online: Online) -> None:
    hub = online.office.hub
    wanted = Wanted(programme="alenka", campaign="ten-percent")
    text = told_coupon(hub, mint(hub, wanted, Order(by="Olga"))[0]).token
    with_it: dict[str, Any] = {"coupons": [text], "spend": "none"}
    order = online.placed("L-1", ("choco", 10_000), **with_it)
    assert (order["off_kopecks"], order["to_pay_kopecks"]) == (10_000, 90_000)
    assert [(one["id"], one["kind"], one["off_kopecks"]) for one in order["offers"]] == [
        ("ten-percent", "coupon", 10_000)
    ]
    second = {"number": "L-2", "basket": online.basket(("choco", 10_000), **with_it)}
    assert online.refused("/orders", second, "anna")["code"] == "coupon_taken"
    online.post("/orders/L-1/cancel", {})
    online.post("/orders", second, "anna")
    online.post("/orders/L-2/paid", {"paid_kopecks": 90_000})
    third = {"number": "L-3", "basket": online.basket(("choco", 10_000), **with_it)}
    assert online.refused("/orders", third, "anna")["code"] == "coupon_taken"
    online.post("/orders/L-2/cancel", {})
    assert online.post("/orders", third, "anna")["off_kopecks"] == 10_000
    assert online.refused("/quotes", online.basket(("choco", 1_000), coupons=["nonsense"]))["code"] == "coupon_bad"
    assert (run(online, "rules"), cases(online)) == (0, [])
    right(online)


def test_a_certificate_pays_its_part_and_has_it_again(online: Online) -> None:
    hub, pen = online.office.hub, Pen("t2")
    assert online.office.take(sold(ONE, 30_000), pen=pen) == ["applied"]
    body = online.basket(("tea", 1_000), ("choco", 1_000), certificate=hub.certificate_text(ONE, "alenka"))
    order = online.post("/orders", {"number": "O-1", "basket": body}, "anna")
    money = order["before_kopecks"] - order["points_kopecks"]
    assert (order["certificate_kopecks"], order["to_pay_kopecks"]) == (min(30_000, money), max(0, money - 30_000))
    rest = online.post("/quotes", body, "anna")
    assert rest["certificate_kopecks"] == 30_000 - order["certificate_kopecks"]
    online.post("/orders/O-1/paid", {"paid_kopecks": order["to_pay_kopecks"]})
    assert standing(online.office)[0] == 30_000 - order["certificate_kopecks"]
    back = online.post("/orders/O-1/cancel", {})["done"]
    assert (back["certificate_kopecks"], back["refund_kopecks"]) == (
        order["certificate_kopecks"],
        order["to_pay_kopecks"],
    )
    assert (standing(online.office)[0], online.points(), cases(online)) == (30_000, 1_000, [])
    problem = online.refused("/quotes", online.basket(("tea", 1_000), certificate="nonsense"))
    assert problem["code"] == "certificate_bad"
    check_conserved(online.office)
    right(online)


def test_a_hub_that_dies_while_it_is_paid_has_written_nothing_or_all(
    online: Online, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order's row and the sale are one transaction: told again, it is paid once."""
    order = online.placed("P-1", ("tea", 1_000))
    fact = {"paid_kopecks": order["to_pay_kopecks"]}

    def dies(*args: Any) -> Any:
        raise StoreOff("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr(Intake, "bear", dies)
        assert online.refused("/orders/P-1/paid", fact, key="once")["status"] == 503
    assert online.get("/orders/P-1")["state"] == "placed"
    assert online.post("/orders/P-1/paid", fact, key="once")["receipt"] == "online/1/1"
    assert online.points() == 1_000 - order["spends"] + order["earns"]
    right(online)


def test_a_member_gets_online_what_a_till_would_give_him(online: Online) -> None:
    """His birthday, his favourites, the sum of the receipt: the same rules see the same member (A17, A18, A23)."""
    office, rules = online.office, online.office.hub.programmes["alenka"]
    office.join("vera", points=300, card="2600000000031", birthday=date(1990, 3, 1), favourites=("tea",))
    told = online.post("/quotes", online.basket(("tea", 5_000), ("choco", 3_000), spend=200), "vera")
    lines = (
        Line(id="1", name="Чай", price_kopecks=33_333, quantity_m=5_000, category="tea"),
        Line(id="2", name="Шоколад", price_kopecks=10_000, quantity_m=3_000, category="chocolate"),
    )
    view = MemberView(points_active=300, birthday=date(1990, 3, 1), favourites=("tea",))
    till = quote(rules, Basket(lines=lines), view, at=office.now, requested_points=200)
    assert (told["to_pay_kopecks"], told["spends"]) == (till.to_pay_kopecks, till.redemption.points)
    assert told["earns"] == till.accrual.points
    plain = quote(rules, Basket(lines=lines), MemberView(), at=office.now, requested_points=0)
    assert till.accrual.points != plain.accrual.points, "his birthday counts"


def test_another_shops_order_is_as_none_and_nobodys_key_opens_nothing(online: Online) -> None:
    online.placed("M-1", ("choco", 1_000))
    other = Online(online.office, online.server, name="teas")
    assert other.raw("GET", "/orders/M-1").json()["code"] == "unknown_order"
    assert other.get("/orders", "anna")["orders"] == []
    assert other.raw("GET", "/orders/M-1", Authorization="Bearer ps1.sweets.x").status_code == 401
    assert other.raw("GET", "/orders").json()["code"] == "member_token"
    assert other.raw("GET", "/orders", Member_Token="nobody").status_code == 401
    assert other.raw("POST", "/orders/M-1/paid", {"paid_kopecks": -1}).json()["code"] == "bad_request"
    assert other.raw("DELETE", "/orders/M-1").json()["code"] == "wrong_method"
    assert other.raw("GET", "/openapi.json").json()["openapi"] == "3.1.0"
    assert {"M-1"} == {one["number"] for one in online.get("/orders", "anna")["orders"]}


def test_orders_go_with_their_member_into_another(online: Online) -> None:
    online.office.join("boris", points=100, card="2600000000024")
    online.placed("Q-1", ("tea", 1_000))
    online.placed("Q-2", ("tea", 2_000))
    assert online.office.born(MemberMerged(member="anna", into="boris"), "office") == "applied"
    assert online.post("/quotes", online.basket(("choco", 1_000)), "boris")["points"] == 1_100 - 166 - 333
    assert [one["number"] for one in online.get("/orders", "boris")["orders"]] == ["Q-2", "Q-1"]
    online.post("/orders/Q-2/cancel", {})
    paid = online.post("/orders/Q-1/paid", {"paid_kopecks": online.get("/orders/Q-1")["to_pay_kopecks"]})
    assert online.points("boris") == 1_100 - paid["spends"] + paid["earns"]
    assert online.post("/quotes", online.basket(("choco", 1_000)), "boris")["points"] == online.points("boris")
    right(online)


def test_who_is_erased_has_no_order_any_more(online: Online) -> None:
    online.placed("N-1", ("choco", 1_000))
    online.paid("N-2", ("choco", 1_000))
    erase(online.office.hub, "anna", Order(by="Olga"), "asked for it")
    waiting, sold = online.get("/orders/N-1"), online.get("/orders/N-2")
    assert (waiting["state"], sold["state"], sold["member"]) == ("cancelled", "paid", False)
    assert online.refused("/orders/N-1/paid", {"paid_kopecks": waiting["to_pay_kopecks"]})["code"] == "not_now"
    assert "anna" not in str(online.office.rows("SELECT body, member FROM errands WHERE kind LIKE 'shop_order'"))
    assert online.returned("N-2", "1", 1_000)["state"] == "returned"
    right(online)
