"""R16, R25, R29: what a programme may say and somebody should look at again."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config.programme_warnings import warnings_of
from config.programmes import SHIPPED, ProgrammeError, load_programme, read_source, shipped_programmes
from loyalty.categories import BUILT_IN, CLOSED, CLOSED_BY_LAW
from loyalty.programme import Offer, Programme

PEREKRESTOK = (SHIPPED / "perekrestok.toml").read_text(encoding="utf-8")
TOBACCO = 'tobacco = { ru = "Табак", en = "Tobacco", redeem = "no", earn = false, discount = false }\n'
LOTTERY = 'lottery = { ru = "Лотерея", en = "Lottery", redeem = "no", earn = false, discount = false }\n'
OPEN_KEYS = ('redeem = "yes"', 'redeem = "above_min_price"', "earn = true", "discount = true")


def changed(before: str, after: str) -> str:
    assert before in PEREKRESTOK
    return PEREKRESTOK.replace(before, after, 1)


@pytest.mark.parametrize("id", shipped_programmes())
def test_the_shipped_programmes_need_no_second_look(id: str) -> None:
    assert warnings_of(load_programme(id)) == ()


@pytest.mark.parametrize("id", [*CLOSED, "unknown", "alcohol_strong", "sparkling_wine"])
def test_r29_a_file_that_leaves_a_known_category_out_has_it_closed(id: str) -> None:
    lines = [line for line in PEREKRESTOK.splitlines() if not line.startswith(f"{id} = {{")]
    assert read_source("\n".join(lines)).category(id) == BUILT_IN[id]


@pytest.mark.parametrize("id", CLOSED)
def test_r29_a_known_category_without_its_keys_is_closed(id: str) -> None:
    lines = [line for line in PEREKRESTOK.splitlines() if not line.startswith(f"{id} = {{")]
    at = lines.index(next(line for line in lines if line.startswith("[categories]")))
    lines.insert(at + 1, f'{id} = {{ ru = "Имя", en = "Name" }}')
    category = read_source("\n".join(lines)).category(id)
    assert (category.redeem, category.earn, category.discount) == ("no", False, False)
    assert (category.ru, category.en, category.excise) == ("Имя", "Name", BUILT_IN[id].excise)


@pytest.mark.parametrize("key", OPEN_KEYS)
@pytest.mark.parametrize("id", CLOSED_BY_LAW)
def test_r29_opening_tobacco_or_nicotine_is_an_error(id: str, key: str) -> None:
    lines = [line for line in PEREKRESTOK.splitlines() if not line.startswith(f"{id} = {{")]
    at = lines.index(next(line for line in lines if line.startswith("[categories]")))
    lines.insert(at + 1, f"{id} = {{ {key} }}")
    with pytest.raises(ProgrammeError) as caught:
        read_source("\n".join(lines))
    assert caught.value.key == f"categories.{id}.{key.split()[0]}"
    assert caught.value.problem == f"opens {id}"
    assert "the law forbids" in caught.value.remedy
    assert read_source("\n".join(lines), past=True).id == "perekrestok", "what was in force is still read"


@pytest.mark.parametrize("key", OPEN_KEYS)
def test_r29_opening_another_of_them_is_allowed_and_warned_of(key: str) -> None:
    programme = read_source(changed(LOTTERY, f"lottery = {{ {key} }}\n"))
    ((_, warning),) = warnings_of(programme)
    assert warning.startswith(f"categories.lottery is open ({key.split()[0]})")


def test_r31_a_file_may_open_unknown_goods() -> None:
    unknown = read_source(changed('redeem = "no", earn = true, discount = false', 'redeem = "yes"')).category("unknown")
    assert (unknown.redeem, unknown.earn, unknown.discount) == ("yes", True, False)


def test_a_category_of_a_shops_own_needs_its_names_and_may_be_excise_goods() -> None:
    beer = read_source(changed(TOBACCO, 'beer = { ru = "Пиво", en = "Beer", excise = true }\n')).category("beer")
    assert (beer.redeem, beer.earn, beer.discount, beer.excise) == ("yes", True, True, True)
    with pytest.raises(ProgrammeError, match=r"categories.beer.ru: is missing"):
        read_source(changed(TOBACCO, "beer = { excise = true }\n"))


# alcohol


def offer(kind: str, *categories: str) -> Offer:
    return Offer(id="drinks", ru="", en="", kind=kind, categories=categories)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["extra_points", "multiplier"])
@pytest.mark.parametrize("where", ["promotions", "coupons"])
@pytest.mark.parametrize("category", ["alcohol_strong", "sparkling_wine"])
def test_points_for_alcohol_are_warned_of(kind: str, where: str, category: str) -> None:
    programme = replace(load_programme("perekrestok"), **{where: (offer(kind, "dairy", category),)})  # type: ignore[arg-type]
    ((_, warning),) = warnings_of(programme)
    assert warning.startswith(f"drinks: points for {category}:")


def told(programme: Programme) -> list[str]:
    """The English lines, and that the Russian ones are another language."""
    assert all(re.search("[а-я]", warned.ru) and not re.search("[а-я]", warned.en) for warned in warnings_of(programme))
    return [warned.en for warned in warnings_of(programme)]


@pytest.mark.parametrize("kind", ["percent_off", "amount_off", "gift"])
def test_a_discount_that_names_alcohol_is_warned_of_and_points_for_tea_are_not(kind: str) -> None:
    programme = replace(load_programme("alenka"), coupons=(offer(kind, "tea", "alcohol_strong"),))
    assert [line.split(":")[1] for line in told(programme)] == [" a discount for alcohol_strong"]
    assert told(replace(programme, coupons=(offer("extra_points", "tea"), offer("percent_off", "tea")))) == []


@pytest.mark.parametrize(
    ("kind", "categories", "useless"),
    [
        ("extra_points", ("tobacco", "lottery"), True),
        ("extra_points", ("tobacco", "tea"), False),
        ("extra_points", ("unknown",), False),
        ("percent_off", ("unknown", "tobacco"), True),
        ("amount_off", ("deposit", "tea"), False),
        ("gift", ("alcohol_strong", "tobacco"), True),  # a drink is never given
        ("gift", (), False),
    ],
)
def test_r29_an_offer_of_closed_goods_alone_is_of_no_use(kind: str, categories: tuple[str, ...], useless: bool) -> None:
    lines = told(replace(load_programme("alenka"), coupons=(offer(kind, *categories),)))
    assert any("never gives anything" in line for line in lines) == useless


@pytest.mark.parametrize(
    ("more", "opened"),
    [
        ({"discount": True}, True),
        ({"redeem": "yes"}, True),
        ({"redeem": "above_min_price"}, True),
        ({"earn": False}, False),
    ],
)
def test_r31_opened_unknown_goods_are_warned_of(more: dict[str, Any], opened: bool) -> None:
    programme = load_programme("alenka")
    unknown = replace(programme.categories["unknown"], **more)
    lines = told(replace(programme, categories={**programme.categories, "unknown": unknown}))
    assert [line.startswith("categories.unknown is open") for line in lines][:1] == ([True] if opened else [])


def test_r29_tobacco_that_is_no_excise_goods_is_warned_of() -> None:
    lines = told(read_source(changed(TOBACCO, "tobacco = { excise = false }\n")))
    assert [line.partition(",")[0] for line in lines] == ["categories.tobacco: excise = false"]


@pytest.mark.parametrize(
    ("id", "ru", "keys", "sounds"),
    [
        ("cigarettes", "Пачки", "", "tobacco"),
        ("kiosk", "Табачный киоск", "", "tobacco"),
        ("vape", "Жидкости", "", "nicotine"),
        ("cards", "Подарочные карты", "", "gift_certificate"),
        ("tickets", "Лотерея столото", "", "lottery"),
        ("cigarettes", "Пачки", ', redeem = "no", discount = false', None),
        ("beer", "Пиво", "", "alcohol"),
        ("hot", "Водка", ', redeem = "no"', "alcohol"),
        ("beer", "Пиво", ", excise = true", None),
        ("hot", "Водка", ', redeem = "above_min_price"', None),
        ("news", "Новинки, винегрет, хром", "", None),
        ("evaporated", "Сгущёнка", "", None),
    ],
)
def test_r29_a_category_that_is_called_like_a_closed_one_and_is_open(
    id: str, ru: str, keys: str, sounds: str | None
) -> None:
    lines = told(read_source(changed(TOBACCO, f'{id} = {{ ru = "{ru}", en = "{id}"{keys} }}\n')))
    assert [line.split(" and ")[0] for line in lines] == (
        [f"categories.{id} is called like {sounds}"] if sounds else []
    )


def test_beer_that_is_excise_goods_is_alcohol_too() -> None:
    text = changed(TOBACCO, 'beer = { ru = "Пиво", en = "Beer", excise = true }\n')
    programme = replace(read_source(text), coupons=(offer("extra_points", "beer"),))
    assert [warning.split(":")[1] for _, warning in warnings_of(programme)] == [" points for beer"]


def test_stickers_and_favourites_of_alcohol_are_warned_of() -> None:
    text = changed('categories = ["household"]', 'categories = ["household", "sparkling_wine"]')
    assert [warning.split(":")[:2] for _, warning in warnings_of(read_source(text))] == [
        ["knife", " stickers for sparkling_wine"]
    ]
    text = changed('"snacks", "household"]   # not alcohol', '"snacks", "alcohol_strong"]')
    ((_, warning),) = warnings_of(read_source(text))
    assert warning.startswith("favourite.categories lets alcohol_strong be a favourite")
    anything = "\n".join(line for line in PEREKRESTOK.splitlines() if "# not alcohol" not in line)
    ((_, warning),) = warnings_of(read_source(anything))
    assert "alcohol_strong, sparkling_wine" in warning


def test_a_coupon_that_is_clipped_again_and_again_is_warned_of() -> None:
    ((_, warning),) = warnings_of(read_source(changed("per_member = 1, clip_days = 14", "clip_days = 14")))
    assert warning.startswith("minus-100: a member clips another one as soon as one is used")


def test_a_favourite_must_be_a_category() -> None:
    with pytest.raises(ProgrammeError, match=r"favourite.categories: 'moon' is no category"):
        read_source(changed('"snacks", "household"]   # not alcohol', '"moon"]'))


# R16


def scheme(text: str) -> str:
    return changed('schemes = [{ kind = "ean13", prefix = "2700" }]', f"schemes = [{text}]")


def no_goods(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("goods = "))


def test_r16_cards_among_the_scales_labels_are_warned_of_unless_the_labels_are_named() -> None:
    ((_, warning),) = warnings_of(read_source(no_goods(PEREKRESTOK)))
    assert warning.startswith("cards.schemes: 2700 lies in 20 to 29")
    for other in ('{ kind = "ean13", prefix = "9900" }', '{ kind = "luhn", prefix = "27", length = 16 }'):
        assert warnings_of(read_source(no_goods(scheme(other)))) == ()


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ('{ kind = "ean13", prefix = "460" }', "barcodes of ordinary goods begin with 460"),
        ('{ kind = "ean13", prefix = "0" }', "barcodes of ordinary goods begin with 0"),
        ('{ kind = "ean13", prefix = "2" }', "2 takes a whole range of 20 to 29"),
        ('{ kind = "ean13", prefix = "29" }', "29 takes a whole range of 20 to 29"),
        ('{ kind = "plain", prefix = "77", length = 10 }', "numbers of 77… have no check digit"),
    ],
)
def test_r16_schemes_that_goods_and_mistakes_would_fit_are_warned_of(text: str, warning: str) -> None:
    (line,) = told(read_source(scheme(text)))
    assert line.startswith(f"cards.schemes: {warning}")


@pytest.mark.parametrize(
    ("prefixes", "key", "problem"),
    [
        ('"27"', "cards.schemes[0].prefix", "lies inside 27 of scans.goods"),
        ('"2700"', "cards.schemes[0].prefix", "lies inside 2700 of scans.goods"),
        ('"20", "2"', "cards.schemes[0].prefix", "lies inside 2 of scans.goods"),
        ('""', "scans.goods", "'' is no beginning of a goods' number"),
        ('"2x"', "scans.goods", "'2x' is no beginning of a goods' number"),
        ('"2000000000000"', "scans.goods", "'2000000000000' is no beginning of a goods' number"),
    ],
)
def test_r16_a_scheme_that_the_labels_hide_is_an_error(prefixes: str, key: str, problem: str) -> None:
    text = changed('goods = ["20", "21", "22", "23", "24", "25"]', f"goods = [{prefixes}]")
    with pytest.raises(ProgrammeError) as caught:
        read_source(text)
    assert (caught.value.key, caught.value.problem) == (key, problem)


def test_r16_labels_within_a_scheme_and_schemes_of_another_length_are_allowed() -> None:
    inside = changed('"24", "25"]', '"27001"]')
    assert read_source(inside).scans.goods[-1] == "27001"
    long = scheme('{ kind = "luhn", prefix = "2500", length = 16 }')
    assert read_source(long).cards.schemes[0].prefix == "2500"


def test_a_file_on_disk_is_checked_as_its_text_is(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(changed(TOBACCO, "tobacco = { earn = true }\n"), encoding="utf-8")
    with pytest.raises(ProgrammeError, match=r"categories.tobacco.earn: opens tobacco"):
        load_programme(path)
