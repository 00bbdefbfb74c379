"""Offers by category, novelties, coupons for stickers and without a network; and that the law's goods are nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
import requests

from account.api.calls import CALLS
from account.api.described import PREFIX
from account.menu import PAGES
from hub.coupons.making import Wanted, mint
from hub.goods import NewGoods, Price, take
from hub.hub import Hub
from hub.people.orders import Order
from hub.people.stickers import correct_stickers
from loyalty.programme import CouponTerms, Offer, StickerOffer
from sync.account.offers import PAGE_MAX
from tests.account.conftest import Account
from tests.account.homely import ALBUM, FAVOURITE, KNIFE, MADE, PROMOTIONS, anna, in_force, stock
from tests.account.test_account_installed import until, with_worker
from tests.browser import needs_browser

if TYPE_CHECKING:
    from playwright.sync_api import Page

OLGA: Final = Order(by="Olga")
TEN: Final = Offer(id="ten", ru="Скидка", en="Off", kind="percent_off", percent_bp=1_000)
RULES: Final = "/help"  # its answers say that such goods bring no points
FORBIDDEN: Final = ("alcohol_strong", "sparkling_wine", "tobacco", "nicotine", "medicine")
CATEGORY_NAMES: Final = ("Крепкий алкоголь", "Игристое вино", "Табак", "Никотин", "Лекарства")


def text(page: Page, where: str = "main") -> str:
    return page.inner_text(where).replace("\xa0", " ").replace("\u202f", " ")


def ring(hub: Hub, goods: list[tuple[str, str, str, int]], day: date) -> None:
    """Article, name, category, kopecks: what a goods file of that day says."""
    rows = [
        NewGoods(article, {"name": name, "category": category}, (Price("", "2026-01-01", kopecks),))
        for article, name, category, kopecks in goods
    ]
    hub.within(lambda writer: take(writer, rows, day))


@needs_browser
def test_p6_p8_p11_p25_a14_a15_offers_by_category_and_novelties_on_a_phone(
    account: Account, phone: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    """P6, P25: what runs; P11: by category, the old and the new price and the days; P8: picked for him, from the first
    page; A15: for members; A14: what is new."""
    in_force(monkeypatch, account.hub, promotions=PROMOTIONS)
    stock(account.hub)
    ring(account.hub, [("N2", "Зефир новый", "sweets", 9_900)], date(2026, 3, 3))
    account.office.now += timedelta(days=2)
    anna(account.office)
    page = phone("anna")
    assert "Чай дешевле" in text(page, ".home-offers")  # P8: his favourite
    page.get_by_role("link", name="Акции", exact=True).click()
    whole = text(page)
    assert "Неделя шоколада" in whole and "с 27 февраля по 8 марта" in whole and "Только для участников" in whole
    assert "На всю покупку" in whole and "50 ₽ с чека" in whole
    page.get_by_role("link", name="Шоколад", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == "Шоколад"
    goods = text(page, "section:has(#goods)")
    assert "Шоколад горький" in goods and "110,42 ₽" in goods and "129,90 ₽" in goods
    assert "Неделя шоколада, с 27 февраля по 8 марта" in goods
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("link", name="Новинки").click()
    new = text(page)
    assert "Зефир новый" in new and "Конфеты, с 3 марта" in new and "99 ₽" in new
    assert "Шоколад" not in new, "what came with the first file of all is not new"


def test_a_category_is_leafed_through_by_fifty_and_open_to_everybody(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_force(monkeypatch, account.hub, promotions=PROMOTIONS)
    ring(account.hub, [(f"T{n}", f"Чай номер {n:03}", "tea", 10_000) for n in range(120)], date(2026, 3, 2))
    nobody = account.client()
    pages = [nobody.get(f"/offers?category=tea&page={n}").text for n in (1, 2, 3)]
    assert [page.count("Чай номер") for page in pages] == [PAGE_MAX, PAGE_MAX, 20]
    assert "Чай номер 000" in pages[0] and "Страница 3 из 3" in pages[2]
    assert 'rel="next"' in pages[1] and 'rel="next"' not in pages[2]
    assert "вашей" not in pages[0] and "90 ₽" in pages[0].replace("\xa0", " ")
    unknown = nobody.get("/offers?category=fish")
    assert unknown.status_code == 409 and "Посмотрите все акции" in unknown.text
    assert nobody.get("/offers?page=x&lang=en").status_code == 200


def test_a14_goods_are_new_for_some_days_and_not_those_of_the_first_file(account: Account) -> None:
    new: Callable[[], str] = lambda: account.client().get("/offers/new").text  # noqa: E731
    ring(account.hub, [("A", "Печенье старое", "biscuits", 5_000)], date(2026, 2, 20))
    assert "Печенье" not in new()
    ring(account.hub, [("B", "Печенье новое", "biscuits", 6_000)], date(2026, 3, 1))
    ring(account.hub, [("A", "Печенье старое", "biscuits", 5_500)], date(2026, 3, 2))
    assert "Печенье новое" in new() and "Печенье старое" not in new()
    account.office.now += timedelta(days=40)
    assert "Печенье" not in new()


@needs_browser
def test_p31_a_coupon_for_stickers_and_without_a_network_its_code_is_there(
    account: Account, phone: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_force(monkeypatch, account.hub, stickers=ALBUM, coupons=(KNIFE,))
    anna(account.office)
    correct_stickers(account.hub, "anna", 25, OLGA, "he had them on paper")
    page = phone("anna")
    with_worker(page)
    page.get_by_role("link", name="Купоны").click()
    page.get_by_role("button", name="Получить за наклейки: 20: Нож").click()
    page.get_by_text("Купон у вас").wait_for()
    assert "Наклеек: 5" in text(page) and "5 из 20 · ещё 15" in text(page)
    until(page, "(await caches.match('/coupons', {cacheName: 'kept'}))")
    drawn = page.locator(".coupons .qr path").get_attribute("d")
    page.context.set_offline(True)
    page.goto(f"{account.url}/no-such-page")
    page.get_by_role("link", name="Купоны").click()
    page.get_by_text("Нет связи.").wait_for()
    assert page.locator(".coupons .qr path").get_attribute("d") == drawn and "Нож" in text(page)
    page.context.set_offline(False)
    page.get_by_role("button", name="Выйти").click()
    page.wait_for_url("**/sign-in*")
    until(page, "!(await caches.match('/coupons', {cacheName: 'kept'}))")


@pytest.fixture
def forbidden(account: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """Goods that the law lets nobody advertise: on offer, in coupons of all kinds, for stickers, as favourites, and new
    in the goods file. Each says ЗАПРЕТ, or is called as its category."""
    clipped = CouponTerms(clip_days=10)
    offers = [replace(TEN, id=f"o-{id}", ru=f"ЗАПРЕТ {id}", en=f"ЗАПРЕТ {id}", categories=(id,)) for id in FORBIDDEN]
    coupons = [replace(one, id=f"c{one.id}", terms=clipped) for one in offers]
    own = [replace(one, id=f"m{one.id}") for one in offers]
    bought = [StickerOffer(stickers=1, offer=replace(one, id=f"s{one.id}"), coupon_days=9) for one in offers]
    rules = account.hub.programmes["alenka"]
    in_force(
        monkeypatch,
        account.hub,
        promotions=(*PROMOTIONS, *offers),
        coupons=(*rules.coupons, *coupons, *own, *(one.offer for one in bought)),
        member_made=replace(MADE, price_points=0, campaigns=("ten-percent", *(one.id for one in own))),
        stickers=replace(ALBUM, offers=tuple(bought)),
        favourite=replace(FAVOURITE, categories=()),
    )
    stock(account.hub)
    tea = [("Z0", "Чай новый", "tea", 5_000)]
    bad = [(f"Z{n}", f"ЗАПРЕТ {id}", id, 50_000) for n, id in enumerate(FORBIDDEN, 1)]
    account.office.now += timedelta(days=1)
    ring(account.hub, tea + bad, date(2026, 3, 3))
    drink = {"name": "ЗАПРЕТ настойка", "category": "tea", "kind": "liqueur", "strength_bp": 2_000}
    mark = {"name": "ЗАПРЕТ стики", "category": "tea", "subject": 31}
    some = [NewGoods(f"Y{n}", said, (Price("", "2026-01-01", 900),)) for n, said in enumerate((drink, mark))]
    account.hub.within(lambda writer: take(writer, some, date(2026, 3, 3)))
    account.office.join("anna", points=500, card="cardanna", name="Анна", favourites=("tea", *FORBIDDEN))
    correct_stickers(account.hub, "anna", 5, OLGA, "a gift")
    for one in (*coupons, *own):
        mint(account.hub, Wanted(programme="alenka", campaign=one.id, whom="anna"), OLGA)
    yield account


def test_no_page_and_no_call_shows_what_the_law_lets_nobody_advertise(forbidden: Account) -> None:
    """38-FZ art. 7, 21 and 24, 15-FZ art. 16: alcohol, tobacco, nicotine, medicines. Every page that needs nothing
    said, signed in and not, and all that a program may ask."""
    paths = [view.path for page in PAGES for view in page.views if view.method == "GET" and "{" not in view.path]
    looked: dict[str, str] = {}
    for who in ("anna", ""):
        client = forbidden.client(who)
        for path in (*dict.fromkeys(paths), "/offers?category=tea", *(f"/offers?category={id}" for id in FORBIDDEN)):
            looked[f"{who} {path}"] = client.get(path).text
        looked |= {f"{who} {PREFIX}{call.path}": answer for call, answer in asked(forbidden, who)}
    words = {path: ("ЗАПРЕТ", *(() if path.endswith(RULES) else CATEGORY_NAMES)) for path in looked}
    shown = {path for path, text in looked.items() if any(word in text for word in words[path])}
    assert shown == set()
    assert "Чай новый" in looked["anna /offers/new"] and "Чай новый" in looked[" /offers?category=tea"]
    assert "Чай и кофе" in looked["anna /favourites"] and "Скидка 10 %" in looked["anna /coupons"]
    assert len(looked) > 100


def asked(account: Account, who: str) -> Iterator[tuple[Any, str]]:
    headers = {"Authorization": f"Bearer {account.cookie_of(who)}"} if who else {}
    for call in CALLS:
        if call.method == "GET":
            url = account.url + PREFIX + call.path
            yield call, requests.get(url, params=call.example, headers=headers, timeout=20).text
