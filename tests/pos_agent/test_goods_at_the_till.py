"""R25, R31, L1 at the till: what goods are, what the cashier hears of it, what is recorded. On a real file."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.goods import load_goods
from loyalty.bodies import Deviation, Sale, SaleNumber
from loyalty.goods import Goods, Item
from pos_agent.protocol import BasketLine, IssueCard, Pay, PointsReport, Redeem, Reprint, SetBasket, read_command

# pytest gives `desk` (conftest.py): a Checkout on a real file, programme alenka, cashier's language English.

CIGARETTES = BasketLine(id="1", name="Сигареты", price="189.00", article="777", barcode="4600000000015")
TEA = BasketLine(id="9", name="Чай", price="1000.00", category="tea")
VODKA: dict[str, Any] = {
    "id": "2",
    "name": "Водка",
    "price": "449.00",
    "kind": "vodka",
    "strength": "40",
    "volume": "0.5",
}


def sale_of(desk: Any, number: str = "1") -> Sale:
    (sale,) = [body for body in desk.stored(number) if isinstance(body, Sale)]
    return sale


def told(desk: Any, *lines: BasketLine) -> dict[str, Any]:
    """Each line's net after all that the customer's points may pay."""
    desk.code(desk.BORIS)
    desk.basket(*lines)
    reply = desk.do(Redeem())
    assert reply.ok, reply
    return {line.id: line.net for line in reply.told.lines}


def test_l1_goods_that_nobody_knows_are_not_a_kopeck_cheaper(desk: Any) -> None:
    nets = told(desk, CIGARETTES, TEA)
    assert nets == {"1": "189.00", "9": "500.00"}


def test_l1_the_goods_file_knows_cigarettes_by_their_barcode(desk: Any) -> None:
    desk.checkout.house.goods = Goods(barcodes={"4600000000015": Item(category="tobacco")})
    assert told(desk, CIGARETTES, TEA) == {"1": "189.00", "9": "500.00"}
    desk.pay("1")
    line = sale_of(desk).lines[0]
    assert (line.category, line.category_told, line.article) == ("tobacco", None, "777")
    assert sale_of(desk).accrued.points == 10, "of the tea alone"


def test_r31_what_the_pos_said_is_kept_where_another_category_decides(desk: Any) -> None:
    desk.checkout.house.goods = Goods(articles={"777": Item(category="tobacco")})
    for category in ("tea", "moon rock"):
        desk.basket(BasketLine(id="1", name="x", price="189.00", article="777", category=category))
        assert desk.pay(category).ok
        line = sale_of(desk, category).lines[0]
        assert (line.category, line.category_told) == ("tobacco", category)


def test_r31_a_category_that_the_programme_lacks_refuses_no_basket(desk: Any) -> None:
    assert desk.basket(BasketLine(id="1", name="Мыло", price="50.00", category="soap")).ok
    assert desk.pay("1").ok
    line = sale_of(desk).lines[0]
    assert (line.category, line.category_told) == ("unknown", "soap")


def test_l1_vodka_goes_down_to_the_price_of_the_table(desk: Any) -> None:
    assert told(desk, BasketLine(**VODKA)) == {"2": "409.00"}
    desk.pay("1")
    line = sale_of(desk).lines[0]
    assert (line.category, line.least_price_kopecks, line.least_price_table) == (
        "alcohol_strong",
        40_900,
        "alcohol-2026",
    )


@pytest.mark.parametrize(("minutes", "least"), [(59, 34_900), (60, 40_900)])
def test_l1_the_table_is_that_of_the_shops_day(desk: Any, minutes: int, least: int) -> None:
    """New Year in Moscow comes at 21:00 UTC."""
    desk.now = datetime(2025, 12, 31, 20, tzinfo=UTC) + timedelta(minutes=minutes)
    desk.basket(BasketLine(**VODKA))
    assert desk.do(Pay(sale="1")).ok
    day = desk.now.astimezone(desk.checkout.house.programme.timezone).date().isoformat()
    (sale,) = [operation.body for operation in desk.cache.sale(SaleNumber(day=day, number="1")).operations]
    assert sale.lines[0].least_price_kopecks == least


@pytest.mark.parametrize(("least", "net"), [("420.00", "420.00"), ("1.00", "409.00")])
def test_l1_the_poss_least_price_counts_where_it_is_higher(desk: Any, least: str, net: str) -> None:
    assert told(desk, BasketLine(**VODKA, min_unit_price=least)) == {"2": net}


def test_r31_tags_1212_and_1214_are_kept_and_excise_goods_closed(desk: Any) -> None:
    beer = BasketLine(id="1", name="Пиво", price="100.00", category="gifts", subject=2, method=4)
    assert told(desk, beer, TEA)["1"] == "100.00"
    desk.pay("1")
    line = sale_of(desk).lines[0]
    assert (line.category, line.category_told, line.subject, line.method) == ("excise", "gifts", 2, 4)


# what the cashier hears


def test_r31_goods_that_nobody_knows_are_told_once_a_day(desk: Any) -> None:
    soap = BasketLine(id="1", name="Мыло", price="50.00")
    said = "The till does not know what goods «Мыло» is"
    assert said in desk.basket(soap).text
    assert said not in desk.basket(soap, TEA).text
    desk.now += timedelta(days=1)
    assert desk.basket(TEA).text.count("does not know") == 0
    assert said in desk.basket(soap).text


def test_r31_the_explanation_says_why_points_may_not_pay(desk: Any) -> None:
    desk.code(desk.ANNA)
    desk.basket(BasketLine(id="1", name="Мыло", price="50.00"), TEA)
    assert "Мыло: the till does not know what goods this is, so points may not pay for it" in desk.do(Redeem()).text


@pytest.mark.parametrize(
    ("line", "cost", "why"),
    [
        ({"name": "Сигареты", "price": "189.00", "category": "tobacco", "discount": "9.00"}, 900, "discount"),
        ({"name": "Сигареты", "price": "189.00", "category": " Табак", "discount": "9.00"}, 900, "discount"),
        ({"name": "Сигареты", "price": "189.00", "subject": 31, "discount": "9.00"}, 900, "discount"),
        (VODKA | {"discount": "49.00"}, 900, "discount"),
        (VODKA | {"price": "400.00"}, 900, "price"),
        (VODKA | {"price": "400.00", "discount": "1.00"}, 1000, "price"),
    ],
)
def test_l1_a_discount_of_the_pos_that_is_unlawful_is_said_and_recorded(
    desk: Any, line: dict[str, Any], cost: int, why: str
) -> None:
    reply = desk.basket(BasketLine(**({"id": "1"} | line)), TEA)
    assert reply.ok
    said = {
        "discount": "with the POS's discount cheaper than the law allows.",
        "price": "the POS's price is below the law's least one, without any discount.",
    }
    assert [f"{line['name']}: {words}" in reply.text for words in said.values()] == [why == key for key in said]
    assert desk.pay("1").ok
    assert sale_of(desk).deviations == (Deviation(kind="unlawful_discount", cost_kopecks=cost, note=line["name"]),)


@pytest.mark.parametrize("least", ["0", "0.00", "0.01", "34.89"])
def test_l1_a_least_price_that_cannot_be_one_opens_no_vodka(desk: Any, least: str) -> None:
    """Strong alcohol of which the POS says no kind; told once a day where it is a price at all, and recorded."""
    vodka = BasketLine(id="2", name="Водка", price="449.00", category="alcohol_strong", min_unit_price=least)
    said = "Водка: no such goods have a least price as low as the POS told"
    assert (said in desk.basket(vodka).text) == (float(least) > 0)
    assert said not in desk.basket(vodka).text
    assert told(desk, vodka, TEA)["2"] == "449.00"
    desk.pay("1")
    line = sale_of(desk).lines[0]
    assert line.least_price_kopecks is None
    assert line.told == ((("min_unit_price", least),) if float(least) else ())


@pytest.mark.parametrize(
    "facts",
    [{"kind": "Vodka"}, {"kind": "водка"}, {"kind": "gin"}, {"kind": "whiskey"}, {"kind": "champagne"}, {}],
)
def test_l1_alcohol_of_any_name_in_an_open_category_is_not_sold_for_kopecks(desk: Any, facts: dict[str, str]) -> None:
    bottle = VODKA | {"kind": None, "category": "gifts"} | facts
    assert float(told(desk, BasketLine(**bottle), TEA)["2"]) >= 409


@pytest.mark.parametrize("barcode", ["04600000000015abcdefgAAAA", "\x1d0104600000000015215abc", "4600000000015 "])
def test_l1_the_goods_file_knows_cigarettes_by_the_mark_of_the_pack(desk: Any, barcode: str) -> None:
    desk.checkout.house.goods = Goods(barcodes={"4600000000015": Item(category="tobacco")})
    pack = BasketLine(id="1", name="Сигареты", price="189.00", category="gifts", barcode=barcode)
    assert told(desk, pack, TEA)["1"] == "189.00"


def test_l1_points_take_such_a_line_no_further(desk: Any) -> None:
    assert told(desk, BasketLine(**VODKA, discount="49.00"), TEA) == {"2": "400.00", "9": "300.00"}, (
        "half of all, of the tea"
    )


def test_a_lawful_basket_says_nothing_of_it(desk: Any) -> None:
    assert "law" not in desk.basket(BasketLine(**VODKA, discount="40.00"), TEA).text
    desk.pay("1")
    assert sale_of(desk).deviations == ()


def test_a_name_that_a_terminal_would_obey_is_shown_and_not_obeyed(desk: Any) -> None:
    text = desk.basket(
        BasketLine(id="1", name="x\x1b[31m" + "y" * 90, price="5.00", category="tobacco", discount="1")
    ).text
    assert "x·[31myyy" in text and "\x1b" not in text and "y" * 40 not in text


# unknown fields

FIELDS = '{"do": "basket", "lines": [{"id": "1", "name": "Чай", "price": "50.00", "category": "tea", %s}]}'


def test_r31_unknown_fields_of_a_line_are_kept_and_refuse_nothing(desk: Any) -> None:
    body = FIELDS % '"vat": 20, "barcode2": "46", "sold": true, "rate": 0.5, "nothing": null, "more": {"a": 1}'
    assert desk.do(read_command(body.encode())).ok
    assert desk.pay("1").ok
    kept = (("barcode2", "46"), ("more", ""), ("nothing", ""), ("rate", "0.5"), ("sold", "true"), ("vat", "20"))
    assert sale_of(desk).lines[0].told == kept


def test_r31_unknown_fields_are_bounded() -> None:
    fields = ", ".join(f'"{"x" * 200}{number:02}": "{"y" * 200}"' for number in range(30))
    command = read_command((FIELDS % fields).encode())
    assert isinstance(command, SetBasket)
    besides = command.lines[0].besides
    assert len(besides) == 20
    assert {(len(name), len(value)) for name, value in besides} == {(100, 100)}


def test_r31_a_pos_cannot_say_what_is_besides_by_itself() -> None:
    command = read_command((FIELDS % '"besides": [["a", "b"]]').encode())
    assert isinstance(command, SetBasket)
    assert command.lines[0].besides == (("besides", ""),)


def test_r31_also_in_what_a_pos_says_it_printed() -> None:
    said = {"lines": [{"id": "1", "name": "Чай", "price": "50.00", "vat": "20"}]}
    command = read_command(json.dumps({"do": "pay", "sale": "1", "quote": "x", "said": said}).encode())
    assert isinstance(command, Pay) and command.said is not None
    assert command.said.lines[0].besides == (("vat", "20"),)


@pytest.mark.parametrize(
    "body",
    ['{"do": "basket", "lines": [], "vat": 1}', '{"do": "basket", "lines": 5}', '{"do": "pay", "said": 5}', "[]"],
)
def test_what_is_no_command_stays_none(body: str) -> None:
    with pytest.raises(ValueError, match="bad_command_"):
        read_command(body.encode())


def test_r31_their_names_are_logged_once_for_each_pos(desk: Any, caplog: pytest.LogCaptureFixture) -> None:
    command = read_command((FIELDS % '"vat": 20').encode())
    with caplog.at_level(logging.WARNING):
        for pos in ("left", "left", "right"):
            desk.checkout.handle(command, desk.now, pos=pos)
    assert [record.getMessage() for record in caplog.records] == [
        f"POS '{pos}' tells fields of lines that are not known here: ['vat']" for pos in ("left", "right")
    ]


def test_a_pos_that_makes_up_names_all_day_is_told_no_more(desk: Any) -> None:
    house = desk.checkout.house
    assert house.newly_unfamiliar("a", {str(number) for number in range(150)})
    assert house.newly_unfamiliar("a", {"another"}) == set()
    assert house.newly_unfamiliar("b", {"another"}) == {"another"}


# what is told by halves

TOLD = '{"do": "basket", "lines": [{"id": "1", "name": "x", "price": "50.00", "category": "tea", %s}]}'


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        ('"strength": "0", "volume": "0", "subject": 0, "method": 0', (None, None, None, None)),
        ('"strength": "", "volume": " ", "subject": "", "method": "0"', (None, None, None, None)),
        ('"strength": "40%", "volume": "0,5", "subject": "2", "method": "4"', (4000, 500, 2, 4)),
        ('"strength": " 37,5 % ", "volume": "0.02"', (3750, 20, None, None)),
        ('"strength": "100", "volume": "100"', (10_000, 100_000, None, None)),
    ],
)
def test_r31_measures_and_tags_as_pos_write_them(fields: str, facts: tuple[int | None, ...]) -> None:
    command = read_command((TOLD % fields).encode())
    assert isinstance(command, SetBasket)
    told = command.lines[0].line().facts
    assert (told.strength_bp, told.volume_ml, told.subject, told.method) == facts


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ('"strength": "101"', "strength"),
        ('"strength": "strong"', "strength"),
        ('"volume": "0.019"', "volume"),
        ('"volume": "500"', "volume"),
        ('"subject": "two"', "subject"),
        ('"subject": 100', "subject"),
        ('"method": -1', "method"),
    ],
)
def test_measures_and_tags_that_cannot_be_name_their_field(desk: Any, fields: str, field: str) -> None:
    reply = desk.do(read_command((TOLD % fields).encode()))
    assert (reply.ok, reply.code) == (False, "bad_basket")
    assert f"lines[0].{field}: " in reply.text


@pytest.mark.parametrize("number", ["1e400", "-1e999", "9" * 5_000, "1" * 19])
def test_r31_a_number_that_nobody_counts_with_refuses_no_basket(desk: Any, number: str) -> None:
    assert desk.do(read_command((TOLD % f'"vat": {number}, "rate": 0.5').encode())).ok
    desk.pay("1")
    assert sale_of(desk).lines[0].told == (("rate", "0.5"), ("vat", number[:100]))


@pytest.mark.parametrize("points", [-1, 10**12 + 1, 10**18])
def test_more_points_than_there_are_is_no_wish(desk: Any, points: int) -> None:
    """The basket stays as it was told, and the next ones too."""
    desk.code(desk.BORIS)
    desk.basket(TEA)
    reply = desk.do(Redeem(points=points))
    assert (reply.ok, reply.code) == (False, "bad_points")
    assert desk.do(Redeem(points=10**12)).ok
    assert desk.basket(TEA, CIGARETTES).ok


# the report


def report(desk: Any) -> list[list[str]]:
    return [line.split() for line in desk.do(PointsReport(show=True)).text.splitlines()]


def test_r31_the_report_counts_unknown_goods_by_article(desk: Any) -> None:
    for sale, lines in (("1", (CIGARETTES, TEA)), ("2", (CIGARETTES,))):
        desk.basket(*lines, BasketLine(id="s", name="Мыло", price="5.00"))
        assert desk.pay(sale).ok
    shown = report(desk)
    at = shown.index(["Goods", "nobody", "knows"])
    assert shown[at + 1 : at + 3] == [["777", "2"], ["Мыло", "2"]]


def test_r31_the_report_counts_the_labels_of_a_scale_by_what_they_are_of(desk: Any) -> None:
    """Each label has its weight in its number."""
    labels = ("2200123003470", "2200123001230")
    desk.basket(*(BasketLine(id=code, name="Яблоки", price="99.00", barcode=code) for code in labels))
    desk.pay("1")
    shown = report(desk)
    assert shown[shown.index(["Goods", "nobody", "knows"]) + 1] == ["Яблоки", "2"]


def test_r31_a_report_of_many_unknown_goods_is_bounded_and_one_of_none_says_nothing(desk: Any) -> None:
    desk.basket(TEA)
    desk.pay("1")
    assert ["Goods", "nobody", "knows"] not in report(desk)
    desk.basket(*(BasketLine(id=str(number), name=f"Товар-{number}", price="5.00") for number in range(23)))
    desk.pay("2")
    lines = report(desk)
    assert len([line for line in lines if line and line[0].startswith("Товар-")]) == 20
    assert ["and", "more", "articles", "3"] in lines


# a card with a purchase


def test_r25_cigarettes_do_not_make_a_purchase_large_enough_for_a_card(desk: Any) -> None:
    """A4: from 300.00; two packs and bread for 10.00."""
    packs = BasketLine(id="1", name="Сигареты", price="189.00", quantity="2", category="tobacco")
    desk.basket(packs, BasketLine(id="2", name="Печенье", price="10.00", category="biscuits"))
    reply = desk.do(IssueCard(card=desk.BLANK))
    assert (reply.ok, reply.code) == (False, "purchase_too_small")
    assert "without tobacco" in reply.text and "10.00" in reply.text
    desk.basket(packs, BasketLine(id="2", name="Печенье", price="299.99", category="biscuits"))
    assert not desk.do(IssueCard(card=desk.BLANK)).ok
    desk.basket(packs, BasketLine(id="2", name="Печенье", price="300.00", category="biscuits"))
    assert desk.do(IssueCard(card=desk.BLANK)).ok


@pytest.mark.parametrize(
    ("category", "counts"),
    [(None, True), ("gift_certificate", False), ("deposit", False), ("lottery", False), ("alcohol_strong", True)],
)
def test_r25_what_counts_for_a_card(desk: Any, category: str | None, counts: bool) -> None:
    desk.basket(BasketLine(id="1", name="x", price="300.00", category=category))
    assert desk.do(IssueCard(card=desk.BLANK)).ok == counts


def test_a_purchase_that_is_small_by_itself_is_said_so(desk: Any) -> None:
    desk.basket(BasketLine(id="1", name="x", price="299.99", category="tea"))
    assert "this one is 299.99" in desk.do(IssueCard(card=desk.BLANK)).text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    "lines",
    [
        (BasketLine(id="1", name="x", price="10.00", category="tea"),),
        (BasketLine(id="1", name="x", price="300.00", category="tobacco"),),
    ],
)
def test_a_receipt_that_shrinks_gives_no_card_and_is_paid_all_the_same(
    desk: Any, lines: tuple[BasketLine, ...]
) -> None:
    """A4: said at the basket, for at `pay` the customer has paid already."""
    desk.basket(TEA)
    assert desk.do(IssueCard(card=desk.BLANK)).ok
    reply = desk.basket(*lines)
    assert reply.ok and "is not issued with this receipt: it needs" in reply.text
    assert desk.pay("1").code == "no_member"
    assert [type(body).__name__ for body in desk.stored("1")] == ["Sale"]
    assert desk.cache.members.card(desk.BLANK) is None


def test_a_coupon_that_makes_the_receipt_too_small_gives_no_card(desk: Any) -> None:
    desk.basket(BasketLine(id="1", name="x", price="310.00", category="tea"))
    assert desk.do(IssueCard(card=desk.BLANK)).ok
    reply = desk.code(desk.coupon("ten-percent"))
    assert reply.code == "coupon_taken" and "is not issued with this receipt" in reply.text
    assert desk.pay("1").code == "no_member"


def test_an_empty_receipt_keeps_the_card_that_waits_for_its_goods(desk: Any) -> None:
    desk.basket(TEA)
    desk.do(IssueCard(card=desk.BLANK))
    assert "is not issued" not in desk.do(SetBasket(lines=())).text
    assert desk.pay("1").code == "purchase_too_small"
    assert "is not issued" not in desk.basket(TEA).text
    assert desk.pay("2").code == "recorded"


# coupons


def test_r25_a_coupon_says_that_cigarettes_do_not_count(desk: Any) -> None:
    big = BasketLine(id="1", name="Сигареты", price="490.00", category="tobacco")
    desk.basket(big, BasketLine(id="2", name="Конфеты", price="10.00", category="sweets"))
    reply = desk.code(desk.coupon("sweets-100"))
    assert (reply.ok, reply.code) == (True, "coupon_waits_goods_not_counted")
    assert "tobacco, certificates" in reply.text
    assert "500.00" in reply.text


def test_a_coupon_on_a_small_receipt_says_only_that(desk: Any) -> None:
    desk.basket(BasketLine(id="2", name="Конфеты", price="499.99", category="sweets"))
    assert desk.code(desk.coupon("sweets-100")).code == "coupon_waits_basket_too_small"


def test_r19_a_coupon_for_points_waits_for_a_card_and_is_not_used_up(desk: Any) -> None:
    desk.basket(TEA)
    assert desk.code(desk.coupon("plus-50")).code == "coupon_waits_members_only"
    desk.pay("1")
    assert not desk.cache.coupon_used((b"s" * 16).hex())
    desk.code(desk.ANNA)
    desk.basket(TEA)
    assert desk.code(desk.coupon("plus-50")).code == "coupon_taken"
    desk.pay("2")
    assert desk.cache.coupon_used((b"s" * 16).hex())


# a sale told again


def test_a_sale_is_told_again_by_what_the_pos_said_whatever_was_decided(desk: Any) -> None:
    desk.checkout.house.goods = Goods(articles={"777": Item(category="tobacco")})
    desk.basket(CIGARETTES, TEA)
    assert desk.pay("1").code == "no_member"
    desk.do(SetBasket(lines=(CIGARETTES, TEA), sale="1", day=desk.DAY))
    assert desk.pay("1").code == "recorded_before"


def test_the_file_of_the_docs_is_read_and_its_goods_found(tmp_path: Path, desk: Any) -> None:
    examples = Path(__file__).parents[2] / "docs" / "examples" / "goods.csv"
    goods = load_goods(examples, desk.checkout.house.programme.categories)
    assert goods.find("2001", None)


# what is said back

HOSTILE = "\x1b[2J\u202eкод" + "я" * 90


def test_names_of_goods_are_shown_and_not_obeyed_also_in_the_limit(desk: Any) -> None:
    desk.code(desk.BORIS)
    desk.basket(BasketLine(id="1", name=HOSTILE, price="50.00", category="tobacco"), TEA)
    reply = desk.do(Redeem())
    assert "·[2J·код" in reply.text and "я" * 41 not in reply.text
    for text in (reply.text, reply.told.limit.text):
        assert "\x1b" not in text and "\u202e" not in text


@pytest.mark.parametrize("command", [Reprint(sale=HOSTILE), IssueCard(card=HOSTILE), IssueCard(card="26\x1b[2J\u202e")])
def test_what_a_command_names_is_shown_and_not_obeyed(desk: Any, command: Any) -> None:
    desk.basket(TEA)
    reply = desk.do(command)
    assert not reply.ok
    assert "\x1b" not in reply.text and "\u202e" not in reply.text and "я" * 41 not in reply.text


@pytest.mark.parametrize("code", ["02600000000017", " 0 2600 0000 0001 7"])
def test_r15_a_card_is_found_as_a_gtin_too(desk: Any, code: str) -> None:
    assert desk.code(code).code == "member_found"


def test_a_card_typed_with_a_digit_too_few_is_said_so_though_goods_might_have_the_number(desk: Any) -> None:
    reply = desk.code("260000000015")  # which is right as a UPC-A
    assert reply.code == "length" and "13 digits, this one has 12" in reply.text
