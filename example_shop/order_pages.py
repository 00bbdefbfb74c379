"""The basket as the hub works it out, and orders: placed, paid, brought, cancelled, returned."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from starlette.responses import Response

from example_shop.book import QUANTITY_MAX, InBasket, Ordered
from example_shop.hub_api import HubSaysNo, Told
from example_shop.visit import Visit, new_key

HOURS: Final = ((10, 12), (12, 15), (18, 21))
DAYS: Final = 2  # from tomorrow on


class Slot(NamedTuple):
    """`id`: as the form says it."""

    id: str
    day: datetime
    since: datetime
    until: datetime

    @property
    def told(self) -> Told:
        return {"since": self.since.isoformat(), "until": self.until.isoformat()}


def slots(visit: Visit) -> list[Slot]:
    today = visit.house.now().astimezone(visit.house.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [today + timedelta(days=n + 1) for n in range(DAYS)]
    return [
        Slot(f"{day:%Y-%m-%d}/{since}", day, day.replace(hour=since), day.replace(hour=until))
        for day in days
        for since, until in HOURS
    ]


# the basket


def basket(visit: Visit) -> Response:
    return _basket(visit)


def _basket(visit: Visit, refused: str = "", status: int = 200) -> Response:
    rows, quote, wrong = visit.house.book.basket(visit.owner), None, dict[str, Told]()
    visit.customer()  # whose link has ended is told so, and his basket is nobody's
    if rows:
        try:
            quote = _quoted(visit, rows)
        except HubSaysNo as no:
            refused, status = refused or visit.of(no.text), 409
            wrong = {line["article"]: line for line in no.lines}
    return visit.show(
        "basket.html",
        visit.say("basket"),
        status=status,
        refused=refused,
        rows=rows,
        quote=quote,
        lines={line["article"]: line for line in quote["lines"]} if quote else {},
        wrong=wrong,
        slots=slots(visit),
        spend=visit.session.spend,
        most=QUANTITY_MAX,
    )


def _quoted(visit: Visit, rows: list[InBasket]) -> Told:
    """Raises HubSaysNo. A quote is a promise of the hub's, and each look makes one."""
    lines = [
        {"id": str(n), "article": one.article, "quantity_m": one.quantity * 1000, "name": one.name}
        for n, one in enumerate(rows, 1)
    ]
    token = visit.session.token
    spend = "all" if token and visit.session.spend else "none"
    return visit.house.hub.do("/quotes", {"lines": lines, "spend": spend}, f"quote-{new_key()}", token)


def change(visit: Visit) -> Response:
    """How many of each, as the form says."""
    _changed(visit)
    return visit.go("/basket")


def _changed(visit: Visit) -> bool:
    """Keep how many of each the form says, whatever was pressed. Is it another basket now?"""
    changed = False
    for one in visit.house.book.basket(visit.owner):
        text = visit.typed.one(f"quantity-{one.article}")
        if text.isascii() and text.isdigit() and len(text) < 4 and int(text) != one.quantity:
            visit.house.book.put(visit.owner, InBasket(one.article, one.name, one.unit, int(text)))
            changed = True
    return changed


def drop(visit: Visit) -> Response:
    visit.house.book.put(visit.owner, InBasket(visit.typed.one("article"), "", "", 0))
    return visit.go("/basket")


def spend(visit: Visit) -> Response:
    """«Списать» (A25): one press, and one press back."""
    _changed(visit)
    visit.session.spend = visit.typed.one("on") == "1"
    visit.keep()
    return visit.go("/basket")


# orders


def place(visit: Visit) -> Response:
    """By the quote that he has seen: what was told is what holds."""
    form, quote = visit.typed.one("key")[:60], visit.typed.one("quote")[:64]
    before = visit.house.book.order_of_form(visit.owner, form)
    if before is None and _changed(visit):  # another sum than the one that he has seen
        return visit.go("/basket", visit.say("basket_anew"))
    slot = next((one for one in slots(visit) if one.id == visit.typed.one("slot")), None)
    if before is None and (slot is None or not visit.house.book.basket(visit.owner)):
        return visit.go("/basket")
    if slot is not None and (before is None or not before.placed):
        before = visit.house.book.begin_order(visit.owner, form, quote, slot.id, visit.house.now())
        body = {"number": before.number, "quote": before.quote, "slot": slot.told}
        try:
            visit.house.hub.do("/orders", body, f"place-{before.number}", visit.session.token)
        except HubSaysNo as no:
            visit.house.book.dropped(before)
            return _basket(visit, visit.of(no.text), 409)
        _is_placed(visit, before)
    assert before is not None
    return visit.go(f"/orders/{before.number}", visit.say("order_was_placed"))


def _is_placed(visit: Visit, order: Ordered) -> None:
    visit.house.book.placed(order)
    visit.house.book.clear(visit.owner)
    visit.session.spend = False
    visit.keep()


def orders(visit: Visit) -> Response:
    rows = [(one, _told(visit, one)) for one in visit.house.book.orders(visit.owner)[:20]]
    return visit.show("orders.html", visit.say("orders"), rows=rows)


def order(visit: Visit) -> Response:
    return _order(visit)


def _order(visit: Visit, refused: str = "", status: int = 200) -> Response:
    kept = visit.house.book.order(visit.owner, visit.path["number"])
    told = _told(visit, kept) if kept is not None else None
    if kept is None or told is None:
        return visit.show("refused.html", visit.say("not_found"), status=404, refused=visit.say("not_found_how"))
    title = visit.say("order", number=kept.number)
    may_cancel = told["state"] == "placed" or (told["state"] == "paid" and told.get("delivery") != "delivered")
    left = [line for line in told["lines"] if line["quantity_m"] > line.get("back_m", 0)]
    return visit.show("order.html", title, status=status, refused=refused, order=told, may_cancel=may_cancel, left=left)


def _told(visit: Visit, order: Ordered) -> Told | None:
    """As the hub has it; None: it never came there."""
    try:
        return visit.house.hub.look(f"/orders/{order.number}")
    except HubSaysNo as no:
        if no.code == "unknown_order":
            return None
        raise


def pay(visit: Visit) -> Response:
    """Here a shop has had its payment provider's word that the money is there."""
    order = _his(visit)
    if order is None:
        return _order(visit)
    return _done(visit, order, "paid", {"paid_kopecks": order["to_pay_kopecks"]}, "order_was_paid")


def cancel(visit: Visit) -> Response:
    return _done(visit, _his(visit), "cancel", {}, "order_was_cancelled")


def bring(visit: Visit) -> Response:
    """Here a shop has had its courier's word."""
    return _done(visit, _his(visit), "delivery", {"state": "delivered"}, "order_was_brought")


def give_back(visit: Visit) -> Response:
    order = _his(visit)
    asked = {line["id"]: visit.typed.one(f"back-{line['id']}") for line in order["lines"]} if order else {}
    numbers = {id: int(text) for id, text in asked.items() if text.isascii() and text.isdigit() and len(text) < 4}
    lines = [{"id": id, "quantity_m": number * 1000} for id, number in numbers.items() if number]
    if not lines:
        return _order(visit, visit.say("order_return_none"), 400)
    return _done(visit, order, "returns", {"lines": lines}, "order_was_returned")


def _his(visit: Visit) -> Told | None:
    kept = visit.house.book.order(visit.owner, visit.path["number"])
    return _told(visit, kept) if kept is not None else None


def _done(visit: Visit, order: Told | None, what: str, body: Told, word: str) -> Response:
    """The form's own key: sent twice it is done once."""
    if order is None:
        return _order(visit)
    number = order["number"]
    key = f"{what}-{number}-{visit.typed.one('key')[:16]}" if what == "returns" else f"{what}-{number}"
    try:
        visit.house.hub.do(f"/orders/{number}/{what}", body, key)
    except HubSaysNo as no:
        return _order(visit, visit.of(no.text), 409)
    return visit.go(f"/orders/{number}", visit.say(word))
