"""Where the chain's shops are and when they are open (P12), those nearest to the phone (P27): for everybody.

Where the phone is never leaves it: the page asks for all shops and measures by itself (static/shops.js).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from starlette.responses import Response

from account import shops as told
from account.pages.shops_map import shops_map
from account.plan import Area, Mark, area_of, plan_of
from account.shops import ShownShop, cities_of, open_for_good, shown
from account.visit import Page, Refused, View, Visit
from sync.account.shops import ShopHere
from web.language import Words

A_PAGE: Final = 30  # shops of a list
NO_CITY: Final = "-"  # in an address
LOOKED_FOR_LETTERS_MAX: Final = 100

WORDS: Final[Words] = {
    **told.WORDS,
    "shops": ("Магазины", "Shops"),
    "shops_none": ("Адресов магазинов здесь пока нет.", "No addresses of shops stand here yet."),
    "shops_cities": ("Города", "Cities"),
    "shops_all_cities": ("Все города", "All cities"),
    "shops_elsewhere": ("Другие места", "Elsewhere"),
    "shops_look": ("Улица или название", "Street or name"),
    "shops_look_do": ("Найти", "Look for it"),
    "shops_not_found": (
        "Таких магазинов нет: проверьте слово или выберите город.",
        "There is no such shop: look at the word again, or choose a city.",
    ),
    "shops_near": ("Ближайшие ко мне", "Nearest to me"),
    "shops_near_how": (
        "Где вы, знает только ваш телефон: нам это не отправляется.",
        "Where you are only your phone knows: it is not sent to us.",
    ),
    "shops_near_wait": ("Спрашиваем у телефона, где вы…", "Asking your phone where you are…"),
    "shops_near_here": ("Ближайшие магазины", "The nearest shops"),
    "shops_near_denied": (
        "Телефон не сказал, где вы. Разрешите ему в настройках браузера или выберите город из списка.",
        "Your phone did not say where you are. Allow it in the browser's settings, or choose a city.",
    ),
    "shops_near_none": (
        "Ни у одного магазина не указано место. Выберите город из списка.",
        "No shop says where it is. Choose a city.",
    ),
    "shops_near_failed": (
        "Не получилось. Проверьте сеть и нажмите ещё раз или выберите город из списка.",
        "That did not work. Look at the network and press again, or choose a city.",
    ),
    "shops_m": ("м", "m"),
    "shops_km": ("км", "km"),
    "shops_plan": ("План: магазины, {city}", "Plan: shops in {city}"),
    "shops_plan_one": ("{number}. {name}", "{number}. {name}"),
    "shops_plan_several": ("{count}: показать ближе", "{count}: show this part"),
    "shops_whole_plan": ("Весь город", "The whole city"),
    "shops_map": ("На карте", "On a map"),
    "shops_hours": ("Часы работы", "Opening hours"),
    "shops_other_days": ("Особые дни", "Other days"),
    "shops_phone": ("Позвонить: {phone}", "Call {phone}"),
    "shops_yandex": ("Яндекс Карты", "Yandex Maps"),
    "shops_yandex_of": ("Яндекс Карты: {name}", "Yandex Maps: {name}"),
    "shops_next": ("Ещё", "More"),
    "shops_before": ("Назад", "Back"),
    "shops_address": ("Адрес", "Address"),
    "shops_city_all": ("Все магазины, {city}", "All shops in {city}"),
    "shops_gone": (
        "Такого магазина нет или он закрылся. Выберите другой.",
        "There is no such shop, or it has closed. Choose another.",
    ),
    "shops_map_title": ("Магазины на карте", "Shops on a map"),
    "shops_map_back": ("К списку магазинов", "To the list of shops"),
    "shops_map_why": (
        "Карту показывает Яндекс: он видит, что вы её открыли, но не кто вы.",
        "Yandex shows the map: it sees that you have opened it, and not who you are.",
    ),
    "shops_map_off": (
        "Карта не открылась. Адреса и план — в списке магазинов.",
        "The map did not open. Addresses and a plan stand in the list of shops.",
    ),
}


class ShownMark(NamedTuple):
    """`to`: where a press leads; `label`: for whoever hears it; `text`: in the circle; `part`: it shows a part of the
    plan, with so many shops."""

    mark: Mark
    to: str
    label: str
    text: str
    part: bool


class Row(NamedTuple):
    number: int
    shop: ShownShop


def _list(visit: Visit) -> Response:
    """By city; of a single city, at once."""
    shops = open_for_good(visit.house.shops().shops)
    cities = cities_of(shops)
    city, text = visit.typed.one("city"), visit.typed.one("q").strip()[:LOOKED_FOR_LETTERS_MAX]
    if len(cities) == 1:
        city = cities[0][0] or NO_CITY
    if not city and not text:
        return _page(visit, cities=cities)
    here = [shop for shop in shops if _is_in(shop, city) and _has(shop, text)]
    area = area_of(visit.typed.one("area"))
    if area is not None:
        here = [shop for shop in here if area.has(shop)]
    return _shown(visit, here, cities, city, text, area)


def _shown(
    visit: Visit, here: Sequence[ShopHere], cities: list[tuple[str, int]], city: str, text: str, area: Area | None
) -> Response:
    asked = {"city": city, "q": text, "area": str(area) if area is not None else ""}
    first = _first(visit.typed.one("from"), len(here))
    rows = [
        Row(number, _told(visit, shop)) for number, shop in enumerate(here[first : first + A_PAGE], start=first + 1)
    ]
    plan = plan_of(here) if city else None
    return _page(
        visit,
        cities=cities,
        city=_city(visit, city),
        text=text,
        rows=rows,
        plan=plan,
        marks=[_mark(visit, mark, here, asked) for mark in plan.marks] if plan is not None else [],
        in_city=city,
        whole=_address(asked | {"area": ""}) if area is not None else "",
        before=_address(asked | {"from": str(max(0, first - A_PAGE))}) if first else "",
        more=_address(asked | {"from": str(first + A_PAGE)}) if first + A_PAGE < len(here) else "",
    )


def _page(visit: Visit, **facts: Any) -> Response:
    shown: dict[str, Any] = {"city": "", "text": "", "rows": [], "plan": None} | facts
    has_map = bool(visit.house.settings.map_key)
    return visit.show("shops.html", title="shops", has_map=has_map, no_city=NO_CITY, **shown)


def _first(text: str, count: int) -> int:
    at = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    return at if at < count else 0


def _is_in(shop: ShopHere, city: str) -> bool:
    return not city or shop.city == ("" if city == NO_CITY else city)


def _has(shop: ShopHere, text: str) -> bool:
    """All words of it, wherever they stand."""
    stands = f"{shop.city} {shop.name} {shop.address}".casefold().replace("ё", "е")
    return all(word in stands for word in text.casefold().replace("ё", "е").replace(",", " ").split())


def _city(visit: Visit, city: str) -> str:
    return visit.say("shops_elsewhere") if city == NO_CITY else city


def _told(visit: Visit, shop: ShopHere) -> ShownShop:
    return shown(visit.house.words, shop, visit.house.now(), visit.language)


def _address(asked: dict[str, str]) -> str:
    return "/shops?" + urlencode({name: text for name, text in asked.items() if text})


def _mark(visit: Visit, mark: Mark, here: Sequence[ShopHere], asked: dict[str, str]) -> ShownMark:
    """Of one shop to its row, on whichever page of the list; of several to the plan of that part."""
    number = mark.numbers[0]
    if mark.area and len(mark.numbers) < len(here):
        count = len(mark.numbers)
        label = visit.say("shops_plan_several", count=count)
        return ShownMark(mark, _address(asked | {"area": mark.area}), label, str(count), True)
    first = (number - 1) // A_PAGE * A_PAGE
    label = visit.say("shops_plan_one", number=number, name=told.name_of(here[number - 1]))
    to = f"{_address(asked | {'from': str(first or '')})}#shop-{number}"
    return ShownMark(mark, to, label, str(number) if len(mark.numbers) == 1 else f"{number}+", False)


def _one(visit: Visit) -> Response:
    wanted = visit.typed.one("id")
    found = [shop for shop in open_for_good(visit.house.shops().shops) if shop.id == wanted]
    if not found:
        raise Refused("shops_gone", status=404)
    shop = _told(visit, found[0])
    return visit.show("shops_one.html", title=shop.name, shop=shop, to_city=_address({"city": shop.city or NO_CITY}))


def _all(visit: Visit) -> Response:
    """For the page, which measures how far each is."""
    shops = [_told(visit, shop) for shop in open_for_good(visit.house.shops().shops)]
    found = [
        {
            "id": shop.id,
            "name": shop.name,
            "where": ", ".join(part for part in (shop.city, shop.address) if part),
            "now": shop.now,
            "is_open": shop.is_open,
            "latitude": shop.latitude,
            "longitude": shop.longitude,
        }
        for shop in shops
        if shop.latitude is not None
    ]
    return Response(json.dumps({"shops": found}, ensure_ascii=False), media_type="application/json")


SHOPS: Final = Page(
    path="/shops",
    title="shops",
    words=WORDS,
    views=(
        View("GET", "/shops", _list, open=True),
        View("GET", "/shops/one", _one, open=True),
        View("GET", "/shops/all.json", _all, open=True),
        View("GET", "/shops/map", shops_map, open=True),
    ),
)
