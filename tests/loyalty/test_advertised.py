"""Goods that are shown as an offer: never alcohol, tobacco, nicotine, medicines or lotteries, whatever their name."""

from __future__ import annotations

import pytest

from loyalty.categories import BUILT_IN
from loyalty.goods import Item
from loyalty.lawful import may_be_advertised
from loyalty.programme import Category, Programme


def category(id: str, name: str = "Чай", **more: bool) -> Category:
    return Category(id=id, ru=name, en="Something", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("id", sorted(BUILT_IN))
def test_no_category_that_the_law_closes_is_an_offer(id: str) -> None:
    assert not may_be_advertised(BUILT_IN[id])


def test_every_other_category_of_a_programme_may_be(alenka: Programme, perekrestok: Programme) -> None:
    shown = {one.id for rules in (alenka, perekrestok) for one in rules.categories.values() if may_be_advertised(one)}
    assert {"chocolate", "tea", "dairy", "household"} <= shown and not shown & set(BUILT_IN)


@pytest.mark.parametrize(("id", "name"), [("beer", "Хмельное"), ("medicines", "Аптека"), ("drinks", "Пиво")])
def test_a_name_is_enough(id: str, name: str) -> None:
    assert not may_be_advertised(category(id, name))


@pytest.mark.parametrize("more", [{"discount": False}, {"excise": True}])
def test_what_has_no_discount_or_pays_excise_is_none(more: dict[str, bool]) -> None:
    assert may_be_advertised(category("tea")) and not may_be_advertised(category("tea", "Чай", **more))


@pytest.mark.parametrize(
    "item",
    [
        Item(category="tea", kind="liqueur"),
        Item(category="tea", strength_bp=500),
        Item(category="tea", subject=2),
    ],
)
def test_a_drink_in_another_category_is_found_by_what_is_known_of_it(item: Item) -> None:
    assert not may_be_advertised(category("tea"), item)
    assert may_be_advertised(category("tea"), Item(category="tea"))
