"""Dialogues with right answers: whatever claims to be a till's face of ours must give them.

Each uses numbers of its own, sells for a few rubles and takes the goods back where points moved, so that it may be run
at a till in training; never at one that serves customers, for sales are recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pos_agent.conformance.talk import NotTried, Talk, Told, equal, expect, same_sums, sums

LINE: Final[Told] = {"id": "1", "name": "Чай", "price": "41.20", "quantity": "2"}
WEIGHED: Final[Told] = {"id": "2", "name": "Конфеты", "price": "64.90", "quantity": "0.347", "unit": "kg"}
BASKET: Final = [LINE, WEIGHED]
OTHERS: Final = [{**LINE, "price": "50.00"}]
MUCH: Final = 10**9  # points


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    name: str
    ru: str
    en: str
    holds: Callable[[Talk], None]


def identify(talk: Talk) -> None:
    told = talk.done("code", "member_found", sale=talk.number, text=talk.means.card)
    equal("text", True, bool(told.get("text")))
    talk.refused("code", 404, "not_ours", sale=talk.number, text="hello")
    talk.refused("code", 422, "empty", sale=talk.number, text="")
    talk.refused("phone", 422, "bad_phone", sale=talk.number, number="мама")


def basket(talk: Talk) -> None:
    told = sums(talk.done("basket", "basket_without_member", sale=talk.number, lines=BASKET))
    equal("told.lines", ["1", "2"], [line["id"] for line in told["lines"]])
    equal("told.to_pay", "104.92", told["to_pay"])
    fewer = sums(talk.done("basket", "basket_without_member", sale=talk.number, lines=[LINE]))
    equal("told.to_pay", "82.40", fewer["to_pay"])
    equal("told.quote is new", True, fewer["quote"] != told["quote"])
    talk.done("basket", "basket_empty", sale=talk.number, lines=[])
    talk.refused("basket", 422, "bad_basket", sale=talk.number, lines=[{**LINE, "price": "-5"}])
    talk.refused("basket", 422, "bad_basket", sale=talk.number, lines=[LINE, LINE])


def unknown_fields(talk: Talk) -> None:
    line = {**LINE, "colour": "green", "inner": {"deep": [1]}}
    told = sums(talk.done("basket", "basket_without_member", sale=talk.number, lines=[line]))
    equal("told.to_pay", "82.40", told["to_pay"])


def redeem(talk: Talk) -> None:
    limit = _limit(talk)
    told = sums(talk.done("redeem", "redeem_set", sale=talk.number, points=limit))
    equal("told.redeemed.points", limit, told["redeemed"]["points"])
    none = sums(talk.done("redeem", "redeem_set", sale=talk.number, points=0))
    equal("told.redeemed.points", 0, none["redeemed"]["points"])
    most = sums(talk.done("redeem", "redeem_set", sale=talk.number))
    equal("told.redeemed.points", limit, most["redeemed"]["points"])
    equal("told.to_pay", Decimal(none["to_pay"]) - Decimal(most["redeemed"]["amount"]), Decimal(most["to_pay"]))
    talk.refused("redeem", 422, "bad_points", sale=talk.number, points=-1)


def bounds(talk: Talk) -> None:
    limit = _limit(talk)
    told = sums(talk.done("redeem", "redeem_set", sale=talk.number, points=limit + 1))
    equal("told.redeemed.points", limit, told["redeemed"]["points"])
    small = [{**LINE, "price": "1.00", "quantity": "1"}]
    fewer = sums(talk.done("basket", "basket_bounds_wish", sale=talk.number, lines=small))
    equal("redeemed <= limit", True, fewer["redeemed"]["points"] <= fewer["limit"]["points"])
    talk.done("redeem", "redeem_set", sale=talk.number, points=MUCH)


def _limit(talk: Talk) -> int:
    """Of a basket with the member's card."""
    talk.done("basket", "basket_without_member", sale=talk.number, lines=BASKET)
    told = sums(talk.done("code", "member_found", sale=talk.number, text=talk.means.card))
    limit = int(told["limit"]["points"])
    if not limit:
        raise NotTried(told["limit"]["text"])
    return limit


def drop_card(talk: Talk) -> None:
    talk.done("basket", "basket_without_member", sale=talk.number, lines=BASKET)
    talk.refused("drop_card", 409, "not_now_basket", sale=talk.number)
    talk.done("code", "member_found", sale=talk.number, text=talk.means.card)
    told = sums(talk.done("drop_card", "card_dropped", sale=talk.number))
    equal("told.accrued.points", 0, told["accrued"]["points"])


def prepare_pay(talk: Talk) -> None:
    talk.refused("prepare", 409, "not_now_idle", sale=talk.number)
    shown = sums(talk.done("basket", "basket_without_member", sale=talk.number, lines=BASKET))
    ready = sums(talk.done("prepare", "prepared", sale=talk.number))
    same_sums("prepare", shown, ready)
    paid = sums(talk.done("pay", "no_member", sale=talk.number, quote=ready["quote"]))
    same_sums("pay", ready, paid)
    talk.refused("prepare", 409, "not_now_idle", sale=talk.other("none"))


def told_again(talk: Talk) -> None:
    paid = talk.sale(talk.number, BASKET)
    again = sums(talk.done("pay", "recorded_before", sale=talk.number, quote=paid["quote"]))
    same_sums("pay again", paid, again)
    for does, more in (("basket", {"lines": BASKET}), ("prepare", {}), ("pay", {})):
        told = sums(talk.done(does, "recorded_before", sale=talk.number, **more))
        same_sums(f"{does} again", paid, told)


def number_taken(talk: Talk) -> None:
    paid = talk.sale(talk.number, BASKET)
    problem = talk.refused("basket", 409, "sale_number_taken", sale=talk.number, lines=OTHERS)
    same_sums("the other sale", paid, sums(problem))
    talk.refused("prepare", 409, "sale_number_taken", sale=talk.number)
    talk.refused("pay", 409, "sale_number_taken", sale=talk.number)
    told = sums(talk.done("prepare", "prepared", sale=talk.number, another=True))
    equal("told.to_pay", "100.00", told["to_pay"])
    other = sums(talk.done("pay", "no_member", sale=talk.number, quote=told["quote"], another=True))
    equal("told.to_pay", "100.00", other["to_pay"])


def whose_receipt(talk: Talk) -> None:
    one, two = talk.other("a"), talk.other("b")
    first = sums(talk.done("basket", "basket_without_member", sale=one, lines=BASKET))
    second = sums(talk.done("basket", "basket_without_member", sale=two, lines=OTHERS))
    equal("told.to_pay", second["to_pay"], sums(talk.done("prepare", "prepared", sale=two))["to_pay"])
    equal("told.to_pay", first["to_pay"], sums(talk.done("prepare", "prepared", sale=one))["to_pay"])
    for sale in (one, two):
        talk.done("cancel", "cancelled", sale=sale)


def quote_of_another(talk: Talk) -> None:
    one, two = talk.other("a"), talk.other("b")
    told = sums(talk.done("basket", "basket_without_member", sale=one, lines=BASKET))
    talk.done("basket", "basket_without_member", sale=two, lines=OTHERS)
    talk.refused("pay", 409, "quote_of_another", sale=two, quote=told["quote"])
    same_sums("its own", told, sums(talk.done("pay", "no_member", sale=one, quote=told["quote"])))
    talk.refused("pay", 409, "quote_of_another", sale=two, quote=told["quote"])
    talk.done("cancel", "cancelled", sale=two)


def unknown_quote(talk: Talk) -> None:
    lost = talk.other("quote")
    talk.done("basket", "basket_without_member", sale=talk.number, lines=OTHERS)
    talk.refused("pay", 404, "unknown_quote", sale=talk.number, quote=lost)
    told = talk.done("pay", "no_member", sale=talk.number, quote=lost, said={"lines": [LINE]})["told"]
    equal("told.to_pay", "82.40", told["to_pay"])
    again = talk.done("pay", "recorded_before", sale=talk.number, quote=lost, said={"lines": [LINE]})["told"]
    equal("told.to_pay", "82.40", again["to_pay"])


def coupons(talk: Talk) -> None:
    talk.done("basket", "basket_without_member", sale=talk.number, lines=BASKET)
    talk.refused("code", 422, "coupon_malformed", sale=talk.number, text="PA1:AAAA.")
    talk.refused("drop_coupon", 404, "no_such_coupon", sale=talk.number)


def a_coupon(talk: Talk) -> None:
    if not talk.means.coupon:
        raise NotTried("--coupon")
    talk.done("basket", "basket_without_member", sale=talk.number, lines=BASKET)
    shown = talk.ask("code", sale=talk.number, text=talk.means.coupon)
    expect(shown, 200)
    equal("code", True, shown.code.startswith("coupon_"))
    equal("told.coupons", 1, len(sums(dict(shown.body))["coupons"]))
    talk.refused("code", 409, "coupon_shown", sale=talk.number, text=talk.means.coupon)
    told = sums(talk.done("drop_coupon", "coupon_dropped", sale=talk.number))
    equal("told.coupons", 0, len(told["coupons"]))
    equal("told.to_pay", "104.92", told["to_pay"])


def cancel(talk: Talk) -> None:
    talk.done("basket", "basket_without_member", sale=talk.number, lines=BASKET)
    talk.done("cancel", "cancelled", sale=talk.number)
    talk.refused("prepare", 409, "not_now_idle", sale=talk.number)
    talk.refused("pay", 409, "not_now_idle", sale=talk.number)
    paid = talk.other("paid")
    talk.sale(paid, [LINE])
    talk.refused("cancel", 409, "recorded_before", sale=paid)


def come_back(talk: Talk) -> None:
    paid = talk.sale(talk.number, BASKET, card=talk.means.card)
    points = _some(paid)
    number, of = talk.other("r"), {"sale": talk.number}
    part = [{"id": "1", "quantity": "1"}]
    told = talk.done("return", "return_prepared", of=of, lines=part)["returned"]
    one = _returned(talk, number, told)
    again = talk.done("return", "return_recorded_before", quote=told["quote"], sale=number, paid=True)["returned"]
    equal("returned.refund", one["refund"], again["refund"])
    talk.refused("return", 422, "bad_return", of=of, lines=[{"id": "1", "quantity": "2"}])
    rest = _returned(talk, talk.other("s"), talk.done("return", "return_prepared", of=of, whole=True)["returned"])
    equal("refunds", Decimal(paid["to_pay"]), Decimal(one["refund"]) + Decimal(rest["refund"]))
    equal("clawed_back", points, one["clawed_back"] + rest["clawed_back"])
    talk.refused("return", 409, "all_came_back", of=of, whole=True)
    talk.refused("return", 409, "return_number_taken", of=of, lines=[{"id": "2", "quantity": "0.1"}], sale=number)


def _some(paid: Told) -> int:
    return int(paid["accrued"]["points"])


def _returned(talk: Talk, number: str, told: Told) -> Told:
    """The second step of a return, which says what the first said."""
    amounts = (Decimal(position["amount"]) for line in told["lines"] for position in line["positions"])
    equal("returned.refund: positions", Decimal(told["refund"]), sum(amounts, Decimal(0)))
    recorded: Told = talk.done("return", "return_recorded", quote=told["quote"], sale=number, paid=True)["returned"]
    for name in ("refund", "restored", "clawed_back", "lines"):
        equal(f"returned.{name}", told[name], recorded[name])
    return recorded


def points_come_back(talk: Talk) -> None:
    limit = _limit(talk)
    talk.done("redeem", "redeem_set", sale=talk.number, points=limit)
    told = sums(talk.done("prepare", "prepared", sale=talk.number))
    paid = sums(talk.done("pay", "recorded", sale=talk.number, quote=told["quote"]))
    equal("told.redeemed.points", limit, paid["redeemed"]["points"])
    back = talk.done("return", "return_prepared", of={"sale": talk.number}, whole=True)["returned"]
    recorded = _returned(talk, talk.other("r"), back)
    equal("returned.restored", limit, recorded["restored"])
    equal("returned.refund", paid["to_pay"], recorded["refund"])


def returns_refused(talk: Talk) -> None:
    talk.refused("return", 422, "which_receipt")
    talk.refused("return", 404, "no_such_sale", of={"sale": talk.number}, whole=True)
    talk.refused("return", 404, "unknown_return_quote", quote=talk.other("quote"), sale=talk.number, paid=True)
    talk.refused("return", 422, "no_receipt_code", of={"code": "hello"}, whole=True)


def papers(talk: Talk) -> None:
    told = talk.done("points_report", "report_shown", show=True)
    equal("text", True, "\n" in told["text"])
    talk.refused("paper", 404, "no_paper_question", paper=MUCH, came_out=True)
    talk.refused("reprint", 404, "no_such_receipt", sale=talk.number)


def one_door(talk: Talk) -> None:
    """The same commands at one address."""
    body = b'{"do": "basket", "sale": "%s", "lines": []}' % talk.number.encode()
    expect(talk.face.send("POST", "/v1/commands", body), 200, "basket_empty")


def looks(talk: Talk) -> None:
    talk.done("basket", "basket_without_member", sale=talk.number, lines=[LINE])
    seen = talk.face.send("GET", "/v1/visit")
    expect(seen, 200)
    equal("visit.receipt", talk.number, seen.body["visit"]["receipt"])
    equal("visit.to_pay_kopecks", 8240, seen.body["visit"]["to_pay_kopecks"])
    talk.done("cancel", "cancelled", sale=talk.number)
    later = talk.face.send("GET", f"/v1/visit?after={seen.body['handled']}&wait_s=5")
    equal("handled", True, later.body["handled"] > seen.body["handled"])
    status = talk.face.send("GET", "/v1/status")
    expect(status, 200)
    equal("status has hub, outbox, papers", True, {"hub", "outbox", "papers", "question"} <= status.body.keys())
    expect(talk.face.send("GET", "/v1/visit?after=x"), 400, "bad_query")
    described = talk.face.send("GET", "/v1/openapi.json")
    expect(described, 200)
    equal("paths", True, "/v1/pay" in described.body["paths"])
