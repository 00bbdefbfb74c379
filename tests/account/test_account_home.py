"""The first page: what stands on it, for whom, and what the law keeps off it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from hub.goods import NewGoods, Price, take
from loyalty.card_numbers import make_number
from loyalty.programme import PercentAccrual, Stickers, Tier
from loyalty.utc import utc_text
from sync.account.home import AskHome, HomeTold, OfferHere
from sync.protocol import HoldRequest
from tests.account.conftest import Account
from tests.account.homely import PROMOTIONS, anna, bought, card_number, given, in_force, stock
from tests.browser import needs_browser
from tests.hub.conftest import Pen
from tests.hub.held import LASTS

if TYPE_CHECKING:
    from playwright.sync_api import Page


def told(account: Account, member: str = "anna") -> HomeTold:
    return account.desk.ask("home", AskHome(), HomeTold, member=member)


def offer(account: Account, id: str) -> OfferHere:
    return next(one for one in told(account).offers if one.id == id)


def text(page: Page, where: str = "main") -> str:
    return page.inner_text(where).replace("\xa0", " ").replace("\u202f", " ")


@needs_browser
def test_p8_a7_a12_a15_the_first_page_on_a_phone(
    account: Account, phone: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    """P8 offers picked for him; A7 the account under control; A12 the card's state; A15 discounts besides points."""
    office = account.office
    in_force(monkeypatch, account.hub, promotions=PROMOTIONS)
    stock(account.hub)
    anna(office)
    bought(office, "anna", "A1", "chocolate")
    page = phone("anna")
    assert page.get_by_role("heading", level=1).inner_text() == "Здравствуйте, Анна!"
    balance = text(page, ".home-card")  # A7
    assert "1 405 бонусов" in balance and "сейчас можно потратить 1 365 бонусов, это 1 365 ₽" in balance
    number = card_number(account.hub.programmes["alenka"])
    spoken = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    assert page.get_by_role("img", name=f"QR-код карты {spoken}").is_visible()  # A12
    ahead = text(page, "section:has(#ahead)")
    assert "40 бонусов станут доступны" in ahead and "100 бонусов сгорят" in ahead
    assert "последний день 14 марта" in ahead and "через 12 дней" in ahead
    offers = page.locator(".offers > li")
    first, second = (offers.nth(at).inner_text().replace("\xa0", " ") for at in (0, 1))
    assert "Чай дешевле" in first and "180 ₽" in first and "200 ₽" in first  # P8: what he chose comes first
    assert "«Чай и кофе» среди ваших любимых категорий" in first
    assert "Неделя шоколада" in second and "76,42 ₽" in second and "89,90 ₽" in second and "вы покупали" in second
    assert "с 27 февраля по 8 марта" in second and "Вы недавно покупали: Шоколад" in second  # A15
    whole = text(page)
    assert not any(word in whole for word in ("Крепкое", "Водка", "Ликёр", "Прошло"))
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("link", name="English").click()
    page.get_by_text("1,405 bonuses").wait_for()
    assert "100 bonuses die" in text(page) and "the last day is March 14" in text(page)


def test_a_debt_and_what_a_till_holds_are_said_in_words(account: Account) -> None:
    office = account.office
    office.join("anna", points=100, card="cardanna")
    until = utc_text(office.now + LASTS)
    asked = HoldRequest(till="t1", programme="alenka", member="anna", hold="t1/1", points=30, until=until)
    assert account.hub.hold(asked).points == 30
    page = account.client("anna").get("/").text.replace("\xa0", " ")
    assert "Отложено 30 бонусов: для покупки на кассе" in page and "можно потратить 70 бонусов" in page
    office.take(office.sale("anna", spent=130), pen=Pen("t9"))
    page = account.client("anna").get("/").text.replace("\xa0", " ")
    assert "Долг 30 бонусов" in page


def test_a23_how_much_to_the_next_tier(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = PercentAccrual(
        tiers=(
            Tier(from_kopecks=0, rate_bp=200),
            Tier(from_kopecks=10_000, rate_bp=300),
            Tier(from_kopecks=100_000, rate_bp=500),
        ),
        tier_metric="accumulated",
        tier_window="year",
    )
    in_force(monkeypatch, account.hub, accrual=rule)
    account.office.join("anna")
    client = account.client("anna")
    assert "Ещё 100 ₽, и будет 3 %" in client.get("/").text.replace("\xa0", " ")
    for _ in range(2):
        bought(account.office, "anna", "A1", "chocolate")
    earning = told(account).earning
    assert (earning.reached, earning.spent_kopecks, earning.window) == (1, 17_980, "year")
    page = client.get("/").text.replace("\xa0", " ")
    assert "Ещё 820,20 ₽, и будет 5 %" in page and "Куплено с начала года: 179,80 ₽" in page and "ваш уровень" in page


def test_p31_stickers_and_what_they_buy(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    album = account.hub.programmes["perekrestok"].stickers
    assert album is not None
    cheap = replace(album.offers[0], stickers=5)
    cheap, dear = (replace(one, offer=replace(one.offer, categories=("sweets",))) for one in (cheap, album.offers[0]))
    running = replace(album, first_day=date(2026, 3, 1), offers=(cheap, dear))
    in_force(monkeypatch, account.hub, stickers=running)
    account.office.join("anna")
    bought(account.office, "anna", "A1", "chocolate")
    found = told(account).stickers
    assert found is not None
    assert (found.count, [one.missing for one in found.buys]) == (7, [0, 13])
    page = account.client("anna").get("/").text
    assert "ещё 13" in page and "хватает" in page and "7 из 20" in page


def test_a_collection_that_is_over_is_not_shown(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    over = Stickers(step_kopecks=100, per_step=1, first_day=date(2026, 1, 1), last_day=date(2026, 3, 1), offers=())
    in_force(monkeypatch, account.hub, stickers=over)
    account.office.join("anna")
    assert told(account).stickers is None


def test_an_offer_says_why_it_is_shown(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """P8: what he chose, then what he buys, then what members have, then what all have."""
    in_force(monkeypatch, account.hub, promotions=PROMOTIONS)
    anna(account.office)
    assert [(one.id, one.why) for one in told(account).offers] == [
        ("tea", "favourite"),
        ("birthday", "birthday"),
        ("week", "members"),
        ("round", "all"),
    ]
    bought(account.office, "anna", "A1", "chocolate")
    assert [(one.id, one.why) for one in told(account).offers][1] == ("week", "bought")


def test_what_the_law_lets_nobody_advertise_is_in_no_offer(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    in_force(monkeypatch, account.hub, promotions=PROMOTIONS)
    stock(account.hub)
    anna(account.office)
    bought(account.office, "anna", "A4", "alcohol_strong")
    offers = told(account).offers
    assert "vodka" not in {one.id for one in offers}
    assert {goods.name for one in offers for goods in one.goods} == {
        "Шоколад молочный",
        "Шоколад горький",
        "Чай чёрный",
    }


def test_a_price_is_of_the_store_where_he_buys_and_of_today(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    in_force(monkeypatch, account.hub, promotions=PROMOTIONS)
    stock(account.hub)
    anna(account.office)
    office = account.office
    office.pen = Pen("till-s", store="s1", timezone="Europe/Moscow")
    prices = (Price("store:s1", "2026-03-01", 7_000), Price("store:s1", "2026-03-03", 100))
    account.hub.within(lambda writer: take(writer, [NewGoods("A1", {}, prices)], date(2026, 3, 2)))
    bought(office, "anna", "A1", "chocolate")
    goods = offer(account, "week").goods
    assert (goods[0].name, goods[0].old_kopecks, goods[0].new_kopecks, goods[0].bought) == (
        "Шоколад молочный",
        7_000,
        5_950,
        True,
    )
    assert [one.name for one in goods[1:]] == ["Шоколад горький"]


def test_the_shelf_follows_the_goods_file_and_the_day(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    in_force(monkeypatch, account.hub, promotions=PROMOTIONS)
    anna(account.office)
    assert offer(account, "week").goods == ()
    stock(account.hub)
    assert [one.old_kopecks for one in offer(account, "week").goods] == [8_990, 12_990]
    dearer = NewGoods("A1", {}, (Price("", "2026-03-04", 10_000),))
    account.hub.within(lambda writer: take(writer, [dearer], date(2026, 3, 2)))
    assert [one.old_kopecks for one in offer(account, "week").goods] == [8_990, 12_990]
    account.office.now = account.office.now.replace(day=4)
    assert [one.old_kopecks for one in offer(account, "week").goods] == [10_000, 12_990]


def test_points_of_one_end_are_one_row_and_a_long_list_is_cut(account: Account) -> None:
    account.office.join("anna")
    for days in (9, 5, 5, 7, 11):
        given(account.office, 10, 0, days)
    home = told(account)
    assert [(one.points, one.day) for one in home.ends] == [(20, "2026-03-07"), (10, "2026-03-09"), (10, "2026-03-11")]
    assert home.me.ends is not None and home.me.ends.points == 20


def test_what_waits_is_what_lives_later_and_what_has_died_dies_no_more(account: Account) -> None:
    account.office.join("anna")
    given(account.office, 10, 0, 1)
    given(account.office, 20, 3, 9)
    home = told(account)
    assert [one.points for one in home.coming] == [20] and [one.points for one in home.ends] == [10, 20]
    assert (home.spendable, home.me.points) == (10, 30)
    account.office.now = account.office.now.replace(day=4)
    home = told(account)
    assert [one.points for one in home.coming] == [20] and [one.points for one in home.ends] == [20]


def test_without_a_good_card_the_way_to_one_is_shown(account: Account) -> None:
    office = account.office
    office.join("anna", card=make_number(account.hub.programmes["alenka"].cards.schemes[0], 1))
    office.tamper("UPDATE cards SET status = 'blocked'")
    page = account.client("anna").get("/").text
    assert "Действующей карты нет" in page and 'href="/cards"' in page and "<path d=" not in page


def test_whoever_is_not_registered_hears_that_he_cannot_spend(account: Account) -> None:
    account.office.join("anna", registered=False)
    assert "она копит, а тратить нельзя" in account.client("anna").get("/").text


def test_more_than_the_card_alone_pays_needs_the_changing_code(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = account.hub.programmes["alenka"].redemption
    in_force(monkeypatch, account.hub, redemption=replace(rules, card_alone_max_points=300))
    account.office.join("anna")
    assert "с чека списывается до 300 бонусов" in account.client("anna").get("/").text.replace("\xa0", " ")
