"""Goods at the hub: how an import changes them, what a store's tills are told, over the face too; and the commands."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from hub.cli import cli
from hub.commands.goods import GOODS_AT_ONCE
from hub.face.tills import hub_app
from hub.goods import PARTITION, PRICES_MAX, NewGoods, Price, Took, body_of, take, told, withdraw
from hub.goods_feed import tell_goods
from hub.store.errors import BadCursor
from hub.store.office_records import GoodsRow, StoreRow
from hub.store.records import ChangeRow
from hub.store.rows import Rows
from hub.store.seam import Writer
from hub.stores import keep_store
from loyalty.goods_snapshot import PRICES_TOLD_MAX, GoodsSnapshot, PriceSince
from sync.protocol import BODY_BYTES_WANTED, BUSY, GoodsPage
from tests.hub.conftest import Office
from tests.one_port import Server
from tests.speaking import asking

TODAY = date(2026, 3, 2)
DAY = "2026-03-01"  # it is that day somewhere still


def new(article: str = "1", *prices: Price, **said: Any) -> NewGoods:
    return NewGoods(article, said, prices)


def takes(office: Office, *some: NewGoods, today: date = TODAY) -> Took:
    return office.hub.within(lambda writer: take(writer, some, today))


def kept(office: Office, article: str = "1") -> Any:
    with office.hub.store.reading() as reader:
        return body_of(reader.goods([article])[article])


def page(office: Office, after: str = "", limit: int = 1_000, store: str = "", scope: str = "") -> GoodsPage:
    return tell_goods(office.hub, after=after, limit=limit, store=store, scope=scope)


def prices(office: Office, store: str = "", article: str = "1") -> list[tuple[str, int | None]]:
    (one,) = [one for one in page(office, store=store).goods if one.article == article]
    return [(price.since, price.kopecks) for price in one.prices]


def _keep(row: StoreRow, writer: Writer) -> None:
    keep_store(writer, row)


def changes(office: Office) -> list[str]:
    with office.hub.store.reading() as reader:
        return [change.key for change in reader.changes(PARTITION, "", 1_000)]


# taking


def test_what_a_file_is_silent_of_stays(office: Office) -> None:
    assert takes(office, new(name="Чай", category="tea", barcodes=("4600000000015",))) == Took(new=1)
    assert takes(office, new(category="sweets")) == Took(changed=1)
    assert (kept(office).name, kept(office).category, kept(office).barcodes) == ("Чай", "sweets", ("4600000000015",))


def test_the_same_again_changes_nothing_and_is_told_to_nobody(office: Office) -> None:
    one = new("1", Price("", "2026-03-02", 500), name="Чай")
    assert takes(office, one, new("2")) == Took(new=2)
    assert takes(office, one, new("2")) == Took(same=2)
    later = new("1", Price("", "2026-03-09", 500), name="Чай")
    assert takes(office, later, today=date(2026, 3, 9)) == Took(same=1), "the price was so already"
    assert changes(office) == ["1", "2"]


def test_a_price_replaces_the_one_of_its_place_and_day(office: Office) -> None:
    takes(office, new("1", Price("", "2026-03-02", 500), Price("store:s1", "2026-03-02", 400)))
    takes(office, new("1", Price("", "2026-03-02", 600)))
    assert kept(office).prices == (Price("", "2026-03-02", 600), Price("store:s1", "2026-03-02", 400))


def test_prices_that_no_day_will_have_any_more_go(office: Office) -> None:
    old = (Price("", "2025-01-01", 1), Price("", "2026-01-01", 2), Price("store:s1", "2025-01-01", 3, "2026-02-28"))
    lasting = (Price("", "2026-03-09", 4), Price("store:s1", "2025-01-01", 5))
    takes(office, new("1", *old, lasting[0]))
    assert kept(office).prices == (old[1], lasting[0])
    takes(office, new("1", Price("store:s2", "2025-06-01", 6, "2026-03-01")))
    assert kept(office).prices == (old[1], lasting[0], Price("store:s2", "2025-06-01", 6, "2026-03-01"))


def test_an_article_has_room_for_so_many_prices(office: Office) -> None:
    many = [Price(f"store:s{n}", "2026-03-02", 100 + n) for n in range(PRICES_MAX)]
    assert takes(office, new("1", *many)) == Took(new=1)
    assert takes(office, new("1", Price("store:more", "2026-03-02", 1)), new("2")) == Took(new=1, crowded=("1",))
    assert len(kept(office).prices) == PRICES_MAX


def test_what_is_withdrawn_is_told_once_and_comes_back_as_it_was(office: Office) -> None:
    takes(office, new(name="Чай"))
    for count in (1, 0):
        assert office.hub.within(lambda writer: withdraw(writer, ["1", "9"])) == Took(withdrawn=count)
    assert (page(office).goods, page(office).gone) == ((), ("1",))
    assert takes(office, new()) == Took(changed=1)
    assert [one.name for one in page(office).goods] == ["Чай"] and page(office).gone == ()


# telling


def test_the_stores_price_goes_before_its_formats_and_that_before_the_chains(office: Office) -> None:
    for row in (StoreRow("s1", format="kiosk"), StoreRow("s2", format="kiosk"), StoreRow("s3")):
        office.hub.within(partial(_keep, row))
    chain, format, store = Price("", DAY, 300), Price("format:kiosk", DAY, 200), Price("store:s1", DAY, 100)
    takes(office, new("1", chain, format, store))
    wanted = {"s1": 100, "s2": 200, "s3": 300, "unknown": 300, "": 300}
    assert {name: prices(office, name) for name in wanted} == {name: [(DAY, one)] for name, one in wanted.items()}


def test_a_price_for_some_days_is_over_by_itself(office: Office) -> None:
    takes(
        office, new("1", Price("", DAY, 300), Price("", "2026-03-05", 200, "2026-03-07"), Price("", "2026-03-10", 400))
    )
    assert prices(office) == [(DAY, 300), ("2026-03-05", 200), ("2026-03-08", 300), ("2026-03-10", 400)]
    takes(office, new("2", Price("", "2026-03-05", 200, "2026-03-07")))
    assert prices(office, article="2") == [("2026-03-05", 200), ("2026-03-08", None)]


def test_as_many_prices_are_told_as_a_till_keeps(office: Office) -> None:
    takes(office, new("1", *(Price("", f"2026-04-{day:02}", day) for day in range(1, 30))))
    assert prices(office) == [(f"2026-04-{day:02}", day) for day in range(1, PRICES_TOLD_MAX + 1)]


def test_a_till_reads_on_where_it_was(office: Office) -> None:
    takes(office, *(new(f"a{n}") for n in range(7)))
    heard, after, scope, pages = list[str](), "", "", 0
    while True:
        told_now = page(office, after=after, scope=scope, limit=3)
        heard += [one.article for one in told_now.goods]
        after, scope, pages = told_now.cursor, told_now.scope, pages + 1
        if not told_now.more:
            break
    assert (heard, pages) == ([f"a{n}" for n in range(7)], 3)
    assert page(office, after=after, scope=scope) == GoodsPage(cursor=after, more=False, at=told_now.at, scope=scope)
    takes(office, new("a3", name="Чай"))
    assert [one.article for one in page(office, after=after, scope=scope).goods] == ["a3"]


def test_where_the_stores_format_is_another_its_tills_begin_anew(office: Office) -> None:
    takes(office, new("1", Price("", DAY, 300), Price("format:kiosk", DAY, 200)))
    first = page(office, store="s1")
    office.hub.within(lambda writer: keep_store(writer, StoreRow("s1", format="kiosk")))
    again = page(office, store="s1", after=first.cursor, scope=first.scope)
    assert again.scope != first.scope and [one.prices[0].kopecks for one in again.goods] == [200]


def test_a_page_ends_when_it_is_long_enough(office: Office) -> None:
    some = [new(f"a{n}", name="ч" * 300, barcodes=tuple(f"{n:04}{m:040}" for m in range(90))) for n in range(200)]
    takes(office, *some)
    first = page(office)
    assert first.more and BODY_BYTES_WANTED < len(msgspec.json.encode(first)) < BODY_BYTES_WANTED + 10_000


def test_one_bad_row_stops_nobody(office: Office) -> None:
    takes(office, new("1"), new("3"))
    bad = {"2": "{", "4": '{"category":5}', "5": '{"name":"\\u0000"}', "6": '{"prices":[["","never",5]]}'}
    rows = Rows(
        goods=[GoodsRow(article, text) for article, text in bad.items()],
        changes=[ChangeRow(PARTITION, "goods", article) for article in (*bad, "nowhere")],
    )
    office.hub.within(lambda writer: writer.write(rows))
    takes(office, new("7"))
    assert [one.article for one in page(office).goods] == ["1", "3", "7"]


def test_a_row_that_cannot_be_read_is_mended_by_the_next_import(office: Office) -> None:
    bad = Rows(goods=[GoodsRow("1", "{"), GoodsRow("2", "[]")])
    office.hub.within(lambda writer: writer.write(bad))
    assert run(office, "list").output.splitlines() == ["1  of no category", "2  of no category"]
    assert takes(office, new("1", name="Чай")) == Took(changed=1)
    assert [one.name for one in page(office).goods] == ["Чай"]


def test_an_import_that_is_stopped_goes_on_with_the_same_command(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "goods.csv"
    path.write_text("article\tname\n" + "\n".join(f"{n}\tx" for n in range(3 * GOODS_AT_ONCE)), encoding="utf-16")
    with monkeypatch.context() as stopped:
        turns = iter([0, 0, 1])

        def interrupted(*of: Any) -> Took:
            if next(turns):
                raise KeyboardInterrupt
            return take(*of)

        stopped.setattr("hub.commands.goods.take", interrupted)
        done = run(office, "import", str(path))
    assert done.exit_code == 1 and f"stopped after {2 * GOODS_AT_ONCE} of {3 * GOODS_AT_ONCE} goods" in done.output
    again = run(office, "import", str(path)).output
    assert f"{GOODS_AT_ONCE} new, 0 changed, {2 * GOODS_AT_ONCE} as they were" in again


def test_a_cursor_of_nobody_is_refused(office: Office) -> None:
    scope = page(office).scope
    with pytest.raises(BadCursor):
        page(office, after="moon", scope=scope)


def test_the_face_tells_goods_and_bounds_what_is_asked(office: Office, url: str) -> None:
    takes(office, new("1", Price("", DAY, 300), name="Чай", kind="vodka", strength_bp=4_000, volume_ml=500))
    answer = asking.get(f"{url}/v3/goods", params={"limit": "5", "store": "s1"}).json()
    assert answer["goods"] == [
        {"article": "1", "name": "Чай", "kind": "vodka", "strength_bp": 4000, "volume_ml": 500, "prices": [[DAY, 300]]}
    ]
    for params in ({"limit": "1001"}, {"limit": "-1"}, {"store": "a\nb"}, {"scope": "s" * 301}):
        refused = asking.get(f"{url}/v3/goods", params=params)
        assert (refused.status_code, refused.json()["code"]) == (400, "bad_request"), params
    bad = {"after": "moon", "scope": answer["scope"], "store": "s1"}
    assert asking.get(f"{url}/v3/goods", params=bad).json()["code"] == "bad_cursor"


def test_goods_have_room_where_pages_have(office: Office, server: Server) -> None:
    server.app = hub_app(office.hub, pages_max=0)
    asking.there(server.url, lambda: office.hub)
    refused = asking.get(f"{server.url}/v3/goods")
    assert (refused.status_code, refused.json()["code"]) == (503, BUSY)


def test_what_is_told_is_what_a_till_looks_up() -> None:
    row = GoodsRow("0012", '{"barcodes":["4600000000015"],"beginnings":["22"],"prices":[["","2026-03-01",5]]}')
    snapshot = told(row, "s1", "", TODAY)
    assert snapshot == GoodsSnapshot(
        article="0012", barcodes=("4600000000015",), beginnings=("22",), prices=(PriceSince("2026-03-02", 5),)
    )
    assert snapshot.codes() == ("a0012", "a12", "b4600000000015", "p22")


# the commands

FILE = """Артикул;Наименование;Группа;Цена
1;Чай;Чай и кофе;100,00
2;Крупа;Хозтовары;50,00
3;Сигареты;Табак;x
"""


def run(office: Office, *words: str) -> Any:
    return CliRunner().invoke(cli, ["goods", *words, "--db", str(office.path)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "goods.csv"
    path.write_text(FILE, encoding="cp1251")
    return path


def test_a_file_with_a_bad_row_is_told_and_nothing_of_it_is_taken(office: Office, file: Path) -> None:
    done = run(office, "import", str(file))
    assert done.exit_code == 1 and "Windows-1251, semicolons" in done.output
    assert "line 3: category 'Хозтовары'" in done.output and "line 4: price 'x'" in done.output
    assert run(office, "list").output == "There are none.\n"


def test_the_good_rows_are_taken_and_the_others_put_aside(office: Office, file: Path, tmp_path: Path) -> None:
    aside = tmp_path / "aside.csv"
    done = run(office, "import", str(file), "--skip-bad", str(aside), "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output.splitlines()[-2 if "Rows left" in done.output.splitlines()[-1] else -1]) == {
        "rows": 3,
        "new": 1,
        "changed": 0,
        "same": 0,
        "withdrawn": 0,
        "left_out": 2,
        "shared_barcodes": 0,
    }
    lines = aside.read_text(encoding="cp1251").splitlines()
    assert lines[0].endswith(";reason") and lines[2].startswith("3;Сигареты;Табак;x;\"price 'x'")
    mended = tmp_path / "mended.csv"
    mended.write_text("\n".join(lines).replace(";x;", ";189;"), encoding="cp1251")
    again = run(office, "import", str(mended), "--category", "Хозтовары=")
    assert again.exit_code == 0 and "2 new" in again.output, "the reason is nobody's column"


def test_what_was_said_of_headings_and_categories_is_remembered(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("Мой код,Отдел\n1,Хозтовары\n", encoding="utf-8")
    assert run(office, "import", str(path)).exit_code == 1
    said = ("--map", "Мой код=article", "--map", "Отдел=category", "--category", "Хозтовары=tea")
    assert run(office, "import", str(path), *said).exit_code == 0
    path.write_text("Мой код,Отдел\n2,Хозтовары\n", encoding="utf-8")
    assert run(office, "import", str(path)).exit_code == 0
    assert "2  tea" in run(office, "list").output
    assert "No programme has the category moon" in run(office, "import", str(path), "--category", "x=moon").output


def test_goods_are_listed_shown_and_withdrawn(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "goods.csv"
    path.write_text(
        "article,barcode,name,kind,strength,volume,price\n1,4600000000015,Водка,vodka,40,0.5,449\n2,,Чай,,,,\n"
    )
    assert run(office, "import", str(path)).exit_code == 0
    assert len(run(office, "list").output.splitlines()) == 2
    assert [json.loads(line)["article"] for line in run(office, "list", "чай", "--json").output.splitlines()] == ["2"]
    assert run(office, "list", "4600000000015").output.startswith("1  Водка")
    shown = run(office, "show", "1", "--store", "s1").output
    today = datetime.now(UTC).date().isoformat()
    assert f"strength: 40 %\n  volume: 500 ml\n  price, chain, from {today}: 449.00\n" in shown
    assert f"in s1 from {today}: 449.00" in shown
    assert json.loads(run(office, "show", "1", "--json").output)["kind"] == "vodka"
    assert "There are no goods with article '9'" in run(office, "show", "9").output
    path.write_text("article,name\n1,Водка\n")
    assert "1 withdrawn" in run(office, "import", str(path), "--withdraw-others").output
    assert run(office, "list", "--withdrawn").output.startswith("2  Чай")
    assert "withdrawn" in run(office, "show", "2").output


def test_a_file_is_not_written_over_by_what_is_put_aside(office: Office, file: Path) -> None:
    assert "is the file that is imported" in run(office, "import", str(file), "--skip-bad", str(file)).output
    assert file.read_text(encoding="cp1251") == FILE
