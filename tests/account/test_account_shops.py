"""Shops: cities, lists, hours, phones and plans (P12), those nearest to the phone (P27), their names on receipts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import pytest

from account.app import account_app
from account.plan import APART, area_of, plan_of
from account.settings import Settings
from account.shops import name_of
from hub.face.tills import hub_app
from sync.account.shops import AskShops, ShopHere, ShopsTold
from tests.account.conftest import Account, at
from tests.account.shops_here import SHOPS, stand
from tests.account.test_account_cards_pages import fits, text_of
from tests.browser import needs_browser
from tests.hub.conftest import NOW, Pen
from tests.one_port import Server

if TYPE_CHECKING:
    from playwright.sync_api import Geolocation, Page, Request, Route

KEY: Final = "0123abcd-map-key"
RED_SQUARE: Final[Geolocation] = {"latitude": 55.753215, "longitude": 37.622504}
FAKE_MAP: Final = """
globalThis.ymaps3 = { ready: Promise.resolve(), YMapDefaultSchemeLayer: class {}, YMapDefaultFeaturesLayer: class {},
  YMapMarker: class { constructor(where, sign) { this.sign = sign; } },
  YMap: class { constructor(place) { this.place = place; }
    addChild(one) { if (one.sign) this.place.append(one.sign); } } };
"""


@needs_browser
def test_p12_a_shop_is_found_by_its_city_its_street_and_on_the_plan(
    account: Account, phone: Callable[..., Page]
) -> None:
    stand(account.hub)
    account.office.now = at("2026-03-02T18:30:00+00:00")  # Monday, 21:30 in Moscow, after midnight in Omsk
    page = phone()
    page.get_by_role("link", name="Магазины").click()
    fits(page)
    page.get_by_role("link", name="Омск").click()
    assert "Закрыто, откроется в 09:00" in text_of(page)
    page.get_by_role("link", name="Все города").click()
    page.get_by_role("link", name="Москва").click()
    told = text_of(page)
    assert "1. На Арбате" in told and "Открыто до 22:00" in told and "Закрылся" not in told
    assert "пн–пт 09:00–22:00; сб–вс 10:00–20:00" in told and "Открыто круглосуточно" in told
    fits(page)
    page.get_by_role("link", name="2. На Тверской").first.click()  # the circle, which leads to the row
    assert page.url.endswith("#shop-2") and page.locator("#shop-2").evaluate("one => one.matches(':target')")
    page.locator("#shop-1").get_by_role("link", name="На Арбате", exact=False).first.click()
    assert "08.03: закрыто" in text_of(page)
    assert page.get_by_role("link", name=re.compile("8.800")).get_attribute("href") == "tel:+78002009555"
    yandex = page.get_by_role("link", name="Яндекс Карты")
    assert yandex.get_attribute("href") == "https://yandex.ru/maps/?pt=37.6001%2C55.7522&z=17&l=map"
    assert "noreferrer" in str(yandex.get_attribute("rel"))
    fits(page)
    page.goto(f"{account.url}/shops")
    page.get_by_label("Улица или название").fill("ленина омск")
    page.get_by_role("button", name="Найти").click()
    assert "На Ленина" in text_of(page) and "На Арбате" not in text_of(page)


@needs_browser
def test_p27_the_nearest_are_told_and_where_the_phone_is_stays_in_it(
    account: Account, phone: Callable[..., Page]
) -> None:
    stand(account.hub)
    page = phone()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    page.goto(f"{account.url}/shops")
    page.get_by_role("button", name="Ближайшие ко мне").click()
    page.get_by_text("Телефон не сказал, где вы").wait_for()  # nobody has allowed it
    page.context.grant_permissions(["geolocation"], origin=account.url)
    page.context.set_geolocation(RED_SQUARE)
    page.get_by_role("button", name="Ближайшие ко мне").click()
    page.locator("#shops-near li").first.wait_for()
    near = page.locator("#shops-near li").all_inner_texts()
    assert [text.split("\n")[0] for text in near] == ["На Тверской", "На Арбате", "Новый", "На Ленина"]
    assert re.search(r"1,2\sкм", near[0]) and re.search(r"2\s2\d\d\sкм", near[3])
    fits(page)
    said = " ".join(request.url + str(request.post_data or "") for request in asked)
    assert "55.75" not in said and "37.62" not in said and not any(one.method == "POST" for one in asked)
    page.locator("#shops-near").get_by_role("link", name="На Арбате").click()
    page.get_by_role("heading", name="На Арбате").wait_for()


@needs_browser
def test_p12_the_map_itself_is_a_page_whose_policy_is_open_to_its_hosts_alone(
    account: Account, phone: Callable[..., Page], account_server: Server
) -> None:
    stand(account.hub)
    account_server.app = account_app(
        account.desk, account.store, now=lambda: account.office.now, settings=Settings(map_key=KEY)
    )
    account.office.join("anna")
    page = phone("anna")
    theirs: list[str] = []

    def answer(route: Route) -> None:
        theirs.append(f"{route.request.url} {route.request.headers.get('referer', '')}")
        route.fulfill(content_type="text/javascript", body=FAKE_MAP if len(theirs) == 1 else "")

    page.route("https://api-maps.yandex.ru/**", answer)
    page.goto(f"{account.url}/shops?city=Москва")
    assert theirs == []  # a list is no map
    page.get_by_role("link", name="На карте").click()
    page.locator("#map a").first.wait_for()
    assert sorted(page.locator("#map a").all_inner_texts()) == ["На Арбате", "На Тверской", "Новый"]
    assert theirs == [f"https://api-maps.yandex.ru/v3/?apikey={KEY}&lang=ru_RU {account.url}/"]
    own = "fetch('/points').then(() => 'read', () => 'refused')"
    assert page.evaluate(own) == "refused", "their program reads nothing of whoever is signed in"
    page.reload()
    page.get_by_text("Карта не открылась").wait_for()
    page.get_by_role("link", name="К списку магазинов").click()
    assert page.evaluate(own) == "read"


def test_only_that_page_may_run_a_program_of_others(account: Account, account_server: Server) -> None:
    stand(account.hub)
    assert account.client().get("/shops/map").status_code == 404  # the shop has said no key
    account_server.app = account_app(account.desk, account.store, now=lambda: NOW, settings=Settings(map_key=KEY))
    client = account.client()
    policies = {path: client.get(path).headers["Content-Security-Policy"] for path in ("/shops", "/help", "/shops/map")}
    assert ["yandex" in policy for policy in policies.values()] == [False, False, True]
    assert "unsafe-eval" not in policies["/shops/map"] and "connect-src 'self'" not in policies["/shops/map"]


def test_receipts_and_card_orders_say_a_shop_by_its_name_also_when_it_has_closed(account: Account) -> None:
    stand(account.hub)
    account.office.join("anna", points=100)
    sale = account.office.sale("anna", earned=1)
    assert account.office.take(sale, pen=Pen("t9", store="msk-9")) == ["applied"]
    anna = account.client("anna")
    assert "Закрылся" in anna.get("/points").text and "msk-9" not in anna.get("/points").text
    form = anna.get("/cards/order").text
    assert ">На Ленина</option>" in form and "Закрылся" not in form


def test_of_shops_that_are_there_people_are_told_and_the_other_programmes_are_not(account: Account) -> None:
    assert "пока нет" in account.client().get("/shops").text
    stand(account.hub, SHOPS | {"x": {"name": "Чужой", "programmes": "perekrestok"}, "bare": {}})
    told = account.desk.ask("shops", AskShops(), ShopsTold).shops
    assert [shop.id for shop in told] == ["msk-9", "msk-1", "msk-2", "msk-3", "omsk-7"]
    assert told[4].timezone == "Asia/Omsk" and told[0].closed and name_of(told[1]) == "На Арбате"
    client = account.client()
    assert client.get("/shops/one?id=msk-9").status_code == client.get("/shops/one?id=nobody").status_code == 404


def test_what_the_hub_told_last_stands_while_it_is_silent(account: Account, hub_server: Server) -> None:
    stand(account.hub)
    client = account.client()
    assert "Москва" in client.get("/shops").text
    hub_server.app = lambda *_: (_ for _ in ()).throw(OSError)
    assert "На Арбате" in client.get("/shops?city=Москва").text
    hub_server.app = hub_app(account.hub)


# the plan


def shop(number: int, latitude: float, longitude: float) -> ShopHere:
    return ShopHere(id=str(number), timezone="Europe/Moscow", latitude=latitude, longitude=longitude)


def test_a_plan_has_north_above_and_every_shop_once_apart_from_others() -> None:
    shops = [shop(n, 55.5 + (n * 37 % 101) / 250, 37.3 + (n * 61 % 97) / 150) for n in range(300)]
    plan = plan_of(shops)
    assert plan is not None
    assert sorted(number for mark in plan.marks for number in mark.numbers) == list(range(1, 301))
    for one in plan.marks:
        assert 0 < one.x < plan.wide and 0 < one.y < plan.high
        assert all(abs(one.x - other.x) + abs(one.y - other.y) >= APART * 0.99 for other in plan.marks if other != one)
        part = area_of(one.area)
        assert part is None or sum(map(part.has, shops)) >= len(one.numbers)
    north, south = plan_of([shop(1, 56.0, 37.0), shop(2, 55.0, 37.0)]).marks  # type: ignore[union-attr]
    assert north.y < south.y and north.numbers == (1,)
    assert plan_of([ShopHere(id="1", timezone="Europe/Moscow")]) is None


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "1,2,3,nan", "999,1,1,1"])
def test_an_area_that_is_none_is_the_whole_plan(account: Account, text: str) -> None:
    assert area_of(text) is None


def test_shops_that_stand_in_one_house_lead_to_their_rows_and_others_to_their_part(account: Account) -> None:
    near = {"latitude": "55.750001", "longitude": "37.600001", "city": "Тула"}
    stand(account.hub, {f"t{n}": near | {"name": f"Дом {n}"} for n in range(40)})
    page = account.client().get("/shops?city=Тула").text
    assert "#shop-1" in page and "area=" not in page and "from=30" in page
    more = account.client().get("/shops?city=Тула&from=30").text
    assert "40. " in more and 'id="shop-1"' not in more
