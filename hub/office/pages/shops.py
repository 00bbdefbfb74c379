"""What people are told of the chain's shops (P12): the list, and one to be changed."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from hub.desk.act import ActRefused
from hub.desk.shop_acts import ShopsListed, ShopTold
from hub.office.visit import Page, Refused, View, Visit, Words
from hub.places.place import FIELDS

WORDS: Final[Words] = {
    "shops": ("Магазины", "Shops"),
    "shops_none": (
        "Магазинов нет. Добавляет их команда pos-hub store add или store import.",
        "There are no shops. The commands pos-hub store add and store import add them.",
    ),
    "shops_why": (
        "Это видят люди в личном кабинете, на странице магазинов. Пустое поле не показывается.",
        "This is what people see in their account, on the page of shops. What is empty is not shown.",
    ),
    "shops_store": ("Код", "Id"),
    "shops_change": ("Изменить", "Change"),
    "shops_change_of": ("Изменить {store}", "Change {store}"),
    "shops_one": ("Магазин {store}", "Shop {store}"),
    "shops_name": ("Название", "Name"),
    "shops_city": ("Город", "City"),
    "shops_address": ("Улица и дом", "Street and house"),
    "shops_phones": ("Телефоны через запятую", "Phones, with commas"),
    "shops_hours": ("Часы работы: пн-пт 9-22, сб-вс 10-20", "Hours: mon-fri 9-22, sat-sun 10-20"),
    "shops_days": (
        "Особые дни: 31.12.2026 9-18; 01.01.2027 закрыто",
        "Other days: 2026-12-31 9-18; 2027-01-01 closed",
    ),
    "shops_latitude": ("Широта: 55.755864", "Latitude: 55.755864"),
    "shops_longitude": ("Долгота: 37.617698", "Longitude: 37.617698"),
    "shops_closed": ("Закрыт навсегда: да", "Closed for good: yes"),
    "shops_programmes": ("Программы, если не все", "Programmes, if not all"),
    "shops_timezone": ("Часовой пояс: Asia/Omsk", "Time zone: Asia/Omsk"),
    "shops_nothing": ("ничего не сказано", "nothing is said"),
    "shops_is_closed": ("закрыт навсегда", "closed for good"),
    "shops_kept": ("Магазин {store}: записано.", "Shop {store}: noted."),
    "shops_bad": ("Не записано, исправьте: {why}", "Not noted, mend this: {why}"),
    "no_no_such_store": ("Такого магазина нет.", "There is no such shop."),
}


def _list(visit: Visit) -> Response:
    told: ShopsListed = visit.do("shops", {})
    return visit.show("shops.html", title="shops", shops=told.shops)


def _one(visit: Visit, refused: str = "", typed: dict[str, str] | None = None) -> Response:
    told: ShopsListed = visit.do("shops", {})
    found: ShopTold | None = next((one for one in told.shops if one.store == visit.path["store"]), None)
    if found is None:
        raise Refused("no_no_such_store")
    known = typed or {**dict.fromkeys(FIELDS, ""), **found.place, "timezone": found.timezone}
    title = visit.say("shops_one", store=found.store)
    status = 409 if refused else 200
    fields = (*FIELDS, "timezone")
    return visit.show(
        "shop.html", title=title, status=status, store=found.store, fields=fields, known=known, refused=refused
    )


def _keep(visit: Visit) -> Response:
    store = visit.path["store"]
    typed = {field: visit.typed.one(field) for field in (*FIELDS, "timezone")}
    place = {field: typed[field] for field in FIELDS}
    try:
        visit.do("shop_keep", {"store": store, "place": place, "timezone": typed["timezone"]})
    except ActRefused as refused:
        if refused.code != "bad_place":
            raise
        return _one(visit, visit.say("shops_bad", why=str(refused)), typed)
    return visit.go("/shops", visit.say("shops_kept", store=store))


SHOPS: Final = Page(
    path="/shops",
    title="shops",
    right="keep_shops",
    words=WORDS,
    views=(
        View("GET", "/shops", _list),
        View("GET", "/shops/{store:path}", _one),
        View("POST", "/shops/{store:path}", _keep),
    ),
)
