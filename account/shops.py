"""The chain's shops in words: what each is called, when it is open, where a map shows it (P12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from account.phones import phone_shown
from loyalty.opening import Opening, hours_on, opening_at, spans_text, week_lines
from sync.account.shops import ShopHere
from web.language import Language, Words, say

OTHER_DAYS_AHEAD: Final = 31  # of days with other hours, so many are told before
DAY_MONTHS: Final = "%d.%m"

WORDS: Final[Words] = {
    "shops_open_until": ("Открыто до {time}", "Open until {time}"),
    "shops_open_always": ("Открыто круглосуточно", "Open round the clock"),
    "shops_opens_at": ("Закрыто, откроется в {time}", "Closed, opens at {time}"),
    "shops_opens_on": ("Закрыто, откроется {day} в {time}", "Closed, opens on {day} at {time}"),
    "shops_closed": ("Закрыто", "Closed"),
    "shops_no_hours": ("Часы работы не указаны", "No hours are given"),
}


class ShownPhone(NamedTuple):
    e164: str
    text: str


class ShownShop(NamedTuple):
    """`now`: open or closed, in words; `hours`, `other_days`: days and times; `map_url`: in Yandex's maps, "": nobody
    knows where it is."""

    id: str
    name: str
    city: str
    address: str
    phones: tuple[ShownPhone, ...]
    is_open: bool
    now: str
    hours: list[tuple[str, str]]
    other_days: list[tuple[str, str]]
    map_url: str
    latitude: float | None
    longitude: float | None


def shown(words: Words, shop: ShopHere, at: datetime, language: Language) -> ShownShop:
    """`at`: now, in UTC."""
    local = at.astimezone(ZoneInfo(shop.timezone))
    opening = opening_at(shop.hours, local)
    return ShownShop(
        id=shop.id,
        name=name_of(shop),
        city=shop.city,
        address=shop.address if shop.name else "",
        phones=tuple(ShownPhone(phone, phone_shown(phone)) for phone in shop.phones),
        is_open=opening.is_open,
        now=opening_text(words, opening, local, language),
        hours=week_lines(shop.hours.week, language),
        other_days=_other_days(shop, local, language),
        map_url=map_url(shop),
        latitude=shop.latitude,
        longitude=shop.longitude,
    )


def name_of(shop: ShopHere) -> str:
    return shop.name or shop.address or shop.id


def opening_text(words: Words, opening: Opening, local: datetime, language: Language) -> str:
    if not opening.is_known:
        return say(words, language, "shops_no_hours")
    until = opening.until
    if opening.is_open:
        return (
            say(words, language, "shops_open_until", time=f"{until:%H:%M}")
            if until
            else say(words, language, "shops_open_always")
        )
    if until is None:
        return say(words, language, "shops_closed")
    if until.date() == local.date():
        return say(words, language, "shops_opens_at", time=f"{until:%H:%M}")
    return say(words, language, "shops_opens_on", day=f"{until:{DAY_MONTHS}}", time=f"{until:%H:%M}")


def _other_days(shop: ShopHere, local: datetime, language: Language) -> list[tuple[str, str]]:
    """That are soon."""
    days = [local.date() + timedelta(days=ahead) for ahead in range(OTHER_DAYS_AHEAD)]
    return [
        (f"{day:{DAY_MONTHS}}", spans_text(hours_on(shop.hours, day), language))
        for day in days
        if day.isoformat() in shop.hours.days
    ]


def map_url(shop: ShopHere) -> str:
    if shop.latitude is None or shop.longitude is None:
        return ""
    return "https://yandex.ru/maps/?" + urlencode({"pt": f"{shop.longitude},{shop.latitude}", "z": 17, "l": "map"})


def open_for_good(shops: Sequence[ShopHere]) -> list[ShopHere]:
    return [shop for shop in shops if not shop.closed]


def cities_of(shops: Sequence[ShopHere]) -> list[tuple[str, int]]:
    """With how many shops each has, by name."""
    return sorted(Counter(shop.city for shop in shops).items(), key=lambda city: city[0].casefold())
