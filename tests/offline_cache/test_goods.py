"""Goods in the till's file: what a line is found as, and that the file says what a goods file of the same rows says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.goods import Goods, Item
from loyalty.goods_snapshot import GoodsSnapshot
from loyalty.spellings import article_keys
from offline_cache.cache import Cache
from offline_cache.goods import FORGOTTEN_AT_ONCE, FOUND_KEPT_MAX, HubGoods
from storage.sqlite_file import FileError

TEA, VODKA = "4600000000015", "4600000000022"


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    cache = Cache(tmp_path / "till.db", "t1")
    yield cache
    cache.close()


@pytest.fixture
def goods(cache: Cache) -> HubGoods:
    return cache.goods


def of(article: str, category: str = "tea", **more: object) -> GoodsSnapshot:
    return GoodsSnapshot(article=article, category=category, **more)  # type: ignore[arg-type]


def keep(goods: HubGoods, *some: GoodsSnapshot, gone: Sequence[str] = (), cursor: str = "1", scope: str = "s") -> None:
    goods.keep(some, gone, cursor=cursor, scope=scope)


def found(goods: HubGoods, article: str | None = None, barcode: str | None = None) -> list[str | None]:
    return [item.category for item in goods.find(article, barcode)]


def test_a_till_that_was_told_of_none_knows_none(goods: HubGoods) -> None:
    assert found(goods, "1", TEA) == [] and goods.feed() == ("", "")


def test_goods_are_found_by_article_barcode_and_its_beginning(goods: HubGoods) -> None:
    keep(
        goods, of("0012", barcodes=(TEA,)), of("veg", "vegetables", beginnings=("22",)), of("x", "x", beginnings=("2",))
    )
    for article in ("0012", "12", " 0012 ", "012"):
        assert found(goods, article) == ["tea"]
    assert found(goods, barcode=TEA) == ["tea"] and found(goods, barcode=f"0{TEA}") == ["tea"]
    assert found(goods, barcode="2212345000008") == ["vegetables"], "the longest beginning"
    assert found(goods, barcode="2112345000001") == ["x"] and found(goods, barcode="4" * 13) == []
    assert found(goods) == [] and found(goods, "", "") == []


def test_what_article_and_barcode_say_otherwise_is_all_told(goods: HubGoods) -> None:
    keep(goods, of("1", barcodes=(TEA,)), of("2", "tobacco", barcodes=(TEA, VODKA)))
    assert found(goods, "1", VODKA) == ["tea", "tobacco"]
    assert sorted(map(str, found(goods, None, TEA))) == ["tea", "tobacco"], "one barcode of two articles"


def test_an_article_that_is_there_goes_before_one_that_is_so_but_for_zeros(goods: HubGoods) -> None:
    keep(goods, of("12"), of("0012", "tobacco"))
    assert found(goods, "12") == ["tea"] and found(goods, "0012") == ["tobacco", "tea"]
    assert found(goods, "00012") == ["tea"]


def test_what_changes_is_known_from_the_next_look_on(goods: HubGoods) -> None:
    keep(goods, of("1", barcodes=(TEA,)))
    assert found(goods, "1", TEA) == ["tea"]
    keep(goods, of("1", "tobacco", barcodes=(VODKA,)), cursor="2")
    assert (found(goods, "1"), found(goods, None, TEA), found(goods, None, VODKA)) == (["tobacco"], [], ["tobacco"])
    keep(goods, gone=["1"], cursor="3")
    assert found(goods, "1") == [] and goods.count() == 0


def test_what_a_feed_from_its_beginning_did_not_tell_is_forgotten(goods: HubGoods) -> None:
    many = [of(f"a{n}") for n in range(2 * FORGOTTEN_AT_ONCE + 1)]
    keep(goods, *many)
    assert not goods.forget_some() and goods.count() == len(many)
    keep(goods, of("a0"), cursor="5", scope="another")
    assert found(goods, "a1") == ["tea"], "until the feed is read to its end"
    rounds = 0
    while goods.forget_some():
        rounds += 1
    assert rounds == 2 and [one.article for one in goods.all()] == ["a0"]
    goods.begin_anew()
    assert goods.feed() == ("", "another")
    keep(goods, of("a9"), cursor="1", scope="another")
    while goods.forget_some():
        pass
    assert [one.article for one in goods.all()] == ["a9"]


def test_a_page_that_brings_nothing_writes_nothing(cache: Cache) -> None:
    keep(cache.goods, cursor="", scope="s")
    before = cache.file.changes
    keep(cache.goods, cursor="", scope="s")
    keep(cache.goods, cursor="", scope="s")
    assert cache.file.changes == before


def test_no_sale_waits_for_a_file_that_cannot_be_read(cache: Cache) -> None:
    keep(cache.goods, of("1"), of("2"))
    assert found(cache.goods, "1") == ["tea"]
    cache.close()
    with pytest.raises(FileError):
        cache.goods.goods_of("1", None)
    assert found(cache.goods, "2") == [] and found(cache.goods, "1") == ["tea"], "what was looked up is known"


def test_as_many_are_remembered_as_have_room(goods: HubGoods) -> None:
    keep(goods, of("1"))
    for number in range(2 * FOUND_KEPT_MAX):
        goods.find(str(number), None)
    assert found(goods, "1") == ["tea"]


ARTICLES = st.sampled_from(["1", "01", "001", "2", "02", "a", "a1"])
BARCODES = st.sampled_from([TEA, VODKA, "0036000291452", "2212345000008", "2112345000001", "22000018"])
BEGINNINGS = st.sampled_from(["2", "22", "221", "46", "4600000000015", "036"])


@given(
    st.dictionaries(ARTICLES, st.tuples(st.sets(BARCODES), st.sets(BEGINNINGS)), max_size=5),
    ARTICLES | st.none(),
    BARCODES | st.none(),
)
@settings(max_examples=150, deadline=None)
def test_the_file_finds_what_a_goods_file_of_the_same_rows_finds(
    tmp_path_factory: pytest.TempPathFactory,
    rows: dict[str, tuple[set[str], set[str]]],
    article: str | None,
    barcode: str | None,
) -> None:
    """And no less of it: where a goods file would be refused for two rows of one barcode, both are told."""
    cache = Cache(tmp_path_factory.mktemp("till") / "till.db", "t1")
    some = [
        of(key, f"c{key}", barcodes=tuple(codes), beginnings=tuple(starts)) for key, (codes, starts) in rows.items()
    ]
    keep(cache.goods, *some)
    items = {one.article: Item(category=one.category) for one in some}
    bare = {article_keys(key)[-1]: item for key, item in items.items()}
    file = Goods(
        articles=bare | items,
        barcodes={code: items[one.article] for one in some for code in one.barcodes},
        prefixes={code: items[one.article] for one in some for code in one.beginnings},
    )
    here, there = set(cache.goods.find(article, barcode)), set(file.find(article, barcode))
    cache.close()
    assert here >= there
    unique = [code for one in some for code in (*one.barcodes, *one.beginnings, article_keys(one.article)[-1])]
    if len(set(unique)) == len(unique):
        assert here == there
