"""R31, L1: a till sells goods as what the office imported, by article or barcode alone: hub, HTTP, basket.

The file is one of an accountant's program; the till has no goods file of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from config.settings import load_settings
from hub.cli import cli
from hub.store.office_records import StoreRow
from hub.store.rows import Rows
from loyalty.bodies import Sale
from loyalty.goods import AllGoods, Goods, Item
from loyalty.goods_snapshot import GoodsSnapshot
from pos_agent.build import Till as Built
from pos_agent.protocol import BasketLine, Code, Pay, Redeem, SetBasket
from tests.one_port import Server
from tests.pos_agent.joined import Here, Till
from tests.pos_agent.test_till import with_goods

CARD = "2600000000017"
GOODS = """Номенклатура на 01.03.2026
Артикул;Штрихкод;Наименование;Группа;Ед. изм.;Вид;Крепость, %;Объём, л;Цена;Магазин
00777;4600000000046;Сигареты «Прима»;Сигареты;пач.;;;;189,00;
2001;4600000000022;Водка «Белая»;Алкоголь;шт;Водка;40%;0,5 л;449,00;
2002;4600000000039;Просекко;;шт;игристое вино;11,5;750 мл;599,00;
9001;4600000000015;Чай;Чай и кофе;шт;;;;1 000,00;
;22*;Овощи;Неизвестный товар;кг;;;;;
"""


class Shop(Here):
    seconds = 0.0

    def imports(self, text: str, *words: str) -> Any:
        file = self.folder / "goods.csv"
        file.write_text(text, encoding="cp1251")
        done = CliRunner().invoke(cli, ["goods", "import", str(file), "--db", str(self.folder / "hub.db"), *words])
        assert done.exit_code == 0, done.output
        return done

    def pulls(self, till: Till) -> None:
        """An hour later, until there is nothing more to hear."""
        self.seconds += 3_600
        while till.worker.step(self.seconds) <= self.seconds:
            pass
        assert till.worker.state.online, till.worker.state


@pytest.fixture
def shop(tmp_path: Path, server: Server) -> Iterator[Shop]:
    shop = Shop(tmp_path, server)
    shop.join("anna", CARD, 5_000)
    yield shop
    shop.close()


def sold(till: Till, *lines: BasketLine, number: str = "1") -> Sale:
    """With all the points that may pay for it, by the rules of a till without a connection."""
    till.online = False
    for command in (Code(text=CARD), SetBasket(lines=lines), Redeem(), Pay(sale=number)):
        reply = till.do(command)
        assert reply.ok, reply
    sale = till.cache.last_deal()
    assert sale is not None and isinstance(sale.body, Sale)
    return sale.body


def line(id: str, price: str, **told: Any) -> BasketLine:
    return BasketLine(id=id, price=price, **told)


BY: dict[str, Callable[[str, str], dict[str, str]]] = {
    "article": lambda article, barcode: {"article": article},
    "barcode": lambda article, barcode: {"barcode": barcode},
    "article without its zeros": lambda article, barcode: {"article": article.lstrip("0")},
    "the code of a marked piece": lambda article, barcode: {"barcode": f"]d201{barcode.zfill(14)}21aBcDeFg"},
}


@pytest.mark.parametrize("by", BY)
def test_l1_cigarettes_vodka_and_sparkling_wine_are_sold_by_the_law(shop: Shop, by: str) -> None:
    shop.imports(GOODS)
    till = shop.till("t1", "s1")
    shop.pulls(till)
    of = BY[by]
    sale = sold(
        till,
        line("1", "189.00", **of("00777", "4600000000046")),
        line("2", "449.00", **of("2001", "4600000000022")),
        line("3", "599.00", **of("2002", "4600000000039")),
        line("4", "1000.00", **of("9001", "4600000000015")),
    )
    assert [(one.category, one.name, one.least_price_kopecks) for one in sale.lines] == [
        ("tobacco", "Сигареты «Прима»", None),
        ("alcohol_strong", "Водка «Белая»", 40_900),
        ("sparkling_wine", "Просекко", 23_900),
        ("tea", "Чай", None),
    ]
    cigarettes, vodka, sparkling, tea = (one.net_kopecks for one in sale.lines)
    assert (cigarettes, vodka) == (18_900, 40_900), "no kopeck off, and none below the law's least price"
    assert 23_900 < sparkling < 59_900 and tea < 100_000


def test_r31_before_the_hub_told_of_them_nobody_knows_them(shop: Shop) -> None:
    shop.imports(GOODS)
    sale = sold(shop.till("t1", "s1"), line("1", "189.00", article="00777"), line("4", "1000.00", article="9001"))
    assert [(one.category, one.net_kopecks) for one in sale.lines] == [("unknown", 18_900), ("unknown", 100_000)]


def test_r31_the_stricter_of_hub_file_and_pos_counts(shop: Shop) -> None:
    shop.imports(GOODS)
    till = shop.till("t1", "s1")
    shop.pulls(till)
    file = Goods(articles={"9001": Item(category="tobacco"), "00777": Item(category="tea")})
    till.checkout.house.goods = AllGoods(file, till.cache.goods)
    sale = sold(
        till,
        line("1", "189.00", article="00777", category="tea"),
        line("2", "449.00", article="2001", category="sweets", kind="beer"),
        line("4", "1000.00", article="9001", category="tea", name="Чай «Индийский»"),
    )
    assert [one.category for one in sale.lines] == ["tobacco", "alcohol_strong", "tobacco"]
    assert sale.lines[2].name == "Чай «Индийский»", "what the POS calls it"


def test_what_the_office_changes_is_so_at_the_till_from_the_next_basket_on(shop: Shop) -> None:
    shop.imports(GOODS)
    till = shop.till("t1", "s1")
    shop.pulls(till)
    assert sold(till, line("1", "1000.00", article="9001")).lines[0].category == "tea"
    shop.imports("Артикул;Группа\n9001;Табак\n", "--withdraw-others")
    shop.pulls(till)
    sale = sold(till, line("1", "1000.00", article="9001"), line("2", "189.00", article="00777"), number="2")
    assert [(one.category, one.name) for one in sale.lines] == [("tobacco", "Чай"), ("unknown", "")]
    assert till.cache.goods.count() == 1


def test_a_till_keeps_its_stores_prices_of_today_and_of_the_days_to_come(shop: Shop) -> None:
    shop.hub.within(lambda writer: writer.write(Rows(stores=[StoreRow("s1"), StoreRow("s2")])))
    shop.imports(GOODS, "--from", "2100-03-01")
    more = "Артикул;Цена;С;По;Магазин\n9001;900,00;05.03.2100;07.03.2100;s1\n9001;1100,00;06.03.2100;;\n"
    shop.imports(more)
    tills = [shop.till("t1", "s1"), shop.till("t2", "s2")]
    for till in tills:
        shop.pulls(till)
    days = [date(2100, 3, day) for day in (4, 5, 6, 7, 8)]

    def prices(till: Till) -> list[int | None]:
        (told,) = till.cache.goods.goods_of("9001", None)
        return [told.price_on(day) for day in days]

    assert prices(tills[0]) == [100_000, 90_000, 90_000, 90_000, 110_000]
    assert prices(tills[1]) == [100_000, 100_000, 110_000, 110_000, 110_000]


def test_goods_are_known_while_the_hub_is_away_and_after_a_start(shop: Shop) -> None:
    shop.imports(GOODS)
    till = shop.till("t1", "s1")
    shop.pulls(till)
    till.online = False
    till.cache.reopen()
    assert sold(till, line("1", "189.00", barcode="4600000000046")).lines[0].category == "tobacco"


def test_a_till_that_is_built_asks_both(tmp_path: Path) -> None:
    till = Built(load_settings(with_goods(tmp_path, "article,category\n777,tobacco\n")))
    till.cache.goods.keep([GoodsSnapshot(article="777", category="tea", name="Чай")], (), cursor="1", scope="")
    found = till.checkout.house.goods.find("777", None)
    assert [item.category for item in found] == ["tobacco", "tea"]
    till.listener.close()
    till.cache.close()
    assert till.told is not None
    till.told.close()
