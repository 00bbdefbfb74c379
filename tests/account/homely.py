"""A member who has something of everything that a first page shows, and a programme in which offers run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import pytest

from hub.goods import NewGoods, Price, take
from hub.hub import Hub
from loyalty.bodies import Grant, SaleStickers, SoldLine
from loyalty.card_numbers import make_number
from loyalty.programme import FavouriteBonus, MemberMade, Offer, Programme, StickerOffer, Stickers
from loyalty.stickers import collection_of
from loyalty.utc import utc_text
from tests.hub.conftest import Office

FIRST, LAST = date(2026, 2, 27), date(2026, 3, 8)  # around the office's day, 2 March 2026
WEEK = Offer(
    id="week",
    ru="Неделя шоколада",
    en="A week of chocolate",
    kind="percent_off",
    percent_bp=1_500,
    categories=("chocolate",),
    first_day=FIRST,
    last_day=LAST,
    members_only=True,
)
TEA = Offer(id="tea", ru="Чай дешевле", en="Tea for less", kind="percent_off", percent_bp=1_000, categories=("tea",))
VODKA = Offer(
    id="vodka", ru="Крепкое", en="Spirits", kind="percent_off", percent_bp=1_000, categories=("alcohol_strong",)
)
ROUND = Offer(id="round", ru="50 ₽ с чека", en="50 off", kind="amount_off", amount_kopecks=5_000, last_day=LAST)
OVER = replace(ROUND, id="over", ru="Прошло", en="It is over", last_day=date(2026, 3, 1))
PROMOTIONS = (ROUND, VODKA, TEA, WEEK, OVER)
KNIFE = Offer(id="knife", ru="Нож", en="A knife", kind="amount_off", amount_kopecks=50_000)
ALBUM = Stickers(
    step_kopecks=20_000,
    per_step=1,
    first_day=FIRST,
    last_day=date(2026, 6, 1),
    offers=(StickerOffer(stickers=20, offer=KNIFE, coupon_days=30),),
)
MADE = MemberMade(campaigns=("ten-percent",), a_month=2, price_points=100, life_days=7)
FAVOURITE = FavouriteBonus(step_kopecks=10_000, points=5, categories_max=1, categories=("sweets", "tea"))

GOODS: Final[tuple[tuple[str, str, str, int, dict[str, Any]], ...]] = (
    ("A1", "Шоколад молочный", "chocolate", 8_990, {}),
    ("A2", "Шоколад горький", "chocolate", 12_990, {}),
    ("A3", "Чай чёрный", "tea", 20_000, {"unit": "kg"}),
    ("A4", "Водка", "alcohol_strong", 60_000, {}),
    ("A5", "Ликёр под видом чая", "tea", 70_000, {"kind": "liqueur", "strength_bp": 3_500}),
    ("A6", "Шоколад, которого больше нет", "chocolate", 5_000, {"withdrawn": True}),
)


def in_force(monkeypatch: pytest.MonkeyPatch, hub: Hub, programme: str = "alenka", **changes: Any) -> Programme:
    """The programme's rules with these changes."""
    new = replace(hub.programmes[programme], **changes)
    there = {**hub.programmes, programme: new}
    monkeypatch.setattr(Hub, "programmes", property(lambda self: there))
    return new


def stock(hub: Hub) -> None:
    rows = [
        NewGoods(article, {"name": name, "category": category, **more}, (Price("", "2026-01-01", kopecks),))
        for article, name, category, kopecks, more in GOODS
    ]
    hub.within(lambda writer: take(writer, [row for row in rows if not row.said.get("withdrawn")], date(2026, 3, 2)))


def card_number(programme: Programme, serial: int = 1) -> str:
    return make_number(programme.cards.schemes[0], serial)


def bought(office: Office, member: str, article: str, category: str, *, programme: str = "alenka") -> None:
    line = SoldLine(
        id="1",
        name="Шоколад",
        unit="pc",
        price_kopecks=8_990,
        quantity_m=1_000,
        net_before_kopecks=8_990,
        discount_kopecks=0,
        net_kopecks=8_990,
        category=category,
        article=article,
    )
    sums: dict[str, Any] = {"total_kopecks": 8_990, "paid_kopecks": 8_990, "qualifying_kopecks": 8_990}
    stickers = office.hub.programmes[programme].stickers
    given = SaleStickers(collection=collection_of(stickers), given=7) if stickers is not None else None
    sale = office.sale(member, earned=15, lines=(line,), stickers=given, **sums)
    assert office.take(sale, programme=programme) == ["applied"]


def anna(office: Office, programme: str = "alenka") -> None:
    """1,250 points that live long, 100 that die in twelve days, 40 that begin in three; tea is her favourite."""
    rules = office.hub.programmes[programme]
    office.join(
        "anna",
        points=1_250,
        programme=programme,
        phone="+79161234567",
        name="Анна Петрова",
        birthday="1990-03-05",
        card=card_number(rules),
        favourites=("tea",) if "tea" in rules.categories else ("dairy",),
    )
    given(office, 100, 0, 12, programme)
    given(office, 40, 3, 30, programme)


def given(office: Office, points: int, start: int, days: int, programme: str = "alenka", member: str = "anna") -> None:
    begin = office.NOW + timedelta(days=start)
    end = begin + timedelta(days=days)
    grant = Grant(member=member, points=points, reason="gift", active_from=utc_text(begin), expires_at=utc_text(end))
    assert office.born(grant, programme=programme) == "applied"
