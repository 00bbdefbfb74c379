"""Lines that a cashier types at the page: the store's price of today and the goods' name, where he typed none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from loyalty.bodies import Sale
from loyalty.goods import AllGoods, Goods, Item
from loyalty.goods_snapshot import GoodsSnapshot, PriceSince
from pos_agent.protocol import BasketLine, SetBasket

if TYPE_CHECKING:
    from tests.pos_agent.conftest import Desk

KEYED = "0-1"
TEA, TWO_PRICES, ONE_OF_TWO = "4600000000015", "4600000000039", "4600000000022"


@pytest.fixture
def shelf(desk: Desk) -> Desk:
    """Goods as the office told of them, and a file of the shop's that knows tea's category alone."""
    today = date.fromisoformat(desk.DAY)
    yesterday, tomorrow = ((today + timedelta(days=days)).isoformat() for days in (-1, 1))
    now, later = PriceSince(yesterday, 9_000), PriceSince(tomorrow, 9_900)
    goods = [
        GoodsSnapshot(article="9001", name="Чай", barcodes=(TEA,), prices=(now, later), category="tea"),
        GoodsSnapshot(article="9002", name="Чай зелёный", barcodes=(ONE_OF_TWO,), prices=(now,)),
        GoodsSnapshot(article="9003", name="Чай белый", barcodes=(ONE_OF_TWO,), prices=(later,)),
        GoodsSnapshot(article="9004", name="Хлеб"),
        GoodsSnapshot(article="9005", barcodes=(TWO_PRICES,), prices=(now,)),
        GoodsSnapshot(article="9006", barcodes=(TWO_PRICES,), prices=(PriceSince(yesterday, 1),)),
    ]
    desk.cache.goods.keep(goods, (), cursor="1", scope="")
    desk.checkout.house.goods = AllGoods(Goods(articles={"9001": Item(category="tea")}), desk.cache.goods)
    return desk


def keyed(desk: Desk, *, number: str = KEYED, pos: str | None = None, **line: Any) -> Any:
    told = BasketLine(**{"id": "1", "price": "", **line})
    return desk.do(SetBasket(sale=number, day=desk.DAY, pos=pos, lines=(told,)))


@pytest.mark.parametrize("code", [{"article": "9001"}, {"article": "09001"}, {"barcode": TEA}], ids=str)
def test_a_code_alone_is_sold_at_todays_price_under_its_name(shelf: Desk, code: dict[str, str]) -> None:
    assert keyed(shelf, **code, quantity="2").ok
    (line,) = shelf.checkout.visit.lines
    assert (line.name, line.price) == ("Чай", "90.00"), "the page shows it, and tells it again with the next line"
    shelf.pay(KEYED)
    (sale,) = [body for body in shelf.stored(KEYED) if isinstance(body, Sale)]
    assert (sale.lines[0].price_kopecks, sale.total_kopecks, sale.lines[0].category) == (9_000, 18_000, "tea")


def test_what_was_typed_wins(shelf: Desk) -> None:
    assert keyed(shelf, article="9001", name="Чай по акции", price="50.00").ok
    (line,) = shelf.checkout.visit.lines
    assert (line.name, line.price) == ("Чай по акции", "50.00")


def test_one_of_two_under_a_barcode_that_has_a_price_today_is_at_it(shelf: Desk) -> None:
    assert keyed(shelf, barcode=ONE_OF_TWO).ok
    assert shelf.checkout.visit.lines[0].price == "90.00"


@pytest.mark.parametrize(
    "code",
    [{"article": "9004"}, {"article": "9003"}, {"article": "77"}, {"barcode": TWO_PRICES}, {"name": "Чай"}],
    ids=["without a price", "not yet", "nobody's", "two prices", "a name alone"],
)
def test_where_none_is_known_it_is_asked_for(shelf: Desk, code: dict[str, str]) -> None:
    reply = keyed(shelf, **code)
    (named,) = code.values()
    assert reply.code == "bad_basket" and f"lines[0].price: nobody told what '{named}' costs here today" in reply.text
    assert keyed(shelf, **code, price="10.00").ok


def test_goods_that_nobody_knows_are_called_by_their_code(shelf: Desk) -> None:
    assert keyed(shelf, article="77", price="10.00").ok
    assert shelf.checkout.visit.lines[0].name == "77"


@pytest.mark.parametrize(("number", "pos"), [("1042", None), (KEYED, "left")])
def test_a_pos_tells_its_prices_itself(shelf: Desk, number: str, pos: str | None) -> None:
    reply = keyed(shelf, number=number, pos=pos, article="9001")
    assert reply.code == "bad_basket" and "'' is not an amount in rubles" in reply.text
    assert keyed(shelf, number=number, pos=pos, article="9001", price="50.00").ok


def test_a_file_that_cannot_be_read_stops_no_sale(shelf: Desk) -> None:
    assert shelf.cache.goods.price_on("9001", None, date.fromisoformat(shelf.DAY)) == 9_000
    shelf.cache.close()
    assert shelf.cache.goods.price_on("9001", None, date.fromisoformat(shelf.DAY)) is None
