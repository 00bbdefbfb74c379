"""The online shop of the chain: members are connected with it, place orders, pay or do not, and send goods back."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any, Final, Literal

import msgspec

from hub.goods import NewGoods, Price, take
from hub.hub import Hub
from hub.shop.call import Method, ShopAsked, ShopRefused
from hub.shop.door import KeyDoor
from hub.shop.keys import SCOPES, OnlineShop, add_shop, new_key
from hub.shop.routes import CALLS
from simulator.away.matter import Ask, Errand, Matter, Refused
from simulator.people import Person
from simulator.stories.sale import CATEGORIES
from sync.account.connect import ConnectAgree
from sync.shop.members import NewLink
from sync.shop.orders import CancelOrder, LineBack, OrderTold, PayOrder, PlaceOrder, ReturnGoods
from sync.shop.quotes import LineAsked, QuoteAsked

NAME: Final = "online-1"
BACK: Final = "https://shop.example/in"
GOODS: Final[Mapping[str, int]] = {"choco": 10_000, "tea": 33_333, "sweets": 70_000}  # kopecks of one
THINKS_S: Final = (30.0, 4_800.0)  # before he pays: an order waits for an hour, and is paid after that too
USES_S: Final = (600.0, 7_200.0)  # before something comes back


def opens(hub: Hub, programme: str) -> str:
    """Its key."""
    shop = OnlineShop(name=NAME, title="Сласти", store=NAME, programme=programme, back=(BACK,))
    category = CATEGORIES[programme][0]
    said = [NewGoods(one, {"name": one, "category": category}, (Price("", "2026-01-01", GOODS[one]),)) for one in GOODS]
    hub.within(lambda writer: add_shop(writer, shop))
    hub.within(lambda writer: take(writer, said, hub.now().date()))
    return hub.within(lambda writer: new_key(writer, NAME, SCOPES, "Ольга", hub.now()))


def orders(matter: Matter) -> Errand:
    """Paid in time, late, or never; and some of it comes back."""
    person, chance = matter.person, matter.chance
    if not (yield from _is_connected(matter, person)):
        return
    number = matter.name.replace("/", "-")
    told = yield _post(matter, "/orders", PlaceOrder(number=number, basket=_basket(matter)), person=person)
    if isinstance(told, Refused):
        _forgets(person, told)
        return
    wait_s = chance.uniform(*THINKS_S)
    if chance.random() < 0.15:
        yield _post(matter, "/orders/{number}/cancel", CancelOrder(), number).later(wait_s)
        return
    paid = yield _post(matter, "/orders/{number}/paid", PayOrder(paid_kopecks=told.to_pay_kopecks), number).later(
        wait_s
    )
    if isinstance(paid, Refused):
        return
    matter.given(person, -paid.spends)
    matter.given(person, paid.earns)
    yield from _comes_back(matter, person, paid)


def _comes_back(matter: Matter, person: Person, paid: OrderTold) -> Errand:
    """In parts, or all at once by a cancel."""
    chance, number = matter.chance, paid.number
    for line in paid.lines if chance.random() < 0.4 else ():
        back = ReturnGoods(lines=(LineBack(id=line.id, quantity_m=chance.choice((1_000, line.quantity_m))),))
        told = yield _post(matter, "/orders/{number}/returns", back, number).later(chance.uniform(*USES_S))
        _hears(matter, person, told)
    if chance.random() < 0.15:
        told = yield _post(matter, "/orders/{number}/cancel", CancelOrder(reason="Передумал"), number)
        _hears(matter, person, told)


def _hears(matter: Matter, person: Person, told: OrderTold | Refused) -> None:
    if not isinstance(told, Refused) and told.done is not None:
        matter.given(person, told.done.restored)
        matter.given(person, -told.done.taken_back)


# the pieces


def _basket(matter: Matter) -> QuoteAsked:
    chance = matter.chance
    chosen = chance.sample(list(GOODS), chance.randint(1, len(GOODS)))
    lines = [
        LineAsked(id=str(number), article=article, quantity_m=1_000 * chance.randint(1, 3))
        for number, article in enumerate(chosen, start=1)
    ]
    spend: Literal["all", "none"] = chance.choice(("all", "none"))
    return QuoteAsked(lines=tuple(lines), spend=spend)


def _is_connected(matter: Matter, person: Person) -> Generator[Ask, Any, bool]:
    """He agrees in his account, and the shop keeps a token of him."""
    if person.has("shop"):
        return True
    agreed = yield matter.account("connect_agree", ConnectAgree(shop=NAME, back=BACK))
    if isinstance(agreed, Refused):
        return False
    linked = yield _post(matter, "/links", NewLink(code=agreed.code))
    if isinstance(linked, Refused):  # the code is good for a minute
        return False
    person.has("shop").append(linked.token)
    matter.world.desks.undone_by(person.has("shop").clear)
    return True


def _forgets(person: Person, why: Refused) -> None:
    if why.code == "member_token":
        person.has("shop").clear()


def _post(matter: Matter, path: str, body: msgspec.Struct, number: str = "", person: Person | None = None) -> Ask:
    """As hub/shop/app.py."""
    call = next(one for one in CALLS if (one.method, one.path) == (POST, path))
    desks = matter.world.desks

    def do(hub: Hub, key: str) -> Any:
        door = KeyDoor(hub)
        shop = door.shop_of(desks.shop_key)
        assert shop is not None, "its key holds"
        member = door.member_of(shop, person.has("shop")[-1]) if person is not None and person.has("shop") else ""
        if member is None:
            raise ShopRefused("member_token")
        return call.do(hub, ShopAsked(shop, key.replace("/", "-"), member, {"number": number}), body)

    return Ask(what=f"POST {path}", do=do)


POST: Final[Method] = "POST"
