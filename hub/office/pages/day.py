"""A store's day: what its tills and people did, as they have told the hub."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from starlette.responses import Response

from hub.cases.office_words import REFUSED as REFUSED_EN
from hub.cases.spoken import REFUSED_RU
from hub.office.visit import Page, View, Visit, Words
from hub.tills.till import till_of
from loyalty.day import GOODS, HOUR, REFUSED, named, summed

BAR_WIDTH: Final = 320  # of the longest
BARS_MAX: Final = 15
MONEY: Final = frozenset({"paid", "spent_worth", "offline_worth", "paid_without_card", "refunded"})

WORDS: Final[Words] = {
    "day": ("День", "The day"),
    "day_day": ("День", "Day"),
    "no_bad_day": ("День пишут так: 2026-12-31.", "A day is written like 2026-12-31."),
    "day_store": ("Магазин", "Store"),
    "day_till": ("Касса", "Till"),
    "day_by": ("Кассир", "Cashier"),
    "day_receipts": ("Чеков", "Receipts"),
    "day_nobody": ("без имени", "nobody named"),
    "day_none": ("За этот день касс не слышали.", "No till was heard of that day."),
    "day_hours": ("По часам", "By hours"),
    "day_refusals": ("Не принято хабом", "Refused by the hub"),
    "day_goods": ("Неизвестные товары", "Goods nobody knows"),
    "day_late": (
        "Как рассказали кассы; то, что ещё не отправлено, придёт позже.",
        "As its tills have told; what is not sent yet comes later.",
    ),
    "day_sales": ("Продаж с картой", "Sales with a card"),
    "day_paid": ("Оплачено деньгами", "Paid in money"),
    "day_earned": ("Начислено", "Earned"),
    "day_spent": ("Списано", "Spent"),
    "day_spent_worth": ("Скидка баллами", "Worth of what was spent"),
    "day_offline": ("Без связи, чеков", "Offline, receipts"),
    "day_offline_worth": ("Списано без связи", "Spent offline"),
    "day_strangers": ("Неизвестных кассе карт", "Cards not known at the till"),
    "day_sales_without_card": ("Продаж без карты", "Sales without a card"),
    "day_paid_without_card": ("Оплачено без карты", "Paid without a card"),
    "day_returns": ("Возвратов", "Returns"),
    "day_refunded": ("Возвращено деньгами", "Refunded in money"),
    "day_given_back": ("Баллы возвращены", "Points given back"),
    "day_taken_back": ("Баллы сняты", "Points taken back"),
    "day_cards_issued": ("Выдано карт", "Cards issued"),
    "day_cards_reissued": ("Заменено карт", "Cards replaced"),
    "day_cards_made_virtual": ("Карт стало виртуальными", "Cards made virtual"),
    "day_cards_blocked": ("Заблокировано карт", "Cards blocked"),
    "day_cards_unblocked": ("Разблокировано карт", "Cards unblocked"),
    "day_coupons_used": ("Погашено купонов", "Coupons used"),
    "day_coupons_returned": ("Возвращено купонов", "Coupons given back"),
    "day_stickers_given": ("Выдано наклеек", "Stickers given"),
    "day_stickers_spent": ("Обменяно наклеек", "Stickers exchanged"),
    "day_stickers_restored": ("Возвращено наклеек", "Stickers given back"),
    "day_stickers_taken_back": ("Снято наклеек", "Stickers taken back"),
    "day_lost_earned": ("Начислено, но не принято", "Earned, and refused"),
    "day_lost_spent": ("Списано, но не принято", "Spent, and refused"),
}
LINES: Final = (
    *("sales", "paid", "earned", "spent", "spent_worth", "offline", "offline_worth", "strangers"),
    *("sales_without_card", "paid_without_card", "returns", "refunded", "given_back", "taken_back"),
    *("cards_issued", "cards_reissued", "cards_made_virtual", "cards_blocked", "cards_unblocked"),
    *("coupons_used", "coupons_returned"),
    *("stickers_given", "stickers_spent", "stickers_restored", "stickers_taken_back", "lost_earned", "lost_spent"),
)


class Bar(NamedTuple):
    label: str
    amount: int
    width: int
    money: bool = False


def _show(visit: Visit) -> Response:
    day = visit.typed.one("day") or _today(visit)
    stores = _stores(visit)
    store = visit.typed.one("store") or (stores[0] if stores else "")
    parts = visit.do("day", {"day": day, "store": store}).parts if store in stores else ()
    counts = summed(part.counts for part in parts)
    reasons = REFUSED_RU if visit.language == "ru" else REFUSED_EN
    return visit.show(
        "day.html",
        title="day",
        day=day,
        store=store,
        stores=stores,
        counts=counts,
        lines=[name for name in LINES if counts.get(name)],
        money=MONEY,
        parts=[(part.till, part.by or visit.say("day_nobody"), part.counts) for part in parts],
        pictures=[
            ("day_hours", _bars(sorted(named(counts, HOUR).items()), money=True)),
            ("day_refusals", _bars([(reasons.get(why, why), n) for why, n in named(counts, REFUSED).items()])),
            ("day_goods", _bars(named(counts, GOODS).items())),
        ],
        width=BAR_WIDTH,
    )


def _bars(some: Iterable[tuple[str, int]], *, money: bool = False) -> list[Bar]:
    shown = list(some)[:BARS_MAX]
    most = max((amount for _, amount in shown), default=0)
    return [
        Bar(label, amount, max(1, amount * BAR_WIDTH // most) if amount > 0 else 0, money) for label, amount in shown
    ]


def _stores(visit: Visit) -> list[str]:
    """Those that he may see; tills without a store are one of none."""
    with visit.hub.store.reading() as reader:
        known = {row.store for row in reader.all_stores()} | {till_of(row).store for row in reader.all_tills()}
    return sorted(store for store in known if visit.clerk.sees(store))


def _today(visit: Visit) -> str:
    zone = visit.hub.zone_of(next(iter(visit.hub.programmes), ""))
    return f"{visit.hub.now().astimezone(zone):%Y-%m-%d}"


DAY: Final = Page(path="/day", title="day", right="see_day", words=WORDS, views=(View("GET", "/day", _show),))
